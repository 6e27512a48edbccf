"""Word files to text as a reader of the page sees it.

Own code, because no library tried restores the numbers of headings (一、 (一) 1.), and python-docx loses tracked
insertions, text boxes and whatever follows a broken relationship.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterator

from lxml import etree

from burdenlab.loaders.archives import open_archive, unpack
from burdenlab.loaders.html import message_text, visible_text
from burdenlab.loaders.limits import Options
from burdenlab.loaders.numbering import Element, Numbering, attribute, child, children, local
from burdenlab.loaders.parts import Part, Parts
from burdenlab.loaders.quarantine import Quarantined

__all__ = ["read_docx"]

_PARAGRAPHS = 200_000  # of which a file may have no more; a book has 5,000
# What holds no text of the page: deleted and moved-away text, the reading of a ruby, field codes, alternatives.
_SILENT = frozenset(
    (
        "del",
        "moveFrom",
        "rt",
        "delText",
        "instrText",
        "delInstrText",
        "Fallback",
        "rPr",
        "pPr",
        "sectPr",
        "tblPr",
        "trPr",
        "tcPr",
    )
)
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_docx(data: bytes, options: Options) -> Parts:
    """Read a docx file: paragraphs with their numbers, tables with tabs between cells, text boxes, then the notes.

    Tracked insertions are in, deletions out; headers, footers, comments, hidden text and the table of contents are
    left out. An embedded document (altChunk) stands where it is embedded.
    """
    document = _Document(data, options)
    lines = list(document.lines())
    notes = list(document.notes())
    return Parts([Part("", "\n".join([*lines, *notes]))], reasons=("hidden_text",) if document.hid_text else ())


class _Document:
    """One file while it is read: numbers run on, notes are collected."""

    def __init__(self, data: bytes, options: Options) -> None:
        self._limits = options.limits
        self._archive, entries = open_archive(data, self._limits)
        self._entries = {entry.filename.replace("\\", "/").lstrip("/"): entry for entry in entries}
        self._main = self._find_main()
        styles = self._parse(self._beside("styles.xml"))
        self._numbering = Numbering(self._parse(self._beside("numbering.xml")), styles)
        self._hidden_styles = {
            attribute(style, "styleId") for style in children(styles, "style") if _is_on(child(style, "rPr"), "vanish")
        }
        self._contents_styles = {
            attribute(style, "styleId")
            for style in children(styles, "style")
            if (attribute(child(style, "name")) or "").lower().startswith(("toc ", "table of figures"))
        }
        self._notes: list[tuple[str, str]] = []
        self._paragraphs = 0
        self._carried = ""
        self.hid_text = False

    def lines(self) -> Iterator[str]:
        """Yield the lines of the body."""
        raw = self._read(self._main)
        if raw is None:
            raise _damaged("word/document.xml")
        for block in _blocks(raw, self._main):
            yield from self._block(block)
        if self._carried:
            yield self._carried

    def notes(self) -> Iterator[str]:
        """Yield the foot- and endnotes in the order in which the body refers to them."""
        for part in ("footnote", "endnote"):
            wanted = [key for kind, key in self._notes if kind == part]
            root = self._parse(self._beside(f"{part}s.xml")) if wanted else None
            notes = {attribute(note, "id"): note for note in children(root, part)}
            for key in dict.fromkeys(wanted):
                for block in notes.get(key, ()):
                    yield from self._block(block)

    def _find_main(self) -> str:
        relations = self._parse("_rels/.rels")
        for relation in () if relations is None else relations:
            target = (relation.get("Target") or "").lstrip("/")
            if (relation.get("Type") or "").endswith("/officeDocument") and target in self._entries:
                return target
        return "word/document.xml"

    def _beside(self, name: str) -> str:
        return posixpath.join(posixpath.dirname(self._main), name)

    def _read(self, name: str) -> bytes | None:
        if name not in self._entries:
            return None
        content = unpack(self._archive, self._entries[name], self._limits, self._limits.file_bytes)
        if isinstance(content, Quarantined):
            raise content
        return content

    def _parse(self, name: str) -> Element | None:
        """Parse a part that the text can do without: what is missing or damaged counts as absent."""
        raw = self._read(name)
        if raw is None:
            return None
        _refuse_doctype(raw, name)
        try:
            return etree.fromstring(raw, _parser())
        except etree.XMLSyntaxError:
            return None

    def _block(self, block: Element) -> Iterator[str]:
        """Yield the lines of a paragraph, a table, or what wraps them."""
        kind = local(block)
        if kind == "p":
            yield from self._paragraph(block)
        elif kind == "tbl":
            for row in block.iter():
                if local(row) == "tr" and _ancestor(row, "tbl") is block:
                    yield from self._row(row)
        elif kind == "altChunk":
            yield from self._embedded(attribute(block, "id"))
        elif kind == "sdt" and attribute(_find(block, "docPartGallery")) == "Table of Contents":
            return
        elif kind not in _SILENT:
            for inner in block:
                yield from self._block(inner)

    def _paragraph(self, paragraph: Element) -> Iterator[str]:
        self._paragraphs += 1
        if self._paragraphs > _PARAGRAPHS:
            raise Quarantined(
                "limit",
                f"the document has more than {_PARAGRAPHS:,} paragraphs; save its text as txt.",
                f"文稿超过 {_PARAGRAPHS:,} 段;请另存为 txt。",
            )
        properties = child(paragraph, "pPr")
        if attribute(child(properties, "pStyle")) in self._contents_styles:
            return
        boxes: list[Element] = []
        text = self._carried + "".join(self._pieces(paragraph, boxes))
        self._carried = ""
        if child(child(properties, "rPr"), "del") is not None:  # its end is deleted: it goes on in the next one
            self._carried = text
            return
        if boxes and not text.strip():
            text = ""
        elif text.strip():
            label = self._numbering.label(properties)
            # 1. before 2023年 would read 1.2023
            text = label + (" " if label[-1:] in ".．" and text[:1].isdigit() else "") + text if label else text
        if text or not boxes:
            yield from text.split("\n")
        for box in boxes:
            for block in box:
                yield from self._block(block)

    def _pieces(self, element: Element, boxes: list[Element]) -> Iterator[str]:
        """Yield the text inside a paragraph; text boxes are put aside, to follow it."""
        for inner in element:
            kind = local(inner)
            if kind == "t":
                yield inner.text or ""
            elif kind in _SIGNS:
                yield _SIGNS[kind]
            elif kind == "txbxContent":
                boxes.append(inner)
            elif kind in ("footnoteReference", "endnoteReference"):
                self._notes.append((kind.removesuffix("Reference"), attribute(inner, "id") or ""))
            elif kind == "r" and self._is_hidden(inner):
                self.hid_text = self.hid_text or bool("".join(inner.itertext()).strip())
            elif kind not in _SILENT and not (kind == "AlternateContent" and self._choice(inner, boxes)):
                yield from self._pieces(inner, boxes)

    def _choice(self, alternatives: Element, boxes: list[Element]) -> bool:
        """Take a drawing's text boxes from its first version that has any; the second one is for old programs."""
        found = next((b for b in ([e for e in v.iter() if local(e) == "txbxContent"] for v in alternatives) if b), [])
        boxes += [box for box in found if _ancestor(box, "txbxContent") is None]
        return bool(found)

    def _is_hidden(self, run: Element) -> bool:
        properties = child(run, "rPr")
        return _is_on(properties, "vanish") or (
            child(properties, "vanish") is None and attribute(child(properties, "rStyle")) in self._hidden_styles
        )

    def _row(self, row: Element) -> Iterator[str]:
        cells = [e for e in row.iter() if local(e) == "tc" and _ancestor(e, "tr") is row]
        inside = [[line for block in cell for line in self._block(block)] for cell in cells]
        filled = [lines for lines in inside if any(line.strip() for line in lines)]
        if len(filled) <= 1:  # a frame around text, not a table
            yield from (line for lines in filled for line in lines)
        else:
            yield "\t".join(" ".join(line.strip() for line in lines if line.strip()) for lines in inside)

    def _embedded(self, key: str | None) -> Iterator[str]:
        relations = self._parse(self._beside(f"_rels/{posixpath.basename(self._main)}.rels"))
        for relation in () if relations is None else relations:
            if relation.get("Id") != key or relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target") or ""
            name = target.lstrip("/") if target.startswith("/") else posixpath.normpath(self._beside(target))
            raw = self._read(name)
            if raw is not None and raw.startswith(b"PK") and name != self._main:
                yield from read_docx(raw, Options(limits=self._limits)).parts[0].raw.split("\n")
            elif raw is not None:
                text = message_text(raw) if name.endswith((".mht", ".mhtml")) else visible_text(raw)
                yield from text.split("\n")


