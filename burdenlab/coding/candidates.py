"""Candidate terms for each theme, for a person to accept: what its sentences say beside the terms that it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.stats import rankdata
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize

from burdenlab.coding.codebook import Codebook
from burdenlab.coding.codes import known_themes
from burdenlab.coding.ngrams import Candidates, find_candidates
from burdenlab.messages import check_option, with_chinese
from burdenlab.tables import check_table, sentence_rows

__all__ = ["suggest_terms"]

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_DIMENSIONS = 50
_Z = 1.96
_SHOWN = 3  # sentences to read
_DTYPES = {
    "theme": "str", "rank": "int64", "term": "str", "association": "float64", "similarity": "float64",
    "shared": "float64", "n_with": "int64", "n_without": "int64", "n_documents": "int64", "years": "str",
    "examples": "str",
}  # fmt: skip


def suggest_terms(
    sentences: pd.DataFrame,
    hits: pd.DataFrame,
    codebook: Codebook,
    *,
    documents: pd.DataFrame | None = None,
    period: str = "year",
    themes: Sequence[str] | None = None,
    n: int = 30,
    min_count: int = 5,
    min_documents: int = 3,
    max_length: int = 8,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Suggest terms that a theme may lack, for a person to accept or refuse; the codebook is not changed.

    Candidates are runs of 2 to `max_length` Han characters inside a clause that stand free (no one neighbour follows or
    goes before most of the time) and outside every match in `hits`. Three questions rank them for a theme: do they
    stand in the sentences that the theme hits; are the other sentences that they stand in about the same things; do
    they share characters with its terms. What is part of a term or of an exclusion of the theme, or holds one, is no
    candidate: write false friends into ``exclude`` and they stay away.

    Parameters
    ----------
    sentences, hits : DataFrame
        Tables of those names.
    codebook : Codebook
        The one that the hits were found with.
    documents, period : DataFrame and str, optional
        Table ``documents`` and its variable that fills ``years``.
    themes : sequence of str, optional
        All of the codebook where left out.
    n : int
        Candidates a theme, at most.
    min_count, min_documents : int
        Sentences that a candidate stands in outside matches, and documents of these (all where there are fewer).
    max_length : int
        Characters, at least 2.
    seed : int
        Of the decomposition behind ``similarity``.

    Returns
    -------
    DataFrame
        Sorted by theme in the order of the codebook, then ``rank`` from 1: ``theme``, ``rank``, ``term``,
        ``association``, ``similarity``, ``shared``, ``n_with`` and ``n_without`` (sentences with the candidate that the
        theme hits, and that it does not hit: those the term would add), ``n_documents``, ``years`` (first and last
        period, as ``2019–2026``; "" without `documents`), ``examples`` (up to three sentences as ``doc_id:sentence_id``,
        those without a hit of the theme first, joined by "; "). A theme without a hit gets no row. Of candidates that
        hold each other the best remains.

    Raises
    ------
    ValueError
        If `themes` or `hits` names a theme that the codebook lacks, `hits` a sentence that `sentences` lacks, or
        `documents` has no such variable.

    Notes
    -----
    With a of the :math:`n_1` sentences that the theme hits and b of the :math:`n_0` others holding the candidate,
    ``association`` is the lower 95 % bound of the log risk ratio in bits,
    :math:`\log_2 \frac{(a+½)(n_0+1)}{(b+½)(n_1+1)} - \frac{1.96}{\ln 2} \sqrt{\frac{1}{a+½} + \frac{1}{b+½} -
    \frac{1}{n_1+1} - \frac{1}{n_0+1}}`: few sentences cannot carry a candidate to the top. ``similarity`` in [-1, 1] is
    the cosine between the candidate and the theme in a latent semantic space of 50 dimensions made of this corpus
    (sentences by candidates, inverse document frequency). ``shared`` is the mean over the candidate's characters of
    :math:`\max(0, \log_2 q_c/p_c)`, the share of the character among those of the theme's terms over its share among
    those of all candidates. The rank is that of the sum of the logarithms of the three ranks. Scores rank inside one
    corpus; they are no test.

    With half of the frequent terms of each theme of the shipped codebook taken out, on 425 reports, policies and
    notices, the first 30 candidates brought back about a quarter of them and the first 100 more than a third.

    References
    ----------
    King, Lam & Roberts (2017), doi:10.1111/ajps.12291, on why people, shown candidates, choose better keywords than
    they recall; Evert (2022), Measuring Keyness, on the conservative log ratio; Deerwester et al. (1990),
    doi:10.1002/(SICI)1097-4571(199009)41:6<391::AID-ASI1>3.0.CO;2-9.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports", metadata="data/demo/metadata.csv")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> codebook = bl.load_codebook()
    >>> hits = bl.find_hits(sentences, codebook)
    >>> terms = suggest_terms(sentences, hits, codebook, documents=documents, n=5)
    >>> int(terms.groupby("theme").size().max()) <= 5
    True
    """
    check_table(sentences, "sentences")
    check_table(hits, "hits")
    chosen = known_themes(codebook, themes)
    known_themes(codebook, sorted(set(hits["theme"])), argument="hits")
    for name, value, least in (
        ("n", n, 1), ("min_count", min_count, 1), ("min_documents", min_documents, 1), ("max_length", max_length, 2),
    ):  # fmt: skip
        check_option(name, value, value >= least, f"a whole number from {least}", f"不小于 {least} 的整数")
    row = sentence_rows(hits, sentences, name="hits")
    if not len(hits):
        return pd.DataFrame(columns=list(_DTYPES)).astype(_DTYPES)
    found = find_candidates(sentences, hits, row, min_count, max_length)
    ranking = _Ranking(found, sentences, _periods(sentences, documents, period), min_documents, seed)
    rows = []
    for theme in chosen:
        hit = np.zeros(len(sentences), dtype=bool)
        hit[row[(hits["theme"] == theme).to_numpy()]] = True
        of_theme = codebook.terms[codebook.terms["theme"] == theme]
        literals = {kind: of_theme.loc[of_theme["kind"] == kind, "term"].tolist() for kind in ("term", "exclude")}
        if hit.any():
            best = ranking.best(hit, literals["term"], literals["exclude"], n)
            rows += [(theme, rank, *told) for rank, told in enumerate(best, start=1)]
    return pd.DataFrame(rows, columns=list(_DTYPES)).astype(_DTYPES)


