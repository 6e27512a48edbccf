"""Candidate terms: counts by hand, what is no candidate, and terms taken out that come back."""

import numpy as np
import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.coding.candidates import suggest_terms
from tests.conftest import make_codebook, make_documents

OTHERS = ["修水渠", "种果树", "建学校", "办医院", "通公路", "引企业"]


def make_corpus(*, alone: int = 5) -> pd.DataFrame:
    """Seven documents: in each 填表 stands once beside 报材料; in the last `alone` of them 报材料 stands alone too."""
    texts = []
    for i in range(7):
        lines = [
            "先填表，报材料。",
            f"还要{OTHERS[i % 6]}，{OTHERS[(i + 1) % 6]}。",
            f"{OTHERS[i % 6]}，{OTHERS[(i + 2) % 6]}。",
        ]
        texts.append("\n".join(lines + (["报材料，开现场会。"] if i >= 7 - alone else [])))
    return make_documents(*texts)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    documents = make_corpus().assign(year=pd.array([2019, 2020, 2021, 2022, 2023, 2024, pd.NA], dtype="Int64"))
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    codebook = make_codebook(tmp_path_factory.mktemp("c"), a={"terms": ["填表"]}, b={"terms": ["无此词"]})
    return documents, sentences, bl.find_hits(sentences, codebook), codebook


def test_counts_by_hand(corpus):
    documents, sentences, hits, codebook = corpus
    table = suggest_terms(sentences, hits, codebook, documents=documents)
    assert table["theme"].unique().tolist() == ["a"]  # b has no hit
    first = table.iloc[0]
    assert first[["rank", "term", "n_with", "n_without", "n_documents"]].tolist() == [1, "报材料", 7, 5, 7]
    assert first["years"] == "2019–2024"
    assert first["examples"] == "; ".join(
        f"{d}:{s}"
        for d, s in sentences.loc[sentences["text"].str.contains("现场会"), ["doc_id", "sentence_id"]].to_numpy()[:3]
    )
    n, n_1, a, b = len(sentences), 7, 7.5, 5.5
    error = np.sqrt(1 / a + 1 / b - 1 / (n_1 + 1) - 1 / (n - n_1 + 1))
    assert first["association"] == pytest.approx((np.log(a / (n_1 + 1) * (n - n_1 + 1) / b) - 1.96 * error) / np.log(2))
    assert first["shared"] == 0  # no character of 填表
    assert table["rank"].tolist() == list(range(1, len(table) + 1))


def test_pieces_of_a_longer_run_are_dropped(corpus):
    _, sentences, hits, codebook = corpus
    assert not {"报材", "材料", "水渠", "修水"} & set(suggest_terms(sentences, hits, codebook, min_documents=1)["term"])


def test_what_the_codebook_knows_is_no_candidate(corpus, tmp_path):
    """Neither what stands in matches only, nor what is in a term or an exclusion, nor what holds one."""
    _, sentences, _, _ = corpus
    for number, keys in enumerate(
        [
            {"terms": ["填表", "报材料"]},
            {"terms": ["填表"], "exclude": ["报材料"]},
            {"terms": ["填表"], "patterns": ["报[^，。]料"]},
        ]
    ):
        (tmp_path / str(number)).mkdir()
        codebook = make_codebook(tmp_path / str(number), a=keys)
        found = suggest_terms(sentences, bl.find_hits(sentences, codebook), codebook, min_documents=1)["term"]
        assert len(found)
        assert not found.str.contains("材料").any()


def test_shared_characters_by_hand(tmp_path):
    """Candidate 报表格 with the terms 填表, 表册: 表 makes 2 of their 4 characters."""
    documents = make_documents(*["先填表，报表格。\n种树，报表格。\n种树，修路。"] * 3)
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    codebook = make_codebook(tmp_path, a={"terms": ["填表", "表册"]})
    table = suggest_terms(sentences, bl.find_hits(sentences, codebook), codebook, min_count=3)
    share = "".join(sentences["text"]).count("表") / sentences["n_han"].sum()
    assert table.set_index("term").loc["报表格", "shared"] == pytest.approx(np.log2(0.5 / share) / 3)


