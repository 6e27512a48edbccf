"""Sentences, each with its section and its move."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.loaders.characters import is_han
from burdenlab.loaders.moves import sentence_move
from burdenlab.tables import check_table, make_table

__all__ = ["split_sentences"]

# Up to an end mark with whatever closes behind it, or to the end of the line.
_SENTENCE = re.compile(r"[^\n。！？!?]*[。！？!?]+[”’」』）)】》〕]*|[^\n。！？!?]+")


def split_sentences(documents: pd.DataFrame, sections: pd.DataFrame) -> pd.DataFrame:
    """Split each document into sentences.

    A sentence ends at 。！？!? (with the quotes and brackets that close behind them) and at a line end; what lies
    between two sentences is white space. A straight quote closes only where one is open.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``.
    sections : DataFrame
        Table ``sections`` of the same documents.

    Returns
    -------
    DataFrame
        Table ``sentences``, in the order of `documents`. ``move`` is the act of the sentence where a cue is safe, else
        ``section_move``; a heading has the move of its section.

    Raises
    ------
    ValueError
        If a document has no sections.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports/01.txt")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> int(sentences["is_heading"].sum()) > 5
    True
    """
    check_table(documents, "documents")
    check_table(sections, "sections")
    by_document = dict(tuple(sections.groupby("doc_id", sort=False)))
    rows: list[tuple[object, ...]] = []
    for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True):
        if doc_id not in by_document:
            msg = f"sections has no row for document {doc_id!r}; make it by split_sections(documents)."
            raise ValueError(msg)
        rows += _split(doc_id, text, by_document[doc_id])
    return make_table("sentences", rows)


def _split(doc_id: str, text: str, sections: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    spans = list(_spans(text))
    starts = np.array([start for start, _ in spans], dtype=np.int64)
    # Blocks nest and siblings meet, so the last block that has begun is the innermost.
    owner = np.searchsorted(sections["start"].to_numpy(), starts, side="right") - 1
    han = is_han(text)
    running, quoted = (np.concatenate([[0], np.cumsum(flags)]) for flags in (han, han & _in_quotes(text, han)))
    move_of, heading_end = sections["move"].tolist(), sections["heading_end"].tolist()
    block_start, section_ids = sections["start"].tolist(), sections["section_id"].tolist()
    for number, ((start, end), row) in enumerate(zip(spans, owner.tolist(), strict=True)):
        sentence = text[start:end]
        is_heading = bool(
            section_ids[row] and start == block_start[row] and end <= heading_end[row] + 1 and heading_end[row] > start
        )
        section_move = move_of[row]
        move, source = ("", "") if is_heading else sentence_move(sentence)
        if not move:
            move, source = section_move, "section" if section_move else ""
        n_han = int(running[end] - running[start])
        yield (
            doc_id, section_ids[row], number, start, end, sentence, n_han, is_heading, section_move, move, source,
            int(quoted[end] - quoted[start]) > n_han / 2,
        )  # fmt: skip


# Between marks of one kind, over sentences but not over lines; a title 《…》 is no quotation.
_QUOTE = re.compile(r"“[^“”\n]+”|「[^「」\n]+」|『[^『』\n]+』|\"[^\"\n]+\"")
_SHORTEST_QUOTE = 8  # Han characters: below that it is a term, “小马拉大车”


def _in_quotes(text: str, han: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    inside = np.zeros(len(text), dtype=bool)
    for quote in _QUOTE.finditer(text):
        if han[quote.start() : quote.end()].sum() >= _SHORTEST_QUOTE:
            inside[quote.start() : quote.end()] = True
    return inside


def _spans(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while match := _SENTENCE.search(text, at):
        at = match.end()
        # A straight quote behind the end mark belongs to the sentence only if it closes one that is open there.
        while text[at : at + 1] in ('"', "'") and match[0].count(text[at]) % 2 and match[0][-1] in "。！？!?":
            at += 1
        start, end = match.start(), at
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            yield start, end
