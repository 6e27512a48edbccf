"""Small corpora as tables, composed by hypothesis: documents of sentences with their hits."""

import pandas as pd
from hypothesis import strategies as st

from burdenlab.tables import make_table

THEMES = ("a", "b", "c")
MOVES = ("problem", "measure", "plan", "frame", "")

_sentence = st.tuples(
    st.integers(0, 30),  # Han characters
    st.integers(0, 2),  # section
    st.sampled_from(MOVES),
    st.lists(st.sampled_from(THEMES[:2]), max_size=3),  # a match each; nothing is ever about c
)
corpora = st.lists(st.lists(_sentence, max_size=5), min_size=1, max_size=6)


def make_corpus(corpus: list, *, prefix: str = "") -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Make hits, sentences and documents; a document's move is that of its section where the sentence has none."""
    sentences, hits, documents = [], [], []
    for number, document in enumerate(corpus):
        doc_id, at = f"{prefix}{number:02d}.txt", 0
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
    table = make_table("documents", documents)
    groups = pd.Series([("x", "y")[i % 2] for i in range(len(table))], dtype="str")
    return make_table("hits", hits), make_table("sentences", sentences), table.assign(group=groups)
