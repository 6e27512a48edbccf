"""Words."""

import jieba
import pytest

import burdenlab as bl
from tests.conftest import make_codebook, make_sentences

TEXT = "基层“小马拉大车”问题突出，2024年报表由200份压减到50份。"


def test_tokens_are_jiebas_without_punctuation():
    tokens = bl.tokenize(make_sentences(TEXT))
    expected = [word for word in jieba.Tokenizer().cut(TEXT) if any(c.isalnum() for c in word)]
    assert tokens["token"].tolist() == expected
    assert all(TEXT[s:e] == t for s, e, t in zip(tokens["start"], tokens["end"], tokens["token"], strict=True))


def test_terms_of_the_codebook_are_words(tmp_path):
    book = make_codebook(tmp_path, a={"terms": ["小马拉大车"]})
    assert "小马拉大车" in set(bl.tokenize(make_sentences(TEXT), codebook=book)["token"])
    assert "小马拉大车" not in set(bl.tokenize(make_sentences(TEXT))["token"])


def test_two_codebooks_do_not_see_each_other(tmp_path):
    sentences = make_sentences("加强工作任务分解，过度留痕。")
    (tmp_path / "b").mkdir()
    one = make_codebook(tmp_path, a={"terms": ["工作任务分解"]})
    two = make_codebook(tmp_path / "b", a={"terms": ["过度留痕"]})
    first = [bl.tokenize(sentences, codebook=book) for book in (one, two, None)]
    second = [bl.tokenize(sentences, codebook=book) for book in (None, two, one)][::-1]
    assert all(a.equals(b) for a, b in zip(first, second, strict=True))
    assert "工作任务分解" not in jieba.dt.FREQ


@pytest.mark.parametrize("text", ["。，！", "　"])
def test_no_words(text):
    tokens = bl.tokenize(make_sentences("正文。").assign(text=text))
    assert len(tokens) == 0
    bl.check_table(tokens, "tokens")
