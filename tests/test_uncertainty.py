"""Intervals, against an index loop, theory and simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from scipy.stats import t as student

from burdenlab.resampling import cluster_sums, resampled_ratio, resampled_totals
from burdenlab.uncertainty import (
    block_interval,
    jackknife_interval,
    ratio_interval,
    resampled_sums,
    wilson_interval,
)


def loop(h, d, level, n_resamples, seed, strata=None):
    """Do the textbook procedure, one resample at a time, on the same draws."""
    strata = np.zeros(len(d)) if strata is None else strata
    rows = [np.flatnonzero(strata == s) for s in np.unique(strata)]
    rng = np.random.default_rng(seed)
    draws = [own[rng.integers(0, len(own), size=(n_resamples, len(own)))] for own in rows]
    rate = h.sum() / d.sum()

    def error(h, d, strata):
        e = h - h.sum() / d.sum() * d
        parts = [e[strata == s] for s in np.unique(strata)]
        return np.sqrt(sum(len(x) / (len(x) - 1) * ((x - x.mean()) ** 2).sum() for x in parts)) / d.sum()

    t = []
    for number in range(n_resamples):
        i = np.concatenate([own[number] for own in draws])
        t.append((h[i].sum() / d[i].sum() - rate) / error(h[i], d[i], strata[i]))
    low, high = np.quantile(t, [(1 - level) / 2, (1 + level) / 2])
    return max(0, rate - high * error(h, d, strata)), rate - low * error(h, d, strata)


@pytest.mark.parametrize("n", [8, 25, 60])
def test_matrix_products_equal_the_loop(n):
    rng = np.random.default_rng(n)
    d = rng.lognormal(7, 0.5, n).round()
    h = rng.poisson(d * 0.004)
    low, high, _ = ratio_interval(h[:, None], d, n_resamples=400, seed=3)
    expected = loop(h, d, 0.95, 400, 3)
    assert (low[0], high[0]) == pytest.approx(expected, rel=1e-9)


def test_columns_do_not_depend_on_each_other():
    rng = np.random.default_rng(0)
    h, d = rng.poisson(3, (30, 4)).astype(float), np.full(30, 100.0)
    together = ratio_interval(h, d, n_resamples=300)
    alone = [ratio_interval(h[:, [j]], d, n_resamples=300) for j in range(4)]
    assert np.allclose(together.low, [a.low[0] for a in alone], rtol=1e-12)


@pytest.mark.parametrize(
    ("n", "reason", "bounded"),
    [(1, "n_small", False), (7, "n_small", False), (8, "n_low", True), (19, "n_low", True), (20, "", True)],
)
def test_reasons_by_number_of_clusters(n, reason, bounded):
    h = np.arange(n, dtype=float)[:, None] % 5
    low, high, reasons = ratio_interval(h, np.full(n, 10.0), n_resamples=200)
    assert reasons == [reason]
    assert np.isfinite([low[0], high[0]]).all() == bounded


def test_no_variation_and_no_exposure():
    h = np.column_stack([np.zeros(20), np.full(20, 3.0)])
    low, _, reason = ratio_interval(h, np.full(20, 10.0))
    assert np.isnan(low).all()
    assert reason == ["no_variation", "no_variation"]
    assert ratio_interval(h, np.zeros(20)).reason == ["n_zero", "n_zero"]


def test_interval_shrinks_with_level_and_scales_with_the_exposure():
    rng = np.random.default_rng(1)
    h, d = rng.poisson(5, (40, 1)).astype(float), rng.uniform(50, 150, 40)
    wide, narrow = ratio_interval(h, d, level=0.99), ratio_interval(h, d, level=0.8)
    assert wide.low[0] < narrow.low[0] < narrow.high[0] < wide.high[0]
    tenth = ratio_interval(h, d * 10)
    assert tenth.high[0] == pytest.approx(ratio_interval(h, d).high[0] / 10)


def test_it_covers_what_it_says():
    """40 documents, log-normal lengths, gamma-Poisson hits (k = 2): 95 % in 400 worlds is 380, give or take 4.4."""
    rng = np.random.default_rng(11)
    inside = 0
    for _ in range(400):
        d = rng.lognormal(7.3, 0.4, 40)
        h = rng.poisson(d * 0.003 * rng.gamma(2, 0.5, 40))
        low, high, _ = ratio_interval(h[:, None], d, n_resamples=400, seed=5)
        inside += bool(low[0] <= 0.003 <= high[0])
    assert 0.92 <= inside / 400 <= 0.98


@pytest.mark.parametrize(("options", "said"), [({"level": 1.0}, "level=1.0"), ({"n_resamples": 0}, "n_resamples=0")])
def test_bad_options(options, said):
    with pytest.raises(ValueError, match=said):
        ratio_interval(np.ones((9, 1)), np.ones(9), **options)


def test_shapes_are_checked():
    with pytest.raises(ValueError, match=r"numerator has shape \(9,\)"):
        ratio_interval(np.ones(9), np.ones(9))


def test_wilson_by_published_values():
    """Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E, table I, method 3."""
    low, high, reason = wilson_interval([81, 15, 0, 1], [263, 148, 20, 29])
    assert low.tolist() == pytest.approx([0.2553, 0.0624, 0.0, 0.0061], abs=5e-5)
    assert high.tolist() == pytest.approx([0.3662, 0.1605, 0.1611, 0.1718], abs=5e-5)
    assert reason == [""] * 4


@pytest.mark.parametrize(("x", "n"), [(0, 7), (3, 11), (40, 50), (9, 9)])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_wilson_agrees_with_scipy(x, n, level):
    low, high, _ = wilson_interval(x, n, level=level)
    expected = binomtest(x, n).proportion_ci(level, method="wilson")
    assert (low[0], high[0]) == pytest.approx(tuple(expected), abs=1e-12)


def test_wilson_at_the_ends():
    low, high, reason = wilson_interval([0, 5, 0, 2.5], [5, 5, 0, 5])
    assert (low[0], high[1]) == (0, 1)
    assert np.isnan([low[2], high[2]]).all()
    assert reason == ["", "", "n_zero", ""]
    assert low[3] == pytest.approx(1 - high[3]), "symmetric at one half, for effective numbers too"
    for bad in ([-1, 3], [4, 3]):
        with pytest.raises(ValueError, match="0 <= successes <= n"):
            wilson_interval(*bad)
    with pytest.raises(ValueError, match="level=0"):
        wilson_interval(1, 2, level=0)


def test_resampled_sums_are_those_of_whole_clusters():
    sums = np.random.default_rng(0).normal(size=(12, 3))
    drawn = np.random.default_rng(7).integers(0, 12, size=(5, 12))
    assert resampled_sums(sums, n_resamples=5, seed=7) == pytest.approx(np.array([sums[i].sum(axis=0) for i in drawn]))
    with pytest.raises(ValueError, match="n_resamples=0"):
        resampled_sums(sums, n_resamples=0)


def bursty(n, k=1, seed=0, rate=0.004):
    rng = np.random.default_rng(seed)
    d = rng.lognormal(7, 0.5, n).round()
    return rng.poisson(rate * d[:, None] * rng.gamma(1, 1, (n, k))).astype(float), d


def test_strata_and_weights_equal_the_loop():
    h, d = bursty(40)
    strata, weights = np.repeat([0, 1], [15, 25]), np.repeat([3.0, 1.0], [15, 25])
    found = ratio_interval(h, d, strata=strata, weights=weights, n_resamples=300, seed=4)
    expected = loop(h[:, 0] * weights, d * weights, 0.95, 300, 4, strata)
    assert (found.low[0], found.high[0]) == pytest.approx(expected, rel=1e-9)
    plain = ratio_interval(h, d, n_resamples=300, seed=4)
    scaled = ratio_interval(h, d, weights=np.full(40, 7.0), strata=np.full(40, "x"), n_resamples=300, seed=4)
    assert scaled.low[0] == pytest.approx(plain.low[0], rel=1e-12)


def test_strata_remove_what_lies_between_them():
    """Two strata with different rates: what varies is inside them."""
    d, rng = np.full(60, 1000.0), np.random.default_rng(0)
    h = rng.poisson(np.repeat([2, 12], 30))[:, None].astype(float)
    one, two = ratio_interval(h, d), ratio_interval(h, d, strata=np.repeat([0, 1], 30))
    assert two.high[0] - two.low[0] < 0.6 * (one.high[0] - one.low[0])


def test_clusters_are_rows_added_up():
    h, d = bursty(60)
    labels = np.array([f"county {i % 12:02d}" for i in range(60)])
    whole = np.array([[h[labels == c].sum(), d[labels == c].sum()] for c in np.unique(labels)])
    options = {"n_resamples": 200, "seed": 1}
    expected = ratio_interval(whole[:, :1], whole[:, 1], **options)
    order = np.random.default_rng(5).permutation(60)
    found = ratio_interval(h[order], d[order], clusters=labels[order], **options)
    assert (found.low[0], found.high[0]) == pytest.approx((expected.low[0], expected.high[0]), rel=1e-12)
    assert found.reason == ["n_low"]


def test_empty_rows_are_no_clusters():
    h, d = bursty(30)
    more = ratio_interval(np.vstack([h, np.zeros((50, 1))]), np.r_[d, np.zeros(50)], n_resamples=200)
    assert more.low[0] == ratio_interval(h, d, n_resamples=200).low[0]


def test_reasons_of_rare_themes_and_lonely_strata():
    h, d = np.zeros((30, 2)), np.full(30, 100.0)
    h[:4, 0] = h[:5, 1] = 1
    assert ratio_interval(h, d).reason == ["few_hits", ""]
    assert ratio_interval(h[:10], d[:10]).reason == ["n_low;few_hits", "n_low"]
    lonely = ratio_interval(h, d, strata=np.r_[1, np.zeros(29)])
    assert lonely.reason == ["lonely_stratum"] * 2
    assert np.isnan(lonely.low).all()
    assert ratio_interval(h, d, strata=np.arange(30) // 4).reason == ["few_hits", ""]
    assert ratio_interval(h[:12], d[:12], strata=np.arange(12) // 2).reason == ["n_small"] * 2


def test_many_clusters_are_drawn_by_poisson():
    """2,000 clusters: the draws' mean and variance are 1, and the bounds those of the normal theory."""
    weights = resampled_totals(lambda rows: np.eye(2000)[rows], 2000, n_resamples=200, rng=np.random.default_rng(0))
    assert weights.mean() == pytest.approx(1, abs=0.01)
    assert weights.var() == pytest.approx(1, abs=0.02)
    assert np.abs(np.corrcoef(weights[:, :50].T) - np.eye(50)).max() < 0.4
    h, d = bursty(3000)
    found, whole = ratio_interval(h, d), cluster_sums(h, d)
    shift, error = resampled_ratio(whole, n_resamples=500, rng=np.random.default_rng(1))
    assert shift.std() == pytest.approx(np.median(error), rel=0.1)
    assert (found.high[0] - found.low[0]) / np.median(error) == pytest.approx(2 * 1.96, rel=0.1)


