"""What several figures draw: an estimate with its interval, rates as a heat map, the mark of what is experimental."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from burdenlab.figures.style import finish, font_names

__all__ = ["call_experimental", "draw_estimate", "draw_heat_map"]

_MOST_UPRIGHT = 12  # columns; the labels of more are turned


def draw_estimate(
    ax: Axes, estimate: float, low: float, high: float, y: float, *, colour: str, marker: str = "o",
    edge: float = np.inf, **style: Any,
) -> None:  # fmt: skip
    """Draw a dot with its interval, hollow where it has none; an interval that goes on beyond the edge ends in an arrow."""
    has_interval = not np.isnan(low)
    if has_interval:
        ax.plot([low, min(high, edge)], [y, y], color=colour, solid_capstyle="butt")
        if high > edge:
            ax.plot([edge], [y], ">", color=colour, markersize=4, clip_on=False)
    style = {"markersize": 4, "clip_on": False, **style}
    ax.plot([estimate], [y], marker, color=colour, markerfacecolor=colour if has_interval else "white", **style)


def call_experimental(ax: Axes, said: str) -> None:
    """Write at the top of the figure how far the measure agrees with hand codes, below what other axes of it have written."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    lines = [line for line in figure.get_suptitle().splitlines() if line != said]
    figure.suptitle("\n".join([*lines, said]), x=0.01, ha="left", fontsize=6.5, color="#8A3B00", wrap=True)


def draw_heat_map(
    ax: Axes, grid: pd.DataFrame, *, rows: Sequence[str], columns: Sequence[str], label: str, note: str, **cells: Any
) -> None:
    """Draw rates as a heat map with a colour bar; `cells` go to ``seaborn.heatmap``."""
    # Few cells are far above the rest; a square root lets the middle be seen, and the colour bar says the numbers.
    top = float(np.nanmax(grid.to_numpy(), initial=0)) or 1.0
    sns.heatmap(
        grid, ax=ax, cmap="Blues", norm=mpl.colors.PowerNorm(0.5, 0, top), linewidths=0.4, linecolor="white",
        cbar_kws={"label": label, "shrink": 0.6, "pad": 0.02}, **cells,
    )  # fmt: skip
    ax.set_yticks(np.arange(len(rows)) + 0.5, rows, rotation=0)
    ax.set_xticks(np.arange(len(columns)) + 0.5, columns, rotation=90 if len(columns) > _MOST_UPRIGHT else 0)
    ax.figure.axes[-1].tick_params(labelfontfamily=list(font_names()))
    finish(ax, note, bare="both")
