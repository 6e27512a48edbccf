"""Published intervals and adjusted p-values, each a case of its own with its source."""

import numpy as np
import pytest
from scipy.stats import bootstrap

from burdenlab.contrasts import influence
from burdenlab.permutation import adjust_p
from burdenlab.uncertainty import ratio_interval, resampled_sums, wilson_interval

# Populations of ten cities in 1920 and 1930, R package boot, data set `city`; Davison & Hinkley (1997), table 1.3.
CITY_1920 = [138, 93, 61, 179, 48, 37, 29, 23, 30, 2]
CITY_1930 = [143, 104, 69, 260, 75, 63, 50, 48, 111, 50]

# Benjamini & Hochberg as in McDonald, Handbook of Biological Statistics, "Multiple comparisons": García-Arenzana and
# others (2014), 25 dietary variables; adjusted values by R's p.adjust and scipy 1.17's false_discovery_control.
DIET = [
    0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222, 0.251, 0.269, 0.275, 0.34, 0.341, 0.384,
    0.569, 0.594, 0.696, 0.762, 0.94, 0.942, 0.975, 0.986,
]  # fmt: skip
DIET_BH = [
    0.025, 0.1, 0.21, 0.21, 0.21, 0.25, 0.264285714285714, 0.491071428571429, 0.491071428571429, 0.491071428571429,
    0.491071428571429, 0.491071428571429, 0.491071428571429, 0.491071428571429, 0.5328125, 0.5328125, 0.564705882352941,
    0.78157894736842, 0.78157894736842, 0.87, 0.907142857142857, 0.986, 0.986, 0.986, 0.986,
]  # fmt: skip
# The first ten of them as a family of their own, R 4.2.2: p.adjust(p, "BH") and p.adjust(p, "holm").
TEN_BH = [0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.105714285714286, 0.216, 0.216, 0.216]
TEN_HOLM = [0.01, 0.072, 0.312, 0.312, 0.312, 0.312, 0.312, 0.615, 0.615, 0.615]


@pytest.mark.parametrize(("at", "expected"), list(enumerate(DIET_BH)))
def test_benjamini_hochberg_of_25(at, expected):
    assert adjust_p(DIET)[at] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("at", "expected"), list(enumerate(TEN_BH)))
def test_benjamini_hochberg_of_10(at, expected):
    assert adjust_p(DIET[:10])[at] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("at", "expected"), list(enumerate(TEN_HOLM)))
def test_holm_of_10(at, expected):
    assert adjust_p(DIET[:10], method="holm")[at] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17: 857-872, table I, method 3 (score without continuity correction)
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # R 4.2.2: prop.test(x, n, correct = FALSE)$conf.int
        (8, 10, 0.4901625, 0.9433178),
    ],
)
def test_wilson(x, n, low, high):
    found = wilson_interval(x, n)
    assert (found.low[0], found.high[0]) == pytest.approx((low, high), abs=5e-5)


def test_city_ratio():
    """Sum of 1930 by sum of 1920 is 973 / 640; without the fourth city 713 / 461."""
    labels, without = influence(np.array(CITY_1930)[:, None], CITY_1920, np.arange(10))
    assert np.sum(CITY_1930) / np.sum(CITY_1920) == pytest.approx(1.5203125)
    assert without[labels == 3].item() == pytest.approx(713 / 461)


@pytest.mark.parametrize(("at", "expected"), [(0, 1.248), (1, 2.123)])
def test_city_percentile_bounds(at, expected):
    """R 4.2.2, boot.ci(boot(city, ratio, 9999), type = "perc"): 1.248 to 2.123, give or take 0.05."""
    drawn = resampled_sums(np.column_stack([CITY_1930, CITY_1920]), n_resamples=9999)
    assert np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])[at] == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(("at", "expected"), [(0, 1.253), (1, 2.148)])
def test_city_bca_bounds(at, expected):
    """R 4.2.2, type = "bca": 1.253 to 2.148; scipy's BCa of the same ratio is the independent library beside ours."""

    def ratio(x, u, axis=-1):
        return x.sum(axis=axis) / u.sum(axis=axis)

    found = bootstrap((CITY_1930, CITY_1920), ratio, paired=True, n_resamples=9999, method="BCa", rng=1)
    assert found.confidence_interval[at] == pytest.approx(expected, abs=0.05)


def test_city_studentised_bounds_lie_beside_bca():
    """Both are second-order accurate (D&H ch. 5), so that they differ little even for ten clusters."""
    low, high, reason = ratio_interval(np.array(CITY_1930)[:, None], CITY_1920, n_resamples=9999)
    assert (low[0], high[0]) == pytest.approx((1.253, 2.148), abs=0.1)
    assert reason == ["n_low"]
