"""Codebook files: TOML to keep under version control, Excel to edit as a table."""

from __future__ import annotations

import datetime
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from burdenlab.coding.codebook import Codebook, codebook_from_dict
from burdenlab.coding.codebook_sheets import ABOUT, GROUP, LISTS, SHEETS, joined
from burdenlab.coding.contexts import CONTEXT_KEYS, fold_contexts
from burdenlab.coding.places import shown
from burdenlab.coding.term_faults import CONDITIONS
from burdenlab.coding.themes import Rule, Theme
from burdenlab.messages import with_chinese

__all__ = ["save_codebook", "toml_text"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDTH = 110  # of a line of a list
_LONGEST = 32_767  # characters of a cell
_WIDTHS = {"term": 40, "definition_zh": 40, "definition_en": 40, "require": 24, "near": 24, "unless": 24, "words": 100}
_RULE = ("terms", "patterns", *CONDITIONS)


def save_codebook(codebook: Codebook, path: str | os.PathLike[str]) -> Path:
    """Write a codebook that ``load_codebook`` reads back as it is: the same themes, groups, crosswalks and contexts.

    Comments of a TOML file are not kept. Excel gets text cells only, never a formula. Equal codebooks give equal bytes.

    Parameters
    ----------
    codebook : Codebook
    path : path
        Ends in ``.toml`` or ``.xlsx``; folders are made.

    Returns
    -------
    Path
        Of the file written.

    Raises
    ------
    ValueError
        If `path` has another suffix, a theme has become empty, or a text is too long for a cell.

    Examples
    --------
    >>> import burdenlab as bl, tempfile
    >>> book = bl.load_codebook()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     bl.load_codebook(save_codebook(book, f"{folder}/burden.xlsx")).entries == book.entries
    True
    """
    path = Path(path)
    writers: dict[str, Callable[[Mapping[str, Any], Path], None]] = {".toml": _write_toml, ".xlsx": _write_workbook}
    if path.suffix.lower() not in writers:
        msg = f"path={str(path)!r} is neither TOML nor Excel; let it end in .toml or .xlsx."
        raise with_chinese(ValueError(msg), f"path={str(path)!r} 既非 TOML 也非 Excel;请以 .toml 或 .xlsx 结尾。")
    content = _stated(codebook)
    codebook_from_dict(content, name=codebook.name, sha256="")  # what is written can be read again
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    writers[path.suffix.lower()](content, part)
    part.replace(path)
    return path


def _stated(codebook: Codebook) -> dict[str, Any]:
    """Give the codebook as its file states it, for ``codebook_from_dict``."""
    contexts = dict(codebook.contexts)

    def stated(part: Rule | Theme, keys: Iterable[str]) -> dict[str, Any]:
        lists = {key: list(getattr(part, key)) for key in keys}
        folded = {key: fold_contexts(words, contexts) for key, words in lists.items() if key in CONTEXT_KEYS}
        return {key: words for key, words in {**lists, **folded}.items() if words}

    themes = {
        theme.id: {
            **{key: text for key in ("group", *GROUP) if (text := getattr(theme, key))},
            **stated(theme, [*_RULE, "exclude", "exclude_patterns", "source"]),
            **({"since": dict(theme.since)} if theme.since else {}),
            **({"when": [stated(rule, _RULE) for rule in theme.when]} if theme.when else {}),
        }
        for theme in codebook.entries
    }
    content = {
        "name": codebook.name,
        "version": codebook.version,
        "contexts": contexts,
        "groups": dict(codebook.groups),
    }
    return {**{k: v for k, v in content.items() if v}, "themes": themes, "crosswalks": dict(codebook.crosswalks)}


def _write_toml(content: Mapping[str, Any], path: Path) -> None:
    path.write_text(toml_text(content), "utf-8", newline="\n")


def toml_text(content: Mapping[str, Any]) -> str:
    """Write the content of a codebook as TOML: lists of words in lines, tables under headers of their own.

    Examples
    --------
    >>> print(toml_text({"name": "b", "themes": {"a": {"zh": "会议", "terms": ["文山会海"]}}}))
    name = "b"
    <BLANKLINE>
    [themes.a]
    zh = "会议"
    terms = ["文山会海"]
    <BLANKLINE>
    """
    return "\n".join(_written((), content)).lstrip("\n") + "\n"


def _written(path: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[str]:
    values = {k: v for k, v in table.items() if not isinstance(v, dict) and not _is_tables(v)}
    if path and (values or not table):
        yield f"\n[{_key(*path)}]"
    for key, value in values.items():
        yield f"{_key(key)} = {_value(value)}"
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _written((*path, key), value)
        elif _is_tables(value):
            for element in value:
                yield f"\n[[{_key(*path, key)}]]"
                yield from (f"{_key(k)} = {_value(v)}" for k, v in element.items())


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(element, dict) for element in value)


def _key(*parts: str) -> str:
    return ".".join(part if _BARE.fullmatch(part) else _value(part) for part in parts)


def _value(value: str | int | Sequence[str]) -> str:
    """Write a string, a number or a list; what JSON escapes TOML escapes alike, and DEL too."""
    if isinstance(value, str) and "\\" in value and not re.search("['\x00-\x1f\x7f]", value):
        return f"'{value}'"  # a pattern stays as one reads it
    if isinstance(value, str | int):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    lines, width = [""], 0
    for word in (_value(item) for item in value):
        wide = len(word) + sum(character > "\u2e80" for character in word) + 2
        if width + wide > _WIDTH and width:
            lines.append("")
            width = 0
        lines[-1] += f"{' ' if lines[-1] else ''}{word},"
        width += wide
    return f"[{lines[0].rstrip(',')}]" if len(lines) == 1 else "[\n  " + "\n  ".join(lines) + "\n]"


def _write_workbook(content: Mapping[str, Any], path: Path) -> None:
    """Write the content of a codebook; text cells only, never a formula.

    Raises
    ------
    ValueError
        If a text is too long for a cell.
    """
    rows: dict[str, list[dict[str, str]]] = {
        "codebook": [row for theme in content["themes"] for row in _term_rows(theme, content["themes"][theme])],
        "groups": [{"group": group, **labels} for group, labels in content["groups"].items()],
        "contexts": [
            {"context": name, "words": joined(words)} for name, words in content.get("contexts", {}).items()
        ],
        "crosswalks": [
            {
                "crosswalk": name, "crosswalk_zh": crosswalk["zh"], "crosswalk_en": crosswalk["en"],
                "source": crosswalk["source"], "part": part, "zh": entry["zh"], "en": entry["en"],
                "themes": joined(entry["themes"]),
            }
            for name, crosswalk in content.get("crosswalks", {}).items()
            for part, entry in crosswalk["parts"].items()
        ],
        "about": [{"key": key, "value": content[key]} for key in ABOUT if content.get(key)],
    }  # fmt: skip
    for column, text in (cell for listed in rows.values() for row in listed for cell in row.items()):
        if len(text.encode("utf-16-le")) > 2 * _LONGEST:
            msg = f"{column} {shown(text)} is longer than the {_LONGEST} characters of a cell; save the codebook as .toml."
            raise with_chinese(ValueError(msg), f"{column} {shown(text)} 超过单元格上限 {_LONGEST} 字;请存为 .toml。")
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)})  # equal bytes
        bold = book.add_format({"bold": True})
        for name, listed in rows.items():
            if not listed:
                continue
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for at, column in enumerate(SHEETS[name][1]):
                sheet.set_column(at, at, _WIDTHS.get(column, 16))
                sheet.write_string(0, at, column, bold)
                for number, row in enumerate(listed, start=1):
                    if text := row.get(column, ""):
                        sheet.write_string(number, at, text)
                if column == "kind":
                    sheet.data_validation(1, at, len(listed), at, {"validate": "list", "source": list(LISTS)})


def _term_rows(name: str, theme: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Give a row for each term; the first one tells what holds of the theme as a whole."""
    whole = {key: theme[key] for key in ("group", *GROUP) if key in theme}
    whole["source"] = "\n".join(theme.get("source", ()))
    for part in (theme, *theme.get("when", ())):
        condition = {key: joined(part[key]) for key in CONDITIONS if part.get(key)}
        for kind, key in LISTS.items():
            for term in part.get(key, ()):
                is_term = not kind.startswith("exclude")
                since = str(theme.get("since", {}).get(term, "")) if is_term else ""
                yield {
                    "theme": name,
                    **whole,
                    "kind": kind,
                    "term": term,
                    **(condition if is_term else {}),
                    "since": since,
                }
                whole = {}
