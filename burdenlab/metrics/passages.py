"""Passages that documents share, word for word or edited: where they stand, who had them first, and from above or not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.messages import with_chinese
from burdenlab.metrics.alignment import align_texts
from burdenlab.metrics.duplicates import components
from burdenlab.metrics.han import SURE, Places, han_offsets, han_texts
from burdenlab.metrics.periods import _span, _written
from burdenlab.tables import check_documents, check_table, make_table

__all__ = ["LEVELS", "NO_DATE", "date_spans", "level_ranks", "shared_passages"]

LEVELS = {"central": 0, "province": 1, "prefecture": 2, "city": 2, "county": 3, "township": 4, "village": 5}
NO_DATE = "9999-99-99"  # before nothing and after nothing


def shared_passages(documents: pd.DataFrame, *, min_length: int = 30, exact: bool = False) -> pd.DataFrame:
    r"""Find the passages that two documents share, word for word or edited, and who had them first.

    Only Han characters are compared: punctuation, digits and Latin letters may differ (numbers replaced in a copied
    paragraph are the rule). A copy of a whole document is a long passage, or a few, also where it was edited.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``; with ``date`` or ``year`` it is told who was first, with ``level`` (central, province,
        prefecture or city, county, township, village) whether a passage came from above.
    min_length : int
        Equal Han characters that a passage has, at least 17. Stock phrases reach 20 characters and more.
    exact : bool
        Only passages that are equal from end to end.

    Returns
    -------
    DataFrame
        One row a passage of two documents, by ``doc_id_a``, ``start_a``, ``doc_id_b``, ``start_b``; a is the earlier
        document, by ``doc_id`` where dates do not tell. ``start_a``, ``end_a``, ``start_b``, ``end_b`` (offsets in
        ``text``), ``n_han`` (Han characters that both places have, in the same order), ``n_han_a``, ``n_han_b`` (all in
        the place), ``identity`` = n_han / max(n_han_a, n_han_b) in (0, 1]; at 1 both places have the same Han
        characters. ``source``: ``doc_id_a`` where it is dated before b, else "". ``relation`` of the source to the other
        document: ``"above"``, ``"below"``, ``"peer"`` (the same level, whoever was first), "" where it is not known.
        ``cluster`` (from 0): passages that cover four fifths of each other in a document are one text in several hands;
        ``n_documents`` have it.

    Raises
    ------
    ValueError
        If `min_length` is below 17 or a document is there twice.

    Notes
    -----
    Equal runs are found by sampled n-grams of 10 characters (closed syncmers, one in four), verified and grown character
    by character; each run of 17 characters or more holds a sampled n-gram, so that none is missed. Runs are joined as in
    a local alignment (1 for a character in common, -1 for one that is not, up to 600 characters apart). An n-gram that
    more than 60 documents have ties each of them to the earliest only, and of one in a single document the first
    eight places count: what everybody copies is one cluster, without every pair in it. Rows of two documents change
    with other documents only there.

    Copies are found in which 30 % of words or clauses were changed, from 300 characters on, and 30 % of single
    characters, from 3,000 on (99 % of those of 1,500, 94 % of 1,000, 39 % of 300); there, about 60 % of the copy lies
    in the passages. ``find_duplicates`` is for documents that are the same but for little.

    Being first among the documents at hand proves no copying: both may come from a third. Levels are compared and
    regions are not, so that "above" need not be the own superior.

    References
    ----------
    Edgar (2021), doi:10.7717/peerj.10805; Smith & Waterman (1981), doi:10.1016/0022-2836(81)90087-5.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> passages = shared_passages(documents, min_length=20)
    >>> bool((passages["n_han"] >= 20).all())
    True
    """
    check_table(documents, "documents")
    if min_length < SURE:
        msg = f"min_length={min_length}; at least {SURE} Han characters are expected, 30 are usual: shorter is shared by chance."
        raise with_chinese(ValueError(msg), f"min_length={min_length} 过短;至少 {SURE} 个汉字,通常用 30。")
    check_documents(documents, documents)
    spans = date_spans(documents)
    documents = documents.assign(_first=spans["first"], _last=spans["last"])
    # Those without a date come last.
    documents = documents.sort_values(["_first", "doc_id"], ignore_index=True)
    texts = han_texts(documents["text"].tolist())
    found = align_texts(texts, min_length=min_length, exact=exact)
    a, b = texts.owners(found.start_a), texts.owners(found.start_b)
    written = documents["text"].tolist()
    ids = documents["doc_id"].to_numpy()
    n_han_a, n_han_b = found.end_a - found.start_a, found.end_b - found.start_b
    source, relation = _direction(documents, a, b)
    cluster, n_documents = _clusters(
        np.concatenate([a, b]),
        np.concatenate([found.start_a, found.start_b]),
        np.concatenate([found.end_a, found.end_b]),
    )
    columns = {
        "doc_id_a": ids[a], "doc_id_b": ids[b], "n_han": found.n_equal, "n_han_a": n_han_a, "n_han_b": n_han_b,
        "identity": found.n_equal / np.maximum(n_han_a, n_han_b), "source": source, "relation": relation,
        "cluster": cluster, "n_documents": n_documents,
    }  # fmt: skip
    for side, owner, start, end in (("a", a, found.start_a, found.end_a), ("b", b, found.start_b, found.end_b)):
        columns[f"start_{side}"] = _offsets(written, owner, start - texts.starts[owner])
        columns[f"end_{side}"] = _offsets(written, owner, end - texts.starts[owner] - 1) + 1
    table = make_table("passages", columns).sort_values(
        ["doc_id_a", "start_a", "doc_id_b", "start_b", "end_a", "end_b"], ignore_index=True
    )
    # Clusters are numbered as they come.
    return table.assign(cluster=pd.factorize(table["cluster"])[0].astype(np.int64))


def date_spans(documents: pd.DataFrame) -> pd.DataFrame:
    """Give the first and the last day that the date of each document may mean.

    Parameters
    ----------
    documents : DataFrame
        With ``date``, ``year``, both (the date wins) or neither, as for ``policy_periods``.

    Returns
    -------
    DataFrame
        ``first`` and ``last`` (YYYY-MM-DD), with the index of `documents`; `NO_DATE` where the date is missing or cannot
        be read.

    Examples
    --------
    >>> date_spans(pd.DataFrame({"year": [2024, 2025], "date": ["2024-02", ""]})).to_numpy().tolist()
    [['2024-02-01', '2024-02-29'], ['2025-01-01', '2025-12-31']]
    """
    written = pd.Series("", index=documents.index)
    for column in ("year", "date"):
        if column in documents.columns:
            own = documents[column].map(_written)
            written = own.where(own != "", written)
    spans = [_days(date) for date in written]
    return pd.DataFrame(spans, columns=["first", "last"], index=documents.index).astype("str")


def level_ranks(documents: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Give the rank of each document's ``level``, 0 for the centre; NaN where it is none of `LEVELS`.

    Examples
    --------
    >>> level_ranks(pd.DataFrame({"level": ["county", "", "central"]})).tolist()
    [3.0, nan, 0.0]
    """
    if "level" not in documents.columns:
        return np.full(len(documents), np.nan)
    return documents["level"].map(LEVELS).to_numpy(dtype=np.float64, na_value=np.nan)


