"""The codebook: themes in groups, each with its terms, patterns, exclusions and conditions."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from burdenlab.coding.codebook_sheets import read_workbook
from burdenlab.coding.codebook_toml import read_toml
from burdenlab.coding.contexts import expand_contexts
from burdenlab.coding.faults import codebook_faults
from burdenlab.coding.places import Fault, Places, faults_error
from burdenlab.coding.themes import Rule, Theme, make_theme
from burdenlab.messages import Language, check_language, with_chinese

__all__ = ["Codebook", "Rule", "Theme", "codebook_from_dict", "load_codebook"]

_GROUP = ("zh", "en", "definition_zh", "definition_en")
_LARGEST = 4_000_000  # bytes of a codebook file
_ZIP = b"PK\x03\x04"


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
    crosswalks : dict
        Name of another scheme to its labels, source and parts, each part with the themes that belong to it.
    contexts : dict
        Name to the words that conditions of the file name by "@"; in ``entries`` they stand as words.
    """

    name: str
    version: str
    sha256: str
    entries: tuple[Theme, ...]
    groups: Mapping[str, Mapping[str, str]] = field(hash=False)
    crosswalks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)
    contexts: Mapping[str, Sequence[str]] = field(default_factory=dict, hash=False)

    @property
    def themes(self) -> tuple[str, ...]:
        """The ids of the themes, in the order of the file."""
        return tuple(theme.id for theme in self.entries)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All literal terms, sorted: user words for ``tokenize``."""
        return tuple(sorted({term for theme in self.entries for rule in theme.rules for term in rule.terms}))

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a theme: theme, group, zh, en, definition_zh, definition_en, group_zh, group_en, n_terms, source."""
        rows = [
            {
                "theme": theme.id, "group": theme.group, "zh": theme.zh, "en": theme.en,
                "definition_zh": theme.definition_zh, "definition_en": theme.definition_en,
                "group_zh": self.groups[theme.group]["zh"], "group_en": self.groups[theme.group]["en"],
                "n_terms": sum(len(rule.terms) + len(rule.patterns) for rule in theme.rules),
                "source": "; ".join(theme.source),
            }
            for theme in self.entries
        ]  # fmt: skip
        return pd.DataFrame(rows)

    @cached_property
    def terms(self) -> pd.DataFrame:
        """One row a term: theme, term, kind (term, pattern, exclude, exclude_pattern), require, near, unless, moves, since.

        Conditions are joined by "、"; ``since`` is the year in which the term came up, missing where the codebook says
        nothing.
        """
        columns = ["theme", "term", "kind", "require", "near", "unless", "moves", "since"]
        rows = []
        for theme in self.entries:
            for rule in theme.rules:
                condition = ["、".join(c) for c in (rule.require, rule.near, rule.unless, rule.moves)]
                for kind, listed in (("term", rule.terms), ("pattern", rule.patterns)):
                    rows += [(theme.id, term, kind, *condition, theme.since.get(term, pd.NA)) for term in listed]
            for kind, listed in (("exclude", theme.exclude), ("exclude_pattern", theme.exclude_patterns)):
                rows += [(theme.id, term, kind, "", "", "", "", pd.NA) for term in listed]
        return pd.DataFrame(rows, columns=columns).astype({**dict.fromkeys(columns, "str"), "since": "Int64"})

    def crosswalk(self, name: str) -> pd.DataFrame:
        """Give the themes of each part of another scheme: part, zh, en, theme; a theme may stand in several parts.

        Examples
        --------
        >>> book = load_codebook()
        >>> book.crosswalk("provisions_2024")["part"].nunique()
        7
        """
        if name not in self.crosswalks:
            known = ", ".join(self.crosswalks) or "none"
            msg = f"crosswalk {name!r} is not in the codebook {self.name!r}; it has {known}."
            raise with_chinese(ValueError(msg), f"编码本 {self.name!r} 没有对照表 {name!r};现有:{known}。")
        parts = self.crosswalks[name]["parts"]
        rows = [(part, p["zh"], p["en"], theme) for part, p in parts.items() for theme in p["themes"]]
        return pd.DataFrame(rows, columns=["part", "zh", "en", "theme"]).astype("str")

    def without(self, terms: Iterable[tuple[str, str]]) -> Codebook:
        """Give the codebook without some terms or patterns, each named by its theme; a theme may become empty.

        Examples
        --------
        >>> book = load_codebook()
        >>> "三保" in book.without([("finance", "三保")]).words
        False
        """
        gone = set(terms)
        touched = {theme for theme, _ in gone}

        def left(theme: Theme) -> Theme:
            content = asdict(theme)
            for part in (content, *content["when"]):
                for key in ("terms", "patterns"):
                    part[key] = [term for term in part[key] if (theme.id, term) not in gone]
            since = {term: year for term, year in theme.since.items() if (theme.id, term) not in gone}
            return make_theme({**content, "since": since})

        return replace(self, entries=tuple(left(theme) if theme.id in touched else theme for theme in self.entries))

    def to_dict(self) -> dict[str, Any]:
        """Give the codebook as plain lists and dicts, for JSON; ``from_dict`` takes it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Codebook:
        """Make the codebook again that ``to_dict`` gave."""
        return cls(**{**content, "entries": tuple(make_theme(e) for e in content["entries"])})

    def labels(self, lang: Language) -> dict[str, str]:
        """Give each theme's label in a language, for figures and tables."""
        check_language(lang)
        return {theme.id: theme.zh if lang == "zh" else theme.en for theme in self.entries}


