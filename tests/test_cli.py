"""The command line, run for real: notebooks, report, exit codes, messages."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.cli import main
from burdenlab.coding.codebook_files import save_codebook
from tests.conftest import DEMO, make_codebook


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
        if path.stem not in ("01-files", "07-timeline"):
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


REPORT = "关于清理台账的报告\n一、存在问题\n基层单位承担大量报表填报任务，疲于应付，群众也有意见。\n"


def test_code_writes_one_parquet_a_table(tmp_path, capsys):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(REPORT, "utf-8")
    assert main(["code", str(folder), "-o", str(tmp_path / "out"), "--lang", "en"]) == 0
    assert capsys.readouterr().err.splitlines()[-1].startswith("1 files: 1 counted")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    tables = ("documents", "files", "edits", "sections", "sentences", "hits")
    assert names == {*(f"{table}.parquet" for table in tables), "files.csv", "codebook.json"}
    corpus = bl.open_corpus(tmp_path / "out")
    assert corpus.documents["doc_id"].tolist() == ["a.txt"]
    assert len(corpus.hits)


def test_strict_turns_warnings_into_quarantine(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(REPORT, "utf-8")
    (folder / "b.txt").write_text(REPORT + "......试读结束......\n广告\n", "utf-8")
    for extra, code, states in (([], 0, ["counted", "warned"]), (["--strict"], 3, ["counted", "quarantined"])):
        assert main(["code", str(folder), "-o", str(tmp_path / "out"), *extra]) == code
        corpus = bl.open_corpus(tmp_path / "out")
        assert corpus.files["state"].tolist() == states
        assert corpus.files["reasons"].tolist() == ["", "truncated;boilerplate"]
        assert len(corpus.documents) == states.count("counted") + states.count("warned")
        assert set(corpus.edits["doc_id"]) <= set(corpus.documents["doc_id"])


def test_a_table_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(REPORT, "utf-8")
    bl.code_corpus(folder, out=tmp_path / "out")
    before = (tmp_path / "out" / "hits.parquet").read_bytes()

    def full(self, path, **_):
        Path(path).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    assert main(["code", str(folder), "-o", str(tmp_path / "out")]) == 1
    assert (tmp_path / "out" / "hits.parquet").read_bytes() == before


def test_usage_is_2(tmp_path):
    with pytest.raises(SystemExit) as stopped:
        main(["run", str(tmp_path), "-o", "x", "--lang", "fr"])
    assert stopped.value.code == 2


def test_check_tells_what_a_codebook_holds(tmp_path, capsys):
    shipped = bl.project_path("burdenlab", "coding", "codebooks", "burden.toml")
    book = bl.load_codebook(shipped)
    for lang, said in (
        ("en", "codebook burden.toml is good: 25 themes, "),
        ("zh", "编码本 burden.toml 无误:25 个主题"),
    ):
        assert main(["check", "codebook", str(shipped), "--lang", lang]) == 0
        printed = capsys.readouterr().err
        assert printed.startswith(said)
        assert printed.endswith(f"sha256 {book.sha256}\n")
        numbers = [int(n) for n in re.findall(r"(\d+) ", printed.partition("sha256")[0])]
        kinds = book.terms["kind"].value_counts()
        assert numbers[1:3] == [kinds["term"], kinds["pattern"]]
        assert numbers[-1] == kinds["exclude"] + kinds["exclude_pattern"]


def test_check_tells_all_faults_with_their_lines(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_text(
        '[groups.g]\nzh = "组"\nen = "G"\n[themes.a]\ngroup = "h"\nzh = "甲"\nen = "A"\nterms = ["会", "会"]\n', "utf-8"
    )
    for lang, said in (
        (
            "en",
            "Error: codebook mine.toml: line 5: theme a: group 'h' is none of g\nline 8: theme a: '会' stands twice",
        ),
        ("zh", "错误:编码本 mine.toml:第 5 行:主题 a:group 'h' 应为 g 之一\n第 8 行:主题 a:terms 中 '会' 重复"),
    ):
        assert main(["check", "codebook", str(path), "--lang", lang]) == 2
        printed = capsys.readouterr()
        assert printed.err.startswith(said)
        assert printed.out == ""
    assert main(["check", "codebook", str(tmp_path / "none.toml"), "--lang", "en"]) == 2
    assert "does not exist" in capsys.readouterr().err


def test_check_tells_what_differs_from_another_codebook(tmp_path, capsys):
    shipped = bl.project_path("burdenlab", "coding", "codebooks", "burden.toml")
    less = save_codebook(bl.load_codebook(shipped).without([("finance", "三保")]), tmp_path / "less.xlsx")
    assert main(["check", "codebook", str(less), "--against", str(shipped), "--lang", "en"]) == 0
    printed = capsys.readouterr()
    assert printed.err.splitlines()[-1] == f"It differs from {shipped} in 1 places."
    assert printed.out.splitlines() == [
        "theme\tterm\tkind\tchange\tfrom_theme\told\tnew", "finance\t三保\tterm\tremoved\t\t\t",
    ]  # fmt: skip
    assert main(["check", "codebook", str(less), "--against", str(less), "--lang", "zh"]) == 0
    printed = capsys.readouterr()
    assert printed.err.splitlines()[-1] == f"与 {less} 相同。"
    assert printed.out == ""


def test_check_needs_to_know_what(capsys):
    for arguments in (["check"], ["check", "sheet"], ["check", "codebook"]):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 2


def test_code_with_a_codebook_in_excel(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(REPORT, "utf-8")
    book = save_codebook(make_codebook(tmp_path, forms={"terms": ["报表"]}), tmp_path / "mine.xlsx")
    assert main(["code", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--codebook", str(book)]) == 0
    assert bl.open_corpus(tmp_path / "out").hits["term"].tolist() == ["报表"]


@pytest.mark.parametrize("module", ["burdenlab", "burdenlab.cli"])
def test_either_module_is_the_command(module):
    done = subprocess.run([sys.executable, "-m", module, "--version"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"burdenlab {bl.__version__}\n")
