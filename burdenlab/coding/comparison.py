"""What differs between two codebooks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

import pandas as pd

from burdenlab.coding.codebook import Codebook
from burdenlab.coding.term_faults import CONDITIONS, CONTEXT_KEYS, fold_contexts

__all__ = ["compare_codebooks"]

_Term: TypeAlias = tuple[str, str, str]  # theme, kind, term
_Conditions: TypeAlias = list[tuple[tuple[str, ...], ...]]  # alternatives, each with the words of CONDITIONS
_Entries: TypeAlias = dict[str, dict[str, str]]  # name -> field -> text


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
    was, now = _entries(old), _entries(new)
    terms = _changed_terms(old, new)
    rows = [row for kind in ("group", "context") for row in _changed_entries(kind, was[kind], now[kind])]
    for theme in dict.fromkeys((*new.themes, *old.themes)):
        pair = ({theme: e["theme"][theme]} if theme in e["theme"] else {} for e in (was, now))
        rows += [*_changed_entries("theme", *pair), *terms[theme]]
    rows += _changed_entries("crosswalk", was["crosswalk"], now["crosswalk"])
    return pd.DataFrame(rows, columns=list(_Row._fields)).astype("str")


def _entries(book: Codebook) -> dict[str, _Entries]:
    """Give what a codebook holds beside terms, as texts; the first field of an entry tells it."""
    crosswalks: _Entries = {}
    for name, crosswalk in book.crosswalks.items():
        crosswalks[name] = {key: crosswalk[key] for key in ("zh", "en", "source")}
        for part, entry in crosswalk["parts"].items():
            themes = "、".join(sorted(entry["themes"]))
            crosswalks[f"{name}: {part}"] = {"zh": entry["zh"], "en": entry["en"], "themes": themes}
    labels = ("zh", "en", "definition_zh", "definition_en", "group")
    return {
        "group": {name: dict(group) for name, group in book.groups.items()},
        "context": {name: {"words": "、".join(sorted(words))} for name, words in book.contexts.items()},
        "theme": {t.id: {**{k: getattr(t, k) for k in labels}, "source": "; ".join(t.source)} for t in book.entries},
        "crosswalk": crosswalks,
    }


def _changed_entries(kind: str, old: _Entries, new: _Entries) -> Iterator[_Row]:
    for name in dict.fromkeys((*new, *old)):
        theme, term = (name, "") if kind == "theme" else ("", name)
        if name not in old:
            yield _Row(theme, term, kind, "added", new=next(iter(new[name].values())))
        elif name not in new:
            yield _Row(theme, term, kind, "removed", old=next(iter(old[name].values())))
        else:
            for field, value in new[name].items():
                if (before := old[name][field]) != value:
                    change = "label" if field in ("zh", "en") else field.partition("_")[0]
                    yield _Row(theme, term, f"{kind} {field}", change, "", before, value)


def _changed_terms(old: Codebook, new: Codebook) -> dict[str, list[_Row]]:
    """Give for each theme what changed in its terms, patterns and exclusions."""
    rows: dict[str, list[_Row]] = defaultdict(list)
    was, now = _conditions(old), _conditions(new)
    moved = _moved(was, now)
    left = set(moved.values())
    old_years, new_years = ({(t.id, w): str(y) for t in b.entries for w, y in t.since.items()} for b in (old, new))
    for key in dict.fromkeys((*now, *was)):
        if key in left:
            continue
        theme, kind, term = key
        origin = moved.get(key, key)
        before, after = _told(was.get(origin, []), old), _told(now.get(key, []), new)
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


def _conditions(codebook: Codebook) -> dict[_Term, _Conditions]:
    """Give the conditions of each term, of one without an empty condition."""
    found: dict[_Term, _Conditions] = defaultdict(list)
    for theme in codebook.entries:
        for kind, term, rule in theme.listed:
            found[theme.id, kind, term].append(tuple(getattr(rule, key) for key in CONDITIONS))
    return dict(found)


def _effect(conditions: _Conditions) -> set[tuple[frozenset[str], ...]]:
    return {tuple(map(frozenset, condition)) for condition in conditions}


def _moved(was: Mapping[_Term, object], now: Mapping[_Term, object]) -> dict[_Term, _Term]:
    """Pair what is new in one theme with what is gone from another, in the order of the codebooks."""
    gone: dict[tuple[str, str], list[_Term]] = defaultdict(list)
    for key in was:
        if key not in now:
            gone[key[1:]].append(key)
    return {key: gone[key[1:]].pop(0) for key in now if key not in was and gone[key[1:]]}


def _told(conditions: _Conditions, codebook: Codebook) -> str:
    """Tell conditions in words: near: 基层、乡镇; moves: problem."""
    told = []
    for condition in conditions:
        parts = {key: list(words) for key, words in zip(CONDITIONS, condition, strict=True) if words}
        folded = {k: fold_contexts(w, codebook.contexts) if k in CONTEXT_KEYS else w for k, w in parts.items()}
        told.append("; ".join(f"{key}: {'、'.join(words)}" for key, words in folded.items()))
    return " | ".join(sorted(told)) if any(told) else ""
