"""Codes that people gave, one row a unit and coder; how they come to one a unit; what stands beside them, looked up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.coding.codebook import Codebook
from burdenlab.messages import with_chinese
from burdenlab.tables import check_table, document_variables

__all__ = [
    "FINAL", "PLACE", "check_codes", "code_matrix", "count_hits", "document_keys", "final_codes", "known_themes",
]  # fmt: skip

FINAL = "final"
PLACE = ["doc_id", "sentence_id"]


def check_codes(codes: pd.DataFrame) -> list[str]:
    """Check the table ``codes`` and give its coders, sorted, without "final"."""
    check_table(codes, "codes")
    double = codes[codes.duplicated(["unit_id", "coder"])]
    if len(double):
        row = double.iloc[0]
        msg = f"codes holds unit {row['unit_id']} of coder {row['coder']!r} twice; keep one round, such as codes[codes['round'] == 2]."
        raise with_chinese(
            ValueError(msg), f"codes 中编码员 {row['coder']!r} 的单元 {row['unit_id']} 出现两次;请只取一轮。"
        )
    place = codes.drop_duplicates(["unit_id", *PLACE])
    if place["unit_id"].duplicated().any() or place.duplicated(PLACE).any():
        msg = "codes names a unit by two sentences, or a sentence by two units; put together codes of one sample only."
        raise with_chinese(ValueError(msg), "codes 中同一单元对应不同句子;请只合并同一样本的编码。")
    return sorted(set(codes["coder"]) - {FINAL})


def code_matrix(codes: pd.DataFrame, *, themes: Sequence[str]) -> pd.DataFrame:
    """Spread the themes of `codes` into a column each, 1.0 or 0.0, beside unit_id, doc_id, sentence_id, coder and move."""
    table = codes[["unit_id", *PLACE, "coder", "move"]].reset_index(drop=True)
    given = codes["themes"].str.get_dummies(";").reset_index(drop=True)
    return pd.concat([table, given.reindex(columns=list(themes), fill_value=0).astype("float64")], axis="columns")


def count_hits(places: pd.DataFrame, hits: pd.DataFrame, themes: Sequence[str]) -> npt.NDArray[np.float64]:
    """Count the rows of `hits` at each place (doc_id, sentence_id) for each theme; hits elsewhere are left out."""
    n_hits = hits[hits["theme"].isin(list(themes))].groupby([*PLACE, "theme"]).size().unstack("theme")
    at = pd.MultiIndex.from_frame(places[PLACE])
    return n_hits.reindex(columns=list(themes)).reindex(at).fillna(0).to_numpy(dtype=np.float64)


def final_codes(codes: pd.DataFrame, *, themes: Sequence[str], coder: str = FINAL) -> pd.DataFrame:
    """Bring the codes of each unit to one.

    Parameters
    ----------
    codes : DataFrame
        Table ``codes``, each coder once a unit.
    themes : sequence of str
    coder : str
        ``"final"``: the adjudicated codes where the unit has them, else what all its coders agree on; ``"agreed"``:
        what all agree on, adjudicated or not; else the name of a coder.

    Returns
    -------
    DataFrame
        One row a unit, sorted by unit_id: unit_id, doc_id, sentence_id, move ("" where coders differ), then a column a
        theme: 1.0, 0.0, or NaN where coders differ, so that the pair is left out. A unit that one person coded has
        that person's codes.

    Raises
    ------
    ValueError
        If there is no such coder, or `codes` holds a unit of a coder twice.

    Examples
    --------
    >>> rows = [("U1", "a.txt", 0, "A", 1, "x;y", "plan", ""), ("U1", "a.txt", 0, "B", 1, "x", "plan", "")]
    >>> codes = pd.DataFrame(rows, columns=["unit_id", "doc_id", "sentence_id", "coder", "round", "themes", "move", "note"])
    >>> final_codes(codes, themes=["x", "y"])[["x", "y"]].to_numpy().tolist()
    [[1.0, nan]]
    """
    coders = check_codes(codes)
    if coder not in (FINAL, "agreed", *coders):
        msg = f"coder={coder!r} is none of 'final', 'agreed', {coders}."
        raise with_chinese(ValueError(msg), f"coder={coder!r} 不存在;可用 'final'、'agreed' 或 {coders}。")
    units = code_matrix(codes, themes=themes)
    of_people = units[units["coder"] != FINAL]
    if coder not in (FINAL, "agreed"):
        chosen = of_people[of_people["coder"] == coder]
    else:
        by_unit = of_people.groupby(["unit_id", *PLACE], sort=True)
        low, high = by_unit[list(themes)].min(), by_unit[list(themes)].max()
        moves = by_unit["move"].agg(lambda m: m.iloc[0] if m.nunique() == 1 else "")
        chosen = low.where(low == high).assign(move=moves).reset_index()
        if coder == FINAL:
            adjudicated = units[units["coder"] == FINAL]
            chosen = pd.concat([adjudicated, chosen[~chosen["unit_id"].isin(adjudicated["unit_id"])]])
    columns = ["unit_id", *PLACE, "move", *themes]
    dtypes = dict.fromkeys(["unit_id", "doc_id", "move"], "str") | dict.fromkeys(themes, "float64")
    return chosen[columns].astype(dtypes | {"sentence_id": "int64"}).sort_values("unit_id", ignore_index=True)


def document_keys(
    documents: pd.DataFrame | None, keys: Sequence[str], table: pd.DataFrame, *, name: str = "sentences"
) -> pd.DataFrame:
    """Give doc_id and the variables `keys` of the documents that `table` is about, those with a missing value left out."""
    wanted = [key for key in keys if key != "doc_id"]
    units = document_variables(documents if wanted else None, wanted, table, name=name)
    return units[units["doc_id"].isin(table["doc_id"])].reset_index(drop=True)


def known_themes(codebook: Codebook, themes: Sequence[str] | None, *, argument: str = "themes") -> list[str]:
    """Give the themes asked for, in the order of the codebook; all where none are named."""
    if isinstance(themes, str):
        msg = f"{argument}={themes!r}; a sequence of theme ids is expected, such as [{themes!r}]."
        raise with_chinese(TypeError(msg), f"{argument}={themes!r} 应为主题标识的列表。")
    asked = set(codebook.themes if themes is None else themes)
    unknown = sorted(asked - set(codebook.themes))
    if unknown:
        msg = f"{argument} names {unknown}, which the codebook {codebook.name!r} lacks; it has {list(codebook.themes)}."
        raise with_chinese(ValueError(msg), f"{argument} 中的主题 {unknown} 不在编码本 {codebook.name!r} 里。")
    return [theme for theme in codebook.themes if theme in asked]
