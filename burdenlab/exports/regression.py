"""Measured codes for a regression in R or Stata that is not biased by what the dictionary gets wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from burdenlab.coding.codes import FINAL
from burdenlab.coding.corrections import CodedFrame, join_codes
from burdenlab.messages import check_option, with_chinese

__all__ = ["measured_codes"]


def measured_codes(
    codes: pd.DataFrame,
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    sample: pd.DataFrame,
    themes: Sequence[str],
    unit: Literal["sentence", "document"] = "sentence",
    frame: pd.DataFrame | None = None,
    coder: str = FINAL,
) -> pd.DataFrame:
    r"""Give the dictionary's code, the person's and the corrected outcome of every sentence, for a regression.

    A least-squares regression of ``y_<theme>`` on variables of the sentence or its document is right on average for
    that of the true code; one of the dictionary's ``d_<theme>`` is not, as its errors may go with the variables. Use
    standard errors that hold with unequal variances, clustered by ``doc_id``. As a regressor, or in a logit, use the R
    package dsl with ``h``, ``d`` and ``probability``.

    Parameters
    ----------
    codes, hits, sentences, sample, themes, frame, coder
        As for ``corrected_rates``.
    unit : {"sentence", "document"}
        What a row is; of a document the means over its sentences are given.

    Returns
    -------
    DataFrame
        Headings left out, sorted by place; for pandas' ``to_stata`` or ``to_csv``. Of sentences: doc_id, sentence_id,
        stratum, sampled (1 where a person's code is there), probability (of that, by the stratum); then for each theme
        ``d_`` (1 or 0), ``h_`` (1 or 0, NaN where not coded) and ``y_`` (NaN nowhere; it leaves [0, 1] where a code
        was corrected). Of documents: doc_id, n_sentences, n_sampled; then ``d_`` and ``y_``, shares of sentences.

    Raises
    ------
    ValueError
        If a stratum has no coded sentence: its outcome would have to be guessed. Else as ``corrected_rates``.

    Notes
    -----
    :math:`y = d + (h - d) R / \pi`, where R is 1 for a coded sentence and :math:`\pi` the share of its stratum that was
    coded; the mean of y over a draw is h. A pair on which coders differ counts as not coded.

    References
    ----------
    Egami, Hinck, Stewart & Wei (2023), Using imperfect surrogates for downstream inference, arXiv:2306.04746.

    Examples
    --------
    >>> import burdenlab as bl
    >>> from burdenlab.coding.sampling import draw_sample, sampling_frame
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> hits = bl.find_hits(sentences, bl.load_codebook())
    >>> sample = draw_sample(sentences, sampling_frame(sentences, hits), n=80)
    >>> codes = sample[["unit_id", "doc_id", "sentence_id"]].assign(coder="A", round=1, themes="", move="frame", note="")
    >>> table = measured_codes(codes, hits, sentences, sample=sample, themes=["staffing"], coder="A")
    >>> table.columns[4:].tolist(), int(table["sampled"].sum())
    (['probability', 'd_staffing', 'h_staffing', 'y_staffing'], 80)
    """
    check_option(
        "unit", unit, unit in ("sentence", "document"), "'sentence' or 'document'", " 'sentence' 或 'document'"
    )
    coded = join_codes(codes, hits, sentences, sample=sample, themes=themes, frame=frame, coder=coder)
    known = ~np.isnan(coded.human)
    outcome = _outcomes(coded, known, themes)
    sampled = known.any(axis=1)
    probability = pd.Series(sampled, dtype="float64").groupby(coded.units["stratum"]).transform("mean")
    table = coded.units[["doc_id", "sentence_id", "stratum"]].assign(
        sampled=sampled.astype("int64"), probability=probability
    )
    columns: dict[str, np.ndarray] = {}
    for j, theme in enumerate(themes):
        of = {"d": coded.found[:, j].astype("int64"), "h": coded.human[:, j], "y": outcome[:, j]}
        columns |= {f"{kind}_{theme}": values for kind, values in of.items()}
    table = pd.concat([table, pd.DataFrame(columns)], axis="columns")
    if unit == "sentence":
        return table
    by_document = table.groupby("doc_id", sort=True)
    counts = by_document.agg(n_sentences=("sentence_id", "size"), n_sampled=("sampled", "sum"))
    shares = by_document[[name for name in columns if not name.startswith("h_")]].mean()
    return counts.join(shares).reset_index().astype({"doc_id": "str"})


def _outcomes(coded: CodedFrame, known: np.ndarray, themes: Sequence[str]) -> np.ndarray:
    stratum = coded.units["stratum"]
    probability = pd.DataFrame(known.astype(float)).groupby(stratum.to_numpy()).transform("mean").to_numpy()
    empty = np.argwhere(probability == 0)
    if len(empty):
        row, j = empty[0]
        name, theme = stratum.iloc[row], themes[j]
        msg = f"stratum {name!r} has no coded sentence for theme {theme!r}, its outcome would have to be guessed; have two of its sentences coded."
        raise with_chinese(ValueError(msg), f"层 {name!r} 没有主题 {theme!r} 的人工编码,无法估计;请至少编两句。")
    residual = np.where(known, coded.human - coded.found, 0)
    return coded.found + residual / probability
