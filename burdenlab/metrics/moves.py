"""Moves: what share of a text tells problems, causes, measures, plans, and which follows which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from burdenlab.messages import check_option, with_chinese
from burdenlab.metrics.estimates import estimate_table, group_cells, group_ratios
from burdenlab.metrics.theme_counts import add_up, count_text, lay_out, leave_out
from burdenlab.tables import MOVES, check_keys, check_table

__all__ = ["move_profile", "move_transitions"]

_COLUMNS = ("estimate", "ci_low", "ci_high", "n", "reason", "unit")


def move_profile(
    sentences: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = "doc_id",
    documents: pd.DataFrame | None = None,
    source: Literal["move", "section_move"] = "move",
    unit: Literal["han", "sentence"] = "han",
    leave_aside: Sequence[str] = ("frame",),
    cluster: str | None = None,
    level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
    exclude: pd.DataFrame | Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    r"""Share of each move in the text.

    Parameters
    ----------
    sentences : DataFrame
        Table ``sentences``, or ``exposure``.
    by, documents, cluster, level, n_resamples, seed, exclude
        As for ``theme_rates``; `by` names variables of documents.
    source : {"move", "section_move"}
        The act of the sentence, or the move of its section.
    unit : {"han", "sentence"}
        Shares of Han characters or of sentences.
    leave_aside : sequence of str
        Moves that neither count nor are counted in: greetings and closings by default.

    Returns
    -------
    DataFrame
        One row for each combination of `by` and move, zeros kept: the keys, ``move`` (``""`` last: text whose move
        nobody knows, which counts), ``estimate`` in [0, 1], ``ci_low``, ``ci_high``, ``n``, ``reason``, ``n_han``,
        ``n_sentences`` (of the move), ``n_han_all``, ``n_sentences_all`` (of all moves that count), ``unit``. The
        estimates of a group add up to 1. NaN with the reason ``n_zero`` without text; bounds as of ``theme_rates``.

    Raises
    ------
    ValueError
        If a variable or a move is unknown.

    Notes
    -----
    A text that was cut short tells less of what stands at its end: ``documents["truncated"]``. Swales (1990), Genre
    Analysis, on moves.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> profile = move_profile(sentences, by=None)
    >>> round(float(profile["estimate"].sum()), 12), profile["move"].tolist()[:2]
    (1.0, ['problem', 'harm'])
    """
    keys = check_keys(by, taken=("move", "section_move", "section_id", *_COLUMNS))
    _check_option("source", source, ("move", "section_move"))
    _check_option("unit", unit, ("han", "sentence"))
    moves = _moves((*MOVES, ""), leave_aside)
    (sentences,), gone = leave_out(exclude, sentences)
    exposure = count_text(sentences)
    _check_moves(exposure[source])
    cells, cell_of = lay_out(exposure, keys=keys, documents=documents, cluster=cluster, gone=gone)
    move = pd.Index(moves).get_indexer(exposure[source])
    kept = (cell_of >= 0) & (move >= 0)
    place = cell_of[kept] * len(moves) + move[kept]
    n_han, n_sentences = (
        add_up(place, exposure[column].to_numpy()[kept], len(cells) * len(moves)).reshape(-1, len(moves))
        for column in ("n_han", "n_sentences")
    )
    groups, counted = group_cells(cells, keys), n_han if unit == "han" else n_sentences
    ratios = group_ratios(
        cells, groups, counted, counted.sum(axis=1),
        level=level, n_resamples=n_resamples, seed=seed, within_text=cluster == "section_id", most=1,
    )  # fmt: skip
    columns = {
        **{name: ratios[name] for name in ("estimate", "ci_low", "ci_high", "n", "reason")},
        "n_han": groups.sums(n_han),
        "n_sentences": groups.sums(n_sentences),
        "n_han_all": groups.sums(n_han.sum(axis=1))[:, None],
        "n_sentences_all": groups.sums(n_sentences.sum(axis=1))[:, None],
        "unit": unit,
    }
    return estimate_table(groups, ("move", moves), columns)


def move_transitions(
    sentences: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = None,
    documents: pd.DataFrame | None = None,
    source: Literal["move", "section_move"] = "move",
    leave_aside: Sequence[str] = ("frame",),
    cluster: str | None = None,
    level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Share of sentences of a move that are followed by a sentence of each move.

    Parameters
    ----------
    sentences : DataFrame
        Table ``sentences``; counts know no order.
    by, documents, source, leave_aside, cluster, level, n_resamples, seed
        As for ``move_profile``; documents together by default, since one holds few transitions.

    Returns
    -------
    DataFrame
        One row for each combination of `by` and pair of moves, zeros kept: the keys, ``move``, ``next_move``,
        ``estimate`` in [0, 1], ``ci_low``, ``ci_high``, ``n``, ``reason``, ``n_transitions``, ``n_from`` (sentences of
        `move` that are followed by one). NaN with the reason ``n_zero`` where none is; bounds as of ``theme_rates``.

    Raises
    ------
    ValueError
        If a variable or a move is unknown.

    Notes
    -----
    Headings are passed over. A sentence without a known move, or with one that is left aside, breaks the chain: what
    stands before it is followed by nothing. The last sentence of a document is followed by nothing.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> after = move_transitions(sentences)
    >>> bool((after.groupby("move")["n_transitions"].sum() == after.groupby("move")["n_from"].first()).all())
    True
    """
    keys = check_keys(by, taken=("move", "section_move", "section_id", "next_move", *_COLUMNS))
    check_table(sentences, "sentences")
    _check_option("source", source, ("move", "section_move"))
    moves = _moves(MOVES, leave_aside)
    _check_moves(sentences[source])
    body = sentences[~sentences["is_heading"]].sort_values(["doc_id", "sentence_id"])
    at = pd.Index(moves).get_indexer(body[source])
    follows = body["doc_id"].to_numpy()[1:] == body["doc_id"].to_numpy()[:-1]
    pair = np.flatnonzero(follows & (at[:-1] >= 0) & (at[1:] >= 0))
    cells, _ = lay_out(count_text(sentences), keys=keys, documents=documents, cluster=cluster)
    row = pd.Index(cells["doc_id"]).get_indexer(body["doc_id"].to_numpy()[pair])
    counts = np.zeros((len(cells), len(moves), len(moves)), dtype=np.int64)
    np.add.at(counts, (row[row >= 0], at[pair][row >= 0], at[pair + 1][row >= 0]), 1)
    groups = group_cells(cells, keys)
    tables = []
    for j, move in enumerate(moves):
        every = counts[:, j].sum(axis=1)
        ratios = group_ratios(
            cells, groups, counts[:, j], every, level=level, n_resamples=n_resamples, seed=seed, most=1
        )
        columns = {
            **{name: ratios[name] for name in ("estimate", "ci_low", "ci_high", "n", "reason")},
            "n_transitions": groups.sums(counts[:, j]),
            "n_from": groups.sums(every)[:, None],
        }
        table = estimate_table(groups, ("next_move", moves), columns)
        table.insert(len(keys), "move", pd.Series(move, index=table.index, dtype="str"))
        tables.append(table.assign(_group=np.repeat(np.arange(len(groups.keys)), len(moves))))
    whole = pd.concat(tables, ignore_index=True)
    return whole.sort_values("_group", kind="stable", ignore_index=True).drop(columns="_group")


def _moves(known: Sequence[str], leave_aside: Sequence[str]) -> list[str]:
    strange = sorted(set(leave_aside) - {*MOVES, ""})
    if isinstance(leave_aside, str) or strange:
        msg = f"leave_aside={leave_aside!r}; a list of moves is expected, of {', '.join(MOVES)}, or '' for unknown."
        raise with_chinese(
            ValueError(msg), f"leave_aside={leave_aside!r} 应为语步的列表:{'、'.join(MOVES)},或 '' 表示不明。"
        )
    return [move for move in known if move not in leave_aside]


def _check_moves(moves: pd.Series) -> None:
    strange = sorted(set(moves.dropna()) - {*MOVES, ""})
    if strange:
        msg = f"sentences has the move {strange[0]!r}; moves are {', '.join(MOVES)}, and '' where unknown."
        raise with_chinese(
            ValueError(msg), f"sentences 中的语步 {strange[0]!r} 无效;可用的有 {'、'.join(MOVES)},不明的为 ''。"
        )


def _check_option(name: str, value: str, known: tuple[str, str]) -> None:
    one, other = map(repr, known)
    check_option(name, value, value in known, f"{one} or {other}", f" {one} 或 {other}")
