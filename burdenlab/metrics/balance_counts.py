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
from burdenlab.metrics.balance_sentences import SIDES, TOLD, lay_out_themes
from burdenlab.metrics.estimates import Groups, group_cells
from burdenlab.metrics.theme_counts import OF_SENTENCES, count_text, lay_out, leave_out
from burdenlab.resampling import check_level, cluster_sums, interval_reasons
from burdenlab.tables import check_keys

__all__ = ["SIGNS", "Balances", "check_variables", "count_balances", "log_ratio", "log_ratios"]

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

# What each measure adds up: log2(sentences of the side + 0.5) times these, in the order of SIDES.
SIGNS = {"load_capacity": (1, -1, 0, 0), "remedy_orientation": (0, 0, 1, -1), "mismatch": (-1, 1, 1, -1)}
# What is said below the minimum -> a side of the ratio, and its total.
_NEEDED = {"few_diagnosing": ("load", "told"), "few_remedying": ("lighten", "treated")}
_TAKEN = ("estimate", "ci_low", "ci_high", "n", "reason", "resampled", "mapping", "said_zh", "said_en", "n_documents")


class Balances(NamedTuple):
    """Counts of sentences by document, in groups, and by section where a group is a single document."""

    cells: pd.DataFrame  # a row for each document: doc_id, keys, n_sentences, _cluster, _truncated
    groups: Groups
    counts: Counts  # (documents, TOLD)
    sections: dict[str, Counts]  # doc_id to (sections, TOLD)

    def drawn(self, g: int) -> tuple[Counts, bool]:
        """Give the counts of what a group is resampled by, (n, TOLD), and whether these are sections of one text."""
        rows = self.groups.rows(g)
        if len(rows) == 1:
            return self.sections.get(self.cells["doc_id"].iloc[rows[0]], self.counts[:0]), True
        cluster = self.cells["_cluster"].to_numpy(dtype=object)[rows]
        return pd.DataFrame(self.counts[rows]).groupby(cluster, sort=True).sum().to_numpy(), False


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
    """Count, in each document and group, the sentences that tell each column of ``TOLD``.

    Raises
    ------
    ValueError
        If a variable is unknown, or is one of sentences.
    """
    keys = check_variables(by, cluster)
    (hits, sentences), gone = leave_out(exclude, hits, sentences)
    told = pd.DataFrame(lay_out_themes(hits, sentences, mapping).tell(mapping), dtype="int64")
    cells, _ = lay_out(count_text(sentences), keys=keys, documents=documents, cluster=cluster, gone=gone)
    by_section = told.groupby([sentences[key].to_numpy() for key in ("doc_id", "section_id")], sort=True).sum()
    counts = by_section.groupby(level=0).sum().reindex(cells["doc_id"], fill_value=0).to_numpy()
    sections = {str(doc_id): part.to_numpy() for doc_id, part in by_section.groupby(level=0)}
    return Balances(cells, group_cells(cells, keys), counts, sections)


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


def log_ratios(counted: Balances, name: str, *, minimum: int, level: float) -> pd.DataFrame:
    """Give estimate, ci_low, ci_high, n, reason and resampled of the measure `name`, a row for each group.

    Raises
    ------
    ValueError
        If the minimum is below 1 or the level not between 0 and 1.
    """
    check_level(level)
    if minimum < 1:
        msg = f"minimum={minimum}; at least 1 is expected: without a sentence there is no ratio."
        raise with_chinese(ValueError(msg), f"minimum={minimum} 应至少为 1:没有句子就没有比值。")
    used = [TOLD.index(side) for side, sign in zip(SIDES, SIGNS[name], strict=True) if sign]
    signs = [sign for sign in SIGNS[name] if sign]
    needed = {code: TOLD.index(total) for code, (side, total) in _NEEDED.items() if TOLD.index(side) in used}
    groups, sums = counted.groups, counted.groups.sums(counted.counts)
    estimate = log_ratio(sums[:, used], signs)
    has_text = groups.sums(counted.cells["n_sentences"].to_numpy()) > 0
    is_cut = groups.sums(counted.cells["_truncated"].to_numpy().astype(np.int64)) > 0
    rows: list[tuple[float, float, int, str, str]] = []
    for g in range(len(sums)):
        drawn, within_text = counted.drawn(g)
        own = drawn[:, used].astype(np.float64)
        own = own[own.any(axis=1)]
        low, high = np.nan, np.nan
        codes = [code for code, total in needed.items() if sums[g, total] < minimum] if has_text[g] else ["n_zero"]
        if codes:
            estimate[g] = np.nan
        else:
            low, high, rough = _interval(own, signs, level)
            codes = [*(["within_text"] if within_text else []), *rough]
        if is_cut[g] and has_text[g]:
            codes.append("truncated")
        rows.append((low, high, len(own), ";".join(codes), "sections" if within_text else "documents"))
    table = pd.DataFrame(rows, columns=["ci_low", "ci_high", "n", "reason", "resampled"])
    table.insert(0, "estimate", estimate)
    return table.astype({"ci_low": "float64", "ci_high": "float64", "n": "int64", "reason": "str", "resampled": "str"})


def _interval(counts: Array, signs: Sequence[int], level: float) -> tuple[float, float, list[str]]:
    """Give the bounds of a log ratio of sums by leaving out one row after the other, and why none or rough ones."""
    said = {code for codes in interval_reasons(cluster_sums(counts, counts.sum(axis=1))) for code in codes.split(";")}
    for code in ("n_zero", "n_small"):
        if code in said:
            return np.nan, np.nan, [code]
    n, total = len(counts), counts.sum(axis=0)
    without = log_ratio(total - counts, signs)
    error = np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
    if error <= 1e-12:
        return np.nan, np.nan, ["no_variation"]
    estimate, reach = float(log_ratio(total, signs)), float(stdtrit(n - 1, (1 + level) / 2) * error)
    return estimate - reach, estimate + reach, [code for code in ("n_low", "few_hits") if code in said]
