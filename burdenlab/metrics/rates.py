"""Rates of themes, over documents or groups, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.tables import check_table
from burdenlab.uncertainty import ratio_interval

__all__ = ["group_variables", "theme_rates"]

_OF_SENTENCES = ("section_move", "move")  # variables that sentences have, documents have not


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
) -> pd.DataFrame:
    r"""Rate of each theme, over documents or groups of them, with an interval between documents.

    Parameters
    ----------
    hits : DataFrame
        Table ``hits``.
    sentences : DataFrame
        Table ``sentences`` that the hits were found in: the denominator.
    themes : sequence of str
        Usually ``codebook.themes``; a theme without a hit has the rate 0.
    by : str, list of str or None
        ``"doc_id"``: each document; ``None``: all pooled; else variables of `documents` such as ``"level"`` or
        ``["level", "year"]``, or ``"move"`` and ``"section_move"`` of the sentences. Documents (sentences) in which a
        variable is missing or empty are left out.
    documents : DataFrame, optional
        Needed where `by` or `cluster` names a document variable; a document without sentences is then in the grid.
    unit : {"han", "sentence"}
        ``"han"``: matches per `per` Han characters; ``"sentence"``: sentences with a match per `per` sentences.
    per : float
        With ``unit="sentence"``, ``per=1`` gives a share in [0, 1].
    cluster : str, optional
        The document variable whose values are resampled together; each document by itself where left out.
    level, n_resamples, seed
        Of the studentised bootstrap, see ``burdenlab.uncertainty.ratio_interval``.
    exclude : DataFrame or list of them
        What is left out of hits and denominator; everything counts by default. A table with ``sentence_id`` names
        sentences (``sentences[sentences["is_quotation"]]``, or rows of ``reused_sentences``), one without names
        documents; of ``find_duplicates`` each cluster keeps its representative.

    Returns
    -------
    DataFrame
        One row for each combination of `by` that occurs and theme, zeros kept: the keys, ``theme``, ``estimate``,
        ``ci_low``, ``ci_high``, ``n`` (clusters), ``reason``, ``n_hits``, ``n_han``, ``n_sentences``,
        ``n_sentences_hit``, ``n_documents``, ``unit``, ``per``. Sorted by the keys, themes in the order given. ``estimate`` is at least 0;
        NaN with the reason ``n_zero`` where there is nothing to count in. The bounds are NaN below 8 clusters
        (``n_small``); below 20 they are rough (``n_low``).

    Raises
    ------
    ValueError
        If a variable is unknown, `hits` names a theme that `themes` lacks or a sentence that `sentences` lacks.

    Notes
    -----
    :math:`\\text{estimate} = \\text{per} \\cdot \\sum_i h_i / \\sum_i d_i` over the documents i of the group: a ratio of sums, in which
    long documents weigh more. Longer lists of terms find more: compare one theme between groups rather than two themes
    within one. Grimmer & Stewart (2013), doi:10.1093/pan/mps028, on why a dictionary needs validation first.

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
    check_table(hits, "hits")
    check_table(sentences, "sentences")
    hits, sentences = _leave_out(hits, sentences, [exclude] if isinstance(exclude, pd.DataFrame) else list(exclude))
    keys = [by] if isinstance(by, str) else list(by or [])
    _check_options(hits, themes, keys, unit, per)
    units = _units(sentences, documents, keys, cluster)
    counts = _count(hits, sentences, units, keys, list(themes))
    chosen, exposure = ("_hits_", "_n_han") if unit == "han" else ("_hit_", "_n_sentences")
    columns = [exposure, *(f"{chosen}{theme}" for theme in themes)]
    rows = []
    for values, of_group in _groups(counts, keys):
        clusters = of_group.groupby("_cluster", sort=True)[columns].sum().to_numpy(dtype=float)
        rates = _rates(clusters[:, 1:], clusters[:, 0], per, level, n_resamples, seed)
        sums = of_group[[f"_{kind}_{t}" for kind in ("hits", "hit") for t in themes]].sum().to_numpy(dtype="int64")
        totals = of_group[["_n_han", "_n_sentences"]].sum().astype("int64")
        rows.append(
            pd.DataFrame(
                {
                    **dict(zip(keys, values, strict=True)),
                    "theme": list(themes),
                    **rates,
                    "n_hits": sums[: len(themes)],
                    "n_han": totals["_n_han"],
                    "n_sentences": totals["_n_sentences"],
                    "n_sentences_hit": sums[len(themes) :],
                    "n_documents": of_group["doc_id"].nunique(),
                    "unit": unit,
                    "per": float(per),
                }
            )
        )
    return _assemble(rows, keys, units)


