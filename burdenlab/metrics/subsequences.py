"""How many characters two pieces of text have in common, in the same order."""

from __future__ import annotations

import numpy as np

from burdenlab.metrics.han import Places, Points

__all__ = ["common_length", "common_lengths"]

_WORD = 64  # characters that a machine word has bits for
_BLOCK = 4096  # pairs compared at a time


def common_length(one: Points, other: Points) -> int:
    """Count the characters of the longest common subsequence.

    Notes
    -----
    A row of the usual table of lengths is one whole number, a bit a character: Hyyrö (2004), Bit-parallel LCS-length
    computation revisited.

    Examples
    --------
    >>> common_length(np.array([1, 2, 3, 4], dtype=np.uint32), np.array([2, 9, 4], dtype=np.uint32))
    2
    """
    places: dict[int, int] = {}
    for at, point in enumerate(one.tolist()):
        places[point] = places.get(point, 0) | (1 << at)
    full = (1 << one.size) - 1
    row = full
    for point in other.tolist():
        hit = row & places.get(point, 0)
        row = ((row + hit) | (row - hit)) & full
    return one.size - row.bit_count()


def common_lengths(points: Points, a: Places, n_a: Places, b: Places, n_b: Places) -> Places:
    """Count the characters of the longest common subsequence of many pairs of pieces.

    Parameters
    ----------
    points : array
        Characters; none is 0 or 1 inside a piece.
    a, n_a, b, n_b : array
        Where the pieces begin and how long they are. Those of up to 64 characters are compared all at once.

    Examples
    --------
    >>> points, start, size = np.arange(2, 30, dtype=np.uint32), np.array([0]), np.array([9])
    >>> common_lengths(points, start, size, start + 4, size).tolist()
    [5]
    """
    common = np.zeros(a.size, dtype=np.int64)
    longest = np.maximum(n_a, n_b)
    has_text = (n_a > 0) & (n_b > 0)
    for row in np.flatnonzero((longest > _WORD) & has_text).tolist():
        common[row] = common_length(points[a[row] : a[row] + n_a[row]], points[b[row] : b[row] + n_b[row]])
    short = np.flatnonzero((longest <= _WORD) & has_text)
    short = short[np.argsort(longest[short], kind="stable")]
    for begin in range(0, short.size, _BLOCK):
        rows = short[begin : begin + _BLOCK]
        steps = np.arange(int(longest[rows].max()))
        # What lies beyond a piece is equal to nothing.
        one = np.where(steps < n_a[rows, None], points[np.minimum(a[rows, None] + steps, points.size - 1)], 0)
        other = np.where(steps < n_b[rows, None], points[np.minimum(b[rows, None] + steps, points.size - 1)], 1)
        bits = np.zeros((rows.size, _WORD), dtype=bool)
        row_of = np.full(rows.size, np.iinfo(np.uint64).max, dtype=np.uint64)
        for step in steps:
            bits[:, : steps.size] = one == other[:, step, None]
            hit = row_of & np.packbits(bits, axis=1, bitorder="little").view("<u8")[:, 0]
            row_of = (row_of + hit) | (row_of - hit)
        common[rows] = np.bitwise_count(~row_of)
    return common
