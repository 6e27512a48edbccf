"""Policy periods and the timeline, against dates read by hand."""

import datetime

import pandas as pd
import pytest

from burdenlab.messages import REASONS
from burdenlab.metrics.periods import POLICY_PERIODS, policy_periods, policy_timeline


def periods_of(*dates, **options):
    return policy_periods(pd.DataFrame({"date": list(dates)}), **options)


@pytest.mark.parametrize(
    ("date", "period"),
    [
        ("1954", "../2018-09"),
        ("2018-09-30", "../2018-09"),
        ("2018-10", "2018-10/2019"),
        ("2019", "2018-10/2019"),
        ("2020-01-01", "2020/2022"),
        ("2022", "2020/2022"),
        ("2024-07-31", "2023/2024-07"),
        ("2024-08-01", "2024-08/2025-07"),
        ("2025-08-06", "2025-08/.."),
        ("2026", "2025-08/.."),
        ("2024年8月6日", "2024-08/2025-07"),
        ("2024年7月", "2023/2024-07"),
        ("2026年", "2025-08/.."),
        ("2024/8/6", "2024-08/2025-07"),
        (datetime.datetime(2024, 8, 6), "2024-08/2025-07"),
        (datetime.date(2024, 7, 1), "2023/2024-07"),
        (2021, "2020/2022"),
        (2021.0, "2020/2022"),
    ],
)
def test_dates_by_hand(date, period):
    found = periods_of(date).iloc[0]
    assert (found["period"], found["period_reason"]) == (period, "")


@pytest.mark.parametrize(
    ("date", "reason"),
    [
        ("2018", "period_unsure"),
        ("2024", "period_unsure"),
        ("2025", "period_unsure"),
        ("", "no_date"),
        (None, "no_date"),
        ("2024-13", "bad_date"),
        ("2024-02-30", "bad_date"),
        ("spring 2024", "bad_date"),
        ("去年", "bad_date"),
    ],
)
def test_what_a_date_does_not_say_is_missing(date, reason):
    found = periods_of(date).iloc[0]
    assert pd.isna(found["period"])
    assert found["period_reason"] == reason
    assert reason in REASONS


def test_the_date_wins_over_the_year():
    documents = pd.DataFrame({"date": ["2024-01-31", None, "?"], "year": pd.array([2023, 2021, 2021], "Int64")})
    found = policy_periods(documents)
    assert found["period"].tolist()[:2] == ["2023/2024-07", "2020/2022"]
    assert found["period_reason"].tolist() == ["", "", "bad_date"]
    assert [str(found[c].dtype) for c in ("period", "period_reason")] == ["str", "str"]
    assert documents.columns.tolist() == ["date", "year"]


def test_a_month_that_an_event_cuts_is_unsure():
    found = periods_of("2019-03", "2019-03-10", "2019-03-11", "2019-02", periods=["2019-03-11"])
    assert found["period_reason"].tolist() == ["period_unsure", "", "", ""]
    assert found["period"].tolist()[1:] == ["../2019-03-10", "2019-03-11/..", "../2019-03-10"]


@pytest.mark.parametrize(
    "starts", [POLICY_PERIODS, ("2019", "2020"), ("2024", "2024-08", "2024-08-06"), ("1999-12-31", "2000-01-01")]
)
def test_the_alphabet_is_the_order_of_time(starts):
    dates = ["1900", "2000", "2100-01-01", *(s if len(s) == 10 else f"{s}-28"[:10] for s in starts), *starts]
    found = periods_of(*dates, periods=starts).dropna(subset="period").drop_duplicates("period")
    in_time = found.assign(at=found["date"].str[:4].astype(int)).sort_values("date", kind="stable")["period"].tolist()
    assert in_time == sorted(in_time)
    assert in_time[0].startswith("../")
    assert in_time[-1].endswith("/..")


@pytest.mark.parametrize("periods", [["2020", "2019"], ["2020", "2020-01"], [], "2020", ["soon"], [2020], ["2020年"]])
def test_periods_that_are_none(periods):
    with pytest.raises(ValueError, match="first days in order are expected"):
        periods_of("2020", periods=periods)


def test_documents_without_any_date():
    with pytest.raises(ValueError, match="neither date nor year"):
        policy_periods(pd.DataFrame({"doc_id": ["a"]}))


def test_no_documents():
    found = policy_periods(pd.DataFrame({"year": pd.array([], "Int64")}))
    assert [str(found[c].dtype) for c in ("period", "period_reason")] == ["str", "str"]


def test_timeline_is_sound():
    timeline = policy_timeline()
    assert timeline["event"].is_unique
    assert timeline["issued"].is_monotonic_increasing
    dates = pd.concat([timeline["issued"], timeline["published"]])
    assert dates[dates != ""].str.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?").all()
    assert (timeline.drop(columns=["number", "published"]) != "").all(axis=None)
    later = timeline[timeline["published"] != ""]
    assert (later["published"] > later["issued"]).all()
    assert set(timeline.dtypes.astype(str)) == {"str"}


def test_timeline_tells_issue_from_publication():
    """The provisions were issued on 6 August 2024 and published a year later."""
    provisions = policy_timeline().set_index("event").loc["burden_reduction_provisions"]
    assert provisions["issued"] == "2024-08-06"
    assert provisions["published"] == "2025-08-06"
    assert provisions["title_zh"] == "整治形式主义为基层减负若干规定"
    assert policy_timeline().set_index("event").loc["burden_reduction_notice", "number"] == "中办发〔2019〕16号"
