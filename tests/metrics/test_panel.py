"""The wide table for regressions, against the tables that it is made of and through Stata's format."""

import numpy as np
import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.metrics.attention import attention_entropy
from burdenlab.metrics.panel import panel
from burdenlab.metrics.theme_counts import count_themes
from tests.metrics.made import THEMES, make_corpus

TWO = [[(10, 0, "plan", ["a", "a", "b"]), (15, 0, "plan", ["a"])], [(20, 0, "plan", [])], []]


def test_by_hand():
    hits, sentences, documents = make_corpus(TWO)
    drawn = documents.assign(chance=[0.5, 1.0, 0.25])
    wide = panel(hits, sentences, drawn.iloc[::-1], themes=THEMES, probability="chance").set_index("doc_id")
    assert wide[["n_han", "n_sentences", "n_hits_a", "n_hits_b", "n_hits_c", "n_sent_a"]].to_numpy().tolist() == [
        [25, 2, 3, 1, 0, 2],
        [20, 1, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
    ]
    assert wide["rate_a"].tolist()[:2] == [120, 0]
    assert wide["share_b"].tolist()[:2] == [0.5, 0]
    assert wide.loc["02.txt", ["rate_a", "share_a"]].isna().all()
    assert wide["weight"].tolist() == [2, 1, 4]
    assert wide["group"].tolist() == ["x", "y", "x"]
    assert not {"text", "path", "sha256"} & set(wide.columns)


def test_a_probability_may_bear_its_name():
    hits, sentences, documents = make_corpus(TWO)
    wide = panel(hits, sentences, documents.assign(probability=0.2), themes=THEMES, probability="probability")
    assert wide.columns.tolist().count("probability") == 1
    assert wide["weight"].tolist() == [5, 5, 5]


def test_measures_are_joined(demo):
    entropy = attention_entropy(demo.hits, demo.sentences, themes=demo.codebook.themes)
    rates = bl.theme_rates(demo.hits, demo.sentences, themes=demo.codebook.themes, by=["doc_id"], unit="sentence")
    coded = pd.DataFrame({"doc_id": entropy["doc_id"].iloc[:9], "n_sampled": range(9)})
    wide = panel(
        demo.hits, demo.sentences, demo.documents, themes=demo.codebook.themes,
        measures={"entropy": entropy, "per_sentence": rates, "coded": coded},
    )  # fmt: skip
    assert wide["entropy"].tolist() == entropy["estimate"].tolist()
    assert np.allclose(wide["per_sentence_staffing"], 1000 * wide["share_staffing"])
    assert wide["coded_n_sampled"].isna().sum() == 9
    assert len(wide) == 18


def test_counts_serve_too(demo):
    counted = count_themes(demo.hits, demo.sentences)
    one, other = (
        panel(*tables, demo.documents, themes=demo.codebook.themes) for tables in ((demo.hits, demo.sentences), counted)
    )
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_through_stata_and_back(demo, tmp_path):
    wide = panel(demo.hits, demo.sentences, demo.documents, themes=demo.codebook.themes)
    wide.to_stata(tmp_path / "panel.dta", version=118, write_index=False)
    back = pd.read_stata(tmp_path / "panel.dta")
    assert back.columns.tolist() == wide.columns.tolist(), "no name is too long for Stata"
    assert np.allclose(back["rate_staffing"], wide["rate_staffing"])
    assert back["level"].tolist() == wide["level"].tolist()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"per": 0}, "per=0"),
        ({"probability": "chance"}, "documents has no variable 'chance'"),
        ({"probability": "present_share", "broken": True}, r"outside \(0, 1\]"),
        ({"measures": {"m": pd.DataFrame({"theme": ["a"]})}}, r"measures\['m'\] has the columns"),
        ({"measures": {"m": pd.DataFrame({"doc_id": ["x"], "theme": ["a"], "n": 1})}}, "with an estimate, is expected"),
        ({"measures": {"m": pd.DataFrame({"doc_id": ["x", "x"], "estimate": 1.0})}}, "a row for each doc_id"),
        (
            {"measures": {"n_han": pd.DataFrame({"doc_id": ["x"], "estimate": 1.0})}},
            "two columns would be named 'n_han'",
        ),
    ],
)
def test_bad_options(options, said):
    hits, sentences, documents = make_corpus(TWO)
    if options.pop("broken", False):
        documents = documents.assign(present_share=2.0)
    with pytest.raises(ValueError, match=said):
        panel(hits, sentences, documents, themes=THEMES, **options)
