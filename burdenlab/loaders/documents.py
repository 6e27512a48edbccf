"""Documents from files, and what became of every file."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from burdenlab.loaders.characters import count_han
from burdenlab.loaders.cleaning import clean
from burdenlab.loaders.files import Found, Source, find_files
from burdenlab.loaders.formats import read_parts, sniff
from burdenlab.loaders.metadata import Metadata, join_metadata, read_metadata
from burdenlab.loaders.parts import Part
from burdenlab.loaders.quarantine import Quarantined
from burdenlab.messages import with_chinese
from burdenlab.tables import TABLES, make_table

__all__ = ["Limits", "read_documents"]


@dataclass(frozen=True)
class Limits:
    """What one file may cost; beyond it the file is quarantined with the reason ``limit``."""

    file_bytes: int = 200_000_000


def read_documents(
    source: Source,
    *,
    metadata: Metadata | None = None,
    encoding: str | None = None,
    text_column: str | None = None,
    workers: int = 1,
    limits: Limits | None = None,
    progress: Callable[[Iterable[Any], int], Iterable[Any]] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Read reports: a folder, a file or a list of files.

    What a file is follows from its bytes: text and Markdown (UTF-8, UTF-16, GB18030, Big5), csv, xlsx and parquet with
    a text column (one document a row). What cannot be read is quarantined with a reason, and the rest goes on.

    Parameters
    ----------
    source : path or list of paths
    metadata : path or DataFrame, optional
        Document variables, joined on ``doc_id``, else on ``id`` by the stem of the file, else on a path column.
    encoding : str, optional
        Use this one for every text file and guess nothing.
    text_column : str, optional
        The column of tables that holds the text; else one called text, 正文, 全文, 内容 or content is taken.
    workers : int
        Processes that read; the result is the same for any number.
    limits : Limits, optional
    progress : callable, optional
        Wraps the iterable of files, given it and its length; for a progress bar.

    Returns
    -------
    documents, files, edits : DataFrame
        Tables of ``burdenlab.tables``; rows are sorted by name.

    Raises
    ------
    FileNotFoundError, ValueError
        If there is nothing to read, or `metadata` cannot be joined.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, files, edits = bl.read_documents("data/demo/reports", metadata="data/demo/metadata.csv")
    >>> files["state"].unique().tolist()
    ['counted']
    """
    if workers < 1:
        msg = f"workers={workers}; at least 1 is expected."
        raise with_chinese(ValueError(msg), f"workers={workers};至少为 1。")
    variables = None if metadata is None else read_metadata(metadata)
    found = find_files(source)
    table_of_metadata = Path(metadata).resolve() if isinstance(metadata, (str, os.PathLike)) else None
    read = partial(
        _read_file, encoding=encoding, text_column=text_column, limits=limits or Limits(), metadata=table_of_metadata
    )
    reading = _map(read, found, workers)
    results: list[_Result] = list(reading if progress is None else progress(reading, len(found)))
    documents = _documents(row for result in results for row in result.documents)
    if variables is not None and len(documents):
        documents = join_metadata(documents, variables)
    files = make_table("files", _columns("files", [result.file for result in results]))
    edits = make_table("edits", (edit for result in results for edit in result.edits))
    return documents, files, edits


@dataclass
class _Result:
    file: dict[str, object]
    documents: list[dict[str, object]]
    edits: list[tuple[object, ...]]


def _map(read: Callable[[Found], _Result], found: list[Found], workers: int) -> Iterator[_Result]:
    if workers == 1:
        yield from map(read, found)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(read, found, chunksize=8)


def _read_file(
    found: Found, *, encoding: str | None, text_column: str | None, limits: Limits, metadata: Path | None
) -> _Result:
    """Give a file its fate; depends on nothing but the file and the options."""
    file: dict[str, object] = {
        "path": found.name, "state": "counted", "reasons": "", "detail": "", "n_documents": 0, "bytes": None,
        "format": "", "encoding": "", "encoding_confidence": float("nan"), "detail_zh": "",
    }  # fmt: skip
    documents: list[dict[str, object]] = []
    edits: list[tuple[object, ...]] = []
    try:
        data = _bytes_of(found, file, limits, metadata)
        file["format"] = sniff(data, found.path.name)
        parts = read_parts(data, str(file["format"]), encoding=encoding, text_column=text_column)
        digest = hashlib.sha256(data).hexdigest()
        for part in parts.parts:
            document, changes = _document(part, found, digest)
            documents.append(document)
            edits += changes
        file |= {"encoding": parts.encoding, "encoding_confidence": parts.confidence, "n_documents": len(documents)}
        file["detail"], file["detail_zh"] = parts.detail
        told = [*parts.reasons, *(w for d in documents for w in str(d["warnings"]).split(";") if w)]
        if parts.reasons:
            for document in documents:
                document["warnings"] = _join([*parts.reasons, *str(document["warnings"]).split(";")])
        if told:
            file |= {"state": "warned", "reasons": _join(told)}
    except _Skipped as skipped:
        file |= {"state": "skipped", "reasons": skipped.args[0]}
    except Quarantined as refused:
        file |= {
            "state": "quarantined",
            "reasons": refused.code,
            "detail": refused.detail,
            "detail_zh": refused.detail_zh,
        }
        documents, edits = [], []
    return _Result(file, documents, edits)


