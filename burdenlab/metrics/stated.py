"""What a figure states: a level, or a change with its direction, its base and its result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from burdenlab.metrics.numerals import Figure, find_figures

__all__ = ["Stated", "find_stated"]


class Stated(NamedTuple):
    """A level or a change; offsets in the sentence. NaN where no base or no result is told."""

    start: int
    end: int
    kind: str  # level or change
    value: float  # the level, the amount of the change, or its result where that is all that is told
    unit: str
    direction: str  # down, up or none
    base: float
    result: float
    first: Figure  # the figure beside which the object stands


_NAN = float("nan")
_AND = ("和", "、", "及", "与", "，")  # between two figures of one verb
_LESS = "合并|整合|归并|精简|压缩|压减|缩减|减少|下降|降低|缩短|调减|清理|优化|控制|回落|核减|削减|压|减|降|缩|并|掉"
_MORE = "增加|增长|提高|提升|上升|扩大|回升|扩充|增|升|涨|扩"
_TO = re.compile(rf"(?:(?P<less>{_LESS})|(?P<more>{_MORE})|变|改|调整)(?:到|至|为|成)了?[^，。；、,;\d]{{0,6}}$")
_FROM = re.compile(r"(?:由|从|将)[^，。；、,;\d由从将]{0,9}$")
# 41场，比去年同期的67场减少; 204份，去年同期为1096份
_AGAINST = re.compile(
    r"[^，。；,;]{0,4}[，,]?(?:比|较|而)?(?:去年|上年|前年|同期|上一年|上半年|过去|原来|此前)[^，。；、,;\d多少增减]{0,6}$"
)
_OUT_OF = re.compile(
    r"[^，。；,;]{0,8}(?P<verb>撤掉|撤销|撤并|废止|取消|裁撤|压掉|砍掉|减少|清退|摘除|摘掉|摘下|关停|注销|停用|退回|收回)了?$"
)
_AMOUNT_LESS = "减少|压减|精简|下降|降低|缩短|压缩|削减|缩减|核减|调减|少了|取消|撤掉|撤销|摘下|摘除|清退|废止|停止|叫停|化解|核销|盘活|偿还|剔除|退出|收回|砍掉|清理掉|关停|注销|挡回|退回"
_AMOUNT_MORE = "增加|增长|提高|提升|上升|扩大|新增|净增|多了|增发|招录|选调|新招|划转|充实|增设|月增"
_AMOUNT = re.compile(rf"(?:(?P<less>{_AMOUNT_LESS})|(?P<more>{_AMOUNT_MORE}))(?:了|掉)?[^，。；,;\d减增]{{0,14}}$")
_AFTERWARDS = re.compile(
    r"^[^，。；、,;\d]{0,4}(?:全部|一律|均|已|都|予以)?(?:(?P<less>取消|废止|撤销|收回|减少|被退回|下降)|(?P<more>增加|增长))"
)
_ZERO = re.compile(rf"(?:(?P<less>{_LESS})|归)(?:到|至|为)?零(?![\d星散售件])|清零")


def find_stated(text: str) -> Iterator[Stated]:
    """Find what the figures of a sentence state, from left to right; dates, ratios and 几十 are left out.

    Examples
    --------
    >>> [(s.kind, s.base, s.result) for s in find_stated("表格由200份压减到50份，压减75%。")]
    [('change', 200.0, 50.0), ('change', nan, nan)]
    >>> [(s.kind, s.value, s.direction) for s in find_stated("每月开8次会，借出人员压到零。")]
    [('level', 8.0, 'none'), ('change', 0.0, 'down')]
    """
    figures = [f for f in find_figures(text) if f.kind != "date" and f.value == f.value]
    for found in _ZERO.finditer(text):
        figures.append(Figure(found.end() - 1, found.end(), "number", 0.0, ""))
    figures.sort()
    last: Stated | None = None
    at = 0
    while at < len(figures):
        pair = _pair(text, figures[at], figures[at + 1]) if at + 1 < len(figures) else None
        stated = pair or _single(text, figures, at)
        if last and stated.kind == "level" and stated.unit == last.unit and text[last.end : stated.start] in _AND:
            stated = stated._replace(kind=last.kind, direction=last.direction)
        yield stated
        last, at = stated, at + (2 if pair else 1)


def _pair(text: str, first: Figure, second: Figure) -> Stated | None:
    if first.unit != second.unit and second.unit:
        return None
    between = text[first.end : second.start]
    lead = _FROM.search(text[: first.start])
    start = lead.start() if lead else first.start
    if len(between) <= 16 and not re.search("[，。；,;]", between) and (found := _TO.search(between)):
        way = _way(found) or ("down" if second.value < first.value else "up")
        return Stated(start, second.end, "change", second.value, first.unit, way, first.value, second.value, first)
    if _AGAINST.fullmatch(between):
        way = "down" if first.value < second.value else "up"
        return Stated(first.start, second.end, "change", first.value, first.unit, way, second.value, first.value, first)
    if second.value <= first.value and _OUT_OF.fullmatch(between) and first.unit != "%":
        left = first.value - second.value
        return Stated(first.start, second.end, "change", second.value, first.unit, "down", first.value, left, first)
    return None


def _single(text: str, figures: list[Figure], at: int) -> Stated:
    figure = figures[at]
    begin = max(figures[at - 1].end if at else 0, *(text.rfind(mark, 0, figure.start) + 1 for mark in "，。；,;："))
    before = text[begin : figure.start]
    after = text[figure.end : figures[at + 1].start if at + 1 < len(figures) else len(text)]
    start, kind, result = figure.start, "change", _NAN
    if figure.value == 0:
        way, result = "down", 0.0
    elif found := _TO.search(before):
        start, way, result = begin + found.start(), _way(found) or "up", figure.value
    elif found := _AMOUNT.search(before) or _AFTERWARDS.match(after):
        way = _way(found) or "up"
    else:
        kind, way = "level", "none"
    return Stated(start, figure.end, kind, figure.value, figure.unit, way, _NAN, result, figure)


def _way(found: re.Match[str]) -> str:
    return "down" if found["less"] else "up" if found["more"] else ""
