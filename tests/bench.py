"""What reading and coding cost, as ratios against a bare peer in the same run: ``make bench``.

The peer decodes the same files strictly as UTF-8 and splits them with the same splitters; what remains is the price of
finding encodings, checking, cleaning, hashing, and of the fates. Runs alternate, so that a busy machine slows both.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

import daachorse
import numpy as np
import pandas as pd

import burdenlab as bl
from burdenlab.coding.codebook import Theme
from burdenlab.loaders.cleaning import clean
from burdenlab.metrics.passages import shared_passages
from burdenlab.tables import TABLES, make_table
from burdenlab.uncertainty import ratio_interval, resampled_sums
from tests.conftest import SHARED
from tests.metrics.planted import plant


def bare(paths: list[Path]) -> None:
    documents = documents_of([path.name for path in paths], [path.read_bytes().decode("utf-8") for path in paths])
    bl.split_sentences(documents, bl.split_sections(documents))


def documents_of(names: list[str], texts: list[str]) -> pd.DataFrame:
    blank = dict.fromkeys(TABLES["documents"], [""] * len(names))
    numbers = dict.fromkeys(("n_han", "truncated", "kept_share", "present_share"), [0] * len(names))
    return make_table("documents", blank | numbers | {"doc_id": names, "title": names, "text": texts, "path": names})


def full(folder: Path) -> None:
    documents, _, _ = bl.read_documents(folder)
    bl.split_sentences(documents, bl.split_sections(documents))


def seconds(work, *arguments) -> float:
    begun = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - begun


def main() -> int:
    folder = SHARED / "corpora" / "workreports" / "txt"
    if not folder.is_dir():
        print(f"the work reports are not at {folder}; let BURDENLAB_SHARED name their folder")  # noqa: T201
        return 1
    paths = sorted(folder.glob("*.txt"))
    size = sum(path.stat().st_size for path in paths)
    pairs = [(seconds(bare, paths), seconds(full, folder)) for _ in range(7)]
    ratio = median(b / a for a, b in pairs)
    speed = size / median(b for _, b in pairs) / 1e6
    print(f"{len(paths)} reports: reading and splitting / bare decoding and splitting = {ratio:.2f}; {speed:.1f} MB/s")  # noqa: T201
    cleaning_and_splitting()
    finding_hits()
    resampling()
    finding_passages()
    return 0


def finding_hits() -> None:
    """Hits of the shipped codebook, and of its literals alone, against the bare automaton on the same sentences."""
    folders = [SHARED / "corpora" / "policy" / "txt", SHARED / "corpora" / "localregs" / "orig"]
    documents = pd.concat([bl.read_documents(folder)[0] for folder in folders], ignore_index=True)
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    texts = sentences["text"].tolist()
    book = bl.load_codebook()
    bare_themes = [Theme(t.id, t.group, t.zh, t.en, terms=_literals(t)) for t in book.entries]
    literal = replace(book, entries=tuple(bare_themes))
    automaton = daachorse.CharwiseDoubleArrayAhoCorasick(list(literal.words))

    def scan() -> None:
        for at in range(0, len(texts), 50_000):
            automaton.find_overlapping("\n".join(texts[at : at + 50_000]))

    runs = [
        (seconds(scan), seconds(bl.find_hits, sentences, literal), seconds(bl.find_hits, sentences, book))
        for _ in range(7)
    ]
    ratios = [median(run[i] / run[0] for run in runs) for i in (1, 2)]
    print(  # noqa: T201
        f"{sum(map(len, texts)) / 1e6:.1f} million characters: hits of literals / bare scan = {ratios[0]:.2f}; "
        f"of the whole codebook = {ratios[1]:.2f}"
    )


def finding_passages() -> None:
    """Shared passages among 10,000 documents with planted ones, against the whole copies that rensa finds in them."""
    from rensa import RMinHash, RMinHashLSH  # noqa: PLC0415 - only this bench needs it

    planted = plant(10_000, n_each=100)
    texts, ids = planted.documents["text"].tolist(), planted.documents["doc_id"].tolist()

    def whole_copies() -> set[frozenset[str]]:
        index, hashed, pairs = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32), [], set()
        for i, text in enumerate(texts):
            minhash = RMinHash(num_perm=128, seed=42)
            minhash.update([text[j : j + 5] for j in range(len(text) - 4)])
            index.insert(i, minhash)
            hashed.append(minhash)
        for i, minhash in enumerate(hashed):
            pairs |= {frozenset((ids[i], ids[j])) for j in index.query(minhash) if j != i}
        return pairs

    def passages() -> set[frozenset[str]]:
        found = shared_passages(planted.documents)
        return set(map(frozenset, zip(found["doc_id_a"], found["doc_id_b"], strict=True)))

    runs = [(seconds(whole_copies), seconds(passages)) for _ in range(5)]
    print(  # noqa: T201
        f"{len(texts)} documents: shared passages / rensa's whole copies = {median(b / a for a, b in runs):.2f} "
        f"({median(b for _, b in runs):.1f} s against {median(a for a, _ in runs):.1f} s)"
    )
    for name, found in (("rensa", whole_copies()), ("passages", passages())):
        for rows, by in ((planted.copies, "edits"), (planted.passages, "length")):
            is_found = [frozenset(pair) in found for pair in zip(rows["source"], rows["target"], strict=True)]
            print(f"  {name}: recall by {by}", rows.assign(found=is_found).groupby(by)["found"].mean().to_dict())  # noqa: T201


def _literals(theme: Theme) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for rule in theme.rules for term in rule.terms))


def resampling(n: int = 10_000, k: int = 30, n_resamples: int = 2000) -> None:
    """Resamples of documents x themes against loops over indices that give the same: sums, and studentised bounds."""
    rng = np.random.default_rng(0)
    d = rng.lognormal(7.3, 0.5, n).round()
    h = rng.poisson(0.003 * d[:, None] * rng.gamma(2, 0.5, (n, k))).astype(float)
    sums = np.column_stack([h, d])

    def loop_sums(times: int) -> np.ndarray:
        return np.array([sums[rng.integers(0, n, n)].sum(axis=0) for _ in range(times)])

    def loop_bounds(times: int) -> np.ndarray:
        rate = h.sum(axis=0) / d.sum()
        t = []
        for _ in range(times):
            i = rng.integers(0, n, n)
            counts, exposure = h[i], d[i]
            own = counts.sum(axis=0) / exposure.sum()
            error = np.sqrt(((counts - own * exposure[:, None]) ** 2).sum(axis=0)) / exposure.sum()
            t.append((own - rate) / error)
        return np.quantile(t, [0.025, 0.975], axis=0)

    part = n_resamples // 20  # a loop takes twenty times as long for twenty times as many
    runs = [
        (
            20 * seconds(loop_sums, part), seconds(lambda: resampled_sums(sums, n_resamples=n_resamples)),
            20 * seconds(loop_bounds, part), seconds(lambda: ratio_interval(h, d, n_resamples=n_resamples)),
        )
        for _ in range(7)
    ]  # fmt: skip
    times = [median(run[at] for run in runs) for at in range(4)]
    print(  # noqa: T201
        f"{n_resamples:,} resamples of {n:,} documents x {k} themes: sums {median(run[0] / run[1] for run in runs):.1f} x, "
        f"studentised intervals {median(run[2] / run[3] for run in runs):.1f} x an index loop "
        f"({times[0]:.2f} and {times[1]:.3f}, {times[2]:.2f} and {times[3]:.3f} s)"
    )


def cleaning_and_splitting() -> None:
    """Clean and split all the corpora at hand on one core."""
    paths = [
        p for p in sorted((SHARED / "corpora").rglob("*")) if p.suffix in (".txt", ".md") and "messy" not in p.parts
    ]
    raws = [path.read_bytes().decode("utf-8") for path in paths if "annex" not in path.parts]
    size = sum(len(raw.encode()) for raw in raws) / 1e6
    clean("目 标")  # loads jieba's dictionary
    begun = time.perf_counter()
    texts = [clean(raw).text for raw in raws]
    cleaned = time.perf_counter() - begun
    table = documents_of([str(i) for i in range(len(texts))], texts)
    begun = time.perf_counter()
    bl.split_sentences(table, bl.split_sections(table))
    split = time.perf_counter() - begun
    print(  # noqa: T201
        f"{len(raws)} texts of {size:.1f} MB: cleaning {size / cleaned:.1f}, splitting {size / split:.1f}, "
        f"together {size / (cleaned + split):.1f} MB/s"
    )


if __name__ == "__main__":
    sys.exit(main())
