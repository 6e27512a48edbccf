"""A sentence coder that learns from people's codes, always shown beside the dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from threadpoolctl import threadpool_limits

from burdenlab.coding.classifier import Codes, Features, Fitted, LeftOut, Scale, calibrate, fit, leave_documents_out
from burdenlab.coding.codes import FINAL, PLACE, count_hits, final_codes
from burdenlab.coding.validation import FEWEST_POSITIVES, score_codes
from burdenlab.messages import check_option, with_chinese
from burdenlab.tables import check_table, sentence_rows

__all__ = ["Coder", "train_coder"]

Array = npt.NDArray[np.float64]

_NGRAMS = (1, 2)  # characters and pairs; longer ones cost time and gain nothing
_FEWEST_DOCUMENTS = 3
_CHUNK = 20_000  # sentences scored at a time; bounds memory, changes nothing else
_BINS = 10


@dataclass(frozen=True, eq=False)
class Coder:
    """A trained coder; made by ``train_coder``.

    Attributes
    ----------
    themes : tuple of str
        Those that were trained; a theme with fewer than 10 positives is not.
    threshold : float
        The score at which the F1 of all coded sentences is highest, a place to start from; NaN where no theme was
        trained. The figures of ``report`` have a threshold for each fold, chosen without it.
    report : DataFrame
        What it is worth on documents that it has not seen, beside the dictionary, see ``train_coder``.
    out_of_fold : DataFrame
        One row for each pair of coded sentence and theme: doc_id, sentence_id, theme, ``score`` and ``is_coded`` (score
        at or above the threshold) by models that have not seen the document, ``code`` by people, ``fold``.
    """

    themes: tuple[str, ...]
    threshold: float
    report: pd.DataFrame
    out_of_fold: pd.DataFrame
    _vectorizer: CountVectorizer = field(repr=False)
    _fitted: Fitted = field(repr=False)
    _scale: Scale = field(repr=False)

    def predict(self, sentences: pd.DataFrame, hits: pd.DataFrame) -> pd.DataFrame:
        """Score sentences; scores are no hits, and what counts as coded is for the caller to say and to report.

        Parameters
        ----------
        sentences, hits : DataFrame
            Tables of those names; the hits by the codebook that the coder was trained beside.

        Returns
        -------
        DataFrame
            A row for each sentence and trained theme, in the order of `sentences`: doc_id, sentence_id, theme, score
            (calibrated probability in [0, 1]).

        Raises
        ------
        ValueError
            If `hits` names a sentence that `sentences` lacks.
        """
        check_table(sentences, "sentences")
        check_table(hits, "hits")
        n_hits = _n_hits(sentences, hits, self.themes)
        parts = [np.empty((0, len(self.themes)))]
        for at in range(0, len(sentences) if self.themes else 0, _CHUNK):
            counts = self._vectorizer.transform(sentences["text"].iloc[at : at + _CHUNK])
            features = Features(sparse.csr_array(counts), n_hits[at : at + _CHUNK])
            parts.append(self._scale.scores(self._fitted.decide(features)))
        themes = np.tile(np.array(self.themes, dtype=object), len(sentences))
        table = sentences[PLACE].iloc[np.repeat(np.arange(len(sentences)), len(self.themes))].reset_index(drop=True)
        return table.assign(theme=pd.Series(themes, dtype="str"), score=np.concatenate(parts).ravel())


def train_coder(
    codes: pd.DataFrame,
    sentences: pd.DataFrame,
    hits: pd.DataFrame,
    *,
    themes: Sequence[str],
    coder: str = FINAL,
    n_folds: int = 10,
    seed: int = 0,
) -> Coder:
    r"""Train a coder for each theme on sentences that people coded, and say what it is worth beside the dictionary.

    A logistic regression for each theme on the characters and pairs of characters of the sentence and on the theme's
    hits in it. It completes a dictionary (which sentences should somebody read? what does the list miss?) and never
    stands in for it silently: ``Coder.predict`` gives scores, not hits, and ``Coder.report`` has both.

    Parameters
    ----------
    codes, sentences, hits : DataFrame
        Tables of those names, codes of one round, the others whole: the coded sentences are looked up in them.
    themes : sequence of str
        Usually ``codebook.themes``; other themes in `codes` and `hits` are left out.
    coder : str
        Whose codes are learned and scored against, see ``final_codes``. Pairs of sentence and theme on which coders
        differ are left out of training and scoring.
    n_folds : int
        Parts that the documents are put into, 2 or more; each document by itself where there are fewer documents.
    seed : int
        Of the parts. Nothing else is random.

    Returns
    -------
    Coder
        With ``report``: the columns of ``score_codes`` (precision, recall and F1 with intervals and counts, rows for
        each theme, "micro" and "macro" over the trained themes) with ``system`` after ``theme``: "dictionary" (the
        hits), "coder", "either" (coded by one of the two); then for the coder ``n_expected`` (sum of the scores, to
        compare with n_positive), ``brier`` and ``ece`` in [0, 1], NaN elsewhere. A theme with fewer than 10 positives
        has only the row of the dictionary, with the reason ``few_positives``.

    Raises
    ------
    ValueError
        If the codes come from fewer than three documents, name a sentence that `sentences` lacks or no such coder.

    Notes
    -----
    Leave-document-out: a document's sentences are scored by models, weights of n-grams, calibration and a threshold that
    come from the other parts alone; inside these, the same once more gives the decision values that are calibrated
    (Platt's logistic, each theme for itself) and the one threshold, where the F1 of all pairs is highest. Counts c of
    n-grams enter as :math:`1 + \ln c` times the smoothed inverse document frequency, each sentence with the length 1.
    ``brier`` is the mean of :math:`(score - code)^2`; ``ece`` the mean gap between score and share of codes in ten bins
    of equal width, weighted by size. Where the dictionary was written with the coded sentences in sight, its figures
    and the coder's are both too high: train and score on sentences that nobody tuned on.

    References
    ----------
    Grimmer & Stewart (2013), doi:10.1093/pan/mps028; Platt (1999), Probabilistic Outputs for Support Vector Machines;
    Naeini, Cooper & Hauskrecht (2015), doi:10.1609/aaai.v29i1.9602.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> hits = bl.find_hits(sentences, bl.load_codebook())
    >>> finance = hits.loc[hits["theme"] == "finance", ["doc_id", "sentence_id"]].drop_duplicates().assign(themes="finance")
    >>> codes = sentences[["doc_id", "sentence_id"]].merge(finance, how="left").fillna({"themes": ""})
    >>> codes = codes.assign(unit_id=codes.index.astype("str"), coder="A", round=1, move="", note="")
    >>> train_coder(codes, sentences, hits, themes=["finance"], n_folds=3).themes
    ('finance',)
    """
    check_table(sentences, "sentences")
    check_table(hits, "hits")
    check_option("n_folds", n_folds, n_folds >= 2, "a number of parts of the documents from 2", "不小于 2 的整数")
    units = final_codes(codes, themes=themes, coder=coder)
    row = sentence_rows(units, sentences, name="codes")
    if units["doc_id"].nunique() < _FEWEST_DOCUMENTS:
        msg = f"codes come from {units['doc_id'].nunique()} document(s); a coder needs at least {_FEWEST_DOCUMENTS}, so that each can be left out."
        raise with_chinese(ValueError(msg), f"编码只来自 {units['doc_id'].nunique()} 份文稿;至少需要 3 份。")
    trained = [theme for theme in themes if units[theme].sum() >= FEWEST_POSITIVES]
    vectorizer = CountVectorizer(analyzer="char", ngram_range=_NGRAMS, lowercase=False, dtype=np.float64)
    counts = sparse.csr_array(vectorizer.fit_transform(sentences["text"].iloc[row]))
    features = Features(counts, _n_hits(sentences, hits, trained)[row])
    given = Codes(units[trained].to_numpy(dtype=np.float64), pd.factorize(units["doc_id"])[0])
    with threadpool_limits(limits=1):  # hundreds of small regressions: threads would cost more than they give
        left_out = leave_documents_out(features, given, n_folds, seed)
        scale = calibrate(left_out.decisions, given.values)
        fitted = fit(features, given, np.arange(len(units)))
    out = _out_of_fold(units, trained, given, left_out)
    report = _report(codes, hits, out, list(themes), trained, coder)
    return Coder(tuple(trained), scale.threshold, report, out, vectorizer, fitted, scale)


def _n_hits(sentences: pd.DataFrame, hits: pd.DataFrame, themes: Sequence[str]) -> Array:
    sentence_rows(hits[hits["theme"].isin(list(themes))], sentences, name="hits")
    return count_hits(sentences, hits, themes)


def _out_of_fold(units: pd.DataFrame, themes: list[str], codes: Codes, left_out: LeftOut) -> pd.DataFrame:
    """Give a row for each pair of sentence and theme that people agree on."""
    unit, theme = np.nonzero(~np.isnan(codes.values))
    columns = {
        "theme": pd.Series(np.array(themes, dtype=object)[theme], dtype="str"),
        "score": left_out.scores[unit, theme],
        "is_coded": left_out.is_coded[unit, theme],
        "code": codes.values[unit, theme] == 1,
        "fold": left_out.fold[unit],
    }
    return units[PLACE].iloc[unit].reset_index(drop=True).assign(**columns)


def _report(
    codes: pd.DataFrame, hits: pd.DataFrame, out: pd.DataFrame, themes: list[str], trained: list[str], coder: str
) -> pd.DataFrame:
    columns = [*PLACE, "theme"]
    coded = out.loc[out["is_coded"], columns]
    systems = {"dictionary": hits[columns], "coder": coded, "either": pd.concat([hits[columns], coded])}
    tables = [
        score_codes(codes, found, themes=trained, coder=coder).assign(system=system)
        for system, found in systems.items()
        if trained
    ]
    if untrained := [theme for theme in themes if theme not in trained]:
        table = score_codes(codes, hits, themes=untrained, coder=coder).assign(system="dictionary")
        tables.append(table[table["theme"].isin(untrained)])
    order = {name: i for i, name in enumerate([*themes, "micro", "macro"])}
    table = pd.concat(tables).sort_values("theme", key=lambda t: t.map(order), kind="stable", ignore_index=True)
    groups = {"micro": out, **dict(tuple(out.groupby("theme")))}
    told = [
        _calibration(groups[theme]) if system == "coder" and theme in groups else (np.nan,) * 3
        for theme, system in zip(table["theme"], table["system"], strict=True)
    ]
    table[["n_expected", "brier", "ece"]] = np.array(told, dtype=np.float64).reshape(-1, 3)
    table.insert(1, "system", table.pop("system").astype("str"))
    return table


def _calibration(pairs: pd.DataFrame) -> tuple[float, float, float]:
    """Give the sum of the scores, the Brier score and the expected calibration error."""
    score, code = pairs["score"].to_numpy(), pairs["code"].to_numpy(dtype=np.float64)
    place = np.minimum((score * _BINS).astype(np.int64), _BINS - 1)
    gaps = np.bincount(place, score - code, minlength=_BINS)
    return float(score.sum()), float(((score - code) ** 2).mean()), float(np.abs(gaps).sum() / len(score))
