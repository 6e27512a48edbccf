"""The shipped table of agreement is what the hand codes say today, and docstrings and figures say no other numbers."""

import inspect

import pytest

from burdenlab.metrics.causes import find_causes_experimental
from burdenlab.metrics.commitments import commitments_experimental
from burdenlab.metrics.credit import find_subjects_experimental
from burdenlab.metrics.hand_agreement import hand_agreement, said_agreement
from burdenlab.metrics.matches import match_remedies_experimental
from burdenlab.metrics.quantities import burden_quantities_experimental
from burdenlab.metrics.remedies import remedy_coverage_experimental
from burdenlab.metrics.specifics import find_specifics
from tests.make_agreement import TABLE, TRUTH, make_table

SAID = {
    burden_quantities_experimental: {},
    commitments_experimental: {"parts": "elements"},
    match_remedies_experimental: {"parts": "matched"},
    remedy_coverage_experimental: {"parts": {c: c for c in ("strict", "lenient", "matched")}},
    find_causes_experimental: {"parts": {part: part for part in ("type", "blamed")}},
    find_subjects_experimental: {"parts": {part: part for part in ("named", "carried")}, "documents": "all"},
}


def test_the_table_is_what_the_script_writes(shared):
    """If not: BURDENLAB_SHARED=… python -m tests.make_agreement, and look at what changed."""
    assert make_table() == TABLE.read_text("utf-8")


@pytest.mark.parametrize(("measure", "options"), SAID.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_the_docstring_says_what_the_table_says(measure, options):
    said = said_agreement(measure.__name__, **options, lang="en").replace("Experimental:", "**Experimental**:")
    assert said in " ".join(inspect.getdoc(measure).split())


def test_what_reaches_its_goal_is_not_called_experimental():
    table = hand_agreement()
    held_out = table[table["goal"].notna() & (table["documents"] != "made_on")]
    reached = (held_out["value"] >= held_out["goal"]).groupby(held_out["measure"]).all()
    assert set(reached[reached].index) == {find_specifics.__name__}
    assert set(reached[~reached].index) == {measure.__name__ for measure in SAID}


def test_rows_fit_together():
    table = hand_agreement()
    assert set(table["measure"]) == set(TRUTH)
    assert not table.duplicated(["measure", "part", "documents", "statistic"]).any()
    shares = table[table["n_right"].notna()]
    assert shares["value"].tolist() == pytest.approx((shares["n_right"] / shares["n"]).astype(float).tolist(), abs=1e-4)
    bounds = table.dropna(subset="low")
    assert ((bounds["low"] <= bounds["value"]) & (bounds["value"] <= bounds["high"])).all()


def test_several_parts_and_both_languages():
    said = said_agreement("find_causes_experimental", {"type": "成因类型", "blamed": "归咎对象"}, lang="zh")
    assert said.startswith("试验性：在未参与调试的文件上与人工编码对照，成因类型 κ ")
    assert said.endswith("；目标 0.75")
    with pytest.raises(ValueError, match=r"no goal for \['ghost'\]"):
        said_agreement("find_causes_experimental", "ghost", lang="en")


def test_the_table_is_a_copy():
    table = hand_agreement()
    table["value"] = 0.0
    assert (hand_agreement()["value"] > 0).any()
