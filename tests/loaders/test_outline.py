"""Outlines of twelve real documents of different kinds, marked by hand (``outline.csv``: offsets into raw, no text).

A numbered heading goes up to the first 。！？ or the line end where that is within 40 characters, else it is empty, as
it is for an article 第×条. A run-in heading that follows a dash starts its block at the dash.
"""

from pathlib import Path

import pandas as pd
import pytest

import burdenlab as bl

MARKS = Path(__file__).with_name("outline.csv")
KEYS = ["file", "kind", "start", "heading_start", "heading_end"]


@pytest.fixture(scope="module")
def outlines(shared):
    """Hand marks and sections found, both by offsets into raw; an empty heading has no offsets."""
    marks = pd.read_csv(MARKS)
    found = pd.concat([_found(shared, file) for file in marks["file"].unique()])
    for table in (marks, found):
        empty = table["heading_start"] == table["heading_end"]
        table.loc[empty, ["heading_start", "heading_end"]] = -1
    assert marks["file"].nunique() == 12
    return marks, found


def _found(shared: Path, file: str) -> pd.DataFrame:
    documents, _, edits = bl.read_documents(shared / file)
    sections = bl.split_sections(documents).query("level > 0")
    doc_id = documents["doc_id"].iloc[0]
    spans = [
        (bl.raw_span(edits, doc_id, s.start, s.end)[0], *bl.raw_span(edits, doc_id, s.heading_start, s.heading_end))
        for s in sections.itertuples()
    ]
    table = pd.DataFrame(spans, columns=KEYS[2:])
    kinds = sections["label"].eq("").map({True: "run_in", False: "numbered"})
    return table.assign(file=file, kind=kinds.to_numpy(), level=sections["level"].to_numpy())


@pytest.mark.parametrize(("kind", "precision", "recall"), [("numbered", 0.97, 0.97), ("run_in", 0.85, 0.85)])
def test_headings_agree_with_the_hand_marks(kind, precision, recall, outlines):
    marks, found = (table[table["kind"] == kind] for table in outlines)
    both = marks.merge(found, on=KEYS, suffixes=("_marked", ""))
    figures = f"{kind}: {len(both)} of {len(marks)} marked, of {len(found)} found"
    assert len(both) / len(found) >= precision, figures
    assert len(both) / len(marks) >= recall, figures
    assert (both["level"] == both["level_marked"]).mean() >= 0.97
