"""Where the notebooks, the demo and the seed card are, in a checkout and in an installed package."""

from __future__ import annotations

from pathlib import Path

__all__ = ["project_path"]

_PACKAGE = Path(__file__).resolve().parent.parent


def project_path(*parts: str) -> Path:
    """Give a path below the project: the checkout's top level, or the copy that an installed package carries.

    Examples
    --------
    >>> project_path("data", "demo", "metadata.csv").is_file()
    True
    """
    shared = _PACKAGE / "share"
    return (shared if shared.is_dir() else _PACKAGE.parent).joinpath(*parts)
