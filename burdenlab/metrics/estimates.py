"""Ratios of sums over groups of documents, with intervals: the numbers that a table of estimates is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.messages import with_chinese
from burdenlab.resampling import SMALLEST_N, SURE_N
from burdenlab.tables import number_rows
from burdenlab.uncertainty import jackknife_interval, ratio_interval, wilson_interval

__all__ = [
    "Groups",
    "Method",
    "case_shares",
    "check_unit",
    "estimate_table",
    "group_cells",
    "group_ratios",
    "group_shares",
]

Array = npt.NDArray[np.float64]
Method = Literal["bootstrap", "jackknife"]


class Groups(NamedTuple):
    """Which rows of a tally make which group, in the order of the keys."""

    keys: pd.DataFrame  # a row for each group, with the dtypes of the tally also where there is none
    order: npt.NDArray[np.int64]  # rows of the tally, group after group
    starts: npt.NDArray[np.int64]  # where each group begins in `order`

    def rows(self, g: int) -> npt.NDArray[np.int64]:
        """Give the rows of one group."""
        end = self.starts[g + 1] if g + 1 < len(self.starts) else len(self.order)
        return self.order[self.starts[g] : end]

    def sums(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Add up values of rows, (rows,) or (rows, k), in each group."""
        if not len(self.order):
            return np.zeros((len(self.keys), *values.shape[1:]), dtype=values.dtype)
        return np.add.reduceat(values[self.order], self.starts, axis=0)

    def numbers(self) -> npt.NDArray[np.int64]:
        """Give the number of the group of each row."""
        numbers = np.empty(len(self.order), dtype=np.int64)
        numbers[self.order] = np.repeat(np.arange(len(self.starts)), np.diff([*self.starts, len(self.order)]))
        return numbers

    def distinct(self, labels: pd.Series, counts: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.int64]:
        """Count the different labels of each group, of those rows that count."""
        codes, names = pd.factorize(labels, use_na_sentinel=False)
        pairs = self.numbers() * len(names) + codes
        pairs = np.unique(pairs if counts is None else pairs[counts])
        return np.bincount(pairs // max(len(names), 1), minlength=len(self.starts))


def group_cells(cells: pd.DataFrame, keys: Sequence[str]) -> Groups:
    """Group the rows of a tally by keys; all are one group, even without rows, where there are no keys.

    Examples
    --------
    >>> group_cells(pd.DataFrame({"level": ["b", "a", "b"]}), ["level"]).sums(np.array([1, 2, 4])).tolist()
    [2, 5]
    """
    if not keys:
        return Groups(pd.DataFrame(index=range(1)), np.arange(len(cells)), np.zeros(1, dtype=np.int64))
    number = number_rows(cells[key] for key in keys)
    order = np.argsort(number, kind="stable")
    _, starts = np.unique(number[order], return_index=True)
    return Groups(cells[list(keys)].iloc[order[starts]].reset_index(drop=True), order, starts)


def group_ratios(
    cells: pd.DataFrame,
    groups: Groups,
    numerator: npt.NDArray[Any],
    denominator: npt.NDArray[Any],
    *,
    level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
    method: Method = "bootstrap",
    within_text: bool = False,
    most: float = np.inf,
) -> dict[str, npt.NDArray[Any]]:
    """Give estimate, ci_low, ci_high, n and reason of k ratios in each of G groups, (G, k) each.

    Parameters
    ----------
    cells : DataFrame
        Of a tally: ``_cluster``, ``_stratum`` and ``_weight`` of each row.
    groups : Groups
    numerator, denominator : array
        Shape (rows, k) and (rows,).
    level, n_resamples, seed
        See ``burdenlab.uncertainty.ratio_interval``.
    method : {"bootstrap", "jackknife"}
    within_text : bool
        Clusters are blocks of one text; the reasons say so.
    most : float
        That a ratio can be: 1 for a share, at which its bounds are cut.

    Examples
    --------
    >>> cells = pd.DataFrame({"_cluster": ["a", "b"], "_stratum": "", "_weight": 1.0})
    >>> ratios = group_ratios(cells, group_cells(cells, []), np.array([[1], [2]]), np.array([10, 20]))
    >>> ratios["estimate"].tolist(), ratios["n"].tolist(), ratios["reason"].tolist()
    ([[0.1]], [[2]], [['n_small']])
    """
    if method not in ("bootstrap", "jackknife"):
        msg = f"method={method!r}; 'bootstrap' or 'jackknife' is expected."
        raise with_chinese(ValueError(msg), f"method={method!r} 应为 'bootstrap' 或 'jackknife'。")
    weight = cells["_weight"].to_numpy()
    h, d = numerator * weight[:, None], denominator * weight
    sum_h, sum_d = groups.sums(h), groups.sums(d)
    shape = sum_h.shape
    ratios: dict[str, npt.NDArray[Any]] = {
        "estimate": np.divide(sum_h, sum_d[:, None], out=np.full(shape, np.nan), where=sum_d[:, None] > 0),
        "ci_low": np.full(shape, np.nan),
        "ci_high": np.full(shape, np.nan),
    }
    cluster, stratum = cells["_cluster"].to_numpy(dtype=object), cells["_stratum"].to_numpy(dtype=object)
    n = groups.distinct(cells["_cluster"], d > 0)
    reason = np.where(sum_d > 0, "n_small", "n_zero").astype(object)[:, None].repeat(shape[1], axis=1)
    for g in np.flatnonzero(n >= SMALLEST_N):
        rows = groups.rows(int(g))
        options = {"clusters": cluster[rows], "strata": stratum[rows], "level": level}
        if method == "jackknife":
            found = jackknife_interval(h[rows], d[rows], **options)
        else:
            found = ratio_interval(h[rows], d[rows], **options, n_resamples=n_resamples, seed=seed)
        ratios["ci_low"][g], ratios["ci_high"][g], reason[g] = found
    ratios["ci_low"], ratios["ci_high"] = np.minimum(ratios["ci_low"], most), np.minimum(ratios["ci_high"], most)
    if within_text:
        reason = np.array([f"within_text;{code}".strip(";") for code in reason.ravel()], dtype=object).reshape(shape)
    return {**ratios, "n": np.repeat(n[:, None], shape[1], axis=1), "reason": reason}


def case_shares(
    met: npt.NDArray[Any], n: npt.NDArray[Any], *, level: float, within_text: bool = False
) -> dict[str, npt.NDArray[Any]]:
    """Give estimate, ci_low, ci_high, n and reason of shares of cases that are independent: Wilson's, none below 8 cases.

    Examples
    --------
    >>> found = case_shares(np.array([7, 1]), np.array([10, 2]), level=0.95)
    >>> found["estimate"].tolist(), found["ci_low"].round(2).tolist(), found["reason"].tolist()
    ([0.7, 0.5], [0.4, nan], ['n_low', 'n_small'])
    """
    low, high, _ = (np.asarray(part).reshape(n.shape) for part in wilson_interval(met.ravel(), n.ravel(), level=level))
    few = n < SMALLEST_N
    reason = np.select([n == 0, few, n < SURE_N], ["n_zero", "n_small", "n_low"], default="").astype(object)
    if within_text:
        reason[n > 0] = [f"within_text;{code}".strip(";") for code in reason[n > 0]]
    return {
        "estimate": np.divide(met, n, out=np.full(n.shape, np.nan), where=n > 0),
        "ci_low": np.where(few, np.nan, low),
        "ci_high": np.where(few, np.nan, high),
        "n": n,
        "reason": reason,
    }


def group_shares(
    cells: pd.DataFrame,
    groups: Groups,
    met: npt.NDArray[np.bool_],
    counted: npt.NDArray[np.bool_],
    *,
    level: float,
    n_resamples: int,
    seed: int,
    within_text: bool,
) -> dict[str, npt.NDArray[Any]]:
    """Give estimate, ci_low, ci_high, n and reason of one share of cases in each group, (G, 1) each.

    Documents are drawn, or inside one text each case is one of n: the bootstrap of a handful of cases covers 53 to 100 %
    there where 95 % are claimed (10 cases, shares of 0.5 to 0.9), Wilson's interval 94 to 98 %.
    """
    if within_text:
        sums = [groups.sums(flags.astype(np.int64))[:, None] for flags in (met & counted, counted)]
        return case_shares(*sums, level=level, within_text=True)
    return group_ratios(
        cells, groups, met[:, None].astype(np.float64), counted.astype(np.float64),
        level=level, n_resamples=n_resamples, seed=seed, most=1,
    )  # fmt: skip


def estimate_table(
    groups: Groups, inner: tuple[str, Sequence[Any]] | None, columns: Mapping[str, object]
) -> pd.DataFrame:
    """Build a table with a row for each group and each value of an inner key.

    Parameters
    ----------
    groups : Groups
    inner : tuple or None
        The name of the inner key and its values, such as ``("theme", themes)``; None: one row a group.
    columns : dict
        Arrays of shape (G, k), or of (G, 1) where all rows of a group have the same, or a single value; of (G,) without
        an inner key.

    Examples
    --------
    >>> groups = group_cells(pd.DataFrame({"level": ["a"]}), ["level"])
    >>> estimate_table(groups, ("theme", ["x", "y"]), {"n": np.array([[1, 2]])}).columns.tolist()
    ['level', 'theme', 'n']
    """
    n, k = len(groups.keys), 1 if inner is None else len(inner[1])
    row = np.repeat(np.arange(n), k)
    table = {key: groups.keys[key].array[row] for key in groups.keys}
    if inner is not None:
        columns = {inner[0]: np.array(inner[1], dtype=object), **columns}
    for column, of_column in columns.items():
        values = np.asarray(of_column)
        values = np.broadcast_to(values[:, None] if inner is None and values.ndim else values, (n, k)).ravel()
        table[column] = pd.array(values, dtype="str") if values.dtype.kind in "OU" else values
    return pd.DataFrame(table, index=range(n * k))


def check_unit(unit: str, per: float) -> None:
    """Raise ValueError unless these are a unit and a number that rates can be given in."""
    if unit not in ("han", "sentence"):
        msg = f"unit={unit!r}; 'han' or 'sentence' is expected."
        raise with_chinese(ValueError(msg), f"unit={unit!r} 应为 'han' 或 'sentence'。")
    if not per > 0:
        msg = f"per={per}; a positive number is expected."
        raise with_chinese(ValueError(msg), f"per={per} 应为正数。")
