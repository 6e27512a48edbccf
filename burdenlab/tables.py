"""Every table that stages hand to each other: columns, dtypes, units."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.messages import with_chinese

__all__ = [
    "MOVES",
    "TABLES",
    "Rows",
    "check_columns",
    "check_documents",
    "check_keys",
    "check_table",
    "check_themes",
    "defuse",
    "document_variables",
    "find_rows",
    "make_table",
    "number_rows",
    "sentence_rows",
]

Rows = npt.NDArray[np.int64]  # numbers of rows, -1 for none

# problem 表现, harm 危害, cause 成因, measure 做法, result 成效, plan 打算, appeal 诉求, frame 开场收尾
MOVES = ("problem", "harm", "cause", "measure", "result", "plan", "appeal", "frame")


def _read() -> tuple[dict[str, dict[str, tuple[str, str]]], dict[str, str]]:
    tables: dict[str, dict[str, tuple[str, str]]] = {}
    makers: dict[str, str] = {}
    with (files("burdenlab") / "tables.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["column"]:
                tables.setdefault(row["table"], {})[row["column"]] = (row["dtype"], row["holds"])
            else:
                makers[row["table"]] = row["holds"]
    return tables, makers


# Table -> column -> (dtype, what it holds). Offsets are half-open counts of code points; text columns are `str`.
# `documents` may carry the user's document variables after these, estimates begin with the keys that they were asked by,
# and any table may carry more columns.
# The row without a column names the call that makes the table.
TABLES, _MAKERS = _read()


def make_table(name: str, rows: Iterable[Sequence[object]] | Mapping[str, object]) -> pd.DataFrame:
    """Build the table `name` from rows or columns, with its dtypes also where it is empty.

    Parameters
    ----------
    name : str
        A key of ``TABLES``.
    rows : iterable of tuples in the order of the columns, or a mapping from column to values

    Returns
    -------
    DataFrame
        The columns of ``TABLES[name]``, then those of a mapping that the table does not list.

    Examples
    --------
    >>> make_table("hits", []).dtypes["start"]
    dtype('int64')
    """
    dtypes = {column: dtype for column, (dtype, _) in TABLES[name].items()}
    table = pd.DataFrame(rows) if isinstance(rows, Mapping) else pd.DataFrame(list(rows), columns=list(dtypes))
    return table[[*dtypes, *(c for c in table.columns if c not in dtypes)]].astype(dtypes)


def check_table(table: pd.DataFrame, name: str, *, called: str = "") -> None:
    """Raise if `table` lacks a column of the table `name` or holds it with another dtype; more columns may follow.

    Parameters
    ----------
    table : DataFrame
    name : str
        A key of ``TABLES``.
    called : str
        What the caller's argument is called, where not `name`.

    Raises
    ------
    TypeError, ValueError
        If `table` is no DataFrame or a column has another dtype; if a column is missing.

    Examples
    --------
    >>> check_table(make_table("hits", []), "hits")
    """
    called = called or name
    if not isinstance(table, pd.DataFrame):
        msg = f"{called} is a {type(table).__name__}; a pandas DataFrame is expected. Make it by {_MAKERS[name]}."
        raise TypeError(msg)
    check_columns(table, name, list(TABLES[name]), called=called)
    found = dict(zip(table.columns, table.dtypes, strict=True))
    for column, (dtype, _) in TABLES[name].items():
        if str(found[column]) != dtype:
            msg = (
                f"{called}[{column!r}] has dtype {found[column]}; {dtype} is expected. "
                f"Convert it by {called}.astype({{{column!r}: {dtype!r}}})."
            )
            raise TypeError(msg)


def check_keys(by: str | Sequence[str] | None, *, taken: Sequence[str]) -> list[str]:
    """Give `by` as a list; raise ValueError if a key is given twice or bears the name of a column of the result.

    Examples
    --------
    >>> check_keys("level", taken=["n"])
    ['level']
    """
    keys = [by] if isinstance(by, str) else list(by or [])
    if len(set(keys)) != len(keys) or set(keys) & set(taken):
        msg = f"by={keys}; different variables other than {', '.join(map(repr, taken))} are expected."
        raise with_chinese(ValueError(msg), f"by={keys} 应为互不相同的变量,且不能是 {', '.join(taken)}。")
    return keys


def check_themes(themes: Sequence[str]) -> None:
    """Raise ValueError unless `themes` is a sequence of different ids, at least one."""
    if isinstance(themes, str) or len(set(themes)) != len(themes) or not len(themes):
        msg = f"themes={themes!r}; a sequence of different theme ids is expected, such as codebook.themes."
        raise with_chinese(ValueError(msg), f"themes={themes!r} 应为互不相同的主题标识,如 codebook.themes。")


def check_columns(table: pd.DataFrame, name: str, columns: Sequence[str], *, called: str = "") -> None:
    """Raise ValueError if `table`, `called` so by the caller where not `name`, lacks one of the columns."""
    if missing := [column for column in columns if column not in table.columns]:
        called = called or name
        msg = f"{called} lacks column(s) {missing}; it has {list(table.columns)}. Make it by {_MAKERS[name]}."
        chinese = f"{called} 缺少列 {missing};现有 {list(table.columns)}。请用 {_MAKERS[name]} 生成。"
        raise with_chinese(ValueError(msg), chinese)


def number_rows(columns: Iterable[pd.Series]) -> Rows:
    """Give each row a number that rises with its values, those of the first column first; equal rows share one.

    What is missing equals what is missing, and comes last.

    Examples
    --------
    >>> number_rows([pd.Series(["b", "a", "b"]), pd.Series([1, 1, 1])]).tolist()
    [1, 0, 1]
    """
    number = np.zeros((), dtype=np.int64)
    for column in columns:
        codes, values = pd.factorize(column, sort=True, use_na_sentinel=False)
        # Numbered anew after each column: the numbers of many columns would outgrow 64 bits.
        _, number = np.unique(number * len(values) + codes, return_inverse=True)
    return number


def find_rows(table: pd.DataFrame, within: pd.DataFrame, by: Sequence[str], *, name: str = "sentences") -> Rows:
    """Give for each row of `table` the row of `within`, called `name`, that has the same values of `by`; -1 for none.

    Raises
    ------
    ValueError
        If `within` has two such rows.

    Examples
    --------
    >>> within = pd.DataFrame({"doc_id": ["a", "b"], "sentence_id": [0, 1]})
    >>> find_rows(within.iloc[[1]].assign(more=1), within, ["doc_id", "sentence_id"]).tolist()
    [1]
    """
    number = number_rows(pd.concat([within[column], table[column]]) for column in by)
    places = pd.Index(number[: len(within)])
    if not places.is_unique:
        twice = ", ".join(map(str, within.loc[places.duplicated(), list(by)].iloc[0]))
        msg = f"{name} holds {', '.join(by)} ({twice}) twice; keep one row of each."
        raise with_chinese(ValueError(msg), f"{name} 中 {', '.join(by)} ({twice}) 出现两次;每项只应有一行。")
    return places.get_indexer(number[len(within) :])


def sentence_rows(table: pd.DataFrame, sentences: pd.DataFrame, *, name: str) -> Rows:
    """Give for each row of `table`, called `name`, the row of `sentences` that it names; raise ValueError without one.

    Examples
    --------
    >>> places = pd.DataFrame({"doc_id": ["a", "a"], "sentence_id": [0, 1]})
    >>> sentence_rows(places[1:], places, name="hits").tolist()
    [1]
    """
    rows = find_rows(table, sentences, ["doc_id", "sentence_id"])
    if (rows < 0).any():
        lost = table[rows < 0].iloc[0]
        msg = f"{name} names sentence {lost['sentence_id']} of {lost['doc_id']!r}, which sentences lacks; pass tables of the same corpus."
        chinese = f"{name} 中 {lost['doc_id']!r} 的第 {lost['sentence_id']} 句不在 sentences 里;请传入同一语料的表。"
        raise with_chinese(ValueError(msg), chinese)
    return rows


def defuse(table: pd.DataFrame, *, also: str = "") -> pd.DataFrame:
    """Put an apostrophe before each text that a spreadsheet would run as a formula, or that starts with `also`.

    Examples
    --------
    >>> defuse(pd.DataFrame({"a": ["=1+1", "b"]}))["a"].tolist()
    ["'=1+1", 'b']
    """
    starts = ("=", "+", "-", "@", "\t", "\r", *also)

    def defused(value: object) -> object:
        return "'" + value if isinstance(value, str) and value.startswith(starts) else value

    text = table.select_dtypes(include=["str", "object", "category"]).columns
    return table.assign(**{column: table[column].map(defused) for column in text})


def check_documents(table: pd.DataFrame, documents: pd.DataFrame, name: str = "sentences") -> None:
    """Raise ValueError if `documents` holds one twice, or lacks one that `table`, called `name`, is about."""
    if documents["doc_id"].duplicated().any():
        twice = documents.loc[documents["doc_id"].duplicated(), "doc_id"].iloc[0]
        msg = f"documents holds {twice!r} twice; keep one row a document."
        raise with_chinese(ValueError(msg), f"documents 中 {twice!r} 出现两次;每份文稿只应有一行。")
    strange = sorted(set(table["doc_id"]) - set(documents["doc_id"]))
    if strange:
        msg = f"{name} holds document {strange[0]!r}, which documents lacks; pass tables of the same corpus."
        raise with_chinese(ValueError(msg), f"{name} 中的文稿 {strange[0]!r} 不在 documents 中;请传入同一语料的表。")


def document_variables(
    documents: pd.DataFrame | None, wanted: Sequence[str], table: pd.DataFrame, *, name: str = "sentences"
) -> pd.DataFrame:
    """Give doc_id and the variables `wanted` of each document, sorted; those that lack one are left out.

    Raises
    ------
    ValueError
        If a variable is wanted and `documents` is not there or lacks it, or `documents` does not fit `table`.
    """
    if documents is None:
        if wanted:
            msg = f"by names the document variable(s) {list(wanted)}; pass documents=, the table that holds them."
            raise with_chinese(ValueError(msg), f"变量 {list(wanted)} 属于文稿;请传入含有它们的 documents=。")
        return pd.DataFrame({"doc_id": table["doc_id"].drop_duplicates().sort_values()})
    missing = [variable for variable in ["doc_id", *wanted] if variable not in documents.columns]
    if missing:
        msg = f"documents has no variable {missing}; it has {list(documents.columns)}."
        raise with_chinese(ValueError(msg), f"documents 中没有变量 {missing};现有 {list(documents.columns)}。")
    units = documents[["doc_id", *wanted]].sort_values("doc_id", ignore_index=True)
    check_documents(table, units, name)
    for variable in wanted:
        units = units[units[variable].notna() & (units[variable].astype("str") != "")]
    return units
