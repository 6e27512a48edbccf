"""Logistic regressions on characters and hits, calibrated and tried on documents that they have not seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import normalize

__all__ = ["Codes", "Features", "Fitted", "LeftOut", "Scale", "calibrate", "fit", "leave_documents_out"]

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_RAREST = 2  # training sentences that hold an n-gram
_FREEDOM = 10.0  # inverse of the penalty on the weights
_MANY_HITS = 3  # beyond it, more hits say no more
_INNER_FOLDS = 5


class Features(NamedTuple):
    """Sentences as numbers: counts of n-grams (sentences by n-grams) and of hits (sentences by themes)."""

    counts: sparse.csr_array
    n_hits: Array

    def text(self, weight: Array) -> sparse.csr_array:
        """Give each sentence its weighted n-grams, with the length 1."""
        dampened = self.counts.copy()
        dampened.data = 1 + np.log(dampened.data)
        return normalize((dampened @ sparse.diags_array(weight)).tocsr())

    def own(self) -> Array:
        """Give whether a theme hits and how often, shape (sentences, themes, 2)."""
        return np.stack([self.n_hits > 0, np.minimum(self.n_hits, _MANY_HITS) / _MANY_HITS], axis=2)


class Codes(NamedTuple):
    """What people coded, 1.0, 0.0 or NaN (sentences by themes), and the number of the document of each sentence."""

    values: Array
    document: Ints


class Fitted(NamedTuple):
    """Weights of the n-grams, and of each theme's regression."""

    weight: Array
    of_text: Array  # n-grams by themes
    of_hits: Array  # themes by 2
    intercept: Array

    def decide(self, features: Features) -> Array:
        """Give decision values (log odds, not calibrated), sentences by themes."""
        by_hits = (features.own() * self.of_hits).sum(axis=2)
        return features.text(self.weight) @ self.of_text + by_hits + self.intercept


def fit(features: Features, codes: Codes, rows: Ints) -> Fitted:
    """Fit a regression for each theme on the sentences `rows`; nothing of the others goes into it."""
    n_with = np.bincount(features.counts[rows].indices, minlength=features.counts.shape[1])
    weight = np.where(n_with >= _RAREST, np.log((len(rows) + 1) / (n_with + 1)) + 1, 0.0)
    learned = Features(features.counts[rows], features.n_hits[rows])
    text, own = learned.text(weight), learned.own()
    n_themes = codes.values.shape[1]
    of_text, of_hits, intercept = np.zeros((len(weight), n_themes)), np.zeros((n_themes, 2)), np.zeros(n_themes)
    for theme in range(n_themes):
        known = np.flatnonzero(~np.isnan(codes.values[rows, theme]))
        code = codes.values[rows, theme][known]
        if len(np.unique(code)) < 2:  # nothing to tell apart: all are as likely as can be said
            intercept[theme] = np.log(len(code) + 1) * (1 if code.any() else -1)
            continue
        columns = sparse.hstack([text[known], sparse.csr_array(own[known, theme])], format="csr")
        model = LogisticRegression(C=_FREEDOM, class_weight="balanced", solver="liblinear", random_state=0)
        model.fit(columns, code)
        of_text[:, theme], of_hits[theme] = model.coef_[0, :-2], model.coef_[0, -2:]
        intercept[theme] = model.intercept_[0]
    return Fitted(weight, of_text, of_hits, intercept)


class Scale(NamedTuple):
    """How decision values become probabilities, for each theme, and from which one on a sentence counts as coded."""

    slope: Array
    offset: Array
    threshold: float

    def scores(self, decisions: Array) -> Array:
        """Give calibrated probabilities."""
        return expit(decisions * self.slope + self.offset)


def calibrate(decisions: Array, values: Array) -> Scale:
    """Fit Platt's logistic for each theme, and the threshold at which the F1 of all pairs is highest."""
    n_themes = values.shape[1]
    slope, offset = np.zeros(n_themes), np.zeros(n_themes)
    for theme in range(n_themes):
        known = ~np.isnan(values[:, theme])
        code, decision = values[known, theme], decisions[known, theme]
        if len(np.unique(code)) < 2:
            offset[theme] = np.log((code.sum() + 0.5) / (len(code) - code.sum() + 0.5))
            continue
        middle, spread = decision.mean(), decision.std() or 1.0
        # The penalty is on the slope alone: scores still add up to the codes, and a perfect split stays finite.
        model = LogisticRegression(C=1e3).fit(((decision - middle) / spread)[:, None], code)
        slope[theme] = model.coef_[0, 0] / spread
        offset[theme] = model.intercept_[0] - slope[theme] * middle
    known = ~np.isnan(values)
    scores = Scale(slope, offset, np.nan).scores(decisions)
    return Scale(slope, offset, _best_threshold(scores[known], values[known]))


def _best_threshold(scores: Array, codes: Array) -> float:
    if not codes.any():
        return np.nan
    order = np.argsort(-scores, kind="stable")
    score, n_true = scores[order], np.cumsum(codes[order])
    f1 = 2 * n_true / (np.arange(1, len(score) + 1) + codes.sum())
    apart = np.append(score[1:] < score[:-1], True)  # no threshold splits equal scores
    best = int(np.argmax(np.where(apart, f1, -1)))
    return float(score[best] + score[min(best + 1, len(score) - 1)]) / 2


class LeftOut(NamedTuple):
    """What models say of documents that they have not seen (sentences by themes), and the fold of each sentence."""

    decisions: Array
    scores: Array
    is_coded: npt.NDArray[np.bool_]
    fold: Ints


def leave_documents_out(features: Features, codes: Codes, n_folds: int, seed: int) -> LeftOut:
    """Score each document by models, calibration and threshold that come from the other folds."""
    shape = codes.values.shape
    out = LeftOut(np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool), np.zeros(shape[0], dtype=np.int64))
    for number, (train, test) in enumerate(_folds(codes, np.arange(shape[0]), n_folds, seed)):
        inner = np.zeros(shape)
        for rows, held in _folds(codes, train, _INNER_FOLDS, seed):
            inner[held] = _decide(features, codes, rows, held)
        scale = calibrate(inner[train], codes.values[train])
        out.decisions[test] = _decide(features, codes, train, test)
        out.scores[test] = scale.scores(out.decisions[test])
        out.is_coded[test] = out.scores[test] >= scale.threshold
        out.fold[test] = number
    return out


def _folds(codes: Codes, rows: Ints, n_folds: int, seed: int) -> Iterator[tuple[Ints, Ints]]:
    """Yield the sentences to train on and those to try, of `rows`; a document is on one side."""
    document = codes.document[rows]
    splitter = GroupKFold(min(n_folds, len(np.unique(document))), shuffle=True, random_state=seed)
    for train, test in splitter.split(rows, groups=document):
        yield rows[train], rows[test]


def _decide(features: Features, codes: Codes, train: Ints, test: Ints) -> Array:
    tried = Features(features.counts[test], features.n_hits[test])
    return fit(features, codes, train).decide(tried)
