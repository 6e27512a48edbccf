"""Formulaic wording: against the definition written out, with documents taken out one by one, and planted."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import expit, logit

import burdenlab as bl
from burdenlab.messages import REASONS
from burdenlab.metrics.duplicates import independent_units
from burdenlab.metrics.formulaicness import formulaic_sentences, formulaicness
from burdenlab.tables import make_table
from tests.check_metric import Metric, check_metric
from tests.metrics.planted import HAN, table

NO_COPIES = pd.DataFrame({"doc_id": [], "representative": [], "is_representative": []}).astype(
    {"doc_id": "str", "representative": "str", "is_representative": "bool"}
)
MOVES = ("problem", "measure", "plan")


def write(rng: np.random.Generator, length: int) -> str:
    return "".join(HAN[rng.integers(len(HAN), size=length)])


def corpus(texts: list[list[str]], **variables: list) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make documents of sentences; the n-th of each has the n-th move."""
    documents = table(["".join(sentences) for sentences in texts], **variables)
    rows = [
        (
            doc_id,
            i % 3,
            i,
            0,
            len(text),
            text,
            sum("\u4e00" <= c <= "\u9fff" for c in text),
            False,
            MOVES[i % 3],
            MOVES[i % 3],
            "",
            False,
        )
        for doc_id, sentences in zip(documents["doc_id"], texts, strict=True)
        for i, text in enumerate(sentences)
    ]
    return documents, make_table("sentences", rows)


def draw(rng, n_documents: int, *, n_phrases: int = 40, bursts: float = 1.0) -> list[list[str]]:
    """Write documents of nine sentences of noise; phrases of twelve characters stand in some of them."""
    phrases = [write(rng, 12) for _ in range(n_phrases)]
    chance = rng.beta(0.6, 6, n_phrases)
    texts = []
    for _ in range(n_documents):
        sentences = [write(rng, 25) for _ in range(9)]
        for phrase, drawn in zip(phrases, rng.random(n_phrases), strict=True):
            if drawn < chance[phrases.index(phrase)] * rng.gamma(1 / bursts, bursts):
                sentences[rng.integers(9)] += phrase
        texts.append(sentences)
    return texts


def by_hand(texts: list[list[str]], k: int, n: int = 8) -> list[int]:
    """Count the characters of each document in runs of n that k others have: the definition, slowly."""
    whole = ["".join(sentences) for sentences in texts]
    runs = [{t[i : i + n] for i in range(len(t) - n + 1)} for t in whole]
    counts = []
    for at, text in enumerate(whole):
        covered = set()
        for i in range(len(text) - n + 1):
            if sum(text[i : i + n] in other for j, other in enumerate(runs) if j != at) >= k:
                covered |= set(range(i, i + n))
        counts.append(len(covered))
    return counts


@pytest.mark.parametrize("k", [1, 2, 4])
def test_it_is_as_defined(k):
    texts = draw(np.random.default_rng(k), 15)
    documents, sentences = corpus(texts)
    found = formulaicness(documents, sentences, by="doc_id", k=k, duplicates=NO_COPIES)
    assert found["n_han_formulaic"].tolist() == by_hand(texts, k)
    assert found["n_han"].tolist() == [sum(map(len, t)) for t in texts]
    pooled = formulaicness(documents, sentences, by=None, k=k, duplicates=NO_COPIES)
    assert pooled["estimate"][0] == sum(by_hand(texts, k)) / found["n_han"].sum()
    assert pooled[["n", "n_reference", "k", "shingle", "n_documents"]].to_numpy().tolist() == [[15, 15, k, 8, 15]]
    own = formulaic_sentences(documents, sentences, k=k, duplicates=NO_COPIES)
    assert own.groupby("doc_id")["n_han_formulaic"].sum().tolist() == by_hand(texts, k)
    moves = formulaicness(documents, sentences, k=k, duplicates=NO_COPIES)
    assert moves["n_han_formulaic"].sum() == sum(by_hand(texts, k))
    for move, n in zip(moves["move"], moves["n_han_formulaic"], strict=True):
        assert n == own.loc[(sentences["move"] == move).to_numpy(), "n_han_formulaic"].sum()


