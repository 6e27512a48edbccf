"""How concrete a text is, in a plain sentence, Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from burdenlab.messages import reason_text

__all__ = ["say_claims", "say_promises", "say_specificity"]

Said = tuple[str, str]  # zh, en

_ELEMENTS = {
    "target": ("写明可核对的目标", "name a checkable target"),
    "deadline": ("写明期限", "name a deadline"),
    "owner": ("写明责任者", "name an owner"),
    "output": ("写明可见的产出", "name a visible output"),
    "strict": ("同时写明目标、期限和责任者", "name target, deadline and owner together"),
}
_KINDS = {
    "number": ("带有数字", "come with a number"),
    "hard": ("带有数字且有基数或时段可比", "come with a number and a base or period"),
}


def say_specificity(row: Mapping[str, Any], *, level: float) -> Said:
    """Read a row of ``specificity``.

    Examples
    --------
    >>> row = {"estimate": 1.0, "ci_low": 0.5, "ci_high": 1.5, "reason": "", "n_specific": 80, "n_vague": 40, "n_masked": 2, "n_han": 4000}
    >>> say_specificity(row, level=0.95)[1]
    '80 specifics against 40 boosters in 4,000 Han characters: specifics 2.0 times as often (log2 +1.00; 95 % interval 0.50 to 1.50). 2 specifics were masked.'
    """
    if row["estimate"] != row["estimate"]:
        return _nothing(row["reason"])
    interval = _interval(row, level, "{:.2f}")
    if row["n_specific"] and row["n_vague"]:
        times = 2 ** abs(row["estimate"])
        more = ("具体表述", "specifics") if row["estimate"] >= 0 else ("虚词", "boosters")
        than = f"{more[0]}是另一方的 {times:.1f} 倍", f"{more[1]} {times:.1f} times as often"
    else:  # how many times nothing, none can say
        than = "至少一方一处也没有", "one of them does not occur"
    zh = f"在 {row['n_han']:,} 汉字中具体表述 {row['n_specific']} 处,强调虚词 {row['n_vague']} 处:{than[0]}(log2 {row['estimate']:+.2f};{interval[0]})。"
    en = f"{row['n_specific']} specifics against {row['n_vague']} boosters in {row['n_han']:,} Han characters: {than[1]} (log2 {row['estimate']:+.2f}; {interval[1]})."
    if row["n_masked"]:
        zh += f"另有 {row['n_masked']} 处具体信息被隐去。"
        en += f" {row['n_masked']} specifics were masked."
    return zh, en


def say_promises(row: Mapping[str, Any], *, level: float) -> Said:
    """Read a row of ``commitment_quality``.

    Examples
    --------
    >>> row = {"element": "owner", "estimate": 0.25, "ci_low": 0.1, "ci_high": 0.5, "reason": "", "n_named": 5, "n_plan": 20}
    >>> say_promises(row, level=0.95)[1]
    'Of 20 plan sentences 5 name an owner (25 %; 95 % interval 10 to 50 %). Experimental: promises are missed.'
    """
    warning = ("试验性:会漏计。", " Experimental: promises are missed.")
    if row["estimate"] != row["estimate"]:
        return _nothing(row["reason"])
    if row["element"] == "score":
        interval = _interval(row, level, "{:.2f}")
        zh = f"{row['n_plan']} 句打算平均 {row['estimate']:.2f} 分(满分 4;{interval[0]})。"
        en = f"{row['n_plan']} plan sentences score {row['estimate']:.2f} of 4 on average ({interval[1]})."
    else:
        zh, en = _share(
            row, _ELEMENTS[row["element"]], ("句打算", "plan sentences"), (row["n_named"], row["n_plan"]), level
        )
    return zh + warning[0], en + warning[1]


def say_claims(row: Mapping[str, Any], *, level: float) -> Said:
    """Read a row of ``hard_results``.

    Examples
    --------
    >>> row = {"kind": "hard", "estimate": 0.5, "ci_low": float("nan"), "ci_high": float("nan"), "reason": "n_small", "n_hard": 4, "n_claims": 8}
    >>> say_claims(row, level=0.95)[1]
    'Of 8 claimed results 4 come with a number and a base or period (50 %; no interval: fewer than 8 documents: no interval).'
    """
    if row["estimate"] != row["estimate"]:
        return _nothing(row["reason"])
    return _share(row, _KINDS[row["kind"]], ("句成效", "claimed results"), (row["n_hard"], row["n_claims"]), level)


def _share(row: Mapping[str, Any], act: Said, thing: Said, counts: tuple[int, int], level: float) -> Said:
    percent = {name: 100 * row[name] for name in ("estimate", "ci_low", "ci_high")}
    interval = _interval({**percent, "reason": row["reason"]}, level, "{:.0f}", unit="%")
    some, every = counts
    return (
        f"{every} {thing[0]}中有 {some} 句{act[0]}({percent['estimate']:.0f}%;{interval[0]})。",
        f"Of {every} {thing[1]} {some} {act[1]} ({percent['estimate']:.0f} %; {interval[1]}).",
    )


def _interval(row: Mapping[str, Any], level: float, form: str, unit: str = "") -> Said:
    notes = [code for code in row["reason"].split(";") if code]
    if row["ci_low"] != row["ci_low"]:
        return f"不给区间:{reason_text(row['reason'], 'zh')}", f"no interval: {reason_text(row['reason'])}"
    low, high = form.format(row["ci_low"]), form.format(row["ci_high"])
    note = (f",{reason_text(row['reason'], 'zh')}", f", {reason_text(row['reason'])}") if notes else ("", "")
    gap = f" {unit}" if unit else ""
    return (
        f"{level:.0%} 区间 {low} 至 {high}{unit}{note[0]}",
        f"{100 * level:g} % interval {low} to {high}{gap}{note[1]}",
    )


def _nothing(reason: str) -> Said:
    return f"此处无法测量:{reason_text(reason, 'zh')}。", f"Not measurable here: {reason_text(reason)}."
