"""Words that one group of documents uses more than another."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.special import rel_entr

from burdenlab.messages import with_chinese
from burdenlab.metrics.counts import count_words, split_sides
from burdenlab.permutation import adjust_p, permutation_p, permuted_sides

__all__ = ["keyness", "weighted_log_odds"]

Array = npt.NDArray[np.float64]
Number = Array | float
Statistic = Callable[[Array, Array, Number, Number], Array]
Measure = Literal["g2", "ll_two_cell", "chi2", "log_ratio", "pct_diff", "log_odds"]

_FEWEST = 3  # documents of a side, and with the word, that a test needs
_PRIOR = 0.1  # of the pooled counts: the weight of the prior of the log-odds
_BLOCK = 2_000_000  # counts of permuted sides held at a time
_NO_DIFFERENCE = 1e-9  # of a score: rounding


def keyness(
    tokens: pd.DataFrame,
    *,
    target: Collection[str],
    reference: Collection[str] | None = None,
    measure: Measure = "g2",
    n_permutations: int = 1999,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Find the words that the target uses more, or less, than the reference.

    The score ranks words; whether a difference is more than chance is told by ``p`` and ``q``, which come from permuting
    documents. Words come in bursts, so that the table of a score's significance (3.84 for 5 %) does not hold: it calls
    40 to 80 % of words without any true difference significant.

    Parameters
    ----------
    tokens : DataFrame
        Table ``tokens``, or counts of words (``doc_id``, ``token``, ``n``).
    target, reference : collection of str
        Ids of documents; the reference is all others where left out.
    measure : {"g2", "ll_two_cell", "chi2", "log_ratio", "pct_diff", "log_odds"}
        The score. ``"g2"``: log-likelihood of the four-cell table (Dunning 1993; of quanteda); ``"ll_two_cell"``: the
        log-likelihood of Rayson & Garside (2000) and most corpus tools, which leaves the other words out;
        ``"chi2"``: Pearson's; ``"log_ratio"`` (Hardie 2014); ``"pct_diff"`` (Gabrielatos & Marchi 2011);
        ``"log_odds"``: z of the weighted log-odds, see ``weighted_log_odds``. None has a continuity correction.
    n_permutations : int
    seed : int
        Of the permutations.

    Returns
    -------
    DataFrame
        One row a word, the highest score first, then by word: ``token``, ``score`` (negative where the reference uses
        the word more), ``log_ratio`` (of the rates, to base 2), ``p`` (two-sided, in (0, 1]), ``q`` (Benjamini–Hochberg
        over the words tested), ``n_target``, ``n_reference``, ``total_target``, ``total_reference`` (tokens),
        ``n_documents_target``, ``n_documents_reference`` (that have the word), ``measure``, ``reason``.
        ``score`` and ``log_ratio`` are NaN with the reason ``n_zero`` where a side has no words; ``p`` and ``q`` are NaN
        with the reason ``n_few`` where a side has fewer than 3 documents or fewer than 3 documents have the word.

    Raises
    ------
    ValueError
        If an id is unknown or on both sides, or an option is out of range.

    Notes
    -----
    With a and b the counts of the word, A and B the tokens of the sides, N = A + B, and E the count expected in a cell,
    :math:`G^2 = 2 \sum O \ln(O/E)` over a, b, A − a, B − b (``g2``) or over a and b alone (``ll_two_cell``),
    :math:`\chi^2 = \sum (O-E)^2/E`, :math:`\text{log ratio} = \log_2 \frac{a/A}{b/B}`,
    :math:`\%DIFF = 100 (a/A - b/B) / (b/B)`. In the ratios 0.5 stands for a count of 0 that would be divided by or
    taken the logarithm of; they then depend on the length of the texts.

    p is :math:`(b+1)/(m+1)`, b of m random divisions of the documents into sides of the same size having a score at
    least as far from 0 (for ``pct_diff``, which is not symmetric, a log ratio as far from 0). It assumes documents that
    could change places: where templates or authors tie some together, pass one of each. Swapping the sides gives the
    same p.

    References
    ----------
    Dunning (1993), https://aclanthology.org/J93-1003; Rayson & Garside (2000), doi:10.3115/1117729.1117730;
    Phipson & Smyth (2010), doi:10.2202/1544-6115.1585; Benjamini & Hochberg (1995),
    doi:10.1111/j.2517-6161.1995.tb02031.x; Gries (2021) on dispersion, doi:10.32714/ricl.09.02.02.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports", metadata="data/demo/metadata.csv")
    >>> tokens = bl.tokenize(bl.split_sentences(documents, bl.split_sections(documents)))
    >>> county = documents.loc[documents["level"] == "county", "doc_id"]
    >>> key = keyness(tokens, target=county, n_permutations=99)
    >>> bool((key["score"].diff().dropna() <= 0).all())
    True
    """
    _check_options(measure, n_permutations)
    counts = count_words(tokens)
    is_target, is_reference = split_sides(counts.doc_ids, target, reference)
    matrix, labels = counts.matrix[is_target | is_reference], is_target[is_target | is_reference]
    n = [matrix[side].sum(axis=0) for side in (labels, ~labels)]
    n_documents = [matrix[side].count_nonzero(axis=0) for side in (labels, ~labels)]
    totals = [int(side.sum()) for side in n]
    enough = min(labels.sum(), (~labels).sum()) >= _FEWEST
    tested = (sum(n_documents) >= _FEWEST) & enough
    p = np.full(len(tested), np.nan)
    if tested.any():
        # %DIFF runs from -100 to infinity; how far from 0 it is, its logarithm tells.
        statistic = _log_ratio if measure == "pct_diff" else _SCORES[measure]
        p[tested] = _permuted(matrix[:, tested], matrix.sum(axis=1), labels, statistic, n_permutations, seed)
    score, log_ratio = (_score(f, *n, *totals) for f in (_SCORES[measure], _log_ratio))
    unscored = np.where(np.isnan(score), "no_variation" if min(totals) else "n_zero", "")
    untested = np.where(tested, "", "n_few")
    table = pd.DataFrame(
        {
            "token": counts.words,
            "score": score,
            "log_ratio": log_ratio,
            "p": p,
            "q": adjust_p(p),
            "n_target": n[0],
            "n_reference": n[1],
            "total_target": totals[0],
            "total_reference": totals[1],
            "n_documents_target": n_documents[0],
            "n_documents_reference": n_documents[1],
            "measure": measure,
            "reason": [";".join(filter(None, codes)) for codes in zip(unscored, untested, strict=True)],
        }
    ).astype({"measure": "str", "reason": "str"})
    table = table[n[0] + n[1] > 0]
    return table.sort_values(["score", "token"], ascending=[False, True], ignore_index=True)


