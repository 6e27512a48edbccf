"""Features of a corpus: its counts without its text, from a folder that `save_features` wrote."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tomllib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Never

import pandas as pd

from burdenlab.loaders.project import project_path
from burdenlab.messages import with_chinese
from burdenlab.tables import TABLES

__all__ = ["CARD", "FEATURE_FILES", "FORMAT", "Features", "feature_columns", "read_features"]

FORMAT = 1  # of the folder; a reader refuses a later one
CARD = "features.toml"
FEATURE_FILES = {
    "documents": "documents.csv",
    "theme_counts": "themes.csv",
    "exposure": "exposure.csv",
    "word_counts": "words.csv.gz",
}
_LARGEST = 2_000_000_000  # bytes of a file when unpacked
_CELLS = {  # what a cell may look like
    "int64": r"-?\d{1,18}",
    "Int64": r"(-?\d{1,18})?",
    "float64": r"(-?[\d.]+(e[+-]?\d+)?|-?inf)?",
    "Float64": r"(-?[\d.]+(e[+-]?\d+)?|-?inf)?",
    "bool": r"True|False",
    "boolean": r"(True|False)?",
}


@dataclass(frozen=True)
class Features:
    """What can be counted in a corpus; made by ``read_features``.

    Attributes
    ----------
    documents : DataFrame
        Table ``documents`` without ``text``, with the document variables and ``n_sentences``.
    theme_counts : DataFrame
        One row for each document, section, move and theme with a hit: ``n_hits``, ``n_sentences_hit``.
    exposure : DataFrame
        One row for each document, section, move and section_move that occurs: ``n_han``, ``n_sentences``.
    word_counts : DataFrame
        One row for each document and word: ``n``.
    card : dict
        How they were made: codebook, versions, tokenizer, sums and hashes.
    """

    documents: pd.DataFrame
    theme_counts: pd.DataFrame
    exposure: pd.DataFrame
    word_counts: pd.DataFrame
    card: Mapping[str, Any]

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes that were looked for, in the order of their codebook; the shipped codebook may have moved on."""
        return tuple(self.card["codebook"]["themes"])


def read_features(folder: str | os.PathLike[str] | None = None) -> Features:
    """Read features, after checking that each file is the one that the card describes.

    Rates, keyness and trends from features are those from the text: pass ``theme_counts`` in the place of hits,
    ``exposure`` in the place of sentences, ``word_counts`` in the place of tokens. What needs a sentence (concordance,
    examples, leaving out quotations or reused sentences) cannot be done with them.

    Parameters
    ----------
    folder : path, optional
        What ``save_features`` wrote; where left out the features of 97 work reports that come with burdenlab, see
        ``data/features/README.md``.

    Returns
    -------
    Features

    Raises
    ------
    FileNotFoundError
        If the folder or a file of it is not there.
    ValueError
        If a file is not the one that the card describes, the card or a cell cannot be read, or the tables do not fit
        each other.

    Examples
    --------
    >>> import burdenlab as bl
    >>> features = read_features()
    >>> features.documents["level"].value_counts().to_dict()
    {'central': 58, 'province': 31, 'county': 8}
    """
    place = project_path("data", "features") if folder is None else Path(folder)
    card = _card(place)
    tables = {name: _table(place, name, card) for name in FEATURE_FILES}
    _check_fit(place, tables, card)
    # The file has the order that packs best.
    tables["word_counts"] = tables["word_counts"].sort_values(["doc_id", "token"], ignore_index=True)
    return Features(**tables, card=card)


def feature_columns(name: str) -> dict[str, str]:
    """Give the columns that a file of features has, with their dtypes; documents have the user's variables after them.

    Examples
    --------
    >>> feature_columns("word_counts")
    {'doc_id': 'str', 'token': 'str', 'n': 'int64'}
    """
    columns = {column: dtype for column, (dtype, _) in TABLES[name].items() if column != "text"}
    return columns | {"n_sentences": "int64"} if name == "documents" else columns


