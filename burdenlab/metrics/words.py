"""Words of a corpus: how often, in how many documents, how evenly, how telling."""

from __future__ import annotations

from collections.abc import Collection
from importlib.resources import files

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from burdenlab.metrics.counts import count_words, tf_idf_weights

__all__ = ["stop_words", "tf_idf", "word_frequency"]


def word_frequency(tokens: pd.DataFrame, *, stop_words: Collection[str] = ()) -> pd.DataFrame:
    r"""Count each word and tell how evenly it is spread over the documents.

    For groups of documents, pass the tokens of a group: ``tokens[tokens["doc_id"].isin(ids)]``.

    Parameters
    ----------
    tokens : DataFrame
        Table ``tokens``, or counts of words (``doc_id``, ``token``, ``n``).
    stop_words : collection of str
        Words without a row, such as ``bl.stop_words()``; they still count as tokens of their documents, so that the
        numbers of the other words do not depend on the list.

    Returns
    -------
    DataFrame
        One row a word, the most frequent first, then by word: ``token``, ``n`` (count), ``n_documents`` (that have it),
        ``rate`` (per 1,000 tokens), ``dp`` in [0, 1) and ``dp_norm`` in [0, 1] (0: spread as the documents are long;
        1: all in the shortest document), ``juilland_d`` in [0, 1] and ``carroll_d2`` in [0, 1] (1: the same rate
        everywhere; 0: in one document only), ``total`` (tokens), ``n_parts`` (documents), ``reason``. The measures of
        dispersion are NaN with the reason ``one_document`` where there is a single document.

    Notes
    -----
    A document i holds the share :math:`s_i` of all tokens, the word stands in it :math:`v_i` times of f, at the rate
    :math:`p_i`; n documents. :math:`DP = \frac12 \sum |v_i/f - s_i|` and :math:`DP_{norm} = DP / (1 - \min s_i)`
    (what is often printed as DP), :math:`D = 1 - \frac{sd(p)}{mean(p)} / \sqrt{n-1}` with the standard deviation of the
    population, :math:`D_2 = -\sum q_i \log q_i / \log n` with :math:`q_i = p_i / \sum p`. Juilland's D is close to 1
    for all frequent words where documents are many: compare DP there.

    References
    ----------
    Gries (2008), doi:10.1075/ijcl.13.4.02gri; Lijffijt & Gries (2012), doi:10.1075/ijcl.17.1.08lij; Carroll (1970),
    doi:10.1002/j.2333-8504.1970.tb00778.x; Juilland & Chang-Rodriguez (1964), doi:10.1515/9783112415467; Biber et al.
    (2016) on D in large corpora, doi:10.1075/ijcl.21.4.01bib.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> tokens = bl.tokenize(bl.split_sentences(documents, bl.split_sections(documents)))
    >>> frequency = word_frequency(tokens)
    >>> int(frequency["n"].sum()) == len(tokens)
    True
    """
    counts = count_words(tokens)
    n = counts.matrix.sum(axis=0)
    table = pd.DataFrame({"token": counts.words, "n": n, "n_documents": counts.matrix.count_nonzero(axis=0)})
    total = int(n.sum())
    dispersion = _dispersion(counts.matrix)
    parts = len(counts.doc_ids)
    table = table.assign(
        rate=1000 * n / total if total else np.zeros(0),
        **dispersion,
        total=total,
        n_parts=parts,
        reason=pd.Series("one_document" if parts == 1 else "", index=table.index, dtype="str"),
    )
    table = table[~table["token"].isin(list(stop_words))]
    return table.sort_values(["n", "token"], ascending=[False, True], ignore_index=True)


