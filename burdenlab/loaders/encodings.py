"""Bytes to text, with the encoding found and how sure that is."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

import numpy as np

from burdenlab.loaders.characters import code_points, common_share, is_han
from burdenlab.loaders.quarantine import Quarantined

__all__ = ["Decoded", "decode", "plausibility"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CANDIDATES = ("gb18030", "big5", "big5hkscs", "utf-16-le", "utf-16-be")
# Below these a guess is flagged: measured on short cuts of real reports.
_SURE_LENGTH = 40
_SURE_MARGIN = 0.2


class Decoded(NamedTuple):
    """Text of a file, how it was decoded, confidence in [0, 1], and warning codes."""

    text: str
    encoding: str
    confidence: float
    reasons: tuple[str, ...] = ()


def decode(data: bytes, *, encoding: str | None = None) -> Decoded:
    """Decode the bytes of a text file.

    A byte-order mark decides, then strict UTF-8, then the candidate (GB18030, Big5, UTF-16) whose text over the whole
    file looks most like Chinese. The byte-order mark and the line ends stay in the text.

    Parameters
    ----------
    data : bytes
    encoding : str, optional
        Use this one and guess nothing.

    Returns
    -------
    Decoded

    Raises
    ------
    Quarantined
        If the bytes fit no candidate, or the one asked for.

    Examples
    --------
    >>> decode("基层减负".encode("gb18030")).encoding
    'gb18030'
    """
    if encoding is not None:
        try:
            return Decoded(data.decode(encoding), encoding, 1.0)
        except UnicodeDecodeError as error:
            raise Quarantined(
                "decode_errors",
                f"byte {error.start} does not fit encoding={encoding!r}; leave encoding out to have it found.",
                f"第 {error.start} 字节不符合 encoding={encoding!r};可去掉该参数由程序识别。",
            ) from None
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _guess(data, error)
    # Two-byte sequences alone (Latin, Cyrillic) are as likely GB18030: 一 is D2 BB, which is also valid UTF-8.
    # Bytes of UTF-16 that are all below 80 are valid UTF-8 with control characters.
    points = code_points(text)
    if not (points >= 0x800).any() and (points.max(initial=0) >= 0x80 or _CONTROL.search(text)):
        return _guess(data, None)
    return Decoded(text, "utf-8", 1.0)


_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def plausibility(text: str) -> float:
    """Score in [0, 1] how much `text` looks like written Chinese; 0 without a Han character.

    The share of characters that Chinese documents use (everyday Han characters, Chinese and ASCII punctuation, Latin
    letters and digits) among all that are not white space.

    Examples
    --------
    >>> plausibility("减负30%。") > 0.99
    True
    """
    points, han = code_points(text), is_han(text)
    if not han.any():
        return 0.0
    plain = (points > 0x20) & (points < 0x7F)
    marks = ((points >= 0x3001) & (points <= 0x301F)) | ((points >= 0xFF01) & (points <= 0xFF5E))
    quotes = ((points >= 0x2010) & (points <= 0x2026)) | (points == 0xB7) | (points == 0xD7)
    blank = np.isin(points, (0x09, 0x0A, 0x0D, 0x20, 0xA0, 0x3000, 0xFEFF))
    visible = (~blank).sum()
    good = (plain & ~han).sum() + marks.sum() + quotes.sum() + han.sum() * common_share(text)
    return float(min(1.0, good / visible))


def _decode_marked(data: bytes, name: str) -> Decoded:
    try:
        return Decoded(data.decode(name), name, 1.0)
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 4:
            return Decoded(data.decode(name, "replace"), name, 1.0, ("decode_errors",))
        msg = f"its byte-order mark says {name}, but byte {error.start} does not fit"
        raise _undecodable(msg) from None


def _guess(data: bytes, utf8_error: UnicodeDecodeError | None) -> Decoded:
    """Choose among the candidates by how much the whole text looks like Chinese."""
    if utf8_error is not None and utf8_error.start >= len(data) - 3 and utf8_error.reason == "unexpected end of data":
        text = data.decode("utf-8", "replace")
        if is_han(text[:-1]).any() and not _CONTROL.search(text):
            return Decoded(text, "utf-8", 1.0, ("decode_errors",))
    scored = _score(data, _CANDIDATES if utf8_error is not None else ("utf-8", *_CANDIDATES))
    # Bytes that are valid UTF-8 give way only to what is surely Chinese.
    if not scored or scored[0][0] < (0.5 if utf8_error is not None else 0.9):
        if name := _wide(data):
            return Decoded(data.decode(name, "replace"), name, 0.5, ("encoding_uncertain",))
        if utf8_error is None:
            unsure = ("encoding_uncertain",) if _CONTROL.search(data.decode("utf-8")) else ()
            return Decoded(data.decode("utf-8"), "utf-8", 0.5 if unsure else 1.0, unsure)
        if mixed := _line_by_line(data):
            return Decoded(mixed, "utf-8 and gb18030", 0.5, ("mixed_encoding",))
        raise _undecodable(_NEITHER)
    best, name, text = scored[0]
    others = [score for score, other, _ in scored[1:] if other[:4] != name[:4] or name.startswith("utf")]
    margin = best - max(others, default=0.0)
    unsure = ("encoding_uncertain",) if margin < _SURE_MARGIN or len(text) < _SURE_LENGTH else ()
    return Decoded(text, name, round(min(best, margin), 4), unsure)


_NEITHER = "they fit neither UTF-8 nor GB18030, Big5 or UTF-16 as Chinese text"


def _line_by_line(data: bytes) -> str:
    """Decode a file that was pasted together: each line is UTF-8 or GB18030; "" where a line is neither."""
    lines = []
    for line in data.splitlines(keepends=True):
        for name in ("utf-8", "gb18030"):
            try:
                lines.append(line.decode(name))
                break
            except UnicodeDecodeError:
                continue
        else:
            return ""
    text = "".join(lines)
    return text if plausibility(text) > 0.9 else ""


def _score(data: bytes, candidates: tuple[str, ...]) -> list[tuple[float, str, str]]:
    """Give plausibility, name and text of the candidates that fit the bytes, best first; the first of equal texts."""
    scored: list[tuple[float, str, str]] = []
    for name in candidates:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if all(text != other for _, _, other in scored):
            scored.append((plausibility(text), name, text))
    return sorted(scored, key=lambda row: -row[0])


def _wide(data: bytes) -> str:
    """Tell UTF-16 without Chinese from where its zero bytes are; "" where there is no such pattern."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    if len(data) % 2 or max(even, odd) < len(data) / 8:
        return ""
    return "utf-16-le" if odd > 3 * even else "utf-16-be" if even > 3 * odd else ""


def _undecodable(why: str) -> Quarantined:
    return Quarantined(
        "decode_errors",
        f"the bytes cannot be decoded: {why}; save the file as UTF-8, or name its encoding.",
        "字节无法解码;请将文件另存为 UTF-8,或用 encoding= 指明编码。",
    )
