"""Coding sheets: sentences drawn for people, blinded, in Excel; and the sheet on which they settle what differs."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from burdenlab.coding.codebook import Codebook
from burdenlab.coding.codes import FINAL, PLACE, check_codes, code_matrix
from burdenlab.coding.sampling import draw_sample, sampling_frame, save_sample
from burdenlab.coding.workbooks import N_THEMES, move_labels, theme_labels, write_workbook
from burdenlab.messages import Language, check_language, with_chinese
from burdenlab.tables import check_documents, check_table, sentence_rows

__all__ = ["adjudication_sheet", "coding_sheet"]

_BEFORE, _AFTER = 60, 30  # characters of the neighbours that a coder sees


def coding_sheet(
    sentences: pd.DataFrame,
    hits: pd.DataFrame,
    *,
    codebook: Codebook,
    path: str | os.PathLike[str],
    n: int = 300,
    coders: Sequence[str] = ("A", "B"),
    documents: pd.DataFrame | None = None,
    group: str | None = None,
    scores: pd.DataFrame | None = None,
    lang: Language = "zh",
    seed: int = 0,
) -> pd.DataFrame:
    """Draw sentences for people to code and write one blinded workbook for each coder.

    A stratum for each theme of the dictionary (a sentence belongs to the rarest that hit it), one for likely misses by
    the model's scores, one for the rest: rare themes and misses are in the sample, and every sentence has a known
    probability of being in it (see ``burdenlab.coding.sampling``). Headings are not drawn.

    Beside ``<stem>-A.xlsx`` and so on it writes ``<stem>.sample.csv``, the key that no coder should see
    (``read_sample`` reads it), and ``<stem>.frame.parquet``, the stratum of every sentence (``pd.read_parquet``).

    Parameters
    ----------
    sentences, hits : DataFrame
        Tables of those names; `hits` may be any table with doc_id, sentence_id and theme.
    codebook : Codebook
        Its themes are what coders choose from.
    path : path
        Such as ``coding/round1.xlsx``; folders are made.
    n : int
        Sentences to draw; all where there are fewer. Half is shared among the themes that have hits: with 25 of them
        300 give six a theme, and thirty a theme need 1,500.
    coders : sequence of str
        Names or codes, each a part of a file's name.
    documents, group : DataFrame and str, optional
        Table ``documents`` and its variable over which each stratum is spread, beside the move.
    scores : DataFrame, optional
        A model's calibrated probabilities: doc_id, sentence_id, theme, score.
    lang : {"zh", "en"}
        Of instructions, headers and definitions.
    seed : int

    Returns
    -------
    DataFrame
        Table ``sample``, in the order of the sheets, which is shuffled and the same for all coders.

    Raises
    ------
    FileExistsError
        If a workbook or key is there already and differs: it may hold somebody's work.
    ValueError
        If `n` is too small for the strata, `hits` does not fit `sentences`, or a coder's name makes no file name.

    Examples
    --------
    >>> import tempfile, burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> codebook = bl.load_codebook()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sample = coding_sheet(sentences, bl.find_hits(sentences, codebook), codebook=codebook,
    ...         path=f"{folder}/round1.xlsx", n=80)
    ...     sorted(p.name for p in Path(folder).iterdir())
    ['round1-A.xlsx', 'round1-B.xlsx', 'round1.frame.parquet', 'round1.sample.csv']
    """
    check_language(lang)
    target = _excel(path)
    _check_coders(coders)
    frame = sampling_frame(sentences, hits, scores=scores)
    sample = draw_sample(sentences, frame, n=n, group=_group(documents, group, sentences), seed=seed)
    rows = _context(sample, sentences)
    rows[[*(f"theme_{number}" for number in range(1, N_THEMES + 1)), "move", "note"]] = ""
    writers: dict[Path, Callable[[Path], None]] = {
        target.with_name(f"{target.stem}-{coder}.xlsx"): partial(
            write_workbook, rows=rows, coder=coder, codebook=codebook, lang=lang
        )
        for coder in coders
    }
    _write(writers | {target.with_name(f"{target.stem}.sample.csv"): partial(save_sample, sample)})
    frame[[*PLACE, "stratum"]].to_parquet(target.with_name(f"{target.stem}.frame.parquet"), index=False)
    return sample


def adjudication_sheet(
    codes: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    codebook: Codebook,
    path: str | os.PathLike[str],
    lang: Language = "zh",
) -> pd.DataFrame:
    """List what coders differ on and write the workbook in which the final codes are chosen.

    The workbook shows the codes of every coder. Units on which they differ come first, with the themes that all gave
    filled in and the move left open; the others are filled in. ``read_coding_sheets`` reads it back, as coder "final".

    Parameters
    ----------
    codes, sentences : DataFrame
        Tables of those names, codes of one round; rows of a coder "final" are left out.
    codebook : Codebook
    path : path
        An ``.xlsx`` file.
    lang : {"zh", "en"}

    Returns
    -------
    DataFrame
        One row for each unit and theme (or "move") that coders differ on: unit_id, doc_id, sentence_id, item, then
        ``code_<coder>``: "yes" or "no" for a theme, the move, "" where the coder did not code the unit.

    Raises
    ------
    FileExistsError
        If the file is there already and differs.
    ValueError
        If `codes` has fewer than two coders, or a sentence that `sentences` lacks.

    Examples
    --------
    >>> import tempfile, burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports/09.txt")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> rows = [("U1", "09.txt", 3, "A", 1, "staffing", "problem", ""), ("U1", "09.txt", 3, "B", 1, "", "problem", "")]
    >>> codes = pd.DataFrame(rows, columns=["unit_id", "doc_id", "sentence_id", "coder", "round", "themes", "move", "note"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     adjudication_sheet(codes, sentences, codebook=bl.load_codebook(), path=f"{folder}/final.xlsx").iloc[0, 3:].tolist()
    ['staffing', 'yes', 'no']
    """
    check_language(lang)
    target = _excel(path)
    coders = check_codes(codes)
    if len(coders) < 2:
        msg = f"codes has the coders {coders}; two or more are needed to differ."
        raise with_chinese(ValueError(msg), f"codes 只有编码员 {coders};至少需要两位。")
    named = [theme for theme in codebook.themes if codes["themes"].str.split(";").map(lambda t, i=theme: i in t).any()]
    units = code_matrix(codes[codes["coder"] != FINAL], themes=named)
    differing = _differing(units, named, coders)
    open_units = set(differing["unit_id"])
    by_unit = dict(tuple(units.groupby("unit_id", sort=True)))
    widest = max([N_THEMES, *(int(given[named].max().sum()) for given in by_unit.values())])
    labels, moves = theme_labels(codebook), move_labels()
    rows = []
    for unit_id, given in by_unit.items():
        kept = [labels[theme] for theme in named if given[theme].min() == 1]
        is_settled = unit_id not in open_units
        said = {f"codes_{coder}": "" for coder in coders}
        for row in given.to_dict("records"):
            chosen = "、".join(labels[theme] for theme in named if row[theme] == 1)
            said[f"codes_{row['coder']}"] = f"{chosen or '—'} | {moves.get(row['move'], row['move'])}"
        filled = {f"theme_{at + 1}": kept[at] if at < len(kept) else "" for at in range(widest)}
        move = moves.get(given["move"].iloc[0], "") if is_settled else ""
        rows.append({"unit_id": unit_id, **said, **filled, "move": move, "note": "", "is_settled": is_settled})
    table = pd.DataFrame(rows).sort_values(["is_settled", "unit_id"], ignore_index=True).drop(columns="is_settled")
    place = units.drop_duplicates("unit_id")[["unit_id", *PLACE]]
    table = _context(table[["unit_id"]].merge(place, on="unit_id"), sentences).merge(table, on="unit_id")
    _write({target: partial(write_workbook, rows=table, coder=FINAL, codebook=codebook, lang=lang, is_final=True)})
    return differing


def _differing(units: pd.DataFrame, themes: list[str], coders: list[str]) -> pd.DataFrame:
    """Give a row for each unit and item whose codes differ."""
    tables = []
    for item in [*themes, "move"]:
        wide = units.pivot(index=["unit_id", *PLACE], columns="coder", values=item).reindex(columns=coders)
        wide = wide[wide.nunique(axis=1) > 1]
        said = wide.fillna("") if item == "move" else wide.replace({1.0: "yes", 0.0: "no"}).astype("object").fillna("")
        tables.append(said.astype("str").add_prefix("code_").reset_index().assign(item=item))
    columns = ["unit_id", *PLACE, "item", *(f"code_{coder}" for coder in coders)]
    table = pd.concat(tables, ignore_index=True)[columns].astype({"unit_id": "str", "item": "str", "doc_id": "str"})
    return table.sort_values("unit_id", kind="stable", ignore_index=True)


def _context(units: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Give each unit with its sentence, the end of the one before, the start of the next and the heading above."""
    check_table(sentences, "sentences")
    placed = sentences.sort_values(PLACE, ignore_index=True).rename(columns={"text": "sentence"})
    neighbours = placed.groupby("doc_id")["sentence"]
    before, after = neighbours.shift(1).fillna(""), neighbours.shift(-1).fillna("")
    placed["before"] = before.where(before.str.len() <= _BEFORE, "…" + before.str[-_BEFORE:])
    placed["after"] = after.where(after.str.len() <= _AFTER, after.str[:_AFTER] + "…")
    headings = placed[placed["is_heading"]].drop_duplicates(["doc_id", "section_id"])
    headings = headings[["doc_id", "section_id", "sentence"]].rename(columns={"sentence": "heading"})
    placed = placed.merge(headings, on=["doc_id", "section_id"], how="left", validate="m:1")
    rows = placed.iloc[sentence_rows(units, placed, name="codes")].assign(unit_id=units["unit_id"].to_numpy())
    rows = rows.reset_index(drop=True)
    return rows.fillna({"heading": ""})[["unit_id", "heading", "before", "sentence", "after"]]


def _excel(path: str | os.PathLike[str]) -> Path:
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        msg = f"path={str(path)!r} is no Excel file; let it end in .xlsx."
        raise with_chinese(ValueError(msg), f"path={str(path)!r} 不是 Excel 文件名;请以 .xlsx 结尾。")
    return target


def _check_coders(coders: Sequence[str]) -> None:
    good = not isinstance(coders, str) and len(coders) and len({coder.casefold() for coder in coders}) == len(coders)
    if not good or not all(re.fullmatch(r"[^\\/:*?\"<>|\s.]{1,40}", coder) and coder != FINAL for coder in coders):
        msg = f"coders={coders!r}; different names are expected that can stand in a file's name, and none 'final', such as ('A', 'B')."
        raise with_chinese(ValueError(msg), f"coders={coders!r};应为互不相同、可用作文件名的代号,且不能是 final。")


def _group(documents: pd.DataFrame | None, group: str | None, sentences: pd.DataFrame) -> pd.Series | None:
    if group is None:
        return None
    if documents is None or group not in documents.columns:
        has = "no documents were passed" if documents is None else f"documents has {list(documents.columns)}"
        msg = f"group={group!r} is no document variable: {has}."
        raise with_chinese(ValueError(msg), f"group={group!r} 不是 documents 中的变量。")
    check_documents(sentences, documents)
    return documents.set_index("doc_id")[group]


def _write(writers: dict[Path, Callable[[Path], None]]) -> None:
    """Write files, all or none; one that differs from what is there may be somebody's work."""
    parts = {file: file.with_name(f"{file.name}.part") for file in writers}
    for file, write in writers.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        write(parts[file])
    changed = [file for file, part in parts.items() if file.exists() and file.read_bytes() != part.read_bytes()]
    for file, part in parts.items():
        if changed:
            part.unlink()
        else:
            part.replace(file)
    if changed:
        name = repr(str(changed[0]))
        msg = f"{name} exists and differs, it may hold somebody's codes; give another path, or move it away."
        raise with_chinese(FileExistsError(msg), f"{name} 已存在且内容不同,可能已有人填写;请换一个 path 或先移走。")
