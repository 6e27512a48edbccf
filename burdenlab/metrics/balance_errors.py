"""A balance corrected for what the codes miss and mistake on each of its sides."""

from __future__ import annotations

from functools import partial
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.messages import with_chinese
from burdenlab.metrics.balance_counts import SIGNS, log_ratio
from burdenlab.metrics.balance_sentences import SIDES
from burdenlab.metrics.said import Said, add_said
from burdenlab.resampling import check_level

__all__ = ["correct_balance"]

Array = npt.NDArray[np.float64]
_SCORES = [f"{share}{end}" for share in ("precision", "recall") for end in ("", "_low", "_high")]


def correct_balance(
    balances: pd.DataFrame, scores: pd.DataFrame, *, level: float = 0.95, n_draws: int = 2000, seed: int = 0
) -> pd.DataFrame:
    """Correct a load–capacity ratio, a remedy orientation or a mismatch for the measured errors of both sides.

    A dictionary that finds nine tenths of the capacity and half of the load tells of a strong cart where there is none.

    Parameters
    ----------
    balances : DataFrame
        From ``load_capacity``, ``remedy_orientation`` or ``mismatch``.
    scores : DataFrame
        From ``score_codes``, one row for each side (load, capacity, lighten, feed) in ``theme``: people's codes relabelled by
        ``relabel_codes`` against the sentences of ``balance_sentences``, both with the mapping of `balances`, and better still
        with the ``sample`` that was drawn.
    level : float
        That both tables were made with.
    n_draws, seed : int
        Of precision and recall.

    Returns
    -------
    DataFrame
        `balances` with ``corrected`` (doublings), ``corrected_low``, ``corrected_high``, ``corrected_reason``, and for each side
        ``factor_…``: true sentences per sentence found. ``said_zh`` and ``said_en`` read the corrected number too. NaN where the
        estimate is, with its reason; where a side has fewer than 10 positives (``few_positives``), or precision or recall 0
        (``no_hits``); bounds NaN where the estimate has none.

    Raises
    ------
    ValueError
        If `balances` is no such table, or `scores` lacks a side or a column or has several rows for one.

    Notes
    -----
    A side with x sentences, precision P and recall R has about x P / R (Rogan & Gladen 1978, doi:10.1093/oxfordjournals.aje.a112510,
    with precision in the place of specificity); the log ratio is taken of these. P and R are drawn from beta distributions with
    the numbers of cases that their intervals stand for, as if independent, which makes bounds too wide rather than too narrow.
    Their distance and that of documents add up in squares (Zou & Donner 2008, doi:10.1002/sim.3095). The correction holds if the
    errors in the coded sentences are those in every group: a dictionary that knows the words of one year or level better leaves a
    difference that no common factor takes away.

    Examples
    --------
    >>> balances = pd.DataFrame({
    ...     "estimate": [0.0], "ci_low": [-0.5], "ci_high": [0.5], "reason": [""], "n_load": [400], "n_capacity": [400],
    ...     "said_zh": [""], "said_en": [""],
    ... })
    >>> scores = pd.DataFrame({
    ...     "theme": ["load", "capacity"], "precision": [0.9, 0.9], "precision_low": 0.85, "precision_high": 0.95,
    ...     "recall": [0.45, 0.9], "recall_low": [0.4, 0.85], "recall_high": [0.5, 0.95],
    ... })
    >>> correct_balance(balances, scores)["corrected"].round(2).tolist()
    [1.0]
    """
    check_level(level)
    sides = [side for side in SIDES if f"n_{side}" in balances.columns]
    given = {"estimate", "ci_low", "ci_high", "reason", "said_zh", "said_en"} <= set(balances.columns)
    if not given or sides not in (list(SIDES[:2]), list(SIDES[2:]), list(SIDES)):
        msg = f"balances has the columns {list(balances.columns)}; pass what load_capacity, remedy_orientation or mismatch gives."
        raise with_chinese(ValueError(msg), "balances 应为 load_capacity、remedy_orientation 或 mismatch 的结果。")
    if n_draws < 1:
        msg = f"n_draws={n_draws}; at least 1 is expected, 2000 are usual."
        raise with_chinese(ValueError(msg), f"n_draws={n_draws} 应至少为 1,通常取 2000。")
    shares = _shares(scores, sides)
    name = "mismatch" if len(sides) == 4 else "load_capacity" if "load" in sides else "remedy_orientation"
    signs = [sign for sign in SIGNS[name] if sign]
    factor = _factors(shares[:, 0], shares[:, 3])
    draws = _draws(shares, level, n_draws, np.random.default_rng(seed))
    counts = balances[[f"n_{side}" for side in sides]].to_numpy(dtype=np.float64)
    estimate, ci_low, ci_high = balances[["estimate", "ci_low", "ci_high"]].to_numpy(dtype=np.float64).T
    corrected = np.where(np.isnan(estimate), np.nan, log_ratio(counts * factor, signs))
    moved = log_ratio(counts[:, None, :] * draws.T, signs) - corrected[:, None]
    below, above = np.quantile(moved, [(1 - level) / 2, (1 + level) / 2], axis=1)
    why = ""
    if np.isnan(factor).any():
        why = "few_positives" if np.isnan(shares[:, [0, 3]]).any() else "no_hits"
    reason = [
        code if is_missing else f"{why};{code}".strip(";")
        for code, is_missing in zip(balances["reason"], np.isnan(estimate), strict=True)
    ]
    table = balances.assign(
        corrected=corrected,
        corrected_low=corrected - np.hypot(estimate - ci_low, np.minimum(below, 0)),
        corrected_high=corrected + np.hypot(ci_high - estimate, np.maximum(above, 0)),
        corrected_reason=pd.Series(reason, index=balances.index, dtype="str"),
        **{f"factor_{side}": value for side, value in zip(sides, factor, strict=True)},
    )
    return add_said(table, partial(_say, level=level))


