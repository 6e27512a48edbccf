"""Corpora that many tests read: composed ones that are here, real ones that lie beside the checkout."""

import gc
import os
import tempfile
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import burdenlab as bl

DEMO = bl.project_path("data", "demo")
SHARED = Path(os.environ.get("BURDENLAB_SHARED", bl.project_path("..", "shared"))).resolve()
LONGEST = ("test_cli.py", "test_rate_laws.py")


def pytest_collection_modifyitems(items):
    """Put the modules first that take longest, so that no worker waits for another at the end."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


def pytest_collection_finish():
    """Keep what was imported out of every later collection of garbage, which statsmodels asks for in each call."""
    gc.freeze()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of real documents beside the checkout; a skip in CI is a failure."""
    if not SHARED.is_dir():
        reason = f"real documents are not at {SHARED}; let BURDENLAB_SHARED name their folder"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return SHARED


@pytest.fixture(scope="session")
def seed(shared):
    """Tables of the seed report."""
    return code(bl.read_seed(next((shared / "seeds").glob("*.txt"))))


@pytest.fixture(scope="session")
def demo():
    """Tables of the demo reports."""
    return code(bl.read_documents(DEMO / "reports", metadata=DEMO / "metadata.csv"))


@pytest.fixture(scope="session")
def codebook():
    """Give the shipped codebook."""
    return shipped_codebook()


shipped_codebook = cache(bl.load_codebook)


def code(read) -> bl.Corpus:
    documents, files, edits = read
    sections = bl.split_sections(documents)
    sentences = bl.split_sentences(documents, sections)
    book = shipped_codebook()
    return bl.Corpus(documents, files, edits, sections, sentences, bl.find_hits(sentences, book), book)


def make_documents(*texts: str) -> pd.DataFrame:
    """Make a table of documents from texts, by way of files as a user would."""
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            Path(folder, f"{number:02d}.txt").write_text(text, "utf-8", newline="")
        return bl.read_documents(folder)[0]


def make_sentences(*texts: str) -> pd.DataFrame:
    """Make a table of sentences from texts."""
    documents = make_documents(*texts)
    return bl.split_sentences(documents, bl.split_sections(documents))


def make_codebook(tmp_path: Path, *, contexts: dict | None = None, **themes: dict) -> bl.Codebook:
    """Make a codebook with one group from theme names and their keys."""
    lines = ['[groups.g]\nzh = "组"\nen = "Group"']
    if contexts:
        lines += ["[contexts]", *(f"{key} = {words!r}" for key, words in contexts.items())]
    for name, keys in themes.items():
        lines.append(f'[themes.{name}]\ngroup = "g"\nzh = "{name}"\nen = "{name}"')
        lines += [f"{key} = {values!r}" for key, values in keys.items() if key != "when"]
        for rule in keys.get("when", []):
            lines += [f"[[themes.{name}.when]]", *(f"{key} = {values!r}" for key, values in rule.items())]
    path = tmp_path / "codebook.toml"
    path.write_text("\n".join(lines), "utf-8")
    return bl.load_codebook(path)
