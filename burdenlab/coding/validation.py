"""How well codes of a dictionary or a model agree with people: precision, recall and F1 with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.coding.codes import FINAL, PLACE, check_codes, count_hits, document_keys, final_codes
from burdenlab.coding.sampling import check_drawn
from burdenlab.resampling import check_level
from burdenlab.tables import check_columns, check_keys, check_table, check_themes
from burdenlab.uncertainty import wilson_interval

__all__ = ["score_codes"]

Array = npt.NDArray[np.float64]
FEWEST_POSITIVES = 10
_SHARES, _ENDS = ("precision", "recall", "f1"), ("", "_low", "_high")
_COUNTS = ("tp", "fp", "fn", "n_positive", "n_units", "n_left_out", "n_themes")


def score_codes(
    codes: pd.DataFrame,
    hits: pd.DataFrame,
    *,
    themes: Sequence[str],
    sample: pd.DataFrame | None = None,
    documents: pd.DataFrame | None = None,
    by: str | Sequence[str] | None = None,
    coder: str = FINAL,
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Precision, recall and F1 of the dictionary (or of model codes) against what people coded.

    Without `sample` the figures describe the coded sentences; a sample that is rich in hits flatters the recall. With
    the sample that was drawn each sentence counts by the inverse of its probability: estimates for the corpus.

    Parameters
    ----------
    codes : DataFrame
        Table ``codes`` of one round.
    hits : DataFrame
        Table ``hits``, or any with doc_id, sentence_id and theme, such as a model's codes.
    themes : sequence of str
        What is scored; others are left out. Of the themes of a group, the row "micro" is the group.
    sample : DataFrame, optional
        Table ``sample`` that the coded sentences were drawn as.
    documents : DataFrame, optional
    by : str, list of str or None
        Variables of `documents`, or ``"coder"``: each coder's codes for themselves. Documents in which a variable is
        missing are left out.
    coder : str
        Whose codes are the measure, see ``final_codes``. Pairs of sentence and theme on which coders differ are left out.
    level : float
        In (0, 1).

    Returns
    -------
    DataFrame
        One row for each combination of `by` and theme, then "micro" (all pairs pooled) and "macro" (mean over the
        themes with 10 positives or more): the keys, theme, precision, recall and f1 in [0, 1], each with ``_low`` and
        ``_high``; the counts tp, fp, fn, n_positive (by people), n_units, n_left_out (pairs on which coders differ),
        n_themes, never weighted; reason. Below 10 positives the shares are NaN (``few_positives``); ``n_zero`` stands
        where a share has nothing to count in.

    Raises
    ------
    ValueError
        If a coder or variable is unknown, or a coded sentence is not in `sample`.

    Notes
    -----
    Bounds are Wilson's: of precision with n = tp + fp, of recall with n = tp + fn, of F1 by way of the Jaccard index
    J = tp/(tp + fp + fn), since F1 = 2J/(1 + J). With `sample`, n is Kish's effective number
    :math:`(\sum w)^2 / \sum w^2`; the bounds of recall and F1 then combine Wilson's for precision and for the share of
    missed sentences among those without a hit, by Donner & Zou's method for a ratio: a sample without a miss does
    not show that nothing is missed. Macro bounds combine those of the themes in the same way. Sentences (in "micro":
    pairs) count as independent; where they come from few documents the bounds are too narrow.

    To score moves: ``score_codes(codes.assign(themes=codes["move"]), sentences.rename(columns={"move": "theme"}),
    themes=MOVES)``; "micro" is the accuracy where both name a move.

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953; Kish (1965), Survey Sampling; Zou & Donner (2008),
    doi:10.1002/sim.3095; Donner & Zou (2012), doi:10.1177/0962280210383082.

    Examples
    --------
    >>> rows = [(f"U{i}", "a.txt", i, "A", 1, "x" if i < 12 else "", "plan", "") for i in range(40)]
    >>> codes = pd.DataFrame(rows, columns=["unit_id", "doc_id", "sentence_id", "coder", "round", "themes", "move", "note"])
    >>> hits = pd.DataFrame({"doc_id": "a.txt", "sentence_id": range(3, 15), "theme": "x"})
    >>> score_codes(codes, hits, themes=["x"]).loc[0, ["tp", "fp", "fn"]].tolist()
    [9, 3, 3]
    """
    keys = check_keys(by, taken=("theme",))
    check_themes(themes)
    check_level(level)
    check_columns(hits, "hits", [*PLACE, "theme"])
    coders = check_codes(codes)
    chosen = coders if "coder" in keys and coders else [coder]
    units = pd.concat([final_codes(codes, themes=themes, coder=c).assign(coder=c) for c in chosen], ignore_index=True)
    variables = document_keys(documents, [key for key in keys if key != "coder"], units, name="codes")
    units = units.merge(variables, on="doc_id", how="inner", validate="m:1")
    weight = None
    if sample is not None:
        check_table(sample, "sample")
        check_drawn(units, sample)
        probability = sample.set_index(PLACE)["probability"].reindex(pd.MultiIndex.from_frame(units[PLACE]))
        weight = 1 / probability.to_numpy(dtype=np.float64)
    human, found = units[list(themes)].to_numpy(), count_hits(units, hits, themes) > 0
    tables = []
    for values, group in units.groupby(keys, sort=True) if keys else [((), units)]:
        at = group.index.to_numpy()
        table = _scores(human[at], found[at], None if weight is None else weight[at], level)
        tables.append(table.assign(theme=[*themes, "micro", "macro"], **dict(zip(keys, values, strict=True))))
    shares = [f"{name}{end}" for name in _SHARES for end in _ENDS]
    columns = [*keys, "theme", *shares, *_COUNTS, "reason"]
    dtypes = dict.fromkeys(_COUNTS, "int64") | dict.fromkeys(shares, "float64") | {"theme": "str", "reason": "str"}
    whole = pd.concat(tables) if tables else pd.DataFrame(columns=columns)
    return whole[columns].astype(dtypes | {key: units[key].dtype for key in keys}).reset_index(drop=True)


