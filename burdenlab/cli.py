"""The command line: ``burdenlab run`` does for a folder what the notebooks do for the demo, ``check`` looks at a file."""

from __future__ import annotations

import argparse
import io
import sys
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from burdenlab import __version__
from burdenlab.coding.codebook_files import load_codebook
from burdenlab.coding.comparison import compare_codebooks
from burdenlab.messages import LANGUAGES, Language, reason_text
from burdenlab.study import Corpus, code_corpus

__all__ = ["main"]

DONE, NOT_FINISHED, FAULTY, WITH_QUARANTINE = 0, 1, 2, 3  # 2 is argparse's too: the call's words are off

_WORDS = {
    "reading": ("读取文件", "Reading files"),
    "notebook": ("运行笔记本 {}", "Running notebook {}"),
    "fates": (
        "{total} 个文件:计入 {counted},计入但有提示 {warned},隔离 {quarantined},跳过 {skipped}。",
        "{total} files: {counted} counted, {warned} counted with warnings, {quarantined} quarantined, {skipped} skipped.",
    ),
    "where": ("结果:{}", "Results: {}"),
    "error": ("错误:{}", "Error: {}"),
    "note": ("提示:{}", "Note: {}"),
    "codebook": (
        "编码本 {name} 无误:{themes} 个主题,{terms} 个词条和 {patterns} 个模式(其中 {conditions} 条带条件),{excluded} 个排除词;sha256 {sha256}",
        "codebook {name} is good: {themes} themes, {terms} terms and {patterns} patterns ({conditions} of these on a "
        "condition), {excluded} exclusions; sha256 {sha256}",
    ),
    "same": ("与 {} 相同。", "It holds the same as {}."),
    "differs": ("与 {} 有 {} 处不同。", "It differs from {} in {} places."),
    "more": ("……其余 {} 个见 {}", "… {} more in {}"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; give its exit code: 0 all counted, 3 finished with quarantine, 1 not finished, 2 usage or faults."""
    options = _parser().parse_args(arguments)
    say = _sayer(options.lang)
    if options.command == "check":
        return _check_codebook(options)
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("default")
            corpus = (_code if options.command == "code" else _run)(options)
    except (ValueError, TypeError, OSError) as error:
        notes = getattr(error, "__notes__", [])
        if not notes and not isinstance(error, OSError):
            raise  # not the user's: let it show where it happened
        say("error", _told(error, options.lang))
        return NOT_FINISHED
    for message in dict.fromkeys(str(w.message) for w in told if w.category is UserWarning):
        say("note", message)
    return _close(corpus.files, Path(options.out), options)


def _check_codebook(options: argparse.Namespace) -> int:
    """Tell what a codebook holds and how it differs from another, or all that is wrong with it."""
    say = _sayer(options.lang)
    try:
        book = load_codebook(options.file)
        other = load_codebook(options.against) if options.against else None
    except (ValueError, OSError) as error:
        if not getattr(error, "__notes__", []) and not isinstance(error, OSError):
            raise
        say("error", _told(error, options.lang))
        return FAULTY
    counts = book.terms["kind"].value_counts()
    conditional = book.terms[["require", "near", "unless", "moves"]].ne("").any(axis=1).sum()
    say(
        "codebook", name=Path(options.file).name, themes=len(book.themes), terms=counts.get("term", 0),
        patterns=counts.get("pattern", 0), excluded=counts.get("exclude", 0) + counts.get("exclude_pattern", 0),
        conditions=conditional, sha256=book.sha256,
    )  # fmt: skip
    if other is not None:
        table = compare_codebooks(other, book)
        if table.empty:
            say("same", options.against)
        else:
            say("differs", options.against, len(table))
            if isinstance(sys.stdout, io.TextIOWrapper):  # a console of another encoding shows what it can
                sys.stdout.reconfigure(errors="backslashreplace")
            sys.stdout.write(table.to_csv(sep="\t", index=False, lineterminator="\n"))
    return DONE


def _told(error: Exception, lang: Language) -> object:
    notes = getattr(error, "__notes__", [])
    return notes[0] if lang == "zh" and notes else error


def _run(options: argparse.Namespace) -> Corpus:
    from burdenlab.report import run_study  # noqa: PLC0415 (Jupyter takes seconds, which codes and checks need not pay)

    say = _sayer(options.lang)
    return run_study(
        options.folder, out=options.out, metadata=options.metadata, codebook=options.codebook, lang=options.lang,
        parameters={"GROUPS": options.by} if options.by else None, strict=options.strict,
        progress=_bar(options.lang), say=lambda name: say("notebook", name),
    )  # fmt: skip


def _code(options: argparse.Namespace) -> Corpus:
    return code_corpus(
        options.folder, out=options.out, metadata=options.metadata, codebook=options.codebook,
        text_column=options.text_column, encoding=options.encoding, workers=options.workers, strict=options.strict,
        progress=_bar(options.lang),
    )  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    about = "Quantify grassroots burden in official reports. 基层负担文本分析"
    parser = argparse.ArgumentParser(prog="burdenlab", description=about)
    parser.add_argument("--version", action="version", version=f"burdenlab {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser(
        "run", help="code a folder, run the notebooks, write the report / 编码、运行笔记本、生成报告"
    )
    code = commands.add_parser("code", help="code a folder: one Parquet a table / 编码文件夹,每表一个 Parquet")
    check = commands.add_parser("check", help="check a file before it is used / 使用前检查文件")
    targets = check.add_subparsers(dest="target", required=True)
    codebook = targets.add_parser("codebook", help="tell all that is wrong with a codebook / 列出编码本的全部问题")
    codebook.add_argument("file", help="TOML or Excel codebook / 编码本")
    codebook.add_argument("--against", metavar="OTHER", help="list what differs from it / 列出与它的不同")
    for command in (run, code):
        command.add_argument("folder", help="folder or file of reports / 报告所在的文件夹或文件")
        command.add_argument("-o", "--out", required=True, help="folder for the results / 结果文件夹")
        command.add_argument("--metadata", help="csv, xlsx or parquet with document variables / 文稿变量表")
        command.add_argument("--codebook", help="TOML or Excel (default: the shipped one) / 编码本(默认用自带的)")
        command.add_argument(
            "--strict", action="store_true", help="quarantine what would be warned of / 有提示的文件一律隔离"
        )
    for command in (run, code, codebook):
        command.add_argument("--lang", choices=LANGUAGES, default="zh", help="language of messages / 提示的语言")
    run.add_argument(
        "--by", action="append", metavar="VARIABLE", help="compare groups of it; repeat for more / 按该变量比较,可重复"
    )
    code.add_argument("--text-column", help="column of tables with the text / 表格的正文列")
    code.add_argument("--encoding", help="of all text files / 所有文本文件的编码")
    code.add_argument("--workers", type=int, default=1, help="processes that read / 读取进程数")
    return parser


def _sayer(lang: Language) -> Any:
    def say(key: str, *values: object, **named: object) -> None:
        sys.stderr.write(_WORDS[key][lang == "en"].format(*values, **named) + "\n")

    return say


def _bar(lang: Language) -> Any:
    def bar(items: Iterable[Any], total: int) -> Iterable[Any]:
        return tqdm(items, total=total, desc=_WORDS["reading"][lang == "en"], file=sys.stderr)

    return bar


def _close(files: pd.DataFrame, out: Path, options: argparse.Namespace) -> int:
    """Say what became of every file, and where the report is."""
    lang, say = options.lang, _sayer(options.lang)
    is_run = options.command == "run"
    odd = files[files["state"] == "quarantined"]
    for file in odd.head(20).to_dict("records"):
        detail = file["detail_zh" if lang == "zh" else "detail"]
        say("note", f"{file['path']}: {reason_text(file['reasons'], lang)} - {detail}")
    if len(odd) > 20:
        say("more", len(odd) - 20, out / "coded" / "files.csv" if is_run else out / "files.csv")
    counts = {state: int((files["state"] == state).sum()) for state in ("counted", "warned", "quarantined", "skipped")}
    say("where", out / "index.html" if is_run else out)
    say("fates", total=len(files), **counts)
    return WITH_QUARANTINE if counts["quarantined"] else DONE


if __name__ == "__main__":
    sys.exit(main())
