"""Named places and offices in a sentence: what stands before 镇, 县, 局 or 公司, unless it is a common noun."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["find_names", "find_offices"]

_HAN = "\u4e00-\u9fff"

# Suffix of a place -> what makes a common noun of it when it stands before the suffix (乡镇, 贫困村, 山区).
_ENDS_IN = {
    "省": "节|反|自|发达|兄弟|产粮|大|强|外|跨|东部|西部|中部|边疆|出",
    "市": "城|上|股|超|门|夜|都|辖|级|菜|楼|入|开|集|早|花|中心|大|县|区|兄弟|试点|文明|卫生|省|面|牛|车|明|国家|园林|生态",
    "县": "区|市|郡|个|撤|帽|均衡|生态|贫困|脱贫|重点|产粮|大|强|示范|试点|先进|旗|兄弟|农业|边境|人口|辖|乡|革命|帮扶|省",
    "旗": "红|国|党|锦|军|校|升|战|大|义|彩",
    "镇": "乡|城|村|个|驻|农业|小|重点|强|建制|特色|中心|集|市|古|名|示范|老|弱|全|街|大|点|和",
    "乡": "城|个|数字|文明|水|家|故|老|下|返|回|入|离|思|山|侨|网|他|异|贫困|薄弱|创业|美|鱼米|县|爱|强|民族|之",
    "村": "乡|个|围|兴|特色|台账比|农|行政|自然|困|脱贫|驻|进|入|下|回|离|到|出|帮|包|联|整|建|治|美丽|示范|先进|落后|空心|薄弱|集体|山|城中|镇|强|富|穷|弱|点|后进|涣散|联系|老|空壳|传统|文明|"
    "邻|沿线|和|对|数字|智慧|民宿|债|户|部分|部门|单位|干部|上|外|新|库区|移民|偏远|管|有的",
    "街道": "主要|亮点|乡镇|社区|县|镇|乡|上级|部门|每|派到",
    "社区": "居家|健康|新型|产业|商务|多样|村|居|街道|乡镇|镇|农村|城市|智慧|老旧|示范|国际|和谐|完整|学习型|平安|互助|个|集|任务多|发生在|基层|直管|牵头|抽查|转回|把|让|派|召集|对|向|由|到",
    "区": "个|步|产|销|密集|协作|先导|保税|文化|强|治|级别|运|地|山|社|城|小|园|景|辖|片|校|厂|牧|林|灾|库|老|特|新|市|郊|发|范|保护|功能|聚集|集聚|自治|试验|营业|生活|居民|街|县|湾|沙|矿|雷|专|盲|误|禁|疫|河|海|雨|高新|经开|先行|"
    "战|军|工业|限|分|主体|产业|物流|仓储|住宅|棚户|行政|合作|核心|引领|改革|贸易|封控|管控|防范|服务|湿地|考|农|商务|中心|自贸|一",
    "街": "条|大|老|步行|小|上|夜市|商业|美食|沿|后|逛|临",
    "路": "耕|跑|条|快速|外环|道|公|铁|思|出|一|马|网|线|电|半|丝绸之|新|老|走|修|筑|沿|乡|赶|高速|回|领|带|上|问|弯|通|村|养|护|大|小|迷|引",
    "河": "要|大|小|两|治|清|江|运|内|银|母亲|护|臭|巡|山|冰|过|先|外|界|爱|沿|入",
    "湖": "要|江|巡|治|护|清|环|人工",
    "园": "公|校|家|田|果|茶|菜|花|乐|幼儿|陵|产业|农业|科技|工业|物流|创业|园林|庄|校|入|示范|孵化|植物|动物",
    "景区": "旅游|个|等|级|重点|国家|在|家|智慧|文化",
    "开发区": "经济|技术|国家级|省级|产业|高新",
}
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
_FIELDS = (
    "财政|民政|司法|公安|教育|水利|水务|税务|审计|统计|林业|农业|气象|商务|体育|文旅|住建|规划|城管|环保|信访|医保|数据|应急|人社|卫健|发改|工信|科技|交通|交通运输|自然资源|生态环境|农业农村|"
    "城乡建设|住房和?城乡建设|市场监管|市场监督管理|应急管理|人力资源和?社会保障|卫生健康|医疗保障|退役军人事务|乡村振兴|行政审批|政务服务|综合执法|城市管理|文化和旅游|文化广电旅游体育|"
    "机关事务|组织|宣传|统战|政法|编制|政务|行政审批服务|大数据|民族宗教|国资|金融|网信|党政|规划建设|综治|经济发展|社会事务|公共服务|平安建设|社会治理|纪检监察"
)
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
    """Find named places and offices, from left to right; neighbours are one (韶关市武江区, 省水利厅).

    Parameters
    ----------
    text : str
        A sentence; what is something else already stands blanked in it.
    names : Pattern
        Names without a suffix, such as 京津冀 and 国务院.

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
    for found in _PLACE.finditer(text):
        suffix = found[2]
        cut = _CUT.match(found[1])
        start = found.start() + (cut.end() if cut else 0)
        name = text[start : found.end(1)]
        longest = 12 if suffix in _LONG else 4
        shortest = 1 if suffix == "大街" else 2
        if not shortest <= len(name) <= longest or (suffix == "自治区" and name[-1] not in "古族尔藏"):
            continue
        common = _ENDS_IN.get(suffix) or _ENDS_IN.get(suffix[-1], "")
        if not common or not re.search(rf"(?:{common})$", name):
            yield start, found.end()
