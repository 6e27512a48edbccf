"""All stages over a folder, on disk: one Parquet a table, and back."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from burdenlab.coding.codebook import Codebook
from burdenlab.coding.codebook_files import load_codebook
from burdenlab.coding.hits import find_hits
from burdenlab.exports.features import save_features
from burdenlab.exports.tables import save_table, write_whole
from burdenlab.loaders.documents import read_documents
from burdenlab.loaders.features import Features, read_features
from burdenlab.loaders.files import Source
from burdenlab.loaders.limits import Limits
from burdenlab.loaders.metadata import Metadata
from burdenlab.loaders.project import project_path
from burdenlab.loaders.sections import split_sections
from burdenlab.loaders.sentences import split_sentences
from burdenlab.messages import with_chinese
from burdenlab.tables import check_table

__all__ = ["Corpus", "code_corpus", "load_corpus", "load_features", "open_corpus"]

_TABLES = ("documents", "files", "edits", "sections", "sentences", "hits")


@dataclass(frozen=True)
class Corpus:
    """The tables of a coded corpus and the codebook that it was coded with."""

    documents: pd.DataFrame
    files: pd.DataFrame
    edits: pd.DataFrame
    sections: pd.DataFrame
    sentences: pd.DataFrame
    hits: pd.DataFrame
    codebook: Codebook


def code_corpus(
    source: Source,
    *,
    out: str | os.PathLike[str],
    metadata: Metadata | None = None,
    codebook: Codebook | str | os.PathLike[str] | None = None,
    text_column: str | None = None,
    encoding: str | None = None,
    workers: int = 1,
    limits: Limits | None = None,
    strict: bool = False,
    progress: Callable[[Iterable[Any], int], Iterable[Any]] | None = None,
) -> Corpus:
    """Read, split and code a folder, and write every table.

    Parameters
    ----------
    source, metadata, text_column, encoding, workers, limits, strict, progress
        As in ``read_documents``.
    out : path
        A folder that is made: ``documents.parquet``, ``files.parquet``, ``edits.parquet``, ``sections.parquet``,
        ``sentences.parquet``, ``hits.parquet``, ``files.csv`` and ``codebook.json``. Each file is written under another
        name and then renamed, so that a half-written one is never taken for a whole one.
    codebook : Codebook or path, optional
        The shipped one where left out.

    Returns
    -------
    Corpus

    Raises
    ------
    ValueError
        If no document could be counted; ``files.csv`` is written first and tells why.

    Examples
    --------
    >>> import burdenlab as bl, tempfile
    >>> with tempfile.TemporaryDirectory() as out:
    ...     corpus = bl.code_corpus("data/demo/reports", out=out)
    ...     bl.open_corpus(out).hits.equals(corpus.hits)
    True
    """
    book = codebook if isinstance(codebook, Codebook) else load_codebook(codebook)
    documents, files, edits = read_documents(
        source, metadata=metadata, encoding=encoding, text_column=text_column, workers=workers, limits=limits,
        strict=strict, progress=progress,
    )  # fmt: skip
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    save_table(files, folder / "files.csv")
    if documents.empty:
        first = files.iloc[0]
        raise with_chinese(
            ValueError(
                f"none of the {len(files)} file(s) could be counted; the first, {first['path']!r}: {first['reasons']}. "
                f"{first['detail']} See {folder / 'files.csv'}."
            ),
            f"{len(files)} 个文件均未能计入;首个 {first['path']!r}:{first['reasons']}。{first['detail_zh']}详见 {folder / 'files.csv'}。",
        )
    sections = split_sections(documents)
    sentences = split_sentences(documents, sections)
    corpus = Corpus(documents, files, edits, sections, sentences, find_hits(sentences, book), book)
    for name in _TABLES:
        part = folder / f"{name}.parquet.part"
        getattr(corpus, name).to_parquet(part, index=False)
        part.replace(folder / f"{name}.parquet")
    write_whole(folder / "codebook.json", json.dumps(book.to_dict(), ensure_ascii=False, indent=1).encode())
    return corpus


def open_corpus(out: str | os.PathLike[str]) -> Corpus:
    """Open what ``code_corpus`` wrote.

    Raises
    ------
    FileNotFoundError
        If the folder lacks a table.

    Examples
    --------
    >>> open_corpus("data")
    Traceback (most recent call last):
    FileNotFoundError: data is no coded corpus: it lacks documents.parquet; make one by code_corpus(source, out=…).
    """
    folder = Path(out)
    missing = [f for f in (*(f"{name}.parquet" for name in _TABLES), "codebook.json") if not (folder / f).is_file()]
    if missing:
        msg = f"{folder} is no coded corpus: it lacks {missing[0]}; make one by code_corpus(source, out=…)."
        raise with_chinese(
            FileNotFoundError(msg), f"{folder} 不是已编码的语料:缺少 {missing[0]};请先运行 code_corpus(source, out=…)。"
        )
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in _TABLES}
    for name, table in tables.items():
        check_table(table, name)
    book = Codebook.from_dict(json.loads((folder / "codebook.json").read_text("utf-8")))
    return Corpus(**tables, codebook=book)


def load_corpus(
    corpus: str | os.PathLike[str] | None = None,
    *,
    out: str | os.PathLike[str],
    source: Source | None = None,
    metadata: Metadata | None = None,
    codebook: str | os.PathLike[str] | None = None,
) -> Corpus:
    """Open the coded corpus that a notebook is given, or code a folder first: one's own, else the demo.

    Parameters
    ----------
    corpus : path, optional
        A folder that ``code_corpus`` wrote; the rest is then not looked at.
    out : path
        Where a folder is coded to.
    source : path or list of paths, optional
        The demo, with its metadata, where left out.
    metadata, codebook
        As in ``code_corpus``.

    Returns
    -------
    Corpus

    Examples
    --------
    >>> import tempfile
    >>> corpus = load_corpus(out=tempfile.mkdtemp())
    >>> len(corpus.documents)
    18
    """
    if corpus is not None:
        return open_corpus(corpus)
    if source is None:
        source, metadata = project_path("data", "demo", "reports"), project_path("data", "demo", "metadata.csv")
    return code_corpus(source, out=Path(out) / "coded", metadata=metadata, codebook=codebook)


def load_features(
    features: str | os.PathLike[str] | None = None,
    *,
    out: str | os.PathLike[str],
    corpus: str | os.PathLike[str] | None = None,
    source: Source | None = None,
    metadata: Metadata | None = None,
    codebook: str | os.PathLike[str] | None = None,
) -> tuple[Features, Codebook]:
    """Read the features that a notebook is given, or make those of a corpus first: one's own, else the shipped ones.

    Parameters
    ----------
    features : path, optional
        A folder that ``save_features`` wrote; the rest is then not looked at.
    out : path
        Where features of a corpus are written to, in ``features``.
    corpus, source, metadata, codebook
        As in ``load_corpus``; where all are left out, the features of 97 work reports that come with burdenlab.

    Returns
    -------
    features : Features
    codebook : Codebook
        That labels the themes.

    Examples
    --------
    >>> features, codebook = load_features(out="results")
    >>> len(features.documents), len(codebook.themes)
    (97, 25)
    """
    if features is None and (corpus is not None or source is not None):
        own = load_corpus(corpus, out=out, source=source, metadata=metadata, codebook=codebook)
        place = Path(out) / "features"
        save_features(own.documents, own.sentences, own.hits, folder=place, codebook=own.codebook)
        return read_features(place), own.codebook
    return read_features(features), load_codebook(codebook)
