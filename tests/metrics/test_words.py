"""Frequencies, dispersion, stop words and TF-IDF, against counts by hand, scikit-learn and the laws."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

import burdenlab as bl
from burdenlab.metrics.counts import count_words
from burdenlab.metrics.words import stop_words, tf_idf, word_frequency
from burdenlab.tables import make_table
from tests.oracles.made import law, make_counts, make_tokens

DOCUMENTS = "会议 多 会议 长。文件 少", "报表 多", "会议 的 报表"
WORDS = st.lists(st.lists(st.sampled_from("会文表多"), min_size=1, max_size=8), min_size=1, max_size=5)


def doubled(tokens):
    copies = tokens.assign(doc_id="~" + tokens["doc_id"])  # come last
    return pd.concat([tokens, copies], ignore_index=True)


def test_by_hand():
    table = word_frequency(make_tokens(*DOCUMENTS)).set_index("token")
    assert table["n"].to_dict() == {"会议": 3, "多": 2, "报表": 2, "文件": 1, "少": 1, "长": 1, "的": 1}
    assert table.loc["会议", ["n_documents", "rate", "total", "n_parts"]].tolist() == [2, 3000 / 11, 11, 3]
    # Shares of the tokens 6/11, 2/11, 3/11; of 会议 2/3, 0, 1/3.
    assert table.loc["会议", "dp"] == pytest.approx((abs(2 / 3 - 6 / 11) + 2 / 11 + abs(1 / 3 - 3 / 11)) / 2)
    assert table.loc["会议", "dp_norm"] == pytest.approx(table.loc["会议", "dp"] / (1 - 2 / 11))
    assert table.index.tolist()[:3] == ["会议", "多", "报表"]


def test_stop_words_leave_the_numbers_of_the_others_alone():
    tokens = make_tokens(*DOCUMENTS)
    whole, without = word_frequency(tokens), word_frequency(tokens, stop_words=stop_words())
    assert "的" not in set(without["token"])
    assert without.equals(whole[whole["token"].isin(without["token"])].reset_index(drop=True))


def test_stop_words_keep_what_tells_of_burden():
    kept = "不 没 没有 未 无 非 别 要 须 得 必须 应 应该 应当 需 需要 不能 不得 不准 不要 务必 一律 可 可以 能 能够 多 少 过 仅 只 只有"
    kept += " 层层 反复 逐级 严禁 坚决 严格 加强 推进 落实 工作 问题 任务 责任"
    assert not stop_words() & set(kept.split())
    assert stop_words() >= {"的", "了", "和", "在", "一", "进一步", "我们", "以及", "方面"}


def test_no_stop_word_has_a_reason_for_a_name():
    """Headings and reasons of the file are no words."""
    assert all(len(word) <= 6 and word.isalnum() for word in stop_words())


def test_no_term_of_the_codebook_is_a_stop_word(codebook):
    assert not stop_words() & set(codebook.words)


def test_tf_idf_as_scikit_learn():
    """scikit-learn, TfidfVectorizer(smooth_idf=False), in the same run."""
    tokens = make_tokens(*DOCUMENTS)
    vectorizer = TfidfVectorizer(smooth_idf=False, analyzer=str.split)
    theirs = vectorizer.fit_transform([document.replace("。", " ") for document in DOCUMENTS]).toarray()
    ours = tf_idf(tokens).pivot(index="doc_id", columns="token", values="tf_idf").fillna(0)
    assert ours[vectorizer.get_feature_names_out()].to_numpy() == pytest.approx(theirs, abs=1e-12)


def test_one_document_has_no_dispersion():
    table = word_frequency(make_tokens("会议 会议 文件"))
    assert table["n"].tolist() == [2, 1]
    assert table[["dp", "dp_norm", "juilland_d", "carroll_d2"]].isna().all(axis=None)
    assert set(table["reason"]) == {"one_document"}


@pytest.mark.parametrize("measure", [word_frequency, tf_idf])
def test_no_words(measure):
    some, none = measure(make_tokens(*DOCUMENTS)), measure(make_table("tokens", []))
    assert len(none) == 0
    assert none.dtypes.equals(some.dtypes)


def test_counts_of_words_do_as_well():
    tokens = make_tokens(*DOCUMENTS)
    counted = tokens.groupby(["doc_id", "sentence_id", "token"]).size().reset_index(name="n")
    assert word_frequency(counted).equals(word_frequency(tokens))
    assert tf_idf(counted).equals(tf_idf(tokens))


@pytest.mark.parametrize(
    ("table", "error", "said"),
    [
        (lambda t: t.drop(columns="start"), ValueError, r"tokens lacks column\(s\) \['start'\]"),
        (
            lambda t: t[["doc_id", "token"]].assign(n=1.5),
            TypeError,
            r"tokens\['n'\] has dtype float64; int64 is expected",
        ),
        (lambda t: t[["doc_id"]].assign(n=1), ValueError, r"tokens lacks column\(s\) \['token'\]"),
        (lambda t: t[["doc_id", "token"]].assign(n=-1), ValueError, r"tokens\['n'\] holds -1"),
        (lambda t: t["token"].tolist(), TypeError, "tokens is a list"),
    ],
)
def test_bad_tables(table, error, said):
    with pytest.raises(error, match=said):
        word_frequency(table(make_tokens(*DOCUMENTS)))


@law
@given(WORDS)
def test_doubling_doubles_counts_and_nothing_else(documents):
    tokens = make_tokens(*(" ".join(words) for words in documents))
    once, twice = word_frequency(tokens), word_frequency(doubled(tokens))
    assert (2 * once[["n", "n_documents", "total"]]).equals(twice[["n", "n_documents", "total"]])
    assert twice["rate"].to_numpy() == pytest.approx(once["rate"].to_numpy(), rel=1e-12)
    if len(documents) > 1:
        assert twice["dp"].to_numpy() == pytest.approx(once["dp"].to_numpy(), abs=1e-12)
    weights, again = tf_idf(tokens), tf_idf(doubled(tokens))
    assert again["tf_idf"].to_numpy()[: len(weights)] == pytest.approx(weights["tf_idf"].to_numpy(), rel=1e-12)


@law
@given(WORDS, st.randoms(use_true_random=False))
def test_order_changes_nothing_and_input_stays(documents, random):
    tokens = make_tokens(*(" ".join(words) for words in documents))
    order = list(range(len(tokens)))
    random.shuffle(order)
    shuffled = tokens.iloc[order]
    before = shuffled.copy()
    assert word_frequency(shuffled).equals(word_frequency(tokens))
    assert tf_idf(shuffled).equals(tf_idf(tokens))
    assert shuffled.equals(before)


@law
@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3).filter(any), min_size=2, max_size=6))
def test_ranges(rows):
    table = word_frequency(make_counts({f"d{i}": dict(zip("abc", row, strict=True)) for i, row in enumerate(rows)}))
    for column in ("dp", "dp_norm", "juilland_d", "carroll_d2"):
        assert table[column].between(-1e-12, 1 + 1e-12).all()


def test_counts_are_in_the_order_of_the_code_points():
    counts = count_words(make_tokens("文件 会议 a", "会议"))
    assert counts.words.tolist() == ["a", "会议", "文件"]
    assert counts.matrix.toarray().tolist() == [[1, 1, 1], [0, 1, 0]]


def test_frequencies_of_the_demo(demo):
    tokens = bl.tokenize(demo.sentences, codebook=demo.codebook)
    table = word_frequency(tokens).set_index("token")
    assert table.loc["基层", "n"] == (tokens["token"] == "基层").sum()
    assert table.loc["基层", "n_documents"] == tokens.loc[tokens["token"] == "基层", "doc_id"].nunique()
