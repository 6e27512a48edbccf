"""Word clouds: an illustration, never a finding."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.patches import PathPatch
from matplotlib.textpath import TextPath
from wordcloud import WordCloud

from burdenlab.figures.save import no_glyph
from burdenlab.figures.style import add_note, font_path, new_axes, rc

__all__ = ["draw_wordcloud"]


def draw_wordcloud(
    frequencies: Mapping[str, float] | pd.Series,
    *,
    max_words: int = 80,
    seed: int = 0,
    colour: str = "#0072B2",
    width: str | float = "middle",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the most frequent words, each sized by its count, as outlines that stay sharp in print.

    Parameters
    ----------
    frequencies : mapping or Series
        Word to a positive count. Ties are ordered by the word.
    max_words : int
    seed : int
        Of the places; the same words and seed give the same picture.
    colour : str
        One colour: a second would look like a second variable.
    width, note, ax
        As in ``plot_theme_rates``.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If there is no word with a positive count, or a character has no glyph in the font.
    """
    counts = sorted(((w, float(c)) for w, c in dict(frequencies).items() if c > 0), key=lambda wc: (-wc[1], wc[0]))[
        :max_words
    ]
    if not counts:
        msg = "frequencies holds no word with a positive count; pass counts of words, such as tokens['token'].value_counts()."
        raise ValueError(msg)
    known = FT2Font(str(font_path())).get_charmap()
    missing = sorted({c for word, _ in counts for c in word if ord(c) not in known})
    if missing:
        msg_0 = f"Glyph {ord(missing[0])} ({missing[0]!r}) missing from"
        raise no_glyph(msg_0)
    cloud = WordCloud(
        font_path=str(font_path()), width=1200, height=700, prefer_horizontal=1, random_state=seed, max_words=max_words
    ).generate_from_frequencies(dict(counts))
    ax = ax or new_axes(width=width, height=7.6)
    font = FontProperties(fname=str(font_path()))
    ascent = FT2Font(str(font_path()))
    with mpl.rc_context(rc()):
        for (word, _), size, (row, column), _, _ in cloud.layout_:
            baseline = row + size * ascent.ascender / ascent.units_per_EM
            path = TextPath((column, -baseline), word, size=size, prop=font)
            ax.add_patch(PathPatch(path, facecolor=colour, linewidth=0))
        ax.set(xlim=(0, 1200), ylim=(-700, 0), aspect="equal")
        ax.set_axis_off()
        add_note(ax, note)
    return ax
