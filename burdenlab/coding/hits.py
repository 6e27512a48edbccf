"""One row for each match of a theme, by one pass of an automaton over the characters."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import daachorse
import numpy as np
import numpy.typing as npt
import pandas as pd
import re2

from burdenlab.coding.codebook import Codebook, Rule
from burdenlab.coding.term_faults import compile_pattern
from burdenlab.tables import check_table, make_table

__all__ = ["all_matches", "find_hits", "longest"]

_CHUNK = 50_000  # sentences scanned at a time; bounds memory, changes nothing else
_MASK = "\x00"
_EXCLUDED, _CONTEXT = -1, -2  # what a literal is that is no term
_NEAR = 12  # characters on either side of a match
Spans = npt.NDArray[np.int64]  # columns: theme, start, end, term


def find_hits(sentences: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Find every match of every theme of a codebook.

    Matching is on characters, inside a sentence. In each theme what its exclusions cover is masked first; then the
    longest matches are taken, the earlier of two as long, without overlap. Between themes matches overlap freely: with
    督查检查考核 in one theme and 检查 in another, 督查检查考核 counts once in each. The order of the terms in the file does
    not matter. A match whose condition does not hold (``require``, ``near``, ``unless``, ``moves``) takes no place from
    another.

    Parameters
    ----------
    sentences : DataFrame
        Table ``sentences``.
    codebook : Codebook

    Returns
    -------
    DataFrame
        Table ``hits``, in the order of `sentences`, then by start and by the order of the themes. ``term`` is the
        literal, or the pattern as the codebook writes it.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> hits = bl.find_hits(sentences, bl.load_codebook())
    >>> int(hits["match"].str.len().min()) >= 2
    True
    """
    check_table(sentences, "sentences")
    matcher = _matcher(codebook)
    texts, moves = sentences["text"].tolist(), sentences["move"].to_numpy()
    spans = [matcher.find(texts[at : at + _CHUNK], moves[at : at + _CHUNK]) for at in range(0, len(texts), _CHUNK)]
    rows = np.concatenate([s + np.array([i * _CHUNK, 0, 0, 0, 0]) for i, s in enumerate(spans)]) if spans else _none(5)
    row, theme, start, end, term = rows.T
    of = sentences[["doc_id", "sentence_id", "start", "move"]].iloc[row].reset_index(drop=True)
    columns = {
        "theme": np.array(codebook.themes, dtype=object)[theme],
        "term": np.array(matcher.terms, dtype=object)[term],
        "start": of["start"] + start,
        "end": of["start"] + end,
        "match": [texts[r][s:e] for r, s, e in rows[:, [0, 2, 3]].tolist()],
    }
    return make_table("hits", dict(of.assign(**columns)))


def all_matches(sentences: pd.DataFrame, codebook: Codebook) -> tuple[Spans, list[str]]:
    """Give every match whose condition holds, before the longest are taken: what hits are made of.

    Returns
    -------
    spans, terms
        Rows (sentence, theme, start, end, term), with offsets in the texts of all sentences one after another, and the
        names of the terms.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports/01.txt")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> spans, _ = all_matches(sentences, bl.load_codebook())
    >>> len(spans) > len(bl.find_hits(sentences, bl.load_codebook()))
    True
    """
    matcher = _matcher(codebook)
    texts, moves = sentences["text"].tolist(), sentences["move"].to_numpy()
    found, before = [_none(5)], 0
    for at in range(0, len(texts), _CHUNK):
        spans, begin = matcher.matches(texts[at : at + _CHUNK], moves[at : at + _CHUNK])
        row = np.searchsorted(begin, spans[:, 1], side="right") - 1 + at
        found.append(np.column_stack([row, spans + np.array([0, before, before, 0])]))
        before += int(begin[-1]) + len(texts[min(at + _CHUNK, len(texts)) - 1]) + 1
    return np.concatenate(found), matcher.terms


def _none(columns: int) -> Spans:
    return np.empty((0, columns), dtype=np.int64)


@lru_cache(maxsize=8)
def _matcher(codebook: Codebook) -> _Matcher:
    return _Matcher(codebook)


