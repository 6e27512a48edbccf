"""Permutation tests on arrays, and what to do with many of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import numpy as np
import numpy.typing as npt

from burdenlab.resampling import weighted_counts

__all__ = ["adjust_p", "difference_p", "permutation_p", "permuted_sides"]

Array = npt.NDArray[np.float64]

_FEWEST = 3  # clusters a side that a test needs


def difference_p(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    is_target: npt.ArrayLike,
    *,
    clusters: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    n_permutations: int = 1999,
    seed: int = 0,
) -> Array:
    r"""Two-sided p of the difference of the rates of two groups, see ``burdenlab.contrasts.difference``.

    Parameters
    ----------
    numerator, denominator, is_target, clusters, weights, strata, n_permutations, seed
        As for ``difference``.

    Returns
    -------
    array
        Shape (k,), in (0, 1]; NaN below 3 clusters on a side and without permutations.

    Examples
    --------
    >>> hits = np.r_[np.arange(10.0), np.arange(10.0) + 50].reshape(20, 1)
    >>> difference_p(hits, np.full(20, 100.0), np.arange(20) >= 10, n_permutations=199).tolist()
    [0.005]
    """
    h, d = weighted_counts(numerator, denominator, weights)
    side = np.asarray(is_target, dtype=bool)
    stratum = np.zeros(len(d)) if strata is None else np.asarray(strata)
    if clusters is not None:
        _, first, at = np.unique(np.asarray(clusters), return_index=True, return_inverse=True)
        if (side != side[first][at]).any():
            stratum = at  # a cluster on both sides: its documents change places with each other
        else:
            sums = np.zeros((len(first), h.shape[1] + 1))
            np.add.at(sums, at, np.column_stack([h, d]))
            h, d, side, stratum = sums[:, :-1], sums[:, -1], side[first], stratum[first]
    h, side, stratum, d = h[d > 0], side[d > 0], stratum[d > 0], d[d > 0]
    sizes = int(side.sum()), int((~side).sum())
    if n_permutations < 1 or min(sizes) < _FEWEST:
        return np.full(h.shape[1], np.nan)
    e = h - d[:, None] * (h.sum(axis=0) / d.sum())
    columns = np.hstack([e, e**2, e * d[:, None], d[:, None], d[:, None] ** 2])
    total = columns.sum(axis=0)
    observed = _studentised(side[None, :] @ columns, total, sizes)[0]
    blocks = permuted_sides(side, n_permutations=n_permutations, seed=seed, strata=stratum)
    return permutation_p(observed, (_studentised(block @ columns, total, sizes) for block in blocks))


def permuted_sides(
    is_target: npt.ArrayLike,
    *,
    n_permutations: int = 1999,
    seed: int = 0,
    strata: npt.ArrayLike | None = None,
    rows: int = 200,
) -> Iterator[Array]:
    """Deal the documents out to two sides anew, as large as they are, some permutations at a time.

    Parameters
    ----------
    is_target : array_like
        Shape (n,): True for a document of the target.
    n_permutations : int
    seed : int
    strata : array_like, optional
        Shape (n,): documents change places with those of their stratum only.
    rows : int
        Permutations in a block. It changes no draw.

    Yields
    ------
    array
        Shape (rows, n): 1 for the target, 0 for the reference. ``block @ counts`` are the sums of the target.

    Examples
    --------
    >>> blocks = permuted_sides([True, True, False, False, False], n_permutations=3)
    >>> np.concatenate(list(blocks)).sum(axis=1).tolist()
    [2.0, 2.0, 2.0]
    """
    side = np.asarray(is_target, dtype=bool)
    rng = np.random.default_rng(seed)
    if strata is None:
        groups = [np.arange(len(side))]
    else:
        at = np.unique(np.asarray(strata), return_inverse=True)[1]
        groups = [np.flatnonzero(at == s) for s in range(at.max(initial=-1) + 1)]
    for start in range(0, n_permutations, rows):
        draws = rng.random((min(rows, n_permutations - start), len(side)))
        block = np.zeros_like(draws)
        for group in groups:
            n_target = int(side[group].sum())
            if 0 < n_target < len(group):
                chosen = np.argpartition(draws[:, group], n_target - 1, axis=1)[:, :n_target]
                np.put_along_axis(block, group[chosen], 1.0, axis=1)
            else:
                block[:, group] = float(n_target > 0)
        yield block


def permutation_p(observed: npt.ArrayLike, permuted: Array | Iterable[Array]) -> Array:
    r"""Two-sided p of statistics whose permutations are known: :math:`(b+1)/(m+1)`, never 0.

    Parameters
    ----------
    observed : array_like
        Shape (k,): statistics that are 0 where there is no difference.
    permuted : array or iterable of arrays
        Shape (m, k), or blocks of rows of it: the same statistics of m permutations, such as ``permuted_sides`` deals.

    Returns
    -------
    array
        Shape (k,), in (0, 1]: b of the m permutations are at least as far from 0 (one that is undefined counts as
        such); NaN where `observed` is NaN.

    References
    ----------
    Phipson & Smyth (2010), Permutation p-values should never be zero, doi:10.2202/1544-6115.1585.

    Examples
    --------
    >>> permutation_p([3.0], np.array([[1.0], [-3.0], [2.0]])).tolist()
    [0.5]
    """
    statistics = np.asarray(observed, dtype=np.float64)
    least = np.abs(statistics) * (1 - 1e-9)  # sums in another order differ in their last digits
    far, m = np.zeros(statistics.shape), 0
    for block in [permuted] if isinstance(permuted, np.ndarray) else permuted:
        far += (~(np.abs(block) < least)).sum(axis=0)
        m += len(block)
    return np.where(np.isnan(statistics), np.nan, (far + 1) / (m + 1))


def adjust_p(p: npt.ArrayLike, *, method: Literal["bh", "holm"] = "bh") -> Array:
    r"""Adjust p-values for their number.

    Parameters
    ----------
    p : array_like
        Shape (k,), in [0, 1]; NaN is no test and stays NaN.
    method : {"bh", "holm"}
        Benjamini & Hochberg's q: of the tests with :math:`q \le .05` at most 5 % are false on average (tests that are
        independent or rise and fall together). Holm's p: with :math:`p \le .05` the chance of a single false one is at
        most 5 %.

    Returns
    -------
    array
        Shape (k,), in [0, 1].

    References
    ----------
    Benjamini & Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x; Holm (1979),
    https://www.jstor.org/stable/4615733.

    Examples
    --------
    >>> adjust_p([0.01, 0.04, 0.03]).tolist(), adjust_p([0.01, 0.04, 0.03], method="holm").tolist()
    ([0.03, 0.04, 0.04], [0.03, 0.06, 0.06])
    """
    raw = np.asarray(p, dtype=np.float64)
    if raw.ndim != 1 or not (np.isnan(raw) | ((raw >= 0) & (raw <= 1))).all():
        msg = (
            "p holds numbers outside [0, 1]; a one-dimensional array of p-values, NaN where there is none, is expected."
        )
        raise ValueError(msg)
    if method not in ("bh", "holm"):
        msg = f"method={method!r}; 'bh' or 'holm' is expected."
        raise ValueError(msg)
    order = np.argsort(raw)[: int((~np.isnan(raw)).sum())]  # NaN comes last
    n, rank = len(order), np.arange(1, len(order) + 1)
    adjusted = np.full(len(raw), np.nan)
    if method == "bh":
        adjusted[order] = np.minimum.accumulate((raw[order] * n / rank)[::-1])[::-1]
    else:
        adjusted[order] = np.minimum(1, np.maximum.accumulate(raw[order] * (n - rank + 1)))
    return adjusted


def _studentised(target: Array, total: Array, sizes: tuple[int, int]) -> Array:
    """Give the difference in units of its error, (m, k), from sums of residuals, squares, products and exposure."""
    k = (total.size - 2) // 3
    deltas, variances = [], []
    for sums, n in ((target, sizes[0]), (total - target, sizes[1])):
        e, e2, ed, d, d2 = sums[:, :k], sums[:, k : 2 * k], sums[:, 2 * k : 3 * k], sums[:, -2, None], sums[:, -1, None]
        delta = e / d
        squares = e2 - 2 * delta * ed + delta**2 * d2
        squares[squares < 1e-9 * total[k : 2 * k]] = 0  # rounding, where a side has no spread
        deltas.append(delta)
        variances.append(n / (n - 1) * squares / d**2)
    gap, error = deltas[0] - deltas[1], np.sqrt(variances[0] + variances[1])
    gap[np.abs(gap) <= 1e-12 * np.abs(deltas[0])] = 0
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(gap == 0, 0.0, gap / error)
