"""Kinds of causes and whom they blame, as stacked bars."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from burdenlab.figures.marks import call_experimental
from burdenlab.figures.style import finish, new_axes, rc
from burdenlab.messages import Language, check_language
from burdenlab.metrics.hand_agreement import said_agreement

__all__ = ["plot_attribution"]

_TYPES = {
    "structural": ("体制机制", "Structural"),
    "subjective": ("主观因素", "Subjective"),
    "external": ("外部条件", "External"),
    "": ("不明", "Undetermined"),
}
# Okabe & Ito's palette: up blue, down vermilion; nobody pale.
_ACTORS = {
    "superior": ("上级", "Superiors", "#0072B2"),
    "peer_dept": ("同级部门", "Peer departments", "#56B4E9"),
    "self": ("本单位", "Who speaks", "#009E73"),
    "grassroots_staff": ("基层人员", "Grassroots staff", "#D55E00"),
    "public": ("群众", "The public", "#CC79A7"),
    "none": ("未归咎于人", "Nobody", "#D9D9D9"),
}


def plot_attribution(
    causes: pd.DataFrame,
    *,
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw how many causes of each kind blame whom.

    Parameters
    ----------
    causes : DataFrame
        From ``find_causes_experimental``, filtered as it should be drawn.
    lang, width, note, ax
        As in ``plot_theme_rates``.

    Returns
    -------
    Axes
        One bar a kind, a segment an actor with its number.
    """
    check_language(lang)
    counts = pd.crosstab(causes["type"], causes["blamed"]).reindex(
        index=[t for t in _TYPES if t or (causes["type"] == "").any()], columns=list(_ACTORS), fill_value=0
    )
    ax = ax or new_axes(width=width, height=3.2 + 0.8 * len(counts))
    with mpl.rc_context(rc()):
        left = pd.Series(0, index=counts.index)
        places = range(len(counts))[::-1]
        for actor, (zh, en, colour) in _ACTORS.items():
            if not counts[actor].any():
                continue
            bars = ax.barh(
                places, counts[actor], left=left, height=0.62, color=colour, edgecolor="white", linewidth=0.6, label=en if lang == "en" else zh
            )  # fmt: skip
            dark = actor in ("superior", "self", "grassroots_staff")
            ax.bar_label(
                bars, labels=[str(n) if n else "" for n in counts[actor]], label_type="center", fontsize=7,
                color="white" if dark else "black",
            )  # fmt: skip
            left = left + counts[actor]
        totals = counts.sum(axis=1)
        ax.set_yticks(places, [f"{_TYPES[t][lang == 'en']} ({n})" for t, n in totals.items()])
        ax.set(xlim=(0, max(totals.max() * 1.04, 1)), ylim=(-0.6, len(counts) - 0.4))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_xlabel(("成因条数", "Number of causes")[lang == "en"])
        ax.grid(axis="x")
        if totals.sum():
            ax.legend(
                loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=6 if ax.figure.bbox.width / ax.figure.dpi > 5 else 2, columnspacing=1.2, handlelength=1.2,
                title=("归咎对象", "Blamed")[lang == "en"], title_fontsize=7, alignment="left",
            )  # fmt: skip
        else:
            ax.text(
                0.5, 0.5, ("此处无法测量：没有点明成因", "not measurable here: no causes are named")[lang == "en"],
                transform=ax.transAxes, ha="center", va="center", fontsize=7, color="#777777",
            )  # fmt: skip
        parts = {
            "type": ("成因类型", "kinds of causes")[lang == "en"],
            "blamed": ("归咎对象", "whom they blame")[lang == "en"],
        }
        call_experimental(ax, said_agreement("find_causes_experimental", parts, lang=lang))
        finish(ax, note)
    return ax
