"""The balance of cart and horse in a plain sentence, Chinese and English."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from burdenlab.messages import reason_text

__all__ = ["say_capacity", "say_mismatch", "say_orientation"]

Said = tuple[str, str]  # zh, en
_STRESS = ("这说的是文本的着重点,不是负担本身。", "This is what the text stresses, not the burden itself.")
_SAME = 1.05  # times as often, which is read as alike
_ONE = ("一份报告只能描述自己,不能证明错配。", "One report describes itself and cannot establish a mismatch.")


def say_capacity(row: Mapping[str, Any], *, minimum: int, level: float) -> Said:
    """Read a row of ``load_capacity``.

    Examples
    --------
    >>> row = {"estimate": 1.0, "ci_low": 0.2, "ci_high": 1.8, "reason": "", "resampled": "documents", "n_load": 59, "n_capacity": 29,
    ...        "n_told": 80, "n_diagnosing": 120}
    >>> say_capacity(row, minimum=10, level=0.95)[1]
    '80 of 120 diagnosing sentences tell of load (59) or capacity (29): load 2.0 times as often (log2 +1.00; 95 % interval 0.20 to 1.80 between documents). This is what the text stresses, not the burden itself.'
    """
    if missing := _missing(row, minimum):
        return missing
    zh, en = _interval(row, level)
    than = _times(row["estimate"], ("负担", "load"), ("能力", "capacity"))
    return _join(
        (
            f"诊断句 {row['n_diagnosing']} 句,其中 {row['n_told']} 句谈负担({row['n_load']})或能力({row['n_capacity']}):"
            f"{than[0]}(log2 {row['estimate']:+.2f};{zh})。",
            f"{row['n_told']} of {row['n_diagnosing']} diagnosing sentences tell of load ({row['n_load']}) or capacity ({row['n_capacity']}): "
            f"{than[1]} (log2 {row['estimate']:+.2f}; {en}).",
        ),
        _STRESS,
        _warning(row["reason"]),
    )


def say_orientation(row: Mapping[str, Any], *, minimum: int, level: float) -> Said:
    """Read a row of ``remedy_orientation``.

    Examples
    --------
    >>> row = {"estimate": -1.0, "ci_low": -1.8, "ci_high": -0.2, "reason": "", "resampled": "documents", "n_lighten": 29, "n_feed": 59,
    ...        "n_mend": 8, "n_ritual": 5, "n_treated": 80, "n_remedying": 120}
    >>> say_orientation(row, minimum=10, level=0.95)[1]
    '80 of 120 remedying sentences lighten the cart (29) or feed the horse (59): they feed 2.0 times as often (log2 -1.00; 95 % interval -1.80 to -0.20 between documents). 8 mend the road, 5 are organisational ritual. This is what the text stresses, not the burden itself.'
    """
    if missing := _missing(row, minimum):
        return missing
    zh, en = _interval(row, level)
    than = _times(row["estimate"], ("减车", "they lighten"), ("壮马", "they feed"))
    return _join(
        (
            f"举措句 {row['n_remedying']} 句,其中 {row['n_treated']} 句减车({row['n_lighten']})或壮马({row['n_feed']}):"
            f"{than[0]}(log2 {row['estimate']:+.2f};{zh})。修路 {row['n_mend']} 句,组织表态 {row['n_ritual']} 句。",
            f"{row['n_treated']} of {row['n_remedying']} remedying sentences lighten the cart ({row['n_lighten']}) or feed the horse ({row['n_feed']}): "
            f"{than[1]} (log2 {row['estimate']:+.2f}; {en}). {row['n_mend']} mend the road, "
            f"{row['n_ritual']} are organisational ritual.",
        ),
        _STRESS,
        _warning(row["reason"]),
    )


def say_mismatch(row: Mapping[str, Any], *, minimum: int, level: float) -> Said:
    """Read a row of ``mismatch``.

    Examples
    --------
    >>> row = {"estimate": float("nan"), "reason": "few_diagnosing", "n_told": 3, "n_treated": 40}
    >>> say_mismatch(row, minimum=10, level=0.95)[1]
    'Not measurable here: diagnosing sentences that tell of load or capacity: 3, needed: 10.'
    """
    if missing := _missing(row, minimum):
        return missing
    zh, en = _interval(row, level)
    times = 2 ** abs(row["estimate"])
    if times < _SAME:
        leaning = "举措在车与马之间的分配与诊断相当", "remedies divide between cart and horse as the diagnosis does"
    else:
        more = ("减车", "lighten the cart") if row["estimate"] > 0 else ("壮马", "feed the horse")
        leaning = (
            f"与诊断相比,举措偏向{more[0]} {times:.1f} 倍",
            f"set against the diagnosis, remedies {more[1]} {times:.1f} times as much",
        )
    return _join(
        (
            f"诊断谈负担 {row['n_load']} 句、能力 {row['n_capacity']} 句;举措减车 {row['n_lighten']} 句、壮马 {row['n_feed']} 句:"
            f"{leaning[0]}(Δ {row['estimate']:+.2f};{zh})。",
            f"The diagnosis tells of load in {row['n_load']} sentences and of capacity in {row['n_capacity']}; {row['n_lighten']} remedies lighten, "
            f"{row['n_feed']} feed: {leaning[1]} (Δ {row['estimate']:+.2f}; {en}).",
        ),
        _verdict(row),
        _STRESS,
        _warning(row["reason"]),
    )


def _times(log_ratio: float, above: Said, below: Said) -> Said:
    """Read a log ratio as so many times as often."""
    times, more = 2 ** abs(log_ratio), above if log_ratio > 0 else below
    if times < _SAME:
        return "两方相当", "both alike"
    return f"{more[0]}为另一方的 {times:.1f} 倍", f"{more[1]} {times:.1f} times as often"


def _verdict(row: Mapping[str, Any]) -> Said:
    if row["resampled"] == "sections":
        return _ONE
    if math.isnan(row["ci_low"]):
        return "没有区间,不能证明错配。", "Without an interval no mismatch is established."
    if row["ci_high"] < 0:
        return (
            "区间在 0 以下:诊断说车重,举措在喂马。",
            "The interval lies below 0: load is diagnosed, and the horse is fed.",
        )
    if row["ci_low"] > 0:
        return (
            "区间在 0 以上:诊断说马弱,举措在减车。",
            "The interval lies above 0: the horse is diagnosed, and the cart is lightened.",
        )
    return "区间含 0:没有显示错配。", "The interval holds 0: no mismatch is shown."


def _missing(row: Mapping[str, Any], minimum: int) -> Said | None:
    """Say why there is no number; None where there is one."""
    if not math.isnan(row["estimate"]):
        return None
    whys = []
    codes = row["reason"].split(";")
    if "few_diagnosing" in codes:
        whys.append(
            (
                f"谈负担或能力的诊断句只有 {row['n_told']} 句,至少要 {minimum} 句",
                f"diagnosing sentences that tell of load or capacity: {row['n_told']}, needed: {minimum}",
            )
        )
    if "few_remedying" in codes:
        whys.append(
            (
                f"减车或壮马的举措句只有 {row['n_treated']} 句,至少要 {minimum} 句",
                f"remedying sentences that lighten or feed: {row['n_treated']}, needed: {minimum}",
            )
        )
    if not whys:
        whys = [(reason_text(row["reason"], "zh"), reason_text(row["reason"], "en"))]
    zh, en = zip(*whys, strict=True)
    return f"此处无法测量:{';'.join(zh)}。", f"Not measurable here: {'; '.join(en)}."


def _interval(row: Mapping[str, Any], level: float) -> Said:
    of_text = row["resampled"] == "sections"
    if math.isnan(row["ci_low"]):
        codes = [code for code in row["reason"].split(";") if code in ("n_small", "no_variation")]
        if of_text and codes == ["n_small"]:
            return "不足 8 节,不给区间", "fewer than 8 sections: no interval"
        return reason_text(";".join(codes), "zh"), reason_text(";".join(codes), "en")
    share = f"{100 * level:g}"
    span = f"{row['ci_low']:.2f}", f"{row['ci_high']:.2f}"
    where = ("这篇文本各节之间", "between the sections of this text") if of_text else ("文件之间", "between documents")
    return f"{share}% 区间 {span[0]} 至 {span[1]},{where[0]}", f"{share} % interval {span[0]} to {span[1]} {where[1]}"


def _warning(reason: str) -> Said:
    """Name what makes the number doubtful though it is there."""
    parts = []
    codes = reason.split(";")
    if "n_low" in codes or "few_hits" in codes:
        parts.append(("区间较粗略。", "The interval is rough."))
    if "truncated" in codes:
        parts.append(("文本不完整,举措可能缺漏。", "A text is cut off: remedies may be missing."))
    return "".join(zh for zh, _ in parts), " ".join(en for _, en in parts)


def _join(*said: Said) -> Said:
    return "".join(zh for zh, _ in said), " ".join(en for _, en in said if en)
