"""The sheets of an Excel workbook, cell by cell, within limits."""

from __future__ import annotations

import io
import re
import zipfile
from xml.parsers.expat import ExpatError, ParserCreate

import python_calamine

from burdenlab.loaders.archives import open_archive, unpack
from burdenlab.loaders.limits import Limits
from burdenlab.loaders.quarantine import Quarantined

__all__ = ["Cell", "cell_text", "read_sheets"]

Cell = object  # str, float, bool, a date or time; "" where the cell is empty
_LIMITS = Limits(file_bytes=50_000_000)  # of a workbook that people fill in by hand
_MOST_CELLS = 2_000_000
_TAG = rb"""<(?:[^"'<>]|"[^"]*"|'[^']*')*?"""
_COUNT = re.compile(rb"(" + _TAG + rb""")\s(?:uniqueCount|count)\s*=\s*(?:"[^"]*"|'[^']*')""")
_AT = re.compile(rb"""<(?:\w+:)?(?:c|row)\b[^>]*?\br\s*=\s*["']([A-Za-z]*)(\d+)""")


def read_sheets(data: bytes, *, most_rows: int = 1_000_000) -> dict[str, list[list[Cell]]]:
    """Give the rows of each sheet of an xlsx file, from cell A1 on, by the name of the sheet.

    The reader takes memory for every cell up to the last one and for as many strings as a workbook says that it has, and
    ends the process where there is not enough. So what a workbook unpacks to and where its last cell is are looked at
    first, and what it says of itself is left out.

    Parameters
    ----------
    data : bytes
    most_rows : int
        Of one sheet; more are refused before they are read.

    Raises
    ------
    Quarantined
        If the bytes are no workbook (``corrupt``), or it goes beyond a limit (``zip_bomb``, ``limit``).

    Examples
    --------
    >>> read_sheets(b"PK")
    Traceback (most recent call last):
    burdenlab.loaders.quarantine.Quarantined: the archive is damaged: File is not a zip file.
    """
    try:
        clean = _clean(data, most_rows)
    except Quarantined as refused:
        if refused.code != "zip_bomb":
            raise
        most = f"{_LIMITS.file_bytes:,}"
        raise Quarantined(
            "zip_bomb",
            f"the workbook unpacks to more than {most} bytes, or to {_LIMITS.archive_ratio:g} times its size; split it.",
            f"工作簿展开后超过 {most} 字节,或超过自身的 {_LIMITS.archive_ratio:g} 倍;请拆分。",
        ) from refused
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(clean))
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet]
        return {name: list(map(list, book.get_sheet_by_name(name).to_python(skip_empty_area=False))) for name in names}
    except Exception as error:  # a damaged workbook raises whatever its reader raises
        raise Quarantined("corrupt", f"the workbook cannot be read: {error}.", f"工作簿无法读取:{error}。") from error


def _clean(data: bytes, most_rows: int) -> bytes:
    """Pack a workbook anew, so that the reader sees the very bytes that were looked at."""
    archive, entries = open_archive(data, _LIMITS)
    left = _LIMITS.file_bytes
    clean = io.BytesIO()
    with zipfile.ZipFile(clean, "w", zipfile.ZIP_STORED) as copy:
        for name, entry in {entry.filename: entry for entry in entries}.items():
            if name.endswith((".xml", ".rels")):
                content = unpack(archive, entry, _LIMITS, left)
                if isinstance(content, Quarantined):
                    raise content
                left -= len(content)
                copy.writestr(zipfile.ZipInfo(name), _checked(content, most_rows))
    return clean.getvalue()


def cell_text(cell: Cell) -> str | None:
    """Give the text of a cell without white space around it; None for what is no text and no number (a date, true).

    Examples
    --------
    >>> cell_text(2019.0), cell_text(" 会议 "), cell_text(True)
    ('2019', '会议', None)
    """
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return None


def _checked(content: bytes, most_rows: int) -> bytes:
    """Refuse what is no plain XML, and a sheet that is too large; give a part without what it says of its size."""
    if content.count(b"<row") > most_rows:
        raise _too_large(content.count(b"<row"), 1, f"{most_rows:,} rows", f"{most_rows:,} 行")
    root: list[str] = []
    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype

    def see_root(name: str, _: object) -> None:
        root.append(name)
        parser.StartElementHandler = None

    parser.StartElementHandler = see_root
    try:
        parser.Parse(content, True)
    except (ExpatError, LookupError, ValueError) as error:
        raise Quarantined("corrupt", f"the workbook is damaged: {error}.", f"工作簿已损坏:{error}。") from error
    if b"\0" in content:
        raise Quarantined("corrupt", "the workbook is not in UTF-8.", "工作簿不是 UTF-8 编码。")
    if root[0].rpartition(":")[2] != "worksheet":
        return _COUNT.sub(rb"\1", _COUNT.sub(rb"\1", content))
    row = column = 1
    for letters, digits in set(_AT.findall(content)):
        row = max(row, int(digits[:9]))
        at = 0
        for letter in letters[:4].upper():
            at = at * 26 + letter - 64
        column = max(column, at)
    if row * column > _MOST_CELLS:
        raise _too_large(row, column, f"{_MOST_CELLS:,} cells", f"{_MOST_CELLS:,} 个单元格")
    return content


def _too_large(row: int, column: int, most: str, most_zh: str) -> Quarantined:
    where, where_zh = f"row {row:,}", f"第 {row:,} 行"
    if column > 1:
        where, where_zh = f"{where} and column {column:,}", f"{where_zh}、第 {column:,} 列"
    return Quarantined(
        "limit",
        f"a sheet reaches to {where}, at most {most} are read; delete what is far out, or split it.",
        f"工作表延伸到{where_zh},至多读取 {most_zh};请删除远处的单元格,或拆分。",
    )


def _refuse_doctype(*_: object) -> None:
    raise Quarantined("xml_entity", "the workbook declares XML entities.", "工作簿含 XML 实体声明。")
