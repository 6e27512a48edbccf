"""Figures of what a finding owes to terms, read back from what is drawn."""

import pytest

import burdenlab as bl
from burdenlab.figures import plot_sensitivity, plot_term_drift

THEMES = ["meetings_documents", "finance", "secondment"]


@pytest.fixture(scope="module")
def shaken(demo):
    return bl.codebook_sensitivity(demo.sentences, demo.hits, demo.codebook, themes=THEMES, n_draws=5)


@pytest.fixture(scope="module")
def drift(demo):
    return bl.term_drift(demo.hits, demo.sentences, demo.documents, themes=THEMES)


def test_dots_crosses_and_bars(shaken, codebook):
    ax = plot_sensitivity(shaken, codebook=codebook, lang="en")
    full = shaken[shaken["kind"] == "full"]
    dots = sorted(float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "o")
    assert dots == sorted(full["estimate"])
    crosses = sorted(float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "x")
    assert crosses == pytest.approx(sorted(full["estimate"] * (1 + full["top_change"])))
    bars = sorted(tuple(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2)
    assert bars == sorted(full[["lowest", "highest"]].apply(tuple, axis=1))
    order = [theme for theme in codebook.themes if theme in THEMES][::-1]
    assert [label.get_text() for label in ax.get_yticklabels()] == [codebook.labels("en")[t] for t in order]


def test_a_rate_that_grows_without_its_term_is_on_the_axis(shaken, codebook):
    ax = plot_sensitivity(shaken.assign(top_change=0.5), codebook=codebook)
    crosses = [float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "x"]
    assert max(crosses) < ax.get_xlim()[1]


def test_one_full_row_a_theme(shaken, codebook):
    with pytest.raises(ValueError, match="one row of the kind 'full'"):
        plot_sensitivity(shaken[shaken["kind"] == "random"], codebook=codebook)


def test_stars_mark_terms_that_are_not_stable(drift, codebook):
    ax = plot_term_drift(drift, theme="meetings_documents", codebook=codebook, most=10, lang="zh")
    rows = drift[drift["theme"] == "meetings_documents"]
    most = rows.groupby("term")["n_hits"].sum().sort_values(ascending=False, kind="stable").index[:10]
    stable = rows.drop_duplicates("term").set_index("term")["is_stable"]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert [label.endswith(" *") for label in labels] == [not stable[term] for term in most]
    assert ax.get_ylabel() == codebook.labels("zh")["meetings_documents"]


def test_a_theme_without_rows_is_named(drift, codebook):
    with pytest.raises(ValueError, match="'authority' has no row"):
        plot_term_drift(drift, theme="authority", codebook=codebook)


@pytest.mark.parametrize(
    ("term", "label"),
    [
        ("考核", "考核"),
        ("村(社区)", "村(社区)"),
        ("(取消|停止)[^，,。；;]{0,14}(排名|排位)", "取消…排名"),
        ("([0-9二三]+|十[一二])(余|多)?(次|轮)[^，,。；;、]{0,10}(检查|督查)", "次…检查"),
        ("(扣|加)[0-9一二.]+分|扣分", "扣…分"),
        ("互联网\\+督查", "互联网+督查"),
        ("对(不担当|不作为)(的)?干部[^。]{0,9}(问责|追责)", "对不担当干部…问责"),
    ],
)
def test_a_pattern_is_told_in_words(drift, codebook, term, label):
    rows = drift[drift["theme"] == "finance"]
    first = rows["term"].iloc[0]
    ax = plot_term_drift(
        rows.assign(term=rows["term"].replace(first, term)), theme="finance", codebook=codebook, most=999
    )
    assert label in {tick.get_text().removesuffix(" *") for tick in ax.get_yticklabels()}
