"""One file to its documents and its fate."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from burdenlab.loaders.archives import members
from burdenlab.loaders.characters import count_han
from burdenlab.loaders.cleaning import Cleaned, clean
from burdenlab.loaders.compilations import split_part
from burdenlab.loaders.files import is_system_file
from burdenlab.loaders.formats import read_parts, sniff
from burdenlab.loaders.limits import Limits, Options
from burdenlab.loaders.noise import present_share
from burdenlab.loaders.parts import Part, Parts
from burdenlab.loaders.quarantine import Quarantined
from burdenlab.loaders.trust import check_trust, script_warning
from burdenlab.tables import TABLES

__all__ = ["Result", "facts", "join_codes", "quarantined", "read_file", "skipped"]


@dataclass
class Result:
    """Rows of the tables files, documents and edits that one file gives; plain values that JSON takes."""

    files: list[dict[str, Any]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)
    edits: list[list[Any]] = field(default_factory=list)


def read_file(path: Path, name: str, options: Options) -> Result:
    """Read a file; what becomes of it depends on nothing but its bytes, its name and the options.

    An archive gives a row for itself and one for each of its members, ``a.zip!/b.docx``.
    """
    try:
        data = _bytes_of(path, options.limits)
    except Quarantined as refused:
        return quarantined(name, refused, size=_size(path))
    kind = sniff(data, name)
    if kind != "zip":
        return _read_data(data, kind, name, options)
    result = skipped(name, "archive", size=len(data), kind="zip")
    try:
        for member, content in members(data, options.limits):
            inner = f"{name}!/{member}"
            if isinstance(content, Quarantined):
                part = quarantined(inner, content)
            elif is_system_file(base := PurePosixPath(member).name) or base.startswith("__MACOSX"):
                part = skipped(inner, "system_file", size=len(content))
            else:
                part = _read_data(content, sniff(content, member), inner, options)
            result.files += part.files
            result.documents += part.documents
            result.edits += part.edits
    except Quarantined as refused:  # the archive itself, whatever came before
        return quarantined(name, refused, size=len(data), kind="zip")
    return result


def quarantined(name: str, why: Quarantined, *, size: int | None = None, kind: str = "") -> Result:
    """Give the result of a file that is refused."""
    said = {"reasons": why.code, "detail": why.detail, "detail_zh": why.detail_zh}
    return Result([_row(name, state="quarantined", bytes=size, format=kind, **said)])


def skipped(name: str, reason: str, *, size: int | None = None, kind: str = "") -> Result:
    """Give the result of a file that is no document."""
    return Result([_row(name, state="skipped", reasons=reason, bytes=size, format=kind)])


def _row(name: str, **known: Any) -> dict[str, Any]:
    unknown = {"state": "counted", "reasons": "", "detail": "", "detail_zh": "", "n_documents": 0, "bytes": None}
    return {"path": name, **unknown, "format": "", "encoding": "", "encoding_confidence": None, **known}


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _bytes_of(path: Path, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise Quarantined(
                "limit",
                f"{size:,} bytes; at most {limits.file_bytes:,} are read. Raise Limits(file_bytes=…) to have it.",
                f"{size:,} 字节,超过上限 {limits.file_bytes:,};可用 Limits(file_bytes=…) 提高上限。",
            )
        data = path.read_bytes()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Quarantined("unreadable", f"it cannot be opened: {why}.", f"无法打开:{why}。") from error
    return data


def _read_data(data: bytes, kind: str, name: str, options: Options) -> Result:
    try:
        if not data:
            raise Quarantined("empty", "the file has 0 bytes.", "文件为 0 字节。")
        parts = read_parts(data, kind, options)
        digest = hashlib.sha256(data).hexdigest()
        pieces = [piece for part in parts.parts for piece in split_part(part, name, options.titles)]
        made = [_document(piece, name, digest, is_alone=len(pieces) == 1) for piece in pieces]
        return _counted(parts, made, _row(name, bytes=len(data), format=kind))
    except Quarantined as refused:
        return quarantined(name, refused, size=len(data), kind=kind)


def _counted(parts: Parts, made: list[tuple[dict[str, Any], list[list[Any]]] | None], file: dict[str, Any]) -> Result:
    """Put the documents of one file together; a row of a table without text is left out and told."""
    kept = [one for one in made if one is not None]
    if not kept:
        raise Quarantined("empty", "no text is left after cleaning.", "清理后没有文字。")
    reasons, (detail, detail_zh) = list(parts.reasons), parts.detail
    if len(kept) < len(made):
        reasons.append("row_errors")
        detail += f" {len(made) - len(kept)} row(s) hold no text, or none that can be trusted, and are left out."
        detail_zh += f"有 {len(made) - len(kept)} 行没有文字或文字不可信,未计入。"
    documents = [document for document, _ in kept]
    if len(made) == 1:
        for document in documents:
            document["warnings"] = join_codes([*reasons, *str(document["warnings"]).split(";")])
    told = join_codes([*reasons, *(code for d in documents for code in str(d["warnings"]).split(";"))])
    confidence = None if parts.confidence != parts.confidence else parts.confidence
    file |= {
        "state": "warned" if told else "counted", "reasons": told, "detail": detail.strip(), "detail_zh": detail_zh,
        "n_documents": len(documents), "encoding": parts.encoding, "encoding_confidence": confidence,
    }  # fmt: skip
    return Result([file], documents, [edit for _, edits in kept for edit in edits])


def _document(part: Part, name: str, digest: str, *, is_alone: bool) -> tuple[dict[str, Any], list[list[Any]]] | None:
    doc_id = name + part.suffix
    cleaned = clean(part.raw)
    if not cleaned.text.strip():
        return None
    try:
        check_trust(cleaned.text)
    except Quarantined:
        if is_alone:
            raise
        return None  # one row of a table does not cost the others
    document: dict[str, Any] = {
        "doc_id": doc_id,
        "title": _title(cleaned.text) or PurePosixPath(doc_id).stem,
        **facts(part.raw, cleaned),
        "path": name,
        "sha256": digest,
    }
    for variable, value in part.variables.items():
        if variable == "title" and isinstance(value, str) and value:
            document["title"] = value
        elif variable != "title":
            document[f"meta_{variable}" if variable in TABLES["documents"] else variable] = value
    return document, [[doc_id, *edit] for edit in cleaned.edits]


def facts(raw: str, cleaned: Cleaned) -> dict[str, Any]:
    """Give the columns of a document that follow from its raw text and the edits to it."""
    return {
        "text": cleaned.text,
        "n_han": count_han(cleaned.text),
        "truncated": "truncated" in cleaned.warnings,
        "kept_share": len(cleaned.text) / len(raw),
        "present_share": present_share(raw, cleaned.text),
        "warnings": join_codes([*cleaned.warnings, *script_warning(cleaned.text)]),
    }


_NO_TITLE = re.compile(r"[。；;，,：:！!？?]$|^[一二三四五六七八九十]+、|^[（(]|^第[一二三四五六七八九十]+[章条]|^#")


def _title(text: str) -> str:
    """Take the first line where it looks like a title: short, Chinese, not a sentence and not a heading."""
    first = next(_lines(text), "")
    is_title = len(first) <= 60 and count_han(first) >= 4 and not _NO_TITLE.search(first)
    return first if is_title else ""


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.split("\n") if line.strip())


def join_codes(codes: Iterable[str]) -> str:
    """Join reason codes by ';', each once, in order."""
    return ";".join(dict.fromkeys(code for code in codes if code))
