"""Noise planted into clean text: for each kind where it goes, and what it must not touch. Composed here."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Plant = Callable[[random.Random, str], tuple[str, str]]  # text -> (text with noise, text that cleaning must give)
LINE_END = re.compile(r"\n")
_WORD = re.compile(r"目标|政府|基层|群众|机关|问题|责任|干部|单位")
_HAN_PAIR = re.compile(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])")


def _insert(text: str, at: int, noise: str) -> tuple[str, str]:
    return text[:at] + noise + text[at:], text


def _at_line(rng: random.Random, text: str) -> int:
    ends = [m.end() for m in LINE_END.finditer(text)]
    return rng.choice(ends[2:-2])


def line(*noises: str) -> Plant:
    """Plant a whole line between two others."""
    return lambda rng, text: _insert(text, _at_line(rng, text), rng.choice(noises) + "\n")


def inside(pattern: str, noise: Callable[[random.Random, str], str]) -> Plant:
    """Replace one match by its noisy form."""

    def plant(rng: random.Random, text: str) -> tuple[str, str]:
        found = rng.choice(list(re.finditer(pattern, text)))
        return text[: found.start()] + noise(rng, found[0]) + text[found.end() :], text

    return plant


def tail(noise: str) -> Plant:
    """Add what follows the end of a preview."""
    return lambda rng, text: (text.rstrip("\n") + "\n" + noise, text.rstrip("\n") + "\n")


def page_numbers(rng: random.Random, text: str) -> tuple[str, str]:
    """Put numbers on lines of their own, two to four hundred characters apart."""
    ends = [m.end() for m in LINE_END.finditer(text)]
    chosen, last = [], -10_000
    for at in ends[2:-2]:
        if at - last > 220:
            chosen.append(at)
            last = at
    first = rng.randint(1, 30)
    noisy, at = "", 0
    for number, end in enumerate(chosen, start=first):
        noisy += text[at:end] + f"{number}\n"
        at = end
    return (noisy + text[at:], text) if len(chosen) >= 3 else (text, text)


def letter_spaced(rng: random.Random, text: str) -> tuple[str, str]:
    """Set a line with a space after each character."""
    lines = [m for m in re.finditer(r"^[\u4e00-\u9fff，、。]{8,30}$", text, re.MULTILINE)]
    if not lines:
        return text, text
    found = rng.choice(lines)
    return text[: found.start()] + " ".join(found[0]) + text[found.end() :], text


KINDS: dict[str, Plant] = {
    "preview_tail": tail("............试读结束............\n查阅全文加微信:12345678\n"),
    "contact_line": line("需要完整版请加微信:abc12345", "查阅全文加微信:1234567 某某网:example.com"),
    "disclaimer": line(
        "本文内容由互联网用户自发贡献,该文观点仅代表作者本人", "本站仅提供信息存储空间服务", "如有侵权请联系我们删除", "2、原创力文档仅提供存储服务"
    ),
    "counter": line("字数:3533字阅读量:120", "共计10601个字,预计阅读时长36分钟", "浏览次数:1234次", "售价:10 积分"),
    "site_line": line("【字体:大 中 小】", "打印本页", "您现在的位置:首页 > 公文 > 汇报", "分享到:", "扫一扫在手机打开当前页"),
    "source_line": line("来源:某某日报", "发布时间:2024-03-05 10:20", "[责任编辑:某某]"),
    "photo_caption": line("新华社记者 某某 摄", "会议现场。某地日报记者 某某某 摄".replace("。", " ")),
    "attachment_list": line("附件:1.减负清单.xlsx", "（此页无正文）"),
    "outline": line("【提纲】一、主要做法 二、存在问题 三、下一步打算"),
    "omission": inside(r"(?<=。)", lambda rng, _: rng.choice(["(......此处隐藏了2024字......)", "……省略268字,正式会员可完整阅读……"])),
    "page_number": line("— 12 —", "第3页 共8页", "-7-"),
    "bare_page_numbers": page_numbers,
    "html_remains": inside(r"(?<=。)", lambda rng, _: rng.choice(["<br/>", "<!--MID_AD_0-->", '<cite id="a1">', "</span>"])),
    "escape": inside(r"(?<=。)", lambda rng, _: r"\u003cp\u003e"),
    "pinyin": inside(r"治理", lambda rng, _: "治(zhi)理" if rng.random() < 0.5 else "治（zhì）理"),
    "invisible": inside(_HAN_PAIR.pattern, lambda rng, _: rng.choice("\u200b\u200c\u200d\ufeff\u2060\u00ad")),
    "radical": inside(r"[小马大车一人方民长门]", lambda rng, c: dict(zip("小马大车一人方民长门", "⼩⻢⼤⻋⼀⼈⽅⺠⻓⻔", strict=True))[c]),
    "archive_mark": line("<正>"),
    "double_mark": inside(r"(?<=[\u4e00-\u9fff])[，。；、](?=[\u4e00-\u9fff])", lambda rng, c: c * 2),
    "split_word": inside(_WORD.pattern, lambda rng, w: " ".join(w)),
    "letter_spacing": letter_spaced,
    "number_spacing": inside(r"\d+年", lambda rng, w: f"{w[:-1]} 年"),
}  # fmt: skip
