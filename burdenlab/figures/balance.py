"""Cart and horse: what is blamed and what is treated, as dumbbells, and the mismatch under every mapping."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from burdenlab.figures.marks import fit_x_labels, key, put_legend, remarks, with_n
from burdenlab.figures.style import GROUP_COLOURS, finish, new_axes, rc, value_label, variable_label
from burdenlab.messages import Language, check_language, with_chinese
from burdenlab.metrics.balance_mappings import BalanceMapping, load_mapping

__all__ = ["plot_balance", "plot_mappings"]

# Column, marker, colour, label in Chinese and English: the two ends of a dumbbell.
_ENDS = (
    ("load_capacity", "o", GROUP_COLOURS["cart"], ("诊断：负担对能力", "Diagnosis: load to capacity")),
    ("remedy_orientation", "s", GROUP_COLOURS["horse"], ("举措：减车对壮马", "Remedies: lighten to feed")),
)
_GREY = "#777777"
_STRESS = ("（着重点，不是负担本身）", "(stress in the text, not the burden itself)")
_MOST_ROWS = 60


def plot_balance(
    balances: pd.DataFrame,
    *,
    by: str | None = None,
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw diagnosis and remedies of each document or group as the two ends of a dumbbell, sorted by the mismatch.

    A remedy end to the left of the diagnosis: load is diagnosed and the horse fed. A hollow end has no interval, a dashed
    interval lies between the sections of a single text. Groups that cannot be measured stand at the bottom and say so.

    Parameters
    ----------
    balances : DataFrame
        From ``mismatch``.
    by : str, optional
        The column with the groups; ``doc_id`` or the first column where left out. Without any, one row is drawn.
    lang, width, note, ax
        As in ``plot_theme_rates``.

    Returns
    -------
    Axes
        The mismatch Δ stands behind each label. Intervals that reach beyond the axis end in an arrow.

    Raises
    ------
    ValueError
        If `balances` is no such table, has several rows a group, or more than 60.
    """
    check_language(lang)
    lacking = [c for c in ("estimate", "reason", "resampled", *(end[0] for end in _ENDS)) if c not in balances.columns]
    if lacking:
        msg = f"balances lacks column(s) {lacking}; pass what mismatch gives."
        raise with_chinese(ValueError(msg), f"balances 缺少列 {lacking};请传入 mismatch 的结果。")
    first = str(balances.columns[0])
    by = by or (first if first != "estimate" else None)
    if by is not None and balances[by].duplicated().any():
        msg = f"balances has several rows for one {by}; filter it, so that each group is one row."
        raise with_chinese(ValueError(msg), f"balances 中同一 {by} 有多行;请先筛选,使每组只有一行。")
    if len(balances) > _MOST_ROWS or not len(balances):
        msg = (
            f"balances has {len(balances)} rows; 1 to {_MOST_ROWS} can be drawn. Group the documents by by=, or filter."
        )
        raise with_chinese(ValueError(msg), f"balances 有 {len(balances)} 行;可画 1 至 {_MOST_ROWS} 行,请分组或筛选。")
    order = balances.assign(_no=balances["estimate"].isna()).sort_values(["_no", "estimate"], kind="stable")
    names = [value_label(by, value, lang) for value in order[by]] if by else [("全部", "All")[lang == "en"]]
    if "n_documents" in order.columns:
        names = with_n(names, order["n_documents"].tolist(), between=" ")
    ticks = [
        n if np.isnan(delta) else f"{n}  Δ {_signed(delta)}" for n, delta in zip(names, order["estimate"], strict=True)
    ]
    edge = _edge(order)
    ax = ax or new_axes(width=width, height=3.0 + 0.62 * len(order))
    with mpl.rc_context(rc()):
        ax.axvline(0, color="#444444", linewidth=0.6)
        for y, row in zip(range(len(order))[::-1], order.to_dict("records"), strict=True):
            _dumbbell(ax, row, y, edge, lang)
        ax.set_yticks(range(len(order))[::-1], ticks)
        ax.set(xlim=(-edge, edge), ylim=(-0.7, len(order) - 0.3))
        left, unit, right = (("← 马", "句数之比", "车 →"), ("← horse", "ratio of sentences", "cart →"))[lang == "en"]
        ax.set_xlabel(f"{left}     log2 {unit}     {right}\n{_STRESS[lang == 'en']}")
        if by:
            ax.set_ylabel(variable_label(by, lang))
        ax.grid(axis="x")
        _legend(ax, order, edge, lang)
        finish(ax, note)
        fit_x_labels(ax)
    return ax


