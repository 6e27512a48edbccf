"""Themes or words that stand in the same sentences."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array, csr_array
from scipy.stats import hypergeom

from burdenlab.messages import with_chinese
from burdenlab.permutation import adjust_p
from burdenlab.tables import check_table, number_rows

__all__ = ["cooccurrence"]

Array = npt.NDArray[np.float64]

_MOST = 100  # items: 4,950 pairs


def cooccurrence(
    found: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    items: Sequence[str] | None = None,
    unit: Literal["sentence", "document"] = "sentence",
) -> pd.DataFrame:
    r"""Tell which themes, or words, stand in the same sentences.

    Parameters
    ----------
    found : DataFrame
        Table ``hits`` (pairs of themes) or ``tokens`` (pairs of words).
    sentences : DataFrame
        Table ``sentences`` that they were found in: what is counted in.
    items : sequence of str, optional
        The themes or words, at most 100, such as ``codebook.themes``; those that occur where left out.
    unit : {"sentence", "document"}
        What the two have to share.

    Returns
    -------
    DataFrame
        One row a pair, the highest ``phi`` first, then by the items: ``item_a``, ``item_b`` (in the order of the code
        points), ``n_both``, ``n_a``, ``n_b``, ``n`` (units), ``expected`` (``n_both`` by chance, given how many units
        of each document have a and b), ``lift`` (at least 0; 1: independent in the corpus as a whole), ``phi`` in
        [-1, 1], ``p`` (two-sided, in [0, 1]) and ``q`` (Benjamini–Hochberg), ``reason``. ``lift`` is NaN where an item
        never occurs (``n_zero``); ``phi``, ``p`` and ``q`` there and where one is everywhere (``no_variation``).

    Raises
    ------
    ValueError
        If there are more than 100 items, or `found` names a sentence that `sentences` lacks.

    Notes
    -----
    :math:`\text{lift} = \frac{n_{ab} n}{n_a n_b}`, :math:`\phi = \frac{n\,n_{ab} - n_a n_b}{\sqrt{n_a (n-n_a) n_b (n-n_b)}}`.

    The test holds fixed, in each document, how many sentences have a and how many have b, and asks how the b fall if
    they could stand in any sentence of their document. All these permutations are counted rather than some drawn:
    ``n_both`` is a sum of one hypergeometric count a document, and p adds up the outcomes that are no more probable than
    the one observed. (For ``unit="document"`` this is Fisher's exact test.) So documents about both, or templates with
    much of both, are no evidence; two themes in one document but in other sentences count against the pair. That long
    sentences hold more of every theme is not taken out: compare pairs with each other before calling one special.
    Keeping the number of themes a sentence has fixed as well would leave nothing to permute where few themes are coded.

    References
    ----------
    Fisher (1935) on fixed margins, doi:10.2307/2342435; Gotelli (2000) on which margins to fix,
    doi:10.1890/0012-9658(2000)081[2606:NMAOSC]2.0.CO;2.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> pairs = cooccurrence(bl.find_hits(sentences, bl.load_codebook()), sentences)
    >>> bool((pairs["n_both"] <= pairs[["n_a", "n_b"]].min(axis=1)).all())
    True
    """
    check_table(sentences, "sentences")
    column = "theme" if "theme" in found.columns else "token"
    check_table(found, "hits" if column == "theme" else "tokens", called="found")
    if unit not in ("sentence", "document"):
        msg = f"unit={unit!r}; 'sentence' or 'document' is expected."
        raise ValueError(msg)
    chosen = sorted(set(found[column] if items is None else items))
    if len(chosen) > _MOST:
        msg = f"found has {len(chosen)} different items; choose at most {_MOST} by items=, or by filtering found."
        raise with_chinese(ValueError(msg), f"共有 {len(chosen)} 个不同的词或主题;请用 items= 选出至多 {_MOST} 个。")
    present, strata = _presence(found, sentences, column, chosen, unit)
    n = strata.sum(axis=1)
    of_documents = (strata @ present).toarray()
    a, b = np.triu_indices(len(chosen), k=1)
    totals = of_documents.sum(axis=0)
    names = pd.Index(chosen, dtype="str")
    table = pd.DataFrame(
        {
            "item_a": names[a],
            "item_b": names[b],
            "n_both": (present.T @ present).toarray()[a, b],
            "n_a": totals[a],
            "n_b": totals[b],
            "n": int(n.sum()),
            "expected": (of_documents[:, a] * of_documents[:, b] / n[:, None]).sum(axis=0),
        }
    )
    table = pd.concat(
        [table, _scores(*(table[c].to_numpy(dtype=float) for c in ("n_both", "n_a", "n_b", "n")))], axis=1
    )
    rows = zip(table["n_both"], of_documents.T[a], of_documents.T[b], table["reason"], strict=True)
    p = np.array([np.nan if reason else _exact(both, of_a, of_b, n) for both, of_a, of_b, reason in rows], dtype=float)
    table = table.assign(p=p, q=adjust_p(p))[[*(c for c in table.columns if c != "reason"), "p", "q", "reason"]]
    return table.sort_values(["phi", "item_a", "item_b"], ascending=[False, True, True], ignore_index=True)


def _presence(
    found: pd.DataFrame, sentences: pd.DataFrame, column: str, items: list[str], unit: str
) -> tuple[csr_array, csr_array]:
    """Give which items each unit has, and which units each document has (as one stratum where documents are units)."""
    key = ["doc_id", "sentence_id"] if unit == "sentence" else ["doc_id"]
    number = number_rows(pd.concat([sentences[of], found[of]]) for of in key)
    units, first = np.unique(number[: len(sentences)], return_index=True)
    rows = pd.Index(units).get_indexer(number[len(sentences) :])
    if (rows < 0).any():
        lost = found.iloc[int(np.argmin(rows))]
        msg = f"found names sentence {lost['sentence_id']} of {lost['doc_id']!r}, which sentences lacks; pass the table it was made from."
        raise ValueError(msg)
    columns = pd.Index(items).get_indexer(found[column])
    cells = np.unique(np.stack([rows, columns])[:, columns >= 0], axis=1)
    present = coo_array((np.ones(cells.shape[1], dtype=np.int64), cells), shape=(len(units), len(items)))
    stratum = pd.factorize(sentences["doc_id"].iloc[first])[0] if unit == "sentence" else np.zeros(len(units), int)
    shape = (int(stratum.max(initial=-1)) + 1, len(units))
    strata = coo_array((np.ones(len(units), dtype=np.int64), (stratum, np.arange(len(units)))), shape=shape)
    return present.tocsr(), strata.tocsr()


def _scores(both: Array, n_a: Array, n_b: Array, n: Array) -> pd.DataFrame:
    absent = (n_a == 0) | (n_b == 0)
    fixed = (n_a == n) | (n_b == n)
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = both * n / (n_a * n_b)
        phi = (n * both - n_a * n_b) / np.sqrt(n_a * (n - n_a) * n_b * (n - n_b))
    reason = pd.Series(np.where(absent, "n_zero", np.where(fixed, "no_variation", "")), dtype="str")
    return pd.DataFrame({"lift": lift, "phi": phi, "reason": reason})


def _exact(both: int, n_a: Array, n_b: Array, n: Array) -> float:
    """Give the two-sided p of a sum of hypergeometric counts, one a document."""
    low, high = np.maximum(0, n_a + n_b - n), np.minimum(n_a, n_b)
    size = high - low + 1
    which = np.repeat(np.arange(len(n)), size)
    ends = np.cumsum(size)
    outcome = np.arange(ends[-1]) - (ends - size)[which] + low[which]
    probability = hypergeom.pmf(outcome, n[which], n_a[which], n_b[which])
    of_sum = reduce(np.convolve, np.split(probability, ends[:-1]), np.ones(1))
    # Outcomes as probable as the observed one count, whatever the last digit says.
    return float(min(1.0, of_sum[of_sum <= of_sum[both - low.sum()] * (1 + 1e-7)].sum()))
