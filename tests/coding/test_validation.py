"""Scores and corrected shares, against counts by hand, scikit-learn and planted truth."""

from math import sqrt

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import precision_recall_fscore_support

import burdenlab as bl
from burdenlab.coding.corrections import corrected_rates
from burdenlab.coding.sampling import draw_sample, sampling_frame
from burdenlab.coding.validation import score_codes
from burdenlab.tables import make_table
from tests.coding.test_agreement import gold_codes, make_codes
from tests.coding.test_sheets import make_population

THEMES = ["x", "y"]


def pairs(given: dict[str, list[int]], *, per_document: int = 1) -> pd.DataFrame:
    """Make a table like hits from the sentences of each theme, numbered as in make_codes."""
    rows = [(f"{i // per_document:03d}.txt", i, theme) for theme, numbers in given.items() for i in numbers]
    return pd.DataFrame(rows, columns=["doc_id", "sentence_id", "theme"])


# Scores.


def test_counts_and_bounds_by_hand():
    """20 sentences with x by the coder, 16 found among 18 hits. Wilson for 16 of 18: (0.6720, 0.9690); 16 of 20: (0.5840, 0.9193)."""
    codes = make_codes({"A": ["x"] * 20 + [""] * 30})
    row = score_codes(codes, pairs({"x": [*range(4, 22)]}), themes=["x"], coder="A").iloc[0]
    assert row[["tp", "fp", "fn", "n_positive", "n_units", "n_left_out", "n_themes"]].tolist() == [
        16,
        2,
        4,
        20,
        50,
        0,
        1,
    ]
    assert row["precision"] == pytest.approx(16 / 18)
    assert row["recall"] == pytest.approx(0.8)
    assert row["f1"] == pytest.approx(32 / 38)
    assert row[["precision_low", "precision_high"]].tolist() == pytest.approx([0.6720, 0.9690], abs=5e-5)
    assert row[["recall_low", "recall_high"]].tolist() == pytest.approx([0.5840, 0.9193], abs=5e-5)
    assert row["f1_low"] < row["f1"] < row["f1_high"]
    assert row["reason"] == ""


def test_the_same_as_scikit_learn():
    rng = np.random.default_rng(2)
    human, machine = rng.random((2, 200, 3)) < 0.3
    names = np.array(["x", "y", "z"])
    codes = make_codes({"A": [";".join(names[row]) for row in human]})
    hits = pairs({name: np.flatnonzero(machine[:, j]).tolist() for j, name in enumerate(names)})
    table = score_codes(codes, pd.concat([hits, hits]), themes=list(names), coder="A").set_index("theme")
    for average, rows in [(None, list(names)), ("micro", ["micro"]), ("macro", ["macro"])]:
        expected = precision_recall_fscore_support(human, machine, average=average)
        for share, values in zip(("precision", "recall", "f1"), expected[:3], strict=True):
            assert table.loc[rows, share].tolist() == pytest.approx(np.atleast_1d(values).tolist())
    assert table.loc["macro", "n_themes"] == 3
    assert (table["f1_low"] < table["f1"]).all()


def test_below_ten_positives_there_are_counts_only():
    codes = make_codes({"A": ["x"] * 9 + ["y"] * 10 + [""] * 5})
    table = score_codes(codes, pairs({"x": [*range(9)], "y": [9, 10]}), themes=THEMES, coder="A").set_index("theme")
    assert table.loc["x", ["precision", "recall", "f1", "f1_low"]].isna().all()
    assert table.loc["x", ["tp", "fp", "fn", "reason"]].tolist() == [9, 0, 0, "few_positives"]
    assert table.loc["y", ["precision", "recall"]].tolist() == [1, 0.2]
    assert table.loc["micro", ["tp", "n_positive", "n_units", "n_themes"]].tolist() == [11, 19, 48, 2]
    assert table.loc["macro", ["recall", "n_themes"]].tolist() == [0.2, 1], "macro leaves out x"
    few = score_codes(codes.iloc[:5], pairs({}), themes=THEMES, coder="A")
    assert set(few["reason"]) == {"few_positives"}


def test_a_theme_without_any_hit_has_no_precision():
    row = score_codes(make_codes({"A": ["x"] * 12}), pairs({}), themes=["x"], coder="A").iloc[0]
    assert np.isnan(row["precision"])
    assert row[["recall", "f1", "reason"]].tolist() == [0, 0, "n_zero"]
    assert row["recall_high"] > 0.1


