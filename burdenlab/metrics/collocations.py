"""Words that follow each other more often than their counts let expect."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.tables import check_table

__all__ = ["association", "collocations"]


def collocations(tokens: pd.DataFrame, *, window: int = 1) -> pd.DataFrame:
    """Find the pairs of words that stand side by side, in this order.

    Words stand side by side where nothing lies between them: not over punctuation, nor over a token that was taken out
    of the table before. Rare pairs score high on PMI by chance: ``table[table["n"] >= 5]``.

    Parameters
    ----------
    tokens : DataFrame
        Table ``tokens``.
    window : int
        How many words further on the second word may stand: 1 for neighbours only.

    Returns
    -------
    DataFrame
        One row a pair that occurs, the highest ``log_dice`` first, then the most frequent, then by the words:
        ``first``, ``second``, ``n`` (pairs), ``n_first`` and ``n_second`` (pairs with the word in this place),
        ``n_pairs`` (all), ``n_documents`` (that have the pair), and the columns of ``association``.

    Raises
    ------
    ValueError
        If `window` is smaller than 1.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> tokens = bl.tokenize(bl.split_sentences(documents, bl.split_sections(documents)))
    >>> pairs = collocations(tokens)
    >>> bool((pairs["n"] <= pairs["n_first"]).all())
    True
    """
    check_table(tokens, "tokens")
    if window < 1:
        msg = f"window={window}; at least 1 is expected: the next word."
        raise ValueError(msg)
    tokens = tokens.sort_values(["doc_id", "start"], ignore_index=True)
    words, vocabulary = pd.factorize(tokens["token"], sort=True)
    documents, _ = pd.factorize(tokens["doc_id"])
    starts, ends, sentences = (tokens[c].to_numpy() for c in ("start", "end", "sentence_id"))
    touches = (starts[1:] == ends[:-1]) & (sentences[1:] == sentences[:-1]) & (documents[1:] == documents[:-1])
    run = np.concatenate([[0], np.cumsum(~touches)])[: len(tokens)]
    ahead = [np.flatnonzero(run[:-step] == run[step:]) for step in range(1, window + 1)]
    at = np.concatenate(ahead)
    then = np.concatenate([found + step for step, found in enumerate(ahead, start=1)])
    pairs = pd.DataFrame({"first": words[at], "second": words[then], "document": documents[at]})
    table = pairs.groupby(["first", "second"], sort=True)["document"].agg(["size", "nunique"]).reset_index()
    table = table.rename(columns={"size": "n", "nunique": "n_documents"}).assign(
        n_first=lambda t: np.bincount(words[at], minlength=1)[t["first"]],
        n_second=lambda t: np.bincount(words[then], minlength=1)[t["second"]],
        n_pairs=len(at),
    )
    scores = association(table["n"], table["n_first"], table["n_second"], table["n_pairs"])
    for place in ("first", "second"):
        table[place] = pd.Series(vocabulary[table[place]], dtype="str")
    table = pd.concat(
        [table[["first", "second", "n", "n_first", "n_second", "n_pairs", "n_documents"]], scores], axis=1
    )
    descending = ["log_dice", "n"]
    return table.sort_values([*descending, "first", "second"], ascending=[False, False, True, True], ignore_index=True)


def association(
    n: npt.ArrayLike, n_first: npt.ArrayLike, n_second: npt.ArrayLike, total: npt.ArrayLike
) -> pd.DataFrame:
    r"""Score pairs by four measures of association.

    Parameters
    ----------
    n : array_like
        Times that the two are together, above 0.
    n_first, n_second : array_like
        Times of each, at least `n`.
    total : array_like
        Times in all.

    Returns
    -------
    DataFrame
        ``log_dice`` (at most 14, whatever the size of the corpus; one point less is half as much), ``pmi`` (bits;
        favours rare pairs), ``npmi`` in (-1, 1] (0: independent, 1: never apart; NaN with the reason ``no_variation``
        where there is nothing but the pair), ``t`` (favours frequent pairs), ``reason``.

    Notes
    -----
    With :math:`E = f_1 f_2 / N`: :math:`\text{logDice} = 14 + \log_2 \frac{2f}{f_1+f_2}`, :math:`PMI = \log_2 f/E`,
    :math:`NPMI = PMI / -\log_2 (f/N)`, :math:`t = (f - E)/\sqrt f`. They rank; t is no test, for words are no draws
    from an urn.

    References
    ----------
    Rychlý (2008), https://nlp.fi.muni.cz/raslan/2008/papers/13.pdf; Church & Hanks (1990),
    https://aclanthology.org/J90-1003; Bouma (2009), https://svn.spraakdata.gu.se/repos/gerlof/pub/www/Docs/npmi-pfd.pdf;
    Evert (2005), doi:10.18419/opus-2556.

    Examples
    --------
    >>> association([30], [100], [60], 10000)["log_dice"].round(3).tolist()
    [12.585]
    """
    f, f1, f2, total = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (n, n_first, n_second, total)))
    expected = f1 * f2 / total
    pmi = np.log2(f / expected)
    surprise = -np.log2(f / total)
    npmi = np.divide(pmi, surprise, out=np.full(f.shape, np.nan), where=surprise > 0)
    return pd.DataFrame(
        {
            "log_dice": 14 + np.log2(2 * f / (f1 + f2)),
            "pmi": pmi,
            "npmi": np.clip(npmi, -1, 1),
            "t": (f - expected) / np.sqrt(f),
            "reason": pd.Series(np.where(surprise > 0, "", "no_variation"), dtype="str"),
        }
    )
