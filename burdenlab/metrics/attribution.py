"""What kind of causes reports name, and in which direction they blame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from burdenlab.messages import with_chinese
from burdenlab.metrics.actors import ACTORS
from burdenlab.metrics.causes import CAUSE_TYPES
from burdenlab.metrics.estimates import estimate_table, group_cells, group_shares
from burdenlab.metrics.said import Said, add_said, not_measurable
from burdenlab.metrics.theme_counts import OF_SENTENCES, lay_out
from burdenlab.tables import check_keys, check_table

__all__ = ["attribution_experimental"]

_SENTENCES: dict[str, Said] = {
    "structural": (
        "{n_causes} 条成因中体制机制 {n_structural} 条、主观因素 {n_subjective} 条、外部条件 {n_external} 条;前两类中体制机制占 {estimate:.0%}。试验性指标。",
        "Of {n_causes} causes {n_structural} are structural, {n_subjective} subjective, {n_external} external; "
        "structural are {estimate:.0%} of the {both} of the first two kinds. Experimental.",
    ),
    "direction_experimental": (
        "归咎于上级 {n_superior} 条、基层人员 {n_grassroots_staff} 条,方向 {estimate:+.2f}(-1 全部向下,+1 全部向上)。试验性指标。",
        "{n_superior} causes blame superiors, {n_grassroots_staff} the grassroots staff: direction {estimate:+.2f} "
        "(-1 all down, +1 all up). Experimental.",
    ),
}
_MEASURES = tuple(_SENTENCES)
_COLUMNS = (
    "measure", "estimate", "ci_low", "ci_high", "n", "reason", "n_causes", "n_documents", "said_zh", "said_en",
    *(f"n_{name or 'undetermined'}" for name in (*CAUSE_TYPES, *ACTORS)),
)  # fmt: skip


def attribution_experimental(
    causes: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = "doc_id",
    documents: pd.DataFrame | None = None,
    source: str | None = "item",
    level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Tell what kind of causes reports name, and in which direction they blame.

    Parameters
    ----------
    causes : DataFrame
        From ``find_causes_experimental``.
    by, documents
        As for ``remedy_coverage_experimental``.
    source : {"item", "sentence", None}
        Which causes: of parts that tell causes, named elsewhere, or both.
    level, n_resamples, seed
        Of the interval: Wilson's (doi:10.1080/01621459.1927.10502953) inside a document, where each cause is one case and the text
        is described; documents are drawn elsewhere.

    Returns
    -------
    DataFrame
        Two rows for each value of `by`: ``measure`` "structural" (of structural and subjective causes, the share of structural
        ones, in [0, 1]) and "direction_experimental" ((superior - grassroots staff) / (superior + grassroots staff), in [-1, 1]:
        -1 all blame goes down, 1 all goes up), ``estimate``, ``ci_low``, ``ci_high``, ``n`` (causes that count; documents where
        they are drawn), ``reason``, the counts ``n_causes``, ``n_documents`` (with causes), ``n_structural``, ``n_subjective``,
        ``n_external``, ``n_undetermined``, ``n_superior``, ``n_peer_dept``, ``n_self``, ``n_grassroots_staff``, ``n_public``,
        ``n_none``, and ``said_zh``, ``said_en``. NaN with the reason ``n_zero`` where no cause counts: not measurable here.

    Raises
    ------
    ValueError
        If `source` or a variable is unknown.

    Notes
    -----
    机制 and the like are filler in some reports; causes that a text tells among its problems are not found. A handful
    of causes in a report describes it and says no more. Both measures are experimental: how well types and actors are told says ``find_causes_experimental``.

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> import burdenlab as bl
    >>> from burdenlab.metrics.causes import find_causes_experimental
    >>> from burdenlab.metrics.items import find_items
    >>> documents, _, _ = bl.read_documents("data/demo/reports", metadata="data/demo/metadata.csv")
    >>> sections = bl.split_sections(documents)
    >>> sentences = bl.split_sentences(documents, sections)
    >>> items = find_items(sections, sentences, bl.find_hits(sentences, bl.load_codebook()))
    >>> shares = attribution_experimental(find_causes_experimental(sections, sentences, items, documents=documents), by=None)
    >>> bool(0 < shares["estimate"][0] < 1)
    True
    """
    keys = check_keys(by, taken=(*_COLUMNS, *OF_SENTENCES))
    check_table(causes, "causes")
    if source not in ("item", "sentence", None):
        msg = f"source={source!r}; 'item', 'sentence' or None is expected."
        raise with_chinese(ValueError(msg), f"source={source!r} 应为 'item'、'sentence' 或 None。")
    chosen = causes if source is None else causes[causes["source"] == source]
    within = "doc_id" in keys
    counts = causes.groupby("doc_id", as_index=False).size().assign(n_han=0).rename(columns={"size": "n_sentences"})
    cells, _ = lay_out(counts, keys=keys, documents=documents)
    cells = cells.merge(chosen[["doc_id", "type", "blamed"]], on="doc_id", how="left")
    is_cause = cells["type"].notna().to_numpy()
    of = {f"n_{name or 'undetermined'}": (cells["type"] == name).to_numpy() for name in CAUSE_TYPES}
    of |= {f"n_{name}": (cells["blamed"] == name).to_numpy() for name in ACTORS}
    pairs = ((of["n_structural"], of["n_subjective"]), (of["n_superior"], of["n_grassroots_staff"]))
    groups = group_cells(cells, keys)
    ratios = [
        group_shares(
            cells, groups, one, one | other, level=level, n_resamples=n_resamples, seed=seed, within_text=within
        )
        for one, other in pairs
    ]
    joined = {name: np.column_stack([r[name] for r in ratios]) for name in ratios[0]}
    for name in ("estimate", "ci_low", "ci_high"):
        joined[name][:, 1] = 2 * joined[name][:, 1] - 1
    columns = {
        **joined,
        "n_causes": groups.sums(is_cause.astype(np.int64))[:, None],
        "n_documents": groups.distinct(cells["doc_id"], is_cause)[:, None],
        **{name: groups.sums(flags.astype(np.int64))[:, None] for name, flags in of.items()},
    }
    table = estimate_table(groups, ("measure", _MEASURES), columns)
    return add_said(table, _say)


def _say(row: dict[str, Any]) -> Said:
    if np.isnan(row["estimate"]):
        return not_measurable("没有点明这类成因", "no such cause is named")
    zh, en = _SENTENCES[row["measure"]]
    both = row["n_structural"] + row["n_subjective"]
    return zh.format_map({**row, "both": both}), en.format_map({**row, "both": both})
