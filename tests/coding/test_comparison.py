"""What differs between two codebooks."""

import re

import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.coding.comparison import compare_codebooks
from tests.coding.test_codebook import RULES

COLUMNS = ["theme", "term", "kind", "change", "from_theme", "old", "new"]


def book(tmp_path, *changes: tuple[str, str]) -> bl.Codebook:
    text = RULES
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "c.toml"
    path.write_text(text, "utf-8")
    return bl.load_codebook(path)


RULE = "require: 基层; unless: 企业; moves: problem、harm"


@pytest.mark.parametrize(
    ("changes", "rows"),
    [
        ([], []),
        ([('"会议多",', '"会议多", "会议长",')], [("meetings", "会议长", "term", "added", "", "", RULE)]),
        ([("patterns = ['会议.{0,3}频繁']\n", "")], [("meetings", "会议.{0,3}频繁", "pattern", "removed", "", RULE, "")]),
        ([('"部长会议"', '"部长会"')], [
            ("meetings", "部长会", "exclude", "added", "", "", ""), ("meetings", "部长会议", "exclude", "removed", "", "", ""),
        ]),
        ([('  "陪会",\n', ""), ('["报表"]', '["报表", "陪会"]')],
            [("forms", "陪会", "term", "moved", "meetings", RULE, "near: 基层")]),
        ([('near = ["基层"]', 'near = ["基层", "@base"]')],
            [("forms", "报表", "term", "condition", "", "near: 基层", "near: 基层、@base")]),
        ([('terms = ["文山会海"]', 'terms = ["文山会海", "开会"]')],
            [("meetings", "开会", "term", "condition", "", "near: @base", " | near: @base")]),
        ([('base = ["乡镇", "街道"]', 'base = ["乡镇"]')], [("", "base", "context words", "words", "", "乡镇、街道", "乡镇")]),
        ([('"文山会海" = 1998', '"文山会海" = 1999')], [("meetings", "文山会海", "term", "since", "", "1998", "1999")]),
        ([('zh = "报表"', 'zh = "填表"')], [("forms", "", "theme zh", "label", "", "报表", "填表")]),
        ([('en = "Forms"', 'en = "Forms"\ndefinition_en = "x"\nsource = ["甲", "乙"]')], [
            ("forms", "", "theme definition_en", "definition", "", "", "x"), ("forms", "", "theme source", "source", "", "", "甲; 乙"),
        ]),
        ([('zh = "车"', 'zh = "大车"')], [("", "cart", "group zh", "label", "", "车", "大车")]),
        ([('themes = ["meetings", "forms"]', 'themes = ["forms"]')],
            [("", "four: first", "crosswalk themes", "themes", "", "forms、meetings", "forms")]),
        ([("[crosswalks.four.parts.first]", '[crosswalks.four.parts.second]\nzh = "乙"\nen = "B"\n[crosswalks.four.parts.first]')],
            [("", "four: second", "crosswalk", "added", "", "", "乙")]),
        # Order is no difference.
        ([('  "会议多",\n  "陪会",', '  "陪会",\n  "会议多",')], []),
        ([('["乡镇", "街道"]', '["街道", "乡镇"]'), ('["meetings", "forms"]', '["forms", "meetings"]')], []),
    ],
)  # fmt: skip
def test_one_row_a_difference(tmp_path, changes, rows):
    table = compare_codebooks(book(tmp_path), book(tmp_path, *changes))
    assert list(table.itertuples(index=False, name=None)) == rows


def test_a_theme_that_is_new_or_gone(tmp_path):
    one = book(tmp_path)
    forms = RULES[RULES.index("[themes.forms]") : RULES.index("[crosswalks.four]")]
    two = book(tmp_path, (forms, ""), ('["meetings", "forms"]', '["meetings"]'))
    assert compare_codebooks(one, two).values.tolist() == [
        ["forms", "", "theme", "removed", "", "报表", ""],
        ["forms", "报表", "term", "removed", "", "near: 基层", ""],
        ["", "four: first", "crosswalk themes", "themes", "", "forms、meetings", "meetings"],
    ]
    assert compare_codebooks(two, one)["change"].tolist() == ["added", "added", "themes"]


def test_the_same_codebook_gives_no_rows_but_all_columns(codebook):
    table = compare_codebooks(codebook, codebook)
    assert table.empty
    assert table.columns.tolist() == COLUMNS
    assert {str(dtype) for dtype in table.dtypes} == {"str"}


def test_there_and_back(codebook):
    """What was added one way is removed the other way."""
    gone = [
        ("finance", "三保"),
        *codebook.terms.loc[codebook.terms["kind"] == "term", ["theme", "term"]].values[::50].tolist(),
    ]
    less = codebook.without([tuple(pair) for pair in gone])
    there, back = compare_codebooks(codebook, less), compare_codebooks(less, codebook)
    assert set(there["change"]) <= {"removed", "since"}
    assert len(there.query("change == 'removed'")) == len({tuple(pair) for pair in gone})
    swapped = back.assign(change=back["change"].replace("added", "removed"), old=back["new"], new=back["old"])
    key = ["theme", "kind", "term", "change"]
    assert there.sort_values(key, ignore_index=True).equals(swapped.sort_values(key, ignore_index=True)[COLUMNS])


def test_terms_agree_with_sets(codebook):
    """An oracle of plain sets over the table of terms."""
    rows = codebook.terms[codebook.terms["kind"] == "term"].drop_duplicates(["theme", "term"])
    moved = rows.iloc[::40]
    less = codebook.without(list(zip(moved["theme"], moved["term"], strict=True)))
    before, after = (
        set(zip(b.terms["theme"], b.terms["kind"], b.terms["term"], strict=True)) for b in (codebook, less)
    )
    table = compare_codebooks(codebook, less).query("change == 'removed'")
    assert set(zip(table["theme"], table["kind"], table["term"], strict=True)) == before - after


def test_the_order_is_that_of_the_new_codebook(tmp_path):
    changes = [('"会议多",', '"会议多", "会议长",'), ('["报表"]', '["报表", "表格"]'), ('zh = "车"', 'zh = "大车"')]
    table = compare_codebooks(book(tmp_path), book(tmp_path, *changes))
    assert table["term"].tolist() == ["cart", "会议长", "表格"]
    assert isinstance(table, pd.DataFrame)
    assert re.fullmatch(r"require: .*", table["new"].iloc[1])
