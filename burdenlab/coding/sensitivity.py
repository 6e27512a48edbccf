"""What a figure owes to single terms of the codebook: themes counted again without some of their terms."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from burdenlab.coding.codebook import Codebook
from burdenlab.coding.codes import document_keys, known_themes
from burdenlab.coding.hits import all_matches, longest
from burdenlab.messages import check_option, with_chinese
from burdenlab.tables import check_keys, check_table, sentence_rows

__all__ = ["codebook_sensitivity"]

Ints = npt.NDArray[np.int64]

_KINDS = ("full", "leave_one_out", "random")
_DTYPES = {
    "estimate": "float64", "change": "float64", "n_hits": "int64", "n_sentences_hit": "int64", "n_han": "int64",
    "n_sentences": "int64", "term_share": "float64", "lowest": "float64", "highest": "float64", "top_term": "str",
    "top_change": "float64", "reason": "str", "unit": "str", "per": "float64",
}  # fmt: skip


def codebook_sensitivity(
    sentences: pd.DataFrame,
    hits: pd.DataFrame,
    codebook: Codebook,
    *,
    themes: Sequence[str] | None = None,
    share: float = 0.8,
    n_draws: int = 100,
    unit: Literal["han", "sentence"] = "han",
    per: float = 1000,
    by: str | Sequence[str] | None = None,
    documents: pd.DataFrame | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Count each theme again without one of its terms, and with a random part of them.

    Where the rate of a theme falls to little without one term, a finding about the theme is one about that term.

    Parameters
    ----------
    sentences, hits : DataFrame
        Tables of those names, `hits` as ``find_hits`` made them from `sentences` and `codebook`.
    codebook : Codebook
    themes : sequence of str, optional
        All of the codebook where left out.
    share : float
        In (0, 1): the part of a theme's terms and patterns that a random draw keeps, at least one and not all.
    n_draws : int
        Random draws, 0 for none.
    unit, per
        As in ``theme_rates``: matches per `per` Han characters, or sentences with a match per `per` sentences.
    by : str, list of str or None
        ``"doc_id"`` or variables of `documents` to count apart; documents in which one is missing are left out.
    documents : DataFrame, optional
    seed : int
        The draws of a theme depend on it and on the theme's terms alone.

    Returns
    -------
    DataFrame
        One row for each theme, combination of `by` and way of counting, in this order: ``theme``, the keys, ``kind``
        ("full"; "leave_one_out" with the ``term`` left out, in the order of the codebook; "random" with the number of
        the ``draw`` from 0, -1 elsewhere), ``estimate``, ``change`` (estimate over the full one, less 1), the counts
        n_hits, n_sentences_hit, n_han, n_sentences, and ``term_share`` (of the theme's hits, for a term left out).
        The rows "full" sum up: ``lowest`` and ``highest`` of the random estimates, ``top_term`` whose absence changes
        the estimate most, and its ``top_change``; NaN or "" elsewhere. ``reason``: ``n_zero`` where there is nothing to
        count in (estimate NaN) or nothing to compare with (change NaN), ``one_term`` where a theme has one term and
        hence no random rows.

    Raises
    ------
    ValueError
        If a theme, term, sentence or variable is unknown, or an option out of its range.

    Notes
    -----
    Counting again is exact: of all matches in a sentence that loses one the longest are taken again, and terms that a
    longer one had covered come up. The span of the random estimates is no interval: it says what the choice of terms does, not what
    the choice of documents does. Watanabe's ``bootstrap_lss(what="seeds")`` leaves seed words out in the same way.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> codebook = bl.load_codebook()
    >>> hits = bl.find_hits(sentences, codebook)
    >>> table = codebook_sensitivity(sentences, hits, codebook, themes=["finance"], n_draws=10, unit="sentence")
    >>> full = table[table["kind"] == "full"].iloc[0]
    >>> bool(full["lowest"] <= full["highest"] <= full["estimate"])
    True
    """
    check_table(sentences, "sentences")
    check_table(hits, "hits")
    chosen = known_themes(codebook, themes)
    check_option("share", share, 0 < share < 1, "a number between 0 and 1", " 0 与 1 之间的数")
    check_option("n_draws", n_draws, n_draws >= 0, "a number of draws from 0", "不小于 0 的整数")
    check_option("unit", unit, unit in ("han", "sentence"), "'han' or 'sentence'", " 'han' 或 'sentence'")
    check_option("per", per, per > 0, "a positive number", "正数")
    _check_terms(hits, codebook)
    keys = check_keys(by, taken=("theme", "kind", "term", "draw", *_DTYPES))
    counter = _Counter(sentences, hits, codebook, document_keys(documents, keys, sentences), keys)
    tables = [_of_theme(counter, theme, share, n_draws, unit, per, seed) for theme in chosen]
    columns = ["theme", *keys, "kind", "term", "draw", *_DTYPES]
    dtypes = {"theme": "str", "kind": "str", "term": "str", "draw": "int64", **_DTYPES}
    dtypes |= {key: counter.groups[key].dtype for key in keys}
    return pd.concat([pd.DataFrame(columns=columns), *tables])[columns].astype(dtypes).reset_index(drop=True)


