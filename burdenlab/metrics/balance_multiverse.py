"""The mismatch under every plausible mapping of themes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.metrics.balance import MINIMUM
from burdenlab.metrics.balance_counts import SIGNS, check_variables, log_ratio
from burdenlab.metrics.balance_mappings import BalanceMapping, load_mapping, plausible_mappings
from burdenlab.metrics.balance_sentences import SIDES, check_hits, is_counted
from burdenlab.metrics.estimates import Groups, group_cells
from burdenlab.metrics.theme_counts import count_text, lay_out, leave_out
from burdenlab.tables import check_table

__all__ = ["mismatch_mappings"]

Counts = npt.NDArray[np.int64]

_NUMBERS = ("estimate", "load_capacity", "remedy_orientation")
_COUNTS = ("n_load", "n_capacity", "n_lighten", "n_feed", "n_told", "n_treated")


def mismatch_mappings(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    mapping: BalanceMapping | None = None,
    by: str | Sequence[str] | None = None,
    documents: pd.DataFrame | None = None,
    minimum: int = MINIMUM,
    exclude: pd.DataFrame | Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    """Mismatch under every combination of a mapping's choices, and the share of them under which its sign holds.

    Parameters
    ----------
    hits, sentences, documents, minimum, exclude
        As for ``mismatch``.
    mapping : BalanceMapping, optional
        Its ``choices`` are combined; those of the shipped mapping where left out.
    by : str, list of str or None
        As for ``mismatch``; all documents together by default.

    Returns
    -------
    DataFrame
        One row for each combination of `by` and mapping, the mapping itself first; mappings that come to the same sets of themes, moves and
        sentences are one. The keys, ``is_main``, a column ``choice_…`` for each choice with the option taken, ``estimate``,
        ``load_capacity``, ``remedy_orientation`` (doublings), ``reason`` (as of ``mismatch``), ``n_load``, ``n_capacity``,
        ``n_lighten``, ``n_feed``, ``n_told``, ``n_treated`` (sentences), and, the same in all rows of a group, ``share_same_sign`` (of the mappings with an estimate,
        those with the sign of the first; NaN where the first has none or is 0), ``n_mappings`` (with an estimate).

    Raises
    ------
    ValueError
        As ``mismatch``.

    Notes
    -----
    Plausible mappings are no sample of anything: the share is no probability, and every mapping counts the same however likely it is. A sign
    that holds under nearly all is not an artefact of the mapping; it may be one of the dictionary (``correct_balance``). Steegen et al. (2016),
    doi:10.1177/1745691616658637; Simonsohn, Simmons & Nelson (2020), doi:10.1038/s41562-020-0912-z.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> under = mismatch_mappings(bl.find_hits(sentences, bl.load_codebook()), sentences)
    >>> len(under), bool(under.loc[0, "is_main"])
    (576, True)
    """
    mapping = mapping or load_mapping()
    keys = check_variables(by, None, taken=(*_NUMBERS, *_COUNTS, "is_main", "share_same_sign", "n_mappings"))
    check_table(sentences, "sentences")
    (hits, sentences), gone = leave_out(exclude, hits, sentences)
    check_hits(hits, sentences, mapping)
    cells = lay_out(count_text(sentences), keys=keys, documents=documents, gone=gone)
    groups = group_cells(cells, keys)
    told = _Told(hits, sentences, mapping, cells, groups)
    has_text = groups.sums(cells["n_sentences"].to_numpy()) > 0
    tables: dict[tuple[object, ...], pd.DataFrame] = {}
    for chosen, one in plausible_mappings(mapping):
        signature = _signature(one)
        if signature not in tables:
            choices = {f"choice_{name}": option for name, option in chosen.items()}
            tables[signature] = _estimates(told.count(one), choices, groups.keys, has_text, minimum)
    return _finish(list(tables.values()), cells, keys)


class _Told:
    """Which sentence with a hit has which theme, laid out once for all mappings."""

    def __init__(
        self, hits: pd.DataFrame, sentences: pd.DataFrame, mapping: BalanceMapping, cells: pd.DataFrame, groups: Groups
    ) -> None:
        group = np.empty(len(cells), dtype=np.int64)
        for g in range(len(groups.keys)):
            group[groups.rows(g)] = g
        group_of = pd.Series(group, index=cells["doc_id"].to_numpy(dtype=object))
        place = ["doc_id", "sentence_id"]
        pairs = hits[[*place, "theme"]].drop_duplicates()
        told = pd.MultiIndex.from_frame(sentences[place]).isin(pd.MultiIndex.from_frame(pairs[place]))
        rows = sentences[told & sentences["doc_id"].isin(group_of.index).to_numpy()].reset_index(drop=True)
        self.group, self.n_groups = group_of.loc[rows["doc_id"].to_numpy(dtype=object)].to_numpy(), len(groups.keys)
        self.move = {column: rows[column].to_numpy(dtype=object) for column in ("section_move", "move")}
        self.counted = {headings: is_counted(rows, headings) for headings in ("closed", "all", "none")}
        themes = pd.Index(sorted(mapping.placed))
        self.column = {theme: i for i, theme in enumerate(themes)}
        self.has = np.zeros((len(rows), len(themes)), dtype=bool)
        at = pairs.merge(rows[place].assign(_row=np.arange(len(rows))), on=place)
        self.has[at["_row"].to_numpy(), themes.get_indexer(at["theme"])] = True

    def count(self, mapping: BalanceMapping) -> dict[str, Counts]:
        """Count the sentences of each side in each group."""
        counts = {}
        for side, names in (
            (mapping.diagnosis, ("load", "capacity", "told")),
            (mapping.remedy, ("lighten", "feed", "treated")),
        ):
            stands = self.counted[mapping.headings] & np.isin(self.move[mapping.move], side.moves)
            cart, horse = (
                self.has[:, [self.column[t] for t in part]].any(axis=1) & stands for part in (side.cart, side.horse)
            )
            for name, which in zip(names, (cart, horse, cart | horse), strict=True):
                counts[f"n_{name}"] = np.bincount(self.group[which], minlength=self.n_groups)
        return counts


def _signature(mapping: BalanceMapping) -> tuple[object, ...]:
    """Give all that the estimate depends on."""
    sides = [
        (frozenset(side.moves), frozenset(side.cart), frozenset(side.horse))
        for side in (mapping.diagnosis, mapping.remedy)
    ]
    return (mapping.move, mapping.headings, *sides)


def _estimates(
    counts: dict[str, Counts],
    choices: dict[str, str],
    keys: pd.DataFrame,
    has_text: npt.NDArray[np.bool_],
    minimum: int,
) -> pd.DataFrame:
    sums = np.column_stack([counts[f"n_{side}"] for side in SIDES])
    few = {"few_diagnosing": counts["n_told"] < minimum, "few_remedying": counts["n_treated"] < minimum}
    lacking = {
        "estimate": few["few_diagnosing"] | few["few_remedying"],
        "load_capacity": few["few_diagnosing"],
        "remedy_orientation": few["few_remedying"],
    }
    columns = {
        name: np.where(lacking[name], np.nan, log_ratio(sums, SIGNS["mismatch" if name == "estimate" else name]))
        for name in _NUMBERS
    }
    codes = [";".join(code for code, is_few in few.items() if is_few[g]) for g in range(len(keys))]
    reason = np.where(has_text, np.array(codes, dtype=object), "n_zero")
    return pd.concat(
        [
            keys,
            pd.DataFrame({**choices, **columns, "reason": reason, **{c: counts[c] for c in _COUNTS}}, index=keys.index),
        ],
        axis=1,
    )


def _finish(tables: list[pd.DataFrame], cells: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Put group after group, and say how many mappings agree with the first."""
    n = len(tables[0])
    table = pd.concat(tables, ignore_index=True)
    estimate = table["estimate"].to_numpy().reshape(len(tables), n)
    defined, sign = ~np.isnan(estimate), np.sign(estimate)
    n_mappings = defined.sum(axis=0)
    same = (sign == sign[0]).sum(axis=0)
    has_sign = np.isin(sign[0], (-1, 1))
    share = np.divide(same, n_mappings, out=np.full(n, np.nan), where=has_sign)
    table.insert(len(keys), "is_main", np.repeat([True, False], [n, len(table) - n]))
    table["share_same_sign"], table["n_mappings"] = np.tile(share, len(tables)), np.tile(n_mappings, len(tables))
    order = np.argsort(np.tile(np.arange(n), len(tables)), kind="stable")
    text = ["reason", *(column for column in table.columns if column.startswith("choice_"))]
    dtypes = {
        **{key: cells[key].dtype for key in keys},
        **dict.fromkeys(text, "str"),
        **dict.fromkeys((*_COUNTS, "n_mappings"), "int64"),
    }
    return table.iloc[order].reset_index(drop=True).astype(dtypes)
