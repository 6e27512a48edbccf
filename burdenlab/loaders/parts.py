"""What a reader of a format makes of a file's bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Part", "Parts"]


@dataclass(frozen=True)
class Part:
    """One document of a file: what follows the file's name in its doc_id, its raw text, its variables."""

    suffix: str
    raw: str
    variables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Parts:
    """What a reader makes of a file: documents, how it was decoded, and warnings about the file."""

    parts: list[Part]
    encoding: str = ""
    confidence: float = float("nan")
    reasons: tuple[str, ...] = ()
    detail: tuple[str, str] = ("", "")
