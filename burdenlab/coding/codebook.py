"""The codebook: themes in groups, each with its terms, patterns and exclusions."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import re2

from burdenlab.messages import Language, check_language, with_chinese

__all__ = ["Codebook", "Theme", "load_codebook"]

_BOOK_KEYS = {"name", "version", "title_zh", "title_en", "groups", "themes"}
_GROUP_KEYS = {"zh", "en", "definition_zh", "definition_en"}
_LISTS = ("terms", "patterns", "exclude", "exclude_patterns", "source")
_THEME_KEYS = _GROUP_KEYS | {"group", *_LISTS}
_LONGEST_TERM = 64


@dataclass(frozen=True)
class Theme:
    """One theme as the codebook file states it."""

    id: str
    group: str
    zh: str
    en: str
    definition_zh: str = ""
    definition_en: str = ""
    terms: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    exclude_patterns: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


@dataclass(frozen=True)
class Codebook:
    """A codebook that was read and checked; made by ``load_codebook``.

    Attributes
    ----------
    name, version : str
    sha256 : str
        Of the file, so that a result can name the codebook it was made with.
    entries : tuple of Theme
    groups : dict
        Group id to its zh and en label.
    """

    name: str
    version: str
    sha256: str
    entries: tuple[Theme, ...]
    groups: Mapping[str, Mapping[str, str]] = field(hash=False)

    @property
    def themes(self) -> tuple[str, ...]:
        """The ids of the themes, in the order of the file."""
        return tuple(theme.id for theme in self.entries)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All literal terms, sorted: user words for ``tokenize``."""
        return tuple(sorted({term for theme in self.entries for term in theme.terms}))

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a theme: theme, group, zh, en, definition_zh, definition_en, group_zh, group_en, n_terms, source."""
        rows = [
            {
                "theme": theme.id, "group": theme.group, "zh": theme.zh, "en": theme.en,
                "definition_zh": theme.definition_zh, "definition_en": theme.definition_en,
                "group_zh": self.groups[theme.group]["zh"], "group_en": self.groups[theme.group]["en"],
                "n_terms": len(theme.terms) + len(theme.patterns), "source": "; ".join(theme.source),
            }
            for theme in self.entries
        ]  # fmt: skip
        return pd.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Give the codebook as plain lists and dicts, for JSON; ``from_dict`` takes it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Codebook:
        """Make the codebook again that ``to_dict`` gave."""
        entries = tuple(_theme(e) for e in content["entries"])
        return cls(**{**content, "entries": entries})

    def labels(self, lang: Language) -> dict[str, str]:
        """Give each theme's label in a language, for figures and tables."""
        check_language(lang)
        return {theme.id: theme.zh if lang == "zh" else theme.en for theme in self.entries}


def load_codebook(path: str | os.PathLike[str] | None = None) -> Codebook:
    """Read a codebook from TOML and check it whole.

    Parameters
    ----------
    path : path, optional
        The shipped codebook ``burden.toml`` where left out.

    Returns
    -------
    Codebook

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        With every fault of the file, one a line: an unknown key, an empty theme, a term that occurs twice in a theme
        or that an exclusion swallows, a pattern that RE2 does not take or that matches the empty string.

    Examples
    --------
    >>> codebook = load_codebook()
    >>> len(codebook.themes), codebook.labels("en")["staffing"]
    (25, 'Staffing')
    """
    file = files("burdenlab.coding") / "codebooks" / "burden.toml" if path is None else Path(path)
    if not file.is_file():
        raise with_chinese(
            FileNotFoundError(f"codebook {str(file)!r} does not exist; name a TOML file."),
            f"编码本 {str(file)!r} 不存在;请给出 TOML 文件。",
        )
    data = file.read_bytes()
    try:
        source = data.decode("utf-8-sig")
        content = tomllib.loads(source)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise with_chinese(
            ValueError(f"codebook {file.name} is no valid TOML in UTF-8: {error}."),
            f"编码本 {file.name} 不是有效的 UTF-8 TOML:{error}。",
        ) from error
    faults = [f"{_place(source, key)}{en}" for key, en, _ in _faults(content)]
    if faults:
        chinese = [f"{_place(source, key)}{zh}" for key, _, zh in _faults(content)]
        raise with_chinese(
            ValueError(f"codebook {file.name}: " + "\n".join(faults)), f"编码本 {file.name}:" + "\n".join(chinese)
        )
    entries = tuple(_theme({"id": name, **theme}) for name, theme in content["themes"].items())
    digest = hashlib.sha256(data).hexdigest()
    return Codebook(content.get("name", file.name), str(content.get("version", "")), digest, entries, content["groups"])


def _theme(content: Mapping[str, Any]) -> Theme:
    values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in content.items()}
    return Theme(**values)


