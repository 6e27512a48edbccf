"""The Han characters of many texts in one array, and sampled n-grams of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

__all__ = [
    "SEED",
    "SURE",
    "HanTexts",
    "Hashes",
    "Places",
    "Points",
    "han_offsets",
    "han_points",
    "han_texts",
    "hash_grams",
    "is_han",
    "presence",
    "sampled_seeds",
    "text_points",
]

Points = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

SEED = 10  # characters of a sampled n-gram
_INNER = 3  # characters of the n-grams inside, which decide whether it is sampled
SURE = 2 * SEED - _INNER  # characters of a run that holds a sampled n-gram whatever it says: 17
_HAN = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3347F))
_CHUNK = 400_000  # characters hashed at a time: they stay in the cache
_ODD = np.uint64(0x9E3779B97F4A7C15)
_HIGH = np.uint64(32)


class HanTexts(NamedTuple):
    """Han characters of texts, one text after another, with a 0 before, between and after them."""

    points: Points
    starts: Places  # where each text begins in `points`
    ends: Places

    def owners(self, places: Places) -> Places:
        """Give the number of the text that each place lies in."""
        return np.searchsorted(self.starts, places, side="right") - 1


def han_texts(texts: Sequence[str]) -> HanTexts:
    """Take the Han characters of texts; everything else is left out.

    Examples
    --------
    >>> found = han_texts(["减负，", "5级"])
    >>> [chr(point) for point in found.points.tolist() if point], found.starts.tolist(), found.ends.tolist()
    (['减', '负', '级'], [1, 4], [3, 5])
    """
    points = np.zeros(sum(map(len, texts)) + len(texts) + 1, dtype=np.uint32)
    ends = np.zeros(len(texts), dtype=np.int64)
    at = 1
    starts = ends.copy()
    for i, text in enumerate(texts):
        own = han_points(text)
        points[at : at + own.size] = own
        starts[i], ends[i] = at, at + own.size
        at += own.size + 1
    return HanTexts(points[: max(at, 2)], starts, ends)


def han_points(text: str) -> Points:
    """Give the Han characters of a text, as code points.

    Examples
    --------
    >>> "".join(map(chr, han_points("减、负5")))
    '减负'
    """
    points = text_points(text)
    return points[is_han(points)]


def han_offsets(text: str) -> Places:
    """Give the offset of each Han character in a text.

    Examples
    --------
    >>> han_offsets("减、负").tolist()
    [0, 2]
    """
    return np.flatnonzero(is_han(text_points(text)))


def sampled_seeds(texts: HanTexts) -> tuple[Hashes, Places]:
    """Sample n-grams of `SEED` characters: hash and place of about one in four.

    An n-gram is taken by what it says alone, so that two texts that share it both take it: closed syncmers, those whose
    inner n-gram with the smallest hash stands at an end. Any run of `SURE` characters holds at least one.

    References
    ----------
    Edgar (2021), Syncmers are more sensitive than minimizers, doi:10.7717/peerj.10805.

    Examples
    --------
    >>> hashes, places = sampled_seeds(han_texts(["甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午"] * 2))
    >>> int((places < 18).sum()) == int((places > 18).sum()) > 0
    True
    """
    found = [(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64))]
    for start in range(0, texts.points.size - SEED + 1, _CHUNK):
        part = texts.points[start : start + _CHUNK + SEED - 1]
        one = _single(part)
        two = _joined(one, one, 1, 1)
        four = _joined(two, two, 2, 2)
        inner = ((_joined(two, one, 2, 1) * _ODD) >> _HIGH).astype(np.uint32)
        least = inner
        for step in (1, 2, 4):
            least = np.minimum(least[:-step], least[step:])
        span = SEED - _INNER
        is_taken = (inner[: least.size] == least) | (inner[span : span + least.size] == least)
        # No n-gram goes over the border of a text.
        border = np.flatnonzero(part == 0)
        for back in range(SEED):
            at = border - back
            is_taken[at[(at >= 0) & (at < is_taken.size)]] = False
        places = np.flatnonzero(is_taken)
        hashes = _joined(_joined(four, four, 4, 4), two, 8, 2)[places] * _ODD
        found.append((hashes ^ (hashes >> _HIGH), places + start))
    return np.concatenate([h for h, _ in found]), np.concatenate([p for _, p in found])


def hash_grams(points: Points, n: int) -> Hashes:
    """Hash every run of n characters, the same on every machine.

    Examples
    --------
    >>> hashes = hash_grams(np.array([1, 2, 3, 1, 2], dtype=np.uint32), 2)
    >>> hashes.size, bool(hashes[0] == hashes[3]), bool(hashes[0] == hashes[1])
    (4, True, False)
    """
    if points.size < n:
        return np.zeros(0, dtype=np.uint64)
    hashes = _single(points)
    for size in f"{n:b}"[1:]:  # twice as long, and one more where the bit is set
        length = points.size - hashes.size + 1
        hashes = _joined(hashes, hashes, length, length)
        hashes = _joined(hashes, _single(points), 2 * length, 1) if size == "1" else hashes
    hashes = hashes * _ODD
    return hashes ^ (hashes >> _HIGH)


def presence(hashes: Sequence[Hashes]) -> csr_array:
    """Tell in zeros and ones which text (row) has which n-gram (column).

    Parameters
    ----------
    hashes : sequence of arrays
        The distinct hashes of each text.

    Examples
    --------
    >>> presence([np.array([3, 7], dtype=np.uint64), np.array([7], dtype=np.uint64)]).toarray().tolist()
    [[1, 1], [0, 1]]
    """
    known, columns = np.unique(np.concatenate([*hashes, np.zeros(0, dtype=np.uint64)]), return_inverse=True)
    begins = np.cumsum([0, *(own.size for own in hashes)])
    return csr_array((np.ones(columns.size, dtype=np.int64), columns, begins), shape=(len(hashes), known.size))


def _single(points: Points) -> Hashes:
    hashes = points.astype(np.uint64) * _ODD
    return hashes ^ (hashes >> _HIGH)


def _joined(left: Hashes, right: Hashes, n_left: int, n_right: int) -> Hashes:
    """Hash the n-grams that begin with one of `n_left` characters and go on with one of `n_right`, as a polynomial."""
    return left[: right.size - n_left] * _ODD ** np.uint64(n_right) + right[n_left:]


def text_points(text: str) -> Points:
    """Give the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def is_han(points: Points) -> npt.NDArray[np.bool_]:
    """Flag Han characters.

    Examples
    --------
    >>> is_han(text_points("减5")).tolist()
    [True, False]
    """
    return _table()[points]


@cache
def _table() -> npt.NDArray[np.bool_]:
    table = np.zeros(0x110000, dtype=bool)
    for first, last in _HAN:
        table[first : last + 1] = True
    return table
