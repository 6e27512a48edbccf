"""Filled coding sheets into codes, every fault named by its cell."""

from __future__ import annotations

import difflib
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell

from burdenlab.coding.codebook import Codebook
from burdenlab.coding.sampling import PLACE, sentence_sha256
from burdenlab.coding.workbooks import FIELDS, KINDS, move_labels, shown, theme_labels
from burdenlab.loaders.quarantine import Quarantined
from burdenlab.loaders.xlsx import Cell, cell_text, read_sheets
from burdenlab.messages import with_chinese
from burdenlab.tables import check_table, make_table

__all__ = ["read_coding_sheets"]

_REPORTED = 20  # faults that an error lists
Fault = tuple[str, str]  # in English and in Chinese
Cells = list[list[str]]


class _Key(NamedTuple):
    """What a sheet is held against."""

    units: dict[str, tuple[str, int, str]]  # unit -> document, sentence, its cell
    themes: dict[str, str]  # what a cell may hold -> theme
    moves: dict[str, str]


def read_coding_sheets(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    sample: pd.DataFrame,
    sentences: pd.DataFrame,
    codebook: Codebook,
    round: int = 1,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read filled workbooks of ``coding_sheet`` or ``adjudication_sheet``, one a coder, and check every cell.

    A row without a move is not coded: it is left out, with a warning that says how many. Themes left empty in a coded
    row mean none.

    Parameters
    ----------
    paths : path or sequence of paths
        Workbooks of one round.
    sample : DataFrame
        Table ``sample`` that ``coding_sheet`` returned, or ``read_sample`` of its key.
    sentences : DataFrame
        Table ``sentences`` that the sheet was made from.
    codebook : Codebook
    round : int
        From 1; rounds are put together by ``pd.concat``.

    Returns
    -------
    codes, coders : DataFrame
        Table ``codes``, by coder and unit; and who they are, one row a workbook: coder, kind, background, trained,
        date, round, file, n_coded.

    Raises
    ------
    FileNotFoundError
        If a workbook is not there.
    ValueError
        With every fault, one a line with file, sheet and cell (twenty at most): no coder named, two sheets of one
        coder, a unit that is missing, unknown or there twice, an edited sentence, an unknown theme or move, themes
        without a move.

    Examples
    --------
    >>> import tempfile, burdenlab as bl
    >>> from burdenlab.coding.sheets import coding_sheet
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> codebook = bl.load_codebook()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sample = coding_sheet(sentences, bl.find_hits(sentences, codebook), codebook=codebook,
    ...         path=f"{folder}/round1.xlsx", n=80)
    ...     read_coding_sheets(f"{folder}/round1-A.xlsx", sample=sample, sentences=sentences, codebook=codebook)
    Traceback (most recent call last):
    ValueError: coding sheets: round1-A.xlsx, sheet instructions, B9: kind is empty...
    """
    files = [Path(p) for p in ([paths] if isinstance(paths, (str, os.PathLike)) else paths)]
    missing = [str(file) for file in files if not file.is_file()]
    if missing or not files:
        msg = f"coding sheet {missing[0]!r} does not exist." if missing else "paths is empty; name a filled workbook."
        raise with_chinese(FileNotFoundError(msg), f"编码表不存在:{missing[:1]}。")
    if isinstance(round, bool) or not isinstance(round, int) or round < 1:
        msg = f"round={round!r}; a whole number from 1 is expected."
        raise with_chinese(ValueError(msg), f"round={round!r} 应为 1 起的整数。")
    check_table(sample, "sample")
    check_table(sentences, "sentences")
    key, faults = _key(sample, sentences, codebook)
    coders: list[dict[str, Any]] = []
    rows: list[tuple[object, ...]] = []
    for file in files if not faults else []:
        who, coded, wrong = _read(file, key)
        faults += wrong
        coders.append({**who, "round": round, "file": file.name, "n_coded": len(coded)})
        rows += [(u, *key.units[u][:2], who.get("coder", ""), round, *rest) for u, *rest in coded]
    _raise([*faults, *_twins(coders)])
    for coder in coders:
        if left := len(sample) - coder["n_coded"]:
            said = f"{coder['file']}: {left} of {len(sample)} sentences have no move and count as not coded."
            warnings.warn(said, UserWarning, stacklevel=2)
    columns = [*FIELDS, "round", "file", "n_coded"]
    who_table = pd.DataFrame(coders, columns=columns).astype(dict.fromkeys([*FIELDS, "file"], "str"))
    return make_table("codes", rows), who_table.astype({"round": "int64", "n_coded": "int64"})


def _twins(coders: list[dict[str, Any]]) -> list[Fault]:
    """Find workbooks of one coder."""
    first: dict[str, str] = {}
    faults = []
    for coder in [c for c in coders if c.get("coder")]:
        name, file, other = coder["coder"], coder["file"], first.setdefault(coder["coder"], coder["file"])
        if other != file:
            english = f"{file} and {other} are both by coder {name!r} in round {coder['round']}; keep one, or name another coder"
            chinese = f"{file} 与 {other} 的编码员都是 {name!r}(第 {coder['round']} 轮);请只留一份或改代号"
            faults.append((english, chinese))
    return faults


def _key(sample: pd.DataFrame, sentences: pd.DataFrame, codebook: Codebook) -> tuple[_Key, list[Fault]]:
    """Make the key; a sentence that is not the drawn one any more is a fault."""
    texts = sample.merge(sentences[[*PLACE, "text"]], on=PLACE, how="left", validate="1:1")
    faults, units = [], {}
    for row in texts.itertuples(index=False):
        if pd.isna(row.text) or sentence_sha256(row.text) != row.sha256:
            said = "is not there" if pd.isna(row.text) else "is not the one that was drawn"
            faults.append(
                (
                    f"sentences: sentence {row.sentence_id} of {row.doc_id!r} (unit {row.unit_id}) {said}; pass the sentences that the sheet was made from",
                    f"sentences 中 {row.doc_id!r} 的第 {row.sentence_id} 句(单元 {row.unit_id})与抽样时不同;请传入抽样时的 sentences",
                )
            )
        else:
            units[row.unit_id] = (row.doc_id, row.sentence_id, shown(row.text))
    return _Key(units, _choices(theme_labels(codebook)), _choices(move_labels())), faults


def _choices(labels: dict[str, str]) -> dict[str, str]:
    """Take both what the list offers and the bare id."""
    return {**{identifier: identifier for identifier in labels}, **{shown(label): i for i, label in labels.items()}}


def _read(file: Path, key: _Key) -> tuple[dict[str, str], list[tuple[str, str, str, str]], list[Fault]]:
    """Read one workbook: who coded, the coded rows (unit, themes, move, note), what is wrong."""
    try:
        sheets = {name: _cells(rows) for name, rows in read_sheets(file.read_bytes()).items()}
    except Quarantined as error:
        told = f"{file.name} 无法作为工作簿读取:{error.detail_zh}"
        return {}, [], [(f"{file.name} cannot be read as a workbook: {error}", told)]
    lost = [name for name in ("instructions", "codes") if name not in sheets]
    if lost:
        return {}, [], [(f"{file.name} lacks the sheet {lost[0]!r}", f"{file.name} 缺少工作表 {lost[0]!r}")]
    who, faults = _who(sheets["instructions"], f"{file.name}, sheet instructions")
    coded, wrong = _rows(sheets["codes"], f"{file.name}, sheet codes", key)
    return who, coded, [*faults, *wrong]


def _cells(rows: list[list[Cell]]) -> Cells:
    return [[shown(cell_text(cell) or str(cell)) for cell in row] for row in rows]


def _who(cells: Cells, place: str) -> tuple[dict[str, str], list[Fault]]:
    found: dict[str, tuple[str, str]] = {}
    for row, values in enumerate(cells):
        field = values[0].split(" ")[0] if values and values[0] else ""
        if field in FIELDS and field not in found:
            found[field] = (values[1] if len(values) > 1 else "", xl_rowcol_to_cell(row, 1))
    faults = []
    for field in ("coder", "kind"):
        if not found.get(field, ("", ""))[0]:
            cell = f", {found[field][1]}" if field in found else ""
            faults.append(
                (
                    f"{place}{cell}: {field} is empty; say who coded, as every report on agreement has to",
                    f"{place}{cell}:{field} 未填;请写明编码员是谁",
                )
            )
    who = {field: found.get(field, ("", ""))[0] for field in FIELDS}
    kinds = {f"{kind} {chinese}": kind for kind, chinese in KINDS.items()}
    return {**who, "kind": kinds.get(who["kind"], who["kind"])}, faults


def _rows(cells: Cells, place: str, key: _Key) -> tuple[list[tuple[str, str, str, str]], list[Fault]]:
    header = [value.split(" ")[0] for value in cells[0]] if cells else []
    lacking = [column for column in ("unit_id", "sentence", "theme_1", "move") if column not in header]
    if lacking:
        return [], [(f"{place}, row 1: column {lacking[0]!r} is missing", f"{place},第 1 行:缺少列 {lacking[0]!r}")]
    coded: list[tuple[str, str, str, str]] = []
    faults: list[Fault] = []
    first: dict[str, str] = {}
    for row, values in enumerate(cells[1:], start=1):
        if not any(values):
            continue
        line = _Line(dict(zip(header, values, strict=False)), row, header, place)
        unit = line.values["unit_id"]
        if unit not in key.units:
            faults.append(line.fault("unit_id", f"unit {unit!r} is not in the sample", f"样本中没有单元 {unit!r}"))
        elif unit in first:
            faults.append(
                line.fault(
                    "unit_id", f"unit {unit} stands in {first[unit]} too", f"单元 {unit} 在 {first[unit]} 已出现"
                )
            )
        else:
            first[unit] = line.cell("unit_id")
            if line.values["sentence"] != key.units[unit][2]:
                said = f"the sentence of {unit} was edited; put back the text of the sheet as it was sent out"
                faults.append(line.fault("sentence", said, f"单元 {unit} 的句子被改动过;请恢复发出时的原文"))
            themes, move, wrong = _codes_of(line, key)
            faults += wrong
            if move and not wrong:
                coded.append((unit, ";".join(themes), move, line.values.get("note", "")))
    for unit in [u for u in key.units if u not in first]:
        faults.append(
            (
                f"{place}: unit {unit} is missing; leave its row there, empty if it is not coded",
                f"{place}:缺少单元 {unit};请保留该行,未编则留空",
            )
        )
    return coded, faults


class _Line(NamedTuple):
    """One row of the sheet, and where it stands."""

    values: dict[str, str]
    row: int
    header: list[str]
    place: str

    def cell(self, column: str) -> str:
        return xl_rowcol_to_cell(self.row, self.header.index(column))

    def fault(self, column: str, english: str, chinese: str) -> Fault:
        return f"{self.place}, {self.cell(column)}: {english}", f"{self.place},{self.cell(column)}:{chinese}"


def _codes_of(line: _Line, key: _Key) -> tuple[list[str], str, list[Fault]]:
    faults: list[Fault] = []
    given: dict[str, str] = {}
    for column in [c for c in line.header if c.startswith("theme_") and line.values.get(c)]:
        value = line.values[column]
        theme = key.themes.get(value)
        if theme is None:
            faults.append(line.fault(column, _unknown("theme", value, key.themes), f"未知的主题 {value!r};请从列表选"))
        elif theme in given:
            other = line.cell(given[theme])
            faults.append(line.fault(column, f"{theme} stands in {other} too", f"{theme} 在 {other} 已选"))
        else:
            given[theme] = column
    value = line.values["move"]
    move = key.moves.get(value, "")
    if value and not move:
        faults.append(line.fault("move", _unknown("move", value, key.moves), f"未知的功能 {value!r};请从列表选"))
    elif given and not move:
        faults.append(line.fault("move", "themes but no move; choose what the sentence does", "选了主题却没有选功能"))
    order = list(key.themes)
    return sorted(given, key=order.index), move, faults


def _unknown(what: str, value: str, known: dict[str, str]) -> str:
    near = difflib.get_close_matches(value.split(" ")[0], set(known.values()), n=1)
    hint = f" did you mean {near[0]}?" if near else " choose from the list."
    return f"unknown {what} {value[:40]!r};{hint}"


def _raise(faults: list[Fault]) -> None:
    if faults:
        more = len(faults) - _REPORTED
        english, chinese = ([fault[at] for fault in faults[:_REPORTED]] for at in (0, 1))
        if more > 0:
            english.append(f"and {more} more")
            chinese.append(f"另有 {more} 处")
        raise with_chinese(ValueError("coding sheets: " + "\n".join(english)), "编码表:" + "\n".join(chinese))
