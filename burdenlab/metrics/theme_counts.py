"""Hits counted without their text, by document, section and move: what every rate is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.messages import with_chinese
from burdenlab.tables import (
    Rows,
    check_keys,
    check_table,
    check_themes,
    document_variables,
    find_rows,
    make_table,
    number_rows,
    sentence_rows,
)

__all__ = [
    "OF_SENTENCES",
    "Counts",
    "Tally",
    "add_up",
    "count_text",
    "count_themes",
    "lay_out",
    "leave_out",
    "tally_themes",
]

OF_SENTENCES = ("section_id", "section_move", "move")  # variables that sentences have, documents have not

Counts = npt.NDArray[np.int64]
_CELL = ["doc_id", "section_id", "section_move", "move"]  # what text is counted by


def count_themes(hits: pd.DataFrame, sentences: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count hits and text by document, section and move, so that rates can be computed without any sentence.

    Every measure of themes takes the two tables in the place of `hits` and `sentences` and gives the same numbers.

    Parameters
    ----------
    hits : DataFrame
        Table ``hits``.
    sentences : DataFrame
        Table ``sentences`` that the hits were found in.

    Returns
    -------
    theme_counts : DataFrame
        Table ``theme_counts``: only what occurs.
    exposure : DataFrame
        Table ``exposure``: the text that was looked at, also where nothing was found.

    Raises
    ------
    ValueError
        If `hits` holds a match twice or names a sentence that `sentences` lacks, or sentences of one section and move
        differ in ``section_move``.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> theme_counts, exposure = count_themes(bl.find_hits(sentences, bl.load_codebook()), sentences)
    >>> bool(exposure["n_han"].sum() == documents["n_han"].sum())
    True
    """
    at, counts, exposure = _counted(hits, sentences)
    counts = pd.concat([exposure[_CELL].iloc[at].reset_index(drop=True), counts], axis=1)
    exposure = exposure.groupby(_CELL, as_index=False, sort=True).sum()
    counts = counts.groupby([*_CELL, "theme"], as_index=False, sort=True).sum()
    if exposure.duplicated(["doc_id", "section_id", "move"]).any():
        strange = exposure[exposure.duplicated(["doc_id", "section_id", "move"])].iloc[0]
        msg = f"sentences gives section {strange['section_id']} of {strange['doc_id']!r} two section_moves; a section has one."
        raise with_chinese(
            ValueError(msg), f"{strange['doc_id']!r} 第 {strange['section_id']} 节有两个 section_move;每节只应有一个。"
        )
    return make_table("theme_counts", dict(counts.drop(columns="section_move"))), make_table("exposure", dict(exposure))


def count_text(sentences: pd.DataFrame) -> pd.DataFrame:
    """Give the Han characters and the number of sentences in each row, of sentences (1 each) or of ``exposure``.

    Examples
    --------
    >>> len(count_text(make_table("exposure", [])))
    0
    """
    if isinstance(sentences, pd.DataFrame) and "n_sentences" in sentences.columns:
        check_table(sentences, "exposure")
        return sentences[[*_CELL, "n_han", "n_sentences"]]
    check_table(sentences, "sentences")
    return pd.DataFrame({**{column: sentences[column] for column in (*_CELL, "n_han")}, "n_sentences": 1})


class Tally(NamedTuple):
    """What was counted: a row for each document and each value of the keys in it, a column for each theme."""

    cells: pd.DataFrame  # doc_id, the keys, n_han, n_sentences, _cluster, _stratum, _weight, _truncated
    n_hits: Counts  # (rows, themes)
    n_sentences_hit: Counts


