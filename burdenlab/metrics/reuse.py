"""Doubles and borrowed text: what stands in more than one document."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.tables import check_table

__all__ = ["find_duplicates", "reused_sentences"]

Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
_NOT_HAN = re.compile(r"[^\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003347f]+")
_SAMPLE = 16  # one shingle in so many looks for candidates; all of them decide
_COMMONEST = 100  # documents that share a sampled shingle and are all paired; of more each is paired with the first
_LEAST = 0.4  # of the sampled shingles of the shorter document, in both: worth comparing
_WAITING = 5_000_000  # pairs of documents held before they are added up
_BASE = np.uint64(0x9E3779B97F4A7C15)


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
    texts = [_NOT_HAN.sub("", text) for text in documents["text"]]
    shingles = [_distinct(_hashes(text, n)) for text in texts]
    # Of the shingles of a pair that is to be found, at least this share stands in both.
    pairs = _candidates(shingles, texts, least=min(_LEAST, threshold / 2))
    compared = {(a, b): _compare(texts[a], texts[b], shingles[a], shingles[b]) for a, b in pairs}
    ties = {pair: t for pair, t in compared.items() if t.jaccard >= threshold or t.kind in ("exact", "part")}
    clusters = _join(len(texts), ties)
    rows = []
    lengths, truncated, ids = (documents[c].tolist() for c in ("n_han", "truncated", "doc_id"))
    for cluster, members in enumerate(clusters):
        best = max(members, key=lambda i: (not truncated[i], lengths[i], -i))
        for i in members:
            tie = ties.get((min(i, best), max(i, best)))
            own = (
                _Tie("", 1.0, 1.0) if i == best else tie or _compare(texts[i], texts[best], shingles[i], shingles[best])
            )
            kind = own.kind if tie is not None and i != best else ""
            rows.append((ids[i], cluster, ids[best], i == best, kind, own.jaccard, own.containment))
    columns = ["doc_id", "cluster", "representative", "is_representative", "kind", "jaccard", "containment"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"doc_id": "str", "cluster": "int64", "representative": "str", "is_representative": "bool", "kind": "str"}
        | {"jaccard": "float64", "containment": "float64"}
    )


def reused_sentences(sentences: pd.DataFrame, *, n: int = 13, duplicates: pd.DataFrame | None = None) -> pd.DataFrame:
    """Tell how much of each sentence stands in other documents of the corpus.

    A Han character counts as reused where it lies in a passage of at least `n` Han characters that another document has
    word for word, punctuation aside. A passage may run over the borders of sentences, so that a short sentence inside a
    copied paragraph counts.

    Parameters
    ----------
    sentences : DataFrame
        Table ``sentences``.
    n : int
        Length of the shortest passage; 13 characters are seldom shared by chance.
    duplicates : DataFrame, optional
        What ``find_duplicates`` gives: documents of one cluster are not told from each other.

    Returns
    -------
    DataFrame
        One row a sentence: ``doc_id``, ``sentence_id``, ``n_han``, ``n_reused`` (Han characters) and ``reused_share`` in
        [0, 1]; NaN for a sentence without Han characters.

    Raises
    ------
    ValueError
        If `n` is smaller than 2.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> bool(bl.reused_sentences(sentences)["reused_share"].max() <= 1)
    True
    """
    check_table(sentences, "sentences")
    if n < 2:
        msg = f"n={n} is too short for a passage; use 13."
        raise ValueError(msg)
    cluster_of = (
        {} if duplicates is None else dict(zip(duplicates["doc_id"], duplicates["representative"], strict=True))
    )
    table = sentences[["doc_id", "sentence_id"]].reset_index(drop=True)
    han = [_NOT_HAN.sub("", text) for text in sentences["text"]]
    lengths = np.array([len(text) for text in han], dtype=np.int64)
    rows_of = table.groupby("doc_id", sort=True).indices
    keys = {doc_id: i for i, doc_id in enumerate(sorted({cluster_of.get(d, d) for d in rows_of}))}
    hashed = {doc_id: _hashes("".join(han[row] for row in rows), n) for doc_id, rows in rows_of.items()}
    shared = _shared(hashed, {doc_id: keys[cluster_of.get(doc_id, doc_id)] for doc_id in hashed})
    reused = np.zeros(len(table), dtype=np.int64)
    for doc_id, rows in rows_of.items():
        covered = _covered(_is_in(hashed[doc_id], shared), n, int(lengths[rows].sum()))
        ends = np.cumsum(lengths[rows])
        running = np.concatenate([[0], np.cumsum(covered)])
        reused[rows] = running[ends] - running[ends - lengths[rows]]
    share = np.divide(reused, lengths, out=np.full(len(table), np.nan), where=lengths > 0)
    return table.assign(n_han=lengths.astype(np.int32), n_reused=reused.astype(np.int32), reused_share=share)


class _Tie(NamedTuple):
    kind: str
    jaccard: float
    containment: float


def _hashes(text: str, n: int) -> Hashes:
    """Hash every run of n characters, the same on every machine."""
    points = np.frombuffer(text.encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    if points.size < n:
        return np.zeros(0, dtype=np.uint64)
    hashed = np.zeros(points.size - n + 1, dtype=np.uint64)
    for i in range(n):
        hashed = (hashed + points[i : points.size - n + 1 + i] + np.uint64(1)) * _BASE
        hashed ^= hashed >> np.uint64(29)
    return hashed


def _distinct(hashes: Hashes) -> Hashes:
    ordered = np.sort(hashes)
    return ordered[_begins(ordered)]


def _begins(ordered: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """Flag the first of each value in a sorted array."""
    return np.append(np.ones(min(1, ordered.size), dtype=bool), ordered[1:] != ordered[:-1])


def _candidates(shingles: list[Hashes], texts: list[str], *, least: float) -> list[tuple[int, int]]:
    """Pair documents that share sampled shingles, and those with equal text."""
    pairs: set[tuple[int, int]] = set()
    same: dict[str, int] = {}
    for i, text in enumerate(texts):
        if text and text in same:
            pairs.add((same[text], i))
        elif text:
            same[text] = i
    # The smallest hashes of each document too, so that a short one has candidates at all.
    sampled = [h[(h % np.uint64(_SAMPLE) == 0) | (np.arange(h.size) < 8)] for h in shingles]
    sizes = np.array([h.size for h in sampled], dtype=np.int64)
    a, b, n = _pair_counts(
        np.concatenate([*sampled, np.zeros(0, dtype=np.uint64)]), np.repeat(np.arange(sizes.size), sizes)
    )
    is_near = n >= least * np.minimum(sizes[a], sizes[b])
    return sorted(pairs | set(zip(a[is_near].tolist(), b[is_near].tolist(), strict=True)))


def _pair_counts(values: Hashes, owners: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Count the values that two owners share; where very many share one, each is paired with the first only."""
    order = np.lexsort((owners, values))
    values, owners = values[order], owners[order]
    begins = np.flatnonzero(_begins(values))
    sizes = np.diff(np.append(begins, values.size))
    of_many = np.repeat(sizes > _COMMONEST, sizes)
    n_owners = int(owners.max(initial=-1)) + 1
    first = np.repeat(owners[begins], sizes)
    rest, known, n = np.flatnonzero(~of_many), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    waiting = [(first * n_owners + owners)[of_many & (first != owners)]]
    for lag in range(1, _COMMONEST):
        rest = rest[rest + lag < values.size]
        rest = rest[values[rest] == values[rest + lag]]
        waiting.append(owners[rest] * n_owners + owners[rest + lag])
        if not rest.size or sum(map(len, waiting)) > _WAITING:  # added up now and then, so that they stay few
            known, n = _added(known, n, np.concatenate(waiting))
            waiting = []
        if not rest.size:
            break
    known, n = _added(known, n, np.concatenate([*waiting, np.zeros(0, dtype=np.int64)]))
    return known // max(1, n_owners), known % max(1, n_owners), n


