"""Problems against measures: one report as a matrix, and how many problems are answered beside what chance would answer."""

from __future__ import annotations

import re
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from burdenlab.figures.marks import call_experimental, key
from burdenlab.figures.style import GROUP_COLOURS, finish, new_axes, rc, value_label
from burdenlab.messages import Language, check_language, reason_text, with_chinese
from burdenlab.metrics.hand_agreement import said_agreement

__all__ = ["plot_remedy_coverage", "plot_remedy_matrix"]

_OPEN = "#FBE3D6"
_COLOUR = GROUP_COLOURS["horse"]
_LONGEST = {"zh": 16, "en": 16}  # of a heading, which stays in the language of the text
_COVERAGES = {
    "strict": ("标题主题", "By heading theme"),
    "lenient": ("任一主题", "By any theme"),
    "matched": ("主题、用语与位置", "By theme, wording and place"),
}


def plot_remedy_matrix(
    items: pd.DataFrame,
    pairs: pd.DataFrame,
    *,
    doc_id: str | None = None,
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the problems of one report against its measures; those without a partner are shaded.

    A full square is a match, a hollow one says that the themes of both headings meet without a match, a dot that some theme
    of theirs does. Headings stay as they are written.

    Parameters
    ----------
    items, pairs : DataFrame
        From ``find_items`` and ``match_remedies_experimental``.
    doc_id : str, optional
        The report; not needed where there is one only.
    lang, width, note, ax
        As in ``plot_theme_rates``.

    Returns
    -------
    Axes
        Problems down, measures across.

    Raises
    ------
    ValueError
        If the report is unknown, or has not both parts: not measurable here.
    """
    check_language(lang)
    own_items, own_pairs = _of_document(items, pairs, doc_id)
    problems = own_items[own_items["side"] == "problem"].sort_values("item_id")
    measures = own_items[own_items["side"] == "measure"].sort_values("item_id")
    y = {item: i for i, item in enumerate(problems["item_id"])}
    x = {item: i for i, item in enumerate(measures["item_id"])}
    met = own_pairs[own_pairs["matched"]]
    ax = ax or new_axes(width=width, height=4.6 + 0.52 * len(y))
    with mpl.rc_context(rc()):
        for item, row in y.items():
            if item not in set(met["problem_id"]):
                ax.axhspan(row - 0.5, row + 0.5, color=_OPEN, linewidth=0)
        for item, column in x.items():
            if item not in set(met["measure_id"]):
                ax.axvspan(column - 0.5, column + 0.5, color=_OPEN, linewidth=0)
        kinds = (
            (own_pairs["matched"], "s", _COLOUR, 5.0),
            (own_pairs["strict"] & ~own_pairs["matched"], "s", "white", 5.0),
            (own_pairs["lenient"] & ~own_pairs["strict"] & ~own_pairs["matched"], ".", "#999999", 3.0),
        )
        for chosen, marker, face, size in kinds:
            some = own_pairs[chosen]
            edge = _COLOUR if marker == "s" else "#999999"
            at = some["measure_id"].map(x), some["problem_id"].map(y)
            ax.plot(*at, marker, markersize=size, markerfacecolor=face, markeredgecolor=edge, linestyle="none")
        ax.set_yticks(range(len(y)), [_short(h, lang) for h in problems["heading"]])
        ax.set_xticks(range(len(x)), [_short(h, lang) for h in measures["heading"]], rotation=60, ha="right")
        ax.set(xlim=(-0.5, len(x) - 0.5), ylim=(len(y) - 0.5, -0.5))
        report = value_label("doc_id", own_items["doc_id"].iloc[0], lang)
        ax.set_xlabel((f"{report} 的举措（原标题）", f"Measures of {report} (headings as written)")[lang == "en"])
        ax.set_ylabel(("诊断事项", "Diagnosed problems")[lang == "en"])
        ax.grid(color="#EEEEEE")
        ax.legend(handles=_keys(lang), loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=4, handletextpad=0.3)
        call_experimental(ax, said_agreement("match_remedies_experimental", "matched", lang=lang))
        finish(ax, note, bare="both")
    return ax


def plot_remedy_coverage(
    estimates: pd.DataFrame,
    *,
    by: str | None = None,
    coverage: str = "strict",
    lang: Language = "zh",
    width: str | float = "double",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of problems that a measure answers, beside what measures of other reports would answer.

    The dot is the share with its interval (hollow without one), the diamond what is expected, the number at the right the lift,
    their ratio. A thin line shows how far the share could go where a text was cut off. A row without numbers
    says why.

    Parameters
    ----------
    estimates : DataFrame
        From ``remedy_coverage_experimental``. The average score ("soft") is not a share and is not drawn.
    by : str, optional
        A column of `estimates`: one row each of its values, for one coverage. One row a coverage where left out.
    coverage : {"strict", "lenient", "matched"}
        With `by`.
    lang, width, note, ax
        As in ``plot_theme_rates``.

    Returns
    -------
    Axes
        From 0 to 1.

    Raises
    ------
    ValueError
        If `coverage` is unknown, or `estimates` has several rows where one is drawn.
    """
    check_language(lang)
    if coverage not in _COVERAGES:
        msg = f"coverage={coverage!r}; one of {list(_COVERAGES)} is expected."
        raise with_chinese(ValueError(msg), f"coverage={coverage!r} 应为 {'、'.join(_COVERAGES)} 之一。")
    column = by or "coverage"
    rows = estimates[estimates["coverage"] == coverage] if by else estimates[estimates["coverage"].isin(_COVERAGES)]
    if rows[column].duplicated().any():
        msg = f"estimates has several rows for one {column}; name the column that tells them apart as by=."
        raise with_chinese(ValueError(msg), f"estimates 中同一 {column} 有多行;请用 by= 指明区分它们的列。")
    ax = ax or new_axes(width=width, height=2.8 + 0.5 * len(rows))
    with mpl.rc_context(rc()):
        for y, row in enumerate(rows.iloc[::-1].itertuples()):
            _share(ax, row, y, lang)
        labels = [_COVERAGES[str(v)][lang == "en"] if by is None else value_label(by, v, lang) for v in rows[column]]
        counts = [
            f"{answered}/{n}" if n else "–" for answered, n in zip(rows["n_answered"], rows["n_problems"], strict=True)
        ]
        ticks = [f"{label} ({count})" for label, count in zip(labels, counts, strict=True)]
        ax.set_yticks(range(len(rows)), ticks[::-1])
        ax.set(ylim=(-0.6, len(rows) - 0.4), xlim=(0, 1))
        zh = "有举措回应的诊断事项占比（括号内为件数）"
        if by:
            zh = f"{_COVERAGES[coverage][0]}：有举措回应的诊断事项占比（括号内为件数）"
        en = "Share of problems that a measure answers (counts)"
        if by:
            en = f"{_COVERAGES[coverage][1]}: share of problems that a measure answers (counts)"
        ax.set_xlabel(en if lang == "en" else zh)
        ax.grid(axis="x")
        said = (
            ("本文举措", "own measures"),
            ("其他文件的举措（预期）", "measures of others (expected)"),
            ("文本不完整：最多", "cut off: at most"),
        )
        own, other, most = (pair[lang == "en"] for pair in said)
        handles = [key(own, colour=_COLOUR), key(other, colour="#777777", marker="D", size=3.5, face="white")]
        if (rows["bound_high"] > rows["bound_low"]).any():
            handles.append(Line2D([], [], color="#999999", linewidth=0.7, label=most))
        if (rows["ci_low"].isna() & rows["estimate"].notna()).any():
            none = ("空心：件数太少，无区间", "hollow: too few for an interval")[lang == "en"]
            handles.append(key(none, colour=_COLOUR, face="white"))
        ax.legend(handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=len(handles))
        shown = [coverage] if by else list(_COVERAGES)
        parts = {c: _COVERAGES[c][lang == "en"].lower() for c in shown}
        call_experimental(ax, said_agreement("remedy_coverage_experimental", parts, lang=lang))
        finish(ax, note)
    return ax


def _share(ax: Axes, row: object, y: int, lang: Language) -> None:
    """Draw one row of coverage."""
    estimate, low, high = (getattr(row, name) for name in ("estimate", "ci_low", "ci_high"))
    if np.isnan(estimate):
        why = reason_text(str(getattr(row, "reason", "")), lang)
        said = (f"此处无法测量：{why}", f"not measurable here: {why}")[lang == "en"]
        ax.text(0.01, y, said, va="center", fontsize=6, color="#777777")
        return
    bound = getattr(row, "bound_high", estimate)
    if bound > estimate:
        ax.plot([estimate, bound], [y - 0.18, y - 0.18], color="#999999", linewidth=0.7)
    if not np.isnan(low):
        ax.plot([low, high], [y, y], color=_COLOUR, solid_capstyle="butt")
    expected, lift = getattr(row, "expected", np.nan), getattr(row, "lift", np.nan)
    if not np.isnan(expected):
        ax.plot([expected], [y], "D", color="#777777", markersize=3.5, markerfacecolor="white")
    if not np.isnan(lift):
        ax.annotate(
            f"{('提升度', 'lift')[lang == 'en']} {lift:.2f}", (1, y), xytext=(3, 0), textcoords="offset points",
            va="center", fontsize=6.5, annotation_clip=False,
        )  # fmt: skip
    face = "white" if np.isnan(low) else _COLOUR
    ax.plot([estimate], [y], "o", color=_COLOUR, markersize=4, markerfacecolor=face, clip_on=False)


def _of_document(items: pd.DataFrame, pairs: pd.DataFrame, doc_id: str | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    known = sorted(set(items["doc_id"]))
    if doc_id is None and len(known) != 1:
        msg = f"items has {len(known)} documents; name one as doc_id=."
        raise with_chinese(ValueError(msg), f"items 含 {len(known)} 份文件;请用 doc_id= 指定一份。")
    chosen = known[0] if doc_id is None else doc_id
    own_items, own_pairs = items[items["doc_id"] == chosen], pairs[pairs["doc_id"] == chosen]
    if own_pairs.empty:
        msg = f"document {chosen!r} has not both problems and measures: not measurable here. Choose one of pairs['doc_id']."
        raise with_chinese(
            ValueError(msg), f"{chosen!r} 没有既写问题又写举措:此处无法测量。请从 pairs['doc_id'] 中选一份。"
        )
    return own_items, own_pairs


def _short(heading: str, lang: Language) -> str:
    """Give a heading without its number and full stop, shortened: the CSV has it whole."""
    bare = re.sub(
        r"^(?:[（(]?[一二三四五六七八九十\d]+[）)、.．]+|[一二三四五六七八九十](?:是|要))\s*", "", heading
    ).rstrip("。")
    return bare if len(bare) <= _LONGEST[lang] else bare[: _LONGEST[lang] - 1] + "…"


def _keys(lang: Language) -> list[Line2D | Patch]:
    said = (
        ("对应", "match"),
        ("仅标题主题相同", "heading themes only"),
        ("仅某一主题相同", "some theme only"),
        ("没有对应", "without a partner"),
    )
    square: dict[str, Any] = {"marker": "s", "linestyle": "none", "markeredgecolor": _COLOUR, "markersize": 5}
    return [
        Line2D([], [], markerfacecolor=_COLOUR, label=said[0][lang == "en"], **square),
        Line2D([], [], markerfacecolor="white", label=said[1][lang == "en"], **square),
        Line2D([], [], marker=".", linestyle="none", color="#999999", markersize=3, label=said[2][lang == "en"]),
        Patch(color=_OPEN, label=said[3][lang == "en"]),
    ]
