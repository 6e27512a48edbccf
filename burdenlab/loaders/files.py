"""The files of a folder, each found once, and names that survive a table."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from burdenlab.messages import with_chinese

__all__ = ["Found", "Source", "escape_path", "find_files", "is_system_file", "unescape_path"]

Source = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


class Found(NamedTuple):
    """A file that was found: where it is, its name relative to the folder read (escaped), and why it is not opened."""

    path: Path
    name: str
    refused: str = ""


def find_files(source: Source) -> list[Found]:
    """Find every file of a folder, a single file, or a list of files, sorted by name.

    Links are not followed, and what is no regular file is not opened: both are listed with a reason.

    Raises
    ------
    FileNotFoundError
        If a path does not exist.
    ValueError
        If there is nothing to read.
    """
    if isinstance(source, (str, os.PathLike)):
        root = Path(source)
        if root.is_dir():
            found = [_look(path, root) for path in _walk(root)]
            if not found:
                raise with_chinese(
                    ValueError(f"the folder {root} holds no file; put reports into it, or name another folder."),
                    f"文件夹 {root} 里没有文件;请放入报告,或改用其他文件夹。",
                )
            return sorted(found, key=lambda file: file.name)
        paths, root = [root], root.parent
    else:
        paths = [Path(path) for path in source]
        if not paths:
            raise with_chinese(
                ValueError("source is an empty list; name at least one file."), "source 是空列表;请至少给出一个文件。"
            )
        root = Path(os.path.commonpath([path.absolute().parent for path in paths]))
        paths = [path.absolute() for path in paths]
    for path in paths:
        if not os.path.lexists(path):
            raise with_chinese(
                FileNotFoundError(f"{path} does not exist; name a folder, a file or a list of files."),
                f"{path} 不存在;请给出文件夹、文件或文件列表。",
            )
        if path.is_dir():
            msg = f"{path} is a folder inside a list; name one folder, or list its files."
            raise with_chinese(ValueError(msg), f"列表中的 {path} 是文件夹;请只给一个文件夹,或逐一列出文件。")
    return sorted({_look(path, root) for path in paths}, key=lambda file: file.name)


def _walk(root: Path) -> Iterator[Path]:
    with os.scandir(root) as entries:
        for entry in sorted(entries, key=lambda e: e.name):
            if entry.is_dir(follow_symlinks=False):
                try:
                    yield from _walk(Path(entry.path))
                except OSError:
                    yield Path(entry.path)
            else:
                yield Path(entry.path)


def _look(path: Path, root: Path) -> Found:
    name = escape_path(path.relative_to(root).as_posix())
    try:
        mode = path.lstat().st_mode
    except OSError:
        return Found(path, name, "unreadable")
    if stat.S_ISLNK(mode):
        return Found(path, name, "symlink")
    if stat.S_ISDIR(mode):
        return Found(path, name, "unreadable")
    if not stat.S_ISREG(mode):
        return Found(path, name, "not_regular")
    return Found(path, name)


def is_system_file(name: str) -> bool:
    """Whether a file of that name is hidden, a lock or a system's own, and no document."""
    return name.startswith((".", "~$")) or name in ("Thumbs.db", "desktop.ini")


def escape_path(path: str) -> str:
    r"""Write a file name so that every table can hold it; ``unescape_path`` gives it back.

    Bytes that are not UTF-8, control characters and the backslash itself become ``\xNN``.

    Examples
    --------
    >>> escape_path("a/报告.txt")
    'a/报告.txt'
    """
    escaped = []
    for character in path:
        if "\udc80" <= character <= "\udcff":
            escaped.append(f"\\x{ord(character) - 0xDC00:02x}")
        elif character < " " or character in "\x7f\\":
            escaped.append(f"\\x{ord(character):02x}")
        else:
            escaped.append(character)
    return "".join(escaped)


def unescape_path(path: str) -> str:
    r"""Undo ``escape_path``.

    Examples
    --------
    >>> unescape_path(escape_path("a\\b\n")) == "a\\b\n"
    True
    """

    def restore(match: re.Match[str]) -> str:
        value = int(match[1], 16)
        return chr(value + 0xDC00) if value >= 0x80 else chr(value)

    return re.sub(r"\\x([0-9a-f]{2})", restore, path)
