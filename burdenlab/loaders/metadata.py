"""The user's document variables, joined to the documents."""

from __future__ import annotations

import csv
import datetime
import io
import os
import warnings
from pathlib import Path, PurePosixPath
from typing import TypeAlias

import pandas as pd

from burdenlab.loaders.encodings import decode
from burdenlab.loaders.quarantine import Quarantined
from burdenlab.loaders.xlsx import Cell, cell_text, read_sheets
from burdenlab.messages import with_chinese
from burdenlab.tables import TABLES

__all__ = ["Metadata", "join_metadata", "read_metadata"]

Metadata: TypeAlias = str | os.PathLike[str] | pd.DataFrame


def read_metadata(metadata: Metadata) -> pd.DataFrame:
    """Read a metadata table: csv (any encoding), xlsx or parquet, or a DataFrame as it is.

    Everything is read as text; a column of plain integers becomes Int64, one of decimal numbers Float64. Identifiers
    with leading zeros stay text, and an empty cell is missing.

    Raises
    ------
    FileNotFoundError, ValueError
        If the file is not there, or cannot be read as a table.
    """
    if isinstance(metadata, pd.DataFrame):
        return metadata
    path = Path(metadata)
    if not path.is_file():
        msg = f"metadata={str(path)!r} does not exist; name a csv, xlsx or parquet file."
        raise with_chinese(FileNotFoundError(msg), f"metadata={str(path)!r} 不存在;请给出 csv、xlsx 或 parquet 文件。")
    try:
        if path.suffix.lower() == ".parquet":
            return pd.read_parquet(path)
        if path.suffix.lower() in (".xlsx", ".xls"):
            text, separator = _first_sheet(path.read_bytes()), ","
        else:
            text = decode(path.read_bytes()).text.removeprefix("\ufeff")
            separator = max(",;\t", key=text.partition("\n")[0].count)
        table = pd.read_csv(io.StringIO(text), sep=separator, dtype="str", na_filter=False)
    except (ValueError, OSError, Quarantined) as error:
        msg = f"metadata={str(path)!r} cannot be read as a table: {error}"
        raise with_chinese(ValueError(msg), f"metadata={str(path)!r} 无法作为表格读取:{error}") from error
    return table.apply(_typed)


def _first_sheet(data: bytes) -> str:
    """Give the rows of the first sheet that hold something, as csv."""
    if not data.startswith(b"PK"):
        msg = "it is no xlsx file; save it as .xlsx or .csv."
        raise ValueError(msg)
    rows = [[_cell(cell) for cell in row] for row in next(iter(read_sheets(data).values()), [])]
    text = io.StringIO()
    csv.writer(text).writerows(row for row in rows if any(row))
    return text.getvalue()


def _cell(cell: Cell) -> str:
    text = cell_text(cell)
    if text is None:
        return str(pd.Timestamp(cell)) if isinstance(cell, datetime.date) else str(cell)
    return text


def _typed(column: pd.Series) -> pd.Series:
    filled = column.str.strip()
    present = filled[filled != ""]
    if len(present) and present.str.fullmatch(r"0|-?[1-9]\d{0,17}").all():
        return pd.to_numeric(filled.where(filled != "", None)).astype("Int64")
    if len(present) and present.str.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?").all():
        return pd.to_numeric(filled.where(filled != "", None)).astype("Float64")
    return filled.where(filled != "", None).astype("str")


