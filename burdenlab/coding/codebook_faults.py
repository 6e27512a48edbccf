"""What is wrong with the content of a codebook file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from itertools import islice
from typing import Any

from burdenlab.coding.faults import LONGEST_TERM, MOST_TERMS, UNSEEN, Fault, is_strings, shown
from burdenlab.coding.term_faults import CONDITIONS, term_faults

__all__ = ["codebook_faults"]

_MOST_WORDS, _MOST_TABLES = 300_000, 60_000
_LONGEST_TEXT = 5_000
_GROUP = {"zh", "en", "definition_zh", "definition_en"}
_RULE = ("terms", "patterns", *CONDITIONS)
_LISTS = (*_RULE, "exclude", "exclude_patterns", "source")
_BOOK = {"name", "version", "title_zh", "title_en", "contexts", "groups", "themes", "crosswalks"}
_THEME = _GROUP | {"group", "when", "since", *_LISTS}


def codebook_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield every fault of a codebook, in the order of the file.

    Examples
    --------
    >>> [fault.en for fault in codebook_faults({"themes": {}})]
    ['it needs tables [groups.…] and [themes.…]']
    """
    yield from _unknown("", content, _BOOK)
    groups, themes, crosswalks = content.get("groups"), content.get("themes"), content.get("crosswalks", {})
    if not _is_tables(groups) or not _is_tables(themes):
        yield Fault("", "", "it needs tables [groups.…] and [themes.…]", "需要 [groups.…] 与 [themes.…] 两类表")
        return
    assert groups is not None
    assert themes is not None
    if too_many := _too_many(content):
        yield too_many
        return
    for key in ("name", "version", "title_zh", "title_en"):
        if key in content and not (key == "version" and isinstance(content[key], int | float)):
            yield from _text("", key, content[key])
    for name, group in groups.items():
        yield from _entry("groups", name, group, _GROUP)
    for name, theme in themes.items():
        if (yield from _entry("themes", name, theme, _THEME)):
            yield from _theme_faults(name, theme, groups)
    yield from _crosswalk_faults(crosswalks, set(themes))


