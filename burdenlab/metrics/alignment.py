"""What texts have in common, character by character: equal runs, and runs joined over what was edited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import LCSseq
from rapidfuzz.process import cpdist

from burdenlab.metrics.han import SEED, HanTexts, Places, Points, sampled_seeds

__all__ = ["MANY", "Passages", "align_texts"]

Flags = npt.NDArray[np.bool_]

MANY = 60  # texts that share an n-gram and are all compared with each other; of more each is compared with the first
_REPEATED = 8  # places of an n-gram in one text
_FAR = 600  # characters between two runs that may be one passage
_LOOK_BACK = 3  # runs before a run that it may go on from
_BLOCK = 4_000_000  # pairs of places looked at in one go


class Passages(NamedTuple):
    """Places of passages in the Han characters of all texts; a is the text with the smaller number."""

    start_a: Places
    end_a: Places
    start_b: Places
    end_b: Places
    n_equal: Places  # characters that stand in both, in the same order

    def take(self, rows: Places | Flags) -> Passages:
        """Keep some rows, or reorder them."""
        return Passages(*(column[rows] for column in self))


def align_texts(texts: HanTexts, *, min_length: int, exact: bool = False) -> Passages:
    """Find the passages of at least `min_length` equal characters that two texts share.

    Parameters
    ----------
    texts : HanTexts
        Their order counts where more than 60 share an n-gram: each is then compared with the first that has it.
    min_length : int
        From ``han.SURE`` on no equal run is missed, but for that.
    exact : bool
        Equal runs only; nothing is joined over edits.

    Returns
    -------
    Passages
        By texts, then by place.

    Examples
    --------
    >>> from burdenlab.metrics.han import han_texts
    >>> texts = han_texts(["甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未", "天地甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午人"])
    >>> found = align_texts(texts, min_length=17)
    >>> found.n_equal.tolist(), found.start_a.tolist(), found.start_b.tolist()
    ([17], [1], [22])
    """
    found = []
    characters = texts.points.tobytes().decode("utf-32-le")
    # A block holds all pairs of some texts with later ones, so that its passages are whole.
    for a, b in _pairs(texts):
        runs = _equal_runs(texts.points, a, b)
        passages = runs if exact else _chained(texts, characters, runs)
        found.append(_without_repeats(texts, passages.take(passages.n_equal >= min_length)))
    nothing = np.zeros(0, dtype=np.int64)
    return Passages(*(np.concatenate([nothing, *columns]) for columns in zip(*found, strict=True))) if found else (
        Passages(*[nothing] * 5)
    )  # fmt: skip


def _pairs(texts: HanTexts) -> Iterator[tuple[Places, Places]]:
    """Pair the places of equal n-grams in different texts, the earlier text first, in blocks by that text."""
    at, group = _shared_seeds(texts)
    owner = texts.owners(at)
    rank = _since((np.diff(group, prepend=-1) != 0) | (np.diff(owner, prepend=-1) != 0))
    at, group, owner = (column[rank < _REPEATED] for column in (at, group, owner))
    begins, new_text = np.diff(group, prepend=-1) != 0, np.diff(owner, prepend=-1) != 0
    size = np.bincount(group)[group] if group.size else group
    n_texts = np.bincount(group, begins | new_text)[group] if group.size else group
    first = np.flatnonzero(begins)[np.cumsum(begins) - 1] if group.size else group
    is_common = n_texts > MANY
    partners = np.where(is_common, np.where(owner == owner[first], size, 0), size - (np.arange(group.size) - first))
    if not group.size:
        return
    block = np.cumsum(np.bincount(owner, partners)).astype(np.int64) // _BLOCK
    for number in np.unique(block[owner]):
        found = []
        rest = np.flatnonzero((block[owner] == number) & ~is_common)
        lag = 0
        while rest.size:
            lag += 1
            rest = rest[rest + lag < group.size]
            rest = rest[group[rest] == group[rest + lag]]
            differ = rest[owner[rest] != owner[rest + lag]]
            found.append((at[differ], at[differ + lag]))
        common = np.flatnonzero((block[owner[first]] == number) & is_common)
        for lag in range(_REPEATED):
            holder = np.minimum(first[common] + lag, group.size - 1)
            is_first = (group[holder] == group[common]) & (owner[holder] == owner[first[common]])
            fits = is_first & (owner[common] != owner[holder])
            found.append((at[holder[fits]], at[common[fits]]))
        yield np.concatenate([a for a, _ in found]), np.concatenate([b for _, b in found])


def _shared_seeds(texts: HanTexts) -> tuple[Places, Places]:
    """Give the places of sampled n-grams that stand in more than one place, and a number for each n-gram, in order."""
    hashes, places = sampled_seeds(texts)
    # Hash and place share a word, so that sorting needs no index; what the cut hash confuses is told apart later.
    bits = np.uint64(int(texts.points.size).bit_length())
    packed = ((hashes >> bits) << bits) | places.astype(np.uint64)
    del hashes, places
    packed.sort()
    same = (packed[1:] >> bits) == (packed[:-1] >> bits)
    packed = packed[np.append(False, same) | np.append(same, False)] if packed.size else packed
    group = np.cumsum(np.diff(packed >> bits, prepend=packed[:1] >> bits) != 0)
    return (packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64), group


def _since(is_first: Flags) -> Places:
    """Count from each flag on."""
    flags = np.flatnonzero(is_first)
    return np.arange(is_first.size) - np.repeat(flags, np.diff(np.append(flags, is_first.size)))


def _equal_runs(points: Points, a: Places, b: Places) -> Passages:
    """Grow pairs of equal n-grams to equal runs, as long as they go."""
    for step in range(SEED):  # hashes may collide, characters do not
        same = points[a + step] == points[b + step]
        a, b = (a, b) if same.all() else (a[same], b[same])
    order = np.lexsort((a, b - a))
    a, shift = a[order], (b - a)[order]
    # Along a diagonal, n-grams that touch are one run.
    is_first = (np.diff(shift, prepend=-1) != 0) | (np.diff(a, prepend=-1) > SEED)
    first = np.flatnonzero(is_first)
    last = np.append(first[1:], a.size)[: first.size] - 1
    start, end, shift = a[first], a[last] + SEED, shift[first]
    start -= _equal_steps(points, start - 1, start + shift - 1, -1)
    end += _equal_steps(points, end, end + shift, 1)
    # Where an n-gram in the middle was left out as too frequent, two pieces have grown into the same run.
    is_new = (np.diff(shift, prepend=-1) != 0) | (np.diff(start, prepend=-1) != 0)
    start, end, shift = start[is_new], end[is_new], shift[is_new]
    return Passages(start, end, start + shift, end + shift, end - start)


def _equal_steps(points: Points, a: Places, b: Places, step: int) -> Places:
    """Count how many characters from a and b on are the same; a text ends at 0."""
    n = np.zeros(a.size, dtype=np.int64)
    rows = np.arange(a.size)
    while rows.size:
        one = points[a[rows] + step * n[rows]]
        rows = rows[(one != 0) & (one == points[b[rows] + step * n[rows]])]
        n[rows] += 1
    return n


def _chained(texts: HanTexts, characters: str, runs: Passages) -> Passages:
    """Join runs over what was edited, as in a local alignment.

    A character in common wins 1, one that is not in common costs 1: two runs are one passage where that wins more than
    the better of them alone.
    """
    order, pair = _by_place(texts, runs)
    runs = runs.take(order)
    is_new = np.ones(order.size, dtype=bool)
    while is_new.any():
        before, after, n_equal = _gains(characters, runs, pair, is_new)
        head, tail = np.arange(pair.size), np.arange(pair.size)
        head[after] = before
        while (head[head] != head).any():
            head = head[head]
        np.maximum.at(tail, head, np.arange(pair.size))
        total = np.bincount(head, runs.n_equal, pair.size) + np.bincount(head[after], n_equal, pair.size)
        # What has become longer may now pay for a longer gap.
        is_new = np.bincount(head, minlength=pair.size) > 1
        kept = np.flatnonzero(head == np.arange(pair.size))
        last = tail[kept]
        runs = Passages(
            runs.start_a[kept], runs.end_a[last], runs.start_b[kept], runs.end_b[last], total[kept].astype(np.int64)
        )
        pair, is_new = pair[kept], is_new[kept]
    return runs


def _gains(characters: str, runs: Passages, pair: Places, is_new: Flags) -> tuple[Places, Places, Places]:
    """Give the runs that are better joined: the one before, the one after, and the characters that joining adds."""
    found = []
    score = _score(runs)
    for lag in range(1, _LOOK_BACK + 1):
        after = np.arange(lag, pair.size)
        after = after[(pair[after] == pair[after - lag]) & (is_new[after] | is_new[after - lag])]
        before = after - lag
        gap_a, gap_b = runs.start_a[after] - runs.end_a[before], runs.start_b[after] - runs.end_b[before]
        # Where a word was taken out between two equal ones, the runs overlap by a few characters.
        overlap = np.maximum(0, -np.minimum(gap_a, gap_b))
        gap_a, gap_b = gap_a + overlap, gap_b + overlap
        most = _score(_union(runs, before, after, np.minimum(gap_a, gap_b) - overlap))
        fits = (overlap < SEED) & (np.maximum(gap_a, gap_b) <= _FAR) & (most > np.maximum(score[before], score[after]))
        found.append(np.stack([before, after, overlap, gap_a, gap_b])[:, fits])
    before, after, overlap, gap_a, gap_b = np.concatenate(found, axis=1)
    in_a, in_b = _pieces(characters, runs.end_a[before], gap_a), _pieces(characters, runs.end_b[before], gap_b)
    added = cpdist(in_a, in_b, scorer=LCSseq.similarity, dtype=np.int64) - overlap
    joined = _score(_union(runs, before, after, added))
    wins = np.flatnonzero(joined > np.maximum(score[before], score[after]))
    # A run goes on to one other and from one other: those that are the nearest of each other.
    wins = wins[np.lexsort((after[wins], before[wins], np.maximum(gap_a, gap_b)[wins]))]
    mutual = wins[_is_first(before[wins]) & _is_first(after[wins])]
    return before[mutual], after[mutual], added[mutual]


def _pieces(characters: str, start: Places, size: Places) -> list[str]:
    return [characters[at : at + n] for at, n in zip(start.tolist(), size.tolist(), strict=True)]


def _union(runs: Passages, before: Places, after: Places, added: Places) -> Passages:
    return Passages(
        runs.start_a[before], runs.end_a[after], runs.start_b[before], runs.end_b[after],
        runs.n_equal[before] + runs.n_equal[after] + added,
    )  # fmt: skip


def _score(runs: Passages) -> Places:
    return 2 * runs.n_equal - np.maximum(runs.end_a - runs.start_a, runs.end_b - runs.start_b)


def _by_place(texts: HanTexts, runs: Passages) -> tuple[Places, Places]:
    """Give the order by texts and places, and a number for the two texts of each row in that order."""
    owner_a, owner_b = texts.owners(runs.start_a), texts.owners(runs.start_b)
    order = np.lexsort((runs.end_a, runs.start_b, runs.start_a, owner_b, owner_a))
    differs = (np.diff(owner_a[order], prepend=-1) != 0) | (np.diff(owner_b[order], prepend=-1) != 0)
    return order, np.cumsum(differs)


def _without_repeats(texts: HanTexts, passages: Passages) -> Passages:
    """Drop a passage whose places in both texts lie in other passages of the two, longer or before it."""
    order, pair = _by_place(texts, passages)
    passages = passages.take(order)
    inside = np.ones(pair.size, dtype=bool)
    for start, end in ((passages.start_a, passages.end_a), (passages.start_b, passages.end_b)):
        by_start = np.lexsort((np.arange(pair.size), -end, start, pair))
        reach = end[by_start] + pair[by_start] * texts.points.size
        covered = np.zeros(pair.size, dtype=bool)
        covered[by_start[1:]] = reach[1:] <= np.maximum.accumulate(reach)[:-1]
        inside &= covered
    return passages.take(~inside)


def _is_first(labels: Places) -> Flags:
    first = np.zeros(labels.size, dtype=bool)
    first[np.unique(labels, return_index=True)[1]] = True
    return first
