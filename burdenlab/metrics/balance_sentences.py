"""Sentences that diagnose or remedy, and whether they tell of the cart, the horse, the road."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.messages import with_chinese
from burdenlab.metrics.balance_mappings import BalanceMapping, load_mapping
from burdenlab.tables import check_table, sentence_rows

__all__ = ["COUNTED", "SIDES", "TOLD", "Laid", "balance_sentences", "is_counted", "lay_out_themes", "relabel_codes"]

Flags = npt.NDArray[np.bool_]

# Column -> the side it stands on.
COUNTED = {
    "load": "diagnosis",
    "capacity": "diagnosis",
    "road": "diagnosis",
    "lighten": "remedy",
    "feed": "remedy",
    "mend": "remedy",
    "ritual": "remedy",
}
SIDES = ("load", "capacity", "lighten", "feed")  # what the ratios are made of
# Besides COUNTED: sentences with either side of a ratio, and all in the moves of a side.
TOLD = (*COUNTED, "told", "treated", "diagnosing", "remedying")
_PLACE = ["doc_id", "sentence_id"]
_CLOSED = r"[。！？!?；;：:…][”’\"』」）)]*\s*$"


def balance_sentences(
    hits: pd.DataFrame, sentences: pd.DataFrame, *, mapping: BalanceMapping | None = None
) -> pd.DataFrame:
    """Tell for each sentence that diagnoses or remedies what it tells of: the sentences behind every balance.

    Parameters
    ----------
    hits, sentences : DataFrame
        The tables of these names; of hits doc_id, sentence_id and theme suffice.
    mapping : BalanceMapping, optional
        The shipped one where left out, see ``load_mapping``.

    Returns
    -------
    DataFrame
        One row for each sentence in a move of either side, in the order of the text: ``doc_id``, ``sentence_id``, ``section_id``,
        ``side`` (diagnosis or remedy), ``themes`` (joined by ";", "" for none) and, True or False, ``load``, ``capacity``,
        ``road``, ``lighten``, ``feed``, ``mend``, ``ritual``. ``load`` and ``lighten`` hold the road where the mapping counts it
        with the cart; a sentence may tell of cart and horse. Headings that the mapping takes for no sentences are left out.

    Raises
    ------
    ValueError
        If `hits` has a theme that the mapping does not place, or a sentence that `sentences` lacks.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> told = balance_sentences(bl.find_hits(sentences, bl.load_codebook()), sentences)
    >>> sorted(told["side"].unique()), bool((told["load"] & told["lighten"]).any())
    (['diagnosis', 'remedy'], False)
    """
    mapping = mapping or load_mapping()
    laid = lay_out_themes(hits, sentences, mapping)
    told = laid.tell(mapping)
    kept = told["diagnosing"] | told["remedying"]
    rows = sentences.loc[kept, ["doc_id", "sentence_id", "section_id"]].assign(
        side=np.where(told["diagnosing"], "diagnosis", "remedy")[kept],
        themes=[";".join(laid.themes[has]) for has in laid.has[kept]],
        **{column: told[column][kept] for column in COUNTED},
    )
    return rows.astype({"side": "str", "themes": "str"}).sort_values(_PLACE, ignore_index=True)


def relabel_codes(codes: pd.DataFrame, *, mapping: BalanceMapping | None = None) -> pd.DataFrame:
    """Put the sides of the balance in the place of the themes that people coded.

    Against these codes ``score_codes`` measures the errors of exactly what is counted, moves and headings included; its table
    is what ``correct_balance`` takes.

    Parameters
    ----------
    codes : DataFrame
        Table ``codes``, with moves.
    mapping : BalanceMapping, optional
        That of ``balance_sentences``.

    Returns
    -------
    DataFrame
        `codes` with load, capacity, lighten, feed in ``themes``.

    Raises
    ------
    ValueError
        If a theme is not placed by the mapping.

    Examples
    --------
    >>> codes = relabel_codes(pd.read_csv("data/demo/codes.csv", dtype={"themes": "str"}, keep_default_na=False))
    >>> set(codes["themes"].str.split(";").explode()) <= {*SIDES, ""}
    True
    """
    mapping = mapping or load_mapping()
    check_table(codes, "codes")
    themes = codes["themes"].str.split(";")
    _check_placed(themes.explode().loc[lambda theme: theme != ""], mapping)
    wanted, moves = mapping.columns, {side: getattr(mapping, COUNTED[side]).moves for side in SIDES}
    labels = [
        ";".join(side for side in SIDES if move in moves[side] and set(wanted[side]) & set(of_sentence))
        for of_sentence, move in zip(themes, codes["move"], strict=True)
    ]
    return codes.assign(themes=pd.Series(labels, index=codes.index, dtype="str"))


class Laid(NamedTuple):
    """Sentences with their themes, laid out once for any mapping."""

    sentences: pd.DataFrame
    themes: pd.Index
    has: Flags  # (sentences, themes)
    counted: dict[str, Flags]  # by what a mapping says of headings

    def where(self, kept: Flags) -> Laid:
        """Give some of the sentences."""
        counted = {headings: which[kept] for headings, which in self.counted.items()}
        return Laid(self.sentences[kept], self.themes, self.has[kept], counted)

    def tell(self, mapping: BalanceMapping) -> dict[str, Flags]:
        """Tell which sentences count in each column of ``TOLD``."""
        move, counted = self.sentences[mapping.move].to_numpy(dtype=object), self.counted[mapping.headings]
        diagnosing, remedying = (counted & np.isin(move, s.moves) for s in (mapping.diagnosis, mapping.remedy))
        on = {"diagnosis": diagnosing, "remedy": remedying}
        column = {theme: i for i, theme in enumerate(self.themes)}
        told = {
            name: on[COUNTED[name]] & self.has[:, [column[theme] for theme in themes]].any(axis=1)
            for name, themes in mapping.columns.items()
        }
        either = {"told": told["load"] | told["capacity"], "treated": told["lighten"] | told["feed"]}
        return {**told, **either, "diagnosing": diagnosing, "remedying": remedying}


def lay_out_themes(hits: pd.DataFrame, sentences: pd.DataFrame, mapping: BalanceMapping) -> Laid:
    """Lay out which sentence has which of the themes that a mapping places.

    Raises
    ------
    ValueError
        Unless `hits` names sentences of `sentences`, and themes that the mapping places.
    """
    check_table(sentences, "sentences")
    missing = [column for column in (*_PLACE, "theme") if column not in hits.columns]
    if missing:
        msg = f"hits lacks column(s) {missing}; it has {list(hits.columns)}. Counts do not do: they do not tell which themes share a sentence."
        raise with_chinese(ValueError(msg), f"hits 缺少列 {missing}。计数表不能代替:看不出哪些主题同在一句。")
    _check_placed(hits["theme"], mapping)
    at = sentence_rows(hits, sentences, name="hits")
    themes = pd.Index(sorted(mapping.placed))
    has = np.zeros((len(sentences), len(themes)), dtype=bool)
    has[at, themes.get_indexer(hits["theme"])] = True
    counted = {headings: is_counted(sentences, headings) for headings in ("closed", "all", "none")}
    return Laid(sentences, themes, has, counted)


def is_counted(sentences: pd.DataFrame, headings: str) -> Flags:
    """Tell which sentences count: all that are no headings, and of headings those that the mapping takes for sentences.

    A heading that ends like a sentence (run-in headings do) is one; a line of its own without an end mark is a title.

    Examples
    --------
    >>> table = pd.DataFrame({"text": ["一、问题", "1.任务繁重。", "人手不足。"], "is_heading": [True, True, False]})
    >>> is_counted(table, "closed").tolist()
    [False, True, True]
    """
    heading = sentences["is_heading"].to_numpy()
    if headings == "all":
        return np.ones(len(sentences), dtype=bool)
    if headings == "none":
        return ~heading
    return ~heading | sentences["text"].str.contains(_CLOSED, regex=True).to_numpy(dtype=bool)


def _check_placed(themes: pd.Series, mapping: BalanceMapping) -> None:
    if strange := sorted(set(themes) - mapping.placed):
        msg = (
            f"the mapping {mapping.label} does not place the theme {strange[0]!r}; write it into a role of both sides ('aside' "
            "for neither) of a copy of burdenlab/metrics/balance.toml, and pass load_mapping(path)."
        )
        raise with_chinese(
            ValueError(msg),
            f"映射 {mapping.label} 没有安排主题 {strange[0]!r};请在 burdenlab/metrics/balance.toml 的副本里把它写入两边的某个角色(不计的写 aside),再用 load_mapping(path) 传入。",
        )
