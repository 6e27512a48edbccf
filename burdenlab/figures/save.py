"""Figures to files: PDF, SVG, PNG and the table of what is drawn."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from burdenlab.exports.tables import save_table
from burdenlab.figures.style import font_path, rc, source_note
from burdenlab.messages import LANGUAGES, Language, with_chinese

__all__ = ["no_glyph", "save_bilingual", "save_figure"]

# Nothing that differs from one run to the next.
_METADATA: dict[str, dict[str, None]] = {
    "pdf": {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": None},
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
}


def save_figure(
    figure: Figure,
    path: str | os.PathLike[str],
    *,
    data: pd.DataFrame,
    note: str = "",
    formats: Sequence[str] = ("pdf", "svg", "png"),
) -> list[Path]:
    """Write a figure in each format, and beside it the CSV of what it draws.

    The PDF embeds its TrueType font and its text can be selected; the SVG holds paths; the PNG has 300 dots an inch.
    Equal figures give equal bytes.

    Parameters
    ----------
    figure : matplotlib Figure
    path : path
        Without a suffix; folders are made.
    data : DataFrame
        What is drawn; written as CSV (utf-8-sig).
    note : str
        Goes into the CSV as a column.
    formats : sequence of {"pdf", "svg", "png"}

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ValueError
        If a character has no glyph in the font, or a format is unknown.
    """
    unknown = sorted(set(formats) - set(_METADATA))
    if unknown:
        msg = f"formats holds {unknown}; {list(_METADATA)} are known."
        raise ValueError(msg)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    written = []
    with mpl.rc_context(rc()), warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing from")
        for kind in formats:
            target = path.with_name(f"{path.name}.{kind}")
            try:
                figure.savefig(target, format=kind, metadata=dict(_METADATA[kind]))
            except UserWarning as missing:
                target.unlink(missing_ok=True)
                raise no_glyph(str(missing)) from None
            written.append(target)
    return [*written, save_table(data, path, note=note)]


def save_bilingual(
    draw: Callable[..., Axes],
    path: str | os.PathLike[str],
    *,
    data: pd.DataFrame,
    documents: pd.DataFrame,
    lang: Language,
    level: float | None = None,
) -> Path:
    """Draw and save a figure in Chinese and in English, each with the note on what it stands on.

    Parameters
    ----------
    draw : callable
        Called with ``lang`` and ``note``; gives Axes. A ``functools.partial`` of a plot function.
    path : path
        Without suffix; ``.zh`` and ``.en`` are added.
    data, documents : DataFrame
        What is drawn, and the documents behind it.
    lang : {"zh", "en"}
    level : float, optional
        Of the intervals, for the note; left out where none are drawn.

    Returns
    -------
    Path
        Of the PNG in `lang`, for showing.
    """
    for each in LANGUAGES:
        note = source_note(documents, lang=each, level=level)
        figure = draw(lang=each, note=note).get_figure(root=True)
        assert figure is not None
        save_figure(figure, f"{path}.{each}", data=data, note=note)
    return Path(f"{path}.{lang}.png")


def no_glyph(what: str) -> ValueError:
    """Make the error for a character that the font cannot draw."""
    return with_chinese(
        ValueError(
            f"{what.partition(' from')[0]} from the font {font_path().name}; leave the character out of the labels, or let "
            "BURDENLAB_FONT name a TrueType file that has it."
        ),
        f"字体 {font_path().name} 缺少字形({what.partition(' from')[0]});请从标签中去掉该字符,或用 BURDENLAB_FONT 指定含有它的字体。",
    )