def weighted_log_odds(n_target: npt.ArrayLike, n_reference: npt.ArrayLike, *, prior: npt.ArrayLike) -> pd.DataFrame:
    r"""Compare the odds of each word, drawn to a prior by as much as the word is rare.

    ``keyness(measure="log_odds")`` takes a tenth of the pooled counts as prior.

    Parameters
    ----------
    n_target, n_reference : array_like
        Counts of the words, of the same shape.
    prior : array_like
        Pseudo-counts :math:`\alpha`, above 0, a number or one a word.

    Returns
    -------
    DataFrame
        ``log_odds`` (difference, natural logarithm), ``variance`` and ``z``; NaN where there is one word only.

    Notes
    -----
    :math:`\delta = \ln \frac{y_1 + \alpha}{n_1 + \alpha_0 - y_1 - \alpha} - \ln \frac{y_2 + \alpha}{n_2 + \alpha_0 - y_2 - \alpha}`;
    the variance is the full one, the sum of one over each of these four terms. The usual shortcut, which leaves out the
    two terms of the other words, overstates frequent words by half and more.

    References
    ----------
    Monroe, Colaresi & Quinn (2008), doi:10.1093/pan/mpn018.

    Examples
    --------
    >>> weighted_log_odds([20, 5, 0, 75], [5, 20, 10, 165], prior=0.01)["z"].round(3).tolist()
    [4.402, -1.447, -0.626, -1.525]
    """
    y1, y2, alpha = np.broadcast_arrays(*(np.asarray(v, float) for v in (n_target, n_reference, prior)))
    delta, variance = _log_odds(y1, y2, y1.sum(), y2.sum(), alpha, alpha.sum())
    return pd.DataFrame({"log_odds": delta, "variance": variance, "z": delta / np.sqrt(variance)})