def test_planted_phrases_are_what_is_found():
    """Five documents share a phrase of 20 characters, three one of 30; the rest is noise."""
    rng = np.random.default_rng(0)
    five, three = write(rng, 20), write(rng, 30)
    texts = [[write(rng, 50) for _ in range(3)] for _ in range(12)]
    for i in range(5):
        texts[i][0] += five
    for i in range(4, 7):
        texts[i][1] += three
    documents, sentences = corpus(texts)
    shares = {k: formulaicness(documents, sentences, k=k).set_index("move")["n_han_formulaic"] for k in (2, 3, 4, 5)}
    assert shares[2].to_dict() == {"problem": 100, "measure": 90, "plan": 0}
    assert shares[3].to_dict() == shares[4].to_dict() == {"problem": 100, "measure": 0, "plan": 0}
    assert shares[5].sum() == 0


def test_nothing_in_common_is_nothing():
    rng = np.random.default_rng(3)
    documents, sentences = corpus([[write(rng, 300) for _ in range(6)] for _ in range(30)])
    found = formulaicness(documents, sentences, k=1)
    assert (found["estimate"] == 0).all()
    assert (found["reason"] == "no_variation").all()
    assert found["ci_low"].isna().all()


def jackknife(without: np.ndarray, estimate: float, strata: np.ndarray, level: float = 0.95) -> list[float]:
    theta, squares = logit(without), 0.0
    for s in np.unique(strata):
        own = theta[strata == s]
        squares += (own.size - 1) / own.size * ((own - own.mean()) ** 2).sum()
    reach = np.sqrt(squares) * stats.t.ppf((1 + level) / 2, theta.size - np.unique(strata).size)
    return expit(logit(estimate) + np.array([-reach, reach])).tolist()


def test_the_interval_takes_out_one_document_after_the_other():
    """The same, by dropping each from the tables and measuring again."""
    documents, sentences = corpus(draw(np.random.default_rng(5), 14))
    options = {"k": 2, "duplicates": NO_COPIES}
    found = formulaicness(documents, sentences, **options).set_index("move")
    without = []
    for doc_id in documents["doc_id"]:
        rest, own = documents[documents["doc_id"] != doc_id], sentences[sentences["doc_id"] != doc_id]
        without.append(formulaicness(rest, own, **options).set_index("move")["estimate"])
    for move in MOVES:
        shares = np.array([estimates[move] for estimates in without])
        expected = jackknife(shares, found.loc[move, "estimate"], np.zeros(14))
        assert found.loc[move, ["ci_low", "ci_high"]].tolist() == pytest.approx(expected, rel=1e-12)
    assert (found["reason"] == "n_low").all()


def test_the_interval_with_another_reference():
    documents, sentences = corpus(draw(np.random.default_rng(8), 26))
    ids = documents["doc_id"].tolist()
    target, reference = ids[:16], ids[10:]  # ten only measured, six in both, ten only referred to
    options = {"by": None, "k": 2, "duplicates": NO_COPIES}
    found = formulaicness(documents, sentences, target=target, reference=reference, **options)
    assert found[["n", "n_reference"]].to_numpy().tolist() == [[16, 16]]
    without, strata = [], []
    for doc_id in ids:
        rest = [d for d in target if d != doc_id], [d for d in reference if d != doc_id]
        without.append(formulaicness(documents, sentences, target=rest[0], reference=rest[1], **options)["estimate"][0])
        strata.append((doc_id in reference) * 2 + (doc_id in target))
    expected = jackknife(np.array(without), found["estimate"][0], np.array(strata))
    assert found.loc[0, ["ci_low", "ci_high"]].tolist() == pytest.approx(expected, rel=1e-12)


