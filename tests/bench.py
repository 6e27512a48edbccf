"""What reading costs, as ratios against a bare peer in the same run: ``make bench``.

The peer decodes the same files strictly as UTF-8 and splits them with the same splitters; what remains is the price of
finding encodings, checking, cleaning, hashing, and of the fates. Runs alternate, so that a busy machine slows both.
"""

import sys
import time
from pathlib import Path
from statistics import median

import pandas as pd

import burdenlab as bl
from burdenlab.loaders.cleaning import clean
from burdenlab.tables import TABLES, make_table
from tests.conftest import SHARED


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
    return 0


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