def test_jackknife_by_hand():
    h, d = bursty(12, k=3)
    found = jackknife_interval(h, d, level=0.9)
    for j in range(3):
        theta = np.array([np.log(np.delete(h[:, j], i).sum() / np.delete(d, i).sum()) for i in range(12)])
        error = np.sqrt(11 / 12 * ((theta - theta.mean()) ** 2).sum())
        rate = h[:, j].sum() / d.sum()
        expected = rate * np.exp([-student.ppf(0.95, 11) * error, student.ppf(0.95, 11) * error])
        assert (found.low[j], found.high[j]) == pytest.approx(tuple(expected), rel=1e-12)


def test_jackknife_by_strata_by_hand():
    h, d = bursty(20, seed=3)
    strata = np.arange(20) % 3
    theta = np.array([np.log(np.delete(h[:, 0], i).sum() / np.delete(d, i).sum()) for i in range(20)])
    parts = [theta[strata == s] for s in range(3)]
    error = np.sqrt(sum((len(x) - 1) / len(x) * ((x - x.mean()) ** 2).sum() for x in parts))
    expected = h.sum() / d.sum() * np.exp([-student.ppf(0.975, 17) * error, student.ppf(0.975, 17) * error])
    found = jackknife_interval(h, d, strata=strata)
    assert (found.low[0], found.high[0]) == pytest.approx(tuple(expected), rel=1e-12)


