"""Which sentences people code: strata, a seeded draw with known probabilities, how many are needed."""

from __future__ import annotations

import hashlib
import math
import os
from pathlib import Path

import numpy as np
import pandas as pd

from burdenlab.coding.codes import PLACE
from burdenlab.messages import check_option, with_chinese
from burdenlab.tables import check_columns, check_table, defuse, make_table, sentence_rows
from burdenlab.uncertainty import wilson_interval

__all__ = [
    "changed_units",
    "check_drawn",
    "coded_pairs",
    "draw_sample",
    "n_to_code",
    "read_sample",
    "sampling_frame",
    "sentence_sha256",
]

LIKELY = 0.2  # a sentence without a hit whose highest calibrated score reaches this is a likely miss
SCORE, NONE = "score", "none"


def n_to_code(
    *, expected: float, half_width: float = 0.05, level: float = 0.95, prevalence: float | None = None
) -> int:
    r"""Give the number of sentences to code for a share (precision, recall, agreement) known to a half width.

    Parameters
    ----------
    expected : float
        In [0, 1]: the share that is expected; 0.5 is the safe choice.
    half_width, level : float
        In (0, 0.5) and (0, 1): half the width of the Wilson interval, and its level.
    prevalence : float, optional
        In (0, 1]: the share of sentences that count, such as those about a theme for its recall. With it the answer is
        how many sentences must be drawn by chance until that many of them are expected.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If a number is out of its range.

    Notes
    -----
    The smallest n with :math:`\frac{z}{1 + z^2/n} \sqrt{\frac{p(1-p)}{n} + \frac{z^2}{4n^2}} \le w`, divided by the
    prevalence. Sentences count as independent: with several from one document plan for more.

    Examples
    --------
    >>> n_to_code(expected=0.5), n_to_code(expected=0.9), n_to_code(expected=0.9, half_width=0.1, prevalence=0.02)
    (381, 141, 1850)
    """
    check_option("expected", expected, 0 <= expected <= 1, "a number from 0 to 1", " 0 到 1 之间的数")
    check_option("half_width", half_width, 0 < half_width < 0.5, "a number between 0 and 0.5", " 0 与 0.5 之间的数")
    is_share = prevalence is None or 0 < prevalence <= 1
    check_option("prevalence", prevalence, is_share, "a number above 0, up to 1", "大于 0、至多为 1 的数")
    few, enough = 0, 1
    while _half_width(expected, enough, level) > half_width:
        few, enough = enough, 2 * enough
    while enough - few > 1:
        middle = (few + enough) // 2
        few, enough = (middle, enough) if _half_width(expected, middle, level) > half_width else (few, middle)
    return enough if prevalence is None else math.ceil(round(enough / prevalence, 6))


def _half_width(share: float, n: int, level: float) -> float:
    # The half width before the bounds are cut at 0 and 1 falls with n, so that bisection finds the smallest.
    low, high, _ = wilson_interval(share * n, n, level=level)
    return float(high[0] - low[0]) / 2


