"""Which documents count as one: copies of each other, and those that one variable ties together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from burdenlab.messages import with_chinese

__all__ = ["independent_units"]


def independent_units(
    documents: pd.DataFrame, duplicates: pd.DataFrame, *, cluster: str | None = None
) -> dict[str, int]:
    """Give numbers to documents: copies of each other, or those with the same value of `cluster`, have the same.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``.
    duplicates : DataFrame
        From ``find_duplicates``.
    cluster : str, optional
        A document variable; a document without a value is by itself.

    Returns
    -------
    dict
        ``doc_id`` to number, from 0 in the order of the ids.

    Raises
    ------
    ValueError
        If `cluster` is no variable of `documents`.

    Examples
    --------
    >>> documents = pd.DataFrame({"doc_id": ["a", "b", "c"], "region": ["x", "y", "x"]})
    >>> copies = pd.DataFrame({"doc_id": [], "representative": []})
    >>> independent_units(documents, copies, cluster="region")
    {'a': 0, 'b': 1, 'c': 0}
    """
    ids = documents["doc_id"].sort_values(ignore_index=True)
    original = dict(zip(duplicates["doc_id"], duplicates["representative"], strict=True))
    labels = [ids.map(lambda doc_id: original.get(doc_id, doc_id))]
    if cluster is not None:
        if cluster not in documents.columns:
            msg = f"cluster={cluster!r} is no variable of documents; they have {list(documents.columns)}."
            raise with_chinese(ValueError(msg), f"documents 中没有变量 {cluster!r};现有 {list(documents.columns)}。")
        value = ids.map(dict(zip(documents["doc_id"], documents[cluster], strict=True)))
        labels.append(value.astype("str").where(value.notna(), "\0" + ids))
    nodes = [np.arange(len(ids))]
    for label in labels:
        nodes.append(pd.factorize(label)[0] + int(nodes[-1].max(initial=-1)) + 1)
    size = int(nodes[-1].max(initial=-1)) + 1
    one, other = np.tile(nodes[0], len(labels)), np.concatenate(nodes[1:])
    links = coo_array((np.ones(one.size, dtype=bool), (one, other)), shape=(size, size))
    return dict(zip(ids, connected_components(links, directed=False)[1][: len(ids)].tolist(), strict=True))
