"""Tables of reports, one document a row: csv, Excel and Parquet."""

from __future__ import annotations

import csv
import io

import pandas as pd
import python_calamine  # noqa: F401 (pandas reads Excel with it; a missing wheel shows at import)

from burdenlab.loaders.encodings import decode
from burdenlab.loaders.limits import Options
from burdenlab.loaders.mojibake import check_text
from burdenlab.loaders.parts import Part, Parts
from burdenlab.loaders.quarantine import Quarantined

__all__ = ["read_delimited", "read_parquet", "read_workbook"]

# Looked for in this order where `text_column` is not given; compared without case.
TEXT_COLUMNS = ("text", "正文", "全文", "内容", "content", "文本", "body", "full_text", "fulltext")
ID_COLUMNS = ("doc_id", "id")
csv.field_size_limit(2**31 - 1)


def read_delimited(data: bytes, options: Options) -> Parts:
    """Read a csv or tsv file: all cells as text, the delimiter by the header, rows of the wrong length left out."""
    decoded = check_text(decode(data, encoding=options.encoding))
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
    return Parts(_rows(table, options.text_column), decoded.encoding, decoded.confidence, reasons, detail)


def read_workbook(data: bytes, options: Options) -> Parts:
    """Read the first sheet of an xlsx or xls file, all cells as text."""
    try:
        sheet = pd.read_excel(io.BytesIO(data), dtype="str", engine="calamine", na_filter=False)
    except Exception as error:  # a damaged workbook raises whatever its reader raises
        raise Quarantined("corrupt", f"the workbook cannot be read: {error}.", f"工作簿无法读取:{error}。") from error
    return Parts(_rows(sheet.astype("str"), options.text_column))


def read_parquet(data: bytes, options: Options) -> Parts:
    """Read a Parquet file."""
    try:
        table = pd.read_parquet(io.BytesIO(data))
    except Exception as error:  # as above
        raise Quarantined(
            "corrupt", f"the Parquet file cannot be read: {error}.", f"Parquet 文件无法读取:{error}。"
        ) from error
    return Parts(_rows(table, options.text_column))


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
