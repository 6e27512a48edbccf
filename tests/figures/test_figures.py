"""Figures, read back from what is drawn."""

import logging
import os
import subprocess
import sys
import warnings
from functools import partial

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.figures import (
    draw_wordcloud,
    font_path,
    plot_theme_by_group,
    plot_theme_by_move,
    plot_theme_rates,
    save_bilingual,
    save_figure,
    source_note,
)
from burdenlab.figures.style import new_axes, value_label


@pytest.fixture(scope="module")
def pooled(demo):
    return bl.theme_rates(demo.hits, demo.sentences, themes=demo.codebook.themes, by=None, n_resamples=300)


@pytest.fixture(scope="module")
def by_level(demo):
    return bl.theme_rates(
        demo.hits, demo.sentences, themes=demo.codebook.themes, by="level", documents=demo.documents, n_resamples=300
    )


def dots(ax):
    return [line for line in ax.lines if line.get_marker() not in ("None", "")]


def test_dots_are_where_the_table_says_most_frequent_on_top(pooled, codebook):
    ax = plot_theme_rates(pooled, codebook=codebook)
    drawn = sorted((float(d.get_ydata()[0]), float(d.get_xdata()[0])) for d in dots(ax))
    arrows = int((pooled["ci_high"] > ax.get_xlim()[1]).sum())
    assert len(drawn) == len(pooled) + arrows
    dots_only = sorted(float(d.get_xdata()[0]) for d in dots(ax) if d.get_marker() != ">")
    assert dots_only == sorted(pooled["estimate"])
    labels = codebook.labels("zh")
    top = pooled.loc[pooled["estimate"].idxmax(), "theme"]
    assert ax.get_yticklabels()[-1].get_text() == labels[top]
    bars = [line for line in ax.lines if len(line.get_xdata()) == 2]
    bounds = pooled[["ci_low", "ci_high"]].dropna()
    bounds["ci_high"] = bounds["ci_high"].clip(upper=ax.get_xlim()[1])
    assert sorted(tuple(bar.get_xdata()) for bar in bars) == sorted(bounds.apply(tuple, axis=1))


def test_a_dot_without_interval_is_hollow(pooled, codebook):
    some = pooled.assign(ci_low=np.nan, ci_high=np.nan)
    ax = plot_theme_rates(some, codebook=codebook, lang="en")
    assert {d.get_markerfacecolor() for d in dots(ax)} == {"white"}
    assert "hollow: no interval" in [t.get_text() for t in ax.get_legend().get_texts()]


def test_groups_are_told_apart_by_colour_and_marker(by_level, codebook):
    ax = plot_theme_rates(by_level, codebook=codebook, by="level", lang="en")
    kinds = {(d.get_color(), d.get_marker()) for d in dots(ax) if d.get_marker() != ">"}
    assert len(kinds) == 2
    assert len({colour for colour, _ in kinds}) == len({marker for _, marker in kinds}) == 2
    assert "County (n = 9)" in [t.get_text() for t in ax.get_legend().get_texts()]


@pytest.mark.parametrize(("lang", "label"), [("zh", "每 1,000 汉字次数"), ("en", "Matches per 1,000 Han characters")])
def test_axis_label_has_the_unit(pooled, codebook, lang, label):
    assert plot_theme_rates(pooled, codebook=codebook, lang=lang).get_xlabel() == label


def test_heat_map_holds_the_rates(demo):
    rates = bl.theme_rates(demo.hits, demo.sentences, themes=demo.codebook.themes, by="move")
    ax = plot_theme_by_move(rates, codebook=demo.codebook, lang="en")
    n_han = demo.sentences.groupby("move")["n_han"].sum()
    named = [f"{label}\n{n_han[label.lower()]:,} Han" for label in ("Problem", "Harm", "Cause")]
    assert [t.get_text() for t in ax.get_xticklabels()][:3] == named
    drawn = ax.collections[0].get_array().reshape(25, 8)
    expected = rates.pivot(index="theme", columns="move", values="estimate").loc["task_load", "problem"]
    row = list(demo.codebook.themes).index("task_load")
    assert drawn[row, 0] == expected


def test_heat_map_of_groups(by_level, codebook):
    ax = plot_theme_by_group(by_level, column="level", codebook=codebook)
    assert [t.get_text() for t in ax.get_xticklabels()] == ["县级\n(n = 9)", "乡镇\n(n = 9)"]
    assert ax.get_xlabel() == "层级"


def test_a_cell_without_text_is_explained(by_level, codebook):
    ax = plot_theme_by_group(by_level, column="level", codebook=codebook, note="2 documents", lang="en")
    assert ax.figure.get_supxlabel() == "2 documents"
    some = by_level.assign(estimate=by_level["estimate"].where(by_level["level"] != "county"))
    ax = plot_theme_by_group(some, column="level", codebook=codebook, note="2 documents", lang="en")
    assert ax.figure.get_supxlabel() == "white: no text; 2 documents"


def test_cloud_is_the_same_each_time_and_not_empty():
    one, two = (draw_wordcloud({"基层": 30, "减负": 20, "报表": 10}, seed=1).images[0].get_array() for _ in range(2))
    assert (one == two).all()
    assert 0.02 < (one < 128).any(axis=-1).mean() < 0.6
    other = draw_wordcloud({"基层": 30, "减负": 20, "报表": 10}, seed=2).images[0].get_array()
    assert (one != other).any()


@pytest.mark.parametrize("frequencies", [{}, {"基层": 0}])
def test_no_words_no_cloud(frequencies):
    with pytest.raises(ValueError, match="no word with a positive count"):
        draw_wordcloud(frequencies)


