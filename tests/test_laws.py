"""Every law of the design on every corpus at hand."""

import pytest

import burdenlab as bl
from tests.conftest import DEMO
from tests.laws import check_laws


def raw_texts(folder, encoding="utf-8"):
    return {path.name: path.read_bytes().decode(encoding) for path in sorted(folder.glob("*.txt"))}


def test_laws_hold_on_the_demo(demo):
    check_laws(demo, raw_texts(DEMO / "reports"))


def test_laws_hold_on_the_seed(seed, shared):
    check_laws(seed, raw_texts(shared / "seeds"))


@pytest.mark.parametrize(("name", "count"), [("workreports", 117), ("notices", 20)])
def test_laws_hold_on_real_documents(name, count, shared, tmp_path):
    folder = shared / "corpora" / name
    corpus = bl.code_corpus(folder / "txt", out=tmp_path, metadata=folder / "metadata.csv")
    assert (corpus.files["state"].isin(["counted", "warned"])).sum() == len(corpus.documents) == count
    check_laws(corpus, raw_texts(folder / "txt"))


@pytest.mark.acceptance
@pytest.mark.parametrize(("name", "count"), [("policy/txt", 287), ("localregs/orig", 1695)])
def test_laws_hold_on_two_thousand_documents(name, count, shared, tmp_path):
    folder = shared / "corpora" / name
    corpus = bl.code_corpus(folder, out=tmp_path)
    assert (corpus.files["state"].isin(["counted", "warned"])).sum() == len(corpus.documents) == count
    raws = {p.relative_to(folder).as_posix(): p.read_bytes().decode("utf-8") for p in folder.rglob("*") if p.is_file()}
    check_laws(corpus, raws)


def test_a_document_does_not_depend_on_its_neighbours(demo):
    alone, _, _ = bl.read_documents(DEMO / "reports" / "09.txt")
    sentences = bl.split_sentences(alone, bl.split_sections(alone))
    hits = bl.find_hits(sentences, demo.codebook)
    among = demo.hits[demo.hits["doc_id"] == "09.txt"].reset_index(drop=True)
    assert hits.equals(among)


def test_workers_change_nothing(demo):
    read = bl.read_documents(DEMO / "reports", metadata=DEMO / "metadata.csv", workers=2)
    for table, name in zip(read, ("documents", "files", "edits"), strict=True):
        assert table.equals(getattr(demo, name))


def test_order_of_a_list_changes_nothing():
    paths = sorted((DEMO / "reports").glob("*.txt"))[:4]
    one, other = bl.read_documents(paths), bl.read_documents(paths[::-1])
    assert all(a.equals(b) for a, b in zip(one, other, strict=True))
