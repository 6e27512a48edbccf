"""Shared passages: who has what from whom, and where it stands."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from burdenlab.figures.marks import fit_x_labels
from burdenlab.figures.style import add_note, finish, font_names, new_axes, rc, value_label
from burdenlab.messages import Language, check_language
from burdenlab.tables import check_table

__all__ = ["plot_passages", "plot_reuse"]

# How a passage of a document stands to the other documents that have it, the weightiest last: it is drawn on top.
_STANDINGS = {
    "first": ("#C8C8C8", "本文件在先", "This document is first"),
    "unknown": ("#8C8C8C", "先后不明", "Order not known"),
    "earlier": ("#CC79A7", "更早的文件也有", "An earlier document has it"),
    "below": ("#009E73", "更早的下级文件也有", "An earlier one of a lower level has it"),
    "peer": ("#0072B2", "更早的同级文件也有", "An earlier one of the same level has it"),
    "above": ("#D55E00", "更早的上级文件也有", "An earlier one of a higher level has it"),
}


def plot_reuse(
    pairs: pd.DataFrame,
    *,
    most: int = 40,
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw as a heat map how much of each document stands in each other one.

    Parameters
    ----------
    pairs : DataFrame
        From ``shared_by_pair``.
    most : int
        Documents shown, by id: of the pairs that share most.
    lang, width, note, ax
        As in ``plot_theme_rates``.

    Returns
    -------
    Axes
        A row is a document, a column the document that has the same; white: nothing shared. A triangle marks a column
        that is dated before the row.
    """
    check_language(lang)
    ranked = pairs.sort_values(["share", "doc_id", "other"], ascending=[False, True, True])
    chosen = list(dict.fromkeys(ranked[["doc_id", "other"]].to_numpy().ravel().tolist()))[:most]
    inside = pairs[pairs["doc_id"].isin(chosen) & pairs["other"].isin(chosen)]
    shown = sorted(inside["doc_id"].unique())  # the last one may have lost its partner
    grid = inside.pivot(index="doc_id", columns="other", values="share").reindex(index=shown, columns=shown)
    ax = ax or new_axes(width=width, height=5 + 0.36 * max(6, len(shown)))
    label = ("行文件的汉字\n见于列文件的比例", "Share of the row's Han\ncharacters that the column has")[lang == "en"]
    with mpl.rc_context(rc()):
        if not len(shown):
            _say_nothing(ax, lang)
            add_note(ax, note)
            return ax
        sns.heatmap(
            grid.astype("float64"), ax=ax, cmap="Blues", norm=mpl.colors.PowerNorm(0.5, 0, 1),
            linewidths=0.3, linecolor="#EEEEEE", cbar_kws={"label": label, "shrink": 0.8, "pad": 0.02},
        )  # fmt: skip
        position = {doc_id: at + 0.5 for at, doc_id in enumerate(shown)}
        earlier = inside[inside["source"] == inside["other"]]
        ax.plot(
            earlier["other"].map(position), earlier["doc_id"].map(position), "^", color="#D55E00", markersize=2.5,
            linestyle="none", label=("列文件在先", "The column is earlier")[lang == "en"],
        )  # fmt: skip
        names = [value_label("doc_id", doc_id, lang) for doc_id in shown]
        ax.set_xticks(np.arange(len(shown)) + 0.5, names)
        ax.set_yticks(np.arange(len(shown)) + 0.5, names, rotation=0)
        ax.set(xlabel="", ylabel="")
        if len(earlier):
            ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0))
        ax.tick_params(labelsize=6)
        ax.figure.axes[-1].tick_params(labelfontfamily=list(font_names()))
        finish(ax, note, bare="both")
        fit_x_labels(ax)
    return ax


def plot_passages(
    passages: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    most: int = 30,
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw each document as a strip with its shared passages in place, coloured by who had them before.

    Parameters
    ----------
    passages : DataFrame
        From ``shared_passages``.
    documents : DataFrame
        Table ``documents`` that they were found in: gives the lengths.
    most : int
        Documents shown, by id: those with most characters in passages.
    lang, width, note, ax
        As in ``plot_theme_rates``.

    Returns
    -------
    Axes
        Where several documents had a passage before, one of a higher level is shown first, then of the same.
    """
    check_language(lang)
    check_table(documents, "documents")
    places = _places(passages)
    weight = (places["end"] - places["start"]).groupby(places["doc_id"]).sum()
    shown = sorted(weight.sort_index().sort_values(ascending=False, kind="stable").index[:most])
    length = dict(zip(documents["doc_id"], documents["text"].str.len(), strict=True))
    ax = ax or new_axes(width=width, height=3.2 + 0.42 * max(2, len(shown)))
    with mpl.rc_context(rc()):
        if not len(shown):
            _say_nothing(ax, lang)
            add_note(ax, note)
            return ax
        ax.barh(range(len(shown)), 100, height=0.7, color="#F4F4F4", edgecolor="#CCCCCC", linewidth=0.4)
        keys = []
        for standing, (colour, *label) in _STANDINGS.items():
            own = places[(places["standing"] == standing) & places["doc_id"].isin(shown)]
            if len(own):
                size = own["doc_id"].map(length)
                y = own["doc_id"].map({doc_id: len(shown) - 1 - at for at, doc_id in enumerate(shown)})
                reach = 100 * (own["end"] - own["start"]) / size
                ax.barh(y, reach, left=100 * own["start"] / size, height=0.7, color=colour)
                keys.append(Patch(color=colour, label=label[lang == "en"]))
        ax.set_yticks(range(len(shown)), [value_label("doc_id", d, lang) for d in reversed(shown)])
        ax.set(xlim=(0, 100), ylim=(-0.7, len(shown) - 0.3))
        ax.set_xlabel(("在文中的位置（%）", "Place in the text (%)")[lang == "en"])
        ax.legend(handles=keys[::-1], loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3)
        ax.tick_params(axis="y", labelsize=6)
        finish(ax, note)
    return ax


def _places(passages: pd.DataFrame) -> pd.DataFrame:
    """Give each passage in both documents, with what is known of it there."""
    is_known = passages["source"] != ""
    relation = passages["relation"].where(passages["relation"] != "", "earlier")
    standing = {"a": pd.Series("first", index=passages.index, dtype="str"), "b": relation}
    sides = [
        passages[[f"doc_id_{s}", f"start_{s}", f"end_{s}"]]
        .set_axis(["doc_id", "start", "end"], axis=1)
        .assign(standing=of_side.where(is_known, "unknown"))
        for s, of_side in standing.items()
    ]
    return pd.concat(sides, ignore_index=True).drop_duplicates()


def _say_nothing(ax: Axes, lang: Language) -> None:
    ax.set_axis_off()
    ax.text(0.5, 0.5, ("没有共有的段落", "No passage is shared")[lang == "en"], ha="center", va="center")
