"""How files are read, and what one may cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Limits", "Options"]


@dataclass(frozen=True)
class Limits:
    """What one file may cost; beyond it the file is quarantined with ``limit``, ``timeout`` or ``zip_bomb``.

    Attributes
    ----------
    file_bytes : int
        Size of a file, and of all that one archive unpacks to.
    seconds : float
        Time to read one file of a risky format (everything but plain text and csv), in a process of its own.
    memory_bytes : int
        Memory of that process. Linux enforces it; macOS and Windows have no such limit for a process and rely on the
        others.
    archive_members : int
        Files in one archive.
    archive_ratio : float
        Unpacked bytes per packed byte, once beyond 1 MB.
    """

    file_bytes: int = 200_000_000
    seconds: float = 30
    memory_bytes: int = 1_000_000_000
    archive_members: int = 5_000
    archive_ratio: float = 100


@dataclass(frozen=True)
class Options:
    """How files are read; see ``read_documents``."""

    encoding: str | None = None
    text_column: str | None = None
    limits: Limits = field(default_factory=Limits)
    titles: Mapping[str, Sequence[str]] = field(default_factory=dict)
