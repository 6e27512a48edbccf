"""One look for all figures: a Chinese font that is always there, colours, widths, labels."""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager

from burdenlab.messages import Language, check_language, with_chinese

__all__ = [
    "GROUP_COLOURS",
    "MOVE_LABELS",
    "WIDTHS",
    "add_note",
    "finish",
    "font_path",
    "joined",
    "new_axes",
    "rc",
    "source_note",
    "unit_label",
    "value_label",
    "variable_label",
]

# Okabe & Ito's palette, told apart with every common colour blindness: vermilion, blue, green, grey.
GROUP_COLOURS = {"cart": "#D55E00", "horse": "#0072B2", "road": "#009E73", "discourse": "#707070"}
SERIES_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#707070", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
WIDTHS = {"single": 8.3, "middle": 12.0, "double": 17.6}  # cm; usual column widths of journals
MOVE_LABELS = {
    "problem": ("表现", "Problem"),
    "harm": ("危害", "Harm"),
    "cause": ("成因", "Cause"),
    "measure": ("做法", "Measure"),
    "result": ("成效", "Result"),
    "plan": ("打算", "Plan"),
    "appeal": ("诉求", "Appeal"),
    "frame": ("开场收尾", "Frame"),
}
VARIABLE_LABELS = {
    "doc_id": ("文件", "Document"),
    "level": ("层级", "Level"),
    "year": ("年份", "Year"),
    "decade": ("年代", "Decade"),
    "period": ("时期", "Period"),
    "region": ("地区", "Region"),
    "genre": ("体裁", "Genre"),
    "provenance": ("来源", "Provenance"),
    "move": ("语步", "Move"),
    "section_move": ("章节语步", "Section move"),
}
LEVEL_LABELS = {
    "central": ("中央", "Central"),
    "province": ("省级", "Province"),
    "prefecture": ("地市级", "Prefecture"),
    "city": ("市级", "City"),
    "county": ("县级", "County"),
    "township": ("乡镇", "Township"),
    "village": ("村级", "Village"),
}
# What metadata_template suggests, and what the demo has; a user's own genres keep their names.
GENRE_LABELS = {
    "政府工作报告": ("政府工作报告", "Government work report"),
    "工作总结": ("工作总结", "Review of work"),
    "汇报发言": ("汇报发言", "Speech of account"),
    "实施方案": ("实施方案", "Plan of action"),
    "调研报告": ("调研报告", "Field report"),
    "自查报告": ("自查报告", "Self-inspection"),
    "通报": ("通报", "Notice of cases"),
    "汇报": ("汇报", "Account"),
    "讲话": ("讲话", "Speech"),
    "总结": ("总结", "Review"),
    "报告": ("报告", "Report"),
    "通知": ("通知", "Circular"),
    "意见": ("意见", "Opinions"),
    "方案": ("方案", "Plan"),
    "规划": ("规划", "Programme"),
    "规定": ("规定", "Provisions"),
    "办法": ("办法", "Measures"),
    "条例": ("条例", "Regulations"),
    "决定": ("决定", "Decision"),
    "决议": ("决议", "Resolution"),
    "批复": ("批复", "Reply"),
}
_LONGEST_LABEL = 14
PROVENANCE_LABELS = {
    "composed": ("自编演示文本（非真实报告）", "composed for this project (not real reports)"),
    "official": ("官方", "official"),
    "media": ("媒体", "media"),
    "academic": ("学术", "academic"),
    "template_site": ("范文网站", "template site"),
    "unknown": ("来源不明", "unknown"),
}


@cache
def font_path() -> Path:
    """Find the Chinese font: the file that BURDENLAB_FONT names, else the one that an installed package carries.

    Raises
    ------
    FileNotFoundError
        If there is none; the message says how to mend it.
    """
    named = os.environ.get("BURDENLAB_FONT")
    if named:
        path = Path(named)
    else:
        # The package is only a carrier of Noto Sans SC: importing it would change matplotlib's settings.
        spec = importlib.util.find_spec("zhplot")
        folder = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else Path()
        path = folder / "fonts" / "NotoSansSC-Regular.ttf"
    if not path.is_file():
        raise with_chinese(
            FileNotFoundError(
                f"no Chinese font at {path}; install the package zhplot==1.0.0, or let BURDENLAB_FONT name a TrueType file."
            ),
            f"找不到中文字体 {path};请安装 zhplot==1.0.0,或用环境变量 BURDENLAB_FONT 指定 TrueType 字体文件。",
        )
    return path


@cache
def font_names() -> tuple[str, ...]:
    """Register the Chinese font with matplotlib and give the families to use, in order."""
    fontManager.addfont(str(font_path()))
    return (FontProperties(fname=str(font_path())).get_name(), "DejaVu Sans")


