"""Shares of copied and of formulaic wording, as dots with their intervals."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from burdenlab.figures.style import (
    MARKERS,
    MOVE_LABELS,
    SERIES_COLOURS,
    add_note,
    font_names,
    new_axes,
    rc,
    value_label,
    variable_label,
)
from burdenlab.messages import Language, check_language
from burdenlab.tables import check_table

__all__ = ["plot_copied_shares", "plot_formulaicness"]

_RELATIONS = {
    "above": ("更早的上级文件", "Earlier, higher level"),
    "peer": ("更早的同级文件", "Earlier, same level"),
    "below": ("更早的下级文件", "Earlier, lower level"),
    "earlier": ("任一更早的文件", "Any earlier document"),
    "shared": ("任一其他文件", "Any other document"),
}


def plot_formulaicness(
    estimates: pd.DataFrame,
    *,
    by: str = "move",
    lang: Language = "zh",
    width: str | float = "middle",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of formulaic wording of each move, or other group, as a dot with its interval.

    Parameters
    ----------
    estimates : DataFrame
        From ``formulaicness`` with one row for each value of `by`.
    by : str
        A column of `estimates`.
    lang, width, note, ax
        As in ``plot_theme_rates``.

    Returns
    -------
    Axes
        The axis names k and the size of the reference, without which the number says nothing. Hollow: no interval.
    """
    _check(estimates, by, lang)
    table = estimates.set_index(by)
    order = [move for move in MOVE_LABELS if move in table.index] if by == "move" else sorted(table.index)
    names = {
        value: MOVE_LABELS[value][lang == "en"] if by == "move" else value_label(by, value, lang) for value in order
    }
    first = estimates.iloc[0] if len(estimates) else {"k": 0, "shingle": 0, "n_reference": 0}
    said = (
        f"另有至少 {first['k']} 份独立文件也有的汉字（%）\n（连续 {first['shingle']} 字相同，参照 {first['n_reference']} 份）",
        f"Han characters that at least {first['k']} other independent documents have (%)\n"
        f"({first['shingle']} in a row; {first['n_reference']} documents referred to)",
    )
    ax = ax or new_axes(width=width, height=3.2 + 0.56 * max(2, len(order)))
    with mpl.rc_context(rc()):
        hollow = [_dot(ax, table.loc[value], y, SERIES_COLOURS[0], "o") for y, value in enumerate(reversed(order))]
        ticks = [f"{names[value]} (n = {table.loc[value, 'n']})" for value in reversed(order)]
        _finish(ax, ticks, said[lang == "en"], note)
        if any(hollow):
            _legend(ax, [], lang)
    return ax


def plot_copied_shares(
    estimates: pd.DataFrame,
    *,
    by: str | None = None,
    lang: Language = "zh",
    width: str | float = "middle",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw how much stood in earlier documents of superiors, of peers and of others, as dots with intervals.

    Parameters
    ----------
    estimates : DataFrame
        From ``copied_shares``.
    by : str, optional
        A column of `estimates` with at most 8 values, told apart by colour and marker.
    lang, width, note, ax
        As in ``plot_theme_rates``.

    Returns
    -------
    Axes
        Hollow: no interval.
    """
    _check(estimates, by or "relation", lang, unique=["relation", *([by] if by else [])])
    groups = [(None, estimates)] if by is None else list(estimates.groupby(by, sort=True))
    if len(groups) > len(MARKERS):
        msg = f"{by!r} has {len(groups)} values; at most {len(MARKERS)} can be told apart. Filter the estimates."
        raise ValueError(msg)
    order = list(reversed(_RELATIONS))
    ax = ax or new_axes(width=width, height=3.0 + 0.7 * len(order) * max(1, len(groups) / 3))
    hollow, keys = [], []
    with mpl.rc_context(rc()):
        for i, (value, rows) in enumerate(groups):
            shift = (0.5 - (i + 0.5) / len(groups)) * 0.7
            table = rows.set_index("relation")
            hollow += [
                _dot(ax, table.loc[relation], y + shift, SERIES_COLOURS[i], MARKERS[i])
                for y, relation in enumerate(order)
            ]
            if by:
                label = f"{value_label(by, value, lang)} (n = {table['n'].max()})"
                keys.append(
                    Line2D(
                        [], [], marker=MARKERS[i], color=SERIES_COLOURS[i], linestyle="none", markersize=4, label=label
                    )
                )
        ticks = [_RELATIONS[relation][lang == "en"] for relation in order]
        _finish(
            ax,
            ticks,
            ("所在段落也见于该类文件的汉字（%）", "Han characters in passages that such a document has (%)")[
                lang == "en"
            ],
            note,
        )
        if by or any(hollow):
            _legend(ax, keys, lang, title=variable_label(by, lang) if by else "", hollow=any(hollow))
    return ax


def _check(estimates: pd.DataFrame, by: str, lang: str, *, unique: list[str] | None = None) -> None:
    check_language(lang)
    check_table(estimates, "estimates")
    missing = {by, *(unique or [by])} - set(estimates.columns)
    if missing or estimates.duplicated(unique or [by]).any():
        msg = f"the estimates need one row for each {' and '.join(unique or [by])}; they have the columns {list(estimates.columns)}."
        raise ValueError(msg)


def _dot(ax: Axes, row: Any, y: float, colour: str, marker: str) -> bool:
    """Draw a share in per cent; tell whether it is hollow."""
    if np.isnan(row["estimate"]):
        return False
    has_interval = not np.isnan(row["ci_low"])
    if has_interval:
        ax.plot([100 * row["ci_low"], 100 * row["ci_high"]], [y, y], color=colour, solid_capstyle="butt")
    face = colour if has_interval else "white"
    ax.plot([100 * row["estimate"]], [y], marker, color=colour, markerfacecolor=face, markersize=4, clip_on=False)
    return not has_interval


def _finish(ax: Axes, ticks: list[str], label: str, note: str) -> None:
    ax.set_yticks(range(len(ticks)), ticks)
    ax.set_ylim(-0.7, len(ticks) - 0.3)
    ax.set_xlim(left=0)
    ax.set_xlabel(label)
    ax.grid(axis="x")
    ax.tick_params(labelfontfamily=list(font_names()))
    ax.tick_params(axis="y", length=0)
    add_note(ax, note)


def _legend(ax: Axes, keys: list[Line2D], lang: Language, *, title: str = "", hollow: bool = True) -> None:
    if hollow:
        said = ("空心：无区间", "hollow: no interval")[lang == "en"]
        keys = [
            *keys,
            Line2D(
                [], [], marker="o", color="#444444", markerfacecolor="white", linestyle="none", markersize=4, label=said
            ),
        ]
    ax.legend(handles=keys, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, title=title or None, title_fontsize=7)