def load_codebook(path: str | os.PathLike[str] | None = None) -> Codebook:
    """Read a codebook from TOML or Excel and check it whole.

    Parameters
    ----------
    path : path, optional
        The shipped codebook ``burden.toml`` where left out. What the file is follows from its bytes.

    Returns
    -------
    Codebook

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        With every fault of the file, one a line with its line number or its cell: an unknown key, an empty theme, a
        term that occurs twice under one condition or that an exclusion swallows, a pattern that RE2 does not take or
        that matches the empty string, a condition that is no list of words, a crosswalk to a theme that does not exist.

    Notes
    -----
    A theme is a table ``[themes.id]`` with ``group``, the labels ``zh`` and ``en``, ``definition_zh``,
    ``definition_en``, ``source`` and

    - ``terms``: literals; ``patterns``: regular expressions for RE2, each with a literal of two characters;
    - ``exclude``, ``exclude_patterns``: false friends, masked before anything is looked for;
    - ``require``, ``near``, ``unless``, ``moves``: the condition, see `Rule`; for some of the terms only in tables
      ``[[themes.id.when]]`` with ``terms`` or ``patterns`` of their own; ``"@name"`` in a condition stands for the
      words that the table ``[contexts]`` lists under that name;
    - ``since``: a table of terms and the years in which they came up. It documents, and never changes a count.

    In Excel a term is a row of the first sheet, or of the one named ``codebook``; the columns are ``theme`` (主题) and
    ``term`` (词条), and where wanted ``group``, ``zh``, ``en``, ``definition_zh``, ``definition_en``, ``kind`` (term,
    pattern, exclude, exclude_pattern), ``require``, ``near``, ``unless``, ``moves`` (words joined by 、), ``since``,
    ``source``. Further sheets ``groups``, ``contexts``, ``crosswalks`` and ``about`` are optional; ``save_codebook``
    shows them all.

    Examples
    --------
    >>> codebook = load_codebook()
    >>> len(codebook.themes), codebook.labels("en")["staffing"]
    (25, 'Staffing')
    """
    file = files("burdenlab.coding") / "codebooks" / "burden.toml" if path is None else Path(path)
    if not file.is_file():
        raise with_chinese(
            FileNotFoundError(f"codebook {str(file)!r} does not exist; name a TOML or Excel file."),
            f"编码本 {str(file)!r} 不存在;请给出 TOML 或 Excel 文件。",
        )
    data = file.read_bytes()
    try:
        if len(data) > _LARGEST:
            msg = f"it has {len(data)} bytes, at most {_LARGEST} are read; split it"
            raise with_chinese(ValueError(msg), f"文件有 {len(data)} 字节,上限 {_LARGEST};请拆分")
        read = read_workbook(data) if data.startswith(_ZIP) else read_toml(data)
    except ValueError as error:
        raise with_chinese(
            ValueError(f"codebook {file.name}: {error}."), f"编码本 {file.name}:{error.__notes__[0]}。"
        ) from error
    return codebook_from_dict(
        read.content, name=file.name, sha256=hashlib.sha256(data).hexdigest(), places=read.places, faults=read.faults
    )


def codebook_from_dict(
    content: Mapping[str, Any],
    *,
    name: str,
    sha256: str,
    places: Callable[[], Places] = dict,
    faults: Sequence[Fault] = (),
) -> Codebook:
    """Check the content of a codebook file and make the codebook.

    Parameters
    ----------
    content : mapping
        As TOML gives it, see ``load_codebook``.
    name : str
        Of the file, for messages and where the content gives no name.
    sha256 : str
    places : callable
        Gives the line or the cell of everything in the content, to tell those of faults.
    faults : list of Fault
        That were found already.

    Returns
    -------
    Codebook

    Raises
    ------
    ValueError
        With the faults, one a line.
    """
    expanded, context_faults = expand_contexts(content)
    if found := [*faults, *context_faults, *codebook_faults(expanded)]:
        raise faults_error((f"codebook {name}", f"编码本 {name}"), found, places())
    return Codebook(
        content.get("name", "").strip() or name,
        str(content.get("version", "")).strip(),
        sha256,
        tuple(make_theme({"id": theme, **keys}) for theme, keys in expanded["themes"].items()),
        {group: _texts(keys, *_GROUP) for group, keys in content["groups"].items()},
        {
            crosswalk: {
                **_texts(keys, "zh", "en", "source"),
                "parts": {
                    part: {**_texts(entry, "zh", "en"), "themes": list(entry.get("themes", []))}
                    for part, entry in keys["parts"].items()
                },
            }
            for crosswalk, keys in content.get("crosswalks", {}).items()
        },
        {context: list(words) for context, words in content.get("contexts", {}).items()},
    )


def _texts(keys: Mapping[str, Any], *names: str) -> dict[str, str]:
    return {name: keys.get(name, "").strip() for name in names}
