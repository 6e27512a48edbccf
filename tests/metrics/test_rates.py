"""Rates of themes, against counts by hand and the laws."""

import numpy as np
import pandas as pd
import pytest

import burdenlab as bl
from tests.conftest import make_codebook, make_documents

ONE = "会议多，会议长。文件少。"  # 9 Han characters, 2 sentences, 会议 twice in one sentence
TWO = "报表多。没有别的。"  # 7 Han characters, no hit


@pytest.fixture
def small(tmp_path):
    """Two documents whose counts can be done by hand."""
    documents = make_documents(ONE, TWO).assign(level=["县", "乡"], year=pd.array([2024, pd.NA], "Int64"))
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    book = make_codebook(
        tmp_path, meetings={"terms": ["会议"]}, documents={"terms": ["文件"]}, nothing={"terms": ["督查"]}
    )
    return documents, sentences, bl.find_hits(sentences, book), book.themes


def test_by_document_by_hand(small):
    _, sentences, hits, themes = small
    rates = bl.theme_rates(hits, sentences, themes=themes)
    assert rates[["doc_id", "theme"]].apply(tuple, axis=1).tolist() == [
        (d, t) for d in ("00.txt", "01.txt") for t in themes
    ]
    assert rates["estimate"].tolist() == pytest.approx([2000 / 9, 1000 / 9, 0, 0, 0, 0])
    assert rates["n_hits"].tolist() == [2, 1, 0, 0, 0, 0]
    assert rates["n_sentences_hit"].tolist() == [1, 1, 0, 0, 0, 0]
    assert rates["n_han"].tolist() == [9] * 3 + [7] * 3
    assert rates["n_sentences"].tolist() == [2] * 6
    assert set(rates["reason"]) == {"n_small"}
    assert rates["ci_low"].isna().all()
    bl.check_table(rates, "estimates")


def test_sentences_as_unit(small):
    _, sentences, hits, themes = small
    rates = bl.theme_rates(hits, sentences, themes=themes, by=None, unit="sentence", per=1)
    assert rates["estimate"].tolist() == [0.25, 0.25, 0.0]
    assert rates["n"].tolist() == [2, 2, 2]


def test_by_variable_leaves_out_the_missing(small):
    documents, sentences, hits, themes = small
    by_level = bl.theme_rates(hits, sentences, themes=themes, by="level", documents=documents)
    assert by_level["level"].tolist() == ["乡"] * 3 + ["县"] * 3
    by_both = bl.theme_rates(hits, sentences, themes=themes, by=["level", "year"], documents=documents)
    assert by_both[["level", "year"]].drop_duplicates().to_numpy().tolist() == [["县", 2024]]
    assert by_both["year"].dtype == "Int64"


def test_by_move(small):
    _, sentences, hits, themes = small
    moved = sentences.assign(move=["problem", "measure", "problem", ""])
    rates = bl.theme_rates(hits, moved, themes=themes, by="move")
    grid = rates.pivot(index="move", columns="theme", values="n_hits")
    assert grid["meetings"].to_dict() == {"measure": 0, "problem": 2}
    assert rates.groupby("move")["n_han"].first().to_dict() == {"measure": 3, "problem": 9}


def test_a_document_without_sentences_is_in_the_grid(small):
    documents, sentences, hits, themes = small
    rates = bl.theme_rates(hits, sentences[sentences["doc_id"] == "00.txt"], themes=themes, documents=documents)
    empty = rates[rates["doc_id"] == "01.txt"]
    assert empty["estimate"].isna().all()
    assert set(empty["reason"]) == {"n_zero"}


def test_clusters_are_resampled_together(demo):
    count = {"themes": demo.codebook.themes, "by": None, "documents": demo.documents, "n_resamples": 200}
    assert set(bl.theme_rates(demo.hits, demo.sentences, **count)["n"]) == {18}
    by_year = bl.theme_rates(demo.hits, demo.sentences, cluster="year", **count)
    assert set(by_year["n"]) == {8}
    assert set(by_year["n_documents"]) == {18}


