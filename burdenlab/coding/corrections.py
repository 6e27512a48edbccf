"""Shares of themes that people's codes correct for what the dictionary misses and mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.coding.codes import FINAL, PLACE, count_hits, document_keys, final_codes
from burdenlab.coding.sampling import changed_units, check_drawn, coded_pairs, sampling_frame
from burdenlab.messages import with_chinese
from burdenlab.tables import check_keys, check_table, check_themes
from burdenlab.uncertainty import wilson_interval

__all__ = ["CodedFrame", "corrected_rates", "join_codes"]

Array = npt.NDArray[np.float64]
_DTYPES = {
    "theme": "str", "estimate": "float64", "ci_low": "float64", "ci_high": "float64", "n": "int64", "reason": "str",
    "dictionary": "float64", "correction": "float64", "n_sentences": "int64", "n_hit": "int64", "n_strata": "int64",
}  # fmt: skip


def corrected_rates(
    codes: pd.DataFrame,
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    sample: pd.DataFrame,
    themes: Sequence[str],
    by: str | Sequence[str] | None = None,
    documents: pd.DataFrame | None = None,
    frame: pd.DataFrame | None = None,
    coder: str = FINAL,
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Share of sentences about each theme: the dictionary's, corrected by what people coded in a drawn sample.

    It is right on average whatever the dictionary does, as long as the sample was drawn with known probabilities
    (``coding_sheet``) and the dictionary was not fitted to it; a good dictionary makes it precise.

    Parameters
    ----------
    codes, sample : DataFrame
        Tables of those names: the drawn sentences as coded, and the draw.
    hits : DataFrame
        Table ``hits``, or any with doc_id, sentence_id and theme: what is corrected.
    sentences : DataFrame
        Table ``sentences`` that the sample was drawn from; headings do not count.
    themes : sequence of str
    by : str, list of str or None
        Variables of `documents`, which is needed then; ``None``: all together.
    documents : DataFrame, optional
    frame : DataFrame, optional
        The stratum of every sentence, ``pd.read_parquet`` of the ``<stem>.frame.parquet`` beside the sheet. Needed
        where the sample was drawn with other hits (an older codebook) or with scores; else it follows from `hits`.
    coder : str
        See ``final_codes``; pairs on which coders differ count as not coded (reason ``unadjudicated``).
    level : float
        In (0, 1).

    Returns
    -------
    DataFrame
        One row for each combination of `by` and theme: the keys, theme, estimate (share of sentences; it may leave
        [0, 1] by chance), ci_low, ci_high (in [0, 1]), n (coded sentences), reason, dictionary (the uncorrected share),
        correction (estimate - dictionary), n_sentences, n_hit (sentences with a hit), n_strata. NaN with the reason
        ``empty_stratum`` where a stratum that has sentences in the group has none coded; ``few_coded`` where one has
        one coded sentence of several: the bounds are rough.

    Raises
    ------
    ValueError
        If `sample`, `frame` and `sentences` do not belong together, a coded unit was not drawn, or a variable is unknown.

    Notes
    -----
    With d the dictionary's code and h the person's (1 or 0), strata s with :math:`N_s` sentences in the group, of which
    :math:`n_s` are coded: :math:`\bar d + \sum_s \frac{N_s}{N} \overline{(h - d)}_s`. The bounds add up, in squares, the
    distances of Wilson's bounds for the shares of :math:`h - d = 1` and of :math:`h - d = -1` in each stratum, with the
    finite population correction :math:`1 - n_s/N_s`; they cover 94 to 97 % (simulated), where the usual standard error,
    which is 0 without a drawn miss, covers 70 to 94 %. They say nothing of how documents vary.

    References
    ----------
    Egami, Hinck, Stewart & Wei (2023), arXiv:2306.04746; Särndal, Swensson & Wretman (1992), Model Assisted Survey
    Sampling, doi:10.1007/978-1-4612-4378-6; Zou & Donner (2008), doi:10.1002/sim.3095.

    Examples
    --------
    >>> import burdenlab as bl
    >>> from burdenlab.coding.sampling import draw_sample
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> hits = bl.find_hits(sentences, bl.load_codebook())
    >>> sample = draw_sample(sentences, sampling_frame(sentences, hits), n=80)
    >>> codes = sample[["unit_id", "doc_id", "sentence_id"]].assign(coder="A", round=1, themes="", move="frame", note="")
    >>> rates = corrected_rates(codes, hits, sentences, sample=sample, themes=["staffing"], coder="A")
    >>> bool(rates["estimate"].iloc[0] < rates["dictionary"].iloc[0])
    True
    """
    keys = check_keys(by, taken=("theme",))
    coded = join_codes(codes, hits, sentences, sample=sample, themes=themes, frame=frame, coder=coder)
    variables = document_keys(documents, keys, sentences)
    table = coded.units.reset_index(names="_row").merge(variables, on="doc_id", how="inner", validate="m:1")
    rows = []
    for values, group in table.groupby(keys, sort=True) if keys else [((), table)]:
        at = group["_row"].to_numpy()
        for j, theme in enumerate(themes):
            numbers = _correct(coded.found[at, j], coded.human[at, j], coded.units["stratum"].to_numpy()[at], level)
            contested = "unadjudicated" if coded.is_contested[at, j].any() else ""
            reason = ";".join(filter(None, [str(numbers["reason"]), contested]))
            rows.append({**dict(zip(keys, values, strict=True)), "theme": theme, **numbers, "reason": reason})
    dtypes = {key: variables[key].dtype for key in keys} | _DTYPES
    return pd.DataFrame(rows, columns=list(dtypes)).astype(dtypes)


