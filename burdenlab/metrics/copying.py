"""Copying: how much of documents stood in earlier ones, of superiors or of peers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.messages import with_chinese
from burdenlab.metrics.estimates import estimate_table, group_cells, group_ratios
from burdenlab.metrics.han import Places, han_offsets
from burdenlab.metrics.passages import NO_DATE, date_spans, level_ranks
from burdenlab.metrics.said import Said, add_said, no_estimate
from burdenlab.metrics.theme_counts import OF_SENTENCES, lay_out
from burdenlab.tables import check_keys, check_table

__all__ = ["RELATIONS", "copied_shares", "shared_by_pair"]

RELATIONS = ("above", "peer", "below", "earlier", "shared")
_COLUMNS = (
    "relation", "estimate", "ci_low", "ci_high", "n", "reason", "n_han_copied", "n_han", "n_passages", "n_documents",
    "said_zh", "said_en",
)  # fmt: skip
_FROM = {
    "above": ("更早的上级文件", "an earlier document of a higher level"),
    "peer": ("更早的同级文件", "an earlier document of the same level"),
    "below": ("更早的下级文件", "an earlier document of a lower level"),
    "earlier": ("任一更早的文件", "any earlier document"),
    "shared": ("语料中任一其他文件（不论先后）", "any other document here, earlier or not"),
}


def copied_shares(
    passages: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = "doc_id",
    cluster: str | None = None,
    level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Share of Han characters in passages that stood in earlier documents, from above and from peers told apart.

    Parameters
    ----------
    passages : DataFrame
        From ``shared_passages``.
    documents : DataFrame
        Table ``documents`` that the passages were found in.
    by : str, list of str or None
        ``"doc_id"``, document variables such as ``"level"``, or None for all together.
    cluster, level, n_resamples, seed
        Of the interval between documents, see ``theme_rates``.

    Returns
    -------
    DataFrame
        One row for each value of `by` and ``relation``: of an earlier document of a higher level (``"above"``), the same
        (``"peer"``) or a lower one (``"below"``), of any ``"earlier"`` one, and ``"shared"`` with any other document,
        whoever was first. ``estimate`` in [0, 1] of the Han characters (places that were edited count whole),
        ``ci_low``, ``ci_high``, ``n``, ``reason``, ``n_han_copied``, ``n_han``, ``n_passages``, ``n_documents``,
        ``said_zh``, ``said_en``. Documents without a date count in ``"shared"`` only, those without a level in
        ``"earlier"`` and ``"shared"``; NaN with ``n_zero`` where none is left. The rows behind it are those of `passages`
        with this ``relation``.

    Raises
    ------
    ValueError
        If `passages` names a document that `documents` lacks, or a variable is unknown.

    Notes
    -----
    What is copied from a superior and from a peer counts in both rows. An earlier document that is not in the corpus is
    not seen: the first of many copies looks original. Documents are resampled as if they were independent, which copies
    are not; the interval tells how far the share hangs on single documents.

    Examples
    --------
    >>> import burdenlab as bl
    >>> from burdenlab.metrics.passages import shared_passages
    >>> documents, _, _ = bl.read_documents("data/demo/reports", metadata="data/demo/metadata.csv")
    >>> shares = copied_shares(shared_passages(documents), documents, by="level")
    >>> shares["relation"].unique().tolist()
    ['above', 'peer', 'below', 'earlier', 'shared']
    """
    check_table(documents, "documents")
    keys = check_keys(by, taken=(*_COLUMNS, *OF_SENTENCES))
    n_han, copied, n_passages = _counts(passages, documents)
    exposure = documents[["doc_id"]].assign(section_id=0, section_move="", move="", n_han=n_han, n_sentences=0)
    cells, _ = lay_out(exposure, keys=keys, documents=documents, cluster=cluster)
    at = pd.Index(documents["doc_id"]).get_indexer(cells["doc_id"])
    groups = group_cells(cells, keys)
    is_known = _is_known(documents)[at]
    ratios = [
        group_ratios(
            cells, groups, copied[at, j, None], n_han[at] * is_known[:, j],
            level=level, n_resamples=n_resamples, seed=seed, most=1,
        )
        for j in range(len(RELATIONS))
    ]  # fmt: skip
    columns = {
        **{name: np.hstack([r[name] for r in ratios]) for name in ("estimate", "ci_low", "ci_high", "n", "reason")},
        "n_han_copied": groups.sums(copied[at]),
        "n_han": groups.sums(n_han[at, None] * is_known),
        "n_passages": groups.sums(n_passages[at]),
        "n_documents": groups.sums(is_known.astype(np.int64)),
    }
    table = estimate_table(groups, ("relation", RELATIONS), columns)
    return add_said(table, partial(_say, keys=keys, level=level))


