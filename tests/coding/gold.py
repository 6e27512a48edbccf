"""Sentences coded by two blind coders, laid on the documents as the pipeline reads them."""

from bisect import bisect_left, bisect_right
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

import burdenlab as bl
from tests.conftest import SHARED

FOLDERS = [SHARED / "corpora" / name / "txt" for name in ("workreports", "notices", "policy")]
FRESH = Path(__file__).with_name("fresh.csv")
GOLD = SHARED / "codebook" / "gold_dev.csv"


class Coded(NamedTuple):
    """The documents of the units, read whole, and what the coders gave."""

    sentences: pd.DataFrame
    codes: pd.DataFrame  # table codes, coders A and B


def read_coded(path: Path) -> Coded:
    """Read a CSV of units (unit_id, doc_id, start and end in the raw text, themes and move of a and b)."""
    units = pd.read_csv(path, dtype={"unit_id": "str"}).fillna("")
    files = [_file(doc_id) for doc_id in sorted(set(units["doc_id"]))]
    documents, _, edits = bl.read_documents(files)
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    names = {_file(doc_id).name: doc_id for doc_id in set(units["doc_id"])}
    sentences["doc_id"] = sentences["doc_id"].map(lambda doc_id: names[Path(doc_id).name]).astype("str")
    edits["doc_id"] = edits["doc_id"].map(lambda doc_id: names[Path(doc_id).name]).astype("str")
    by_document, edits_of = dict(tuple(sentences.groupby("doc_id"))), dict(tuple(edits.groupby("doc_id")))
    rows = []
    for doc_id, of_document in units.groupby("doc_id"):
        for unit in of_document.itertuples():
            sentence_id = _sentence_of(unit, by_document[doc_id], edits_of.get(doc_id, edits.iloc[:0]))
            for coder, themes, move in (("A", unit.themes_a, unit.move_a), ("B", unit.themes_b, unit.move_b)):
                rows.append((unit.unit_id, doc_id, sentence_id, coder, 1, themes, move, ""))
    columns = ["unit_id", "doc_id", "sentence_id", "coder", "round", "themes", "move", "note"]
    text = dict.fromkeys(["unit_id", "doc_id", "coder", "themes", "move", "note"], "str")
    codes = pd.DataFrame(rows, columns=columns).astype(text | {"sentence_id": "int64", "round": "int64"})
    return Coded(sentences, codes)


def _file(doc_id: str) -> Path:
    if doc_id == "seed":
        return next((SHARED / "seeds").glob("*.txt"))
    return next(folder / f"{doc_id}.txt" for folder in FOLDERS if (folder / f"{doc_id}.txt").is_file())


def _sentence_of(unit, sentences: pd.DataFrame, edits: pd.DataFrame) -> int:
    """Find the sentence that covers most of a unit; by bisection, for every raw span goes through all edits."""
    spans = list(zip(sentences["start"].tolist(), sentences["end"].tolist(), strict=True))

    def place(number: int) -> tuple[int, int]:
        return bl.raw_span(edits, unit.doc_id, *spans[number])

    first = bisect_right(range(len(spans)), unit.start, key=lambda number: place(number)[1])
    last = bisect_left(range(len(spans)), unit.end, lo=first, key=lambda number: place(number)[0])
    covered = [min(end, unit.end) - max(start, unit.start) for start, end in map(place, range(first, last))]
    return int(sentences["sentence_id"].iloc[first + np.argmax(covered)])


def six_moves(codes: pd.DataFrame) -> pd.DataFrame:
    """Bring measure, plan and appeal to action."""
    return codes.assign(move=codes["move"].replace(dict.fromkeys(["measure", "plan", "appeal"], "action")))