def _correct(
    found: npt.NDArray[np.bool_], human: Array, stratum: npt.NDArray[np.object_], level: float
) -> dict[str, object]:
    """Correct one theme in one group; arrays have a place for each sentence of it."""
    n_sentences = len(found)
    names, at = np.unique(stratum, return_inverse=True)
    size = np.bincount(at, minlength=len(names)).astype(np.float64)
    known = ~np.isnan(human)
    n = np.bincount(at[known], minlength=len(names))
    share = found.mean() if n_sentences else np.nan
    numbers = {
        "estimate": np.nan, "ci_low": np.nan, "ci_high": np.nan, "n": int(n.sum()), "dictionary": share,
        "correction": np.nan, "n_sentences": n_sentences, "n_hit": int(found.sum()), "n_strata": len(names),
    }  # fmt: skip
    if not n_sentences or (n == 0).any():
        return {**numbers, "reason": "empty_stratum" if n_sentences else "n_zero"}
    residual = human[known] - found[known]
    # Only a sentence without a hit can be missed and only one with a hit mistaken, which bounds either share.
    most_mistaken = np.bincount(at[found], minlength=len(names)) / size
    correction, below, above = 0.0, 0.0, 0.0
    for sign, most in ((1, 1 - most_mistaken), (-1, most_mistaken)):
        cases = np.bincount(at[known][residual == sign], minlength=len(names))
        low, high, _ = wilson_interval(cases, n, level=level)
        mean = cases / n
        weight = size / n_sentences
        correction += sign * float(weight @ mean)
        spread = weight**2 * (1 - n / size)
        down, up = (mean - low) ** 2, (np.minimum(high, np.maximum(most, mean)) - mean) ** 2
        below += float(spread @ (down if sign > 0 else up))
        above += float(spread @ (up if sign > 0 else down))
    estimate = share + correction
    low_high = np.clip([estimate - np.sqrt(below), estimate + np.sqrt(above)], 0, 1)
    numbers |= {"estimate": estimate, "ci_low": low_high[0], "ci_high": low_high[1], "correction": correction}
    return {**numbers, "reason": "few_coded" if ((n == 1) & (size > 1)).any() else ""}


class CodedFrame(NamedTuple):
    """Every sentence of the corpus with its stratum, what the dictionary gave it and what people did."""

    units: pd.DataFrame  # doc_id, sentence_id, stratum; sorted by place, headings left out
    found: npt.NDArray[np.bool_]  # sentences x themes
    human: Array  # sentences x themes: 1, 0, NaN where not coded
    is_contested: npt.NDArray[np.bool_]  # coded, but coders differ


def join_codes(
    codes: pd.DataFrame,
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    sample: pd.DataFrame,
    themes: Sequence[str],
    frame: pd.DataFrame | None = None,
    coder: str = FINAL,
) -> CodedFrame:
    """Put codes and dictionary side by side for every sentence that could have been drawn; see ``corrected_rates``."""
    check_themes(themes)
    check_table(sample, "sample")
    is_given = frame is not None
    frame = sampling_frame(sentences, hits) if frame is None else frame
    units = frame[[*PLACE, "stratum"]].sort_values(PLACE, ignore_index=True)
    _check_frame(units, sentences, sample, is_given)
    found = count_hits(units, coded_pairs(hits, sentences), themes) > 0
    final = final_codes(codes, themes=themes, coder=coder)
    check_drawn(final, sample)
    place = pd.MultiIndex.from_frame(units[PLACE])
    human = final.set_index(PLACE)[list(themes)].reindex(place).to_numpy()
    is_coded = place.isin(pd.MultiIndex.from_frame(final[PLACE]))
    return CodedFrame(units, found, human, is_coded[:, None] & np.isnan(human))


def _check_frame(frame: pd.DataFrame, sentences: pd.DataFrame, sample: pd.DataFrame, is_given: bool) -> None:
    """Raise unless the strata are those of the draw and the sentences those that were drawn."""
    body = sentences[~sentences["is_heading"]]
    if not frame[PLACE].equals(body[PLACE].sort_values(PLACE, ignore_index=True)):
        msg = "frame and sentences do not hold the same sentences; pass the sentences that the sample was drawn from."
        raise with_chinese(ValueError(msg), "frame 与 sentences 的句子不一致;请传入抽样时的 sentences。")
    changed = changed_units(sample, body)
    if len(changed):
        row = changed.iloc[0]
        msg = f"sentence {row['sentence_id']} of {row['doc_id']!r} is not the one that was drawn (unit {row['unit_id']}); pass the sentences that the sample was drawn from."
        chinese = f"{row['doc_id']!r} 的第 {row['sentence_id']} 句与抽样时不同(单元 {row['unit_id']})。"
        raise with_chinese(ValueError(msg), chinese)
    size = frame["stratum"].value_counts()
    now = sample.merge(frame, on=PLACE, suffixes=("", "_now"))
    if (now["stratum"] != now["stratum_now"]).any() or (now["n_stratum"] != now["stratum"].map(size)).any():
        other = "frame has" if is_given else "hits give"
        file = "the .frame.parquet that coding_sheet wrote with this sample"
        msg = f"{other} other strata than the sample was drawn from; pass frame=pd.read_parquet(...) of {file}."
        chinese = "分层与抽样时不同;请传入 frame=pd.read_parquet(…),即 coding_sheet 与样本一同写出的 .frame.parquet。"
        raise with_chinese(ValueError(msg), chinese)