class _Counts(NamedTuple):
    """Sums over units of the four cells, and of weights and squared weights of what was found and what not."""

    cells: Array  # tp, fp, fn
    weighted: Array  # the same, weighted
    found: Array  # weight and squared weight of the pairs with a hit
    unfound: Array
    n_units: int
    n_left_out: int


def _scores(human: Array, found: npt.NDArray[np.bool_], weight: Array | None, level: float) -> pd.DataFrame:
    """Score each theme, then all pooled, then their mean."""
    w = np.ones(len(human)) if weight is None else weight
    counts = [_count(human[:, j], found[:, j], w) for j in range(human.shape[1])]
    pooled = _Counts(*(sum(part[1:], part[0]) for part in zip(*counts, strict=True)))
    rows = [{**_row(c, weight is not None, level), "n_themes": 1} for c in counts]
    rows.append({**_row(pooled, weight is not None, level), "n_themes": len(counts)})
    return pd.DataFrame([*rows, _macro(rows[:-1])])


def _count(human: Array, found: npt.NDArray[np.bool_], weight: Array) -> _Counts:
    known = ~np.isnan(human)
    yes, hit, w = human[known] == 1, found[known], weight[known]
    cells = np.array([yes & hit, ~yes & hit, yes & ~hit], dtype=np.float64)
    of_hits, of_rest = (np.array([w[which].sum(), (w[which] ** 2).sum()]) for which in (hit, ~hit))
    return _Counts(cells.sum(axis=1), cells @ w, of_hits, of_rest, int(known.sum()), int((~known).sum()))


def _row(counts: _Counts, is_weighted: bool, level: float) -> dict[str, object]:
    tp, fp, fn = counts.cells.astype(int).tolist()
    reason = "few_positives" if tp + fn < FEWEST_POSITIVES else "" if tp + fp else "n_zero"
    shares = np.full((3, 3), np.nan)
    if tp + fn >= FEWEST_POSITIVES:
        shares = _weighted(counts, level) if is_weighted else _plain(counts.cells, level)
    numbers = (tp, fp, fn, tp + fn, counts.n_units, counts.n_left_out)
    return {**_columns(shares), **dict(zip(_COUNTS, numbers, strict=False)), "reason": reason}


