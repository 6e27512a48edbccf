"""What differs between two codebooks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from burdenlab.coding.codebook import Codebook
from burdenlab.coding.contexts import CONTEXT_KEYS, fold_contexts
from burdenlab.coding.term_faults import CONDITIONS
from burdenlab.coding.themes import Rule

__all__ = ["compare_codebooks"]

_CHANGES = {
    "zh": "label", "en": "label", "definition_zh": "definition", "definition_en": "definition", "group": "group",
    "source": "source", "themes": "themes", "words": "words",
}  # fmt: skip
_Term = tuple[str, str, str]  # theme, kind, term


class _Row(NamedTuple):
    theme: str
    term: str
    kind: str
    change: str
    from_theme: str = ""
    old: str = ""
    new: str = ""


def compare_codebooks(old: Codebook, new: Codebook) -> pd.DataFrame:
    """List what differs between two codebooks.

    Parameters
    ----------
    old, new : Codebook

    Returns
    -------
    DataFrame
        One row a difference, all columns text: ``theme``, ``term``, ``kind``, ``change``, ``from_theme``, ``old``,
        ``new``. First groups and contexts, then the themes in the order of `new` and those that only `old` has, last the
        crosswalks. No rows where both hold the same, in whatever order.

        - A term (``kind`` term, pattern, exclude, exclude_pattern) was ``added``, ``removed`` or ``moved`` here from
          ``from_theme``, or its ``condition`` or ``since`` changed. ``old`` and ``new`` tell its condition, such as
          ``near: 基层``; several are alternatives, joined by " | "; "" is none. Words that the codebook lists as a
          context are told by its name, and a change of the list is one row, not one for each term.
        - A theme, a group, a context, a crosswalk or a part of one (``term`` names it unless it is a theme) was
          ``added`` or ``removed``, or its ``label``, ``definition``, ``group``, ``source``, ``themes`` or ``words``
          changed; ``kind`` then tells which field, as in ``theme zh``.

    Examples
    --------
    >>> import burdenlab as bl
    >>> book = bl.load_codebook()
    >>> compare_codebooks(book, book.without([("finance", "三保")]))[["theme", "term", "change"]].values.tolist()
    [['finance', '三保', 'removed']]
    """
    rows = [
        *_changed_entries("group", _groups(old), _groups(new)),
        *_changed_entries("context", _contexts(old), _contexts(new)),
    ]
    themes, terms = _themes(old), _changed_terms(old, new)
    for theme in dict.fromkeys((*new.themes, *old.themes)):
        pair = ({theme: book[theme]} if theme in book else {} for book in (themes, _themes(new)))
        rows += [*_changed_entries("theme", *pair), *terms[theme]]
    rows += _changed_entries("crosswalk", _parts(old), _parts(new))
    return pd.DataFrame(rows, columns=list(_Row._fields)).astype("str")


def _changed_entries(
    kind: str, old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]
) -> Iterator[_Row]:
    """Yield what changed in labels and the like of groups, contexts, themes or parts of crosswalks."""
    for name in dict.fromkeys((*new, *old)):
        theme, term = (name, "") if kind == "theme" else ("", name)
        before, after = old.get(name), new.get(name)
        if before is None or after is None:
            change, entry = ("added", after) if before is None else ("removed", before)
            told = next(iter((entry or {}).values()))
            yield _Row(theme, term, kind, change, "", "" if before is None else told, told if before is None else "")
        else:
            for field, value in after.items():
                if before[field] != value:
                    yield _Row(theme, term, f"{kind} {field}", _CHANGES[field], "", before[field], value)


def _changed_terms(old: Codebook, new: Codebook) -> dict[str, list[_Row]]:
    """Give for each theme what changed in its terms, patterns and exclusions."""
    rows: dict[str, list[_Row]] = defaultdict(list)
    was, now = _rules(old), _rules(new)
    moved, left = _moved(was, now)
    years = ({(t.id, term): str(year) for t in b.entries for term, year in t.since.items()} for b in (old, new))
    old_years, new_years = years
    for key in dict.fromkeys((*now, *was)):
        theme, kind, term = key
        origin = moved.get(key, key)
        before, after = _told(was.get(origin, ()), old), _told(now.get(key, ()), new)
        if key in left:
            continue
        if origin != key:
            rows[theme].append(_Row(theme, term, kind, "moved", origin[0], before, after))
        elif key not in was or key not in now:
            rows[theme].append(_Row(theme, term, kind, "added" if key in now else "removed", "", before, after))
        elif _effect(was[key]) != _effect(now[key]) and before != after:  # else the words of a context changed
            rows[theme].append(_Row(theme, term, kind, "condition", "", before, after))
        in_both = key in now and origin in was and not kind.startswith("exclude")
        year, new_year = old_years.get((origin[0], term), ""), new_years.get((theme, term), "")
        if in_both and year != new_year:
            rows[theme].append(_Row(theme, term, kind, "since", "", year, new_year))
    return rows


def _rules(codebook: Codebook) -> dict[_Term, tuple[Rule, ...]]:
    """Give the conditions of each term, as rules without terms; one without is an empty rule."""
    found: dict[_Term, tuple[Rule, ...]] = {}
    for theme in codebook.entries:
        for rule in theme.rules:
            condition = Rule((), (), *(getattr(rule, key) for key in CONDITIONS))
            for kind, listed in (("term", rule.terms), ("pattern", rule.patterns)):
                for term in listed:
                    found[theme.id, kind, term] = (*found.get((theme.id, kind, term), ()), condition)
        for kind, listed in (("exclude", theme.exclude), ("exclude_pattern", theme.exclude_patterns)):
            found |= {(theme.id, kind, term): (Rule(),) for term in listed}
    return found


def _effect(rules: tuple[Rule, ...]) -> set[tuple[frozenset[str], ...]]:
    return {tuple(frozenset(getattr(rule, key)) for key in CONDITIONS) for rule in rules}


def _moved(was: Mapping[_Term, object], now: Mapping[_Term, object]) -> tuple[dict[_Term, _Term], set[_Term]]:
    """Pair what is gone from one theme with what is new in another, in the order of the codebooks: new -> old, and old."""
    gone: dict[tuple[str, str], list[_Term]] = defaultdict(list)
    for key in was:
        if key not in now:
            gone[key[1:]].append(key)
    moved = {key: gone[key[1:]].pop(0) for key in now if key not in was and gone[key[1:]]}
    return moved, set(moved.values())


def _told(rules: tuple[Rule, ...], codebook: Codebook) -> str:
    """Tell conditions in words: near: 基层、乡镇; moves: problem."""
    told = []
    for rule in rules:
        parts = []
        for key in CONDITIONS:
            words = list(getattr(rule, key))
            if words:
                words = fold_contexts(words, codebook.contexts) if key in CONTEXT_KEYS else words
                parts.append(f"{key}: {'、'.join(words)}")
        told.append("; ".join(parts))
    return " | ".join(sorted(told)) if any(told) else ""


def _themes(codebook: Codebook) -> dict[str, dict[str, str]]:
    return {
        theme.id: {
            **{key: getattr(theme, key) for key in ("zh", "en", "definition_zh", "definition_en", "group")},
            "source": "; ".join(theme.source),
        }
        for theme in codebook.entries
    }


def _groups(codebook: Codebook) -> dict[str, dict[str, str]]:
    return {name: dict(group) for name, group in codebook.groups.items()}


def _contexts(codebook: Codebook) -> dict[str, dict[str, str]]:
    return {name: {"words": "、".join(sorted(words))} for name, words in codebook.contexts.items()}


def _parts(codebook: Codebook) -> dict[str, dict[str, str]]:
    """Give each crosswalk and each part of one, named by both."""
    parts: dict[str, dict[str, str]] = {}
    for name, crosswalk in codebook.crosswalks.items():
        parts[name] = {key: crosswalk[key] for key in ("zh", "en", "source")}
        for part, entry in crosswalk["parts"].items():
            parts[f"{name}: {part}"] = {
                "zh": entry["zh"],
                "en": entry["en"],
                "themes": "、".join(sorted(entry["themes"])),
            }
    return parts
