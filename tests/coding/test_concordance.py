"""The reading behind a number."""

import pytest

import burdenlab as bl
from tests.conftest import make_codebook, make_documents

ALPHABET = "甲乙丙丁戊己庚辛壬癸子丑寅卯"


@pytest.mark.parametrize(
    ("query", "left", "right"), [("丁", "甲乙丙", "戊己庚辛壬"), ("甲", "", "乙丙丁戊己"), ("卯", "壬癸子丑寅", "")]
)
def test_window_at_the_borders(query, left, right):
    """Quanteda test-kwic.R on the alphabet, window 5."""
    line = bl.kwic(make_documents(ALPHABET), query, window=5).iloc[0]
    assert (line["left"], line["keyword"], line["right"]) == (left, query, right)


def test_offsets_and_headings():
    documents = make_documents("减负报告书\n一、问题\n减负难。\n二、措施\n真减负。\n")
    lines = bl.kwic(documents, "减负", sections=bl.split_sections(documents))
    text = documents["text"].iloc[0]
    assert [text[s:e] for s, e in zip(lines["start"], lines["end"], strict=True)] == ["减负"] * 3
    assert lines["heading"].tolist() == ["", "一、问题", "二、措施"]
    assert "\n" not in "".join(lines["left"] + lines["right"])


def test_hits_as_query(tmp_path):
    documents = make_documents("会议多，文件多。", "文件少。")
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    hits = bl.find_hits(sentences, make_codebook(tmp_path, a={"terms": ["文件"]}, b={"terms": ["文件", "会议"]}))
    assert bl.kwic(documents, hits)["keyword"].tolist() == ["会议", "文件", "文件"]


@pytest.mark.parametrize(("query", "window", "said"), [("", 3, "query is empty"), ("减", -1, "window=-1")])
def test_bad_input(query, window, said):
    with pytest.raises(ValueError, match=said):
        bl.kwic(make_documents("减负报告"), query, window=window)


def test_examples_are_drawn_by_seed_and_stay(demo):
    one = bl.examples(demo.hits, demo.sentences, n=2, seed=1)
    assert one.equals(bl.examples(demo.hits, demo.sentences, n=2, seed=1))
    assert not one.equals(bl.examples(demo.hits, demo.sentences, n=2, seed=2))
    theme = one["theme"].iloc[0]
    alone = bl.examples(demo.hits[demo.hits["theme"] == theme], demo.sentences, n=2, seed=1)
    assert alone["text"].tolist() == one.loc[one["theme"] == theme, "text"].tolist()
    for row in one.itertuples():
        assert all(match in row.text for match in row.matches.split("、"))


def test_no_examples_without_hits(demo):
    assert len(bl.examples(demo.hits.iloc[:0], demo.sentences)) == 0