def _refuse_doctype(raw: bytes, name: str) -> None:
    """Raise Quarantined where XML declares a document type: office files never do, attacks do."""
    if b"<!DOCTYPE" in raw[:100_000].replace(b"\x00", b""):
        raise Quarantined(
            "xml_entity",
            f"{name} declares a document type (DTD), which no office program writes; it is not opened.",
            f"{name} 含文档类型声明(DTD),办公软件不会写入,未打开。",
        )


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _blocks(raw: bytes, name: str) -> Iterator[Element]:
    """Yield the children of the body one by one, and forget each: a large file needs little memory."""
    _refuse_doctype(raw, name)
    depth = 0
    parsing = etree.iterparse(
        io.BytesIO(raw), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        for event, element in parsing:
            if event == "start":
                depth += 1
                continue
            depth -= 1
            if depth == 2:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise _damaged(str(error)) from error


def _damaged(what: object) -> Quarantined:
    return Quarantined(
        "corrupt",
        f"the Word file is damaged ({what}); open it in Word and save it again.",
        f"Word 文件已损坏({what});请在 Word 中打开后重新保存。",
    )


def _is_on(properties: Element | None, name: str) -> bool:
    found = child(properties, name)
    return found is not None and (attribute(found) or "1") not in ("0", "false", "off")


def _find(element: Element, name: str) -> Element | None:
    return next((e for e in element.iter() if local(e) == name), None)


def _ancestor(element: Element, name: str) -> Element | None:
    return next((e for e in element.iterancestors() if local(e) == name), None)