def join_metadata(documents: pd.DataFrame, metadata: pd.DataFrame) -> pd.DataFrame:
    """Add the user's variables to the documents.

    The join is on a column ``doc_id``, else on ``id`` by the stem of the document, else on a column of paths; the
    first of these that matches any document is taken. The user's ``title`` wins; another name that collides with ours
    gets the prefix ``meta_``. Rows without a partner on either side are reported as a warning.

    Raises
    ------
    ValueError
        If a key occurs twice, on either side, or no column matches any document.
    """
    columns = [str(c) for c in metadata.columns]
    metadata = metadata.set_axis(columns, axis="columns")
    for column in [c for c in ("doc_id", "id") if c in columns] + [c for c in columns if "path" in c or "file" in c]:
        keys = metadata[column].astype("str").str.strip()
        matched = _match(documents["doc_id"], keys, column)
        if not matched.empty:
            break
    else:
        sample = documents["doc_id"].iloc[0] if len(documents) else "(none)"
        raise with_chinese(
            ValueError(
                f"metadata matches no document by doc_id, id or a path column; its columns are {columns}, "
                f"a document is called {sample!r}. Add a column doc_id with such names."
            ),
            f"metadata 与任何文稿都对不上(按 doc_id、id 或路径列);现有列为 {columns},文稿名如 {sample!r}。请加一列 doc_id。",
        )
    _report_unmatched(documents, metadata, keys, matched)
    ours = {c for c in TABLES["documents"]} - {"title"}
    notes = [column for column in columns if column.startswith("evidence_")]  # of metadata_template, for people
    added = metadata.drop(columns=["doc_id", *notes], errors="ignore").rename(
        columns={c: f"meta_{c}" for c in columns if c in ours}
    )
    added = added.loc[matched].set_axis(matched.index)
    if "year" in added:
        added["year"] = _years(added["year"])
    joined = documents.copy()
    for name in added.columns:
        values = added[name].reindex(joined.index)
        if name == "title" or name in joined.columns:
            values = values.where(values.notna() & (values.astype("str") != ""), joined[name])
        joined[name] = values.astype("str") if name == "title" else values
    return joined


def _match(doc_ids: pd.Series, keys: pd.Series, column: str) -> pd.Series:
    """Give, for the index of each matched document, the index of its metadata row."""
    if column == "doc_id":
        names = doc_ids
    elif column == "id":
        names = doc_ids.map(_stem)
    else:
        known = set(doc_ids)
        keys = keys.map(lambda key: _suffix_of(key, known))
        names = doc_ids
    used = keys[keys.isin(set(names))]
    doubles = used[used.duplicated()]
    if len(doubles):
        raise with_chinese(
            ValueError(
                f"metadata column {column!r} holds {doubles.iloc[0]!r} more than once; keep one row a document."
            ),
            f"metadata 的列 {column!r} 中 {doubles.iloc[0]!r} 出现多次;每份文稿只应有一行。",
        )
    shared = names[names.isin(set(used)) & names.duplicated(keep=False)]
    if len(shared):
        twins = doc_ids[names == shared.iloc[0]].tolist()
        raise with_chinese(
            ValueError(
                f"metadata {column}={shared.iloc[0]!r} fits several documents: {twins}; name them by a column doc_id."
            ),
            f"metadata 的 {column}={shared.iloc[0]!r} 对应多份文稿:{twins};请用 doc_id 列区分。",
        )
    row_of = pd.Series(used.index, index=used.to_numpy())
    return names[names.isin(set(used))].map(row_of)


def _stem(doc_id: str) -> str:
    name = doc_id.rpartition("!/")[2]
    return name.rpartition("#")[2] if "#" in name else PurePosixPath(name).stem


def _suffix_of(key: str, known: set[str]) -> str:
    """Shorten a path from the left until it names a document: txt/N06.txt for N06.txt."""
    parts = PurePosixPath(key.replace("\\", "/")).parts
    return next((name for i in range(len(parts)) if (name := "/".join(parts[i:])) in known), key)


def _years(years: pd.Series) -> pd.Series:
    try:
        return pd.to_numeric(years).astype("Int64")
    except (ValueError, TypeError) as error:
        raise with_chinese(
            ValueError(f"metadata column 'year' holds something that is no whole year: {error}; write it as 2024."),
            f"metadata 的列 'year' 中有不是整数年份的值:{error};请写成 2024 的形式。",
        ) from error


def _report_unmatched(documents: pd.DataFrame, metadata: pd.DataFrame, keys: pd.Series, matched: pd.Series) -> None:
    lonely = documents.loc[documents.index.difference(matched.index), "doc_id"].tolist()
    spare = keys.loc[metadata.index.difference(pd.Index(matched.to_numpy()))].tolist()
    if lonely or spare:
        said = [f"{len(lonely)} document(s) without a row, such as {lonely[0]!r}"] if lonely else []
        said += [f"{len(spare)} row(s) without a document, such as {spare[0]!r}"] if spare else []
        warnings.warn(f"metadata: {'; '.join(said)}.", UserWarning, stacklevel=4)
