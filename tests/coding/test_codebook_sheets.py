"""Codebooks in Excel: what a sheet may leave out, and what is said of a wrong cell."""

import datetime
import io
import re

import pytest
import xlsxwriter

import burdenlab as bl
from tests.loaders.test_xlsx import bomb, repacked

HEAD = ("theme", "group", "zh", "kind", "term", "near", "since")
ROWS = [
    HEAD,
    ("meetings", "cart", "会议", "", "文山会海", "", 1998),
    ("meetings", "", "", "term", "开会", "基层、乡镇; 村", ""),
    ("meetings", "", "", "pattern", "会议.{0,3}频繁", "基层、乡镇;村", ""),
    ("meetings", "", "", "exclude", "部长会议", "", ""),
    ("forms", "cart", "报表", "", "报表", "", ""),
]


def workbook(**sheets: list) -> bytes:
    """Make a workbook of sheets from rows."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return data.getvalue()


def load(tmp_path, **sheets: list) -> bl.Codebook:
    path = tmp_path / "c.xlsx"
    path.write_bytes(workbook(**sheets))
    return bl.load_codebook(path)


def test_a_sheet_says_what_toml_says(tmp_path):
    book = load(tmp_path, codebook=ROWS)
    (tmp_path / "c.toml").write_text(
        """
        name = "c.xlsx"
        [groups.cart]
        zh = "cart"
        en = "cart"
        [themes.meetings]
        group = "cart"
        zh = "会议"
        en = "meetings"
        terms = ["文山会海"]
        exclude = ["部长会议"]
        since = {"文山会海" = 1998}
        when = [{terms = ["开会"], patterns = ["会议.{0,3}频繁"], near = ["基层", "乡镇", "村"]}]
        [themes.forms]
        group = "cart"
        zh = "报表"
        en = "forms"
        terms = ["报表"]
        """,
        "utf-8",
    )
    same = bl.load_codebook(tmp_path / "c.toml")
    assert book.entries == same.entries
    assert book.groups == same.groups
    assert book.name == same.name
    assert re.fullmatch("[0-9a-f]{64}", book.sha256)


def test_two_columns_are_enough(tmp_path):
    book = load(tmp_path, Tabelle1=[("theme", "term"), ("会议", "文山会海"), ("会议", "会海")])
    assert book.table.iloc[0].drop("source").to_dict() == {
        "theme": "会议", "group": "themes", "zh": "会议", "en": "会议", "definition_zh": "", "definition_en": "",
        "group_zh": "主题", "group_en": "Themes", "n_terms": 2,
    }  # fmt: skip


def test_chinese_names(tmp_path):
    book = load(
        tmp_path,
        说明=[("项目", "内容"), ("name", "我的编码本"), ("version", 2)],
        编码本=[
            ("主题", "组", "中文", "英文", "类型", "词条", "同句须有", "邻近", "同句不得有", "语步", "起始年", "来源"),
            ("会议", "车", "开会", "Meetings", "词", "文山会海", "@基层", "", "企业", "表现、危害", "1998", "甲\n乙"),
            ("会议", "", "", "", "排除模式", "部长.议会", "", "", "", "", "", ""),
        ],
        语境=[("语境", "词语"), ("基层", "乡镇、街道")],
        组=[("组", "中文", "英文"), ("车", "车上的", "Cart")],
        对照=[("对照", "部分", "主题"), ("四类", "一", "会议")],
    )
    theme = book.entries[0]
    assert theme.rules[0].moves == ("problem", "harm")
    assert theme.rules[0].require == ("乡镇", "街道")
    assert theme.exclude_patterns == ("部长.议会",)
    assert theme.source == ("甲", "乙")
    assert book.groups["车"] == {"zh": "车上的", "en": "Cart", "definition_zh": "", "definition_en": ""}
    assert book.crosswalk("四类").values.tolist() == [["一", "一", "一", "会议"]]
    assert (book.name, book.version) == ("我的编码本", "2")


def changed(cell: str, value: object) -> list:
    """Give the rows with another value in a cell, such as B2."""
    rows = [list(row) for row in ROWS]
    rows[int(cell[1:]) - 1]["ABCDEFG".index(cell[0])] = value
    return rows


@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        ("G1", "sinse", r"sheet codebook, G1: unknown column 'sinse'; known are theme, group"),
        ("G1", "near", r"sheet codebook, G1: column 'near' stands twice"),
        ("E1", "word", r"sheet codebook, E1: unknown column 'word'.*\n.*A1: the first row lacks the column\(s\) term"),
        ("A3", "", "sheet codebook, A3: the row has no theme; write it in every row"),
        ("B3", "horse", "sheet codebook, B3: group of 'meetings' is 'horse' here and 'cart' in B2; give it once"),
        ("C3", "会", "sheet codebook, C3: zh of 'meetings' is '会' here and '会议' in C2"),
        ("A4", "a;b", "sheet codebook, A4: .*the id 'a;b' must have"),
        ("D4", "regex", "sheet codebook, D4: the kind 'regex' is none of term, pattern, exclude, exclude_pattern"),
        ("E4", "会议(频繁", r"sheet codebook, E4: theme meetings: RE2 does not take '会议\(频繁'"),
        ("E4", "", "sheet codebook, F4: the row has near but no term"),
        ("E4", "(会议)*", "sheet codebook, E4: .*matches the empty string"),
        ("E4", "开.{0,3}会", "sheet codebook, E4: .*has no literal of two"),
        ("E5", "会海", "sheet codebook, E2: theme meetings: '文山会海' can never match, the exclusion '会海' masks it"),
        ("E5", "开会", "sheet codebook, E3: theme meetings: '开会' can never match"),
        ("F5", "基层", "sheet codebook, F5: an exclusion holds always; empty the cell of near"),
        ("G2", "九八", "sheet codebook, G2: .*since gives '九八' for '文山会海'; a year is expected"),
        ("G2", 98, "sheet codebook, G2: .*since gives '98'"),
        ("G5", 2001, "sheet codebook, G5: an exclusion holds always"),
        ("E6", datetime.date(2024, 3, 5), "sheet codebook, E6: the cell holds 2024-03-05, which Excel took for a date"),
        ("E6", True, "sheet codebook, E6: the cell holds True"),
        ("E6", "长" * 65, "sheet codebook, E6: .*must have 1 to 64 characters"),
        ("F3", "@base", "sheet codebook, F3: .*near names '@base', which .* does not list"),
    ],
)
def test_faults_are_named_with_their_cell(tmp_path, cell, value, said):
    with pytest.raises(ValueError, match=said) as raised:
        load(tmp_path, codebook=changed(cell, value))
    letter, number = re.search(r"codebook, ([A-Z])(\d)", said).groups()
    assert f"工作表 codebook 的 {letter}{number}:" in raised.value.__notes__[0]


def test_a_term_that_stands_twice_is_told_by_its_second_cell(tmp_path):
    rows = [*ROWS, ("meetings", "", "", "", "开会", "基层、乡镇、村", "")]
    with pytest.raises(ValueError, match="sheet codebook, E7: theme meetings: '开会' stands twice in terms"):
        load(tmp_path, codebook=rows)
    other = [*ROWS, ("meetings", "", "", "", "开会", "街道", "")]
    assert load(tmp_path, codebook=other).terms["term"].tolist().count("开会") == 2


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        ({"groups": [("group", "zh"), ("horse", "马")]}, "sheet codebook, B2: theme meetings: group 'cart' is none of horse"),
        ({"groups": [("name",), ("cart",)]}, "sheet groups, A1: unknown column 'name'"),
        ({"contexts": [("context", "words"), ("a", "会"), ("a", "议")]}, "sheet contexts, A3: the context 'a' stands twice"),
        ({"contexts": [("context", "words"), ("a", "会、@b")]}, "sheet contexts, B2: .*a context cannot name another"),
        ({"about": [("key", "value"), ("author", "x")]}, "sheet about, A2: the key 'author' is none of name, version"),
        (
            {"crosswalks": [("crosswalk", "part", "themes"), ("c", "p", "meetings、secrets")]},
            r"sheet crosswalks, C2: \[crosswalks.c.parts.p\] names 'secrets', which is no theme",
        ),
        (
            {"crosswalks": [("crosswalk", "part", "themes"), ("c", "p", "forms"), ("c", "p", "forms")]},
            "sheet crosswalks, B3: the part 'p' stands twice",
        ),
        ({"crosswalks": [("crosswalk", "part", "themes"), ("", "p", "forms")]}, "sheet crosswalks, A2: the row has no crosswalk"),
    ],
)  # fmt: skip
def test_faults_of_the_other_sheets(tmp_path, sheets, said):
    with pytest.raises(ValueError, match=said):
        load(tmp_path, codebook=ROWS, **sheets)


def test_all_faults_are_reported_at_once(tmp_path):
    rows = changed("D3", "noun")
    rows[5][4] = "长" * 65
    rows[1][6] = "九八"
    with pytest.raises(ValueError, match=r"(?s)D3: the kind.*G2: .*a year is expected.*E6: .*must have"):
        load(tmp_path, codebook=rows)


def test_a_hundred_thousand_terms_are_too_many(tmp_path):
    rows = [("theme", "term"), *(("a", f"词条{i}号") for i in range(100_000))]
    with pytest.raises(ValueError, match=r"a sheet reaches to row 100,001, at most 50,001 rows are read"):
        load(tmp_path, codebook=rows)


def test_workbooks_that_would_fill_the_memory(tmp_path):
    path = tmp_path / "c.xlsx"
    path.write_bytes(bomb(workbook(codebook=ROWS)))
    with pytest.raises(ValueError, match=r"codebook c\.xlsx: the workbook unpacks to more than 50,000,000 bytes"):
        bl.load_codebook(path)
    path.write_bytes(repacked(workbook(codebook=ROWS), {'r="E6"': 'r="XFD1048576"'}))
    with pytest.raises(ValueError, match="a sheet reaches to row 1,048,576 and column 16,384"):
        bl.load_codebook(path)


def test_what_is_no_workbook(tmp_path):
    path = tmp_path / "c.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(ValueError, match=r"codebook c\.xlsx: the archive is damaged") as raised:
        bl.load_codebook(path)
    assert "压缩包已损坏" in raised.value.__notes__[0]
    path.write_bytes(workbook(empty=[]))
    with pytest.raises(ValueError, match="sheet empty, A1: the first row lacks"):
        bl.load_codebook(path)
