"""Presence of themes: in how many documents, or sections, a theme is mentioned at all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd

from burdenlab.messages import with_chinese
from burdenlab.metrics.estimates import case_shares, estimate_table, group_cells, group_ratios
from burdenlab.metrics.theme_counts import Counts, Tally, tally_themes
from burdenlab.resampling import check_level
from burdenlab.tables import check_keys

__all__ = ["theme_presence"]

_COLUMNS = (
    "theme", "estimate", "ci_low", "ci_high", "n", "reason", "n_documents_hit", "n_documents", "n_sections_hit",
    "n_sections", "of",
)  # fmt: skip


def theme_presence(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    themes: Sequence[str],
    by: str | Sequence[str] | None = None,
    documents: pd.DataFrame | None = None,
    of: Literal["document", "section"] = "document",
    cluster: str | None = None,
    level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
    exclude: pd.DataFrame | Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    r"""Share of documents, or of sections, that mention a theme.

    A slogan repeated twenty times is one mention here, a theme named once in each of twenty reports is twenty.

    Parameters
    ----------
    hits, sentences, themes, by, documents, exclude
        As for ``theme_rates``; with ``"move"`` in `by`, documents (sections) that have sentences of the move.
    of : {"document", "section"}
        Sections are the innermost ones, which hold the sentences.
    cluster : str, optional
        The document variable whose values are resampled together.
    level, n_resamples, seed
        Of the interval: Wilson's for documents, which are independent of each other; the studentised bootstrap for
        sections, which are drawn with their document, and where `cluster` is given.

    Returns
    -------
    DataFrame
        One row for each combination of `by` and theme: the keys, ``theme``, ``estimate`` in [0, 1], ``ci_low``,
        ``ci_high``, ``n`` (documents or clusters that have text), ``reason``, ``n_documents_hit``, ``n_documents``
        (that have text), ``n_sections_hit``, ``n_sections``, ``of``. NaN with the reason ``n_zero`` without text; no
        bounds below 8 (``n_small``), rough ones below 20 (``n_low``).

    Raises
    ------
    ValueError
        As ``theme_rates``.

    Notes
    -----
    Long documents mention more: compare groups of documents of like length, or look at ``theme_rates``.
    Wilson (1927), doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> hits = bl.find_hits(sentences, bl.load_codebook())
    >>> presence = theme_presence(hits, sentences, themes=bl.load_codebook().themes)
    >>> bool((presence["n_documents_hit"] == 18 * presence["estimate"]).all())
    True
    """
    if of not in ("document", "section"):
        msg = f"of={of!r}; 'document' or 'section' is expected."
        raise with_chinese(ValueError(msg), f"of={of!r} 应为 'document' 或 'section'。")
    check_level(level)
    keys = check_keys(by, taken=(*_COLUMNS, "section_id"))
    tally = partial(tally_themes, hits, sentences, themes=themes, documents=documents, cluster=cluster, exclude=exclude)
    cells, n_hits, _ = tally(keys=keys)
    found, has_text = (n_hits > 0).astype(np.int64), (cells["n_sentences"] > 0).to_numpy().astype(np.int64)
    found_sections, n_sections = _count_sections(tally(keys=[*keys, "section_id"]), cells, keys)
    groups = group_cells(cells, keys)
    totals = groups.sums(found), groups.sums(has_text)
    if of == "document" and cluster is None:
        ratios = case_shares(totals[0], np.broadcast_to(totals[1][:, None], totals[0].shape), level=level)
    else:
        counted = (found, has_text) if of == "document" else (found_sections, n_sections)
        ratios = group_ratios(cells, groups, *counted, level=level, n_resamples=n_resamples, seed=seed, most=1)
    columns = {
        **{name: ratios[name] for name in ("estimate", "ci_low", "ci_high", "n", "reason")},
        "n_documents_hit": totals[0],
        "n_documents": totals[1][:, None],
        "n_sections_hit": groups.sums(found_sections),
        "n_sections": groups.sums(n_sections)[:, None],
        "of": of,
    }
    return estimate_table(groups, ("theme", list(themes)), columns)


def _count_sections(tally: Tally, cells: pd.DataFrame, keys: list[str]) -> tuple[Counts, Counts]:
    """Count for each row of cells the sections with each theme, (rows, k), and all of them, (rows,)."""
    place = list(dict.fromkeys(["doc_id", *keys]))
    documents = group_cells(tally.cells, place)
    at = documents.keys.merge(cells[place].assign(_row=np.arange(len(cells))), on=place, validate="1:1")["_row"]
    found = np.zeros((len(cells), tally.n_hits.shape[1]), dtype=np.int64)
    n_sections = np.zeros(len(cells), dtype=np.int64)
    found[at] = documents.sums((tally.n_hits > 0).astype(np.int64))
    n_sections[at] = documents.sums(np.ones(len(tally.cells), dtype=np.int64))
    return found, n_sections
