"""How groups differ and how themes move: differences of rates, words that tell groups apart, series with events."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from burdenlab.coding.codebook import Codebook
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

__all__ = ["plot_differences", "plot_keyness", "plot_trends"]

_SURE = 0.05  # q below which a mark is filled
_MOST_SERIES = 6
_PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
_GAP = 1.5  # steps of the series; a wider gap is not bridged


def plot_differences(
    differences: pd.DataFrame,
    *,
    codebook: Codebook,
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the difference of two groups' rates of each theme with its interval; a filled dot has q < .05.

    Parameters
    ----------
    differences : DataFrame
        From ``rate_differences``, with one value of the variable.
    codebook, lang, width, note, ax
        As in ``plot_theme_rates``.

    Returns
    -------
    Axes
        To the right of 0 the group says more.

    Raises
    ------
    ValueError
        If a theme has several rows.
    """
    check_language(lang)
    if differences["theme"].duplicated().any() or differences.empty:
        msg = f"differences needs one row a theme; it has {len(differences)}. Filter it to one pair of groups."
        raise ValueError(msg)
    by = differences.columns[0]
    table = differences.set_index("theme").reindex([t for t in codebook.themes if t in set(differences["theme"])])[::-1]
    group_of = dict(zip(codebook.table["theme"], codebook.table["group"], strict=True))
    one, other = (value_label(by, table[c].iloc[0], lang) for c in (by, "against"))
    ax = ax or new_axes(width=width, height=2.4 + 0.42 * len(table))
    with mpl.rc_context(rc()):
        for y, (theme, row) in enumerate(table.iterrows()):
            colour = GROUP_COLOURS.get(group_of[str(theme)], SERIES_COLOURS[-1])
            ax.plot([row["ci_low"], row["ci_high"]], [y, y], color=colour, solid_capstyle="butt")
            face = colour if row["q"] < _SURE else "white"
            ax.plot([row["estimate"]], [y], "o", color=colour, markerfacecolor=face, markersize=4)
        ax.axvline(0, color="#444444", linewidth=0.6)
        ax.set_yticks(range(len(table)), [codebook.labels(lang)[str(theme)] for theme in table.index])
        other = other or ("其余", "all others")[lang == "en"]
        ax.set(ylim=(-0.7, len(table) - 0.3), xlabel=f"{one} − {other}: {unit_label(table, lang)}")
        ax.grid(axis="x")
        said = ("实心:置换检验 q < .05;横线:区间", "filled: q < .05 by permutation; line: interval")[lang == "en"]
        ax.legend(handles=[Line2D([], [], marker="o", color="#444444", linestyle="none", markersize=4, label=said)],
                  loc="lower center", bbox_to_anchor=(0.5, 1.0))  # fmt: skip
        finish(ax, note)
    return ax


