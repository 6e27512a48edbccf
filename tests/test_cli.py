"""The command line, run for real: notebooks, report, exit codes, messages."""

import re
import subprocess
import sys

import nbformat
import pandas as pd
import pytest

from burdenlab.cli import main
from tests.conftest import DEMO


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run the whole demo once, by the console script, in a folder of its own; a broken file lies among the reports."""
    folder = tmp_path_factory.mktemp("run")
    reports = folder / "reports"
    reports.mkdir()
    for path in (DEMO / "reports").glob("*.txt"):
        (reports / path.name).write_bytes(path.read_bytes())
    (reports / "<b>broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    command = [
        sys.executable,
        "-m",
        "burdenlab",
        "run",
        str(reports),
        "-o",
        "out",
        "--metadata",
        str(DEMO / "metadata.csv"),
    ]
    done = subprocess.run([*command, "--lang", "en"], cwd=folder, capture_output=True, text=True)
    return folder / "out", done


def test_it_ends_with_the_fates_and_the_exit_code_of_quarantine(run):
    _, done = run
    assert done.returncode == 3, done.stderr
    assert done.stderr.rstrip().splitlines()[-1] == (
        "19 files: 18 counted, 0 counted with warnings, 1 quarantined, 0 skipped."
    )
    assert "Warning" not in done.stderr


def test_every_notebook_ran_and_is_linked(run):
    out, _ = run
    page = (out / "index.html").read_text("utf-8")
    links = re.findall(r'href="(notebooks/[^"]+)"', page)
    assert len(links) == len(list((out / "notebooks").glob("*.ipynb"))) >= 3
    for link in links:
        body = (out / link).read_text("utf-8")
        assert "Content-Security-Policy" in body
        assert "<script" not in body
        notebook = nbformat.read((out / link).with_suffix(".ipynb"), as_version=4)
        kinds = [o.get("output_type") for c in notebook.cells for o in c.get("outputs", [])]
        assert "error" not in kinds
        assert not [o for c in notebook.cells for o in c.get("outputs", []) if o.get("name") == "stderr"]


def test_pages_escape_what_files_say(run):
    out, _ = run
    page = (out / "index.html").read_text("utf-8")
    assert "<b>broken" not in page
    assert "&lt;b&gt;broken" in page
    assert "<script" not in page


def test_figures_and_tables_are_there_in_both_languages(run):
    out, _ = run
    stems = {p.name.rsplit(".", 2)[0] for p in (out / "figures").glob("*.png")}
    assert {"01-theme-rates", "02-theme-by-move", "02-words", "03-by-level"} <= stems
    for stem in stems:
        for lang in ("zh", "en"):
            for kind in ("pdf", "svg", "png", "csv"):
                assert (out / "figures" / f"{stem}.{lang}.{kind}").is_file()
    for path in [*(out / "tables").glob("*.csv"), *(out / "figures").glob("*.csv")]:
        table = pd.read_csv(path, encoding="utf-8-sig")
        if path.stem != "01-files":
            assert table["note"].str.contains("composed|自编").all(), path.name


def test_bad_input_is_one_line_in_the_users_language(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    for lang, said in (
        ("en", "Error: the folder .* holds no file; put reports into it"),
        ("zh", "错误:文件夹 .* 里没有文件"),
    ):
        assert main(["run", str(tmp_path / "empty"), "-o", str(tmp_path / "o"), "--lang", lang]) == 1
        printed = capsys.readouterr().err
        assert re.match(said, printed)
        assert printed.count("\n") == 1


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (["--metadata", "none.csv"], "does not exist"),
        (["--codebook", "none.toml"], "does not exist"),
    ],
)
def test_a_wrong_option_names_the_thing(tmp_path, capsys, extra, said):
    (tmp_path / "a.txt").write_text("基层减负报告。", "utf-8")
    assert main(["run", str(tmp_path), "-o", str(tmp_path / "o"), "--lang", "en", *extra]) == 1
    assert said in capsys.readouterr().err


def test_usage_is_2(tmp_path):
    with pytest.raises(SystemExit) as stopped:
        main(["run", str(tmp_path), "-o", "x", "--lang", "fr"])
    assert stopped.value.code == 2
