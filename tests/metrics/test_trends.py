"""Themes in time, against counts by hand, statsmodels, what theme_rates says, planted trends and chance."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import burdenlab as bl
from burdenlab.contrasts import difference
from burdenlab.messages import REASONS
from burdenlab.metrics.periods import policy_periods
from burdenlab.metrics.standardised import change_p, common_slope, standardised_rates
from burdenlab.metrics.theme_counts import count_themes
from burdenlab.metrics.trends import theme_change, theme_slope, theme_trend
from burdenlab.uncertainty import ratio_interval

THEMES = ("meetings", "forms")


def corpus(*rows):
    """Make counts and documents from (year, genre, Han characters, hits of meetings, hits of forms)."""
    documents = pd.DataFrame(rows, columns=["year", "genre", "n_han", *THEMES])
    documents.insert(0, "doc_id", [f"{i:03d}.txt" for i in range(len(documents))])
    documents = documents.astype({"doc_id": "str", "genre": "str", "n_han": "int64", "year": "Int64"})
    exposure = documents[["doc_id", "n_han"]].assign(section_id=0, move="", section_move="")
    exposure["n_sentences"] = exposure["n_han"] // 20
    counts = documents.melt(["doc_id"], list(THEMES), "theme", "n_hits").assign(section_id=0, move="")
    counts = counts[counts["n_hits"] > 0].assign(n_sentences_hit=lambda table: table["n_hits"])
    text = dict.fromkeys(("doc_id", "move", "section_move", "theme"), "str")
    counts, exposure = (
        table.astype({c: d for c, d in text.items() if c in table} | {"section_id": "int64"})
        for table in (counts, exposure[exposure["n_han"] > 0])
    )
    counts = counts.astype({"n_hits": "int64", "n_sentences_hit": "int64"})
    return {"hits": counts, "sentences": exposure, "documents": documents, "themes": THEMES}


# Genre a has 2 hits per 1,000 before and after, genre b has 8; only the mix changes. Forms rise from 0 to 5 in a.
MIXED = (
    [(2019, "a", 1000, 2, 0)] * 3
    + [(2019, "b", 1000, 8, 1)]
    + [(2020, "a", 1000, 2, 5)]
    + [(2020, "b", 1000, 8, 1)] * 3
)


def of(table, theme):
    return table[table["theme"] == theme].reset_index(drop=True)


def random_corpus(n, seed=0, *, slope=0.0, n_genres=1, years=10):
    rng = np.random.default_rng(seed)
    year = 2010 + np.arange(n) % years
    genre = np.array(list("abc"))[rng.integers(0, n_genres, n)]
    n_han = np.round(rng.lognormal(9, 0.4, n)).astype(int)
    rate = (0.004 + 0.002 * (genre == "b") + slope / 1000 * (year - 2010)) * rng.gamma(4, 1 / 4, n)
    hits = rng.poisson(n_han * rate)
    return corpus(*zip(year, genre, n_han, hits, rng.poisson(n_han * 0.001), strict=True))


def test_standardised_by_hand():
    trend = of(theme_trend(**corpus(*MIXED)), "meetings")
    assert trend["year"].tolist() == [2019, 2020]
    assert trend["crude"].tolist() == pytest.approx([3.5, 6.5])
    assert trend["estimate"].tolist() == pytest.approx([5, 5])  # both genres have 4,000 characters
    assert trend["n_hits"].tolist() == [14, 26]
    assert trend["n_han"].tolist() == [4000, 4000]
    assert trend["n"].tolist() == [4, 4]
    assert set(trend["reason"]) == {"lonely_stratum"}
    bl.check_table(trend, "estimates")


def test_weights_of_ones_own():
    trend = theme_trend(**corpus(*MIXED), weights={"a": 3, "b": 1})
    assert of(trend, "meetings")["estimate"].tolist() == pytest.approx([3.5, 3.5])
    only_a = theme_trend(**corpus(*MIXED), weights={"a": 1, "b": 0})
    assert of(only_a, "forms")["estimate"].tolist() == pytest.approx([0, 5])


@pytest.mark.parametrize("weights", [{"a": 1}, {"a": 1, "b": -1}, {"a": 0, "b": 0}, {"a": 1, "b": float("nan")}])
def test_weights_that_are_none(weights):
    with pytest.raises(ValueError, match=r"a number of at least 0 is expected for each of \['a', 'b'\]"):
        theme_trend(**corpus(*MIXED), weights=weights)


def test_a_genre_that_is_not_there_leaves_nothing_to_standardise():
    trend = of(theme_trend(**corpus(*MIXED, (2021, "a", 1000, 2, 0))), "meetings")
    assert trend["reason"].tolist() == ["lonely_stratum", "lonely_stratum", "stratum_missing"]
    assert trend["estimate"].isna().tolist() == [False, False, True]
    assert trend["crude"].iloc[2] == 2


def test_one_genre_is_theme_rates():
    tables = random_corpus(60, years=2)
    trend = theme_trend(**tables, n_resamples=4000)
    rates = bl.theme_rates(**tables, by="year", n_resamples=4000)
    same = ["year", "theme", "n", "reason", "n_hits", "n_han", "n_sentences", "n_sentences_hit", "unit", "per"]
    assert trend[same].equals(rates[same])
    assert np.allclose(trend["estimate"], rates["estimate"], rtol=1e-12)
    assert np.allclose(trend["crude"], rates["estimate"], rtol=1e-12)
    # Other draws: equal but for Monte Carlo.
    assert np.allclose(trend[["ci_low", "ci_high"]], rates[["ci_low", "ci_high"]], rtol=0.05)


def test_strata_need_not_weigh_alike():
    """With one stratum, sides and weights the array functions are those of the house."""
    rng = np.random.default_rng(1)
    h, d, one = rng.poisson(5, (40, 3)).astype(float), rng.lognormal(7, 0.3, 40), np.full(40, "")
    after = np.arange(40) % 2 == 0
    own = standardised_rates([(h[after], d[after], one[after]), (h[~after], d[~after], one[~after])], {"": 1.0}, seed=3)
    house = difference(h, d, after, seed=3)
    assert own.reason == house.reason
    for a, b in ((own.estimate, house.estimate), (own.low, house.low), (own.high, house.high)):
        assert np.allclose(a, b, rtol=1e-12)
    assert np.allclose(change_p(h, d, after, one, {"": 1.0}, seed=3), house.p, rtol=1e-12)
    alone = standardised_rates([(h, d, one)], {"": 1.0}, n_resamples=20000)
    assert np.allclose(alone.low, ratio_interval(h, d, n_resamples=20000).low, rtol=0.01)


def test_slope_as_statsmodels():
    """statsmodels, WLS of the rate on the year weighted by length, with HC3 and t."""
    tables = random_corpus(50, slope=0.1, n_genres=3)
    table = theme_slope(**tables, standardise="genre", level=0.9)
    documents = tables["documents"]
    design = pd.get_dummies(documents["genre"]).astype(float).assign(year=documents["year"].astype(float) - 2000)
    rate = 1000 * documents["meetings"] / documents["n_han"]
    fit = sm.WLS(rate, design, weights=documents["n_han"]).fit(cov_type="HC3", use_t=True)
    found = of(table, "meetings").iloc[0]
    low, high = fit.conf_int(alpha=0.1).loc["year"]
    assert found["estimate"] == pytest.approx(fit.params["year"], rel=1e-9)
    assert [found["ci_low"], found["ci_high"]] == pytest.approx([low, high], rel=1e-8)
    assert found["n"] == 50
    assert (found["first"], found["last"]) == (2010, 2019)


def test_a_planted_slope_is_found():
    rises = theme_slope(**random_corpus(200, slope=0.5))
    found, flat = of(rises, "meetings").iloc[0], of(rises, "forms").iloc[0]
    assert 0 < found["ci_low"] < 0.5 < found["ci_high"]
    assert flat["ci_low"] < 0 < flat["ci_high"]


def test_a_planted_change_is_found():
    rows = [(2018 + (i % 2) * 3, "ab"[i % 4 // 2], 5000, 10 + i % 3 + 20 * (i % 2), 3 + i % 5) for i in range(60)]
    for standardise in (None, "genre"):
        change = theme_change(**corpus(*rows), event="2020", standardise=standardise, n_permutations=199)
        found, same = of(change, "meetings").iloc[0], of(change, "forms").iloc[0]
        assert found["estimate"] == pytest.approx(4)
        assert found["after"] - found["before"] == pytest.approx(4)
        assert 3 < found["ci_low"] < 4 < found["ci_high"] < 5
        assert found["p"] == 1 / 200
        assert found["q"] == 2 / 200
        assert same["p"] > 0.05
        assert (found["n_before"], found["n_after"], found["n_left_out"]) == (30, 30, 0)


def test_a_mix_that_changes_is_no_change():
    rows = [(2018, "a", 1000, 2 + i % 2, 0) for i in range(12)] + [(2018, "b", 1000, 8 + i % 2, 0) for i in range(3)]
    rows += [(2021, "a", 1000, 2 + i % 2, 0) for i in range(4)] + [(2021, "b", 1000, 8 + i % 2, 0) for i in range(12)]
    crude = of(theme_change(**corpus(*rows), event="2020", n_permutations=199), "meetings").iloc[0]
    fair = of(theme_change(**corpus(*rows), event="2020", standardise="genre", n_permutations=199), "meetings").iloc[0]
    assert crude["p"] < 0.05
    assert crude["ci_low"] > 0
    assert fair["p"] > 0.05
    assert fair["ci_low"] < 0 < fair["ci_high"]
    assert abs(fair["estimate"]) < 0.2 < crude["estimate"]


def test_years_that_do_not_tell_the_side_are_left_out():
    rows = [(year, "a", 1000, 2, 1) for year in (2017, 2018, 2019) for _ in range(4)]
    change = theme_change(**corpus(*rows), event="2018-10", n_permutations=19).iloc[0]
    assert (change["n_before"], change["n_after"], change["n_left_out"]) == (4, 4, 4)
    assert change["n_hits"] == 16


def test_what_is_excluded_is_as_if_it_were_not_there():
    tables = random_corpus(60, n_genres=3)
    gone = tables["documents"].query("genre == 'c'")
    kept = {
        name: table if name == "themes" else table[~table["doc_id"].isin(gone["doc_id"])].reset_index(drop=True)
        for name, table in tables.items()
    }
    for measure, options in ((theme_trend, {}), (theme_slope, {}), (theme_change, {"event": "2015"})):
        excluded = measure(**tables, exclude=gone, **options).drop(columns="n_left_out", errors="ignore")
        assert excluded.equals(measure(**kept, **options).drop(columns="n_left_out", errors="ignore"))


def test_permutation_keeps_its_size():
    """Bursty hits, lengths and genres that differ: p < .05 in about 5 of 100 (here of 300, three standard errors)."""
    rejected = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        genre = np.array(["a", "b"])[rng.integers(0, 2, 30)]
        after = rng.random(30) < np.where(genre == "a", 0.3, 0.7)
        d = np.round(rng.lognormal(7, 0.6, 30))
        h = rng.poisson(d * np.where(genre == "a", 0.01, 0.03) * rng.gamma(1, 1, 30))[:, None].astype(float)
        rejected += change_p(h, d, after, genre, {"a": 0.5, "b": 0.5}, n_permutations=99, seed=seed)[0] <= 0.05
    assert rejected <= 300 * (0.05 + 3 * np.sqrt(0.05 * 0.95 / 300))


def test_intervals_of_slopes_hold():
    """A nominal 95 % within 92 to 98 over 400 draws of 30 documents in two genres."""
    held = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        x, genre = np.arange(30.0), np.array(["a", "b"])[np.arange(30) % 2]
        d = np.round(rng.lognormal(9, 0.5, 30))
        h = rng.poisson(d * (np.where(genre == "a", 0.002, 0.001) + 2e-5 * x) * rng.gamma(2, 0.5, 30))
        found = common_slope(h[:, None].astype(float), d, x, genre)
        held += found.low[0] <= 2e-5 <= found.high[0]
    assert 0.92 <= held / 400 <= 0.98


@pytest.mark.parametrize("measure", ["trend", "change", "slope"])
def test_counts_give_what_texts_give(demo, measure):
    functions = {
        "trend": lambda *tables: theme_trend(*tables, by="period", standardise="level", n_resamples=200, **common),
        "change": lambda *tables: theme_change(*tables, event="2024-08", n_permutations=99, **common),
        "slope": lambda *tables: theme_slope(*tables, standardise="level", unit="sentence", per=1, **common),
    }
    common = {"themes": demo.codebook.themes, "documents": policy_periods(demo.documents)}
    from_text = functions[measure](demo.hits, demo.sentences)
    assert from_text.equals(functions[measure](*count_themes(demo.hits, demo.sentences)))
    bl.check_table(from_text, "estimates")
    shuffled = (table.sample(frac=1, random_state=1) for table in (demo.hits, demo.sentences))
    common["documents"] = common["documents"].iloc[::-1]
    assert from_text.equals(functions[measure](*shuffled))
    assert {code for codes in from_text["reason"] for code in codes.split(";") if code} <= set(REASONS)
    missing = from_text[["estimate", "ci_low"]].isna().any(axis=1)
    assert (from_text.loc[missing, "reason"] != "").all()


def test_doubling_leaves_estimates_where_they_are():
    once = random_corpus(40, n_genres=2, slope=0.2)
    twice = {
        name: pd.concat([t, t.assign(doc_id="copy/" + t["doc_id"])], ignore_index=True)
        for name, t in once.items()
        if name != "themes"
    } | {"themes": THEMES}
    for measure, options in (
        (theme_trend, {}),
        (theme_slope, {"standardise": "genre"}),
        (theme_change, {"event": "2015"}),
    ):
        one, two = measure(**once, **options), measure(**twice, **options)
        assert np.allclose(one["estimate"], two["estimate"], rtol=1e-12, equal_nan=True)
        assert (2 * one["n_hits"] == two["n_hits"]).all()


def test_input_is_not_changed():
    tables = random_corpus(20, n_genres=2)
    before = {name: table.copy() for name, table in tables.items() if name != "themes"}
    theme_trend(**tables, n_resamples=20)
    theme_slope(**tables)
    theme_change(**tables, event="2015", n_permutations=9)
    assert all(table.equals(tables[name]) for name, table in before.items())


def test_one_year_is_no_trend():
    tables = corpus(*[(2020, "a", 1000, i, 0) for i in range(10)])
    slope = theme_slope(**tables)
    assert slope["estimate"].isna().all()
    assert set(slope["reason"]) == {"one_time"}
    change = theme_change(**tables, event="2020")
    assert change[["estimate", "ci_low", "p", "q", "before"]].isna().all(axis=None)
    assert set(change["reason"]) == {"n_zero"}
    assert of(change, "meetings")["after"].tolist() == pytest.approx([4.5])
    assert len(theme_trend(**tables)) == 2


def test_each_genre_of_one_year_has_no_slope_in_common():
    rows = [(2019 if i % 2 else 2020, "a" if i % 2 else "b", 1000, i, 0) for i in range(20)]
    assert set(theme_slope(**corpus(*rows), standardise="genre")["reason"]) == {"one_time"}
    assert theme_slope(**corpus(*rows))["reason"].tolist() == ["", "no_variation"]


def test_a_theme_without_hits_is_zero():
    tables = corpus(*[(2010 + i % 8, "a", 1000, 3 + i % 4, 0) for i in range(40)])
    for table in (
        theme_trend(**tables),
        theme_slope(**tables),
        theme_change(**tables, event="2014", n_permutations=19),
    ):
        zero = of(table, "forms")
        assert (zero["estimate"] == 0).all()
        assert zero[["ci_low", "ci_high"]].isna().all(axis=None)
        assert (zero["n_hits"] == 0).all()
        assert set(zero["reason"]) <= {"no_variation", "n_small", "no_variation;n_few"}
    assert zero["p"].isna().all()


def test_a_single_document_with_hits_gets_no_p():
    """One year of eighteen had two hits: the studentised difference calls that p = .008, by the lengths alone."""
    rows = [(2008 + i, "a", 15000 + 300 * (i % 5), 2 * (i == 11), 3 + i % 3) for i in range(19)]
    change = theme_change(**corpus(*rows), event="2018-10", n_permutations=199)
    assert change["reason"].tolist() == ["n_low;few_hits;n_few", "n_low"]
    assert change["p"].isna().tolist() == [True, False]
    assert change["q"].iloc[1] == change["p"].iloc[1]


def test_few_documents_get_no_interval_and_fewer_no_test():
    rows = [(2019, "a", 1000, 2, 0), (2019, "a", 900, 1, 0), (2021, "a", 1000, 4, 1), (2021, "a", 800, 5, 0)]
    change = theme_change(**corpus(*rows), event="2020")
    assert set(change["reason"]) == {"n_small;n_few"}
    assert change[["ci_low", "p", "q"]].isna().all(axis=None)
    assert change["estimate"].notna().all()
    slope = theme_slope(**corpus(*rows))
    assert set(slope["reason"]) == {"n_small"}
    assert slope["estimate"].notna().all()


@pytest.mark.parametrize("rows", [[], [(2020, "a", 0, 0, 0)] * 9, [(None, "a", 1000, 1, 1)] * 9])
def test_nothing_to_count(rows):
    tables = corpus(*rows)
    slope, change = theme_slope(**tables), theme_change(**tables, event="2020")
    trend = theme_trend(**tables)
    assert trend["year"].dtype == "Int64"
    for table in (slope, change, trend):
        assert table[["estimate", "ci_low", "ci_high"]].isna().all(axis=None)
        assert set(table["reason"]) <= {"n_zero"}
        bl.check_table(table, "estimates")
    assert slope["first"].isna().all()


def test_options_are_checked():
    tables = corpus(*MIXED)
    for options, said in (
        ({"unit": "word"}, "unit='word'"),
        ({"per": 0}, "per=0"),
        ({"level": 95}, "level=95"),
    ):
        for measure, own in ((theme_trend, {}), (theme_slope, {}), (theme_change, {"event": "2020"})):
            with pytest.raises(ValueError, match=said):
                measure(**tables, **own, **options)
    with pytest.raises(ValueError, match="n_permutations=0"):
        theme_change(**tables, event="2020", n_permutations=0)
    with pytest.raises(ValueError, match="first days in order"):
        theme_change(**tables, event="the notice")
    with pytest.raises(ValueError, match="time='genre' has dtype str"):
        theme_slope(**tables, time="genre")
    with pytest.raises(ValueError, match="'move' is a variable of sentences"):
        theme_trend(**tables, standardise="move")
    with pytest.raises(ValueError, match="no variable"):
        theme_trend(**tables, by="decade")
