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


def test_shortfalls_last_to_the_end_of_their_paragraph():
    sentences = make_sentences(
        "2026年某县政府工作报告\n一、2025年工作回顾\n会议明显减少。我们也清醒看到，还存在一些困难。报表来得太急。"
        "对此，我们将认真解决。\n文件更加简短。\n"
    )
    told = sentences[~sentences["is_heading"]].iloc[1:]
    assert told["move"].tolist() == ["result", "problem", "problem", "plan", "result"]
    assert told["move_source"].tolist()[1:4] == ["sentence:shortfalls", "sentence:shortfalls", "sentence:must"]


def test_a_plan_says_why_before_its_first_heading():
    text = "某县减负实施方案\n基层负担是干部反映集中的老话题。\n一、重点任务\n县委办按月调度。\n"
    sentences = make_sentences(text)
    assert sentences["section_move"].tolist() == ["plan"] * 4
    assert sentences["move"].tolist() == ["frame", "frame", "plan", "plan"]
    assert make_sentences("某县减负实施方案\n县委办按月调度。\n")["move"].tolist() == ["frame", "plan"]


def test_han_characters_are_counted_by_hand():
    assert make_sentences("减负30%，A好𠮷〇。")["n_han"].tolist() == [5]


def test_sections_of_another_corpus_are_refused():
    documents = make_documents("一。", "二。")
    with pytest.raises(ValueError, match=r"sections has no row for document '01.txt'"):
        bl.split_sentences(documents, bl.split_sections(documents.iloc[:1]))