def test_one_text_and_its_reference():
    documents, sentences = corpus(draw(np.random.default_rng(6), 12))
    options = {"by": "doc_id", "k": 2, "duplicates": NO_COPIES}
    found = formulaicness(documents, sentences, **options)
    ids, at = documents["doc_id"].tolist(), int(found["ci_low"].notna().idxmax())
    assert found["reason"][at] == "within_text;n_low"
    without = []
    for doc_id in [d for d in ids if d != ids[at]]:
        reference = [d for d in ids if d != doc_id]
        without.append(formulaicness(documents, sentences, target=[ids[at]], reference=reference, **options))
    shares = np.array([w.set_index("doc_id").loc[ids[at], "estimate"] for w in without])
    expected = jackknife(shares, found["estimate"][at], np.zeros(11))
    assert found.loc[at, ["ci_low", "ci_high"]].tolist() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("n_documents", "k"), [(20, 2), pytest.param(40, 3, marks=pytest.mark.acceptance)])
def test_intervals_cover_what_another_corpus_would_give(n_documents, k):
    """New documents of the same writers: the mean over many corpora lies in 93 % of the intervals or more."""
    rng = np.random.default_rng(n_documents)
    state, found = rng.integers(2**31), []
    for seed in range(80):
        texts = draw_of(np.random.default_rng(state), np.random.default_rng(seed), n_documents)
        found.append(formulaicness(*corpus(texts), by=None, k=k, duplicates=NO_COPIES))
    table_of = pd.concat(found)
    mean = table_of["estimate"].mean()
    assert ((table_of["ci_low"] <= mean) & (mean <= table_of["ci_high"])).mean() >= 0.93
    # Wide rather than narrow, but no more than half again.
    spread = (
        (logit(table_of["ci_high"]) - logit(table_of["ci_low"])) / (2 * stats.t.ppf(0.975, n_documents - 1))
    ).mean()
    assert 0.9 < spread / logit(table_of["estimate"]).std() < 1.6


def draw_of(phrases_of, documents_of, n_documents: int) -> list[list[str]]:
    """Draw documents with one generator and the phrases that they draw from with another."""
    phrases = [write(phrases_of, 12) for _ in range(60)]
    chance = phrases_of.beta(0.6, 6, 60)
    texts = []
    for _ in range(n_documents):
        sentences = [write(documents_of, 25) for _ in range(9)]
        for phrase in np.array(phrases)[documents_of.random(60) < chance].tolist():
            sentences[documents_of.integers(9)] += phrase
        texts.append(sentences)
    return texts


FORMULA = "坚持以人民为中心的发展思想"


def test_quotations_and_titles_are_masked():
    texts = [
        [f"{c * 5}，{FORMULA}。", f"{c * 4}印发《关于{FORMULA}的意见》。", f"{c * 3}“{FORMULA}”"] for c in "甲乙丙丁戊"
    ]
    documents, sentences = corpus(texts)
    sentences["is_quotation"] = sentences["sentence_id"] == 2
    found = formulaicness(documents, sentences, k=2, duplicates=NO_COPIES).set_index("move")
    assert found["n_han_formulaic"].to_dict() == {"problem": 5 * 13, "measure": 0, "plan": 0}
    assert found["n_han"].to_dict() == {"problem": 5 * 18, "measure": 5 * 6, "plan": 0}
    assert found["n_han_masked"].to_dict() == {"problem": 0, "measure": 5 * 18, "plan": 5 * 16}
    assert found.loc["plan", "reason"] == "n_zero"
    # Whoever only quotes it is nobody who says it.
    quoting, rows = corpus([[FORMULA], [f"《{FORMULA}》"], [f"《{FORMULA}》"], [f"《{FORMULA}》"]])
    assert formulaicness(quoting, rows, k=1, duplicates=NO_COPIES)["n_han_formulaic"].sum() == 0


