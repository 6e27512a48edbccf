"""Bytes to raw text, a function a format, chosen by what the bytes say."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import PurePosixPath

import pandas as pd
import python_calamine  # noqa: F401 (pandas reads xlsx with it; a missing wheel shows at import)

from burdenlab.loaders.encodings import decode
from burdenlab.loaders.mojibake import check_text
from burdenlab.loaders.parts import Part, Parts
from burdenlab.loaders.quarantine import Quarantined

__all__ = ["FORMATS", "SAFE_FORMATS", "read_parts", "sniff"]

# Read where the caller is; every other format is parsed in a process of its own.
SAFE_FORMATS = ("text", "table")

# Looked for in this order where `text_column` is not given; compared without case.
TEXT_COLUMNS = ("text", "正文", "全文", "内容", "content", "文本", "body")
ID_COLUMNS = ("doc_id", "id")
csv.field_size_limit(2**31 - 1)


def sniff(data: bytes, name: str) -> str:
    """Tell the format from the bytes; the name only tells kinds of text apart.

    Examples
    --------
    >>> sniff(b"%PDF-1.7", "report.txt")
    'pdf'
    """
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return _kind_of_zip(data) if kind == "zip" else _kind_of_ole(data) if kind == "ole" else kind
    head = _ascii(data[:4096])
    if _MHTML.match(head):
        return "html"
    if _MARKUP.match(head):
        return "html"
    if head.lstrip().startswith("<?xml"):
        return "tmx" if "<tmx" in head else "xml"
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in (".html", ".htm") and _TAG.search(head):
        return "html"
    return "table" if suffix in (".csv", ".tsv") else "text"


_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    *((magic, "image") for magic in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM\xff")),
    *(
        (magic, "binary")
        for magic in (
            b"\x7fELF",
            b"MZ\x90",
            b"\x1f\x8b",
            b"SQLite format 3",
            b"Rar!",
            b"7z\xbc\xaf",
            b"\xca\xfe\xba\xbe",
        )
    ),
)
_MHTML = re.compile(r"(?:[\w-]+: [^\n]*\n)*?mime-version:", re.IGNORECASE)
_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<(?:p|div|br|span|table|meta|title)\b", re.IGNORECASE)


def _ascii(data: bytes) -> str:
    """Show the ASCII of a head in any encoding: markup is ASCII, in UTF-16 with zero bytes between."""
    return data.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").decode("ascii", "replace")


def _kind_of_zip(data: bytes) -> str:
    """Office files are archives; their directory, at the end of the file, names what is inside."""
    for mark, kind in ((b"xl/workbook", "xlsx"), (b"word/", "docx"), (b"opendocument.text", "odt"), (b"ppt/", "other")):
        if mark in data:
            return kind
    return "zip"


def _kind_of_ole(data: bytes) -> str:
    return "xls" if "Workbook".encode("utf-16-le") in data and "WordDocument".encode("utf-16-le") not in data else "doc"


def read_parts(data: bytes, kind: str, *, encoding: str | None = None, text_column: str | None = None) -> Parts:
    """Read the documents of a file of the format `kind`; raise Quarantined where there are none to count."""
    reader = FORMATS.get(kind)
    if reader is None:
        raise Quarantined(
            "binary_content" if kind in ("binary", "image") else "unsupported",
            f"files of the kind {kind!r} are not read; save it as text (UTF-8), csv, xlsx or parquet.",
            f"不读取 {kind!r} 类文件;请另存为文本(UTF-8)、csv、xlsx 或 parquet。",
        )
    return reader(data, encoding, text_column)


def _read_text(data: bytes, encoding: str | None, _text_column: str | None) -> Parts:
    decoded = check_text(decode(data, encoding=encoding))
    return Parts([Part("", decoded.text)], decoded.encoding, decoded.confidence, decoded.reasons)


def _read_delimited(data: bytes, encoding: str | None, text_column: str | None) -> Parts:
    decoded = check_text(decode(data, encoding=encoding))
    text = decoded.text.removeprefix("\ufeff")
    header = text.partition("\n")[0]
    delimiter = max(",;\t|", key=header.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    if not rows:
        raise Quarantined("empty", "the table has no row.", "表格没有任何行。")
    columns = rows[0]
    good: list[tuple[int, list[str]]] = []
    bad: list[tuple[int, list[str]]] = []
    for number, row in enumerate(rows[1:], start=2):
        if row:
            (good if len(row) == len(columns) else bad).append((number, row))
    _refuse_doubles(columns)
    table = pd.DataFrame([row for _, row in good], columns=columns, dtype="str")
    reasons, detail = decoded.reasons, ("", "")
    if bad:
        numbers = ", ".join(str(number) for number, _ in bad[:10])
        reasons = (*reasons, "row_errors")
        detail = (
            f"{len(bad)} row(s) have not the {len(columns)} fields of the header and are left out: row {numbers}.",
            f"有 {len(bad)} 行的字段数与表头的 {len(columns)} 列不符,未计入:第 {numbers} 行。",
        )
    return Parts(_rows(table, text_column), decoded.encoding, decoded.confidence, reasons, detail)


def _read_xlsx(data: bytes, _encoding: str | None, text_column: str | None) -> Parts:
    try:
        sheet = pd.read_excel(io.BytesIO(data), dtype="str", engine="calamine", na_filter=False)
    except Exception as error:  # a damaged workbook raises whatever its reader raises
        raise Quarantined("corrupt", f"the workbook cannot be read: {error}.", f"工作簿无法读取:{error}。") from error
    return Parts(_rows(sheet.astype("str"), text_column))


def _read_parquet(data: bytes, _encoding: str | None, text_column: str | None) -> Parts:
    try:
        table = pd.read_parquet(io.BytesIO(data))
    except Exception as error:  # as above
        raise Quarantined(
            "corrupt", f"the Parquet file cannot be read: {error}.", f"Parquet 文件无法读取:{error}。"
        ) from error
    return Parts(_rows(table, text_column))


def _rows(table: pd.DataFrame, text_column: str | None) -> list[Part]:
    """Make one document a row: its id from an id column, else its row number; other columns are its variables."""
    column = _text_column(list(table.columns), text_column)
    key = next((c for c in ID_COLUMNS if c in table.columns), None)
    ids = table[key].astype("str").tolist() if key else [str(number) for number in range(1, len(table) + 1)]
    doubles = sorted({i for i in ids if ids.count(i) > 1}) if len(set(ids)) < len(ids) else []
    if doubles:
        raise Quarantined(
            "duplicate_id",
            f"column {key!r} holds {doubles[0]!r} more than once; give each row an id of its own.",
            f"列 {key!r} 中 {doubles[0]!r} 出现多次;请保证每行的标识唯一。",
        )
    variables = table.drop(columns=[column, *([key] if key == "doc_id" else [])]).to_dict("records")
    texts = table[column].fillna("").astype("str").tolist()
    return [
        Part(f"#{i}", text, {str(k): v for k, v in row.items()})
        for i, text, row in zip(ids, texts, variables, strict=True)
    ]


def _text_column(columns: list[str], text_column: str | None) -> str:
    if text_column is not None:
        if text_column in columns:
            return text_column
        wanted, wanted_zh = f"no column {text_column!r}", f"没有名为 {text_column!r} 的列"
    else:
        by_name = {str(c).strip().lower(): c for c in reversed(columns)}
        for name in TEXT_COLUMNS:
            if name in by_name:
                return by_name[name]
        wanted, wanted_zh = f"none of the text columns {list(TEXT_COLUMNS)}", f"没有正文列 {list(TEXT_COLUMNS)}"
    raise Quarantined(
        "schema",
        f"the table has {wanted}; its columns are {columns[:20]}. Name the one with the text by text_column=.",
        f"表格{wanted_zh};现有列为 {columns[:20]}。请用 text_column= 指明正文所在的列。",
    )


def _refuse_doubles(columns: list[str]) -> None:
    doubles = sorted({c for c in columns if columns.count(c) > 1})
    if doubles:
        raise Quarantined("schema", f"the header names {doubles} twice; rename one.", f"表头中 {doubles} 重复;请改名。")


FORMATS: dict[str, Callable[[bytes, str | None, str | None], Parts]] = {
    "text": _read_text,
    "table": _read_delimited,
    "xlsx": _read_xlsx,
    "parquet": _read_parquet,
}
