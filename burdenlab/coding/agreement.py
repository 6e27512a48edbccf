"""How far coders agree: per theme and on the move, beyond chance, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.coding.codes import FINAL, check_codes, code_matrix
from burdenlab.messages import check_option, with_chinese
from burdenlab.resampling import SMALLEST_N, SURE_N, check_level
from burdenlab.uncertainty import resampled_sums

__all__ = ["agreement", "krippendorff_alpha"]

Array = npt.NDArray[np.float64]
FEWEST_POSITIVES = 10
_MEASURES = ("percent", "dice", "alpha", "kappa")


def agreement(
    codes: pd.DataFrame, *, themes: Sequence[str], level: float = 0.95, n_resamples: int = 2000, seed: int = 0
) -> pd.DataFrame:
    r"""Agreement of coders per theme, on all pairs of sentence and theme, and on the move.

    It describes the coded units: a sample rich in themes is not the corpus. Percent agreement alone flatters rare themes.

    Parameters
    ----------
    codes : DataFrame
        Table ``codes`` of one round with two or more coders; adjudicated rows are left out. Units need not be coded by
        all.
    themes : sequence of str
        Usually ``codebook.themes``.
    level : float
        In (0, 1).
    n_resamples, seed : int

    Returns
    -------
    DataFrame
        One row a theme, then "all themes" (the pairs of sentence and theme as units), then "move": theme; n_units
        (units, or pairs, with two codes or more), n_positive (those that at least one coder gave the theme; missing for
        the move), n_coders, n_documents; percent in [0, 1]; dice in [0, 1], the share of the given themes that are
        given by both, NaN for the move; alpha (Krippendorff, nominal) and kappa (Cohen) in [-1, 1], 1 perfect, 0 as
        chance would have it; each with ``_low`` and ``_high``; reason. With more than two coders percent is the share
        of pairs of codes that are equal, dice is pooled over the pairs of coders, and kappa is their mean.
        Undefined is NaN: ``n_zero`` without a unit coded twice, ``no_variation`` where all codes are equal (alpha and
        kappa). Bounds are NaN below 10 positives (``few_positives``), where coders never differ
        (``no_disagreement``) and below 8 units (``n_small``).

    Raises
    ------
    ValueError
        If there are fewer than two coders, or `codes` holds a unit of a coder twice.

    Notes
    -----
    With :math:`n_{uc}` codes c in unit u, :math:`m_u = \sum_c n_{uc} \ge 2`, :math:`n_c = \sum_u n_{uc}` and
    :math:`n = \sum_c n_c`: :math:`\alpha = 1 - (n-1) \frac{\sum_u (m_u^2 - \sum_c n_{uc}^2)/(m_u-1)}{n^2 - \sum_c n_c^2}`.
    Bounds are percentiles over resamples of documents; where fewer than 8 documents have the theme, sentences are
    resampled (reason ``units_resampled``); below 20 of them the bounds are rough (``n_low``). Resamples in which a
    measure is undefined are left out.

    References
    ----------
    Hayes & Krippendorff (2007), doi:10.1080/19312450709336664; Cohen (1960), doi:10.1177/001316446002000104; Dice (1945),
    doi:10.2307/1932409.

    Examples
    --------
    >>> rows = [(f"U{i}", "a.txt", i, c, 1, "x" if i % 3 == 0 and (c == "A" or i) else "", "plan", "")
    ...         for i in range(60) for c in "AB"]
    >>> codes = pd.DataFrame(rows, columns=["unit_id", "doc_id", "sentence_id", "coder", "round", "themes", "move", "note"])
    >>> agreement(codes, themes=["x"]).loc[0, ["percent", "dice", "alpha"]].astype(float).round(3).tolist()
    [0.983, 0.974, 0.962]
    """
    coders = check_codes(codes)
    if len(coders) < 2:
        msg = f"codes has the coders {coders}; agreement needs two or more."
        raise with_chinese(ValueError(msg), f"codes 只有编码员 {coders};计算一致性至少需要两位。")
    check_level(level)
    units = code_matrix(codes[codes["coder"] != FINAL], themes=themes)
    moves = sorted(set(units["move"]) - {""})
    units["move"] = units["move"].map({move: float(at) for at, move in enumerate(moves)})
    wide = units.pivot(index=["doc_id", "unit_id"], columns="coder").sort_index()
    documents = wide.index.get_level_values("doc_id").to_numpy()
    n_values = max(2, len(moves))
    sums = {
        item: _unit_sums(wide[item].reindex(columns=coders).to_numpy(dtype=float), n_values)
        for item in (*themes, "move")
    }
    of_move = sums.pop("move")
    sums |= {"all themes": np.sum([*sums.values()], axis=0), "move": of_move}
    options: dict[str, Any] = {"n_values": n_values, "level": level, "n_resamples": n_resamples, "seed": seed}
    rows = [{"theme": name, **_row(of, documents, name != "move", **options)} for name, of in sums.items()]
    table = pd.DataFrame(rows).assign(n_coders=len(coders))
    counts = ["n_units", "n_positive", "n_coders", "n_documents"]
    bounds = [f"{measure}{end}" for measure in _MEASURES for end in ("", "_low", "_high")]
    dtypes = dict.fromkeys(["theme", "reason"], "str") | dict.fromkeys(counts, "int64") | {"n_positive": "Int64"}
    return table[["theme", *counts, *bounds, "reason"]].astype(dtypes)


# Columns of the sums over units; the counts of the values follow, then what each pair of coders has.
_UNEQUAL, _EQUAL, _PAIRS, _BOTH, _EITHER, _UNITS, _POSITIVE, _VALUES = range(8)


def _unit_sums(values: Array, n_values: int) -> Array:
    """Give what each unit adds to the measures, all of which are functions of sums over units.

    `values` has shape (units, coders), codes from 0 to n_values - 1, NaN where not coded; for a theme 1 is given.
    """
    counts = np.stack([(values == value).sum(axis=1) for value in range(n_values)], axis=1).astype(np.float64)
    m = counts.sum(axis=1)
    given = counts[:, 1]
    columns = [
        (m**2 - (counts**2).sum(axis=1)) / np.maximum(m - 1, 1),
        (counts * (counts - 1)).sum(axis=1),
        m * (m - 1),
        given * (given - 1),
        given * (m - 1),
        m >= 2,
        given > 0,
        *counts.T,
    ]
    for one, other in combinations(values.T, 2):
        both = ~np.isnan(one) & ~np.isnan(other)
        columns += [both, both & (one == other)]
        columns += [both & (coder == value) for coder in (one, other) for value in range(n_values)]
    return np.column_stack(columns).astype(np.float64)


def _measures(sums: Array, n_values: int) -> Array:
    """Give percent, dice, alpha and kappa of each row of sums; NaN where undefined."""
    counts = sums[:, _VALUES : _VALUES + n_values]
    n = counts.sum(axis=1)
    of_pairs = sums[:, _VALUES + n_values :].reshape(len(sums), -1, 2 + 2 * n_values)
    size, same = of_pairs[..., 0], of_pairs[..., 1]
    by_chance = (of_pairs[..., 2 : 2 + n_values] * of_pairs[..., 2 + n_values :]).sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = sums[:, _EQUAL] / sums[:, _PAIRS]
        dice = sums[:, _BOTH] / sums[:, _EITHER]
        alpha = 1 - (n - 1) * sums[:, _UNEQUAL] / (n**2 - (counts**2).sum(axis=1))
        kappas = (same * size - by_chance) / (size**2 - by_chance)
        defined = np.isfinite(kappas)
        kappa = np.where(defined, kappas, 0).sum(axis=1) / defined.sum(axis=1)
    return np.column_stack([percent, dice, alpha, kappa])


def _row(
    sums: Array, documents: npt.NDArray[np.object_], is_theme: bool, *, n_values: int, level: float, n_resamples: int,
    seed: int,
) -> dict[str, object]:  # fmt: skip
    coded_twice = sums[:, _UNITS] > 0  # a unit with one code says nothing about agreement
    sums, documents = sums[coded_twice], documents[coded_twice]
    total = sums.sum(axis=0, keepdims=True)
    point = _measures(total, n_values)[0]
    low = high = np.full(len(_MEASURES), np.nan)
    reason = _why_no_bounds(total[0], point, is_theme)
    if not reason:
        # Documents without the theme tell nothing of it: what counts is how many there are with it.
        telling = sums[:, _POSITIVE] > 0 if is_theme else np.ones(len(sums), dtype=bool)
        resampled_units = len(set(documents[telling])) < SMALLEST_N
        cluster = np.arange(len(sums)) if resampled_units else np.unique(documents, return_inverse=True)[1]
        of_cluster = np.zeros((cluster.max() + 1, sums.shape[1]))
        np.add.at(of_cluster, cluster, sums)
        drawn = _measures(resampled_sums(of_cluster, n_resamples=n_resamples, seed=seed), n_values)
        tail = (1 - level) / 2
        defined = [values[np.isfinite(values)] for values in drawn.T]
        low, high = np.array([np.quantile(v, (tail, 1 - tail)) if len(v) else (np.nan,) * 2 for v in defined]).T
        few = len(set(cluster[telling])) < SURE_N
        reason = ";".join([*["units_resampled"] * resampled_units, *["n_low"] * few])
    if not is_theme:
        point[1] = low[1] = high[1] = np.nan
    columns = {
        f"{measure}{end}": float(values[at])
        for at, measure in enumerate(_MEASURES)
        for end, values in (("", point), ("_low", low), ("_high", high))
    }
    n_positive = int(total[0, _POSITIVE]) if is_theme else pd.NA
    counts = {"n_units": int(total[0, _UNITS]), "n_positive": n_positive, "n_documents": len(set(documents))}
    return {**counts, **columns, "reason": reason}


def _why_no_bounds(total: Array, point: Array, is_theme: bool) -> str:
    if not total[_UNITS]:
        return "n_zero"
    if np.isnan(point[2]):
        return "no_variation"
    if is_theme and total[_POSITIVE] < FEWEST_POSITIVES:
        return "few_positives"
    if not total[_UNEQUAL]:
        return "no_disagreement"
    return "n_small" if total[_UNITS] < SMALLEST_N else ""


def krippendorff_alpha(
    values: npt.ArrayLike, *, metric: Literal["nominal", "ordinal", "interval", "ratio"] = "nominal"
) -> float:
    r"""Krippendorff's alpha for any number of coders, missing codes and four kinds of scale.

    Parameters
    ----------
    values : array_like
        Shape (coders, units), numbers; NaN where a coder did not code a unit.
    metric : {"nominal", "ordinal", "interval", "ratio"}
        The difference between two codes c and k: equal or not; the ranks between them; c - k; (c - k)/(c + k).

    Returns
    -------
    float
        At most 1; 0 where coders agree as by chance; NaN where no unit has two codes or all codes are equal.

    Raises
    ------
    ValueError
        If `values` has not two dimensions, `metric` is unknown, or a ratio scale holds a negative number.

    Notes
    -----
    :math:`\alpha = 1 - (n-1) \sum_{c<k} o_{ck} \delta_{ck}^2 / \sum_{c<k} n_c n_k \delta_{ck}^2` with the coincidences
    :math:`o_{ck} = \sum_u n_{uc} n_{uk} / (m_u - 1)`.

    References
    ----------
    Hayes & Krippendorff (2007), doi:10.1080/19312450709336664; Krippendorff (2019), Content Analysis, 4th ed., ch. 12,
    doi:10.4135/9781071878781.

    Examples
    --------
    >>> nan = float("nan")
    >>> round(krippendorff_alpha([[1, 2, 3, 3, nan], [1, 2, 3, 4, 4]]), 3)
    0.696
    """
    codes = np.asarray(values, dtype=np.float64)
    if codes.ndim != 2:
        msg = f"values has {codes.ndim} dimension(s); coders x units are expected."
        raise with_chinese(ValueError(msg), "values 应为二维:编码员 x 单元。")
    metrics = ("nominal", "ordinal", "interval", "ratio")
    check_option("metric", metric, metric in metrics, "'nominal', 'ordinal', 'interval' or 'ratio'", f" {metrics} 之一")
    domain = np.unique(codes[~np.isnan(codes)])
    if metric == "ratio" and (domain < 0).any():
        msg = f"values holds {domain[0]}; a ratio scale has no negative numbers."
        raise with_chinese(ValueError(msg), "比率尺度不能有负数。")
    counts = (codes.T[:, :, None] == domain).sum(axis=1).astype(np.float64)  # units x values
    counts = counts[counts.sum(axis=1) >= 2]
    m = counts.sum(axis=1)
    observed = (counts / (m - 1)[:, None]).T @ counts  # its diagonal is not needed: the difference there is 0
    n_c = counts.sum(axis=0)
    difference = _difference(domain, n_c, metric)
    expected = float((np.outer(n_c, n_c) * difference).sum())
    if expected == 0:
        return float("nan")
    return 1 - (float(n_c.sum()) - 1) * float((observed * difference).sum()) / expected


def _difference(domain: Array, n_c: Array, metric: str) -> Array:
    if metric == "nominal":
        return 1 - np.eye(len(domain))
    if metric == "ordinal":
        rank = np.cumsum(n_c) - n_c / 2
        return (rank[:, None] - rank) ** 2
    gap = (domain[:, None] - domain) ** 2
    if metric == "interval":
        return gap
    total = (domain[:, None] + domain) ** 2
    return np.divide(gap, total, out=np.zeros_like(gap), where=total > 0)
