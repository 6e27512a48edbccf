"""All stages over a folder, on disk."""

import pandas as pd
import pytest

import burdenlab as bl
from tests.conftest import DEMO


def test_what_is_written_comes_back(tmp_path, demo):
    corpus = bl.code_corpus(DEMO / "reports", out=tmp_path, metadata=DEMO / "metadata.csv")
    again = bl.open_corpus(tmp_path)
    for name in ("documents", "files", "edits", "sections", "sentences", "hits"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(corpus, name))
        pd.testing.assert_frame_equal(getattr(again, name), getattr(demo, name))
    assert again.codebook == corpus.codebook
    assert not list(tmp_path.glob("*.part"))
    assert (tmp_path / "files.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_same_bytes_again(tmp_path):
    for name in ("a", "b"):
        bl.code_corpus(DEMO / "reports", out=tmp_path / name, metadata=DEMO / "metadata.csv", workers=1 + (name == "b"))
    for one in sorted((tmp_path / "a").iterdir()):
        assert one.read_bytes() == (tmp_path / "b" / one.name).read_bytes(), one.name


def test_a_folder_where_nothing_counts_tells_why(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(b"")
    with pytest.raises(ValueError, match=r"none of the 1 file\(s\) could be counted; the first, 'a.txt': empty"):
        bl.code_corpus(tmp_path / "in", out=tmp_path / "out")
    assert "empty" in (tmp_path / "out" / "files.csv").read_text("utf-8-sig")


def test_what_is_no_coded_corpus_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"lacks documents.parquet; make one by code_corpus"):
        bl.open_corpus(tmp_path)


def test_load_corpus_takes_the_demo_by_default(tmp_path, demo):
    corpus = bl.load_corpus(out=tmp_path)
    assert len(corpus.documents) == len(demo.documents)
    assert bl.load_corpus(tmp_path / "coded", out=tmp_path).hits.equals(demo.hits)


def test_features_of_a_corpus_or_those_that_are_shipped(tmp_path, demo):
    shipped, codebook = bl.load_features(out=tmp_path)
    assert len(shipped.documents) == 97
    assert set(shipped.themes) == set(codebook.themes)
    bl.code_corpus(DEMO / "reports", out=tmp_path / "coded", metadata=DEMO / "metadata.csv")
    own, _ = bl.load_features(out=tmp_path, corpus=tmp_path / "coded")
    assert own.theme_counts["n_hits"].sum() == len(demo.hits)
    again, _ = bl.load_features(tmp_path / "features", out=tmp_path)
    pd.testing.assert_frame_equal(again.exposure, own.exposure)
