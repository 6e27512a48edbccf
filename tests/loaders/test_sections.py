"""Outline and moves; expectations are marked by hand."""

import pandas as pd
import pytest

import burdenlab as bl
from tests.conftest import DEMO, make_documents
from tests.laws import check_sections


def outline(text: str) -> list[tuple[int, str, str]]:
    documents = make_documents(text)
    sections = bl.split_sections(documents)
    check_sections(documents["text"].iloc[0], sections)
    return sections.loc[sections["level"] > 0, ["level", "label", "heading"]].apply(tuple, axis=1).tolist()


@pytest.mark.parametrize(
    ("one", "two", "three"), [("一、", "（一）", "1．"), ("一、", "(一)", "1."), ("一、", "(一)", "1、")]
)
def test_both_widths(one, two, three):
    text = f"{one}主要问题\n{two}会议多\n{three}全县性会议多。去年开了九十场。\n{two}报表多\n"
    assert outline(text) == [(1, one, "主要问题"), (2, two, "会议多"), (3, three, "全县性会议多"), (2, two, "报表多")]


def test_skipped_levels_nest_by_depth():
    assert outline("一、概况\n1.人口。四万。\n2.干部。八十。\n二、问题\n（一）会多\n") == [
        (1, "一、", "概况"),
        (2, "1.", "人口"),
        (2, "2.", "干部"),
        (1, "二、", "问题"),
        (2, "（一）", "会多"),
    ]


def test_chapters_and_articles():
    assert outline("第一章 总则\n第一条 为了减轻基层负担，制定本办法。\n第二章 会议\n第二条 会议从简。\n") == [
        (1, "第一章", "总则"),
        (2, "第一条", ""),
        (1, "第二章", "会议"),
        (2, "第二条", ""),
    ]


def test_run_in_headings_share_a_paragraph():
    text = "（一）精简会议\n压减会议数量。全年会议数量压减三成。严控会议时长。会议时长不超过一小时。\n"
    assert outline(text) == [(1, "（一）", "精简会议"), (2, "", "压减会议数量"), (2, "", "严控会议时长")]


@pytest.mark.parametrize(
    "text",
    [
        "大家好。今天大家一起研究减负。\n",
        "会议要求一是精简会议，二是压减文件，三是清理报表。\n",
        "全年增长2.5%左右。\n",
        "我们召开了会议。会议研究了三个问题，会议还决定了分工。\n",
        "减负是一场硬仗。减负要打好这场硬仗，减负没有退路。\n",
    ],
)
def test_what_is_no_heading(text):
    assert outline(text) == []


def test_an_article_may_stand_on_the_line_of_its_chapter():
    assert outline("第一章　总则　　第一条　为了减轻基层负担，制定本办法。\n第二条　会议从简。\n") == [
        (1, "第一章", "总则"),
        (2, "第一条", ""),
        (2, "第二条", ""),
    ]


def test_paragraphs_in_a_row_that_open_with_a_clause():
    """Then a short sentence inside a paragraph is no heading, whatever follows it."""
    text = (
        "一、重点工作\n精简会议。会议数量压减三成。控制会议时长。会议时长不超过一小时。\n"
        "压减文件。村里收到的文件少了一半。\n二、组织保障\n县委办牵头。\n"
    )
    assert [heading for _, _, heading in outline(text)] == ["重点工作", "精简会议", "压减文件", "组织保障"]


def test_a_dash_stands_before_the_heading():
    text = "一、回顾\n——会议明显减少。全年会议八十场。\n——文件更加精简，文风更实。全年发文二百份。\n"
    assert outline(text) == [(1, "一、", "回顾"), (2, "", "会议明显减少"), (2, "", "文件更加精简，文风更实")]


def test_a_line_that_breaks_off_goes_on_in_the_next():
    text = "一、任务\n精简会议。会议数量压减三成，（文件\n2份\n）也减少。\n压减报表。村里的报表只留九张。\n"
    assert [heading for _, _, heading in outline(text)] == ["任务", "精简会议", "压减报表"]


