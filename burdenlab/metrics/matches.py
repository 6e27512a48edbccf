"""Which measure of a report answers which of its problems."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import CountVectorizer

from burdenlab.messages import with_chinese
from burdenlab.tables import check_table, make_table

__all__ = ["Bridges", "Evidence", "Matcher", "check_share", "match_remedies_experimental", "read_bridges"]

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

# Chosen on one half of the documents with hand-coded answers, see tests/metrics/test_remedies.py.
THRESHOLD = 0.035
WEIGHT = 0.03
CLOSEST = 0.7
_RUN = re.compile("[\u4e00-\u9fff]+")


class Bridges(NamedTuple):
    """Pairs of themes across which a remedy answers a problem, and themes that are no subject."""

    pairs: frozenset[frozenset[str]]
    apart: frozenset[str]


class Evidence(NamedTuple):
    """What speaks for each problem (rows) and measure (columns) belonging together."""

    strict: Flags
    lenient: Flags
    similarity: Array
    score: Array


def match_remedies_experimental(
    items: pd.DataFrame,
    *,
    bridges: str | Path | None = None,
    threshold: float = THRESHOLD,
    weight: float = WEIGHT,
    closest: float = CLOSEST,
) -> pd.DataFrame:
    r"""Tell which measures of a report answer which of its problems; experimental, see Notes.

    Parameters
    ----------
    items : DataFrame
        From ``find_items``, or a list of one's own with the same columns.
    bridges : path, optional
        Pairs of themes across which a remedy answers a problem; ``burdenlab/metrics/remedy_bridges.toml`` where left out.
    threshold, weight : float
        :math:`\tau` and w, in [0, 1]. The weight of themes against wording is small because so are the cosines of short texts.
    closest : float
        In [0, 1]: a measure counts as an answer only if its score is at least this share of the problem's best.

    Returns
    -------
    DataFrame
        One row for each problem and measure of a document: ``doc_id``, ``problem_id``, ``measure_id`` (``item_id`` of `items`),
        ``strict`` (their subjects are the same theme or bridged), ``lenient`` (any of their themes are), ``same_place`` (both
        stand below a heading that tells no move), ``similarity`` and ``score`` in [0, 1], ``matched`` (same place; or score at
        least `threshold` and `closest` times the best).

    Raises
    ------
    ValueError
        If `items` is no such table, or a number is out of range.

    Notes
    -----
    :math:`s_{ij} = w\,(b_{ij} + a_{ij})/2 + (1-w) \cos(x_i, x_j)`: b is ``strict`` as 0 or 1, a whether the subject of either is
    among, or bridged to, the themes of the other, x the pairs of Han characters of an item and of the headings above it, by
    :math:`(1 + \ln f) \ln((n+1)/(d+0.5))` with d of the n items of the document.

    **Experimental**: against hand codes, on documents not looked at, κ 0.52 (95%: 0.43 to 0.63); goal 0.75: ``matched`` of
    the pairs on which two blind coders (language models) agree. ``hand_agreement`` has ``strict``, ``lenient``, the documents
    that the numbers above were chosen on, and the coders' agreement with each other. Read ``matched`` as a first
    sorting to be looked through. Generic measures share words with everything; a remedy told in other words is missed.

    Examples
    --------
    >>> import burdenlab as bl
    >>> from burdenlab.metrics.items import find_items
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sections = bl.split_sections(documents)
    >>> sentences = bl.split_sentences(documents, sections)
    >>> items = find_items(sections, sentences, bl.find_hits(sentences, bl.load_codebook()))
    >>> pairs = match_remedies_experimental(items)
    >>> pairs[pairs["doc_id"] == "01.txt"]["matched"].any()
    np.True_
    """
    check_share("threshold", threshold)
    check_share("closest", closest)
    matcher = Matcher(items, bridges=bridges, weight=weight)
    ids = matcher.items["item_id"].to_numpy()
    parts = [make_table("remedy_pairs", [])]
    for doc_id, (problems, measures) in matcher.documents().items():
        evidence, same_place = matcher.compare(problems, measures), matcher.same_place(problems, measures)
        best = evidence.score.max(axis=1, initial=0, keepdims=True)
        matched = same_place | ((evidence.score >= threshold) & (evidence.score >= closest * best))
        pairs = {**evidence._asdict(), "same_place": same_place, "matched": matched}
        names = {
            "doc_id": doc_id,
            "problem_id": np.repeat(ids[problems], len(measures)),
            "measure_id": np.tile(ids[measures], len(problems)),
        }
        parts.append(pd.DataFrame({**names, **{name: of_pairs.ravel() for name, of_pairs in pairs.items()}}))
    return pd.concat(parts, ignore_index=True).astype(parts[0].dtypes)


def read_bridges(path: str | Path | None = None) -> Bridges:
    """Read the pairs of themes across which a remedy answers a problem, from TOML; the shipped ones where left out.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no TOML, or a bridge has not two themes.

    Examples
    --------
    >>> frozenset({"task_load", "staffing"}) in read_bridges().pairs
    True
    """
    source = files("burdenlab.metrics").joinpath("remedy_bridges.toml") if path is None else Path(path)
    try:
        data = tomllib.loads(source.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        msg = f"{source} is no TOML: {error}."
        raise with_chinese(ValueError(msg), f"{source} 不是有效的 TOML:{error}。") from error
    pairs = set()
    for number, bridge in enumerate(data.get("bridges", []), 1):
        themes = bridge.get("themes", [])
        if len(themes) != 2 or len(set(themes)) != 2 or not all(isinstance(theme, str) for theme in themes):
            msg = f"bridge {number} of {source} has themes={themes!r}; two different theme ids are expected."
            raise with_chinese(ValueError(msg), f"{source} 的第 {number} 座桥 themes={themes!r};应为两个不同的主题。")
        pairs.add(frozenset(themes))
    return Bridges(frozenset(pairs), frozenset(data.get("apart", [])))


class Matcher:
    """Items with their themes and pairs of characters as matrices, compared document by document.

    What is rare is told by the document itself, so that its numbers depend on no other document.
    """

    def __init__(self, items: pd.DataFrame, *, bridges: str | Path | None, weight: float) -> None:
        check_table(items, "items")
        if strange := sorted(set(items["side"]) - {"problem", "measure"}):
            msg = f"items['side'] holds {strange}; 'problem' and 'measure' are expected."
            raise with_chinese(ValueError(msg), f"items['side'] 含 {strange};应为 'problem' 或 'measure'。")
        check_share("weight", weight)
        self.items = items.sort_values(["doc_id", "item_id"]).reset_index(drop=True)
        self.weight = weight
        related, apart = read_bridges(bridges)
        of_items = [self.items[c].str.get_dummies(";").astype(bool) for c in ("theme", "themes")]
        names = sorted({theme for flags in of_items for theme in flags} - apart - {""})
        subject, every = (flags.reindex(columns=names, fill_value=False).to_numpy(dtype=bool) for flags in of_items)
        self.subject, self.themes = subject, subject | every
        self.meets = np.eye(len(names), dtype=bool)
        for pair in related:
            if pair <= set(names):
                i, j = (names.index(theme) for theme in pair)
                self.meets[i, j] = self.meets[j, i] = True
        self.bigrams = _count_bigrams(self.items["above"] + "\n" + self.items["text"])
        self.place = self.items["place"].to_numpy()
        self.is_problem = (self.items["side"] == "problem").to_numpy()

    def documents(self) -> dict[str, tuple[Rows, Rows]]:
        """Give the rows of the problems and of the measures of each document."""
        of_documents = self.items.groupby("doc_id").indices.items()
        return {str(d): (rows[self.is_problem[rows]], rows[~self.is_problem[rows]]) for d, rows in of_documents}

    def compare(self, problems: Rows, measures: Rows, *, alike: bool = False) -> Evidence:
        """Compare problems of one document with measures.

        Pairs of characters are weighed by how few of these items have them; with `alike`, by how few of the problems
        have them, so that measures of other documents are weighed like its own.
        """
        subject, themes = ((flags[problems], flags[measures]) for flags in (self.subject, self.themes))
        strict, lenient = self._related(*subject), self._related(*themes)
        touching = self._related(subject[0], themes[1]) | self._related(themes[0], subject[1])
        similarity = self._cosines(problems, measures, alike=alike)
        score = self.weight * (strict.astype(np.float64) + touching) / 2 + (1 - self.weight) * similarity
        return Evidence(strict, lenient, similarity, np.minimum(score, 1.0))

    def same_place(self, problems: Rows, measures: Rows) -> Flags:
        """Tell which measures stand below the problem's own heading."""
        place = self.place[problems][:, None]
        return (place == self.place[measures][None, :]) & (place >= 0)

    def _related(self, left: Flags, right: Flags) -> Flags:
        return (left.astype(np.int64) @ self.meets.astype(np.int64) @ right.astype(np.int64).T) > 0

    def _cosines(self, problems: Rows, measures: Rows, *, alike: bool) -> Array:
        if not len(problems) or not len(measures):
            return np.zeros((len(problems), len(measures)))
        rows = problems if alike else np.concatenate([problems, measures])
        squares = np.log((len(rows) + 1) / (self.bigrams[rows].count_nonzero(axis=0) + 0.5)).clip(0) ** 2
        p, m = self.bigrams[problems], self.bigrams[measures]
        lengths = [np.sqrt(part.power(2) @ squares) for part in (p, m)]
        product, norm = (p.multiply(squares) @ m.T).toarray(), np.outer(*lengths)
        return np.divide(product, norm, out=np.zeros_like(product), where=norm > 0)


def _count_bigrams(texts: pd.Series) -> csr_array:
    """Weigh the pairs of Han characters of each text by 1 + ln(count)."""
    of_texts = [[run[i : i + 2] for run in _RUN.findall(text) for i in range(len(run) - 1)] for text in texts]
    if not any(of_texts):
        return csr_array((len(texts), 1), dtype=np.float64)
    counts = csr_array(CountVectorizer(analyzer=list).fit_transform(of_texts), dtype=np.float64)
    counts.data = 1 + np.log(counts.data)
    return counts


def check_share(name: str, value: float) -> None:
    """Raise ValueError unless `value` lies between 0 and 1."""
    if not 0 <= value <= 1:
        msg = f"{name}={value}; a number from 0 to 1 is expected."
        raise with_chinese(ValueError(msg), f"{name}={value} 应在 0 与 1 之间。")