def _card(place: Path) -> Mapping[str, Any]:
    lost = next((f for f in (CARD, *FEATURE_FILES.values()) if not (place / f).is_file()), None)
    if lost is not None:
        msg = f"{str(place)!r} holds no features: it lacks {lost}; make them by save_features(…, folder=…)."
        raise with_chinese(
            FileNotFoundError(msg), f"{str(place)!r} 中没有特征表:缺少 {lost};请用 save_features(…, folder=…) 生成。"
        )
    try:
        card = tomllib.loads((place / CARD).read_text("utf-8"))
        newest, themes, hashes = card["format"], card["codebook"]["themes"], card["sha256"]
        sound = all(isinstance(theme, str) for theme in themes) and isinstance(hashes, dict)
        if not sound or not isinstance(card.setdefault("variables", {}), dict):
            _refuse_card(place, "its parts codebook.themes, sha256 and variables are not as expected", "各部分不合格式")
    except (KeyError, TypeError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        _refuse_card(place, f"{type(error).__name__}: {error}", f"{type(error).__name__}:{error}")
    if newest != FORMAT:
        _refuse_card(
            place, f"its format is {newest!r}, this burdenlab reads {FORMAT}", f"格式为 {newest!r},本版只读 {FORMAT}"
        )
    return card


def _refuse_card(place: Path, why: str, why_zh: str) -> Never:
    msg = f"{place / CARD} cannot be used: {why}. Write the folder again by save_features."
    raise with_chinese(ValueError(msg), f"{place / CARD} 无法使用:{why_zh}。请用 save_features 重新生成。")


def _table(place: Path, name: str, card: Mapping[str, Any]) -> pd.DataFrame:
    file = FEATURE_FILES[name]
    data = (place / file).read_bytes()
    digest, wanted = hashlib.sha256(data).hexdigest(), card["sha256"].get(file)
    if digest != wanted:
        msg = (
            f"{place / file} was changed: its SHA-256 is {digest}, {CARD} says {wanted}. "
            "Take the folder anew from its source, or write it again by save_features."
        )
        raise with_chinese(
            ValueError(msg), f"{place / file} 已被改动:SHA-256 为 {digest},{CARD} 中为 {wanted}。请重新获取或重新生成。"
        )
    try:
        if file.endswith(".gz"):
            with gzip.open(io.BytesIO(data)) as unpacked:
                data = unpacked.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            _refuse(place / file, f"it holds more than {_LARGEST} bytes", f"超过 {_LARGEST} 字节")
        raw = pd.read_csv(io.BytesIO(data), dtype="str", na_filter=False, encoding="utf-8", lineterminator="\n")
    except (
        OSError,
        EOFError,
        zlib.error,
        UnicodeDecodeError,
        pd.errors.ParserError,
        pd.errors.EmptyDataError,
    ) as error:
        _refuse(place / file, f"{type(error).__name__}: {error}", f"{type(error).__name__}:{error}")
    ours = feature_columns(name)
    missing = [column for column in ours if column not in raw.columns]
    if missing:
        _refuse(place / file, f"it lacks column(s) {missing}", f"缺少列 {missing}")
    theirs = {column: card["variables"].get(column, "str") for column in raw.columns if column not in ours}
    columns = {c: _typed(raw[c], dtype, place / file, own=c in ours) for c, dtype in (ours | theirs).items()}
    return pd.DataFrame(columns)


def _refuse(path: Path, why: str, why_zh: str) -> Never:
    msg = f"{path} cannot be read: {why}. Write the folder again by save_features."
    raise with_chinese(ValueError(msg), f"{path} 无法读取:{why_zh}。请用 save_features 重新生成。")


def _typed(column: pd.Series, dtype: str, path: Path, *, own: bool) -> pd.Series:
    """Give a column its dtype; the first cell that has not got it is named."""
    if dtype == "str":
        # save_features puts an apostrophe before what a spreadsheet would run.
        plain = column.str.removeprefix("'").astype("str")
        return plain if own else plain.where(plain != "", None).astype("str")
    if dtype in _CELLS:
        fits = column.str.fullmatch(_CELLS[dtype]).astype(bool)
        if not fits.all():
            row = int((~fits).to_numpy().argmax())
            value = f"row {row + 2}, column {column.name!r} holds {column.iloc[row]!r} where {dtype} is expected"
            _refuse(path, value, f"第 {row + 2} 行 {column.name!r} 列的值 {column.iloc[row]!r} 应为 {dtype}")
    if dtype in ("bool", "boolean"):
        return column.map({"True": True, "False": False, "": None}).astype(dtype)
    try:
        return column.where(column != "", None).astype(dtype)
    except (ValueError, TypeError) as error:
        _refuse(path, f"column {column.name!r} is no {dtype}: {error}", f"列 {column.name!r} 不是 {dtype}:{error}")


def _check_fit(place: Path, tables: Mapping[str, pd.DataFrame], card: Mapping[str, Any]) -> None:
    """Raise if a table names a document or a theme that is not there: its counts would be lost in silence."""
    ids = tables["documents"]["doc_id"]
    if ids.duplicated().any():
        twice = ids[ids.duplicated()].iloc[0]
        _refuse(place / FEATURE_FILES["documents"], f"it holds {twice!r} twice", f"{twice!r} 出现两次")
    known = set(ids)
    for name, table in tables.items():
        strange = sorted(set(table["doc_id"]) - known)
        if strange:
            _refuse(
                place / FEATURE_FILES[name],
                f"documents.csv lacks {strange[0]!r}",
                f"documents.csv 中没有 {strange[0]!r}",
            )
    strange = sorted(set(tables["theme_counts"]["theme"]) - set(card["codebook"]["themes"]))
    if strange:
        _refuse(
            place / FEATURE_FILES["theme_counts"],
            f"{CARD} lacks the theme {strange[0]!r}",
            f"{CARD} 中没有主题 {strange[0]!r}",
        )
