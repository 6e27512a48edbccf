"""Counting again without terms: against find_hits on everything, and counts by hand."""

import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.coding.sensitivity import _Counter, codebook_sensitivity
from tests.conftest import make_codebook, make_documents


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Two documents of 10 and 9 Han characters; 检查 stands alone once, and twice inside longer terms."""
    documents = make_documents("督查检查考核，检查。\n填表。", "督查检查多。\n种树，修路。").assign(
        year=pd.array([2019, 2020], dtype="Int64")
    )
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    codebook = make_codebook(
        tmp_path_factory.mktemp("c"),
        a={"terms": ["检查", "督查检查", "督查检查考核", "考核"]},
        b={"patterns": ["填表[^，。]{0,3}"]},
        c={"terms": ["无此词", "也无"]},
    )
    return documents, sentences, bl.find_hits(sentences, codebook), codebook


def counted(table: pd.DataFrame, kind: str) -> dict[str, tuple[int, int]]:
    rows = table[table["kind"] == kind]
    return dict(zip(rows["term"], zip(rows["n_hits"], rows["n_sentences_hit"], strict=True), strict=True))


def test_counts_by_hand(corpus):
    """督查检查考核 | 检查 | 督查检查: without the longest, 督查检查 and 考核 come up in its place."""
    _, sentences, hits, codebook = corpus
    table = codebook_sensitivity(sentences, hits, codebook, themes=["a"], n_draws=0)
    assert counted(table, "full") == {"": (3, 2)}
    assert counted(table, "leave_one_out") == {
        "检查": (2, 2), "督查检查": (3, 2), "督查检查考核": (4, 2), "考核": (3, 2),
    }  # fmt: skip
    full = table.iloc[0]
    assert full["estimate"] == pytest.approx(3000 / 19)
    assert full[["top_term", "n_han", "n_sentences", "draw"]].tolist() == ["检查", 19, 4, -1]
    assert full["top_change"] == pytest.approx(-1 / 3)
    assert table["change"].tolist() == pytest.approx([0, -1 / 3, 0, 1 / 3, 0])
    assert table["term_share"].tolist()[1:] == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0])


def test_the_same_as_counting_everything_again(demo):
    """On the demo, for terms of the shipped codebook's two largest themes that are hit there."""
    themes = demo.hits["theme"].value_counts().index[:2].tolist()
    table = codebook_sensitivity(demo.sentences, demo.hits, demo.codebook, themes=themes, n_draws=0)
    hit = table[table["term_share"] > 0].groupby("theme").head(8)
    assert len(hit) == 16
    for theme, term, n_hits, n_sentences_hit in hit[["theme", "term", "n_hits", "n_sentences_hit"]].to_numpy():
        again = bl.find_hits(demo.sentences, demo.codebook.without([(theme, term)]))
        again = again[again["theme"] == theme]
        assert (len(again), len(again[["doc_id", "sentence_id"]].drop_duplicates())) == (n_hits, n_sentences_hit)


def test_a_random_part_is_counted_as_such(demo, monkeypatch):
    """Each draw keeps four fifths of the terms; its counts are those of the codebook that it leaves."""
    theme = demo.hits["theme"].value_counts().index[0]
    drawn = []
    whole = _Counter.count

    def told(counter, theme, variants):
        drawn.extend(variants)
        return whole(counter, theme, variants)

    monkeypatch.setattr(_Counter, "count", told)
    table = codebook_sensitivity(demo.sentences, demo.hits, demo.codebook, themes=[theme], n_draws=4)
    terms = table[table["kind"] == "leave_one_out"]
    parts = [gone for gone in drawn if len(gone) > 1]
    assert {len(gone) for gone in parts} == {len(terms) - round(0.8 * len(terms))}
    books = [demo.codebook.without((theme, term) for term in gone) for gone in parts]
    found = [(bl.find_hits(demo.sentences, book)["theme"] == theme).sum() for book in books]
    assert table.loc[table["kind"] == "random", "n_hits"].tolist() == found


def test_sentences_with_a_match_never_grow(demo):
    themes = demo.hits["theme"].value_counts().index[:6].tolist()
    table = codebook_sensitivity(
        demo.sentences, demo.hits, demo.codebook, themes=themes, n_draws=10, unit="sentence", per=1
    )
    assert (table["change"].dropna() <= 0).all()
    assert table["estimate"].between(0, 1).all()
    full = table[table["kind"] == "full"].set_index("theme")
    drawn = table[table["kind"] == "random"].groupby("theme")["estimate"].agg(["min", "max"])
    assert full["lowest"].dropna().equals(drawn["min"].reindex(full.index).dropna().rename("lowest"))
    assert full["highest"].dropna().equals(drawn["max"].reindex(full.index).dropna().rename("highest"))
    assert table.loc[table["kind"] != "full", ["lowest", "highest", "top_change"]].isna().all(axis=None)


