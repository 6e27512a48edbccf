"""PDF files with a text layer to paragraphs."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from burdenlab.loaders.characters import common_share, count_han
from burdenlab.loaders.limits import Options
from burdenlab.loaders.mojibake import USUAL_SHARE
from burdenlab.loaders.parts import Part, Parts
from burdenlab.loaders.quarantine import Quarantined
from burdenlab.loaders.sections import starts_numbered

__all__ = ["read_pdf"]

_PAGE_NUMBER = re.compile(r"[-—–―·.\s(（第]*\d{1,4}\s*(?:[/／]\s*\d{1,4})?[-—–―·.\s)）页]*(?:[,，]?共\s*\d{1,4}\s*页)?")
_ENDS_SENTENCE = "。！？；：!?;:…”）"


class Line(NamedTuple):
    """A line on a page: its text, page, edges and the height of its characters, in points."""

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float

    @property
    def size(self) -> float:
        return max(self.top - self.bottom, 1.0)


def read_pdf(data: bytes, _options: Options) -> Parts:
    """Read a PDF file: columns one after the other, lines joined to paragraphs, page numbers and running heads out.

    The order is that of the file, which is the order of reading in whatever a text program or browser made.
    """
    pages, blank = [], []
    for number, (lines, has_image) in enumerate(_pages(data), start=1):
        if not lines and has_image:
            blank.append(number)
        pages.append(lines)
    han = sum(count_han(line.text) for lines in pages for line in lines)
    if han < 10 * max(1, len(blank)):
        code = "scanned" if blank else "no_text"
        what, what_zh = (
            ("a scan: its pages are pictures", "是扫描件,页面为图片") if blank else ("without any text", "没有文字")
        )
        raise Quarantined(
            code,
            f"the PDF is {what}; put its recognised text beside it as NAME.pdf.txt.",
            f"该 PDF {what_zh};请把识别出的文字以“文件名.pdf.txt”放在同一文件夹。",
        )
    if common_share("".join(line.text for lines in pages for line in lines)) < USUAL_SHARE:
        raise Quarantined(
            "garbled",
            "the text layer of the PDF is garbage (its fonts lack a character table); recognise it anew and put the "
            "text beside it as NAME.pdf.txt.",
            "该 PDF 的文字层是乱码(字体缺少字符对照);请重新识别,并以“文件名.pdf.txt”放在同一文件夹。",
        )
    text = "\n".join(_paragraphs(_without_furniture(pages)))
    if not blank:
        return Parts([Part("", text)])
    listed = ", ".join(map(str, blank[:10]))
    return Parts(
        [Part("", text)],
        reasons=("scanned",),
        detail=(
            f"{len(blank)} of {len(pages)} pages are pictures without text: {listed}.",
            f"{len(pages)} 页中有 {len(blank)} 页为图片、没有文字:第 {listed} 页。",
        ),
    )


def _pages(data: bytes) -> Iterator[tuple[list[Line], bool]]:
    import pypdfium2 as pdfium  # noqa: PLC0415 (loads a shared library, which a folder of plain text need not pay)
    import pypdfium2.raw as pdfium_c  # noqa: PLC0415

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise Quarantined(
                "encrypted",
                "the PDF is protected by a password; save a copy without.",
                "PDF 有密码保护;请另存无密码的副本。",
            ) from error
        raise Quarantined("corrupt", f"the PDF is damaged: {error}.", f"PDF 已损坏:{error}。") from error
    try:
        for index in range(len(document)):
            try:
                page = document[index]
                text_page = page.get_textpage()
            except pdfium.PdfiumError:  # one bad page; the others may do
                yield [], True
                continue
            lines = list(_lines(text_page.raw, text_page.count_chars(), index, pdfium_c))
            image = (
                next(page.get_objects(filter=(pdfium_c.FPDF_PAGEOBJ_IMAGE,), max_depth=3), None) if not lines else None
            )
            text_page.close()
            page.close()
            yield lines, image is not None
    finally:
        document.close()


def _lines(text_page: Any, n: int, page: int, pdfium_c: Any) -> Iterator[Line]:
    """Cut the characters of a page at its line breaks; a gap as wide as a character becomes a tab."""
    box = [ctypes.c_double() for _ in range(4)]
    pointers = [ctypes.byref(side) for side in box]
    pieces: list[str] = []
    edges: list[tuple[float, float, float, float]] = []
    waiting = ""  # a space that the library inferred from a gap
    for i in range(n + 1):
        code = pdfium_c.FPDFText_GetUnicode(text_page, i) if i < n else 10
        character = chr(code)
        if character in "\r\n":
            text = "".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
            if text and edges:
                left, right, bottom, top = np.array(edges).T
                height = float(np.percentile(top - bottom, 90))
                yield Line(
                    text, page, float(left[0]), float(right[-1]), float(bottom.min()), float(bottom.min()) + height
                )
            pieces, edges, waiting = [], [], ""
            continue
        if character.isspace():
            waiting = " "
            if pieces and not pdfium_c.FPDFText_IsGenerated(text_page, i):
                waiting = "  "
            continue
        pdfium_c.FPDFText_GetCharBox(text_page, i, *pointers)
        edge = (box[0].value, box[1].value, box[2].value, box[3].value)
        if pieces and waiting:
            pieces.append(_gap(waiting, pieces[-1], character, edge, edges[-1]))
        waiting = ""
        pieces.append("-" if character in "\xad\x02" else "" if code < 32 or code == 0xFFFE else character)
        edges.append(edge)


def _gap(waiting: str, before: str, after: str, edge: tuple[float, ...], last: tuple[float, ...]) -> str:
    """Write a gap: a tab where a character would fit in, nothing between Han characters set wide, else a space."""
    width = edge[0] - last[1]
    height = max(edge[3] - edge[2], last[3] - last[2], 1.0)
    if width > 2.5 * height:
        return "\t"
    is_inferred_in_han = waiting == " " and (count_han(before) or count_han(after))
    return "" if is_inferred_in_han and width < 0.8 * height else " "


def _without_furniture(pages: list[list[Line]]) -> list[Line]:
    """Drop page numbers, and what stands outermost at the head or foot of most pages, two lines deep."""
    for _ in range(2):
        borders = [_border(lines) for lines in pages]
        repeated = Counter(text for border in borders for text in {_bare(line) for line in border})
        needed = 2 if len(pages) == 2 else max(3, len(pages) // 2 + 1)
        furniture = {text for text, n in repeated.items() if n >= needed and len(text) <= 40}
        pages = [
            [line for line in lines if line not in border or not (_is_page_number(line) or _bare(line) in furniture)]
            for lines, border in zip(pages, borders, strict=True)
        ]
    return [line for lines in pages for line in lines]


def _border(lines: list[Line]) -> list[Line]:
    """Give the highest and the lowest line of a page that has more than those."""
    by_height = sorted(lines, key=lambda line: line.bottom)
    return [by_height[0], by_height[-1]] if len(lines) > 2 else []


def _is_page_number(line: Line) -> bool:
    return _PAGE_NUMBER.fullmatch(line.text.strip()) is not None


def _bare(line: Line) -> str:
    """Give a line without the page number at either end."""
    return re.sub(r"^[\d\s—–-]+|[\d\s—–-]+$", "", line.text)


def _paragraphs(lines: list[Line]) -> Iterator[str]:
    if not lines:
        return
    gaps = [a.bottom - b.bottom for a, b in pairwise(lines) if a.page == b.page]
    down = [gap for gap in gaps if gap > 1]
    usual = median(down) if down else 0.0
    margins = _margins(lines)
    indented = sum(line.left - left > line.size for line, (left, _) in zip(lines, margins, strict=True))
    indents = indented > 0.05 * len(lines)
    text = lines[0].text
    for a, b, (_, right), (left, _) in zip(lines, lines[1:], margins, margins[1:], strict=False):
        gap = a.bottom - b.bottom if a.page == b.page else 0.0
        is_full = a.right >= right - 1.8 * a.size
        is_start = b.left - left > 0.9 * b.size or gap > 1.45 * usual or abs(a.size - b.size) > 0.3 * a.size
        is_after_end = a.text[-1] in _ENDS_SENTENCE and (not indents or starts_numbered(b.text))
        if is_full and not is_start and not is_after_end and "\t" not in a.text and "\t" not in b.text:
            text += (" " if a.text[-1].isascii() and b.text[0].isascii() and a.text[-1].isalpha() else "") + b.text
        else:
            yield text
            text = b.text
    yield text


def _margins(lines: list[Line]) -> list[tuple[float, float]]:
    """Find for each line the edges of its column: those that several lines which begin near it reach."""
    left, right, size = (np.array([getattr(line, side) for line in lines]) for side in ("left", "right", "size"))
    known: dict[tuple[int, int], tuple[float, float]] = {}
    for i, line in enumerate(lines):
        key = (round(line.left), round(line.size))
        if key not in known:
            near = (np.abs(left - left[i]) < 3 * size[i]) & (np.abs(size - size[i]) < 0.3 * size[i])
            k = min(int(near.sum()) - 1, max(1, int(0.05 * near.sum())))
            known[key] = (float(np.sort(left[near])[k]), float(np.sort(right[near])[::-1][k]))
    return [known[round(line.left), round(line.size)] for line in lines]
