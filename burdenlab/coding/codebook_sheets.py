"""A codebook in Excel, one row a term: its content, and the cell of everything in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from xlsxwriter.utility import xl_col_to_name

from burdenlab.coding.faults import MOST_TERMS, Fault, Place, Places, Read, shown
from burdenlab.coding.term_faults import CONDITIONS
from burdenlab.loaders.quarantine import Quarantined
from burdenlab.loaders.xlsx import Cell, cell_text, read_sheets
from burdenlab.messages import with_chinese

__all__ = ["ABOUT", "CROSSWALK", "GROUP", "LISTS", "SHEETS", "joined", "read_workbook", "words_of"]

GROUP = {"zh": "中文", "en": "英文", "definition_zh": "中文定义", "definition_en": "英文定义"}
# Sheet -> its Chinese name, the columns that it needs, and its columns with their Chinese names.
SHEETS: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
    "codebook": (
        "编码本",
        ("theme", "term"),
        {
            "theme": "主题", "group": "组", **GROUP, "kind": "类型", "term": "词条", "require": "同句须有",
            "near": "邻近", "unless": "同句不得有", "moves": "语步", "since": "起始年", "source": "来源",
        },
    ),
    "groups": ("组", ("group",), {"group": "组", **GROUP}),
    "contexts": ("语境", ("context", "words"), {"context": "语境", "words": "词语"}),
    "crosswalks": (
        "对照",
        ("crosswalk", "part", "themes"),
        {
            "crosswalk": "对照", "crosswalk_zh": "对照中文", "crosswalk_en": "对照英文", "source": "来源",
            "part": "部分", "zh": "中文", "en": "英文", "themes": "主题",
        },
    ),
    "about": ("说明", ("key", "value"), {"key": "项目", "value": "内容"}),
}  # fmt: skip
ABOUT = ("name", "version")
_THEME = {key: key for key in ("group", *GROUP, "source")}
CROSSWALK = {"crosswalk_zh": "zh", "crosswalk_en": "en", "source": "source"}
_KINDS = {"词": "term", "模式": "pattern", "排除": "exclude", "排除模式": "exclude_pattern"}
LISTS = {"term": "terms", "pattern": "patterns", "exclude": "exclude", "exclude_pattern": "exclude_patterns"}
_MOVES = {
    "表现": "problem", "危害": "harm", "成因": "cause", "做法": "measure", "成效": "result", "打算": "plan",
    "诉求": "appeal", "开场收尾": "frame",
}  # fmt: skip
_BETWEEN = "、;\uff1b\n"
_WORD = re.compile(rf'[ \t\u3000]*(?:"((?:[^"]|"")*)"\s*(?=[{_BETWEEN}]|$)|([^{_BETWEEN}]+))')
_At: TypeAlias = tuple[str, str, int]  # sheet, letter of the column, row


class _Row(NamedTuple):
    sheet: str
    number: int
    cells: Mapping[str, str]  # that are filled
    letters: Mapping[str, str]  # of the columns

    def at(self, key: str) -> _At:
        return self.sheet, self.letters[key], self.number


def read_workbook(data: bytes) -> Read:
    """Read the content of a codebook and where it stands.

    Raises
    ------
    ValueError
        If the bytes are no workbook, or one beyond the limits.
    """
    try:
        sheets = read_sheets(data, most_rows=MOST_TERMS + 1)
    except Quarantined as refused:
        raise with_chinese(ValueError(refused.detail.rstrip(".")), refused.detail_zh.rstrip("。")) from refused
    reader = _Reader(sheets)
    return Read(reader.content, reader.faults, reader.told_places)


class _Reader:
    """Collects content, faults and places, sheet by sheet."""

    def __init__(self, sheets: Mapping[str, list[list[Cell]]]) -> None:
        self.faults: list[Fault] = []
        self.places: dict[Place, _At] = {}
        self.number: dict[tuple[str, tuple[tuple[str, ...], ...]], int] = {}  # of each condition of a theme
        self.content: dict[str, Any] = {"groups": {}, "themes": {}}
        named = {name.strip().casefold(): name for name in sheets}
        rows: dict[str, list[_Row]] = {}
        for sheet, (chinese, _, _) in SHEETS.items():
            name = named.get(sheet, named.get(chinese, next(iter(sheets), None) if sheet == "codebook" else None))
            rows[sheet] = list(self._table(sheet, name, sheets[name])) if name is not None else []
        for row in rows["about"]:
            self._about(row)
        for row in rows["contexts"]:
            self._context(row)
        for row in rows["groups"]:
            self._merge("groups", row, "group", {key: key for key in GROUP})
        for row in rows["codebook"]:
            self._term(row)
        for row in rows["crosswalks"]:
            self._part(row)
        self._fill(has_groups=bool(rows["groups"]))

    def told_places(self) -> Places:
        return {
            place: (f"sheet {sheet}, {letter}{number}: ", f"工作表 {sheet} 的 {letter}{number}:")
            for place, (sheet, letter, number) in self.places.items()
        }

    def _fault(self, at: _At, en: str, zh: str) -> None:
        key = "!".join(map(str, at))
        self.places["", 0, key, ""] = at
        self.faults.append(Fault("", key, en, zh))

    def _table(self, sheet: str, name: str, rows: list[list[Cell]]) -> Iterator[_Row]:
        """Give the rows below the header with their filled cells."""
        _, needed, columns = SHEETS[sheet]
        by_chinese = {chinese: key for key, chinese in columns.items()}
        letters: dict[str, str] = {}
        keys: list[str] = []
        for number, cell in enumerate(rows[0] if rows else []):
            head = (cell_text(cell) or "").casefold()
            key = head if head in columns else by_chinese.get(head, "")
            at = (name, xl_col_to_name(number), 1)
            if head and not key:
                said = f"unknown column {shown(head)}; known are {', '.join(columns)}"
                self._fault(at, said, f"未知的列 {shown(head)};可用的有 {'、'.join(by_chinese)}")
            elif key in letters:
                self._fault(at, f"column {key!r} stands twice", f"列 {columns[key]!r} 重复")
            keys.append(key)
            if key:
                letters.setdefault(key, at[1])
        if missing := [key for key in needed if key not in letters]:
            said = f"the first row lacks the column(s) {', '.join(missing)}"
            self._fault((name, "A", 1), said, f"首行缺少列 {'、'.join(columns[key] for key in missing)}")
            return
        for number, row in enumerate(rows[1:], start=2):
            cells: dict[str, str] = {}
            for key, cell in zip(keys, row, strict=False):
                if cell == "" or not key:
                    continue
                text = cell_text(cell)
                if text is None:
                    said = f"the cell holds {cell!s}, which Excel took for a date or a truth value; format it as text"
                    chinese = f"单元格的值 {cell!s} 被 Excel 当作日期或逻辑值;请设为文本格式"
                    self._fault((name, letters[key], number), said, chinese)
                elif text:
                    cells[key] = text
            if cells:
                yield _Row(name, number, cells, letters)

    def _merge(self, table: str, row: _Row, key: str, fields: Mapping[str, str]) -> dict[str, Any] | None:
        """Give the entry that a row belongs to, after taking what the row says of the entry as a whole."""
        if not (name := row.cells.get(key, "")):
            self._fault(row.at(key), f"the row has no {key}; write it in every row", f"该行没有 {key};请在每一行写明")
            return None
        entry: dict[str, Any] = self.content.setdefault(table, {}).setdefault(name, {})
        where = f"{table}.{name}"
        self.places.setdefault((where, 0, "", ""), row.at(key))
        for column, field in fields.items():
            if text := row.cells.get(column, ""):
                before = self.places.setdefault((where, 0, field, ""), row.at(column))
                if entry.setdefault(field, text) != text:
                    cell, now, then = f"{before[1]}{before[2]}", shown(text), shown(entry[field])
                    said = f"{column} of {name!r} is {now} here and {then} in {cell}; give it once"
                    self._fault(row.at(column), said, f"{name!r} 的 {column} 此处为 {now},{cell} 为 {then};请统一")
        return entry

    def _about(self, row: _Row) -> None:
        key = row.cells.get("key", "")
        self.places["", 0, key, ""] = row.at("key")
        if key not in ABOUT or key in self.content:
            said = f"the key {shown(key)} is none of {', '.join(ABOUT)}, or stands twice"
            self._fault(row.at("key"), said, f"项目 {shown(key)} 不是 {'、'.join(ABOUT)} 之一,或重复")
        else:
            self.content[key] = row.cells.get("value", "")

    def _context(self, row: _Row) -> None:
        contexts = self.content.setdefault("contexts", {})
        name, words = row.cells.get("context", ""), words_of(row.cells.get("words", ""))
        if name in contexts:
            self._fault(row.at("context"), f"the context {shown(name)} stands twice", f"语境 {shown(name)} 重复")
        contexts[name] = words
        self.places["contexts", 0, name, ""] = row.at("context")
        self.places |= {("contexts", 0, name, word): row.at("words") for word in words}

    def _term(self, row: _Row) -> None:
        theme = self._merge("themes", row, "theme", _THEME)
        cells, kind = row.cells, row.cells.get("kind", "term").casefold()
        kind = _KINDS.get(kind, kind)
        if theme is None or not (term := cells.get("term", "")):
            if theme is not None and (spare := [key for key in (*CONDITIONS, "since") if key in cells]):
                self._fault(row.at(spare[0]), f"the row has {spare[0]} but no term", f"该行有 {spare[0]} 而没有词条")
            return
        if kind not in LISTS:
            said = f"the kind {shown(kind)} is none of {', '.join(LISTS)}"
            self._fault(row.at("kind"), said, f"类型 {shown(kind)} 不是 {'、'.join(_KINDS)} 之一")
            return
        table, nth, part = f"themes.{cells['theme']}", 0, theme
        conditions = {key: words for key in CONDITIONS if (words := words_of(cells.get(key, "")))}
        if kind.startswith("exclude") and (spare := [*conditions, *(["since"] if "since" in cells else [])]):
            said = f"an exclusion holds always; empty the cell of {spare[0]}"
            self._fault(row.at(spare[0]), said, f"排除词始终有效;请清空 {spare[0]} 单元格")
            return
        if "since" in cells:
            year = int(cells["since"]) if re.fullmatch("[0-9]{4}", cells["since"]) else cells["since"]
            if theme.setdefault("since", {}).setdefault(term, year) != year:
                said = f"{shown(term)} has another year above; give it once"
                self._fault(row.at("since"), said, f"{shown(term)} 在上文另有年份;请统一")
            self.places[table, 0, "since", term] = row.at("since")
        if conditions:
            conditions["moves"] = [_MOVES.get(move, move) for move in conditions.get("moves", ())]
            condition = (table, tuple(tuple(conditions.get(key, ())) for key in CONDITIONS))
            when = theme.setdefault("when", [])
            if condition not in self.number:
                self.number[condition] = len(when)
                when.append(conditions)
            table, nth = f"{table}.when", self.number[condition]
            part = when[nth]
            self.places.setdefault((table, nth, "", ""), row.at("term"))
            for key, words in conditions.items():
                for word in words:
                    self.places.setdefault((table, nth, key, word), row.at(key))
        part.setdefault(LISTS[kind], []).append(term)
        self.places[table, nth, LISTS[kind], term] = row.at("term")

    def _part(self, row: _Row) -> None:
        crosswalk = self._merge("crosswalks", row, "crosswalk", CROSSWALK)
        part = row.cells.get("part", "")
        if crosswalk is None or not part:
            return
        where = f"crosswalks.{row.cells['crosswalk']}.parts.{part}"
        parts = crosswalk.setdefault("parts", {})
        if part in parts:
            self._fault(row.at("part"), f"the part {shown(part)} stands twice", f"部分 {shown(part)} 重复")
        themes = words_of(row.cells.get("themes", ""))
        parts[part] = {**{key: row.cells.get(key, part) for key in ("zh", "en")}, "themes": themes}
        self.places[where, 0, "", ""] = row.at("part")
        self.places |= {(where, 0, "themes", theme): row.at("themes") for theme in themes}

    def _fill(self, *, has_groups: bool) -> None:
        """Label by its id what has no label; make the groups where no sheet tells them."""
        groups, themes = self.content["groups"], self.content["themes"]
        for name, theme in themes.items():
            if "source" in theme:
                theme["source"] = [line.strip() for line in theme["source"].split("\n") if line.strip()]
            if not has_groups:
                group = theme.setdefault("group", "themes")
                groups.setdefault(group, {"zh": "主题", "en": "Themes"} if group == "themes" else {})
                self.places.setdefault((f"groups.{group}", 0, "", ""), self.places[f"themes.{name}", 0, "", ""])
        for entries in (groups, themes, self.content.get("crosswalks", {})):
            for name, entry in entries.items():
                entry.update({key: entry.get(key, name) for key in ("zh", "en")})


def words_of(text: str) -> list[str]:
    """Give the words of a cell, which 、 or ; or a line end separates; one that holds such a mark stands in quotes.

    Examples
    --------
    >>> words_of(joined(["基层", "乡镇、"])), words_of('基层、"乡镇、"; 街道')
    (['基层', '乡镇、'], ['基层', '乡镇、', '街道'])
    """
    found = ((quoted.replace('""', '"') if quoted else plain).strip() for quoted, plain in _WORD.findall(text))
    return [word for word in found if word]


def joined(words: Sequence[str]) -> str:
    """Write words into a cell, for ``words_of``."""
    odd = re.compile(f'["{_BETWEEN}]')
    return "、".join('"' + word.replace('"', '""') + '"' if odd.search(word) else word for word in words)
