"""Entropy of attention, against scipy, hand computation and simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy, t

from burdenlab.metrics.attention import attention_entropy
from tests.metrics.made import THEMES, corpora, make_corpus


def test_by_hand():
    """Two matches of a, one of b, none of c: shares 2/3 and 1/3 of three themes."""
    found = attention_entropy(*make_corpus([[(9, 0, "plan", ["a", "a", "b"])]])[:2], themes=THEMES).iloc[0]
    h = -(2 / 3 * np.log(2 / 3) + 1 / 3 * np.log(1 / 3))
    assert found["entropy"] == pytest.approx(h) == entropy([2, 1])
    assert found["estimate"] == pytest.approx(h / np.log(3))
    assert found["effective_themes"] == pytest.approx(np.exp(h))
    assert found["miller_madow"] == pytest.approx(h + (2 - 1) / (2 * 3))
    assert found[["n_themes", "n_themes_hit", "n_hits", "n", "reason"]].tolist() == [3, 2, 3, 1, "n_small"]
    assert np.isnan(found["jackknife"])
    sentences = attention_entropy(*make_corpus([[(9, 0, "plan", ["a", "a", "b"])]])[:2], themes=THEMES, of="sentence")
    assert sentences["entropy"].item() == pytest.approx(np.log(2))


def test_ends_of_the_scale():
    one, all_ = [(9, 0, "plan", ["a"])], [(9, 0, "plan", ["a", "b"])]
    found = attention_entropy(*make_corpus([one, all_, [(9, 0, "plan", [])], []])[:2], themes=("a", "b"))
    assert found["estimate"].tolist()[:2] == [0, 1]
    assert found["effective_themes"].tolist()[:2] == [1, 2]
    assert np.isnan(found["estimate"][2])
    assert found["reason"].tolist() == ["n_small", "n_small", "no_hits"]


def test_a_document_without_text():
    hits, sentences, documents = make_corpus([[(9, 0, "plan", ["a"])], []])
    found = attention_entropy(hits, sentences, themes=THEMES, documents=documents)
    assert found["reason"].tolist() == ["n_small", "n_zero"]
    assert attention_entropy(hits.iloc[:0], sentences.iloc[:0], themes=THEMES, by=None)["reason"].tolist() == ["n_zero"]


def test_jackknife_by_hand(demo):
    found = attention_entropy(demo.hits, demo.sentences, themes=demo.codebook.themes, by=None).iloc[0]
    counts = demo.hits.groupby(["doc_id", "theme"]).size().unstack(fill_value=0).to_numpy()
    whole = entropy(counts.sum(axis=0))
    pseudo = np.array([18 * whole - 17 * entropy(np.delete(counts, i, axis=0).sum(axis=0)) for i in range(18)])
    reach = t.ppf(0.975, 17) * pseudo.std(ddof=1) / np.sqrt(18)
    assert found["entropy"] == pytest.approx(whole)
    assert found["jackknife"] == pytest.approx(pseudo.mean())
    most = np.log(len(demo.codebook.themes))
    assert found["ci_low"] == pytest.approx(min(whole, pseudo.mean() - reach) / most)
    assert found["ci_high"] == pytest.approx(min(1, max(whole, pseudo.mean() + reach) / most))


def test_two_documents_have_a_correction_but_no_interval():
    found = attention_entropy(
        *make_corpus([[(9, 0, "plan", ["a", "a", "b"])], [(9, 0, "plan", ["a"])]])[:2], themes=THEMES, by=None
    )
    pseudo = 2 * entropy([3, 1]) - np.array([entropy([1, 0]), entropy([2, 1])])
    assert found["jackknife"].item() == pytest.approx(pseudo.mean())
    assert found["reason"].tolist() == ["n_small"]


def test_eight_documents_are_enough_and_twenty_are_sure():
    kinds = [[(9, 0, "plan", ["a", "a", "b"])], [(9, 0, "plan", ["a"])], [(9, 0, "plan", ["b", "b"])]]
    for n, reason in ((7, "n_small"), (8, "n_low"), (19, "n_low"), (20, "")):
        found = attention_entropy(*make_corpus((kinds * 7)[:n])[:2], themes=THEMES, by=None).iloc[0]
        assert (found["reason"], found["n"]) == (reason, n)
        assert np.isnan(found["ci_low"]) == np.isnan(found["ci_high"]) == (reason == "n_small")


def test_documents_that_are_all_alike():
    found = attention_entropy(*make_corpus([[(9, 0, "plan", ["a", "b", "b"])]] * 9)[:2], themes=THEMES, by=None)
    assert found["reason"].tolist() == ["no_variation"]
    assert found[["ci_low", "ci_high"]].isna().all(axis=None)
    assert found["jackknife"].item() == pytest.approx(found["entropy"].item())


def test_it_covers_what_it_says():
    """150 worlds of 20 documents with five hits each: 95 % is 142, give or take 2.7; the interval is stretched to H."""
    shares = np.array([0.4, 0.3, 0.15, 0.1, 0.05])
    themes, rng, inside = [f"t{i}" for i in range(5)], np.random.default_rng(0), 0
    hits, sentences, _ = make_corpus([[(9, 0, "plan", ["a"] * 5)]] * 20)
    for _world in range(150):
        drawn = hits.assign(theme=rng.choice(themes, size=len(hits), p=shares)).astype({"theme": "str"})
        found = attention_entropy(drawn, sentences, themes=themes, by=None).iloc[0]
        inside += bool(found["ci_low"] <= entropy(shares) / np.log(5) <= found["ci_high"])
    assert inside >= 134


@settings(max_examples=300, deadline=None)
@given(corpora, st.sampled_from(["match", "sentence"]))
def test_laws(corpus, of):
    """In [0, 1]; as many effective themes as were hit at most; an empty theme more lowers the estimate alone."""
    hits, sentences, _ = make_corpus(corpus)
    found = attention_entropy(hits, sentences, themes=THEMES, of=of)
    assert found["estimate"].dropna().between(0, 1 + 1e-12).all()
    assert (found["effective_themes"].dropna() <= found["n_themes_hit"][found["effective_themes"].notna()] + 1e-9).all()
    more = attention_entropy(hits, sentences, themes=(*THEMES, "nothing"), of=of)
    assert np.allclose(found["entropy"], more["entropy"], equal_nan=True)
    assert np.allclose(found["estimate"] * np.log(3), more["estimate"] * np.log(4), equal_nan=True)
    assert (found["reason"] == more["reason"]).all()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"of": "word"}, "of='word'"),
        ({"themes": ["a"]}, "hits has theme"),
        ({"level": 0}, "level=0"),
        ({"by": "entropy"}, "different"),
    ],
)
def test_bad_options(options, said):
    with pytest.raises(ValueError, match=said):
        attention_entropy(*make_corpus([[(9, 0, "plan", ["a", "b"])]])[:2], **{"themes": THEMES, **options})
    with pytest.raises(ValueError, match="at least two"):
        attention_entropy(*make_corpus([[(9, 0, "plan", ["a"])]])[:2], themes=["a"])
