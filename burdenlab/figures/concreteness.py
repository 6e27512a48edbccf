"""How concrete texts are: specifics against boosters, promises that can be checked, stated changes of burden."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from burdenlab.figures.marks import draw_estimate
from burdenlab.figures.style import (
    MARKERS,
    SERIES_COLOURS,
    finish,
    new_axes,
    rc,
    value_label,
    variable_label,
)
from burdenlab.messages import Language, check_language, with_chinese

__all__ = ["plot_commitments", "plot_quantities", "plot_specificity"]

_EXPERIMENTAL = {
    "commitments": (
        "试验性：未参与调试的文件上查准率 1.00（7/7），查全率 0.64（7/11）",
        "Experimental: on documents not looked at, precision 1.00 (7 of 7), recall 0.64 (7 of 11)",
    ),
    "quantities": (
        "试验性：未参与调试的文件上查准率 0.81、查全率 0.81（各 102 例）；数字是文中的说法，不是测量结果",
        "Experimental: on documents not looked at, precision 0.81, recall 0.81 (102 each); what texts claim, not what was measured",
    ),
}
_ELEMENTS = {
    "target": ("可核对的目标", "Checkable target"),
    "deadline": ("期限", "Deadline"),
    "owner": ("责任者", "Owner"),
    "output": ("可见的产出", "Visible output"),
    "strict": ("目标、期限、责任者俱全", "Target, deadline and owner"),
}


def plot_specificity(
    estimates: pd.DataFrame,
    *,
    by: str | None = None,
    lang: Language = "zh",
    width: str | float = "middle",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw specifics against boosters per 1,000 Han characters, a dot for each row.

    Grey lines join texts with the same log ratio, which stands at their ends. A ring round a dot says that something specific was masked in it.

    Parameters
    ----------
    estimates : DataFrame
        From ``specificity``.
    by : str, optional
        A column of `estimates` with at most 8 values that colours and markers tell.
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

    Raises
    ------
    ValueError
        If `by` is no column or has more than 8 values.
    """
    check_language(lang)
    groups = _groups(estimates, by)
    ax = ax or new_axes(width=width, height=8.5)
    there = estimates[estimates["estimate"].notna()]
    top_x = 1.15 * float(there["vague_rate"].max()) if len(there) else 0.0
    top_y = 1.1 * float(there["specific_rate"].max()) if len(there) else 0.0
    top_x, top_y = top_x or 1.0, top_y or 1.0
    with mpl.rc_context(rc()):
        for power in (-4, -2, 0, 2, 4):
            x = min(top_x, top_y / 2.0**power)
            ax.plot([0, x], [0, x * 2.0**power], color="#BBBBBB", linewidth=0.6, zorder=0)
            y = x * 2.0**power
            side: dict[str, Any] = {"ha": "right", "va": "top"} if y >= top_y else {"ha": "left", "va": "center"}
            label = ax.annotate(f"{power:+d}" if power else "0", (x, y), fontsize=6, color="#777777", **side)
            label.set_in_layout(False)
        for i, (_, rows) in enumerate(groups):
            rows = rows[rows["estimate"].notna()]
            ax.plot(
                rows["vague_rate"], rows["specific_rate"], MARKERS[i], color=SERIES_COLOURS[i], markersize=4.5, clip_on=False
            )  # fmt: skip
        masked = there[there["n_masked"] > 0]
        if len(masked):  # a line without points would push the axes aside
            ring: dict[str, Any] = {"color": "#444444", "markersize": 9, "markerfacecolor": "none", "clip_on": False}
            ax.plot(masked["vague_rate"], masked["specific_rate"], "o", **ring)
        ax.set(xlim=(0, top_x), ylim=(0, top_y))
        ax.set_xlabel(("强调虚词，每千汉字", "Boosters per 1,000 Han characters")[lang == "en"])
        ax.set_ylabel(("具体表述，每千汉字", "Specifics per 1,000 Han characters")[lang == "en"])
        grey = Line2D([], [], color="#BBBBBB", linewidth=0.6, label=("对数比 log2", "log2 ratio")[lang == "en"])
        _legend_of_groups(ax, groups, by, lang, more=[grey, *([_ring(lang)] if len(masked) else [])])
        finish(ax, note, bare="")
    return ax


