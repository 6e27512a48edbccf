"""Shares and transitions of moves, against counts by hand."""

import numpy as np
import pandas as pd
import pytest

from burdenlab.metrics.moves import move_profile, move_transitions
from burdenlab.metrics.theme_counts import count_themes
from burdenlab.tables import MOVES
from tests.metrics.made import make_corpus

ONE = [
    (10, 0, "problem", []),
    (5, 0, "problem", []),
    (20, 0, "cause", []),
    (15, 0, "plan", []),
    (30, 0, "frame", []),
    (10, 0, "", []),
    (5, 0, "plan", []),
]


def test_profile_by_hand():
    """Sixty-five Han characters without the greeting: 15 problem, 20 cause, 20 plan, 10 unknown."""
    found = move_profile(make_corpus([ONE])[1]).set_index("move")
    assert found.index.tolist() == [*MOVES[:-1], ""]
    assert found["n_han"].to_dict() == dict.fromkeys(found.index, 0) | {"problem": 15, "cause": 20, "plan": 20, "": 10}
    assert found["estimate"]["cause"] == pytest.approx(20 / 65)
    assert set(found["n_han_all"]) == {65}
    assert set(found["reason"]) == {"n_small"}
    sentences = move_profile(make_corpus([ONE])[1], unit="sentence", leave_aside=("frame", "")).set_index("move")
    assert sentences["estimate"]["problem"] == pytest.approx(2 / 5)
    assert "" not in sentences.index


def test_profile_of_sections_and_counts(demo):
    _, exposure = count_themes(demo.hits, demo.sentences)
    for options in ({}, {"source": "section_move"}, {"cluster": "section_id"}):
        one, other = (move_profile(t, **options, n_resamples=100) for t in (demo.sentences, exposure))
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert one["reason"].str.startswith("within_text").all()
    by_section = move_profile(demo.sentences, source="section_move", by=None)
    expected = demo.sentences.groupby("section_move")["n_han"].sum().drop("frame")
    assert by_section.set_index("move")["n_han"].reindex(expected.index).equals(expected)


def test_transitions_by_hand():
    """problem→problem, problem→cause, cause→plan; the greeting and what is unknown break the chain."""
    found = move_transitions(make_corpus([ONE, ONE[:2]])[1]).set_index(["move", "next_move"])
    counted = found[found["n_transitions"] > 0]["n_transitions"].to_dict()
    assert counted == {("problem", "problem"): 2, ("problem", "cause"): 1, ("cause", "plan"): 1}
    assert found.loc[("problem", "cause"), "estimate"] == pytest.approx(1 / 3)
    assert found.loc[("plan", "plan"), "n_from"] == 0
    assert np.isnan(found.loc[("plan", "plan"), "estimate"])
    assert found.loc[("plan", "plan"), "reason"] == "n_zero"
    assert len(found) == 49
    unbroken = move_transitions(make_corpus([ONE])[1], leave_aside=()).set_index(["move", "next_move"])
    assert unbroken.loc[("plan", "frame"), "n_transitions"] == 1


def test_headings_are_passed_over():
    sentences = make_corpus([ONE[:4]])[1]
    found = move_transitions(sentences.assign(is_heading=[False, False, True, False])).set_index(["move", "next_move"])
    assert found[found["n_transitions"] > 0]["n_transitions"].to_dict() == {
        ("problem", "problem"): 1,
        ("problem", "plan"): 1,
    }


def test_rows_of_the_transition_matrix_add_up(demo):
    found = move_transitions(demo.sentences, by="level", documents=demo.documents, n_resamples=100)
    sums = found.groupby(["level", "move"])["estimate"].sum(min_count=1).dropna()
    assert np.allclose(sums, 1)
    assert found["level"].drop_duplicates().tolist() == ["county", "township"]
    assert found["move"].head(7).eq("problem").all()


def test_bounds_of_shares_stay_below_one():
    """Ten documents that are all but one of a kind: the bootstrap would reach beyond 1."""
    documents = [[(10, 0, "plan", [])] * (9 + i % 3) + [(10 * (i == 0), 0, "cause", [])] for i in range(10)]
    sentences = make_corpus(documents)[1]
    profile = move_profile(sentences, by=None).set_index("move")
    after = move_transitions(sentences).set_index(["move", "next_move"])
    for found in (profile.loc["plan"], after.loc[("plan", "plan")]):
        assert 0.8 < found["ci_low"] < found["estimate"] < found["ci_high"] <= 1


@pytest.mark.parametrize(
    ("measure", "options", "said"),
    [
        (move_profile, {"source": "theme"}, "source='theme'"),
        (move_profile, {"unit": "word"}, "unit='word'"),
        (move_profile, {"leave_aside": "frame"}, "leave_aside='frame'"),
        (move_profile, {"leave_aside": ["greeting"]}, "leave_aside"),
        (move_profile, {"by": "move"}, "different variables"),
        (move_transitions, {"source": "theme"}, "source='theme'"),
        (move_transitions, {"by": "level"}, "pass documents="),
    ],
)
def test_bad_options(measure, options, said):
    with pytest.raises(ValueError, match=said):
        measure(make_corpus([ONE])[1], **options)


def test_unknown_moves_are_refused():
    sentences = make_corpus([ONE])[1]
    for measure in (move_profile, move_transitions):
        with pytest.raises(ValueError, match="sentences has the move 'lament'"):
            measure(sentences.assign(move=pd.Series("lament", index=sentences.index, dtype="str")))
