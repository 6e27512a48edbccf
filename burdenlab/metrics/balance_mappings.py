"""Which themes count for the cart and which for the horse: a file that can be preregistered."""

from __future__ import annotations

import hashlib
import itertools
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from burdenlab.messages import with_chinese
from burdenlab.tables import MOVES

__all__ = ["BalanceMapping", "Choice", "Side", "load_mapping", "plausible_mappings"]

# Side -> its roles, and the key that says whether its road counts with the first of them.
_SIDES = {
    "diagnosis": (("load", "capacity", "road", "aside"), "road_is"),
    "remedy": (("lighten", "feed", "mend", "ritual", "aside"), "mend_is"),
}
_UNIT = {"move": ("section_move", "move"), "headings": ("closed", "all", "none")}
_LABELS = ("id", "zh", "en")
_LARGEST = 1_000_000  # bytes of a mapping file
Where = tuple[str, str]  # a place in the file, in English and Chinese


class Side(NamedTuple):
    """One side of the balance: where it is told, and which themes tell it."""

    moves: tuple[str, ...]
    roles: Mapping[str, tuple[str, ...]]  # role to its themes
    road_counts: bool  # the road counts with the cart

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """The themes of each role that counts; those of the cart hold the road where it counts with them."""
        cart, _, road, *_ = self.roles
        roles = {**self.roles, cart: self.roles[cart] + (self.roles[road] if self.road_counts else ())}
        return {role: themes for role, themes in roles.items() if role != "aside"}

    @property
    def cart(self) -> tuple[str, ...]:
        """The themes of the cart."""
        return next(iter(self.columns.values()))

    @property
    def horse(self) -> tuple[str, ...]:
        """The themes of the horse."""
        return list(self.roles.values())[1]


class Choice(NamedTuple):
    """Something that could as well be done otherwise."""

    id: str
    labels: Mapping[str, str]  # zh, en
    options: Mapping[str, Mapping[str, Any]]  # id to zh, en and what it changes; the first changes nothing


@dataclass(frozen=True)
class BalanceMapping:
    """A mapping that was read and checked; made by ``load_mapping``."""

    name: str
    version: str
    sha256: str
    move: str
    headings: str
    diagnosis: Side
    remedy: Side
    choices: tuple[Choice, ...]
    content: Mapping[str, Any] = field(repr=False, hash=False)

    @property
    def label(self) -> str:
        """Name, version and the first eight characters of the hash, for tables."""
        return f"{self.name} {self.version} ({self.sha256[:8]})"

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """The themes of each column of ``balance_sentences``, in their order."""
        return {**self.diagnosis.columns, **self.remedy.columns}

    @property
    def placed(self) -> frozenset[str]:
        """The themes that the mapping knows."""
        return frozenset(theme for themes in self.diagnosis.roles.values() for theme in themes)


def load_mapping(path: str | os.PathLike[str] | None = None) -> BalanceMapping:
    """Read a mapping of themes from TOML and check it whole.

    Parameters
    ----------
    path : path, optional
        The shipped mapping for the shipped codebook, ``burdenlab/metrics/balance.toml``, where left out.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no TOML, a key is unknown or lacking, a theme stands twice on a side or on one side only, a move serves both
        sides, or an option of a choice names what is not there.

    Notes
    -----
    The tables ``[diagnosis]`` and ``[remedy]`` list ``moves`` and, role by role, themes: load, capacity, road, aside; lighten,
    feed, mend, ritual, aside. ``road_is`` and ``mend_is`` say whether the road counts with the cart or apart. ``[unit]`` says
    whose move counts and which headings are sentences. Each ``[[choices]]`` lists options; the first is the mapping itself,
    the others say what they change.

    Examples
    --------
    >>> mapping = load_mapping()
    >>> "staffing" in mapping.remedy.horse, mapping.diagnosis.moves
    (True, ('problem', 'harm', 'cause'))
    """
    file = files("burdenlab.metrics") / "balance.toml" if path is None else Path(path)
    if not file.is_file():
        msg = (
            f"mapping {str(file)!r} does not exist; name a TOML file, such as a copy of burdenlab/metrics/balance.toml."
        )
        raise with_chinese(FileNotFoundError(msg), f"映射文件 {str(file)!r} 不存在;请给出 TOML 文件。")
    data = file.read_bytes()
    try:
        if (size := len(data)) > _LARGEST:
            _refuse(f"it has {size} bytes, at most {_LARGEST} are read", f"文件有 {size} 字节,上限 {_LARGEST}")
        mapping = _mapping(tomllib.loads(data.decode("utf-8")), hashlib.sha256(data).hexdigest())
        for choice in mapping.choices:
            for option in choice.options:
                _with_options(mapping, {choice.id: option})
    except ValueError as error:
        zh = getattr(error, "__notes__", [str(error)])[0]
        msg = f"mapping {file.name}: {error}."
        raise with_chinese(ValueError(msg), f"映射文件 {file.name}:{zh}。") from error
    return mapping


