"""Counts without text, so that numbers can be checked where a text may not be passed on."""

from __future__ import annotations

import gzip
import hashlib
import importlib.metadata
import json
import os
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from burdenlab import __version__
from burdenlab.coding.codebook import Codebook
from burdenlab.exports.tables import write_whole
from burdenlab.loaders.features import CARD, FEATURE_FILES, FORMAT, feature_columns
from burdenlab.loaders.tokens import tokenize
from burdenlab.messages import with_chinese
from burdenlab.metrics.theme_counts import count_themes
from burdenlab.tables import check_documents, check_table, defuse

__all__ = ["save_features"]

_EXACT = ("int64", "Int64", "float64", "Float64", "bool", "boolean")  # dtypes of variables that come back as they were
_KINDS = {"i": "Int64", "u": "Int64", "f": "Float64"}  # of the others, by numpy's kind; dates too, the rest as text


def save_features(
    documents: pd.DataFrame,
    sentences: pd.DataFrame,
    hits: pd.DataFrame,
    *,
    folder: str | os.PathLike[str],
    codebook: Codebook,
    made_by: str = "",
) -> Path:
    """Write what can be counted in a corpus, and no sentence of it.

    Parameters
    ----------
    documents, sentences, hits : DataFrame
        The tables of a corpus.
    folder : path
        Made where it is not there; files of features in it are replaced.
    codebook : Codebook
        That found the hits; its literal terms are words when words are counted.
    made_by : str
        For the card: the script, or who ran it.

    Returns
    -------
    Path
        Of the card ``features.toml``, which names codebook, versions and tokenizer and the SHA-256 of the other files:
        ``documents.csv`` (everything but the text), ``themes.csv`` (hits by section, move and theme), ``exposure.csv``
        (Han characters and sentences by section and move), ``words.csv.gz``. Equal tables give equal bytes.

    Raises
    ------
    ValueError
        If a table names a document or a theme that the others lack.

    Warnings
    --------
    Who has the text recognises it from its counts; a name that occurs is a word of its document, and titles, paths and
    all document variables are written as they are. Drop from `documents` what must stay, and do not pass on counts of
    texts whose existence is a secret.

    Examples
    --------
    >>> import burdenlab as bl, tempfile
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> codebook = bl.load_codebook()
    >>> hits = bl.find_hits(sentences, codebook)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     card = save_features(documents, sentences, hits, folder=folder, codebook=codebook)
    ...     sorted(path.name for path in card.parent.iterdir())
    ['documents.csv', 'exposure.csv', 'features.toml', 'themes.csv', 'words.csv.gz']
    """
    for table, name in ((documents, "documents"), (sentences, "sentences"), (hits, "hits")):
        check_table(table, name)
    _check_fit(documents, sentences, hits, codebook)
    theme_counts, exposure = count_themes(hits, sentences)
    tokens = tokenize(sentences, codebook=codebook)
    word_counts = tokens.groupby(["token", "doc_id"], as_index=False).agg(n=("start", "size"))
    tables = {
        "documents": _without_text(documents, sentences),
        "theme_counts": theme_counts,
        "exposure": exposure,
        "word_counts": word_counts,
    }
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    hashes = {file: _write_table(tables[name], place / file) for name, file in FEATURE_FILES.items()}
    sums = {
        "n_documents": len(documents), "n_han": sentences["n_han"].sum(), "n_sentences": len(sentences),
        "n_hits": len(hits), "n_words": len(tokens),
    }  # fmt: skip
    write_whole(place / CARD, _card(tables["documents"], sums, hashes, codebook, made_by).encode())
    return place / CARD


def _check_fit(documents: pd.DataFrame, sentences: pd.DataFrame, hits: pd.DataFrame, codebook: Codebook) -> None:
    check_documents(sentences, documents)
    unknown = sorted(set(hits["theme"]) - set(codebook.themes))
    if unknown:
        msg = f"hits has theme {unknown[0]!r}, which the codebook lacks; pass the codebook that made the hits."
        raise with_chinese(ValueError(msg), f"hits 中的主题 {unknown[0]!r} 不在编码本中;请传入生成 hits 的编码本。")


def _without_text(documents: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    n_sentences = sentences.groupby("doc_id").size().reindex(documents["doc_id"], fill_value=0)
    counted = documents.assign(n_sentences=n_sentences.to_numpy(dtype="int64"))
    ours = list(feature_columns("documents"))
    theirs = [column for column in counted.columns if column not in (*ours, "text")]
    return counted[[*ours, *theirs]].sort_values("doc_id", ignore_index=True)


def _write_table(table: pd.DataFrame, path: Path) -> str:
    """Write a table, its apostrophes doubled so that reading can take one off, and give its SHA-256."""
    data = defuse(table, also="'").to_csv(index=False, lineterminator="\n").encode()
    data = gzip.compress(data, 7, mtime=0) if path.suffix == ".gz" else data
    write_whole(path, data)
    return hashlib.sha256(data).hexdigest()


def _card(
    documents: pd.DataFrame, sums: Mapping[str, int], hashes: Mapping[str, str], codebook: Codebook, made_by: str
) -> str:
    variables = {c: _dtype(documents[c]) for c in documents.columns if c not in feature_columns("documents")}
    jieba = importlib.metadata.version("jieba")
    lines = [
        "# Counts of a corpus without its text: written by burdenlab's save_features, read by its read_features.",
        f"format = {FORMAT}",
        f"made_by = {_quoted(made_by)}",
        f"burdenlab = {_quoted(__version__)}",
        f"tokenizer = {_quoted(f'jieba {jieba}, with the literal terms of the codebook as words')}",
        *(f"{name} = {int(n)}" for name, n in sums.items()),
        "\n[codebook]",
        *(f"{key} = {_quoted(getattr(codebook, key))}" for key in ("name", "version", "sha256")),
        f"themes = [{', '.join(_quoted(theme) for theme in codebook.themes)}]",
        "\n[variables]",
        *(f"{_quoted(str(name))} = {_quoted(dtype)}" for name, dtype in variables.items()),
        "\n[sha256]",
        *(f"{_quoted(file)} = {_quoted(digest)}" for file, digest in hashes.items()),
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Write a TOML string: JSON's rules, and DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _dtype(column: pd.Series) -> str:
    name, kind = str(column.dtype), getattr(column.dtype, "kind", "O")
    return name if name in _EXACT or kind == "M" else _KINDS.get(kind, "str")