def test_doubling_leaves_rates_where_they_are(demo):
    def doubled(table):
        return pd.concat([table, table.assign(doc_id="copy/" + table["doc_id"])], ignore_index=True)

    once = bl.theme_rates(demo.hits, demo.sentences, themes=demo.codebook.themes, by=None)
    twice = bl.theme_rates(doubled(demo.hits), doubled(demo.sentences), themes=demo.codebook.themes, by=None)
    assert np.allclose(once["estimate"], twice["estimate"], rtol=1e-14)
    assert (2 * once["n_hits"] == twice["n_hits"]).all()


def test_order_changes_nothing(demo):
    shuffled = {
        "hits": demo.hits.sample(frac=1, random_state=1),
        "sentences": demo.sentences.sample(frac=1, random_state=2),
    }
    options = {"themes": demo.codebook.themes, "by": "level", "documents": demo.documents, "n_resamples": 300}
    one = bl.theme_rates(demo.hits, demo.sentences, **options)
    options["documents"] = demo.documents.iloc[::-1]
    assert one.equals(bl.theme_rates(**shuffled, **options))


def test_a_group_does_not_depend_on_the_others(demo):
    options = {"themes": demo.codebook.themes, "by": "level", "n_resamples": 300}
    all_groups = bl.theme_rates(demo.hits, demo.sentences, documents=demo.documents, **options)
    county = demo.documents[demo.documents["level"] == "county"]
    own = [table[table["doc_id"].isin(county["doc_id"])] for table in (demo.hits, demo.sentences)]
    alone = bl.theme_rates(*own, documents=county, **options)
    assert alone.equals(all_groups[all_groups["level"] == "county"].reset_index(drop=True))


def test_input_is_not_changed(demo):
    before = demo.hits.copy(), demo.sentences.copy(), demo.documents.copy()
    bl.theme_rates(demo.hits, demo.sentences, themes=demo.codebook.themes, by="level", documents=demo.documents)
    assert all(a.equals(b) for a, b in zip(before, (demo.hits, demo.sentences, demo.documents), strict=True))


def test_no_sentences_at_all(small):
    _documents, sentences, hits, themes = small
    assert len(bl.theme_rates(hits.iloc[:0], sentences.iloc[:0], themes=themes)) == 0
    pooled = bl.theme_rates(hits.iloc[:0], sentences.iloc[:0], themes=themes, by=None)
    assert set(pooled["reason"]) == {"n_zero"}
    assert pooled["estimate"].isna().all()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"themes": ("meetings",)}, r"hits has theme\(s\) \['documents'\] that themes lacks"),
        ({"themes": "meetings"}, "a sequence of different theme ids"),
        ({"unit": "word"}, "unit='word'"),
        ({"per": 0}, "per=0"),
        ({"by": "level"}, "pass documents="),
        ({"by": "colour", "documents": True}, r"documents has no variable \['colour'\]"),
        ({"by": ["level", "level"], "documents": True}, "different variables"),
    ],
)
def test_bad_input(small, options, said):
    documents, sentences, hits, themes = small
    options = {"themes": themes, **options}
    if options.get("documents"):
        options["documents"] = documents
    with pytest.raises(ValueError, match=said):
        bl.theme_rates(hits, sentences, **options)


def test_tables_of_different_corpora_are_refused(small):
    documents, sentences, hits, themes = small
    with pytest.raises(ValueError, match="which sentences lacks"):
        bl.theme_rates(hits, sentences.iloc[2:], themes=themes)
    with pytest.raises(ValueError, match="which documents lacks"):
        bl.theme_rates(hits, sentences, themes=themes, documents=documents.iloc[1:])
    with pytest.raises(ValueError, match="the same match twice"):
        bl.theme_rates(pd.concat([hits, hits]), sentences, themes=themes)


def test_a_theme_may_bear_the_name_of_a_variable(tmp_path):
    documents = make_documents(ONE, TWO).assign(level=["县", "乡"])
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    hits = bl.find_hits(sentences, make_codebook(tmp_path, level={"terms": ["会议"]}))
    rates = bl.theme_rates(hits, sentences, themes=("level",), by="level", documents=documents)
    assert rates["n_hits"].tolist() == [0, 2]


def test_group_variables():
    documents = pd.DataFrame(
        {
            "level": ["county", "township"] * 20, "genre": "同一", "year": range(1980, 2020),
            "region": [f"地{i}" for i in range(40)], "note": ["a", "b"] * 20,
        }
    )  # fmt: skip
    documents["decade"] = documents["year"] // 10 * 10
    assert bl.group_variables(documents) == ["level", "decade"]