def rc() -> Any:
    """Give matplotlib's settings for our figures, for use with ``matplotlib.rc_context``; nothing global changes."""
    return {
        "font.family": list(font_names()),
        "font.size": 8,
        "axes.titlesize": 9,
        "axes.titleweight": "normal",
        "axes.labelsize": 8,
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "grid.color": "#DDDDDD",
        "grid.linewidth": 0.5,
        "legend.frameon": True,
        "legend.edgecolor": "none",
        "legend.framealpha": 0.9,
        "legend.fontsize": 7,
        "xtick.labelsize": 7,
        "ytick.labelsize": 7,
        "lines.linewidth": 1.0,
        "text.parse_math": False,  # a $ in a report is a $
        "pdf.fonttype": 42,
        "ps.fonttype": 3,
        "svg.fonttype": "path",
        "svg.hashsalt": "burdenlab",
        "savefig.dpi": 300,
        "figure.dpi": 120,
    }


def new_axes(*, width: str | float = "double", height: float) -> Axes:
    """Make a figure of its own (no pyplot, no global state) with one Axes; sizes in cm.

    Parameters
    ----------
    width : {"single", "middle", "double"} or float
        8.3, 12 or 17.6 cm, or centimetres.
    height : float
        Centimetres.
    """
    if isinstance(width, str):
        if width not in WIDTHS:
            msg = f"width={width!r}; one of {list(WIDTHS)} or centimetres are expected."
            raise ValueError(msg)
        width = WIDTHS[width]
    with mpl.rc_context(rc()):
        figure = Figure(figsize=(width / 2.54, height / 2.54), layout="constrained")
        return figure.add_subplot()


def add_note(ax: Axes, note: str) -> None:
    """Write a small note below the figure: what it was counted on."""
    if note:
        ax.figure.supxlabel(note, x=0.01, ha="left", fontsize=6, color="#444444", wrap=True)


def joined(parts: Iterable[str], lang: Language) -> str:
    """Join what a note says, leaving out what is empty.

    Examples
    --------
    >>> joined(["white: no text", "", "2 documents"], "en")
    'white: no text; 2 documents'
    """
    return ("；", "; ")[lang == "en"].join(part for part in parts if part)


def finish(ax: Axes, note: str, *, bare: Literal["y", "both", ""] = "y") -> None:
    """Give tick labels the Chinese font and the `bare` axes no tick marks, and write the note."""
    ax.tick_params(labelfontfamily=list(font_names()))
    if bare:
        ax.tick_params(axis=bare, length=0)
    add_note(ax, note)


def unit_label(estimates: pd.DataFrame, lang: Language) -> str:
    """Give the axis label of a table of rates, from its columns ``unit`` and ``per``."""
    check_language(lang)
    unit, per = estimates["unit"].iloc[0], estimates["per"].iloc[0]
    number = f"{per:,.0f}" if float(per).is_integer() else f"{per:g}"
    if unit == "han":
        return f"每 {number} 汉字次数" if lang == "zh" else f"Matches per {number} Han characters"
    if per == 1:
        return "句子占比" if lang == "zh" else "Share of sentences"
    return f"每 {number} 句中的命中句数" if lang == "zh" else f"Sentences with a match per {number}"


def variable_label(variable: str, lang: Language) -> str:
    """Give the label of a document variable; the user's own variables keep their names."""
    return VARIABLE_LABELS.get(variable, (variable, variable))[lang == "en"]


def value_label(variable: str, value: object, lang: Language) -> str:
    """Give the label of a value, shortened in its middle where it would push the figure aside; the CSV has it whole."""
    known = {"level": LEVEL_LABELS, "genre": GENRE_LABELS, "provenance": PROVENANCE_LABELS}.get(variable, {})
    if str(value) in known:
        return known[str(value)][lang == "en"]
    label = str(value)
    if variable == "doc_id" and len(label) > _LONGEST_LABEL:
        label = re.sub(r"\.\w{1,5}$", "", label)
    # Names of files differ at their ends as often as at their beginnings.
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 6]}…{label[-5:]}"


def source_note(documents: pd.DataFrame, *, lang: Language, level: float | None = None) -> str:
    """Say how many documents of what provenance a figure or table stands on, and the level of its intervals.

    Parameters
    ----------
    documents : DataFrame
    lang : {"zh", "en"}
    level : float, optional
        That the intervals were made with; left out where there are none.

    Examples
    --------
    >>> source_note(pd.DataFrame({"provenance": ["composed"] * 2}), lang="en", level=0.95)
    '2 documents; provenance: composed for this project (not real reports); intervals: 95 %'
    """
    check_language(lang)
    zh = lang == "zh"
    said = f"{len(documents)} 份文件" if zh else f"{len(documents)} document{'s' * (len(documents) != 1)}"
    per_cent = "" if level is None else f"{100 * level:.4g}"
    intervals = per_cent and (f"区间：{per_cent}%" if zh else f"intervals: {per_cent} %")
    if "provenance" not in documents or documents["provenance"].isna().all():
        return joined([said, intervals], lang)
    counts = documents["provenance"].fillna("unknown").value_counts()
    kinds = [(PROVENANCE_LABELS.get(kind, (kind, kind))[not zh], count) for kind, count in sorted(counts.items())]
    named = [label if len(kinds) == 1 else f"{label} {count}" for label, count in kinds]
    source = f"来源：{'、'.join(named)}" if zh else f"provenance: {', '.join(named)}"
    return joined([said, source, intervals], lang)
