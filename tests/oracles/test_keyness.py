"""Keyness against published tables and values computed to 40 digits (mpmath; R agrees to 9 on chi², G² and log ratio)."""

import pytest

from burdenlab.metrics.keyness import keyness, weighted_log_odds
from tests.oracles.made import make_counts, make_tokens

# name: (count in target, in reference, tokens of target, of reference), then the values.
TABLES = {
    "Lancaster course slide, “LL +2.65”": ((52, 57, 50_000, 75_000), {
        "ll_two_cell": 2.6517101638889, "g2": 2.65406426061218, "chi2": 2.699601759156,
        "log_ratio": 0.452512204697507, "pct_diff": 36.8421052631579}),
    "quanteda.textstats test-textstat_keyness.R, b": ((7, 2, 10, 9), {
        "ll_two_cell": 2.44010043069663, "g2": 4.53493933225622, "chi2": 4.33716049382716,
        "log_ratio": 1.65535182861255, "pct_diff": 215.0}),
    "quanteda.textstats test-textstat_keyness.R, a": ((3, 7, 10, 9), {
        "ll_two_cell": -2.09483890155959, "g2": -4.53493933225622, "chi2": -4.33716049382716,
        "log_ratio": -1.3743955147815, "pct_diff": -61.4285714285714}),
    "quanteda.textstats toy, g": ((1, 0, 16, 12), {
        "ll_two_cell": 1.11923157587085, "g2": 1.14692872697095, "chi2": 0.777777777777778,
        "log_ratio": 0.584962500721156}),
    "quanteda.textstats toy, c": ((6, 2, 16, 12), {
        "ll_two_cell": 1.10721858287295, "g2": 1.51960432692767, "chi2": 1.45833333333333,
        "log_ratio": 1.16992500144231, "pct_diff": 125.0}),
    "quanteda.textstats toy, d": ((1, 4, 16, 12), {
        "ll_two_cell": -2.8935902235866, "g2": -3.51866639504732, "chi2": -3.42898550724638,
        "log_ratio": -2.41503749927884, "pct_diff": -81.25}),
    "absent in the reference": ((25, 0, 100_000, 250_000), {
        "ll_two_cell": 62.6381484247684, "g2": 62.6426131888626, "chi2": 62.5044646046146,
        "log_ratio": 6.96578428466209}),
    "absent in the target": ((0, 25, 100_000, 250_000), {
        "ll_two_cell": -16.8236118310606, "g2": -16.8243261575939, "chi2": -10.0007143367383,
        "log_ratio": -4.32192809488736, "pct_diff": -100.0}),
    "the same rate": ((30, 60, 100_000, 200_000), {
        "ll_two_cell": 0, "g2": 0, "chi2": 0, "log_ratio": 0, "pct_diff": 0}),
    "tiny (where quanteda does not clip Yates)": ((1, 1, 2, 2), {
        "ll_two_cell": 0, "g2": 0, "chi2": 0, "log_ratio": 0, "pct_diff": 0}),
    "huge (where Fisher's test of scipy 1.13 overflows)": ((123_456_789, 98_765_432, 10**11, 10**11), {
        "ll_two_cell": 2749157.10325069, "g2": 2752208.80959577, "chi2": 2746535.71868299,
        "log_ratio": 0.321928083201532, "pct_diff": 24.9999989875}),
    "nothing but the word": ((10, 0, 10, 5), {
        "ll_two_cell": 8.10930216216329, "g2": 19.0954250488444, "chi2": 15.0, "log_ratio": 3.32192809488736}),
}  # fmt: skip


def score(measure, a, b, total_a, total_b):
    """Give the score of a word in two documents that have it and one other word."""
    cells = {"t": {"word": a, "other": total_a - a}, "r": {"word": b, "other": total_b - b}}
    table = keyness(make_counts(cells), target=["t"], measure=measure, n_permutations=1)
    return table.set_index("token").loc["word", "score"]


