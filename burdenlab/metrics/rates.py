"""Rates of themes, over documents or groups, with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import pandas as pd

from burdenlab.metrics.estimates import Method, check_unit, estimate_table, group_cells, group_ratios
from burdenlab.metrics.theme_counts import tally_themes
from burdenlab.tables import check_keys

__all__ = ["group_variables", "theme_rates"]

_COLUMNS = (
    "theme", "estimate", "ci_low", "ci_high", "n", "reason", "n_hits", "n_han", "n_sentences", "n_sentences_hit",
    "n_documents", "unit", "per",
)  # fmt: skip


def theme_rates(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    themes: Sequence[str],
    by: str | Sequence[str] | None = "doc_id",
    documents: pd.DataFrame | None = None,
    unit: Literal["han", "sentence"] = "han",
    per: float = 1000,
    cluster: str | None = None,
    level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
    exclude: pd.DataFrame | Sequence[pd.DataFrame] = (),
    method: Method = "bootstrap",
    strata: str | None = None,
    weights: str | None = None,
) -> pd.DataFrame:
    r"""Rate of each theme, over documents or groups of them, with an interval between documents.

    Parameters
    ----------
    hits : DataFrame
        Table ``hits``, or ``theme_counts``, which ``count_themes`` makes.
    sentences : DataFrame
        Table ``sentences`` that the hits were found in: the denominator. With ``theme_counts`` the table ``exposure``.
    themes : sequence of str
        Usually ``codebook.themes``; a theme without a hit has the rate 0.
    by : str, list of str or None
        ``"doc_id"``: each document; ``None``: all pooled; else variables of `documents` such as ``"level"`` or
        ``["level", "year"]``, or ``"move"``, ``"section_move"`` and ``"section_id"`` of the sentences. Documents
        (sentences) in which a variable is missing or empty are left out.
    documents : DataFrame, optional
        Needed where `by`, `cluster`, `strata` or `weights` names a document variable; a document without sentences is
        then in the grid.
    unit : {"han", "sentence"}
        ``"han"``: matches per `per` Han characters; ``"sentence"``: sentences with a match per `per` sentences.
    per : float
        With ``unit="sentence"``, ``per=1`` gives a share in [0, 1].
    cluster : str, optional
        The document variable whose values are resampled together; each document by itself where left out.
        ``"section_id"``, with ``by="doc_id"``, draws the sections of one text: that interval describes the text
        (``within_text``) and says nothing of others.
    level, n_resamples, seed
        Of the studentised bootstrap, see ``burdenlab.uncertainty.ratio_interval``.
    exclude : DataFrame or list of them
        What is left out of hits and denominator; everything counts by default. A table with ``sentence_id`` names
        sentences (``sentences[sentences["is_quotation"]]``, or rows of ``reused_sentences``), one without names
        documents; of ``find_duplicates`` each cluster keeps its representative.
    method : {"bootstrap", "jackknife"}
        ``"jackknife"``: delete-one with t on the logarithm, in which nothing is drawn and a million documents cost a
        second, see ``burdenlab.uncertainty.jackknife_interval``.
    strata, weights : str, optional
        Document variables, where documents were drawn from strata or with unequal probabilities (weight: the inverse
        of the probability). The estimate is weighted then; the counts are not.

    Returns
    -------
    DataFrame
        One row for each combination of `by` that occurs and theme, zeros kept: the keys, ``theme``, ``estimate``,
        ``ci_low``, ``ci_high``, ``n`` (clusters that have text), ``reason``, ``n_hits``, ``n_han``, ``n_sentences``,
        ``n_sentences_hit``, ``n_documents``, ``unit``, ``per``. Sorted by the keys, themes in the order given.
        ``estimate`` is at least 0; NaN with the reason ``n_zero`` where there is nothing to count in. The bounds are
        NaN below 8 clusters (``n_small``); below 20 (``n_low``), and where fewer than 5 have a hit (``few_hits``), they
        are rough.

    Raises
    ------
    ValueError
        If a variable is unknown, `hits` names a theme that `themes` lacks or a sentence that `sentences` lacks.

    Notes
    -----
    :math:`\text{estimate} = \text{per} \cdot \sum_i h_i / \sum_i d_i` over the documents i of the group: a ratio of
    sums, in which long documents weigh more. Longer lists of terms find more: compare one theme between groups rather
    than two themes within one. Grimmer & Stewart (2013), doi:10.1093/pan/mps028, on why a dictionary needs validation
    first. How often the intervals hold what they claim stands in ``data/coverage.md``.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports", metadata="data/demo/metadata.csv")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> codebook = bl.load_codebook()
    >>> hits = bl.find_hits(sentences, codebook)
    >>> rates = bl.theme_rates(hits, sentences, themes=codebook.themes, by="level", documents=documents)
    >>> len(rates) == 2 * len(codebook.themes)
    True
    """
    keys = check_keys(by, taken=_COLUMNS)
    check_unit(unit, per)
    tally = tally_themes(
        hits, sentences, themes=themes, keys=keys, documents=documents,
        cluster=cluster, strata=strata, weights=weights, exclude=exclude,
    )  # fmt: skip
    cells = tally.cells
    groups = group_cells(cells, keys)
    ratios = group_ratios(
        cells, groups, tally.n_hits if unit == "han" else tally.n_sentences_hit,
        cells["n_han" if unit == "han" else "n_sentences"].to_numpy(),
        level=level, n_resamples=n_resamples, seed=seed, method=method, within_text=cluster == "section_id",
        most=1 if unit == "sentence" else math.inf,
    )  # fmt: skip
    columns = {
        **{name: per * ratios[name] for name in ("estimate", "ci_low", "ci_high")},
        "n": ratios["n"],
        "reason": ratios["reason"],
        "n_hits": groups.sums(tally.n_hits),
        **{name: groups.sums(cells[name].to_numpy())[:, None] for name in ("n_han", "n_sentences")},
        "n_sentences_hit": groups.sums(tally.n_sentences_hit),
        "n_documents": groups.distinct(cells["doc_id"])[:, None],
        "unit": unit,
        "per": float(per),
    }
    return estimate_table(groups, ("theme", list(themes)), columns)


_COMPARED = ("genre", "level", "region", "provenance", "period", "year", "decade")
_MOST_GROUPS = 40
_MOST_YEARS = 12


def group_variables(documents: pd.DataFrame) -> list[str]:
    """Name the document variables that can be compared as they are.

    Of genre, level, region, provenance, period, year and decade those with 2 to 40 values, one of which at least two
    documents share; a decade stands in for more than 12 years.

    Examples
    --------
    >>> group_variables(pd.DataFrame({"level": ["county", "county", "township"], "genre": ["a"] * 3}))
    ['level']
    """
    counts = {v: documents[v].dropna().astype("str").value_counts() for v in _COMPARED if v in documents}
    usable = [v for v, c in counts.items() if 2 <= len(c) <= _MOST_GROUPS and c.iloc[0] > 1]
    many_years = len(counts.get("year", ())) > _MOST_YEARS
    return [v for v in usable if v != ("year" if many_years else "decade")]
