"""Formulaicness: how much of a text is wording that several independent documents share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit, stdtrit

from burdenlab.messages import with_chinese
from burdenlab.metrics.estimates import group_cells
from burdenlab.metrics.formulas import FormulaCorpus, check_ids, formula_corpus
from burdenlab.metrics.said import Said, add_said, no_estimate
from burdenlab.metrics.theme_counts import lay_out
from burdenlab.resampling import SMALLEST_N, SURE_N, check_level
from burdenlab.tables import check_keys

__all__ = ["formulaic_sentences", "formulaicness"]

Places = npt.NDArray[np.int64]

_COLUMNS = {
    "estimate": "float64", "ci_low": "float64", "ci_high": "float64", "n": "int64", "reason": "str",
    "n_han_formulaic": "int64", "n_han": "int64", "n_han_masked": "int64", "n_sentences": "int64",
    "n_documents": "int64", "n_reference": "int64", "k": "int64", "shingle": "int64", "said_zh": "str",
    "said_en": "str",
}  # fmt: skip


def formulaicness(
    documents: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = "move",
    k: int = 3,
    n: int = 8,
    target: Collection[str] | None = None,
    reference: Collection[str] | None = None,
    duplicates: pd.DataFrame | None = None,
    cluster: str | None = None,
    within: pd.DataFrame | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Share of Han characters in wording that at least k other, independent documents have word for word.

    Quoting an official document is no formula: sentences that are quotations, and titles between 《》, count neither as
    text nor as wording that is shared.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``, with the variables of `by` and `cluster`.
    sentences : DataFrame
        Table ``sentences``. Leave out rows that nobody wrote as text (a site's note): what stood on either side of a row
        left out is not joined.
    by : str, list of str or None
        As for ``theme_rates``: ``"move"``, ``"doc_id"``, document variables, several of them, or None for all together.
    k : int
        How many others must have it. 1 is borrowing from anybody, 3 and more is common property.
    n : int
        Han characters of a shingle. Eight in a row are shared by many documents only where they are a phrase.
    target : collection of str, optional
        The documents to measure; all of them where left out.
    reference : collection of str, optional
        The documents in which wording is looked up; all of them where left out. **F grows with their number**: compare
        only what was measured against one reference with one k.
    duplicates : DataFrame, optional
        From ``find_duplicates``, which is called where this is left out. Documents of a cluster count as one, and its
        representative is the one that is measured (with ``by="doc_id"`` all are).
    cluster : str, optional
        The document variable whose values are not independent either, such as the region of yearly reports.
    within : DataFrame, optional
        Only these sentences are measured (``doc_id``, ``sentence_id``), or only these documents (``doc_id``): the hits
        of ``burden_naming``, for the formulas in sentences that denounce formalism. The reference stays whole.
    level : float

    Returns
    -------
    DataFrame
        One row for each value of `by`: the keys, ``estimate`` in [0, 1], ``ci_low``, ``ci_high``, ``n`` (independent
        documents measured), ``reason``, ``n_han_formulaic`` of ``n_han`` (without the ``n_han_masked``),
        ``n_sentences``, ``n_documents``, ``n_reference`` (independent documents), ``k``, ``shingle`` (n), ``said_zh``,
        ``said_en``. NaN with ``n_zero`` without text and with ``small_reference`` where no k others are there. Bounds are
        NaN below 8 documents measured or referred to (``n_small``), where nothing or everything is formulaic
        (``no_variation``) or would be without one document (``few_hits``). ``within_text``: one document (or one cluster)
        is measured as it stands, and the interval tells only how much hangs on who is in the reference.
        ``formulaic_sentences`` gives the sentences behind a row.

    Raises
    ------
    ValueError
        If an option is out of range, an id or a variable is unknown.

    Notes
    -----
    The interval is a delete-one jackknife over independent documents on the logit, with t: each is taken out of the
    reference and of what is measured,
    :math:`s^2 = \sum_s \frac{n_s - 1}{n_s} \sum_{i \in s} (\theta_{(i)} - \bar\theta_s)^2` over the strata of documents
    that are measured, referred to, or both. It speaks of another reference of the same size. For a measure that is no
    sum the jackknife is wide rather than narrow (Efron & Stein).
    A small reference makes F small whatever the text; a reference of one genre makes the genre's own terms look like
    formulas.

    References
    ----------
    Dyer, Lang & Stice-Lawrence (2017), doi:10.1016/j.jacceco.2017.07.002, on boilerplate; Efron & Stein (1981),
    doi:10.1214/aos/1176345462.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> formulas = formulaicness(documents, sentences, k=2)
    >>> bool(formulas["estimate"].between(0, 1).all()), formulas["n_reference"].unique().tolist()
    (True, [18])
    """
    check_level(level)
    keys = check_keys(by, taken=tuple(_COLUMNS))
    corpus = formula_corpus(documents, sentences, duplicates, cluster, reference, k=k, n=n)
    check_ids("target", target, documents["doc_id"])
    measured = _measured(corpus, target, within, is_whole="doc_id" in keys)
    found = corpus.formulas
    exposure = corpus.sentences[["doc_id", "section_id", "section_move", "move"]].assign(
        n_han=found.n_han, n_sentences=1
    )
    kept = documents if target is None and within is None and "doc_id" in keys else None
    kept = documents[documents["doc_id"].isin(corpus.sentences["doc_id"][measured])] if kept is None else kept
    cells, cell_of = lay_out(exposure[measured], keys=keys, documents=kept)
    groups = group_cells(cells, keys)
    group = np.full(len(exposure), -1)
    group[measured] = np.append(groups.numbers(), -1)[cell_of]  # the last stands for none
    members = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[members], np.arange(len(groups.keys) + 1))
    lost = _lost_by_group(found.lost, group, len(groups.keys))
    rows = [
        (*_estimate(corpus, members[bounds[g] : bounds[g + 1]], lost[g], k=k, level=level), corpus.referred.size, k, n)
        for g in range(len(groups.keys))
    ]
    dtypes = {column: dtype for column, dtype in _COLUMNS.items() if "said" not in column}
    values = pd.DataFrame(rows, columns=list(dtypes)).astype(dtypes)
    table = pd.concat([groups.keys.reset_index(drop=True), values], axis=1)
    return add_said(table, partial(_say, keys=keys, level=level))


