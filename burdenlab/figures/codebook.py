"""What a finding owes to the codebook: terms left out, and terms that come and go."""

from __future__ import annotations

import re
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from burdenlab.coding.codebook import Codebook
from burdenlab.figures.marks import draw_heat_map, group_keys, key, put_legend
from burdenlab.figures.style import (
    GROUP_COLOURS,
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

__all__ = ["plot_sensitivity", "plot_term_drift"]

_LONGEST_TERM = 14
_BAR: dict[str, Any] = {"linewidth": 4, "alpha": 0.3}


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
    bar spans the rates with random parts of the terms. A pattern is told by the first of its choices, with … for a gap.

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
    without = table["estimate"] * (1 + table["top_change"])  # more than with it where shorter terms come up
    edge = float(np.nanmax([table["estimate"], table["highest"], without])) * 1.05 or 1.0
    ax = ax or new_axes(width=width, height=3.2 + 0.42 * len(table))
    with mpl.rc_context(rc()):
        for y, (theme, row) in enumerate(table.iterrows()):
            colour = GROUP_COLOURS.get(group_of[str(theme)], SERIES_COLOURS[-1])
            if not np.isnan(row["lowest"]):
                ax.plot([row["lowest"], row["highest"]], [y, y], color=colour, solid_capstyle="butt", **_BAR)
            ax.plot([row["estimate"]], [y], "o", color=colour, markersize=4, clip_on=False)
            if row["top_term"]:
                ax.plot([without[theme]], [y], "x", color=colour, markersize=4, clip_on=False)
                said = f"{_label(row['top_term'])} {row['top_change']:+.0%}".replace("-", "−")
                ax.annotate(said, (1, y), xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points",
                            va="center", fontsize=6, annotation_clip=False)  # fmt: skip
        ax.set_yticks(range(len(table)), [codebook.labels(lang)[str(theme)] for theme in table.index])
        ax.set(xlim=(0, edge), ylim=(-0.7, len(table) - 0.3), xlabel=unit_label(full, lang))
        ax.grid(axis="x")
        n = sensitivity["draw"].max() + 1
        keys = [
            *group_keys(codebook, lang),
            key(("去掉右侧词条", "without the term at the right")[lang == "en"], marker="x"),
            Line2D([], [], color="#444444", label=(f"随机取部分词条，{n} 次", f"{n} random parts of the terms")[lang == "en"], **_BAR),
        ]  # fmt: skip
        put_legend(ax, keys if n else keys[:-1])
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

    A pattern is told by the first of its choices, with … for a gap; `drift` has it whole.

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
    labels = [f"{_label(term)}{'' if stable[term] else ' *'}" for term in order]
    unstable = (
        "* 不稳定：出现的时期不足一半，或首期之后才有",
        "* not stable: in fewer than half of the periods, or new after the first",
    )[lang == "en"]
    notes = [note] if stable[order].all() else [unstable, note]
    ax = ax or new_axes(width=width, height=3.2 + 0.42 * len(grid))
    label = ("每 {:,.0f} 汉字次数", "Matches per {:,.0f} Han characters")[lang == "en"].format(rows["per"].iloc[0])
    with mpl.rc_context(rc()):
        draw_heat_map(
            ax, grid, rows=labels, columns=[value_label(by, period, lang) for period in grid.columns], xlabel=variable_label(by, lang),
            ylabel=codebook.labels(lang)[theme], label=label, note=joined(notes, lang),
        )  # fmt: skip
    return ax


def _label(term: str) -> str:
    """Tell a term in words: of a pattern the first of each choice, with … for a gap; and in few of them."""
    if set(term) & set("[|*?\\"):
        term = re.sub(r"\[[^]]*\](\{[^}]*\}|[*+?])?", "…", term)
        while (inner := re.sub(r"\(([^()|]*)[^()]*\)(\?)?", lambda m: "" if m[2] else m[1], term)) != term:
            term = inner
        term = re.sub(r".\?|[\\^$]", "", term.split("|")[0])
        term = re.sub("…+", "…", term).strip("…")
    return term if len(term) <= _LONGEST_TERM else term[: _LONGEST_TERM - 1] + "…"
