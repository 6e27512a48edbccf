"""Raw text to text as a list of edits that can be undone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from burdenlab.loaders.characters import code_points
from burdenlab.loaders.noise import RULES, Rule
from burdenlab.tables import check_table

__all__ = ["Cleaned", "clean", "raw_span", "restore", "undo_edits"]


class Cleaned(NamedTuple):
    """Text, its edits (raw_start, raw_end, start, end, reason, before, after) and warning codes."""

    text: str
    edits: list[tuple[int, int, int, int, str, str, str]]
    warnings: list[str]


def clean(raw: str, *, rules: Iterable[Rule] = RULES) -> Cleaned:
    r"""Apply `rules` to `raw` and keep every change as an edit.

    Each rule sees the raw text; where two claim the same characters, the earlier rule has them whole.

    Examples
    --------
    >>> clean("一\r\n二").text
    '一\n二'
    """
    changes: list[tuple[int, int, str, str]] = []
    warnings: list[str] = []
    rules = tuple(rules)
    characters = _characters_of_marks(raw, rules)
    for rule in rules:
        if rule.marks and not any(characters.issuperset(mark) and mark in raw for mark in rule.marks):
            continue
        found = [c for c in rule.find(raw) if raw[c[0] : c[1]] != c[2]]
        kept = [c for c in found if not _claimed(changes, c[0], c[1])]
        if kept:
            changes = sorted([*changes, *((*c, rule.name) for c in kept)])
            warnings += [code for code in rule.warnings if code not in warnings]
    pieces: list[str] = []
    edits = []
    at = length = 0
    for start, end, after, reason in changes:
        pieces += [raw[at:start], after]
        length += start - at
        edits.append((start, end, length, length + len(after), reason, raw[start:end], after))
        length += len(after)
        at = end
    pieces.append(raw[at:])
    return Cleaned("".join(pieces), edits, warnings)


def _characters_of_marks(raw: str, rules: tuple[Rule, ...]) -> set[str]:
    """Find which characters of the rules' marks stand in the text: one look at it spares most rules theirs."""
    present = np.zeros(0x110000, dtype=bool)
    present[code_points(raw)] = True
    return {c for rule in rules for mark in rule.marks for c in mark if present[ord(c)]}


def _claimed(changes: list[tuple[int, int, str, str]], start: int, end: int) -> bool:
    """Whether an earlier change overlaps [start, end); `changes` is sorted and free of overlap."""
    at = bisect_right(changes, start, key=itemgetter(1))
    return at < len(changes) and changes[at][0] < end


def undo_edits(text: str, edits: pd.DataFrame) -> str:
    """Give the raw text again, exactly.

    Parameters
    ----------
    text : str
        ``documents.text`` of one document.
    edits : DataFrame
        The edits of that document (table ``edits``), in any order.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If the edits are of several documents, or do not fit the text.

    Examples
    --------
    >>> from burdenlab.tables import make_table
    >>> undo_edits("减负", make_table("edits", [("a", 0, 1, 0, 0, "byte_order_mark", "*", "")]))
    '*减负'
    """
    check_table(edits, "edits")
    if edits["doc_id"].nunique() > 1:
        msg = (
            f"edits are of {edits['doc_id'].nunique()} documents; pass those of one: edits[edits['doc_id'] == doc_id]."
        )
        raise ValueError(msg)
    return restore(
        text, edits[["raw_start", "raw_end", "start", "end", "reason", "before", "after"]].itertuples(index=False)
    )


def restore(text: str, edits: Iterable[Sequence[Any]]) -> str:
    """Undo edits that are rows (raw_start, raw_end, start, end, reason, before, after), as ``clean`` gives them."""
    pieces: list[str] = []
    at = 0
    for _, _, start, end, _, before, after in sorted(tuple(edit) for edit in edits):
        if text[start:end] != after:
            msg = f"edits do not fit the text: at {start} it has {text[start:end]!r}, not {after!r}."
            raise ValueError(msg)
        pieces += [text[at:start], before]
        at = end
    return "".join([*pieces, text[at:]])


def raw_span(edits: pd.DataFrame, doc_id: str, start: int, end: int) -> tuple[int, int]:
    """Find where a span of a document's text stands in its raw text.

    What was removed inside the span is part of the raw span, what was removed at its borders is not; a border inside
    a replaced piece moves out to the border of that piece.

    Parameters
    ----------
    edits : DataFrame
        Table ``edits``, of one or more documents.
    doc_id : str
    start, end : int
        Half-open span in ``documents.text``.

    Returns
    -------
    tuple of int
        Half-open span in raw.

    Examples
    --------
    >>> from burdenlab.tables import make_table
    >>> edits = make_table("edits", [("a", 2, 5, 2, 2, "pinyin", "(x)", "")])
    >>> raw_span(edits, "a", 0, 2), raw_span(edits, "a", 2, 4), raw_span(edits, "a", 1, 3)
    ((0, 2), (5, 7), (1, 6))
    """
    if not 0 <= start <= end:
        msg = f"start={start}, end={end} is no span; expected 0 <= start <= end."
        raise ValueError(msg)
    raw_start, raw_end = start, end
    own = (edits["doc_id"] == doc_id).to_numpy()
    columns = (edits[column].to_numpy()[own].tolist() for column in ("raw_start", "raw_end", "start", "end"))
    for raw_from, raw_to, from_, to in sorted(zip(*columns, strict=True)):
        if to <= start:
            raw_start = start + raw_to - to
        elif from_ < start:
            raw_start = raw_from
        if to < end or (to == end and from_ < to):
            raw_end = end + raw_to - to
        elif from_ < end:
            raw_end = raw_to
    return raw_start, max(raw_start, raw_end)
