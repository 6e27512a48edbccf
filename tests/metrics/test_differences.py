"""Differences between groups, against counts by hand and the contrasts on arrays."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control

import burdenlab as bl
from burdenlab.contrasts import difference, ratio
from burdenlab.metrics.differences import rate_differences, rate_influence
from tests.metrics.made import THEMES, make_corpus

# Group x: three hits of a in 30 characters; group y: one of a, one of b in 20.
TWO = [[(10, 0, "plan", ["a"])], [(20, 0, "plan", ["a", "b"])], [(20, 0, "plan", ["a", "a"])]]
FEW = {"n_resamples": 99, "n_permutations": 99}


def test_by_hand():
    hits, sentences, documents = make_corpus(TWO)
    found = rate_differences(hits, sentences, themes=THEMES, by="group", documents=documents, against="y", **FEW)
    assert found["group"].tolist() == ["x"] * 3
    assert found["against"].tolist() == ["y"] * 3
    assert found["rate"].tolist() == [100, 0, 0]
    assert found["rate_against"].tolist() == [50, 50, 0]
    assert found["estimate"].tolist() == [50, -50, 0]
    assert found["ratio"].tolist()[:2] == [2, 0]
    assert found["ratio_reason"].tolist() == ["n_small", "no_hits", "no_hits"]
    assert np.isnan(found["ratio"][2])
    assert found[
        ["n", "n_against", "n_hits", "n_hits_against", "n_documents", "n_documents_against"]
    ].to_numpy().tolist() == [
        [2, 1, 3, 1, 2, 1],
        [2, 1, 0, 1, 2, 1],
        [2, 1, 0, 0, 2, 1],
    ]
    assert set(found["reason"]) == {"n_small"}
    assert found["p"].isna().all()


def test_numbers_are_those_of_the_contrasts(demo):
    options = {"themes": demo.codebook.themes, "by": "level", "documents": demo.documents}
    found = rate_differences(demo.hits, demo.sentences, **options, unit="sentence", per=1, **FEW)
    each = bl.theme_rates(demo.hits, demo.sentences, themes=demo.codebook.themes)
    wide = each.pivot(index="doc_id", columns="theme", values="n_sentences_hit")[list(demo.codebook.themes)]
    n_sentences = each.groupby("doc_id")["n_sentences"].first()
    side = (demo.documents.set_index("doc_id").loc[wide.index, "level"] == "county").to_numpy(dtype=bool)
    gap, times = (f(wide.to_numpy(), n_sentences.to_numpy(), side, **FEW) for f in (difference, ratio))
    county = found[found["level"] == "county"]
    assert np.allclose(county["estimate"], gap.estimate)
    assert np.allclose(county["ci_low"], gap.low, equal_nan=True)
    assert np.allclose(county["ratio_high"], times.high, equal_nan=True)
    assert (county["p"] == gap.p).all()
    assert found["q"].tolist() == pytest.approx(false_discovery_control(found["p"]).tolist())
    assert set(found["against"]) == {""}


def test_weights_count(demo):
    documents = demo.documents.assign(weight=range(1, 19))
    options = {"themes": demo.codebook.themes, "documents": documents, **FEW}
    found = rate_differences(demo.hits, demo.sentences, by="level", weights="weight", **options)
    options = {"themes": demo.codebook.themes, "documents": documents, "n_resamples": 99}
    rates = bl.theme_rates(demo.hits, demo.sentences, by="level", weights="weight", **options)
    assert np.allclose(found["rate"], rates["estimate"])
    assert np.allclose(found["estimate"], found["rate"] - found["rate_against"])


def test_a_stratum_is_no_explanation(demo):
    """The genre that only one level has explains its difference away, or forbids the interval."""
    options = {"themes": demo.codebook.themes, "by": "level", "documents": demo.documents, "against": "county", **FEW}
    plain = rate_differences(demo.hits, demo.sentences, **options)
    by_genre = rate_differences(demo.hits, demo.sentences, **options, strata="genre")
    assert (by_genre["estimate"] == plain["estimate"]).all()
    assert "lonely_stratum" in set(by_genre["reason"])


def test_years_are_compared_and_keep_their_type(demo):
    found = rate_differences(
        demo.hits, demo.sentences, themes=demo.codebook.themes, by="year", documents=demo.documents, against=2019, **FEW
    )
    assert found["year"].dtype == demo.documents["year"].dtype
    assert 2019 not in set(found["year"])
    assert set(found["against"]) == {"2019"}


def test_one_group_alone(demo):
    documents = demo.documents.assign(level="county")
    found = rate_differences(
        demo.hits, demo.sentences, themes=demo.codebook.themes, by="level", documents=documents, **FEW
    )
    assert found.empty
    with pytest.raises(ValueError, match="against='village' is no value of level"):
        rate_differences(
            demo.hits, demo.sentences, themes=demo.codebook.themes, by="level", documents=documents, against="village"
        )


def test_a_group_without_text():
    hits, sentences, documents = make_corpus([*TWO, []])
    documents = documents.assign(group=pd.Series(["x", "x", "x", "y"], dtype="str"))
    found = rate_differences(hits, sentences, themes=THEMES, by="group", documents=documents, **FEW)
    assert set(found["reason"]) == set(found["ratio_reason"]) == {"n_zero"}
    assert found[["estimate", "ci_low", "p", "ratio"]].isna().all(axis=None)
    assert found["rate"].isna().tolist() == [False] * 3 + [True] * 3
    assert found["n"].tolist() == [3] * 3 + [0] * 3


def test_influence_by_hand():
    hits, sentences, _ = make_corpus(TWO)
    found = rate_influence(hits, sentences, themes=THEMES)
    of_a = found[found["theme"] == "a"]
    assert of_a["doc_id"].tolist() == ["01.txt", "02.txt", "00.txt"], "the heaviest first"
    assert of_a["without"].tolist() == pytest.approx([100, 2000 / 30, 75])
    assert of_a["change"].tolist() == pytest.approx([1 / 4, -1 / 6, -1 / 16])
    assert set(of_a["estimate"]) == {80}
    assert of_a[["n_hits", "n_han", "n_sentences"]].to_numpy().tolist() == [[1, 20, 1], [2, 20, 1], [1, 10, 1]]
    of_c = found[found["theme"] == "c"]
    assert set(of_c["reason"]) == {"no_hits"}
    assert of_c["change"].isna().all()
    alone = rate_influence(*make_corpus(TWO[:1])[:2], themes=THEMES)
    assert set(alone["reason"]) == {"n_zero"}


def test_influence_is_the_rate_of_the_others(demo):
    found = rate_influence(
        demo.hits, demo.sentences, themes=demo.codebook.themes, leave_out="year", documents=demo.documents
    )
    for year in (2020, 2024):
        others = demo.documents[demo.documents["year"] != year]["doc_id"]
        kept = [t[t["doc_id"].isin(others)] for t in (demo.hits, demo.sentences)]
        expected = bl.theme_rates(*kept, themes=demo.codebook.themes, by=None, n_resamples=9).set_index("theme")[
            "estimate"
        ]
        row = found[found["year"] == year].set_index("theme")["without"]
        assert np.allclose(row, expected.loc[row.index])
    assert found["year"].dtype == demo.documents["year"].dtype


def test_bad_options(demo):
    for options, said in (
        ({"by": "theme"}, "different variables"),
        ({"by": "level", "unit": "word"}, "unit='word'"),
        ({"by": "colour"}, "documents has no variable"),
    ):
        with pytest.raises(ValueError, match=said):
            rate_differences(
                demo.hits, demo.sentences, themes=demo.codebook.themes, documents=demo.documents, **options
            )
    with pytest.raises(ValueError, match="pass documents="):
        rate_influence(demo.hits, demo.sentences, themes=demo.codebook.themes, leave_out="level")
    assert isinstance(demo.documents, pd.DataFrame)
