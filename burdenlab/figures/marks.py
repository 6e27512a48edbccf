"""What several figures draw: an estimate with its interval, rates as a heat map, keys and legends, the mark of what is experimental."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from burdenlab.coding.codebook import Codebook
from burdenlab.figures.style import GROUP_COLOURS, SERIES_COLOURS, finish, font_names
from burdenlab.messages import Language

__all__ = [
    "call_experimental",
    "draw_estimate",
    "draw_heat_map",
    "fit_x_labels",
    "group_keys",
    "key",
    "put_legend",
    "remarks",
    "remarks_on",
    "with_n",
]

# What a mark means, in Chinese and English.
_REMARKS = {
    "line": ("线：文件之间的区间", "line: interval between documents"),
    "inside": ("线：一篇文本之内的区间", "line: interval within the text"),
    "arrow": ("箭头：区间延伸到图外", "arrow: interval goes on"),
    "hollow": ("空心：无区间", "hollow: no interval"),
}


def draw_estimate(
    ax: Axes, estimate: float, low: float, high: float, y: float, *, colour: str, marker: str = "o",
    edge: float = np.inf, face: str | None = None, **style: Any,
) -> None:  # fmt: skip
    """Draw a dot with its interval, hollow where it has none; an interval that goes on beyond an edge ends in an arrow."""
    has_interval = not np.isnan(low)
    if has_interval:
        ax.plot([max(low, -edge), min(high, edge)], [y, y], color=colour, solid_capstyle="butt")
        for end, arrow, goes_on in ((-edge, "<", low < -edge), (edge, ">", high > edge)):
            if goes_on:
                ax.plot([end], [y], arrow, color=colour, markersize=4, clip_on=False)
    style = {"markersize": 4, "clip_on": False, **style}
    face = face or (colour if has_interval else "white")
    ax.plot([estimate], [y], marker, color=colour, markerfacecolor=face, **style)


def key(label: str, *, colour: str = "#444444", marker: str = "o", face: str | None = None, size: float = 4) -> Line2D:
    """Give a legend's entry for a dot, or with the marker "" for a line."""
    style: dict[str, Any] = {"marker": marker, "linestyle": "none" if marker else "-", "markersize": size}
    return Line2D([], [], color=colour, markerfacecolor=face, label=label, **style)


def group_keys(codebook: Codebook, lang: Language) -> list[Line2D]:
    """Give a legend's entries for the groups of themes."""
    return [key(said[lang], colour=GROUP_COLOURS.get(g, SERIES_COLOURS[-1])) for g, said in codebook.groups.items()]


def remarks(lang: Language, **drawn: bool) -> list[Line2D]:
    """Give a legend's entries that say what a line, a line inside a text, an arrow and a hollow dot mean, where drawn."""
    style: dict[str, dict[str, Any]] = {"arrow": {"marker": ">"}, "hollow": {"face": "white"}}
    return [
        key(said[lang == "en"], **style.get(mark, {"marker": ""})) for mark, said in _REMARKS.items() if drawn.get(mark)
    ]


def remarks_on(estimates: pd.DataFrame, lang: Language, *, edge: float = np.inf) -> list[Line2D]:
    """Give the remarks that a table of estimates needs, where its intervals are drawn up to an edge."""
    has = estimates["ci_low"].notna()
    inside = has & estimates["reason"].str.contains("within_text", regex=False)
    return remarks(
        lang, line=(has & ~inside).any(), inside=inside.any(), arrow=(estimates["ci_high"] > edge).any(),
        hollow=(estimates["estimate"].notna() & ~has).any(),
    )  # fmt: skip


def put_legend(ax: Axes, keys: Sequence[Artist], *, title: str | None = None) -> None:
    """Place the legend above the axes, where it hides nothing, in as many columns as there is room for.

    Called when ticks and labels are set: it reaches from the right end of the axes over the labels at their left.
    """
    if not keys:
        return
    _lay_out(ax)
    box = ax.get_tightbbox()
    assert box is not None
    room = ax.get_window_extent().x1 - (ax.yaxis.label.get_window_extent().x1 if ax.get_ylabel() else box.x0)
    for columns in range(len(keys), 0, -1):
        legend = ax.legend(
            handles=keys, loc="lower right", bbox_to_anchor=(1.0, 1.0), borderaxespad=0.2, ncols=columns, title=title,
            title_fontsize=7,
        )  # fmt: skip
        if legend.get_window_extent().width <= room:
            break


def _lay_out(ax: Axes) -> None:
    """Have the figure laid out, so that what is on it can be measured."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()


def with_n(labels: Sequence[str], n: Sequence[int], *, between: str = "\n") -> list[str]:
    """Write behind each label how many documents it stands for, unless each stands for a single one."""
    if max(n, default=0) <= 1:
        return [*labels]
    return [f"{label}{between}(n = {k})" for label, k in zip(labels, n, strict=True)]


def fit_x_labels(ax: Axes) -> None:
    """Turn ticks' labels that would run into each other, move an axis label that would be cut; called last: all takes room."""
    _lay_out(ax)
    labels = [label for label in ax.get_xticklabels() if label.get_text()]
    boxes = [label.get_window_extent() for label in labels]
    if any(one.x1 + 2 > next_.x0 for one, next_ in pairwise(boxes)):
        ax.tick_params(axis="x", rotation=90)
        if any("\n" in label.get_text() for label in labels):  # two lines are as wide turned as upright
            ax.set_xticks(ax.get_xticks(), [label.get_text().replace("\n", " ") for label in ax.get_xticklabels()])
    if ax.xaxis.label.get_window_extent().x1 > ax.figure.bbox.x1:
        ax.set_xlabel(ax.get_xlabel(), loc="right")


def call_experimental(ax: Axes, said: str) -> None:
    """Write at the top of the figure how far the measure agrees with hand codes, below what other axes of it have written."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    lines = [line for line in figure.get_suptitle().splitlines() if line != said]
    figure.suptitle("\n".join([*lines, said]), x=0.01, ha="left", fontsize=6.5, color="#8A3B00", wrap=True)


def draw_heat_map(
    ax: Axes, grid: pd.DataFrame, *, rows: Sequence[str], columns: Sequence[str], xlabel: str, label: str, note: str,
    ylabel: str = "", **cells: Any,
) -> None:  # fmt: skip
    """Draw rates as a heat map with a colour bar; `cells` go to ``seaborn.heatmap``. Numbers too wide for their cells are left out."""
    # Few cells are far above the rest; a square root lets the middle be seen, and the colour bar says the numbers.
    top = float(np.nanmax(grid.to_numpy(), initial=0)) or 1.0
    sns.heatmap(
        grid, ax=ax, cmap="Blues", norm=mpl.colors.PowerNorm(0.5, 0, top), linewidths=0.4, linecolor="white",
        cbar_kws={"label": label, "shrink": 0.6, "pad": 0.02}, **cells,
    )  # fmt: skip
    ax.set_yticks(np.arange(len(rows)) + 0.5, rows, rotation=0)
    ax.set_xticks(np.arange(len(columns)) + 0.5, columns, rotation=0)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.figure.axes[-1].tick_params(labelfontfamily=list(font_names()))
    finish(ax, note, bare="both")
    fit_x_labels(ax)
    cell = ax.get_window_extent().width / max(len(columns), 1)
    if any(number.get_window_extent().width > cell for number in ax.texts):
        for number in list(ax.texts):
            number.remove()