def test_same_input_same_table_and_nothing_is_changed(corpus):
    documents, sentences, hits, codebook = corpus
    before = sentences.copy(), hits.copy(), codebook.to_dict()
    one = suggest_terms(sentences, hits, codebook, documents=documents)
    assert one.equals(suggest_terms(sentences, hits, codebook, documents=documents))
    assert sentences.equals(before[0])
    assert hits.equals(before[1])
    assert codebook.to_dict() == before[2]


def test_limits_hold(corpus):
    _, sentences, hits, codebook = corpus
    table = suggest_terms(sentences, hits, codebook, n=2, min_count=6, max_length=3)
    assert len(table) == 2
    assert (table["n_with"] + table["n_without"] >= 6).all()
    assert table["term"].str.len().between(2, 3).all()
    assert (table["years"] == "").all()
    assert suggest_terms(sentences, hits, codebook, min_documents=7)["n_documents"].eq(7).all()


def test_one_document_and_none(corpus):
    _, sentences, hits, codebook = corpus
    of_one = [t[t["doc_id"] == t["doc_id"].iloc[0]] for t in (sentences, hits)]
    assert suggest_terms(*of_one, codebook, min_count=1)["n_documents"].eq(1).all()
    dtypes = suggest_terms(sentences, hits, codebook).dtypes
    for table in (
        suggest_terms(sentences, hits.iloc[:0], codebook),
        suggest_terms(sentences.iloc[:0], hits.iloc[:0], codebook),
        suggest_terms(sentences, hits, codebook, themes=["b"]),
        suggest_terms(sentences, hits, codebook, min_count=1000),
    ):
        assert len(table) == 0
        assert table.dtypes.equals(dtypes)


def test_errors_name_what_came(corpus):
    documents, sentences, hits, codebook = corpus
    for error, kwargs, match in (
        (ValueError, {"themes": ["c"]}, r"themes names \['c'\]"),
        (TypeError, {"themes": "a"}, "sequence of theme ids"),
        (ValueError, {"max_length": 1}, "max_length=1"),
        (ValueError, {"n": 0}, "n=0"),
        (ValueError, {"documents": documents, "period": "jahr"}, "period='jahr'"),
    ):
        with pytest.raises(error, match=match) as caught:
            suggest_terms(sentences, hits, codebook, **kwargs)
        assert caught.value.__notes__
    with pytest.raises(ValueError, match="which sentences lacks"):
        suggest_terms(sentences.iloc[3:], hits, codebook)
    with pytest.raises(ValueError, match=r"hits names \['z'\]"):
        suggest_terms(sentences, hits.assign(theme=hits["theme"].replace("a", "z")), codebook)


def test_terms_left_out_are_found(shared, tmp_path):
    """Of each theme three terms are known; of nine others that the central reports use five or more are suggested."""
    known = {
        "school": ["义务教育", "职业教育", "教师队伍"],
        "nature": ["生态环境", "污染防治", "节能减排"],
        "budget": ["财政收入", "转移支付", "财政赤字"],
    }
    left_out = {
        "school": ["高等教育", "学前教育", "素质教育"],
        "nature": ["环境保护", "大气污染", "生态保护"],
        "budget": ["财政支出", "财政政策", "税收"],
    }
    documents, _, _ = bl.read_documents(sorted((shared / "corpora/workreports/txt").glob("C20*.txt")))
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    codebook = make_codebook(tmp_path, **{theme: {"terms": terms} for theme, terms in known.items()})
    found = suggest_terms(sentences, bl.find_hits(sentences, codebook), codebook).groupby("theme")["term"].agg(list)
    back = [any(term in candidate for candidate in found[theme]) for theme, terms in left_out.items() for term in terms]
    assert sum(back) >= 5
