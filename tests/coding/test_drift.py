"""Terms over time: rates, changes and stability by hand, the series of stable terms against theme_rates."""

import numpy as np
import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.coding.drift import term_drift
from tests.conftest import make_codebook, make_documents

# Six years; 填表 stands in each, 指尖 comes up in 2022, 旧词 is gone after 2019. Each year has 10 Han characters.
TEXTS = ["填表旧词甲乙丙丁戊己。", "填表填表甲乙丙丁戊己。", "填表甲乙丙丁戊己庚辛。",
         "填表指尖甲乙丙丁戊己。", "填表指尖指尖甲乙丙丁。", "填表指尖指尖指尖甲乙。"]  # fmt: skip


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    documents = make_documents(*TEXTS).assign(year=pd.array(range(2019, 2025), dtype="Int64"))
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    codebook = make_codebook(tmp_path_factory.mktemp("c"), a={"terms": ["填表", "指尖", "旧词"]}, b={"terms": ["丙丁"]})
    return documents, sentences, bl.find_hits(sentences, codebook), codebook


def test_by_hand(corpus):
    """First third 2019–2020 (20 characters: 3 填表, 1 旧词), last third 2023–2024 (2 填表, 5 指尖)."""
    documents, sentences, hits, _ = corpus
    table = term_drift(hits, sentences, documents, themes=["a"])
    assert len(table) == 3 * 6
    assert table.loc[table["term"] == "指尖", "n_hits"].tolist() == [0, 0, 0, 1, 2, 3]
    assert table.loc[table["term"] == "指尖", "estimate"].tolist() == [0, 0, 0, 100, 200, 300]
    assert table["year"].tolist() == list(range(2019, 2025)) * 3
    terms = table.drop_duplicates("term").set_index("term")
    assert terms["change"].to_dict() == pytest.approx({"填表": -50, "指尖": 250, "旧词": -50})
    assert terms["change_share"].to_dict() == pytest.approx({"填表": -1 / 3, "指尖": 5 / 3, "旧词": -1 / 3})
    assert terms["n_periods"].to_dict() == {"填表": 6, "指尖": 3, "旧词": 1}
    assert terms["is_stable"].to_dict() == {"填表": True, "指尖": True, "旧词": False}
    # 旧词: 5 of 15 pairs of years are discordant, 10 are tied: -5 / sqrt(15 * 5). 指尖: 12 concordant, 3 tied.
    assert terms["trend"].to_dict() == pytest.approx(
        {"填表": -3 / np.sqrt(15 * 5), "指尖": 12 / np.sqrt(15 * 12), "旧词": -5 / np.sqrt(15 * 5)}
    )
    assert (table["reason"] == "").all()


def test_since_makes_a_term_unstable(corpus, tmp_path):
    documents, sentences, hits, _ = corpus
    codebook = make_codebook(tmp_path, a={"terms": ["填表", "指尖", "旧词"]})
    told = codebook.entries[0].__class__(**{**codebook.entries[0].__dict__, "since": {"指尖": 2022, "填表": 2019}})
    codebook = codebook.__class__(**{**codebook.__dict__, "entries": (told,)})
    table = term_drift(hits, sentences, documents, themes=["a"], codebook=codebook)
    assert set(table.loc[table["is_stable"], "term"]) == {"填表"}


def test_shares_add_up_and_stable_terms_make_a_series(demo):
    """The rates of a theme are the sums of those of its terms, and with stable terms only those of theme_rates."""
    drift = term_drift(demo.hits, demo.sentences, demo.documents)
    terms = drift.drop_duplicates(["theme", "term"])
    shares = terms.groupby("theme")["change_share"].sum(min_count=1).dropna()
    assert shares.to_numpy() == pytest.approx(np.ones(len(shares)))
    assert drift["n_hits"].sum() == len(demo.hits)
    stable = drift[drift["is_stable"]]
    kept = demo.hits.merge(stable[["theme", "term"]].drop_duplicates())
    for hits, of_terms in ((demo.hits, drift), (kept, stable)):
        rates = bl.theme_rates(
            hits, demo.sentences, themes=demo.codebook.themes, by="year", documents=demo.documents, n_resamples=1
        )
        sums = of_terms.groupby(["year", "theme"], as_index=False)[["estimate", "n_hits"]].sum()
        both = sums.merge(rates, on=["year", "theme"])
        assert len(both) == len(sums)
        assert both["estimate_x"].to_numpy() == pytest.approx(both["estimate_y"].to_numpy())
        assert both["n_hits_x"].equals(both["n_hits_y"])


