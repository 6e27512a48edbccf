"""What a figure counts, and whether that is a burden of the base."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from burdenlab.metrics.stated import Stated

__all__ = ["ELSEWHERE", "find_object"]

ELSEWHERE = "…"  # the object of a figure that is not named beside it

_AT_WORK = re.compile(
    r"(?<![社协议委])会(?![计同])|开|加班|值班|值守|填|录入|迎检|检查|陪|熬|借|跟班|培训|反馈|答复|报送|上报|休(?!息)|发言|躲债|单程|路上|时间(?!节点|表)|等(?=$|\n)|用时|工时|入户|进村|天数|在外|督查|考核|关在"
)
_IN_A_ROW = re.compile("连续")
_AWAY = re.compile(r"在外|借|挂职|抽调|服务(?:不|期)|一干就是")
_SPAN = re.compile(
    r"(?:多|余)?(?:时间|以?来|多来|之?[前后]|内(?!反馈|上?报|回)|以内(?!反馈|上?报|回)|期间|的(?!手续|会))"
)
_SAMPLE = re.compile(
    r"(?:抽[查看]|随机[^，。；]{0,6}|走访|查阅|座谈|访谈|问卷|核对|暗访|听取|清点|跟着|覆盖|座谈会)(?:了|的)?$"
)
_THRESHOLD = re.compile(r"(?:以上|以下|以内)(?:的|一律|须|必须)")
_RANK = re.compile(r"(?:(?<![先、])[前后这]|以上|上述)$")
# 填表、开会、检查三件事: the number sums up what is named before it.
_SUM_SIGN = re.compile(r"[二三四五六七八九十两]")
_SUM = re.compile(r"、[^、，。；]*[^、，。；有了为共要的到成分]$")
# 三类吹哨, 三张清单 name kinds.
_KINDS = re.compile(r"[二三四五六七八九十两]+(?:大?[类种]|张(?:清单|网)|个(?:不|一律|必须|“))")
_SHARE_OF = re.compile(r"[^有由](?:占|达|为|有)$")
_ONLY_OF = {
    "条": "单|信息|指标|消息|录|数据",
    "户": "入户|走访|排查|填",
    "张": "表|照|单|图|纸|牌|证",
    "期": "培训|班|通报|简报",
}
# Where a verb begins, the noun behind a figure has ended.
_VERB = re.compile(r"[都要是有由找向写在被将已均不可没仍还从需按到用回指的\"“]|开展|组织|返回|参加")


@cache
def _words(*path: str) -> re.Pattern[str]:
    """Give the words of a list as a pattern; what only looks like one of them is matched too, outside the group."""
    lists = tomllib.loads((files("burdenlab.metrics") / "quantities.toml").read_text("utf-8"))
    part = lists[path[0]] if len(path) == 1 else lists[path[0]][path[1]]
    words = {w for of_kind in part.values() for w in of_kind} if isinstance(part, dict) else set(part)
    longest = "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))
    friends = "|".join(re.escape(word) for word in lists["false_friends"]["words"])
    return re.compile(rf"(?:{friends})|(?P<word>{longest})" if path == ("objects",) else longest)


@cache
def _units(kind: str) -> frozenset[str]:
    lists = tomllib.loads((files("burdenlab.metrics") / "quantities.toml").read_text("utf-8"))
    return frozenset(lists["units"][kind])


def find_object(text: str, stated: Stated, previous: str, *, about: bool) -> str | None:
    """Name what a figure counts where that is a burden, its relief or its bearer; else None.

    Parameters
    ----------
    text : str
        The sentence.
    stated : Stated
    previous : str
        What the burden figure before it in the sentence counts, "" where there is none.
    about : bool
        The document is about burden: a figure counts unless what it counts tells otherwise, and its object may stand in
        another sentence.

    Examples
    --------
    >>> from burdenlab.metrics.stated import find_stated
    >>> text = "全镇17个村，每村报表64张，其中38张重复。"
    >>> [find_object(text, stated, "报表", about=True) for stated in find_stated(text)]
    [None, '报表', '报表']
    """
    figure = stated.first
    unit = stated.unit
    after = re.split(r"[，。；、：！？,;:!?\n\d（(]", text[figure.end :], maxsplit=1)[0][:14]
    begin = max(text.rfind(mark, 0, figure.start) for mark in "。；;！？\n") + 1
    before = text[begin : figure.start]
    clause = before[max(before.rfind(mark) for mark in "，,：") + 1 :]
    if (
        unit in _units("never")
        or _RANK.search(clause)
        or _SAMPLE.search(clause)
        or (unit != "%" and _THRESHOLD.match(after))
    ):
        return None
    noun = _VERB.split(after, maxsplit=1)[0]
    if unit not in ("元", "%") and unit not in _units("time"):
        if (_SUM_SIGN.match(text, figure.start) and _SUM.search(clause)) or _KINDS.match(text, figure.start):
            return None
        ours, outside = _search("objects", noun), _words("counted", "outside").search(noun)
        if outside and "负债" not in after and (not ours or _comes_first(outside, ours)):
            return None
        if ours:
            return ours.group()
        if unit in _ONLY_OF and not re.search(_ONLY_OF[unit], clause + noun + previous):
            return None
        if _words("service", "words").search(clause):
            return None
    if unit == "%" and _SHARE_OF.search(clause) and _words("counted", "outside").search(clause[-7:]):
        return None
    if _words("clause", "outside").search(
        (before if unit == "元" else clause) + text[figure.start : figure.end] + noun
    ):
        return None
    if unit in _units("time"):
        return _time_at_work(before, clause, after, unit, previous)
    named = _last(clause) or _last(before) or previous or _first(after)
    return named or (ELSEWHERE if about and unit != "元" else None)


def _comes_first(outside: re.Match[str], ours: re.Match[str]) -> bool:
    """Say whether the noun that is no burden begins first, is the longer one, or ends the compound (档案案件)."""
    if outside.start() == ours.start():
        return outside.end() > ours.end()
    return outside.start() < ours.start() or ours.start() < outside.start() < ours.end() <= outside.end()


def _time_at_work(before: str, clause: str, after: str, unit: str, previous: str) -> str | None:
    if _SPAN.match(after) and not re.search("反馈|上报|报送", after):
        return None
    beside = f"{clause}\n{after[:4]}"
    found = _AWAY.search(before if unit in ("年", "月") else beside)
    if unit != "年":
        found = found or _AT_WORK.search(beside)
    if unit in ("天", "日", "小时", "晚上"):
        found = found or _IN_A_ROW.search(beside)
    return (_last(clause) or _first(after) or previous or found.group()) if found else None


def _search(name: str, text: str) -> re.Match[str] | None:
    return next((found for found in _words(name).finditer(text) if found.lastgroup == "word"), None)


def _last(text: str) -> str:
    found = [m.group() for m in _words("objects").finditer(text) if m.lastgroup == "word"]
    return found[-1] if found else ""


def _first(text: str) -> str:
    found = _search("objects", text)
    return found.group() if found else ""