def _added(known: Numbers, n: Numbers, more: Numbers) -> tuple[Numbers, Numbers]:
    pairs, at = np.unique(np.concatenate([known, more]), return_inverse=True)
    return pairs, np.bincount(at, np.concatenate([n, np.ones(more.size, dtype=np.int64)])).astype(np.int64)


def _compare(one: str, other: str, a: Hashes, b: Hashes) -> _Tie:
    if one == other:
        return _Tie("exact", 1.0, 1.0)
    both = np.intersect1d(a, b, assume_unique=True).size
    if both == 0:
        return _Tie("", 0.0, 0.0)
    containment = both / min(a.size, b.size)
    is_part = containment >= 0.95 and min(len(one), len(other)) >= 200
    jaccard = both / (a.size + b.size - both)
    return _Tie("part" if is_part and jaccard < 0.8 else "near", float(jaccard), float(containment))


def _join(n: int, ties: dict[tuple[int, int], _Tie]) -> list[list[int]]:
    parent = list(range(n))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for a, b in ties:
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    clusters: dict[int, list[int]] = {}
    for i in range(n):
        clusters.setdefault(root(i), []).append(i)
    return [members for _, members in sorted(clusters.items()) if len(members) > 1]


def _shared(hashed: dict[str, Hashes], keys: dict[str, int]) -> Hashes:
    """Find the passages that documents of at least two keys have, part by part so that memory stays small."""
    found = []
    for part in range(8):
        values, owners = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]  # of no document too
        for doc_id, all_of in hashed.items():
            mine = np.unique(all_of[all_of % np.uint64(8) == part])
            values.append(mine)
            owners.append(np.full(mine.size, keys[doc_id], dtype=np.int64))
        value, owner = np.concatenate(values), np.concatenate(owners)
        order = np.argsort(value, kind="stable")
        value, owner = value[order], owner[order]
        starts = np.flatnonzero(np.concatenate([[True], value[1:] != value[:-1]])) if value.size else np.zeros(0, int)
        if starts.size:
            differs = np.maximum.reduceat(owner, starts) != np.minimum.reduceat(owner, starts)
            found.append(value[starts[differs]])
    return np.sort(np.concatenate([*found, np.zeros(0, dtype=np.uint64)]))


def _is_in(values: Hashes, known: Hashes) -> npt.NDArray[np.bool_]:
    """Look values up in a sorted array; numpy's own isin would sort it again for each document."""
    if not known.size:
        return np.zeros(values.size, dtype=bool)
    return known[np.minimum(np.searchsorted(known, values), known.size - 1)] == values


def _covered(is_shared: npt.NDArray[np.bool_], n: int, length: int) -> npt.NDArray[np.int64]:
    """Flag the characters that lie in a shared passage."""
    steps = np.zeros(length + 1, dtype=np.int64)
    at = np.flatnonzero(is_shared)
    np.add.at(steps, at, 1)
    np.add.at(steps, at + n, -1)
    return (np.cumsum(steps)[:length] > 0).astype(np.int64)
