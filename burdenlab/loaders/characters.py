"""What counts as a Han character, and how usual it is."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

__all__ = ["code_points", "common_share", "count_han", "is_han", "traditional_share"]

# Unified ideographs with extensions A to J, compatibility ideographs and 〇. Radicals (U+2E80 to U+2FDF) are not
# among them: they are look-alikes that cleaning folds.
_HAN_RANGES = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3347F))


def code_points(text: str) -> npt.NDArray[np.uint32]:
    """Give the code points of `text` as an array of the same length."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def is_han(text: str) -> npt.NDArray[np.bool_]:
    """Tell for each code point of `text` whether it is a Han character.

    Examples
    --------
    >>> is_han("基层A。").tolist()
    [True, True, False, False]
    """
    points = code_points(text)
    inside = np.zeros(points.shape, dtype=bool)
    for low, high in _HAN_RANGES:
        inside |= (points >= low) & (points <= high)
    return inside


def count_han(text: str) -> int:
    """Count the Han characters of `text`.

    Examples
    --------
    >>> count_han("减负30%。")
    2
    """
    return int(is_han(text).sum())


@cache
def _usual_characters() -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Flag the level-1 characters of GB 2312 and of Big5 among the code points of the basic plane."""
    tables = []
    for encoding, rows, cells in (
        ("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)),
        ("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)]),
    ):
        flags = np.zeros(0x10000, dtype=bool)
        pairs = b"".join(bytes((row, cell)) for row in rows for cell in cells)
        flags[code_points(pairs.decode(encoding, "ignore"))] = True
        flags[0xFFFD] = False
        tables.append(flags)
    return tables[0], tables[1]


def common_share(text: str) -> float:
    """Share of the Han characters of `text` that are in everyday use, in [0, 1]; NaN without Han characters.

    Everyday use is level 1 of GB 2312 (3,755 characters) or of Big5 (5,401), whichever share is larger, so that
    simplified and traditional text are both near 1 while wrongly decoded text falls to between 0 and 0.6.

    Examples
    --------
    >>> common_share("基层减负")
    1.0
    >>> common_share("鍩哄眰鍑忚礋") < 0.5
    True
    """
    points = code_points(text)[is_han(text)]
    if points.size == 0:
        return float("nan")
    points = np.where(points < 0x10000, points, 0)
    return float(max(flags[points].mean() for flags in _usual_characters()))


@cache
def _traditional_only() -> npt.NDArray[np.bool_]:
    """Flag the usual characters of Big5 that GB 2312 lacks: 層, 負, but not 基."""
    gb2312 = np.zeros(0x10000, dtype=bool)
    pairs = b"".join(bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    gb2312[code_points(pairs.decode("gb2312", "ignore"))] = True
    return _usual_characters()[1] & ~gb2312


def traditional_share(text: str) -> float:
    """Share of the Han characters of `text` that only traditional script has, in [0, 1]; 0 without Han characters.

    Examples
    --------
    >>> traditional_share("基層減負"), traditional_share("基层减负")
    (0.75, 0.0)
    """
    points = code_points(text)[is_han(text)]
    points = points[points < 0x10000]
    return float(_traditional_only()[points].mean()) if points.size else 0.0