def plot_keyness(
    keyness: pd.DataFrame,
    *,
    target: str,
    reference: str,
    by: str = "",
    n: int = 15,
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the log ratio of the words that tell two groups apart, among those with q < .05 by permuting documents.

    The words are those with the highest and the lowest score; each bar ends with the counts and the documents behind it.

    Parameters
    ----------
    keyness : DataFrame
        From ``keyness``.
    target, reference : str
        The two sides: labels, or values of `by`.
    by : str
        The document variable whose values they are; they are then labelled in the language of the figure.
    n : int
        Words a side.
    lang, width, note, ax
        As in ``plot_theme_rates``.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If no word passes.
    """
    check_language(lang)
    sure = keyness[keyness["q"] < _SURE]
    if sure.empty:
        msg = "keyness has no word with q < .05; there is nothing to draw."
        raise ValueError(msg)
    ranked = sure.sort_values(["score", "token"], ascending=[False, True], kind="stable")
    up, down = ranked[ranked["score"] > 0].head(n), ranked[ranked["score"] < 0].tail(n)
    table = pd.concat([up, down]).drop_duplicates("token")[::-1].reset_index(drop=True)
    target, reference = (value_label(by, side, lang) for side in (target, reference))
    ax = ax or new_axes(width=width, height=2.4 + 0.4 * len(table))
    colours = np.where(table["score"] > 0, SERIES_COLOURS[1], SERIES_COLOURS[0])
    with mpl.rc_context(rc()):
        ax.barh(range(len(table)), table["log_ratio"], color=colours, height=0.62)
        for y, row in table.iterrows():
            counts = (
                f"{row['n_target']}/{row['n_reference']}  ({row['n_documents_target']}/{row['n_documents_reference']})"
            )
            right = row["log_ratio"] >= 0
            ax.annotate(counts, (row["log_ratio"], float(str(y))), (3 if right else -3, 0), textcoords="offset points",
                        ha="left" if right else "right", va="center", fontsize=5.5, color="#444444")  # fmt: skip
        ax.margins(x=0.16)
        ax.axvline(0, color="#444444", linewidth=0.6)
        ax.set_yticks(range(len(table)), table["token"])
        ax.set_ylim(-0.7, len(table) - 0.3)
        said = (
            f"频率之比的对数(以 2 为底):{target} / {reference};标注为次数(文件数)",
            f"Log2 ratio of rates, {target} / {reference}; labels: counts (documents)",
        )
        ax.set_xlabel(said[lang == "en"])
        ax.grid(axis="x")
        finish(ax, note)
    return ax


def plot_trends(
    estimates: pd.DataFrame,
    *,
    themes: Sequence[str],
    codebook: Codebook,
    by: str = "year",
    events: pd.DataFrame | None = None,
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the rates of some themes over years or periods, with their intervals and the events of policy.

    Parameters
    ----------
    estimates : DataFrame
        From ``theme_trend`` or ``theme_rates``, one row for each theme and value of `by`.
    themes : sequence of str
        At most six.
    codebook : Codebook
        Gives labels.
    by : str
        The column of years or periods.
    events : DataFrame, optional
        With a column ``year`` and labels ``zh``, ``en``: dashed lines, for years only.
    lang, width, note, ax
        As in ``plot_theme_rates``.

    Returns
    -------
    Axes
        A hollow dot has no interval; the line is broken where years are missing.

    Raises
    ------
    ValueError
        If there are more than six themes, or one has no row.
    """
    check_language(lang)
    missing = [theme for theme in themes if theme not in set(estimates["theme"])]
    if missing or not 0 < len(themes) <= _MOST_SERIES:
        msg = f"themes={list(themes)}; one to {_MOST_SERIES} themes of the estimates are expected" + (
            f", which lack {missing}." if missing else "."
        )
        raise ValueError(msg)
    values = list(dict.fromkeys(estimates[by]))
    is_year = all(isinstance(v, int | np.integer) for v in values)
    place = {v: int(v) if is_year else i for i, v in enumerate(values)}
    ax = ax or new_axes(width=width, height=9)
    with mpl.rc_context(rc()):
        for i, theme in enumerate(themes):
            rows = estimates[(estimates["theme"] == theme) & estimates["estimate"].notna()]
            x = np.array([place[v] for v in rows[by]], dtype=float)
            colour = SERIES_COLOURS[i]
            gaps = np.flatnonzero(np.diff(x) > _GAP * np.diff(x).min(initial=np.inf)) + 1  # years without a document
            ax.plot(np.insert(x, gaps, np.nan), np.insert(rows["estimate"].to_numpy(), gaps, np.nan), color=colour,
                    linewidth=1, label=codebook.labels(lang)[theme])  # fmt: skip
            has = rows["ci_low"].notna().to_numpy()
            if has.any():
                ax.fill_between(x, rows["ci_low"], rows["ci_high"], where=has, color=colour, alpha=0.15, linewidth=0)
                ax.vlines(x[has], rows["ci_low"][has], rows["ci_high"][has], color=colour, linewidth=0.6)
            for xs, marks in ((x[has], colour), (x[~has], "white")):
                ys = rows["estimate"].to_numpy()[has if marks != "white" else ~has]
                ax.plot(xs, ys, "o", color=colour, markerfacecolor=marks, markersize=3, linestyle="none")
        if events is not None and is_year:
            for at, event in enumerate(events.to_dict("records")):
                ax.axvline(event["year"], color="#888888", linewidth=0.6, linestyle="--")
                ax.annotate(event[lang], (event["year"], 0.98 - 0.05 * (at % 4)), xycoords=("data", "axes fraction"),
                            xytext=(-2, 0), textcoords="offset points", ha="right", va="top", fontsize=5.5, color="#555555", bbox=_PAPER)  # fmt: skip
        if not is_year:
            labels = [value_label(by, v, lang) for v in values]
            ax.set_xticks(range(len(values)), labels, rotation=0 if len(values) <= 8 else 90)
        ax.set(ylim=(0, None), xlabel=variable_label(by, lang), ylabel=unit_label(estimates, lang))
        ax.grid(axis="y")
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=min(3, len(themes)))
        finish(ax, note, bare="")
    return ax