def _place(source: str, key: str) -> str:
    """Find the line of the file where the last part of `key` stands, at or below the table that it belongs to."""
    table, _, name = key.rpartition(" ")
    lines = source.split("\n")
    first = next((i for i, line in enumerate(lines) if table and line.strip().startswith(f"[{table}]")), 0)
    for number, line in enumerate(lines[first:], start=first + 1):
        if name in line:
            return f"line {number}: "
    return f"line {first + 1}: " if table else ""


def _faults(content: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield where to look (table and key), and the fault in English and in Chinese."""
    yield from _unknown("", content, _BOOK_KEYS)
    groups, themes = content.get("groups"), content.get("themes")
    if not isinstance(groups, dict) or not isinstance(themes, dict) or not themes:
        yield "", "it needs tables [groups.…] and [themes.…]", "需要 [groups.…] 与 [themes.…] 两类表"
        return
    for name, group in groups.items():
        yield from _unknown(f"groups.{name}", group, _GROUP_KEYS)
        yield from _labels(f"groups.{name}", group)
    for name, theme in themes.items():
        table = f"themes.{name}"
        yield from _unknown(table, theme, _THEME_KEYS)
        yield from _labels(table, theme)
        if theme.get("group") not in groups:
            known = ", ".join(groups)
            yield (
                f"{table} group",
                f"theme {name}: group {theme.get('group')!r} is none of {known}",
                f"主题 {name}:group 应为 {known} 之一",
            )
        bad = [k for k in _LISTS if not _is_strings(theme.get(k, []))]
        for key in bad:
            yield (
                f"{table} {key}",
                f"theme {name}: {key} must be a list of strings",
                f"主题 {name}:{key} 应为字符串列表",
            )
        if not bad:
            yield from _term_faults(name, theme)


def _is_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _unknown(table: str, keys: Mapping[str, Any], known: set[str]) -> Iterator[tuple[str, str, str]]:
    for key in keys:
        if key not in known:
            where = f"[{table}] " if table else ""
            listed = ", ".join(sorted(known))
            yield (
                f"{table} {key}",
                f"{where}unknown key {key!r}; known are {listed}",
                f"{where}未知的键 {key!r};可用的有 {listed}",
            )


def _labels(table: str, entry: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for key in ("zh", "en"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            yield f"{table} {key}", f"[{table}] lacks the label {key!r}", f"[{table}] 缺少标签 {key!r}"


def _term_faults(name: str, theme: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    terms, patterns = theme.get("terms", []), theme.get("patterns", [])
    table = f"themes.{name}"
    if not terms and not patterns:
        yield (
            f"{table} ",
            f"theme {name} is empty; give it terms or patterns",
            f"主题 {name} 为空;请给出 terms 或 patterns",
        )
    for key in ("terms", "patterns", "exclude", "exclude_patterns"):
        listed = theme.get(key, [])
        for term in dict.fromkeys(listed):
            if listed.count(term) > 1:
                yield (
                    f"{table} {term}",
                    f"theme {name}: {term!r} stands twice in {key}",
                    f"主题 {name}:{key} 中 {term!r} 重复",
                )
    for term in [*terms, *theme.get("exclude", [])]:
        if not term.strip() or "\n" in term or len(term) > _LONGEST_TERM:
            said = f"theme {name}: the term {term[:20]!r} must have 1 to {_LONGEST_TERM} characters on one line"
            yield f"{table} ", said, f"主题 {name}:词条 {term[:20]!r} 应为单行 1–{_LONGEST_TERM} 个字符"
    for term in terms:
        swallowing = next((e for e in theme.get("exclude", []) if e and e in term), None)
        if swallowing:
            said = f"theme {name}: {term!r} can never match, the exclusion {swallowing!r} masks it"
            yield f"{table} {term}", said, f"主题 {name}:{term!r} 永远无法匹配,已被排除词 {swallowing!r} 遮蔽"
    for pattern in [*patterns, *theme.get("exclude_patterns", [])]:
        yield from _pattern_faults(name, pattern)


def _pattern_faults(name: str, pattern: str) -> Iterator[tuple[str, str, str]]:
    key = f"themes.{name} {pattern}"
    try:
        compiled = compile_pattern(pattern)
    except re2.error as error:
        why = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        yield key, f"theme {name}: RE2 does not take {pattern!r}: {why}", f"主题 {name}:RE2 不接受 {pattern!r}:{why}"
        return
    if compiled.search(""):
        yield key, f"theme {name}: {pattern!r} matches the empty string", f"主题 {name}:{pattern!r} 会匹配空串"
    if not re.search(r"[^\W\d_]{2}", re.sub(r"\[[^\]]*\]|\\.", "", pattern)):
        said = f"theme {name}: {pattern!r} has no literal of two letters or characters to look for first"
        yield key, said, f"主题 {name}:{pattern!r} 中没有可先行查找的两个以上连续汉字或字母"


def compile_pattern(pattern: str) -> Any:
    """Compile a pattern with RE2, which takes linear time; what it does not take is no pattern."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)
