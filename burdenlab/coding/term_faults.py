"""What is wrong with the terms, patterns and conditions of a theme."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import daachorse
import re2

from burdenlab.coding.places import LONGEST_TERM, UNSEEN, Fault, shown
from burdenlab.loaders.moves import MOVES

__all__ = ["CONDITIONS", "compile_pattern", "term_faults"]

CONDITIONS = ("require", "near", "unless", "moves")
_LONGEST_PATTERN = 500
# A table, which of that name, its content: the theme, then each of its tables `when`.
Parts: TypeAlias = Sequence[tuple[str, int, Mapping[str, Any]]]


def compile_pattern(pattern: str) -> Any:
    """Compile a pattern with RE2, which takes linear time; what it does not take is no pattern."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def term_faults(name: str, parts: Parts, since: object) -> Iterator[Fault]:
    """Yield the faults of one theme, whose lists hold strings."""
    table, _, theme = parts[0]
    if not any(part.get("terms") or part.get("patterns") for _, _, part in parts):
        yield Fault(table, "", f"theme {name} is empty; give it terms or patterns", f"主题 {name} 为空;请给出 terms 或 patterns")  # fmt: skip
    for where, i, part in parts:
        is_conditional, has_terms = any(part.get(key) for key in CONDITIONS), part.get("terms") or part.get("patterns")
        if not has_terms and (i or where != table or is_conditional):
            said = f"theme {name}: a condition without terms or patterns beside it"
            yield Fault(where, "", said, f"主题 {name}:有条件而没有同表的 terms 或 patterns", nth=i)
        if where != table and not is_conditional:
            said = f"theme {name}: a table 'when' without a condition ({', '.join(CONDITIONS)})"
            yield Fault(where, "", said, f"主题 {name}:when 表没有条件({'、'.join(CONDITIONS)})", nth=i)
    listed = {
        key: [(term, where, i) for where, i, part in parts for term in part.get(key, ())]
        for key in ("terms", "patterns", "exclude", "exclude_patterns", *CONDITIONS)
    }
    condition = {(where, i): tuple(tuple(part.get(key, ())) for key in CONDITIONS) for where, i, part in parts}
    for key in ("terms", "patterns", "exclude", "exclude_patterns"):
        # One term under two conditions is no double: either may hold.
        seen = {(condition[where, i], term): (where, i) for term, where, i in listed[key]}
        if len(seen) == len(listed[key]):
            continue
        for (held, term), n in Counter((condition[where, i], term) for term, where, i in listed[key]).items():
            if n > 1:
                where, i = seen[held, term]
                said = f"theme {name}: {shown(term)} stands twice in {key}"
                yield Fault(where, key, said, f"主题 {name}:{key} 中 {shown(term)} 重复", term, i)
    for key in ("terms", "exclude", "require", "near", "unless", "patterns", "exclude_patterns"):
        most = _LONGEST_PATTERN if "patterns" in key else LONGEST_TERM
        for term, where, i in listed[key]:
            if not 0 < len(term) <= most or term != term.strip() or "\n" in term or "\t" in term or UNSEEN.search(term):  # fmt: skip
                said = f"theme {name}: the term {shown(term)} must have 1 to {most} characters on one line, none of them invisible, and no space around"
                chinese = f"主题 {name}:词条 {shown(term)} 应为单行 1–{most} 个字符,首尾无空格,且不含不可见字符"
                yield Fault(where, key, said, chinese, term, i)
            elif "patterns" in key:
                yield from _pattern_faults(name, where, i, key, term)
    yield from _swallowed(name, listed["terms"], theme.get("exclude", ()))
    yield from _since_faults(name, since, parts)
    for move, where, i in listed["moves"]:
        if move not in MOVES:
            said = f"theme {name}: {shown(move)} is no move; moves are {', '.join(MOVES)}"
            chinese = f"主题 {name}:{shown(move)} 不是语步;可用的有 {'、'.join(MOVES)}"
            yield Fault(where, "moves", said, chinese, move, i)


def _swallowed(name: str, terms: Iterable[tuple[str, str, int]], exclude: Iterable[str]) -> Iterator[Fault]:
    words = sorted({word for word in exclude if word})
    if not words:
        return
    automaton = daachorse.CharwiseDoubleArrayAhoCorasick(words)
    for term, where, i in terms:
        if found := automaton.find_overlapping(term):
            start, end, _ = found[0]
            said = f"theme {name}: {shown(term)} can never match, the exclusion {shown(term[start:end])} masks it"
            chinese = f"主题 {name}:{shown(term)} 永远无法匹配,已被排除词 {shown(term[start:end])} 遮蔽"
            yield Fault(where, "terms", said, chinese, term, i)


def _since_faults(name: str, since: object, parts: Parts) -> Iterator[Fault]:
    if not isinstance(since, dict):
        said = f"theme {name}: since must be a table from terms to years"
        yield Fault(f"themes.{name}", "since", said, f"主题 {name}:since 应为词条到年份的表")
        return
    known = (
        {term for _, _, part in parts for key in ("terms", "patterns") for term in part.get(key, ())} if since else {}
    )
    for term, year in since.items():
        if term not in known:
            said = f"theme {name}: since names {shown(term)}, which is none of its terms"
            yield Fault(f"themes.{name}", "since", said, f"主题 {name}:since 中的 {shown(term)} 不在词条中", term)
        elif not isinstance(year, int) or isinstance(year, bool) or not 1900 <= year <= 2100:
            said = f"theme {name}: since gives {shown(year)} for {shown(term)}; a year is expected"
            chinese = f"主题 {name}:since 中 {shown(term)} 的值 {shown(year)} 不是年份"
            yield Fault(f"themes.{name}", "since", said, chinese, term)


def _pattern_faults(name: str, table: str, nth: int, key: str, pattern: str) -> Iterator[Fault]:
    try:
        compiled = compile_pattern(pattern)
    except re2.error as error:
        why = (
            error.args[0].decode("utf-8", "replace") if error.args and isinstance(error.args[0], bytes) else str(error)
        )
        said = f"theme {name}: RE2 does not take {shown(pattern)}: {why}"
        yield Fault(table, key, said, f"主题 {name}:RE2 不接受 {shown(pattern)}:{why}", pattern, nth)
        return
    if compiled.search(""):
        said = f"theme {name}: {shown(pattern)} matches the empty string"
        yield Fault(table, key, said, f"主题 {name}:{shown(pattern)} 会匹配空串", pattern, nth)
    if not re.search(r"[^\W\d_]{2}", re.sub(r"\[[^\]]*\]|\\.", "", pattern)):
        said = f"theme {name}: {shown(pattern)} has no literal of two letters or characters to look for first"
        yield Fault(table, key, said, f"主题 {name}:{shown(pattern)} 中没有可先行查找的两个以上连续汉字或字母", pattern, nth)  # fmt: skip