def test_a_missing_glyph_is_an_error(tmp_path, pooled, codebook):
    ax = plot_theme_rates(pooled, codebook=codebook)
    ax.set_title("藏文 ཀ")
    with pytest.raises(ValueError, match=r"missing from the font NotoSansSC-Regular\.ttf; leave the character out"):
        save_figure(ax.figure, tmp_path / "f", data=pooled)
    with pytest.raises(ValueError, match="missing from the font"):
        draw_wordcloud({"ཀ": 1})


def test_a_dollar_sign_is_no_formula(tmp_path, pooled, caplog):
    ax = new_axes(height=4)
    ax.set_title("经费 $负担$ 减少")
    with caplog.at_level(logging.WARNING):
        save_figure(ax.figure, tmp_path / "f", data=pooled, formats=["svg"])
    assert caplog.text == ""


def test_files_are_the_same_each_time_and_the_font_is_inside(tmp_path, pooled, codebook):
    def save(name):
        ax = plot_theme_rates(pooled, codebook=codebook, note="说明")
        return [path.read_bytes() for path in save_figure(ax.figure, tmp_path / name, data=pooled, note="说明")]

    one, two = save("a"), save("b")
    assert one == two
    pdf, svg, png, table = one
    assert b"/FontFile2" in pdf  # an embedded TrueType font
    assert b"/Type3" not in pdf
    assert b"<text" not in svg
    assert png.startswith(b"\x89PNG")
    assert table.startswith(b"\xef\xbb\xbftheme,estimate")
    assert "说明" in table.decode()


def test_width_is_the_journals(tmp_path, pooled, codebook):
    ax = plot_theme_rates(pooled, codebook=codebook, width="single")
    assert ax.figure.get_figwidth() * 2.54 == pytest.approx(8.3)
    with pytest.raises(ValueError, match="width='huge'"):
        plot_theme_rates(pooled, codebook=codebook, width="huge")


def test_nothing_global_changes(pooled, codebook, tmp_path):
    before = dict(mpl.rcParams)
    ax = plot_theme_rates(pooled, codebook=codebook)
    save_figure(ax.figure, tmp_path / "f", data=pooled)
    assert dict(mpl.rcParams) == before


def test_both_languages_are_saved(tmp_path, pooled, demo):
    draw = partial(plot_theme_rates, pooled, codebook=demo.codebook)
    shown = save_bilingual(draw, tmp_path / "f", data=pooled, documents=demo.documents, lang="en")
    assert shown == tmp_path / "f.en.png"
    assert {p.name for p in tmp_path.iterdir()} == {
        f"f.{lang}.{kind}" for lang in ("zh", "en") for kind in ("pdf", "svg", "png", "csv")
    }
    assert "composed for this project (not real reports)" in (tmp_path / "f.en.csv").read_text("utf-8-sig")


def test_source_note_says_what_the_figure_stands_on(demo):
    assert source_note(demo.documents, lang="zh") == "18 份文件；来源：自编演示文本（非真实报告）"
    mixed = pd.DataFrame({"provenance": ["official", "unknown", "official"]})
    assert source_note(mixed, lang="en") == "3 documents; provenance: official 2, unknown 1"
    assert source_note(mixed[["provenance"]].iloc[:0], lang="zh", level=0.9) == "0 份文件；区间：90%"


@pytest.mark.parametrize(
    ("variable", "value", "label"),
    [
        ("level", "county", "County"),
        ("genre", "自查报告", "Self-inspection"),
        ("region", "云泽县", "云泽县"),
        ("doc_id", "2019/云泽县.docx", "2019/云泽县.docx"),
        ("doc_id", "云泽县人民政府工作报告2019.docx", "云泽县人民政府工…告2019"),
        ("doc_id", "云泽县人民政府工作报告2020.docx", "云泽县人民政府工…告2020"),
    ],
)
def test_a_long_value_keeps_both_its_ends(variable, value, label):
    assert value_label(variable, value, "en") == label


def test_intervals_and_their_absence_are_explained_as_they_are_drawn(pooled, codebook):
    def said(estimates):
        ax = plot_theme_rates(estimates, codebook=codebook, lang="en")
        return [t.get_text() for t in ax.get_legend().get_texts()][4:]

    assert "line: interval between documents" in said(pooled)
    assert "line: interval within the text" in said(pooled.assign(reason="within_text"))
    assert said(pooled.assign(ci_low=np.nan, ci_high=np.nan)) == ["hollow: no interval"]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda p, c: plot_theme_rates(p, codebook=c, lang="fr"), "lang='fr' is not a language"),
        (lambda p, c: plot_theme_rates(p, codebook=c, by="level"), "by='level' is no column"),
        (lambda p, c: plot_theme_by_group(p, column="level", codebook=c), "column='level' is no column"),
        (lambda p, c: plot_theme_rates(pd.concat([p, p]), codebook=c), "need one row for each theme"),
    ],
)
def test_bad_input(pooled, codebook, call, said):
    with pytest.raises(ValueError, match=said):
        call(pooled, codebook)


def test_an_absent_font_fails_loudly():
    script = "from burdenlab.figures import font_path; font_path()"
    environment = {**os.environ, "BURDENLAB_FONT": "/no/font.ttf"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment)
    assert "no Chinese font at /no/font.ttf; install the package zhplot" in done.stderr


def test_the_carrier_of_the_font_is_not_imported():
    assert font_path().name == "NotoSansSC-Regular.ttf"
    assert "zhplot" not in sys.modules
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert font_path().is_file()