class _Matcher:
    """The automaton and the patterns of a codebook, built once."""

    def __init__(self, codebook: Codebook) -> None:
        owners: dict[str, list[tuple[int, int]]] = {}
        self.terms: list[str] = []
        self.filter = re2.Filter()
        self.compiled: list[tuple[Any, int, int]] = []
        self.rules: list[Rule] = []
        self.rule_of: list[int] = []  # of each term
        self.sets: dict[tuple[str, ...], int] = {}  # words of a condition -> their number
        for theme, entry in enumerate(codebook.entries):
            for literal in entry.exclude:
                owners.setdefault(literal, []).append((theme, _EXCLUDED))
            for pattern in entry.exclude_patterns:
                self._add(pattern, theme, _EXCLUDED)
            for rule in entry.rules:
                for literal in rule.terms:
                    owners.setdefault(literal, []).append((theme, self._number(literal)))
                for pattern in rule.patterns:
                    self._add(pattern, theme, self._number(pattern))
                # A word of a condition is owned by its set of words, which several rules may share.
                for words in (rule.require, rule.near, rule.unless):
                    if words and words not in self.sets:
                        self.sets[words] = len(self.sets)
                        for word in words:
                            owners.setdefault(word, []).append((self.sets[words], _CONTEXT))
                self.rules.append(rule)
        literals = sorted(owners)
        self.automaton = daachorse.CharwiseDoubleArrayAhoCorasick(literals) if literals else None
        # Literal i belongs to owner[first[i]:first[i + 1]], each a theme (or a set of words) and a term (or what it is).
        self.owner = np.array([o for literal in literals for o in owners[literal]], dtype=np.int64).reshape(-1, 2)
        self.first = np.concatenate([[0], np.cumsum([len(owners[literal]) for literal in literals])]).astype(np.int64)
        if self.compiled:
            self.filter.Compile()

    def _number(self, term: str) -> int:
        self.terms.append(term)
        self.rule_of.append(len(self.rules))
        return len(self.terms) - 1

    def _add(self, pattern: str, theme: int, term: int) -> None:
        self.filter.Add(pattern)
        self.compiled.append((compile_pattern(pattern), theme, term))

    def find(self, texts: list[str], moves: npt.NDArray[Any]) -> Spans:
        """Give rows (sentence, theme, start, end, term) with offsets in the sentence, in order."""
        spans, begin = self.matches(texts, moves)
        kept = [longest(spans[spans[:, 0] == theme]) for theme in np.unique(spans[:, 0])]
        spans = np.concatenate(kept) if kept else _none(4)
        row = np.searchsorted(begin, spans[:, 1], side="right") - 1
        spans = np.column_stack([row, spans])
        spans[:, 2:4] -= begin[row][:, None]
        return spans[np.lexsort((spans[:, 1], spans[:, 2], spans[:, 0]))]

    def matches(self, texts: list[str], moves: npt.NDArray[Any]) -> tuple[Spans, Spans]:
        """Give rows (theme, start, end, term) with offsets in all texts, overlaps included, and where each text begins."""
        length = np.array([len(text) for text in texts], dtype=np.int64)
        begin = np.concatenate([[0], np.cumsum(length + 1)])[:-1]
        literal = self._literals("\n".join(texts))
        masks, context = literal[literal[:, 3] == _EXCLUDED], literal[literal[:, 3] == _CONTEXT]
        found = [literal[literal[:, 3] >= 0]]
        if self.compiled:
            by_pattern = np.array(list(self._patterns(texts, begin, masks)), dtype=np.int64).reshape(-1, 4)
            masks = np.concatenate([masks, by_pattern[by_pattern[:, 3] < 0]])
            found.append(by_pattern[by_pattern[:, 3] >= 0])
        spans = np.concatenate(found)
        spans = spans[self._hold(spans, context, begin, begin + length, moves)]
        free = [_unmasked(spans[spans[:, 0] == t], masks[masks[:, 0] == t]) for t in np.unique(spans[:, 0])]
        return np.concatenate(free) if free else _none(4), begin

    def _hold(
        self, spans: Spans, context: Spans, begin: Spans, end: Spans, moves: npt.NDArray[Any]
    ) -> npt.NDArray[np.bool_]:
        """Whether the condition of each match holds in its sentence."""
        holds = np.ones(len(spans), dtype=bool)
        rule_of = np.array(self.rule_of, dtype=np.int64)[spans[:, 3]]
        row = np.searchsorted(begin, spans[:, 1], side="right") - 1
        context = context[np.lexsort((context[:, 1], context[:, 0]))]
        first = np.searchsorted(context[:, 0], np.arange(len(self.sets) + 1))

        def stands(words: tuple[str, ...], low: Spans, high: Spans) -> npt.NDArray[np.bool_]:
            number = self.sets[words]
            return _stands(context[first[number] : first[number + 1]], low, high)

        for number in np.unique(rule_of).tolist():
            rule = self.rules[number]
            if not (rule.require or rule.near or rule.unless or rule.moves):
                continue
            of = np.flatnonzero(rule_of == number)
            low, high = begin[row[of]], end[row[of]]
            start, stop = spans[of, 1], spans[of, 2]
            if rule.require:
                holds[of] &= stands(rule.require, low, high)
            if rule.unless:
                holds[of] &= ~stands(rule.unless, low, high)
            if rule.near:
                window = np.maximum(low, start - _NEAR - 1), np.minimum(high, stop + _NEAR + 1)
                holds[of] &= stands(rule.near, *window)
            if rule.moves:
                holds[of] &= np.isin(moves[row[of]].astype("str"), rule.moves)
        return holds

    def _literals(self, text: str) -> Spans:
        """All literals, overlapping ones too, one row for each theme that owns one."""
        found = self.automaton.find_overlapping(text) if self.automaton else []
        matches = np.array(found, dtype=np.int64).reshape(-1, 3)
        count = np.diff(self.first)[matches[:, 2]]
        each = np.repeat(np.arange(len(matches)), count)
        within = np.arange(len(each)) - np.repeat(np.cumsum(count) - count, count)
        theme_term = self.owner[self.first[matches[each, 2]] + within]
        return np.column_stack([theme_term[:, 0], matches[each, 0], matches[each, 1], theme_term[:, 1]])

    def _patterns(self, texts: list[str], begin: Spans, masks: Spans) -> Iterator[tuple[int, int, int, int]]:
        """Patterns, only in the sentences that hold a literal of theirs, on text with the theme's exclusions masked."""
        masks = masks[np.argsort(masks[:, 1], kind="stable")]
        spans = {theme: masks[masks[:, 0] == theme, 1:3] for theme in np.unique(masks[:, 0]).tolist()}
        for text, at in zip(texts, begin.tolist(), strict=True):
            if not (numbers := self.filter.Match(text, potential=True)):
                continue
            masked: dict[int, str] = {}
            for number in sorted(numbers):
                compiled, theme, term = self.compiled[number]
                if theme not in masked:
                    masked[theme] = _mask(text, at, spans.get(theme))
                # An exclusion looks at the text as it stands, whatever another one has masked.
                for match in compiled.finditer(text if term < 0 else masked[theme]):
                    yield theme, at + match.start(), at + match.end(), term
                    if term < 0:
                        cover = _MASK * (match.end() - match.start())
                        masked[theme] = masked[theme][: match.start()] + cover + masked[theme][match.end() :]


