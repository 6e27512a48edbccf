"""Rates of themes, against counts by hand and the laws."""

import numpy as np
import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.uncertainty import jackknife_interval, ratio_interval
from tests.conftest import make_codebook, make_documents
from tests.metrics.made import THEMES, make_corpus

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
        ({"by": "estimate", "documents": True}, "different variables"),
        ({"method": "percentile"}, "method='percentile'"),
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
    with pytest.raises(ValueError, match=r"holds '00\.txt' twice"):
        bl.theme_rates(hits, sentences, themes=themes, documents=pd.concat([documents, documents]))
    with pytest.raises(ValueError, match="the same match twice"):
        bl.theme_rates(pd.concat([hits, hits]), sentences, themes=themes)


def test_the_jackknife_draws_nothing(demo):
    options = {"themes": demo.codebook.themes, "by": "level", "documents": demo.documents, "method": "jackknife"}
    one = bl.theme_rates(demo.hits, demo.sentences, **options, seed=1)
    assert one.equals(bl.theme_rates(demo.hits, demo.sentences, **options, seed=2))
    row = one[(one["level"] == "county") & (one["theme"] == "staffing")].iloc[0]
    each = bl.theme_rates(demo.hits, demo.sentences, themes=demo.codebook.themes)
    of_row = each[
        (each["theme"] == "staffing") & each["doc_id"].isin(demo.documents.query("level == 'county'")["doc_id"])
    ]
    expected = jackknife_interval(of_row[["n_hits"]], of_row["n_han"])
    assert row["ci_high"] == pytest.approx(1000 * expected.high[0], rel=1e-12)


def test_weights_and_strata(demo):
    """A level of which one document in three was drawn counts three times as much."""
    documents = demo.documents.assign(weight=np.where(demo.documents["level"] == "county", 3.0, 1.0))
    options = {"themes": demo.codebook.themes, "documents": documents, "n_resamples": 200}
    found = bl.theme_rates(demo.hits, demo.sentences, by=None, weights="weight", strata="level", **options)
    by_level = bl.theme_rates(demo.hits, demo.sentences, by="level", **options)
    county, township = (by_level[by_level["level"] == v].reset_index(drop=True) for v in ("county", "township"))
    hits, han = (3 * county[c] + township[c] for c in ("n_hits", "n_han"))
    assert np.allclose(found["estimate"], 1000 * hits / han)
    assert (found["n_hits"] == county["n_hits"] + township["n_hits"]).all()
    counts = bl.theme_rates(demo.hits, demo.sentences, themes=demo.codebook.themes).query("theme == 'staffing'")
    level = counts["doc_id"].map(documents.set_index("doc_id")["level"])
    expected = ratio_interval(
        counts[["n_hits"]], counts["n_han"], weights=np.where(level == "county", 3.0, 1.0), strata=level,
        clusters=counts["doc_id"], n_resamples=200,
    )  # fmt: skip
    row = found[found["theme"] == "staffing"].iloc[0]
    assert row["ci_low"] == pytest.approx(1000 * expected.low[0], rel=1e-12)


def test_sections_of_one_text(demo):
    """An interval inside a text says that it is one, and counts its sections."""
    found = bl.theme_rates(demo.hits, demo.sentences, themes=demo.codebook.themes, cluster="section_id")
    sections = demo.sentences.groupby("doc_id")["section_id"].nunique()
    assert (found["n"] == found["doc_id"].map(sections)).all()
    assert found["reason"].str.startswith("within_text").all()
    assert found["ci_low"].notna().any()
    with pytest.raises(ValueError, match="with 'doc_id' in by"):
        bl.theme_rates(demo.hits, demo.sentences, themes=demo.codebook.themes, by=None, cluster="section_id")
    with pytest.raises(ValueError, match="cluster='move'"):
        bl.theme_rates(demo.hits, demo.sentences, themes=demo.codebook.themes, cluster="move")


def test_documents_left_out_whole_are_no_clusters(demo):
    some = demo.documents.iloc[:5]
    options = {"themes": demo.codebook.themes, "by": None, "documents": demo.documents, "n_resamples": 100}
    found = bl.theme_rates(demo.hits, demo.sentences, exclude=some[["doc_id"]], **options)
    assert set(found["n"]) == set(found["n_documents"]) == {13}


def test_documents_without_text_are_no_clusters(demo):
    gone = demo.documents["doc_id"].head(3)
    kept = [t[~t["doc_id"].isin(gone)] for t in (demo.hits, demo.sentences)]
    found = bl.theme_rates(*kept, themes=demo.codebook.themes, by=None, documents=demo.documents, n_resamples=50)
    assert set(found["n"]) == {15}
    assert set(found["n_documents"]) == {18}


def test_each_of_many_groups_has_its_own_documents():
    """Three groups of nine documents: each has the interval that it has alone."""
    hits, sentences, documents = make_corpus([[(10 + i, 0, "plan", ["a"] * (i % 4))] for i in range(27)])
    documents = documents.assign(group=pd.Series(list("xyz") * 9, dtype="str"))
    options = {"themes": THEMES, "by": "group", "n_resamples": 50}
    whole = bl.theme_rates(hits, sentences, documents=documents, **options)
    for group in "xyz":
        own = documents[documents["group"] == group]
        kept = [t[t["doc_id"].isin(own["doc_id"])] for t in (hits, sentences)]
        alone = bl.theme_rates(*kept, documents=own, **options)
        assert alone.equals(whole[whole["group"] == group].reset_index(drop=True))


def test_shares_end_at_one():
    """Ten documents of which one has a sentence without the theme: the bootstrap would reach beyond 1."""
    corpus = [[(10, 0, "plan", ["a"])] * (5 + i % 4) + [(10, 0, "plan", [])] * (i == 0) for i in range(10)]
    found = bl.theme_rates(*make_corpus(corpus)[:2], themes=THEMES, by=None, unit="sentence", per=1).iloc[0]
    assert 0.9 < found["estimate"] < found["ci_high"] == 1


def test_a_document_of_one_character():
    hits, sentences, _ = make_corpus([[(1, 0, "plan", ["a"])]])
    for unit in ("han", "sentence"):
        found = bl.theme_rates(hits, sentences, themes=THEMES, unit=unit, per=1)
        assert found["estimate"].tolist() == [1, 0, 0]
        assert set(found["reason"]) == {"n_small"}


def test_rare_themes_are_called_rough(demo):
    found = bl.theme_rates(
        demo.hits, demo.sentences, themes=(*demo.codebook.themes, "nothing"), by=None, n_resamples=100
    )
    with_hit = demo.hits.groupby("theme")["doc_id"].nunique().reindex(found["theme"], fill_value=0).to_numpy()
    few = found["reason"].str.contains("few_hits").to_numpy()
    assert (few == ((with_hit > 0) & (with_hit < 5))).all()
    assert found["reason"].iloc[-1] == "no_variation"


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
    few_years = pd.DataFrame({"year": [*range(2013, 2025), 2024], "decade": [2010] * 7 + [2020] * 6})
    assert bl.group_variables(few_years) == ["year"]
    assert bl.group_variables(pd.DataFrame({"level": ["a", "b", "a"], "genre": ["a", "b", "c"]})) == ["level"]
