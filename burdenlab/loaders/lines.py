"""Lines that a page broke, put together again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from burdenlab.loaders.sections import starts_numbered

__all__ = ["hard_breaks"]

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_ENDS = "。！？；：!?;:"
_FEWEST = 12
_NARROWEST, _WIDEST = 30, 120  # columns


def hard_breaks(raw: str) -> Iterator[tuple[int, int, str]]:
    """Find the line ends inside sentences of a text whose lines were all broken at one width.

    A text is taken for one when at least half of its longer lines have about the same width and most of those stop in
    mid-sentence. A line goes on in the next one when it is full, and the next neither is indented nor begins with the
    marker of a heading or item.
    """
    n_lines = raw.count("\n") - raw.count("\n\n")
    # Lines as long as paragraphs, or that mostly end sentences: the usual cases, told at a glance.
    if len(raw) > _WIDEST * (n_lines + 1) or raw.count("。\n") + raw.count("。\r") > 0.5 * n_lines:
        return
    lines = [(m.start(1), m.end(1), m.end(2)) for m in _LINE.finditer(raw) if m[2] or m[1]]
    if len(lines) < _FEWEST:
        return
    texts = [raw[start:end].rstrip() for start, end, _ in lines]
    widths = np.array([_width(text) for text in texts])
    filled = widths[widths > 0]
    if filled.size < _FEWEST:
        return
    usual = float(np.percentile(filled, 80))
    if not _NARROWEST <= usual <= _WIDEST:
        return
    full = widths >= usual - 6
    near = full & (widths <= usual + 3)
    open_ended = [texts[i][-1] not in _ENDS for i in np.flatnonzero(near)]
    if near.sum() < 0.5 * filled.size or np.mean(open_ended) < 0.6:
        return
    for i in np.flatnonzero(full[:-1]):
        following = texts[i + 1]
        if not following.strip() or re.match(r"\s{2}|[\t\u3000]", following) or starts_numbered(following.lstrip()):
            continue
        start = lines[i][0] + len(texts[i])
        end = lines[i + 1][0] + len(following) - len(following.lstrip())
        is_latin = texts[i][-1].isascii() and texts[i][-1].isalpha() and following.lstrip()[0].isascii()
        yield start, end, " " if is_latin else ""


def _width(text: str) -> int:
    """Count columns, two for a full-width character: those take three bytes of UTF-8, Latin ones take one."""
    return (len(text.encode("utf-8", "surrogatepass")) + len(text)) // 2