def plausible_mappings(mapping: BalanceMapping) -> Iterator[tuple[dict[str, str], BalanceMapping]]:
    """Give every combination of the options of a mapping's choices, the mapping itself first.

    Examples
    --------
    >>> chosen, first = next(plausible_mappings(load_mapping()))
    >>> chosen["road"], first == load_mapping()
    ('with_cart', True)
    """
    for options in itertools.product(*(choice.options for choice in mapping.choices)):
        chosen = dict(zip((choice.id for choice in mapping.choices), options, strict=True))
        yield chosen, _with_options(mapping, chosen)


def _with_options(mapping: BalanceMapping, chosen: Mapping[str, str]) -> BalanceMapping:
    content: dict[str, Any] = dict(mapping.content)
    for choice in mapping.choices:
        if (name := chosen.get(choice.id)) is not None:
            where = f"option {name!r} of choice {choice.id!r}", f"选择 {choice.id!r} 的选项 {name!r}"
            content = _changed(content, choice.options[name], where)
    return _mapping(content, mapping.sha256)


def _changed(content: dict[str, Any], change: Mapping[str, Any], where: Where) -> dict[str, Any]:
    _check_keys(change, (*_LABELS, "unit", *_SIDES), where)
    new = {**content, "unit": {**content["unit"], **change.get("unit", {})}}
    for side, (roles, switch) in _SIDES.items():
        old, edits = content[side], change.get(side, {})
        _check_keys(edits, ("moves", switch, *roles), where)
        named = {theme for role in roles for theme in edits.get(role, ())}
        if unknown := sorted(named - {theme for role in roles for theme in old[role]}):
            en, zh = f"which {side} lacks", f"不在 {side} 中"
            _refuse(f"{where[0]} names the theme {unknown[0]!r}, {en}", f"{where[1]} 提到的主题 {unknown[0]!r} {zh}")
        moved = {role: [*(t for t in old[role] if t not in named), *edits.get(role, ())] for role in roles}
        new[side] = {**old, **edits, **moved}
    return new


def _mapping(content: Mapping[str, Any], sha256: str) -> BalanceMapping:
    _check_keys(content, ("name", "version", "for", "unit", *_SIDES, "choices"), ("the file", "文件"))
    if lacking := [key for key in ("name", "unit", *_SIDES) if key not in content]:
        _refuse(f"the file lacks {lacking[0]!r}", f"文件缺少 {lacking[0]!r}")
    unit = content["unit"]
    _check_keys(unit, tuple(_UNIT), ("[unit]", "[unit]"))
    for key, known in _UNIT.items():
        _check_value(unit.get(key), known, f"[unit] {key}")
    diagnosis, remedy = (_side(content[side], side) for side in _SIDES)
    if both := sorted(set(diagnosis.moves) & set(remedy.moves)):
        _refuse(f"the move {both[0]!r} serves both sides; a sentence stands on one", f"语步 {both[0]!r} 同属两边")
    places = [{theme for themes in side.roles.values() for theme in themes} for side in (diagnosis, remedy)]
    if alone := sorted(places[0] ^ places[1]):
        en, zh = "put it into 'aside' of the other", "另一边请写入 aside"
        _refuse(f"the theme {alone[0]!r} stands on one side only; {en}", f"主题 {alone[0]!r} 只在一边;{zh}")
    choices = tuple(_choice(entry) for entry in content.get("choices", []))
    if len({choice.id for choice in choices}) != len(choices):
        _refuse("two choices have the same id", "有两个选择的 id 相同")
    name, version = str(content["name"]), str(content.get("version", ""))
    return BalanceMapping(name, version, sha256, unit["move"], unit["headings"], diagnosis, remedy, choices, content)


