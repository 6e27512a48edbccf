"""Words counted by document: the matrix that the measures of words share."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array, csr_array

from burdenlab.messages import with_chinese
from burdenlab.tables import check_table

__all__ = ["WordCounts", "count_words", "split_sides", "tf_idf_weights"]

_COUNTED = {"doc_id": "str", "token": "str", "n": "int64"}


class WordCounts(NamedTuple):
    """How often each word stands in each document; documents and words in the order of their code points."""

    matrix: csr_array
    doc_ids: pd.Index
    words: pd.Index


def count_words(tokens: pd.DataFrame) -> WordCounts:
    """Count words by document.

    Parameters
    ----------
    tokens : DataFrame
        Table ``tokens``; or counts of words, with the columns ``doc_id``, ``token`` and ``n`` (int64, at least 0),
        rows of one document and word added up.

    Returns
    -------
    WordCounts
        ``matrix`` of shape (documents, words), int64; documents and words without any token are not in it.

    Raises
    ------
    TypeError, ValueError
        If `tokens` is neither of the two tables.

    Examples
    --------
    >>> tokens = pd.DataFrame({"doc_id": ["b", "a", "b"], "token": ["会议", "会议", "会议"], "n": [2, 1, 3]})
    >>> counts = count_words(tokens.astype({"doc_id": "str", "token": "str"}))
    >>> counts.matrix.toarray().tolist(), counts.doc_ids.tolist(), counts.words.tolist()
    ([[1], [5]], ['a', 'b'], ['会议'])
    """
    if isinstance(tokens, pd.DataFrame) and "n" in tokens.columns:
        tokens = _check_counted(tokens)
        n = tokens["n"].to_numpy()
    else:
        check_table(tokens, "tokens")
        n = np.ones(len(tokens), dtype=np.int64)
    documents, doc_ids = pd.factorize(tokens["doc_id"], sort=True)
    words, vocabulary = pd.factorize(tokens["token"], sort=True)
    matrix = coo_array((n, (documents, words)), shape=(len(doc_ids), len(vocabulary)), dtype=np.int64).tocsr()
    matrix.sort_indices()
    return WordCounts(matrix, pd.Index(doc_ids, dtype="str"), pd.Index(vocabulary, dtype="str"))


def split_sides(
    doc_ids: pd.Index, target: Collection[str], reference: Collection[str] | None
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Flag the documents of the target and those it is compared with.

    Parameters
    ----------
    doc_ids : Index
        Documents that have words.
    target : collection of str
    reference : collection of str, optional
        All other documents where left out.

    Returns
    -------
    tuple of array
        Two masks over `doc_ids`.

    Raises
    ------
    ValueError
        If an id is unknown or on both sides.

    Examples
    --------
    >>> is_target, is_reference = split_sides(pd.Index(["a", "b", "c"]), ["b"], None)
    >>> is_reference.tolist()
    [True, False, True]
    """
    for name, ids in (("target", target), ("reference", reference)):
        if isinstance(ids, str):
            msg = f"{name} is the string {ids!r}; a list of doc_id is expected."
            raise with_chinese(ValueError(msg), f"{name} 是字符串 {ids!r};应为 doc_id 的列表。")
        unknown = sorted(set(() if ids is None else ids) - set(doc_ids))
        if unknown:
            msg = (
                f"{name} names {len(unknown)} document(s) without a word in tokens, first {unknown[0]!r}; "
                "pass ids of tokens['doc_id']. A document without words has no row there and can be left out."
            )
            chinese = f"{name} 中有 {len(unknown)} 个 doc_id 不在 tokens 里,如 {unknown[0]!r};没有词的文件请先去掉。"
            raise with_chinese(ValueError(msg), chinese)
    is_target = doc_ids.isin(list(target))
    is_reference = ~is_target if reference is None else doc_ids.isin(list(reference))
    both = doc_ids[is_target & is_reference]
    if len(both):
        msg = f"target and reference share {len(both)} document(s), first {both[0]!r}; a document can be on one side only."
        raise with_chinese(
            ValueError(msg), f"target 与 reference 有 {len(both)} 份相同的文件,如 {both[0]!r};一份文件只能在一方。"
        )
    return is_target, is_reference


def tf_idf_weights(matrix: csr_array) -> csr_array:
    """Weigh counts by rarity and bring each document to length 1, see ``burdenlab.metrics.words.tf_idf``.

    Examples
    --------
    >>> tf_idf_weights(csr_array(np.array([[3, 4]]))).toarray().round(9).tolist()
    [[0.6, 0.8]]
    """
    idf = np.log(matrix.shape[0] / np.maximum(1, matrix.count_nonzero(axis=0))) + 1
    weights = matrix * idf
    return (weights / np.sqrt((weights**2).sum(axis=1))[:, None]).tocsr()


def _check_counted(tokens: pd.DataFrame) -> pd.DataFrame:
    missing = [column for column in _COUNTED if column not in tokens.columns]
    if missing:
        msg = f"tokens lacks column(s) {missing}; a table of counts has {list(_COUNTED)}."
        raise ValueError(msg)
    for column, dtype in _COUNTED.items():
        if str(tokens[column].dtype) != dtype:
            msg = f"tokens[{column!r}] has dtype {tokens[column].dtype}; {dtype} is expected in a table of counts."
            raise TypeError(msg)
    if (tokens["n"] < 0).any():
        msg = f"tokens['n'] holds {tokens['n'].min()}; counts of at least 0 are expected."
        raise ValueError(msg)
    return tokens[tokens["n"] > 0]
