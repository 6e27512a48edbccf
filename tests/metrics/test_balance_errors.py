"""Planted balances: estimates recover them, intervals hold them, and the errors of the codes are taken out."""

import numpy as np
import pandas as pd
import pytest

from burdenlab.metrics.balance import load_capacity, mismatch, remedy_orientation
from burdenlab.metrics.balance_errors import correct_balance
from burdenlab.metrics.balance_sentences import SIDES, relabel_codes
from burdenlab.tables import make_table
from burdenlab.uncertainty import wilson_interval
from tests.metrics.balances import delta, made, planted


def covered(n_corpora, n_documents, means, *, seed=0, measure=mismatch):
    """Give the share of made corpora whose interval holds what was planted, and the mean estimate minus it."""
    hits, sentences, documents = planted(made(np.random.default_rng(seed), n_corpora, n_documents, means))
    of_corpus = documents["doc_id"].str[1:].astype(int) // n_documents
    found = measure(hits, sentences, by="corpus", documents=documents.assign(corpus=of_corpus))
    found = found[found["ci_low"].notna()]
    truth = {
        "mismatch": delta(*np.array(means) * 1e9), "load_capacity": np.log2(means[0] / means[1]),
        "remedy_orientation": np.log2(means[2] / means[3]),
    }[measure.__name__]  # fmt: skip
    return (
        ((found["ci_low"] <= truth) & (truth <= found["ci_high"])).mean(),
        found["estimate"].mean() - truth,
        len(found),
    )


@pytest.mark.parametrize(
    ("measure", "means"), [(mismatch, (5, 2, 1, 4)), (load_capacity, (3, 6, 1, 1)), (remedy_orientation, (1, 1, 6, 2))]
)
def test_planted_balances_are_recovered(measure, means):
    share, bias, n = covered(150, 20, means, measure=measure)
    assert n == 150
    assert abs(bias) < 0.1
    assert share >= 0.91


def test_null_corpora_are_not_flagged():
    """Remedies divide as the diagnosis does: an interval that leaves out 0 is a false alarm."""
    share, _, n = covered(600, 20, (2, 2, 2, 2))
    assert n == 600
    assert 1 - share <= 0.07


