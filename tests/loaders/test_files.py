"""Finding files, and names that survive."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burdenlab.loaders.files import escape_path, find_files, unescape_path


@given(st.binary(min_size=1, max_size=12).filter(lambda b: b"\0" not in b and b"/" not in b))
def test_any_name_comes_back(name):
    path = os.fsdecode(name)
    escaped = escape_path(path)
    escaped.encode("utf-8")  # any table can hold it
    assert unescape_path(escaped) == path


def test_links_and_pipes_are_listed_and_not_opened(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "b.txt").symlink_to("/etc/hostname")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "c.txt")
    found = {file.name: file.refused for file in find_files(tmp_path)}
    assert found == {"a.txt": "", "b.txt": "symlink", "loop": "symlink", "c.txt": "not_regular"}


def test_names_are_relative_and_sorted(tmp_path):
    (tmp_path / "b").mkdir()
    for name in ("b/一.txt", "a.txt"):
        (tmp_path / name).write_text("x")
    assert [file.name for file in find_files(tmp_path)] == ["a.txt", "b/一.txt"]


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        ("missing", FileNotFoundError, "does not exist"),
        ("empty", ValueError, "holds no file"),
        ([], ValueError, "empty list"),
    ],
)
def test_nothing_to_read(tmp_path, source, error, message):
    (tmp_path / "empty").mkdir()
    with pytest.raises(error, match=message):
        find_files(source if isinstance(source, list) else tmp_path / source)
