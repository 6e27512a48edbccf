"""Codebook files, read and written: TOML to keep under version control, Excel to edit as a table."""

from __future__ import annotations

import datetime
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import xlsxwriter

from burdenlab.coding.codebook import Codebook, Rule, Theme, make_theme
from burdenlab.coding.codebook_faults import codebook_faults
from burdenlab.coding.codebook_sheets import ABOUT, CROSSWALK, GROUP, LISTS, SHEETS, joined, read_workbook
from burdenlab.coding.codebook_toml import read_toml, toml_text
from burdenlab.coding.faults import Fault, Places, faults_error, shown
from burdenlab.coding.term_faults import CONDITIONS, CONTEXT_KEYS, expand_contexts, fold_contexts
from burdenlab.messages import with_chinese

__all__ = ["codebook_from_dict", "load_codebook", "save_codebook"]

_LARGEST = 4_000_000  # bytes of a codebook file
_ZIP = b"PK\x03\x04"
_LONGEST = 32_767  # characters of a cell
_WIDTHS = {"theme": 26, "term": 40, "words": 100}
_WIDTHS |= dict.fromkeys(("definition_zh", "definition_en"), 40) | dict.fromkeys(("require", "near", "unless"), 24)
_RULE = ("terms", "patterns", *CONDITIONS)


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
        msg = f"codebook {str(file)!r} does not exist; name a TOML or Excel file."
        raise with_chinese(FileNotFoundError(msg), f"编码本 {str(file)!r} 不存在;请给出 TOML 或 Excel 文件。")
    data = file.read_bytes()
    try:
        if len(data) > _LARGEST:
            msg = f"it has {len(data)} bytes, at most {_LARGEST} are read; split it"
            raise with_chinese(ValueError(msg), f"文件有 {len(data)} 字节,上限 {_LARGEST};请拆分")
        read = read_workbook(data) if data.startswith(_ZIP) else read_toml(data)
    except ValueError as error:
        msg = f"codebook {file.name}: {error}."
        raise with_chinese(ValueError(msg), f"编码本 {file.name}:{error.__notes__[0]}。") from error
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
    """Check the content of a codebook file, as TOML gives it, and make the codebook.

    `places` gives the line or the cell of everything in the content, `faults` are those that were found already;
    ValueError tells all faults, one a line.
    """
    expanded, context_faults = expand_contexts(content)
    if found := [*faults, *context_faults, *codebook_faults(expanded)]:
        raise faults_error((f"codebook {name}", f"编码本 {name}"), found, places())
    return Codebook(
        content.get("name", "").strip() or name,
        str(content.get("version", "")).strip(),
        sha256,
        tuple(make_theme({"id": theme, **keys}) for theme, keys in expanded["themes"].items()),
        {group: _texts(keys, *GROUP) for group, keys in content["groups"].items()},
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
    suffix = path.suffix.lower()
    if suffix not in (".toml", ".xlsx"):
        msg = f"path={str(path)!r} is neither TOML nor Excel; let it end in .toml or .xlsx."
        raise with_chinese(ValueError(msg), f"path={str(path)!r} 既非 TOML 也非 Excel;请以 .toml 或 .xlsx 结尾。")
    content = _stated(codebook)
    codebook_from_dict(content, name=codebook.name, sha256="")  # what is written can be read again
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    if suffix == ".toml":
        part.write_text(toml_text(content), "utf-8", newline="\n")
    else:
        _write_workbook(content, part)
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
    head = {"name": codebook.name, "version": codebook.version, "contexts": contexts, "groups": dict(codebook.groups)}
    return {**{k: v for k, v in head.items() if v}, "themes": themes, "crosswalks": dict(codebook.crosswalks)}


def _write_workbook(content: Mapping[str, Any], path: Path) -> None:
    """Write the content of a codebook; text cells only, never a formula."""
    rows: dict[str, list[dict[str, str]]] = {
        "codebook": [row for theme in content["themes"] for row in _term_rows(theme, content["themes"][theme])],
        "groups": [{"group": group, **labels} for group, labels in content["groups"].items()],
        "contexts": [{"context": c, "words": joined(words)} for c, words in content.get("contexts", {}).items()],
        "crosswalks": [
            {
                "crosswalk": name, **{column: crosswalk[key] for column, key in CROSSWALK.items()},
                "part": part, "zh": entry["zh"], "en": entry["en"], "themes": joined(entry["themes"]),
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
            sheet.autofilter(0, 0, len(listed), len(SHEETS[name][2]) - 1)  # a theme's terms out of thousands
            for at, column in enumerate(SHEETS[name][2]):
                sheet.set_column(at, at, _WIDTHS.get(column, 16))
                sheet.write_string(0, at, column, bold)
                for number, row in enumerate(listed, start=1):
                    if text := row.get(column, ""):
                        sheet.write_string(number, at, text)
                if column == "kind":
                    sheet.data_validation(1, at, len(listed), at, {"validate": "list", "source": list(LISTS)})


def _term_rows(name: str, theme: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Give a row for each term; the first one tells what holds of the theme as a whole."""
    whole = {key: theme[key] for key in ("group", *GROUP) if key in theme} | {"source": "\n".join(theme.get("source", ()))}  # fmt: skip
    for part in (theme, *theme.get("when", ())):
        condition = {key: joined(part[key]) for key in CONDITIONS if part.get(key)}
        for kind, key in LISTS.items():
            for term in part.get(key, ()):
                row = {"theme": name, **whole, "kind": kind, "term": term}
                if not kind.startswith("exclude"):
                    row |= {**condition, "since": str(theme.get("since", {}).get(term, ""))}
                yield row
                whole = {}
