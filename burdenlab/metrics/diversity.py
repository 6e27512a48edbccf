"""How varied the words of each document are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import hypergeom

from burdenlab.tables import check_table

__all__ = ["lexical_diversity"]

Codes = npt.NDArray[np.int64]

_SAMPLE = 42  # of HD-D
_FACTOR = 0.72  # of MTLD


def lexical_diversity(tokens: pd.DataFrame, *, window: int = 50) -> pd.DataFrame:
    r"""Measure how varied the words of each document are.

    Formulaic prose repeats itself. The share of different words falls with length: compare ``ttr`` only between
    documents of one length, ``mattr``, ``mtld`` and ``hdd`` between any. All depend on where words are cut: compare
    documents cut by the same tokenizer and codebook.

    Parameters
    ----------
    tokens : DataFrame
        Table ``tokens``.
    window : int
        Of MATTR, in tokens.

    Returns
    -------
    DataFrame
        One row a document, by doc_id: ``doc_id``, ``ttr`` in (0, 1], ``mattr`` in (0, 1], ``mtld`` (tokens, above 0),
        ``hdd`` in (0, 1], ``yule_k`` in [0, 10,000) (the higher, the more repetition), ``n_tokens``, ``n_types``,
        ``reason``. NaN with the reason ``too_short``: ``mattr`` below `window` tokens, ``hdd`` below 42, ``yule_k`` below 2,
        ``mtld`` where the words repeat too little for it to be defined.

    Raises
    ------
    ValueError
        If `window` is smaller than 1.

    Notes
    -----
    N tokens, V types, type i with :math:`f_i` tokens. TTR: V/N. MATTR: the mean TTR of all windows. MTLD: the mean length
    of stretches over which the TTR stays at .72 or more, the last one counted in part, read forwards and backwards and
    averaged; stretches may be of any length (some programs want 10 tokens at least, which gives more where the words
    repeat at once: 9.77 for 3.83 on a text of 400 tokens with 33 types). HD-D: the share of types in a random sample of
    42 tokens, :math:`\frac{1}{42} \sum_i (1 - P_i(0))`, hypergeometric. Yule's K:
    :math:`10^4 (\sum f_i^2 - N)/N^2`.

    References
    ----------
    Covington & McFall (2010), doi:10.1080/09296171003643098; McCarthy & Jarvis (2010), doi:10.3758/BRM.42.2.381;
    McCarthy & Jarvis (2007), doi:10.1177/0265532207080767; Yule (1944), The Statistical Study of Literary Vocabulary.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> tokens = bl.tokenize(bl.split_sentences(documents, bl.split_sections(documents)))
    >>> diversity = lexical_diversity(tokens)
    >>> bool(diversity["mattr"].between(0, 1).all())
    True
    """
    check_table(tokens, "tokens")
    if window < 1:
        msg = f"window={window}; at least 1 token is expected, 50 are usual."
        raise ValueError(msg)
    tokens = tokens.sort_values(["doc_id", "start"])
    rows = []
    for doc_id, words in tokens.groupby("doc_id", sort=True)["token"]:
        codes, types = pd.factorize(words)
        n, counts = len(codes), np.bincount(codes)
        mtld = (_mtld(codes) + _mtld(codes[::-1])) / 2
        k = 1e4 * (int((counts**2).sum()) - n) / n**2 if n > 1 else np.nan
        measures = (len(types) / n, _mattr(codes, window), mtld, _hdd(counts), k)
        rows.append((doc_id, *measures, n, len(types), "too_short" if np.isnan(measures).any() else ""))
    floats = ("ttr", "mattr", "mtld", "hdd", "yule_k")
    table = pd.DataFrame(rows, columns=["doc_id", *floats, "n_tokens", "n_types", "reason"])
    return table.astype(
        {"doc_id": "str", "n_tokens": "int64", "n_types": "int64", "reason": "str"} | dict.fromkeys(floats, "float64")
    )


def _mattr(codes: Codes, window: int) -> float:
    n = len(codes)
    if n < window:
        return np.nan
    # A token is the first of its type in the windows that begin after the one before and not after itself.
    before = pd.Series(np.arange(n)).groupby(codes).shift(fill_value=-1).to_numpy()
    at = np.arange(n)
    first, last = np.maximum(before + 1, at - window + 1), np.minimum(at, n - window)
    return int(np.maximum(0, last - first + 1).sum()) / (window * (n - window + 1))


def _mtld(codes: Codes) -> float:
    """Read in one direction: tokens per factor; NaN where not even a part of one is seen."""
    factors = 0.0
    seen: set[int] = set()
    length = 0
    for code in codes.tolist():
        seen.add(code)
        length += 1
        if len(seen) / length < _FACTOR:
            factors += 1
            seen, length = set(), 0
    if length:
        factors += (1 - len(seen) / length) / (1 - _FACTOR)
    return len(codes) / factors if factors else np.nan


def _hdd(counts: Codes) -> float:
    if counts.sum() < _SAMPLE:
        return np.nan
    sizes, n_types = np.unique(counts, return_counts=True)
    return float((n_types * hypergeom.sf(0, counts.sum(), sizes, _SAMPLE)).sum() / _SAMPLE)
