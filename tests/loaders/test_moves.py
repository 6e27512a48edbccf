"""Moves of headings, documents and sentences. Examples are composed; the gold is the shared one."""

import time

import numpy as np
import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.loaders import acts
from burdenlab.loaders.acts import sentence_move
from burdenlab.loaders.directives import is_directive
from burdenlab.loaders.moves import document_move, heading_move
from tests.conftest import make_documents

CLASSES = {"measure": "action", "plan": "action", "appeal": "action"}


def test_agrees_with_the_coders(shared):
    """Sentences that both coders give one class; measure, plan and appeal are one. A sentence without a move is wrong."""
    gold = pd.read_csv(shared / "codebook" / "gold_dev.csv", dtype={"doc_id": "str"})
    gold[["move_a", "move_b"]] = gold[["move_a", "move_b"]].replace(CLASSES)
    gold = gold[gold["move_a"] == gold["move_b"]]
    seed = next((shared / "seeds").glob("*.txt"))
    gold["doc_id"] = gold["doc_id"].replace("seed", seed.stem) + ".txt"
    files = [*shared.glob("corpora/workreports/txt/*.txt"), *shared.glob("corpora/notices/txt/*.txt"), seed]
    documents, _, edits = bl.read_documents([file for file in files if file.name in set(gold["doc_id"])])
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    sentences, edits_of = (
        dict(tuple(table.assign(doc_id=table["doc_id"].str.rpartition("/")[2].astype("str")).groupby("doc_id")))
        for table in (sentences, edits)
    )
    right = []
    for doc_id, units in gold.groupby("doc_id"):
        spans = sentences[doc_id][["start", "end"]].to_numpy()
        if doc_id in edits_of:
            spans = np.array([bl.raw_span(edits_of[doc_id], doc_id, *span) for span in spans.tolist()])
        for unit in units.itertuples():
            overlap = np.minimum(spans[:, 1], unit.end) - np.maximum(spans[:, 0], unit.start)
            move = sentences[doc_id]["move"].iloc[overlap.argmax()]
            right.append(CLASSES.get(move, move) == unit.move_a)
    assert len(right) >= 440
    assert sum(right) / len(right) >= 0.9


@pytest.mark.parametrize(
    ("heading", "move"),
    [
        ("主要做法和初步变化", "measure"),
        ("“十四五”时期工作回顾和发展成就", "result"),
        ("2026年重点工作", "plan"),
        ("毛病出在哪里", "cause"),
        ("问题带来的危害", "harm"),
        ("对策建议", "appeal"),
        ("现状与形势", "frame"),
        ("压减会议", ""),
    ],
)
def test_headings(heading, move):
    assert heading_move(heading)[0] == move


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("精文减会实施方案", "", ("plan", "genre:plan")),
        ("关于2起基层负担典型问题的通报", "", ("problem", "genre:notice")),
        ("在减负座谈会上的汇报发言", "", ("", "genre:account")),
        ("2026年某县政府工作报告", "为了减负，制定本方案。", ("", "genre:report")),
        ("07", "日前，县里对3起典型问题进行通报。", ("problem", "genre:notice")),
        ("07", "各乡镇人民政府：\n现将清单印发给你们，请认真贯彻执行。", ("plan", "genre:plan")),
        ("07", "第一条　为减轻基层负担，制定本办法。", ("plan", "genre:plan")),
        ("07", "河边的村子有三百户人家。", ("", "")),
    ],
)
def test_genres(title, text, expected):
    assert document_move(title, text) == expected


