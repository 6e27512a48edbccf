"""The reading behind a number: keyword in context, and sentences drawn by seed."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from burdenlab.messages import check_option, with_chinese
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
    check_option("window", window, window >= 0, "a number of characters from 0", "不小于 0 的整数")
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    if isinstance(query, str):
        if not query:
            msg = "query is empty; give a string or a table of hits."
            raise with_chinese(ValueError(msg), "query 为空;请给出字符串或命中表。")
        found = re.compile(re.escape(query))
        where = [(doc_id, *match.span()) for doc_id, text in texts.items() for match in found.finditer(text)]
    else:
        check_table(query, "hits", called="query")
        order = {doc_id: at for at, doc_id in enumerate(texts)}
        places = set(zip(query["doc_id"], query["start"], query["end"], strict=True))
        where = sorted((p for p in places if p[0] in order), key=lambda p: (order[p[0]], *p[1:]))
    rows = []
    for doc_id, start, end in where:
        text = texts[doc_id]
        sides = text[max(0, start - window) : start], text[start:end], text[end : end + window]
        rows.append((doc_id, start, end, *(side.replace("\n", " ") for side in sides)))
    dtypes = {"doc_id": "str", "start": "int64", "end": "int64", "left": "str", "keyword": "str", "right": "str"}
    lines = pd.DataFrame(rows, columns=list(dtypes)).astype(dtypes)
    lines["heading"] = "" if sections is None else _headings(lines, sections)
    return lines.astype({"heading": "str"})


def _headings(lines: pd.DataFrame, sections: pd.DataFrame) -> list[str]:
    """Give the marker and heading of the innermost section of each line: the last one that starts before it."""
    check_table(sections, "sections")
    blocks = dict(tuple(sections.groupby("doc_id", sort=False)))
    headings = []
    for doc_id, start in zip(lines["doc_id"], lines["start"], strict=True):
        section = blocks[doc_id].iloc[int(np.searchsorted(blocks[doc_id]["start"], start, side="right")) - 1]
        headings.append(section["label"] + section["heading"])
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
    check_option("n", n, n >= 1, "at least one sentence a theme", "不小于 1 的整数")
    keys = ["theme", "doc_id", "sentence_id"]
    found = hits.groupby(keys, as_index=False)["match"].agg(lambda m: "、".join(dict.fromkeys(m)))
    found = found.rename(columns={"match": "matches"})
    drawn = [found.iloc[:0]]
    for _, of_theme in found.groupby("theme"):
        picked = np.random.default_rng(seed).choice(len(of_theme), size=min(n, len(of_theme)), replace=False)
        drawn.append(of_theme.iloc[np.sort(picked)])
    places = sentences[["doc_id", "sentence_id", "start", "end", "text", "move"]]
    shown = pd.concat(drawn).merge(places, on=["doc_id", "sentence_id"], validate="m:1")
    columns = ["theme", "doc_id", "sentence_id", "start", "end", "text", "matches", "move"]
    return shown[columns].sort_values(["theme", "doc_id", "start"], ignore_index=True)
