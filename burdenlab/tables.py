"""Every table that stages hand to each other: columns, dtypes, units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from burdenlab.messages import with_chinese

__all__ = [
    "MOVES",
    "TABLES",
    "check_columns",
    "check_documents",
    "check_keys",
    "check_table",
    "check_themes",
    "defuse",
    "document_variables",
    "make_table",
]

# problem 表现, harm 危害, cause 成因, measure 做法, result 成效, plan 打算, appeal 诉求, frame 开场收尾
MOVES = ("problem", "harm", "cause", "measure", "result", "plan", "appeal", "frame")


# Table -> column -> (dtype, what it holds). Offsets are half-open counts of code points; text columns are `str`.
# `documents` may carry the user's document variables after these, and any table may carry more columns.
TABLES: dict[str, dict[str, tuple[str, str]]] = {
    "documents": {
        "doc_id": ("str", "path relative to the folder read; table.csv#ID for a row of a table"),
        "title": ("str", "the user's title, else the first line where it looks like one, else the file's stem"),
        "text": ("str", "the text after cleaning"),
        "n_han": ("int64", "Han characters of text"),
        "truncated": ("bool", "the source stops before its end"),
        "kept_share": ("float64", "characters of text per character of raw, NaN for an empty raw"),
        "present_share": ("float64", "length there per length promised by the source, NaN where none is promised"),
        "warnings": ("str", "codes joined by ';', see burdenlab.messages.REASONS"),
        "path": ("str", "the file, relative to the folder read"),
        "sha256": ("str", "of the file's bytes"),
    },
    "files": {
        "path": ("str", "relative to the folder read, odd bytes escaped"),
        "state": ("str", "counted, warned, quarantined or skipped"),
        "reasons": ("str", "codes joined by ';'"),
        "detail": ("str", "what came, what was expected, how to mend it"),
        "n_documents": ("int64", "documents made from the file"),
        "bytes": ("Int64", "size; missing where the file could not be looked at"),
        "format": ("str", "what the bytes say that it is"),
        "encoding": ("str", "of a text file, else ''"),
        "encoding_confidence": ("float64", "[0, 1]; NaN where there is no encoding"),
    },
    "edits": {
        "doc_id": ("str", ""),
        "raw_start": ("int64", "in raw"),
        "raw_end": ("int64", "in raw"),
        "start": ("int64", "in text"),
        "end": ("int64", "in text"),
        "reason": ("str", "the rule that made the edit"),
        "before": ("str", "raw[raw_start:raw_end]"),
        "after": ("str", "text[start:end]"),
    },
    "sections": {
        "doc_id": ("str", ""),
        "section_id": ("int64", "0 is the root, then in the order of the text"),
        "parent_id": ("int64", "-1 for the root"),
        "level": ("int64", "depth; 0 is the root"),
        "label": ("str", "the marker as written, '' for a run-in heading and the root"),
        "heading": ("str", "the heading without its marker and its full stop"),
        "heading_start": ("int64", "in text"),
        "heading_end": ("int64", "in text"),
        "start": ("int64", "of the block, its marker included"),
        "end": ("int64", "of the block, its children included"),
        "move": ("str", "the move of the block, '' where neither its heading nor an ancestor tells one"),
        "move_source": ("str", "the rule that gave the move"),
        "ordinal": ("Int64", "the number that the marker counts, missing without one"),
        "ordinal_note": ("str", "'skipped', 'repeated' or '': the number against that of the sibling before it"),
    },
    "sentences": {
        "doc_id": ("str", ""),
        "section_id": ("int64", "the innermost section"),
        "sentence_id": ("int64", "from 0 in the order of the text"),
        "start": ("int64", ""),
        "end": ("int64", ""),
        "text": ("str", "documents.text[start:end]"),
        "n_han": ("int64", "Han characters"),
        "is_heading": ("bool", "a heading with its marker is a sentence too"),
        "section_move": ("str", "the move of the section"),
        "move": ("str", "the act of the sentence where a cue is safe, else section_move"),
        "move_source": ("str", "the rule that gave the move"),
        "is_quotation": ("bool", "most of its Han characters stand between quotation marks, eight or more in a row"),
    },
    "tokens": {
        "doc_id": ("str", ""),
        "sentence_id": ("int64", ""),
        "start": ("int64", "in the document"),
        "end": ("int64", "in the document"),
        "token": ("str", "documents.text[start:end]; white space and punctuation make no token"),
    },
    "hits": {
        "doc_id": ("str", ""),
        "sentence_id": ("int64", ""),
        "theme": ("str", "id in the codebook"),
        "term": ("str", "the literal, or the pattern as written in the codebook"),
        "start": ("int64", "in the document"),
        "end": ("int64", "in the document"),
        "match": ("str", "documents.text[start:end]"),
        "move": ("str", "of the sentence"),
    },
    "sample": {
        "unit_id": ("str", "in the coding sheet; its order is shuffled and says nothing"),
        "doc_id": ("str", ""),
        "sentence_id": ("int64", ""),
        "start": ("int64", ""),
        "end": ("int64", ""),
        "sha256": ("str", "of the sentence's text in UTF-8"),
        "stratum": ("str", "hit:<theme>, score or none"),
        "n_stratum": ("int64", "sentences in the stratum"),
        "n_drawn": ("int64", "of them drawn"),
        "probability": ("float64", "of being drawn, n_drawn / n_stratum"),
    },
    "codes": {
        "unit_id": ("str", "of the sample"),
        "doc_id": ("str", ""),
        "sentence_id": ("int64", ""),
        "coder": ("str", "who coded; 'final' for an adjudicated code"),
        "round": ("int64", "from 1"),
        "themes": ("str", "ids joined by ';', '' for none"),
        "move": ("str", "'' where not coded"),
        "note": ("str", "the coder's"),
    },
    # Counts without text, from which rates can be computed again but not the sentences.
    "theme_counts": {
        "doc_id": ("str", ""),
        "section_id": ("int64", "the innermost section of the sentences"),
        "move": ("str", "of the sentences"),
        "theme": ("str", "id in the codebook"),
        "n_hits": ("int64", "at least 1: what has no hit has no row"),
        "n_sentences_hit": ("int64", "sentences with a hit"),
    },
    "exposure": {
        "doc_id": ("str", ""),
        "section_id": ("int64", "the innermost section of the sentences"),
        "move": ("str", "of the sentences"),
        "section_move": ("str", "of the section"),
        "n_han": ("int64", "Han characters of the sentences"),
        "n_sentences": ("int64", ""),
    },
    "word_counts": {
        "doc_id": ("str", ""),
        "token": ("str", ""),
        "n": ("int64", "how often it stands in the document"),
    },
    # A passage that two documents share; a is the earlier one, by doc_id where dates do not tell.
    "passages": {
        "doc_id_a": ("str", ""),
        "start_a": ("int64", "in the text of doc_id_a"),
        "end_a": ("int64", ""),
        "doc_id_b": ("str", ""),
        "start_b": ("int64", "in the text of doc_id_b"),
        "end_b": ("int64", ""),
        "n_han": ("int64", "Han characters that both places have, in the same order"),
        "n_han_a": ("int64", "all Han characters of the place in doc_id_a"),
        "n_han_b": ("int64", ""),
        "identity": ("float64", "n_han / max(n_han_a, n_han_b), in (0, 1]"),
        "source": ("str", "doc_id_a where it is dated before doc_id_b, else ''"),
        "relation": ("str", "of the source to the other: above, below, peer, or '' where not known"),
        "cluster": ("int64", "passages that are one text in several hands, from 0"),
        "n_documents": ("int64", "that have the cluster"),
    },
    # The keys that it was asked by come first.
    "estimates": {
        "estimate": ("float64", "NaN where undefined, with a reason"),
        "ci_low": ("float64", "NaN where no interval is given, with a reason"),
        "ci_high": ("float64", ""),
        "n": ("int64", "clusters behind the estimate"),
        "reason": ("str", "codes joined by ';', '' when none"),
    },
}


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


def check_table(table: pd.DataFrame, name: str) -> None:
    """Raise if `table` lacks a column of the table `name` or holds it with another dtype; more columns may follow.

    Parameters
    ----------
    table : DataFrame
    name : str
        A key of ``TABLES``.

    Raises
    ------
    TypeError, ValueError
        If `table` is no DataFrame or a column has another dtype; if a column is missing.

    Examples
    --------
    >>> check_table(make_table("hits", []), "hits")
    """
    if not isinstance(table, pd.DataFrame):
        msg = f"{name} is a {type(table).__name__}; a pandas DataFrame is expected."
        raise TypeError(msg)
    check_columns(table, name, list(TABLES[name]))
    for column, (dtype, _) in TABLES[name].items():
        if str(table[column].dtype) != dtype:
            msg = (
                f"{name}[{column!r}] has dtype {table[column].dtype}; {dtype} is expected. "
                f"Convert it by {name}.astype({{{column!r}: {dtype!r}}})."
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


def check_columns(table: pd.DataFrame, name: str, columns: Sequence[str]) -> None:
    """Raise ValueError if `table` lacks one of the columns."""
    if missing := [column for column in columns if column not in table.columns]:
        msg = f"{name} lacks column(s) {missing}; it has {list(table.columns)}. Pass the table that the stage before made."
        raise with_chinese(ValueError(msg), f"{name} 缺少列 {missing};现有 {list(table.columns)}。")


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