def stop_words() -> frozenset[str]:
    """Give words that say nothing about what a report is about: particles, prepositions, numerals, empty adverbs.

    Composed for official prose and read through. Negation (不, 没有, 未), obligation (要, 必须, 应当, 不得), permission
    and amount (多, 只, 层层) are no stop words here, for burden is told by them. The list stands in
    ``burdenlab/metrics/stopwords.txt`` with a reason for each group.

    Returns
    -------
    frozenset of str

    Examples
    --------
    >>> "的" in stop_words(), "不" in stop_words()
    (True, False)
    """
    text = files("burdenlab.metrics").joinpath("stopwords.txt").read_text("utf-8")
    groups = text.split("\n[")[1:]  # each with its heading and its reason in the first two lines
    return frozenset(word for group in groups for line in group.splitlines()[2:] for word in line.split())


def tf_idf(tokens: pd.DataFrame) -> pd.DataFrame:
    r"""Weigh the words of each document by how few documents have them.

    Parameters
    ----------
    tokens : DataFrame
        Table ``tokens``, or counts of words (``doc_id``, ``token``, ``n``).

    Returns
    -------
    DataFrame
        One row a word of a document, documents in the order of their ids, the weightiest words first: ``doc_id``,
        ``token``, ``n``, ``n_documents`` (that have the word), ``idf`` (at least 1), ``tf_idf`` in (0, 1].

    Notes
    -----
    :math:`w = n \cdot (\ln(N/df) + 1)`, divided by the length of the document's vector of w: scikit-learn's
    ``TfidfVectorizer(smooth_idf=False)``. Its smoothing adds one document that has every word; without it a corpus
    doubled keeps its weights. A weight depends on the other documents: compare weights within one corpus only.

    References
    ----------
    Spärck Jones (1972), doi:10.1108/eb026526.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> tokens = bl.tokenize(bl.split_sentences(documents, bl.split_sections(documents)))
    >>> weights = tf_idf(tokens)
    >>> bool(abs((weights["tf_idf"] ** 2).groupby(weights["doc_id"]).sum() - 1).max() < 1e-12)
    True
    """
    counts = count_words(tokens)
    cells = counts.matrix.tocoo()
    weights = tf_idf_weights(counts.matrix).tocoo()
    n_documents = counts.matrix.count_nonzero(axis=0)[cells.col]
    table = pd.DataFrame(
        {
            "doc_id": counts.doc_ids[cells.row],
            "token": counts.words[cells.col],
            "n": cells.data,
            "n_documents": n_documents,
            "idf": np.log(len(counts.doc_ids) / n_documents) + 1,
            "tf_idf": weights.data,
        }
    )
    return table.sort_values(["doc_id", "tf_idf", "token"], ascending=[True, False, True], ignore_index=True)


def _dispersion(matrix: csr_array) -> dict[str, np.ndarray]:
    """Compute the measures from the cells that are not empty; what empty ones add follows from the sums."""
    n_parts, n_words = matrix.shape
    names = ("dp", "dp_norm", "juilland_d", "carroll_d2")
    if n_parts < 2:
        return dict.fromkeys(names, np.full(n_words, np.nan))
    cells = matrix.tocoo()
    sizes = matrix.sum(axis=1)
    share = (sizes / sizes.sum())[cells.row]
    rate = cells.data / sizes[cells.row]

    def add(values: np.ndarray) -> np.ndarray:
        return np.bincount(cells.col, weights=values, minlength=n_words)

    dp = (add(np.abs(cells.data / matrix.sum(axis=0)[cells.col] - share)) + 1 - add(share)) / 2
    mean = add(rate) / n_parts
    # The rates of documents without the word are 0 and differ from the mean by the mean.
    without = n_parts - np.bincount(cells.col, minlength=n_words)
    variance = (add((rate - mean[cells.col]) ** 2) + without * mean**2) / n_parts
    part = rate / (n_parts * mean[cells.col])
    values = (
        dp,
        dp / (1 - sizes.min() / sizes.sum()),
        np.clip(1 - np.sqrt(variance) / mean / np.sqrt(n_parts - 1), 0, 1),
        np.clip(0 - add(part * np.log(part)) / np.log(n_parts), 0, 1),
    )
    return dict(zip(names, values, strict=True))
