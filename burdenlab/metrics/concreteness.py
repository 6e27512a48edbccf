"""How concrete texts are: specifics against boosters, promises that can be checked, results that are hard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from burdenlab.metrics.commitments import ELEMENTS
from burdenlab.metrics.concreteness_said import say_claims, say_promises, say_specificity
from burdenlab.metrics.estimates import group_cells, group_ratios
from burdenlab.metrics.sentence_means import COLUMNS, sentence_means
from burdenlab.metrics.specifics import SPECIFIC_CLASSES
from burdenlab.metrics.theme_counts import tally_themes
from burdenlab.resampling import check_level
from burdenlab.tables import check_keys

__all__ = ["commitment_quality", "hard_results", "specificity"]

_SPECIFIC = ("number", "percentage", "date", "document", "unit")


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
        One row for each combination of `by`: the keys, ``estimate`` (SVR, in doublings; 0: as many specifics as boosters, +1: twice
        as many), ``ci_low``, ``ci_high``, ``n`` (clusters with text), ``reason``, ``n_specific``, ``n_vague``, ``n_masked``, then
        ``specific_rate``, ``vague_rate``, ``masked_rate`` (per 1,000 Han characters), ``n_han``, ``n_sentences``, ``n_documents``, ``said_zh``, ``said_en``.
        NaN with the reason ``n_zero`` without text. Bounds as of the delete-one interval: NaN below 8 clusters that have
        a specific or a booster (``n_small``), or where either never occurs (``few_hits``).

    Raises
    ------
    ValueError
        As ``theme_rates``.

    Notes
    -----
    :math:`\text{SVR} = \log_2 \frac{S + 0.5}{V + 0.5}` with S numbers, percentages, dates, documents and named units, and V boosters. What is
    masked (X县, 〔*〕%) counts on neither side: something specific was there. The interval is that of S/V, on the
    logarithm, moved by what the halves add. ``theme_rates(specifics, sentences, themes=SPECIFIC_CLASSES)`` gives the rate of
    each class with its interval, ``examples(specifics, sentences)`` the sentences behind. A text can raise its SVR with
    invented numbers; genres differ, so compare within one. Composed after Dyer, Lang & Stice-Lawrence (2017),
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
    sides = counts[list(_SPECIFIC)].sum(axis=1), counts["booster"], counts["masked"]
    specific, vague, masked = (side.to_numpy() for side in sides)
    groups = group_cells(cells, keys)
    n_specific, n_vague, n_masked = (groups.sums(side) for side in (specific, vague, masked))
    n_han, n_sentences = (groups.sums(cells[c].to_numpy()) for c in ("n_han", "n_sentences"))
    ratios = group_ratios(
        cells, groups, specific[:, None], vague, level=level, method="jackknife", within_text=cluster == "section_id"
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = np.where(n_sentences > 0, np.log2((n_specific + 0.5) / (n_vague + 0.5)), np.nan)
        moved = estimate - np.log2(n_specific / n_vague)
        low, high = (np.log2(ratios[bound].ravel()) + moved for bound in ("ci_low", "ci_high"))
    bounded = np.isfinite(low) & np.isfinite(high)
    # Without any booster there is text to count in all the same.
    reason = ratios["reason"].ravel().astype(object)
    one_sided = (n_sentences > 0) & ((n_vague == 0) | (n_specific == 0))
    reason = np.where(one_sided, "few_hits", np.where(n_sentences == 0, "n_zero", reason))
    columns: dict[str, Any] = {
        "estimate": estimate,
        "ci_low": np.where(bounded, low, np.nan),
        "ci_high": np.where(bounded, high, np.nan),
        "n": groups.distinct(cells["_cluster"], cells["n_sentences"].to_numpy() > 0),
        "reason": reason,
        "n_specific": n_specific,
        "n_vague": n_vague,
        "n_masked": n_masked,
        **{
            f"{name}_rate": np.divide(1000 * n, n_han, out=np.full(n_han.shape, np.nan), where=n_han > 0)
            for name, n in (("specific", n_specific), ("vague", n_vague), ("masked", n_masked))
        },
        "n_han": n_han,
        "n_sentences": n_sentences,
        "n_documents": groups.distinct(cells["doc_id"]),
    }
    table = groups.keys.assign(**columns).reset_index(drop=True)
    table = table.astype({key: cells[key].dtype for key in keys} | {"reason": "str"})
    return _say(table, say_specificity, level)


def commitment_quality(
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
    r"""Share of plan sentences that name target, deadline, owner and output, and their mean score (experimental).

    Parameters
    ----------
    promises : DataFrame
        From ``commitments(sentences)``.
    sentences, by, documents, cluster, level, n_resamples, seed, exclude
        As for ``theme_rates``.

    Returns
    -------
    DataFrame
        One row for each combination of `by` and element: the keys, ``element`` (``target``, ``deadline``, ``owner``, ``output``; ``strict``: the first
        three together; ``score``: their number), ``estimate`` (a share in [0, 1]; of ``score`` the mean in [0, 4]), ``ci_low``,
        ``ci_high``, ``n`` (clusters with a plan), ``reason``, ``n_named`` (sentences; of ``score`` the sum of scores), ``n_plan`` (plan sentences),
        ``n_documents``, ``said_zh``, ``said_en``. NaN with the reason ``n_zero`` where no plan was seen, which does not say that nothing was
        planned. Of a single document the interval is Wilson's over its sentences and describes this text
        (``within_text``), for ``score`` there is none; else documents are resampled, bounds as of ``theme_rates``.

    Raises
    ------
    ValueError
        As ``theme_rates``; if `promises` names a sentence that `sentences` lacks.

    Notes
    -----
    The scores are experimental, see ``commitments``: recall is 0.64 where it was measured anew, so that shares are too low.

    Examples
    --------
    >>> import burdenlab as bl
    >>> from burdenlab.metrics.commitments import commitments
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> found = commitment_quality(commitments(sentences), sentences, by=None).set_index("element")
    >>> bool(found.loc["strict", "estimate"] <= found.loc["owner", "estimate"])
    True
    """
    elements = (*ELEMENTS, "strict", "score")
    table = sentence_means(
        promises, sentences, "element", elements, ("n_named", "n_plan"), by=by, documents=documents, cluster=cluster, level=level,
        n_resamples=n_resamples, seed=seed, exclude=exclude,
    )  # fmt: skip
    return _say(table, say_promises, level)


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
        One row for each combination of `by` and kind: the keys, ``kind`` (``number``: with a number; ``hard``: with a number and a base or
        period), ``estimate`` in [0, 1], ``ci_low``, ``ci_high``, ``n`` (clusters with a result), ``reason``, ``n_hard``, ``n_claims`` (sentences),
        ``n_documents``, ``said_zh``, ``said_en``. NaN with the reason ``n_zero`` where no result is claimed. Of a single document the interval is
        Wilson's over its sentences and describes this text (``within_text``); else documents are resampled, bounds
        as of ``theme_rates``.

    Raises
    ------
    ValueError
        As ``theme_rates``; if `claims` names a sentence that `sentences` lacks.

    Notes
    -----
    :math:`\text{hard} = n_\text{number and (base or period)} / n_\text{result claims}`. Hard is how it is told, not whether it is so.
    Wilson (1927), doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> import burdenlab as bl
    >>> from burdenlab.metrics.specifics import find_specifics
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> from burdenlab.metrics.result_claims import result_claims
    >>> found = hard_results(result_claims(sentences, find_specifics(sentences)), sentences, by=None)
    >>> bool((found["n_hard"] <= found["n_claims"]).all())
    True
    """
    table = sentence_means(
        claims, sentences, "kind", ("number", "hard"), ("n_hard", "n_claims"), by=by, documents=documents, cluster=cluster, level=level,
        n_resamples=n_resamples, seed=seed, exclude=exclude,
    )  # fmt: skip
    return _say(table, say_claims, level)


def _say(table: pd.DataFrame, say: Any, level: float) -> pd.DataFrame:
    said = [say(row, level=level) for row in table.to_dict("records")]
    texts = {name: pd.Series([s[i] for s in said], dtype="str") for i, name in enumerate(("said_zh", "said_en"))}
    return table.assign(**texts)
