"""Web pages to the text of their article."""

from __future__ import annotations

import email
import email.policy
import io
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from burdenlab.loaders.characters import count_han
from burdenlab.loaders.encodings import decode
from burdenlab.loaders.limits import Options
from burdenlab.loaders.mojibake import check_text
from burdenlab.loaders.parts import Part, Parts
from burdenlab.loaders.quarantine import Quarantined

__all__ = ["message_text", "read_html", "read_tmx", "visible_text"]

_TAGS = 500_000  # of which a page may have no more; the longest real ones have 20,000
_NO_TEXT = "script style noscript template head svg math object iframe select textarea button rt rp rtc"
_FURNITURE = "//nav | //header | //footer | //aside | //form"
_BLOCKS = re.compile(
    "address|article|blockquote|body|br|caption|center|dd|div|dl|dt|fieldset|figcaption|figure|h[1-6]|hr|item|head|lb|li"
    "|main|ol|p|pre|quote|section|table|tbody|tfoot|thead|tr|row|ul"
)
_ROWS = frozenset(("tr", "row"))
_LONGEST_CELL = 300
_CELLS = frozenset(("td", "th", "cell"))
_HIDING = re.compile(r"display:none|visibility:hidden|font-size:0(?:px|pt|em|%)?(?:;|$|!)|mso-hide:all")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_NUMBERED = re.compile(r"\s*[\d一二三四五六七八九十①-⑳(（第]")
_SELECTOR = re.compile(r"[\w*]*([.#][\w-]+)")


def read_html(data: bytes, options: Options) -> Parts:
    """Read the main text of a web page, a saved page (mht) or a Word page (html named .doc).

    What the page hides, its navigation, scripts and comments are left out; of a ruby only the base is kept; an
    ordered list gets the numbers that a browser shows; cells of a table stand between tabs.
    """
    if _is_message(data):
        data = _page_of_message(data)
    decoded = check_text(decode(data, encoding=options.encoding))
    tree = _parse(decoded.text)
    title = _title(tree)
    hidden = _drop_hidden(tree)
    text = _lines_of(tree) if _is_from_word(decoded.text) else _main_text(tree)
    if title and count_han(title) >= 4 and _squeezed(title) not in _squeezed(text):
        text = f"{title}\n{text}"
    if not text.strip():
        raise Quarantined("no_text", "the page holds no text outside scripts.", "网页在脚本之外没有文字。")
    reasons = (*decoded.reasons, *["hidden_text"] * (hidden > 0.1 * count_han(text)))
    return Parts([Part("", text, {"title": title})], decoded.encoding, decoded.confidence, reasons)


def visible_text(data: bytes) -> str:
    """Give all the text that a page shows, main text or not: for pages embedded in documents."""
    tree = _parse(decode(data).text)
    _drop_hidden(tree)
    return _lines_of(tree)


def message_text(data: bytes) -> str:
    """Give all the text that a saved page (mht) shows."""
    return visible_text(_page_of_message(data))


def read_tmx(data: bytes, _options: Options) -> Parts:
    """Read the Chinese segments of a translation memory, one a line."""
    if b"<!ENTITY" in data:
        raise Quarantined("xml_entity", "the file declares entities; remove them.", "文件含实体声明;请先删除。")
    segments: list[str] = []
    try:
        for _, element in etree.iterparse(
            io.BytesIO(data), tag="{*}tuv", resolve_entities=False, no_network=True, load_dtd=False
        ):
            language = next((v for k, v in element.attrib.items() if str(k).rpartition("}")[2].lower() == "lang"), "")
            if str(language).lower().startswith("zh"):
                segments += [" ".join("".join(seg.itertext()).split()) for seg in element.iterfind("{*}seg")]
            element.clear()
    except etree.XMLSyntaxError as error:
        raise Quarantined("corrupt", f"the XML is damaged: {error}.", f"XML 已损坏:{error}。") from error
    if not segments:
        raise Quarantined(
            "no_text", "no segment is marked as Chinese (xml:lang=zh…).", "没有标为中文(xml:lang=zh…)的句段。"
        )
    return Parts([Part("", "\n".join(segments))], "utf-8", 1.0)


def _is_message(data: bytes) -> bool:
    head = data[:4096].lower()
    return b"mime-version:" in head and b"<html" not in head.partition(b"mime-version:")[0]


def _page_of_message(data: bytes) -> bytes:
    message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html" and isinstance(page := part.get_payload(decode=True), bytes):
            return page
    raise Quarantined("no_text", "the saved page (mht) holds no html part.", "网页存档(mht)中没有 html 部分。")


def _parse(text: str) -> html.HtmlElement:
    if text.count("<") > _TAGS:
        raise Quarantined(
            "limit",
            f"the page has more than {_TAGS:,} tags; save its text as txt.",
            f"网页标签超过 {_TAGS:,} 个;请另存为 txt。",
        )
    # An XML declaration would contradict the text, which is decoded already; control characters have no place in XML.
    text = re.sub(r"\A\s*<\?xml[^>]*\?>", "", text.removeprefix("\ufeff"))
    text = _CONTROL.sub("", _REFERENCE.sub(_without_control, text))
    parser = html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Quarantined("no_text", f"the page holds no text: {error}.", f"网页没有文字:{error}。") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):  # the parser cut the page off there
        raise Quarantined(
            "limit", "the tags of the page nest too deep; save its text as txt.", "网页标签嵌套过深;请另存为 txt。"
        )
    return tree


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|(\d{1,9}));?")


