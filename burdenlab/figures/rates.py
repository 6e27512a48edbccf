"""Rates of themes as dots with intervals, and as heat maps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from burdenlab.coding.codebook import Codebook
from burdenlab.figures.marks import draw_estimate, draw_heat_map
from burdenlab.figures.style import (
    GROUP_COLOURS,
    MARKERS,
    MOVE_LABELS,
    SERIES_COLOURS,
    finish,
    new_axes,
    rc,
    unit_label,
    value_label,
    variable_label,
)
from burdenlab.messages import Language, check_language
from burdenlab.tables import check_table

__all__ = ["plot_theme_by_group", "plot_theme_by_move", "plot_theme_rates"]

_MOST_SERIES = len(MARKERS)


def plot_theme_rates(
    estimates: pd.DataFrame,
    *,
    codebook: Codebook,
    by: str | None = None,
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the rate of each theme as a dot with its interval, the most frequent on top.

    A hollow dot has no interval; its reason stands in the table. An interval that reaches beyond three times the
    largest rate ends in an arrow; its bound stands in the table. Without `by` colours tell the groups of themes, with
    `by` they and the markers tell the groups of documents.

    Parameters
    ----------
    estimates : DataFrame
        From ``theme_rates``, with one row a theme, or with `by` one row a theme and value.
    codebook : Codebook
        Gives labels, groups and order.
    by : str, optional
        A column of `estimates` with at most 8 values.
    lang : {"zh", "en"}
    width : str or float
        See ``burdenlab.figures.style.new_axes``.
    note : str
        A line below the figure.
    ax : Axes, optional
        Drawn into; a new figure where left out.

    Returns
    -------
    Axes
    """
    check_language(lang)
    series = _series(estimates, by)
    labels, group_of = codebook.labels(lang), dict(zip(codebook.table["theme"], codebook.table["group"], strict=True))
    total = estimates.groupby("theme")["estimate"].mean().reindex(codebook.themes).dropna()
    order = sorted(total.index, key=lambda theme: (total[theme], -codebook.themes.index(theme)))
    position = {theme: i for i, theme in enumerate(order)}
    ax = ax or new_axes(width=width, height=2.8 + len(order) * (0.42 if len(series) < 3 else 0.16 * len(series)))
    edge = _edge(estimates)
    with mpl.rc_context(rc()):
        for i, (_name, rows) in enumerate(series):
            shift = (0.5 - (i + 0.5) / len(series)) * 0.72
            for row in rows.itertuples():
                if row.theme not in position or np.isnan(row.estimate):
                    continue
                colour = SERIES_COLOURS[i] if by else GROUP_COLOURS.get(group_of[row.theme], SERIES_COLOURS[-1])
                found, y = (row.estimate, row.ci_low, row.ci_high), position[row.theme] + shift
                draw_estimate(ax, *found, y, colour=colour, marker=MARKERS[i], edge=edge, markeredgewidth=0.9)
        ax.set_yticks(range(len(order)), [labels[theme] for theme in order])
        ax.set_ylim(-0.7, len(order) - 0.3)
        ax.set_xlim(0, edge)
        ax.set_xlabel(unit_label(estimates, lang))
        ax.grid(axis="x")
        _legend(ax, [name for name, _ in series], codebook, estimates, by, lang)
        finish(ax, note)
    return ax


def _series(estimates: pd.DataFrame, by: str | None) -> list[Any]:
    check_table(estimates, "estimates")
    if by is not None and by not in estimates.columns:
        msg = f"by={by!r} is no column of the estimates; they have {list(estimates.columns)}."
        raise ValueError(msg)
    series = [(None, estimates)] if by is None else [(name, rows) for name, rows in estimates.groupby(by, sort=True)]
    if len(series) > _MOST_SERIES:
        msg = f"{by!r} has {len(series)} values; at most {_MOST_SERIES} can be told apart. Use plot_theme_by_group."
        raise ValueError(msg)
    if any(rows["theme"].duplicated().any() for _, rows in series) or not len(estimates):
        msg = f"the estimates need one row for each theme{f' and {by}' if by else ''}; they have {len(estimates)} rows. Filter them, or name by=."
        raise ValueError(msg)
    return series


