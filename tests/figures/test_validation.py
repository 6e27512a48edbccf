"""The forest of agreement, precision and recall, read back from what is drawn."""

import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.figures import plot_validation
from burdenlab.tables import make_table
from tests.conftest import DEMO


@pytest.fixture(scope="module")
def codes():
    return make_table("codes", pd.read_csv(DEMO / "codes.csv", keep_default_na=False).to_dict("series"))


@pytest.fixture(scope="module")
def scores(demo, codes):
    return bl.score_codes(codes, demo.hits, themes=demo.codebook.themes)


def drawn(ax, marker):
    return sorted(float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == marker)


def test_dots_are_the_values_of_the_table(scores, codes, codebook):
    agree = bl.agreement(codes, themes=codebook.themes, n_resamples=50)
    ax = plot_validation(scores, agreement=agree, codebook=codebook, lang="en")
    rows = scores[scores["theme"] != "macro"]
    assert drawn(ax, "o") == sorted(rows["precision"].dropna())
    assert drawn(ax, "s") == sorted(rows["recall"].dropna())
    themes = agree[agree["theme"] != "move"]
    assert drawn(ax, "^") == sorted(themes["alpha"].dropna().clip(lower=0))
    top = ax.get_yticklabels()[-1].get_text()
    first = scores.iloc[0]
    assert top == f"{codebook.labels('en')[first['theme']]} ({first['n_positive']})"


@pytest.mark.parametrize("beside", [False, True])
def test_a_theme_with_few_cases_says_so_also_beside_an_agreement(scores, codes, codebook, beside):
    agree = bl.agreement(codes, themes=codebook.themes, n_resamples=50) if beside else None
    ax = plot_validation(scores, agreement=agree, codebook=codebook, lang="zh")
    few = (scores["reason"] == "few_positives") & (scores["theme"] != "macro")
    assert sum(text.get_text().startswith("不足 10 例") for text in ax.texts) == few.sum() > 0


def test_one_row_a_theme(scores, codebook):
    with pytest.raises(ValueError, match="several rows a theme"):
        plot_validation(pd.concat([scores, scores]), codebook=codebook)


def test_the_demo_codes_belong_to_the_demo(demo, codes):
    """Every coded sentence is the one that was drawn; the splitting has not moved it."""
    sample = bl.read_sample(DEMO / "codes.sample.csv")
    placed = sample.merge(demo.sentences[["doc_id", "sentence_id", "start", "end"]], on=["doc_id", "sentence_id"])
    assert len(placed) == len(sample)
    assert (placed["start_x"] == placed["start_y"]).all()
    assert set(codes["unit_id"]) == set(sample["unit_id"])
