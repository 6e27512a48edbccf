"""Co-occurrence, against counts by hand, scipy, drawn permutations and the laws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

import burdenlab as bl
from burdenlab.metrics.cooccurrence import cooccurrence
from burdenlab.tables import make_table
from tests.oracles.made import law, make_sentences, make_tokens

CORPUS = st.lists(
    st.lists(st.sampled_from(["甲 乙", "甲", "乙", "丙", "甲 丙"]), min_size=1, max_size=6), min_size=1, max_size=4
)


def pairs(*documents, **options):
    tokens = make_tokens(*documents)
    return cooccurrence(tokens, make_sentences(tokens), **options)


def test_by_hand():
    table = pairs("甲 乙。甲 乙 甲。甲 丁。丙", "乙。丙 甲", items=["乙", "甲"])
    row = table.loc[0]
    assert (row["item_a"], row["item_b"]) == ("乙", "甲")
    assert row[["n_both", "n_a", "n_b", "n"]].tolist() == [2, 3, 4, 6]
    assert row["expected"] == pytest.approx(2 * 3 / 4 + 1 * 1 / 2)
    assert row["lift"] == pytest.approx(2 * 6 / (3 * 4))
    assert row["phi"] == pytest.approx((6 * 2 - 12) / np.sqrt(3 * 3 * 4 * 2))


def test_p_by_hand():
    """First document: both 2 of 2 with probability 1/2 (else 1 of 2); second: 0 or 1 with 1/2 each. 2 of {1, 2, 2, 3}."""
    assert pairs("甲 乙。甲 乙。甲。丙", "乙。甲", items=["甲", "乙"])["p"].item() == pytest.approx(1)
    assert pairs("甲 乙。甲 乙。甲。丙", "甲 乙。丙", items=["甲", "乙"])["p"].item() == pytest.approx(1 / 2)


@law
@given(st.lists(st.sampled_from(["甲 乙 丁", "甲 丁", "乙 丁", "丁"]), min_size=1, max_size=30))
def test_one_document_as_scipy(sentences):
    """scipy, fisher_exact: with one document the test is Fisher's."""
    row = pairs("。".join(sentences), items=["甲", "乙"]).loc[0]
    both, a, b, n = row[["n_both", "n_a", "n_b", "n"]].tolist()
    if row["reason"]:
        assert np.isnan(row["p"])
    else:
        theirs = fisher_exact([[both, a - both], [b - both, n - a - b + both]]).pvalue
        assert row["p"] == pytest.approx(theirs, rel=1e-7)


def test_exact_p_is_what_permutations_come_to():
    """Both words laid out at random in the sentences of their own document, 20,000 times."""
    documents = [["甲 乙"] * 3 + ["甲"] * 2 + ["乙"] * 1 + ["丙"] * 6, ["甲 乙"] * 1 + ["乙"] * 3 + ["丙"] * 4]
    row = pairs(*("。".join(d) for d in documents), items=["甲", "乙"]).loc[0]
    rng = np.random.default_rng(0)
    both = np.zeros(20_000, dtype=int)
    for document in documents:
        has_a, has_b = (np.array([w in s for s in document]) for w in "甲乙")
        orders = rng.random((20_000, len(document))).argsort(axis=1)
        both += (has_a & has_b[orders]).sum(axis=1)
    shares = np.bincount(both) / len(both)
    drawn = shares[shares <= shares[row["n_both"]] * 1.02].sum()
    assert row["p"] == pytest.approx(drawn, abs=0.01)
    assert row["expected"] == pytest.approx(both.mean(), abs=0.02)


def test_documents_about_both_are_no_evidence():
    """The two share documents, not sentences: together more often than in the corpus as a whole, less than in theirs."""
    row = pairs("甲。乙。甲 乙。甲。乙", *["丙。丙。丙"] * 20, items=["甲", "乙"]).loc[0]
    assert row["lift"] > 5
    assert row["n_both"] < row["expected"]
    assert row["p"] > 0.2


def test_themes_by_hand(demo):
    themes = demo.codebook.themes
    table = cooccurrence(demo.hits, demo.sentences, items=themes)
    assert len(table) == len(themes) * (len(themes) - 1) // 2
    row = table[table["n_both"] > 0].iloc[0]
    of = demo.hits.groupby("theme")[["doc_id", "sentence_id"]].apply(
        lambda rows: set(rows.itertuples(index=False, name=None))
    )
    assert row["n_both"] == len(of[row["item_a"]] & of[row["item_b"]])
    assert row[["n_a", "n_b", "n"]].tolist() == [len(of[row["item_a"]]), len(of[row["item_b"]]), len(demo.sentences)]


def test_absent_and_everywhere():
    table = pairs("甲 乙。甲", "甲。甲 丙", items=["甲", "乙", "丁"]).set_index(["item_a", "item_b"])
    assert table["reason"].to_dict() == {("乙", "甲"): "no_variation", ("丁", "乙"): "n_zero", ("丁", "甲"): "n_zero"}
    assert table[["phi", "p", "q"]].isna().all(axis=None)
    assert table.loc[("乙", "甲"), "lift"] == 1


def test_no_rows():
    some = pairs("甲 乙。丙")
    for none in (cooccurrence(make_table("hits", []), make_table("sentences", [])), pairs("甲。甲")):
        assert len(none) == 0
        assert none.dtypes.equals(some.dtypes)
    empty = cooccurrence(make_table("tokens", []), make_table("sentences", []), items=["甲", "乙"])
    assert empty["reason"].tolist() == ["n_zero"]


def test_bad_input():
    tokens = make_tokens("甲 乙。丙")
    with pytest.raises(ValueError, match=r"found names sentence 1 of 'a', which sentences lacks"):
        cooccurrence(tokens, make_sentences(tokens).iloc[:1])
    with pytest.raises(ValueError, match="unit='paragraph'"):
        pairs("甲", unit="paragraph")
    with pytest.raises(ValueError, match="found has 101 different items; choose at most 100"):
        pairs("甲", items=[str(i) for i in range(101)])


@law
@given(CORPUS, st.randoms(use_true_random=False))
def test_laws(documents, random):
    """Doubling doubles counts and leaves lift and phi; the order of rows is nothing; the input stays."""
    tokens = make_tokens(*("。".join(sentences) for sentences in documents))
    sentences = make_sentences(tokens)
    once = cooccurrence(tokens, sentences)
    copies = [pd.concat([table, table.assign(doc_id="~" + table["doc_id"])]) for table in (tokens, sentences)]
    twice = cooccurrence(*copies)
    counts = ["n_both", "n_a", "n_b", "n"]
    assert (2 * once[counts]).equals(twice[counts])
    for score in ("lift", "phi"):
        assert twice[score].to_numpy() == pytest.approx(once[score].to_numpy(), abs=1e-12, nan_ok=True)
    assert once["p"].dropna().between(0, 1).all()
    order = list(range(len(tokens)))
    random.shuffle(order)
    shuffled, before = tokens.iloc[order], tokens.iloc[order].copy()
    assert cooccurrence(shuffled, sentences.iloc[::-1]).equals(once)
    assert shuffled.equals(before)


def test_words_of_the_demo(demo):
    tokens = bl.tokenize(demo.sentences)
    table = cooccurrence(tokens, demo.sentences, items=["基层", "负担", "形式主义"], unit="document")
    assert set(table["n"]) == {len(demo.documents)}