def plot_commitments(
    estimates: pd.DataFrame,
    *,
    by: str | None = None,
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of plan sentences that name each element, with intervals (experimental, and the figure says so).

    Parameters
    ----------
    estimates : DataFrame
        From ``commitment_quality``, with one row an element, or with `by` one row an element and value.
    by, lang, width, note, ax
        As in ``plot_specificity``.

    Returns
    -------
    Axes
        A hollow dot has no interval; its reason stands in the table. A group without a plan has no dot.

    Raises
    ------
    ValueError
        If a group has several rows an element.
    """
    check_language(lang)
    shares = estimates[estimates["element"] != "score"]
    groups = _groups(shares, by)
    if any(rows["element"].duplicated().any() for _, rows in groups):
        msg = f"the estimates have several rows an element{f' and {by}' if by else ''}; filter them, or name by=."
        raise with_chinese(ValueError(msg), "同一要素有多行;请先筛选,或用 by= 指明分组。")
    ax = ax or new_axes(width=width, height=2.6 + len(_ELEMENTS) * (0.5 + 0.22 * len(groups)))
    with mpl.rc_context(rc()):
        for i, (_, rows) in enumerate(groups):
            shift = (0.5 - (i + 0.5) / len(groups)) * 0.7
            for row in rows[rows["estimate"].notna()].itertuples():
                y = len(_ELEMENTS) - 1 - list(_ELEMENTS).index(str(row.element)) + shift
                found = row.estimate, row.ci_low, row.ci_high
                draw_estimate(ax, *found, y, colour=SERIES_COLOURS[i], marker=MARKERS[i])
        ax.set_yticks(range(len(_ELEMENTS)), [label[lang == "en"] for label in reversed(_ELEMENTS.values())])
        ax.set(xlim=(0, 1), ylim=(-0.6, len(_ELEMENTS) - 0.4))
        ax.set_xlabel(("写明该项的打算句占比", "Share of plan sentences that name it")[lang == "en"])
        ax.grid(axis="x")
        _legend_of_groups(ax, groups, by, lang)
        finish(ax, _marked("commitments", lang, note))
    return ax


def plot_quantities(
    quantities: pd.DataFrame,
    *,
    most: int = 25,
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw stated changes of burden from base to result, each as per cent of its base (experimental, and the figure says so).

    Parameters
    ----------
    quantities : DataFrame
        From ``burden_quantities``; rows without base and result, or with the base 0, are not drawn.
    most : int
        Rows drawn at most, the greatest changes first; the count of all stands at the axis.
    lang, width, note, ax
        As in ``plot_specificity``.

    Returns
    -------
    Axes
        Beyond 300 per cent a dot stands at the edge as an arrow; its number stands beside it.
    """
    check_language(lang)
    changes = quantities[(quantities["base"] > 0) & quantities["result"].notna()]
    changes = changes.assign(share=100 * changes["result"] / changes["base"])
    order = (
        (changes["share"] / 100).clip(lower=1e-3).map(np.log).abs().sort_values(ascending=False, kind="stable").index
    )
    drawn = changes.loc[order[:most]].sort_values("share", ascending=False, kind="stable")
    ax = ax or new_axes(width=width, height=2.8 + 0.42 * max(1, len(drawn)))
    edge = 300.0
    with mpl.rc_context(rc()):
        ax.axvline(100, color="#444444", linewidth=0.6)
        for y, row in enumerate(drawn.itertuples()):
            colour = SERIES_COLOURS[0 if row.share <= 100 else 1]
            x = min(row.share, edge)
            ax.plot([100, x], [y, y], color=colour, linewidth=1.4, solid_capstyle="butt")
            ax.plot([x], [y], ">" if row.share > edge else "o", color=colour, markersize=4, clip_on=False)
            said = f"{row.base:,.10g} → {row.result:,.10g} {row.unit}"
            ax.annotate(
                said, (max(x, 100), y), xytext=(5, 0), textcoords="offset points", fontsize=6, va="center", annotation_clip=False
            )  # fmt: skip
        ax.set_yticks(range(len(drawn)), [f"{row.object or '…'} ({row.doc_id})" for row in drawn.itertuples()])
        top = float(drawn["share"].clip(upper=edge).max()) if len(drawn) else 100.0
        ax.set(xlim=(0, max(140.0, top * 1.25)), ylim=(-0.7, max(1, len(drawn)) - 0.3))
        ax.set_xlabel(
            (
                f"结果占基数的百分比（{len(changes)} 处写明基数与结果，画出 {len(drawn)} 处）",
                f"Result as per cent of the base ({len(changes)} with both; {len(drawn)} drawn)",
            )[lang == "en"]
        )
        finish(ax, _marked("quantities", lang, note))
    return ax


def _groups(estimates: pd.DataFrame, by: str | None) -> list[tuple[object, pd.DataFrame]]:
    if by is None:
        return [(None, estimates)]
    if by not in estimates.columns:
        msg = f"by={by!r} is no column of the estimates; they have {list(estimates.columns)}."
        raise with_chinese(ValueError(msg), f"by={by!r} 不是表中的列;现有 {list(estimates.columns)}。")
    groups = list(estimates.groupby(by, sort=True))
    if len(groups) > len(MARKERS):
        msg = f"{by!r} has {len(groups)} values; at most {len(MARKERS)} can be told apart."
        raise with_chinese(ValueError(msg), f"{by!r} 有 {len(groups)} 个取值;最多能区分 {len(MARKERS)} 个。")
    return groups


def _ring(lang: Language) -> Line2D:
    said = ("有信息被隐去", "something masked")[lang == "en"]
    return Line2D(
        [], [], marker="o", color="#444444", markerfacecolor="none", linestyle="none", markersize=8, label=said
    )


def _legend_of_groups(
    ax: Axes, groups: list[tuple[object, pd.DataFrame]], by: str | None, lang: Language, *, more: Sequence[Line2D] = ()
) -> None:
    dot: dict[str, Any] = {"linestyle": "none", "markersize": 4}
    names = [name for name, _ in groups] if by else []
    keys = [
        Line2D([], [], marker=MARKERS[i], color=SERIES_COLOURS[i], label=value_label(by or "", name, lang), **dot)
        for i, name in enumerate(names)
    ]
    if keys or more:
        title = variable_label(by, lang) if by else None
        ax.legend(handles=[*keys, *more], loc="upper left", bbox_to_anchor=(1.02, 1), title=title, title_fontsize=7)


def _marked(what: str, lang: Language, note: str) -> str:
    return "\n".join(filter(None, [_EXPERIMENTAL[what][lang == "en"], note]))
