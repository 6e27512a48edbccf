"""Which characters stand in wording that several independent documents have, and on which of these that hangs."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.messages import with_chinese
from burdenlab.metrics.duplicates import find_duplicates, independent_units
from burdenlab.metrics.han import Places, hash_grams, is_han, text_points
from burdenlab.tables import check_documents, check_table

__all__ = ["FormulaCorpus", "Formulas", "check_ids", "find_formulas", "formula_corpus", "reused_sentences"]

Flags = npt.NDArray[np.bool_]

_TITLE = re.compile("《[^《》\0]*》")
_PART = 4_000_000  # shingles sorted at a time
_NONE, _JUST, _MORE = 0, 1, 2  # others that have a shingle: fewer than k, k, more


class Formulas(NamedTuple):
    """What each sentence has, in the order of the rows given, and what it would lose without a unit of the reference."""

    n_han: Places  # not masked
    n_masked: Places
    n_formulaic: Places
    lost: pd.DataFrame  # row, unit, n: characters that are formulaic only because the unit has the wording too


class FormulaCorpus(NamedTuple):
    """Sentences, what is formulaic in them, and which documents count as one."""

    sentences: pd.DataFrame  # by document and sentence
    unit: Places  # of each sentence: documents that are not independent have the same
    document: Places  # of each sentence, a number
    is_copy: npt.NDArray[np.bool_]  # another document stands for this one
    referred: Places  # units of the reference
    formulas: Formulas


def reused_sentences(sentences: pd.DataFrame, *, n: int = 13, duplicates: pd.DataFrame | None = None) -> pd.DataFrame:
    """Tell how much of each sentence stands in other documents of the corpus.

    A Han character counts as reused where it lies in a passage of at least `n` Han characters that another document has
    word for word, punctuation aside. A passage may run over the borders of sentences, so that a short sentence inside a
    copied paragraph counts. Quotations and titles count too.

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
    original = {} if duplicates is None else duplicates.set_index("doc_id")["representative"].to_dict()
    unit = pd.factorize(sentences["doc_id"].map(lambda doc_id: original.get(doc_id, doc_id)))[0]
    order = np.lexsort((sentences["sentence_id"], sentences["doc_id"]))
    found = find_formulas(
        sentences.iloc[order], unit=unit[order], in_reference=np.ones(len(sentences), dtype=bool), k=1, n=n, mask=False
    )
    table = sentences[["doc_id", "sentence_id"]].reset_index(drop=True).assign(n_han=0, n_reused=0)
    table.loc[order, "n_han"], table.loc[order, "n_reused"] = found.n_han, found.n_formulaic
    return table.assign(reused_share=table["n_reused"] / table["n_han"].where(table["n_han"] > 0))


def formula_corpus(
    documents: pd.DataFrame,
    sentences: pd.DataFrame,
    duplicates: pd.DataFrame | None,
    cluster: str | None,
    reference: Collection[str] | None,
    *,
    k: int,
    n: int,
) -> FormulaCorpus:
    """Check the tables and find the formulas in them; see ``burdenlab.metrics.formulaicness.formulaicness``.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> formula_corpus(documents, sentences, None, None, None, k=3, n=8).referred.size
    18
    """
    check_table(documents, "documents")
    check_table(sentences, "sentences")
    if k < 1 or n < 2:
        msg = f"k={k} and n={n}; k of at least 1 and n of at least 2 are expected, such as k=3, n=8."
        raise with_chinese(ValueError(msg), f"k={k}、n={n} 超出范围;k 至少为 1,n 至少为 2,如 k=3、n=8。")
    ids = documents["doc_id"]
    check_documents(sentences, documents)
    check_ids("reference", reference, ids)
    duplicates = find_duplicates(documents) if duplicates is None else duplicates
    units = independent_units(documents, duplicates, cluster=cluster)
    sentences = sentences.sort_values(["doc_id", "sentence_id"], ignore_index=True)
    unit = sentences["doc_id"].map(units).to_numpy(dtype=np.int64)
    in_reference = sentences["doc_id"].isin(list(ids if reference is None else reference)).to_numpy()
    is_copy = sentences["doc_id"].isin(duplicates.loc[~duplicates["is_representative"], "doc_id"]).to_numpy()
    found = find_formulas(sentences, unit=unit, in_reference=in_reference, k=k, n=n)
    referred = np.unique(unit[in_reference & (found.n_han > 0)])
    return FormulaCorpus(sentences, unit, pd.factorize(sentences["doc_id"])[0], is_copy, referred, found)


