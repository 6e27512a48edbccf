"""Fuzz targets: whatever the bytes, a reader gives parts or refuses them; it never stops with another error.

Run by ``make fuzz``, which installs atheris: ``python tests/fuzz.py TARGET -max_total_time=60``.
"""

import random
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["burdenlab"]):
    import burdenlab as bl
    from burdenlab.coding.codebook_files import save_codebook
    from burdenlab.coding.word_lists import load_word_lists
    from burdenlab.loaders.cleaning import clean
    from burdenlab.loaders.docx import read_docx
    from burdenlab.loaders.encodings import decode
    from burdenlab.loaders.html import read_html
    from burdenlab.loaders.limits import Options
    from burdenlab.loaders.mojibake import check_text
    from burdenlab.loaders.pdf import read_pdf
    from burdenlab.loaders.quarantine import Quarantined
    from burdenlab.loaders.tabular import read_delimited
from tests import hostile

OPTIONS = Options()


def target(name):
    """Give the function that is fed with bytes."""
    readers = {"html": read_html, "docx": read_docx, "pdf": read_pdf, "table": read_delimited}

    def read(data: bytes) -> None:
        try:
            for part in readers[name](data, OPTIONS).parts:
                assert isinstance(part.raw, str)
        except Quarantined as refused:
            if not (refused.detail and refused.detail_zh):
                raise RuntimeError(refused.code) from refused

    def text(data: bytes) -> None:
        try:
            decoded = check_text(decode(data))
        except Quarantined:
            return
        cleaned = clean(decoded.text)
        assert sum(len(edit[5]) - len(edit[6]) for edit in cleaned.edits) == len(decoded.text) - len(cleaned.text)

    def codebook(data: bytes) -> None:
        path = Path(tempfile.gettempdir(), "burdenlab-fuzz")
        path.write_bytes(data)
        for load in (
            lambda: save_codebook(bl.load_codebook(path), path.with_suffix(".toml")),
            lambda: load_word_lists(words=path),
            lambda: load_word_lists(merges=path),
            lambda: load_word_lists(words=path, stop_words=path),
        ):
            try:
                load()
            except ValueError as error:
                if not getattr(error, "__notes__", []):
                    raise  # not a fault of the codebook that was told

    return {"decode": text, "codebook": codebook}.get(name, read)


def examples(name: str) -> list[bytes]:
    """Start from files of the right kind."""
    if name == "codebook":
        source = bl.project_path("burdenlab", "coding", "codebooks", "burden.toml")
        small = bl.load_codebook(source).without(
            [(row.theme, row.term) for row in bl.load_codebook(source).terms.itertuples() if len(row.term) != 4]
        )
        sheet = save_codebook(small, Path(tempfile.gettempdir(), "burdenlab-fuzz.xlsx")).read_bytes()
        return [
            source.read_bytes()[:3000],
            sheet,
            "督查 5 n\n督查检查\n".encode(),
            "督查=>督导、督察\n台账\t报表".encode(),
        ]
    rng = random.Random(1)
    prefix = {"decode": "text-", "html": "page-", "docx": "word-", "pdf": "pdf-", "table": "table-"}[name]
    kinds = [kind for kind in hostile.all_kinds() if kind.name.startswith(prefix) and not kind.is_slow]
    made = [kind.make(rng, "植入的语句：基层按月核对台账。") for kind in kinds if "bomb" not in kind.name]
    return [data for data in made if len(data) < 60_000]


if __name__ == "__main__":
    chosen = sys.argv.pop(1)
    corpus = Path(tempfile.mkdtemp(prefix="burdenlab-fuzz-"))
    for number, data in enumerate(examples(chosen)):
        (corpus / str(number)).write_bytes(data)
    atheris.Setup(
        [
            *sys.argv,
            "-timeout=20",
            "-rss_limit_mb=0",  # the memory grows with atheris, not with the readers: without it they stay at 120 MB
            f"-artifact_prefix={corpus}/",
            str(corpus),
        ],
        target(chosen),
    )
    atheris.Fuzz()
