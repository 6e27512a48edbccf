"""Specificity, commitments and hard results in groups: by hand, against other libraries, planted and null corpora."""

import math
from functools import partial

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from burdenlab.metrics.commitments import commitments_experimental
from burdenlab.metrics.concreteness import commitment_quality_experimental, hard_results, specificity
from burdenlab.metrics.result_claims import result_claims
from burdenlab.metrics.specifics import find_specifics
from burdenlab.tables import make_table
from tests.check_metric import Metric, check_metric
from tests.conftest import make_sentences

FEW = {"n_resamples": 199}


@pytest.fixture(scope="module")
def tables(demo):
    specifics = find_specifics(demo.sentences)
    return {
        "specifics": specifics,
        "promises": commitments_experimental(demo.sentences),
        "claims": result_claims(demo.sentences, specifics),
        "sentences": demo.sentences,
        "documents": demo.documents,
    }


METRICS = [
    Metric("specificity", specificity, ("specifics", "sentences", "documents"), key="doc_id"),
    Metric("specificity by level", partial(specificity, by="level"), ("specifics", "sentences", "documents"), key="level", doubled=()),
    Metric("commitment_quality_experimental", commitment_quality_experimental, ("promises", "sentences", "documents"), key="doc_id"),
    Metric(
        "commitment_quality_experimental by level", partial(commitment_quality_experimental, by="level", **FEW), ("promises", "sentences", "documents"), key="level"
    ),
    Metric("hard_results", hard_results, ("claims", "sentences", "documents"), key="doc_id"),
    Metric("hard_results by level", partial(hard_results, by="level", **FEW), ("claims", "sentences", "documents"), key="level"),
]  # fmt: skip


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_laws(metric, tables):
    check_metric(metric, tables)


def test_specificity_by_hand():
    """Three specifics (2024年, 14个, 30%), one booster: log2(3.5 / 1.5)."""
    sentences = make_sentences("2024年，14个乡镇切实压减会议30%。")
    found = specificity(find_specifics(sentences), sentences)
    assert found.loc[0, ["n_specific", "n_vague", "n_masked", "n"]].tolist() == [3, 1, 0, 1]
    assert found.loc[0, "estimate"] == pytest.approx(math.log2(3.5 / 1.5))
    assert found.loc[0, "specific_rate"] == pytest.approx(3000 / found.loc[0, "n_han"])
    assert found.loc[0, "reason"] == "n_small"


def test_masked_count_on_neither_side():
    sentences = make_sentences("X县压减会议〔*〕%。")
    found = specificity(find_specifics(sentences), sentences)
    assert found.loc[0, ["estimate", "n_specific", "n_vague", "n_masked"]].tolist() == [0, 0, 0, 2]
    assert "2 specifics were masked" in found.loc[0, "said_en"]


def test_the_seed_is_all_boosters(seed):
    """34 boosters of the shipped list, no specific: log2(0.5 / 34.5)."""
    found = specificity(find_specifics(seed.sentences), seed.sentences)
    assert found.loc[0, "estimate"] == pytest.approx(math.log2(0.5 / 34.5))
    assert found.loc[0, ["n_specific", "n_vague", "n_masked"]].tolist() == [0, 34, 0]
    assert found.loc[0, "reason"] == "few_hits"
    assert "one of them does not occur" in found.loc[0, "said_en"]


def made(rng, ratio, n_documents=30):
    """Make documents in which specifics and boosters come in bursts, in a known ratio on average."""
    size = rng.gamma(4, 2.0, n_documents)
    n = {"number": rng.poisson(ratio * size), "booster": rng.poisson(size)}
    docs = np.array([f"{i:02d}" for i in range(n_documents)])
    parts = [pd.DataFrame({"doc_id": np.repeat(docs, c), "theme": theme}) for theme, c in n.items()]
    rows = pd.concat(parts, ignore_index=True)
    at = rows.groupby("doc_id").cumcount()
    blank = {"sentence_id": 0, "term": "", "match": "", "move": ""}
    specifics = make_table("hits", dict(rows.assign(start=at, end=at + 1, **blank)))
    text = {
        "text": "",
        "n_han": 500,
        "is_heading": False,
        "section_move": "",
        "move": "",
        "move_source": "",
        "is_quotation": False,
    }
    places = {"section_id": 0, "sentence_id": 0, "start": 0, "end": 500}
    return specifics, make_table("sentences", {"doc_id": docs, **places, **text})