def _shares(scores: pd.DataFrame, sides: list[str]) -> Array:
    """Give precision and recall of each side with their bounds, (sides, 6)."""
    if missing := [column for column in ("theme", *_SCORES) if column not in scores.columns]:
        msg = f"scores lacks column(s) {missing}; pass what score_codes gives."
        raise with_chinese(ValueError(msg), f"scores 缺少列 {missing};请传入 score_codes 的结果。")
    rows = scores[scores["theme"].isin(sides)]
    if sorted(rows["theme"]) != sorted(sides):
        msg = (
            f"scores has the themes {scores['theme'].tolist()}; one row for each of {sides} is expected. Relabel the codes by "
            "relabel_codes, score them against balance_sentences, and leave by= out."
        )
        raise with_chinese(
            ValueError(msg),
            f"scores 应恰有 {sides} 各一行;请先用 relabel_codes 换成各边,再与 balance_sentences 比对,不用 by=。",
        )
    return rows.set_index("theme").loc[sides, _SCORES].to_numpy(dtype=np.float64)


def _factors(precision: Array, recall: Array) -> Array:
    """Give true sentences per sentence found; NaN where either is undefined or 0."""
    defined = (precision > 0) & (recall > 0)
    return np.divide(precision, recall, out=np.full(precision.shape, np.nan), where=defined)


def _draws(shares: Array, level: float, n_draws: int, rng: np.random.Generator) -> Array:
    """Draw the factor of each side, (sides, n_draws)."""
    drawn = []
    for share, low, high in (shares[:, :3].T, shares[:, 3:].T):
        n = _cases(share, low, high, level)[:, None]
        p = np.nan_to_num(share, nan=0.5)[:, None]
        drawn.append(rng.beta(p * n + 0.5, (1 - p) * n + 0.5, size=(len(shares), n_draws)))
    return _factors(*drawn)


def _cases(share: Array, low: Array, high: Array, level: float) -> Array:
    """Give the number of cases that a share with these (Wilson's) bounds stands for.

    The product of Wilson's bounds is p² / (1 + z²/n); near 0 that of their complements is taken.
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    near = share >= 0.5
    p = np.where(near, share, 1 - share)
    product = np.where(near, low * high, (1 - low) * (1 - high))
    with np.errstate(divide="ignore", invalid="ignore"):
        n = z**2 / (p**2 / product - 1)
    return np.where(np.isfinite(n) & (n > 0), n, 1.0)


def _say(row: dict[str, Any], level: float) -> Said:
    zh, en = "", ""
    if not np.isnan(row["corrected"]):
        span = "", ""
        if not np.isnan(row["corrected_low"]):
            low, high, share = f"{row['corrected_low']:.2f}", f"{row['corrected_high']:.2f}", f"{100 * level:g}"
            span = f"({share}% 区间 {low} 至 {high})", f" ({share} % interval {low} to {high})"
        zh = f"按编码的查准率与查全率校正后为 {row['corrected']:+.2f}{span[0]}。"
        en = f"Corrected for the errors of the codes: {row['corrected']:+.2f}{span[1]}."
    elif not np.isnan(row["estimate"]):
        zh, en = "人工编码不足,无法校正。", "Too few codes by people to correct it."
    return row["said_zh"] + zh, f"{row['said_en']} {en}".strip()