def _without_control(reference: re.Match[str]) -> str:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return "" if code > 0x10FFFF or _CONTROL.match(chr(code)) else reference[0]


def _title(tree: html.HtmlElement) -> str:
    """Find what the page calls itself: the field that government sites must fill, else its title, else its h1."""
    for meta in tree.iter("meta"):
        if (meta.get("name") or "").lower() == "articletitle" and (meta.get("content") or "").strip():
            return " ".join((meta.get("content") or "").split())
    title = " ".join((tree.findtext(".//title") or "").split())
    heading = next((" ".join(str(e.text_content()).split()) for e in tree.iter("h1")), "")
    return re.split(r"\s*[_|]\s*|\s+[-–—]+\s+", title)[0] or heading


def _is_from_word(text: str) -> bool:
    return "urn:schemas-microsoft-com:office:word" in text[:4096] and "<w:WordDocument" in text


def _drop_hidden(tree: html.HtmlElement) -> int:
    """Remove what a browser does not show; give the number of Han characters that were hidden on purpose."""
    classes = _hidden_selectors(tree)
    doomed, hidden = [], 0
    silent = set(_NO_TEXT.split())
    for element in tree.iter(etree.Element):
        style = re.sub(r"\s", "", element.get("style") or "").lower()
        names = {f".{name}" for name in (element.get("class") or "").split()} | {f"#{element.get('id')}"}
        is_hidden = (
            bool(style and _HIDING.search(style))
            or element.get("hidden") is not None
            or (element.tag == "input")
            or not classes.isdisjoint(names)
        )
        if (is_hidden or element.tag in silent) and element.tag not in ("html", "body"):
            doomed.append((element, is_hidden and element.tag not in silent))
    for element, counts in doomed:
        if element.getparent() is not None:
            hidden += count_han("".join(str(t) for t in element.itertext())) if counts else 0
            element.drop_tree()
    for ordered in tree.iter("ol"):
        _number(ordered)
    return hidden


def _hidden_selectors(tree: html.HtmlElement) -> set[str]:
    """Read from the page's own style sheets which classes and ids are not shown."""
    found: set[str] = set()
    for sheet in tree.iter("style"):
        for selectors, body in _RULE.findall(sheet.text or ""):
            if _HIDING.search(re.sub(r"\s", "", body).lower()):
                found |= {m[1] for s in selectors.split(",") if (m := _SELECTOR.fullmatch(s.strip()))}
    return found


def _number(ordered: html.HtmlElement) -> None:
    start = ordered.get("start") or "1"
    number = int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
    for item in ordered.iterchildren("li"):
        if _NUMBERED.match("".join(map(str, item.itertext()))):
            return
        first = item[0] if len(item) and not (item.text or "").strip() and item[0].tag == "p" else item
        first.text = f"{number}.{(first.text or '').lstrip()}"
        number += 1


def _main_text(tree: html.HtmlElement) -> str:
    """Let trafilatura find the article; where it finds less than half of the long paragraphs, take the page whole."""
    import trafilatura  # noqa: PLC0415 (half a second, which a folder of plain text need not pay)

    found: Any = trafilatura.bare_extraction(
        html.fromstring(html.tostring(tree)), include_comments=False, include_tables=True, favor_recall=True,
        deduplicate=False,
    )  # fmt: skip
    main = _lines_of(found.body) if found is not None and found.body is not None else ""
    for element in tree.xpath(_FURNITURE):
        if element.getparent() is not None:
            element.drop_tree()
    whole = _lines_of(tree)
    long = sum(count_han(line) for line in whole.split("\n") if count_han(line) >= 30)
    return main if count_han(main) >= 0.5 * long and main.strip() else whole


def _lines_of(tree: Any) -> str:
    """Give the text of a tree, blocks as lines and cells between tabs; white space as a browser shows it."""
    lines = re.split(r"\n+", "".join(_pieces(tree)))
    shown = (re.sub(r"[ \r\f\v]+", " ", line).strip() for line in lines)
    return "\n".join(re.sub(r" *\t *", "\t", line) for line in shown if line.strip())


def _pieces(tree: Any) -> Iterator[str]:
    in_row = 0  # a paragraph inside a cell does not end the row
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        is_block = _BLOCKS.fullmatch(tag) is not None
        is_row = tag in _ROWS and _is_of_table(element)
        ends_line = is_row or (is_block and not in_row)
        if event == "start":
            in_row += is_row
            yield "\n" if ends_line else "\t" if tag in _CELLS and element.getprevious() is not None else ""
            yield re.sub(r"[\n\t]+", " ", element.text or "")
        else:
            in_row -= is_row
            yield "\n" if ends_line else " " if is_block else ""
            if element is not tree:
                yield re.sub(r"[\n\t]+", " ", element.tail or "")


def _is_of_table(row: Any) -> bool:
    """Tell a row of figures from a row that lays out the page: several cells, none of them long."""
    cells = [cell for cell in row if cell.tag in _CELLS]
    return len(cells) > 1 and all(sum(map(len, cell.itertext())) <= _LONGEST_CELL for cell in cells)


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)