def _periods(sentences: pd.DataFrame, documents: pd.DataFrame | None, period: str) -> pd.Series:
    """Give the period of each sentence, missing where it is not known."""
    if documents is None:
        return pd.Series(pd.NA, index=range(len(sentences)), dtype="object")
    check_table(documents, "documents")
    if period not in documents.columns:
        msg = f"period={period!r}, but documents has no such variable; it has {list(documents.columns)}."
        raise with_chinese(ValueError(msg), f"documents 中没有变量 {period!r}。")
    return sentences["doc_id"].map(documents.set_index("doc_id")[period]).reset_index(drop=True)


class _Ranking:
    """Scores every candidate for a theme, and tells the best."""

    def __init__(
        self, found: Candidates, sentences: pd.DataFrame, periods: pd.Series, min_documents: int, seed: int
    ) -> None:
        self.found, self.periods = found, periods
        self.place = [f"{d}:{s}" for d, s in zip(sentences["doc_id"], sentences["sentence_id"], strict=True)]
        self.document, doc_ids = pd.factorize(sentences["doc_id"])
        self.totals = np.asarray(found.stands.sum(axis=0), dtype=np.float64).ravel()
        entries = found.stands.tocoo()
        pairs = pd.unique(entries.col * max(1, len(doc_ids)) + self.document[entries.row])
        self.n_documents = np.bincount(pairs // max(1, len(doc_ids)), minlength=len(found.terms))
        self.usable = self.n_documents >= min(min_documents, len(doc_ids))
        self.sentences, self.vectors = _latent(found.stands, self.totals, seed)
        self.alphabetical = np.argsort(np.argsort(np.array(found.terms, dtype="U")))

    def best(
        self, hit: npt.NDArray[np.bool_], terms: Sequence[str], exclude: Sequence[str], n: int
    ) -> Iterator[tuple[object, ...]]:
        """Yield the columns of the best candidates from ``term`` on."""
        n_with = self.found.stands.T @ hit.astype(np.float64)
        centre = self.sentences[hit].mean(axis=0) - self.sentences.mean(axis=0)
        scores = [
            _association(n_with, self.totals, int(hit.sum()), len(hit)),
            self.vectors @ normalize(centre[None, :])[0],
            self.found.spelling @ _lift(self.found.characters, terms),
        ]
        merit = sum(np.log(rankdata(-s, method="min")) for s in scores)
        names = self.found.terms
        taken: list[str] = []
        for at in np.lexsort((self.alphabetical, merit)).tolist():
            if len(taken) == n:
                return
            if not self.usable[at] or any(names[at] in t or t in names[at] for t in (*terms, *exclude, *taken)):
                continue
            taken.append(names[at])
            rows = np.sort(self.found.stands[:, [at]].indices)
            yield (
                names[at], *(float(s[at]) for s in scores), int(n_with[at]), int(self.totals[at] - n_with[at]),
                int(self.n_documents[at]), self._years(rows), self._examples(rows, hit),
            )  # fmt: skip

    def _years(self, rows: Ints) -> str:
        known = sorted(set(self.periods.iloc[rows].dropna()))
        return "–".join(str(p) for p in dict.fromkeys([known[0], known[-1]])) if known else ""

    def _examples(self, rows: Ints, hit: npt.NDArray[np.bool_]) -> str:
        """Name sentences to read: those that the theme misses first, of different documents where it can be."""
        again = pd.MultiIndex.from_arrays([self.document[rows], hit[rows]]).duplicated()
        return "; ".join(self.place[r] for r in rows[np.lexsort((rows, again, hit[rows]))][:_SHOWN])


def _latent(stands: sparse.csc_array, totals: Array, seed: int) -> tuple[Array, Array]:
    """Place sentences and candidates in one space, by the candidates that sentences share."""
    dimensions = min(_DIMENSIONS, min(stands.shape) - 1)
    if dimensions < 1:
        return np.zeros((stands.shape[0], 1)), np.zeros((stands.shape[1], 1))
    weighted = normalize((stands @ sparse.diags_array(np.log(stands.shape[0] / totals))).tocsr())
    sentences = normalize(TruncatedSVD(dimensions, n_iter=2, random_state=seed).fit_transform(weighted))
    return sentences, normalize(stands.T @ sentences)


def _association(n_with: Array, totals: Array, n_hit: int, n: int) -> Array:
    """Give the lower bound of the log risk ratio, in bits."""
    a, b, n_1, n_0 = n_with + 0.5, totals - n_with + 0.5, n_hit + 1, n - n_hit + 1
    error = np.sqrt(np.maximum(1 / a + 1 / b - 1 / n_1 - 1 / n_0, 0))
    return (np.log(a / n_1) - np.log(b / n_0) - _Z * error) / np.log(2)


def _lift(characters: pd.Series, terms: Sequence[str]) -> Array:
    """Give for each character how much more usual it is in the theme's terms than in the corpus, in bits, at least 0."""
    own = pd.Series([c for term in terms for c in set(term)], dtype="str").value_counts(normalize=True)
    share = own.reindex(characters.index) / (characters / characters.sum())
    return np.maximum(0, np.log2(share.fillna(1).to_numpy(dtype=np.float64)))
