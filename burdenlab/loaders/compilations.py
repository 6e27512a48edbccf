"""Compilations (汇编): many speeches or reports in one file, and where each begins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from burdenlab.loaders.characters import count_han
from burdenlab.loaders.parts import Part
from burdenlab.loaders.sections import starts_numbered
from burdenlab.tables import check_table

__all__ = ["find_compilations", "split_part", "titles_of"]

_LINE = re.compile(r"[^\n]+")
_TITLE = re.compile(
    r"(?:报告|讲话|发言|材料|总结|方案|通知|意见|汇报|致辞|提纲|说明|办法|规定|决定|公报|体会|做法|情况)"
    r"(?:[(（][^()（）]{1,30}[)）])?\Z"
)
_LONGEST_TITLE = 45
_SHORTEST_PART = 150  # Han characters


def find_compilations(documents: pd.DataFrame) -> pd.DataFrame:
    """Preview how documents that hold several texts would be split.

    A part begins at a line that looks like a title (short, without a full stop or number, ending in a word such as
    报告 or 讲话) with a paragraph soon after it. Read the table, delete the rows that are wrong, and give it to
    ``read_documents(…, compilations=table)``.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``.

    Returns
    -------
    DataFrame
        One row a part of each document that has at least two: ``doc_id``, ``part`` (from 1), ``title``, ``start`` and
        ``end`` (half-open, in ``documents.text``), ``n_han``. Empty where no document looks like a compilation.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> len(bl.find_compilations(documents))
    0
    """
    check_table(documents, "documents")
    rows: list[tuple[str, int, str, int, int, int]] = []
    for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True):
        starts = _starts(text)
        if len(starts) > 1:
            for part, ((start, title), end) in enumerate(
                zip(starts, [*(at for at, _ in starts[1:]), len(text)], strict=True), start=1
            ):
                rows.append((doc_id, part, title, start, end, count_han(text[start:end])))
    columns = ["doc_id", "part", "title", "start", "end", "n_han"]
    return pd.DataFrame(rows, columns=columns).astype({"doc_id": "str", "title": "str", "n_han": "int32"})


def _starts(text: str) -> list[tuple[int, str]]:
    lines = [(m.start(), m[0].strip()) for m in _LINE.finditer(text) if m[0].strip()]
    found: list[tuple[int, str]] = []
    for i, (start, line) in enumerate(lines):
        if not _is_title(line) or (found and count_han(text[found[-1][0] : start]) < _SHORTEST_PART):
            continue
        # Between a title and its first paragraph there may be a date or an address, but no other title: that is a list.
        for _, after in lines[i + 1 : i + 6]:
            if len(after) > _LONGEST_TITLE:
                found.append((start, line))
            if len(after) > _LONGEST_TITLE or _is_title(after):
                break
    return found


def _is_title(line: str) -> bool:
    return (
        len(line) <= _LONGEST_TITLE
        and count_han(line) >= 5
        and _TITLE.search(line) is not None
        and not starts_numbered(line)
    )


def titles_of(table: pd.DataFrame) -> dict[str, list[str]]:
    """Take from a preview, as a person left it, the titles of each document; ValueError without its columns."""
    missing = {"doc_id", "title"} - set(table.columns)
    if missing:
        msg = f"compilations lacks the column(s) {sorted(missing)}; make it by find_compilations(documents)."
        raise ValueError(msg)
    return {str(key): rows["title"].astype("str").tolist() for key, rows in table.groupby("doc_id", sort=True)}


def split_part(part: Part, name: str, titles: Mapping[str, Sequence[str]]) -> list[Part]:
    """Split the raw text of one document at the lines that are its titles, in their order; #0 is what stands before."""
    starts: list[int] = []
    for title in titles.get(name + part.suffix, ()):
        line = re.compile(rf"^[^\S\r\n]*{re.escape(title)}[^\S\r\n]*$", re.MULTILINE)
        if found := line.search(part.raw.replace("\r", "\n"), starts[-1] + 1 if starts else 0):
            starts.append(found.start())
    if not starts:
        return [part]
    pieces = [part.raw[start:end] for start, end in zip([0, *starts], [*starts, len(part.raw)], strict=True)]
    first = 0 if count_han(pieces[0]) else 1
    return [Part(f"{part.suffix}#{n}", pieces[n], part.variables) for n in range(first, len(pieces))]
