"""How many of the problems that reports diagnose are answered by a measure, and which are not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from burdenlab.messages import with_chinese
from burdenlab.metrics.estimates import estimate_table, group_cells, group_ratios, group_shares
from burdenlab.metrics.matches import THRESHOLD, WEIGHT, Matcher, check_share
from burdenlab.metrics.remedy_lift import COVERAGES, lifts, tally_answers
from burdenlab.metrics.said import Said, add_said, not_measurable
from burdenlab.metrics.theme_counts import OF_SENTENCES, lay_out
from burdenlab.resampling import SMALLEST_N
from burdenlab.tables import check_keys

__all__ = ["COVERAGES", "remedy_coverage_experimental", "remedy_orphans_experimental"]

_COLUMNS = (
    "coverage", "lift", "lift_p", "lift_reason", "expected", "estimate", "ci_low", "ci_high", "n", "reason", "bound_low",
    "bound_high", "n_answered", "n_problems", "n_measures", "n_documents", "n_truncated", "said_zh", "said_en",
)  # fmt: skip
_ANSWERS: dict[str, Said] = {
    "strict": ("标题主题相同或有桥相连", "whose heading is of the same or a bridged theme"),
    "lenient": ("任一主题相同或有桥相连", "that shares or bridges any theme with it"),
    "matched": ("主题、用语或所在位置相应", "that matches it by theme, wording or place"),
}
# What a row says, where each applies.
_SOFT = "与最接近的举措之间得分的平均为 {estimate:.3f}", "The best score of a problem is {estimate:.3f} on average"
_SHARE = (
    "{n_problems} 个诊断事项中有 {n_answered} 个有举措回应({answer};{estimate:.0%})",
    "{n_answered}/{n_problems} diagnosed problems ({estimate:.0%}) meet a measure {answer}",
)
_CUT = (
    ",文本不完整,介于 {bound_low:.0%} 与 {bound_high:.0%} 之间",
    "; the text is cut off, so between {bound_low:.0%} and {bound_high:.0%}",
)
_LIFT = (
    ";换成其他文件的举措预期为 {expected:.2f},提升度 {lift:.2f}(p = {lift_p:.3f})",
    "; with measures of other documents {expected:.2f}: lift {lift:.2f} (p = {lift_p:.3f})",
)
_FEW = ";个数过少,不给区间", "; too few for an interval"
_END = "。试验性指标。", ". Experimental."


def remedy_coverage_experimental(
    items: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = "doc_id",
    documents: pd.DataFrame | None = None,
    bridges: str | Path | None = None,
    threshold: float = THRESHOLD,
    weight: float = WEIGHT,
    level: float = 0.95,
    n_resamples: int = 2000,
    n_permutations: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """Share of the diagnosed problems that a measure of the same report answers; experimental, see Notes.

    Read ``lift`` first: a list of every measure there is answers every problem there is.

    Parameters
    ----------
    items : DataFrame
        From ``find_items``.
    by : str, sequence of str or None
        ``"doc_id"``, variables of documents (then `documents` is needed), or None for all together.
    documents : DataFrame, optional
        Table ``documents``: documents without items get a row that says so, and those whose text was cut off get bounds.
    bridges, threshold, weight
        As for ``match_remedies_experimental``.
    level, n_resamples, seed
        Of the interval: documents are drawn. Inside one document, which is described only, a problem is one case of a share
        (Wilson's interval); "soft" draws problems.
    n_permutations : int
        How often the documents are dealt measures anew, at least 1.

    Returns
    -------
    DataFrame
        Four rows for each value of `by`, one a ``coverage``: "strict" (subject against subject: by the heading), "lenient" (any
        theme), "matched" (see ``match_remedies_experimental``), "soft" (the mean over problems of the best score). ``lift``:
        coverage over ``expected``, its mean with measures of other documents (at least 0; 1: own measures answer no better than
        any; place left out, which others cannot share), ``lift_p`` (two-sided), ``lift_reason``; ``estimate`` in [0, 1],
        ``ci_low``, ``ci_high``, ``n`` (documents; problems inside one document), ``reason``; ``bound_low``, ``bound_high``: what it
        could be where a text was cut off (its open problems all unanswered, or all answered); ``n_answered`` (for "soft" by
        `threshold`), ``n_problems``, ``n_measures`` and ``n_documents`` (of documents with both parts), ``n_truncated`` of them,
        ``said_zh``, ``said_en``. NaN where no document has both parts: ``no_problems`` or ``no_measures``.

    Raises
    ------
    ValueError
        If `items` is no such table, or a variable is unknown.

    Notes
    -----
    **Experimental**: against hand codes, on documents not looked at, strict κ 0.17 (95%: -0.16 to 0.49), lenient κ 0.14
    (95%: -0.19 to 0.46), matched κ 0.54 (95%: 0.10 to 0.82); goal 0.75, of the problems on whose coverage two blind coders
    (language models) agree; more in ``hand_agreement``. By hand most problems are answered, so that few errors weigh
    much: compare documents and read the orphans, do not quote the share.
    Heading themes understate where the codebook knows no word of a heading, any theme overstates.

    Other measures are as many as the document has, of another document, and of the next in an order drawn by lot where that has too
    few. The test deals each document one of these hands or its own; with no more than a few documents p cannot be small. Wording is
    shared inside a document for other reasons than remedies (names, style): the lift of "strict" is the safest. For the lift pairs
    of characters are weighed by the problems alone, so that own and other measures are weighed alike.

    Examples
    --------
    >>> import burdenlab as bl
    >>> from burdenlab.metrics.items import find_items
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sections = bl.split_sections(documents)
    >>> sentences = bl.split_sentences(documents, sections)
    >>> items = find_items(sections, sentences, bl.find_hits(sentences, bl.load_codebook()))
    >>> coverage = remedy_coverage_experimental(items, by=None, n_permutations=99).set_index("coverage")
    >>> bool(coverage.loc["strict", "n_answered"] < coverage.loc["lenient", "n_answered"])
    True
    """
    keys = check_keys(by, taken=(*_COLUMNS, *OF_SENTENCES))
    check_share("threshold", threshold)
    if n_permutations < 1:
        msg = f"n_permutations={n_permutations}; at least 1 is expected, 999 are usual."
        raise with_chinese(ValueError(msg), f"n_permutations={n_permutations} 应至少为 1,通常取 999。")
    matcher = Matcher(items, bridges=bridges, weight=weight)
    within = "doc_id" in keys
    counts = items.groupby("doc_id", as_index=False).size().assign(n_han=0).rename(columns={"size": "n_sentences"})
    of_documents, _ = lay_out(counts, keys=keys, documents=documents)
    tally = tally_answers(matcher, of_documents, threshold, within)
    cells, groups = tally.cells, group_cells(tally.cells, keys)
    options: dict[str, Any] = {"level": level, "n_resamples": n_resamples, "seed": seed, "within_text": within}
    is_met = tally.answered > 0
    parts = [group_shares(cells, groups, is_met[:, j], tally.is_problem, **options) for j in range(len(COVERAGES) - 1)]
    parts.append(group_ratios(cells, groups, tally.answered[:, -1:], tally.is_problem.astype(float), most=1, **options))
    ratios = {name: np.column_stack([part[name] for part in parts]) for name in parts[0]}
    n_problems = groups.sums(tally.is_problem.astype(np.int64))[:, None]
    best = tally.answered[:, COVERAGES.index("soft"), None] >= threshold
    met = np.where(np.array(COVERAGES) == "soft", best, is_met) & tally.is_problem[:, None]
    n_answered = groups.sums(met.astype(np.int64))
    cut = cells["_truncated"].to_numpy() & tally.is_problem
    open_still = groups.sums(np.where(cut[:, None], 1 - tally.answered, 0.0))
    drawn = lifts(matcher, tally, groups, threshold, n_permutations=n_permutations, seed=seed)
    has_problems = groups.sums(cells["_n_problems"].to_numpy()) > 0
    none = np.where(has_problems, "no_measures", "no_problems")
    measurable = n_problems > 0
    estimate = ratios["estimate"]
    first = tally.is_problem & ~cells.duplicated("doc_id").to_numpy()
    columns: dict[str, Any] = {
        **drawn,
        **ratios,
        "reason": np.where(measurable, ratios["reason"], none[:, None]),
        "bound_low": estimate,
        "bound_high": estimate + np.divide(open_still, n_problems, out=np.zeros_like(open_still), where=measurable),
        "n_answered": n_answered,
        "n_problems": n_problems,
        "n_measures": groups.sums(np.where(first, cells["_n_measures"], 0))[:, None],
        "n_documents": groups.sums(first.astype(np.int64))[:, None],
        "n_truncated": groups.sums((first & cut).astype(np.int64))[:, None],
    }
    table = estimate_table(groups, ("coverage", COVERAGES), columns)
    return add_said(table, _say)


def remedy_orphans_experimental(
    items: pd.DataFrame,
    pairs: pd.DataFrame,
    *,
    coverage: Literal["strict", "lenient", "matched"] = "matched",
) -> pd.DataFrame:
    """Name the problems that no measure answers, and the measures that answer no problem.

    Parameters
    ----------
    items, pairs : DataFrame
        From ``find_items`` and ``match_remedies_experimental``.
    coverage : {"strict", "lenient", "matched"}
        What counts as an answer. Experimental, see there.

    Returns
    -------
    DataFrame
        The rows of `items` of documents with both parts that have no partner, problems first in each document.

    Raises
    ------
    ValueError
        If `coverage` is none of these.

    Examples
    --------
    >>> import burdenlab as bl
    >>> from burdenlab.metrics.items import find_items
    >>> from burdenlab.metrics.matches import match_remedies_experimental
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sections = bl.split_sections(documents)
    >>> sentences = bl.split_sentences(documents, sections)
    >>> items = find_items(sections, sentences, bl.find_hits(sentences, bl.load_codebook()))
    >>> sorted(set(remedy_orphans_experimental(items, match_remedies_experimental(items))["side"]))
    ['measure', 'problem']
    """
    if coverage not in COVERAGES[:3]:
        msg = f"coverage={coverage!r}; one of {list(COVERAGES[:3])} is expected."
        raise with_chinese(ValueError(msg), f"coverage={coverage!r} 应为 {'、'.join(COVERAGES[:3])} 之一。")
    met = pairs[pairs[coverage]]
    partnered = [
        met[["doc_id", f"{side}_id"]].set_axis(["doc_id", "item_id"], axis=1) for side in ("problem", "measure")
    ]
    has_partner = pd.MultiIndex.from_frame(items[["doc_id", "item_id"]]).isin(
        pd.MultiIndex.from_frame(pd.concat(partnered))
    )
    orphans = items[~has_partner & items["doc_id"].isin(pairs["doc_id"])]
    order = orphans.assign(_measure=orphans["side"] == "measure").sort_values(["doc_id", "_measure", "item_id"])
    return order.drop(columns="_measure").reset_index(drop=True)


def _say(row: dict[str, Any]) -> Said:
    if not row["n_problems"]:
        zh, en = not_measurable(
            "没有既写问题又写举措的文件", "no document has both a part with problems and a part with measures"
        )
        return f"{zh}试验性指标。", f"{en} Experimental."
    told = (
        (_SHARE, row["coverage"] != "soft"), (_SOFT, row["coverage"] == "soft"), (_CUT, row["bound_high"] > row["bound_low"]),
        (_LIFT, not np.isnan(row["lift"])), (_FEW, row["n"] < SMALLEST_N), (_END, True),
    )  # fmt: skip
    answers = _ANSWERS.get(row["coverage"], ("", ""))
    zh, en = (
        "".join(said[i] for said, is_told in told if is_told).format_map({**row, "answer": answer})
        for i, answer in enumerate(answers)
    )
    return zh, en
