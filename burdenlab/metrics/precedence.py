"""Which document was first, and which comes from a higher level."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.metrics.periods import _span, _written

__all__ = ["LEVELS", "NO_DATE", "date_spans", "level_ranks"]

LEVELS = {"central": 0, "province": 1, "prefecture": 2, "city": 2, "county": 3, "township": 4, "village": 5}
NO_DATE = "9999-99-99"  # before nothing and after nothing


def date_spans(documents: pd.DataFrame) -> pd.DataFrame:
    """Give the first and the last day that the date of each document may mean.

    Parameters
    ----------
    documents : DataFrame
        With ``date``, ``year``, both (the date wins) or neither, as for ``policy_periods``.

    Returns
    -------
    DataFrame
        ``first`` and ``last`` (YYYY-MM-DD), with the index of `documents`; `NO_DATE` where the date is missing or cannot
        be read.

    Examples
    --------
    >>> date_spans(pd.DataFrame({"year": [2024, 2025], "date": ["2024-02", ""]})).to_numpy().tolist()
    [['2024-02-01', '2024-02-29'], ['2025-01-01', '2025-12-31']]
    """
    written = pd.Series("", index=documents.index)
    for column in ("year", "date"):
        if column in documents.columns:
            own = documents[column].map(_written)
            written = own.where(own != "", written)
    spans = [_days(date) for date in written]
    return pd.DataFrame(spans, columns=["first", "last"], index=documents.index).astype("str")


def level_ranks(documents: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Give the rank of each document's ``level``, 0 for the centre; NaN where it is none of `LEVELS`.

    Examples
    --------
    >>> level_ranks(pd.DataFrame({"level": ["county", "", "central"]})).tolist()
    [3.0, nan, 0.0]
    """
    if "level" not in documents.columns:
        return np.full(len(documents), np.nan)
    return documents["level"].map(LEVELS).to_numpy(dtype=np.float64, na_value=np.nan)


def _days(date: str) -> tuple[str, str]:
    try:
        return _span(date)
    except ValueError:
        return NO_DATE, NO_DATE
