"""What is written on a figure can be read: measured where it lies, at the widths of journals and in both languages."""

import re
from functools import partial
from itertools import combinations

import pandas as pd
import pytest
from matplotlib.text import Text

import burdenlab as bl
from burdenlab.figures import (
    plot_balance,
    plot_differences,
    plot_sensitivity,
    plot_term_drift,
    plot_theme_by_group,
    plot_theme_by_move,
    plot_theme_rates,
    plot_trends,
)

_THEMES = ("inspection_assessment", "meetings_documents", "finance")
_OFFICES = (
    "县人力资源和社会保障局机关党委",
    "县农业农村和水利局",
    "县委办公室（县档案局）",
    "镇党政综合办公室",
    "社区",
)


@pytest.fixture(scope="module")
def figures(demo):
    """Give the functions of figures with the tables of a corpus whose names are long."""
    office = [_OFFICES[i % len(_OFFICES)] for i in range(len(demo.documents))]
    documents = demo.documents.assign(office=office)
    book = {"codebook": demo.codebook}
    own = {"themes": demo.codebook.themes, "documents": documents, "n_resamples": 50}
    rates = partial(bl.theme_rates, demo.hits, demo.sentences, **own)
    shaken = bl.codebook_sensitivity(demo.sentences, demo.hits, demo.codebook, n_draws=3)
    drift = bl.term_drift(demo.hits, demo.sentences, documents, themes=[_THEMES[0]])
    compared = bl.rate_differences(demo.hits, demo.sentences, by="level", against="county", n_permutations=50, **own)
    events = pd.DataFrame({"year": [2019, 2024, 2024], "zh": "2019-03", "en": "2024-08-06"})
    balances = bl.mismatch(demo.hits, demo.sentences, by="level", documents=documents)
    return {
        "rates": partial(plot_theme_rates, rates(by=None), **book),
        "offices": partial(plot_theme_rates, rates(by="office"), by="office", **book),
        "map of offices": partial(plot_theme_by_group, rates(by="office"), column="office", **book),
        "map of years": partial(plot_theme_by_group, rates(by="year"), column="year", **book),
        "map of moves": partial(plot_theme_by_move, rates(by="move"), **book),
        "differences": partial(plot_differences, compared, **book),
        "sensitivity": partial(plot_sensitivity, shaken, **book),
        "drift": partial(plot_term_drift, drift, theme=_THEMES[0], **book),
        "trends": partial(plot_trends, rates(by="year"), themes=_THEMES, events=events, **book),
        "balance": partial(plot_balance, balances),
    }


def _written(figure):
    """Give what is drawn of all texts, with its place in pixels."""
    figure.draw_without_rendering()
    ticks = [
        (tick, axis) for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) for tick in axis.get_major_ticks()
    ]  # fmt: skip
    beyond = {tick.label1 for tick, axis in ticks if not _within(tick.get_loc(), *axis.get_view_interval())}
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    return [(text.get_text(), text.get_window_extent()) for text in texts if text not in beyond]


def _within(value, one, other):
    return min(one, other) <= value <= max(one, other)


@pytest.mark.parametrize(("lang", "width"), [("zh", "double"), ("en", "middle"), ("en", "single")])
def test_no_text_is_cut_or_lies_on_another(figures, lang, width):
    faults = []
    for name, draw in figures.items():
        figure = draw(lang=lang, width=width, note="18 documents").figure
        written = _written(figure)
        faults += [
            (name, "cut", text)
            for text, box in written
            if box.x0 < -1 or box.y0 < -1 or box.x1 > figure.bbox.width + 1 or box.y1 > figure.bbox.height + 1
        ]
        faults += [
            (name, one, other)
            for (one, a), (other, b) in combinations(written, 2)
            if min(a.x1, b.x1) - max(a.x0, b.x0) > 2 and min(a.y1, b.y1) - max(a.y0, b.y0) > 2
        ]
    assert not faults


@pytest.mark.parametrize("width", ["double", "single"])
def test_no_legend_hides_what_is_drawn(figures, width):
    for name, draw in figures.items():
        ax = draw(lang="en", width=width)
        ax.figure.draw_without_rendering()
        if ax.get_legend():
            assert ax.get_legend().get_window_extent().y0 >= ax.get_window_extent().y1, name


def test_chinese_is_set_with_chinese_punctuation(figures):
    for name, draw in figures.items():
        ax = draw(lang="zh", note="18 份文件")
        legend = [text.get_text() for text in ax.get_legend().get_texts()] if ax.get_legend() else []
        said = [ax.get_xlabel(), ax.get_ylabel(), ax.figure.get_supxlabel(), *legend]
        assert not [text for text in said if re.search(r"[\u4e00-\u9fff][,:;(]|[,:;)][\u4e00-\u9fff]", text)], name
