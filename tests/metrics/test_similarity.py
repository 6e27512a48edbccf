"""Similarity, divergence and the map, against scikit-learn, scipy, a plain decomposition and the laws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

import burdenlab as bl
from burdenlab.metrics.similarity import document_map, document_similarity, jensen_shannon, shingle_similarity
from burdenlab.tables import make_table
from tests.conftest import make_documents
from tests.oracles.made import law, make_counts, make_tokens

ROWS = st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any), min_size=2, max_size=6)


def table_of(rows):
    return make_counts({f"d{i}": dict(zip("会文表多", row, strict=True)) for i, row in enumerate(rows)})


def doubled(tokens):
    return pd.concat([tokens, tokens.assign(doc_id="~" + tokens["doc_id"])], ignore_index=True)


def test_cosine_as_scikit_learn(demo):
    """scikit-learn, cosine_similarity of TfidfVectorizer(smooth_idf=False), in the same run."""
    tokens = bl.tokenize(demo.sentences)
    texts = tokens.groupby("doc_id")["token"].agg(" ".join)
    theirs = cosine_similarity(TfidfVectorizer(smooth_idf=False, analyzer=str.split).fit_transform(texts))
    theirs = pd.DataFrame(theirs, texts.index, texts.index)
    for row in document_similarity(tokens).itertuples():
        assert row.similarity == pytest.approx(theirs.loc[row.doc_a, row.doc_b], abs=1e-12)


def test_pairs_by_hand():
    table = document_similarity(make_tokens("会议 多", "会议 少", "会议 多 多"))
    assert table[["doc_a", "doc_b"]].to_numpy().tolist() == [["a", "c"], ["a", "b"], ["b", "c"]]
    assert table[["n_shared", "n_a", "n_b"]].to_numpy().tolist() == [[2, 2, 2], [1, 2, 2], [1, 2, 2]]


def test_shingles_by_hand():
    """基层负担 has 2 runs of three characters, 基层负担重 3; they share 2."""
    documents = make_documents("基层负担", "基层，负担重。", "基", "文山会海")
    table = shingle_similarity(documents, n=3).set_index(["doc_a", "doc_b"])
    assert table.loc[("00.txt", "01.txt"), ["similarity", "n_shared", "n_a", "n_b"]].tolist() == [2 / 3, 2, 2, 3]
    assert table.loc[("00.txt", "03.txt"), "similarity"] == 0
    assert np.isnan(table.loc[("00.txt", "02.txt"), "similarity"])
    assert table["reason"].eq("too_short").sum() == 3


@law
@given(st.lists(st.text("基层负担重", min_size=1, max_size=20), min_size=2, max_size=4), st.integers(1, 4))
def test_shingles_as_sets(texts, n):
    documents = make_table(
        "documents",
        {
            "doc_id": [str(i) for i in range(len(texts))], "title": "", "text": texts, "n_han": 1, "truncated": False,
            "kept_share": 1.0, "present_share": 1.0, "warnings": "", "path": "", "sha256": "",
        },
    )  # fmt: skip
    sets = [{text[i : i + n] for i in range(len(text) - n + 1)} for text in texts]
    for row in shingle_similarity(documents, n=n).itertuples():
        a, b = sets[int(row.doc_a)], sets[int(row.doc_b)]
        assert row.similarity == pytest.approx(len(a & b) / len(a | b) if a and b else np.nan, nan_ok=True)


def test_copies_of_the_demo(demo):
    documents = demo.documents
    twice = pd.concat([documents, documents.assign(doc_id="~" + documents["doc_id"])])
    best = shingle_similarity(twice).head(len(documents))
    assert (best["similarity"] == 1).all()
    assert ("~" + best["doc_a"] == best["doc_b"]).all()


@law
@given(ROWS, st.integers(1, 4))
def test_divergence_as_scipy(rows, cut):
    """scipy, jensenshannon(base=2)², in the same run; contributions add up to it."""
    cut = min(cut, len(rows) - 1)
    table = jensen_shannon(table_of(rows), target=[f"d{i}" for i in range(cut)])
    p, q = np.sum(rows[:cut], axis=0), np.sum(rows[cut:], axis=0)
    assert table["contribution"].sum() == pytest.approx(np.nan_to_num(jensenshannon(p, q, base=2) ** 2), abs=1e-12)
    assert (table["contribution"] >= 0).all()
    other = jensen_shannon(table_of(rows), target=[f"d{i}" for i in range(cut, len(rows))]).set_index("token")
    assert other.loc[table["token"], "contribution"].to_numpy() == pytest.approx(
        table["contribution"].to_numpy(), abs=1e-15
    )


def test_divergence_by_hand():
    table = jensen_shannon(make_tokens("甲 甲", "乙"), target=["a"])
    assert table[["token", "contribution", "side"]].to_numpy().tolist() == [
        ["乙", 0.5, "reference"],
        ["甲", 0.5, "target"],
    ]


def test_divergence_from_nothing():
    table = jensen_shannon(make_tokens("甲", "乙"), target=["a", "b"])
    assert table["contribution"].isna().all()
    assert set(table["reason"]) == {"n_zero"}


@law
@given(ROWS)
def test_map_as_a_plain_decomposition(rows):
    """numpy, singular values of the standardised residuals."""
    table = document_map(table_of(rows))
    n = np.array(rows, dtype=float)[:, np.any(rows, axis=0)]
    share = n / n.sum()
    expected = np.outer(share.sum(axis=1), share.sum(axis=0))
    residuals = (share - expected) / np.sqrt(expected)
    left, values, _ = np.linalg.svd(residuals, full_matrices=False)
    documents = table[table["kind"] == "document"]
    assert documents["inertia"].sum() == pytest.approx((values**2).sum(), abs=1e-12)
    if values[0] ** 2 > 1e-9:
        assert documents["share_x"].iloc[0] == pytest.approx(values[0] ** 2 / (values**2).sum(), rel=1e-6)
        if len(values) < 2 or values[0] - values[1] > 0.01:
            own = left[:, 0] * values[0] / np.sqrt(expected.sum(axis=1))
            assert np.abs(documents["x"]).to_numpy() == pytest.approx(np.abs(own), abs=1e-6)


def test_map_of_the_demo(demo):
    """Rows and columns balance round the middle; chi-distances are kept as far as the plane shows them."""
    points = document_map(bl.tokenize(demo.sentences))
    assert (points["reason"] == "").all()
    for _, kind in points.groupby("kind"):
        for axis in ("x", "y"):
            assert (kind["mass"] * kind[axis]).sum() == pytest.approx(0, abs=1e-12)
            assert (kind["mass"] * kind[axis] ** 2).sum() == pytest.approx(
                kind[f"share_{axis}"].iloc[0] * kind["inertia"].sum()
            )
    assert points["quality"].between(0, 1 + 1e-9).all()
    documents = points[points["kind"] == "document"]
    assert documents["name"].tolist() == sorted(demo.documents["doc_id"])
    assert all(documents.loc[(documents["mass"] * documents[a] ** 2).idxmax(), a] > 0 for a in ("x", "y"))


def test_small_maps():
    one = document_map(make_tokens("甲 乙"))
    assert set(one["reason"]) == {"one_document"}
    two = document_map(make_tokens("甲 乙", "甲 丙"))
    assert two["x"].notna().all()
    assert two["y"].isna().all()
    assert set(two["reason"]) == {"no_variation"}
    same = document_map(make_tokens("甲 乙", "甲 乙", "甲 甲 乙 乙"))
    assert same[["x", "y", "quality", "share_x"]].isna().all(axis=None)


def test_no_documents():
    none, tokens = make_table("tokens", []), make_tokens("甲 乙", "甲", "丙")
    for measure in (document_similarity, document_map, lambda t: jensen_shannon(t, target=[])):
        assert len(measure(none)) == 0
        assert measure(none).dtypes.equals(measure(tokens).dtypes)
    documents = make_documents("基层负担", "基层")
    assert shingle_similarity(documents.iloc[:0]).dtypes.equals(shingle_similarity(documents).dtypes)


def test_bad_length():
    with pytest.raises(ValueError, match="n=0 is no length of a shingle"):
        shingle_similarity(make_documents("基层"), n=0)


@law
@given(ROWS)
def test_doubling_changes_nothing(rows):
    tokens = table_of(rows)
    once = document_similarity(tokens)
    twice = document_similarity(doubled(tokens))
    twice = twice[~twice["doc_a"].str.startswith("~") & ~twice["doc_b"].str.startswith("~")]
    key = ["doc_a", "doc_b"]
    both = once.merge(twice, on=key, validate="1:1")
    assert both["similarity_x"].to_numpy() == pytest.approx(both["similarity_y"].to_numpy(), abs=1e-12)
    ids = ["d0"]
    shift, again = jensen_shannon(tokens, target=ids), jensen_shannon(doubled(tokens), target=["d0", "~d0"])
    assert again["contribution"].sum() == pytest.approx(shift["contribution"].sum(), abs=1e-12)
    inertia = [t[t["kind"] == "document"]["inertia"].sum() for t in map(document_map, (tokens, doubled(tokens)))]
    assert inertia[1] == pytest.approx(inertia[0], abs=1e-12)


@law
@given(ROWS, st.randoms(use_true_random=False))
def test_order_changes_nothing_and_input_stays(rows, random):
    tokens = table_of(rows)
    order = list(range(len(tokens)))
    random.shuffle(order)
    shuffled = tokens.iloc[order]
    before = shuffled.copy()
    for measure in (document_similarity, document_map, lambda t: jensen_shannon(t, target=["d1"])):
        assert measure(shuffled).equals(measure(tokens))
    assert shuffled.equals(before)