def check_ids(name: str, given: Collection[str] | None, known: pd.Series) -> None:
    """Raise ValueError unless `given` is None or a list of ids of documents.

    Examples
    --------
    >>> check_ids("target", ["a"], pd.Series(["a", "b"]))
    """
    if isinstance(given, str):
        msg = f"{name} is the string {given!r}; a list of doc_id is expected."
        raise with_chinese(ValueError(msg), f"{name} 是字符串 {given!r};应为 doc_id 的列表。")
    if given is not None and (unknown := sorted(set(given) - set(known))):
        msg = f"{name} names {len(unknown)} document(s) that are not there, first {unknown[0]!r}; pass ids of documents['doc_id']."
        raise with_chinese(ValueError(msg), f"{name} 中有 {len(unknown)} 个未知的 doc_id,如 {unknown[0]!r}。")


def find_formulas(
    sentences: pd.DataFrame, *, unit: Places, in_reference: Flags, k: int, n: int, mask: bool = True
) -> Formulas:
    """Find the characters in shingles of n Han characters that at least k other units of the reference have.

    Parameters
    ----------
    sentences : DataFrame
        Table ``sentences``, by ``doc_id`` and ``sentence_id``. Shingles go over the borders of sentences that follow
        each other, and never into what is masked.
    unit : array
        Of each row: documents that are not independent of each other have the same.
    in_reference : array
        Of each row.
    k, n : int
    mask : bool
        Whether quotations and titles between 《》 are left out.

    Examples
    --------
    >>> from burdenlab.tables import make_table
    >>> rows = [(d, 0, 0, 0, 9, "坚持以人民为中心。" + t, 9, False, "", "", "", False) for d, t in zip("abc", "甲乙丙")]
    >>> unit, is_in = np.arange(3), np.ones(3, dtype=bool)
    >>> found = find_formulas(make_table("sentences", rows), unit=unit, in_reference=is_in, k=2, n=8)
    >>> found.n_han.tolist(), found.n_formulaic.tolist(), found.lost["n"].tolist()
    ([9, 9, 9], [8, 8, 8], [8, 8, 8, 8, 8, 8])
    """
    points, n_characters, masked = _characters(sentences)
    masked &= mask
    row = np.repeat(np.arange(len(sentences), dtype=np.int32), n_characters)
    usable = _usable(sentences, n_characters, masked, n)
    hashes = hash_grams(points, n)
    status = np.zeros(hashes.size, dtype=np.int8)
    places, holders = [np.zeros(0, dtype=np.int64)], [np.zeros((0, k), dtype=np.int64)]
    n_parts = np.uint64(1 + usable.size // _PART)
    part_of = hashes % n_parts
    for part in range(int(n_parts)):
        at = np.flatnonzero(usable & (part_of == np.uint64(part)))
        at = at[_frequent(hashes[at], k + 1)]
        at = at[np.lexsort((unit[row[at]], hashes[at]))]
        status[at], own, held = _counted(hashes[at], unit[row[at]], in_reference[row[at]], k)
        places.append(at[own])
        holders.append(held)
    covered = _covered(status >= _JUST, n, points.size)
    fragile = np.flatnonzero(covered & ~_covered(status == _MORE, n, points.size))
    lost = _lost(fragile, np.concatenate(places), np.concatenate(holders), n)
    lost = lost.assign(row=row[lost["row"]]).groupby(["row", "unit"], as_index=False, sort=True)["n"].sum()
    n_masked, n_formulaic = _sums(masked, n_characters), _sums(covered, n_characters)
    return Formulas(n_characters - n_masked, n_masked, n_formulaic, lost)


def _characters(sentences: pd.DataFrame) -> tuple[npt.NDArray[np.uint32], Places, Flags]:
    """Give the Han characters of all sentences, how many each has, and which are masked."""
    texts = sentences["text"].tolist()
    text = "".join(f"{t}\0" for t in texts)
    points = text_points(text)
    masked = np.zeros(points.size, dtype=bool)
    for title in _TITLE.finditer(text):
        masked[title.start() : title.end()] = True
    has_han = is_han(points)
    n_characters = _sums(has_han, np.array([len(t) + 1 for t in texts], dtype=np.int64))
    is_quotation = np.repeat(sentences["is_quotation"].to_numpy(dtype=bool), n_characters)
    return points[has_han], n_characters, masked[has_han] | is_quotation


def _sums(flags: Flags, sizes: Places) -> Places:
    """Count the flags of each stretch of these sizes."""
    running = np.append(0, np.cumsum(flags, dtype=np.int64))
    ends = np.cumsum(sizes)
    return running[ends] - running[ends - sizes]


def _usable(sentences: pd.DataFrame, n_characters: Places, masked: Flags, n: int) -> Flags:
    """Flag the characters that a shingle may begin with: n in a row, of one document, nothing masked or left out."""
    follows = (sentences["doc_id"] == sentences["doc_id"].shift()) & (sentences["sentence_id"].diff() == 1)
    begins = (np.cumsum(n_characters) - n_characters)[~follows.to_numpy(dtype=bool)]
    breaks = np.union1d(begins, np.flatnonzero(masked[1:] != masked[:-1]) + 1)
    usable = ~masked[: max(0, masked.size - n + 1)]
    for back in range(1, n):
        at = breaks - back
        usable[at[(at >= 0) & (at < usable.size)]] = False
    return usable


def _frequent(hashes: npt.NDArray[np.uint64], least: int) -> Places:
    """Give the places of the shingles that stand in at least so many places; most stand in one."""
    # Hash and place share a word, so that sorting needs no index; what the cut hash confuses is told apart later.
    bits = np.uint64(max(1, int(hashes.size).bit_length()))
    packed = ((hashes >> bits) << bits) | np.arange(hashes.size, dtype=np.uint64)
    packed.sort()
    begins = np.flatnonzero(np.diff(packed >> bits, prepend=~packed[:1] >> bits))
    sizes = np.diff(np.append(begins, packed.size))
    kept = packed[np.repeat(sizes >= least, sizes)]
    return (kept & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)


def _counted(
    hashes: npt.NDArray[np.uint64], unit: Places, in_reference: Flags, k: int
) -> tuple[npt.NDArray[np.int8], Places, Places]:
    """Count for each shingle, sorted by hash and unit, the other units of the reference that have it.

    Returns
    -------
    status, own, holders : array
        Of each shingle; the shingles that exactly k others have, and these k.
    """
    if not hashes.size:
        return np.zeros(0, dtype=np.int8), np.zeros(0, dtype=np.int64), np.zeros((0, k), dtype=np.int64)
    new_hash = np.append(True, hashes[1:] != hashes[:-1])
    new_pair = new_hash | np.append(True, unit[1:] != unit[:-1])
    begins = np.flatnonzero(new_pair)
    is_held = np.logical_or.reduceat(in_reference, begins)  # of each pair of shingle and unit
    shingle = np.cumsum(new_hash)[begins] - 1
    n_holders = np.bincount(shingle, is_held).astype(np.int64)
    others = n_holders[shingle] - is_held
    pair = np.cumsum(new_pair) - 1
    status = np.select([others > k, others == k], [_MORE, _JUST], _NONE).astype(np.int8)
    own = np.flatnonzero(others[pair] == k)
    holder_units = unit[begins][is_held]  # by shingle
    first = np.cumsum(n_holders) - n_holders
    rank = np.cumsum(is_held) - 1 - first[shingle]  # of the own unit among the holders
    mine = pair[own]
    step = np.arange(k)
    skipped = is_held[mine, None] & (step >= rank[mine, None])
    return status[pair], own, holder_units[first[shingle[mine], None] + step + skipped]


def _covered(begins: Flags, n: int, size: int) -> Flags:
    steps = np.zeros(size + 1, dtype=np.int32)
    at = np.flatnonzero(begins)
    steps[at] += 1
    steps[at + n] -= 1
    return np.cumsum(steps, dtype=np.int32)[:size] > 0


def _lost(fragile: Places, places: Places, holders: Places, n: int) -> pd.DataFrame:
    """Give for each character, all of whose shingles have just k holders, the units that hold every one of them."""
    order = np.argsort(places, kind="stable")
    places, holders = places[order], holders[order]
    first, end = np.searchsorted(places, fragile - n + 1), np.searchsorted(places, fragile, side="right")
    candidates = holders[first] if first.size else holders[:0]
    needed = np.ones(candidates.shape, dtype=bool)
    for step in range(1, n):
        rows = np.flatnonzero(first + step < end)
        other = holders[first[rows] + step]
        needed[rows] &= (candidates[rows][:, :, None] == other[:, None, :]).any(axis=2)
    at, which = np.nonzero(needed)
    return pd.DataFrame({"row": fragile[at], "unit": candidates[at, which], "n": 1})
