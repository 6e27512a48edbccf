"""The outline of official documents as nested blocks, each with its move and its number."""

from __future__ import annotations

import re

import pandas as pd

from burdenlab.loaders.directives import is_directive
from burdenlab.loaders.headings import KINDS, Heading, find_headings, ordinal, starts_numbered
from burdenlab.loaders.moves import document_move, heading_move
from burdenlab.tables import TABLES, check_table, make_table

__all__ = ["split_sections", "starts_numbered"]

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
_COLUMNS = tuple(dict.fromkeys((*TABLES["sections"], "ordinal", "ordinal_note")))
# The speaker turns from the last section of a part to the part.
_ADDRESS = re.compile(r"\n\s*各位代表")
_LONGEST_IN_NOTICE = 12


def split_sections(documents: pd.DataFrame) -> pd.DataFrame:
    """Split each document into the nested blocks that its headings open.

    Headings are numbered (一、 （一） 1. （1） ① 第一， 一是 at the start of a line, 第一章, 第一条; full and half width) or
    run in: a clause of 4 to 20 characters closed by 。 that the next sentence elaborates. Run-in headings stand in a
    row of paragraphs that each open with one, or several in the one paragraph of a section. A chain of 一是…二是… inside
    a paragraph makes no sections. After 各位代表 at the start of a paragraph, the next heading belongs to the part, not
    to its last section.

    The move of a section is its heading's, else its parent's. The root takes one where the title, or the lines that
    open the text, tell the genre: a plan, rules, a notice of cases. Beside a section of plans, one whose heading opens
    with a verb is a plan too.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``.

    Returns
    -------
    DataFrame
        Table ``sections``: row 0 of a document is its root; blocks nest, and siblings meet without a gap. A numbered
        paragraph whose first sentence is longer than 40 characters is a section with an empty heading. Two more
        columns: ``ordinal`` (Int64), the number that the marker counts, missing without one; ``ordinal_note``:
        "skipped" where it is more than one above that of the sibling of the same kind before it (above 1 for the first
        that does not go on from the section before), "repeated" where it is not above it, else "".

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
    rows: list[list[object]] = []
    for doc_id, title, text in zip(documents["doc_id"], documents["title"], documents["text"], strict=True):
        rows += _nest(doc_id, title, text, find_headings(text))
    columns = zip(*rows, strict=True) if rows else ([] for _ in _COLUMNS)
    table = make_table("sections", dict(zip(_COLUMNS, columns, strict=True)))
    return table.astype({"ordinal": "Int64", "ordinal_note": "str"})


class _Section:
    """A section while its document is read: its row, and what its children have shown so far."""

    def __init__(self, kind: str, start: int, row: list[object]) -> None:
        self.kind = kind
        self.start = start
        self.row = row
        self.last: dict[str, int] = {}  # kind -> number of its last child of that kind
        self.planned = ""  # kind of its children that are plans


_ID, _END, _MOVE, _SOURCE = (_COLUMNS.index(c) for c in ("section_id", "end", "move", "move_source"))


def _nest(doc_id: str, title: str, text: str, headings: list[Heading]) -> list[list[object]]:
    root = _Section("root", 0, [doc_id, 0, -1, 0, "", "", 0, 0, 0, len(text), *document_move(title, text), None, ""])
    rows, stack = [root.row], [root]
    counted: dict[str, int] = {}  # kind -> its last number in the document
    for section_id, h in enumerate(headings, start=1):
        _close(stack, h, text)
        parent = stack[-1]
        heading = text[h.heading_start : h.heading_end]
        move, source = _move(heading, h.kind, parent, root)
        if move == "plan":
            parent.planned = h.kind
        number, note = ordinal(h.label), ""
        if number is not None:
            before = parent.last.get(h.kind)
            if number == 1 and before and text[max(0, h.start - 50) : h.start].rstrip().endswith(("：", ":")):
                before = None  # a second list: 有下列情形之一的：
            note = _note(number, before, counted.get(h.kind, 0))
            parent.last[h.kind] = counted[h.kind] = number
        span = (h.heading_start, h.heading_end, h.start, len(text))
        rows.append(
            [doc_id, section_id, parent.row[_ID], len(stack), h.label, heading, *span, move, source, number, note]
        )
        stack.append(_Section(h.kind, h.start, rows[-1]))
    return rows


def _close(stack: list[_Section], h: Heading, text: str) -> None:
    """End the sections that a heading does not belong to: from one of its own kind on, and those of junior kinds."""
    kinds = [section.kind for section in stack]
    is_open = h.kind in kinds
    keep = kinds.index(h.kind) if is_open else len(stack)
    while keep > 1 and _RANK[h.kind] < _RANK[kinds[keep - 1]]:
        keep -= 1
    if keep > 2 and (not is_open or h.kind == "run_in") and _ADDRESS.search(text[stack[-1].start : h.start]):
        keep = 2
    for section in stack[keep:]:
        section.row[_END] = h.start
    del stack[keep:]


def _move(heading: str, kind: str, parent: _Section, root: _Section) -> tuple[str, str]:
    move, source = "", ""
    # A case in a notice is named by a clause about what was done wrong, whatever words it uses.
    if heading and (root.row[_SOURCE] != "genre:notice" or len(heading) <= _LONGEST_IN_NOTICE):
        move, source = heading_move(heading)
    if source == "heading:means" and root.row[_MOVE] == "plan":
        move = "plan"  # the means of a plan are still to come
    if not move and parent.row[_MOVE]:
        return str(parent.row[_MOVE]), "inherited"
    if not move and is_directive(heading):
        if parent.planned == kind:
            return "plan", "sibling"
        if root.row[_SOURCE] == "genre:account":
            return "measure", "genre:account"  # who gives account tells what was done
    return move, source


def _note(number: int, before: int | None, counted: int) -> str:
    """Tell whether a number is out of turn: after its sibling, else at the head of a list or going on with the last."""
    if before is None:
        return "" if number in (1, counted + 1) else "skipped"
    return "" if number == before + 1 else "skipped" if number > before else "repeated"