@pytest.mark.parametrize(
    ("text", "context", "move"),
    [
        # a verb without a subject: a plan among plans, a measure in a review
        ("持续精简会议，压减文件。", "plan", "plan"),
        ("持续精简会议，压减文件。", "result", "measure"),
        ("持续精简会议，压减文件。", "", "plan"),
        ("五年来，我们坚持不懈整治文山会海。", "result", "measure"),
        ("会议数量下降三成，村干部走访时间明显增加。", "result", ""),
        ("推行一张表，明显缩短填报时间，有效减少重复。", "result", "result"),
        ("去年印发了村级事项清单。", "", "measure"),
        ("村级报表由七十张减少到九张。", "", "result"),
        ("各部门应当在年底前完成清理。", "", "plan"),
        ("精文减会是为基层松绑的重要举措。", "", "frame"),
        ("本办法所称基层，是指乡镇和村。", "plan", "frame"),
        ("为减轻基层负担，制定本办法。", "preamble", "frame"),
        ("（责任单位：县委办公室、县财政局）", "plan", "frame"),
        # shortfalls
        ("我们也清醒看到，减负工作还存在不少问题。", "result", "problem"),
        ("少数干部不作为。", "result", "problem"),
        ("少数干部拖着不办。", "shortfalls", "problem"),
        ("对此，我们将采取有力措施。", "shortfalls", "plan"),
        ("群众对减负的满意率达到九成。", "result", ""),
        # notices
        ("镇里层层加码，要求每天上报。", "problem", ""),
        ("各乡镇各部门要引以为戒，举一反三。", "problem", "plan"),
        ("《减负规定》明确要求，不得随意要报表。", "problem", "frame"),
        ("目前，建成的展馆长期闲置，浪费严重。", "problem", "harm"),
        ("目前借调人员已全部退回。", "problem", "result"),
        # anywhere
        ("建议上级统一数据口径。", "measure", "appeal"),
        ("究其原因，是考核指挥棒偏了。", "problem", "cause"),
        ("下一步，我们将继续精简报表。", "result", "plan"),
        ("向关心支持乡镇工作的同志表示衷心感谢！", "result", "frame"),
    ],
)
def test_sentences(text, context, move):
    assert sentence_move(text, context)[0] == move


def test_where_no_move_is_told_there_is_an_answer_and_its_source_says_which():
    assert sentence_move("河边的村子有三百户人家。") == ("frame", "sentence:other")
    assert sentence_move("河边的村子有三百户人家。", "measure") == ("", "")


def test_directives():
    assert [is_directive(text) for text in ("一是全面推行一张表", "要压减会议", "会议多", "工作人员少")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_a_case_in_a_notice_is_a_problem_whatever_words_its_heading_uses():
    sections = bl.split_sections(
        make_documents(
            "关于2起典型问题的通报\n1.某镇开展的检查层层加码增加村里工作任务。\n某镇一月查了九次。\n"
            "2.某局下发的减负措施流于形式。\n没有一条落实。\n"
        )
    )
    assert sections["move"].tolist() == ["problem"] * 3


def test_the_means_of_a_plan_are_still_to_come():
    plan = bl.split_sections(make_documents("某县减负实施方案\n一、主要措施\n（一）压减会议\n"))
    account = bl.split_sections(make_documents("某县减负工作汇报\n一、主要措施\n（一）压减会议\n"))
    assert plan["move"].tolist() == ["plan"] * 3
    assert account["move"].tolist() == ["", "measure", "measure"]


def test_a_directive_beside_a_plan_is_one():
    sections = bl.split_sections(
        make_documents("2026年某县政府工作报告\n一、2025年工作回顾\n二、2026年重点工作\n三、加强政府自身建设\n")
    )
    assert sections["move"].tolist() == ["", "result", "plan", "plan"]
    assert sections["move_source"].iloc[3] == "sibling"


def test_hints_hide_no_cue(demo):
    """Reading only the cues whose hint stands in the sentence gives what reading all of them gives."""
    readers = acts._READERS
    for text, context in zip(demo.sentences["text"], demo.sentences["section_move"], strict=True):
        for reader in (readers[context], readers["result"], readers["plan"], readers[""]):
            slow = next((said for holds, said in reader.every if holds(text)), ("", ""))
            assert reader.read(text) == slow


@pytest.mark.parametrize("piece", ["持续", "要", "是", "由", "（", "标准", "不断提高", "会议多，", "存在", "开展"])
def test_the_time_for_a_sentence_grows_with_its_length(piece):
    def seconds(n_characters: int) -> float:
        text = piece * (n_characters // len(piece))
        begin = time.perf_counter()
        for context in acts._CONTEXTS:
            sentence_move(text, context)
        return time.perf_counter() - begin

    assert seconds(100_000) < 30 * seconds(10_000) + 0.1
