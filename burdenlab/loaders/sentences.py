"""Sentences, each with its section and its move."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.loaders.acts import sentence_move
from burdenlab.loaders.characters import is_han
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
    spans = np.array(list(_spans(text)), dtype=np.int64).reshape(-1, 2)
    # Blocks nest and siblings meet, so the last block that has begun is the innermost.
    owner = np.searchsorted(sections["start"].to_numpy(), spans[:, 0], side="right") - 1
    han = is_han(text)
    running, quoted = (np.concatenate([[0], np.cumsum(flags)]) for flags in (han, han & _in_quotes(text, han)))
    n_han, n_quoted = (counts[spans[:, 1]] - counts[spans[:, 0]] for counts in (running, quoted))
    block_start, heading_end = (sections[column].to_numpy()[owner] for column in ("start", "heading_end"))
    is_heading = (
        (owner > 0) & (spans[:, 0] == block_start) & (spans[:, 1] <= heading_end + 1) & (heading_end > block_start)
    )
    moves, section_ids = sections["move"].tolist(), sections["section_id"].tolist()
    is_plan_with_sections = len(moves) > 1 and moves[0] == "plan"
    columns = (spans.tolist(), owner.tolist(), n_han.tolist(), is_heading.tolist(), (n_quoted > n_han / 2).tolist())
    shortfalls_end = 0  # of the paragraph that has begun to tell what falls short
    for number, ((start, end), row, n, heading, is_quotation) in enumerate(zip(*columns, strict=True)):
        sentence, section_move = text[start:end], moves[row]
        move, source = "", ""
        if not heading:
            context = section_move
            if start < shortfalls_end:
                context = "shortfalls"
            elif is_plan_with_sections and row == 0:
                context = "preamble"
            move, source = sentence_move(sentence, context)
            if source == "sentence:shortfalls":
                line_end = text.find("\n", end)
                shortfalls_end = line_end if line_end >= 0 else len(text)
        if not move:
            move, source = section_move, "section" if section_move else ""
        yield (
            doc_id, section_ids[row], number, start, end, sentence, n, heading, section_move, move, source, is_quotation,
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