def _stands(words: Spans, low: Spans, high: Spans) -> npt.NDArray[np.bool_]:
    """Whether one of the words, sorted by start, reaches into each window; a word never leaves its sentence."""
    if not len(words):
        return np.zeros(len(low), dtype=bool)
    furthest = np.maximum.accumulate(words[:, 2])
    last = np.searchsorted(words[:, 1], high, side="left") - 1
    return (last >= 0) & (furthest[last] > low)


def _mask(text: str, at: int, spans: Spans | None) -> str:
    """Cover what lies in spans (start, end), sorted, of the whole text; `at` is where this one starts."""
    if spans is None:
        return text
    low, high = np.searchsorted(spans[:, 0], (at, at + len(text)))
    for start, end in (spans[low:high] - at).tolist():
        text = text[:start] + _MASK * (end - start) + text[end:]
    return text


def _unmasked(spans: Spans, masks: Spans) -> Spans:
    """Drop the matches of one theme that touch a mask of it."""
    if not len(masks) or not len(spans):
        return spans
    masks = masks[np.argsort(masks[:, 1], kind="stable")]
    furthest = np.maximum.accumulate(masks[:, 2])
    last = np.searchsorted(masks[:, 1], spans[:, 2], side="left") - 1
    return spans[(last < 0) | (furthest[last] <= spans[:, 1])]


def longest(spans: Spans) -> Spans:
    """Keep the longest matches of one theme, the earlier of two as long; what overlaps a kept one is dropped."""
    if not len(spans):
        return spans
    spans = spans[np.lexsort((spans[:, 3], spans[:, 1] - spans[:, 2], spans[:, 1]))]
    reach = np.maximum.accumulate(spans[:, 2])
    cluster = np.concatenate([[0], np.cumsum(spans[1:, 1] >= reach[:-1])])
    keep = np.bincount(cluster)[cluster] == 1
    crowded = np.flatnonzero(~keep)
    for members in np.split(crowded, np.flatnonzero(np.diff(cluster[crowded])) + 1):
        taken: list[int] = []
        for i in sorted(members.tolist(), key=lambda i: (spans[i, 1] - spans[i, 2], spans[i, 1], spans[i, 3])):
            if all(spans[i, 2] <= spans[j, 1] or spans[i, 1] >= spans[j, 2] for j in taken):
                taken.append(i)
        keep[taken] = True
    return spans[keep]
