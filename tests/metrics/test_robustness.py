"""The table of variants, against the rates that each stands for."""

import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.metrics.robustness import robustness
from burdenlab.metrics.theme_counts import count_themes
from tests.metrics.made import THEMES, make_corpus

TWO = [[(10, 0, "plan", ["a", "b"]), (10, 0, "plan", ["a"])], [(20, 0, "plan", ["b"])], [(20, 0, "plan", ["b"])]]


@pytest.fixture
def tables():
    hits, sentences, documents = make_corpus(TWO)
    return (
        hits.assign(term=[f"{t}{i % 2}" for i, t in enumerate(hits["theme"])]).astype({"term": "str"}),
        sentences,
        documents,
    )


def test_variants_by_hand(tables):
    hits, sentences, _ = tables
    doubles = pd.DataFrame({"doc_id": ["01.txt", "02.txt"], "is_representative": [True, False]})
    templates = sentences[(sentences["doc_id"] == "00.txt") & (sentences["sentence_id"] == 1)]
    stable = pd.DataFrame({"theme": ["a", "b", "b"], "term": ["a0", "b0", "b1"], "is_stable": [True, True, False]})
    corrected = pd.DataFrame(
        {"theme": ["b", "a"], "estimate": [0.5, 0.3], "ci_low": 0.1, "ci_high": 0.9, "n": 4, "reason": "",
         "dictionary": [0.4, 0.6], "n_hit": [3, 2], "n_sentences": 4},
    )  # fmt: skip
    found = robustness(
        hits, sentences, themes=THEMES, doubles=doubles, templates=templates, stable_terms=stable, corrected=corrected,
        n_resamples=9,
    ).set_index(["variant", "theme"])  # fmt: skip
    estimates = {variant: rows["estimate"].round(9).tolist() for variant, rows in found.groupby(level=0, sort=False)}
    assert estimates == {
        "main": [pytest.approx(2000 / 60), 50, 0],
        "without_doubles": [50, 50, 0],
        "without_templates": [20, 60, 0],
        "stable_terms": [pytest.approx(2000 / 60), pytest.approx(1000 / 60), 0],
        "corrected": [0.3, 0.5],
        "other_unit": [500, 750, 0],
    }
    assert found.loc["without_doubles", "change"].tolist()[:2] == pytest.approx([0.5, 0])
    assert found.loc["corrected", "change"].tolist() == pytest.approx([-0.5, 0.25])
    assert found.loc["other_unit", "change"].isna().all()
    assert found.loc["main", "rank"].tolist() == [2, 1, 3]
    assert found.loc["stable_terms", "rank"].tolist() == [1, 2, 3]
    assert found.loc["corrected", ["n_sentences_hit", "unit", "per"]].to_numpy().tolist() == [
        [2, "sentence", 1.0],
        [3, "sentence", 1.0],
    ]


def test_main_is_theme_rates(demo):
    options = {"themes": demo.codebook.themes, "by": "level", "documents": demo.documents, "n_resamples": 100}
    found = robustness(demo.hits, demo.sentences, **options)
    main = bl.theme_rates(demo.hits, demo.sentences, **options)
    shared = [c for c in found.columns if c in main.columns]
    rows = found[found["variant"] == "main"].reset_index(drop=True)
    pd.testing.assert_frame_equal(rows[shared], main[shared], check_exact=True)
    assert (rows["change"].dropna() == 0).all()
    assert found["variant"].unique().tolist() == ["main", "other_unit"]


def test_tables_that_do_not_fit(tables):
    hits, sentences, _ = tables
    with pytest.raises(ValueError, match=r"stable_terms lacks \['term'\]"):
        robustness(hits, sentences, themes=THEMES, stable_terms=pd.DataFrame({"theme": ["a"]}))
    with pytest.raises(ValueError, match="hits holds counts"):
        robustness(
            *count_themes(hits, sentences), themes=THEMES, stable_terms=pd.DataFrame({"theme": ["a"], "term": "a0"})
        )
    with pytest.raises(ValueError, match="corrected lacks"):
        robustness(hits, sentences, themes=THEMES, corrected=pd.DataFrame({"theme": ["a"]}))
    with pytest.raises(ValueError, match="different variables"):
        robustness(hits, sentences, themes=THEMES, by="variant")
