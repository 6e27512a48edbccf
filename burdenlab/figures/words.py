"""Word clouds: an illustration, never a finding."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ft2font import FT2Font
from wordcloud import WordCloud

from burdenlab.figures.save import no_glyph
from burdenlab.figures.style import add_note, font_path, joined, new_axes, rc
from burdenlab.messages import Language, check_language

__all__ = ["draw_wordcloud"]


_SHADES = ("#08306B", "#2171B5", "#525252", "#4292C6")


def draw_wordcloud(
    frequencies: Mapping[str, float] | pd.Series,
    *,
    max_words: int = 80,
    seed: int = 0,
    lang: Language = "zh",
    width: str | float = "middle",
    note: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the most frequent words, each sized by its count.

    The shades only keep neighbours apart; they mean nothing.

    Parameters
    ----------
    frequencies : mapping or Series
        Word to a positive count. Ties are ordered by the word.
    max_words : int
    seed : int
        Of the places; the same words and seed give the same picture.
    lang, width, note, ax
        As in ``plot_theme_rates``; the words stay as they are.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If there is no word with a positive count, or a character has no glyph in the font.
    """
    check_language(lang)
    counts = [(word, float(count)) for word, count in dict(frequencies).items() if count > 0]
    counts = sorted(counts, key=lambda pair: (-pair[1], pair[0]))[:max_words]
    if not counts:
        msg = "frequencies holds no word with a positive count; pass counts such as tokens['token'].value_counts()."
        raise ValueError(msg)
    known = FT2Font(str(font_path())).get_charmap()
    missing = sorted({c for word, _ in counts for c in word if ord(c) not in known})
    if missing:
        what = f"Glyph {ord(missing[0])} ({missing[0]!r}) missing from"
        raise no_glyph(what)
    shades = {word: _SHADES[i % len(_SHADES)] for i, (word, _) in enumerate(counts)}
    cloud = WordCloud(
        font_path=str(font_path()), width=1200, height=660, scale=2, margin=6, background_color="white",
        prefer_horizontal=1, relative_scaling=0.6, max_font_size=150, max_words=max_words, random_state=seed,
        color_func=lambda word, **_: shades[word],
    ).generate_from_frequencies(dict(counts))  # fmt: skip
    ax = ax or new_axes(width=width, height=7.4)
    with mpl.rc_context(rc()):
        ax.imshow(cloud.to_array(), interpolation="none")
        ax.set_axis_off()
        sizes = ("字号表示次数，颜色无含义", "size: how often; colours mean nothing")[lang == "en"]
        add_note(ax, joined([sizes, note], lang))
    return ax
