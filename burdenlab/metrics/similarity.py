"""How alike documents are, what tells two groups apart, and a map of all of them."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array, diags_array
from scipy.special import rel_entr

from burdenlab.metrics.counts import count_words, split_sides, tf_idf_weights
from burdenlab.metrics.han import han_points, hash_grams, presence
from burdenlab.tables import check_table

__all__ = ["document_map", "document_similarity", "jensen_shannon", "shingle_similarity"]

Array = npt.NDArray[np.float64]

_NO_INERTIA = 1e-12  # of a share in [0, 1]: rounding


def document_similarity(tokens: pd.DataFrame) -> pd.DataFrame:
    r"""Compare every two documents by their words: the cosine of their TF-IDF weights.

    Says whether they speak of the same things; for borrowed wording see ``shingle_similarity``.

    Parameters
    ----------
    tokens : DataFrame
        Table ``tokens``, or counts of words (``doc_id``, ``token``, ``n``).

    Returns
    -------
    DataFrame
        One row a pair of documents, the most alike first, then by id: ``doc_a`` and ``doc_b`` (in the order of the code
        points), ``similarity`` in [0, 1], ``n_shared``, ``n_a``, ``n_b`` (different words).

    Notes
    -----
    :math:`\cos = \sum_w x_w y_w` of the weights of ``tf_idf``, which have length 1. The weights depend on the corpus:
    compare similarities within one corpus only.

    References
    ----------
    Salton & Buckley (1988), doi:10.1016/0306-4573(88)90021-0.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> tokens = bl.tokenize(bl.split_sentences(documents, bl.split_sections(documents)))
    >>> pairs = document_similarity(tokens)
    >>> len(pairs) == len(documents) * (len(documents) - 1) // 2
    True
    """
    counts = count_words(tokens)
    weights = tf_idf_weights(counts.matrix)
    table = _pairs(counts.doc_ids, (counts.matrix > 0).astype(np.int64))
    table.insert(2, "similarity", np.clip((weights @ weights.T).toarray()[_upper(len(counts.doc_ids))], 0, 1))
    return _ranked(table)


def shingle_similarity(documents: pd.DataFrame, *, n: int = 6) -> pd.DataFrame:
    r"""Compare every two documents by their wording: the Jaccard index of their runs of characters.

    For finding the doubles among thousands of documents see ``find_duplicates``, which does not compare all pairs.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``.
    n : int
        Length of a run (shingle), in Han characters; everything else is left out.

    Returns
    -------
    DataFrame
        One row a pair of documents, the most alike first, then by id: ``doc_a`` and ``doc_b``, ``similarity`` in [0, 1],
        ``n_shared``, ``n_a``, ``n_b`` (different shingles), ``reason``; ``similarity`` is NaN with the reason
        ``too_short`` where one has fewer than `n` Han characters.

    Raises
    ------
    ValueError
        If `n` is smaller than 1.

    Notes
    -----
    :math:`J = |A \cap B| / |A \cup B|`, each shingle counted once.

    References
    ----------
    Broder (1997), doi:10.1109/SEQUEN.1997.666900.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> bool(shingle_similarity(documents)["similarity"].between(0, 1).all())
    True
    """
    check_table(documents, "documents")
    if n < 1:
        msg = f"n={n} is no length of a shingle; use 6."
        raise ValueError(msg)
    documents = documents.sort_values("doc_id")
    present = presence([np.unique(hash_grams(han_points(text), n)) for text in documents["text"]])
    table = _pairs(pd.Index(documents["doc_id"], dtype="str"), present)
    in_any = table["n_a"] + table["n_b"] - table["n_shared"]
    short = (table["n_a"] == 0) | (table["n_b"] == 0)
    table.insert(2, "similarity", (table["n_shared"] / in_any.where(in_any > 0)).mask(short))
    return _ranked(table.assign(reason=pd.Series(np.where(short, "too_short", ""), index=table.index, dtype="str")))


def jensen_shannon(
    tokens: pd.DataFrame, *, target: Collection[str], reference: Collection[str] | None = None
) -> pd.DataFrame:
    r"""Tell how far apart the words of two groups are, and how much of it each word makes.

    Parameters
    ----------
    tokens : DataFrame
        Table ``tokens``, or counts of words (``doc_id``, ``token``, ``n``).
    target, reference : collection of str
        Ids of documents; the reference is all others where left out.

    Returns
    -------
    DataFrame
        One row a word, the largest contribution first, then by word: ``token``, ``contribution`` (bits, at least 0; the
        sum is the divergence, in [0, 1]), ``side`` that uses it more (``"target"``, ``"reference"``, ``""`` where both
        do the same), ``n_target``, ``n_reference``, ``total_target``, ``total_reference``, ``reason``. The contribution
        is NaN with the reason ``n_zero`` where a side has no words.

    Raises
    ------
    ValueError
        If an id is unknown or on both sides.

    Notes
    -----
    With the shares p and q of a word on the two sides and m their mean, the word contributes
    :math:`\frac12 p \log_2 \frac{p}{m} + \frac12 q \log_2 \frac{q}{m}`. Rare words make small samples diverge without
    any true difference: compare divergences between groups of about one size, and judge single words by ``keyness``.

    References
    ----------
    Lin (1991), doi:10.1109/18.61115; Gallagher et al. (2021) on word shifts, doi:10.1140/epjds/s13688-021-00260-3.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> tokens = bl.tokenize(bl.split_sentences(documents, bl.split_sections(documents)))
    >>> shift = jensen_shannon(tokens, target=documents["doc_id"][:9])
    >>> 0 < float(shift["contribution"].sum()) < 1
    True
    """
    counts = count_words(tokens)
    n = [np.asarray(counts.matrix[side].sum(axis=0)) for side in split_sides(counts.doc_ids, target, reference)]
    totals = [int(side.sum()) for side in n]
    table = pd.DataFrame(
        {"token": counts.words, "contribution": np.nan, "side": "", "n_target": n[0], "n_reference": n[1]}
    )
    table = table.assign(total_target=totals[0], total_reference=totals[1], reason="" if all(totals) else "n_zero")
    if all(totals):
        p, q = n[0] / totals[0], n[1] / totals[1]
        table["contribution"] = np.maximum(0, rel_entr(p, (p + q) / 2) + rel_entr(q, (p + q) / 2)) / (2 * np.log(2))
        more = n[0] * totals[1] - n[1] * totals[0]
        table["side"] = np.select([more > 0, more < 0], ["target", "reference"], "")
    table = table[n[0] + n[1] > 0].astype({"side": "str", "reason": "str"})
    return table.sort_values(["contribution", "token"], ascending=[False, True], ignore_index=True)


def document_map(tokens: pd.DataFrame) -> pd.DataFrame:
    r"""Lay documents and words out on a plane: the first two axes of a correspondence analysis.

    Documents near each other use words in like proportions; a word lies towards the documents that use it more than
    others do. Only directions from the middle relate a word to a document, not their distance. A few rare words of one
    document can rule the map: pass the tokens of words that several documents have, without stop words.

    Parameters
    ----------
    tokens : DataFrame
        Table ``tokens``, or counts of words (``doc_id``, ``token``, ``n``).

    Returns
    -------
    DataFrame
        One row a point, documents by id, then words, the largest ``inertia`` first: ``kind`` (``"document"`` or
        ``"word"``), ``name``, ``x``, ``y`` (principal coordinates), ``mass`` in (0, 1] (share of the tokens), ``inertia``
        (what the point adds to the total, the same for documents and words), ``quality`` in [0, 1] (share of its inertia
        that the plane shows), ``share_x``, ``share_y`` in [0, 1] (share of the total that the axis shows), ``n`` (tokens),
        ``reason``. NaN with the reason ``one_document`` for a single document, ``no_variation`` where documents do not
        differ in so many directions.

    Notes
    -----
    With the table of shares P, its margins r and c and the singular value decomposition of
    :math:`S = D_r^{-1/2} (P - r c^T) D_c^{-1/2} = U \Sigma V^T`, documents lie at :math:`D_r^{-1/2} U \Sigma` and words
    at :math:`D_c^{-1/2} V \Sigma`; the squares of :math:`\Sigma` are the principal inertias. The side of an axis is
    arbitrary: the document that adds most to it lies on the positive side.

    References
    ----------
    Greenacre (2017), Correspondence Analysis in Practice, doi:10.1201/9781315369983.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> tokens = bl.tokenize(bl.split_sentences(documents, bl.split_sections(documents)))
    >>> points = document_map(tokens)
    >>> bool((points["share_x"] >= points["share_y"]).all())
    True
    """
    counts = count_words(tokens)
    total = max(1, int(counts.matrix.sum()))
    row, column = counts.matrix.sum(axis=1) / total, counts.matrix.sum(axis=0) / total
    scaled = (diags_array(1 / np.sqrt(row)) @ counts.matrix @ diags_array(1 / np.sqrt(column)) / total).tocsr()
    # Only products of documents are decomposed, and r c' is one subtraction there: small with any number of words.
    products = (scaled @ scaled.T).toarray() - np.sqrt(np.outer(row, row))
    shown, axes = _plane(products)
    places = np.concatenate(
        [axes * np.sqrt(shown) / np.sqrt(row)[:, None], (scaled.T @ axes) / np.sqrt(column)[:, None]]
    )
    places[:, shown <= _NO_INERTIA] = np.nan
    mass = np.concatenate([row, column])
    inertia = np.concatenate([np.diag(products), (scaled**2).sum(axis=0) - column])
    whole = np.trace(products) if np.trace(products) > _NO_INERTIA else np.nan
    table = pd.DataFrame(
        {
            "kind": np.repeat(["document", "word"], [len(row), len(column)]),
            "name": [*counts.doc_ids, *counts.words],
            "x": places[:, 0],
            "y": places[:, 1],
            "mass": mass,
            "inertia": np.maximum(0, inertia),
            "quality": np.nansum(places**2, axis=1) * mass / np.where(inertia > _NO_INERTIA, inertia, np.nan),
            "share_x": shown[0] / whole,
            "share_y": shown[1] / whole,
            "n": np.concatenate([counts.matrix.sum(axis=1), counts.matrix.sum(axis=0)]),
        }
    ).astype({"kind": "str", "name": "str"})
    defined = table[["x", "y", "quality"]].notna().all(axis=1)
    reason = "one_document" if len(row) == 1 else "no_variation"
    table["reason"] = pd.Series(np.where(defined, "", reason), dtype="str")
    by_word = table["inertia"].where(table["kind"] == "word")  # documents stay in the order of their ids
    return (
        table.assign(_=by_word)
        .sort_values(["kind", "_", "name"], ascending=[True, False, True], ignore_index=True)
        .drop(columns="_")
    )


def _plane(products: Array) -> tuple[Array, Array]:
    """Give the two largest eigenvalues, at least 0, and their vectors, each on a side that does not hang on the solver."""
    values, vectors = np.linalg.eigh(products)
    shown, axes = np.zeros(2), np.zeros((len(values), 2))
    k = min(2, len(values))
    shown[:k], axes[:, :k] = np.maximum(0, values[::-1][:k]), vectors[:, ::-1][:, :k]
    for axis in axes.T[:k]:
        most = np.argmax(np.abs(axis) >= (1 - 1e-9) * np.abs(axis).max())  # the first of several that add the same
        axis *= np.sign(axis[most]) or 1
    return shown, axes


def _upper(n: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    a, b = np.triu_indices(n, k=1)
    return a, b


def _pairs(doc_ids: pd.Index, present: csr_array) -> pd.DataFrame:
    """Count what each two documents share."""
    a, b = _upper(len(doc_ids))
    sizes = present.sum(axis=1)
    shared = (present @ present.T).toarray()[a, b]
    return pd.DataFrame(
        {"doc_a": doc_ids[a], "doc_b": doc_ids[b], "n_shared": shared, "n_a": sizes[a], "n_b": sizes[b]}
    )


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values(["similarity", "doc_a", "doc_b"], ascending=[False, True, True], ignore_index=True)