def test_pairs_on_which_coders_differ_are_left_out():
    codes = make_codes({"A": ["x;y"] * 15 + [""] * 15, "B": ["x"] * 15 + [""] * 15})
    hits = pairs({"x": [*range(15)], "y": [*range(15)]})
    agreed = score_codes(codes, hits, themes=THEMES, coder="agreed").set_index("theme")
    assert agreed["n_left_out"].tolist() == [0, 15, 15, 0]
    assert agreed.loc["y", ["tp", "fp", "fn", "n_units"]].tolist() == [0, 0, 0, 15]
    final = codes.iloc[:15].assign(coder="final", themes="y").astype({"coder": "str", "themes": "str"})
    settled = score_codes(pd.concat([codes, final]), hits, themes=THEMES).set_index("theme")
    assert settled.loc["y", ["tp", "n_left_out"]].tolist() == [15, 0]
    assert settled.loc["x", ["tp", "fp"]].tolist() == [0, 15]


def test_by_coder_and_by_document_variable():
    codes = make_codes({"A": ["x"] * 40, "B": ["x"] * 20 + [""] * 20}, per_document=10)
    hits = pairs({"x": [*range(30)]}, per_document=10)
    by_coder = score_codes(codes, hits, themes=["x"], by="coder")
    assert by_coder[["coder", "theme"]].to_numpy().tolist() == [[c, t] for c in "AB" for t in ("x", "micro", "macro")]
    assert by_coder["tp"].tolist() == [30, 30, 30, 20, 20, 20]
    documents = pd.DataFrame({"doc_id": [f"00{i}.txt" for i in range(4)], "period": ["old", "old", "new", None]})
    by_period = score_codes(codes, hits, themes=["x"], by=["period"], documents=documents, coder="A")
    assert by_period[["period", "n_units"]].iloc[::3].to_numpy().tolist() == [["new", 10], ["old", 20]]
    both = score_codes(codes, hits, themes=["x"], by=["period", "coder"], documents=documents)
    assert both["fp"].iloc[::3].tolist() == [0, 10, 0, 0]


def test_moves_are_scored_in_the_same_way():
    sentences = make_population(1, 31)
    codes = make_codes({"A": [""] * 31}, per_document=31).assign(doc_id="00.txt")
    codes["move"] = sentences["move"].where(sentences["sentence_id"] < 25, "plan")
    moves = score_codes(
        codes.assign(themes=codes["move"]), sentences.rename(columns={"move": "theme"}),
        themes=["problem", "measure", "plan"], coder="A",
    ).set_index("theme")  # fmt: skip
    right = (codes["move"].to_numpy() == sentences["move"].to_numpy()).mean()
    assert moves.loc["micro", ["precision", "recall", "f1"]].tolist() == pytest.approx([right] * 3)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"themes": "x"}, "themes='x'"),
        ({"themes": ["x"], "coder": "C"}, "coder='C' is none of"),
        ({"themes": ["x"], "by": "level"}, r"by names the document variable\(s\) \['level'\]; pass documents="),
        ({"themes": ["x"], "by": "theme"}, r"by=\['theme'\]"),
        ({"themes": ["x"], "by": "level", "documents": pd.DataFrame({"doc_id": ["000.txt"]})}, r"documents has no variable \['level'\]"),
        ({"themes": ["x"], "by": "l", "documents": pd.DataFrame({"doc_id": ["q"], "l": [1]})}, "codes holds document '000.txt', which documents lacks"),
        ({"themes": ["x"], "level": 0}, "level=0"),
        ({"themes": ["x"], "sample": make_table("sample", [])}, "unit U0000 was coded, but sample lacks it"),
    ],
)  # fmt: skip
def test_bad_options(options, said):
    with pytest.raises(ValueError, match=said):
        score_codes(make_codes({"A": ["x"] * 12}), pairs({"x": [1]}), **options)


def test_no_codes():
    table = score_codes(make_table("codes", []), pairs({}), themes=["x"], by="coder")
    assert len(table) == 0
    assert table["n_positive"].dtype == "int64"


def test_the_development_gold_scored_by_the_other_coder(shared):
    """B's codes as the dictionary: the pooled F1 is the coders' Dice, 0.96."""
    codes = gold_codes(shared)
    b = codes[codes["coder"] == "B"]
    as_hits = b.assign(theme=b["themes"].str.split(";")).explode("theme")
    themes = bl.load_codebook().themes
    table = score_codes(codes, as_hits, themes=themes, coder="A").set_index("theme")
    assert round(table.loc["micro", "f1"], 2) == 0.96
    assert table.loc["secondment", "reason"] == "few_positives"
    assert table.loc["macro", "n_themes"] == 16
    agreed = score_codes(codes, as_hits, themes=themes, coder="agreed").set_index("theme")
    assert agreed.loc["micro", ["f1", "n_left_out"]].tolist() == [1, 41]


