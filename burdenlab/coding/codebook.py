"""The codebook: themes in groups, each with its terms, patterns, exclusions and conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from burdenlab.coding.term_faults import CONDITIONS
from burdenlab.messages import Language, check_language, with_chinese

__all__ = ["Codebook", "Rule", "Theme", "make_theme"]


@dataclass(frozen=True)
class Rule:
    """Terms and patterns with the condition under which they count, in the sentence that holds them.

    Attributes
    ----------
    terms, patterns : tuple of str
        Literals, and regular expressions for RE2.
    require : tuple of str
        At least one of these stands in the sentence.
    near : tuple of str
        At least one of these stands at most 12 characters before or after the match.
    unless : tuple of str
        None of these stands in the sentence.
    moves : tuple of str
        The move of the sentence is one of these.
    """

    terms: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()


@dataclass(frozen=True)
class Theme:
    """One theme as the codebook file states it: its first rule, and in ``when`` those under other conditions."""

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
    require: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    when: tuple[Rule, ...] = ()
    since: Mapping[str, int] = field(default_factory=dict, hash=False)
    source: tuple[str, ...] = ()

    @property
    def listed(self) -> Iterator[tuple[str, str, Rule]]:
        """The kind, the term and its rule: terms and patterns rule by rule, then exclude and exclude_pattern."""
        for rule in self.rules:
            yield from (("term", term, rule) for term in rule.terms)
            yield from (("pattern", term, rule) for term in rule.patterns)
        yield from (("exclude", term, Rule()) for term in self.exclude)
        yield from (("exclude_pattern", term, Rule()) for term in self.exclude_patterns)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All terms and patterns with their conditions, those of the theme itself first."""
        return (Rule(self.terms, self.patterns, self.require, self.near, self.unless, self.moves), *self.when)


def make_theme(content: Mapping[str, Any]) -> Theme:
    """Make a theme in its one form: one rule a condition, what has no condition first.

    So a theme is the same from TOML, where tables group the terms, and from Excel, where each row states its condition.
    """
    listed: dict[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for part in (content, *content.get("when", ())):
        condition = tuple(tuple(part.get(key, ())) for key in CONDITIONS)
        terms, patterns = listed.get(condition, ((), ()))
        listed[condition] = (terms + tuple(part.get("terms", ())), patterns + tuple(part.get("patterns", ())))
    ordered = sorted(listed.items(), key=lambda item: any(item[0]))  # stable
    rules = [Rule(*words, *condition) for condition, words in ordered if any(words)]
    first, *when = rules or [Rule()]
    return Theme(
        content["id"],
        content["group"],
        **{key: content.get(key, "").strip() for key in ("zh", "en", "definition_zh", "definition_en")},
        **vars(first),
        exclude=tuple(content.get("exclude", ())),
        exclude_patterns=tuple(content.get("exclude_patterns", ())),
        source=tuple(line.strip() for line in content.get("source", ())),
        when=tuple(when),
        since=dict(content.get("since", {})),
    )


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
        texts = ("zh", "en", "definition_zh", "definition_en")
        rows = [
            {
                "theme": theme.id, "group": theme.group, **{key: getattr(theme, key) for key in texts},
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

        Conditions are joined by "、"; ``since`` is the year in which a term came up, missing where nothing is said.
        """
        columns = ["theme", "term", "kind", *CONDITIONS, "since"]
        rows = [
            (theme.id, term, kind, *("、".join(getattr(rule, key)) for key in CONDITIONS), _since(theme, kind, term))
            for theme in self.entries
            for kind, term, rule in theme.listed
        ]
        return pd.DataFrame(rows, columns=columns).astype({**dict.fromkeys(columns, "str"), "since": "Int64"})

    def crosswalk(self, name: str) -> pd.DataFrame:
        """Give the themes of each part of another scheme: part, zh, en, theme; a theme may stand in several parts.

        Examples
        --------
        >>> import burdenlab as bl
        >>> book = bl.load_codebook()
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
        """Give the codebook without some terms or patterns, each named by its theme; a theme may become empty."""
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


def _since(theme: Theme, kind: str, term: str) -> Any:
    return pd.NA if kind.startswith("exclude") else theme.since.get(term, pd.NA)
