"""How many sentences of each group tell of cart and horse, and the log ratios of these counts with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtrit

from burdenlab.messages import with_chinese
from burdenlab.metrics.balance_mappings import BalanceMapping
from burdenlab.metrics.balance_sentences import COUNTED, SIDES, balance_sentences
from burdenlab.metrics.estimates import Groups, group_cells
from burdenlab.metrics.theme_counts import OF_SENTENCES, count_text, lay_out, leave_out
from burdenlab.resampling import check_level, cluster_sums, interval_reasons
from burdenlab.tables import check_keys

__all__ = ["SIGNS", "Balances", "check_variables", "count_balances", "log_ratio", "log_ratios"]

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

# What each measure adds up: log2(sentences of the side + 0.5) times these, in the order of SIDES.
SIGNS = {"load_capacity": (1, -1, 0, 0), "remedy_orientation": (0, 0, 1, -1), "mismatch": (-1, 1, 1, -1)}
# Sentences with either side of a ratio, and all in the moves of a side: told and diagnosing, treated and remedying.
_TOTALS = {"told": ("load", "capacity"), "treated": ("lighten", "feed")}
COLUMNS = (*COUNTED, *_TOTALS, "diagnosing", "remedying")
_TAKEN = ("estimate", "ci_low", "ci_high", "n", "reason", "resampled", "mapping", "said_zh", "said_en", "n_documents")


class Balances(NamedTuple):
    """Counts of sentences by document, in groups, and by section where a group is a single document."""

    cells: pd.DataFrame  # a row for each document: doc_id, keys, n_sentences, _cluster, truncated
    groups: Groups
    keys: list[str]
    counts: Counts  # (documents, COLUMNS)
    sections: dict[str, Counts]  # doc_id to (sections, COLUMNS)

    def sums(self) -> dict[str, Counts]:
        """Give the counts of each group, by name."""
        return dict(zip(COLUMNS, self.groups.sums(self.counts).T, strict=True))

    def drawn(self, g: int) -> tuple[Counts, bool]:
        """Give the counts of what a group is resampled by, (n, COLUMNS), and whether these are sections of one text."""
        rows = self.groups.rows(g)
        if len(rows) == 1:
            return self.sections.get(self.cells["doc_id"].iloc[rows[0]], self.counts[:0]), True
        _, at = np.unique(self.cells["_cluster"].to_numpy(dtype=object)[rows].astype(str), return_inverse=True)
        sums = np.zeros((at.max(initial=-1) + 1, self.counts.shape[1]), dtype=np.int64)
        np.add.at(sums, at, self.counts[rows])
        return sums, False


def count_balances(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    mapping: BalanceMapping,
    *,
    by: str | Sequence[str] | None,
    documents: pd.DataFrame | None,
    cluster: str | None = None,
    exclude: pd.DataFrame | Sequence[pd.DataFrame] = (),
) -> Balances:
    """Count, in each document and group, the sentences that ``balance_sentences`` gives.

    Raises
    ------
    ValueError
        If a variable is unknown, or is one of sentences.

    Examples
    --------
    >>> import burdenlab as bl
    >>> from burdenlab.metrics.balance_mappings import load_mapping
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> hits = bl.find_hits(sentences, bl.load_codebook())
    >>> counted = count_balances(hits, sentences, load_mapping(), by=None, documents=None)
    >>> counted.counts.shape
    (18, 11)
    """
    keys = check_variables(by, cluster)
    (hits, sentences), gone = leave_out(exclude, hits, sentences)
    told = balance_sentences(hits, sentences, mapping=mapping)
    for total, sides in _TOTALS.items():
        told[total] = told[list(sides)].any(axis=1)
    for total, side in (("diagnosing", "diagnosis"), ("remedying", "remedy")):
        told[total] = told["side"] == side
    cells = lay_out(count_text(sentences), keys=keys, documents=documents, cluster=cluster, gone=gone)
    cut = set()
    if documents is not None and "truncated" in documents.columns:
        cut = set(documents.loc[documents["truncated"].astype(bool), "doc_id"])
    cells = cells.assign(truncated=cells["doc_id"].isin(cut))
    by_section = told.groupby(["doc_id", "section_id"], sort=True)[list(COLUMNS)].sum().astype("int64")
    sections = {str(d): part.to_numpy() for d, part in by_section.groupby(level=0, sort=True)}
    counts = np.zeros((len(cells), len(COLUMNS)), dtype=np.int64)
    for row, doc_id in enumerate(cells["doc_id"]):
        if doc_id in sections:
            counts[row] = sections[doc_id].sum(axis=0)
    return Balances(cells, group_cells(cells, keys), keys, counts, sections)


def check_variables(by: str | Sequence[str] | None, cluster: str | None, *, taken: Sequence[str] = ()) -> list[str]:
    """Give `by` as a list; raise ValueError if it names a variable of sentences or a column of the result.

    Examples
    --------
    >>> check_variables("level", None)
    ['level']
    """
    keys = check_keys(by, taken=(*_TAKEN, *taken))
    if of_sentences := [name for name in (*keys, cluster) if name in OF_SENTENCES]:
        msg = f"{of_sentences[0]!r} is a variable of sentences; a balance compares moves, so that by= and cluster= take variables of documents."
        raise with_chinese(ValueError(msg), f"{of_sentences[0]!r} 是句子的变量;by= 与 cluster= 应为文稿的变量。")
    return keys


def log_ratio(counts: npt.NDArray[Any], signs: Sequence[int]) -> Array:
    """Add up log2(count + 0.5) times its sign over the last axis.

    Examples
    --------
    >>> log_ratio(np.array([14, 15, 9, 20]), SIGNS["mismatch"]).round(2).item()
    -1.01
    """
    logs = np.log2(counts + 0.5)
    # Column by column: a product of matrices would round a row by what stands beside it.
    return np.asarray(sum(sign * logs[..., at] for at, sign in enumerate(signs)))


def log_ratios(counted: Balances, name: str, *, minimum: int, level: float) -> dict[str, npt.NDArray[Any]]:
    """Give estimate, ci_low, ci_high, n, reason and resampled of one measure in each group, (G,) each.

    Parameters
    ----------
    counted : Balances
    name : str
        A key of ``SIGNS``.
    minimum : int
        Sentences that tell of either side of each ratio in it, below which it is undefined.
    level : float

    Raises
    ------
    ValueError
        If the minimum is below 1 or the level not between 0 and 1.
    """
    check_level(level)
    if minimum < 1:
        msg = f"minimum={minimum}; at least 1 is expected: without a sentence there is no ratio."
        raise with_chinese(ValueError(msg), f"minimum={minimum} 应至少为 1:没有句子就没有比值。")
    signs = SIGNS[name]
    used = [COLUMNS.index(side) for side, sign in zip(SIDES, signs, strict=True) if sign]
    kept_signs = [sign for sign in signs if sign]
    sums = counted.sums()
    size = len(counted.groups.keys)
    estimate = log_ratio(np.column_stack([sums[COLUMNS[at]] for at in used]), kept_signs)
    low, high, n = np.full(size, np.nan), np.full(size, np.nan), np.zeros(size, dtype=np.int64)
    reason, resampled = np.full(size, "", dtype=object), np.full(size, "documents", dtype=object)
    has_text = counted.groups.sums(counted.cells["n_sentences"].to_numpy()) > 0
    is_cut = counted.groups.sums(counted.cells["truncated"].to_numpy().astype(np.int64)) > 0
    for g in range(size):
        drawn, within_text = counted.drawn(g)
        resampled[g] = "sections" if within_text else "documents"
        own = drawn[:, used].astype(np.float64)
        own = own[own.any(axis=1)]
        n[g] = len(own)
        lacking = [
            code
            for code, total, sides in (("few_diagnosing", "told", signs[:2]), ("few_remedying", "treated", signs[2:]))
            if any(sides) and sums[total][g] < minimum
        ]
        if lacking or not has_text[g]:
            estimate[g], codes = np.nan, lacking if has_text[g] else ["n_zero"]
        else:
            low[g], high[g], codes = _interval(own, kept_signs, level)
            codes = ["within_text", *codes] if within_text else codes
        reason[g] = ";".join([*codes, *(["truncated"] if is_cut[g] and has_text[g] else [])])
    return {"estimate": estimate, "ci_low": low, "ci_high": high, "n": n, "reason": reason, "resampled": resampled}


def _interval(counts: Array, signs: Sequence[int], level: float) -> tuple[float, float, list[str]]:
    """Give the bounds of a log ratio of sums by leaving out one row after the other, and why none or rough ones."""
    codes = interval_reasons(cluster_sums(counts, counts.sum(axis=1)))
    for code in ("n_zero", "n_small"):
        if code in codes:
            return np.nan, np.nan, [code]
    n = len(counts)
    without = log_ratio(counts.sum(axis=0) - counts, signs)
    error = np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
    if error <= 1e-12:
        return np.nan, np.nan, ["no_variation"]
    estimate, reach = float(log_ratio(counts.sum(axis=0), signs)), float(stdtrit(n - 1, (1 + level) / 2) * error)
    said = {c for code in codes for c in code.split(";")}
    return estimate - reach, estimate + reach, [code for code in ("n_low", "few_hits") if code in said]