@pytest.mark.parametrize(("ratio", "seed"), [(2.0, 5), (1.0, 6)], ids=["planted", "null"])
def test_intervals_hold_the_planted_ratio(ratio, seed):
    """95 % intervals miss in at most 7 % plus three standard errors of the share; of the null ones as well."""
    rng, n = np.random.default_rng(seed), 50
    found = pd.concat([specificity(*made(rng, ratio), by=None) for _ in range(n)])
    missed = (
        1
        - found["estimate"]
        .notna()
        .mul((found["ci_low"] <= math.log2(ratio)) & (math.log2(ratio) <= found["ci_high"]))
        .mean()
    )
    assert missed <= 0.07 + 3 * math.sqrt(0.05 * 0.95 / n)
    assert found["estimate"].mean() == pytest.approx(math.log2(ratio), abs=0.05)


def test_one_document_has_wilson_intervals_that_describe_it(tables):
    found = hard_results(tables["claims"], tables["sentences"])
    found = found[found["n_claims"] > 0]
    low, high = proportion_confint(found["n_hard"], found["n_claims"], method="wilson")
    np.testing.assert_allclose(found["ci_low"], low, atol=1e-12)
    np.testing.assert_allclose(found["ci_high"], high, atol=1e-12)
    assert set(found["reason"]) == {"within_text"}


def test_hard_needs_a_number_and_something_it_is_measured_against():
    lines = "会议由62场减到41场。\n全年报表减少30%。\n台账剩17类。\n干部负担明显减轻。\n满意度比上年更高。"
    sentences = make_sentences(lines).assign(move=pd.Series(["result"] * 5, dtype="str"))
    claims = result_claims(sentences, find_specifics(sentences))
    assert claims["number"].tolist() == [1, 1, 1, 0, 0]
    assert claims["anchored"].tolist() == [1, 1, 0, 0, 1]
    assert claims["hard"].tolist() == [1, 1, 0, 0, 0]
    found = hard_results(claims, sentences).set_index("kind")
    assert found["estimate"].to_dict() == {"number": 0.6, "hard": 0.4}


def test_commitment_quality_averages_what_was_scored(tables):
    found = commitment_quality_experimental(tables["promises"], tables["sentences"], by=None).set_index("element")
    for element in ("target", "strict", "score"):
        assert found.loc[element, "estimate"] == pytest.approx(tables["promises"][element].mean())
    assert (found["n_plan"] == len(tables["promises"])).all()


def test_no_plan_is_no_zero(seed):
    found = commitment_quality_experimental(commitments_experimental(seed.sentences), seed.sentences)
    assert found["estimate"].isna().all()
    assert set(found["reason"]) == {"n_zero"}
    assert found.loc[0, "said_en"] == "Not measurable here: nothing to count in."


def test_sentences_of_another_corpus_are_refused(tables):
    with pytest.raises(ValueError, match="which sentences lacks") as caught:
        hard_results(tables["claims"], tables["sentences"].iloc[:50], by=None)
    assert "请传入" in "".join(caught.value.__notes__)
    with pytest.raises(ValueError, match="names one twice"):
        hard_results(pd.concat([tables["claims"]] * 2), tables["sentences"], by=None)
    with pytest.raises(ValueError, match="by="):
        specificity(tables["specifics"], tables["sentences"], by="estimate")


def test_excluded_sentences_leave_both_sides(tables):
    some = tables["claims"].head(5)
    found = hard_results(tables["claims"], tables["sentences"], by=None, exclude=some[["doc_id", "sentence_id"]])
    assert found["n_claims"].unique().tolist() == [len(tables["claims"]) - 5]
