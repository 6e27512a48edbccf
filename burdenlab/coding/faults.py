"""What is wrong with a file that people wrote, and the line or the cell where each fault stands."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeGuard

from burdenlab.messages import with_chinese

__all__ = [
    "LONGEST_TERM", "MOST_TERMS", "UNSEEN", "Fault", "Place", "Places", "Read", "faults_error", "is_strings", "shown",
]  # fmt: skip

LONGEST_TERM = 64
MOST_TERMS = 50_000
# Control characters but tab and line end, what only a cursor sees, halves of characters, and what XML cannot hold.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff\ufffe\uffff]")

Place: TypeAlias = tuple[str, int, str, str]  # a table, which of that name, a key of it, an item of the key's list
Places: TypeAlias = Mapping[Place, tuple[str, str]]


class Fault(NamedTuple):
    """What is wrong, and where: a table of the file, a key of it, an item of its list, and which table of that name."""

    table: str
    key: str
    en: str
    zh: str
    item: str = ""
    nth: int = 0


class Read(NamedTuple):
    """What a file says: its content as TOML gives it, faults of its form, and where everything stands, in en and zh."""

    content: dict[str, Any]
    faults: Sequence[Fault]
    places: Callable[[], Places]


def faults_error(what: tuple[str, str], faults: Sequence[Fault], places: Places, *, most: int = 50) -> ValueError:
    """Make the error that tells `most` faults of `what` (en, zh), one a line, each with its place or that of its table.

    Examples
    --------
    >>> fault = Fault("themes.a", "terms", "it is odd", "有误", item="会")
    >>> print(faults_error(("codebook a.toml", ""), [fault], {("themes.a", 0, "terms", ""): ("line 3: ", "")}))
    codebook a.toml: line 3: it is odd
    """
    said: list[tuple[str, str]] = []
    for fault in faults[:most]:
        exact = ((fault.key, fault.item), (fault.key, ""), ("", ""))
        found = (places.get((fault.table, fault.nth, key, item)) for key, item in exact)
        place = next((p for p in found if p), ("", ""))
        said.append((place[0] + fault.en, place[1] + fault.zh))
    if (more := len(faults) - most) > 0:
        said.append((f"and {more} more", f"另有 {more} 处"))
    english, chinese = ("\n".join(lines) for lines in zip(*said, strict=True))
    return with_chinese(ValueError(f"{what[0]}: {english}"), f"{what[1]}:{chinese}")


def shown(value: object) -> str:
    """Show what came, however long or deep it is.

    Examples
    --------
    >>> len(shown("会" * 10_000)) <= LONGEST_TERM
    True
    """
    short = reprlib.Repr()
    short.maxstring = short.maxother = LONGEST_TERM
    return short.repr(value)


def is_strings(value: object) -> TypeGuard[Sequence[str]]:
    """Whether a value is a list of strings."""
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
