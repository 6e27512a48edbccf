"""Runs of Han characters that stand free in their clause: what may be a term."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from burdenlab.loaders.characters import code_points, is_han

__all__ = ["Candidates", "find_candidates"]

Ints = npt.NDArray[np.int64]

# Words of grammar that start or end a fragment, not a term.
_GRAMMAR = frozenset("的了和与及等是在对将把以也都而并就其之个这那有到被从由于")
_MOST_TIED = 0.6  # a larger share of one neighbour: the n-gram is a piece of a longer one
_FREEDOM = 1.5  # nats of entropy among the neighbours on either side; below it the n-gram is a piece too


class Candidates(NamedTuple):
    """Candidates, where they stand and how they are written.

    ``stands`` is sentences by candidates, 0 or 1; ``characters`` counts each Han character of the corpus; ``spelling``
    is candidates by these characters, each row the share of the character in the candidate.
    """

    terms: list[str]
    stands: sparse.csc_array
    characters: pd.Series
    spelling: sparse.csr_array


def find_candidates(
    sentences: pd.DataFrame, hits: pd.DataFrame, row: Ints, min_count: int, max_length: int
) -> Candidates:
    """Find the n-grams of `min_count` sentences outside the matches in `hits`, each of which stands in `row`.

    Kept are those with no word of grammar at an edge and with many different neighbours on both sides.
    """
    text = "".join(f"{sentence}\n" for sentence in sentences["text"])
    points, han = code_points(text).astype(np.int64), is_han(text)
    length = sentences["text"].str.len().to_numpy(dtype=np.int64) + 1
    begin = np.cumsum(length) - length
    start = begin[row] + hits["start"].to_numpy() - sentences["start"].to_numpy()[row]
    covered = np.zeros(len(text) + 1, dtype=np.int64)
    np.add.at(covered, start, 1)
    np.add.at(covered, start + (hits["end"] - hits["start"]).to_numpy(), -1)
    is_open = han & (np.cumsum(covered)[:-1] == 0)
    sentence = np.repeat(np.arange(len(sentences)), length)
    terms: list[str] = []
    at, of = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    neighbour = np.where(han, points, -1)
    for size, where, number, first in _frequent(points, is_open, sentence, min_count, max_length):
        words = [text[f : f + size] for f in first.tolist()]
        keep = np.array([w[0] not in _GRAMMAR and w[-1] not in _GRAMMAR for w in words], dtype=bool)
        for side in (-1, size):
            keep &= _stands_free(number, neighbour[where + side], len(words))
        chosen = keep[number]
        at.append(sentence[where[chosen]])
        of.append(len(terms) + (np.cumsum(keep) - 1)[number[chosen]])
        terms += [word for word, kept in zip(words, keep, strict=True) if kept]
    pairs = (np.concatenate(at), np.concatenate(of))
    stands = sparse.coo_array((np.ones(len(pairs[0])), pairs), shape=(len(sentences), len(terms))).tocsc()
    stands.data[:] = 1  # a sentence counts once
    kinds, count = np.unique(points[han], return_counts=True)
    letters = np.array([ord(c) for term in terms for c in term], dtype=np.int64)
    sizes = np.array([len(term) for term in terms], dtype=np.int64)
    cells = (np.repeat(np.arange(len(terms)), sizes), np.searchsorted(kinds, letters))
    spelling = sparse.coo_array((1 / np.repeat(sizes, sizes), cells), shape=(len(terms), len(kinds))).tocsr()
    return Candidates(terms, stands, pd.Series(count, index=[chr(c) for c in kinds.tolist()]), spelling)


def _frequent(
    points: Ints, is_open: npt.NDArray[np.bool_], sentence: Ints, min_count: int, max_length: int
) -> Iterator[tuple[int, Ints, Ints, Ints]]:
    """Yield for each length the places of the n-grams of `min_count` sentences, their numbers and their first places.

    A longer n-gram is as frequent only where both its shorter halves are, so each pass looks at what the last one left.
    """
    single = np.zeros(len(points) + 1, dtype=np.int64)  # 0: not open; one more, so that a next place exists
    _, code = np.unique(points[is_open], return_inverse=True)
    single[:-1][is_open] = code + 1
    shorter = single
    for size in range(2, max_length + 1):
        where = np.flatnonzero((shorter[:-1] > 0) & (shorter[1:] > 0))
        key = shorter[where] * (single.max() + 1) + single[where + size - 1]
        _, first, number = np.unique(key, return_index=True, return_inverse=True)
        once = pd.unique(number * (sentence[-1] + 1) + sentence[where]) // (sentence[-1] + 1)
        frequent = np.bincount(once, minlength=len(first)) >= min_count
        left = frequent[number]
        renumbered = (np.cumsum(frequent) - 1)[number[left]]
        yield size, where[left], renumbered, where[first[frequent]]
        shorter = np.zeros_like(single)
        shorter[where[left]] = renumbered + 1


def _stands_free(number: Ints, neighbour: Ints, n: int) -> npt.NDArray[np.bool_]:
    """Tell which n-grams have many neighbours on a side; each edge of a clause (-1) is a neighbour of its own."""
    total = np.bincount(number, minlength=n)
    inside = neighbour >= 0
    pair, count = np.unique(number[inside] * 0x110000 + neighbour[inside], return_counts=True)
    owner = pair // 0x110000
    most = np.zeros(n)
    np.maximum.at(most, owner, count)
    entropy = (total - np.bincount(number[inside], minlength=n)) / np.maximum(total, 1) * np.log(np.maximum(total, 1))
    share = count / total[owner]
    np.add.at(entropy, owner, -share * np.log(share))
    return (most <= _MOST_TIED * total) & (entropy >= _FREEDOM)
