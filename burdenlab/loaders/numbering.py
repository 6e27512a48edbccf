"""The numbers that Word writes before paragraphs: 一、 (一) 1. are not in the text but in styles and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["Numbering", "attribute", "child", "children", "local"]

Element = Any  # of lxml, which has no types


def local(element: Element) -> str:
    """Give the name of an element without its namespace: transitional and strict files differ in nothing else."""
    tag: Any = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element | None, name: str) -> Iterator[Element]:
    """Yield the children of that name; none of None."""
    return (e for e in (() if element is None else element) if local(e) == name)


def child(element: Element | None, name: str) -> Element | None:
    """Give the first child of that name."""
    return next(children(element, name), None)


def attribute(element: Element | None, name: str = "val") -> str | None:
    """Give the attribute of that name in whatever namespace."""
    found = (v for k, v in element.attrib.items() if str(k).rpartition("}")[2] == name) if element is not None else ()
    return next((str(value) for value in found), None)


class Numbering:
    """Numbers paragraphs in the order in which they are asked for.

    Parameters
    ----------
    numbering, styles : Element or None
        The roots of ``numbering.xml`` and ``styles.xml``.
    """

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._styles = {attribute(style, "styleId"): style for style in children(styles, "style")}
        self._levels: dict[str | None, dict[int, Element]] = {}
        self._lists: dict[str, tuple[str | None, dict[int, Element]]] = {}
        self._counts: dict[str | None, dict[int, int]] = {}
        self._restarted: set[tuple[str, int]] = set()
        links: dict[str | None, str | None] = {}
        for abstract in children(numbering, "abstractNum"):
            key = attribute(abstract, "abstractNumId")
            self._levels[key] = {_integer(lvl, "ilvl"): lvl for lvl in children(abstract, "lvl")}
            links[key] = attribute(child(abstract, "numStyleLink"))
        for number in children(numbering, "num"):
            overrides = {_integer(o, "ilvl"): o for o in children(number, "lvlOverride")}
            self._lists[attribute(number, "numId") or ""] = (attribute(child(number, "abstractNumId")), overrides)
        for key, style in links.items():  # a list may be defined by the list that a style points to
            pointed = attribute(child(child(child(self._styles.get(style), "pPr"), "numPr"), "numId"))
            if pointed in self._lists:
                self._levels[key] = self._levels.get(self._lists[pointed][0], {})

    def style_chain(self, style: str | None) -> Iterator[Element]:
        """Yield a style and those that it is based on."""
        seen: set[str] = set()
        while style is not None and style in self._styles and style not in seen:
            seen.add(style)
            yield self._styles[style]
            style = attribute(child(self._styles[style], "basedOn"))

    def label(self, properties: Element | None) -> str:
        """Give the number of the next paragraph, "" where it has none; `properties` is its ``w:pPr``."""
        key, level = self._list_of(properties)
        if key not in self._lists:
            return ""
        abstract, overrides = self._lists[key]
        levels = self._levels.get(abstract, {})
        counts = self._counts.setdefault(abstract, {})
        restart = child(overrides.get(level), "startOverride")
        if restart is not None and (key, level) not in self._restarted:
            self._restarted.add((key, level))
            counts[level] = _integer(restart)
        else:
            counts[level] = counts[level] + 1 if level in counts else _start(levels.get(level))
        for deeper in [at for at in counts if at > level]:
            if _integer(child(levels.get(deeper), "lvlRestart"), default=1):  # 0: it goes on for ever
                del counts[deeper]
        definition = child(overrides.get(level), "lvl")
        definition = levels.get(level) if definition is None else definition
        return _spell(definition, levels, counts)

    def _list_of(self, properties: Element | None) -> tuple[str, int]:
        """Find list and level: the paragraph's own, else those of its style and the styles below."""
        level: int | None = None
        holders = [properties]
        holders += [child(style, "pPr") for style in self.style_chain(attribute(child(properties, "pStyle")))]
        for holder in holders:
            numbered = child(holder, "numPr")
            if level is None and child(numbered, "ilvl") is not None:
                level = _integer(child(numbered, "ilvl"))
            if (key := attribute(child(numbered, "numId"))) is not None:
                return ("", 0) if key == "0" else (key, self._level_of_style(key, properties, level))
        return "", 0

    def _level_of_style(self, key: str, properties: Element | None, level: int | None) -> int:
        if level is not None:
            return level
        names = {attribute(style, "styleId") for style in self.style_chain(attribute(child(properties, "pStyle")))}
        levels = self._levels.get(self._lists.get(key, ("", {}))[0], {})
        return next((at for at, lvl in levels.items() if attribute(child(lvl, "pStyle")) in names - {None}), 0)


