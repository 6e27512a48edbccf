"""The sentence coder: no leakage, scikit-learn's own pipeline as the oracle, planted words that a dictionary lacks."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, f1_score

import burdenlab as bl
from burdenlab.coding.classifier import Codes, Features, calibrate, fit
from burdenlab.coding.coder import train_coder
from burdenlab.coding.validation import score_codes
from burdenlab.tables import make_table
from tests.coding.gold import GOLD, read_coded
from tests.conftest import make_codebook, make_documents

THEMES = ["forms", "money", "rare"]
WORDS = {"forms": ["填表", "报数", "台账"], "money": ["经费", "拨款", "资金"]}
FILLER = ["群众", "道路", "学校", "果园", "水渠", "医院", "广场", "集市"]


def make_corpus(n_documents: int = 12, n_sentences: int = 14, seed: int = 0):
    """Make reports in which people code every word of WORDS; the dictionary knows the first of each theme only."""
    random = np.random.default_rng(seed)
    texts, themes = [], []
    for number in range(n_documents):
        lines = []
        for _ in range(n_sentences):
            given = sorted(t for t in WORDS if random.random() < 0.35)
            said = [random.choice(FILLER), *(random.choice(WORDS[t]) for t in given), random.choice(FILLER)]
            lines.append("，".join(random.permutation(said)) + "。")
            themes.append(";".join([*given, *(["rare"] if number == 0 and len(lines) < 4 else [])]))
        texts.append("\n".join(lines))
    documents = make_documents(*texts)
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    rows = [
        (f"U{i:03d}", doc_id, sentence_id, "A", 1, given, "plan", "")
        for i, (doc_id, sentence_id, given) in enumerate(
            zip(sentences["doc_id"], sentences["sentence_id"], themes, strict=True)
        )
    ]
    return sentences, make_table("codes", rows)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    sentences, codes = make_corpus()
    keys = {theme: {"terms": words[:1]} for theme, words in WORDS.items()}
    codebook = make_codebook(tmp_path_factory.mktemp("c"), **keys, rare={"terms": ["无此词"]})
    return sentences, bl.find_hits(sentences, codebook), codes


@pytest.fixture(scope="module")
def coder(corpus):
    sentences, hits, codes = corpus
    return train_coder(codes, sentences, hits, themes=THEMES)


def row(report: pd.DataFrame, theme: str, system: str) -> pd.Series:
    return report[(report["theme"] == theme) & (report["system"] == system)].iloc[0]


def test_it_finds_words_that_the_dictionary_lacks(coder):
    for theme in WORDS:
        dictionary, learned, either = (row(coder.report, theme, s) for s in ("dictionary", "coder", "either"))
        assert dictionary["precision"] == 1
        assert dictionary["recall"] < 0.6
        assert learned["recall"] > 0.95
        assert either["tp"] >= max(dictionary["tp"], learned["tp"])
    assert row(coder.report, "micro", "coder")["f1"] > 0.95


def test_the_dictionary_stands_beside_as_score_codes_gives_it(coder, corpus):
    _, hits, codes = corpus
    expected = score_codes(codes, hits, themes=list(WORDS))
    shown = coder.report[(coder.report["system"] == "dictionary") & (coder.report["theme"] != "rare")]
    pd.testing.assert_frame_equal(shown[expected.columns].reset_index(drop=True), expected)


def test_a_theme_with_few_positives_is_not_trained(coder, corpus):
    assert coder.themes == ("forms", "money")
    of_rare = coder.report[coder.report["theme"] == "rare"]
    assert of_rare["system"].tolist() == ["dictionary"]
    assert of_rare["reason"].tolist() == ["few_positives"]
    assert of_rare[["precision", "recall", "f1", "brier"]].isna().all(axis=None)


def test_nothing_trained(corpus):
    sentences, hits, codes = corpus
    none = train_coder(codes, sentences, hits, themes=["rare"])
    assert none.themes == ()
    assert np.isnan(none.threshold)
    assert len(none.predict(sentences, hits)) == len(none.out_of_fold) == 0
    assert none.report["reason"].tolist() == ["few_positives"]


def test_a_document_does_not_hear_of_its_own_codes(coder, corpus):
    """With every code of a document turned round, its own scores and marks stay, those of others change."""
    sentences, hits, codes = corpus
    own = codes["doc_id"] == "03.txt"
    turned = codes["themes"].map(lambda given: ";".join(sorted(set(WORDS) - set(given.split(";")))))
    other = train_coder(codes.assign(themes=codes["themes"].where(~own, turned)), sentences, hits, themes=THEMES)
    one, two = (c.out_of_fold[c.out_of_fold["doc_id"] == "03.txt"] for c in (coder, other))
    assert one[["score", "is_coded"]].equals(two[["score", "is_coded"]])
    assert not one["code"].equals(two["code"])
    assert not coder.out_of_fold["score"].equals(other.out_of_fold["score"])


def test_same_input_same_coder_and_nothing_is_changed(coder, corpus):
    sentences, hits, codes = corpus
    before = [t.copy() for t in corpus]
    again = train_coder(codes, sentences, hits, themes=THEMES)
    assert again.report.equals(coder.report)
    assert again.out_of_fold.equals(coder.out_of_fold)
    assert again.predict(sentences, hits).equals(coder.predict(sentences, hits))
    assert all(t.equals(b) for t, b in zip(corpus, before, strict=True))


def test_pairs_on_which_coders_differ_are_left_out(corpus):
    sentences, hits, codes = corpus
    second = codes.assign(coder="B")
    second.loc[0, "themes"] = ";".join(sorted(set(WORDS) - set(codes.loc[0, "themes"].split(";"))))
    both = train_coder(pd.concat([codes, second], ignore_index=True), sentences, hits, themes=THEMES)
    first = both.out_of_fold.merge(codes.loc[[0], ["doc_id", "sentence_id"]])
    assert len(first) == 0
    assert len(both.out_of_fold) == 2 * (len(codes) - 1)
    alone = train_coder(codes.drop(0), sentences, hits, themes=THEMES)
    pairs = ["doc_id", "sentence_id", "theme", "score"]
    # The text of the sentence still counts as text, so scores agree nearly, codes exactly.
    merged = both.out_of_fold[pairs].merge(alone.out_of_fold[pairs], on=pairs[:3])
    assert len(merged) == len(both.out_of_fold)
    assert np.abs(merged["score_x"] - merged["score_y"]).mean() < 0.05


def test_predict_gives_scores_and_no_hits(coder, corpus):
    sentences, hits, _ = corpus
    scores = coder.predict(sentences, hits)
    assert scores.columns.tolist() == ["doc_id", "sentence_id", "theme", "score"]
    assert scores["theme"].tolist() == ["forms", "money"] * len(sentences)
    assert scores["score"].between(0, 1).all()
    upside_down = coder.predict(sentences.iloc[::-1], hits)
    assert upside_down.sort_values(["doc_id", "sentence_id", "theme"], ignore_index=True).equals(
        scores.sort_values(["doc_id", "sentence_id", "theme"], ignore_index=True)
    )
    empty = coder.predict(sentences.iloc[:0], hits.iloc[:0])
    assert len(empty) == 0
    assert empty.dtypes.equals(scores.dtypes)


def test_the_report_sums_up_the_scores(coder):
    """Brier score against scikit-learn, F1 of the marks too."""
    out = coder.out_of_fold
    for theme, pairs in [("micro", out), *out.groupby("theme")]:
        told = row(coder.report, theme, "coder")
        assert told["brier"] == pytest.approx(brier_score_loss(pairs["code"], pairs["score"]))
        assert told["f1"] == pytest.approx(f1_score(pairs["code"], pairs["is_coded"]))
        assert told["n_expected"] == pytest.approx(pairs["score"].sum())
        assert abs(told["n_expected"] - told["n_positive"]) < 0.1 * told["n_positive"]
        assert 0 <= told["ece"] <= 0.1
    assert coder.report.loc[coder.report["system"] != "coder", ["n_expected", "brier", "ece"]].isna().all(axis=None)


def test_calibrated_scores_add_up_to_the_codes():
    random = np.random.default_rng(1)
    decisions = random.normal(size=(300, 3)) * [1, 10, 0]
    codes = (decisions + random.normal(size=(300, 3)) > [1, 15, 1.2]).astype(float)
    codes[:20, 0] = np.nan
    scores = calibrate(decisions, codes).scores(decisions)
    known = ~np.isnan(codes)
    assert np.where(known, scores, 0).sum(axis=0) == pytest.approx(np.nansum(codes, axis=0), abs=0.01)
    assert (np.argsort(scores[:, 1]) == np.argsort(decisions[:, 1])).all()


def test_no_threshold_is_better():
    random = np.random.default_rng(2)
    decisions = random.integers(0, 12, size=(60, 2)).astype(float)  # many are equal
    codes = (random.random((60, 2)) < decisions / 14).astype(float)
    scale = calibrate(decisions, codes)
    scores = scale.scores(decisions)
    at = f1_score(codes.ravel(), scores.ravel() >= scale.threshold)
    assert at == pytest.approx(max(f1_score(codes.ravel(), scores.ravel() >= t) for t in np.unique(scores)))


def test_one_regression_is_that_of_scikit_learn():
    """Vocabulary and weights from the training sentences alone: TfidfVectorizer and LogisticRegression on the text."""
    sentences, codes = make_corpus(seed=3)
    texts = sentences["text"].to_numpy()
    y = codes["themes"].str.contains("forms").to_numpy(dtype=float)
    train, test = np.arange(0, 120), np.arange(120, len(texts))
    counts = CountVectorizer(analyzer="char", ngram_range=(1, 2)).fit_transform(texts).astype(float)
    features = Features(sparse.csr_array(counts), np.zeros((len(texts), 1)))
    ours = fit(features, Codes(y[:, None], np.zeros(len(texts), dtype=np.int64)), train).decide(features)[test, 0]
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    model = LogisticRegression(C=10, class_weight="balanced", solver="liblinear", random_state=0)
    model.fit(vectorizer.fit_transform(texts[train]), y[train])
    theirs = model.decision_function(vectorizer.transform(texts[test]))
    assert ours == pytest.approx(theirs, abs=0.01)


def test_hits_move_the_decision():
    counts = sparse.csr_array(np.ones((40, 1)))
    n_hits = np.repeat([[0.0], [2.0]], 20, axis=0)
    fitted = fit(Features(counts, n_hits), Codes(n_hits > 0, np.arange(40)), np.arange(40))
    decisions = fitted.decide(Features(counts, n_hits))[:, 0]
    assert decisions[:20].max() < 0 < decisions[20:].min()


def test_errors_name_what_came(corpus):
    sentences, hits, codes = corpus
    for table, kwargs, match in (
        (codes, {"n_folds": 1}, "n_folds=1"),
        (codes, {"coder": "Z"}, "coder='Z'"),
        (codes[codes["doc_id"].isin(["00.txt", "01.txt"])], {}, r"2 document\(s\)"),
        (codes.assign(sentence_id=codes["sentence_id"] + 100), {}, "codes names sentence 100"),
        (pd.concat([codes, codes.assign(round=2)]), {}, "twice"),
    ):
        with pytest.raises(ValueError, match=match) as caught:
            train_coder(table, sentences, hits, themes=THEMES, **kwargs)
        assert caught.value.__notes__


def test_on_real_notices(shared, codebook, tmp_path):
    """The notices and the seed of the development gold; the dictionary was written with them in sight, so no figure is asked for."""
    gold = pd.read_csv(GOLD, dtype="str", keep_default_na=False)
    gold[gold["doc_id"].str.match("N|seed")].to_csv(tmp_path / "gold.csv", index=False)
    sentences, codes = read_coded(tmp_path / "gold.csv")
    coder = train_coder(codes, sentences, bl.find_hits(sentences, codebook), themes=codebook.themes, n_folds=5)
    assert len(coder.themes) >= 8
    learned = row(coder.report, "micro", "coder")
    assert learned["f1"] > 0.5
    assert learned["n_expected"] == pytest.approx(learned["n_positive"], rel=0.15)
    assert learned["ece"] < 0.05