def _signed(number: float) -> str:
    return f"{number:+.2f}".replace("-", "−")


def _edge(balances: pd.DataFrame) -> float:
    """End the axis where the dots can still be told apart."""
    ends = balances[[end[0] for end in _ENDS]].abs().to_numpy()
    bounds = balances[[f"{end[0]}{side}" for end in _ENDS for side in ("_low", "_high")]].abs().to_numpy()
    most = float(np.nanmax(ends, initial=0.5))
    return max(1.15 * most, min(1.05 * float(np.nanmax(bounds, initial=0)), 2.5 * most))


def _dumbbell(ax: Axes, row: dict[str, Any], y: float, edge: float, lang: Language) -> None:
    both = [row[column] for column, *_ in _ENDS]
    if not np.isnan(both).any():
        ax.plot(both, [y, y], color="#BBBBBB", linewidth=2.2, solid_capstyle="butt", zorder=1)
    if np.isnan(row["estimate"]):
        leftmost = np.nanmin([*both, *(row[f"{column}_low"] for column, *_ in _ENDS), edge])
        at, side = (-0.98 * edge, "left") if leftmost > -0.6 * edge else (0.98 * edge, "right")
        said = ("此处无法测量错配", "mismatch not measurable here")[lang == "en"]
        ax.text(at, y, said, ha=side, va="center", fontsize=6, color=_GREY)
    for (column, marker, colour, _), shift in zip(_ENDS, (0.13, -0.13), strict=True):
        if np.isnan(row[column]):
            continue
        low, high = row[f"{column}_low"], row[f"{column}_high"]
        if not np.isnan(low):
            style = "--" if row["resampled"] == "sections" else "-"
            line: dict[str, Any] = {
                "color": colour,
                "linewidth": 0.9,
                "dash_capstyle": "butt",
                "solid_capstyle": "butt",
            }
            ax.plot([max(low, -edge), min(high, edge)], [y + shift] * 2, style, zorder=2, **line)
            for end, arrow, beyond in ((-edge, "<", low < -edge), (edge, ">", high > edge)):
                if beyond:
                    ax.plot([end], [y + shift], arrow, color=colour, markersize=3.5, clip_on=False)
        face = "white" if np.isnan(low) else colour
        ax.plot([row[column]], [y], marker, color=colour, markerfacecolor=face, markersize=4.5, zorder=3, clip_on=False)


def _legend(ax: Axes, balances: pd.DataFrame, edge: float, lang: Language) -> None:
    en = lang == "en"
    keys = [key(said[en], colour=colour, marker=marker, size=4.5) for _, marker, colour, said in _ENDS]
    drawn = np.concatenate([balances[[c, f"{c}_low", f"{c}_high"]].to_numpy(dtype=float) for c, *_ in _ENDS])
    of_text = np.tile(balances["resampled"] == "sections", len(_ENDS))
    estimate, low, high = drawn.T
    has = ~np.isnan(low)
    if has[of_text].any():
        said = ("虚线：一篇文本各节之间", "dashed: between sections of one text")[en]
        keys.append(Line2D([], [], linestyle="--", color=_GREY, label=said))
    goes_on, hollow = (low < -edge) | (high > edge), ~has & ~np.isnan(estimate)
    put_legend(ax, [*keys, *remarks(lang, line=has[~of_text].any(), arrow=goes_on.any(), hollow=hollow.any())])


