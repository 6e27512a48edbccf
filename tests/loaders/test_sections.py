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
    ],
)
def test_what_is_no_heading(text):
    assert outline(text) == []


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
    sections = bl.split_sections(make_documents(f"汇报材料的标题\n一、{heading}\n（一）其他\n"))
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