def _check_options(measure: str, n_permutations: int) -> None:
    if measure not in _SCORES:
        msg = f"measure={measure!r}; one of {list(_SCORES)} is expected."
        raise with_chinese(ValueError(msg), f"measure={measure!r} 不可用;可选 {list(_SCORES)}。")
    if n_permutations < 1:
        msg = f"n_permutations={n_permutations}; at least 1 is expected, 1999 are usual."
        raise ValueError(msg)


def _permuted(
    matrix: csr_array,
    sizes: npt.NDArray[np.int64],
    labels: npt.NDArray[np.bool_],
    statistic: Statistic,
    n_permutations: int,
    seed: int,
) -> Array:
    """Give p of each word, a column of `matrix`; documents are its rows and have `sizes` tokens."""
    # The side of the first document is dealt, so that swapping target and reference deals the same divisions.
    side = labels if labels[0] else ~labels
    words = matrix.T.tocsr().astype(float)
    n, total = words.sum(axis=1), float(sizes.sum())

    def scores(block: Array) -> Array:
        a, first = (words @ block.T).T, (block @ sizes)[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            score = statistic(a, n - a, first, total - first)
        return np.where(np.abs(score) < _NO_DIFFERENCE, 0, score)

    blocks = permuted_sides(side, n_permutations=n_permutations, seed=seed, rows=max(1, _BLOCK // max(words.shape)))
    return permutation_p(scores(side[None, :].astype(float))[0], (scores(block) for block in blocks))


def _score(statistic: Statistic, n_target: Array, n_reference: Array, total_target: int, total_reference: int) -> Array:
    a, b = n_target.astype(float), n_reference.astype(float)
    if not (total_target and total_reference):
        return np.full(len(a), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        return statistic(a, b, float(total_target), float(total_reference))


def _g2(a: Array, b: Array, total_a: Number, total_b: Number) -> Array:
    expected = (a + b) * (total_a / (total_a + total_b))
    others = rel_entr(total_a - a, total_a - expected) + rel_entr(total_b - b, total_b - (a + b - expected))
    return _signed(2 * (rel_entr(a, expected) + rel_entr(b, a + b - expected) + others), a, b, total_a, total_b)


def _ll_two_cell(a: Array, b: Array, total_a: Number, total_b: Number) -> Array:
    expected = (a + b) * (total_a / (total_a + total_b))
    return _signed(2 * (rel_entr(a, expected) + rel_entr(b, a + b - expected)), a, b, total_a, total_b)


def _chi2(a: Array, b: Array, total_a: Number, total_b: Number) -> Array:
    n, total = a + b, total_a + total_b
    # In a corpus of one word the numerator is 0 too.
    value = total * (a * total_b - b * total_a) ** 2 / (n * np.maximum(1, total - n) * total_a * total_b)
    return _signed(value, a, b, total_a, total_b)


def _signed(value: Array, a: Array, b: Array, total_a: Number, total_b: Number) -> Array:
    return np.maximum(value, 0) * np.sign(a * total_b - b * total_a)


def _log_ratio(a: Array, b: Array, total_a: Number, total_b: Number) -> Array:
    return np.log2(np.maximum(a, 0.5) / total_a / (np.maximum(b, 0.5) / total_b))


def _pct_diff(a: Array, b: Array, total_a: Number, total_b: Number) -> Array:
    return 100 * (a / total_a / (np.maximum(b, 0.5) / total_b) - 1)


def _z_of_log_odds(a: Array, b: Array, total_a: Number, total_b: Number) -> Array:
    delta, variance = _log_odds(a, b, total_a, total_b, _PRIOR * (a + b), _PRIOR * (total_a + total_b))
    return delta / np.sqrt(variance)


def _log_odds(
    a: Array, b: Array, total_a: Number, total_b: Number, prior: Array, total_prior: Number
) -> tuple[Array, Array]:
    words, others = (
        (a + prior, b + prior),
        ((total_a - a) + (total_prior - prior), (total_b - b) + (total_prior - prior)),
    )
    delta = np.log(words[0] / others[0]) - np.log(words[1] / others[1])
    return delta, np.sum([1 / cell for cell in (*words, *others)], axis=0)


_SCORES: dict[str, Statistic] = {
    "g2": _g2,
    "ll_two_cell": _ll_two_cell,
    "chi2": _chi2,
    "log_ratio": _log_ratio,
    "pct_diff": _pct_diff,
    "log_odds": _z_of_log_odds,
}
