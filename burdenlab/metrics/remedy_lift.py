"""How much better the measures of a report answer its problems than measures of other reports would."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.metrics.estimates import Groups
from burdenlab.metrics.matches import Matcher
from burdenlab.permutation import permutation_p

__all__ = ["COVERAGES", "Tally", "lifts", "tally_answers"]

Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

COVERAGES = ("strict", "lenient", "matched", "soft")
_POOL = 500  # measures of other documents that a document's problems are held against
_FEWEST = 3  # other documents with measures that a comparison needs


class Tally(NamedTuple):
    """What each problem, or document without both parts, counts for."""

    cells: pd.DataFrame
    answered: Array  # (rows, coverages)
    alone: Array  # the same by what measures of other documents can have too: without the place, weighed alike
    is_problem: npt.NDArray[np.bool_]


def tally_answers(matcher: Matcher, of_documents: pd.DataFrame, threshold: float, within: bool) -> Tally:
    """Lay out the problems of documents with both parts, and one row without weight for each other document."""
    found = matcher.documents()
    nothing = np.empty(0, dtype=np.int64)
    rows, answered, alone = [], [], []
    for at, doc_id in enumerate(of_documents["doc_id"]):
        problems, measures = found.get(doc_id, (nothing, nothing))
        whole = len(problems) > 0 and len(measures) > 0
        rows += [(at, len(problems), len(measures), whole)] * (len(problems) if whole else 1)
        if whole:
            place = matcher.same_place(problems, measures).any(axis=1)
            alone.append(_best(matcher, problems, measures, threshold, alike=True).max(axis=1))
            answered.append(_best(matcher, problems, measures, threshold, alike=False).max(axis=1))
            answered[-1][:, COVERAGES.index("matched")] += place
        else:
            answered.append(np.zeros((1, len(COVERAGES))))
            alone.append(answered[-1])
    of, n_problems, n_measures, is_problem = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    cells = of_documents.iloc[of].reset_index(drop=True).assign(_n_problems=n_problems, _n_measures=n_measures)
    if within:
        # Inside its document, so that the draws depend on no other.
        cells["_cluster"] = cells.groupby("doc_id").cumcount().astype("str").str.zfill(6)
    none = np.zeros((0, len(COVERAGES)))
    return Tally(
        cells, np.minimum(np.concatenate([none, *answered]), 1), np.concatenate([none, *alone]), is_problem.astype(bool)
    )


def _best(matcher: Matcher, problems: Rows, measures: Rows, threshold: float, *, alike: bool) -> Array:
    """Give (problems, measures, coverages): what each measure, place apart, makes of each problem."""
    strict, lenient, _, score = matcher.compare(problems, measures, alike=alike)
    return np.stack([strict, lenient, score >= threshold, score], axis=2).astype(np.float64)


def _donors(measures: list[Rows], rng: np.random.Generator) -> tuple[Rows, Rows]:
    """Give measures document after document in an order drawn by lot, and the number of the document of each."""
    donors = [rng.permutation(measures[i]) for i in rng.permutation(len(measures))]
    sizes = np.array([len(donor) for donor in donors], dtype=np.int64)
    kept = slice(int(np.searchsorted(np.cumsum(sizes), _POOL)) + 1)
    pool = np.concatenate([np.empty(0, dtype=np.int64), *donors[kept]])
    return pool, np.repeat(np.arange(len(sizes))[kept], sizes[kept])


def lifts(
    matcher: Matcher, tally: Tally, groups: Groups, threshold: float, *, n_permutations: int, seed: int
) -> dict[str, Any]:
    """Hold the problems of each group against measures of other documents; see ``remedy_coverage_experimental``.

    A document's measures stay together as far as they go, for a list that names each theme once answers more than as many
    measures drawn one by one.
    """
    shape = (len(groups.keys), len(COVERAGES))
    lift, p, expected = np.full((3, *shape), np.nan)
    reason = np.full(shape, "n_few", dtype=object)
    found = matcher.documents()
    rng = np.random.default_rng(seed)
    pool, source = _donors([measures for _, (_, measures) in sorted(found.items()) if len(measures)], rng)
    for g in range(shape[0]):
        rows = groups.rows(g)
        rows = rows[tally.is_problem[rows]]
        doc_ids = tally.cells["doc_id"].to_numpy()[rows]
        observed, others, centre = np.zeros((3, shape[1]))
        sums, fewest = np.zeros((n_permutations, shape[1])), np.inf
        for doc_id in sorted(set(doc_ids)):
            problems, measures = found[doc_id]
            dealt = _dealt(matcher, problems, measures, pool, source, threshold)
            fewest = min(fewest, len(dealt))
            if fewest < _FEWEST:
                break
            own = tally.alone[rows[doc_ids == doc_id]].sum(axis=0)
            # Its own hand is one of those it could have been dealt: without it 7 to 9 of 100 nulls were called.
            hands = np.vstack([dealt, own])
            observed += own
            others += dealt.mean(axis=0)
            centre += hands.mean(axis=0)
            sums += hands[rng.integers(len(hands), size=n_permutations)]
        if len(rows) and fewest >= _FEWEST:
            expected[g] = others / len(rows)
            lift[g] = np.divide(observed, others, out=np.full(shape[1], np.nan), where=others > 0)
            p[g] = permutation_p(observed - centre, sums - centre)
            reason[g] = np.where(others > 0, "", "no_hits")
    reason[groups.sums(tally.is_problem.astype(np.int64)) == 0] = "n_zero"
    return {"lift": lift, "lift_p": p, "lift_reason": reason, "expected": expected}


def _dealt(matcher: Matcher, problems: Rows, measures: Rows, pool: Rows, source: Rows, threshold: float) -> Array:
    """Give how many problems each other document's measures would answer, as many as the document has; (others, coverages)."""
    is_other = ~np.isin(pool, measures)
    others, of = pool[is_other], source[is_other]
    starts = np.flatnonzero(np.diff(of, prepend=-1))
    if len(starts) < _FEWEST:
        return np.zeros((len(starts), len(COVERAGES)))
    drawn = (starts[:, None] + np.arange(len(measures))) % len(others)
    best = _best(matcher, problems, others, threshold, alike=True)
    return np.stack([best[:, drawn, j].max(axis=2).sum(axis=0) for j in range(len(COVERAGES))], axis=1)