def coded_pairs(hits: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Give each pair of sentence and theme of `hits` once, headings left out, and refuse a sentence that is not there."""
    check_columns(hits, "hits", [*PLACE, "theme"])
    pairs = hits[[*PLACE, "theme"]].drop_duplicates(ignore_index=True)
    is_heading = sentences["is_heading"].to_numpy()[sentence_rows(pairs, sentences, name="hits")]
    return pairs[~is_heading].reset_index(drop=True)


def sampling_frame(sentences: pd.DataFrame, hits: pd.DataFrame, *, scores: pd.DataFrame | None = None) -> pd.DataFrame:
    """Put every sentence that is no heading into one stratum: doc_id, sentence_id, stratum, theme, sorted by place.

    Strata are disjoint: ``hit:<theme>`` for sentences with a hit, by the rarest of their themes (the one that hits the
    fewest sentences; of two as rare the first by id), so that rare themes are not crowded out; ``score`` for sentences
    without a hit whose highest score (`scores`: doc_id, sentence_id, theme, score in [0, 1]) is at least 0.2, likely
    misses; ``none`` for the rest. ``theme`` is what placed it there, "" in ``none``. `hits` may be any table with
    doc_id, sentence_id and theme.
    """
    check_table(sentences, "sentences")
    if sentences.duplicated(PLACE).any():
        msg = "sentences holds the same doc_id and sentence_id twice; pass the table that split_sentences made."
        raise with_chinese(ValueError(msg), "sentences 中有重复的句子;请传入 split_sentences 的结果。")
    frame = sentences.loc[~sentences["is_heading"], PLACE].sort_values(PLACE, ignore_index=True)
    pairs = coded_pairs(hits, sentences)
    size = pairs["theme"].value_counts()
    rarest = pairs.assign(size=pairs["theme"].map(size)).sort_values(["size", "theme"]).drop_duplicates(PLACE)
    frame = frame.merge(rarest[[*PLACE, "theme"]], on=PLACE, how="left", validate="1:1")
    stratum = ("hit:" + frame["theme"].astype("str")).where(frame["theme"].notna(), NONE)
    if scores is not None:
        best = _best_scores(scores, sentences)
        frame = frame.merge(best, on=PLACE, how="left", validate="1:1", suffixes=("", "_by_score"))
        likely = frame["theme"].isna() & frame["theme_by_score"].notna()
        stratum = stratum.mask(likely, SCORE)
        frame["theme"] = frame["theme"].mask(likely, frame["theme_by_score"])
    frame = frame.assign(stratum=stratum.astype("str"), theme=frame["theme"].fillna("").astype("str"))
    return frame[[*PLACE, "stratum", "theme"]]


def _best_scores(scores: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Give the theme with the highest score of each sentence where it reaches LIKELY."""
    if "score" not in scores.columns or not scores["score"].between(0, 1).all():
        msg = "scores needs a column score with probabilities from 0 to 1."
        raise with_chinese(ValueError(msg), "scores 需要一列 score,取值 0 到 1。")
    named = scores[scores["score"] >= LIKELY].sort_values(["score", "theme"], ascending=[False, True])
    coded_pairs(named, sentences)
    return named.drop_duplicates(PLACE)[[*PLACE, "theme"]]


def draw_sample(
    sentences: pd.DataFrame, frame: pd.DataFrame, *, n: int, group: pd.Series | None = None, seed: int = 0
) -> pd.DataFrame:
    """Draw sentences from every stratum and number them in a shuffled order: table ``sample``, in the order of the sheet.

    Half of `n` goes to sentences with a hit, in equal parts over their strata, half to the others (a quarter each to
    ``score`` and ``none`` where there are scores), by Sainte-Laguë's highest averages; what a stratum cannot give the
    others get, and each has two at least, else ValueError. Within a stratum the draw is systematic over a list sorted
    by theme, move, `group` (a value for each ``doc_id``) and chance (Cochran 1977, Sampling Techniques, ch. 8): every
    sentence has the probability n_drawn / n_stratum, and the moves and groups get their shares.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> frame = sampling_frame(sentences, bl.find_hits(sentences, bl.load_codebook()))
    >>> sample = draw_sample(sentences, frame, n=80)
    >>> len(sample), round(float((1 / sample["probability"]).sum())) == len(frame)
    (80, True)
    """
    table = frame.merge(sentences[[*PLACE, "start", "end", "text", "move"]], on=PLACE, how="left", validate="1:1")
    rng = np.random.default_rng(seed)
    groups = table["doc_id"].map(group).astype("str") if group is not None else ""
    table = table.assign(_group=groups, _key=rng.random(len(table)))
    table = table.sort_values(["stratum", "theme", "move", "_group", "_key"], ignore_index=True)
    sizes = table["stratum"].value_counts().sort_index()
    parts = _allocate(sizes, n)
    drawn = []
    for stratum, rows in table.groupby("stratum", sort=True):
        size, part = len(rows), parts[str(stratum)]
        picked = np.floor((np.arange(part) + rng.random()) * size / part).astype(int).clip(max=size - 1)
        drawn.append(rows.iloc[picked].assign(n_stratum=size, n_drawn=part))
    sample = pd.concat(drawn, ignore_index=True) if drawn else table.assign(n_stratum=0, n_drawn=0)
    sample = sample.iloc[rng.permutation(len(sample))].reset_index(drop=True)
    width = max(4, len(str(len(sample))))
    return make_table(
        "sample",
        {
            "unit_id": [f"U{number:0{width}d}" for number in range(1, len(sample) + 1)],
            **{column: sample[column] for column in (*PLACE, "start", "end", "stratum", "n_stratum", "n_drawn")},
            "sha256": sample["text"].map(sentence_sha256),
            "probability": sample["n_drawn"] / sample["n_stratum"],
        },
    )


def _allocate(sizes: pd.Series, n: int) -> dict[str, int]:
    """Give each stratum its number of sentences; together they are n, or all there are."""
    n = min(n, int(sizes.sum()))
    parts = {stratum: min(2, size) for stratum, size in sizes.items()}
    needed = sum(parts.values())
    if n < needed:
        msg = f"n={n} is too small for {len(parts)} strata; at least {needed} are needed, so that each has two sentences coded."
        raise with_chinese(ValueError(msg), f"n={n} 太少:共有 {len(parts)} 层,每层至少编两句,至少需要 {needed} 句。")
    hit = [stratum for stratum in parts if stratum.startswith("hit:")]
    others = [stratum for stratum in parts if stratum not in hit]
    weight = dict.fromkeys(hit, 0.5 / max(1, len(hit))) | dict.fromkeys(others, 0.5 / max(1, len(others)))
    for _ in range(n - needed):
        open_ = [stratum for stratum, size in sizes.items() if parts[stratum] < size]
        parts[max(open_, key=lambda s: weight[s] / (2 * parts[s] + 1))] += 1
    return parts


def sentence_sha256(text: str) -> str:
    """Hash a sentence, so that a sheet can be held against the text without holding it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def changed_units(sample: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Give the units of a sample whose sentence is not the one that was drawn any more, ``text`` missing where it is gone."""
    drawn = sample.merge(sentences[[*PLACE, "text"]], on=PLACE, how="left", validate="1:1")
    return drawn[drawn["text"].map(sentence_sha256, na_action="ignore") != drawn["sha256"]]


def check_drawn(units: pd.DataFrame, sample: pd.DataFrame) -> None:
    """Raise ValueError if a coded unit is not in the sample."""
    is_drawn = pd.MultiIndex.from_frame(units[PLACE]).isin(pd.MultiIndex.from_frame(sample[PLACE]))
    if not is_drawn.all():
        lost = units.loc[~is_drawn, "unit_id"].iloc[0]
        msg = f"unit {lost} was coded, but sample lacks it; pass the sample that the sheet was made with."
        raise with_chinese(ValueError(msg), f"单元 {lost} 不在 sample 里;请传入编码表对应的样本。")


def save_sample(sample: pd.DataFrame, path: Path) -> None:
    """Write the key of a coding sheet as CSV that Excel opens and never runs; ``read_sample`` gives it back."""
    table = sample.assign(doc_id=defuse(sample[["doc_id"]], also="'")["doc_id"])
    table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def read_sample(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read the key of a coding sheet, ``<stem>.sample.csv``: the table ``sample`` that ``coding_sheet`` returned.

    Raises
    ------
    FileNotFoundError, ValueError
        If the file is not there or is no key.

    Examples
    --------
    >>> read_sample("round1.sample.csv")
    Traceback (most recent call last):
    FileNotFoundError: sample 'round1.sample.csv' does not exist...
    """
    file = Path(path)
    if not file.is_file():
        msg = f"sample {str(file)!r} does not exist; name the .sample.csv that coding_sheet wrote."
        raise with_chinese(
            FileNotFoundError(msg), f"样本 {str(file)!r} 不存在;请给出 coding_sheet 写出的 .sample.csv。"
        )
    table = pd.read_csv(file, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    if "doc_id" in table:
        table["doc_id"] = table["doc_id"].map(lambda d: d[1:] if d.startswith("'") else d).astype("str")
    try:
        numbers = {c: pd.to_numeric(table[c]) for c in ("sentence_id", "start", "end", "n_stratum", "n_drawn")}
        table = table.assign(**numbers, probability=numbers["n_drawn"] / numbers["n_stratum"])
        return make_table("sample", table.to_dict("series"))
    except (KeyError, ValueError) as error:
        msg = (
            f"sample {str(file)!r} is no key of a coding sheet: {error}; name the .sample.csv that coding_sheet wrote."
        )
        raise with_chinese(ValueError(msg), f"{str(file)!r} 不是编码表的样本文件:{error}。") from error
