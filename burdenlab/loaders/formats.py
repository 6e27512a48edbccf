"""Bytes to raw text, a function a format, chosen by what the bytes say."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from burdenlab.loaders.docx import read_docx
from burdenlab.loaders.encodings import decode
from burdenlab.loaders.html import read_html, read_tmx
from burdenlab.loaders.limits import Options
from burdenlab.loaders.mojibake import check_text
from burdenlab.loaders.office import OFFICE_FORMATS, read_office
from burdenlab.loaders.parts import Part, Parts
from burdenlab.loaders.pdf import read_pdf
from burdenlab.loaders.quarantine import Quarantined
from burdenlab.loaders.tabular import read_delimited, read_parquet, read_workbook

__all__ = ["FORMATS", "SAFE_FORMATS", "read_parts", "sniff"]

# Read where the caller is; every other format is parsed in a process of its own.
SAFE_FORMATS = ("text", "table")


def sniff(data: bytes, name: str) -> str:
    """Tell the format from the bytes; the name only tells kinds of text apart.

    Examples
    --------
    >>> sniff(b"%PDF-1.7", "report.txt")
    'pdf'
    """
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return _kind_of_zip(data) if kind == "zip" else _kind_of_ole(data) if kind == "ole" else kind
    head = _ascii(data[:4096])
    if _MHTML.match(head):
        return "html"
    if _MARKUP.match(head):
        return "html"
    if head.lstrip().startswith("<?xml"):
        return "tmx" if "<tmx" in head else "xml"
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in (".html", ".htm") and _TAG.search(head):
        return "html"
    return "table" if suffix in (".csv", ".tsv") else "text"


_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    *((magic, "image") for magic in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM\xff")),
    *(
        (magic, "binary")
        for magic in (
            b"\x7fELF",
            b"MZ\x90",
            b"\x1f\x8b",
            b"SQLite format 3",
            b"Rar!",
            b"7z\xbc\xaf",
            b"\xca\xfe\xba\xbe",
        )
    ),
)
_MHTML = re.compile(r"(?:[\w-]+: [^\n]*\n)*?mime-version:", re.IGNORECASE)
_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<(?:p|div|br|span|table|meta|title)\b", re.IGNORECASE)


def _ascii(data: bytes) -> str:
    """Show the ASCII of a head in any encoding: markup is ASCII, in UTF-16 with zero bytes between."""
    return data.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").decode("ascii", "replace")


def _kind_of_zip(data: bytes) -> str:
    """Office files are archives; their directory, at the end of the file, names what is inside."""
    for mark, kind in ((b"xl/workbook", "xlsx"), (b"word/", "docx"), (b"opendocument.text", "odt"), (b"ppt/", "other")):
        if mark in data:
            return kind
    return "zip"


def _kind_of_ole(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "encrypted"
    return "xls" if "Workbook".encode("utf-16-le") in data and "WordDocument".encode("utf-16-le") not in data else "doc"


def read_parts(data: bytes, kind: str, options: Options) -> Parts:
    """Read the documents of a file of the format `kind`; raise Quarantined where there are none to count."""
    if kind in FORMATS:
        return FORMATS[kind](data, options)
    if kind in OFFICE_FORMATS:
        return read_office(data, kind, options)
    if kind == "encrypted":
        raise Quarantined(
            "encrypted",
            "the office file is protected by a password; save a copy without.",
            "办公文件有密码保护;请另存无密码的副本。",
        )
    code = "binary_content" if kind in ("binary", "image") else "unsupported"
    raise Quarantined(
        code,
        f"files of the kind {kind!r} are not read; save it as text (UTF-8), docx, csv or xlsx.",
        f"不读取 {kind!r} 类文件;请另存为文本(UTF-8)、docx、csv 或 xlsx。",
    )


def _read_text(data: bytes, options: Options) -> Parts:
    decoded = check_text(decode(data, encoding=options.encoding))
    return Parts([Part("", decoded.text)], decoded.encoding, decoded.confidence, decoded.reasons)


FORMATS: dict[str, Callable[[bytes, Options], Parts]] = {
    "text": _read_text,
    "table": read_delimited,
    "xlsx": read_workbook,
    "xls": read_workbook,
    "parquet": read_parquet,
    "html": read_html,
    "tmx": read_tmx,
    "docx": read_docx,
    "pdf": read_pdf,
}
