"""Promises: composed ones, the seed, and what two coders gave."""

import hashlib

import pytest
from sklearn.metrics import cohen_kappa_score

from burdenlab.metrics.commitments import commitments_experimental, score_promise
from tests.conftest import make_sentences
from tests.metrics.concrete_scores import both_coders_promises, judge_promises
from tests.metrics.concrete_truth import read_all, table

# Composed; target, deadline, owner, output by hand.
PROMISES = {
    "进一步加强组织领导，切实提高认识。": (0, 0, 0, 0),
    "年底前把村级报表压减到40种以内。": (1, 1, 0, 0),
    "由县委编办牵头，公布清单。": (0, 0, 1, 1),
    "县财政局6月底前拨付经费200万元。": (1, 1, 1, 1),
    "各级各部门要高度重视，我们要深入推进。": (0, 0, 0, 0),
    "不再保留重复的台账。": (1, 0, 0, 0),
    "（责任单位：县委组织部；完成时限：2026年3月底）": (0, 1, 1, 0),
    "7月15日前报县财政局、县农业农村局。": (0, 1, 0, 0),
    "2020年以来，工作取得成效。": (0, 0, 0, 0),
}


@pytest.mark.parametrize(("text", "has"), PROMISES.items(), ids=[t[:8] for t in PROMISES])
def test_elements_by_hand(text, has):
    assert score_promise(text) == has


def test_only_plan_sentences_are_scored():
    found = commitments_experimental(
        make_sentences("一、主要做法\n压减了会议。\n二、下一步打算\n年底前压减会议30%。\n2026年是攻坚之年。")
    )
    assert len(found) == 1
    assert found.loc[0, ["target", "deadline", "score", "strict"]].tolist() == [1, 1, 2, 0]
    assert (
        found.loc[0, "said_en"]
        == "It names a checkable target, a deadline; it lacks an owner, a visible output (score 2 of 4)."
    )
    assert "满分 4" in found.loc[0, "said_zh"]


def test_no_plan_gives_no_row(demo, seed):
    """The seed stops before it comes to any plan."""
    whole, none = commitments_experimental(demo.sentences), commitments_experimental(demo.sentences.iloc[:0])
    assert none.dtypes.equals(whole.dtypes)
    assert len(none) == 0
    assert len(commitments_experimental(seed.sentences)) == 0


@pytest.mark.parametrize(
    ("half", "both", "precision", "recall"),
    [("development", True, 0.88, 0.85), ("test", True, 0.8, 0.6), ("test", False, 0.8, 0.55)],
)
def test_precision_and_recall_of_the_elements(half, both, precision, recall, shared):
    """On documents not looked at recall falls short of the 0.80 asked for: experimental; see hand_agreement()."""
    told, plans = judge_promises(half, read_all(), both=both)
    assert told.precision >= precision
    assert told.recall >= recall
    if both:
        assert (plans["hand"] == plans["rule"]).mean() >= 0.9


def test_the_two_coders_agree():
    rows = both_coders_promises()
    assert len(rows) == 140
    kappa = {c: cohen_kappa_score(rows[c]["1"], rows[c]["2"]) for c in ("is_plan",)}
    assert kappa["is_plan"] == pytest.approx(0.86, abs=0.01)
    plans = rows[(rows["is_plan"] == "1").all(axis=1)]
    assert len(plans) == 65
    for element, least in {"target": 1, "deadline": 0.94, "owner": 1, "output": 0.88}.items():
        assert cohen_kappa_score(plans[element]["1"], plans[element]["2"]) >= least


def test_the_truth_is_of_these_documents(shared):
    raw = read_all().raw
    for row in table("commitments").itertuples():
        assert hashlib.sha256(raw[row.doc_id][row.start : row.end].encode()).hexdigest() == row.sha256
