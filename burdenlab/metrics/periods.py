"""Policy on grassroots burden in time: what was issued when, and the period that a document falls in."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from importlib.resources import files
from itertools import pairwise

import pandas as pd

from burdenlab.messages import with_chinese

__all__ = ["POLICY_PERIODS", "policy_periods", "policy_timeline"]

# First days of the periods after the first: the notice on inspections; the pandemic; the opinions on formalism at the
# fingertips and their year; the provisions as issued; the provisions as published.
POLICY_PERIODS = ("2018-10", "2020", "2023", "2024-08", "2025-08")

# 2024, 2024-08, 2024-08-06, 2024/8/6, 2024.8, 2024年8月6日
_DATE = re.compile(r"(\d{4})(?:年|(?:[-/.年](\d{1,2})(?:月|[-/.月](\d{1,2})日?)?))?")


def policy_timeline() -> pd.DataFrame:
    """Give the policy events that bear on grassroots burden, each with the document that is its source.

    Only what was seen in a document or a report of it is listed; a date is as precise as it is known.

    Returns
    -------
    DataFrame
        One row an event, by date, all columns of text: ``event`` (an id), ``title_zh``, ``title_en``, ``number`` (of
        the document, "" where it has none or it is not known), ``kind`` (law, decision, opinions, notice, provisions,
        measures, guidelines, meeting, practice), ``issued`` and ``published`` (YYYY, YYYY-MM or YYYY-MM-DD; ``issued``
        is the day of a meeting; ``published`` is "" where not known apart), ``source`` (who issued
        the document of that title and number, or who reported what has no document).

    Notes
    -----
    Which of the two dates matters depends on the question: offices act on a document from its issue, others from its
    publication. The provisions of 2024 were published a year after they were issued.

    Examples
    --------
    >>> timeline = policy_timeline().set_index("event")
    >>> timeline.loc["burden_reduction_provisions", ["issued", "published"]].tolist()
    ['2024-08-06', '2025-08-06']
    """
    with (files("burdenlab.metrics") / "policy_timeline.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype="str", keep_default_na=False)


def policy_periods(documents: pd.DataFrame, *, periods: Sequence[str] | None = None) -> pd.DataFrame:
    """Assign each document to a period of policy by its ``date``, else by its ``year``.

    A period is assigned only where the date says so: of a document of which only the year is known, the period is
    missing where that year lies in two periods (2018, 2024 and 2025 with the periods suggested).

    Parameters
    ----------
    documents : DataFrame
        With ``date`` (of the text: YYYY, YYYY-MM, YYYY-MM-DD, also 2024年8月6日 or a pandas date), ``year``, or both.
    periods : sequence of str, optional
        The first day of every period but the first, in order, such as ``["2019-03"]`` for before and after; where left
        out: 2018-10, 2020, 2023, 2024-08, 2025-08.

    Returns
    -------
    DataFrame
        `documents` with ``period`` and ``period_reason`` (str). Periods are written as intervals of ISO 8601-2
        (``../2018-09``, ``2018-10/2019``, …, ``2025-08/..``), whose alphabetical order is that of time. A missing
        ``period`` has a reason: ``no_date``, ``bad_date`` (cannot be read), ``period_unsure`` (the date is too rough).

    Raises
    ------
    ValueError
        If `documents` has neither ``date`` nor ``year``, or `periods` are no dates in order.

    Examples
    --------
    >>> documents = pd.DataFrame({"date": ["2024-09-01", "", ""], "year": [2024, 2024, 2021]})
    >>> policy_periods(documents)[["period", "period_reason"]].to_numpy().tolist()
    [['2024-08/2025-07', ''], [nan, 'period_unsure'], ['2020/2022', '']]
    """
    starts = _starts(POLICY_PERIODS if periods is None else periods)
    labels = _labels(starts)
    known = [column for column in ("date", "year") if column in documents.columns]
    if not known:
        msg = f"documents has neither date nor year; it has {list(documents.columns)}. Add one by metadata=."
        raise with_chinese(ValueError(msg), "documents 中既无 date 也无 year 列;请通过 metadata= 补充其一。")
    written = pd.Series("", index=documents.index)
    for column in reversed(known):  # the date wins
        own = documents[column].map(_written)
        written = own.where(own != "", written)
    first_days = [_span(start)[0] for start in starts]
    found = [_period(date, first_days, labels) for date in written]
    return documents.assign(
        period=pd.Series([period for period, _ in found], index=documents.index, dtype="str"),
        period_reason=pd.Series([reason for _, reason in found], index=documents.index, dtype="str"),
    )


def _written(value: object) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return value.date().isoformat() if isinstance(value, datetime.datetime) else str(value).strip()


def _span(date: str) -> tuple[str, str]:
    """Give the first and the last day that a date may mean; ValueError where it is none."""
    match = _DATE.fullmatch(date)
    if match is None:
        raise ValueError(date)
    year, month, day = (int(part or 0) for part in match.groups())
    first = datetime.date(year, month or 1, day or 1)
    if day:
        return first.isoformat(), first.isoformat()
    following = datetime.date(year, month + 1, 1) if 0 < month < 12 else datetime.date(year + 1, 1, 1)
    return first.isoformat(), (following - datetime.timedelta(days=1)).isoformat()


def _period(date: str, first_days: list[str], labels: list[str]) -> tuple[str | None, str]:
    if not date:
        return None, "no_date"
    try:
        earliest, latest = _span(date)
    except ValueError:
        return None, "bad_date"
    at, last = (sum(day <= bound for day in first_days) for bound in (earliest, latest))
    return (labels[at], "") if at == last else (None, "period_unsure")


def _starts(periods: Sequence[str]) -> list[str]:
    dates = [] if isinstance(periods, str) else list(periods)
    try:
        days = [_span(date)[0] for date in dates]
        fits = bool(days) and all(a < b for a, b in pairwise(days))
    except (ValueError, TypeError):
        fits = False
    if not fits or not all(re.fullmatch(r"[\d-]+", date) for date in dates):
        msg = f"periods={periods!r}; first days in order are expected, such as ['2018-10', '2020', '2024-08-06']."
        raise with_chinese(ValueError(msg), f"periods={periods!r} 应为按先后排列的起始日期,如 ['2018-10', '2020']。")
    return dates


def _labels(starts: list[str]) -> list[str]:
    labels = [f"../{_before(starts[0])}"]
    for start, following in pairwise(starts):
        end = _before(following)
        # 2024-01/2024-07 rather than 2024/2024-07, which would come after 2024-08/.. in the alphabet.
        first = _span(start)[0][: len(following)] if following.startswith(start) else start
        labels.append(start if start == end else f"{first}/{end}")
    return [*labels, f"{starts[-1]}/.."]


def _before(date: str) -> str:
    """Give the day, month or year before, as precise as the date."""
    day_before = datetime.date.fromisoformat(_span(date)[0]) - datetime.timedelta(days=1)
    return day_before.isoformat()[: len(date)]
