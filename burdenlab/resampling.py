"""Draws of documents with replacement, and what the resamples say of a ratio."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import exp, factorial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from burdenlab.messages import with_chinese

__all__ = [
    "FEW_HITS",
    "SMALLEST_N",
    "SURE_N",
    "Clusters",
    "check_level",
    "cluster_sums",
    "interval_reasons",
    "ratio_error",
    "resampled_ratio",
    "resampled_totals",
    "studentised_bounds",
    "weighted_counts",
]

Array = npt.NDArray[np.float64]

SMALLEST_N = 8  # fewer clusters: no interval
SURE_N = 20  # fewer clusters: the interval is kept and called rough
FEW_HITS = 5  # fewer clusters with a hit: the same
_BLOCK = 500_000  # weights held at a time: they stay in the cache between being drawn and being multiplied
_MANY = 1000  # clusters; from here on how often each is drawn is Poisson(1), which is all but the same and much faster
_ROWS = 1000  # clusters drawn at a time where they are many


class Clusters(NamedTuple):
    """Sums of each cluster, those without anything left out, in the order of stratum and label."""

    h: Array  # (n, k) counts
    d: Array  # (n,) exposure
    stratum: npt.NDArray[np.int64]  # (n,) from 0

    @property
    def rate(self) -> Array:
        """Give the ratio of sums, (k,); NaN without exposure."""
        total = self.d.sum()
        return self.h.sum(axis=0) / total if total > 0 else np.full(self.h.shape[1], np.nan)

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """Count the clusters of each stratum."""
        return np.bincount(self.stratum)


def cluster_sums(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    *,
    clusters: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
) -> Clusters:
    """Check the input of an interval and add up what belongs together; see ``burdenlab.uncertainty.ratio_interval``.

    Raises
    ------
    ValueError
        If shapes do not fit, a number is negative or not finite, or a cluster lies in two strata.

    Examples
    --------
    >>> cluster_sums([[1], [2], [4]], [10, 10, 10], clusters=["a", "b", "a"]).h.tolist()
    [[5.0], [2.0]]
    """
    h, d = weighted_counts(numerator, denominator, weights)
    stratum = np.zeros(len(d), dtype=np.int64)
    if strata is not None:
        stratum = np.unique(_labels("strata", strata, len(d)), return_inverse=True)[1]
    if clusters is not None:
        names, first, at = np.unique(_labels("clusters", clusters, len(d)), return_index=True, return_inverse=True)
        if (stratum != stratum[first][at]).any():
            strange = names[at[stratum != stratum[first][at]][0]]
            msg = f"cluster {strange!r} lies in two strata; a cluster belongs to one: give each stratum clusters of its own."
            raise ValueError(msg)
        sums = np.zeros((len(names), h.shape[1] + 1))
        np.add.at(sums, at, np.column_stack([h, d]))
        h, d, stratum = sums[:, :-1], sums[:, -1], stratum[first]
    kept = (d > 0) | (h > 0).any(axis=1)
    order = np.flatnonzero(kept)[np.argsort(stratum[kept], kind="stable")]
    # A stratum that lost all its clusters is none.
    return Clusters(h[order], d[order], np.unique(stratum[order], return_inverse=True)[1])


def weighted_counts(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> tuple[Array, Array]:
    """Check counts (n, k) and exposure (n,) and multiply both by the weights; see ``cluster_sums``.

    Examples
    --------
    >>> weighted_counts([[1], [2]], [10, 10], [1, 3])[0].tolist()
    [[1.0], [6.0]]
    """
    h, d = np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    if h.ndim != 2 or d.shape != h.shape[:1]:
        msg = f"numerator has shape {h.shape} and denominator {d.shape}; (n, k) and (n,) are expected."
        raise ValueError(msg)
    _check_counts("numerator", h)
    _check_counts("denominator", d)
    if weights is None:
        return h, d
    weight = np.asarray(_labels("weights", weights, len(d)), dtype=np.float64)
    _check_counts("weights", weight)
    return h * weight[:, None], d * weight


def resampled_totals(columns: Callable[[slice], Array], n: int, *, n_resamples: int, rng: np.random.Generator) -> Array:
    """Draw n clusters with replacement, and give the sums of their columns in each resample, (n_resamples, k).

    Parameters
    ----------
    columns : callable
        Gives the (m, k) columns of a slice of m clusters, so that a million clusters need not be held at once.
    n : int
    n_resamples : int
    rng : Generator

    Examples
    --------
    >>> resampled_totals(lambda rows: np.ones((5, 1))[rows], 5, n_resamples=2, rng=np.random.default_rng(0)).tolist()
    [[5.0], [5.0]]
    """
    draw, step = (_multinomial, max(1, n)) if n < _MANY else (_poisson, _ROWS)
    totals = np.zeros((n_resamples, columns(slice(0, 0)).shape[1]))
    block = max(1, _BLOCK // step)
    weights = np.empty(block * step)  # filled again and again: asking for memory costs more than drawing
    # One thread: on a busy machine threads wait for each other longer than they work.
    with _threads().limit(limits=1, user_api="blas"):
        for start in range(0, n, step):
            part = columns(slice(start, min(n, start + step)))
            for at in range(0, n_resamples, block):
                size = min(block, n_resamples - at)
                own = weights[: size * len(part)]
                draw(rng, len(part), own)
                totals[at : at + size] += own.reshape(size, len(part)) @ part
    return totals


def resampled_ratio(clusters: Clusters, *, n_resamples: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Give how far each resample's ratio lies from the ratio, and its standard error, (n_resamples, k) each.

    With e = h - r d, the residuals of the whole, and δ = r* - r = Σe / Σd over a resample, the squares of its own
    residuals are Σe² - 2δ Σed + δ² Σd²: sums of columns, so that all resamples are one product of matrices.
    """
    h, d, stratum = clusters
    k, rate = h.shape[1], clusters.rate
    drawn = []
    for s, size in enumerate(clusters.sizes):
        of_stratum = slice(*np.searchsorted(stratum, [s, s + 1]))
        own_h, own_d = h[of_stratum], d[of_stratum]

        def columns(rows: slice, h: Array = own_h, d: Array = own_d) -> Array:
            d = d[rows, None]
            e = h[rows] - d * rate
            return np.hstack([e, e**2, e * d, d, d**2])

        drawn.append((size, resampled_totals(columns, int(size), n_resamples=n_resamples, rng=rng)))
    whole = np.sum([t for _, t in drawn], axis=0)
    total = whole[:, -2, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = whole[:, :k] / total
        squares = np.zeros_like(shift)
        for size, t in drawn:
            e, e2, ed = t[:, :k], t[:, k : 2 * k], t[:, 2 * k : 3 * k]
            own = e2 - 2 * shift * ed + shift**2 * t[:, -1, None] - (e - shift * t[:, -2, None]) ** 2 / size
            # Rounding leaves crumbs where a resample has no spread.
            own[own < 1e-9 * (e2 + shift**2 * t[:, -1, None])] = 0
            squares += _freedom(int(size)) * own
        return shift, np.sqrt(squares) / total


def ratio_error(clusters: Clusters) -> Array:
    """Give the linearised standard error of the ratio, (k,); 0 where all clusters of a stratum have the same."""
    squares = np.zeros(clusters.h.shape[1])
    residual = clusters.h - clusters.d[:, None] * clusters.rate
    for s, size in enumerate(clusters.sizes):
        own = residual[clusters.stratum == s]
        squares += _freedom(int(size)) * ((own - own.mean(axis=0)) ** 2).sum(axis=0)
    return np.sqrt(squares) / clusters.d.sum()


def studentised_bounds(
    estimate: Array, error: Array, shift: Array, errors: Array, *, level: float
) -> tuple[Array, Array]:
    """Give the bounds of k estimates from their resamples.

    Parameters
    ----------
    estimate, error : array
        Shape (k,): the estimates and their standard errors.
    shift, errors : array
        Shape (n_resamples, k): how far those of the resamples lie from the estimates, and their own standard errors. A
        resample without any spread says nothing about t; it is left out rather than called infinite.
    level : float

    Examples
    --------
    >>> one = np.ones(1)
    >>> studentised_bounds(one, one, np.linspace(-2, 2, 5)[:, None], np.ones((5, 1)), level=0.5)
    (array([0.]), array([2.]))
    """
    tail = (1 - level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        t = shift / errors
    bounds = np.full((2, len(estimate)), np.nan)
    for j in range(len(estimate)):
        finite = t[np.isfinite(t[:, j]), j]
        if finite.size:
            bounds[:, j] = estimate[j] - np.quantile(finite, [1 - tail, tail]) * error[j]
    return bounds[0], bounds[1]


def interval_reasons(clusters: Clusters) -> list[str]:
    """Say for each column why its ratio has no interval, or a rough one; see ``ratio_interval``.

    Examples
    --------
    >>> interval_reasons(cluster_sums(np.ones((3, 2)), np.ones(3)))
    ['n_small', 'n_small']
    """
    k = clusters.h.shape[1]
    if not clusters.d.sum() > 0:
        return ["n_zero"] * k
    if len(clusters.sizes) > 1 and (clusters.sizes == 1).any():
        return ["lonely_stratum"] * k
    n = len(clusters.d) - len(clusters.sizes) + 1
    if n < SMALLEST_N:
        return ["n_small"] * k
    residual = np.abs(clusters.h - clusters.d[:, None] * clusters.rate)
    still = np.all(residual <= 1e-12 * np.maximum(clusters.h, 1), axis=0)
    few = (clusters.h > 0).sum(axis=0) < FEW_HITS
    low = "n_low" if n < SURE_N else ""
    rough = [";".join(filter(None, [low, "few_hits" if f else ""])) for f in few.tolist()]
    return ["no_variation" if s else codes for s, codes in zip(still.tolist(), rough, strict=True)]


def check_level(level: float) -> None:
    """Raise ValueError unless `level` lies between 0 and 1."""
    if not 0 < level < 1:
        msg = f"level={level}; a number between 0 and 1 is expected, such as 0.95."
        raise with_chinese(ValueError(msg), f"level={level} 应在 0 与 1 之间,如 0.95。")


def _labels(name: str, values: npt.ArrayLike, n: int) -> npt.NDArray[np.generic]:
    labels = np.asarray(values)
    if labels.shape != (n,):
        msg = f"{name} has shape {labels.shape}; one for each of the {n} rows is expected."
        raise ValueError(msg)
    return labels


def _check_counts(name: str, values: Array) -> None:
    if not (np.isfinite(values) & (values >= 0)).all():
        msg = f"{name} holds numbers that are negative or not finite; numbers of at least 0 are expected."
        raise ValueError(msg)


def _freedom(size: int) -> float:
    return size / (size - 1) if size > 1 else 0.0


def _multinomial(rng: np.random.Generator, n: int, weights: Array) -> None:
    """Draw how often each of n clusters is in each resample, resample after resample."""
    size = len(weights) // n
    drawn = rng.integers(0, n, size=(size, n)) + np.arange(size)[:, None] * n
    weights[:] = np.bincount(drawn.ravel(), minlength=size * n)


def _poisson(rng: np.random.Generator, n: int, weights: Array) -> None:
    """Draw the same for many clusters: Poisson(1) from 16 random bits each."""
    bits = rng.bit_generator.random_raw(-(-len(weights) // 4)).view(np.uint16)
    np.take(_poisson_of_bits(), bits[: len(weights)], out=weights, mode="clip")


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


@cache
def _poisson_of_bits() -> Array:
    """Give the Poisson(1) number of each of 65,536 equally likely patterns; mean 1, variance 0.99997."""
    below = np.cumsum([exp(-1) / factorial(x) for x in range(12)])
    return np.searchsorted(np.round(below * 65536), np.arange(65536), side="right").astype(np.float64)
