"""Burden figures: composed ones with their rows written by hand, and what two coders marked."""

import hashlib
import math

import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.metrics.quantities import burden_quantities_experimental
from burdenlab.metrics.stated import find_stated
from burdenlab.tables import make_table
from tests.conftest import make_sentences
from tests.metrics.concrete_scores import HALVES, judge_fields, mark_quantities, same_amount, score_quantities
from tests.metrics.concrete_truth import dice, read_all, read_demo, table

NAN = math.nan


def quantities(text):
    sentences = make_sentences(text)
    return burden_quantities_experimental(sentences, bl.find_hits(sentences, bl.load_codebook()))


def rows(text):
    found = quantities(text)
    return found[["value", "unit", "object", "kind", "direction", "base", "result"]].values.tolist()


# Composed; each with what a reader writes down.
STATED = {
    "精简会议，全年会议减少30%。": [30, "%", "会议", "change", "down", NAN, NAN],
    "基层填报的表格由200份压减到50份。": [50, "份", "表格", "change", "down", 200, 50],
    "文山会海突出，每月开会四十余次。": [40, "次", "开会", "level", "none", NAN, NAN],
    "压减基层报表，报表比去年少了三成。": [30, "%", "报表", "change", "down", NAN, NAN],
    "文山会海不减，一场会议开了两个半小时。": [2.5, "小时", "会议", "level", "none", NAN, NAN],
    "乡镇编制不足，从县直划转编制58名。": [58, "名", "编制", "change", "up", NAN, NAN],
    "村级办公经费由每村每年4.5万元提高到6万元。": [60_000, "元", "经费", "change", "up", 45_000, 60_000],
    "督查检查41项，去年同期为67项。": [41, "项", "检查", "change", "down", 67, 41],
    "清退借调干部，19个专班撤掉14个。": [14, "个", "专班", "change", "down", 19, 5],
    "工作群清理后，借出人员压到零，工作群只剩3个。": [0, "", "人员", "change", "down", NAN, 0],
}  # fmt: skip


@pytest.mark.parametrize(("text", "row"), STATED.items(), ids=[t[:8] for t in STATED])
def test_rows_by_hand(text, row):
    assert str([float(v) if isinstance(v, int | float) else v for v in row]) in str(rows(text))


@pytest.mark.parametrize(
    "text",
    [
        "国内生产总值增长5%，粮食产量1.3万亿斤。",
        "今年压减会议，全县14个乡镇、237个村都要参加。",
        "通报3起形式主义典型问题。",
        "2019年是基层减负年。",
        "督查检查要减少，几十个部门都在查。",
        "",
    ],
)
def test_what_is_no_burden_figure(text):
    assert rows(text) == []


def test_two_figures_are_two_rows_and_a_change_is_one():
    found = quantities("会议、文件分别减少15.2%和20.3%。会议由118场压到70场。")
    assert found["value"].tolist() == [15.2, 20.3, 70]
    assert found["direction"].tolist() == ["down"] * 3
    assert found["match"].tolist()[-1] == "由118场压到70场"


def test_said_in_both_languages():
    found = quantities("每月基层报表由218种减到61种。")
    assert found.loc[0, "said_zh"] == "文中说“报表”(每月)由218种降到61种。"
    assert found.loc[0, "said_en"] == "The text says: 报表 (每月) down from 218 to 61 种."


def test_changes_are_read_from_their_words():
    found = [
        (s.kind, s.direction, s.value)
        for s in find_stated("发文163件，同比减少42.4%，报表压到40种以内，年休假率由32%提高到81%。")
    ]
    assert found == [("level", "none", 163), ("change", "down", 42.4), ("change", "down", 40), ("change", "up", 81)]


def test_nothing_gives_an_empty_table_of_the_same_shape(demo):
    whole = burden_quantities_experimental(demo.sentences, demo.hits)
    empty = burden_quantities_experimental(demo.sentences.iloc[:0], make_table("hits", []))
    assert empty.dtypes.equals(whole.dtypes)
    without = burden_quantities_experimental(demo.sentences, make_table("hits", []))
    assert len(empty) == len(without) == 0


def test_rows_are_of_the_text_and_do_not_hang_on_order_or_neighbours(demo):
    whole = burden_quantities_experimental(demo.sentences, demo.hits)
    text = dict(zip(demo.documents["doc_id"], demo.documents["text"], strict=True))
    assert all(
        text[d][a:b] == m for d, a, b, m in zip(*(whole[c] for c in ("doc_id", "start", "end", "match")), strict=True)
    )
    some = demo.sentences[demo.sentences["doc_id"].isin(["03.txt", "07.txt"])].sample(frac=1, random_state=1)
    part = burden_quantities_experimental(some, demo.hits[demo.hits["doc_id"].isin(some["doc_id"])])
    pd.testing.assert_frame_equal(part, whole[whole["doc_id"].isin(some["doc_id"])].reset_index(drop=True))


def test_the_seed_states_no_burden_figure(seed):
    assert len(burden_quantities_experimental(seed.sentences, seed.hits)) == 0


# Held out it falls short of the 0.90 asked for: experimental. What it reaches stands in hand_agreement().
@pytest.mark.parametrize(("half", "floor", "n"), [("development", (0.91, 0.94), 504), ("test", (0.78, 0.78), 102)])
def test_precision_and_recall_against_the_coders(half, floor, n, shared):
    told = score_quantities(half, read_all())
    assert told.precision >= floor[0]
    assert told.recall >= floor[1]
    assert told.n_true == n


def test_precision_and_recall_on_the_demo_alone():
    told = [score_quantities(half, read_demo()) for half in ("development", "test")]
    assert sum(t.n_right for t in told) / sum(t.n_found for t in told) >= 0.88
    assert sum(t.n_right for t in told) / sum(t.n_true for t in told) >= 0.9


def test_what_is_found_is_read_as_the_coders_read_it(shared):
    """Unit, kind, direction, base and result of the figures found, against the first coder."""
    right = pd.concat([judge_fields(half, read_all()) for half in HALVES]).mean()
    for field, floor in {"kind": 0.93, "direction": 0.93, "unit": 0.98, "base": 0.96, "result": 0.96}.items():
        assert right[field] >= floor, field


def test_the_two_coders_agree():
    ones, twos = mark_quantities("1"), mark_quantities("2")
    assert (len(ones), len(twos)) == (668, 631)
    assert dice(ones, twos, same_amount) == pytest.approx(0.93, abs=0.01)


def test_the_truth_is_of_these_documents(shared):
    raw = read_all().raw
    for row in table("quantities").itertuples():
        assert hashlib.sha256(raw[row.doc_id][row.start : row.end].encode()).hexdigest() == row.sha256
