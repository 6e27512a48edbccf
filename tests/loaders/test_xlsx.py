"""Workbooks, and those that would end the process that reads them."""

import io
import zipfile

import pytest
import xlsxwriter

from burdenlab.loaders.quarantine import Quarantined
from burdenlab.loaders.xlsx import read_sheets


def made() -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        one, two = book.add_worksheet("甲"), book.add_worksheet("乙")
        one.write_row(1, 1, ["会议", 2.5, True])
        one.write_formula(3, 0, "=1+1", None, 2)
        two.write_rich_string(0, 0, "文山", book.add_format({"bold": True}), "会海")
    return data.getvalue()


def repacked(data: bytes, changes: dict[str, str]) -> bytes:
    """Give a workbook with other words in its parts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            for before, after in changes.items():
                content = content.replace(before.encode(), after.encode())
            new.writestr(name, content)
    return packed.getvalue()


def bomb(data: bytes) -> bytes:
    """Give a workbook that unpacks to sixty megabytes."""
    return repacked(data, {"</worksheet>": f"<!--{' ' * 60_000_000}--></worksheet>"})


def test_cells_stand_where_the_sheet_has_them():
    sheets = read_sheets(made())
    assert list(sheets) == ["甲", "乙"]
    assert sheets["甲"] == [["", "", "", ""], ["", "会议", 2.5, True], ["", "", "", ""], [2.0, "", "", ""]]
    assert sheets["乙"] == [["文山会海"]]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04", "corrupt"),
        (made()[:-300], "corrupt"),
        (repacked(made(), {"<sheetData>": "<sheetData"}), "corrupt"),
        (repacked(made(), {'encoding="UTF-8"': 'encoding="UTF-9"'}), "corrupt"),
        (repacked(made(), {'r="B2"': 'r="XFD1048576"'}), "limit"),
        (repacked(made(), {'<row r="2"': '<row r="99999999999"'}), "limit"),
        (repacked(made(), {"<worksheet": '<!DOCTYPE x [<!ENTITY a "aa">]><worksheet'}), "xml_entity"),
        (bomb(made()), "zip_bomb"),
    ],
)
def test_what_is_refused(data, code):
    with pytest.raises(Quarantined) as refused:
        read_sheets(data)
    assert refused.value.code == code
    assert refused.value.detail_zh


def test_what_a_workbook_says_of_its_size_is_not_believed():
    """The reader sets aside room for the strings that are announced: here a hundred gigabytes."""
    data = repacked(made(), {'uniqueCount="': 'uniqueCount="429496729', ' count="': ' count="429496729'})
    assert read_sheets(data)["乙"] == [["文山会海"]]


def test_rows_are_counted_before_they_are_read():
    with pytest.raises(Quarantined, match="at most 1 rows are read"):
        read_sheets(made(), most_rows=1)
