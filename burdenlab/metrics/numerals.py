"""Figures in Chinese text: digits and Chinese numerals with their units, as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Figure", "find_figures", "parse_numeral"]

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}

_ARABIC = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"(?:[十百千]?[万亿]|万亿|[百千])"
# 三百二十, 十几, 二十几; 上万 and 几百 are figures too, 百姓 and 千方百计 hold none.
_CHINESE = r"[〇零一二三四五六七八九十两][〇零一二三四五六七八九十百千万亿两]*|(?:(?<![以之马桌])上|近|超|逾|数|好几|几)[十百千万亿]+(?<!上十)"
_MORE = r"(?:[多余]|几(?=[个名项次份场人件张种条天年万亿]))?"
_NUMERAL = rf"(?:(?:{_ARABIC}){_MORE}{_SCALE}?|{_CHINESE}){_MORE}"

_MONEY = r"[万亿]?元|块钱"
_TIME = r"个?小时|个?工作日|个?星期|个?季度|个?月|个?晚上|分钟|学时|课时|秒|年|天|周|日"
_MEASURES = (
    r"平方公里|平方千米|平方米|立方米|千瓦时|公里|千米|毫米|厘米|公顷|公斤|千克|千瓦|兆瓦|米|亩|吨|斤|升|里(?![面外边程])|度(?!过|假)|"
    r"标准箱"
)
_PEOPLE = r"人次|儿童|婴幼儿|职工|农民|学生|人(?!民|均|大|才|员|社|力|居|文|工|事|防)|名|位|户次|户(?!籍|口|外)|口(?=人|之)|对(?=夫)|岁"
_COUNTED = (
    r"件次|拨|盒|箱|摞|批次|场次|班次|家次|个|项|件|份|次|场|条|张|种|类|家|所(?!有|在|以|属|谓)|只|头|株|棵|台|套|辆|艘|架|座|栋|幢|间|处|块|片|本(?!级|地|市|县|区|镇|土|身)|册|篇|页|字(?!号)|"
    r"部(?!门|分|署|委|队|长)|期|批|轮|届|起(?!来|点|到|步)|宗|例|笔|门|班(?!子)|支|枚|组|股|层(?!面|次|级)|倍|分(?![之别类配布享级期批析为成解公])|稿|封|样(?!本)|面(?!积|对|向|貌|临)|"
    r"遍|趟|回(?![到升落收])|餐|顿|版|版本|盏|段|杆|桶|步|亿|点(?![五〇零一二三四五六七八九]|面|多)|把(?!手|控|握)|道(?!路|德|理)|"
    r"村(?!级|民|干|委|党|里|口)|镇(?!级|里|长|党)|乡(?!镇|村|级|里|党|亲)|县(?!级|委|里|直|域)|市(?!级|委|场|直|民|政|域)|省(?!级|委|直)|国(?!家|际|内|有|务|土)|团(?!结)"
)
_UNIT = rf"(?:个?百分点|{_MONEY}|{_TIME}|{_MEASURES}|{_PEOPLE}|{_COUNTED})"

# 2024年8月6日, 8月底前, 1至4月, 4月上旬, 二〇二四年; 两个月 and 10年 are lengths and no dates.
_TO = r"[至到—－–~～-]"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_YEAR = (
    rf"(?:(?:19|20)\d{{2}}|[一二][〇零九][〇零一二三四五六七八九]{{2}})(?:{_TO}(?:(?:19|20)\d{{2}}|\d{{2}}))?年(?:度)?"
)
_DAY = r"[0-3]?\d[日号](?![内令文])"
_MONTHS = (
    rf"(?<![\d.]){_MONTH}(?:日?[、至到—－–-]{_MONTH})*月(?![考度报评])(?:份|{_DAY}(?:{_TO}(?:{_MONTH}月)?{_DAY})?)?"
)
_PART = (
    r"(?:[上下]半年|第?[一二三四]季度|年?底|年?初|末|[上中下]旬)?(?:以来|以前|之前|前(?![\d一二三四五六七八九])|起)?"
)
_DATE = rf"(?:{_YEAR}(?:{_MONTHS})?|{_MONTHS}|(?<![\d.]){_DAY})(?:{_TO}(?:{_YEAR})?{_MONTHS})?{_PART}"

# What looks like a figure and is an ordinal, a name or a way of speaking.
_SKIPPED = (
    rf"[上下前后]半[年天场]|(?:(?<=[早晚]上)|(?<=当晚)|(?<=[上下]午)|(?<=凌晨)|(?<=夜里))(?:{_NUMERAL})点|[一二三四五六七八九十]+届|(?:{_ARABIC})版|(?<=[统唯专单万])一(?={_UNIT})|(?<=之)一(?={_UNIT})|最后一公里|第(?:{_ARABIC}|{_CHINESE})|[A-Za-z](?:{_ARABIC})(?:{_UNIT})?|(?:{_ARABIC})(?:[A-Za-z]+|号)|(?<=[“‘])[一二三四五六七八九十两](?={_UNIT})|"
    r"[一二三四五六七八九十两]+(?:个(?:维护|确立|意识|自信|服从|全面|一(?!半)|毫不|区分|务必|坚持|百年|率先)|位一体|项规定|年规划|带一路|国两制|票否决|"
    r"步走|季度|面[镜旗]|道关|次(?:性|分配)|类会议|方面|点(?:一滴|[半多]))|十分(?!之|钟)|千篇一律|万(?:众|一)一心|百花|"
    r"(?<=红)十字|[一二三四五六七八九十]期(?:工程|建设|项目)|一百年(?=”)|一百年(?=奋斗)|一(?:分为|手|道|面|点(?!五)|方|体|起|向|批|时|同|直|般|致|口|块(?!钱)|下|边|门心思|对一|组织|站|揽子|部分|把|步|样|股|期|套|届|班|段|条龙|本正|回事|天天|年一度|"
    r"户一|村一|人一|人多岗|岗|家[亲人]|事一|项一|张[网表]|件事|代人)"
)

_FIGURE = re.compile(
    rf"""(?P<skipped>{_SKIPPED}) | (?P<date>{_DATE})
      | (?:(?:{_ARABIC})(?:\s?{_TO}))?(?P<percent>{_ARABIC})(?P<sign>[%％‰])
      | (?P<ratio>(?<!\d)\d{{1,3}}∶\d{{1,3}}(?!\d))
      | (?P<whole>[二三四五六七八九十百千万]+|\d+)分之(?P<part>{_ARABIC}|[〇零一二三四五六七八九十两百千点]+)
      | (?P<tenths>[一二三四五六七八九两]|\d)成(?P<hundredths>[一二三四五六七八九])?(?![员立为果效本功长都份不品熟型千就人])
      | (?P<fifty>(?<![另这那前后上下])一半)
      | (?P<hours>{_NUMERAL})个?小时(?:零|又)?(?P<minutes>{_NUMERAL})分钟?
      | (?P<whole_units>{_NUMERAL})个半(?P<longer>小时|月|工作日)
      | (?<![上下前后大多过])半(?P<half>年(?![度报])|天|个?小时|个?月|个?工作日)
      | (?:(?:{_NUMERAL})(?:\s?{_TO}))?(?P<number>{_NUMERAL})(?P<unit>{_UNIT})?(?P<and_half>半(?=[，。；、,;）)]|$))?""",
    re.VERBOSE,
)
_WITH_SCALE = re.compile(rf"\d{_MORE}{_SCALE}")
# 一 before these is an article, unless something says how often or how many at most.
_ARTICLE = re.compile(
    r"一[项件份条张种类家所只头株台套辆座栋间处块片本册篇字部轮宗例笔支枚组层封名位户人场次遍回趟餐顿村镇乡县市省国团道版分个](?!小时|月|工作日|星期|季度|晚上)"
)
_COUNTING = re.compile(r"(?:每(?!$)|各|只(?!是)|仅|不少于|至少|不超过|一年|平均|人均)[^，。；,;]{0,10}$")


class Figure(NamedTuple):
    """A number with its unit, or a date; offsets in the text that it was found in."""

    start: int
    end: int
    kind: str  # number, percentage or date
    value: float  # per hundred in a percentage; the upper end of a range; NaN in a date and in 几十
    unit: str  # "%" in a percentage; 元 for 万元 too; "" in a date and in a large number without one


def parse_numeral(numeral: str) -> float:
    """Give the number that digits, Chinese numerals or both write.

    A round number for “more than”: 40 for 四十余; the upper one of two neighbours: 40 for 三四十. NaN where there is no digit: 几十, 数百.

    Examples
    --------
    >>> parse_numeral("1.9万"), parse_numeral("二百零五"), parse_numeral("5300余"), parse_numeral("三四十")
    (19000.0, 205.0, 5300.0, 40.0)
    >>> parse_numeral("几百")
    nan
    """
    text = numeral.replace(",", "").rstrip("多余几")
    if text[:1] in ("数", "几", "好"):
        return float("nan")
    if text[:1] in ("上", "近", "超", "逾"):
        text = "一" + text[1:]
    if (digits := re.match(r"\d+(?:\.\d+)?", text)) is not None:
        value = float(digits.group())
        for sign in text[digits.end() :]:
            value *= (_SMALL | _LARGE).get(sign, 1)
        return round(value, 6)
    if "点" in text:
        whole, _, part = text.partition("点")
        return float(f"{parse_numeral(whole):.0f}.{''.join(str(_DIGITS[c]) for c in part)}")
    if len(text) > 2 and all(c in _DIGITS for c in text):  # 二〇二四
        return float("".join(str(_DIGITS[c]) for c in text))
    return float(_read_chinese(text))


def _read_chinese(text: str) -> int:
    total = section = digit = 0  # finished with 万 or 亿; below it; the last digit
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]  # of two neighbours the upper one stays
        elif sign in _SMALL:
            section, digit = section + (digit or 1) * _SMALL[sign], 0
        else:
            whole = total + section + digit if sign == "亿" else section + digit
            total, section, digit = (0 if sign == "亿" else total) + (whole or 1) * _LARGE[sign], 0, 0
    return total + section + digit


def find_figures(text: str) -> Iterator[Figure]:
    """Find every number with a unit, share, ratio and date of a sentence, from left to right.

    Ordinals (第三, 一是), numbers in names (5G, 八项规定, “两个一百年”) and the 一 of 一个, 一些 that stands for an article are no
    figures; 一年 and 每月一次 are. A large number with digits needs no unit (3.7万).

    Examples
    --------
    >>> [(f.value, f.unit) for f in find_figures("会议由118场压到70场，减少三成，每村两个半小时，花了1.9万元。")]
    [(118.0, '场'), (70.0, '场'), (30.0, '%'), (2.5, '小时'), (19000.0, '元')]
    >>> [text.kind for text in find_figures("2024年8月底前，第三批5G基站一个不少。")]
    ['date']
    """
    at = 0
    while (found := _FIGURE.search(text, at)) is not None:
        figure = _read(found, text)
        # Digits of a numeral that is no figure are not read once more.
        at = max(found.end("number") if found["number"] else found.end(), found.start() + 1)
        if figure is not None:
            at = figure.end
            yield figure


def _read(found: re.Match[str], text: str) -> Figure | None:
    got = {name: value for name, value in found.groupdict().items() if value}
    kind, value, unit = "number", float("nan"), ""
    match "number" if "number" in got else found.lastgroup:
        case "skipped":
            return None
        case "number":
            return _read_number(found, text)
        case "date":
            kind = "date"
        case "sign":
            kind, value = "percentage", parse_numeral(got["percent"]) / (10 if got["sign"] == "‰" else 1)
        case "part":
            kind, value = "percentage", round(100 * parse_numeral(got["part"]) / parse_numeral(got["whole"]), 1)
        case "tenths" | "hundredths":
            kind, value = "percentage", 10 * parse_numeral(got["tenths"]) + parse_numeral(got.get("hundredths", "零"))
        case "fifty":
            kind, value = "percentage", 50.0
        case "minutes":
            value, unit = round(parse_numeral(got["hours"]) + parse_numeral(got["minutes"]) / 60, 2), "小时"
        case "longer":
            value, unit = parse_numeral(got["whole_units"]) + 0.5, got["longer"]
        case "half":
            value, unit = 0.5, got["half"].removeprefix("个")
    return Figure(*found.span(), kind, value, "%" if kind == "percentage" else unit)


def _read_number(found: re.Match[str], text: str) -> Figure | None:
    start, end = found.span()
    numeral, unit = found["number"], found["unit"] or ""
    if not unit and not _WITH_SCALE.match(numeral):
        return None
    if _ARTICLE.fullmatch(found.group()) and not _is_counting(text, start, end):
        return None
    value = parse_numeral(numeral) + (0.5 if found["and_half"] else 0)
    unit = re.sub(r"^个(?=.)|^块(?=钱)|(?<=^块)钱", "", unit)
    if unit in ("万元", "亿元", "元", "钱"):
        value, unit = value * _LARGE.get(unit[0], 1), "元"
    return Figure(start, end, "number", round(value, 6), unit)


def _is_counting(text: str, start: int, end: int) -> bool:
    """Say whether 一次, 一个 at this place counts: each month, at most, or how often at the end of a clause."""
    closes = text[end : end + 1] in ("", "，", "。", "；", "、", ",", ";")
    return bool(_COUNTING.search(text[:start])) or (text[end - 1] in "次遍轮" and closes)