def formulaic_sentences(
    documents: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    k: int = 3,
    n: int = 8,
    reference: Collection[str] | None = None,
    duplicates: pd.DataFrame | None = None,
    cluster: str | None = None,
) -> pd.DataFrame:
    """Tell how much of each sentence is wording that at least k other, independent documents have.

    Parameters
    ----------
    documents, sentences, k, n, reference, duplicates, cluster
        As for ``formulaicness``.

    Returns
    -------
    DataFrame
        One row a sentence, by ``doc_id`` and ``sentence_id``: ``n_han`` (not masked), ``n_han_masked``,
        ``n_han_formulaic``, ``formulaic_share`` in [0, 1], NaN where everything is masked.

    Raises
    ------
    ValueError
        As ``formulaicness``.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> found = formulaic_sentences(documents, sentences)
    >>> len(found) == len(sentences)
    True
    """
    corpus = formula_corpus(documents, sentences, duplicates, cluster, reference, k=k, n=n)
    found = corpus.formulas
    share = np.divide(found.n_formulaic, found.n_han, out=np.full(found.n_han.size, np.nan), where=found.n_han > 0)
    return corpus.sentences[["doc_id", "sentence_id"]].assign(
        n_han=found.n_han, n_han_masked=found.n_masked, n_han_formulaic=found.n_formulaic, formulaic_share=share
    )


def _measured(
    corpus: FormulaCorpus, target: Collection[str] | None, within: pd.DataFrame | None, *, is_whole: bool
) -> npt.NDArray[np.bool_]:
    """Flag the sentences that are measured."""
    rows = corpus.sentences
    measured = np.ones(len(rows), dtype=bool) if is_whole else ~corpus.is_copy
    if target is not None:
        measured &= rows["doc_id"].isin(list(target)).to_numpy()
    if within is not None:
        named = [column for column in ("doc_id", "sentence_id") if column in within.columns]
        if "doc_id" not in named:
            msg = f"within has the columns {list(within.columns)}; doc_id, and sentence_id to name sentences, are expected."
            raise with_chinese(
                ValueError(msg), f"within 的列是 {list(within.columns)};需要 doc_id,若指句子还需要 sentence_id。"
            )
        measured &= pd.MultiIndex.from_frame(rows[named]).isin(pd.MultiIndex.from_frame(within[named]))
    return measured


def _lost_by_group(lost: pd.DataFrame, group: Places, n_groups: int) -> list[tuple[Places, Places]]:
    """Give for each group the units that it would lose characters without, and how many."""
    own = lost.assign(group=group[lost["row"]])
    sums = own[own["group"] >= 0].groupby(["group", "unit"], as_index=False, sort=True)["n"].sum()
    bounds = np.searchsorted(sums["group"], np.arange(n_groups + 1))
    units, n = sums["unit"].to_numpy(dtype=np.int64), sums["n"].to_numpy(dtype=np.int64)
    return [(units[a:b], n[a:b]) for a, b in pairwise(bounds.tolist())]


