"""The outline of official documents: numbered and run-in headings, with the move of each section."""

from __future__ import annotations

import re
from typing import NamedTuple

import pandas as pd

from burdenlab.loaders.moves import heading_move, title_move
from burdenlab.tables import check_table, make_table

__all__ = ["split_sections", "starts_numbered"]

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
        ("chain", rf"[{_CN}]{{1,2}}是(?![^\n]*[；;。，,][{_CN}]{{1,2}}是)"),  # 一是 in a paragraph of its own
    )
)
_RANK = {kind: rank for rank, (kind, _) in enumerate(_MARKERS)}
_RANK["run_in"] = len(_MARKERS)
# Whatever starts a marker: a cheap test that most lines fail.
_MAYBE = re.compile(rf"[第{_CN}（(〔\d①-⑳]")
_LINE = re.compile(r"[^\n]+")
_SENTENCE_END = re.compile(r"[。！？!?]")
_LONGEST_HEADING = 40
_RUN_IN = re.compile(r"[^。！？!?\n，,；;：:“”\"（）()《》\d%]{4,20}。")
# A short sentence that opens a paragraph of a speech or goes on with a thought is no heading.
_NOT_RUN_IN = re.compile(
    r"大家好|谢谢|^(?:[一二三四五六七八九十][是要]|同时|此外|另外|目前|对此|为此|因此|以上|这|我|他|她|它|其|上述|特此|请|但|而|并)|[的了吗呢]。?$"
)


_SHORT = 12
_EMPTY_WORDS = set("。的了在和是有不一为对上下中大个以到与及")


class _Heading(NamedTuple):
    kind: str
    label: str
    start: int
    heading_start: int
    heading_end: int


def split_sections(documents: pd.DataFrame) -> pd.DataFrame:
    """Split each document into the nested blocks that its headings open.

    Headings are numbered (一、 （一） 1. （1） ① 第一， 一是 at the start of a line, 第一章, 第一条; full and half width) or
    run in: a clause of 4 to 20 characters closed by 。 that the next sentence elaborates, at the start of a paragraph
    or after another one. A chain of 一是…二是… inside a paragraph makes no sections. The move of a section is its
    heading's, else its parent's; the root takes one from a title that names a plan or a notice of cases.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``.

    Returns
    -------
    DataFrame
        Table ``sections``: row 0 of a document is its root; blocks nest, and siblings meet without a gap. A numbered
        paragraph whose first sentence is longer than 40 characters is a section with an empty heading.

    Raises
    ------
    ValueError, TypeError
        If `documents` lacks a column or holds it with another dtype.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports/01.txt")
    >>> int(bl.split_sections(documents)["level"].max()) > 1
    True
    """
    check_table(documents, "documents")
    rows: list[tuple[object, ...]] = []
    for doc_id, title, text in zip(documents["doc_id"], documents["title"], documents["text"], strict=True):
        rows += _nest(doc_id, title, text, _find_headings(text))
    return make_table("sections", rows)


def starts_numbered(line: str) -> bool:
    """Whether a line begins with the marker of a numbered heading or item.

    Examples
    --------
    >>> starts_numbered("（一）问题表现"), starts_numbered("3.5万人")
    (True, False)
    """
    return bool(_MAYBE.match(line)) and any(pattern.match(line) for _, pattern in _MARKERS)


def _find_headings(text: str) -> list[_Heading]:
    headings: list[_Heading] = []
    for line in _LINE.finditer(text):
        start = line.start() + len(line[0]) - len(line[0].lstrip())
        body = start
        numbered = _numbered(text, start, line.end()) if _MAYBE.match(text, start) else None
        if numbered:
            headings.append(numbered)
            body = numbered.heading_end
            if text[body : body + 1] in ("。", "！", "？", "!", "?"):
                body += 1
            # After a long numbered sentence there is no room for headings that share its paragraph.
            if numbered.heading_start == numbered.heading_end:
                continue
        headings += _run_in(text, body, line.end())
    return headings


def _numbered(text: str, start: int, line_end: int) -> _Heading | None:
    for kind, pattern in _MARKERS:  # noqa: B007 (used after the loop)
        if marker := pattern.match(text, start, line_end):
            break
    else:
        return None
    begin = marker.end()
    while begin < line_end and text[begin].isspace():
        begin += 1
    stop = _SENTENCE_END.search(text, begin, line_end)
    end = stop.start() if stop else line_end
    while end > begin and text[end - 1].isspace():
        end -= 1
    if end - begin > _LONGEST_HEADING or kind == "article":
        end = begin
    return _Heading(kind, marker[0], start, begin, end)


def _run_in(text: str, start: int, line_end: int) -> list[_Heading]:
    """Find un-numbered headings of one paragraph: the first opens it, and the next sentence takes up at least one."""
    found: list[_Heading] = []
    taken_up = False
    at = start
    while at < line_end:
        clause = _RUN_IN.match(text, at, line_end)
        stop = _SENTENCE_END.search(text, clause.end() if clause else at, line_end)
        if clause and stop and not _NOT_RUN_IN.search(clause[0]):
            following = text[clause.end() : stop.end()]
            echoed = _echoes(clause[0], following)
            # Beside a heading that is taken up, a short clause before a long sentence is one too.
            if echoed or (len(clause[0]) <= _SHORT and len(following) >= 2 * len(clause[0])):
                found.append(_Heading("run_in", "", at, at, clause.end() - 1))
                taken_up = taken_up or echoed
                at = _skip(text, stop.end(), line_end)
                continue
        if not found or stop is None:
            break
        at = _skip(text, clause.end() if clause else stop.end(), line_end)
    return found if taken_up else []


def _skip(text: str, at: int, line_end: int) -> int:
    while at < line_end and (text[at].isspace() or text[at] in "”’」』）)"):
        at += 1
    return at


def _echoes(clause: str, following: str) -> bool:
    """Whether the sentence is longer than the clause and takes up two of its characters that carry meaning."""
    return len(following) > len(clause) and len({c for c in clause if c in following} - _EMPTY_WORDS) >= 2


def _nest(doc_id: str, title: str, text: str, headings: list[_Heading]) -> list[tuple[object, ...]]:
    move, source = title_move(title)
    root: list[object] = [doc_id, 0, -1, 0, "", "", 0, 0, 0, len(text), move, source]
    rows = [root]
    open_sections: list[tuple[str, list[object]]] = []
    for number, h in enumerate(headings, start=1):
        while open_sections and _closes(h.kind, open_sections):
            open_sections.pop()[1][9] = h.start
        parent = open_sections[-1][1] if open_sections else root
        heading = text[h.heading_start : h.heading_end]
        move, source = heading_move(heading)
        if not move and parent[10]:
            move, source = str(parent[10]), "inherited"
        level = len(open_sections) + 1
        span = [h.heading_start, h.heading_end, h.start, len(text)]
        row: list[object] = [doc_id, number, parent[1], level, h.label, heading, *span, move, source]
        rows.append(row)
        open_sections.append((h.kind, row))
    return [tuple(row) for row in rows]


def _closes(kind: str, open_sections: list[tuple[str, list[object]]]) -> bool:
    """Whether a heading of `kind` ends the innermost open section: one of its own kind is open, or it is senior."""
    return any(kind == other for other, _ in open_sections) or _RANK[kind] < _RANK[open_sections[-1][0]]
