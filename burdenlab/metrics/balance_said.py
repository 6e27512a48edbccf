"""The balance of cart and horse in a plain sentence, Chinese and English."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from burdenlab.messages import reason_text
from burdenlab.metrics.said import Said, not_measurable

__all__ = ["say_balance"]

_SAME = 1.05  # times as often, which is read as alike
_SENTENCES: dict[str, Said] = {
    "load_capacity": (
        "诊断句 {n_diagnosing} 句,其中 {n_told} 句谈负担({n_load})或能力({n_capacity}):{lean}(log2 {estimate:+.2f};{interval})。",
        "{n_told} of {n_diagnosing} diagnosing sentences tell of load ({n_load}) or capacity ({n_capacity}): "
        "{lean} (log2 {estimate:+.2f}; {interval}).",
    ),
    "remedy_orientation": (
        "举措句 {n_remedying} 句,其中 {n_treated} 句减车({n_lighten})或壮马({n_feed}):{lean}(log2 {estimate:+.2f};{interval})。"
        "修路 {n_mend} 句,组织表态 {n_ritual} 句。",
        "{n_treated} of {n_remedying} remedying sentences lighten the cart ({n_lighten}) or feed the horse ({n_feed}): "
        "{lean} (log2 {estimate:+.2f}; {interval}). {n_mend} mend the road, {n_ritual} are organisational ritual.",
    ),
    "mismatch": (
        "诊断谈负担 {n_load} 句、能力 {n_capacity} 句;举措减车 {n_lighten} 句、壮马 {n_feed} 句:{lean}(Δ {estimate:+.2f};{interval})。",
        "The diagnosis tells of load in {n_load} sentences and of capacity in {n_capacity}; {n_lighten} remedies lighten, "
        "{n_feed} feed: {lean} (Δ {estimate:+.2f}; {interval}).",
    ),
}
# Where the ratio lies above 0, below it, and about 0.
_LEANS: dict[str, tuple[Said, Said, Said]] = {
    "load_capacity": (
        ("负担为另一方的 {times:.1f} 倍", "load {times:.1f} times as often"),
        ("能力为另一方的 {times:.1f} 倍", "capacity {times:.1f} times as often"),
        ("两方相当", "both alike"),
    ),
    "remedy_orientation": (
        ("减车为另一方的 {times:.1f} 倍", "they lighten {times:.1f} times as often"),
        ("壮马为另一方的 {times:.1f} 倍", "they feed {times:.1f} times as often"),
        ("两方相当", "both alike"),
    ),
    "mismatch": (
        ("与诊断相比,举措偏向减车 {times:.1f} 倍", "set against the diagnosis, remedies lighten the cart {times:.1f} times as much"),
        ("与诊断相比,举措偏向壮马 {times:.1f} 倍", "set against the diagnosis, remedies feed the horse {times:.1f} times as much"),
        ("举措在车与马之间的分配与诊断相当", "remedies divide between cart and horse as the diagnosis does"),
    ),
}  # fmt: skip
_STRESS = ("这说的是文本的着重点,不是负担本身。", "This is what the text stresses, not the burden itself.")
_FEW: dict[str, Said] = {
    "few_diagnosing": (
        "谈负担或能力的诊断句只有 {n_told} 句,至少要 {minimum} 句",
        "diagnosing sentences that tell of load or capacity: {n_told}, needed: {minimum}",
    ),
    "few_remedying": (
        "减车或壮马的举措句只有 {n_treated} 句,至少要 {minimum} 句",
        "remedying sentences that lighten or feed: {n_treated}, needed: {minimum}",
    ),
}
# What makes a number doubtful though it is there.
_WARNINGS: tuple[tuple[set[str], Said], ...] = (
    ({"n_low", "few_hits"}, ("区间较粗略。", "The interval is rough.")),
    ({"truncated"}, ("文本不完整,举措可能缺漏。", "A text is cut off: remedies may be missing.")),
)


def say_balance(row: Mapping[str, Any], name: str, *, minimum: int, level: float) -> Said:
    """Read a row of the measure `name`: ``load_capacity``, ``remedy_orientation`` or ``mismatch``.

    Examples
    --------
    >>> row = {"estimate": 1.0, "ci_low": 0.2, "ci_high": 1.8, "reason": "", "resampled": "documents", "n_load": 59, "n_capacity": 29,
    ...        "n_told": 80, "n_diagnosing": 120}
    >>> say_balance(row, "load_capacity", minimum=10, level=0.95)[1]
    '80 of 120 diagnosing sentences tell of load (59) or capacity (29): load 2.0 times as often (log2 +1.00; 95 % interval 0.20 to 1.80 between documents). This is what the text stresses, not the burden itself.'
    """
    codes = set(row["reason"].split(";"))
    if math.isnan(row["estimate"]):
        whys = [said for code, said in _FEW.items() if code in codes]
        zh, en = zip(*whys or [(reason_text(row["reason"], "zh"), reason_text(row["reason"]))], strict=True)
        filled = {**row, "minimum": minimum}
        return not_measurable(";".join(zh).format_map(filled), "; ".join(en).format_map(filled))
    times = 2 ** abs(row["estimate"])
    lean = _LEANS[name][2 if times < _SAME else int(row["estimate"] < 0)]
    parts = [
        [s.format_map({**row, "lean": leaning.format(times=times), "interval": interval})
         for s, leaning, interval in zip(_SENTENCES[name], lean, _interval(row, level), strict=True)],
        *([_verdict(row)] if name == "mismatch" else []),
        _STRESS,
        *(said for of_warning, said in _WARNINGS if of_warning & codes),
    ]  # fmt: skip
    return "".join(zh for zh, _ in parts), " ".join(en for _, en in parts)


def _verdict(row: Mapping[str, Any]) -> Said:
    if row["resampled"] == "sections":
        return "一份报告只能描述自己,不能证明错配。", "One report describes itself and cannot establish a mismatch."
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


def _interval(row: Mapping[str, Any], level: float) -> Said:
    of_text = row["resampled"] == "sections"
    if math.isnan(row["ci_low"]):
        codes = ";".join(code for code in row["reason"].split(";") if code in ("n_small", "no_variation"))
        if of_text and codes == "n_small":
            return "不足 8 节,不给区间", "fewer than 8 sections: no interval"
        return reason_text(codes, "zh"), reason_text(codes)
    where = ("这篇文本各节之间", "between the sections of this text") if of_text else ("文件之间", "between documents")
    low, high, share = f"{row['ci_low']:.2f}", f"{row['ci_high']:.2f}", f"{100 * level:g}"
    return f"{share}% 区间 {low} 至 {high},{where[0]}", f"{share} % interval {low} to {high} {where[1]}"
