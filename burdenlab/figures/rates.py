"""Rates of themes as dots with intervals, and as heat maps."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from burdenlab.coding.codebook import Codebook
from burdenlab.figures.marks import draw_estimate, draw_heat_map, group_keys, key, put_legend, remarks_on, with_n
from burdenlab.figures.style import (
    GROUP_COLOURS,
    MARKERS,
    MOVE_LABELS,
    SERIES_COLOURS,
    finish,
    joined,
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
_MOST_NUMBERED = 12  # groups; the cells of more are not numbered


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
    ax = ax or new_axes(width=width, height=3.4 + len(order) * (0.42 if len(series) < 3 else 0.16 * len(series)))
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
        _legend(ax, series, codebook, estimates, by, lang)
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
    ax: Axes, series: list[Any], codebook: Codebook, estimates: pd.DataFrame, by: str | None, lang: Language
) -> None:
    keys = group_keys(codebook, lang)
    if by is not None:
        keys = [
            key(f"{value_label(by, name, lang)} (n = {rows['n'].max()})", colour=SERIES_COLOURS[i], marker=MARKERS[i])
            for i, (name, rows) in enumerate(series)
        ]
    put_legend(ax, [*keys, *remarks_on(estimates, lang, edge=_edge(estimates))])


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
        As in ``plot_theme_rates``. Below each move stands how many Han characters it has; one that does not occur is an
        empty column.

    Returns
    -------
    Axes
    """
    check_language(lang)
    check_table(estimates, "estimates")
    column = "move" if "move" in estimates.columns else "section_move"
    # A rate in the frame of a report may stand on a dozen characters: the label says so.
    n_han = estimates.groupby(column)["n_han"].max() if column in estimates.columns else pd.Series(dtype="int64")
    moves = {
        move: f"{labels[lang == 'en']}\n{n_han.get(move, 0):,} {('字', 'Han')[lang == 'en']}"
        for move, labels in MOVE_LABELS.items()
    }
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
        Below each group stands its number of documents. Numbers are printed in the cells up to 12 groups, where they fit;
        a white cell has no text to count in.
    """
    check_language(lang)
    check_table(estimates, "estimates")
    if column not in estimates.columns:
        msg = f"column={column!r} is no column of the estimates; they have {list(estimates.columns)}."
        raise ValueError(msg)
    grid = estimates.pivot(index="theme", columns=column, values="estimate").reindex(list(codebook.themes))
    if values is None:
        n = estimates.groupby(column)["n"].max()
        names = with_n([value_label(column, value, lang) for value in grid.columns], n[grid.columns].tolist())
        values = dict(zip(grid.columns, names, strict=True))
    grid = grid.reindex(columns=list(values))
    numbers = grid.map(lambda rate: "0" if rate == 0 else f"{rate:.2f}").to_numpy()
    empty = ("白格：没有文本", "white: no text")[lang == "en"] if grid.isna().any(axis=None) else ""
    ax = ax or new_axes(width=width, height=3.8 + 0.42 * len(grid))
    with mpl.rc_context(rc()):
        draw_heat_map(
            ax, grid, rows=[codebook.labels(lang)[t] for t in grid.index], columns=list(values.values()),
            xlabel=variable_label(column, lang), label=unit_label(estimates, lang), note=joined([empty, note], lang),
            annot=numbers if len(values) <= _MOST_NUMBERED else False, fmt="", annot_kws={"fontsize": 6},
        )  # fmt: skip
        groups = codebook.table["group"].to_numpy()
        for edge in np.flatnonzero(groups[1:] != groups[:-1]) + 1:
            ax.axhline(float(edge), color="#444444", linewidth=0.8)
    return ax
