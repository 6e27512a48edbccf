"""Differences and ratios of two groups, against loops, theory and simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burdenlab.contrasts import difference, influence, ratio


def bursty(n, rate, seed, k=1):
    rng = np.random.default_rng(seed)
    d = rng.lognormal(7, 0.5, n).round()
    return rng.poisson(rate * d[:, None] * rng.gamma(1, 1, (n, k))).astype(float), d


@pytest.fixture(scope="module")
def two():
    one, other = bursty(25, 0.006, 1, k=3), bursty(40, 0.003, 2, k=3)
    return np.vstack([one[0], other[0]]), np.r_[one[1], other[1]], np.repeat([True, False], [25, 40])


def loop(h, d, side, contrast, seed, n_resamples):
    """Do one resample after the other on the same draws; `contrast` gives an estimate and its error from two sides."""
    parts = [(h[rows], d[rows]) for rows in (side, ~side)]
    draws = [
        np.random.default_rng([seed, at]).integers(0, len(e), size=(n_resamples, len(e)))
        for at, (_, e) in enumerate(parts)
    ]
    estimate, error = contrast(*parts)
    t = []
    for b in range(n_resamples):
        value, own = contrast(*[(x[i[b]], e[i[b]]) for (x, e), i in zip(parts, draws, strict=True)])
        t.append((value - estimate) / own)
    low, high = np.quantile(t, [0.025, 0.975])
    return estimate - high * error, estimate - low * error


def rate_and_error(h, d):
    n, rate = len(d), h.sum() / d.sum()
    return rate, np.sqrt(n / (n - 1) * ((h - rate * d) ** 2).sum()) / d.sum()


def test_difference_equals_the_loop(two):
    h, d, side = two

    def contrast(one, other):
        (a, s), (b, t) = rate_and_error(*one), rate_and_error(*other)
        return a - b, np.hypot(s, t)

    found = difference(h, d, side, n_resamples=200, n_permutations=0, seed=6)
    for j in range(3):
        assert (found.low[j], found.high[j]) == pytest.approx(loop(h[:, j], d, side, contrast, 6, 200), rel=1e-9)
    assert found.estimate.tolist() == pytest.approx(
        (h[side].sum(axis=0) / d[side].sum() - h[~side].sum(axis=0) / d[~side].sum()).tolist()
    )
    assert np.isnan(found.p).all()


def test_ratio_equals_the_loop(two):
    h, d, side = two

    def contrast(one, other):
        (a, s), (b, t) = rate_and_error(*one), rate_and_error(*other)
        return np.log(a / b), np.hypot(s / a, t / b)

    found = ratio(h, d, side, n_resamples=200, n_permutations=0, seed=6)
    for j in range(3):
        bounds = np.exp(loop(h[:, j], d, side, contrast, 6, 200))
        assert (found.low[j], found.high[j]) == pytest.approx(tuple(bounds), rel=1e-9)


def test_swapping_the_groups(two):
    h, d, side = two
    one, other = difference(h, d, side), difference(h, d, ~side)
    assert (one.estimate == -other.estimate).all()
    assert one.p.tolist() == pytest.approx(other.p.tolist(), abs=0.02), "other draws of the same permutations"
    times, back = ratio(h, d, side, n_permutations=0), ratio(h, d, ~side, n_permutations=0)
    assert times.estimate * back.estimate == pytest.approx(np.ones(3))


def test_p_is_the_same_for_both(two):
    h, d, side = two
    assert (difference(h, d, side, n_permutations=99).p == ratio(h, d, side, n_permutations=99).p).all()


def test_clusters_strata_and_weights(two):
    h, d, side = two
    labels = np.where(side, np.arange(65) // 2, 100 + np.arange(65) // 2)
    clustered = difference(h, d, side, clusters=labels, n_permutations=99)
    assert clustered.estimate.tolist() == pytest.approx(difference(h, d, side, n_permutations=0).estimate.tolist())
    assert clustered.reason == ["n_low"] * 3, "13 and 20 clusters"
    doubled = difference(h, d, side, weights=np.full(65, 2.0), n_permutations=99)
    assert doubled.low == pytest.approx(difference(h, d, side, n_permutations=0).low, rel=1e-9)
    lonely = difference(h, d, side, strata=np.r_[9, np.zeros(64)], n_permutations=99)
    assert lonely.reason == ["lonely_stratum"] * 3
    assert np.isnan(lonely.low).all()


def test_strata_that_explain_the_difference():
    """Genre explains all: within genres groups are alike, and only the stratified test sees it."""
    rng = np.random.default_rng(3)
    genre = np.repeat([0, 1], 60)
    side = rng.random(120) < np.where(genre == 1, 0.8, 0.2)
    d = np.full(120, 1000.0)
    h = rng.poisson(np.where(genre == 1, 12, 4))[:, None].astype(float)
    assert difference(h, d, side, n_permutations=199).p[0] < 0.02
    assert difference(h, d, side, strata=genre, n_permutations=199).p[0] > 0.05


def test_before_and_after_in_the_same_places():
    """Places differ much, the change inside each is small but steady: their documents change sides inside the place."""
    rng = np.random.default_rng(0)
    place = np.repeat(np.arange(20), 2)
    side = np.tile([False, True], 20)
    level = rng.gamma(1, 20, 20)[place]
    h = rng.poisson(level * np.where(side, 1.35, 1.0))[:, None].astype(float)
    d = np.full(40, 1000.0)
    assert difference(h, d, side, clusters=place, n_permutations=999).p[0] < 0.05
    assert difference(h, d, side, n_permutations=999).p[0] > 0.2


@pytest.mark.parametrize(
    ("h", "side", "reason", "ratio_reason"),
    [
        (np.ones((20, 1)), [True] * 20, "n_zero", "n_zero"),  # a missing group
        (np.ones((20, 1)), [True] * 3 + [False] * 17, "n_small", "n_small"),
        (np.ones((30, 1)), [True, False] * 15, "no_variation", "no_variation"),
        (np.zeros((30, 1)), [True, False] * 15, "no_variation", "no_hits"),
        (np.tile([[0.0], [1.0], [0.0], [2.0]], (10, 1)), [True, False] * 20, "few_hits", "no_hits"),
    ],
)
def test_degenerate_groups(h, side, reason, ratio_reason):
    d, side = np.full(len(h), 10.0), np.array(side)
    gap, times = difference(h, d, side, n_permutations=99), ratio(h, d, side, n_permutations=99)
    assert (gap.reason, times.reason) == ([reason], [ratio_reason])
    assert np.isnan([times.low[0], times.high[0]]).all()
    assert np.isnan(gap.low[0]) == (reason != "few_hits")
    assert np.isnan(gap.estimate[0]) == (reason == "n_zero")
    assert np.isnan(gap.p[0]) == (reason == "n_zero")


def test_a_reference_without_a_hit():
    h = np.tile([[1.0], [0.0], [3.0], [0.0]], (10, 1))
    found = ratio(h, np.full(40, 10.0), np.array([True, False] * 20), n_permutations=0)
    assert np.isnan([found.estimate[0], found.low[0], found.high[0]]).all()
    assert found.reason == ["no_hits"]


def test_nothing_at_all():
    nothing = np.zeros((0, 2)), np.zeros(0), np.zeros(0, dtype=bool)
    assert difference(*nothing).reason == ratio(*nothing).reason == ["n_zero"] * 2
    assert np.isnan(difference(*nothing).p).all()


def test_is_target_is_checked():
    with pytest.raises(ValueError, match=r"is_target has shape \(3,\) and dtype int64"):
        difference(np.ones((9, 1)), np.ones(9), [0, 1, 1])
    with pytest.raises(ValueError, match="is_target has shape"):
        difference(np.ones((9, 1)), np.ones(9), [True, False])
    with pytest.raises(ValueError, match="dtype int64"):
        difference(np.ones((9, 1)), np.ones(9), np.arange(9))


def test_it_covers_what_it_says():
    """Twice 25 bursty documents, a true difference of 0.002 and a true ratio of 2, in 250 worlds."""
    inside = np.zeros(2)
    for world in range(250):
        (h1, d1), (h0, d0) = bursty(25, 0.004, [world, 1]), bursty(25, 0.002, [world, 0])
        both = np.vstack([h1, h0]), np.r_[d1, d0], np.repeat([True, False], 25)
        gap, times = (f(*both, n_resamples=300, n_permutations=0) for f in (difference, ratio))
        inside += [gap.low[0] <= 0.002 <= gap.high[0], times.low[0] <= 2 <= times.high[0]]
    assert (inside / 250 >= 0.895).all()
    assert (inside / 250 <= 0.985).all()


def test_influence_is_the_rate_without_each():
    h, d = bursty(12, 0.01, 3, k=2)
    groups = np.array(list("aabbbcccccdd"))
    labels, without = influence(h, d, groups)
    assert labels.tolist() == list("abcd")
    for row, label in zip(without, labels, strict=True):
        rest = groups != label
        assert row.tolist() == pytest.approx((h[rest].sum(axis=0) / d[rest].sum()).tolist())
    assert np.isnan(influence(h, d, np.full(12, "a"))[1]).all()
    assert influence(np.zeros((0, 2)), np.zeros(0), [])[1].shape == (0, 2)


tables = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3000), st.booleans()), min_size=2, max_size=30)


@settings(max_examples=300, deadline=None)
@given(tables)
def test_laws_of_contrasts(rows):
    """NaN only with a reason; the bounds in order; doubling the exposure halves the difference and keeps ratio and p."""
    h, d, side = (np.array(column) for column in zip(*rows, strict=True))
    options = {"n_resamples": 40, "n_permutations": 19}
    gap, times = (f(h[:, None], d, side, **options) for f in (difference, ratio))
    half, same = (f(h[:, None], 2 * d, side, **options) for f in (difference, ratio))
    for found in (gap, times):
        if np.isnan([found.estimate[0], found.low[0], found.high[0], found.p[0]]).any():
            assert found.reason != [""]
        assert not (found.low > found.high).any()
    assert np.allclose(gap.estimate, 2 * half.estimate, rtol=1e-12, equal_nan=True)
    assert np.allclose(times.estimate, same.estimate, rtol=1e-12, equal_nan=True)
    assert np.allclose(gap.p, half.p, equal_nan=True)
