"""The terms, patterns and conditions of a theme: what is wrong with them, and the words that conditions share by name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeAlias

import daachorse
import re2

from burdenlab.coding.faults import LONGEST_TERM, UNSEEN, Fault, is_strings, shown
from burdenlab.tables import MOVES

__all__ = ["CONDITIONS", "CONTEXT_KEYS", "compile_pattern", "expand_contexts", "fold_contexts", "term_faults"]

CONDITIONS = ("require", "near", "unless", "moves")
CONTEXT_KEYS = CONDITIONS[:3]  # in which "@name" stands for the words of a context
_TERMS = ("terms", "patterns", "exclude", "exclude_patterns")
_LONGEST_PATTERN = 500
_MOST_NAMED = 200_000  # words that names of contexts stand for, in all
# A table, which of that name, its content: the theme, then each of its tables `when`.
_Parts: TypeAlias = Sequence[tuple[str, int, Mapping[str, Any]]]


@lru_cache(maxsize=4096)  # all of a large codebook, which is checked and then used; RE2 itself remembers 128
def compile_pattern(pattern: str) -> Any:
    """Compile a pattern with RE2, which takes linear time; what it does not take is no pattern."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def term_faults(name: str, parts: _Parts, since: object) -> Iterator[Fault]:
    """Yield the faults of one theme, whose lists hold strings."""
    table, _, theme = parts[0]
    if not any(part.get("terms") or part.get("patterns") for _, _, part in parts):
        yield Fault(table, "", f"theme {name} is empty; give it terms or patterns", f"主题 {name} 为空;请给出 terms 或 patterns")  # fmt: skip
    condition = {(where, i): tuple(tuple(part.get(key, ())) for key in CONDITIONS) for where, i, part in parts}
    for where, i, part in parts:
        is_conditional, is_when = any(condition[where, i]), where != table
        if not (part.get("terms") or part.get("patterns")) and (is_when or is_conditional):
            said = "a condition without terms or patterns beside it"
            yield _fault(name, where, "", said, "有条件而没有同表的 terms 或 patterns", nth=i)
        if is_when and not is_conditional:
            said = f"a table 'when' without a condition ({', '.join(CONDITIONS)})"
            yield _fault(name, where, "", said, f"when 表没有条件({'、'.join(CONDITIONS)})", nth=i)
    listed = {
        key: [(term, where, i) for where, i, part in parts for term in part.get(key, ())]
        for key in (*_TERMS, *CONDITIONS)
    }
    for key in _TERMS:
        # One term under two conditions is no double: either may hold.
        place = {(condition[where, i], term): (where, i) for term, where, i in listed[key]}
        for held, n in Counter((condition[where, i], term) for term, where, i in listed[key]).items():
            if n > 1:
                where, i = place[held]
                said, chinese = f"{shown(held[1])} stands twice in {key}", f"{key} 中 {shown(held[1])} 重复"
                yield _fault(name, where, key, said, chinese, held[1], i)
    for key in ("terms", "exclude", *CONTEXT_KEYS, "patterns", "exclude_patterns"):
        most = _LONGEST_PATTERN if "patterns" in key else LONGEST_TERM
        for term, where, i in listed[key]:
            if not 0 < len(term) <= most or term != term.strip() or "\n" in term or "\t" in term or UNSEEN.search(term):  # fmt: skip
                said = f"the term {shown(term)} must have 1 to {most} characters on one line, none of them invisible, and no space around"
                chinese = f"词条 {shown(term)} 应为单行 1–{most} 个字符,首尾无空格,且不含不可见字符"
                yield _fault(name, where, key, said, chinese, term, i)
            elif "patterns" in key:
                for said, chinese in _pattern_faults(term):
                    yield _fault(name, where, key, said, chinese, term, i)
    yield from _swallowed(name, listed["terms"], theme.get("exclude", ()))
    yield from _since_faults(name, since, {term for key in ("terms", "patterns") for term, _, _ in listed[key]})
    for move, where, i in listed["moves"]:
        if move not in MOVES:
            said = f"{shown(move)} is no move; moves are {', '.join(MOVES)}"
            yield _fault(name, where, "moves", said, f"{shown(move)} 不是语步;可用的有 {'、'.join(MOVES)}", move, i)


def _fault(theme: str, table: str, key: str, en: str, zh: str, item: str = "", nth: int = 0) -> Fault:
    return Fault(table, key, f"theme {theme}: {en}", f"主题 {theme}:{zh}", item, nth)


def _pattern_faults(pattern: str) -> Iterator[tuple[str, str]]:
    try:
        compiled = compile_pattern(pattern)
    except re2.error as error:
        why = error.args[0] if error.args else error
        why = why.decode("utf-8", "replace") if isinstance(why, bytes) else str(error)
        yield f"RE2 does not take {shown(pattern)}: {why}", f"RE2 不接受 {shown(pattern)}:{why}"
        return
    if compiled.search(""):
        yield f"{shown(pattern)} matches the empty string", f"{shown(pattern)} 会匹配空串"
    if not re.search(r"[^\W\d_]{2}", re.sub(r"\[[^\]]*\]|\\.", "", pattern)):
        said = f"{shown(pattern)} has no literal of two letters or characters to look for first"
        yield said, f"{shown(pattern)} 中没有可先行查找的两个以上连续汉字或字母"


