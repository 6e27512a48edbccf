"""The laws of the design, to be held on any corpus."""

import pandas as pd

import burdenlab as bl
from burdenlab.tables import check_table


def check_laws(corpus: bl.Corpus, raw_of: dict[str, str]) -> None:
    """Assert every law; `raw_of` gives the raw text of each document."""
    for name in ("documents", "files", "edits", "sections", "sentences", "hits"):
        check_table(getattr(corpus, name), name)
    assert corpus.files["path"].is_unique
    assert set(corpus.files["state"]) <= {"counted", "warned", "quarantined", "skipped"}
    assert corpus.files["n_documents"].sum() == len(corpus.documents)
    assert corpus.documents["doc_id"].is_unique
    tables = {
        name: dict(tuple(getattr(corpus, name).groupby("doc_id")))
        for name in ("edits", "sections", "sentences", "hits")
    }
    for document in corpus.documents.itertuples():
        of = {name: table.get(document.doc_id, getattr(corpus, name).iloc[:0]) for name, table in tables.items()}
        text = document.text
        raw = raw_of[document.doc_id]
        assert bl.undo_edits(text, of["edits"]) == raw
        assert document.kept_share == len(text) / len(raw)
        check_sections(text, of["sections"])
        check_sentences(text, of["sentences"])
        for hit in of["hits"].itertuples():
            assert text[hit.start : hit.end] == hit.match
    assert (
        corpus.sentences.groupby("doc_id")["n_han"]
        .sum()
        .equals(corpus.documents.set_index("doc_id")["n_han"].sort_index())
    )


def check_sections(text: str, sections: pd.DataFrame) -> None:
    """Hold that blocks nest, siblings meet and headings are where they say."""
    rows = {row.section_id: row for row in sections.itertuples()}
    root = rows[0]
    assert (root.start, root.end, root.level, root.label, root.parent_id) == (0, len(text), 0, "", -1)
    assert list(rows) == list(range(len(sections)))
    last_end: dict[int, int] = {}
    for row in rows.values():
        assert text[row.heading_start : row.heading_end] == row.heading
        if row.section_id:
            parent = rows[row.parent_id]
            assert row.level == parent.level + 1
            assert parent.start <= row.start <= row.end <= parent.end
            assert text[row.start : row.start + len(row.label)] == row.label
            assert last_end.get(row.parent_id, row.start) == row.start  # siblings meet
            last_end[row.parent_id] = row.end


def check_sentences(text: str, sentences: pd.DataFrame) -> None:
    """Hold that sentences and white space rebuild the text."""
    at = 0
    for row in sentences.itertuples():
        assert text[at : row.start].strip() == ""
        assert text[row.start : row.end] == row.text == row.text.strip() != ""
        at = row.end
    assert text[at:].strip() == ""
    assert sentences["sentence_id"].tolist() == list(range(len(sentences)))
