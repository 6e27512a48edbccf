"""Burden in figures: every stated number about what the base carries, as a row. Experimental."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from burdenlab.metrics.quantity_objects import ELSEWHERE, find_object
from burdenlab.metrics.stated import Stated, find_stated
from burdenlab.tables import check_table

__all__ = ["burden_quantities", "say_quantity"]

_DTYPES = {
    "doc_id": "str", "sentence_id": "int64", "start": "int64", "end": "int64", "match": "str", "kind": "str", "value": "float64", "unit": "str",
    "object": "str", "direction": "str", "base": "float64", "result": "float64", "period": "str", "move": "str", "themes": "str", "said_zh": "str",
    "said_en": "str",
}  # fmt: skip

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


def burden_quantities(sentences: pd.DataFrame, hits: pd.DataFrame) -> pd.DataFrame:
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
    >>> found = burden_quantities(sentences, bl.find_hits(sentences, bl.load_codebook()))
    >>> found.loc[found["base"] == 218, ["object", "base", "result", "unit", "direction"]].values.tolist()
    [['报表', 218.0, 61.0, '种', 'down']]
    """
    check_table(sentences, "sentences")
    check_table(hits, "hits")
    named: dict[tuple[str, int], set[str]] = {}
    for doc_id, sentence_id, theme in zip(hits["doc_id"], hits["sentence_id"], hits["theme"], strict=True):
        named.setdefault((doc_id, sentence_id), set()).add(theme)
    about = _about(sentences, hits)
    ordered = sentences.sort_values(["doc_id", "sentence_id"])
    columns = (ordered[c].tolist() for c in ("doc_id", "sentence_id", "start", "text", "move"))
    rows: list[tuple[object, ...]] = []
    for doc_id, sentence_id, at, text, move in zip(*columns, strict=True):
        themes = ";".join(sorted(named.get((doc_id, sentence_id), ())))
        if themes or doc_id in about:
            for found in _burdens(text, about=doc_id in about):
                stated, noun = found
                period = _period(text, stated.start, stated.end)
                said = say_quantity(stated, noun, period)
                place = (doc_id, sentence_id, at + stated.start, at + stated.end, text[stated.start : stated.end])
                numbers = (stated.kind, stated.value, stated.unit, noun, stated.direction, stated.base, stated.result)
                rows.append((*place, *numbers, period, move, themes, *said))
    return pd.DataFrame(rows, columns=list(_DTYPES)).astype(_DTYPES)


def _about(sentences: pd.DataFrame, hits: pd.DataFrame) -> set[str]:
    """Name the documents that are about burden."""
    counts = hits.groupby(["doc_id", "theme"]).size().rename("n").reset_index().sort_values(["doc_id", "n", "theme"])
    most = counts.groupby("doc_id")["theme"].last()
    others = hits[hits["theme"].to_numpy() != hits["doc_id"].map(most).to_numpy()]
    told = others.drop_duplicates(["doc_id", "sentence_id"]).groupby("doc_id").size()
    share = told / sentences.groupby("doc_id").size()
    return set(share.index[share >= _ABOUT])


class _Burden(NamedTuple):
    stated: Stated
    noun: str


def _burdens(text: str, *, about: bool) -> Iterator[_Burden]:
    previous, outside = "", ""  # the noun of the burden before; the unit of what was none
    for stated in find_stated(text):
        again = stated.unit == outside  # 2318件纠纷，其中1506件: of the same
        found = find_object(text, stated, "" if again else previous, about=about and not again)
        outside = stated.unit if found is None else ""
        if found is not None:
            previous = previous if found == ELSEWHERE else found
            yield _Burden(stated, "" if found == ELSEWHERE else found)


def _period(text: str, start: int, end: int) -> str:
    """Give the rate or the time that stands nearest before a figure, a rate in its clause first."""
    clause = max(text.rfind(mark, 0, start) for mark in "，。；,;") + 1
    if rates := _RATE.findall(text[clause:end]):
        return rates[-1]
    spans = _PERIOD.findall(text[:start])
    return spans[-1] if spans else ""


def say_quantity(stated: Stated, noun: str, period: str) -> tuple[str, str]:
    """Read a burden figure in a plain sentence, Chinese and English.

    Examples
    --------
    >>> say_quantity(next(find_stated("报表由218种减到61种。")), "报表", "每月")
    ('文中说“报表”(每月)由218种降到61种。', 'The text says: 报表 (每月) down from 218 to 61 种.')
    """
    thing, when = noun or "所说的事", f"({period})" if period else ""
    named, unit = noun or "what it speaks of", stated.unit
    told = {name: f"{getattr(stated, name):,.10g}" for name in ("value", "base", "result")}
    has_base, has_result = stated.base == stated.base, stated.result == stated.result
    zh_way, en_way = {"down": ("降", "down"), "up": ("升", "up"), "none": ("变", "changed")}[stated.direction]
    if has_base and has_result and stated.value == stated.result:
        zh, en = (
            f"由{told['base']}{unit}{zh_way}到{told['result']}{unit}",
            f"{en_way} from {told['base']} to {told['result']} {unit}",
        )
    elif has_base:
        zh, en = (
            f"{told['base']}{unit}中{zh_way}{told['value']}{unit}",
            f"{en_way} by {told['value']} of {told['base']} {unit}",
        )
    elif has_result:
        zh, en = f"{zh_way}到{told['result']}{unit}", f"{en_way} to {told['result']} {unit}"
    elif stated.kind == "change":
        zh, en = f"{zh_way}{told['value']}{unit}", f"{en_way} by {told['value']} {unit}"
    else:
        zh, en = f"为{told['value']}{unit}", f"{told['value']} {unit}"
    said = f" ({period})" if period else ""
    return f"文中说“{thing}”{when}{zh}。", f"The text says: {named}{said} {en}."
