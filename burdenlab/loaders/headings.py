"""Where headings stand in a text: numbered ones, and ones that run in with the sentences that take them up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import NamedTuple

__all__ = ["KINDS", "Heading", "find_headings", "ordinal", "starts_numbered"]

_CN = "一二三四五六七八九十百零〇"
# Senior first. A marker closes every open section of its own kind or of a junior one, and opens below the rest.
_MARKERS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.VERBOSE))
    for kind, pattern in (
        ("part", rf"第[{_CN}\d]{{1,4}}编(?=[\s：:])"),  # 第一编 总则
        ("chapter", rf"第[{_CN}\d]{{1,4}}章(?=[\s：:])"),  # 第一章 总则
        ("division", rf"第[{_CN}\d]{{1,4}}节(?=[\s：:])"),  # 第一节 一般规定
        ("article", rf"第[{_CN}\d]{{1,5}}条(?:之[{_CN}])?(?=[\s：:])"),  # 第一条 为了
        ("cn", rf"[{_CN}]{{1,3}}[、．]"),  # 一、
        ("cn_paren", rf"[（(〔][{_CN}]{{1,3}}[）)〕]、?"),  # （一） or (一)
        ("digit", r"\d{1,2}(?:[.．](?!\d)|、)"),  # 1. but not 1.5
        ("digit_paren", r"[（(]\d{1,2}[）)]"),  # （1）
        ("circle", r"[①-⑳]"),  # ①
        ("ordinal", rf"第[{_CN}]{{1,3}}[，,、]"),  # 第一，
        ("chain", rf"[{_CN}]{{1,2}}[是要](?![^\n]*[；;。，,][{_CN}]{{1,2}}[是要])"),  # 一是 in a paragraph of its own
    )
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_NUMBER = re.compile(rf"\d+|[{_CIRCLED}]|[{_CN}]+")
_VALUES = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0}
_UNITS = {"十": 10, "百": 100}
KINDS = (*(kind for kind, _ in _MARKERS), "run_in")  # senior first
# Whatever starts a marker: a cheap test that most lines fail.
_MAYBE = re.compile(rf"[第{_CN}（(〔\d①-⑳]")
_LINE = re.compile(r"\S(?:[^\n]*\S)?")  # from its first character to its last
_SPACE = re.compile(r"\s*")
_SENTENCE_END = re.compile(r"[。！？!?]")
_ARTICLE_FOLLOWS = re.compile(rf"\s+(?=第[{_CN}\d]{{1,5}}条[\s：:])")  # 第一章 总则 第一条 为了
_LONGEST_HEADING = 40
_DASHES = re.compile(r"[—－─-]{1,6}\s*")
_RUN_IN = re.compile(r"[^。！？!?\n，,；;：:（）()《》\d%]{4,20}。")
_RUN_IN_AFTER_DASH = re.compile(r"[^。！？!?\n；;：:（）()《》\d%]{4,24}。")
# A short sentence that opens a paragraph of a speech or goes on with a thought is no heading.
_NOT_RUN_IN = re.compile(
    rf"大家好|谢谢|^(?:[{_CN}][是要]|同时|此外|另外|目前|对此|为此|因此|以上|这|我|他|她|它|其|上述|特此|请|但|而|并|各|要|必须)|.是|[的了吗呢]。$"
)
_PARAGRAPH_ENDS = frozenset('。！？!?；;：:”"）)')
_SHORT = 12
_EMPTY_WORDS = set("。的了在和是有不一为对上下中大个以到与及")


class Heading(NamedTuple):
    """A heading: its kind (one of ``KINDS``), its marker, where its block starts, where its words stand."""

    kind: str
    label: str
    start: int
    heading_start: int
    heading_end: int


def starts_numbered(line: str) -> bool:
    """Whether a line begins with the marker of a numbered heading or item.

    Examples
    --------
    >>> starts_numbered("（一）问题表现"), starts_numbered("3.5万人")
    (True, False)
    """
    return bool(_MAYBE.match(line)) and any(pattern.match(line) for _, pattern in _MARKERS)


@cache
def ordinal(label: str) -> int | None:
    """Give the number that a marker counts; None without one.

    Examples
    --------
    >>> ordinal("（十二）"), ordinal("第一百零三条"), ordinal("③"), ordinal("")
    (12, 103, 3, None)
    """
    found = _NUMBER.search(label)
    if not found:
        return None
    number = found[0]
    if number.isdecimal():
        return int(number)
    if number in _CIRCLED:
        return _CIRCLED.index(number) + 1
    if not ("十" in number or "百" in number):  # 二〇
        return int("".join(str(_VALUES[c]) for c in number))
    total = value = 0
    for c in number:
        if c in _UNITS:
            total, value = total + (value or 1) * _UNITS[c], 0
        else:
            value = _VALUES[c]
    return total + value


def find_headings(text: str) -> list[Heading]:
    """Find the headings of a text, in its order.

    Examples
    --------
    >>> [heading.label for heading in find_headings("一、问题" + chr(10) + "（一）会多。去年开了九十场会。")]
    ['一、', '（一）']
    """
    headings: list[Heading] = []
    block: list[tuple[bool, int, int]] = []  # a numbered line and those after it: where what follows a marker stands
    for match in _LINE.finditer(text):
        start, end = match.span()
        numbered, start = _read_numbered(text, start, end) if _MAYBE.match(text, start) else ([], start)
        if numbered:
            headings += _run_in(text, block) if block else ()
            headings += numbered
            block = []
        if start < end:
            block.append((bool(numbered), start, end))
    return headings + list(_run_in(text, block) if block else ())


def _read_numbered(text: str, start: int, end: int) -> tuple[list[Heading], int]:
    """Give the numbered headings that open a line, and where its text goes on."""
    numbered: list[Heading] = []
    at = start
    while heading := _numbered(text, at, end):
        numbered.append(heading)
        at = heading.heading_end
        if heading.kind not in ("part", "chapter", "division"):
            break
        at = _skip_space(text, at, end)  # an article may stand on the line of its chapter
    if numbered:
        if text[at : at + 1] in ("。", "！", "？", "!", "?"):
            at += 1
        elif numbered[-1].heading_start == numbered[-1].heading_end:
            at = end  # after a long numbered sentence there is no room for headings that share its paragraph
        at = _skip_space(text, at, end)
    return numbered, at


def _numbered(text: str, start: int, line_end: int) -> Heading | None:
    for kind, pattern in _MARKERS:  # noqa: B007 (used after the loop)
        if marker := pattern.match(text, start, line_end):
            break
    else:
        return None
    begin = _skip_space(text, marker.end(), line_end)
    stop = _SENTENCE_END.search(text, begin, line_end)
    if kind in ("part", "chapter", "division"):
        stop = _ARTICLE_FOLLOWS.search(text, begin, line_end) or stop
    end = stop.start() if stop else line_end
    while end > begin and text[end - 1].isspace():
        end -= 1
    if end - begin > _LONGEST_HEADING or kind == "article":
        end = begin
    return Heading(kind, marker[0], start, begin, end)


def _skip_space(text: str, at: int, end: int) -> int:
    return _SPACE.match(text, at, end).end()  # type: ignore[union-attr]


def _run_in(text: str, block: list[tuple[bool, int, int]]) -> Iterator[Heading]:
    """Find the headings without number in what a numbered heading opens.

    Where paragraphs in a row open with a short clause, those clauses are the headings, and short sentences inside the
    paragraphs are none. Where there is one paragraph, or only the first one opens with a clause, it may hold several.
    """
    paragraphs = _paragraphs(text, block)
    clauses = [_clause(text, *paragraph) for paragraph in paragraphs]
    is_on_marker_line = block[0][0] and paragraphs[0][0] == block[0][1]
    if len(paragraphs) == 1 or (clauses[0] and (is_on_marker_line or not any(clauses[1:]))):
        yield from _several(text, *paragraphs[0])
        clauses[0] = None
    for is_clause, row in groupby(clauses, key=bool):
        found = list(row)
        if is_clause and len(found) > 1:
            yield from found  # type: ignore[misc]


def _paragraphs(text: str, block: list[tuple[bool, int, int]]) -> list[tuple[int, int]]:
    """Give where the paragraphs start and end; a line goes on with the paragraph of a line that breaks off."""
    found: list[tuple[int, int]] = []
    for _, start, end in block:
        if found and text[found[-1][1] - 1] not in _PARAGRAPH_ENDS:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _clause(text: str, start: int, end: int) -> Heading | None:
    """Give the heading that opens a paragraph, if a short clause does and more follows."""
    dashes = _DASHES.match(text, start, end)
    begin = dashes.end() if dashes else start
    clause = (_RUN_IN_AFTER_DASH if dashes else _RUN_IN).match(text, begin, end)
    if not clause or clause.end() == end or _NOT_RUN_IN.search(clause[0]):
        return None
    return Heading("run_in", "", start, begin, clause.end() - 1)


def _several(text: str, start: int, end: int) -> list[Heading]:
    """Find the headings of one paragraph, each taken up by the sentence that follows it."""
    found: list[Heading] = []
    taken_up = False
    at = start
    while at < end:
        clause = _RUN_IN.match(text, at, end)
        stop = _SENTENCE_END.search(text, clause.end() if clause else at, end)
        if clause and stop and not _NOT_RUN_IN.search(clause[0]):
            following = text[clause.end() : stop.end()]
            echoed = _echoes(clause[0], following)
            # Beside a heading that is taken up, a short clause before a long sentence is one too.
            if echoed or (len(clause[0]) <= _SHORT and len(following) >= 2 * len(clause[0])):
                found.append(Heading("run_in", "", at, at, clause.end() - 1))
                taken_up = taken_up or echoed
                at = _skip_closing(text, stop.end(), end)
                continue
        if stop is None:
            break
        at = _skip_closing(text, clause.end() if clause else stop.end(), end)
    return found if taken_up else []


def _skip_closing(text: str, at: int, end: int) -> int:
    while at < end and (text[at].isspace() or text[at] in "”’」』）)"):
        at += 1
    return at


def _echoes(clause: str, following: str) -> bool:
    """Whether the sentence is longer than the clause and takes up two of its characters that carry meaning."""
    return len(following) > len(clause) and len({c for c in clause if c in following} - _EMPTY_WORDS) >= 2
