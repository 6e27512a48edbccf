"""A codebook from the three lists that word counters know: user words, stop words, words to merge."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import daachorse

from burdenlab.coding.codebook import Codebook
from burdenlab.coding.codebook_files import codebook_from_dict
from burdenlab.coding.faults import MOST_TERMS, UNSEEN, Fault, Place, faults_error, shown
from burdenlab.loaders.encodings import decode
from burdenlab.loaders.quarantine import Quarantined
from burdenlab.messages import with_chinese

__all__ = ["load_word_lists"]

_LONGEST = 32  # characters of a word
_MOST_TIMES = 1_000_000_000  # frequency of a user word
_USER_WORD = re.compile(r"(?P<word>\S+)(?: (?P<frequency>[-+.,\d]+))?(?: (?P<tag>[a-z]+))?")
_BETWEEN = re.compile(r"=>|[\t,\uff0c、;\uff1b=]")  # words of a line to merge


_Path: TypeAlias = str | os.PathLike[str]


class _Line(NamedTuple):
    file: str
    number: int
    text: str


def load_word_lists(
    *,
    words: _Path | None = None,
    stop_words: _Path | None = None,
    merges: _Path | None = None,
    name: str = "word lists",
) -> Codebook:
    """Make a codebook from the lists of ROST CM6, 微词云 or jieba: each word becomes a theme that can be counted.

    A word inside a longer word of the lists does not count there, as in those programs; words that overlap only in part
    both count. Frequencies and parts of speech of user words are for segmenters only and change nothing here.

    Parameters
    ----------
    words : path, optional
        User words, one a line, as in jieba's user dictionary: ``word frequency part-of-speech``, separated by one space,
        the last two optional.
    stop_words : path, optional
        One a line. They make no theme; one that the other lists hold too is an error.
    merges : path, optional
        A line for each merged word: the word to count under, then its variants, separated by tab, comma, 、, ;, = or =>.
    name : str
        Of the codebook.

    Returns
    -------
    Codebook
        A theme for each merged word, then for each user word that no merge covers; the id and the labels are the word.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If neither `words` nor `merges` is given; else with all faults, each with its file and line: an odd separator, a
        word longer than 32 characters, a frequency that is no whole number from 1 to 1,000,000,000, a word that occurs
        twice in a list, a merge without variants, a stop word that is to be counted, a file that is neither UTF-8 nor
        GB18030, more than 50,000 lines.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "merges.txt").write_text("文山会海=>文山,会海", encoding="utf-8")
    ...     _ = Path(folder, "words.txt").write_text("台账 5 n", encoding="utf-8")
    ...     book = load_word_lists(words=f"{folder}/words.txt", merges=f"{folder}/merges.txt")
    >>> book.themes, book.entries[0].terms
    (('文山会海', '台账'), ('文山会海', '文山', '会海'))
    """
    if words is None and merges is None:
        msg = "load_word_lists() got neither words nor merges; name a file of words to count."
        raise with_chinese(ValueError(msg), "load_word_lists() 没有得到 words 或 merges;请给出要计数的词表。")
    reader = _Reader({"words": words, "stop_words": stop_words, "merges": merges})
    themes = reader.themes()
    content = {"groups": {"words": {"zh": "词表", "en": "Words"}}, "themes": themes}
    if not themes:
        empty = Fault("", "", "there is no word to count", "没有可计数的词")
        raise faults_error((f"codebook {name}", f"编码本 {name}"), reader.faults or [empty], reader.places)
    return codebook_from_dict(
        content, name=name, sha256=reader.sha256, places=lambda: reader.places, faults=reader.faults
    )


class _Reader:
    """Reads the lists and keeps what is wrong with them."""

    def __init__(self, given: Mapping[str, _Path | None]) -> None:
        self.faults: list[Fault] = []
        self.places: dict[Place, tuple[str, str]] = {}
        digest = hashlib.sha256()
        self.lines = {key: self._lines(key, path, digest) for key, path in given.items() if path is not None}
        self.sha256 = digest.hexdigest()

    def themes(self) -> dict[str, dict[str, Any]]:
        """Give the words to count under with their variants, as themes of a codebook."""
        merged: dict[str, _Line] = {}  # each word of a merge -> its line
        variants: dict[str, list[str]] = {}
        for line in self.lines.get("merges", ()):
            found = [word.strip() for word in _BETWEEN.split(line.text)]
            if len(found) < 2 or "" in found:
                said = "a word and its variants are expected, separated by tab, comma, 、, ;, = or =>"
                self._fault(line, said, "应为一个词及其变体,以制表符、逗号、顿号、分号、= 或 => 分隔")
            elif len(set(found)) < len(found):
                self._fault(line, "a word stands twice in the line", "行内有词重复")
            elif all([self._is_word(line, w) and self._is_new(line, w, merged) for w in found]):
                variants[found[0]] = found
        single: dict[str, _Line] = {}
        for line in self.lines.get("words", ()):
            word = self._user_word(line)
            if word and self._is_word(line, word) and self._is_new(line, word, single) and word not in merged:
                variants[word] = [word]
        stopped: dict[str, _Line] = {}
        for line in self.lines.get("stop_words", ()):
            word = line.text
            if self._is_new(line, word, stopped) and (other := merged.get(word, single.get(word))):
                where = f"{other.file}, line {other.number}"
                said = f"{word!r} is a stop word here and is to be counted by {where}; take it out of one of them"
                chinese = f"{word!r} 在此为停用词,而 {other.file} 第 {other.number} 行要求计数;请从其一删去"
                self._fault(line, said, chinese)
        for word in variants:
            self.places[f"themes.{word}", 0, "", ""] = _told(merged[word] if word in merged else single[word])
        longer = _longer(variants)
        return {
            word: {"group": "words", "zh": word, "en": word, "terms": terms, "exclude": longer[word]}
            for word, terms in variants.items()
        }

    def _lines(self, key: str, path: _Path, digest: Any) -> list[_Line]:
        """Give the lines of a file that hold something."""
        file, name = Path(path), f"{key} {Path(path).name!r}"
        if not file.is_file():
            msg = f"{key}={str(path)!r} does not exist; name a text file with a word a line."
            raise with_chinese(FileNotFoundError(msg), f"{key}={str(path)!r} 不存在;请给出每行一词的文本文件。")
        data = file.read_bytes()
        digest.update(f"{key} {len(data)}\n".encode() + data)
        try:
            decoded = decode(data)
            unsure = decoded.reasons and decoded.encoding not in ("utf-8", "gb18030")
            why = (f"its encoding looks like {decoded.encoding}", f"编码似为 {decoded.encoding}") if unsure else None
        except Quarantined as refused:
            why = (refused.detail.rstrip("."), refused.detail_zh.rstrip("。"))
        if why is None and decoded.text.count("\n") > MOST_TERMS:
            why = (f"it has more than {MOST_TERMS} lines", f"超过 {MOST_TERMS} 行")
        if why is not None:
            mend = ("save it as UTF-8 with a word a line", "请另存为 UTF-8,每行一词")
            self.faults.append(Fault("", "", f"{name}: {why[0]}; {mend[0]}", f"{name}:{why[1]};{mend[1]}"))
            return []
        lines = decoded.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return [_Line(name, n, line.strip(" \t")) for n, line in enumerate(lines, start=1) if line.strip()]

    def _fault(self, line: _Line, en: str, zh: str) -> bool:
        self.places[line.file, 0, str(line.number), ""] = _told(line)
        self.faults.append(Fault(line.file, str(line.number), en, zh))
        return False

    def _user_word(self, line: _Line) -> str:
        """Take the word from a line of jieba's form; "" where it has another."""
        form = _USER_WORD.fullmatch(line.text)
        if form is None:
            said = "a word, its frequency and its part of speech (small letters) are expected, one space between them and none in the word"
            chinese = "应为“词 词频 词性”,词性为小写字母,以一个半角空格分隔(不用制表符、全角空格),词内无空格"
            self._fault(line, said, chinese)
            return ""
        times = form["frequency"]
        if times and not (re.fullmatch("[0-9]{1,10}", times) and 1 <= int(times) <= _MOST_TIMES):
            said = f"the frequency {shown(times)} is no whole number from 1 to {_MOST_TIMES:,}"
            self._fault(line, said, f"词频 {shown(times)} 不是 1 至 {_MOST_TIMES:,} 的整数")
            return ""
        return form["word"]

    def _is_word(self, line: _Line, word: str) -> bool:
        if len(word) <= _LONGEST and not re.search("[\t\u3000;\uff1b、]", word) and not UNSEEN.search(word):
            return True
        said = f"the word {shown(word)} must have 1 to {_LONGEST} characters, without ; or 、 or invisible ones"
        return self._fault(line, said, f"词 {shown(word)} 应为 1–{_LONGEST} 个字符,不含分号、顿号和不可见字符")

    def _is_new(self, line: _Line, word: str, seen: dict[str, _Line]) -> bool:
        first = seen.setdefault(word, line)
        en, zh = f"{shown(word)} stands in line {first.number} already", f"{shown(word)} 已在第 {first.number} 行"
        return first is line or self._fault(line, en, zh)


def _told(line: _Line) -> tuple[str, str]:
    return f"{line.file}, line {line.number}: ", f"{line.file} 第 {line.number} 行:"


def _longer(variants: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Give for each theme the words of others that hold one of its terms, so that a word counts as the longest one."""
    theme_of = {term: theme for theme, terms in variants.items() for term in terms}
    terms = list(theme_of)
    longer: dict[str, list[str]] = {theme: [] for theme in variants}
    if not terms:
        return longer
    automaton = daachorse.CharwiseDoubleArrayAhoCorasick(terms)
    holders: dict[str, set[str]] = {}  # term -> the themes of the longer terms that hold it
    inside = {term: {terms[at] for _, _, at in automaton.find_overlapping(term)} - {term} for term in terms}
    for term, shorter in inside.items():
        for word in shorter:
            holders.setdefault(word, set()).add(theme_of[term])
    for term, shorter in inside.items():
        for theme in sorted({theme_of[word] for word in shorter} - {theme_of[term]}):
            # Where the theme has a still longer term around this one, masking would hide that too.
            if theme not in holders.get(term, ()):
                longer[theme].append(term)
    return longer
