"""Texts that cannot be trusted: they are refused, not cleaned, for what is wrong in them cannot be told from the rest."""

from __future__ import annotations

import re
from itertools import pairwise

from burdenlab.loaders.characters import count_han, traditional_share
from burdenlab.loaders.quarantine import Quarantined

__all__ = ["check_trust", "script_warning"]

# 。基層 read as ?;鶎 and 小;事 as ?。皇: a question mark that another mark follows.
_LOST = re.compile(
    r"[?？](?<=[\u4e00-\u9fff].)[;；。，、](?=[\u4e00-\u9fff])|\?(?<=[\u4e00-\u9fff].)(?=[\u4e00-\u9fff])|\ufffd"
)
_LOST_MARKS = ("?", "？；", "？;", "？。", "？，", "？、", "\ufffd")
# 则 and 服务 were replaced wherever they stood, so words came out that nobody writes.
_SPUN = re.compile(
    r"[原规细守]那么|(?:公共|社会|便民|政务|优质|群众|综合)效劳|效劳(?:群众|中心|意识|水平|质量|基层|对象|型政府)"
)
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9_./:@=&?%+-])(?=[A-Za-z0-9+/]*\d)(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z+/])[A-Za-z0-9+/]{18,}={0,2}"
)
_LONG_ASCII = re.compile(r"[A-Za-z0-9+/]{18}")
# Both begin at the line end before, which is quicker to find than a line start.
_ASCII_LINE = re.compile(r"\n[ \t]*([!-~][ -~]{6,60}[!-~])[ \t]*(?=\n|\Z)")
_STUB = re.compile(
    r"(?:点击|登录|登陆|注册|下载|付费|付款|购买|充值|开通会员|关注公众号|扫码)[^。\n]{0,20}(?:查看|阅读|浏览|下载|获取)(?:全文|原文|更多|完整|正文)"
    r"|(?:全文|正文|原文|内容)(?:请|详)?见(?:附件|链接|原文|下载|PDF)"
    r"|(?:暂无|没有)(?:正文|内容)"
)
_SHORT = 300  # Han characters beside a sentence that says the text is elsewhere
_ORDINALS = re.compile(r"\n[ \t\u3000]*(?:([一二三四五六七八九])、|[(（]([一二三四五六七八九])[)）])")
_VALUE = {sign: n for n, sign in enumerate("一二三四五六七八九", start=1)}
_TRADITIONAL = 0.05


def check_trust(text: str) -> None:
    """Refuse a text whose words are not what its authors wrote, or that says itself that the rest is elsewhere.

    Raises
    ------
    Quarantined
        ``lossy`` (characters were lost when its encoding was changed), ``spun`` (words replaced by synonyms),
        ``shuffled`` (clauses or items put in another order), ``random_tokens`` (junk against copying), ``stub``.

    Examples
    --------
    >>> check_trust("基层减负工作情况的报告")
    >>> check_trust("完善公共效劳，坚持统筹原那么，健全议事规那么。")
    Traceback (most recent call last):
    Quarantined: ...
    """
    n = count_han(text)
    if any(mark in text for mark in _LOST_MARKS) and len(_LOST.findall(text)) >= max(2, n / 1000):
        raise Quarantined(
            "lossy",
            "characters were lost when somebody changed the encoding (a question mark where a character or 。 stood); "
            "fetch the text from its source.",
            "转换编码时丢失了字符(字或句号变成了问号);请从来源重新获取。",
        )
    if ("那么" in text or "效劳" in text) and len(found := _SPUN.findall(text)) >= 2:
        raise Quarantined(
            "spun",
            f"words were replaced by false synonyms ({', '.join(sorted(set(found))[:3])}); find the original.",
            f"文中词语被替换成了伪近义词({'、'.join(sorted(set(found))[:3])});请找原文。",
        )
    tokens = _TOKEN.findall(text) if _LONG_ASCII.search(text) else []
    if len(tokens) + sum(map(_is_junk, _ASCII_LINE.findall(text))) >= (1 if n < 20_000 else 3):
        raise Quarantined(
            "random_tokens",
            "the text holds random tokens, put in against copying; find the original.",
            "文中夹有防复制的随机字符串;请找原文。",
        )
    if _is_shuffled(text):
        raise Quarantined(
            "shuffled",
            "clauses or items stand in another order than they were written in; find the original.",
            "文中句段次序被打乱;请找原文。",
        )
    if n < _SHORT and _STUB.search(text):
        raise Quarantined(
            "stub",
            "the text says itself that the rest is elsewhere; fetch the whole.",
            "正文自称全文在别处;请获取全文。",
        )


def _is_junk(line: str) -> bool:
    """Whether a line is letters and signs without a word: / f% E- i. ` 2 U."""
    signs = set(re.sub(r"[\sA-Za-z0-9]", "", line))
    pieces = re.findall(r"[A-Za-z0-9]+", line)
    return len(signs) >= 4 and len(pieces) >= 3 and max(map(len, pieces)) <= 2


def script_warning(text: str) -> list[str]:
    """Give the warning of a text in traditional script."""
    share = traditional_share(text)
    return ["traditional_script"] if share > _TRADITIONAL else []


def _is_shuffled(text: str) -> bool:
    """Whether clauses begin with marks, or ordinals fall again and again to what begins no list."""
    if sum(text.count(f"\n{mark}") for mark in "，。；、：") >= max(4, text.count("\n") * 0.05):
        return True
    found = _ORDINALS.findall(text)
    for kind in (0, 1):
        values = [_VALUE[signs[kind]] for signs in found if signs[kind]]
        # A list starts again at one, or at two where the first item stands inside a line.
        falls = sum(b < a and b > 2 for a, b in pairwise(values))
        if falls >= 3 and falls > 0.2 * len(values):
            return True
    return False
