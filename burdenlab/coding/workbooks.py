"""The Excel file in which a person codes sentences: its sheets, its columns, its lists to choose from."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pandas as pd
import xlsxwriter

from burdenlab.coding.codebook import Codebook
from burdenlab.messages import Language
from burdenlab.tables import MOVES

__all__ = ["COLUMNS", "FIELDS", "KINDS", "N_THEMES", "move_labels", "shown", "theme_labels", "write_workbook"]

N_THEMES = 5  # columns for themes; no sentence of the coded ones had more
_LONGEST = 32_000  # Excel takes 32,767 characters a cell

# Column of the sheet "codes" -> (Chinese, English, width). Headers are read by their first word.
COLUMNS = {
    "unit_id": ("编号", "unit", 9),
    "heading": ("所在标题", "heading", 18),
    "before": ("上文", "before", 30),
    "sentence": ("句子", "sentence", 60),
    "after": ("下文", "after", 18),
    "theme": ("主题", "theme", 24),
    "move": ("功能", "move", 20),
    "note": ("备注", "note", 20),
}
# Field of the sheet "instructions" -> (Chinese, English).
FIELDS = {
    "coder": ("编码员代号", "name or code of the coder"),
    "kind": ("编码员是谁(从列表选或自己写)", "what the coder is (choose or write)"),
    "background": ("专业背景、与本研究的关系", "background, and relation to the study"),
    "trained": ("受过哪些训练、练习过多少句", "training, and sentences practised on"),
    "date": ("编码日期", "date of coding"),
}
KINDS = {"person": "人", "language model": "语言模型", "other": "其他"}
# Move -> (Chinese, English, what the sentence does in both).
_MOVES = {
    "problem": ("表现", "Problem", "说哪里不对:问题、违规行为", "says what is or was wrong"),
    "harm": ("危害", "Harm", "说由此带来什么后果", "says what follows from it"),
    "cause": ("成因", "Cause", "说为什么会这样", "says why"),
    "measure": ("做法", "Measure", "说做了什么、正在做什么、现行的办法", "says what was or is being done"),
    "result": ("成效", "Result", "说做出了什么结果", "says what was achieved"),
    "plan": ("打算", "Plan", "说今后要做什么,包括对下的要求", "says what shall be done, orders included"),
    "appeal": ("诉求", "Appeal", "向上或向外请求、建议", "asks or suggests, without the power to order"),
    "frame": ("开场收尾", "Frame", "称呼、范围、背景、原则、感谢等", "greeting, scope, background, principle, thanks"),
}
_GUIDE = {
    "zh": (
        "编码表:请先填好本页的编码员信息,再到 codes 页逐句编码。",
        "各自独立编码:不讨论,不看别人的表,也不猜句子从哪里来。",
        "编码单位是“句子”一列的那一句;标题、上文、下文只帮助理解。",
        "主题:这句话说到了什么,最多五个,从列表选,每格一个;没有主题就都留空。顺带提到的不算。",
        "功能:这句话在做什么,每句必选一个;功能留空表示这一句还没有编。",
        "主题与功能的含义见 codebook、moves 两页;拿不准的写进备注。请不要改动句子,也不要增删行。",
    ),
    "en": (
        "Coding sheet: fill in who you are on this sheet, then code sentence by sentence on the sheet codes.",
        "Code on your own: do not discuss, do not look at another sheet, do not guess where a sentence comes from.",
        "The unit is the sentence in the column sentence; heading, before and after only help to understand it.",
        "Themes: what the sentence is about, up to five, one a cell, from the list; none: leave all empty. A mere mention does not count.",
        "Move: what the sentence does, one for every sentence; an empty move means that the sentence is not coded yet.",
        "The sheets codebook and moves say what each means; put doubts into the note. Leave the sentences and the rows as they are.",
    ),
}
_FINAL = {
    "zh": "定稿表:codes_ 各列是编码员的编码。有分歧的句子在前,请逐句选定主题和功能;一致的已经填好。",
    "en": "Final codes: the columns codes_ show what the coders gave. Sentences on which they differ come first: choose themes and move; the others are filled in.",
}


def theme_labels(codebook: Codebook) -> dict[str, str]:
    """Give each theme as the lists show it: id, then both languages."""
    return {theme.id: f"{theme.id} {theme.zh}/{theme.en}" for theme in codebook.entries}


def move_labels() -> dict[str, str]:
    """Give each move as the lists show it."""
    return {move: f"{move} {_MOVES[move][0]}/{_MOVES[move][1]}" for move in MOVES}


def shown(text: str) -> str:
    """Give a sentence as a cell holds it: white space as single spaces, no character that XML lacks, not too long."""
    text = re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text[:_LONGEST])
    return " ".join(text.split())


def write_workbook(
    path: Path, rows: pd.DataFrame, *, coder: str, codebook: Codebook, lang: Language, is_final: bool = False
) -> None:
    """Write the workbook of one coder; all cells are text, equal rows give equal bytes.

    Of `rows` each is a unit: unit_id, heading, before, sentence, after, any ``codes_…`` to show, theme_1 …, move, note.
    `lang` is that of instructions and headers; with `is_final` the instructions are those of adjudication.
    """
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)})
        _instructions(book, coder, codebook, lang, is_final)
        _codes(book, rows, lang, len(codebook.themes))
        at = 0 if lang == "zh" else 1
        themes = [
            (label, group[lang], (theme.definition_zh, theme.definition_en)[at])
            for theme, label in zip(codebook.entries, theme_labels(codebook).values(), strict=True)
            for group in [codebook.groups[theme.group]]
        ]
        _list(book, "codebook", [("theme", "group", "definition"), *themes], (34, 16, 110))
        moves = [(label, _MOVES[move][2 + at]) for move, label in move_labels().items()]
        _list(book, "moves", [("move", "definition"), *moves], (26, 60))


def _instructions(book: xlsxwriter.Workbook, coder: str, codebook: Codebook, lang: Language, is_final: bool) -> None:
    sheet = book.add_worksheet("instructions")
    wrap, bold = book.add_format({"text_wrap": True, "valign": "top"}), book.add_format({"bold": True})
    box = book.add_format({"bg_color": "#FFF2CC", "border": 1, "text_wrap": True})
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 70)
    guide = (_FINAL[lang], *_GUIDE[lang][2:]) if is_final else _GUIDE[lang]
    for row, line in enumerate(guide):
        sheet.merge_range(row, 0, row, 1, "", wrap)
        sheet.write_string(row, 0, line, bold if row == 0 else wrap)
        sheet.set_row(row, 32)
    first = len(guide) + 1
    for row, (field, labels) in enumerate(FIELDS.items(), start=first):
        sheet.write_string(row, 0, f"{field} {labels[lang == 'en']}")
        sheet.write_string(row, 1, coder if field == "coder" else "", box)
        if field == "kind":
            kinds = [f"{kind} {chinese}" for kind, chinese in KINDS.items()]
            sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": kinds, "error_type": "information"})
    sheet.write_string(first + len(FIELDS) + 1, 0, f"{codebook.name} {codebook.version}")
    sheet.write_string(first + len(FIELDS) + 1, 1, codebook.sha256)


def _codes(book: xlsxwriter.Workbook, rows: pd.DataFrame, lang: Language, n_themes: int) -> None:
    sheet = book.add_worksheet("codes")
    common = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9D9D9"}
    context = book.add_format({**common, "font_color": "#777777"})
    marked = book.add_format({**common, "bold": True})
    free = book.add_format({**common, "locked": False})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)  # on paper: all columns of a row on one page
    # Without a password: it keeps a slip from changing a sentence, not a person from working.
    sheet.protect("", {"format_columns": True, "format_rows": True, "format_cells": True})
    for at, column in enumerate(rows.columns):
        kind = "theme" if column.startswith("theme_") else column
        chinese, english, width = COLUMNS.get(kind, ("", "", 30))
        is_code = kind in ("theme", "move", "note")
        style = free if is_code else marked if kind == "sentence" else context
        label = {"zh": chinese, "en": english}[lang]
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, column if kind == label else f"{column} {label}".strip(), head)
        for row, value in enumerate(rows[column], start=1):
            if value:
                sheet.write_string(row, at, shown(value), style)
            else:
                sheet.write_blank(row, at, None, style)
        if kind in ("theme", "move") and len(rows):
            source = f"=codebook!$A$2:$A${n_themes + 1}" if kind == "theme" else f"=moves!$A$2:$A${len(MOVES) + 1}"
            sheet.data_validation(1, at, len(rows), at, {"validate": "list", "source": source})


def _list(book: xlsxwriter.Workbook, name: str, rows: list[tuple[str, ...]], widths: tuple[int, ...]) -> None:
    sheet = book.add_worksheet(name)
    head, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 0)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width, wrap)
    for row, values in enumerate(rows):
        for at, value in enumerate(values):
            sheet.write_string(row, at, value, wrap if row else head)
