"""Named places and offices in a sentence: what stands before 镇, 县, 局 or 公司, unless it is a common noun."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["find_names", "find_offices", "word_lists"]

_HAN = "\u4e00-\u9fff"


@cache
def word_lists() -> dict[str, Any]:
    """Read ``burdenlab/metrics/specifics.toml``."""
    return tomllib.loads((files("burdenlab.metrics") / "specifics.toml").read_text("utf-8"))


_SUFFIX = (
    r"自治[区州县旗]|特别行政区|开发区|景区|社区|街道|苏木|[大]?街(?![道区])|路(?![径线上边面子口段况])|组团|水库|经济带|大湾区|流域|广场|公园|度假城|"
    r"产业园|[省市县区旗镇乡村河湖]"
)
_PLACE = re.compile(
    rf"([{_HAN}]{{1,14}}?)({_SUFFIX})(?![长级里内间直民委派政情域容貌场化品外中线运省市县区镇乡村街社结均下]|道(?!办))"
)
# Up to here the characters before a suffix are no part of its name.
_CUT = re.compile(
    r".*(?:[的了在是与及对把将从向到由为被让使给以按经于该各全我每某这那些至共含即却还仍又再也并且就只须凡所来其此因使且据属赴里等和内]"
    r"|抽[查看]|召开|要求|组织|印发|部署|指导|督促|协调|会同|负责|牵头|包括|例如|安排|走访|来自|位于|支持|推进|建设|打造|推动|实施|加快|促进|举办|通报|部分|多数|少数|其中|完成|继续|新建|改造|完善|"
    r"提升|年度|期间|今年|去年|日前|近日|以及|选择|选取|选作|派驻|下放|赋予|周边|结合|围绕|依托|面向|针对|按照|根据|参加|覆盖|涉及|确保|承接|争取|申报|提出|发出|收到|启动|建立|成立|创建|"
    r"发展|加强|强化|深化|全面|成功|引入|引进|坐落|地处|希望|明确|抓好|创(?![意新业])|如|本|已有|借调|抽调|名义|名|有|同|连|过|请|提高|增加|优化|利用|壮大|培育|构建|整顿|坚持|秉持|配合|解决|制定|彰显|改变|下沉|借用|赋权|调整|鼓励|指定|压缩|查找|开展|落实|严格|规范|加大|调动|自觉|接受|获得|进入|面|"
    r"积极|大力|主动|稳步|充分|科学|着力|做实|关停|整合|严控|设立|培养|用好|编制|多个|逼得|图|入驻|配备|收缴|保障|服务|惠及|帮扶|关心|引导|动员|教育|组建|做好|作好|抓|塑造|极)"
)
_LONG = ("经济带", "大湾区", "流域", "度假城", "产业园", "景区", "开发区", "公园", "广场")

# Offices: a level or a named place before it (省水利厅), or a field that only an office has (财政局).
_FIELDS = word_lists()["offices"]["fields"]
_OFFICE_END = (
    r"委员会|办公室|办公厅|编办|总局|委(?![员托派屈书任会])|(?<![布格大结全开])局(?![面限部势])|厅|审计署|总署|办(?![理法公事好学了结案])|院(?![校长])|(?:服务|事务|指挥|急救|监测|管理|评估|养护|调度|研究)中心(?![城区任])|集团|公司|"
    r"协会|联合会|总会|工会|妇联|支队|大队|部(?![门分署队长级])"
)
_INSIDE = rf"(?:(?![的了在是对把将从向到由各等]|部门|单位|领导|政府|干部|党委|直属|为(?!基层))[{_HAN}])"
_OFFICE = re.compile(
    rf"(?<![各全我每本个该城上股都地社园景小山辖片校厂新老灾库特农])(?:(?:[省市旗镇乡]|县(?!域)|州(?!市)|区(?![域别分块间]))(?:委(?![书员常副领和会]))?|国家(?!级)|中央|街道)(?:{_INSIDE}{{2,20}}?|编|妇|总工|残)(?:{_OFFICE_END})(?:办公室)?"
    rf"|(?:{_FIELDS})(?:局|厅|委(?![员托派屈书任])|办(?:公室)?(?![理法公事好学了结案])|所(?![有在以属谓需])|部(?![门分署队长级]))"
    rf"|(?:(?![为个家该全我本某和与及有])[{_HAN}]){{2,12}}?(?:有限公司|公司|集团(?![化式]))"
)
_COMMON_OFFICE = re.compile(
    r"[^省市县区州镇].*?(?:有关|相关|国有|民营|上市|下属|保险|物业|龙头|大型|企业|分|子|控股|投资|专业|服务|平台|等)(?:公司|集团)|.*领导(?:小组)?办公室|市中心|.*(?:政治|服务|活动)中心|国家.*(?:部|中心|院)"
    r"|[省市县区州镇乡](?:级|直|域|里|乡|镇|村|城|区|县|场).*部|.*[社山城地小园景辖]区.*部"
)


def find_names(text: str, names: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Find named places and offices of a sentence, from left to right; neighbours are one (韶关市武江区, 省水利厅).

    What is something else already stands blanked in `text`; `names` are those without a suffix, such as 京津冀 and 国务院.

    Examples
    --------
    >>> text = "县司法局和银杏坝镇，还有各乡镇、有关部门、县政府。"
    >>> [text[start:end] for start, end in find_names(text, re.compile("国务院"))]
    ['县司法局', '银杏坝镇']
    """
    merged: list[tuple[int, int]] = []
    for start, end in sorted([*find_offices(text), *_places(text), *(m.span() for m in names.finditer(text))]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return iter(merged)


def find_offices(text: str) -> Iterator[tuple[int, int]]:
    """Find named offices and firms, from left to right.

    Examples
    --------
    >>> [end - start for start, end in find_offices("由县委编办牵头，各乡镇落实。")]
    [4]
    """
    for found in _OFFICE.finditer(text):
        start, end = found.span()
        if text[end - 2 : end] in ("公司", "集团") and (cut := _CUT.match(found.group()[:-2])):
            start += cut.end()
        if end - start > 3 and not _COMMON_OFFICE.fullmatch(text[start:end]):
            yield start, end


def _places(text: str) -> Iterator[tuple[int, int]]:
    commons = word_lists()["common_places"]
    for found in _PLACE.finditer(text):
        suffix = found[2]
        cut = _CUT.match(found[1])
        start = found.start() + (cut.end() if cut else 0)
        name = text[start : found.end(1)]
        longest = 12 if suffix in _LONG else 4
        shortest = 1 if suffix == "大街" else 2
        if not shortest <= len(name) <= longest or (suffix == "自治区" and name[-1] not in "古族尔藏"):
            continue
        common = commons.get(suffix) or commons.get(suffix[-1], "")
        if not common or not re.search(rf"(?:{common})$", name):
            yield start, found.end()