def _estimate(
    corpus: FormulaCorpus, rows: Places, lost: tuple[Places, Places], *, k: int, level: float
) -> tuple[object, ...]:
    found = corpus.formulas
    rows = rows[found.n_han[rows] + found.n_masked[rows] > 0]
    own, at = np.unique(corpus.unit[rows], return_inverse=True)
    covered, size = (np.bincount(at, n_han[rows]).astype(np.int64) for n_han in (found.n_formulaic, found.n_han))
    own, covered, size = own[size > 0], covered[size > 0], size[size > 0]
    estimate = low = high = np.nan
    reason = "small_reference" if own.size else "n_zero"
    if own.size and corpus.referred.size > k:
        estimate = covered.sum() / size.sum()
        low, high, reason = _interval(corpus.referred, own, covered, size, lost, level)
    n_masked, n_documents = int(found.n_masked[rows].sum()), np.unique(corpus.document[rows]).size
    return (
        estimate, low, high, own.size, reason, int(covered.sum()), int(size.sum()), n_masked, rows.size, n_documents,
    )  # fmt: skip


def _interval(
    referred: Places, own: Places, covered: Places, size: Places, lost: tuple[Places, Places], level: float
) -> tuple[float, float, str]:
    """Take out one independent document after the other; a text by itself stays, and only its reference changes."""
    is_text = own.size == 1
    fewest = referred.size if is_text else min(referred.size, own.size)
    prefix = "within_text;" if is_text else ""
    if fewest < SMALLEST_N:
        return np.nan, np.nan, f"{prefix}n_small"
    # Only what changes without a document is worked out: its own characters, and those that hang on it.
    taken = own[:0] if is_text else own
    units = np.union1d(taken, lost[0])
    less, shorter = np.zeros((2, units.size), dtype=np.int64)
    less[np.searchsorted(units, lost[0])] += lost[1]
    less[np.searchsorted(units, taken)] += covered[: taken.size]
    shorter[np.searchsorted(units, taken)] += size[: taken.size]
    share = (covered.sum() - less) / (size.sum() - shorter)
    whole = covered.sum() / size.sum()
    if (share == whole).all():
        return np.nan, np.nan, f"{prefix}no_variation"
    if not ((share > 0) & (share < 1)).all() or not 0 < whole < 1:
        return np.nan, np.nan, f"{prefix}few_hits"
    change = logit(share) - logit(whole)
    is_referred, is_own = np.isin(units, referred), np.isin(units, taken)
    n_both = np.isin(own, referred).sum()
    sizes = [referred.size - n_both, *([0, 0] if is_text else [own.size - n_both, n_both])]
    squares = 0.0
    for n, stratum in zip(sizes, (is_referred & ~is_own, is_own & ~is_referred, is_referred & is_own), strict=True):
        if n:
            squares += (n - 1) / n * ((change[stratum] ** 2).sum() - change[stratum].sum() ** 2 / n)
    freedom = sum(sizes) - sum(n > 0 for n in sizes)
    reach = float(np.sqrt(squares)) * float(stdtrit(freedom, (1 + level) / 2))
    rough = "n_low" if fewest < SURE_N else ""
    return float(expit(logit(whole) - reach)), float(expit(logit(whole) + reach)), f"{prefix}{rough}".strip(";")


def _say(row: Mapping[str, Any], *, keys: Sequence[str], level: float) -> Said:
    which = "、".join(f"{key}={row[key]}" for key in keys), ", ".join(f"{key} {row[key]}" for key in keys)
    zh, en = (f"{which[0]}:", f"{which[1]}: ") if keys else ("", "")
    if np.isnan(row["estimate"]):
        why = no_estimate(row["reason"])
        return zh + why[0], en + why[1]
    share = f"{100 * row['estimate']:.1f}"
    spread = "无区间", "no interval"
    if not np.isnan(row["ci_low"]):
        bounds = [f"{100 * row[bound]:.1f}" for bound in ("ci_low", "ci_high")]
        spread = f"{level:.0%} 区间 {bounds[0]}%–{bounds[1]}%", f"{level:.0%} interval {bounds[0]}–{bounds[1]} %"
    return (
        f"{zh}{share}% 的汉字({row['n_han']} 字中的 {row['n_han_formulaic']} 字)是另有至少 {row['k']} 份独立文件也写着的"
        f"{row['shingle']}字以上的话({spread[0]};测量 {row['n']} 份,参照 {row['n_reference']} 份)。",
        f"{en}{share} % of the Han characters ({row['n_han_formulaic']} of {row['n_han']}) stand in wording of "
        f"{row['shingle']} characters or more that at least {row['k']} other independent document{'s have' if row['k'] > 1 else ' has'} ({spread[1]}; "
        f"{row['n']} measured, {row['n_reference']} referred to).",
    )
