"""Intervals on arrays: what resampling documents says about a rate."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["SMALLEST_N", "SURE_N", "Interval", "ratio_interval"]

Array = npt.NDArray[np.float64]

SMALLEST_N = 8  # fewer clusters: no interval
SURE_N = 20  # fewer clusters: the interval is kept and called rough
_BLOCK = 4_000_000  # resampling weights held at a time


class Interval(NamedTuple):
    """Bounds of each column, and why there are none or why they are rough."""

    low: Array
    high: Array
    reason: list[str]


def ratio_interval(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    *,
    level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Interval:
    r"""Studentised bootstrap of ratios of sums over clusters.

    Clusters (documents) are drawn with replacement. With the ratio :math:`r = \\sum h_i / \\sum d_i`, its linearised
    standard error :math:`s = \\sqrt{n/(n-1) \\sum (h_i - r d_i)^2} / \\sum d_i` and the same of each resample,
    :math:`t^* = (r^* - r) / s^*`, the bounds are :math:`r - t^*_{1-\\alpha/2} s` and :math:`r - t^*_{\\alpha/2} s`, cut
    at 0.

    Parameters
    ----------
    numerator : array_like
        Shape (n, k): k counts of each of n clusters, at least 0.
    denominator : array_like
        Shape (n,): the exposure of each cluster, at least 0.
    level : float
        In (0, 1).
    n_resamples : int
    seed : int
        The draws depend on it and on n alone.

    Returns
    -------
    Interval
        Shape (k,) each; NaN with the reason ``n_small`` below 8 clusters, ``no_variation`` where every cluster has the
        same ratio (all zero included), ``n_zero`` without exposure; below 20 clusters the reason ``n_low`` stands
        beside the bounds.

    Notes
    -----
    With hits that come in bursts, a nominal 95 % covers about 94 % from 20 clusters on and less below; percentile
    bounds cover 77 to 91 % there. The draws of two calls with the same n and seed are the same.

    References
    ----------
    Davison & Hinkley (1997), Bootstrap Methods and their Application, ch. 5, doi:10.1017/CBO9780511802843.

    Examples
    --------
    >>> hits = np.arange(20.0).reshape(20, 1)
    >>> low, high, reason = ratio_interval(hits, np.full(20, 10.0))
    >>> bool(low[0] < hits.sum() / 200 < high[0]), reason
    (True, [''])
    """
    h = np.asarray(numerator, dtype=np.float64)
    d = np.asarray(denominator, dtype=np.float64)
    if h.ndim != 2 or d.shape != h.shape[:1]:
        msg = f"numerator has shape {h.shape} and denominator {d.shape}; (n, k) and (n,) are expected."
        raise ValueError(msg)
    if not 0 < level < 1:
        msg = f"level={level}; a number between 0 and 1 is expected, such as 0.95."
        raise ValueError(msg)
    if n_resamples < 1:
        msg = f"n_resamples={n_resamples}; at least 1 is expected, 2000 are usual."
        raise ValueError(msg)
    n, k = h.shape
    nothing = np.full(k, np.nan)
    if d.sum() <= 0:
        return Interval(nothing, nothing.copy(), ["n_zero"] * k)
    if n < SMALLEST_N:
        return Interval(nothing, nothing.copy(), ["n_small"] * k)
    rate = h.sum(axis=0) / d.sum()
    residual = h - d[:, None] * rate
    still = (np.abs(residual) <= 1e-12 * np.maximum(h, 1)).all(axis=0)
    error = np.sqrt(n / (n - 1) * (residual**2).sum(axis=0)) / d.sum()
    t = _studentised(h, d, rate, n_resamples=n_resamples, seed=seed)
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        # A resample without any spread says nothing about t; it is left out rather than called infinite.
        bounds = np.array([_quantiles(t[:, j], (tail, 1 - tail)) for j in range(k)]).reshape(k, 2)
        low, high = np.maximum(0.0, rate - bounds[:, 1] * error), rate - bounds[:, 0] * error
    low[still] = high[still] = np.nan
    rough = "n_low" if n < SURE_N else ""
    return Interval(low, high, ["no_variation" if s else rough for s in still.tolist()])


def _quantiles(t: Array, probabilities: tuple[float, float]) -> Array:
    t = t[np.isfinite(t)]
    return np.quantile(t, probabilities) if t.size else np.array([np.nan, np.nan])


def _studentised(h: Array, d: Array, rate: Array, *, n_resamples: int, seed: int) -> Array:
    """Give t* of shape (n_resamples, k): the resampled sums are products of one matrix of weights."""
    n = len(d)
    rng = np.random.default_rng(seed)
    block = max(1, _BLOCK // n)
    parts = []
    for at in range(0, n_resamples, block):
        size = min(block, n_resamples - at)
        weights = _draw(rng, n, size)
        total = (weights @ d)[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            resampled = (weights @ h) / total
            squares = (
                weights @ h**2 - 2 * resampled * (weights @ (h * d[:, None])) + resampled**2 * (weights @ d**2)[:, None]
            )
            squares[squares < 1e-9 * (weights @ h**2)] = 0  # rounding, where a resample has no spread
            error = np.sqrt(n / (n - 1) * squares) / total
            parts.append((resampled - rate) / error)
    return np.concatenate(parts)


def _draw(rng: np.random.Generator, n: int, size: int) -> Array:
    """Draw how often each of n clusters is in each of `size` resamples."""
    drawn = rng.integers(0, n, size=(size, n)) + np.arange(size)[:, None] * n
    return np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n).astype(np.float64)
