"""Documents from files, and what became of every file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pandas as pd

from burdenlab.loaders.cleaning import clean, restore
from burdenlab.loaders.compilations import titles_of
from burdenlab.loaders.files import Found, Source, find_files, is_system_file
from burdenlab.loaders.formats import SAFE_FORMATS, sniff
from burdenlab.loaders.isolation import IsolatedReader
from burdenlab.loaders.limits import Limits, Options
from burdenlab.loaders.metadata import Metadata, join_metadata, read_metadata
from burdenlab.loaders.noise import RULES, Rule
from burdenlab.loaders.quarantine import Quarantined
from burdenlab.loaders.reading import Result, facts, join_codes, quarantined, read_file, skipped
from burdenlab.messages import with_chinese
from burdenlab.tables import TABLES, make_table

__all__ = ["read_documents"]


def read_documents(
    source: Source,
    *,
    metadata: Metadata | None = None,
    encoding: str | None = None,
    text_column: str | None = None,
    workers: int = 1,
    limits: Limits | None = None,
    strict: bool = False,
    compilations: pd.DataFrame | None = None,
    rules: Iterable[Rule] | None = None,
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
        Of size, time and memory; see ``Limits``.
    strict : bool
        Quarantine a file that would be counted with warnings.
    compilations : DataFrame, optional
        What ``find_compilations`` gives, as a person left it: the documents in it are split into ``a.txt#1`` and so on.
    rules : iterable of Rule, optional
        Rules of cleaning instead of ``bl.RULES``: leave some out, add your own, or ``bl.FOLD_SCRIPT``, which writes
        traditional characters as simplified ones.
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
    rules = None if rules is None else tuple(rules)
    titles = {} if compilations is None else titles_of(compilations)
    reading = _read_all(found, Options(encoding, text_column, limits or Limits(), titles), workers, table_of_metadata)
    results: list[Result] = list(reading if progress is None else progress(reading, len(found)))
    results = _one_of_two(results)
    if rules is not None:
        for result in results:
            _clean_again(result, rules)
    if strict:
        results = [_refuse_warned(result) for result in results]
    documents = _documents([row for result in results for row in result.documents])
    if variables is not None and len(documents):
        documents = join_metadata(documents, variables)
    files = make_table("files", _columns("files", [row for result in results for row in result.files]))
    edits = make_table("edits", (edit for result in results for edit in result.edits))
    return documents, files, edits


def _one_of_two(results: list[Result]) -> list[Result]:
    """Count of ``x.pdf`` and ``x.pdf.txt`` one: the PDF where it has a text, else what a person put beside it."""
    states = {file["path"]: file["state"] for result in results for file in result.files}
    kept = []
    for result in results:
        dropped = set()
        for file in result.files:
            path, beside = file["path"], f"{file['path']}.txt"
            if path.lower().endswith(".pdf") and file["state"] == "quarantined" and states.get(beside) in _COUNTED:
                file |= {"state": "skipped", "reasons": join_codes([*file["reasons"].split(";"), "text_beside"])}
            elif path.lower().endswith(".pdf.txt") and states.get(path[:-4]) in _COUNTED:
                file |= {"state": "skipped", "reasons": "pdf_beside", "n_documents": 0}
                dropped.add(path)
        kept.append(_without(result, dropped))
    return kept


def _without(result: Result, paths: set[str]) -> Result:
    """Leave out the documents of those files, and their edits; the files keep their rows."""
    documents = [document for document in result.documents if document["path"] not in paths]
    ids = {document["doc_id"] for document in documents}
    return Result(result.files, documents, [edit for edit in result.edits if edit[0] in ids])


_COUNTED = ("counted", "warned")


def _clean_again(result: Result, rules: tuple[Rule, ...]) -> None:
    """Clean by other rules, in this process: a rule of the user's is a function, which does not travel to a child."""
    edits: dict[str, list[list[Any]]] = {}
    for doc_id, *edit in result.edits:
        edits.setdefault(doc_id, []).append(edit)
    result.edits = []
    told = {code for rule in RULES for code in rule.warnings}
    for document in result.documents:
        doc_id = document["doc_id"]
        raw = restore(document["text"], edits.get(doc_id, []))
        cleaned = clean(raw, rules=rules)
        kept = [code for code in document["warnings"].split(";") if code not in told]
        document |= (new := facts(raw, cleaned))
        document["warnings"] = join_codes([*kept, *new["warnings"].split(";")])
        result.edits += [[doc_id, *edit] for edit in cleaned.edits]
        for file in result.files:
            if file["path"] == document["path"] and file["n_documents"] == 1:
                file |= {"reasons": document["warnings"], "state": "warned" if document["warnings"] else "counted"}


def _refuse_warned(result: Result) -> Result:
    warned = {file["path"] for file in result.files if file["state"] == "warned"}
    files = [f | {"state": "quarantined", "n_documents": 0} if f["path"] in warned else f for f in result.files]
    return replace(_without(result, warned), files=files)


def _read_all(found: list[Found], options: Options, workers: int, metadata: Path | None) -> Iterator[Result]:
    """Read files in order: safe ones here, risky ones in a child; all of them in children where there are several."""
    if workers == 1:
        with closing(IsolatedReader()) as child:
            for file in found:
                yield _fate(file, metadata) or _read_here_or_there(file, options, child)
        return
    children: SimpleQueue[IsolatedReader] = SimpleQueue()
    readers = [IsolatedReader() for _ in range(workers)]
    for reader in readers:
        children.put(reader)

    def read(file: Found) -> Result:
        if fate := _fate(file, metadata):
            return fate
        child = children.get()
        try:
            return child.read(file.path, file.name, options)
        finally:
            children.put(child)

    try:
        with ThreadPoolExecutor(workers) as pool:
            yield from pool.map(read, found)
    finally:
        for reader in readers:
            reader.close()


_REFUSALS = {
    "symlink": ("a link is not followed; copy the file into the folder.", "不跟随符号链接;请把文件复制到文件夹里。"),
    "not_regular": ("a pipe, device or socket is not opened.", "不打开管道、设备或套接字。"),
    "unreadable": ("it cannot be opened; look at its permissions.", "无法打开;请检查权限。"),
}


def _fate(file: Found, metadata: Path | None) -> Result | None:
    """Give the result of a file that is not opened at all."""
    if file.refused:
        return quarantined(file.name, Quarantined(file.refused, *_REFUSALS[file.refused]))
    if is_system_file(file.path.name):
        return skipped(file.name, "system_file")
    if metadata is not None and file.path.resolve() == metadata:
        return skipped(file.name, "metadata_table")
    return None


def _read_here_or_there(file: Found, options: Options, child: IsolatedReader) -> Result:
    try:
        with file.path.open("rb") as stream:
            head = stream.read(4096)
    except OSError:
        head = b""
    if sniff(head, file.name) in SAFE_FORMATS:
        return read_file(file.path, file.name, options)
    return child.read(file.path, file.name, options)


def _documents(rows: list[dict[str, Any]]) -> pd.DataFrame:
    documents = make_table("documents", _columns("documents", rows))
    if "year" in documents:
        documents["year"] = pd.to_numeric(documents["year"], errors="coerce").astype("Int64")
    return documents.sort_values("doc_id", ignore_index=True)


def _columns(name: str, rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    names = dict.fromkeys([*TABLES[name], *(column for row in rows for column in row)])
    return {column: [row.get(column) for row in rows] for column in names}