def _integer(element: Element | None, name: str = "val", *, default: int = 0) -> int:
    try:
        return int(attribute(element, name) or default)
    except ValueError:
        return default


def _start(level: Element | None) -> int:
    return _integer(child(level, "start"), default=1) if child(level, "start") is not None else 1


def _spell(level: Element | None, levels: dict[int, Element], counts: dict[int, int]) -> str:
    own = attribute(child(level, "numFmt"))
    if level is None or own == "bullet":
        return ""  # the sign of a bullet is a glyph of a symbol font, no text
    legal = child(level, "isLgl") is not None

    def number(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        style = own if levels.get(at) is None else attribute(child(levels[at], "numFmt"))
        value = counts.get(at, _start(levels.get(at)))
        return str(value) if legal else _NUMBERS.get(style or "decimal", str)(value)

    return re.sub(r"%([1-9])", number, attribute(child(level, "lvlText")) or "")


def _chinese(n: int, digits: str = "〇一二三四五六七八九", units: str = "十百千") -> str:
    if not 0 < n < 10_000:
        return str(n)
    spelled, pending = "", False
    for place, digit in zip(range(len(str(n)) - 1, -1, -1), str(n), strict=True):
        if digit == "0":
            pending = bool(spelled)
            continue
        spelled += ("零" if pending else "") + digits[int(digit)] + ("" if place == 0 else units[place - 1])
        pending = False
    return spelled.removeprefix("一") if 10 <= n < 20 and units[0] == "十" else spelled


def _letter(n: int, first: str = "a") -> str:
    return chr(ord(first) + (n - 1) % 26) * ((n - 1) // 26 + 1) if 0 < n <= 260 else str(n)


_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
)


def _roman(n: int) -> str:
    spelled = ""
    for value, sign in _ROMAN if 0 < n < 4000 else ():
        spelled += sign * (n // value)
        n %= value
    return spelled or str(n)


def _row(first: str, length: int) -> Any:
    return lambda n: chr(ord(first) + n - 1) if 0 < n <= length else str(n)


def _listed(signs: str) -> Any:
    return lambda n: signs[n - 1] if 0 < n <= len(signs) else str(n)


_CHINESE = ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting")
_NUMBERS: dict[str, Any] = {
    **dict.fromkeys((*_CHINESE, "taiwaneseCountingThousand"), _chinese),
    "ideographDigital": lambda n: "".join("〇一二三四五六七八九"[int(d)] for d in str(n)),
    "taiwaneseDigital": lambda n: "".join("〇一二三四五六七八九"[int(d)] for d in str(n)),
    **dict.fromkeys(
        ("chineseLegalSimplified", "ideographLegalTraditional"),
        lambda n: _chinese(n, "零壹贰叁肆伍陆柒捌玖", "拾佰仟"),
    ),
    "ideographTraditional": _listed("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _listed("子丑寅卯辰巳午未申酉戌亥"),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _row("①", 20)),
    "decimalEnclosedParen": _row("⑴", 20),
    "decimalEnclosedFullstop": _row("⒈", 20),
    "ideographEnclosedCircle": _row("㊀", 10),
    **dict.fromkeys(
        ("decimalFullWidth", "decimalFullWidth2"),
        lambda n: str(n).translate({ord("0") + d: ord("\N{FULLWIDTH DIGIT ZERO}") + d for d in range(10)}),
    ),
    "decimalZero": lambda n: f"{n:02d}",
    "upperLetter": lambda n: _letter(n, "A"),
    "lowerLetter": _letter,
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
    "none": lambda _: "",
    "bullet": lambda _: "",
}
