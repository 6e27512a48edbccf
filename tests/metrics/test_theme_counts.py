"""Counts by section and move, from which every rate can be computed again."""

import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.metrics.theme_counts import count_themes
from tests.metrics.made import THEMES, make_corpus

TWO = [
    [(10, 0, "problem", ["a", "a", "b"]), (5, 0, "problem", ["a"]), (7, 0, "plan", []), (8, 1, "problem", ["b"])],
    [(3, 0, "", [])],
]


def test_by_hand():
    theme_counts, exposure = count_themes(*make_corpus(TWO)[:2])
    assert theme_counts.to_numpy().tolist() == [
        ["00.txt", 0, "problem", "a", 3, 2],
        ["00.txt", 0, "problem", "b", 1, 1],
        ["00.txt", 1, "problem", "b", 1, 1],
    ]
    assert exposure.to_numpy().tolist() == [
        ["00.txt", 0, "plan", "problem", 7, 1],
        ["00.txt", 0, "problem", "problem", 15, 2],
        ["00.txt", 1, "problem", "measure", 8, 1],
        ["01.txt", 0, "", "problem", 3, 1],
    ]
    bl.check_table(theme_counts, "theme_counts")
    bl.check_table(exposure, "exposure")


def test_of_nothing():
    theme_counts, exposure = count_themes(*(t.iloc[:0] for t in make_corpus(TWO)[:2]))
    assert len(theme_counts) == len(exposure) == 0
    bl.check_table(theme_counts, "theme_counts")
    bl.check_table(exposure, "exposure")


def test_tables_that_do_not_fit():
    hits, sentences, _ = make_corpus(TWO)
    theme_counts, exposure = count_themes(hits, sentences)
    with pytest.raises(ValueError, match="two section_moves"):
        count_themes(hits, sentences.assign(section_move=["x", "y", "x", "x", "x"]))
    with pytest.raises(ValueError, match=r"hits holds the counts of \(00.txt, 0, problem, a\) twice"):
        bl.theme_rates(pd.concat([theme_counts, theme_counts]), exposure, themes=THEMES)
    with pytest.raises(ValueError, match=r"hits counts in \(00.txt, 0, problem\), which sentences lacks"):
        bl.theme_rates(theme_counts, exposure[exposure["move"] != "problem"], themes=THEMES)
    with pytest.raises(ValueError, match="exposure lacks column"):
        bl.theme_rates(theme_counts, exposure.drop(columns="section_move"), themes=THEMES)
    with pytest.raises(ValueError, match=r"sentences holds doc_id, sentence_id \(00.txt, 0\) twice"):
        bl.theme_rates(hits, pd.concat([sentences, sentences]), themes=THEMES)
    with pytest.raises(ValueError, match="exclude names sentences, but counts know none"):
        bl.theme_rates(theme_counts, exposure, themes=THEMES, exclude=sentences)
    with pytest.raises(ValueError, match="sentences lacks column"):
        bl.theme_rates(hits, exposure.drop(columns="n_sentences"), themes=THEMES)


def test_leaving_documents_out_of_counts():
    hits, sentences, _ = make_corpus(TWO)
    gone = pd.DataFrame({"doc_id": ["01.txt"]})
    one = bl.theme_rates(*count_themes(hits, sentences), themes=THEMES, exclude=gone)
    assert one.equals(bl.theme_rates(hits, sentences, themes=THEMES, exclude=gone))
    assert set(one["doc_id"]) == {"00.txt"}


def test_real_reports_give_the_same_rates(seed):
    theme_counts, exposure = count_themes(seed.hits, seed.sentences)
    for options in ({}, {"by": "move"}, {"by": "section_move", "unit": "sentence"}, {"by": ["doc_id", "section_id"]}):
        one, other = (
            bl.theme_rates(*tables, themes=seed.codebook.themes, **options)
            for tables in ((seed.hits, seed.sentences), (theme_counts, exposure))
        )
        pd.testing.assert_frame_equal(one, other, check_exact=True)