def shared_by_pair(passages: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Tell for every two documents that share passages how much of each stands in the other.

    Parameters
    ----------
    passages : DataFrame
        From ``shared_passages``.
    documents : DataFrame
        Table ``documents`` that the passages were found in.

    Returns
    -------
    DataFrame
        Two rows for each pair, by ``doc_id`` and ``other``: ``share`` in [0, 1] of the document's Han characters that
        stand in passages with the other, ``n_han_shared``, ``n_han``, ``n_passages``, ``source`` and ``relation`` as in
        `passages`.

    Raises
    ------
    ValueError
        If `passages` names a document that `documents` lacks.

    Examples
    --------
    >>> import burdenlab as bl
    >>> from burdenlab.metrics.passages import shared_passages
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> pairs = shared_by_pair(shared_passages(documents), documents)
    >>> bool(pairs["share"].between(0, 1).all())
    True
    """
    check_table(documents, "documents")
    places = _places(passages, documents)
    rows = []
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    for doc_id, own in places.groupby("doc_id", sort=True):
        offsets = han_offsets(texts[doc_id])
        begins, ends = (np.searchsorted(offsets, own[c].to_numpy()) for c in ("start", "end"))
        for other, at in sorted(own.groupby("other").indices.items()):
            first = own.iloc[at[0]]
            n_shared = _covered(begins[at], ends[at], offsets.size)
            share = n_shared / offsets.size
            rows.append((doc_id, other, share, n_shared, offsets.size, at.size, first["source"], first["relation"]))
    dtypes = {
        "doc_id": "str", "other": "str", "share": "float64", "n_han_shared": "int64", "n_han": "int64",
        "n_passages": "int64", "source": "str", "relation": "str",
    }  # fmt: skip
    return pd.DataFrame(rows, columns=list(dtypes)).astype(dtypes)


def _places(passages: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Give each passage twice, once for each document that has it."""
    sides = [
        passages.rename(columns={f"{column}_{side}": column for column in ("doc_id", "start", "end")}).assign(
            other=passages[f"doc_id_{other}"]
        )
        for side, other in (("a", "b"), ("b", "a"))
    ]
    places = pd.concat(sides, ignore_index=True)[["doc_id", "other", "start", "end", "source", "relation"]]
    if strange := sorted(set(places["doc_id"]) - set(documents["doc_id"])):
        msg = f"passages names document {strange[0]!r}, which documents lacks; pass the table they were found in."
        raise with_chinese(
            ValueError(msg), f"passages 中的文件 {strange[0]!r} 不在 documents 中;请传入查找时所用的表。"
        )
    return places


def _is_known(documents: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell of each document and relation whether it can be known: by the date, and by the level."""
    has_date = (date_spans(documents)["first"] != NO_DATE).to_numpy()
    has_both = has_date & ~np.isnan(level_ranks(documents))
    return np.stack([has_both, has_both, has_both, has_date, np.ones(len(documents), dtype=bool)], axis=1)


def _counts(passages: pd.DataFrame, documents: pd.DataFrame) -> tuple[Places, Places, Places]:
    """Count for each document its Han characters, and for each relation those in passages, and the passages."""
    places = _places(passages, documents)
    # The source has not copied; where nobody is known to be first, neither has.
    places["source"] = places["source"].where(places["source"] != places["doc_id"], "")
    rows_of = places.groupby("doc_id").indices
    n_han = np.zeros(len(documents), dtype=np.int64)
    copied, n_passages = (np.zeros((len(documents), len(RELATIONS)), dtype=np.int64) for _ in range(2))
    for i, (doc_id, text) in enumerate(zip(documents["doc_id"], documents["text"], strict=True)):
        offsets = han_offsets(text)
        n_han[i] = offsets.size
        if doc_id not in rows_of:
            continue
        own = places.iloc[rows_of[doc_id]]
        begins, ends = (np.searchsorted(offsets, own[c].to_numpy()) for c in ("start", "end"))
        for j, relation in enumerate(RELATIONS):
            is_meant = np.full(len(own), relation == "shared")
            is_meant |= (own["source"] != "") & ((own["relation"] == relation) | (relation == "earlier"))
            copied[i, j] = _covered(begins[is_meant], ends[is_meant], offsets.size)
            n_passages[i, j] = is_meant.sum()
    return n_han, copied, n_passages


def _covered(begins: Places, ends: Places, size: int) -> int:
    steps = np.zeros(size + 1, dtype=np.int64)
    np.add.at(steps, begins, 1)
    np.add.at(steps, ends, -1)
    return int((np.cumsum(steps) > 0).sum())


def _say(row: Mapping[str, Any], *, keys: Sequence[str], level: float) -> Said:
    zh = "、".join(f"{key}={row[key]}" for key in keys) + (":" if keys else "")
    en = ", ".join(f"{key} {row[key]}" for key in keys) + (": " if keys else "")
    if np.isnan(row["estimate"]):
        why = no_estimate(row["reason"])
        return zh + why[0], en + why[1]
    spread = "无区间", "no interval"
    if not np.isnan(row["ci_low"]):
        low, high = (f"{100 * row[bound]:.1f}" for bound in ("ci_low", "ci_high"))
        spread = f"{level:.0%} 区间 {low}%–{high}%", f"{level:.0%} interval {low}–{high} %"
    whose, share = _FROM[row["relation"]], f"{100 * row['estimate']:.1f}"
    return (
        f"{zh}{share}% 的汉字({row['n_han']} 字中的 {row['n_han_copied']} 字)所在的段落也见于{whose[0]}({spread[0]};{row['n_documents']} 份文件)。",
        f"{en}{share} % of the Han characters ({row['n_han_copied']} of {row['n_han']}) stand in passages that "
        f"{whose[1]} has too ({spread[1]}; {row['n_documents']} document{'s' * (row['n_documents'] != 1)}).",
    )
