"""Differences, words that tell groups apart and series: what is drawn is what the tables say."""

import numpy as np
import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.figures import plot_differences, plot_keyness, plot_trends
from burdenlab.messages import LANGUAGES


@pytest.fixture(scope="module")
def features():
    return bl.read_features()


@pytest.fixture(scope="module")
def differences(features):
    documents = features.documents[features.documents["level"] != "county"]
    own = [t[t["doc_id"].isin(documents["doc_id"])] for t in (features.theme_counts, features.exposure)]
    given = {"by": "level", "documents": documents, "against": "central", "n_resamples": 99, "n_permutations": 99}
    return bl.rate_differences(*own, themes=features.themes, **given)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_differences_stand_in_the_order_of_the_codebook(differences, codebook, lang):
    ax = plot_differences(differences, codebook=codebook, lang=lang)
    labels = [codebook.labels(lang)[t] for t in codebook.themes if t in set(differences["theme"])]
    assert [t.get_text() for t in ax.get_yticklabels()] == labels[::-1]
    pair = {"zh": "省级 (n = 31) − 中央 (n = 58)", "en": "Province (n = 31) − Central (n = 58)"}[lang]
    assert ax.get_xlabel().startswith(pair)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    drawn = sorted(float(np.asarray(line.get_xdata())[0]) for line in dots)
    assert drawn == pytest.approx(sorted(differences["estimate"]))
    assert sum(line.get_markerfacecolor() != "white" for line in dots) == (differences["q"] < 0.05).sum()


def test_one_pair_of_groups_is_asked_for(differences, codebook):
    with pytest.raises(ValueError, match="one row a theme"):
        plot_differences(pd.concat([differences, differences]), codebook=codebook)


def _keyness(q):
    return pd.DataFrame(
        {
            "token": ["台账", "会议", "产业"],
            "score": [9.0, 4.0, -6.0],
            "log_ratio": [2.0, 1.0, -1.5],
            "q": q,
            "n_target": [8, 6, 1],
            "n_reference": [2, 3, 5],
            "n_documents_target": [4, 3, 1],
            "n_documents_reference": [1, 2, 3],
        }
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_only_sure_words_are_drawn(lang):
    ax = plot_keyness(_keyness([0.01, 0.2, 0.03]), target="township", reference="county", by="level", lang=lang)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["产业", "台账"]
    assert [bar.get_width() for bar in ax.patches] == [-1.5, 2.0]
    assert {"zh": "乡镇", "en": "Township"}[lang] in ax.get_xlabel()
    assert "8/2  (4/1)" in [text.get_text() for text in ax.texts]


def test_no_sure_word_is_said():
    with pytest.raises(ValueError, match=r"no word with q < \.05"):
        plot_keyness(_keyness([0.2, 0.2, 0.2]), target="a", reference="b")


def _series(themes=("finance",)):
    rows = [
        {
            "year": year,
            "theme": theme,
            "estimate": 0.1 * i,
            "ci_low": low,
            "ci_high": high,
            "n": 9 if low == low else 2,
            "unit": "han",
            "per": 1000.0,
        }
        for theme in themes
        for i, (year, low, high) in enumerate([(2001, 0.0, 0.2), (2002, np.nan, np.nan), (2005, 0.1, 0.4)])
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_series_breaks_where_years_are_missing(codebook, lang):
    events = pd.DataFrame({"year": [2003], "zh": ["通知"], "en": ["notice"]})
    ax = plot_trends(_series(), themes=["finance"], codebook=codebook, events=events, lang=lang)
    line = next(line for line in ax.lines if line.get_label() == codebook.labels(lang)["finance"])
    assert np.isnan(line.get_xdata()).tolist() == [False, False, True, False]
    hollow = [x for m in ax.lines if m.get_markerfacecolor() == "white" for x in m.get_xdata()]
    assert hollow == [2002]
    assert {"zh": "通知", "en": "notice"}[lang] in [text.get_text() for text in ax.texts]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["2001\n(n = 9)", "2002\n(n = 2)", "2005\n(n = 9)"]
    said = [text.get_text() for text in ax.get_legend().get_texts()][1:]
    assert (
        said
        == {
            "zh": ["带与竖线：文件之间的区间", "空心：无区间", "虚线：政策"],
            "en": ["band and bar: interval between documents", "hollow: no interval", "dashed: policy"],
        }[lang]
    )


def test_events_of_one_year_stand_on_one_line_above_the_series(codebook):
    events = pd.DataFrame({"year": [2003, 2003], "en": ["2003-05", "2003-01"]})
    ax = plot_trends(_series(), themes=["finance"], codebook=codebook, events=events, lang="en")
    assert [text.get_text() for text in ax.texts] == ["2003-01\n2003-05"]
    ax.figure.draw_without_rendering()
    top = ax.transData.transform((2003, 0.4))[1]
    assert ax.texts[0].get_window_extent().y0 > top


def test_a_wide_interval_does_not_push_the_others_together(differences, codebook):
    wide = differences.assign(ci_high=differences["ci_high"].mask(differences["theme"] == "finance", 99.0))
    ax = plot_differences(wide, codebook=codebook, lang="en")
    assert ax.get_xlim()[1] < 1
    assert "arrow: interval goes on" in [text.get_text() for text in ax.get_legend().get_texts()]
    assert sum(line.get_marker() == ">" for line in ax.lines) == 1


def test_periods_are_named_on_the_axis(codebook):
    table = _series().rename(columns={"year": "period"}).assign(period=["..2018-09", "2018-10/2019", "2020.."])
    ax = plot_trends(table, themes=["finance"], codebook=codebook, by="period")
    named = ["..2018-09\n(n = 9)", "2018-10/2019\n(n = 2)", "2020..\n(n = 9)"]
    assert [t.get_text() for t in ax.get_xticklabels()] == named


@pytest.mark.parametrize("themes", [[], ["finance", "no_theme"], ["finance"] * 7])
def test_themes_that_cannot_be_drawn_are_named(codebook, themes):
    with pytest.raises(ValueError, match="one to 6 themes"):
        plot_trends(_series(), themes=themes, codebook=codebook)
