"""Whether the codes can be trusted: agreement, precision and recall of each theme as a forest."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from burdenlab.coding.codebook import Codebook
from burdenlab.figures.marks import draw_estimate, key, put_legend, remarks
from burdenlab.figures.style import SERIES_COLOURS, finish, new_axes, rc
from burdenlab.messages import Language, check_language

__all__ = ["plot_validation"]

# Column, marker, label in Chinese and English.
_MEASURES = (
    ("precision", "o", ("查准率", "Precision")),
    ("recall", "s", ("查全率", "Recall")),
    ("alpha", "^", ("编码员一致性 α", "Coders' agreement α")),
)


def plot_validation(
    scores: pd.DataFrame,
    *,
    codebook: Codebook,
    agreement: pd.DataFrame | None = None,
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw precision and recall of each theme with their intervals, beside the agreement of the coders.

    The number of positives stands behind each label. A theme with fewer than ten has no precision and recall, and says so.

    Parameters
    ----------
    scores : DataFrame
        From ``score_codes`` without `by`; the row "micro" is drawn at the bottom, "macro" is not.
    codebook : Codebook
        Gives labels and order.
    agreement : DataFrame, optional
        From ``agreement``: alpha is drawn too.
    lang, width, note, ax
        As in ``plot_theme_rates``.

    Returns
    -------
    Axes
        From 0 to 1; alpha below 0 is drawn at 0 and stands in the table.

    Raises
    ------
    ValueError
        If `scores` has more than one row a theme.
    """
    check_language(lang)
    if scores["theme"].duplicated().any():
        msg = "scores has several rows a theme; filter it, or score without by=."
        raise ValueError(msg)
    table = scores.set_index("theme")
    if agreement is not None:
        alpha = agreement.set_index("theme")[["alpha", "alpha_low", "alpha_high"]].rename({"all themes": "micro"})
        table = table.join(alpha)
    order = [theme for theme in (*codebook.themes, "micro") if theme in table.index]
    labels = codebook.labels(lang) | {"micro": ("全部主题", "All themes")[lang == "en"]}
    measures = [m for m in _MEASURES if m[0] in table]
    ax = ax or new_axes(width=width, height=2.2 + 0.56 * len(order))
    with mpl.rc_context(rc()):
        for y, theme in enumerate(reversed(order)):
            row = table.loc[theme]
            for i, (measure, marker, _) in enumerate(measures):
                _dot(ax, row, measure, y + 0.24 * (len(measures) / 2 - i - 0.5), SERIES_COLOURS[i], marker)
            if row[["precision", "recall"]].isna().all():
                few = ("不足 10 例，不给查准率和查全率", "fewer than 10 cases: no precision, no recall")[lang == "en"]
                ax.text(0.01, y, few, va="center", fontsize=6, color="#777777")
        ticks = [f"{labels[t]} ({table.loc[t, 'n_positive']})" for t in reversed(order)]
        ax.set_yticks(range(len(order)), ticks)
        ax.set(ylim=(-0.7, len(order) - 0.3), xlim=(0, 1.0))
        ax.axhline(0.5, color="#444444", linewidth=0.6)
        ax.set_xlabel(("值（括号内为编码员认定的例数）", "Value (in brackets: cases by the coders)")[lang == "en"])
        ax.grid(axis="x")
        keys = [key(said[lang == "en"], colour=SERIES_COLOURS[i], marker=m) for i, (_, m, said) in enumerate(measures)]
        drawn = [table.loc[order, [name, f"{name}_low"]] for name, *_ in measures]
        hollow = any((values.iloc[:, 0].notna() & values.iloc[:, 1].isna()).any() for values in drawn)
        put_legend(ax, [*keys, *remarks(lang, hollow=hollow)])
        finish(ax, note)
    return ax


def _dot(ax: Axes, row: pd.Series, measure: str, y: float, colour: str, marker: str) -> None:
    if not np.isnan(row[measure]):
        low, high = np.clip([row[f"{measure}_low"], row[f"{measure}_high"]], 0, 1)
        draw_estimate(ax, max(row[measure], 0), low, high, y, colour=colour, marker=marker, markersize=3.5)
