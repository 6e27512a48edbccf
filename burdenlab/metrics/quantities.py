"""Burden in figures: every stated number about what the base carries, as a row. Experimental."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from burdenlab.metrics.said import Said
from burdenlab.metrics.stated import Stated, find_stated
from burdenlab.tables import check_table, make_table

__all__ = ["burden_quantities_experimental", "find_object"]

# A document is about burden where so many of its sentences tell a theme other than the one that it tells most: an
# office that reports on its platforms has many hits of one theme. Work reports lie below 0.06, notices and reports on
# burden above 0.19.
_ABOUT = 0.15

_DAYS = r"(?:\d{1,2}|[一二三四五六七八九十]+)月(?:至\d{1,2}月|份|\d{1,2}日|底|初|末)?(?:前|以来|起)?"
_PERIOD = re.compile(
    rf"截至[^，。；]{{1,8}}[底末日月]|(?:(?:19|20)\d{{2}}年)?{_DAYS}|(?:19|20)\d{{2}}年(?:度|[上下]半年|第?[一二三四]季度|[底初末])?(?:前|以来|起)?|"
    r"(?<!比)去年(?!同期)|今年(?:以来)?|明年|全年|当年|年内|年初|年底前?|[上下]半年|[一二三四]季度|近?[两三四五\d]年来?|疫情(?:防控)?期间|当天|同年"
)
_RATE = re.compile(
    r"每(?:一)?个?(?:半年|季度末?|工作日|年|月|周|星期|天|日|次|批)|[年月周日]均|人均[年月周]|一[年月周天](?=[^，。；内]{0,6}$)"
)
_ELSEWHERE = "…"  # the object of a figure that is not named beside it
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
# What is told of a figure: a change from a base to a result, out of a base, to a result, by an amount; a level.
_SAID: dict[str, Said] = {
    "from": ("由{base}{unit}{way}到{result}{unit}", "{way} from {base} to {result} {unit}"),
    "out_of": ("{base}{unit}中{way}{value}{unit}", "{way} by {value} of {base} {unit}"),
    "to": ("{way}到{result}{unit}", "{way} to {result} {unit}"),
    "by": ("{way}{value}{unit}", "{way} by {value} {unit}"),
    "level": ("为{value}{unit}", "{value} {unit}"),
}
_WAYS = {"down": ("降", "down"), "up": ("升", "up"), "none": ("变", "changed")}


def burden_quantities_experimental(sentences: pd.DataFrame, hits: pd.DataFrame) -> pd.DataFrame:
    """Find every stated burden figure, a change from a base to a result in one row (experimental).

    A figure tells a burden where its sentence has a hit of a burden theme and what it counts is a burden, its relief
    or who bears it (会议, 报表, 编制, 补助). In a document that is about burden altogether, what is counted decides alone, and
    a figure counts unless that noun says otherwise (14个乡镇, 3万户, 2318件纠纷).

    Parameters
    ----------
    sentences : DataFrame
        Table ``sentences``.
    hits : DataFrame
        Table ``hits`` of these sentences, of the themes that are burden or relief: drop others before.

    Returns
    -------
    DataFrame
        Table ``quantities``, in the order of the text: ``doc_id``, ``sentence_id``, ``start``, ``end``, ``match`` (figures and unit as written),
        ``kind`` (``level`` or ``change``), ``value`` (the level; of a change its amount, or its result where that is told), ``unit``
        ("%" for 成, 一半, 三分之一 too, the value being per hundred; 万元 comes as 元 and 1.2万字 as 12,000 字), ``object`` (the noun that told
        what is counted, "" where none stands in the sentence), ``direction`` (``down``, ``up``, ``none``), ``base`` and ``result`` (NaN where not told),
        ``period`` (the rate or time before the figure, "" where none is told), ``move``, ``themes`` (of the sentence's hits, joined by
        ";"), ``said_zh``, ``said_en``. Numerals come out of digits, Chinese numerals or both; 四十余次 is 40, a range its upper end;
        几十 and 数百 have no number and no row.

    Raises
    ------
    TypeError, ValueError
        If a table lacks columns.

    Notes
    -----
    **Experimental**: against hand codes, on documents not looked at, precision 0.81 (83 of 102), recall 0.81 (83 of 102); goal
    0.90, of figures on which two blind coders (language models) agree: same place, same value. ``hand_agreement`` has the
    documents that the rules were made on, the coders' agreement, and how often each column is right: object and period least.
    What it takes for burden and is none is mostly the reach of a survey (清点了107名干部) and services to citizens in a report on
    burden. Read the rows before a number leaves the house. A figure in a report is a claim, not a measurement.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports/01.txt")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> found = burden_quantities_experimental(sentences, bl.find_hits(sentences, bl.load_codebook()))
    >>> found.loc[found["base"] == 218, ["object", "base", "result", "unit", "direction"]].values.tolist()
    [['报表', 218.0, 61.0, '种', 'down']]
    """
    check_table(sentences, "sentences")
    check_table(hits, "hits")
    place = ["doc_id", "sentence_id"]
    named = hits[[*place, "theme"]].drop_duplicates().sort_values("theme").groupby(place)["theme"].agg(";".join)
    ordered = sentences.merge(named.rename("themes"), on=place, how="left").sort_values(place)
    about = _about(sentences, hits)
    columns = (ordered[c].tolist() for c in (*place, "start", "text", "move"))
    rows: list[tuple[object, ...]] = []
    for doc_id, sentence_id, at, text, move, themes in zip(*columns, ordered["themes"].fillna(""), strict=True):
        is_about = doc_id in about
        for stated, noun in _burdens(text, about=is_about) if themes or is_about else ():
            start, end, kind, value, unit, direction, base, result, _ = stated
            period = _period(text, start, end)
            rows.append((
                doc_id, sentence_id, at + start, at + end, text[start:end], kind, value, unit, noun, direction, base, result,
                period, move, themes, *_say(stated, noun, period),
            ))  # fmt: skip
    return make_table("quantities", rows)


def _about(sentences: pd.DataFrame, hits: pd.DataFrame) -> set[str]:
    """Name the documents that are about burden."""
    counts = hits.groupby(["doc_id", "theme"]).size().rename("n").reset_index().sort_values(["doc_id", "n", "theme"])
    most = counts.groupby("doc_id")["theme"].last()
    others = hits[hits["theme"].to_numpy() != hits["doc_id"].map(most).to_numpy()]
    told = others.drop_duplicates(["doc_id", "sentence_id"]).groupby("doc_id").size()
    share = told / sentences.groupby("doc_id").size()
    return set(share.index[share >= _ABOUT])


def _burdens(text: str, *, about: bool) -> Iterator[tuple[Stated, str]]:
    """Yield the figures of a sentence that tell a burden, and what they count."""
    previous, outside = "", ""  # the noun of the burden before; the unit of what was none
    for stated in find_stated(text):
        again = stated.unit == outside  # 2318件纠纷，其中1506件: of the same
        found = find_object(text, stated, "" if again else previous, about=about and not again)
        outside = stated.unit if found is None else ""
        if found is not None:
            previous = previous if found == _ELSEWHERE else found
            yield stated, "" if found == _ELSEWHERE else found


def _period(text: str, start: int, end: int) -> str:
    """Give the rate or the time that stands nearest before a figure, a rate in its clause first."""
    clause = max(text.rfind(mark, 0, start) for mark in "，。；,;") + 1
    if rates := _RATE.findall(text[clause:end]):
        return rates[-1]
    spans = _PERIOD.findall(text[:start])
    return spans[-1] if spans else ""


def _say(stated: Stated, noun: str, period: str) -> Said:
    has_base, has_result = stated.base == stated.base, stated.result == stated.result
    if has_base:
        told = "from" if has_result and stated.value == stated.result else "out_of"
    else:
        told = "to" if has_result else "by" if stated.kind == "change" else "level"
    numbers = {name: f"{getattr(stated, name):,.10g}" for name in ("value", "base", "result")}
    zh, en = (
        said.format(**numbers, unit=stated.unit, way=way)
        for said, way in zip(_SAID[told], _WAYS[stated.direction], strict=True)
    )
    when = (f"({period})", f" ({period})") if period else ("", "")
    return (
        f"文中说“{noun or '所说的事'}”{when[0]}{zh}。",
        f"The text says: {noun or 'what it speaks of'}{when[1]} {en}.",
    )


def find_object(text: str, stated: Stated, previous: str, *, about: bool) -> str | None:
    """Name what a figure counts where that is a burden, its relief or its bearer; else None.

    `previous` is what the burden figure before it in the sentence counts, "" where there is none. In a document that is `about`
    burden a figure counts unless what it counts tells otherwise, and its object may stand in another sentence.

    Examples
    --------
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
        unit in _lists()["units"]["never"]
        or _RANK.search(clause)
        or _SAMPLE.search(clause)
        or (unit != "%" and _THRESHOLD.match(after))
    ):
        return None
    noun = _VERB.split(after, maxsplit=1)[0]
    if unit not in ("元", "%") and unit not in _lists()["units"]["time"]:
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
    if unit in _lists()["units"]["time"]:
        return _time_at_work(before, clause, after, unit, previous)
    named = _last(clause) or _last(before) or previous or _first(after)
    return named or (_ELSEWHERE if about and unit != "元" else None)


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


@cache
def _lists() -> dict[str, Any]:
    return tomllib.loads((files("burdenlab.metrics") / "quantities.toml").read_text("utf-8"))


@cache
def _words(*path: str) -> re.Pattern[str]:
    """Give the words of a list as a pattern; what only looks like one of them is matched too, outside the group."""
    part = _lists()[path[0]] if len(path) == 1 else _lists()[path[0]][path[1]]
    words = {w for of_kind in part.values() for w in of_kind} if isinstance(part, dict) else set(part)
    longest = "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))
    friends = "|".join(re.escape(word) for word in _lists()["false_friends"]["words"])
    return re.compile(rf"(?:{friends})|(?P<word>{longest})" if path == ("objects",) else longest)
