"""Differences of themes between groups of documents, tested by permuting documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.contrasts import difference, influence, ratio
from burdenlab.messages import with_chinese
from burdenlab.metrics.estimates import check_unit
from burdenlab.metrics.theme_counts import Tally, tally_themes
from burdenlab.permutation import adjust_p
from burdenlab.tables import check_keys

__all__ = ["rate_differences", "rate_influence"]

_COLUMNS = (
    "against", "theme", "estimate", "ci_low", "ci_high", "p", "q", "n", "n_against", "reason", "rate", "rate_against",
    "ratio", "ratio_low", "ratio_high", "ratio_reason", "n_hits", "n_hits_against", "n_documents",
    "n_documents_against", "unit", "per",
)  # fmt: skip


def rate_differences(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    themes: Sequence[str],
    by: str,
    documents: pd.DataFrame,
    against: Any = None,
    unit: Literal["han", "sentence"] = "han",
    per: float = 1000,
    cluster: str | None = None,
    strata: str | None = None,
    weights: str | None = None,
    level: float = 0.95,
    n_resamples: int = 2000,
    n_permutations: int = 1999,
    seed: int = 0,
    exclude: pd.DataFrame | Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    r"""Difference and ratio of the rates of each theme between groups of documents, with intervals and a test.

    Parameters
    ----------
    hits, sentences, themes, unit, per, weights, exclude
        As for ``theme_rates``.
    by : str
        The document variable whose values are compared.
    documents : DataFrame
        Table ``documents``.
    against : optional
        The value that each other one is compared with; all other documents together where left out.
    cluster : str, optional
        The document variable whose values are resampled, and change sides, together.
    strata : str, optional
        The document variable inside whose values documents are resampled and permuted: what shall not explain the
        difference, such as the genre.
    level, n_resamples, n_permutations, seed
        See ``burdenlab.contrasts.difference``.

    Returns
    -------
    DataFrame
        One row for each value of `by` and theme: the value, ``against`` (``""``: all others), ``theme``, ``estimate``
        (rate minus the other rate), ``ci_low``, ``ci_high``, ``p`` (two-sided, by permuting documents), ``q``
        (Benjamini–Hochberg over the table), ``n``, ``n_against`` (clusters), ``reason``, ``rate``, ``rate_against``,
        ``ratio``, ``ratio_low``, ``ratio_high``, ``ratio_reason``, ``n_hits``, ``n_hits_against``, ``n_documents``,
        ``n_documents_against``, ``unit``, ``per``. No bounds below 8 clusters on a side (``n_small``), no p below 3;
        NaN with ``n_zero`` where a side has no text, and ``no_hits`` for a ratio to a rate of 0.

    Raises
    ------
    ValueError
        As ``theme_rates``, and where `against` is no value of `by`.

    Notes
    -----
    Groups may differ in genre, length and year as well as in what `by` names: a difference between groups is no effect
    of the group. A single group of many, picked for its small p, needs ``q``.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports", metadata="data/demo/metadata.csv")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> hits = bl.find_hits(sentences, bl.load_codebook())
    >>> compared = {"by": "level", "documents": documents, "against": "county", "n_resamples": 99}
    >>> found = rate_differences(hits, sentences, themes=bl.load_codebook().themes, **compared)
    >>> found["level"].unique().tolist(), bool((found["q"] >= found["p"]).all())
    (['township'], True)
    """
    check_keys([by], taken=(*_COLUMNS, "section_id", "section_move", "move"))
    tally, exposure = _tally(
        hits, sentences, themes, [by], documents, unit, per,
        cluster=cluster, strata=strata, weights=weights, exclude=exclude,
    )  # fmt: skip
    cells, counts = tally.cells, tally.n_hits if unit == "han" else tally.n_sentences_hit
    values = sorted(cells[by].unique())
    if against is not None and against not in values:
        msg = f"against={against!r} is no value of {by}; it has {values}."
        raise with_chinese(ValueError(msg), f"against={against!r} 不是 {by} 的取值;现有 {values}。")
    draws = {"level": level, "n_resamples": n_resamples, "n_permutations": n_permutations, "seed": seed}
    tables = []
    for value in [v for v in values if v != against] if len(values) > 1 else []:
        is_target = (cells[by] == value).to_numpy(dtype=bool)
        rows = np.ones(len(cells), dtype=bool) if against is None else cells[by].isin([value, against]).to_numpy()
        own = Tally(cells[rows], tally.n_hits[rows], tally.n_sentences_hit[rows])
        table = _compare(own, counts[rows], exposure[rows], is_target[rows], themes, per, draws)
        table.insert(0, by, value)
        tables.append(table.assign(against="" if against is None else str(against), unit=unit, per=float(per)))
    text = dict.fromkeys(("against", "theme", "reason", "ratio_reason", "unit"), "str")
    whole = dict.fromkeys(("n", "n_against", "n_hits", "n_hits_against", "n_documents", "n_documents_against"), "int64")
    dtypes = {c: {**text, **whole, by: cells[by].dtype}.get(c, "float64") for c in (by, *_COLUMNS)}
    found = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(dtypes))
    return found.assign(q=adjust_p(found["p"].astype("float64")))[list(dtypes)].astype(dtypes)


def _compare(
    tally: Tally,
    counts: npt.NDArray[Any],
    exposure: npt.NDArray[Any],
    side: npt.NDArray[np.bool_],
    themes: Sequence[str],
    per: float,
    draws: dict[str, Any],
) -> pd.DataFrame:
    """Compare two sides, a row a theme."""
    cells, weight = tally.cells, tally.cells["_weight"].to_numpy()
    labels = {"clusters": cells["_cluster"].to_numpy(), "strata": cells["_stratum"].to_numpy(), "weights": weight}
    gap = difference(counts, exposure, side, **labels, **draws)
    times = ratio(counts, exposure, side, **labels, **{**draws, "n_permutations": 0})  # its p would be the same
    columns: dict[str, Any] = {
        "theme": list(themes),
        **{name: per * numbers for name, numbers in zip(("estimate", "ci_low", "ci_high"), gap[:3], strict=True)},
        "p": gap.p,
        "reason": gap.reason,
        **dict(zip(("ratio", "ratio_low", "ratio_high"), times[:3], strict=True)),
        "ratio_reason": times.reason,
    }
    for name, rows in (("", side), ("_against", ~side)):
        columns[f"n{name}"] = cells["_cluster"][rows & (exposure > 0)].nunique()
        columns[f"rate{name}"] = per * _rate(counts[rows], exposure[rows], weight[rows])
        columns[f"n_hits{name}"] = tally.n_hits[rows].sum(axis=0)
        columns[f"n_documents{name}"] = int(rows.sum())
    return pd.DataFrame(columns)


def rate_influence(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    themes: Sequence[str],
    leave_out: str = "doc_id",
    documents: pd.DataFrame | None = None,
    unit: Literal["han", "sentence"] = "han",
    per: float = 1000,
    exclude: pd.DataFrame | Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    """Rates without one document, place or year after the other, the one that weighs most first.

    Parameters
    ----------
    hits, sentences, themes, documents, unit, per, exclude
        As for ``theme_rates``.
    leave_out : str
        ``"doc_id"`` or a document variable.

    Returns
    -------
    DataFrame
        One row for each value of `leave_out` and theme: the value, ``theme``, ``estimate`` (of all), ``without`` (the
        rate of the others), ``change`` (``without / estimate - 1``; -0.4: the value alone makes four tenths of the
        rate), ``n_hits``, ``n_han``, ``n_sentences`` (of the value), ``unit``, ``per``, ``reason``. The largest changes
        of each theme stand first. NaN with the reason ``n_zero`` where nothing is left to count in, ``no_hits`` for a
        change of a rate of 0.

    Raises
    ------
    ValueError
        As ``theme_rates``.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> hits = bl.find_hits(sentences, bl.load_codebook())
    >>> found = rate_influence(hits, sentences, themes=bl.load_codebook().themes)
    >>> len(found) == 18 * len(bl.load_codebook().themes)
    True
    """
    check_keys([leave_out], taken=(*_COLUMNS, "without", "change", "section_id", "section_move", "move"))
    tally, exposure = _tally(hits, sentences, themes, [leave_out], documents, unit, per, exclude=exclude)
    cells, counts = tally.cells, tally.n_hits if unit == "han" else tally.n_sentences_hit
    codes, values = pd.factorize(cells[leave_out], sort=True)
    labels, without = influence(counts, exposure, codes)
    estimate = _rate(counts, exposure, np.ones(len(cells)))
    own = np.zeros((len(labels), len(themes) + 2), dtype=np.int64)
    np.add.at(own, codes, np.column_stack([tally.n_hits, cells[["n_han", "n_sentences"]]]).astype(np.int64))
    g, k = without.shape
    table = pd.DataFrame(
        {
            leave_out: np.repeat(np.asarray(values), k),
            "theme": np.tile(np.array(themes, dtype=object), g),
            "estimate": np.tile(per * estimate, g),
            "without": per * without.ravel(),
            "change": np.divide(without, estimate, out=np.full((g, k), np.nan), where=estimate > 0).ravel() - 1,
            "n_hits": own[:, :k].ravel(),
            "n_han": np.repeat(own[:, k], k),
            "n_sentences": np.repeat(own[:, k + 1], k),
            "unit": unit,
            "per": float(per),
        }
    )
    nothing = table["without"].isna().to_numpy()
    table["reason"] = np.where(nothing, "n_zero", np.where(table["change"].isna(), "no_hits", ""))
    table = table.astype({leave_out: cells[leave_out].dtype} | dict.fromkeys(("theme", "unit", "reason"), "str"))
    place = pd.Index(list(themes)).get_indexer(table["theme"])
    order = table.assign(_theme=place, _size=-table["change"].abs()).sort_values(
        ["_theme", "_size", leave_out], kind="stable"
    )
    return order.drop(columns=["_theme", "_size"]).reset_index(drop=True)


def _tally(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    themes: Sequence[str],
    keys: list[str],
    documents: pd.DataFrame | None,
    unit: str,
    per: float,
    **options: Any,
) -> tuple[Tally, npt.NDArray[np.int64]]:
    check_unit(unit, per)
    tally = tally_themes(hits, sentences, themes=themes, keys=keys, documents=documents, **options)
    return tally, tally.cells["n_han" if unit == "han" else "n_sentences"].to_numpy()


def _rate(h: npt.NDArray[Any], d: npt.NDArray[Any], weight: npt.NDArray[Any]) -> npt.NDArray[Any]:
    total = float((d * weight).sum())
    return (h * weight[:, None]).sum(axis=0) / total if total > 0 else np.full(h.shape[1], np.nan)