def plot_mappings(
    under: pd.DataFrame,
    *,
    mapping: BalanceMapping | None = None,
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the mismatch under every plausible mapping, option by option: which choice does the finding hang on.

    Parameters
    ----------
    under : DataFrame
        From ``mismatch_mappings``, the rows of one group.
    mapping : BalanceMapping, optional
        That they were made with: it gives the labels. The shipped one where left out.
    lang, width, note, ax
        As in ``plot_theme_rates``.

    Returns
    -------
    Axes
        Each dot is a mapping, in the row of each of its options; the long tick is the median of the row, the diamond the mapping that was
        registered.

    Raises
    ------
    ValueError
        If `under` holds several groups, or no mapping has an estimate.
    """
    check_language(lang)
    mapping = mapping or load_mapping()
    if under["is_main"].sum() != 1:
        msg = f"under has {int(under['is_main'].sum())} main mappings; pass the rows of one group."
        raise with_chinese(ValueError(msg), "under 应只含一组;请先筛选。")
    drawn = under[under["estimate"].notna()]
    if not len(drawn):
        msg = "no mapping has an estimate: not measurable here; the column reason says why."
        raise with_chinese(ValueError(msg), "没有一种映射能得出结果:此处无法测量,原因见 reason 列。")
    en = lang == "en"
    rows = [(("全部映射", "All mappings")[en], np.ones(len(drawn), dtype=bool), False)]
    for choice in mapping.choices:
        taken = drawn[f"choice_{choice.id}"].to_numpy()
        for at, (name, option) in enumerate(choice.options.items()):
            rows.append((f"{choice.labels[lang]}{('：', ': ')[en]}{option[lang]}", taken == name, at == 0))
    main = float(under.loc[under["is_main"], "estimate"].iloc[0])
    ax = ax or new_axes(width=width, height=2.6 + 0.46 * len(rows))
    colour_of = {-1: GROUP_COLOURS["horse"], 0: _GREY, 1: GROUP_COLOURS["cart"]}
    with mpl.rc_context(rc()):
        ax.axvline(0, color="#444444", linewidth=0.8)
        for y, (_, which, is_first) in zip(range(len(rows))[::-1], rows, strict=True):
            values = np.sort(drawn["estimate"].to_numpy()[which])
            # Spread over the row in the order of the values: equal ones stand beside each other, and nothing is drawn by chance.
            spread = 0.28 * (np.arange(len(values)) * 0.618 % 1 - 0.5) * 2
            ax.scatter(
                values, y + spread, s=3, c=[colour_of[v] for v in np.sign(values)], alpha=0.45, linewidths=0, zorder=2
            )
            if len(values):
                ax.plot([np.median(values)] * 2, [y - 0.36, y + 0.36], color="#222222", linewidth=1.2, zorder=3)
            if is_first:
                ax.axhline(y + 0.5, color="#CCCCCC", linewidth=0.5)
        if not np.isnan(main):
            ax.plot([main], [len(rows) - 1], "D", color="white", markeredgecolor="black", markersize=5, zorder=4)
        ax.set_yticks(range(len(rows))[::-1], [f"{label} ({int(which.sum())})" for label, which, _ in rows])
        ax.set_ylim(-0.6, len(rows) - 0.4)
        left, right = (("← 举措偏向马", "举措偏向车 →"), ("← remedies lean to the horse", "to the cart →"))[en]
        ax.set_xlabel(f"{left}     Δ (log2)     {right}\n{_STRESS[en]}")
        ax.grid(axis="x")
        put_legend(ax, _mapping_keys(drawn, main, lang))
        finish(ax, note)
    return ax


def _mapping_keys(drawn: pd.DataFrame, main: float, lang: Language) -> list[Line2D]:
    en, n, share = lang == "en", len(drawn), drawn["share_same_sign"].iloc[0]
    said = (f"一点为一种映射，共 {n} 种", f"a dot is a mapping, {n} in all")[en]
    keys = [
        Line2D([], [], marker="o", linestyle="none", color=GROUP_COLOURS["horse"], markersize=3, label=said),
        Line2D([], [], color="#222222", label=("中位数", "median")[en]),
    ]
    if np.isnan(main):
        told = ("主映射：此处无法测量", "main mapping: not measurable here")[en]
        return [*keys, Line2D([], [], linestyle="none", label=told)]
    told = (f"主映射 Δ {_signed(main)}", f"main mapping Δ {_signed(main)}")[en]
    if not np.isnan(share):
        told += (f"；符号相同 {100 * share:.0f}%", f"; same sign {100 * share:.0f} %")[en]
    diamond: dict[str, Any] = {"marker": "D", "color": "white", "markeredgecolor": "black", "markersize": 5}
    return [*keys, Line2D([], [], linestyle="none", label=told, **diamond)]
