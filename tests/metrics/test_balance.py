"""Cart and horse: counts by hand, ratios by the formula, what is said, and what must be refused."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

import burdenlab as bl
from burdenlab.metrics.balance import load_capacity, mismatch, remedy_orientation
from burdenlab.metrics.balance_sentences import balance_sentences, is_counted
from tests.check_metric import Metric, check_metric
from tests.metrics.balances import corpus, delta, planted

# Eight sentences, read by hand: the diagnosis tells of load in 3 (one of them of the road, one of capacity too) and of capacity in 2;
# one remedy lightens and feeds, one mends the road, one is ritual, and the result counts nowhere.
READ = [
    ("a", 1, "problem", ["task_load", "meetings_documents"]),
    ("a", 1, "harm", ["task_load", "staffing"]),
    ("a", 1, "cause", ["duty_boundaries"]),
    ("a", 1, "cause", ["finance", "burden_naming"]),
    ("a", 2, "measure", ["paperwork_traces", "digital_enablement"]),
    ("a", 2, "plan", ["coordination"]),
    ("a", 2, "plan", ["organisational_ritual"]),
    ("a", 2, "result", ["staffing"]),
]


def test_by_hand():
    hits, sentences, _ = corpus(READ)
    row = mismatch(hits, sentences, minimum=1).iloc[0]
    assert row[["n_load", "n_capacity", "n_road", "n_told", "n_diagnosing"]].tolist() == [3, 2, 1, 4, 4]
    assert row[["n_lighten", "n_feed", "n_mend", "n_ritual", "n_treated", "n_remedying"]].tolist() == [2, 1, 1, 1, 2, 3]
    assert row["load_capacity"] == pytest.approx(np.log2(3.5 / 2.5))
    assert row["remedy_orientation"] == pytest.approx(np.log2(2.5 / 1.5))
    assert row["estimate"] == pytest.approx(delta(3, 2, 2, 1))


def test_the_three_agree():
    hits, sentences, _ = planted([(2, 1, 1, 3), (4, 2, 0, 2)] * 6)
    whole = mismatch(hits, sentences, by=None).iloc[0]
    for measure in (load_capacity, remedy_orientation):
        own = measure(hits, sentences, by=None).iloc[0]
        name = measure.__name__
        assert (
            own[["estimate", "ci_low", "ci_high", "reason"]].tolist()
            == whole[[name, f"{name}_low", f"{name}_high", f"{name}_reason"]].tolist()
        )
    assert whole["estimate"] == pytest.approx(delta(36, 18, 6, 30))


def test_the_sentences_behind_a_number():
    hits, sentences, _ = corpus(READ)
    told = balance_sentences(hits, sentences)
    assert told.loc[told["load"], "sentence_id"].tolist() == [0, 1, 2]
    assert told.loc[told["lighten"], "sentence_id"].tolist() == [4, 5]
    assert told["themes"].tolist()[0] == "meetings_documents;task_load"
    assert told["side"].tolist() == ["diagnosis"] * 4 + ["remedy"] * 3


def test_headings_that_end_like_a_sentence_are_sentences():
    table = pd.DataFrame(
        {"text": ["一、存在的问题", "1.任务繁重。", "(一)压力大!”", "人少。"], "is_heading": [True, True, True, False]}
    )
    assert is_counted(table, "closed").tolist() == [False, True, True, True]
    assert is_counted(table, "all").all()
    assert is_counted(table, "none").tolist() == [False, False, False, True]
    hits, sentences, _ = corpus(
        [("a", 1, "problem", ["staffing"], "title"), ("a", 1, "problem", ["staffing"], "run-in")]
    )
    assert load_capacity(hits, sentences, minimum=1)["n_capacity"].tolist() == [1]


def test_too_few_sentences_are_no_ratio():
    hits, sentences, documents = planted([(9, 0, 5, 5), (5, 5, 9, 0), (0, 0, 0, 0)])
    documents = pd.concat([documents, documents.assign(doc_id="nothing").iloc[:1]], ignore_index=True)
    found = mismatch(hits, sentences, documents=documents.assign(doc_id=documents["doc_id"].astype("str"))).set_index(
        "doc_id"
    )
    assert found["estimate"].isna().all()
    assert found["reason"].tolist() == ["few_diagnosing", "few_remedying", "n_zero"]
    assert np.isnan(found.loc["d00000", "load_capacity"])
    assert not np.isnan(found.loc["d00000", "remedy_orientation"])
    assert (
        found.loc["d00000", "said_en"]
        == "Not measurable here: diagnosing sentences that tell of load or capacity: 9, needed: 10."
    )
    assert found.loc["d00001", "said_zh"] == "此处无法测量:减车或壮马的举措句只有 9 句,至少要 10 句。"
    assert found.loc["nothing", "said_en"] == "Not measurable here: nothing to count in."
    assert not mismatch(hits, sentences, minimum=9)["estimate"].isna().any()


def test_the_interval_leaves_out_one_document_after_the_other():
    """The jackknife, written out: the measure again without each document, and t."""
    counts = np.random.default_rng(5).poisson(4, (12, 4))
    hits, sentences, _ = planted(counts)
    found = mismatch(hits, sentences, by=None).iloc[0]
    without = np.array([
        mismatch(hits, sentences, by=None, exclude=pd.DataFrame({"doc_id": [f"d{i:05d}"]}))["estimate"].iloc[0] for i in range(12)
    ])  # fmt: skip
    error = np.sqrt(11 / 12 * ((without - without.mean()) ** 2).sum())
    reach = student.ppf(0.975, 11) * error
    assert found["estimate"] == pytest.approx(delta(*counts.sum(axis=0)))
    assert (found["ci_low"], found["ci_high"]) == pytest.approx((found["estimate"] - reach, found["estimate"] + reach))
    assert (found["n"], found["reason"], found["resampled"]) == (12, "n_low", "documents")


def test_one_report_is_described_and_establishes_nothing():
    sides = [("cause", "task_load", "staffing"), ("plan", "finance", "paperwork_traces")]
    rows = [
        ("a", section, move, [theme])
        for section in range(12)
        for move, often, seldom in [sides[section % 2]]
        for theme in [often] * (4 + section % 3) + [seldom]
    ]
    hits, sentences, documents = corpus(rows)
    for by, given in (("doc_id", None), (None, None), ("group", documents.assign(group="x"))):
        found = mismatch(hits, sentences, by=by, documents=given).iloc[0]
        assert found["resampled"] == "sections"
        assert found["reason"].split(";")[0] == "within_text"
        assert found["n"] == 12
        assert found["ci_high"] < 0
        assert "One report describes itself and cannot establish a mismatch." in found["said_en"]
        assert "between the sections of this text" in found["said_en"]
        assert "lies below 0" not in found["said_en"]
    few = mismatch(*planted([(9, 9, 9, 9)])[:2]).iloc[0]
    assert (few["reason"], few["n"]) == ("within_text;n_small", 4)
    assert np.isnan(few["ci_low"])


def test_what_is_said_says_what_is_measured():
    balanced = mismatch(*planted([(4, 2, 2, 2), (2, 1, 3, 1), (3, 2, 4, 3), (1, 2, 1, 2)] * 6)[:2], by=None).iloc[0]
    tilted = mismatch(*planted([(8, 2, 1, 6), (9, 1, 2, 8)] * 12)[:2], by=None).iloc[0]
    other = mismatch(*planted([(1, 6, 8, 2), (2, 8, 9, 1)] * 12)[:2], by=None).iloc[0]
    assert "no mismatch is shown" in balanced["said_en"]
    alike = mismatch(*planted([(6, 6, 6, 6)])[:2]).iloc[0]
    assert "举措在车与马之间的分配与诊断相当(Δ +0.00" in alike["said_zh"]
    assert "区间在 0 以下:诊断说车重,举措在喂马。" in tilted["said_zh"]
    assert "the horse is diagnosed, and the cart is lightened" in other["said_en"]
    for row in (balanced, tilted, other):
        assert "not the burden itself" in row["said_en"]
        assert "不是负担本身" in row["said_zh"]
        assert (
            f"Δ {row['estimate']:+.2f}; 95 % interval {row['ci_low']:.2f} to {row['ci_high']:.2f} between documents"
            in row["said_en"]
        )


def test_a_text_that_is_cut_off_is_named():
    hits, sentences, documents = planted([(5, 5, 5, 5)] * 2)
    documents.loc[1, "truncated"] = True
    assert mismatch(hits, sentences, documents=documents)["reason"].tolist() == [
        "within_text;n_small",
        "within_text;n_small;truncated",
    ]
    pooled = mismatch(hits, sentences, documents=documents, by=None).iloc[0]
    assert pooled["reason"] == "n_small;truncated"
    assert "remedies may be missing" in pooled["said_en"]


def test_groups_and_clusters():
    counts = np.random.default_rng(1).poisson(5, (40, 4))
    hits, sentences, documents = planted(counts)
    documents = documents.assign(
        level=pd.Series(["county", "township"] * 20, dtype="str"),
        place=pd.Series([f"p{i // 4}" for i in range(40)], dtype="str"),
    )
    found = mismatch(hits, sentences, by="level", documents=documents)
    assert found["estimate"].tolist() == pytest.approx(
        [delta(*counts[0::2].sum(axis=0)), delta(*counts[1::2].sum(axis=0))]
    )
    assert found["n"].tolist() == found["n_documents"].tolist() == [20, 20]
    clustered = mismatch(hits, sentences, by=None, documents=documents, cluster="place").iloc[0]
    assert (clustered["n"], clustered["n_documents"]) == (10, 40)
    with pytest.raises(ValueError, match="'section_id' is a variable of sentences"):
        mismatch(hits, sentences, by="section_id")
    with pytest.raises(ValueError, match="minimum=0; at least 1"):
        mismatch(hits, sentences, minimum=0)


def test_a_theme_without_a_place_is_refused_and_so_are_counts():
    hits, sentences, _ = corpus([("a", 1, "problem", ["my_theme"])])
    with pytest.raises(
        ValueError, match="does not place the theme 'my_theme'; write it into a role of both sides"
    ) as caught:
        mismatch(hits, sentences)
    assert "my_theme" in caught.value.__notes__[0]
    with pytest.raises(ValueError, match=r"hits lacks column\(s\) \['sentence_id'\].*Counts do not do"):
        mismatch(pd.DataFrame({"doc_id": ["a"], "theme": ["staffing"], "n_hits": [1]}), sentences)
    with pytest.raises(ValueError, match="hits names sentence 1 of 'a', which sentences lacks"):
        mismatch(corpus(READ)[0], sentences)


def test_codes_of_a_model_serve_as_hits():
    hits, sentences, _ = corpus(READ)
    bare = hits[["doc_id", "sentence_id", "theme"]]
    pd.testing.assert_frame_equal(mismatch(bare, sentences, minimum=1), mismatch(hits, sentences, minimum=1))


def test_doubling_moves_a_log_ratio_by_its_halves_only():
    once, twice = (mismatch(*planted([(40, 20, 10, 30)] * n)[:2], by=None)["estimate"].iloc[0] for n in (10, 20))
    assert twice == pytest.approx(once, abs=0.01)


@pytest.mark.parametrize("by", ["doc_id", "level"])
def test_laws(demo, by):
    """The three measures are computed by the same lines, and the mismatch holds the other two."""
    parts = [
        ((name, f"{name}_low", f"{name}_high"), f"{name}_reason") for name in ("load_capacity", "remedy_orientation")
    ]
    numbers = ((("estimate", "ci_low", "ci_high"), "reason"), *parts)
    metric = Metric(f"mismatch by {by}", partial(mismatch, by=by, minimum=3), key=by, doubled=(), numbers=numbers)
    check_metric(metric, {"hits": demo.hits, "sentences": demo.sentences, "documents": demo.documents})


def test_work_reports_cannot_tell(shared):
    """小马拉大车 stands in none of them, and hardly a section diagnoses: no number, and the reason."""
    documents, _, _ = bl.read_documents(shared / "corpora" / "workreports" / "txt")
    assert not documents["text"].str.contains("小马拉大车").any()
    some = documents.iloc[::6].reset_index(drop=True)
    sentences = bl.split_sentences(some, bl.split_sections(some))
    found = mismatch(bl.find_hits(sentences, bl.load_codebook()), sentences, by=None, documents=some).iloc[0]
    assert np.isnan(found["estimate"])
    assert "few_diagnosing" in found["reason"].split(";")
    assert found["said_en"].startswith("Not measurable here: ")
    assert found["said_zh"].startswith("此处无法测量:")


def test_notices_diagnose_load_and_hardly_remedy(shared):
    documents, _, _ = bl.read_documents(shared / "corpora" / "notices" / "txt")
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    found = mismatch(bl.find_hits(sentences, bl.load_codebook()), sentences, by=None).iloc[0]
    assert found["load_capacity_low"] > 1
    assert found["reason"] == "few_remedying"