def _leave_out(
    hits: pd.DataFrame, sentences: pd.DataFrame, tables: list[pd.DataFrame]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    for table in tables:
        if "doc_id" not in table.columns:
            msg = f"exclude has the columns {list(table.columns)}; expected doc_id, and sentence_id to name sentences."
            raise ValueError(msg)
        named = table[~table["is_representative"]] if "is_representative" in table.columns else table
        by = [column for column in ("doc_id", "sentence_id") if column in named.columns]
        gone = pd.MultiIndex.from_frame(named[by])
        hits, sentences = (t[~pd.MultiIndex.from_frame(t[by]).isin(gone)] for t in (hits, sentences))
    return hits, sentences


def _check_options(hits: pd.DataFrame, themes: Sequence[str], keys: list[str], unit: str, per: float) -> None:
    if isinstance(themes, str) or len(set(themes)) != len(themes) or not len(themes):
        msg = f"themes={themes!r}; a sequence of different theme ids is expected, such as codebook.themes."
        raise ValueError(msg)
    unknown = sorted(set(hits["theme"]) - set(themes))
    if unknown:
        msg = f"hits has theme(s) {unknown} that themes lacks; pass the themes of the codebook that made the hits."
        raise ValueError(msg)
    if unit not in ("han", "sentence"):
        msg = f"unit={unit!r}; 'han' or 'sentence' is expected."
        raise ValueError(msg)
    if not per > 0:
        msg = f"per={per}; a positive number is expected."
        raise ValueError(msg)
    if "theme" in keys or len(set(keys)) != len(keys):
        msg = f"by={keys}; different variables other than 'theme' are expected."
        raise ValueError(msg)


def _units(
    sentences: pd.DataFrame, documents: pd.DataFrame | None, keys: list[str], cluster: str | None
) -> pd.DataFrame:
    """Give each document with its variables and its cluster."""
    wanted = [v for v in dict.fromkeys([*keys, *([cluster] if cluster else [])]) if v not in ("doc_id", *_OF_SENTENCES)]
    if documents is None:
        if wanted:
            msg = f"by/cluster names the document variable(s) {wanted}; pass documents=, the table that holds them."
            raise ValueError(msg)
        units = pd.DataFrame({"doc_id": sentences["doc_id"].drop_duplicates()})
    else:
        check_table(documents, "documents")
        missing = [v for v in wanted if v not in documents.columns]
        if missing:
            msg = f"documents has no variable {missing}; it has {list(documents.columns)}."
            raise ValueError(msg)
        units = documents[["doc_id", *wanted]]
        strange = sorted(set(sentences["doc_id"]) - set(units["doc_id"]))
        if strange:
            msg = f"sentences holds document {strange[0]!r}, which documents lacks; pass tables of the same corpus."
            raise ValueError(msg)
    units = units.sort_values("doc_id", ignore_index=True)
    for variable in wanted:
        units = units[units[variable].notna() & (units[variable].astype("str") != "")]
    return units.assign(_cluster=units[cluster or "doc_id"].astype("str"))


def _count(
    hits: pd.DataFrame, sentences: pd.DataFrame, units: pd.DataFrame, keys: list[str], themes: list[str]
) -> pd.DataFrame:
    """Count for each document (and move): exposure, hits and sentences hit, a column a theme."""
    cell = ["doc_id", *[k for k in keys if k in _OF_SENTENCES]]
    one = sentences[[*cell, "sentence_id", "n_han"]]
    if hits.duplicated(["doc_id", "sentence_id", "theme", "start", "end"]).any():
        msg = "hits holds the same match twice; pass the table that find_hits made."
        raise ValueError(msg)
    placed = hits[["doc_id", "sentence_id", "theme"]].merge(
        one, on=["doc_id", "sentence_id"], how="left", validate="m:1"
    )
    if placed["n_han"].isna().any():
        lost = placed.loc[placed["n_han"].isna()].iloc[0]
        msg = f"hits names sentence {lost['sentence_id']} of {lost['doc_id']!r}, which sentences lacks; pass the table used for find_hits."
        raise ValueError(msg)
    exposure = one.groupby(cell).agg(_n_han=("n_han", "sum"), _n_sentences=("sentence_id", "size"))
    n_hits = _wide(placed, cell, themes).add_prefix("_hits_")
    n_hit = _wide(placed.drop_duplicates([*cell, "sentence_id", "theme"]), cell, themes).add_prefix("_hit_")
    counts = exposure.join([n_hits, n_hit]).fillna(0).reset_index()
    counts = units.merge(counts, on="doc_id", how="left").fillna({c: 0 for c in counts.columns if c not in cell})
    for variable in cell[1:]:
        counts = counts[counts[variable].notna() & (counts[variable] != "")]
    return counts


def _wide(placed: pd.DataFrame, cell: list[str], themes: list[str]) -> pd.DataFrame:
    sizes = placed.groupby([*cell, "theme"]).size()
    return sizes.unstack("theme").reindex(columns=themes).fillna(0)


def _groups(counts: pd.DataFrame, keys: list[str]) -> list[tuple[tuple[object, ...], pd.DataFrame]]:
    if not keys:
        return [((), counts)]
    return [(values, group) for values, group in counts.groupby(keys, sort=True)]


def _rates(
    h: npt.NDArray[np.float64], d: npt.NDArray[np.float64], per: float, level: float, n_resamples: int, seed: int
) -> dict[str, object]:
    interval = ratio_interval(h, d, level=level, n_resamples=n_resamples, seed=seed)
    estimate = per * h.sum(axis=0) / d.sum() if d.sum() > 0 else np.full(h.shape[1], np.nan)
    bounds = {"ci_low": per * interval.low, "ci_high": per * interval.high}
    return {"estimate": estimate, **bounds, "n": len(d), "reason": interval.reason}


def _assemble(rows: list[pd.DataFrame], keys: list[str], units: pd.DataFrame) -> pd.DataFrame:
    if not rows:
        counts = ("n_hits", "n_han", "n_sentences", "n_sentences_hit", "n_documents")
        floats = ("estimate", "ci_low", "ci_high")
        columns = [*keys, "theme", *floats, "n", "reason", *counts, "unit", "per"]
        dtypes = dict.fromkeys((*floats, "per"), "float64") | dict.fromkeys(("n", *counts), "int64")
        return pd.DataFrame(columns=columns).astype({c: dtypes.get(c, "str") for c in columns})
    table = pd.concat(rows, ignore_index=True)
    return table.astype(
        {k: units[k].dtype if k in units else "str" for k in keys} | dict.fromkeys(("theme", "reason", "unit"), "str")
    )


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
