"""The reading behind a number: keyword in context, and sentences drawn by seed."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from burdenlab.tables import check_table

__all__ = ["examples", "kwic"]


def kwic(
    documents: pd.DataFrame, query: str | pd.DataFrame, *, window: int = 15, sections: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Show each occurrence of a string, or each hit, in its context.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``.
    query : str or DataFrame
        A string that is looked for as it stands, without overlap, or a table ``hits``.
    window : int
        Characters on either side; line ends are shown as spaces.
    sections : DataFrame, optional
        Table ``sections``; fills ``heading``.

    Returns
    -------
    DataFrame
        doc_id, start, end, left, keyword, right, heading (marker and heading of the innermost section, "" for the
        root or without `sections`), in the order of the documents and of the text.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports/09.txt")
    >>> bl.kwic(documents, "小马拉大车", window=4)["keyword"].unique().tolist()
    ['小马拉大车']
    """
    check_table(documents, "documents")
    if window < 0:
        msg = f"window={window}; a number of characters from 0 is expected."
        raise ValueError(msg)
    if isinstance(query, str):
        if not query:
            msg = "query is empty; give a string or a table of hits."
            raise ValueError(msg)
        where = [
            (doc_id, match.start(), match.end())
            for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True)
            for match in re.finditer(re.escape(query), text)
        ]
    else:
        check_table(query, "hits")
        place = {doc_id: i for i, doc_id in enumerate(documents["doc_id"])}
        where = sorted(
            {h for h in zip(query["doc_id"], query["start"], query["end"], strict=True) if h[0] in place},
            key=lambda h: (place[h[0]], h[1], h[2]),
        )
    text_of = dict(zip(documents["doc_id"], documents["text"], strict=True))
    rows = []
    for doc_id, start, end in where:
        text = text_of[doc_id].replace("\n", " ")
        rows.append(
            (doc_id, start, end, text[max(0, start - window) : start], text[start:end], text[end : end + window])
        )
    lines = pd.DataFrame(rows, columns=["doc_id", "start", "end", "left", "keyword", "right"])
    lines["heading"] = "" if sections is None else _headings(lines, sections)
    dtypes = dict.fromkeys(["doc_id", "left", "keyword", "right", "heading"], "str") | {
        "start": "int64",
        "end": "int64",
    }
    return lines.astype(dtypes)


def _headings(lines: pd.DataFrame, sections: pd.DataFrame) -> list[str]:
    check_table(sections, "sections")
    blocks = dict(tuple(sections.groupby("doc_id", sort=False)))
    headings = []
    for doc_id, start in zip(lines["doc_id"], lines["start"], strict=True):
        block = blocks[doc_id]
        row = int(np.searchsorted(block["start"].to_numpy(), start, side="right")) - 1
        headings.append(block["label"].iloc[row] + block["heading"].iloc[row])
    return headings


def examples(hits: pd.DataFrame, sentences: pd.DataFrame, *, n: int = 3, seed: int = 0) -> pd.DataFrame:
    """Draw sentences to read behind the counts: up to `n` for each theme.

    Each theme is drawn for itself, so that its sentences do not depend on the other themes in `hits`.

    Parameters
    ----------
    hits, sentences : DataFrame
        Tables of those names.
    n : int
        Sentences a theme; all of them where a theme has fewer.
    seed : int

    Returns
    -------
    DataFrame
        theme, doc_id, sentence_id, start, end, text, matches (joined by "、"), move; sorted by theme, then place.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> shown = bl.examples(bl.find_hits(sentences, bl.load_codebook()), sentences, n=2)
    >>> int(shown.groupby("theme").size().max())
    2
    """
    check_table(hits, "hits")
    check_table(sentences, "sentences")
    if n < 1:
        msg = f"n={n}; at least one sentence a theme is expected."
        raise ValueError(msg)
    keys = ["theme", "doc_id", "sentence_id"]
    found = hits.groupby(keys, as_index=False)["match"].agg(lambda m: "、".join(dict.fromkeys(m)))
    drawn = []
    for _, of_theme in found.groupby("theme"):
        picked = np.random.default_rng(seed).choice(len(of_theme), size=min(n, len(of_theme)), replace=False)
        drawn.append(of_theme.iloc[np.sort(picked)])
    shown = pd.concat(drawn) if drawn else found
    shown = shown.rename(columns={"match": "matches"}).merge(
        sentences[["doc_id", "sentence_id", "start", "end", "text", "move"]],
        on=["doc_id", "sentence_id"],
        validate="m:1",
    )
    columns = ["theme", "doc_id", "sentence_id", "start", "end", "text", "matches", "move"]
    return shown[columns].sort_values(["theme", "doc_id", "start"], ignore_index=True)
