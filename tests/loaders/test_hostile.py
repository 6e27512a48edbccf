"""Files made to hurt: each is counted right or refused with a reason, and the rest goes on."""

import os
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

import burdenlab as bl
from tests import hostile


def judge(made: list[hostile.Hostile], documents: pd.DataFrame, files: pd.DataFrame) -> list[str]:
    """Say what is wrong: a file without fate, a reason that its kind does not state, a text without what was planted."""
    wrong = []
    for one in made:
        rows = files[(files["path"] == one.name) | files["path"].str.startswith(f"{one.name}!/")]
        kept = documents[documents["path"].isin(rows["path"])]
        states = set(rows["state"])
        reasons = {code for row in rows[rows["state"] == "quarantined"]["reasons"] for code in row.split(";")}
        texts = "".join(kept["text"].tolist())
        if not len(rows):
            wrong.append(f"{one.name}: vanished")
        elif not reasons <= one.kind.reasons:
            wrong.append(f"{one.name}: {reasons} ({rows['detail'].tolist()}), may be {set(one.kind.reasons)}")
        elif (
            states & {"counted", "warned"}
            and one.kind.is_text
            and one.planted not in texts
            and "loses" not in one.kind.reasons
        ):
            wrong.append(f"{one.name}: the planted sentence is lost")
        elif states <= {"counted", "warned"} and not one.kind.is_text and "encoding_uncertain" not in one.kind.reasons:
            wrong.append(f"{one.name}: counted, must be refused")
        elif states == {"skipped"} and len(rows) == 1:
            wrong.append(f"{one.name}: skipped")
    return wrong


def test_there_are_enough_kinds():
    kinds = hostile.all_kinds()
    assert len({kind.name for kind in kinds}) == len(kinds) >= 40
    assert sum(1 if kind.is_slow else 4 for kind in kinds) >= 300


def test_a_few_of_each_quick_kind(tmp_path):
    heavy = ("bomb", "ratio", "noisy-paragraphs", "many")
    kinds = [k for k in hostile.all_kinds() if not k.is_slow and not k.name.endswith(heavy)]
    made = hostile.write_files(tmp_path, 20240611, kinds, each=1)
    documents, files, edits = bl.read_documents(tmp_path)
    assert judge(made, documents, files) == []
    assert set(edits["doc_id"]) <= set(documents["doc_id"])
    assert (files.loc[files["state"] == "quarantined", "detail"].str.len() > 10).all()
    assert (files.loc[files["state"] == "quarantined", "detail_zh"].str.len() > 4).all()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes as files")
def test_what_is_no_regular_file(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    planted = "基层单位按月核对台账，不再重复报送。"
    expected = hostile.write_odd_entries(folder, planted)
    documents, files, _ = bl.read_documents(folder)
    found = files.set_index("path")["reasons"].to_dict()
    assert found == expected
    assert set(documents["path"]) == {name for name, reason in expected.items() if not reason}
    assert set(documents["text"]) == {planted}


@pytest.mark.acceptance
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_hundreds_of_hostile_files(tmp_path, seed):
    made = hostile.write_files(tmp_path, seed, hostile.all_kinds(), each=4)
    assert len(made) >= 300
    taken: dict[str, float] = {}
    begun = [time.monotonic()]

    def watch(results, _n):
        for result in results:
            taken[result.files[0]["path"]] = time.monotonic() - begun[0]
            yield result
            begun[0] = time.monotonic()

    with peak_of_children() as peak:
        documents, files, _ = bl.read_documents(tmp_path, progress=watch)
    assert judge(made, documents, files) == []
    assert max(taken.values()) < 35, max(taken, key=taken.get)
    assert 50e6 < peak[0] < 1e9 or not Path("/proc").is_dir()


@contextmanager
def peak_of_children():
    """Watch how large any child of this process grows; what the system counts for ended ones includes their parent."""
    peak, is_over = [0.0], threading.Event()

    def look() -> None:
        while not is_over.wait(0.02):
            for status in Path("/proc").glob("[0-9]*/status"):
                try:
                    said = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
                except OSError:
                    continue
                if int(said["PPid"]) == os.getpid() and "VmHWM" in said:
                    peak[0] = max(peak[0], int(said["VmHWM"].split()[0]) * 1024)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        is_over.set()
        watcher.join()
