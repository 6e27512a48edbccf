"""Tables of words made for tests."""

import numpy as np
import pandas as pd
from hypothesis import settings

from burdenlab.tables import make_table

law = settings(deadline=None, max_examples=300)  # a busy machine is slow now and then, which breaks no law


def make_tokens(*documents: str) -> pd.DataFrame:
    """Make the table of tokens of documents "a", "b", …: words stand between spaces, sentences end at full stops.

    Words of a sentence touch each other, as Chinese ones do; a comma between spaces keeps two words apart.
    """
    rows = []
    for number, document in enumerate(documents):
        at = 0
        for sentence_id, sentence in enumerate(document.split("。")):
            for word in sentence.split():
                if word != "，":
                    rows.append((chr(ord("a") + number), sentence_id, at, at + len(word), word))
                at += len(word)
            at += 1
    return make_table("tokens", rows)


def make_sentences(tokens: pd.DataFrame) -> pd.DataFrame:
    """Make the sentences that have these tokens."""
    of_sentence = tokens.groupby(["doc_id", "sentence_id"], as_index=False).agg(
        start=("start", "min"), end=("end", "max")
    )
    fixed = {"section_id": 0, "text": "", "n_han": 1, "is_heading": False, "is_quotation": False}
    return make_table("sentences", {**of_sentence, **fixed, "section_move": "", "move": "", "move_source": ""})


def make_counts(cells: dict[str, dict[str, int]]) -> pd.DataFrame:
    """Make a table of counts of words from document → word → count."""
    rows = [(doc_id, token, n) for doc_id, words in cells.items() for token, n in words.items()]
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    dtypes = {"doc_id": "str", "token": "str", "n": "int64"}
    typed = zip(dtypes.items(), columns, strict=True)
    return pd.DataFrame({column: pd.array(list(values), dtype=dtype) for (column, dtype), values in typed})


def random_counts(seed: int, *, documents: int, words: int, mean: float = 5) -> pd.DataFrame:
    """Make counts of words that come in bursts, documents of different length."""
    rng = np.random.default_rng(seed)
    rates = mean * rng.lognormal(0, 0.5, (documents, 1)) * rng.gamma(1, 1, (documents, words))
    n = rng.poisson(rates)
    return make_counts({f"d{i:03}": {f"w{j:04}": int(n[i, j]) for j in range(words)} for i in range(documents)})
