"""Permutation tests and adjusted p-values, against enumeration and other libraries."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, permutation_test, ttest_ind
from statsmodels.stats.multitest import multipletests

from burdenlab.permutation import adjust_p, difference_p, permutation_p, permuted_sides


def test_p_by_hand():
    """B of m as far from 0: (b + 1) / (m + 1); a tie and what is undefined count."""
    permuted = np.array([[1.0, 2.0, np.nan], [-3.0, 0.5, 1.0], [3.0, 2.0, 1.0], [0.0, 1.0, 1.0]])
    assert permutation_p([3.0, -2.0, 2.0], permuted).tolist() == [3 / 5, 3 / 5, 2 / 5]
    assert permutation_p([3.0], iter([permuted[:1, :1], permuted[1:, :1]])).tolist() == [3 / 5]
    assert np.isnan(permutation_p([np.nan], permuted[:, :1])).all()


def test_all_divisions_come_equally_often():
    side = np.array([True, True, False, False, False])
    drawn = np.concatenate(list(permuted_sides(side, n_permutations=20_000)))
    assert (drawn.sum(axis=1) == 2).all()
    seen, counts = np.unique(drawn @ 2 ** np.arange(5), return_counts=True)
    assert seen.tolist() == sorted(2**a + 2**b for a, b in combinations(range(5), 2))
    assert counts.min() > 1800
    assert counts.max() < 2200


def test_blocks_and_strata():
    side = np.array([True, False, True, True, False, False])
    strata = np.array(["a", "a", "b", "b", "b", "c"])
    few = np.concatenate(list(permuted_sides(side, n_permutations=50, strata=strata, rows=7)))
    many = np.concatenate(list(permuted_sides(side, n_permutations=50, strata=strata, rows=50)))
    assert (few == many).all()
    assert (few[:, :2].sum(axis=1) == 1).all()
    assert (few[:, 2:5].sum(axis=1) == 2).all()
    assert (few[:, 5] == 0).all()


def test_difference_is_the_permutation_test_of_welch_as_scipy_does_it():
    """With equal exposure the studentised difference is Welch's t; scipy goes through all 3,432 divisions."""
    rng = np.random.default_rng(4)
    h = rng.poisson(5, (14, 3)).astype(float)
    h[:7] += [0, 1.5, 3]
    side = np.arange(14) < 7
    found = difference_p(h, np.ones(14), side, n_permutations=19_999)
    for j in range(3):
        exact = permutation_test(
            (h[:7, j], h[7:, j]),
            lambda x, y, axis: ttest_ind(x, y, axis=axis, equal_var=False).statistic,
            n_resamples=np.inf, vectorized=True,
        )  # fmt: skip
        assert found[j] == pytest.approx(exact.pvalue, abs=0.012)


def test_too_few_and_none():
    h, d, side = np.ones((8, 1)), np.ones(8), np.arange(8) < 2
    assert np.isnan(difference_p(h, d, side)).all()
    assert difference_p(h[:6], d[:6], np.arange(6) < 3, n_permutations=1).tolist() == [1.0]
    assert np.isnan(difference_p(h, d, np.arange(8) < 4, n_permutations=0)).all()
    assert difference_p(h, d, np.arange(8) < 4, n_permutations=19).tolist() == [1.0]
    assert difference_p(np.repeat([[0.0], [9.0]], 4, axis=0), d, np.arange(8) < 4, n_permutations=199)[0] < 0.06


def test_clusters_change_sides_whole():
    rng = np.random.default_rng(8)
    h, d = rng.poisson(4, (40, 3)).astype(float), rng.integers(50, 99, 40).astype(float)
    labels, side = np.arange(40) // 2, np.arange(40) < 16
    whole = [np.add.reduceat(x, np.arange(0, 40, 2), axis=0) for x in (h, d)]
    expected = difference_p(*whole, side[::2], n_permutations=199, seed=1)
    assert difference_p(h, d, side, clusters=labels, n_permutations=199, seed=1).tolist() == expected.tolist()
    assert len(set(expected)) == 3


def test_documents_without_text_are_none():
    rng = np.random.default_rng(9)
    h, d, side = rng.poisson(4, (20, 2)).astype(float), np.full(20, 70.0), np.arange(20) < 9
    more = np.vstack([h, np.zeros((7, 2))]), np.r_[d, np.zeros(7)], np.r_[side, np.ones(7, dtype=bool)]
    assert difference_p(*more, n_permutations=99).tolist() == difference_p(h, d, side, n_permutations=99).tolist()


def test_size():
    """Bursty documents without any difference, 400 tests at .05: 20, give or take 4.4."""
    rng = np.random.default_rng(2)
    found = []
    for world in range(10):
        d = rng.lognormal(7, 0.5, 20).round()
        h = rng.poisson(0.004 * d[:, None] * rng.gamma(1, 1, (20, 40))).astype(float)
        found.append(difference_p(h, d, np.arange(20) < 10, n_permutations=199, seed=world))
    assert (np.concatenate(found) <= 0.05).mean() <= 0.08


p_values = st.lists(st.one_of(st.floats(0, 1), st.just(np.nan)), max_size=30)


@settings(max_examples=60, deadline=None)
@given(p_values)
def test_adjusted_p_as_scipy_and_statsmodels_have_them(p):
    raw = np.array(p)
    there = ~np.isnan(raw)
    for method, name in (("bh", "fdr_bh"), ("holm", "holm")):
        adjusted = adjust_p(raw, method=method)
        assert np.isnan(adjusted[~there]).all()
        if there.any():
            expected = multipletests(raw[there], method=name)[1]
            assert adjusted[there].tolist() == pytest.approx(expected.tolist(), abs=1e-12)
    if there.any():
        assert adjust_p(raw)[there].tolist() == pytest.approx(false_discovery_control(raw[there]).tolist(), abs=1e-12)


@pytest.mark.parametrize(
    ("p", "options", "said"),
    [([1.2], {}, "outside"), ([[0.1]], {}, "one-dimensional"), ([0.1], {"method": "by"}, "method='by'")],
)
def test_bad_p(p, options, said):
    with pytest.raises(ValueError, match=said):
        adjust_p(p, **options)
