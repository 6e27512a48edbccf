"""Shared passages and formulaic wording, read back from what is drawn."""

import numpy as np
import pandas as pd
import pytest

from burdenlab.figures.reuse import plot_passages, plot_reuse
from burdenlab.figures.shares import plot_copied_shares, plot_formulaicness
from burdenlab.metrics.copying import copied_shares, shared_by_pair
from burdenlab.metrics.formulaicness import formulaicness
from burdenlab.metrics.passages import shared_passages
from tests.metrics.planted import Writer, table


@pytest.fixture(scope="module")
def made():
    writer = Writer(1, n_stock=0)
    passage = writer.plain(100)
    texts = [passage + writer.plain(100), writer.plain(300) + passage, passage, writer.plain(200)]
    documents = table(
        texts, level=["province", "county", "", "county"], year=pd.array([2018, 2019, 2020, pd.NA], "Int64")
    )
    return documents, shared_passages(documents)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_map_shows_the_shares(made, lang):
    documents, passages = made
    pairs = shared_by_pair(passages, documents)
    ax = plot_reuse(pairs, lang=lang)
    drawn = np.ma.filled(ax.collections[0].get_array().astype(float), np.nan).reshape(3, 3)
    assert np.nansum(drawn) == pytest.approx(pairs["share"].sum())
    assert [t.get_text() for t in ax.get_yticklabels()] == ["00000.txt", "00001.txt", "00002.txt"]
    marks = next(line for line in ax.lines if line.get_marker() == "^")
    assert sorted(zip(marks.get_xdata(), marks.get_ydata(), strict=True)) == [(0.5, 1.5), (0.5, 2.5), (1.5, 2.5)]
    few = plot_reuse(pairs, most=2, lang=lang)
    assert len(few.get_yticklabels()) == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_strips_lie_where_the_passages_are(made, lang):
    documents, passages = made
    ax = plot_passages(passages, documents, lang=lang)
    bars = [
        (round(p.get_x(), 6), round(p.get_width(), 6), p.get_facecolor()) for p in ax.patches if p.get_height() == 0.7
    ]
    length = documents.set_index("doc_id")["text"].str.len()
    row = passages[(passages["doc_id_a"] == "00000.txt") & (passages["doc_id_b"] == "00001.txt")].iloc[0]
    placed = (
        round(100 * row["start_b"] / length["00001.txt"], 6),
        round(100 * (row["end_b"] - row["start_b"]) / length["00001.txt"], 6),
    )
    assert placed in [bar[:2] for bar in bars]
    said = [text.get_text() for text in ax.get_legend().get_texts()]
    assert len(said) == 3  # from above, from an earlier one of unknown level, first here


def test_dots_are_shares_in_per_cent(demo):
    own = demo.sentences[~demo.sentences["text"].str.contains("burdenlab")]
    found = formulaicness(demo.documents, own, k=1)
    for lang in ("zh", "en"):
        ax = plot_formulaicness(found, lang=lang)
        dots = sorted(float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "o")
        assert dots == pytest.approx(sorted(100 * found["estimate"]))
        assert "18" in ax.get_xlabel()
    with pytest.raises(ValueError, match="one row for each"):
        plot_formulaicness(pd.concat([found, found]))


def test_copied_shares_by_level(made):
    documents, passages = made
    found = copied_shares(passages, documents, by="level")
    ax = plot_copied_shares(found, by="level", lang="en")
    drawn = [float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() in ("o", "s")]
    assert sorted(drawn) == pytest.approx(sorted(100 * found["estimate"].dropna()))
    assert len(plot_copied_shares(copied_shares(passages, documents, by=None)).get_yticklabels()) == 5
    with pytest.raises(ValueError, match="one row for each"):
        plot_copied_shares(found)


def test_relations_left_out_are_left_out(made):
    documents, passages = made
    found = copied_shares(passages, documents, by="level")
    some = found[(found["relation"] != "below") & ~((found["relation"] == "peer") & (found["level"] == "county"))]
    ax = plot_copied_shares(some, by="level", lang="en")
    assert len(ax.get_yticklabels()) == 4
    drawn = [float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() in ("o", "s")]
    assert sorted(drawn) == pytest.approx(sorted(100 * some["estimate"].dropna()))
    for wrong in (some.assign(relation="above us").iloc[:1], some.iloc[:0]):
        with pytest.raises(ValueError, match=r"relation holds .*; some of \['above', .* are expected"):
            plot_copied_shares(wrong)


def test_nothing_shared_says_so(made):
    documents, passages = made
    for ax in (plot_passages(passages.iloc[:0], documents), plot_reuse(shared_by_pair(passages.iloc[:0], documents))):
        assert [text.get_text() for text in ax.texts] == ["没有共有的段落"]
