"""A codebook in TOML: its content, the line of everything in it, and the text of a file that says the same."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import re2

from burdenlab.coding.faults import Place, Read
from burdenlab.messages import with_chinese

__all__ = ["read_toml", "toml_text"]

_DEEPEST = 50  # brackets, or parts of a dotted key
_MOST_TABLES = 60_000
_WIDTH = 110  # of a line of a list
# By RE2: tomllib takes quadratic time for a key of many parts, and re would for this.
_DOTTED = re2.compile(rf"""(?:(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){{{_DEEPEST}}}""")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = r""""(?:\\.|[^"\\\n])*"|'[^'\n]*'"""
_PART = rf"""(?:{_BARE.pattern}|{_STRING})"""
_PATH = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*[ \t]*"
_NAMES = re.compile(
    r'''(?P<long>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?'{3,5})|\#[^\n]*'''
    rf"|(?P<header>^[ \t]*\[\[?[ \t]*{_PATH}\])|(?P<key>{_PATH}(?==))|(?P<string>{_STRING})",
    re.DOTALL | re.MULTILINE,
)
_HEADER, _LINE = "\ue000", "\ue001"  # marks before the number of a line


def read_toml(data: bytes) -> Read:
    r"""Read the content of a codebook and where it stands.

    Raises
    ------
    ValueError
        If the bytes are no TOML in UTF-8, with the line; an id that is declared twice is that too.

    Examples
    --------
    >>> read = read_toml('[groups.g]\nzh = "组"'.encode())
    >>> read.content, read.places()["groups.g", 0, "zh", ""]
    ({'groups': {'g': {'zh': '组'}}}, ('line 2: ', '第 2 行:'))
    """
    try:
        source = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _no_toml(line, "it is not in UTF-8; save it as UTF-8", "不是 UTF-8 编码;请另存为 UTF-8") from error
    if (n := source.count("\n[")) > _MOST_TABLES:
        said = f"it has {n} tables, at most {_MOST_TABLES} are taken"
        raise with_chinese(ValueError(said), f"共有 {n} 个表,上限 {_MOST_TABLES}")
    deep = ("it nests too deeply", "嵌套过深")
    if found := _DOTTED.search(source):
        raise _no_toml(source.count("\n", 0, found.start()) + 1, *deep)
    try:
        content = tomllib.loads(source)
    except RecursionError:
        raise _no_toml(_too_deep(source), *deep) from None
    except ValueError as error:
        why = re.sub(r" \(at (?:line \d+, column \d+|end of document)\)$", "", str(error))
        at = re.search(r"\(at line (\d+)", str(error))
        line = int(at[1]) if at else source.count("\n") + 1
        hint = "a codebook is written in TOML, or in Excel (.xlsx)"
        raise _no_toml(line, f"{why}; {hint}", f"{why};编码本应为 TOML 或 Excel(.xlsx)") from error
    return Read(content, (), lambda: {p: (f"line {n}: ", f"第 {n} 行:") for p, n in _lines(source).items()})


def _no_toml(line: int, why: str, why_zh: str) -> ValueError:
    return with_chinese(ValueError(f"line {line}: no valid TOML: {why}"), f"第 {line} 行:不是有效的 TOML:{why_zh}")


def _too_deep(source: str) -> int:
    """Find the line in which brackets nest too deeply."""
    depth, deepest, where = 0, 0, 0
    for bracket in re.finditer(r"[\[\]{}]", source):
        depth = max(depth + (1 if bracket[0] in "[{" else -1), 0)
        if depth > deepest:
            deepest, where = depth, bracket.start()
            if depth > _DEEPEST:
                break
    return source.count("\n", 0, where) + 1


