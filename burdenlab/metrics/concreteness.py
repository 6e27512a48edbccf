"""How concrete texts are: specifics against boosters, promises that can be checked, results that are hard."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from burdenlab.messages import reason_text
from burdenlab.metrics.commitments import ELEMENTS
from burdenlab.metrics.estimates import estimate_table, group_cells, group_ratios
from burdenlab.metrics.said import Said, add_said, no_estimate
from burdenlab.metrics.sentence_means import COLUMNS, sentence_means
from burdenlab.metrics.specifics import SPECIFIC_CLASSES
from burdenlab.metrics.theme_counts import tally_themes
from burdenlab.resampling import check_level
from burdenlab.tables import check_keys

__all__ = ["commitment_quality_experimental", "hard_results", "specificity"]

# What SPECIFIC_CLASSES count for.
_SIDES = {
    "specific": ("number", "percentage", "date", "document", "unit"),
    "vague": ("booster",),
    "masked": ("masked",),
}
_ACTS: dict[str, Said] = {
    "target": ("写明可核对的目标", "name a checkable target"),
    "deadline": ("写明期限", "name a deadline"),
    "owner": ("写明责任者", "name an owner"),
    "output": ("写明可见的产出", "name a visible output"),
    "strict": ("同时写明目标、期限和责任者", "name target, deadline and owner together"),
    "number": ("带有数字", "come with a number"),
    "hard": ("带有数字且有基数或时段可比", "come with a number and a base or period"),
}


def specificity(
    specifics: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = "doc_id",
    documents: pd.DataFrame | None = None,
    cluster: str | None = None,
    level: float = 0.95,
    exclude: pd.DataFrame | Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    r"""Log ratio of specifics to boosters, in documents or groups of them.

    Parameters
    ----------
    specifics : DataFrame
        From ``find_specifics(sentences)``.
    sentences, by, documents, cluster, level, exclude
        As for ``theme_rates``.

    Returns
    -------
    DataFrame
        One row for each combination of `by`: the keys, ``estimate`` (SVR, in doublings; 0: as many specifics as boosters, +1:
        twice as many), ``ci_low``, ``ci_high``, ``n`` (clusters with text), ``reason``, ``n_specific``, ``n_vague``,
        ``n_masked``, then ``specific_rate``, ``vague_rate``, ``masked_rate`` (per 1,000 Han characters), ``n_han``,
        ``n_sentences``, ``n_documents``, ``said_zh``, ``said_en``. NaN with the reason ``n_zero`` without text; bounds NaN below 8
        clusters that have a specific or a booster (``n_small``), or where either never occurs (``few_hits``).

    Raises
    ------
    ValueError
        As ``theme_rates``.

    Notes
    -----
    :math:`\text{SVR} = \log_2 \frac{S + 0.5}{V + 0.5}` with S numbers, percentages, dates, documents and named units, and V
    boosters. What is masked (X县, 〔*〕%) counts on neither side: something specific was there. The interval is the delete-one
    interval of S/V, on the logarithm, moved by what the halves add. ``theme_rates(specifics, sentences, themes=SPECIFIC_CLASSES)``
    gives the rate of each class, ``examples(specifics, sentences)`` the sentences behind. A text can raise its SVR with invented
    numbers; genres differ, so compare within one. Composed after Dyer, Lang & Stice-Lawrence (2017),
    doi:10.1016/j.jacceco.2017.07.002, whose specificity counts named entities and numbers.

    Examples
    --------
    >>> import burdenlab as bl
    >>> from burdenlab.metrics.specifics import find_specifics
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> found = specificity(find_specifics(sentences), sentences, by=None)
    >>> bool(found.loc[0, "ci_low"] < found.loc[0, "estimate"] < found.loc[0, "ci_high"])
    True
    """
    check_level(level)
    keys = check_keys(by, taken=(*COLUMNS, "n_han", "n_sentences", "n_documents"))
    tally = tally_themes(
        specifics, sentences, themes=SPECIFIC_CLASSES, keys=keys, documents=documents, cluster=cluster, exclude=exclude
    )
    cells, counts = tally.cells, pd.DataFrame(tally.n_hits, columns=list(SPECIFIC_CLASSES))
    sides = {side: counts[list(classes)].sum(axis=1).to_numpy() for side, classes in _SIDES.items()}
    groups = group_cells(cells, keys)
    n = {side: groups.sums(of_side) for side, of_side in sides.items()}
    n_han, n_sentences = (groups.sums(cells[c].to_numpy()) for c in ("n_han", "n_sentences"))
    ratios = group_ratios(
        cells, groups, sides["specific"][:, None], sides["vague"], level=level, method="jackknife", within_text=cluster == "section_id"
    )  # fmt: skip
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = np.where(n_sentences > 0, np.log2((n["specific"] + 0.5) / (n["vague"] + 0.5)), np.nan)
        moved = estimate - np.log2(n["specific"] / n["vague"])
        bounds = np.column_stack([np.log2(ratios[bound].ravel()) + moved for bound in ("ci_low", "ci_high")])
    bounds[~np.isfinite(bounds).all(axis=1)] = np.nan
    # Without any booster there is text to count in all the same.
    one_sided = (n["specific"] == 0) | (n["vague"] == 0)
    reason = np.select([n_sentences == 0, one_sided], ["n_zero", "few_hits"], ratios["reason"].ravel().astype("str"))
    columns = {
        "estimate": estimate,
        "ci_low": bounds[:, 0],
        "ci_high": bounds[:, 1],
        "n": groups.distinct(cells["_cluster"], cells["n_sentences"].to_numpy() > 0),
        "reason": reason,
        **{f"n_{side}": of_side for side, of_side in n.items()},
        **{f"{side}_rate": 1000 * of_side / np.where(n_han > 0, n_han, np.nan) for side, of_side in n.items()},
        "n_han": n_han,
        "n_sentences": n_sentences,
        "n_documents": groups.distinct(cells["doc_id"]),
    }
    return add_said(estimate_table(groups, None, columns), partial(_say_specificity, level=level))


def commitment_quality_experimental(
    promises: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = "doc_id",
    documents: pd.DataFrame | None = None,
    cluster: str | None = None,
    level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
    exclude: pd.DataFrame | Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    """Share of plan sentences that name target, deadline, owner and output, and their mean score (experimental).

    Parameters
    ----------
    promises : DataFrame
        From ``commitments_experimental(sentences)``.
    sentences, by, documents, cluster, level, n_resamples, seed, exclude
        As for ``theme_rates``.

    Returns
    -------
    DataFrame
        One row for each combination of `by` and element: the keys, ``element`` (``target``, ``deadline``, ``owner``, ``output``;
        ``strict``: the first three together; ``score``: their number), ``estimate`` (a share in [0, 1]; of ``score`` the mean in
        [0, 4]), ``ci_low``, ``ci_high``, ``n`` (clusters with a plan), ``reason``, ``n_named`` (sentences; of ``score`` the sum of
        scores), ``n_plan`` (plan sentences), ``n_documents``, ``said_zh``, ``said_en``. NaN with the reason ``n_zero`` where no
        plan was seen, which does not say that nothing was planned. Of a single document the interval is Wilson's over its
        sentences (doi:10.1080/01621459.1927.10502953) and describes this text (``within_text``), for ``score`` there is none; else
        documents are resampled, bounds as of ``theme_rates``.

    Raises
    ------
    ValueError
        As ``theme_rates``; if `promises` names a sentence that `sentences` lacks.

    Notes
    -----
    The scores are experimental, see ``commitments_experimental``: elements are missed more often than invented, so that shares are too low.

    Examples
    --------
    >>> import burdenlab as bl
    >>> from burdenlab.metrics.commitments import commitments_experimental
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> found = commitment_quality_experimental(commitments_experimental(sentences), sentences, by=None).set_index("element")
    >>> bool(found.loc["strict", "estimate"] <= found.loc["owner", "estimate"])
    True
    """
    elements = (*ELEMENTS, "strict", "score")
    table = sentence_means(
        promises, sentences, "element", elements, ("n_named", "n_plan"), by=by, documents=documents, cluster=cluster, level=level,
        n_resamples=n_resamples, seed=seed, exclude=exclude,
    )  # fmt: skip
    return add_said(table, partial(_say_promises, level=level))


def hard_results(
    claims: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = "doc_id",
    documents: pd.DataFrame | None = None,
    cluster: str | None = None,
    level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
    exclude: pd.DataFrame | Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    r"""Share of claimed results that are told with a number, and with a number measured against something.

    Parameters
    ----------
    claims : DataFrame
        From ``result_claims(sentences, specifics)``.
    sentences, by, documents, cluster, level, n_resamples, seed, exclude
        As for ``theme_rates``.

    Returns
    -------
    DataFrame
        As of ``commitment_quality_experimental``, with ``kind`` (``number``: with a number; ``hard``: with a number and a base or period) in the
        place of ``element``, ``n_hard`` and ``n_claims`` (sentences) in that of ``n_named`` and ``n_plan``. NaN with the reason
        ``n_zero`` where no result is claimed.

    Raises
    ------
    ValueError
        As ``theme_rates``; if `claims` names a sentence that `sentences` lacks.

    Notes
    -----
    :math:`\text{hard} = n_\text{number and (base or period)} / n_\text{result claims}`: how it is told, not whether it is so.

    Examples
    --------
    >>> import burdenlab as bl
    >>> from burdenlab.metrics.result_claims import result_claims
    >>> from burdenlab.metrics.specifics import find_specifics
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> found = hard_results(result_claims(sentences, find_specifics(sentences)), sentences, by=None)
    >>> bool((found["n_hard"] <= found["n_claims"]).all())
    True
    """
    table = sentence_means(
        claims, sentences, "kind", ("number", "hard"), ("n_hard", "n_claims"), by=by, documents=documents, cluster=cluster, level=level,
        n_resamples=n_resamples, seed=seed, exclude=exclude,
    )  # fmt: skip
    thing, counted = ("句成效", "claimed results"), ("n_hard", "n_claims")
    return add_said(table, partial(_say_share, inner="kind", thing=thing, counted=counted, level=level))


def _say_specificity(row: dict[str, Any], *, level: float) -> Said:
    if math.isnan(row["estimate"]):
        return no_estimate(row["reason"])
    than = "至少一方一处也没有", "one of them does not occur"  # how many times nothing, none can say
    if row["n_specific"] and row["n_vague"]:
        times = 2 ** abs(row["estimate"])
        more = ("具体表述", "specifics") if row["estimate"] >= 0 else ("虚词", "boosters")
        than = f"{more[0]}是另一方的 {times:.1f} 倍", f"{more[1]} {times:.1f} times as often"
    zh, en = _interval(row, level)
    said = (
        "在 {n_han:,} 汉字中具体表述 {n_specific} 处,强调虚词 {n_vague} 处:{than[0]}(log2 {estimate:+.2f};{zh})。",
        "{n_specific} specifics against {n_vague} boosters in {n_han:,} Han characters: {than[1]} (log2 {estimate:+.2f}; {en}).",
    )
    if row["n_masked"]:
        said = said[0] + "另有 {n_masked} 处具体信息被隐去。", said[1] + " {n_masked} specifics were masked."
    filled = {**row, "than": than, "zh": zh, "en": en}
    return said[0].format_map(filled), said[1].format_map(filled)


def _say_promises(row: dict[str, Any], *, level: float) -> Said:
    if math.isnan(row["estimate"]):
        return no_estimate(row["reason"])
    if row["element"] == "score":
        zh, en = _interval(row, level)
        zh = f"{row['n_plan']} 句打算平均 {row['estimate']:.2f} 分(满分 4;{zh})。"
        en = f"{row['n_plan']} plan sentences score {row['estimate']:.2f} of 4 on average ({en})."
    else:
        thing, counted = ("句打算", "plan sentences"), ("n_named", "n_plan")
        zh, en = _say_share(row, inner="element", thing=thing, counted=counted, level=level)
    return f"{zh}试验性:会漏计。", f"{en} Experimental: promises are missed."


def _say_share(row: dict[str, Any], *, inner: str, thing: Said, counted: tuple[str, str], level: float) -> Said:
    if math.isnan(row["estimate"]):
        return no_estimate(row["reason"])
    act, (some, every), share = _ACTS[row[inner]], (row[name] for name in counted), f"{100 * row['estimate']:.0f}"
    zh, en = _interval(row, level, percent=True)
    return (
        f"{every} {thing[0]}中有 {some} 句{act[0]}({share}%;{zh})。",
        f"Of {every} {thing[1]} {some} {act[1]} ({share} %; {en}).",
    )


def _interval(row: Mapping[str, Any], level: float, *, percent: bool = False) -> Said:
    zh, en = reason_text(row["reason"], "zh"), reason_text(row["reason"])
    if math.isnan(row["ci_low"]):
        return f"不给区间:{zh}", f"no interval: {en}"
    low, high = (f"{100 * row[b]:.0f}" if percent else f"{row[b]:.2f}" for b in ("ci_low", "ci_high"))
    unit, note = ("%", " %") if percent else ("", ""), (f",{zh}", f", {en}") if row["reason"] else ("", "")
    return (
        f"{level:.0%} 区间 {low} 至 {high}{unit[0]}{note[0]}",
        f"{100 * level:g} % interval {low} to {high}{unit[1]}{note[1]}",
    )