def _is_tables(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(isinstance(v, dict) for v in value.values())


def _too_many(content: Mapping[str, Any]) -> Fault | None:
    """Refuse what would take long to check: count tables, words of conditions and items of other lists, at any depth."""
    counted: Counter[str] = Counter()
    todo: list[Any] = [content]
    while todo:
        value = todo.pop()
        counted["tables"] += isinstance(value, dict)
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(inner, list | tuple):
                counted["words of conditions" if key in CONDITIONS else "terms"] += len(inner)
            if isinstance(inner, dict | list | tuple):
                todo.append(inner)
    for what, most, chinese in (
        ("terms", MOST_TERMS, "词条"), ("words of conditions", _MOST_WORDS, "条件词"), ("tables", _MOST_TABLES, "表"),
    ):  # fmt: skip
        if (n := counted[what]) > most:
            said = f"it lists {n} {what}, at most {most} are taken; split it into several codebooks"
            return Fault("", "", said, f"共列出 {n} 个{chinese},上限 {most};请拆成几个编码本")
    return None


def _unknown(table: str, keys: Mapping[str, Any], known: set[str], nth: int = 0) -> Iterator[Fault]:
    for key in keys:
        if key not in known:
            where, listed = f"[{table}] " if table else "", ", ".join(sorted(known))
            said = f"{where}unknown key {shown(key)}; known are {listed}"
            yield Fault(table, key, said, f"{where}未知的键 {shown(key)};可用的有 {listed}", nth=nth)


def _entry(table: str, name: str, entry: Mapping[str, Any], known: set[str]) -> Generator[Fault, None, bool]:
    """Yield what is wrong with the id, the keys and the labels of an entry; return whether the id is right."""
    # Ids are joined by ';' in tables and by '、' in sheets.
    if not 0 < len(name) <= LONGEST_TERM or name != name.strip() or re.search("[;\uff1b、\n\t]", name) or UNSEEN.search(name):  # fmt: skip
        said = f"[{table}] the id {shown(name)} must have 1 to {LONGEST_TERM} characters on one line, no ; or 、 among them"
        chinese = f"[{table}] 标识 {shown(name)} 应为单行 1–{LONGEST_TERM} 个字符,且不含分号、顿号"
        yield Fault(f"{table}.{name}", "", said, chinese)
        return False
    where = f"{table}.{name}"
    yield from _unknown(where, entry, known)
    for key in ("zh", "en"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            yield Fault(where, key, f"[{where}] lacks the label {key!r}", f"[{where}] 缺少标签 {key!r}")
        else:
            yield from _text(where, key, entry[key])
    for key in ("definition_zh", "definition_en"):
        yield from _text(where, key, entry.get(key, ""))
    return True


def _text(table: str, key: str, value: object) -> Iterator[Fault]:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT or UNSEEN.search(value):
        where = f"[{table}] " if table else ""
        said = f"{where}{key} must be a string of at most {_LONGEST_TEXT} characters, none of them invisible"
        yield Fault(table, key, said, f"{where}{key} 应为字符串,至多 {_LONGEST_TEXT} 个字符,且不含不可见字符")


def _theme_faults(name: str, theme: Mapping[str, Any], groups: Mapping[str, Any]) -> Iterator[Fault]:
    table = f"themes.{name}"
    group = theme.get("group")
    if not isinstance(group, str) or group not in groups:
        known = ", ".join(islice(groups, 10)) + (", …" if len(groups) > 10 else "")
        said = f"theme {name}: group {shown(group)} is none of {known}"
        yield Fault(table, "group", said, f"主题 {name}:group {shown(group)} 应为 {known} 之一")
    when = theme.get("when", [])
    if not isinstance(when, list | tuple) or not all(isinstance(rule, dict) for rule in when):
        said = f"theme {name}: when must be tables [[{table}.when]]"
        yield Fault(table, "when", said, f"主题 {name}:when 应为若干表 [[{table}.when]]")
        return
    for i, rule in enumerate(when):
        yield from _unknown(f"{table}.when", rule, set(_RULE), i)
    parts = [(table, 0, theme), *((f"{table}.when", i, rule) for i, rule in enumerate(when))]
    is_good = True
    for where, i, part in parts:
        for key in _LISTS if where == table else _RULE:
            if not is_strings(part.get(key, [])):
                is_good = False
                said = f"theme {name}: {key} must be a list of strings"
                yield Fault(where, key, said, f"主题 {name}:{key} 应为字符串列表", nth=i)
    if is_good:
        for item in theme.get("source", ()):
            yield from _text(table, "source", item if item.strip() and "\n" not in item else None)
        yield from term_faults(name, parts, theme.get("since", {}))


def _crosswalk_faults(crosswalks: object, themes: set[str]) -> Iterator[Fault]:
    if not isinstance(crosswalks, dict) or not all(isinstance(c, dict) for c in crosswalks.values()):
        yield Fault("", "crosswalks", "crosswalks must be tables [crosswalks.…]", "crosswalks 应为 [crosswalks.…] 表")
        return
    for name, crosswalk in crosswalks.items():
        table = f"crosswalks.{name}"
        if not (yield from _entry("crosswalks", name, crosswalk, {"zh", "en", "source", "parts"})):
            continue
        source = crosswalk.get("source", "")
        for item in source if is_strings(source) else [source]:
            yield from _text(table, "source", item)
        parts = crosswalk.get("parts")
        if not _is_tables(parts):
            yield Fault(table, "parts", f"[{table}] needs tables [{table}.parts.…]", f"[{table}] 需要 [{table}.parts.…]")  # fmt: skip
            continue
        for part, entry in parts.items():
            where = f"{table}.parts.{part}"
            if not (yield from _entry(f"{table}.parts", part, entry, {"zh", "en", "themes"})):
                continue
            listed = entry.get("themes", [])
            for theme in listed if is_strings(listed) else ["?"]:
                if theme not in themes:
                    said = f"[{where}] names {shown(theme)}, which is no theme of the codebook"
                    yield Fault(where, "themes", said, f"[{where}] 中的 {shown(theme)} 不是本编码本的主题", theme)
