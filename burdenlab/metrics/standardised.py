"""Rates of strata on arrays: their weighted mean, its change from one side to the other, their common slope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from burdenlab.permutation import permutation_p, permuted_sides
from burdenlab.resampling import (
    FEW_HITS,
    SMALLEST_N,
    SURE_N,
    Clusters,
    cluster_sums,
    ratio_error,
    resampled_ratio,
    studentised_bounds,
)

__all__ = ["Estimates", "change_p", "common_slope", "standardised_rates"]

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.str_]
Cells = list[tuple[float, Clusters]]


class Estimates(NamedTuple):
    """Estimates of k columns with their bounds, the documents behind them, and why something is missing or rough."""

    estimate: Array
    low: Array
    high: Array
    n: int
    reason: list[str]


def standardised_rates(
    sides: Sequence[tuple[Array, Array, Labels]],
    weights: Mapping[str, float],
    *,
    level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Estimates:
    r"""Give the weighted mean of the rates of strata; of two sides, that of the first minus that of the second.

    Parameters
    ----------
    sides : sequence of (h, d, strata)
        One or two: counts (n, k), exposure (n,) and stratum (n,) of each document.
    weights : dict
        Stratum to its weight.
    level, n_resamples, seed
        Of the studentised bootstrap; documents are drawn within side and stratum.

    Notes
    -----
    :math:`\sum_g w_g r_g` with :math:`r_g = \sum h / \sum d`, and the standard error
    :math:`\sqrt{\sum_g w_g^2 s_g^2}` with that of each ratio.

    Examples
    --------
    >>> h, d = np.array([[1.0], [3.0], [8.0]]), np.array([10.0, 10.0, 20.0])
    >>> standardised_rates([(h, d, np.array(["a", "a", "b"]))], {"a": 0.5, "b": 0.5}).estimate.round(9).tolist()
    [0.3]
    """
    cells = [_cells(*side, weights) for side in sides]
    signed = [(sign * w, c) for sign, side in zip((1, -1), cells, strict=False) for w, c in side]
    estimate = sum((w * c.rate for w, c in signed), start=np.zeros(sides[0][0].shape[1]))
    low, high = np.full((2, len(estimate)), np.nan)
    n = sum(len(c.d) for _, c in signed)
    obstacle = _obstacle(cells)
    if obstacle:
        return Estimates(estimate, low, high, n, [obstacle] * len(estimate))
    error = np.sqrt(sum((w * ratio_error(c)) ** 2 for w, c in signed))
    n_hit = np.min([np.sum([(c.h > 0).sum(axis=0) for _, c in side], axis=0) for side in cells], axis=0)
    is_still = error <= 1e-12 * sum(abs(w) * c.rate for w, c in signed)
    reason = _codes(min(_freedom(side) for side in cells), n_hit, is_still)
    if "n_small" not in reason:
        shift, squares = np.zeros((2, n_resamples, len(estimate)))
        for at, (w, c) in enumerate(signed):
            own, errors = resampled_ratio(c, n_resamples=n_resamples, rng=np.random.default_rng([seed, at]))
            shift, squares = shift + w * own, squares + (w * errors) ** 2
        low, high = studentised_bounds(estimate, error, shift, np.sqrt(squares), level=level)
        low[is_still] = high[is_still] = np.nan
        if len(sides) == 1:
            low = np.maximum(0, low)
    return Estimates(estimate, low, high, n, reason)


def change_p(
    h: Array,
    d: Array,
    is_after: npt.NDArray[np.bool_],
    strata: Labels,
    weights: Mapping[str, float],
    *,
    n_permutations: int = 1999,
    seed: int = 0,
) -> Array:
    """Two-sided p of the difference of standardised rates: documents change sides within their stratum.

    The statistic is studentised, as in ``burdenlab.permutation.difference_p``, and adds up over strata.

    Examples
    --------
    >>> h = np.r_[np.arange(10.0), np.arange(10.0) + 50].reshape(20, 1)
    >>> change_p(h, np.full(20, 100.0), np.arange(20) >= 10, np.full(20, ""), {"": 1.0}, n_permutations=199).tolist()
    [0.005]
    """
    kept = (d > 0) & np.isin(strata, list(weights))
    h, d, side, strata = h[kept], d[kept, None], is_after[kept], strata[kept]
    parts = []
    for g, w in weights.items():
        rows = np.flatnonzero(strata == g)
        if len(rows):
            e = h[rows] - d[rows] * (h[rows].sum(axis=0) / d[rows].sum())
            columns = np.hstack([e, e**2, e * d[rows], d[rows], d[rows] ** 2])
            parts.append((w, rows, columns, int(side[rows].sum())))

    def statistic(block: Array) -> Array:
        gap, variance = np.zeros((2, len(block), h.shape[1]))
        for w, rows, columns, n_after in parts:
            after = block[:, rows] @ columns
            for sign, sums, n in ((1, after, n_after), (-1, columns.sum(axis=0) - after, len(rows) - n_after)):
                delta, squares = _moved(sums, n)
                gap, variance = gap + sign * w * delta, variance + w**2 * squares
        gap[np.abs(gap) <= 1e-12 * (h.sum(axis=0) / d.sum())] = 0
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(gap == 0, 0.0, gap / np.sqrt(variance))

    blocks = permuted_sides(side, n_permutations=n_permutations, seed=seed, strata=strata)
    return permutation_p(statistic(side[None, :].astype(float))[0], (statistic(block) for block in blocks))


def common_slope(h: Array, d: Array, x: Array, strata: Labels, *, level: float = 0.95) -> Estimates:
    """Give the slope of the rate h/d on x, weighted by d, with a level for each stratum; see ``theme_slope``.

    Examples
    --------
    >>> x = np.arange(10.0)
    >>> found = common_slope((2 + 3 * x)[:, None], np.ones(10), x, np.full(10, ""))
    >>> found.estimate.round(9).tolist(), found.reason
    ([3.0], ['no_variation'])
    """
    h, d, x, strata = h[d > 0], d[d > 0], x[d > 0], strata[d > 0]
    k, n, groups = h.shape[1], len(d), np.unique(strata)
    centred, levels, leverage = x.copy(), np.zeros_like(h), np.zeros(n)
    for rows in (strata == group for group in groups):
        total = d[rows].sum()
        centred[rows] -= (d[rows] @ x[rows]) / total
        levels[rows] = h[rows].sum(axis=0) / total
        leverage[rows] = d[rows] / total
    spread = d @ centred**2
    if spread <= 1e-12 * (d @ (x - x.min(initial=0)) ** 2):
        nothing = np.full(k, np.nan)
        return Estimates(nothing, nothing, nothing, n, ["one_time" if n else "n_zero"] * k)
    estimate = centred @ (h - d[:, None] * levels) / spread
    residual = h - d[:, None] * (levels + centred[:, None] * estimate)
    leverage += d * centred**2 / spread
    # A document that alone decides its fitted value (the only one of its stratum) has no residual.
    rest = np.where(leverage < 1 - 1e-9, 1 - leverage, np.inf)
    error = np.sqrt(((centred / rest) ** 2) @ residual**2) / spread
    free = n - len(groups) - 1
    reason = _codes(free + 2, (h > 0).sum(axis=0), error <= 1e-12 * np.abs(levels).max(axis=0) / np.abs(centred).max())
    reach = stdtrit(free, (1 + level) / 2) * error if free > 0 else np.full(k, np.nan)
    reach[[code in ("n_small", "no_variation") for code in reason]] = np.nan
    return Estimates(estimate, estimate - reach, estimate + reach, n, reason)


def _cells(h: Array, d: Array, strata: Labels, weights: Mapping[str, float]) -> Cells:
    return [(w, cluster_sums(h[strata == g], d[strata == g])) for g, w in weights.items()]


def _obstacle(sides: list[Cells]) -> str:
    """Say why nothing can be told, of two sides of either."""
    has_text = [[bool(c.d.sum() > 0) for _, c in side] for side in sides]
    if not all(any(texts) for texts in has_text):
        return "n_zero"
    if not all(all(texts) for texts in has_text):
        return "stratum_missing"
    return "lonely_stratum" if any(len(side) > 1 and any(len(c.d) == 1 for _, c in side) for side in sides) else ""


def _freedom(side: Cells) -> int:
    return sum(len(c.d) for _, c in side) - len(side) + 1


def _codes(n: int, n_hit: npt.NDArray[np.int64], is_still: npt.NDArray[np.bool_]) -> list[str]:
    if n < SMALLEST_N:
        return ["n_small"] * len(n_hit)
    low = ["n_low"] if n < SURE_N else []
    return [
        "no_variation" if still else ";".join([*low, *(["few_hits"] if few else [])])
        for still, few in zip(is_still.tolist(), (n_hit < FEW_HITS).tolist(), strict=True)
    ]


def _moved(sums: Array, n: int) -> tuple[Array, Array]:
    """Give how far a rate is from that of both sides, and its squared error, from sums of residuals and exposure."""
    k = (sums.shape[1] - 2) // 3
    e, e2, ed, d, d2 = sums[:, :k], sums[:, k : 2 * k], sums[:, 2 * k : 3 * k], sums[:, -2, None], sums[:, -1, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        delta = e / d
        squares = e2 - 2 * delta * ed + delta**2 * d2
        squares[squares < 1e-9 * e2] = 0  # rounding, where a side has no spread
        return delta, (n / (n - 1) if n > 1 else 0) * squares / d**2
