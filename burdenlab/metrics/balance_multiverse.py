"""The mismatch under every plausible mapping of themes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from burdenlab.metrics.balance import MINIMUM
from burdenlab.metrics.balance_counts import SIGNS, check_variables, log_ratio
from burdenlab.metrics.balance_mappings import BalanceMapping, load_mapping, plausible_mappings
from burdenlab.metrics.balance_sentences import SIDES, lay_out_themes
from burdenlab.metrics.estimates import estimate_table, group_cells
from burdenlab.metrics.theme_counts import count_text, lay_out, leave_out
from burdenlab.tables import check_table

__all__ = ["mismatch_mappings"]

_TAKEN = (
    "estimate", "load_capacity", "remedy_orientation", "n_load", "n_capacity", "n_lighten", "n_feed", "n_told", "n_treated",
    "is_main", "share_same_sign", "n_mappings",
)  # fmt: skip


def mismatch_mappings(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    mapping: BalanceMapping | None = None,
    by: str | Sequence[str] | None = None,
    documents: pd.DataFrame | None = None,
    minimum: int = MINIMUM,
    exclude: pd.DataFrame | Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    """Mismatch under every combination of a mapping's choices, and the share of them under which its sign holds.

    Parameters
    ----------
    hits, sentences, by, documents, minimum, exclude
        As for ``mismatch``; all documents together by default.
    mapping : BalanceMapping, optional
        Its ``choices`` are combined; those of the shipped mapping where left out.

    Returns
    -------
    DataFrame
        One row for each combination of `by` and mapping, the mapping itself first; mappings that come to the same sets of themes,
        moves and sentences are one. The keys, ``is_main``, a column ``choice_…`` for each choice with the option taken,
        ``estimate``, ``load_capacity``, ``remedy_orientation`` (doublings), ``reason`` (as of ``mismatch``), ``n_load``,
        ``n_capacity``, ``n_lighten``, ``n_feed``, ``n_told``, ``n_treated`` (sentences), and, the same in all rows of a group,
        ``share_same_sign`` (of the mappings with an estimate, those with the sign of the first; NaN where the first has none or
        is 0), ``n_mappings`` (with an estimate).

    Raises
    ------
    ValueError
        As ``mismatch``.

    Notes
    -----
    Plausible mappings are no sample of anything: the share is no probability, and every mapping counts the same however likely it
    is. A sign that holds under nearly all is not an artefact of the mapping; it may be one of the dictionary
    (``correct_balance``). Steegen et al. (2016), doi:10.1177/1745691616658637; Simonsohn, Simmons & Nelson (2020),
    doi:10.1038/s41562-020-0912-z.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> len(mismatch_mappings(bl.find_hits(sentences, bl.load_codebook()), sentences))
    576
    """
    mapping = mapping or load_mapping()
    keys = check_variables(by, None, taken=_TAKEN)
    check_table(sentences, "sentences")
    (hits, sentences), gone = leave_out(exclude, hits, sentences)
    laid = lay_out_themes(hits, sentences, mapping)
    cells, _ = lay_out(count_text(sentences), keys=keys, documents=documents, gone=gone)
    groups = group_cells(cells, keys)
    laid = laid.where(laid.has.any(axis=1) & sentences["doc_id"].isin(cells["doc_id"]).to_numpy())
    group = pd.Series(groups.numbers(), index=cells["doc_id"]).loc[laid.sentences["doc_id"]].to_numpy()
    different: dict[object, tuple[dict[str, str], BalanceMapping]] = {}
    for chosen, one in plausible_mappings(mapping):
        different.setdefault(_signature(one), (chosen, one))
    told = [laid.tell(one) for _, one in different.values()]
    # (groups, mappings) each.
    counts = {
        side: np.stack([np.bincount(group[of[side]], minlength=len(groups.keys)) for of in told], axis=1)
        for side in (*SIDES, "told", "treated")
    }
    sums = np.stack([counts[side] for side in SIDES], axis=2)
    no_diagnosis, no_remedy = counts["told"] < minimum, counts["treated"] < minimum
    no_text = groups.sums(cells["n_sentences"].to_numpy())[:, None] == 0
    lacking = {"mismatch": no_diagnosis | no_remedy, "load_capacity": no_diagnosis, "remedy_orientation": no_remedy}
    ratios = {name: np.where(no, np.nan, log_ratio(sums, SIGNS[name])) for name, no in lacking.items()}
    estimate = ratios.pop("mismatch")
    sign, n_mappings = np.sign(estimate), (~np.isnan(estimate)).sum(axis=1, keepdims=True)
    same, has_sign = (sign == sign[:, :1]).sum(axis=1, keepdims=True), np.isin(sign[:, :1], (-1, 1))
    columns = {
        "is_main": np.arange(len(told)) == 0,
        **{
            f"choice_{choice.id}": [chosen[choice.id] for chosen, _ in different.values()] for choice in mapping.choices
        },
        "estimate": estimate,
        **ratios,
        "reason": np.select(
            [no_text, no_diagnosis & no_remedy, no_diagnosis, no_remedy],
            ["n_zero", "few_diagnosing;few_remedying", "few_diagnosing", "few_remedying"],
            default="",
        ),
        **{f"n_{side}": of_side for side, of_side in counts.items()},
        "share_same_sign": np.divide(same, n_mappings, out=np.full(same.shape, np.nan), where=has_sign),
        "n_mappings": n_mappings,
    }
    return estimate_table(groups, ("_", range(len(told))), columns).drop(columns="_")


def _signature(mapping: BalanceMapping) -> tuple[object, ...]:
    """Give all that the estimate depends on."""
    sides = [(frozenset(s.moves), frozenset(s.cart), frozenset(s.horse)) for s in (mapping.diagnosis, mapping.remedy)]
    return (mapping.move, mapping.headings, *sides)
