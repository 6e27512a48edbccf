"""Shares of copied and of formulaic wording, as dots with their intervals."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes

from burdenlab.figures.marks import draw_estimate, key, put_legend, remarks_on
from burdenlab.figures.style import (
    MARKERS,
    MOVE_LABELS,
    SERIES_COLOURS,
    finish,
    new_axes,
    rc,
    value_label,
    variable_label,
)
from burdenlab.messages import Language, check_language, with_chinese
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
    _check(estimates, [by], lang)
    table = estimates.set_index(by)
    order = [move for move in MOVE_LABELS if move in table.index] if by == "move" else sorted(table.index)
    first = estimates.iloc[0] if len(estimates) else {"k": 0, "shingle": 0, "n_reference": 0}
    said = (
        f"另有至少 {first['k']} 份独立文件也有的汉字（%）\n（连续 {first['shingle']} 字相同，参照 {first['n_reference']} 份）",
        f"Han characters that at least {first['k']} other independent document{'s have' if first['k'] != 1 else ' has'} (%)\n"
        f"({first['shingle']} in a row; {first['n_reference']} documents referred to)",
    )
    ax = ax or new_axes(width=width, height=3.2 + 0.56 * max(2, len(order)))
    with mpl.rc_context(rc()):
        ticks = []
        for y, value in enumerate(reversed(order)):
            _draw(ax, table.loc[value], y)
            name = MOVE_LABELS[value][lang == "en"] if by == "move" else value_label(by, value, lang)
            ticks.append(f"{name} (n = {table.loc[value, 'n']})")
        _finish(ax, ticks, said[lang == "en"], note)
        put_legend(ax, remarks_on(estimates, lang))
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
        A row for each relation that `estimates` has.

    Raises
    ------
    ValueError
        If a group has several rows a relation, or `relation` holds anything else.
    """
    _check(estimates, ["relation", *([by] if by else [])], lang)
    groups = [(None, estimates)] if by is None else list(estimates.groupby(by, sort=True))
    if len(groups) > len(MARKERS):
        msg = f"{by!r} has {len(groups)} values; at most {len(MARKERS)} can be told apart. Filter the estimates."
        raise ValueError(msg)
    order = [relation for relation in reversed(_RELATIONS) if relation in set(estimates["relation"])]
    if set(estimates["relation"]) - set(order) or not order:
        found = estimates["relation"].unique().tolist()
        msg = f"relation holds {found}; some of {list(_RELATIONS)} are expected. Pass what copied_shares gives."
        raise with_chinese(
            ValueError(msg), f"relation 列为 {found};应取自 {list(_RELATIONS)}。请传入 copied_shares 的结果。"
        )
    ax = ax or new_axes(width=width, height=3.0 + 0.7 * len(order) * max(1, len(groups) / 3))
    label = "所在段落也见于该类文件的汉字（%）", "Han characters in passages that such a document has (%)"
    keys = []
    with mpl.rc_context(rc()):
        for i, (value, rows) in enumerate(groups):
            shift = (0.5 - (i + 0.5) / len(groups)) * 0.7
            table = rows.set_index("relation")
            for y, relation in enumerate(order):
                if relation in table.index:
                    _draw(ax, table.loc[relation], y + shift, i)
            if by:
                name = f"{value_label(by, value, lang)} (n = {table['n'].max()})"
                keys.append(key(name, colour=SERIES_COLOURS[i], marker=MARKERS[i]))
        _finish(ax, [_RELATIONS[relation][lang == "en"] for relation in order], label[lang == "en"], note)
        put_legend(ax, [*keys, *remarks_on(estimates, lang)], title=variable_label(by, lang) if by else None)
    return ax


def _check(estimates: pd.DataFrame, unique: list[str], lang: str) -> None:
    check_language(lang)
    check_table(estimates, "estimates")
    if not set(unique) <= set(estimates.columns) or estimates.duplicated(unique).any():
        msg = f"the estimates need one row for each {' and '.join(unique)}; they have the columns {list(estimates.columns)}."
        raise ValueError(msg)


def _draw(ax: Axes, row: Any, y: float, i: int = 0) -> None:
    share, low, high = (100 * row[column] for column in ("estimate", "ci_low", "ci_high"))
    draw_estimate(ax, share, low, high, y, colour=SERIES_COLOURS[i], marker=MARKERS[i])


def _finish(ax: Axes, ticks: list[str], label: str, note: str) -> None:
    ax.set_yticks(range(len(ticks)), ticks)
    ax.set(ylim=(-0.7, len(ticks) - 0.3), xlabel=label)
    ax.set_xlim(left=0)
    ax.grid(axis="x")
    finish(ax, note)
