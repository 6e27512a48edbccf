"""Who acts in a sentence, and whom a text blames: by words and their place, for a speaker of some level."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from burdenlab.messages import with_chinese

__all__ = [
    "ACTORS",
    "ActorWords",
    "Mention",
    "mentions",
    "named",
    "read_actor_words",
    "speaker_levels",
    "subject_of",
    "who",
]

ACTORS = ("superior", "peer_dept", "self", "grassroots_staff", "public", "none")
_LEVELS = ("central", "province", "city", "county", "township", "village")
_FIXED = {"own": "self", "above": "superior", "staff": "grassroots_staff", "public": "public"}
_SOME = re.compile("有(?:的|些|个)|一些|部分|个别|少数|某些|不少|多数|许多")
_CLAUSE = re.compile("[^，,；;。：:！？\n]+")
# A clause that only prepares the subject: 为了减轻负担,在培训方式上,疫情期间,最紧时.
_PREPARES = re.compile(
    r"(?:在|对(?!.*进行)|从|为了?|按照?|根据|随着|由于|针对|当|通过|围绕|凡|以.*为例)|.{0,10}(?:期间|[中上下]|时|后|来|前|情况看|总的看)$"
)


class ActorWords(NamedTuple):
    """The patterns of ``burdenlab/metrics/actors.toml``, compiled."""

    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    leading: re.Pattern[str]
    not_subject: re.Pattern[str]
    types: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]  # id, of headings, of the text


class Mention(NamedTuple):
    """An actor at the head of a clause."""

    kind: str
    start: int
    end: int
    is_some: bool  # 一些部门, 个别干部: not all of them, which is how blame is told


def read_actor_words(path: str | Path | None = None) -> ActorWords:
    """Read the words for actors and causes, from TOML; ``burdenlab/metrics/actors.toml`` where left out.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If a part is missing or a pattern is no regular expression.

    Examples
    --------
    >>> [name for name, _, _ in read_actor_words().types]
    ['structural', 'subjective', 'external']
    """
    source = files("burdenlab.metrics") / "actors.toml" if path is None else Path(path)
    name = source.name if path is None else str(path)
    try:
        data = tomllib.loads(source.read_text("utf-8"))
        kinds = tuple((entry["kind"], re.compile("|".join(entry["patterns"]))) for entry in data["actors"])
        types = tuple((e["id"], re.compile(e["headings"]), re.compile("|".join(e["words"]))) for e in data["types"])
        leading, not_subject = (re.compile("|".join(data[part]["patterns"])) for part in ("leading", "not_subject"))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, re.error) as error:
        msg = f"{name}: {error}; a file such as burdenlab/metrics/actors.toml is expected."
        raise with_chinese(
            ValueError(msg), f"{name}:{error};应与 burdenlab/metrics/actors.toml 的写法相同。"
        ) from error
    known = [*_FIXED, *_LEVELS, "department", "section"]
    if strange := sorted({kind for kind, _ in kinds} - set(known)):
        msg = f"{name} has actors of the kind {strange}; {known} are known."
        raise with_chinese(ValueError(msg), f"{name} 中有不认识的 kind {strange}。")
    return ActorWords(kinds, leading, not_subject, types)


def who(kind: str, level: str) -> str:
    """Tell which of ``ACTORS`` the `kind` of a ``Mention`` is for a speaker of a level ("central" to "village"; else: not known).

    Examples
    --------
    >>> who("department", "township"), who("department", "county"), who("township", "county")
    ('superior', 'peer_dept', 'grassroots_staff')
    """
    if kind in _FIXED:
        return _FIXED[kind]
    if kind == "department":
        return "superior" if level in ("township", "village") else "peer_dept"
    if kind == "section":
        return {"village": "superior", "township": "self"}.get(level, "self" if level not in _LEVELS else "peer_dept")
    if level not in _LEVELS:
        return "grassroots_staff" if kind in ("township", "village") else "superior"
    distance = _LEVELS.index(kind) - _LEVELS.index(level)
    return "superior" if distance < 0 else "self" if distance == 0 else "grassroots_staff"


def speaker_levels(documents: pd.DataFrame | None) -> dict[str, str]:
    """Give the level of who speaks in each document, from the document variable ``level``."""
    if documents is None or "level" not in documents:
        return {}
    return dict(zip(documents["doc_id"], documents["level"].fillna("").astype("str"), strict=True))


def mentions(text: str, words: ActorWords) -> Iterator[Mention]:
    """Yield the actors that stand at the head of a clause of `text`.

    Examples
    --------
    >>> [m.kind for m in mentions("一些上级部门层层加码,村干部疲于应付。", read_actor_words())]
    ['above', 'staff']
    """
    for clause in _CLAUSE.finditer(text):
        if mention := _head(text, *clause.span(), words)[0]:
            yield mention


def named(text: str, words: ActorWords) -> Iterator[Mention]:
    """Yield the actors that stand anywhere in `text`."""
    at = 0
    while at < len(text):
        mention = _longest(text, at, len(text), words, some=False)
        if mention:
            yield mention
        at = mention.end if mention else at + 1


def subject_of(text: str, words: ActorWords) -> str | None:
    """Give the kind of the actor that is the subject of a sentence; None where none is named.

    It stands at the head of the first clause that does more than prepare (为了…, 在…上, 今年以来). Quantifiers,
    times and connectives before it are left aside. 部门之间, 基层单位的经费 are no subjects.

    Examples
    --------
    >>> words = read_actor_words()
    >>> subject_of("为了减轻负担,我局建立了协调会议制度。", words), subject_of("一些部门之间职责不清。", words)
    ('own', None)
    """
    for clause in _CLAUSE.finditer(text):
        mention, at = _head(text, *clause.span(), words)
        if mention:
            return None if words.not_subject.match(text, mention.end) else mention.kind
        if at < clause.end() and not _PREPARES.match(text[at : clause.end()]):
            return None
    return None


def _head(text: str, begin: int, end: int, words: ActorWords) -> tuple[Mention | None, int]:
    """Give the actor at the head of a clause, and where what leads up to it ends."""
    at, some = begin, False
    while (lead := words.leading.match(text, at, end)) and lead.end() > at:
        some |= bool(_SOME.search(lead[0]))
        at = lead.end()
    return _longest(text, at, end, words, some=some), at


def _longest(text: str, at: int, end: int, words: ActorWords, *, some: bool) -> Mention | None:
    """Give the longest actor at a place; of equals the one listed first."""
    found = [(m.end(), -rank, kind) for rank, (kind, p) in enumerate(words.kinds) if (m := p.match(text, at, end))]
    return Mention(max(found)[2], at, max(found)[0], some) if found else None
