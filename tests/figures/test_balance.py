"""Figures of cart and horse draw what the tables say."""

import numpy as np
import pandas as pd
import pytest

from burdenlab.figures.balance import plot_balance, plot_mappings
from burdenlab.metrics.balance import mismatch
from burdenlab.metrics.balance_multiverse import mismatch_mappings
from tests.metrics.balances import made, planted


@pytest.fixture(scope="module")
def groups():
    counts = made(np.random.default_rng(0), 3, 12, (5, 3, 2, 4))
    counts[24:26, 2:] = 0
    hits, sentences, documents = planted(counts[:26])
    documents = documents.assign(level=pd.Series(["county"] * 12 + ["township"] * 12 + ["village"] * 2, dtype="str"))
    return hits, sentences, documents


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_dumbbells_are_sorted_and_end_where_the_table_says(groups, lang):
    hits, sentences, documents = groups
    found = mismatch(hits, sentences, by="level", documents=documents)
    ax = plot_balance(found, lang=lang)
    labels = [tick.get_text() for tick in ax.get_yticklabels()]
    order = found.sort_values("estimate", na_position="last")
    assert [tick.get_position()[1] for tick in ax.get_yticklabels()] == [2, 1, 0]
    assert [
        f"{delta:+.2f}".replace("-", "−") in label for delta, label in zip(order["estimate"][:2], labels, strict=False)
    ] == [True, True]
    dots = {
        marker: sorted(
            (line.get_ydata()[0], line.get_xdata()[0]) for line in ax.get_lines() if line.get_marker() == marker
        )
        for marker in "os"
    }
    for marker, column in (("o", "load_capacity"), ("s", "remedy_orientation")):
        drawn = order[column].dropna().tolist()
        assert [x for _, x in reversed(dots[marker])] == drawn
    said = [text.get_text() for text in ax.texts]
    assert said == [("此处无法测量错配", "mismatch not measurable here")[lang == "en"]]
    assert ("不是负担本身" if lang == "zh" else "not the burden itself") in ax.get_xlabel()


def test_the_interval_of_a_single_text_is_dashed(demo):
    found = mismatch(demo.hits, demo.sentences, documents=demo.documents, minimum=5)
    ax = plot_balance(found)
    intervals = [line for line in ax.get_lines() if line.get_linestyle() == "--"]
    assert len(intervals) == found[["load_capacity_low", "remedy_orientation_low"]].notna().to_numpy().sum() > 0
    assert any("虚线" in text.get_text() for text in ax.get_legend().get_texts())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_mapping_is_a_dot_in_the_row_of_each_option(groups, lang):
    under = mismatch_mappings(*groups[:2])
    ax = plot_mappings(under, lang=lang)
    rows = [collection.get_offsets() for collection in ax.collections]
    assert len(rows[0]) == len(under) == 576
    np.testing.assert_allclose(np.sort(rows[0][:, 0]), np.sort(under["estimate"]))
    assert len(rows[1]) == (under["choice_road"] == "with_cart").sum()
    assert sum(len(row) for row in rows[1:]) == (576 * 9)
    diamond = next(line for line in ax.get_lines() if line.get_marker() == "D")
    assert diamond.get_xdata()[0] == under.loc[0, "estimate"]
    share = f"{100 * under.loc[0, 'share_same_sign']:.0f}"
    assert any(share in text.get_text() for text in ax.get_legend().get_texts())


def test_what_cannot_be_drawn_is_refused(groups):
    hits, sentences, documents = groups
    found = mismatch(hits, sentences, by="level", documents=documents)
    with pytest.raises(ValueError, match="pass what mismatch gives"):
        plot_balance(found.drop(columns="load_capacity"))
    with pytest.raises(ValueError, match="several rows for one level"):
        plot_balance(pd.concat([found, found]))
    with pytest.raises(ValueError, match="balances has 0 rows"):
        plot_balance(found.iloc[:0])
    with pytest.raises(ValueError, match="under has 3 main mappings"):
        plot_mappings(mismatch_mappings(hits, sentences, by="level", documents=documents))
    with pytest.raises(ValueError, match="not measurable here"):
        plot_mappings(mismatch_mappings(hits, sentences, minimum=10_000))