def _check_terms(hits: pd.DataFrame, codebook: Codebook) -> None:
    known = pd.MultiIndex.from_frame(codebook.terms[["theme", "term"]])
    strange = hits[~pd.MultiIndex.from_frame(hits[["theme", "term"]]).isin(known)]
    for theme, term in strange[["theme", "term"]].head(1).itertuples(index=False):
        msg = f"hits has the term {term!r} of theme {theme!r}, which the codebook lacks; pass the codebook that made the hits."
        chinese = f"hits 中主题 {theme!r} 的词条 {term!r} 不在编码本里;请传入产生 hits 的编码本。"
        raise with_chinese(ValueError(msg), chinese)


class _Counter:
    """Counts the hits of a theme in groups of documents, with some of its terms gone."""

    def __init__(
        self, sentences: pd.DataFrame, hits: pd.DataFrame, codebook: Codebook, units: pd.DataFrame, keys: list[str]
    ) -> None:
        self.codebook = codebook
        self.matches, terms = all_matches(sentences, codebook)
        self.terms = np.array(terms, dtype=object)[self.matches[:, 4]]  # of each match
        self.hits = hits[["theme", "term"]].assign(row=sentence_rows(hits, sentences, name="hits"))
        # One group of all documents where there are no keys, also without any document.
        self.groups, number = pd.DataFrame(index=[0]), pd.Series(0, index=units.index)
        if keys:
            self.groups = units[keys].drop_duplicates().sort_values(keys, ignore_index=True)
            number = units.groupby(keys, sort=True).ngroup()
        of_document = pd.Series(number.to_numpy(), index=units["doc_id"], dtype="int64")
        # Documents without a value stand in a group of their own behind the others, which is cut off.
        self.group = sentences["doc_id"].map(of_document).fillna(len(self.groups)).to_numpy(dtype=np.int64)
        self.n_han = self._sum(self.group, sentences["n_han"].to_numpy())
        self.n_sentences = self._sum(self.group)

    def _sum(self, group: Ints, weight: Ints | None = None) -> Ints:
        return np.bincount(group, weight, minlength=len(self.groups) + 1)[: len(self.groups)].astype(np.int64)

    def _tally(self, rows: Ints) -> Ints:
        """Give the hits and the sentences with a hit of each group, from the sentence of each hit."""
        return np.stack([self._sum(self.group[rows]), self._sum(self.group[np.unique(rows)])], axis=1)

    def count(self, theme: str, variants: Sequence[Sequence[str]]) -> Ints:
        """Count with each list of terms gone: variants by groups by (n_hits, n_sentences_hit)."""
        of_theme = self.hits[self.hits["theme"] == theme]
        rows_of = {term: rows.to_numpy() for term, rows in of_theme.groupby("term")["row"]}
        every = of_theme["row"].to_numpy()
        full = self._tally(every)
        is_own = self.matches[:, 1] == self.codebook.themes.index(theme)
        by_start = np.flatnonzero(is_own)[np.argsort(self.matches[is_own, 2], kind="stable")]
        matches, terms = self.matches[by_start], self.terms[by_start]
        counts = []
        for gone in variants:
            lost = [rows_of[term] for term in gone if term in rows_of]
            if not lost:
                counts.append(full)
                continue
            # A sentence in which none of the terms was a match has the same matches without them.
            rows = np.unique(np.concatenate(lost))
            left = matches[np.isin(matches[:, 0], rows) & ~np.isin(terms, gone)]
            found = left[np.searchsorted(left[:, 2], longest(left[:, 1:])[:, 1]), 0]
            counts.append(full - self._tally(every[np.isin(every, rows)]) + self._tally(found))
        return np.array(counts).reshape(len(variants), len(self.groups), 2)

    def of_terms(self, theme: str, terms: Sequence[str]) -> Ints:
        """Count the hits of each term in each group."""
        of_theme = self.hits[self.hits["theme"] == theme]
        return np.array([self._sum(self.group[of_theme.loc[of_theme["term"] == term, "row"]]) for term in terms])


