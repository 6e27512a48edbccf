"""Documents that are copies of each other, and which documents count as one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array, triu
from scipy.sparse.csgraph import connected_components

from burdenlab.messages import with_chinese
from burdenlab.metrics.han import Hashes, Places, Points, han_points, hash_grams, presence
from burdenlab.tables import check_table

__all__ = ["components", "find_duplicates", "independent_units"]

_SAMPLE = 16  # one shingle in so many looks for candidates; all of them decide
_COMMONEST = 100  # documents that share a sampled shingle and are all paired; of more each is paired with the first
_LEAST = 0.4  # of the sampled shingles of the shorter document, in both: worth comparing


def find_duplicates(documents: pd.DataFrame, *, threshold: float = 0.8, n: int = 5) -> pd.DataFrame:
    """Find documents that are copies of each other, whole or cut short.

    Two documents are doubles when the sets of their shingles (n Han characters in a row, everything else left out) have
    a Jaccard index of at least `threshold`, or when at least 0.95 of the shorter one's stand in the longer one and it
    has 200 characters or more. Candidates come from a sample of shingles, the decision from all of them. A copy with
    many edits is no double; ``shared_passages`` finds it, and what was copied in it.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``.
    threshold : float
        In (0, 1].
    n : int
        Length of a shingle.

    Returns
    -------
    DataFrame
        One row a document that has a double: ``doc_id``, ``cluster`` (from 0, by the first doc_id in it),
        ``representative`` (the doc_id suggested to stand for the cluster: the longest that is not truncated),
        ``is_representative``, ``kind`` of the tie to it (``exact``: the same Han characters; ``near``; ``part``; "" for
        itself or where the tie goes through another one), ``jaccard`` and ``containment`` with it, in [0, 1]. Give the
        table to ``theme_rates(exclude=…)`` to count each cluster once.

    Raises
    ------
    ValueError
        If `threshold` or `n` is out of range.

    References
    ----------
    Broder (1997), On the resemblance and containment of documents, https://doi.org/10.1109/SEQUEN.1997.666900

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> len(bl.find_duplicates(documents))
    0
    """
    check_table(documents, "documents")
    if not 0 < threshold <= 1:
        msg = f"threshold={threshold} is not in (0, 1]."
        raise ValueError(msg)
    if n < 1:
        msg = f"n={n} is no length of a shingle; use 5."
        raise ValueError(msg)
    documents = documents.sort_values("doc_id", ignore_index=True)
    texts = [han_points(text) for text in documents["text"]]
    shingles = [np.unique(hash_grams(text, n)) for text in texts]
    # Of the shingles of a pair that is to be found, at least this share stands in both.
    pairs = _candidates(texts, shingles, least=min(_LEAST, threshold / 2))
    compared = {(a, b): _compare(texts[a], texts[b], shingles[a], shingles[b], threshold) for a, b in pairs}
    ties = {pair: t for pair, t in compared.items() if t.jaccard >= threshold or t.kind in ("exact", "part")}
    one, other = np.array(list(ties), dtype=np.int64).reshape(-1, 2).T
    members = documents[["doc_id", "truncated", "n_han"]].assign(
        label=components(one, other, len(texts)), at=np.arange(len(texts))
    )
    members = members[members["label"].duplicated(keep=False)].sort_values(["label", "at"])
    ranked = members.sort_values(["truncated", "n_han", "at"], ascending=[True, False, True])
    best_of = dict(zip(ranked["label"][::-1], ranked["at"][::-1], strict=True))  # the last written is the first
    rows = []
    for cluster, (label, own) in enumerate(members.groupby("label", sort=False)):
        best = best_of[label]
        for i in own["at"]:
            tie = ties.get((min(i, best), max(i, best)))
            told = tie or _compare(texts[i], texts[best], shingles[i], shingles[best], threshold)
            kind = tie.kind if tie else ""
            names = documents["doc_id"][i], cluster, documents["doc_id"][best]
            rows.append((*names, i == best, kind, *((1.0, 1.0) if i == best else (told.jaccard, told.containment))))
    columns = ["doc_id", "cluster", "representative", "is_representative", "kind", "jaccard", "containment"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"doc_id": "str", "cluster": "int64", "representative": "str", "is_representative": "bool", "kind": "str"}
        | {"jaccard": "float64", "containment": "float64"}
    )


def independent_units(
    documents: pd.DataFrame, duplicates: pd.DataFrame, *, cluster: str | None = None
) -> dict[str, int]:
    """Give numbers to documents: copies of each other, or those with the same value of `cluster`, have the same.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``.
    duplicates : DataFrame
        From ``find_duplicates``.
    cluster : str, optional
        A document variable; a document without a value is by itself.

    Returns
    -------
    dict
        ``doc_id`` to number, from 0 in the order of the ids.

    Raises
    ------
    ValueError
        If `cluster` is no variable of `documents`.

    Examples
    --------
    >>> documents = pd.DataFrame({"doc_id": ["a", "b", "c"], "region": ["x", "y", "x"]})
    >>> copies = pd.DataFrame({"doc_id": [], "representative": []})
    >>> independent_units(documents, copies, cluster="region")
    {'a': 0, 'b': 1, 'c': 0}
    """
    ids = documents["doc_id"].sort_values(ignore_index=True)
    original = dict(zip(duplicates["doc_id"], duplicates["representative"], strict=True))
    labels = [ids.map(lambda doc_id: original.get(doc_id, doc_id))]
    if cluster is not None:
        if cluster not in documents.columns:
            msg = f"cluster={cluster!r} is no variable of documents; they have {list(documents.columns)}."
            raise with_chinese(ValueError(msg), f"documents 中没有变量 {cluster!r};现有 {list(documents.columns)}。")
        value = ids.map(dict(zip(documents["doc_id"], documents[cluster], strict=True)))
        labels.append(value.astype("str").where(value.notna() & (value.astype("str") != ""), "\0" + ids))
    nodes = [np.arange(len(ids))]
    for label in labels:
        nodes.append(pd.factorize(label)[0] + int(nodes[-1].max(initial=-1)) + 1)
    size = int(nodes[-1].max(initial=-1)) + 1
    one, other = np.tile(nodes[0], len(labels)), np.concatenate(nodes[1:])
    return dict(zip(ids, components(one, other, size)[: len(ids)].tolist(), strict=True))


def components(one: Places, other: Places, n: int) -> Places:
    """Give n things numbers, from 0 in their order: those that pairs tie together have the same.

    Examples
    --------
    >>> components(np.array([0]), np.array([2]), 4).tolist()
    [0, 1, 0, 2]
    """
    links = coo_array((np.ones(one.size, dtype=bool), (one, other)), shape=(n, n))
    return connected_components(links, directed=False)[1].astype(np.int64)


class _Tie(NamedTuple):
    kind: str
    jaccard: float
    containment: float


def _candidates(texts: list[Points], shingles: list[Hashes], *, least: float) -> list[tuple[int, int]]:
    """Pair documents that share sampled shingles, and those with equal text."""
    same = pd.Series([text.tobytes() for text in texts])
    first = same.map({text: at for at, text in reversed(list(enumerate(same)))})  # where the text stands first
    pairs = {(a, b) for b, a in first[(first != first.index) & (same != b"")].items()}
    # The smallest hashes of each document too, so that a short one has candidates at all.
    sampled = [h[(h % np.uint64(_SAMPLE) == 0) | (np.arange(h.size) < 8)] for h in shingles]
    a, b, n, sizes = _n_shared(presence(sampled))
    is_near = n >= least * np.minimum(sizes[a], sizes[b])
    return sorted(pairs | set(zip(a[is_near].tolist(), b[is_near].tolist(), strict=True)))


def _n_shared(present: csr_array) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Count what the rows of a table of zeros and ones share; a column that very many have ties each to the first.

    Returns
    -------
    a, b, n, sizes : array
        Two rows and what they share; the columns of each row that not so many have, since only these tie any two.
    """
    by_column = present.tocsc()
    is_common = np.diff(by_column.indptr) > _COMMONEST
    rare, common = by_column[:, ~is_common], by_column[:, is_common]
    first = common.indices[common.indptr[:-1]]
    firsts = csr_array((np.ones(first.size, dtype=np.int64), (first, np.arange(first.size))), shape=common.shape)
    found = triu(rare @ rare.T + firsts @ common.T, k=1).tocoo()
    return found.row, found.col, found.data, np.asarray(rare.sum(axis=1)).ravel()


def _compare(one: Points, other: Points, a: Hashes, b: Hashes, threshold: float) -> _Tie:
    if np.array_equal(one, other):
        return _Tie("exact", 1.0, 1.0)
    both = np.intersect1d(a, b, assume_unique=True).size
    if both == 0:
        return _Tie("", 0.0, 0.0)
    containment = both / min(a.size, b.size)
    is_part = containment >= 0.95 and min(one.size, other.size) >= 200
    jaccard = both / (a.size + b.size - both)
    return _Tie("part" if is_part and jaccard < threshold else "near", float(jaccard), float(containment))