def _edge(estimates: pd.DataFrame) -> float:
    """End the axis where the dots can still be told apart; an interval that goes on beyond it ends in an arrow."""
    most = float(estimates["estimate"].max())
    return max(1.1 * most, min(1.05 * float(estimates["ci_high"].max()), 3 * most)) if most > 0 else 1.0


def _legend(
    ax: Axes, names: Sequence[object], codebook: Codebook, estimates: pd.DataFrame, by: str | None, lang: Language
) -> None:
    line: dict[str, Any] = {"linestyle": "none", "markersize": 4}
    if by is None:
        keys = [
            Line2D([], [], marker="o", color=GROUP_COLOURS.get(group, SERIES_COLOURS[-1]), label=label[lang], **line)
            for group, label in codebook.groups.items()
        ]
    else:
        n = estimates.groupby(by)["n"].max()
        keys = [
            Line2D(
                [],
                [],
                marker=MARKERS[i],
                color=SERIES_COLOURS[i],
                label=f"{value_label(by, name, lang)} (n = {n[name]})",
                **line,
            )
            for i, name in enumerate(names)
        ]
    if (estimates["ci_high"] > _edge(estimates)).any():
        said = "箭头：区间延伸到图外" if lang == "zh" else "arrow: interval goes on"
        keys.append(Line2D([], [], marker=">", color="#444444", label=said, **line))
    if estimates["ci_low"].isna().any():
        said = "空心：无区间" if lang == "zh" else "hollow: no interval"
        keys.append(Line2D([], [], marker="o", color="#444444", markerfacecolor="white", label=said, **line))
    ax.legend(handles=keys, loc="lower right")


def plot_theme_by_move(
    estimates: pd.DataFrame,
    *,
    codebook: Codebook,
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the rate of each theme in each move as a heat map: what a report says where.

    Parameters
    ----------
    estimates : DataFrame
        From ``theme_rates(…, by="move")`` or ``by="section_move"``.
    codebook, lang, width, note, ax
        As in ``plot_theme_rates``. A move that does not occur is an empty column.

    Returns
    -------
    Axes
    """
    column = "move" if "move" in estimates.columns else "section_move"
    moves = {move: labels[lang == "en"] for move, labels in MOVE_LABELS.items()}
    return plot_theme_by_group(
        estimates, column=column, values=moves, codebook=codebook, lang=lang, width=width, note=note, ax=ax
    )


def plot_theme_by_group(
    estimates: pd.DataFrame,
    *,
    column: str,
    codebook: Codebook,
    values: dict[str, str] | None = None,
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the rate of each theme in each group as a heat map, themes in the order of the codebook.

    Parameters
    ----------
    estimates : DataFrame
        From ``theme_rates(…, by=column)``.
    column : str
        The column of `estimates` with the groups.
    codebook : Codebook
    values : dict, optional
        Groups to show, in this order, with their labels; all of them, sorted, where left out.
    lang, width, note, ax
        As in ``plot_theme_rates``.

    Returns
    -------
    Axes
        Numbers are printed in the cells up to 12 groups; a white cell has no text to count in.
    """
    check_language(lang)
    check_table(estimates, "estimates")
    if column not in estimates.columns:
        msg = f"column={column!r} is no column of the estimates; they have {list(estimates.columns)}."
        raise ValueError(msg)
    grid = estimates.pivot(index="theme", columns=column, values="estimate").reindex(list(codebook.themes))
    values = values or {value: value_label(column, value, lang) for value in grid.columns}
    grid = grid.reindex(columns=list(values))
    label = unit_label(estimates, lang)
    numbers = grid.map(lambda rate: "0" if rate == 0 else f"{rate:.2f}").to_numpy()
    ax = ax or new_axes(width=width, height=3.4 + 0.42 * len(grid))
    with mpl.rc_context(rc()):
        draw_heat_map(
            ax, grid, rows=[codebook.labels(lang)[t] for t in grid.index], columns=list(values.values()), label=label, note=note,
            annot=numbers if len(values) <= 12 else False, fmt="", annot_kws={"fontsize": 6},
        )  # fmt: skip
        groups = codebook.table["group"].to_numpy()
        for edge in np.flatnonzero(groups[1:] != groups[:-1]) + 1:
            ax.axhline(float(edge), color="#444444", linewidth=0.8)
        ax.set(xlabel=variable_label(column, lang), ylabel="")
    return ax