class _Skipped(Exception):
    """The file is no document."""


_REFUSALS = {
    "symlink": ("a link is not followed; copy the file into the folder.", "不跟随符号链接;请把文件复制到文件夹里。"),
    "not_regular": ("a pipe, device or socket is not opened.", "不打开管道、设备或套接字。"),
    "unreadable": ("it cannot be opened; look at its permissions.", "无法打开;请检查权限。"),
}


def _bytes_of(found: Found, file: dict[str, object], limits: Limits, metadata: Path | None) -> bytes:
    if found.refused:
        raise Quarantined(found.refused, *_REFUSALS[found.refused])
    name = found.path.name
    if name.startswith((".", "~$")) or name in ("Thumbs.db", "desktop.ini"):
        msg = "system_file"
        raise _Skipped(msg)
    if metadata is not None and found.path.resolve() == metadata:
        msg = "metadata_table"
        raise _Skipped(msg)
    try:
        size = found.path.stat().st_size
        file["bytes"] = size
        if size > limits.file_bytes:
            msg = "limit"
            raise Quarantined(
                msg,
                f"{size:,} bytes; at most {limits.file_bytes:,} are read. Raise Limits(file_bytes=…) to have it.",
                f"{size:,} 字节,超过上限 {limits.file_bytes:,};可用 Limits(file_bytes=…) 提高上限。",
            )
        data = found.path.read_bytes()
    except OSError as error:
        why = error.strerror or type(error).__name__
        msg = "unreadable"
        raise Quarantined(msg, f"it cannot be opened: {why}.", f"无法打开:{why}。") from error
    if not data:
        msg = "empty"
        raise Quarantined(msg, "the file has 0 bytes.", "文件为 0 字节。")
    return data


def _document(part: Part, found: Found, digest: str) -> tuple[dict[str, object], list[tuple[object, ...]]]:
    doc_id = found.name + part.suffix
    cleaned = clean(part.raw)
    if not cleaned.text.strip():
        msg = "empty"
        raise Quarantined(msg, "no text is left after cleaning.", "清理后没有文字。")
    document: dict[str, object] = {
        "doc_id": doc_id,
        "title": _title(cleaned.text) or PurePosixPath(doc_id).stem,
        "text": cleaned.text,
        "n_han": count_han(cleaned.text),
        "truncated": "truncated" in cleaned.warnings,
        "kept_share": len(cleaned.text) / len(part.raw),
        "present_share": float("nan"),
        "warnings": _join(cleaned.warnings),
        "path": found.name,
        "sha256": digest,
    }
    for name, value in part.variables.items():
        if name == "title" and isinstance(value, str) and value:
            document["title"] = value
        elif name != "title":
            document[f"meta_{name}" if name in TABLES["documents"] else name] = value
    return document, [(doc_id, *edit) for edit in cleaned.edits]


_NO_TITLE = re.compile(r"[。；;，,：:！!？?]$|^[一二三四五六七八九十]+、|^[（(]|^第[一二三四五六七八九十]+[章条]|^#")


def _title(text: str) -> str:
    """Take the first line where it looks like a title: short, Chinese, not a sentence and not a heading."""
    first = next((line.strip() for line in text.split("\n") if line.strip()), "")
    is_title = len(first) <= 60 and count_han(first) >= 4 and not _NO_TITLE.search(first)
    return first if is_title else ""


def _documents(rows: Iterable[dict[str, object]]) -> pd.DataFrame:
    documents = make_table("documents", _columns("documents", list(rows)))
    if "year" in documents:
        documents["year"] = pd.to_numeric(documents["year"], errors="coerce").astype("Int64")
    return documents.sort_values("doc_id", ignore_index=True)


def _columns(name: str, rows: list[dict[str, object]]) -> dict[str, list[object]]:
    names = dict.fromkeys([*TABLES[name], *(column for row in rows for column in row)])
    return {column: [row.get(column) for row in rows] for column in names}


def _join(codes: Iterable[str]) -> str:
    return ";".join(dict.fromkeys(code for code in codes if code))
