"""The process of its own: limits of time and memory, deaths, and what they leave behind."""

import os
import random
import signal
import sys
import time
import zlib
from pathlib import Path

import pytest

import burdenlab as bl
from burdenlab.loaders.isolation import IsolatedReader
from burdenlab.loaders.limits import Limits, Options
from tests import hostile

GOOD = "基层单位按月核对台账，不再重复报送。"


def test_a_slow_file_is_stopped_and_the_next_one_read(tmp_path):
    """A page of forty million operators takes seconds and no memory."""
    (tmp_path / "a.pdf").write_bytes(hostile._pdf_of(zlib.compress(b"0 g " * 40_000_000, 9), filters="/FlateDecode"))
    word = next(kind for kind in hostile.all_kinds() if kind.name == "word-plain")
    (tmp_path / "b.docx").write_bytes(word.make(random.Random(1), GOOD))
    begun = time.monotonic()
    documents, files, _ = bl.read_documents(tmp_path, limits=Limits(seconds=1))
    assert time.monotonic() - begun < 30
    assert files["reasons"].tolist() == ["timeout", ""]
    assert "1 s" in files["detail"][0]
    assert GOOD in documents["text"][0]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
def test_a_greedy_file_is_stopped(tmp_path):
    (tmp_path / "a.html").write_text("<p>" + "减负" * 12_000_000, "utf-8")
    _, files, _ = bl.read_documents(tmp_path, limits=Limits(memory_bytes=150_000_000))
    assert files["reasons"].tolist() == ["limit"]
    assert "150,000,000 bytes of memory" in files["detail"][0]


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_file_that_kills_its_reader_twice_is_quarantined(tmp_path, monkeypatch):
    path = tmp_path / "a.html"
    path.write_text(GOOD, "utf-8")
    started = []

    def start(self) -> None:
        real(self)
        started.append(self._process.pid)
        os.kill(self._process.pid, signal.SIGKILL)

    real = IsolatedReader._start
    monkeypatch.setattr(IsolatedReader, "_start", start)
    child = IsolatedReader()
    result = child.read(path, "a.html", Options())
    child.close()
    assert result.files[0]["reasons"] == "crashed"
    assert len(set(started)) == 2


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
def test_no_child_is_left(tmp_path):
    (tmp_path / "a.html").write_text(f"<p>{GOOD}</p>", "utf-8")
    bl.read_documents(tmp_path)

    def mine(entry: Path) -> bool:
        try:
            stat = (entry / "stat").read_text()
        except OSError:
            return False
        return int(stat.rpartition(")")[2].split()[1]) == os.getpid() and "Z" not in stat.rpartition(")")[2][:3]

    assert not [entry for entry in Path("/proc").iterdir() if entry.name.isdigit() and mine(entry)]


def test_nothing_is_fetched_or_written_outside(tmp_path):
    """A page, a Word file and an archive that name addresses and paths outside; a listener and the folder watch."""
    import socket  # noqa: PLC0415

    folder = tmp_path / "in"
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        port = server.getsockname()[1]
        links = "".join(f'<{tag} src="http://127.0.0.1:{port}/x"></{tag}>' for tag in ("img", "script", "iframe"))
        (folder / "a.html").write_text(
            f"<link rel=stylesheet href=http://127.0.0.1:{port}/x>{links}<p>{GOOD * 5}</p>", "utf-8"
        )
        (folder / "b.tmx").write_text(
            f'<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "http://127.0.0.1:{port}/x"><tmx/>', "utf-8"
        )
        kinds = [k for k in hostile.all_kinds() if k.name in ("word-traversal", "word-outside-chunk", "zip-traversal")]
        hostile.write_files(folder, 1, kinds, each=1)
        before = sorted(tmp_path.rglob("*"))
        bl.read_documents(folder)
        with pytest.raises(TimeoutError):
            server.accept()
    assert sorted(tmp_path.rglob("*")) == before
    assert not list(Path("/tmp").glob("burdenlab-escaped*"))