def _days(date: str) -> tuple[str, str]:
    try:
        return _span(date)
    except ValueError:
        return NO_DATE, NO_DATE


def _offsets(texts: list[str], owner: Places, nth: Places) -> Places:
    """Give the offset in its text of the n-th Han character."""
    found = np.zeros(owner.size, dtype=np.int64)
    order = np.argsort(owner, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(owner[order])) + 1) if owner.size else []:
        found[rows] = han_offsets(texts[owner[rows[0]]])[nth[rows]]
    return found


def _direction(
    documents: pd.DataFrame, a: Places, b: Places
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Tell whether a is dated before b, and how its level stands to that of b."""
    first, last = (documents[column].to_numpy(dtype=object) for column in ("_first", "_last"))
    is_before = (last[a] < first[b]) & (first[b] != NO_DATE)
    source = np.where(is_before, documents["doc_id"].to_numpy(dtype=object)[a], "")
    rank = level_ranks(documents)
    told = [rank[a] == rank[b], is_before & (rank[a] < rank[b]), is_before & (rank[a] > rank[b])]
    return source, np.select(told, ["peer", "above", "below"], "").astype(object)


def _clusters(owner: Places, start: Places, end: Places) -> tuple[Places, Places]:
    """Give one number to passages that are one text: both places of a row, and places that cover 4/5 of each other.

    Parameters
    ----------
    owner, start, end : array
        Places in the a and, after them, in the b of each row.

    Returns
    -------
    cluster, n_documents : array
        One number a row.
    """
    n = owner.size // 2
    if not n:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    places, at = np.unique(np.stack([start, end], axis=1), axis=0, return_inverse=True)
    at = at.ravel()
    begins, ends = places.T
    edges = [(at[:n], at[n:])]
    left = np.arange(begins.size)
    lag = 0
    # Places are in the order of their starts and none goes over the border of a text.
    while left.size:
        lag += 1
        left = left[left + lag < begins.size]
        left = left[begins[left + lag] < ends[left]]
        right = left + lag
        common = np.minimum(ends[left], ends[right]) - begins[right]
        longer = np.maximum(ends[left] - begins[left], ends[right] - begins[right])
        edges.append((left[5 * common >= 4 * longer], right[5 * common >= 4 * longer]))
    one, other = (np.concatenate(side) for side in zip(*edges, strict=True))
    cluster = components(one, other, begins.size)[at]
    members = np.unique(np.stack([cluster, owner], axis=1), axis=0)[:, 0]
    return cluster[:n], np.bincount(members)[cluster[:n]]