@pytest.mark.parametrize("interval", [ratio_interval, jackknife_interval])
def test_degenerate_input(interval):
    """One cluster, all equal, a theme that one document alone has, nothing at all: NaN with a reason."""
    d = np.full(25, 10.0)
    one = np.zeros((25, 1))
    one[3] = 5
    cases = {
        "n_small": (np.ones((1, 1)), np.ones(1)),
        "no_variation": (np.full((25, 1), 2.0), d),
        "few_hits": (one, d),
        "n_zero": (np.zeros((0, 1)), np.zeros(0)),
    }
    for reason, (h, exposure) in cases.items():
        found = interval(h, exposure)
        assert found.reason == [reason]
        assert found.low.shape == (1,)
        if reason != "few_hits" or interval is jackknife_interval:
            assert np.isnan([found.low[0], found.high[0]]).all()
    assert interval(np.ones((9, 0)), np.ones(9)).reason == []


def test_blocks_describe_a_text():
    rng = np.random.default_rng(0)
    section = np.repeat(np.arange(25), 4)
    h, d = rng.poisson(rng.gamma(1, 1, 25)[section])[:, None].astype(float), np.full(100, 20.0)
    found = block_interval(h, d, section, n_resamples=300)
    same = ratio_interval(h, d, clusters=section, n_resamples=300)
    assert found.low[0] == same.low[0]
    assert found.reason == ["within_text"]
    assert block_interval(h, d, section % 3).reason == ["within_text;n_small"]
    sentences = ratio_interval(h, d, n_resamples=300)
    assert found.high[0] - found.low[0] > 1.2 * (sentences.high[0] - sentences.low[0]), (
        "sentences of a section are alike"
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"weights": [1, 2]}, r"weights has shape \(2,\)"),
        ({"weights": np.full(9, -1.0)}, "weights holds numbers that are negative"),
        ({"strata": [1]}, r"strata has shape \(1,\)"),
        ({"clusters": np.zeros(9), "strata": np.arange(9)}, "lies in two strata"),
    ],
)
def test_labels_are_checked(options, said):
    for interval in (ratio_interval, jackknife_interval):
        with pytest.raises(ValueError, match=said):
            interval(np.ones((9, 1)), np.ones(9), **options)
    with pytest.raises(ValueError, match="numerator holds numbers that are negative or not finite"):
        ratio_interval(np.full((9, 1), np.nan), np.ones(9))