def test_an_address_turns_back_to_the_part():
    text = "一、任务\n（一）精简会议。会议少开。\n各位代表！还要办好两件实事：\n1.修路。\n2.建桥。\n"
    assert outline(text) == [
        (1, "一、", "任务"),
        (2, "（一）", "精简会议"),
        (2, "1.", "修路"),
        (2, "2.", "建桥"),
    ]


@pytest.mark.parametrize(
    ("text", "numbers", "notes"),
    [
        ("一、甲\n二、乙\n三、丙\n", [1, 2, 3], ["", "", ""]),
        ("一、甲\n三、丙\n三、丁\n", [1, 3, 3], ["", "skipped", "repeated"]),
        ("二、乙\n一、甲\n", [2, 1], ["skipped", "repeated"]),
        ("一、甲\n1.子\n3.丑\n二、乙\n1.寅\n", [1, 1, 3, 2, 1], ["", "", "skipped", "", ""]),
        ("第十一章 甲\n第一百零九条 子。\n第一百一十条 丑。\n", [11, 109, 110], ["skipped", "skipped", ""]),
        # articles count on over the chapters
        ("第一章 甲\n第一条 子。\n第二章 乙\n第二条 丑。\n第三条 寅。\n", [1, 1, 2, 2, 3], [""] * 5),
        ("①甲\n②乙\n④丙\n", [1, 2, 4], ["", "", "skipped"]),
        ("一要学习。\n二要廉洁。\n", [1, 2], ["", ""]),
    ],
)
def test_ordinals(text, numbers, notes):
    sections = bl.split_sections(make_documents(text)).iloc[1:]
    assert sections["ordinal"].tolist() == numbers
    assert sections["ordinal_note"].tolist() == notes


def test_without_a_marker_there_is_no_ordinal():
    sections = bl.split_sections(make_documents("压减会议数量。全年会议数量压减三成。\n"))
    assert sections["ordinal"].isna().tolist() == [True, True]
    assert sections["ordinal_note"].tolist() == ["", ""]
    assert str(sections["ordinal"].dtype) == "Int64"


def test_a_long_numbered_sentence_is_a_section_without_heading():
    text = "（一）" + "坚持问题导向和系统思维" * 5 + "，压减会议。\n"
    assert outline(text) == [(1, "（一）", "")]


@pytest.mark.parametrize(
    ("heading", "move"),
    [
        ("存在的主要问题", "problem"),
        ("问题的成因分析", "cause"),
        ("危害及影响", "harm"),
        ("主要做法", "measure"),
        ("取得的成效", "result"),
        ("下一步工作打算", "plan"),
        ("对策建议", "appeal"),
        ("基本情况", "frame"),
        ("加强组织领导", ""),
    ],
)
def test_moves_of_headings(heading, move):
    sections = bl.split_sections(make_documents(f"材料的标题\n一、{heading}\n（一）其他\n"))
    assert sections["move"].tolist() == ["", move, move]
    assert sections["move_source"].iloc[2] == ("inherited" if move else "")


def test_demo_outline_agrees_with_the_hand_marking():
    """data/demo/outline.csv was marked when the reports were composed, not read off the program."""
    gold = pd.read_csv(DEMO / "outline.csv", dtype="str", keep_default_na=False)
    documents, _, _ = bl.read_documents(DEMO / "reports")
    found = bl.split_sections(documents).query("level > 0").astype({"level": "str"})
    keys = ["doc_id", "label", "heading"]
    both = gold.merge(found, on=keys, suffixes=("_gold", ""))
    assert len(both) / len(gold) >= 0.95
    assert len(both) / len(found) >= 0.95
    assert (both["level"] == both["level_gold"]).mean() >= 0.95


def test_no_documents():
    empty = bl.split_sections(make_documents("一、标题\n").iloc[:0])
    assert len(empty) == 0
    bl.check_table(empty, "sections")
    assert empty.dtypes[["ordinal", "ordinal_note"]].astype("str").tolist() == ["Int64", "str"]
