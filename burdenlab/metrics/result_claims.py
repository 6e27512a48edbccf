"""Claimed results, sentence by sentence: with a number or without, measured against something or not."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from burdenlab.metrics.stated import find_stated
from burdenlab.tables import TABLES, check_table, make_table

__all__ = ["result_claims"]

# Something that a result is measured against, besides a base or a date: a former time, or a time that it covers.
_ANCHOR = re.compile(
    r"同比|环比|[比较](?:上年|去年|前年|上[月季]|同期|此前|以往|原来)|去年|上年|今年|全年|当年|[上下]半年|[一二三四]季度|年[初底]|"
    r"每(?:年|月|周|天|日|季)|[年月日周]均|以来|截至|五年|三年|期间"
)


def result_claims(sentences: pd.DataFrame, specifics: pd.DataFrame) -> pd.DataFrame:
    """Say of each sentence that claims a result whether it has a number, and what the number is measured against.

    Parameters
    ----------
    sentences : DataFrame
        Table ``sentences``.
    specifics : DataFrame
        From ``find_specifics(sentences)``.

    Returns
    -------
    DataFrame
        Table ``result_claims``, one row for each sentence whose ``move`` is result, without headings: ``doc_id``, ``sentence_id``, ``start``, ``end``,
        then 0 or 1 in ``number`` (a number or percentage), ``anchored`` (a base: 由62场减到41场, 同比; or a period: 2024年, 全年, 每月)
        and ``hard`` (both).

    Examples
    --------
    >>> import burdenlab as bl
    >>> from burdenlab.metrics.specifics import find_specifics
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> claims = result_claims(sentences, find_specifics(sentences))
    >>> bool((claims["hard"] == claims["number"] * claims["anchored"]).all())
    True
    """
    check_table(sentences, "sentences")
    check_table(specifics, "hits", called="specifics")
    claims = sentences[(sentences["move"] == "result") & ~sentences["is_heading"]]
    claims = claims.sort_values(["doc_id", "sentence_id"], ignore_index=True)
    place = pd.MultiIndex.from_frame(claims[["doc_id", "sentence_id"]])
    found = {name: pd.MultiIndex.from_frame(of[["doc_id", "sentence_id"]]) for name, of in specifics.groupby("theme")}
    has = {name: place.isin(found.get(name, place[:0])) for name in ("number", "percentage", "date")}
    has_base = [any(stated.base == stated.base for stated in find_stated(text)) for text in claims["text"]]
    number = has["number"] | has["percentage"]
    anchored = has["date"] | claims["text"].str.contains(_ANCHOR).to_numpy(dtype=bool) | np.array(has_base, dtype=bool)
    claims = claims.assign(number=number, anchored=anchored, hard=number & anchored)
    return make_table("result_claims", claims[list(TABLES["result_claims"])].to_dict("series"))
