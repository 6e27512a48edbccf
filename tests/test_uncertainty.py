"""Intervals, against an index loop, theory and simulation."""

import numpy as np
import pytest

from burdenlab.uncertainty import ratio_interval


def loop(h, d, level, n_resamples, seed):
    """Do the textbook procedure, one resample at a time, on the same draws."""
    n = len(d)
    draws = np.random.default_rng(seed).integers(0, n, size=(n_resamples, n))
    rate = h.sum() / d.sum()

    def error(h, d):
        r = h.sum() / d.sum()
        return np.sqrt(n / (n - 1) * ((h - r * d) ** 2).sum()) / d.sum()

    t = [(h[i].sum() / d[i].sum() - rate) / error(h[i], d[i]) for i in draws]
    low, high = np.quantile(t, [(1 - level) / 2, (1 + level) / 2])
    return max(0, rate - high * error(h, d)), rate - low * error(h, d)


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