counts = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5000)), min_size=8, max_size=40)


@settings(max_examples=300, deadline=None)
@given(counts, st.integers(2, 50))
def test_laws_of_intervals(rows, factor):
    """Another unit of exposure scales the bounds; the order of clusters changes nothing; weights are replications."""
    h, d = np.array([[x] for x, _ in rows], float), np.array([x for _, x in rows], float)
    labels = np.arange(len(d))
    options = {"n_resamples": 50, "clusters": labels}
    found = ratio_interval(h, d, **options)
    other = ratio_interval(h, d * factor, **options)
    assert np.allclose(found.high / factor, other.high, rtol=1e-9, atol=0, equal_nan=True)
    turned = ratio_interval(h[::-1], d[::-1], n_resamples=50, clusters=labels[::-1])
    assert np.array_equal(found.high, turned.high, equal_nan=True)
    assert found.reason == turned.reason == other.reason
    assert not (found.low > found.high).any()
    weighted = ratio_interval(h, d, **options, weights=np.full(len(d), factor))
    assert np.allclose(found.low, weighted.low, rtol=1e-9, equal_nan=True)
    for same in (jackknife_interval(h, d), jackknife_interval(np.tile(h, (1, 2)), d)):
        assert not (same.low > h.sum() / d.sum()).any()
