"""What functions are asked for, checked: themes of the codebook, sentences of the corpus."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.coding.codebook import Codebook
from burdenlab.messages import with_chinese

__all__ = ["known_themes", "sentence_rows"]


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


def sentence_rows(sentences: pd.DataFrame, places: pd.DataFrame, argument: str) -> npt.NDArray[np.int64]:
    """Give for each row of a table with doc_id and sentence_id its row in `sentences`, and refuse what is not there."""
    by = ["doc_id", "sentence_id"]
    row = pd.MultiIndex.from_frame(sentences[by]).get_indexer(pd.MultiIndex.from_frame(places[by]))
    if (row < 0).any():
        lost = places[row < 0].iloc[0]
        msg = f"{argument} names sentence {lost['sentence_id']} of {lost['doc_id']!r}, which sentences lacks; pass tables of the same corpus."
        raise with_chinese(
            ValueError(msg), f"{argument} 中 {lost['doc_id']!r} 的第 {lost['sentence_id']} 句不在 sentences 里。"
        )
    return row
