"""Filled coding sheets into codes, every fault named by its cell."""

from __future__ import annotations

import difflib
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell

from burdenlab.coding.codebook import Codebook
from burdenlab.coding.codes import PLACE
from burdenlab.coding.faults import Fault, faults_error
from burdenlab.coding.sampling import changed_units
from burdenlab.coding.workbooks import FIELDS, KINDS, move_labels, shown, theme_labels
from burdenlab.loaders.quarantine import Quarantined
from burdenlab.loaders.xlsx import cell_text, read_sheets
from burdenlab.messages import check_option, with_chinese
from burdenlab.tables import check_table, make_table

__all__ = ["read_coding_sheets"]

_REPORTED = 20  # faults that an error lists
_Cells: TypeAlias = list[list[str]]
_Coded: TypeAlias = tuple[str, str, str, str]  # unit, themes, move, note


class _Key(NamedTuple):
    """What a sheet is held against, and what was found to be wrong."""

    units: dict[str, tuple[str, int, str]]  # unit -> document, sentence, its cell
    themes: dict[str, str]  # what a cell may hold -> theme
    moves: dict[str, str]
    faults: list[Fault]

    def wrong(self, place: str, english: str, chinese: str, cell: str = "") -> None:
        """Note a fault and where it is."""
        where, wo = (f", {cell}", f",{cell}") if cell else ("", "")
        self.faults.append(Fault("", "", f"{place}{where}: {english}", f"{place}{wo}:{chinese}"))


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
    sample, sentences : DataFrame
        Table ``sample`` that ``coding_sheet`` returned, or ``read_sample`` of its key; table ``sentences`` that the
        sheet was made from.
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
    is_number = isinstance(round, int) and not isinstance(round, bool) and round > 0
    check_option("round", round, is_number, "a whole number from 1", " 1 起的整数")
    check_table(sample, "sample")
    check_table(sentences, "sentences")
    key = _key(sample, sentences, codebook)
    coders: list[dict[str, Any]] = []
    rows: list[tuple[object, ...]] = []
    for file in files if not key.faults else []:
        who, coded = _read(file, key)
        twin = next((c["file"] for c in coders if c.get("coder") and c["coder"] == who.get("coder")), None)
        if twin:
            said = f"are both by coder {who['coder']!r} in round {round}; keep one, or name another coder"
            chinese = f"的编码员都是 {who['coder']!r}(第 {round} 轮);请只留一份或改代号"
            key.faults.append(Fault("", "", f"{file.name} and {twin} {said}", f"{file.name} 与 {twin} {chinese}"))
        coders.append({**who, "round": round, "file": file.name, "n_coded": len(coded)})
        rows += [(u, *key.units[u][:2], who.get("coder", ""), round, *rest) for u, *rest in coded]
    if key.faults:
        raise faults_error(("coding sheets", "编码表"), key.faults, {}, most=_REPORTED)
    for coder in coders:
        if left := len(sample) - coder["n_coded"]:
            said = f"{coder['file']}: {left} of {len(sample)} sentences have no move and count as not coded."
            warnings.warn(said, UserWarning, stacklevel=2)
    columns = [*FIELDS, "round", "file", "n_coded"]
    who_table = pd.DataFrame(coders, columns=columns).astype(dict.fromkeys([*FIELDS, "file"], "str"))
    return make_table("codes", rows), who_table.astype({"round": "int64", "n_coded": "int64"})


def _key(sample: pd.DataFrame, sentences: pd.DataFrame, codebook: Codebook) -> _Key:
    """Make the key; a sentence that is not the drawn one any more is a fault."""
    # A cell may hold what the list offers and the bare id.
    themes, moves = (
        {**dict(zip(labels, labels, strict=True)), **{shown(label): i for i, label in labels.items()}}
        for labels in (theme_labels(codebook), move_labels())
    )
    key = _Key({}, themes, moves, [])
    for row in changed_units(sample, sentences).itertuples(index=False):
        said = "is not there" if pd.isna(row.text) else "is not the one that was drawn"
        english = f"sentence {row.sentence_id} of {row.doc_id!r} (unit {row.unit_id}) {said}; pass the sentences that the sheet was made from"
        chinese = f"{row.doc_id!r} 的第 {row.sentence_id} 句(单元 {row.unit_id})与抽样时不同;请传入抽样时的 sentences"
        key.wrong("sentences", english, chinese)
    texts = sample[["unit_id", *PLACE]].merge(sentences[[*PLACE, "text"]], on=PLACE, validate="1:1")
    for unit_id, doc_id, sentence_id, text in texts.itertuples(index=False):
        key.units[unit_id] = (doc_id, sentence_id, shown(text))
    return key