@pytest.mark.acceptance
@pytest.mark.parametrize("n_documents", [8, 12, 20, 40, 100])
@pytest.mark.parametrize("means", [(4, 4, 4, 4), (6, 3, 6, 3), (5, 2, 1, 4), (1, 4, 0.5, 3), (12, 10, 8, 20)])
def test_coverage(n_documents, means):
    share, bias, n = covered(max(400, 20_000 // n_documents), n_documents, means, seed=n_documents)
    assert abs(bias) < 0.25
    assert 0.92 <= share <= 0.985, (share, n)
    if means[0] / means[1] == means[2] / means[3]:
        assert 1 - share <= 0.07


def test_corrected_balances_are_recovered():
    """The dictionary finds four fifths of capacity and two fifths of load, and mistakes a tenth of what it finds."""
    rng = np.random.default_rng(8)
    truth = np.array([5.0, 5.0, 3.0, 3.0])
    precision, recall = np.array([0.9, 0.9, 0.9, 0.9]), np.array([0.4, 0.8, 0.8, 0.8])
    real = made(rng, 100, 25, truth)
    found_right = rng.binomial(real, recall)
    found = found_right + rng.poisson(found_right * (1 / precision - 1))
    hits, sentences, documents = planted(found)
    documents = documents.assign(corpus=documents["doc_id"].str[1:].astype(int) // 25)
    measured = mismatch(hits, sentences, by="corpus", documents=documents)
    n_positive = 150
    shares = {}
    for i, side in enumerate(SIDES):
        tp = rng.binomial(n_positive, recall[i])
        shares[side] = (tp / (tp + rng.binomial(tp, 1 / precision[i] - 1)), tp / n_positive)
    table = scores(**shares)
    corrected = correct_balance(measured, table)
    assert measured["estimate"].mean() > 0.8  # a mismatch that is none
    assert abs(corrected["corrected"].mean()) < 0.3
    inside = (corrected["corrected_low"] <= 0) & (corrected["corrected_high"] >= 0)
    assert inside.mean() >= 0.92
    assert ((measured["ci_low"] <= 0) & (measured["ci_high"] >= 0)).mean() < 0.75


def test_codes_by_people_become_sides():
    codes = make_table("codes", [
        ("u0", "a", 0, "final", 1, "task_load;staffing", "cause", ""), ("u1", "a", 1, "final", 1, "coordination;burden_naming", "plan", ""),
        ("u2", "a", 2, "final", 1, "staffing", "result", ""), ("u3", "a", 3, "final", 1, "", "cause", ""),
    ])  # fmt: skip
    assert relabel_codes(codes)["themes"].tolist() == ["load;capacity", "lighten", "", ""]


def scores(**sides):
    """Make a table of scores of (precision, recall), each from 400 cases."""
    rows = []
    for side, (precision, recall) in sides.items():
        low, high, _ = wilson_interval([400 * precision, 400 * recall], [400, 400])
        rows.append({
            "theme": side, "precision": precision, "precision_low": low[0], "precision_high": high[0],
            "recall": recall, "recall_low": low[1], "recall_high": high[1],
        })  # fmt: skip
    return pd.DataFrame(rows)


def test_correction_takes_the_errors_of_both_sides():
    """X P / R by hand: 30 · 0.8 / 0.4 = 60 of load, 20 · 0.9 / 0.9 = 20 of capacity."""
    hits, sentences, _ = planted([(3, 2, 1, 1)] * 5 + [(3, 2, 2, 1)] * 5)
    found = load_capacity(hits, sentences, by=None)
    row = correct_balance(found, scores(load=(0.8, 0.4), capacity=(0.9, 0.9))).iloc[0]
    assert row["corrected"] == pytest.approx(np.log2(60.5 / 20.5))
    assert (row["factor_load"], row["factor_capacity"]) == pytest.approx((2, 1))
    assert row["said_en"].endswith(f"Corrected for the errors of the codes: {row['corrected']:+.2f}.")
    even = correct_balance(mismatch(hits, sentences, by=None), scores(**dict.fromkeys(SIDES, (0.9, 0.6)))).iloc[0]
    assert even["corrected"] == pytest.approx(even["estimate"], abs=0.02)


def test_correction_widens_the_interval_by_what_is_not_known_of_the_errors():
    hits, sentences, _ = planted(np.random.default_rng(2).poisson(6, (30, 4)))
    found = mismatch(hits, sentences, by=None)
    sure = correct_balance(found, scores(**dict.fromkeys(SIDES, (0.9, 0.8)))).iloc[0]
    assert sure["corrected_high"] - sure["corrected_low"] > sure["ci_high"] - sure["ci_low"]
    # Errors alone: the log of P/R has about the variance (1-P)/(nP) + (1-R)/(nR), four times.
    alone = correct_balance(
        found.assign(ci_low=found["estimate"], ci_high=found["estimate"]), scores(**dict.fromkeys(SIDES, (0.9, 0.8)))
    ).iloc[0]
    expected = 2 * 1.96 * np.sqrt(4 * (0.1 / 0.9 + 0.2 / 0.8) / 400) / np.log(2)
    assert alone["corrected_high"] - alone["corrected_low"] == pytest.approx(expected, rel=0.08)


def test_correction_refuses_what_it_cannot_know():
    found = load_capacity(*planted([(6, 6, 0, 0)] * 9)[:2], by=None)
    few = scores(load=(0.8, 0.4), capacity=(0.9, 0.9)).assign(recall=[np.nan, 0.9])
    row = correct_balance(found, few).iloc[0]
    assert np.isnan(row["corrected"])
    assert row["corrected_reason"].startswith("few_positives")
    none = correct_balance(found, scores(load=(0.8, 0.0), capacity=(0.9, 0.9))).iloc[0]
    assert none["corrected_reason"].startswith("no_hits")
    with pytest.raises(ValueError, match="one row for each of"):
        correct_balance(found, scores(load=(0.8, 0.4)))
    with pytest.raises(ValueError, match="pass what load_capacity"):
        correct_balance(found.drop(columns="n_load"), few)