@pytest.mark.parametrize(
    ("table", "measure", "expected"),
    [
        pytest.param(table, measure, expected, id=f"{measure}, {name}")
        for name, (table, values) in TABLES.items()
        for measure, expected in values.items()
    ],
)
def test_two_by_two(table, measure, expected):
    """G² is the four-cell one; the two-cell one, of the same name in most corpus tools, has its own."""
    assert score(measure, *table) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("expected", "cells", "pair"),
    [
        (270.72, (110, 2442, 111, 29114), "the swiss"), (263.90, (29, 13, 123, 31612), "can be"),
        (256.84, (31, 23, 139, 31584), "previous year"), (167.23, (10, 0, 3, 31764), "mineral water"),
        (157.21, (76, 104, 2476, 29121), "at the"), (157.03, (16, 16, 51, 31694), "real terms"),
        (146.80, (9, 0, 5, 31763), "natural gas"), (115.02, (16, 0, 865, 30896), "owing to"),
        (104.53, (10, 9, 41, 31717), "health insurance"), (100.96, (8, 2, 27, 31740), "stiff competition"),
        (98.72, (12, 111, 14, 31640), "is likely"), (95.29, (8, 5, 24, 31740), "qualified personnel"),
        (94.50, (10, 93, 6, 31668), "an estimated"), (91.40, (12, 111, 21, 31633), "is expected"),
        (81.55, (10, 45, 35, 31687), "1 2"), (76.30, (5, 13, 0, 31759), "balance sheet"),
        (73.35, (16, 2536, 1, 29224), "the united"), (68.96, (6, 2, 45, 31724), "accident insurance"),
        (68.61, (24, 43, 1316, 30394), "terms of"), (61.61, (3, 0, 0, 31774), "natel c"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_g2_of_dunning(expected, cells, pair):
    """Dunning (1993), Computational Linguistics 19(1), p. 72: k(AB), k(A~B), k(~AB), k(~A~B)."""
    a, b, c, d = cells
    assert score("g2", a, c, a + b, c + d) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(
    ("measure", "table", "expected", "digits"),
    [
        pytest.param("chi2", (3, 0, 3, 31774), 31777, 0.5, id="chi2, Dunning (1993) p. 73"),
        pytest.param("pct_diff", (206523, 178174, 959641, 1562358), 88.7, 0.05, id="Gabrielatos & Marchi (2011) p. 18"),
        pytest.param("log_ratio", (1, 1, 10**6, 10**6), 0, 0, id="log_ratio, Hardie (2014)"),
    ],
)
def test_printed_values(measure, table, expected, digits):
    assert score(measure, *table) == pytest.approx(expected, abs=digits)


TOY = "a a a b b c c c c c c d e f g h h", "a a b c c d d d d e f h"


@pytest.mark.parametrize(
    ("token", "chi2", "g2"),
    [
        ("a", 0.004738562091503268, 0.004751408706339749), ("b", 0.08930367018602313, 0.09124189413664668),
        ("c", 1.2218720821662, 1.2742380095525037), ("d", -3.715032679738562, -3.779440532859245),
        ("e", -0.06581336238198983, -0.0649004731557416), ("f", -0.06581336238198983, -0.0649004731557416),
        ("g", 0.7310924369747899, 1.093290983165728), ("h", 0.08930367018602313, 0.09124189413664668),
    ],
)  # fmt: skip
@pytest.mark.parametrize("measure", ["chi2", "g2"])
def test_toy_of_quanteda(measure, token, chi2, g2):
    """quanteda.textstats@9fc2708, tests/testthat/test-textstat_keyness.R, correction = "none"."""
    table = keyness(make_tokens(*TOY), target=["a"], measure=measure, n_permutations=1)
    expected = {"chi2": chi2, "g2": g2}[measure]
    assert table.set_index("token").loc[token, "score"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("target", "order"), [("a", "c g b h a e f d"), ("b", "d e f a b h g c")])
def test_order_of_quanteda(target, order):
    """quanteda.textstats@9fc2708: measure = "lr", correction = "none"."""
    table = keyness(make_tokens(*TOY), target=[target], n_permutations=1)
    assert table["token"].tolist() == order.split()


LOG_ODDS = {  # Monroe et al. (2008), full variance, 40 digits: log-odds, variance, z
    "uninformative prior 0.01": (0.01, [
        (2.275548062, 0.267198541449, 4.40219190784), (-0.745865361053, 0.26565343342, -1.44711392232),
        (-6.26704296588, 100.115159428, -0.626343753417), (-0.452254908377, 0.0878908118457, -1.52549767818)]),
    "informative prior": ([2.5, 2.5, 1, 24], [
        (1.82604854271, 0.191574485382, 4.17199216936), (-0.571591978982, 0.190760320192, -1.30870603292),
        (-1.86863594734, 1.10322723894, -1.77906661959), (-0.367042302706, 0.0720403238106, -1.36750301568)]),
}  # fmt: skip


@pytest.mark.parametrize("column", [0, 1, 2], ids=["log_odds", "variance", "z"])
@pytest.mark.parametrize("word", range(4))
@pytest.mark.parametrize("prior", LOG_ODDS)
def test_weighted_log_odds(prior, word, column):
    """Monroe, Colaresi & Quinn (2008), doi:10.1093/pan/mpn018; the shortcut variance would give -3.25 for the last word."""
    alpha, rows = LOG_ODDS[prior]
    table = weighted_log_odds([20, 5, 0, 75], [5, 20, 10, 165], prior=alpha)
    assert table.iloc[word, column] == pytest.approx(rows[word][column], rel=1e-9)


@pytest.mark.parametrize("word", range(4))
def test_keyness_takes_a_tenth_of_the_pooled_counts_as_prior(word):
    cells = {"t": {"0": 20, "1": 5, "2": 0, "3": 75}, "r": {"0": 5, "1": 20, "2": 10, "3": 165}}
    table = keyness(make_counts(cells), target=["t"], measure="log_odds", n_permutations=1).set_index("token")
    assert table.loc[str(word), "score"] == pytest.approx(LOG_ODDS["informative prior"][1][word][2], rel=1e-9)
