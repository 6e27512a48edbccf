"""Small corpora as tables, composed by hypothesis: documents of sentences with their hits."""

from collections.abc import Sequence

import pandas as pd
from hypothesis import strategies as st

from burdenlab.tables import TABLES

THEMES = ("a", "b", "c")
MOVES = ("problem", "measure", "plan", "frame", "")

_sentence = st.tuples(
    st.integers(0, 30),  # Han characters
    st.integers(0, 2),  # section
    st.sampled_from(MOVES),
    st.lists(st.sampled_from(THEMES[:2]), max_size=3),  # a match each; nothing is ever about c
)
corpora = st.lists(st.lists(_sentence, max_size=5), min_size=1, max_size=6)


def make_corpus(corpus: list, *, beside: Sequence = ()) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Make hits, sentences and documents, `beside` as z00.txt, z01.txt, …; sections have moves of their own."""
    sentences, hits, documents = [], [], []
    names = [*(f"{i:02d}.txt" for i in range(len(corpus))), *(f"z{i:02d}.txt" for i in range(len(beside)))]
    for doc_id, document in zip(names, [*corpus, *beside], strict=True):
        at = 0
        # Sections follow each other, as in a text.
        for sentence_id, (n_han, section, move, themes) in enumerate(sorted(document, key=lambda s: s[1])):
            section_move = MOVES[section]
            sentences.append(
                (doc_id, section, sentence_id, at, at + 40, "", n_han, False, section_move, move, "", False)
            )
            hits += [(doc_id, sentence_id, theme, "", at + i, at + i + 1, "", move) for i, theme in enumerate(themes)]
            at += 40
        n_han = sum(s[0] for s in document)
        documents.append((doc_id, "", "", n_han, False, 1.0, 1.0, "", doc_id, ""))
    table = _table("documents", documents)
    groups = pd.Series([("x", "y")[i % 2] for i in range(len(table))], dtype="str")
    return _table("hits", hits), _table("sentences", sentences), table.assign(group=groups)


def _table(name: str, rows: list[tuple]) -> pd.DataFrame:
    """Give what make_table gives, in a quarter of its time: the laws make thousands of tables."""
    columns = zip(*rows, strict=True) if rows else [()] * len(TABLES[name])
    typed = zip(TABLES[name].items(), columns, strict=True)
    return pd.DataFrame({column: pd.array(list(values), dtype=dtype) for (column, (dtype, _)), values in typed})
