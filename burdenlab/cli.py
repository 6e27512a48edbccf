"""The command line: ``burdenlab run`` does for a folder what the notebooks do for the demo."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from burdenlab import __version__
from burdenlab.messages import LANGUAGES, Language, reason_text
from burdenlab.report import run_study

__all__ = ["main"]

DONE, NOT_FINISHED, WITH_QUARANTINE = 0, 1, 3  # 2 is argparse's: the call's words are off

_WORDS = {
    "reading": ("读取文件", "Reading files"),
    "notebook": ("运行笔记本 {}", "Running notebook {}"),
    "fates": (
        "{total} 个文件:计入 {counted},计入但有提示 {warned},隔离 {quarantined},跳过 {skipped}。",
        "{total} files: {counted} counted, {warned} counted with warnings, {quarantined} quarantined, {skipped} skipped.",
    ),
    "where": ("报告:{}", "Report: {}"),
    "error": ("错误:{}", "Error: {}"),
    "note": ("提示:{}", "Note: {}"),
    "more": ("……其余 {} 个见 {}", "… {} more in {}"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; give its exit code: 0 all counted, 3 finished with quarantine, 1 not finished, 2 usage."""
    options = _parser().parse_args(arguments)
    lang: Language = options.lang
    say = _sayer(lang)
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("default")
            corpus = run_study(
                options.folder,
                out=options.out,
                metadata=options.metadata,
                codebook=options.codebook,
                lang=lang,
                parameters={"GROUPS": options.by} if options.by else None,
                progress=_bar(lang),
                say=lambda name: say("notebook", name),
            )
    except (ValueError, TypeError, OSError) as error:
        notes = getattr(error, "__notes__", [])
        if not notes and not isinstance(error, OSError):
            raise  # not the user's: let it show where it happened
        say("error", notes[0] if lang == "zh" and notes else error)
        return NOT_FINISHED
    for message in dict.fromkeys(str(w.message) for w in told if w.category is UserWarning):
        say("note", message)
    return _close(corpus.files, Path(options.out), lang)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="burdenlab", description="Quantify grassroots burden in official reports. 基层负担文本分析"
    )
    parser.add_argument("--version", action="version", version=f"burdenlab {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser(
        "run", help="code a folder, run the notebooks on it, write the report / 编码文件夹、运行笔记本、生成报告"
    )
    run.add_argument("folder", help="folder or file of reports / 报告所在的文件夹或文件")
    run.add_argument("-o", "--out", required=True, help="folder for the results / 结果文件夹")
    run.add_argument("--metadata", help="csv, xlsx or parquet with document variables / 文稿变量表")
    run.add_argument("--codebook", help="TOML codebook (default: the shipped one) / 编码本(默认用自带的)")
    run.add_argument(
        "--by",
        action="append",
        metavar="VARIABLE",
        help="compare groups of this variable; may be repeated / 按该变量分组比较,可重复",
    )
    run.add_argument(
        "--lang", choices=LANGUAGES, default="zh", help="language of report and messages / 报告与提示的语言"
    )
    return parser


def _sayer(lang: Language) -> Any:
    def say(key: str, *values: object, **named: object) -> None:
        sys.stderr.write(_WORDS[key][lang == "en"].format(*values, **named) + "\n")

    return say


def _bar(lang: Language) -> Any:
    def bar(items: Iterable[Any], total: int) -> Iterable[Any]:
        return tqdm(items, total=total, desc=_WORDS["reading"][lang == "en"], file=sys.stderr)

    return bar


def _close(files: pd.DataFrame, out: Path, lang: Language) -> int:
    """Say what became of every file, and where the report is."""
    say = _sayer(lang)
    odd = files[files["state"] == "quarantined"]
    for file in odd.head(20).to_dict("records"):
        detail = file["detail_zh" if lang == "zh" else "detail"]
        say("note", f"{file['path']}: {reason_text(file['reasons'], lang)} - {detail}")
    if len(odd) > 20:
        say("more", len(odd) - 20, out / "coded" / "files.csv")
    counts = {state: int((files["state"] == state).sum()) for state in ("counted", "warned", "quarantined", "skipped")}
    say("where", out / "index.html")
    say("fates", total=len(files), **counts)
    return WITH_QUARANTINE if counts["quarantined"] else DONE
