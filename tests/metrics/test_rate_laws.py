"""Metamorphic relations of rates: what must not change, and what must change just so, when a corpus does."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from burdenlab.metrics.attention import attention_entropy
from burdenlab.metrics.differences import rate_differences
from burdenlab.metrics.moves import move_profile
from burdenlab.metrics.presence import theme_presence
from burdenlab.metrics.rates import theme_rates
from burdenlab.metrics.theme_counts import count_themes
from tests.metrics.made import THEMES, corpora, make_corpus

law = settings(max_examples=300, deadline=None)
COUNTS = ["n_hits", "n_han", "n_sentences", "n_sentences_hit", "n_documents"]


@law
@given(corpora, st.sampled_from([{"by": None}, {"by": "move"}, {"by": None, "unit": "sentence", "per": 1}]))
def test_doubling_the_corpus(corpus, options):
    """Densities stay, counts are twice what they were."""
    once, twice = make_corpus(corpus), make_corpus(corpus, beside=corpus)
    a, b = (theme_rates(*tables[:2], themes=THEMES, n_resamples=20, **options) for tables in (once, twice))
    assert np.allclose(a["estimate"], b["estimate"], rtol=1e-12, equal_nan=True)
    assert (2 * a[COUNTS] == b[COUNTS]).all(axis=None)


@law
@given(corpora, st.randoms(use_true_random=False), st.booleans())
def test_order_and_counts_change_nothing(corpus, random, from_counts):
    hits, sentences, documents = make_corpus(corpus)
    options = {"themes": THEMES, "by": ["group", "move"], "n_resamples": 20}
    expected = theme_rates(hits, sentences, documents=documents, **options)
    given_tables = (*count_themes(hits, sentences), documents) if from_counts else (hits, sentences, documents)
    one, other, third = (t.iloc[random.sample(range(len(t)), len(t))] for t in given_tables)
    assert_frame_equal(expected, theme_rates(one, other, documents=third, **options), check_exact=True)


@law
@given(corpora, st.integers(1, 500))
def test_neutral_text(corpus, n_han):
    """Text without a hit: hits stay, the density falls by just so much, the share of documents stays."""
    hits, sentences, _ = make_corpus(corpus)
    before = theme_rates(hits, sentences, themes=THEMES)
    last = sentences.groupby("doc_id", as_index=False).tail(1)
    neutral = last.assign(sentence_id=last["sentence_id"] + 1, n_han=n_han)
    after = theme_rates(hits, pd.concat([sentences, neutral], ignore_index=True), themes=THEMES)
    assert (before["n_hits"] == after["n_hits"]).all()
    assert (before["n_han"] + n_han == after["n_han"]).all()
    defined = before["n_han"] > 0
    expected = before["estimate"] * before["n_han"] / after["n_han"]
    assert np.allclose(after["estimate"][defined], expected[defined], rtol=1e-12)
    assert (after["estimate"][before["n_hits"] > 0] < before["estimate"][before["n_hits"] > 0].fillna(np.inf)).all()


@law
@given(corpora, corpora, st.sampled_from([theme_rates, theme_presence, attention_entropy]))
def test_documents_do_not_depend_on_their_neighbours(corpus, others, measure):
    """Nor on documents without hits, which are nothing but more rows."""
    alone = measure(*make_corpus(corpus)[:2], themes=THEMES, by="doc_id")
    among = measure(*make_corpus(corpus, beside=others)[:2], themes=THEMES, by="doc_id")
    own = among[~among["doc_id"].str.startswith("z")].reset_index(drop=True)
    assert_frame_equal(alone, own, check_exact=True)


@law
@given(corpora)
def test_themes_split_renamed_and_added(corpus):
    """Two halves of a theme add up to it; a name is only a name; an empty theme changes no other."""
    hits, sentences, _ = make_corpus(corpus)
    whole = theme_rates(hits, sentences, themes=THEMES).set_index(["doc_id", "theme"])["n_hits"]
    odd = (hits["theme"] == "a") & (hits["start"] % 2 == 1)
    changed = hits.assign(theme=hits["theme"].mask(odd, "a2").replace({"b": "renamed"}).astype("str"))
    split = theme_rates(changed, sentences, themes=("nothing", "renamed", "a2", "c", "a"))
    split = split.set_index(["doc_id", "theme"])["n_hits"]
    for doc_id in sentences["doc_id"].unique():
        assert split[doc_id, "a"] + split[doc_id, "a2"] == whole[doc_id, "a"]
        assert split[doc_id, "renamed"] == whole[doc_id, "b"]
        assert split[doc_id, "nothing"] == split[doc_id, "c"] == 0


@law
@given(corpora, corpora)
def test_joining_documents(corpus, others):
    """Hits of two documents that become one add up, and its rate lies between theirs."""
    hits, sentences, _ = make_corpus(corpus[:1], beside=others[:1])
    apart = theme_rates(hits, sentences, themes=THEMES)
    one = [
        t.assign(
            sentence_id=t["sentence_id"] + 100 * (t["doc_id"] != "00.txt"),
            doc_id=pd.Series("one.txt", index=t.index, dtype="str"),
        )
        for t in (hits, sentences)
    ]
    together = theme_rates(*one, themes=THEMES)
    assert (together.groupby("theme")[COUNTS[:4]].sum() == apart.groupby("theme")[COUNTS[:4]].sum()).all(axis=None)
    for theme, rates in apart.groupby("theme")["estimate"]:
        value = together.set_index("theme").loc[theme, "estimate"]
        if rates.notna().all():
            assert rates.min() - 1e-9 <= value <= rates.max() + 1e-9


@law
@given(corpora, st.sampled_from(["doc_id", ["doc_id", "section_id"], "move"]))
def test_parts_add_up_to_the_whole(corpus, by):
    """Over documents, moves and sections: hits, text and sentences."""
    hits, sentences, _ = make_corpus(corpus)
    known = sentences.assign(move=sentences["move"].where(sentences["move"] != "", "frame").astype("str"))
    whole = theme_rates(hits, known, themes=THEMES, by=None, n_resamples=20)
    parts = theme_rates(hits, known, themes=THEMES, by=by, n_resamples=20)
    for theme in THEMES:
        assert (
            parts.loc[parts["theme"] == theme, COUNTS[:4]].sum() == whole.loc[whole["theme"] == theme, COUNTS[:4]].sum()
        ).all()


@law
@given(corpora)
def test_shares_of_moves_add_up_to_one(corpus):
    _, sentences, documents = make_corpus(corpus)
    profile = move_profile(sentences, documents=documents, leave_aside=())
    assert np.allclose(profile.groupby("doc_id")["estimate"].sum(min_count=1).dropna(), 1)
    assert (profile.groupby("doc_id")["n_han"].sum() == documents.set_index("doc_id")["n_han"]).all()


@law
@given(corpora)
def test_swapping_groups(corpus):
    """The difference changes its sign, the ratio becomes its inverse."""
    hits, sentences, documents = make_corpus(corpus)
    options = {"themes": THEMES, "by": "group", "documents": documents, "n_resamples": 20, "n_permutations": 19}
    found = rate_differences(hits, sentences, **options)
    if len(documents) == 1:
        assert found.empty
        return
    x, y = (found[found["group"] == g].reset_index(drop=True) for g in ("x", "y"))
    assert np.allclose(x["estimate"], -y["estimate"], equal_nan=True)
    assert np.allclose(x["rate"], y["rate_against"], equal_nan=True)
    both = x["ratio"].notna() & y["ratio"].notna() & (y["ratio"] > 0)
    assert np.allclose(x["ratio"][both] * y["ratio"][both], 1)