def _side(content: Mapping[str, Any], side: str) -> Side:
    (roles, switch), here = _SIDES[side], f"[{side}]"
    _check_keys(content, ("moves", switch, *roles), (here, here))
    if lacking := [key for key in ("moves", switch, *roles) if key not in content]:
        _refuse(f"{here} lacks {lacking[0]!r}; an empty list is fine", f"{here} 缺少 {lacking[0]!r};可为空列表")
    for key in ("moves", *roles):
        if not isinstance(content[key], list) or not all(isinstance(entry, str) for entry in content[key]):
            _refuse(f"{here} {key} is no list of strings", f"{here} 的 {key} 应为字符串列表")
    for move in content["moves"]:
        _check_value(move, MOVES, f"{here} moves")
    _check_value(content[switch], (roles[0], "apart"), f"{here} {switch}")
    every = [theme for role in roles for theme in content[role]]
    if twice := sorted({theme for theme in every if every.count(theme) > 1}):
        _refuse(f"{here} lists the theme {twice[0]!r} twice", f"{here} 中主题 {twice[0]!r} 出现两次")
    return Side(tuple(content["moves"]), {role: tuple(content[role]) for role in roles}, content[switch] == roles[0])


def _choice(entry: dict[str, Any]) -> Choice:
    options = {option.get("id", ""): option for option in entry.get("options", [])}
    where = f"choice {entry.get('id')!r}", f"选择 {entry.get('id')!r}"
    _check_keys(entry, (*_LABELS, "options"), where)
    labelled = all(isinstance(part.get(key), str) for part in (entry, *options.values()) for key in _LABELS)
    if not labelled or len(options) < 2 or len(options) != len(entry["options"]):
        _refuse(
            f"{where[0]} needs id, zh and en, and at least two options with an id of their own, zh and en",
            f"{where[1]} 需要 id、zh、en,以及至少两个带 id、zh、en 的不同选项",
        )
    if set(next(iter(options.values()))) != set(_LABELS):
        _refuse(
            f"the first option of {where[0]} changes something; it is the mapping itself",
            f"{where[1]} 的第一个选项就是本映射,不应有改动",
        )
    return Choice(entry["id"], {"zh": entry["zh"], "en": entry["en"]}, options)


def _check_keys(content: Mapping[str, Any], known: tuple[str, ...], where: Where) -> None:
    if not isinstance(content, Mapping):
        _refuse(f"{where[0]} is no table", f"{where[1]} 应为表")
    if unknown := sorted(set(content) - set(known)):
        en, zh = f"known are {', '.join(known)}", f"可用:{'、'.join(known)}"
        _refuse(f"{where[0]} has the key {unknown[0]!r}; {en}", f"{where[1]} 有未知的键 {unknown[0]!r};{zh}")


def _check_value(value: object, known: tuple[str, ...], where: str) -> None:
    if value not in known:
        en, zh = f"one of {', '.join(known)} is expected", f"可用:{'、'.join(known)}"
        _refuse(f"{where} holds {value!r}; {en}", f"{where} 的值 {value!r} 无效;{zh}")


def _refuse(english: str, chinese: str) -> NoReturn:
    raise with_chinese(ValueError(english), chinese)
