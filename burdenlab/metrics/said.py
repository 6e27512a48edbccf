"""Numbers read aloud: a sentence in Chinese and one in English beside each row of a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from burdenlab.messages import reason_text

__all__ = ["Said", "add_said", "no_estimate", "not_measurable"]

Said = tuple[str, str]  # zh, en


def add_said(table: pd.DataFrame, say: Callable[[dict[str, Any]], Said]) -> pd.DataFrame:
    """Give a table the columns ``said_zh`` and ``said_en``: what `say` makes of each row.

    Examples
    --------
    >>> add_said(pd.DataFrame({"n": [2]}), lambda row: ("{n} 句".format(**row), "{n} sentences".format(**row))).values.tolist()
    [[2, '2 句', '2 sentences']]
    """
    said = [say(row) for row in table.to_dict("records")]
    columns = pd.DataFrame(said, columns=["said_zh", "said_en"], index=table.index, dtype="str")
    return table.assign(**columns)


def not_measurable(zh: str, en: str) -> Said:
    """Say that there is no number, and why.

    Examples
    --------
    >>> not_measurable("没有文本", "no text")[1]
    'Not measurable here: no text.'
    """
    return f"此处无法测量:{zh}。", f"Not measurable here: {en}."


def no_estimate(reason: str) -> Said:
    """Say why there is no number, from the codes of a table.

    Examples
    --------
    >>> no_estimate("n_zero")[1].startswith("Not measurable here: ")
    True
    """
    return not_measurable(reason_text(reason, "zh"), reason_text(reason, "en"))