def _read(file: Path, key: _Key) -> tuple[dict[str, str], list[_Coded]]:
    """Read one workbook: who coded, and the coded rows."""
    try:
        sheets = read_sheets(file.read_bytes())
    except Quarantined as error:
        chinese = f"{file.name} 无法作为工作簿读取:{error.detail_zh}"
        key.faults.append(Fault("", "", f"{file.name} cannot be read as a workbook: {error}", chinese))
        return {}, []
    for name in ("instructions", "codes"):
        if name not in sheets:
            key.faults.append(
                Fault("", "", f"{file.name} lacks the sheet {name!r}", f"{file.name} 缺少工作表 {name!r}")
            )
            return {}, []
    info, codes = (
        [[shown(cell_text(cell) or str(cell)) for cell in row] for row in sheets[name]]
        for name in ("instructions", "codes")
    )
    return _who(info, f"{file.name}, sheet instructions", key), _rows(codes, f"{file.name}, sheet codes", key)


def _who(cells: _Cells, place: str, key: _Key) -> dict[str, str]:
    found: dict[str, tuple[str, str]] = {}
    for row, values in enumerate(cells):
        field = values[0].split(" ")[0] if values and values[0] else ""
        if field in FIELDS and field not in found:
            found[field] = (values[1] if len(values) > 1 else "", xl_rowcol_to_cell(row, 1))
    for field in ("coder", "kind"):
        value, cell = found.get(field, ("", ""))
        if not value:
            said = f"{field} is empty; say who coded, as every report on agreement has to"
            key.wrong(place, said, f"{field} 未填;请写明编码员是谁", cell)
    who = {field: found.get(field, ("", ""))[0] for field in FIELDS}
    kinds = {f"{kind} {chinese}": kind for kind, chinese in KINDS.items()}
    return {**who, "kind": kinds.get(who["kind"], who["kind"])}


def _rows(cells: _Cells, place: str, key: _Key) -> list[_Coded]:
    header = [value.split(" ")[0] for value in cells[0]] if cells else []
    if lacking := [column for column in ("unit_id", "sentence", "theme_1", "move") if column not in header]:
        english, chinese = f"column {lacking[0]!r} is missing", f"缺少列 {lacking[0]!r}"
        key.faults.append(Fault("", "", f"{place}, row 1: {english}", f"{place},第 1 行:{chinese}"))
        return []
    coded: list[_Coded] = []
    first: dict[str, str] = {}
    for row, listed in enumerate(cells[1:], start=1):
        if not any(listed):
            continue
        values = dict(zip(header, listed, strict=False))
        at = {column: xl_rowcol_to_cell(row, header.index(column)) for column in header}
        unit = values["unit_id"]
        if unit not in key.units:
            key.wrong(place, f"unit {unit!r} is not in the sample", f"样本中没有单元 {unit!r}", at["unit_id"])
        elif unit in first:
            english, chinese = f"unit {unit} stands in {first[unit]} too", f"单元 {unit} 在 {first[unit]} 已出现"
            key.wrong(place, english, chinese, at["unit_id"])
        else:
            first[unit] = at["unit_id"]
            if values["sentence"] != key.units[unit][2]:
                said = f"the sentence of {unit} was edited; put back the text of the sheet as it was sent out"
                key.wrong(place, said, f"单元 {unit} 的句子被改动过;请恢复发出时的原文", at["sentence"])
            n_faults = len(key.faults)
            themes, move = _codes_of(values, at, place, key)
            if move and len(key.faults) == n_faults:
                coded.append((unit, ";".join(themes), move, values.get("note", "")))
    for unit in [u for u in key.units if u not in first]:
        said = f"unit {unit} is missing; leave its row there, empty if it is not coded"
        key.wrong(place, said, f"缺少单元 {unit};请保留该行,未编则留空")
    return coded


def _codes_of(values: dict[str, str], at: dict[str, str], place: str, key: _Key) -> tuple[list[str], str]:
    """Give the themes and the move of a row; `at` names the cell of each column."""
    given: dict[str, str] = {}
    for column in [c for c in at if c.startswith("theme_") and values.get(c)]:
        value = values[column]
        theme = key.themes.get(value)
        if theme is None:
            key.wrong(place, _unknown("theme", value, key.themes), f"未知的主题 {value!r};请从列表选", at[column])
        elif theme in given:
            other = given[theme]
            key.wrong(place, f"{theme} stands in {other} too", f"{theme} 在 {other} 已选", at[column])
        else:
            given[theme] = at[column]
    value = values["move"]
    move = key.moves.get(value, "")
    if value and not move:
        key.wrong(place, _unknown("move", value, key.moves), f"未知的功能 {value!r};请从列表选", at["move"])
    elif given and not move:
        said = "themes but no move; choose what the sentence does"
        key.wrong(place, said, "选了主题却没有选功能", at["move"])
    order = list(key.themes)
    return sorted(given, key=order.index), move


def _unknown(what: str, value: str, known: dict[str, str]) -> str:
    near = difflib.get_close_matches(value.split(" ")[0], set(known.values()), n=1)
    hint = f" did you mean {near[0]}?" if near else " choose from the list."
    return f"unknown {what} {value[:40]!r};{hint}"
