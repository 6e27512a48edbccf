"""Tables to CSV that Excel opens in Chinese and never runs."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from burdenlab.tables import defuse

__all__ = ["save_table", "write_whole"]


def save_table(table: pd.DataFrame, path: str | os.PathLike[str], *, note: str = "") -> Path:
    """Write a table as CSV in UTF-8 with a byte-order mark, so that Excel shows Chinese.

    A text cell that a spreadsheet would run as a formula (it starts with = + - @, tab or return) gets an apostrophe in
    front. Equal tables give equal bytes.

    Parameters
    ----------
    table : DataFrame
    path : path
        The suffix ``.csv`` is added where it lacks one; folders are made.
    note : str
        Fills a last column ``note``, for what every reader of the table has to know.

    Returns
    -------
    Path
        Of the file written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_table(pd.DataFrame({"a": ["=1+1"]}), f"{folder}/t").read_text("utf-8-sig").split()
    ['a', "'=1+1"]
    """
    path = Path(path)
    path = path if path.suffix == ".csv" else path.with_name(path.name + ".csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    table = defuse(table)
    table = table.assign(note=note) if note else table
    write_whole(path, table.to_csv(index=False, lineterminator="\n").encode("utf-8-sig"))
    return path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file under another name and then rename it, so that a half-written one is never taken for a whole one."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    part.replace(path)
