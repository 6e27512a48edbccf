"""How groups differ and how themes move: differences of rates, words that tell groups apart, series with events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from burdenlab.coding.codebook import Codebook
from burdenlab.figures.marks import (
    draw_estimate,
    fit_x_labels,
    group_keys,
    key,
    put_legend,
    remarks,
    with_n,
)
from burdenlab.figures.style import (
    GROUP_COLOURS,
    MARKERS,
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
_MOST_NAMED = 12  # years or periods; more are not named one by one
_DASHED: dict[str, Any] = {"color": "#888888", "linewidth": 0.6, "linestyle": "--"}
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
    n, n_other = int(table["n"].max()), int(table["n_against"].max())
    edge = _edge(table)
    ax = ax or new_axes(width=width, height=3.4 + 0.42 * len(table))
    with mpl.rc_context(rc()):
        ax.axvline(0, color="#444444", linewidth=0.6)
        for y, (theme, row) in enumerate(table.iterrows()):
            colour = GROUP_COLOURS.get(group_of[str(theme)], SERIES_COLOURS[-1])
            face = colour if row["q"] < _SURE else "white"
            draw_estimate(ax, row["estimate"], row["ci_low"], row["ci_high"], y, colour=colour, face=face, edge=edge)
        ax.set_yticks(range(len(table)), [codebook.labels(lang)[str(theme)] for theme in table.index])
        other = other or ("其余", "all others")[lang == "en"]
        pair = f"{one} (n = {n}) − {other} (n = {n_other})"
        ax.set(xlim=(-edge, edge), ylim=(-0.7, len(table) - 0.3), xlabel=f"{pair}\n{unit_label(table, lang)}")
        ax.grid(axis="x")
        sure = key(("实心：置换检验 q < .05", "filled: q < .05 by permutation")[lang == "en"])
        goes_on = table["ci_low"].lt(-edge) | table["ci_high"].gt(edge)
        has = table["ci_low"].notna()
        said = remarks(lang, line=has.any(), arrow=goes_on.any())
        bare = key(("没有线：无区间", "without a line: no interval")[lang == "en"], face="white")
        put_legend(ax, [*group_keys(codebook, lang), sure, *said, *([] if has.all() else [bare])])
        finish(ax, note)
    return ax


def _edge(differences: pd.DataFrame) -> float:
    """End the axis where the dots can still be told apart; an interval that goes on beyond it ends in an arrow."""
    most = float(differences["estimate"].abs().max())
    reach = float(np.nanmax(differences[["ci_low", "ci_high"]].abs().to_numpy(), initial=0))
    return max(1.1 * most, min(1.05 * reach, 3 * most)) if most > 0 else 1.0


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
            f"频率之比的对数（以 2 为底）：{target} / {reference}\n标注为次数（文件数）；按得分排序，q < .05",
            f"Log2 ratio of rates, {target} / {reference}\nlabels: counts (documents); sorted by score, q < .05",
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
    n = estimates.groupby(by, sort=False)["n"].max()
    is_year = all(isinstance(value, int | np.integer) for value in n.index)
    place = {value: int(value) if is_year else i for i, value in enumerate(n.index)}
    ax = ax or new_axes(width=width, height=9)
    with mpl.rc_context(rc()):
        labels = codebook.labels(lang)
        keys = [
            _series(ax, estimates[estimates["theme"] == theme], by, place, at=i, label=labels[theme])
            for i, theme in enumerate(themes)
        ]
        drawn = estimates[estimates["theme"].isin(themes) & estimates["estimate"].notna()]
        if drawn["ci_low"].notna().any():
            said = ("带与竖线：文件之间的区间", "band and bar: interval between documents")[lang == "en"]
            keys.append(key(said, marker="|", size=7))
        keys += remarks(lang, hollow=drawn["ci_low"].isna().any())
        if len(n) <= _MOST_NAMED:
            ax.set_xticks(list(place.values()), with_n([value_label(by, v, lang) for v in n.index], n.tolist()))
        elif not is_year:
            ax.set_xticks(list(place.values()), [value_label(by, v, lang) for v in n.index])
        ax.set(ylim=(0, None), xlabel=variable_label(by, lang), ylabel=unit_label(estimates, lang))
        if events is not None and is_year:
            _draw_events(ax, events, lang)
            keys.append(Line2D([], [], label=("虚线：政策", "dashed: policy")[lang == "en"], **_DASHED))
        ax.grid(axis="y")
        put_legend(ax, keys)
        finish(ax, note, bare="")
        fit_x_labels(ax)
    return ax


def _series(ax: Axes, rows: pd.DataFrame, by: str, place: dict[object, int], *, at: int, label: str) -> Line2D:
    """Draw the rates of one theme; give its entry of the legend."""
    rows = rows[rows["estimate"].notna()]
    x, y = rows[by].map(place).to_numpy(dtype=float), rows["estimate"].to_numpy()
    colour, marker = SERIES_COLOURS[at], MARKERS[at]
    gaps = np.flatnonzero(np.diff(x) > _GAP * np.diff(x).min(initial=np.inf)) + 1  # years without a document
    ax.plot(np.insert(x, gaps, np.nan), np.insert(y, gaps, np.nan), color=colour, linewidth=1, label=label)
    has = rows["ci_low"].notna().to_numpy()
    if has.any():
        ax.fill_between(x, rows["ci_low"], rows["ci_high"], where=has, color=colour, alpha=0.15, linewidth=0)
        ax.vlines(x[has], rows["ci_low"][has], rows["ci_high"][has], color=colour, linewidth=0.6)
    for chosen, face in ((has, colour), (~has, "white")):
        if not chosen.any():  # a line without points would push the axes aside
            continue
        dots: dict[str, Any] = {
            "color": colour,
            "markerfacecolor": face,
            "markersize": 3.5,
            "linestyle": "none",
            "clip_on": False,
        }
        ax.plot(x[chosen], y[chosen], marker, zorder=3, **dots)
    return Line2D([], [], color=colour, marker=marker, markersize=3.5, linewidth=1, label=label)


def _draw_events(ax: Axes, events: pd.DataFrame, lang: Language) -> None:
    """Draw a dashed line for each year with events, and above the series what they are."""
    ax.set_ylim(0, 1.22 * ax.get_ylim()[1])
    for year, labels in events.sort_values(lang, kind="stable").groupby("year")[lang]:
        ax.axvline(float(str(year)), **_DASHED)
        said = ax.annotate("\n".join(labels), (year, 0.99), xycoords=("data", "axes fraction"), xytext=(-2, 0), textcoords="offset points",
                           ha="right", va="top", rotation=90, fontsize=5.5, color="#555555", bbox=_PAPER)  # fmt: skip
        said.set_in_layout(False)  # a long one hangs over the series
