"""A theme of a codebook: its labels, and its terms with the conditions under which they count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from burdenlab.coding.term_faults import CONDITIONS

__all__ = ["Rule", "Theme", "make_theme"]


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
    def rules(self) -> tuple[Rule, ...]:
        """All terms and patterns with their conditions, those of the theme itself first."""
        return (Rule(self.terms, self.patterns, self.require, self.near, self.unless, self.moves), *self.when)


def make_theme(content: Mapping[str, Any]) -> Theme:
    """Make a theme in its one form: one rule a condition, what has no condition first.

    So a theme is the same from TOML, where tables group the terms, and from Excel, where each row states its condition.

    Examples
    --------
    >>> when = [{"terms": ["考核"], "near": ["基层"]}, {"terms": ["检查"], "near": ["基层"]}]
    >>> make_theme({"id": "a", "group": "g", "zh": "甲", "en": "A", "when": when}).rules
    (Rule(terms=('考核', '检查'), patterns=(), require=(), near=('基层',), unless=(), moves=()),)
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
