"""The kinds of noise that reports carry, each a rule that finds it; ``cleaning`` turns what they find into edits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from burdenlab.loaders.lines import hard_breaks
from burdenlab.loaders.spacing import letter_spacing, split_words

__all__ = ["RULES", "Change", "Rule", "present_share"]

Change = tuple[int, int, str]  # start and end in raw, what stands there afterwards


class Rule(NamedTuple):
    """One kind of noise: how it is found, what it warns of, and an example that the tests run.

    Attributes
    ----------
    name : str
        The reason code of its edits.
    find : callable
        From raw text to changes (start, end, replacement), in the order of the text.
    example : tuple of str
        Raw text and what is left of it.
    warnings : tuple of str
        Codes for the document when the rule finds something.
    marks : tuple of str
        The rule is run only on texts that hold one of these; none means on all.
    """

    name: str
    find: Callable[[str], Iterable[Change]]
    example: tuple[str, str]
    warnings: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


def _matches(pattern: str, replacement: str = "", *, group: int = 0) -> Callable[[str], Iterator[Change]]:
    compiled = re.compile(pattern, re.VERBOSE | re.MULTILINE)

    def find(raw: str) -> Iterator[Change]:
        return ((m.start(group), m.end(group), replacement) for m in compiled.finditer(raw))

    return find


_EDGE = r"[ \t\u3000\u00a0]*"


def _lines(pattern: str) -> Callable[[str], Iterator[Change]]:
    """Find whole lines, with their ends, that match `pattern`."""
    return _matches(rf"^{_EDGE}(?:{pattern}){_EDGE}(?:\r?\n|\r|\Z)")


_PREVIEW_STOP = re.compile(
    r"""
    ^[ \t\u3000.…·*—-]*
    (?:试读(?:已)?结束 | 预览(?:已)?结束 | 以上为(?:试读|预览)(?:内容)? )   # ............试读结束............
    [ \t\u3000.…·*—-]*(?:\r?\n|\Z)
    """,
    re.VERBOSE | re.MULTILINE,
)


def _preview_tail(raw: str) -> Iterator[Change]:
    """From the line of a paid-read stop to the end: what follows is the site's, not the report's."""
    if stop := _PREVIEW_STOP.search(raw):
        yield stop.start(), len(raw), ""


def _double_title(raw: str) -> Iterator[Change]:
    """Find a line among the first few that repeats the one before it."""
    seen = ""
    lines = re.finditer(r"[^\r\n]+(?:\r?\n|\r|\Z)", raw[:2000])
    for _, match in zip(range(6), (m for m in lines if m[0].strip()), strict=False):
        line = match[0].strip()
        if line == seen and len(line) >= 6:
            yield match.start(), match.end(), ""
        seen = line


# Each begins at the line end before, which is quicker to find than a line start.
_BARE_NUMBER = re.compile(r"\n[ \t\u3000]*(\d{1,4})[ \t\u3000]*(?=[\r\n]|\Z)")
_PAGE_MARK = re.compile(
    r"""
    \n[ \t\u3000]*(?:
        [-—–―─·]{1,3}[ ]?\d{1,4}[ ]?[-—–―─·]{1,3}            # — 12 —
      | _?第[ ]?\d{1,4}[ ]?页(?:[ ,，/]*共[ ]?\d{1,4}[ ]?页)?   # 第1页 共3页
      | _第\d{1,4}页.{0,4}
    )[ \t\u3000]*(?=[\r\n]|\Z)
    """,
    re.VERBOSE,
)


def _page_numbers(raw: str) -> Iterator[Change]:
    """Lines that are marked as page numbers, and bare numbers where at least three follow each other by one."""
    found = [(m.start() + 1, _line_end(raw, m.end()), "") for m in _PAGE_MARK.finditer(raw)]
    bare = [(int(m[1]), m.start() + 1, _line_end(raw, m.end())) for m in _BARE_NUMBER.finditer(raw)]
    run: list[tuple[int, int, int]] = []
    for number in [*bare, (-1, 0, 0)]:
        if run and number[0] != run[-1][0] + 1:
            # Rows of a table follow each other at once; pages have a page between them.
            if len(run) >= 3 and run[-1][1] - run[0][1] > 200 * (len(run) - 1):
                found += [(start, end, "") for _, start, end in run]
            run = []
        run.append(number)
    return iter(sorted(found))


def _line_end(raw: str, at: int) -> int:
    return at + (2 if raw[at : at + 2] == "\r\n" else 1 if at < len(raw) else 0)


_SYLLABLE = (
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?"
    r"(?:[aāáǎàoōóǒòeēéěèiīíǐìuūúǔùüǖǘǚǜv]{1,3})(?:ng|n|r)?"
)
_PINYIN = re.compile(rf"[(（](?<=[\u4e00-\u9fff][(（])({_SYLLABLE})[)）](?:[(（]{_SYLLABLE}[)）])*")
_UNITS = frozenset(("a", "o", "e", "i", "u", "v", "ha", "mu", "li", "pa", "ai"))


def _pinyin(raw: str) -> Iterator[Change]:
    """Find the reading that a copy-protected page puts after characters: 治(zhi)理."""
    return ((m.start(), m.end(), "") for m in _PINYIN.finditer(raw) if m[1] not in _UNITS)


# Soft hyphen, zero-width characters, marks of direction, variation selectors, byte-order mark, annotation marks.
_INVISIBLE = tuple(
    chr(code)
    for first, last in (
        (0xAD, 0xAD),
        (0x200B, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x206F),
        (0xFE00, 0xFE0F),
        (0xFEFF, 0xFEFF),
        (0xFFF9, 0xFFFB),
    )
    for code in range(first, last + 1)
)
_RADICALS = str.maketrans(
    {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}  # named after their equals
    | dict(
        zip(  # the supplement has no such equals: by the meaning of their names
            "⺄⺈⺊⺒⺓⺜⺝⺟⺠⺧⺩⺫⺬⺶⺼⻁⻄⻅⻆⻉⻊⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻮⻯⻰⻲⻳",
            "乙刀卜巳幺日月母民牛王目示羊肉虎西见角贝足车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐齿竜龙亀龟",
            strict=True,
        )
    )
)


def _radicals(raw: str) -> Iterator[Change]:
    """Radicals that look like characters, from fonts of PDF files: no search finds 小 in ⼩."""
    for match in re.finditer(r"[\u2e80-\u2ef3\u2f00-\u2fd5]+", raw):
        yield match.start(), match.end(), match[0].translate(_RADICALS)


_MARKDOWN = re.compile(
    r"""
    (?P<links> ^[ ]*[-*+][ ]\[[^\]\n]*\]\(\#[^)\n]*\)[ ]*\n )      # - [第一条](#第一条)
  | (?P<head> ^\#{1,6}[ ]+ )                                        # ## 第一章
  | (?P<bold> \*\*(?=\S) | (?<=\S)\*\* )                            # **第一条**
  | (?P<anchor> <a[ ](?:id|name)="[^"<>\n]*">(?:</a>)? )
  | \[(?P<text>[^\]\n]{1,200})\]\([^)\s]{1,500}\)                   # [text](address)
  | \\(?P<escaped>[\\`*_{}\[\]()\#+.!<>-])                          # 1\.
    """,
    re.VERBOSE | re.MULTILINE,
)
_IS_MARKDOWN = re.compile(
    r"^#{1,6} \S|^[ \t]*[-*+] \[[^\]\n]*\]\(#|\*\*[^*\n]+\*\*|\[[^\]\n]+\]\(https?:", re.MULTILINE
)


def _markdown(raw: str) -> Iterator[Change]:
    """Find the marks of Markdown, in a text that has at least one that nothing else has."""
    if not _IS_MARKDOWN.search(raw):
        return
    for m in _MARKDOWN.finditer(raw):
        yield m.start(), m.end(), m["text"] or m["escaped"] or ""


# A list of headings that a site puts before the text, in which every heading then stands a second time.
_OUTLINE = r"^[ \t\u3000]*【(?:提纲|目录|摘要提纲)】[^\r\n]*(?:\r?\n|\Z)"
_SITE = r"""
    下载|打印(?:本页|此页)?|全屏|收藏(?:本页)?|加大|还原|减小|关闭(?:窗口|本页)?|返回(?:顶部|首页|列表)|复制链接|大[ ]?中[ ]?小
  | 【字号[:：]\s*加大\s*还原\s*减小\s*】 | [【\[(（]?(?:字体|字号)[:：]?[^\r\n。]{0,30} | 分享到[:：]?[^\r\n。]{0,30}
  | (?:您|你)?(?:现在|当前|所在)的?位置[:：][^\r\n。]{0,120} | 首页[ ]*[>»›＞][^\r\n。]{0,120}
  | (?:上|下)一篇[:：][^\r\n]{0,80} | 扫一扫[^\r\n]{0,40} | 相关(?:报道|阅读|链接|新闻)[:：] | 支持IPv6[^\r\n]{0,30} | 无障碍(?:浏览|阅读)?
"""
_SOURCE = r"""
    (?:信息|文章|稿件|新闻)?来源[:：][^\r\n。]{0,40} | (?:发布|发文|更新)?(?:时间|日期)[:：][ ]*\d{4}[-年./][\d月日 :：./-]{2,20}
  | 【法宝引证码】[^\r\n]{0,60} | 原文(?:链接|地址)[:：][^\r\n]{0,200} | 【?(?:责任)?编辑[:：][^\r\n。]{0,20}】? | \[责任编辑[:：][^\r\n]{0,20}\]
"""
_COUNTER = r"""
    [^\r\n。]{0,60}(?:点击(?:数|量|率)?|浏览(?:数|量|次数)?|阅读(?:数|量|次数)|访问(?:数|量))[:：][ ]*(?:\d+[ ]*(?:次|人次)?)?[^\r\n。]{0,30}
  | 字数[:：]?[ ]*\d+[ ]*字?[^\r\n。]{0,30} | (?:全文|本文)?共计?[ ]*\d+[ ]*个?字[,，]?[ ]*预计阅读[^\r\n]{0,30} | 售价[:：][ ]*\d+[ ]*积分[^\r\n]{0,30}
"""
_DISCLAIMER = r"""
    [^\r\n。]{0,20}(?:
        本文内容由互联网用户自发贡献                               # 本文内容由互联网用户自发贡献,该文观点仅代表…
      | 本站仅提供信息存储空间服务
      | 如有侵权[,，]?请联系[^\r\n]{0,12}删除
      | 原创力文档
      | 版权归(?:原)?作者所有[,，]?(?:如有|若有|转载|未经)
      | 未经(?:本站|本网|授权|许可)[^\r\n。]{0,12}不得转载
      | (?:下面|以下)是(?:网友|小编)[^\r\n]{0,60}(?:参考|阅读|学习)
    )[^\r\n]*
"""
_OMISSION = r"""
    [(（]?[.…·]{2,}[ ]?此处隐藏了?\d+字[.…·]*[)）]?[.…·]*                     # (......此处隐藏了2024字……)
  | [.…·]{2,}省略\d+字[,，]?[^\r\n。]{0,24}?阅读[.…·]+                        # ……省略268字,正式会员可完整阅读……
  | [(（]未完[,，]?全文共?\d+字[,，]?(?:当前|目前)显示\d+字[)）]?                  # (未完,全文共1596字,当前显示506字)
  | 还剩\d+页未读[,，]?[^\r\n]{0,20}
"""
_REMAINS = r"""
    <!--(?:[^-]|-(?!->)){0,300}-->                                        # <!--MID_AD_0-->
  | </?(?:p|br|div|span|cite|strong|em|font|a|b|i|u|table|tbody|tr|td|img|ul|ol|li|h[1-6]|section|center)(?:\s[^<>]{0,300})?/?>
"""
_HAN = r"[\u4e00-\u9fff]"
_LINES = [f"第{n}组走访村社时看到各类报表数量仍然偏多" for n in "甲乙丙丁戊己庚辛壬癸子丑寅"]
_BROKEN = ("\n".join(_LINES), "".join(_LINES))

# Where two rules claim the same characters, the earlier one has them.
RULES: tuple[Rule, ...] = (
    Rule("byte_order_mark", _matches(r"\A\ufeff"), ("\ufeff减负", "减负"), (), ("\ufeff",)),
    Rule("preview_tail", _preview_tail, ("挂\n...试读结束...\n广告", "挂\n"), ("truncated", "boilerplate"),
         ("试读", "预览")),
    Rule("omission", _matches(_OMISSION), ("前(......此处隐藏了2024字......)后", "前后"), ("truncated",),
         ("隐藏", "省略", "未完", "未读")),
    Rule("contact_line", _matches(r"^[^\r\n。]{0,40}(?:加|添加|联系)(?:客服)?微信[:：号][^\r\n]*(?:\r?\n|\r|\Z)"),
         ("查阅全文加微信:12345\n正文", "正文"), ("boilerplate",), ("微信",)),
    Rule("disclaimer", _lines(_DISCLAIMER), ("本站仅提供信息存储空间服务,谢谢\n", ""), ("boilerplate",),
         ("互联网用户", "本站", "侵权", "原创力", "版权归", "不得转载", "网友", "小编")),
    Rule("counter", _lines(_COUNTER), ("字数:3533字阅读量:\n正文", "正文"), ("boilerplate",),
         ("点击", "浏览", "阅读", "访问", "字数", "积分")),
    Rule("site_line", _lines(_SITE), ("【字号:\n加大\n还原\n减小\n】\n正文", "正文"), (),
         ("下载", "打印", "全屏", "收藏", "加大", "减小", "关闭", "返回", "复制", "中小", "中 小", "字体", "字号", "分享到",
          "位置", "首页", "一篇", "扫一扫", "相关", "IPv6", "无障碍")),
    Rule("source_line", _lines(_SOURCE), ("来源:某日报\n正文", "正文"), (),
         ("来源", "时间", "日期", "法宝", "原文", "编辑")),
    Rule("photo_caption", _lines(rf"[^\r\n。]{{0,60}}(?:记者|通讯员)[ \u3000]?(?:{_HAN}[ \u3000]?){{2,4}}[ ]*摄"),
         ("新华社记者 某某 摄\n正文", "正文"), (), ("摄",)),
    Rule("attachment_list", _lines(r"(?:附件[ ]?\d*[:：.][ ]?)?[^\r\n。]{1,80}\.(?:docx?|xlsx?|pdf|wps|zip|rar|ofd)|[(（]此页无正文[)）]"),
         ("附件:1.减负清单.xlsx\n正文", "正文"), (), (".doc", ".xls", ".pdf", ".wps", ".zip", ".rar", ".ofd", "此页无正文")),
    Rule("outline", _matches(_OUTLINE), ("【提纲】一、问题 二、做法\n一、问题", "一、问题"), (), ("【提纲】", "【目录】", "【摘要提纲】")),
    Rule("double_title", _double_title, ("关于减负的报告\n关于减负的报告\n正文", "关于减负的报告\n正文")),
    Rule("page_number", _page_numbers, ("前\n— 12 —\n后", "前\n后")),
    Rule("html_remains", _matches(_REMAINS), ("减负<br/>增效<!--AD-->", "减负增效"), (), ("<",)),
    Rule("escape", _matches(r"\\u003c.{0,300}?\\u003e"), ("\\u003cp\\u003e减负", "减负"), ("escaped_text",), ("\\u003c",)),
    Rule("html_space", _matches("&nbsp;|&ensp;|&emsp;", " "), ("减负&nbsp;增效", "减负 增效"), (), ("&nbsp;", "&ensp;", "&emsp;")),
    Rule("markdown", _markdown, ("# 标题\n- [一](#一)\n**减负**", "标题\n减负"), (), ("#", "**", "](")),
    Rule("pinyin", _pinyin, ("治(zhi)理", "治理"), ("pinyin_inserted",), ("(", "（")),
    Rule("invisible", _matches(rf"[{''.join(_INVISIBLE)}]"), ("减\u200b负", "减负"), (), _INVISIBLE),
    Rule("radical", _radicals, ("⼩⻢拉⼤⻋", "小马拉大车")),
    Rule("archive_mark", _matches("<正>"), ("<正>减负", "减负"), (), ("<正>",)),
    Rule("double_mark", _matches(r"([,，;；:：、。])(?<=[^,，;；:：、。.].)\1(?![,，;；:：、。])", group=1), ("减负，，增效", "减负，增效")),
    Rule("hard_break", hard_breaks, _BROKEN),
    Rule("letter_spacing", letter_spacing, ("工 作 报 告", "工作报告")),
    Rule("number_spacing", _matches(r"[ ](?:(?<=\d[ ])(?=[年月日号个项次人件万亿元条章款页岁名户份％%])|(?<=[年月日第号][ ])(?=\d))"),
         ("2011 年 12 月", "2011年12月")),
    Rule("split_word", split_words, ("目 标", "目标")),
    Rule("line_end", _matches(r"\r\n?", "\n"), ("一\r\n二", "一\n二"), (), ("\r",)),
)  # fmt: skip


_PROMISES = (
    re.compile(r"全文共?(?P<all>\d+)字[,，]?(?:当前|目前)显示(?P<shown>\d+)字"),
    re.compile(r"(?:此处隐藏了?|省略)(?P<hidden>\d+)字"),
    re.compile(r"(?:字数[:：]?[ ]*|共计?[ ]*)(?P<all>\d+)[ ]*个?字(?=[,，]?[ ]*(?:预计阅读|阅读|\r|\n|\Z))"),
)


def present_share(raw: str, text: str) -> float | None:
    """Share of a text that is there, by what its source says about its length; None where it says nothing.

    Examples
    --------
    >>> present_share("减负(未完,全文共8字,当前显示2字)", "减负")
    0.25
    """
    if not any(mark in raw for mark in ("隐藏", "省略", "显示", "字数", "计阅读")):
        return None
    for pattern in _PROMISES:
        found = [m.groupdict() for m in pattern.finditer(raw)]
        n = len("".join(text.split())) if found else 0
        if n == 0:
            continue
        if "hidden" in found[0]:
            return n / (n + sum(int(one["hidden"]) for one in found))
        promised = int(found[0]["all"])
        return min(1.0, int(found[0].get("shown") or n) / promised) if promised else None
    return None