def tally_themes(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    themes: Sequence[str],
    keys: Sequence[str],
    documents: pd.DataFrame | None = None,
    cluster: str | None = None,
    strata: str | None = None,
    weights: str | None = None,
    exclude: pd.DataFrame | Sequence[pd.DataFrame] = (),
) -> Tally:
    """Count hits and text for each document, and for each value of those keys that sentences have.

    Parameters
    ----------
    hits, sentences, themes, documents, cluster, strata, weights, exclude
        As for ``burdenlab.metrics.rates.theme_rates``; ``theme_counts`` and ``exposure`` serve too.
    keys : sequence of str
        Variables of documents or sentences.

    Returns
    -------
    Tally
        By doc_id, without documents (sentences) in which a key, the cluster, stratum or weight is missing or empty.

    Raises
    ------
    ValueError
        If tables or options do not fit; see ``theme_rates``.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> themes = bl.load_codebook().themes
    >>> tally = tally_themes(bl.find_hits(sentences, bl.load_codebook()), sentences, themes=themes, keys=["doc_id"])
    >>> tally.n_hits.shape == (len(documents), len(themes))
    True
    """
    check_keys(keys, taken=("theme",))
    check_themes(themes)
    (hits, sentences), gone = leave_out(exclude, hits, sentences)
    at, counts, exposure = _counted(hits, sentences)
    theme = pd.Index(list(themes)).get_indexer(counts["theme"])
    if unknown := sorted(set(counts["theme"][theme < 0])):
        msg = f"hits has theme(s) {unknown} that themes lacks; pass the themes of the codebook that made the hits."
        raise with_chinese(ValueError(msg), f"hits 中有 themes 里没有的主题 {unknown};请传入生成 hits 的编码本的主题。")
    cells, cell_of = lay_out(
        exposure, keys=keys, documents=documents, cluster=cluster, strata=strata, weights=weights, gone=gone
    )
    kept = cell_of[at] >= 0
    place = cell_of[at[kept]] * len(themes) + theme[kept]
    n_hits, n_sentences_hit = (
        add_up(place, counts[column].to_numpy()[kept], len(cells) * len(themes)).reshape(-1, len(themes))
        for column in ("n_hits", "n_sentences_hit")
    )
    return Tally(cells, n_hits, n_sentences_hit)


def lay_out(
    exposure: pd.DataFrame,
    *,
    keys: Sequence[str],
    documents: pd.DataFrame | None,
    cluster: str | None = None,
    strata: str | None = None,
    weights: str | None = None,
    gone: frozenset[str] = frozenset(),
) -> tuple[pd.DataFrame, Rows]:
    """Give the rows of a tally: documents, also those without text, split by the keys that sentences have.

    Gives also in which of them each row of `exposure` is counted, -1 for text that is left out.
    """
    if cluster in OF_SENTENCES and (cluster != "section_id" or "doc_id" not in keys):
        msg = f"cluster={cluster!r} with by={list(keys)}; 'section_id' serves inside documents, with 'doc_id' in by."
        raise with_chinese(ValueError(msg), f"cluster={cluster!r} 只能是 'section_id',且 by 须含 'doc_id'。")
    named = dict.fromkeys([*keys, *filter(None, [cluster, strata, weights])])
    of_documents = [v for v in named if v != "doc_id" and v not in OF_SENTENCES]
    units = document_variables(documents, of_documents, exposure)
    units = units[~units["doc_id"].isin(gone)] if gone else units
    cell_of = pd.Index(units["doc_id"]).get_indexer(exposure["doc_id"])
    cells = units.reset_index(drop=True)
    if of_sentences := [v for v in named if v in OF_SENTENCES]:
        for variable in of_sentences:
            cell_of = np.where(exposure[variable].isna() | exposure[variable].eq(""), -1, cell_of)
        unit, text = cell_of[cell_of >= 0], exposure[cell_of >= 0]
        cell_of[cell_of >= 0] = number = number_rows([pd.Series(unit), *(text[v] for v in of_sentences)])
        _, first = np.unique(number, return_index=True)
        cells = units.iloc[unit[first]].reset_index(drop=True)
        cells = cells.assign(**{v: text[v].array[first] for v in of_sentences})
    is_in = cell_of >= 0
    truncated: pd.Series | list[str] = []
    if documents is not None and "truncated" in documents:
        truncated = documents.loc[documents["truncated"].astype(bool), "doc_id"]
    n_han, n_sentences = exposure[["n_han", "n_sentences"]].to_numpy()[is_in].T
    cells = cells.assign(
        doc_id=cells["doc_id"].astype("str"),
        n_han=add_up(cell_of[is_in], n_han, len(cells)),
        n_sentences=add_up(cell_of[is_in], n_sentences, len(cells)),
        _cluster=cells[cluster or "doc_id"].astype("str"),
        _stratum=cells[strata].astype("str") if strata else "",
        _weight=cells[weights].astype("float64") if weights else 1.0,
        _truncated=cells["doc_id"].isin(truncated),
    )
    return cells, cell_of


