"""Means over sentences that were told apart, such as promises and claims, with intervals between documents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.messages import with_chinese
from burdenlab.metrics.estimates import estimate_table, group_cells, group_ratios
from burdenlab.metrics.theme_counts import count_text, lay_out, leave_out
from burdenlab.resampling import check_level
from burdenlab.tables import Rows, check_keys, check_table, sentence_rows
from burdenlab.uncertainty import wilson_interval

__all__ = ["COLUMNS", "sentence_means"]

# What the results have besides the keys that they are asked by.
COLUMNS = ("estimate", "ci_low", "ci_high", "n", "reason", "element", "kind", "said_zh", "said_en")
_MOST = 4  # the highest score


def sentence_means(
    told: pd.DataFrame,
    sentences: pd.DataFrame,
    inner: str,
    names: Sequence[str],
    counted: tuple[str, str],
    *,
    by: str | Sequence[str] | None,
    documents: pd.DataFrame | None = None,
    cluster: str | None = None,
    exclude: pd.DataFrame | Sequence[pd.DataFrame] = (),
    level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Average columns of a table of sentences over documents or groups of them, with intervals.

    Parameters
    ----------
    told : DataFrame
        One row a sentence that counts: ``doc_id``, ``sentence_id`` and the columns `names`.
    sentences : DataFrame
        Table ``sentences`` that it was made from.
    inner : str
        Of the result: the key that holds `names`.
    names : sequence of str
        Columns of 0 and 1, or ``"score"`` from 0 to 4.
    counted : tuple of str
        What the sum and the number of rows are called in the result.
    by, documents, cluster, exclude, level, n_resamples, seed
        As for ``theme_rates``.

    Returns
    -------
    DataFrame
        The keys, `inner`, ``estimate``, ``ci_low``, ``ci_high``, ``n``, ``reason``, the two counts, ``n_documents``.

    Raises
    ------
    ValueError
        If `told` names a sentence that `sentences` lacks, or options do not fit.

    Examples
    --------
    >>> from burdenlab.tables import make_table
    >>> told = pd.DataFrame({"doc_id": [], "sentence_id": [], "hard": []}).astype({"doc_id": "str", "sentence_id": "int64"})
    >>> sentence_means(told, make_table("sentences", []), "kind", ["hard"], ("n_hard", "n_claims"), by=None)["reason"].tolist()
    ['n_zero']
    """
    check_level(level)
    keys = check_keys(by, taken=(*COLUMNS, *counted, "n_documents"))
    check_table(sentences, "sentences")
    (told, sentences), gone = leave_out(exclude, told, sentences)
    cells, cell_of = lay_out(count_text(sentences), keys=keys, documents=documents, cluster=cluster, gone=gone)
    sums = _sums(told, sentences, cell_of, len(cells), names)
    n_told, groups = sums[:, -1], group_cells(cells, keys)
    means = group_ratios(
        cells, groups, sums[:, :-1], n_told,
        level=level, n_resamples=n_resamples, seed=seed, within_text=cluster == "section_id", most=_MOST,
    )  # fmt: skip
    totals, n_all = groups.sums(sums[:, :-1]), groups.sums(n_told)
    is_share = np.array([name != "score" for name in names])
    if "doc_id" in keys and cluster is None:
        # Single documents are described by Wilson's interval over their sentences.
        met, every = totals[:, is_share], np.repeat(n_all[:, None], is_share.sum(), axis=1)
        low, high, _ = wilson_interval(met.ravel(), every.ravel(), level=level)
        means["ci_low"][:, is_share], means["ci_high"][:, is_share] = low.reshape(met.shape), high.reshape(met.shape)
        means["reason"][:, is_share] = np.where(every > 0, "within_text", "n_zero")
    means["ci_high"] = np.where(is_share, np.minimum(means["ci_high"], 1), means["ci_high"])
    columns = {
        **{name: means[name] for name in ("estimate", "ci_low", "ci_high", "n", "reason")},
        counted[0]: totals,
        counted[1]: n_all[:, None],
        "n_documents": groups.distinct(cells["doc_id"])[:, None],
    }
    return estimate_table(groups, (inner, list(names)), columns)


def _sums(
    told: pd.DataFrame, sentences: pd.DataFrame, cell_of: Rows, n_cells: int, names: Sequence[str]
) -> npt.NDArray[np.int64]:
    """Add up the columns of a table of sentences in each cell; the last column counts them."""
    rows = sentence_rows(told, sentences, name="the table of sentences")
    if len(np.unique(rows)) < len(rows):
        msg = "the table of sentences names one twice; pass it as it was made, one row a sentence."
        raise with_chinese(ValueError(msg), "表中同一句子出现两次;请按生成时的原样传入,每句一行。")
    cell, sums = cell_of[rows], np.zeros((n_cells, len(names) + 1), dtype=np.int64)
    np.add.at(sums, cell[cell >= 0], told[list(names)].assign(_n=1).to_numpy(dtype=np.int64)[cell >= 0])
    return sums
