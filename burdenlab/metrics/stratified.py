"""Documents as counts, exposure and stratum, and the tables of what was estimated from them: both ends of a trend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.messages import with_chinese
from burdenlab.metrics.estimates import Groups, estimate_table
from burdenlab.metrics.standardised import Estimates
from burdenlab.metrics.theme_counts import OF_SENTENCES, Tally, tally_themes

__all__ = ["Stratified", "Unit", "stratified_counts", "stratified_table", "stratum_weights"]

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.str_]
Unit = Literal["han", "sentence"]


class Stratified(NamedTuple):
    """What was counted in documents, and the same as arrays."""

    tally: Tally
    h: Array  # (documents, themes)
    d: Array  # (documents,), the exposure
    strata: Labels


def stratified_counts(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    themes: Sequence[str],
    documents: pd.DataFrame,
    time: str,
    standardise: str | None,
    unit: Unit,
    exclude: pd.DataFrame | Sequence[pd.DataFrame],
) -> Stratified:
    """Count in each document that has both variables; see ``burdenlab.metrics.trends``."""
    for variable in (time, standardise):
        if variable in OF_SENTENCES:
            msg = f"{variable!r} is a variable of sentences; documents are compared in time: name a variable of theirs."
            raise with_chinese(ValueError(msg), f"{variable!r} 是句子的变量;时间比较以文稿为单位,请用文稿的变量。")
    tally = tally_themes(
        hits, sentences, themes=themes, keys=[time], documents=documents, strata=standardise, exclude=exclude
    )
    h, exposure = (tally.n_hits, "n_han") if unit == "han" else (tally.n_sentences_hit, "n_sentences")
    strata = tally.cells["_stratum"].to_numpy(dtype=object).astype("U")
    return Stratified(tally, h.astype(float), tally.cells[exposure].to_numpy(dtype=float), strata)


def stratum_weights(d: Array, strata: Labels, given: Mapping[str, float] | None = None) -> dict[str, float]:
    """Give each stratum its weight: as given, else its share of the exposure. One without weight is left out.

    Examples
    --------
    >>> stratum_weights(np.array([1.0, 3.0]), np.array(["a", "b"]))
    {'a': 0.25, 'b': 0.75}
    """
    found = sorted(set(strata.tolist()))
    weights = {g: float(d[strata == g].sum()) for g in found}
    if given is not None:
        weights = {str(g): float(w) for g, w in given.items()}
        fits = all(0 <= w < np.inf for w in weights.values()) and sum(weights.values()) > 0
        if not fits or not set(found) <= set(weights):
            msg = f"weights={given!r}; a number of at least 0 is expected for each of {found}, with a sum above 0."
            raise with_chinese(
                ValueError(msg), f"weights={given!r} 应为 {found} 的每一项给出不小于 0 的数,总和大于 0。"
            )
    total = sum(weights.values())
    return {g: w / total for g, w in weights.items() if w > 0} if total > 0 else {"": 1.0}


def stratified_table(
    found: Sequence[Estimates],
    tally: Tally,
    groups: Groups,
    *,
    themes: Sequence[str],
    unit: Unit,
    per: float,
    **measures: object,
) -> pd.DataFrame:
    """Give the table of estimates of each group, with its `measures` behind the reason."""
    shape = len(found), len(themes)
    low, estimate, high, reason = (
        np.array([getattr(f, name) for f in found], dtype=object).reshape(shape)
        for name in ("low", "estimate", "high", "reason")
    )
    columns = {
        "estimate": per * estimate.astype(float),
        "ci_low": per * low.astype(float),
        "ci_high": per * high.astype(float),
        "n": np.array([f.n for f in found], dtype=np.int64)[:, None],
        "reason": reason,
        **measures,
        "n_hits": groups.sums(tally.n_hits),
        **{name: groups.sums(tally.cells[name].to_numpy())[:, None] for name in ("n_han", "n_sentences")},
        "n_sentences_hit": groups.sums(tally.n_sentences_hit),
        "unit": unit,
        "per": float(per),
    }
    return estimate_table(groups, ("theme", list(themes)), columns)
