"""What reading costs, as ratios against a bare peer in the same run: ``make bench``.

The peer decodes the same files strictly as UTF-8 and splits them with the same splitters; what remains is the price of
finding encodings, checking, cleaning, hashing, and of the fates. Runs alternate, so that a busy machine slows both.
"""

import sys
import time
from pathlib import Path
from statistics import median

import burdenlab as bl
from burdenlab.tables import TABLES, make_table
from tests.conftest import SHARED


def bare(paths: list[Path]) -> None:
    texts = [path.read_bytes().decode("utf-8") for path in paths]
    names = [path.name for path in paths]
    blank = dict.fromkeys(TABLES["documents"], [""] * len(paths))
    numbers = dict.fromkeys(("n_han", "truncated", "kept_share", "present_share"), [0] * len(paths))
    documents = make_table(
        "documents", blank | numbers | {"doc_id": names, "title": names, "text": texts, "path": names}
    )
    bl.split_sentences(documents, bl.split_sections(documents))


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
    return 0


if __name__ == "__main__":
    sys.exit(main())