def _of_theme(
    counter: _Counter, theme: str, share: float, n_draws: int, unit: str, per: float, seed: int
) -> pd.DataFrame:
    listed = counter.codebook.terms
    terms = listed.loc[(listed["theme"] == theme) & listed["kind"].isin(["term", "pattern"]), "term"].unique().tolist()
    drawn = list(_draws(theme, terms, share, n_draws, seed))
    counts = counter.count(theme, [[], *([term] for term in terms), *drawn])
    of_terms = counter.of_terms(theme, terms)
    tables = []
    for at in range(len(counter.groups)):
        n_hits, n_sentences_hit = counts[:, at].T
        n_han, n_sentences = counter.n_han[at], counter.n_sentences[at]
        with np.errstate(divide="ignore", invalid="ignore"):
            estimate = per * n_hits / n_han if unit == "han" else per * n_sentences_hit / n_sentences
            change = estimate / estimate[0] - 1
            term_share = of_terms[:, at] / n_hits[0]
        columns = {
            "kind": np.repeat(_KINDS, [1, len(terms), len(drawn)]), "term": ["", *terms, *[""] * len(drawn)],
            "draw": [*[-1] * (1 + len(terms)), *range(len(drawn))], "estimate": estimate,
            "change": np.where(np.isfinite(change), change, np.nan), "n_hits": n_hits,
            "n_sentences_hit": n_sentences_hit, "n_han": n_han, "n_sentences": n_sentences,
            "term_share": [np.nan, *term_share, *[np.nan] * len(drawn)],
            "reason": "n_zero" if not estimate[0] > 0 else "",
        }  # fmt: skip
        table = pd.DataFrame(columns).assign(theme=theme, unit=unit, per=per, **counter.groups.iloc[at].to_dict())
        tables.append(_summed_up(table))
    return pd.concat(tables) if tables else pd.DataFrame()


def _draws(theme: str, terms: list[str], share: float, n_draws: int, seed: int) -> Iterator[list[str]]:
    """Yield the terms that a draw leaves out; none can be left out of a theme of one term."""
    if len(terms) < 2:
        return
    n_gone = len(terms) - min(len(terms) - 1, max(1, round(share * len(terms))))
    random = np.random.default_rng([seed, zlib.crc32(theme.encode())])
    for _ in range(n_draws):
        yield [terms[i] for i in sorted(random.permutation(len(terms))[:n_gone].tolist())]


def _summed_up(table: pd.DataFrame) -> pd.DataFrame:
    """Write into the row "full" what the other rows of a theme and group say."""
    is_full = table["kind"] == "full"
    drawn = table.loc[table["kind"] == "random", "estimate"]
    alone = table.loc[(table["kind"] == "leave_one_out") & table["change"].notna() & (table["change"] != 0)]
    at = alone["change"].abs().idxmax() if len(alone) else None
    term, change = ("", np.nan) if at is None else (alone.loc[at, "term"], alone.loc[at, "change"])
    one_term = (table["kind"] == "leave_one_out").sum() == 1
    return table.assign(
        lowest=np.where(is_full, drawn.min(), np.nan),
        highest=np.where(is_full, drawn.max(), np.nan),
        top_term=np.where(is_full, term, ""),
        top_change=np.where(is_full, change, np.nan),
        reason=np.where(is_full & one_term & (table["reason"] == ""), "one_term", table["reason"]),
    )
