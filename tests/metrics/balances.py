"""Corpora with a known balance of cart and horse, as tables."""

import numpy as np

from burdenlab.metrics.balance_sentences import SIDES
from burdenlab.tables import make_table

# One theme stands for each side of the shipped mapping.
THEME = {"load": "task_load", "capacity": "staffing", "lighten": "paperwork_traces", "feed": "finance"}


def corpus(rows):
    """Make hits, sentences and documents of (document, section, move, themes, is_heading); each sentence has ten characters."""
    rows = [(*row, False)[:5] for row in rows]
    sentences, hits, at = [], [], {}
    for doc_id, section_id, move, themes, is_heading in rows:
        n = at[doc_id] = at.get(doc_id, -1) + 1
        text = "这一句有十个汉字哩" + ("" if is_heading == "title" else "。")
        sentences.append(
            (doc_id, section_id, n, 10 * n, 10 * n + len(text), text, 9, bool(is_heading), move, move, "", False)
        )
        hits += [(doc_id, n, theme, "", 10 * n + i, 10 * n + i + 1, "", move) for i, theme in enumerate(themes)]
    documents = [(doc_id, "", "", 90, False, 1.0, 1.0, "", doc_id, "") for doc_id in at]
    return make_table("hits", hits), make_table("sentences", sentences), make_table("documents", documents)


def planted(counts, *, prefix="d"):
    """Make a corpus with counts[i] = sentences of load, capacity, lightening and feeding in document i, each in a section of its own."""
    moves = ("cause", "problem", "measure", "plan")
    rows = [
        (f"{prefix}{i:05d}", section, move, [THEME[side]])
        for i, of_document in enumerate(counts)
        for section, (side, move, n) in enumerate(zip(SIDES, moves, of_document, strict=True))
        for _ in range(n)
    ]
    return corpus(rows)


def delta(load, capacity, lighten, feed):
    return np.log2((lighten + 0.5) / (feed + 0.5)) - np.log2((load + 0.5) / (capacity + 0.5))


def made(rng, n_corpora, n_documents, means, *, burst=0.5):
    """Draw counts of each side: documents differ in length, and each has its own leaning."""
    length = rng.gamma(3, 1 / 3, (n_corpora * n_documents, 1))
    return rng.poisson(np.array(means) * length * rng.gamma(1 / burst, burst, (n_corpora * n_documents, 4)))