def _lines(source: str) -> dict[Place, int]:
    """Give the line of every table, key and listed string of valid TOML; of two alike the last one, of tables the header.

    Each name and string is given the number of its line and the whole is parsed again, so that tomllib does the work.
    """
    lines: dict[Place, int] = {}
    nth: dict[tuple[str, ...], int] = {}  # of the table in an array of tables that was opened last

    def note(path: tuple[str, ...], table: Mapping[str, Any]) -> None:
        for marked, value in table.items():
            key, line, is_header = _unmarked(marked)
            here, inner = (".".join(path), nth.get(path, 0)), (*path, key)
            if len(path) > 1:  # a term in a table of years
                lines[".".join(path[:-1]), nth.get(path[:-1], 0), path[-1], key] = line
            tables = [value] if isinstance(value, dict) else value if _is_tables(value) else []
            for one in tables:
                nth[inner] = nth.get(inner, -1) + 1 if one is not value else nth.get(inner, 0)
                place = (".".join(inner), nth[inner], "", "")
                lines[place] = line if is_header else lines.get(place, line)
                lines.setdefault((*here, key, ""), line)
                note(inner, one)
            if not tables:
                lines[*here, key, ""] = line
                for item in value if isinstance(value, list) else [value]:
                    if isinstance(item, str):
                        text, of_item, _ = _unmarked(item)
                        lines[*here, key, text] = of_item

    note((), tomllib.loads(_marked(source)))
    return lines


def _marked(source: str) -> str:
    """Write the number of its line into each name and string."""
    line, at = 1, 0

    def mark(found: re.Match[str]) -> str:
        nonlocal line, at
        line += source.count("\n", at, found.start())
        at = found.start()
        text, kind = found[0], found.lastgroup
        if kind == "long":
            return f"{text[:-3]}{_LINE}{line}{text[-3:]}"
        if kind == "string":
            return f"{text[:-1]}{_LINE}{line}{text[-1]}"
        if kind is None:
            return text
        parts = list(re.finditer(_PART, text))
        for part in reversed(parts):
            end = f"{_HEADER if kind == 'header' and part is parts[-1] else _LINE}{line}"
            name = f'"{part[0]}{end}"' if _BARE.fullmatch(part[0]) else f"{part[0][:-1]}{end}{part[0][-1]}"
            text = text[: part.start()] + name + text[part.end() :]
        return text

    return _NAMES.sub(mark, source)


def _unmarked(text: str) -> tuple[str, int, bool]:
    """Give a name or string as it was, its line, and whether it is the name of a table in its header."""
    at = max(text.rfind(_LINE), text.rfind(_HEADER))
    return text[:at], int(text[at + 1 :]), text[at] == _HEADER


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(element, dict) for element in value)


def toml_text(content: Mapping[str, Any]) -> str:
    """Write the content of a codebook as TOML: lists of words in lines, tables under headers of their own.

    Examples
    --------
    >>> print(toml_text({"name": "b", "themes": {"a": {"zh": "会议", "terms": ["文山会海"]}}}))
    name = "b"
    <BLANKLINE>
    [themes.a]
    zh = "会议"
    terms = ["文山会海"]
    <BLANKLINE>
    """
    return "\n".join(_written((), content)).lstrip("\n") + "\n"


def _written(path: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[str]:
    values = {k: v for k, v in table.items() if not isinstance(v, dict) and not _is_tables(v)}
    if path and (values or not table):
        yield f"\n[{_key(*path)}]"
    for key, value in values.items():
        yield f"{_key(key)} = {_value(value)}"
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _written((*path, key), value)
        elif _is_tables(value):
            for element in value:
                yield f"\n[[{_key(*path, key)}]]"
                yield from (f"{_key(k)} = {_value(v)}" for k, v in element.items())


def _key(*parts: str) -> str:
    return ".".join(part if _BARE.fullmatch(part) else _value(part) for part in parts)


def _value(value: str | int | Sequence[str]) -> str:
    """Write a string, a number or a list; what JSON escapes TOML escapes alike, and DEL too."""
    if isinstance(value, str) and "\\" in value and not re.search("['\x00-\x1f\x7f]", value):
        return f"'{value}'"  # a pattern stays as one reads it
    if isinstance(value, str | int):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    lines, width = [""], 0
    for word in (_value(item) for item in value):
        wide = len(word) + sum(character > "\u2e80" for character in word) + 2
        if width + wide > _WIDTH and width:
            lines.append("")
            width = 0
        lines[-1] += f"{' ' if lines[-1] else ''}{word},"
        width += wide
    return f"[{lines[0].rstrip(',')}]" if len(lines) == 1 else "[\n  " + "\n  ".join(lines) + "\n]"
