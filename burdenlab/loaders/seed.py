"""The seed report: a reader's own copy, checked against its card."""

from __future__ import annotations

import hashlib
import os
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

from burdenlab.loaders.documents import read_documents
from burdenlab.loaders.project import project_path
from burdenlab.messages import with_chinese

__all__ = ["find_seed", "read_seed", "seed_card"]


def seed_card() -> dict[str, Any]:
    """Read what is known of the seed report: title, source, SHA-256, length, outline by level and move.

    Examples
    --------
    >>> seed_card()["n_characters"]
    2897
    """
    return tomllib.loads(project_path("seeds", "card.toml").read_text("utf-8"))


def find_seed() -> Path | None:
    """Find a reader's own copy of the seed in ``seeds/``, by its SHA-256; None where there is none.

    Examples
    --------
    >>> path = find_seed()
    >>> path is None or path.is_file()
    True
    """
    wanted = seed_card()["sha256"]
    for path in sorted(project_path("seeds").glob("*.txt")):
        if hashlib.sha256(path.read_bytes()).hexdigest() == wanted:
            return path
    return None


def read_seed(path: str | os.PathLike[str]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Read the reader's own copy of the seed report, after checking that it is the same, byte for byte.

    The project holds no text of others: it describes the seed (``seeds/``) so that whoever has it can check the
    numbers that the tests assert on it.

    Parameters
    ----------
    path : path
        Of the file.

    Returns
    -------
    documents, files, edits : DataFrame
        As ``read_documents`` gives them.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is another text; the message names both hashes.

    Examples
    --------
    >>> read_seed("seeds/no-such-file.txt")
    Traceback (most recent call last):
    FileNotFoundError: seed 'seeds/no-such-file.txt' does not exist; its source is named in seeds/card.toml.
    """
    file = Path(path)
    if not file.is_file():
        msg = f"seed {str(path)!r} does not exist; its source is named in seeds/card.toml."
        raise with_chinese(FileNotFoundError(msg), f"种子报告 {str(path)!r} 不存在;来源见 seeds/card.toml。")
    digest, wanted = hashlib.sha256(file.read_bytes()).hexdigest(), seed_card()["sha256"]
    if digest != wanted:
        msg = f"{str(path)!r} is not the seed: its SHA-256 is {digest}, the seed's is {wanted}. Read it by read_documents."
        raise with_chinese(
            ValueError(msg), f"{str(path)!r} 不是种子报告:SHA-256 为 {digest},应为 {wanted}。请改用 read_documents。"
        )
    return read_documents(file)