def test_full_rows_are_theme_rates(demo):
    themes = list(demo.codebook.themes)[:6]
    table = codebook_sensitivity(
        demo.sentences,
        demo.hits,
        demo.codebook,
        themes=themes,
        n_draws=0,
        by=["level", "year"],
        documents=demo.documents,
    )
    full = table[table["kind"] == "full"].sort_values(["level", "year"], kind="stable", ignore_index=True)
    of_themes = demo.hits[demo.hits["theme"].isin(themes)]
    rates = bl.theme_rates(
        of_themes, demo.sentences, themes=themes, by=["level", "year"], documents=demo.documents, n_resamples=1
    )
    shared = ["level", "year", "theme", "estimate", "n_hits", "n_han", "n_sentences", "n_sentences_hit"]
    pd.testing.assert_frame_equal(full[shared], rates[shared])


def test_groups_add_up_and_missing_periods_are_left_out(corpus):
    documents, sentences, hits, codebook = corpus
    pooled = codebook_sensitivity(sentences, hits, codebook, n_draws=3)
    by_year = codebook_sensitivity(sentences, hits, codebook, n_draws=3, by="year", documents=documents)
    assert by_year.dtypes["year"] == documents.dtypes["year"]
    keys = ["theme", "kind", "term", "draw"]
    sums = by_year.groupby(keys, sort=False)[["n_hits", "n_sentences_hit", "n_han"]].sum()
    assert sums.equals(pooled.set_index(keys)[["n_hits", "n_sentences_hit", "n_han"]])
    half = documents.assign(year=documents["year"].where(documents["doc_id"] == "00.txt"))
    one = codebook_sensitivity(sentences, hits, codebook, n_draws=3, by="year", documents=half)
    assert one.equals(by_year[by_year["year"] == 2019].reset_index(drop=True))


def test_draws_depend_on_seed_and_theme_alone(demo):
    themes = demo.hits["theme"].value_counts().index[:2].tolist()
    one = codebook_sensitivity(demo.sentences, demo.hits, demo.codebook, themes=themes, n_draws=8)
    two = codebook_sensitivity(demo.sentences, demo.hits, demo.codebook, themes=themes[1:], n_draws=8)
    assert one[one["theme"] == themes[1]].reset_index(drop=True).equals(two)
    other = codebook_sensitivity(demo.sentences, demo.hits, demo.codebook, themes=themes[1:], n_draws=8, seed=1)
    assert not two["estimate"].equals(other["estimate"])


def test_one_term_no_hit_and_no_rows(corpus):
    _, sentences, hits, codebook = corpus
    table = codebook_sensitivity(sentences, hits, codebook, n_draws=2).set_index("theme")
    assert table.loc["b", "kind"].tolist() == ["full", "leave_one_out"]
    assert table.loc["b", "reason"].tolist() == ["one_term", ""]
    assert table.loc["b", "change"].tolist() == [0, -1]
    assert (table.loc["c", "reason"] == "n_zero").all()
    assert (table.loc["c", "estimate"] == 0).all()
    assert table.loc["c", ["change", "top_change"]].isna().all(axis=None)
    empty = codebook_sensitivity(sentences.iloc[:0], hits.iloc[:0], codebook, n_draws=2)
    assert empty["estimate"].isna().all()
    assert (empty["reason"] == "n_zero").all()
    none = codebook_sensitivity(sentences, hits, codebook, themes=[])
    assert len(none) == 0
    assert none.dtypes.equals(empty.dtypes)


def test_inputs_are_not_changed(corpus):
    _, sentences, hits, codebook = corpus
    before = sentences.copy(), hits.copy(), codebook.to_dict()
    codebook_sensitivity(sentences, hits, codebook)
    assert sentences.equals(before[0])
    assert hits.equals(before[1])
    assert codebook.to_dict() == before[2]


def test_errors_name_what_came(corpus, tmp_path):
    _, sentences, hits, codebook = corpus
    for error, kwargs, match in (
        (ValueError, {"themes": ["z"]}, r"themes names \['z'\]"),
        (ValueError, {"share": 1}, "share=1"),
        (ValueError, {"n_draws": -1}, "n_draws=-1"),
        (ValueError, {"unit": "word"}, "unit='word'"),
        (ValueError, {"per": 0}, "per=0"),
        (ValueError, {"by": "year"}, "documents="),
    ):
        with pytest.raises(error, match=match) as caught:
            codebook_sensitivity(sentences, hits, codebook, **kwargs)
        assert caught.value.__notes__
    with pytest.raises(ValueError, match="which the codebook lacks"):
        codebook_sensitivity(sentences, hits, make_codebook(tmp_path, a={"terms": ["检查"]}))
    with pytest.raises(ValueError, match="which sentences lacks"):
        codebook_sensitivity(sentences.iloc[1:], hits, codebook)
