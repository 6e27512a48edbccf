"""A codebook in TOML: its content, and the line of everything in it."""

from __future__ import annotations

import re
import tomllib

import re2

from burdenlab.coding.places import Place, Read
from burdenlab.messages import with_chinese

__all__ = ["read_toml"]

_DEEPEST = 50  # brackets, or parts of a dotted key
_MOST_TABLES = 60_000
# By RE2: tomllib takes quadratic time for a key of many parts, and re would for this.
_DOTTED = re2.compile(rf"""(?:(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){{{_DEEPEST}}}""")
_TOKEN = re.compile(
    r'''(?P<string>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*')'''
    r"""|(?P<mark>[\[\]{}=,.\n])|(?P<bare>[^\s\[\]{}=,."'#]+)|\#[^\n]*""",
    re.DOTALL,
)


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
    return Read(content, (), lambda: {p: (f"line {n}: ", f"第 {n} 行:") for p, n in _Scanner(source).lines.items()})


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


class _Scanner:
    """Walks over a TOML file that was found valid, for the line of every table, key and listed string."""

    def __init__(self, source: str) -> None:
        self.lines: dict[Place, int] = {}  # of two alike the last one
        self.nth: dict[tuple[str, ...], int] = {}  # of the array of tables that was opened last
        self.tokens: list[tuple[str, str, int]] = []
        self.at = 0
        line = 1
        for token in _TOKEN.finditer(source):
            if token.lastgroup:
                self.tokens.append((token.lastgroup, token[0], line))
            line += token[0].count("\n")
        self.tokens.append(("mark", "\n", line))
        header: tuple[str, ...] = ()
        while self.at < len(self.tokens):
            _, text, line = self.tokens[self.at]
            if text == "\n":
                self.at += 1
            elif text == "[":
                header = self._header(line)
            else:
                self._assignment(header)

    def _header(self, line: int) -> tuple[str, ...]:
        is_array = self.tokens[self.at + 1][1] == "["
        self.at += 1 + is_array
        header = self._path()
        if is_array:
            self.nth[header] = self.nth.get(header, -1) + 1
        self._open(header, line)
        while self.tokens[self.at][1] != "\n":
            self.at += 1
        return header

    def _open(self, table: tuple[str, ...], line: int) -> None:
        """Note a table, and the tables that it lies in with their keys, where they stand first."""
        self.lines[self._place(table)] = line
        for n in range(1, len(table) + 1):
            self.lines.setdefault(self._place(table[: n - 1], table[n - 1]), line)
            self.lines.setdefault(self._place(table[:n]), line)

    def _place(self, table: tuple[str, ...], key: str = "", item: str = "") -> Place:
        return ".".join(table), self.nth.get(table, 0), key, item

    def _path(self) -> tuple[str, ...]:
        """Take the parts of a key, up to = or ]."""
        parts = []
        while self.tokens[self.at][1] not in ("=", "]"):
            kind, text, _ = self.tokens[self.at]
            if kind != "mark":
                parts.append(_decoded(kind, text))
            self.at += 1
        return tuple(parts)

    def _assignment(self, table: tuple[str, ...]) -> None:
        line = self.tokens[self.at][2]
        path = (*table, *self._path())
        if path[:-1]:
            self.lines.setdefault(self._place(path[:-1]), line)
            self._open(path[:-1], self.lines[self._place(path[:-1])])
        self.lines[self._place(path[:-1], path[-1])] = line
        if len(path) > 2:  # a term in a table of years
            self.lines[self._place(path[:-2], path[-2], path[-1])] = line
        self.at += 1
        self._value(path)

    def _value(self, path: tuple[str, ...]) -> None:
        """Take a value: the strings of a list are its items, inline tables are tables."""
        depth = 0
        while self.at < len(self.tokens):
            kind, text, line = self.tokens[self.at]
            if depth == 0 and kind == "mark" and text in ("\n", ",", "}"):
                return
            self.at += 1
            if kind == "string":
                self.lines[self._place(path[:-1], path[-1], _decoded(kind, text))] = line
            elif text == "{":
                if depth:
                    self.nth[path] = self.nth.get(path, -1) + 1
                self.lines[self._place(path)] = line
                while self.tokens[self.at][1] != "}":
                    if self.tokens[self.at][1] in (",", "\n"):
                        self.at += 1
                    else:
                        self._assignment(path)
                self.at += 1
            elif kind == "mark":
                depth += {"[": 1, "]": -1}.get(text, 0)


def _decoded(kind: str, text: str) -> str:
    if kind == "bare":
        return text
    if "\\" in text or text.startswith(('"""', "'''")):
        return str(tomllib.loads(f"x={text}")["x"])
    return text[1:-1]