def test_documents_without_a_period_are_left_out(corpus):
    documents, sentences, hits, _ = corpus
    missing = documents.assign(year=documents["year"].where(documents["year"] != 2021))
    table = term_drift(hits, sentences, missing, themes=["a"])
    assert sorted(set(table["year"])) == [2019, 2020, 2022, 2023, 2024]
    order = [5, 3, 1, 0, 2, 4]
    assert term_drift(hits, sentences, documents.iloc[order], themes=["a"]).equals(
        term_drift(hits, sentences, documents, themes=["a"])
    )


def test_what_is_undefined(corpus):
    documents, sentences, hits, _ = corpus
    two = documents.assign(year=documents["year"] // 10)
    table = term_drift(hits, sentences, two)
    assert (table["reason"] == "few_periods").all()
    assert table[["trend", "change", "change_share"]].isna().all(axis=None)
    steady = hits[hits["term"] == "填表"].drop_duplicates("doc_id")
    table = term_drift(steady, sentences, documents)
    assert table["trend"].isna().all()
    assert table["change_share"].isna().all()
    assert (table["change"] == 0).all()
    assert (table["reason"] == "no_variation").all()
    empty = sentences.assign(n_han=sentences["n_han"].where(sentences["doc_id"] != "05.txt", 0))
    table = term_drift(hits, empty, documents, themes=["a"])
    assert table.loc[table["year"] == 2024, "reason"].eq("n_zero").all()
    assert table["estimate"].isna().sum() == 3


def test_no_rows(corpus):
    documents, sentences, hits, _ = corpus
    dtypes = term_drift(hits, sentences, documents).dtypes
    for table in (
        term_drift(hits.iloc[:0], sentences, documents),
        term_drift(hits, sentences, documents, themes=["none"]),
        term_drift(hits.iloc[:0], sentences.iloc[:0], documents.iloc[:0]),
    ):
        assert len(table) == 0
        assert table.dtypes.equals(dtypes)
    one = documents["doc_id"] == "00.txt"
    table = term_drift(hits[hits["doc_id"] == "00.txt"], sentences[sentences["doc_id"] == "00.txt"], documents[one])
    assert table["estimate"].tolist() == [100, 100, 100]


def test_inputs_are_not_changed(corpus):
    documents, sentences, hits, _ = corpus
    before = [t.copy() for t in (documents, sentences, hits)]
    term_drift(hits, sentences, documents)
    assert all(t.equals(b) for t, b in zip((documents, sentences, hits), before, strict=True))


def test_errors_name_what_came(corpus):
    documents, sentences, hits, codebook = corpus
    for error, tables, kwargs, match in (
        (TypeError, corpus, {"themes": "a"}, "sequence of theme ids"),
        (ValueError, corpus, {"per": 0}, "per=0"),
        (ValueError, corpus, {"min_periods": 2}, "min_periods=2"),
        (ValueError, corpus, {"by": "jahr"}, r"no variable \['jahr'\]"),
        (ValueError, (documents.iloc[1:], sentences, hits), {}, "00.txt"),
        (ValueError, (documents, sentences.iloc[1:], hits), {}, "which sentences lacks"),
        (TypeError, (documents.assign(year="x"), sentences, hits), {"codebook": codebook}, "a number is expected"),
    ):
        with pytest.raises(error, match=match) as caught:
            term_drift(tables[2], tables[1], tables[0], **kwargs)
        assert caught.value.__notes__
