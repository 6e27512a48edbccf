"""The files inside a zip archive, within limits."""

from __future__ import annotations

import contextlib
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator

from burdenlab.loaders.files import escape_path
from burdenlab.loaders.limits import Limits
from burdenlab.loaders.quarantine import Quarantined

__all__ = ["members", "open_archive", "unpack"]

_PIECE = 1 << 20
# What zipfile raises for bytes that are no archive, found by fuzzing; NotImplementedError is a RuntimeError.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, LookupError, OSError, OverflowError,
    RuntimeError, ValueError,
)  # fmt: skip


def members(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes | Quarantined]]:
    """Yield each file of the archive, by name: its bytes, or why it is refused.

    Raises
    ------
    Quarantined
        If the archive as a whole is damaged or goes beyond a limit.
    """
    archive, entries = open_archive(data, limits)
    left = limits.file_bytes
    for entry in sorted(entries, key=_name):
        content = unpack(archive, entry, limits, left)
        left -= len(content) if isinstance(content, bytes) else 0
        yield escape_path(_name(entry)), content


def open_archive(data: bytes, limits: Limits) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    """Open an archive and list its files; raise Quarantined where it is damaged or declares too much."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except _DAMAGE as error:
        raise Quarantined("corrupt", f"the archive is damaged: {error}.", f"压缩包已损坏:{error}。") from error
    if len(entries) > limits.archive_members:
        raise Quarantined(
            "zip_bomb",
            *_bomb(
                f"{len(entries):,} files, at most {limits.archive_members:,}",
                f"含 {len(entries):,} 个文件,上限 {limits.archive_members:,}",
            ),
        )
    if sum(entry.file_size for entry in entries) > limits.file_bytes:
        raise Quarantined(
            "zip_bomb", *_bomb(f"more than {limits.file_bytes:,} bytes", f"展开后超过 {limits.file_bytes:,} 字节")
        )
    return archive, entries


def unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits, left: int) -> bytes | Quarantined:
    """Unpack one file piece by piece, to at most `left` bytes: the size that the header declares may be a lie."""
    limit = min(left, max(1_000_000, int(entry.compress_size * limits.archive_ratio)))
    if entry.flag_bits & 0x1:
        return Quarantined(
            "encrypted", "the member is protected by a password; unpack it first.", "该成员有密码保护;请先解压。"
        )
    if _name(entry).lower().endswith(".zip"):
        return Quarantined(
            "limit", "an archive inside an archive is not opened; unpack it first.", "不打开压缩包中的压缩包;请先解压。"
        )
    content = bytearray()
    try:
        with archive.open(entry) as stream:
            while piece := stream.read(_PIECE):
                content += piece
                if len(content) > limit:
                    raise Quarantined(
                        "zip_bomb",
                        *_bomb(
                            f"more than {limit:,} bytes from {entry.compress_size:,}",
                            f"由 {entry.compress_size:,} 字节展开到 {limit:,} 以上",
                        ),
                    )
    except _DAMAGE as error:
        return Quarantined("corrupt", f"the member is damaged: {error}.", f"该成员已损坏:{error}。")
    return bytes(content)


def _bomb(what: str, what_zh: str) -> tuple[str, str]:
    return (
        f"the archive unpacks to {what}; raise the Limits if that is right.",
        f"压缩包{what_zh};若属正常请提高 Limits。",
    )


def _name(entry: zipfile.ZipInfo) -> str:
    """Read the name as Chinese Windows wrote it: without the UTF-8 flag it is GBK, which zipfile took for code page 437."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    return name.replace("\\", "/").lstrip("/")
