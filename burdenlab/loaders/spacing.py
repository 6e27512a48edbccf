"""Spaces that a page set inside words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from burdenlab.loaders.tokens import default_tokenizer

__all__ = ["letter_spacing", "split_words"]

_SPACE = r"[ \u3000\u00a0]"
_HAN = r"[\u4e00-\u9fff]"
_SPACED = re.compile(rf"(?<!\S)\S(?:{_SPACE}{{1,3}}\S){{2,}}(?!\S)")
_SOME = re.compile(rf"{_SPACE}\S{_SPACE}{{1,3}}\S")
_GAP = re.compile(rf"{_SPACE}+")
_DIGITS = re.compile(r"(?<!\d)\d(?: \d){1,}(?= ?[年月日万亿个件人元吨次项])(?! ?\d)")
_LISTED = frozenset("一二三四五六七八九十甲乙丙丁子丑寅卯男女是否有无年月日时分")
_USUAL_WORD = 50  # times in jieba's dictionary; 目标 has 11,527, the chance meeting 海鲁 has 7
_BETWEEN = re.compile(rf" (?<={_HAN} )(?={_HAN})")
_LEFT = re.compile(rf"{_HAN}{{1,8}}\Z")
_RIGHT = re.compile(rf"{_HAN}{{1,8}}")


def letter_spacing(raw: str) -> Iterator[tuple[int, int, str]]:
    """Find the gaps in text set with a space after each character: 政 府 工 作 报 告, 1 9 9 7 年."""
    if not _SOME.search(raw):  # a cheap test that most texts fail
        return
    for run in _DIGITS.finditer(raw):
        yield from ((run.start() + m.start(), run.start() + m.end(), "") for m in _GAP.finditer(run[0]))
    for run in _SPACED.finditer(raw):
        han = re.findall(_HAN, run[0])
        if len(han) >= 3 and not _LISTED.issuperset(han):
            yield from ((run.start() + m.start(), run.start() + m.end(), "") for m in _GAP.finditer(run[0]))


def split_words(raw: str) -> Iterator[tuple[int, int, str]]:
    """Find a space inside a word: without it jieba sees a word across the gap, with it a lone character beside it."""
    for gap in _BETWEEN.finditer(raw):
        left, right = _LEFT.search(raw[max(0, gap.start() - 8) : gap.start()]), _RIGHT.match(raw, gap.end())
        if left is None or right is None:
            continue
        words = default_tokenizer().FREQ
        spans = (left[0][-i:] + right[0][:j] for i in range(1, 5) for j in range(1, 5))
        if all(words.get(word, 0) < _USUAL_WORD for word in spans):
            continue
        if len(left[0]) == 1 and raw[max(0, gap.start() - 2) : gap.start() - 1].isdigit():  # 5月27日 经
            continue
        cut = default_tokenizer().lcut
        before, after = cut(left[0], HMM=False)[-1], cut(right[0], HMM=False)[0]
        if len(before) > 1 and len(after) > 1:
            continue
        at = 0
        for word in cut(left[0] + right[0], HMM=False):
            if at < len(left[0]) < at + len(word) and (word.startswith(before) or word.endswith(after)):
                yield gap.start(), gap.end(), ""
            at += len(word)
