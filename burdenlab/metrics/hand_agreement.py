"""How far rules agree with hand codes: a table that is measured, for figures and pages to print from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import pandas as pd

from burdenlab.messages import Language, check_language, with_chinese

__all__ = ["hand_agreement", "said_agreement"]

_DTYPES = {
    **dict.fromkeys(["measure", "part", "documents", "statistic"], "str"), **dict.fromkeys(["value", "low", "high"], "float64"),
    **dict.fromkeys(["n_right", "n", "n_documents"], "Int64"), "reason": "str", "goal": "float64", "truth": "str",
}  # fmt: skip
_DOCUMENTS = {
    "held_out": ("在未参与调试的文件上", ", on documents not looked at"),
    "made_on": ("在用于调试的文件上", ", on those that the rules were made on"),
    "all": ("", ""),
}
_STATISTICS = {
    "precision": ("查准率", "precision"),
    "recall": ("查全率", "recall"),
    "agreement": ("一致", "agreement"),
    "kappa": ("κ", "κ"),
}


@cache
def _table() -> pd.DataFrame:
    with (files("burdenlab.metrics") / "hand_agreement.csv").open(encoding="utf-8") as file:
        table = pd.read_csv(file, dtype=_DTYPES)
    return table.fillna({"part": "", "reason": ""})


def hand_agreement() -> pd.DataFrame:
    """Give what the rules were worth against hand codes, and the coders against each other.

    Returns
    -------
    DataFrame
        One row a figure: ``measure`` (the function), ``part`` (of what it finds: a class, an element, a coverage; "" all together),
        ``documents`` ("held_out": not looked at while the rules were made; "made_on"; "all"), ``statistic`` (precision, recall,
        agreement, kappa; ``coders_…``: of two coders with each other), ``value`` in [0, 1], of kappa in [-1, 1]; ``low`` and
        ``high``, the 95 % interval; ``n_right`` of ``n`` cases (of kappa n alone), ``n_documents`` that were coded, ``reason``
        (as of ``agreement``), ``goal`` (where there is one; a measure below it is called experimental) and ``truth``, the file
        of hand codes in ``tests/metrics/truth``.

    Notes
    -----
    Written by ``python -m tests.make_agreement``; ``tests/test_agreement_table.py`` holds it against the rules of today.
    Rules are scored where two coders agree, which are the easier cases; subjects, and units of one coder, against one. The
    coders are language models: what both misread shows nowhere. Intervals of shares are Wilson's, which take cases of one
    document for independent and are too narrow where they are not; kappa has the bounds of ``agreement``: documents are
    resampled, or cases where too few documents have any.

    Examples
    --------
    >>> table = hand_agreement().set_index(["measure", "documents", "statistic"])
    >>> bool(table.loc[("burden_quantities_experimental", "held_out", "recall"), "value"] < 0.9)
    True
    """
    return _table().copy()


def said_agreement(
    measure: str, parts: str | Mapping[str, str] = "", *, documents: str = "held_out", lang: Language
) -> str:
    """Say how far an experimental measure agrees with hand codes; its figures and docstring hold this sentence.

    Parameters
    ----------
    measure : str
        As in ``hand_agreement``; what is said are the figures for which there is a goal.
    parts : str or mapping
        One part, or several with the label of each.
    documents : {"held_out", "made_on", "all"}
    lang : {"zh", "en"}

    Raises
    ------
    ValueError
        If there is no such figure.

    Examples
    --------
    >>> said_agreement("burden_quantities_experimental", lang="en")
    'Experimental: against hand codes, on documents not looked at, precision 0.81 (83 of 102), recall 0.81 (83 of 102); goal 0.90'
    """
    check_language(lang)
    labels = {parts: ""} if isinstance(parts, str) else parts
    table = _table()
    own = table[(table["measure"] == measure) & (table["documents"] == documents) & table["goal"].notna()]
    missing = set(labels) - set(own["part"])
    if missing:
        msg = f"measure={measure!r}, documents={documents!r}: no goal for {sorted(missing)}; hand_agreement() lists what there is."
        raise with_chinese(
            ValueError(msg), f"{measure!r} 没有 {sorted(missing)} 的一致性目标;现有的见 hand_agreement()。"
        )
    zh = lang == "zh"
    said = [f"{label} {_figures(own[own['part'] == part], zh)}".strip() for part, label in labels.items()]
    goal, where = f"{own['goal'].iloc[0]:.2f}", _DOCUMENTS[documents][not zh]
    if zh:
        return f"试验性：{where}与人工编码对照，{'、'.join(said)}；目标 {goal}"
    return f"Experimental: against hand codes{where}, {', '.join(said)}; goal {goal}"


def _figures(rows: pd.DataFrame, zh: bool) -> str:
    said = []
    for row in rows.itertuples():
        if pd.notna(row.n_right):
            cases = f"（{row.n_right}/{row.n}）" if zh else f" ({row.n_right} of {row.n})"
        elif pd.notna(row.low):
            cases = f"（95%：{row.low:.2f} 至 {row.high:.2f}）" if zh else f" (95%: {row.low:.2f} to {row.high:.2f})"
        else:
            cases = ""
        said.append(f"{_STATISTICS[row.statistic][not zh]} {row.value:.2f}{cases}")
    return ("、" if zh else ", ").join(said)