def _columns(shares: Array) -> dict[str, object]:
    return {f"{name}{end}": float(shares[i, j]) for i, name in enumerate(_SHARES) for j, end in enumerate(_ENDS)}


def _plain(cells: Array, level: float) -> Array:
    """Give precision, recall and F1 with their bounds: shape (3, 3)."""
    tp, fp, fn = cells
    totals = np.array([tp + fp, tp + fn, tp + fp + fn])
    low, high, _ = wilson_interval(np.full(3, tp), totals, level=level)
    shares = np.column_stack([np.divide(tp, totals, out=np.full(3, np.nan), where=totals > 0), low, high])
    shares[2] = 2 * shares[2] / (1 + shares[2])
    return shares


def _weighted(counts: _Counts, level: float) -> Array:
    tp, fp, fn = counts.weighted
    (hit, hit_squared), (rest, rest_squared) = counts.found, counts.unfound
    f1 = 2 * tp / (2 * tp + fp + fn)
    if not hit:
        return np.array([[np.nan] * 3, [0, np.nan, np.nan], [0, np.nan, np.nan]])
    right = np.array([tp / hit, *_wilson(tp / hit, hit**2 / hit_squared, level)])
    missed = np.array([fn / rest, *_wilson(fn / rest, rest**2 / rest_squared, level)]) if rest else np.zeros(3)
    # Precision and misses come from different sentences: recall = 1 / (1 + fn/tp), F1 = 2 / (1 + (hit + fn)/tp).
    of_recall = _ratio(rest * missed, hit * right)
    of_f1 = _ratio(hit + rest * missed, hit * right)
    return np.array([right, [tp / (tp + fn), *(1 / (1 + of_recall[::-1]))], [f1, *(2 / (1 + of_f1[::-1]))]])


def _wilson(share: float, n: float, level: float) -> tuple[float, float]:
    low, high, _ = wilson_interval(share * n, n, level=level)
    return float(low[0]), float(high[0])


def _ratio(top: Array, bottom: Array) -> Array:
    """Give bounds of a ratio of two independent estimates, each with its bounds (estimate, low, high), all at least 0.

    Donner & Zou (2012), equation 9, in the form that holds for a denominator near 0; the upper bound may be infinite.
    """
    (a, a_low, a_high), (b, b_low, b_high) = top, bottom
    under, over = a_low * (2 * a - a_low), a_high * (2 * a - a_high)
    small, large = b_low * (2 * b - b_low), b_high * (2 * b - b_high)
    root_low = np.sqrt(max((a * b) ** 2 - under * large, 0))
    root_high = np.sqrt(max((a * b) ** 2 - over * small, 0))
    low = under / (a * b + root_low) if a * b + root_low > 0 else 0.0
    high = (a * b + root_high) / small if small > 0 else np.inf
    return np.array([low, high])


def _macro(rows: list[dict[str, object]]) -> dict[str, object]:
    """Give the mean over themes with enough positives; the themes' distances to their bounds add up in squares."""
    table = pd.DataFrame(rows)
    used = table[table["n_positive"] >= FEWEST_POSITIVES]
    shares = np.full((3, 3), np.nan)
    for at, name in enumerate(_SHARES):
        defined = used.loc[used[name].notna(), [name, f"{name}_low", f"{name}_high"]].to_numpy(dtype=float)
        if len(defined):
            mean = defined[:, 0].mean()
            below, above = (np.sqrt(((defined[:, 0] - defined[:, end]) ** 2).sum()) / len(defined) for end in (1, 2))
            shares[at] = mean, max(0.0, mean - below), min(1.0, mean + above)
    numbers = {name: int(used[name].sum()) for name in _COUNTS[:-1]}
    return {**_columns(shares), **numbers, "n_themes": len(used), "reason": "" if len(used) else "few_positives"}