def _swallowed(name: str, terms: Iterable[tuple[str, str, int]], exclude: Iterable[str]) -> Iterator[Fault]:
    words = sorted({word for word in exclude if word})
    if not words:
        return
    automaton = daachorse.CharwiseDoubleArrayAhoCorasick(words)
    for term, where, i in terms:
        if found := automaton.find_overlapping(term):
            mask = shown(term[found[0][0] : found[0][1]])
            said = f"{shown(term)} can never match, the exclusion {mask} masks it"
            yield _fault(name, where, "terms", said, f"{shown(term)} 永远无法匹配,已被排除词 {mask} 遮蔽", term, i)


def _since_faults(name: str, since: object, known: set[str]) -> Iterator[Fault]:
    table = f"themes.{name}"
    if not isinstance(since, dict):
        yield _fault(name, table, "since", "since must be a table from terms to years", "since 应为词条到年份的表")
        return
    for term, year in since.items():
        if term not in known:
            said = f"since names {shown(term)}, which is none of its terms"
            yield _fault(name, table, "since", said, f"since 中的 {shown(term)} 不在词条中", term)
        elif not isinstance(year, int) or isinstance(year, bool) or not 1900 <= year <= 2100:
            said = f"since gives {shown(year)} for {shown(term)}; a year is expected"
            yield _fault(name, table, "since", said, f"since 中 {shown(term)} 的值 {shown(year)} 不是年份", term)


def expand_contexts(content: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Put the words of ``[contexts]`` where a condition names them by ``"@name"``; give the faults of that too.

    Examples
    --------
    >>> content = {"contexts": {"base": ["乡镇"]}, "themes": {"a": {"near": ["@base", "县"]}}}
    >>> expand_contexts(content)[0]["themes"]
    {'a': {'near': ['乡镇', '县']}}
    """
    contexts = content.get("contexts", {})
    if not isinstance(contexts, dict) or not all(is_strings(words) for words in contexts.values()):
        rest = {key: value for key, value in content.items() if key != "contexts"}
        said = "contexts must be a table of lists of strings"
        return rest, [Fault("contexts", "", said, "contexts 应为字符串列表组成的表")]
    faults = [fault for name, words in contexts.items() for fault in _context_faults(name, words)]
    themes = content.get("themes")
    if not isinstance(themes, dict):
        return dict(content), faults
    unknown: list[Fault] = []
    n_named = 0

    def expanded(table: str, nth: int, part: Any) -> Any:
        nonlocal n_named
        found = dict(part) if isinstance(part, dict) else {}
        for key in CONTEXT_KEYS:
            if not is_strings(listed := found.get(key)) or not any(word.startswith("@") for word in listed):
                continue
            words: list[str] = []
            for word in listed:
                if not word.startswith("@"):
                    words.append(word)
                elif word[1:] in contexts:
                    n_named += len(contexts[word[1:]])
                    words += contexts[word[1:]] if n_named <= _MOST_NAMED else ()
                else:
                    known = ", ".join(islice(contexts, 10)) or "none"
                    said = f"[{table}] {key} names {shown(word)}, which [contexts] does not list; it has {known}"
                    chinese = f"[{table}] {key} 中的 {shown(word)} 不在 [contexts] 中;现有:{known}"
                    unknown.append(Fault(table, key, said, chinese, word, nth))
            found[key] = list(dict.fromkeys(words))
        if isinstance(found.get("when"), list | tuple):
            found["when"] = [expanded(f"{table}.when", i, rule) for i, rule in enumerate(found["when"])]
        return found if isinstance(part, dict) else part

    whole = {name: expanded(f"themes.{name}", 0, theme) for name, theme in themes.items()}
    if n_named <= _MOST_NAMED:
        return {**content, "themes": whole}, [*faults, *unknown]
    said = f"the names by @ stand for more than {_MOST_NAMED} words in all; shorten the lists"
    chinese = f"以 @ 引用的词语合计超过 {_MOST_NAMED} 个;请缩短列表"
    return dict(content), [*faults, Fault("contexts", "", said, chinese)]


def fold_contexts(words: Sequence[str], contexts: Mapping[str, Sequence[str]]) -> list[str]:
    """Write a run of words that a context lists as its name; the longest contexts first.

    Examples
    --------
    >>> fold_contexts(["县", "乡镇", "街道"], {"base": ["乡镇", "街道"]})
    ['县', '@base']
    """
    folded = list(words)
    for name, listed in sorted(contexts.items(), key=lambda item: (-len(item[1]), item[0])):
        for at in range(len(folded) - len(listed) + 1):
            if listed and folded[at : at + len(listed)] == list(listed):
                folded[at : at + len(listed)] = [f"@{name}"]
                break
    return folded


def _context_faults(name: str, words: Sequence[str]) -> Iterator[Fault]:
    if not name or name != name.strip() or any(mark in name for mark in "@;\uff1b、\n\t") or UNSEEN.search(name):
        said = f"[contexts] the name {shown(name)} must be one word without @, ; or 、"
        yield Fault("contexts", name, said, f"[contexts] 名称 {shown(name)} 应为一个词,不含 @、分号、顿号")
    if not words:
        yield Fault("contexts", name, f"[contexts] {name} is empty; list words", f"[contexts] {name} 为空;请列出词语")
    for word in words:
        if not word.strip() or word.startswith("@"):
            said = f"[contexts] {name}: {shown(word)} is no word; a context cannot name another"
            yield Fault("contexts", name, said, f"[contexts] {name}:{shown(word)} 不是词;不能引用另一个列表", word)