# Populations with planted truth.


def plant(n: int, prevalence: float, precision: float, recall: float, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Give each of n sentences its true code and the dictionary's, for two themes."""
    rng = np.random.default_rng(seed)
    truth = rng.random((n, 2)) < prevalence
    wrong = prevalence * recall * (1 - precision) / precision / (1 - prevalence)
    return truth, np.where(truth, rng.random(truth.shape) < recall, rng.random(truth.shape) < wrong)


def as_hits(body: pd.DataFrame, found: np.ndarray) -> pd.DataFrame:
    return pd.concat(
        [body.loc[found[:, j], ["doc_id", "sentence_id"]].assign(theme=t) for j, t in enumerate(THEMES)],
        ignore_index=True,
    )


def as_codes(sample: pd.DataFrame, body: pd.DataFrame, truth: np.ndarray) -> pd.DataFrame:
    place = pd.MultiIndex.from_frame(body[["doc_id", "sentence_id"]])
    row = place.get_indexer(pd.MultiIndex.from_frame(sample[["doc_id", "sentence_id"]]))
    themes = [";".join(np.array(THEMES)[flags]) for flags in truth[row]]
    units = sample[["unit_id", "doc_id", "sentence_id"]].assign(coder="A", round=1, themes=themes, move="plan", note="")
    return units.astype({"coder": "str", "themes": "str", "move": "str", "note": "str"})


SENTENCES = make_population(20, 101, seed=4)  # 2,000 sentences beside their headings
BODY = SENTENCES[~SENTENCES["is_heading"]].reset_index(drop=True)
DOCUMENTS = pd.DataFrame({"doc_id": [f"{d:02d}.txt" for d in range(20)], "level": ["county", "town"] * 10})
LEVEL = DOCUMENTS.set_index("doc_id")["level"]
TRUTH, FOUND = plant(len(BODY), 0.08, 0.7, 0.6, seed=1)
HITS = as_hits(BODY, FOUND)
FRAME = sampling_frame(SENTENCES, HITS)


@pytest.fixture(scope="module")
def worlds():
    """400 small corpora as the documents of one: a draw of 100 of 500 sentences from each, which is spread over documents."""
    sentences = make_population(400, 501, seed=5).assign(move="plan")
    body = sentences[~sentences["is_heading"]].reset_index(drop=True)
    truth, found = plant(len(body), 0.12, 0.7, 0.6, seed=6)
    hits = as_hits(body, found)
    documents = pd.DataFrame({"doc_id": sorted(set(body["doc_id"]))}).astype("str")
    frame = sampling_frame(sentences, hits)
    sample = draw_sample(sentences, frame, n=40_000, group=documents.set_index("doc_id", drop=False)["doc_id"])
    codes = as_codes(sample, body, truth)
    cells = pd.DataFrame(
        {"doc_id": body["doc_id"], "truth": truth[:, 0], "found": found[:, 0], "both": (truth & found)[:, 0]}
    )
    return sentences, hits, documents, frame, sample, codes, cells.groupby("doc_id").sum()


def test_the_sample_flatters_the_recall_and_its_probabilities_put_it_right(worlds):
    """In 400 worlds the weighted shares are right on average, and 95 % of their bounds hold, give or take 2.2, or more.

    More, because two thirds of the hits are coded and the bounds make no finite population correction.
    """
    _, hits, documents, _, sample, codes, real = worlds
    options = {"themes": ["x"], "by": "doc_id", "documents": documents, "coder": "A"}
    plain = score_codes(codes, hits, **options).query("theme == 'x'").set_index("doc_id")
    weighted = score_codes(codes, hits, **options, sample=sample).query("theme == 'x'").set_index("doc_id")
    true = pd.DataFrame({"precision": real["both"] / real["found"], "recall": real["both"] / real["truth"]})
    true["f1"] = 2 * real["both"] / (real["found"] + real["truth"])
    assert (plain["recall"] - true["recall"]).mean() > 0.2
    for share in true:
        assert abs((weighted[share] - true[share]).mean()) < 0.03, "a ratio of estimates is right but for O(1/n)"
        held = (weighted[f"{share}_low"] <= true[share]) & (true[share] <= weighted[f"{share}_high"])
        assert held[weighted[share].notna()].mean() >= 0.928, share


def test_a_sample_without_a_miss_does_not_show_that_nothing_is_missed():
    """Of 2,000 sentences 100 are hit and right, 100 of the others were drawn and are empty: 3.7 % of 1,900 may be missed."""
    codes = make_codes({"A": ["x"] * 100 + [""] * 100}, per_document=200)
    sample = codes[["unit_id", "doc_id", "sentence_id"]].assign(
        start=0, end=0, sha256="", stratum=["hit:x"] * 100 + ["none"] * 100, n_stratum=[100] * 100 + [1900] * 100,
        n_drawn=100, probability=[1.0] * 100 + [100 / 1900] * 100,
    ).astype({"sha256": "str", "stratum": "str"})  # fmt: skip
    row = score_codes(
        codes, pairs({"x": [*range(100)]}, per_document=200), themes=["x"], sample=sample, coder="A"
    ).iloc[0]
    assert row["recall"] == 1
    assert row["recall_low"] == pytest.approx(100 / (100 + 1900 * 0.037), abs=0.01)


def test_corrected_shares_are_right_and_their_bounds_cover(worlds):
    """The dictionary finds 10.3 % where 12 % are: in 400 worlds the mean is right and 93 to 97 % of the bounds hold."""
    sentences, hits, documents, frame, sample, codes, real = worlds
    rates = corrected_rates(
        codes, hits, sentences, sample=sample, themes=["x"], by="doc_id", documents=documents, coder="A", frame=frame
    ).set_index("doc_id")
    assert set(rates["reason"]) == {""}
    truth = real["truth"] / 500
    error = rates["estimate"] - truth
    assert (rates["dictionary"] - truth).mean() < -0.015
    assert abs(error.mean()) < 3 * error.std() / 20
    covered = (rates["ci_low"] <= truth) & (truth <= rates["ci_high"])
    assert 0.93 <= covered.mean() <= 0.97


def test_a_whole_corpus_coded_gives_the_truth():
    sample = draw_sample(SENTENCES, FRAME, n=10_000)
    rates = corrected_rates(as_codes(sample, BODY, TRUTH), HITS, SENTENCES, sample=sample, themes=THEMES, coder="A")
    assert rates["estimate"].tolist() == pytest.approx(TRUTH.mean(axis=0).tolist())
    assert rates["ci_low"].tolist() == pytest.approx(rates["ci_high"].tolist())
    assert rates["dictionary"].tolist() == pytest.approx(FOUND.mean(axis=0).tolist())
    assert rates[["n", "n_sentences", "n_strata"]].to_numpy().tolist() == [[2000, 2000, 3]] * 2


def test_a_correction_by_hand():
    """10 hits of 100: 5 coded, 4 right. 90 without: 30 coded, 3 missed. 0.1 - 0.1·(1/5) + 0.9·(3/30) = 0.17."""
    sentences = make_population(1, 101)
    hits = sentences.iloc[1:11][["doc_id", "sentence_id"]].assign(theme="x")
    sample = draw_sample(sentences, sampling_frame(sentences, hits), n=100)
    sample = sample.sort_values("sentence_id", ignore_index=True)
    drawn = pd.concat([sample.iloc[:5], sample.iloc[10:40]], ignore_index=True)
    codes = drawn[["unit_id", "doc_id", "sentence_id"]].assign(
        coder="A", round=1, themes=["x"] * 4 + [""] + ["x"] * 3 + [""] * 27, move="plan", note=""
    ).astype({"coder": "str", "themes": "str"})  # fmt: skip
    row = corrected_rates(codes, hits, sentences, sample=sample, themes=["x"], coder="A").iloc[0]
    assert row[["estimate", "dictionary", "correction"]].tolist() == pytest.approx([0.17, 0.1, 0.07])
    assert row[["n", "n_hit", "reason"]].tolist() == [35, 10, ""]
    # Wilson, 1 of 5: 0.0362 to 0.6245; 3 of 30: 0.0346 to 0.2562. Corrections 1 - 5/10 and 1 - 30/90.
    low = 0.17 - sqrt(0.01 * 0.5 * (0.6245 - 0.2) ** 2 + 0.81 * 2 / 3 * (0.1 - 0.0346) ** 2)
    high = 0.17 + sqrt(0.01 * 0.5 * (0.2 - 0.0362) ** 2 + 0.81 * 2 / 3 * (0.2562 - 0.1) ** 2)
    assert row[["ci_low", "ci_high"]].tolist() == pytest.approx([low, high], abs=2e-4)


def test_an_empty_stratum_is_refused():
    """A group in which a stratum has sentences and none was coded: nothing is made up."""
    sample = draw_sample(SENTENCES, FRAME, n=300, group=LEVEL)
    codes = as_codes(sample, BODY, TRUTH)
    options = {"sample": sample, "themes": THEMES, "by": "level", "documents": DOCUMENTS, "coder": "A"}
    whole = corrected_rates(codes, HITS, SENTENCES, **options)
    assert whole["reason"].tolist() == [""] * 4
    assert whole[["level", "theme"]].to_numpy().tolist() == [[g, t] for g in ("county", "town") for t in THEMES]
    is_gone = (codes["doc_id"].map(LEVEL) == "town") & (sample["stratum"] == "hit:y")
    refused = corrected_rates(codes[~is_gone], HITS, SENTENCES, **options).set_index("level")
    assert refused.loc["town", "reason"].tolist() == ["empty_stratum"] * 2
    assert refused.loc["town", ["estimate", "ci_low", "ci_high", "correction"]].isna().all(axis=None)
    assert refused.loc["town", "dictionary"].notna().all()
    assert refused.loc["county", "estimate"].tolist() == whole.loc[:1, "estimate"].tolist()
    one_left = codes.drop(codes.index[is_gone][1:])
    rough = corrected_rates(one_left, HITS, SENTENCES, **options).set_index("level")
    assert set(rough.loc["town", "reason"]) == {"few_coded"}


def test_contested_pairs_are_told():
    sample = draw_sample(SENTENCES, FRAME, n=300)
    codes = as_codes(sample, BODY, TRUTH)
    other = codes.assign(coder="B", themes=codes["themes"].where(codes.index > 5, "x")).astype({"coder": "str"})
    rates = corrected_rates(pd.concat([codes, other]), HITS, SENTENCES, sample=sample, themes=THEMES)
    assert (rates["reason"].str.contains("unadjudicated")).any()
    assert rates["n"].min() < 300


def test_model_codes_and_another_codebook_need_the_frame_of_the_draw():
    sample = draw_sample(SENTENCES, FRAME, n=300)
    codes = as_codes(sample, BODY, TRUTH)
    better = as_hits(BODY, TRUTH)
    with pytest.raises(ValueError, match=r"hits give other strata than the sample was drawn from; pass frame="):
        corrected_rates(codes, better, SENTENCES, sample=sample, themes=["x"], coder="A")
    rates = corrected_rates(codes, better, SENTENCES, sample=sample, themes=["x"], coder="A", frame=FRAME)
    assert rates["correction"].tolist() == [0], "a perfect dictionary needs none"
    with pytest.raises(ValueError, match="frame has other strata"):
        corrected_rates(codes, HITS, SENTENCES, sample=sample, themes=["x"], frame=FRAME.assign(stratum="none"))
    with pytest.raises(ValueError, match="do not hold the same sentences"):
        corrected_rates(codes, HITS, SENTENCES, sample=sample, themes=["x"], frame=FRAME.iloc[1:])
    with pytest.raises(ValueError, match=r"is not the one that was drawn \(unit U\d+\)"):
        corrected_rates(codes, HITS, SENTENCES.assign(text="改过。"), sample=sample, themes=["x"])
    with pytest.raises(ValueError, match=r"unit U\d+ was coded, but sample lacks it"):
        corrected_rates(codes, HITS, SENTENCES, sample=sample.iloc[1:], themes=["x"])
    with pytest.raises(ValueError, match="themes='x'"):
        corrected_rates(codes, HITS, SENTENCES, sample=sample, themes="x")
    with pytest.raises(ValueError, match="different variables other than 'theme'"):
        corrected_rates(codes, HITS, SENTENCES, sample=sample, themes=["x"], by=["theme"])


def test_inputs_are_not_changed():
    sample = draw_sample(SENTENCES, FRAME, n=100)
    codes = as_codes(sample, BODY, TRUTH)
    before = [t.copy() for t in (codes, HITS, SENTENCES, sample, FRAME, DOCUMENTS)]
    score_codes(codes, HITS, themes=THEMES, sample=sample, documents=DOCUMENTS, by="level", coder="A")
    corrected_rates(
        codes, HITS, SENTENCES, sample=sample, themes=THEMES, documents=DOCUMENTS, by="level", coder="A", frame=FRAME
    )
    for table, copy in zip((codes, HITS, SENTENCES, sample, FRAME, DOCUMENTS), before, strict=True):
        assert table.equals(copy)
