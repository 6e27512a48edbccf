"""Text that somebody decoded wrongly before: mended where nothing was lost, refused where something was."""

from __future__ import annotations

import re

import ftfy
import numpy as np

from burdenlab.loaders.characters import code_points, common_share, count_han, is_han
from burdenlab.loaders.encodings import Decoded, plausibility
from burdenlab.loaders.quarantine import Quarantined

__all__ = ["USUAL_SHARE", "check_text"]

_FEWEST = 10  # Han characters below which the share of usual ones says nothing
USUAL_SHARE = 0.75  # real texts are above 0.95, wrongly decoded ones between 0 and 0.61
_FILLERS = re.compile(r"锟斤拷|烫烫烫|屯屯屯|锘挎")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f-\x84\x86-\x9f]")
_WESTERN = re.compile(r"[\x80-\xff]")
_SQL = re.compile(r"^[ \t]*(?:INSERT INTO|CREATE TABLE|LOCK TABLES)\b", re.MULTILINE)
_TAGGED = re.compile(r"^\S[ \t][BIOES](?:[-_]\S+)?$", re.MULTILINE)


def check_text(decoded: Decoded) -> Decoded:
    """Look whether a decoded file is text that can be counted.

    Mojibake that can be turned back without loss (GBK or UTF-8 read as Latin-1, once or twice) is, and the document
    has the warning ``mojibake``; what lost characters on the way is refused.

    Raises
    ------
    Quarantined
        ``mojibake``, ``binary_content`` or ``type_mismatch``.

    Examples
    --------
    >>> wrong = "基层单位承担大量报表填报任务".encode("gb18030").decode("latin-1")
    >>> check_text(Decoded(wrong, "utf-8", 1.0)).text
    '基层单位承担大量报表填报任务'
    """
    text = decoded.text
    controls = len(_CONTROL.findall(text))
    if mended := _turned_back(text):
        return Decoded(mended[0], mended[1], decoded.confidence, (*decoded.reasons, "mojibake"))
    if controls > 0.01 * len(text):
        raise Quarantined(
            "binary_content",
            f"{controls} of {len(text)} characters are control characters; this is no text.",
            f"{len(text)} 个字符中有 {controls} 个控制字符;这不是文本。",
        )
    lost = text.count("\ufffd") + 3 * len(_FILLERS.findall(text))
    unusual = common_share(text) < USUAL_SHARE and count_han(text) >= _FEWEST
    if lost > max(1, 0.005 * len(text)) or unusual:
        raise Quarantined(
            "mojibake",
            "the text was decoded wrongly before and has lost characters; fetch the file again from its source.",
            "文本此前曾被错误解码并丢失了字符;请从来源重新获取。",
        )
    _refuse_other_kinds(text)
    reasons = [*decoded.reasons, *["decode_errors"] * (lost > 0), *["control_chars"] * (controls > 0)]
    return decoded._replace(reasons=tuple(dict.fromkeys(reasons)))


def _turned_back(text: str) -> tuple[str, str] | None:
    """Decode again what was read as Latin-1 or Windows-1252; None where that gives no Chinese."""
    if not _WESTERN.search(text):
        return None
    points = code_points(text)
    western = ((points >= 0x80) & (points <= 0xFF)) | np.isin(points, code_points(_WINDOWS_1252))
    if western.sum() < 4 or western.sum() < 4 * is_han(text).sum():
        return None
    for name, turn in (("utf-8", ftfy.fix_encoding), ("gb18030", _as_gb18030)):
        turned = turn(text)
        if turned is not None and count_han(turned) >= 2 and plausibility(turned) > 0.9:
            return turned, f"{name} read as latin-1"
    return None


_WINDOWS_1252 = bytes(b for b in range(0x80, 0xA0) if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)).decode("cp1252")


def _as_gb18030(text: str) -> str | None:
    for western in ("latin-1", "sloppy-windows-1252"):  # the second comes with ftfy
        try:
            return text.encode(western).decode("gb18030")
        except UnicodeError:
            continue
    return None


def _refuse_other_kinds(text: str) -> None:
    """Refuse what is text but no document: a database dump, a table of characters and tags."""
    if text.count("'") > 10 and _SQL.search(text):
        raise Quarantined(
            "type_mismatch",
            "an SQL dump is no report; export its text column as csv.",
            "这是 SQL 转储,不是报告;请把正文列导出为 csv。",
        )
    lines = max(1, text.count("\n"))
    if lines > 20 and len(text) < 60 * lines and len(_TAGGED.findall(text)) > 0.8 * lines:
        raise Quarantined("type_mismatch", "a table of characters and tags is no report.", "这是逐字标注表,不是报告。")