def test_where_sentences_end_changes_nothing():
    rng = np.random.default_rng(4)
    texts = draw(rng, 12)
    documents, sentences = corpus(texts)
    for cut in (1, 4, 50):
        pieces = [["".join(t)[i : i + cut] for i in range(0, len("".join(t)), cut)] for t in texts]
        other = formulaicness(*corpus(pieces), by="doc_id", k=2, duplicates=NO_COPIES)
        whole = formulaicness(documents, sentences, by="doc_id", k=2, duplicates=NO_COPIES)
        columns = ["estimate", "ci_low", "ci_high", "n_han", "n_han_formulaic"]
        pd.testing.assert_frame_equal(whole[columns], other[columns], check_exact=True)


def test_what_was_left_out_joins_nothing():
    """A row taken out of sentences does not bring its neighbours together."""
    texts = [["坚持以人民为", "另说一句" + c, "中心的发展思想"] for c in "甲乙丙丁"]
    documents, sentences = corpus(texts)
    rest = sentences[sentences["sentence_id"] != 1]
    assert formulaicness(documents, rest, k=1, n=8, duplicates=NO_COPIES)["n_han_formulaic"].sum() == 0
    assert formulaicness(documents, rest, k=1, n=6, duplicates=NO_COPIES)["n_han_formulaic"].sum() == 4 * 13


def test_copies_count_once():
    rng = np.random.default_rng(9)
    text = [write(rng, 200) for _ in range(3)]
    others = [[write(rng, 200) for _ in range(3)] for _ in range(4)]
    documents, sentences = corpus([text, text, text, text, *others])
    found = formulaicness(documents, sentences, by=None, k=1)
    assert found[["n", "n_documents", "n_reference", "n_han_formulaic"]].to_numpy().tolist() == [[5, 5, 5, 0]]
    each = formulaicness(documents, sentences, by="doc_id", k=1)
    assert len(each) == 8
    assert each["n_han_formulaic"].sum() == 0
    as_if = formulaicness(documents, sentences, by=None, k=1, duplicates=NO_COPIES)
    assert as_if[["n", "n_han_formulaic"]].to_numpy().tolist() == [[8, 4 * 600]]


def test_documents_of_one_cluster_count_once():
    documents, sentences = corpus([[c * 3 + FORMULA] for c in "甲乙丙丁"], region=["x", "x", "y", None])
    one_region = formulaicness(documents, sentences, by="doc_id", k=2, cluster="region", duplicates=NO_COPIES)
    # The two of x have y and the one without a region, the others have x, once, and each other.
    assert one_region["n_han_formulaic"].tolist() == [13] * 4
    assert one_region["n_reference"].tolist() == [3] * 4
    three = formulaicness(documents, sentences, by="doc_id", k=3, cluster="region", duplicates=NO_COPIES)
    assert three["estimate"].isna().all()
    assert (three["reason"] == "small_reference").all()
    copies = pd.DataFrame({"doc_id": ["00002.txt", "00003.txt"], "representative": ["00002.txt"] * 2})
    assert independent_units(documents, copies, cluster="region") == {f"0000{i}.txt": int(i > 1) for i in range(4)}


def test_more_others_less_formulaic_more_reference_more_so():
    documents, sentences = corpus(draw(np.random.default_rng(2), 30))
    ids = documents["doc_id"].tolist()
    options = {"by": None, "duplicates": NO_COPIES}
    by_k = [formulaicness(documents, sentences, k=k, **options)["estimate"][0] for k in (1, 2, 3, 5, 9)]
    assert by_k == sorted(by_k, reverse=True)
    by_size = [
        formulaicness(documents, sentences, target=ids[:5], reference=ids[:n], **options)["estimate"][0]
        for n in (5, 10, 20, 30)
    ]
    assert by_size == sorted(by_size)
    assert by_size[0] < by_size[-1]


