"""What a finding owes to the codebook: terms left out, and terms that come and go."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from burdenlab.coding.codebook import Codebook
from burdenlab.figures.marks import draw_heat_map
from burdenlab.figures.style import (
    GROUP_COLOURS,
    SERIES_COLOURS,
    finish,
    new_axes,
    rc,
    unit_label,
    value_label,
    variable_label,
)
from burdenlab.messages import Language, check_language

__all__ = ["plot_sensitivity", "plot_term_drift"]

_LONGEST_TERM = 14


def plot_sensitivity(
    sensitivity: pd.DataFrame,
    *,
    codebook: Codebook,
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the rate of each theme with all its terms, without its most important one, and with a part of them.

    The dot is the rate with all terms, the cross the rate without the term that is named at the end of the row; the
    bar spans the rates with random parts of the terms.

    Parameters
    ----------
    sensitivity : DataFrame
        From ``codebook_sensitivity`` without `by`.
    codebook : Codebook
        Gives labels, groups and order.
    lang, width, note, ax
        As in ``plot_theme_rates``.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If a theme has several rows of the kind "full".
    """
    check_language(lang)
    full = sensitivity[sensitivity["kind"] == "full"]
    if full["theme"].duplicated().any() or full.empty:
        msg = f"sensitivity needs one row of the kind 'full' for each theme; it has {len(full)}. Make it without by=."
        raise ValueError(msg)
    group_of = dict(zip(codebook.table["theme"], codebook.table["group"], strict=True))
    table = full.set_index("theme").reindex([t for t in codebook.themes if t in set(full["theme"])])[::-1]
    edge = float(table[["estimate", "highest"]].max(axis=None)) * 1.28 or 1.0
    ax = ax or new_axes(width=width, height=2.6 + 0.42 * len(table))
    with mpl.rc_context(rc()):
        for y, (theme, row) in enumerate(table.iterrows()):
            colour = GROUP_COLOURS.get(group_of[str(theme)], SERIES_COLOURS[-1])
            if not np.isnan(row["lowest"]):
                ax.plot(
                    [row["lowest"], row["highest"]], [y, y], color=colour, linewidth=4, alpha=0.3, solid_capstyle="butt"
                )
            ax.plot([row["estimate"]], [y], "o", color=colour, markersize=4)
            if row["top_term"]:
                ax.plot([row["estimate"] * (1 + row["top_change"])], [y], "x", color=colour, markersize=4)
                term = row["top_term"]
                shown = term if len(term) <= _LONGEST_TERM else term[: _LONGEST_TERM - 1] + "…"
                ax.text(edge, y, f"{shown} {row['top_change']:+.0%}", ha="right", va="center", fontsize=6)
        ax.set_yticks(range(len(table)), [codebook.labels(lang)[str(theme)] for theme in table.index])
        ax.set(xlim=(0, edge), ylim=(-0.7, len(table) - 0.3), xlabel=unit_label(full, lang))
        ax.grid(axis="x")
        said = {
            "o": ("全部词条", "all terms"),
            "x": ("去掉右侧词条", "without the term at the right"),
            "|": ("随机取部分词条", "random parts of the terms"),
        }
        keys = [
            Line2D([], [], marker=mark if mark != "|" else "", linestyle="-" if mark == "|" else "none", color="#444444",
                   linewidth=4, alpha=0.4 if mark == "|" else 1, markersize=4, label=label[lang == "en"])
            for mark, label in said.items()
        ]  # fmt: skip
        ax.legend(handles=keys, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
        finish(ax, note)
    return ax


def plot_term_drift(
    drift: pd.DataFrame,
    *,
    theme: str,
    codebook: Codebook,
    by: str = "year",
    most: int = 20,
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the rates of a theme's terms over the periods as a heat map: which words carry the trend.

    Parameters
    ----------
    drift : DataFrame
        From ``term_drift``.
    theme : str
    codebook : Codebook
        Gives the label of the theme.
    by : str
        The column of periods.
    most : int
        Terms shown, the most frequent; a term that is not stable has a star behind it.
    lang, width, note, ax
        As in ``plot_theme_rates``.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If `drift` has no row of the theme.
    """
    check_language(lang)
    rows = drift[drift["theme"] == theme]
    if rows.empty:
        msg = f"theme={theme!r} has no row in drift; it has {sorted(set(drift['theme']))}."
        raise ValueError(msg)
    order = rows.groupby("term")["n_hits"].sum().sort_values(ascending=False, kind="stable").index[:most]
    grid = rows.pivot(index="term", columns=by, values="estimate").reindex(order)
    stable = rows.drop_duplicates("term").set_index("term")["is_stable"]
    labels = [
        (t if len(t) <= _LONGEST_TERM else t[: _LONGEST_TERM - 1] + "…") + ("" if stable[t] else " *") for t in order
    ]
    ax = ax or new_axes(width=width, height=3.2 + 0.42 * len(grid))
    label = ("每 {:,.0f} 汉字次数", "Matches per {:,.0f} Han characters")[lang == "en"].format(rows["per"].iloc[0])
    with mpl.rc_context(rc()):
        periods = [value_label(by, p, lang) for p in grid.columns]
        draw_heat_map(ax, grid, rows=labels, columns=periods, label=label, note=note)
        star = (
            "* 词条不稳定:出现的时期不足一半,或首期之后才有",
            "* not stable: in fewer than half of the periods, or new after the first",
        )
        ax.set(xlabel=f"{variable_label(by, lang)}    {star[lang == 'en']}", ylabel=codebook.labels(lang)[theme])
    return ax
