"""Corpora with planted copies and passages, composed character by character: whoever measures reuse knows the truth."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from burdenlab.tables import make_table

HAN = np.array([chr(point) for point in range(0x4E00, 0x9FA0)])
EDITS = (0.05, 0.15, 0.30)
LENGTHS = (100, 300, 900)
KINDS = ("characters", "words", "clauses")


class Planted(NamedTuple):
    documents: pd.DataFrame
    copies: pd.DataFrame  # source, target, kind (how it was edited), edits
    passages: pd.DataFrame  # source, target, start_source, end_source, start_target, end_target, length


def table(texts: list[str], **variables: list) -> pd.DataFrame:
    """Make documents without files: ten thousand of them."""
    n_han = [sum("\u4e00" <= c <= "\u9fff" for c in text) for text in texts]
    ids = [f"{i:05d}.txt" for i in range(len(texts))]
    documents = make_table(
        "documents",
        {
            "doc_id": ids, "title": ids, "text": texts, "n_han": n_han, "truncated": False, "kept_share": 1.0,
            "present_share": np.nan, "warnings": "", "path": ids, "sha256": "",
        },
    )  # fmt: skip
    return documents.assign(**variables)


class Writer:
    """Writes texts of words whose frequencies fall as Zipf's, with punctuation and phrases that everybody uses."""

    def __init__(self, seed: int, *, n_stock: int = 400, stock: float = 0.1):
        self.rng = np.random.default_rng(seed)
        usual = self.rng.permutation(HAN)[:3000]
        weight = 1 / (np.arange(len(usual)) + 20)
        draw = self.rng.choice(usual, size=(20_000, 4), p=weight / weight.sum())
        sizes = self.rng.choice([1, 2, 3, 4], size=20_000, p=[0.1, 0.65, 0.15, 0.1])
        self.words = np.array(["".join(row[:n]) for row, n in zip(draw, sizes, strict=True)])
        self.weight = 1 / (np.arange(20_000) + 10.0)
        self.weight /= self.weight.sum()
        self.stock = np.array([self.plain(int(n)) for n in self.rng.integers(8, 25, n_stock)]) if n_stock else None
        self.share = stock if n_stock else 0.0

    def plain(self, length: int) -> str:
        return "".join(self.rng.choice(self.words, size=length, p=self.weight))[:length]

    def text(self, length: int) -> str:
        """Write `length` Han characters in clauses and sentences."""
        words = self.rng.choice(self.words, size=length, p=self.weight)
        if self.stock is not None:
            is_stock = self.rng.random(length) < self.share / 8
            # A few phrases are everywhere, most are rare.
            which = (len(self.stock) * self.rng.random(length) ** 3).astype(int)
            words = np.where(is_stock, self.stock[which], words)
        marks = self.rng.choice(["", "，", "。", "、", "\n"], size=length, p=[0.8, 0.1, 0.06, 0.03, 0.01])
        words = np.char.add(words, marks)
        ends = np.cumsum(np.char.str_len(words))
        return "".join(words[: np.searchsorted(ends, length * 1.12) + 1])


def edit(text: str, share: float, rng: np.random.Generator, kind: str = "characters") -> str:
    """Change a share of the characters: one by one, by words, or by whole clauses."""
    if kind == "clauses":
        clauses = text.split("，")
        gone = rng.random(len(clauses)) < share
        return "，".join("".join(rng.permutation(list(c))) if g else c for c, g in zip(clauses, gone, strict=True))
    if kind == "words":
        pieces = [text[i : i + 3] for i in range(0, len(text), 3)]
        changed = rng.random(len(pieces)) < share
        new = ["".join(rng.choice(HAN, size=rng.integers(2, 5))) for _ in range(int(changed.sum()))]
        for at, word in zip(np.flatnonzero(changed), new, strict=True):
            pieces[at] = word
        return "".join(pieces)
    what = rng.choice(["keep", "other", "gone", "more"], size=len(text), p=[1 - share, *[share / 3] * 3])
    other = rng.choice(HAN, size=len(text))
    written = [
        {"keep": c, "other": o, "gone": "", "more": c + o}[w]
        for c, o, w in zip(text, other, what.tolist(), strict=True)
    ]
    return "".join(written)


def plant(n_documents: int, *, n_each: int, n_han: int = 3000, seed: int = 0, stock: float = 0.1) -> Planted:
    """Write documents; n_each of them for each share and way of editing are copies, and n_each for each length borrow."""
    writer = Writer(seed, stock=stock)
    rng = np.random.default_rng([seed, 1])
    texts = [writer.text(n_han) for _ in range(n_documents)]
    chosen = iter(rng.permutation(n_documents).tolist())
    copies, passages = [], []
    for share in EDITS:
        for number in range(n_each):
            source, target, kind = next(chosen), next(chosen), KINDS[number % 3]
            texts[target] = edit(texts[source], share, rng, kind)
            copies.append((source, target, kind, share))
    for length in LENGTHS:
        for _ in range(n_each):
            source, target = next(chosen), next(chosen)
            start = int(rng.integers(0, len(texts[source]) - length))
            at = int(rng.integers(0, len(texts[target])))
            passage = texts[source][start : start + length]
            texts[target] = texts[target][:at] + passage + texts[target][at:]
            passages.append((source, target, start, start + length, at, at + length, length))
    documents = table(texts)
    ids = documents["doc_id"].to_numpy()
    copies = pd.DataFrame(copies, columns=["source", "target", "kind", "edits"])
    columns = ["source", "target", "start_source", "end_source", "start_target", "end_target", "length"]
    passages = pd.DataFrame(passages, columns=columns)
    return Planted(documents, *(t.assign(source=ids[t["source"]], target=ids[t["target"]]) for t in (copies, passages)))