def leave_out(
    exclude: pd.DataFrame | Sequence[pd.DataFrame], *tables: pd.DataFrame
) -> tuple[list[pd.DataFrame], frozenset[str]]:
    """Drop the documents and sentences that `exclude` names from tables; give also the documents dropped whole.

    Raises
    ------
    ValueError
        If a table of `exclude` has no doc_id, or names sentences where there are counts only.
    """
    gone: set[str] = set()
    kept = list(tables)
    for table in [exclude] if isinstance(exclude, pd.DataFrame) else exclude:
        if "doc_id" not in table.columns:
            msg = f"exclude has the columns {list(table.columns)}; expected doc_id, and sentence_id to name sentences."
            raise with_chinese(
                ValueError(msg), f"exclude 的列是 {list(table.columns)};需要 doc_id,若指句子还需要 sentence_id。"
            )
        named = table[~table["is_representative"]] if "is_representative" in table.columns else table
        by = [column for column in ("doc_id", "sentence_id") if column in named.columns]
        if any(column not in t.columns for t in kept for column in by):
            msg = "exclude names sentences, but counts know none; pass hits and sentences, or a table that names documents."
            raise with_chinese(
                ValueError(msg), "exclude 指定了句子,但计数表里没有句子;请传入 hits 和 sentences,或只指定文稿的表。"
            )
        places = pd.MultiIndex.from_frame(named[by])
        kept = [t[~pd.MultiIndex.from_frame(t[by]).isin(places)] for t in kept]
        gone |= set(named["doc_id"]) if by == ["doc_id"] else set()
    return kept, frozenset(gone)


def add_up(rows: Rows, values: Counts, n: int) -> Counts:
    """Add up whole numbers in each of `n` rows.

    Examples
    --------
    >>> add_up(np.array([1, 1]), np.array([3, 4]), 3).tolist()
    [0, 7, 0]
    """
    return np.bincount(rows, values, minlength=n).astype(np.int64)


def _counted(hits: pd.DataFrame, sentences: pd.DataFrame) -> tuple[Rows, pd.DataFrame, pd.DataFrame]:
    """Give what was counted, from either pair of tables: rows of the text, which may repeat, counts in them, the text."""
    if isinstance(hits, pd.DataFrame) and "n_hits" in hits.columns:
        check_table(hits, "theme_counts")
        exposure = count_text(sentences)
        counts = hits[["theme", "n_hits", "n_sentences_hit"]].reset_index(drop=True)
        return _places_of_counts(hits, exposure), counts, exposure
    check_table(hits, "hits")
    check_table(sentences, "sentences")
    at = sentence_rows(hits, sentences, name="hits")
    theme = pd.factorize(hits["theme"])[0]
    matches = pd.DataFrame({"at": at, "theme": theme, "start": hits["start"].array, "end": hits["end"].array})
    if matches.duplicated().any():
        msg = "hits holds the same match twice; pass the table that find_hits made."
        raise with_chinese(ValueError(msg), "hits 中同一处命中出现两次;请传入 find_hits 生成的表。")
    is_first = ~matches.duplicated(["at", "theme"]).to_numpy()
    counts = pd.DataFrame({"theme": hits["theme"].array, "n_hits": 1, "n_sentences_hit": is_first.astype(np.int64)})
    return at, counts, count_text(sentences)


def _places_of_counts(theme_counts: pd.DataFrame, exposure: pd.DataFrame) -> Rows:
    """Give the row of `exposure` that each count belongs to; raise unless both tables fit."""
    cell = ["doc_id", "section_id", "move"]
    is_second = theme_counts.duplicated([*cell, "theme"])
    if is_second.any():
        twice = ", ".join(map(str, theme_counts.loc[is_second, [*cell, "theme"]].iloc[0]))
        msg = f"hits holds the counts of ({twice}) twice; pass the tables that count_themes made."
        raise with_chinese(ValueError(msg), f"hits 中 ({twice}) 的计数出现两次;请传入 count_themes 生成的表。")
    at = find_rows(theme_counts, exposure, cell)
    if (at < 0).any():
        lost = ", ".join(map(str, theme_counts.loc[at < 0, cell].iloc[0]))
        msg = f"hits counts in ({lost}), which sentences lacks; pass theme_counts and exposure of the same corpus."
        raise with_chinese(
            ValueError(msg), f"hits 中 ({lost}) 的计数在 sentences 里没有;请传入同一语料的 theme_counts 与 exposure。"
        )
    return at