def test_only_the_sentences_asked_for():
    """The rest of the documents is still what they are compared with."""
    documents, sentences = corpus(draw(np.random.default_rng(12), 20))
    hits = sentences[sentences["sentence_id"].isin([1, 4])][["doc_id", "sentence_id"]]
    options = {"by": None, "k": 2, "duplicates": NO_COPIES}
    found = formulaicness(documents, sentences, within=pd.concat([hits, hits]), **options)
    own = formulaic_sentences(documents, sentences, k=2, duplicates=NO_COPIES)
    own = own[own["sentence_id"].isin([1, 4])]
    assert found["estimate"][0] == own["n_han_formulaic"].sum() / own["n_han"].sum()
    assert found["n_sentences"][0] == 40
    ids = documents["doc_id"].tolist()
    assert formulaicness(documents, sentences, within=documents[["doc_id"]][:4], **options).equals(
        formulaicness(documents, sentences, target=ids[:4], **options)
    )


def test_in_texts_that_denounce_formalism(demo):
    """The demo was composed text by text: nothing that three others have, in such sentences either."""
    own = demo.sentences[~demo.sentences["text"].str.contains("burdenlab")]
    naming = demo.hits[demo.hits["theme"] == "burden_naming"]
    found = formulaicness(demo.documents, own, by=None, within=naming)
    assert found["n_sentences"][0] == naming.drop_duplicates(["doc_id", "sentence_id"]).shape[0] - (
        naming.drop_duplicates(["doc_id", "sentence_id"])
        .merge(own, how="left", on=["doc_id", "sentence_id"])["text"]
        .isna()
        .sum()
    )
    assert found["estimate"][0] < 0.05
    assert "18" in found["said_zh"][0]


def test_it_is_said_in_words():
    documents, sentences = corpus([[c * 3 + FORMULA] for c in "甲乙丙丁"])
    found = formulaicness(documents, sentences, by="move", k=2, duplicates=NO_COPIES)
    assert found["said_zh"].tolist() == [
        "move=problem:81.2% 的汉字(64 字中的 52 字)是另有至少 2 份独立文件也写着的8字以上的话(无区间;测量 4 份,参照 4 份)。"
    ]
    assert found["said_en"].tolist() == [
        "move problem: 81.2 % of the Han characters (52 of 64) stand in wording of 8 characters or more that at least 2 "
        "other independent documents have (no interval; 4 measured, 4 referred to)."
    ]
    assert found["reason"].tolist() == ["n_small"]


def test_laws(demo, monkeypatch):
    monkeypatch.setitem(REASONS, "small_reference", ("", ""))

    def by(*keys):
        return lambda sentences, documents: formulaicness(documents, sentences, by=list(keys), k=2)

    tables = {"sentences": demo.sentences, "documents": demo.documents}
    columns = ("estimate", "ci_low", "ci_high")
    for keys in (("move",), ("level",), ("doc_id",), ("level", "move")):
        check_metric(
            Metric(
                f"formulaicness by {keys}", by(*keys), tuple(tables), doubled=columns[: 1 + 2 * (keys != ("doc_id",))]
            ),
            tables,
        )


def test_what_is_refused():
    documents, sentences = corpus([["甲乙丙"], ["丁戊己"]])
    for options, said in (
        ({"k": 0}, "k=0"),
        ({"n": 1}, "n=1"),
        ({"level": 1}, "level=1"),
        ({"target": "00000.txt"}, "is the string"),
        ({"reference": ["x"]}, "not there, first 'x'"),
        ({"target": ["x"]}, "not there, first 'x'"),
        ({"cluster": "x"}, "no variable"),
        ({"by": "x"}, "no variable"),
        ({"by": "estimate"}, "different variables"),
        ({"within": documents[["title"]]}, "doc_id"),
    ):
        with pytest.raises(ValueError, match=said):
            formulaicness(documents, sentences, **options)
    with pytest.raises(ValueError, match="which documents lacks"):
        formulaic_sentences(documents[:1], sentences)


def test_real_reports(shared):
    """The heads of resolutions on the government's report are formulas, its plans are less so."""
    documents = bl.read_documents(shared / "corpora" / "workreports" / "txt")[0]
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    found = formulaicness(documents, sentences, by="doc_id").set_index("doc_id")["estimate"]
    is_resolution = found.index.str.startswith("R")
    assert is_resolution.sum() > 5
    assert found[is_resolution].median() > 3 * found[~is_resolution].median()
