"""Presence of themes, against counts by hand and Wilson's interval."""

import pytest
from scipy.stats import binomtest

from burdenlab.metrics.presence import theme_presence
from tests.metrics.made import THEMES, make_corpus

# Theme a in three of four documents that have text, in five of seven sections; b in one document.
FOUR = [
    [(10, 0, "problem", ["a", "a"]), (5, 1, "plan", ["a"]), (5, 2, "plan", [])],
    [(10, 0, "problem", ["a"]), (5, 1, "plan", ["a", "b"])],
    [(9, 0, "problem", [])],
    [(9, 0, "problem", ["a"])],
    [],
]


def test_by_hand():
    hits, sentences, documents = make_corpus(FOUR)
    found = theme_presence(hits, sentences, themes=THEMES, documents=documents)
    assert found["estimate"].tolist() == [0.75, 0.25, 0.0]
    assert found[["n_documents_hit", "n_documents", "n_sections_hit", "n_sections"]].to_numpy().tolist() == [
        [3, 4, 5, 7],
        [1, 4, 1, 7],
        [0, 4, 0, 7],
    ]
    assert set(found["reason"]) == {"n_small"}
    sections = theme_presence(hits, sentences, themes=THEMES, of="section")
    assert sections["estimate"].tolist() == pytest.approx([5 / 7, 1 / 7, 0])


def test_by_move_counts_documents_that_have_it():
    found = theme_presence(*make_corpus(FOUR)[:2], themes=THEMES, by="move").set_index(["move", "theme"])
    assert found.loc[("plan", "a"), ["estimate", "n_documents"]].tolist() == [1.0, 2]
    assert found.loc[("problem", "a"), ["estimate", "n_documents"]].tolist() == [0.75, 4]


def test_a_document_without_text_has_no_share():
    hits, sentences, documents = make_corpus(FOUR)
    found = theme_presence(hits, sentences, themes=THEMES, by="doc_id", documents=documents)
    empty = found[found["doc_id"] == "04.txt"]
    assert empty["estimate"].isna().all()
    assert set(empty["reason"]) == {"n_zero"}
    assert set(empty["n_documents"]) == {0}


def test_interval_of_documents_is_wilson(demo):
    found = theme_presence(demo.hits, demo.sentences, themes=demo.codebook.themes, level=0.9)
    for row in found.itertuples():
        low, high = binomtest(row.n_documents_hit, 18).proportion_ci(0.9, method="wilson")
        assert (row.ci_low, row.ci_high) == pytest.approx((low, high), abs=1e-12)
        assert row.n_documents_hit == demo.hits.loc[demo.hits["theme"] == row.theme, "doc_id"].nunique()
    assert set(found["reason"]) == {"n_low"}


def test_eight_documents_are_enough_and_twenty_are_sure():
    for n, reason in ((7, "n_small"), (8, "n_low"), (19, "n_low"), (20, "")):
        found = theme_presence(*make_corpus([[(9, 0, "plan", ["a"])]] * n)[:2], themes=THEMES)
        assert set(found["reason"]) == {reason}
        assert found[["ci_low", "ci_high"]].notna().all(axis=None) == (reason != "n_small")
        assert (found["n"] == n).all()


def test_a_single_document_has_it_or_not():
    found = theme_presence(*make_corpus(FOUR)[:2], themes=THEMES, by="doc_id")
    assert found[found["theme"] == "a"]["estimate"].tolist() == [1, 1, 0, 1]


def test_clusters_and_sections_are_resampled(demo):
    options = {"themes": demo.codebook.themes, "documents": demo.documents, "n_resamples": 200}
    by_year = theme_presence(demo.hits, demo.sentences, cluster="year", **options)
    assert set(by_year["n"]) == {8}
    assert set(by_year["n_documents"]) == {18}
    sections = theme_presence(demo.hits, demo.sentences, of="section", **options)
    assert set(sections["n"]) == {18}
    assert (sections["ci_high"].dropna() <= 1).all()
    assert (sections["estimate"] <= theme_presence(demo.hits, demo.sentences, **options)["estimate"]).all()


@pytest.mark.parametrize(
    ("options", "said"),
    [({"of": "page"}, "of='page'"), ({"level": 1}, "level=1"), ({"by": "n_sections"}, "different variables")],
)
def test_bad_options(options, said):
    with pytest.raises(ValueError, match=said):
        theme_presence(*make_corpus(FOUR)[:2], themes=THEMES, **options)
