"""Edits and their undoing."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from burdenlab.loaders.cleaning import clean, raw_span, undo_edits
from burdenlab.loaders.noise import RULES, Rule
from burdenlab.tables import make_table


def edits_of(cleaned) -> pd.DataFrame:
    return make_table("edits", [("d", *edit) for edit in cleaned.edits])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_example_of_each_rule(rule):
    raw, text = rule.example
    cleaned = clean(raw)
    assert cleaned.text == text
    assert rule.name in {edit[4] for edit in cleaned.edits}
    assert undo_edits(text, edits_of(cleaned)) == raw


def test_the_earlier_rule_has_the_characters():
    a = Rule("a", lambda raw: [(0, 3, "")], ("", ""))
    b = Rule("b", lambda raw: [(2, 4, "x"), (4, 5, "y")], ("", ""))
    cleaned = clean("012345", rules=[a, b])
    assert cleaned.text == "3y5"
    assert [edit[4] for edit in cleaned.edits] == ["a", "b"]


noise = st.sampled_from(
    [
        "\ufeff",
        "\r\n",
        "\r",
        "\n",
        "正文。",
        "减负",
        "查阅全文加微信:123",
        "...试读结束...",
        "本站仅提供信息存储空间服务",
        "𠮷",
    ]
)


@given(st.lists(noise, max_size=12).map("".join))
def test_undo_is_exact(raw):
    cleaned = clean(raw)
    edits = edits_of(cleaned)
    assert undo_edits(cleaned.text, edits) == raw
    assert undo_edits(cleaned.text, edits.iloc[::-1]) == raw
    for row in edits.itertuples():
        assert raw[row.raw_start : row.raw_end] == row.before
        assert cleaned.text[row.start : row.end] == row.after


@given(st.lists(noise, max_size=12).map("".join), st.data())
def test_every_character_is_where_raw_span_says(raw, data):
    cleaned = clean(raw)
    if not cleaned.text:
        return
    at = data.draw(st.integers(0, len(cleaned.text) - 1))
    start, end = raw_span(edits_of(cleaned), "d", at, at + 1)
    assert cleaned.text[at] in (raw[start:end], "\n")


def test_raw_span_spans_what_was_removed_inside():
    cleaned = clean("一\r\n二")
    assert raw_span(edits_of(cleaned), "d", 0, 3) == (0, 4)


def test_edits_of_two_documents_are_refused():
    edits = make_table("edits", [("a", 0, 1, 0, 0, "r", "x", ""), ("b", 0, 1, 0, 0, "r", "x", "")])
    with pytest.raises(ValueError, match="edits are of 2 documents"):
        undo_edits("", edits)


def test_edits_of_another_text_are_refused():
    with pytest.raises(ValueError, match="do not fit the text"):
        undo_edits("基层", make_table("edits", [("a", 0, 1, 0, 1, "r", "x", "减")]))
