"""Sentences."""

import pytest

import burdenlab as bl
from tests.conftest import make_documents, make_sentences
from tests.laws import check_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一句。两句！三句？", ["一句。", "两句！", "三句？"]),
        ("他说：“任务重。”大家笑了。", ["他说：“任务重。”", "大家笑了。"]),
        ('他说:"任务重!"大家笑了。', ['他说:"任务重!"', "大家笑了。"]),
        ('任务重!"小马拉大车"很突出。', ["任务重!", '"小马拉大车"很突出。']),
        ("第一行\n　　第二行没有句号\n", ["第一行", "第二行没有句号"]),
        ("真的？！是的。", ["真的？！", "是的。"]),
        ("分号；不断句，3.5%也不断。", ["分号；不断句，3.5%也不断。"]),
    ],
)
def test_sentence_ends(text, expected):
    sentences = make_sentences(text)
    assert sentences["text"].tolist() == expected
    check_sentences(text, sentences)


def test_headings_are_sentences_with_the_move_of_their_section():
    sentences = make_sentences("一、存在问题\n1.会议多。全年九十场会议。\n")
    assert sentences["is_heading"].tolist() == [True, True, False]
    assert sentences["text"].tolist()[1] == "1.会议多。"
    assert sentences["move"].tolist() == ["problem"] * 3
    assert sentences["move_source"].unique().tolist() == ["section"]


def test_a_safe_cue_overrides_the_section():
    sentences = make_sentences("一、存在问题\n会议多。建议上级压减会议。\n")
    last = sentences.iloc[-1]
    assert (last["section_move"], last["move"], last["move_source"]) == ("problem", "appeal", "sentence:appeal")


def test_han_characters_are_counted_by_hand():
    assert make_sentences("减负30%，A好𠮷〇。")["n_han"].tolist() == [5]


def test_sections_of_another_corpus_are_refused():
    documents = make_documents("一。", "二。")
    with pytest.raises(ValueError, match=r"sections has no row for document '01.txt'"):
        bl.split_sentences(documents, bl.split_sections(documents.iloc[:1]))
