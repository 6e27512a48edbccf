"""Figures, specifics and commitments as two blind coders read them, laid on the documents as the pipeline reads them.

``truth/quantities.csv``, ``specifics.csv`` and ``commitments.csv`` hold offsets in the raw text, the SHA-256 of that span and
codes, a row for each coder, no text. The coders were language models that had the coding manual and no program.
``concreteness_documents.csv`` lists every document that was read whole for its quantities, and says for each task whether the
rules were made on it (development) or scored on it without having been looked at (test).
"""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

import burdenlab as bl
from tests.conftest import DEMO, SHARED, shipped_codebook

TRUTH = Path(__file__).with_name("truth")
_FOLDERS = [SHARED / "corpora" / name / "txt" for name in ("workreports", "notices")]


class Read(NamedTuple):
    """The documents of the truth."""

    raw: dict[str, str]
    edits: dict[str, pd.DataFrame]
    sentences: pd.DataFrame
    hits: pd.DataFrame

    def span(self, doc_id: str, start: int, end: int) -> tuple[int, int]:
        """Give a span of the text as one of the raw text."""
        edits = self.edits[doc_id]
        return bl.raw_span(edits, doc_id, start, end) if len(edits) else (start, end)


def table(name: str) -> pd.DataFrame:
    rows = pd.read_csv(TRUTH / f"{name}.csv", dtype="str", keep_default_na=False)
    whole = [column for column in ("start", "end") if column in rows and (rows[column] != "").all()]
    return rows.astype(dict.fromkeys(whole, "int64"))


def documents(name: str, half: str) -> list[str]:
    split = table("concreteness_documents")
    return split.loc[split[name] == half, "doc_id"].tolist()


@cache
def read_demo() -> Read:
    return _read([DEMO / "reports"], lambda path: f"demo/{path}")


@cache
def read_all() -> Read:
    """Read the real documents beside the checkout too."""
    real = [doc_id for doc_id in table("concreteness_documents")["doc_id"] if not doc_id.startswith("demo/")]
    files = [next(f / f"{doc_id}.txt" for f in _FOLDERS if (f / f"{doc_id}.txt").is_file()) for doc_id in real]
    parts = read_demo(), _read(files, lambda path: Path(path).stem)
    frames = (pd.concat(tables, ignore_index=True) for tables in zip(*(part[2:] for part in parts), strict=True))
    return Read(parts[0].raw | parts[1].raw, parts[0].edits | parts[1].edits, *frames)


def _read(source: list[Path], name: Callable[[str], str]) -> Read:
    read, _, edits = bl.read_documents(source if len(source) > 1 else source[0])
    sentences = bl.split_sentences(read, bl.split_sections(read))
    hits = bl.find_hits(sentences, shipped_codebook())
    named = [t.assign(doc_id=t["doc_id"].map(name).astype("str")) for t in (read, edits, sentences, hits)]
    of_document = dict(tuple(named[1].groupby("doc_id")))
    edits_of = {doc_id: of_document.get(doc_id, named[1].iloc[:0]) for doc_id in named[0]["doc_id"]}
    raw = {d: bl.undo_edits(text, edits_of[d]) for d, text in zip(named[0]["doc_id"], named[0]["text"], strict=True)}
    return Read(raw, edits_of, named[2], named[3])


class Mark(NamedTuple):
    """Something that a coder or the program marked: where in the raw text, and what."""

    doc_id: str
    start: int
    end: int
    what: object


Same = Callable[[object, object], bool]


def pair(ones: Iterable[Mark], others: Iterable[Mark], same: Same) -> list[tuple[Mark, Mark]]:
    """Pair marks that overlap and say the same, each at most once."""
    left = {doc_id: [m for m in others if m.doc_id == doc_id] for doc_id in {m.doc_id for m in others}}
    pairs = []
    for one in ones:
        for other in left.get(one.doc_id, []):
            if _overlap(one, other) and same(one.what, other.what):
                pairs.append((one, other))
                left[one.doc_id].remove(other)
                break
    return pairs


class Score(NamedTuple):
    n_right: int
    n_found: int  # without what only one coder marked
    n_true: int  # on which both coders agree
    pairs: list[tuple[Mark, Mark]]  # truth of the first coder, found

    @property
    def precision(self) -> float:
        return self.n_right / self.n_found

    @property
    def recall(self) -> float:
        return self.n_right / self.n_true


def score(ones: list[Mark], twos: list[Mark], found: list[Mark], same: Same) -> Score:
    """Score against what both coders marked alike; what one of them marked alone is no error either way."""
    agreed = pair(ones, twos, same)
    sure = {id(mark) for both in agreed for mark in both}
    disputed = [mark for mark in (*ones, *twos) if id(mark) not in sure]
    right = pair([one for one, _ in agreed], found, same)
    taken = {id(mark) for _, mark in right}
    wrong = [
        m for m in found if id(m) not in taken and not any(_overlap(m, d) for d in disputed if d.doc_id == m.doc_id)
    ]
    return Score(len(right), len(right) + len(wrong), len(agreed), right)


def dice(ones: list[Mark], twos: list[Mark], same: Same) -> float:
    """Agreement of two coders who mark what they like: twice what both have by the sum of what each has."""
    return 2 * len(pair(ones, twos, same)) / (len(ones) + len(twos))


def _overlap(one: Mark, other: Mark) -> bool:
    return min(one.end, other.end) > max(one.start, other.start)
