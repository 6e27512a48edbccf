"""How concrete texts are: specifics against boosters, promises that can be checked, stated changes of burden."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator

from burdenlab.figures.marks import call_experimental, draw_estimate, key, with_n
from burdenlab.figures.style import (
    MARKERS,
    SERIES_COLOURS,
    finish,
    joined,
    new_axes,
    rc,
    value_label,
    variable_label,
)
from burdenlab.messages import Language, check_language, with_chinese
from burdenlab.metrics.hand_agreement import said_agreement

__all__ = ["plot_commitments", "plot_quantities", "plot_specificity"]

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
            above = x * 2.0**power >= top_y
            side: dict[str, Any] = {"ha": "center", "va": "bottom"} if above else {"ha": "left", "va": "center"}
            said = f"{power:+d}".replace("-", "−") if power else "0"
            ax.annotate(
                said, (x, x * 2.0**power), xytext=(0, 2) if above else (3, 0), textcoords="offset points", fontsize=6, color="#777777",
                annotation_clip=False, **side,
            )  # fmt: skip
        for i, (_, rows) in enumerate(groups):
            rows = rows[rows["estimate"].notna()]
            ax.plot(
                rows["vague_rate"], rows["specific_rate"], MARKERS[i], color=SERIES_COLOURS[i], markersize=5, markeredgecolor="white",
                markeredgewidth=0.4, clip_on=False,
            )  # fmt: skip
        masked = there[there["n_masked"] > 0]
        if len(masked):  # a line without points would push the axes aside
            ring: dict[str, Any] = {"color": "#444444", "markersize": 9, "markerfacecolor": "none", "clip_on": False}
            ax.plot(masked["vague_rate"], masked["specific_rate"], "o", **ring)
        ax.set(xlim=(0, top_x), ylim=(0, top_y))
        ax.set_xlabel(("强调虚词，每千汉字", "Boosters per 1,000 Han characters")[lang == "en"])
        ax.set_ylabel(("具体表述，每千汉字", "Specifics per 1,000 Han characters")[lang == "en"])
        ratio = ("log2（具体/虚词）", "log2(specifics / boosters)")[lang == "en"]
        grey = Line2D([], [], color="#BBBBBB", linewidth=0.6, label=ratio)
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
        From ``commitment_quality_experimental``, with one row an element, or with `by` one row an element and value.
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
        for y in range(1, len(_ELEMENTS)):
            ax.axhline(y - 0.5, color="#DDDDDD", linewidth=0.5)
        there = shares[shares["estimate"].notna()]
        hollow = [_hollow(lang)] if there["ci_low"].isna().any() else []
        none = [name for name, rows in groups if rows["estimate"].isna().all()]
        _legend_of_groups(ax, groups, by, lang, more=hollow, without_plan=none)
        call_experimental(ax, said_agreement("commitments_experimental", "elements", lang=lang))
        finish(ax, note)
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
        From ``burden_quantities_experimental``; rows without base and result, or with the base 0, are not drawn.
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
        ax.xaxis.set_major_locator(FixedLocator([t for t in range(0, int(edge) + 1, 50) if t <= max(140.0, top)]))
        ax.set_xlabel(
            (
                f"结果占基数的百分比（{len(changes)} 处写明基数与结果，画出 {len(drawn)} 处）",
                f"Result as per cent of the base ({len(changes)} with both; {len(drawn)} drawn)",
            )[lang == "en"]
        )
        if drawn.empty:
            none = (
                "此处无法测量：没有写明基数与结果的变化",
                "not measurable here: no change is told with base and result",
            )
            ax.text(0.5, 0.5, none[lang == "en"], transform=ax.transAxes, ha="center", va="center", fontsize=7, color="#777777")  # fmt: skip
        keys = [("左侧：所说的对象（文件）", "at the left: what is counted, as written (document)")] * (not drawn.empty)
        if (drawn["share"] > edge).any():
            keys.append((f"箭头：超过 {edge:.0f}%", f"arrow: beyond {edge:.0f} %"))
        note = joined([*(said[lang == "en"] for said in keys), note], lang)
        claims = ("文中的说法，不是测量结果", "what texts claim, not what was measured")[lang == "en"]
        call_experimental(ax, joined([said_agreement("burden_quantities_experimental", lang=lang), claims], lang))
        finish(ax, note)
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
    return key(said, face="none", size=8)


def _hollow(lang: Language) -> Line2D:
    said = ("空心：文件太少，无区间", "hollow: too few documents\nfor an interval")[lang == "en"]
    return key(said, face="white")


def _legend_of_groups(
    ax: Axes, groups: list[tuple[object, pd.DataFrame]], by: str | None, lang: Language, *, more: Sequence[Line2D] = (),
    without_plan: Collection[object] = (),
) -> None:  # fmt: skip
    names = [name for name, _ in groups] if by else []
    no_plan = ("（没有打算句）", " (no plan)")[lang == "en"]
    n = [rows["n"].max() for _, rows in groups if by]
    counted = with_n([value_label(by or "", name, lang) for name in names], n, between=" ")
    labels = [
        f"{value_label(by or '', name, lang)}{no_plan}" if name in without_plan else label
        for name, label in zip(names, counted, strict=True)
    ]
    keys = [key(label, colour=SERIES_COLOURS[i], marker=MARKERS[i]) for i, label in enumerate(labels)]
    if keys or more:
        title = variable_label(by, lang) if by else None
        ax.legend(handles=[*keys, *more], loc="upper left", bbox_to_anchor=(1.02, 1), title=title, title_fontsize=7)
