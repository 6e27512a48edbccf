"""Association and co-occurrence against published values."""

import numpy as np
import pytest

from burdenlab.metrics.collocations import association
from burdenlab.metrics.cooccurrence import cooccurrence
from tests.oracles.made import make_sentences, make_tokens

# (pairs, first, second, all) → logDice, PMI, NPMI, t to 40 digits; NPMI is undefined where there is nothing but the pair.
SCORES = {
    (30, 100, 60, 10000): (12.5849625007, 5.64385618977, 0.673425152721, 5.36768106355),
    (1, 1, 1, 1000): (14.0, 9.96578428466, 1.0, 0.999),
    (5, 5, 5, 5): (14.0, 0.0, np.nan, 0.0),
    (10, 1000, 1000, 100000): (7.35614381023, 0.0, 0.0, 0.0),
    (2, 3, 4, 9): (13.1926450779, 0.584962500721, 0.269577289691, 0.471404520791),
}
COLUMNS = "log_dice", "pmi", "npmi", "t"


def score(column, *counts):
    return association(*([n] for n in counts))[column].item()


@pytest.mark.parametrize(
    ("counts", "column", "expected"),
    [
        pytest.param(c, column, v, id=f"{column} {c}")
        for c, row in SCORES.items()
        for column, v in zip(COLUMNS, row, strict=True)
    ],
)
def test_association(counts, column, expected):
    assert score(column, *counts) == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [((8, 389, 230), 8.726204), ((300, 300, 300), 14), ((3, 3000, 3000), 4.034216), ((300, 3000, 3000), 10.67807)],
)
def test_log_dice_of_rychly(counts, expected):
    """Rychlý (2008), values of the script published with it."""
    assert score("log_dice", *counts, 10**6) == pytest.approx(expected, abs=5e-6)


@pytest.mark.parametrize(
    ("column", "first", "second", "n", "expected", "digits"),
    [
        pytest.param(column, *counts, value, digits, id=f"{column}, {pair}")
        for pair, counts, t, pmi in [
            ("Ayatollah Ruhollah", (42, 20, 20), 4.4721, 18.38), ("Bette Midler", (41, 27, 20), 4.4721, 17.98),
            ("Agatha Christie", (30, 117, 20), 4.4720, 16.31), ("videocassette recorder", (77, 59, 20), 4.4720, 15.94),
            ("unsalted butter", (24, 320, 20), 4.4720, 15.19), ("first made", (14907, 9017, 20), 2.3714, 1.09),
            ("over many", (13484, 10570, 20), 2.2446, 1.01), ("into them", (14734, 13478, 20), 1.3685, 0.53),
            ("like people", (14093, 14776, 20), 1.2176, 0.46), ("time last", (15019, 15629, 20), 0.8036, 0.29),
        ]
        for column, value, digits in (("t", t, 1e-4), ("pmi", pmi, 0.005))
    ],
)  # fmt: skip
def test_bigrams_of_manning_and_schuetze(column, first, second, n, expected, digits):
    """Manning & Schütze (1999), tables 5.6 (t, cut after four digits) and 5.14 (PMI); 14,307,668 words of the New York Times."""
    assert score(column, n, first, second, 14_307_668) == pytest.approx(expected, abs=digits)


def test_new_companies():
    """Manning & Schütze (1999), p. 164."""
    assert score("t", 8, 15828, 4675, 14_307_668) == pytest.approx(0.999932, abs=5e-7)


@pytest.mark.parametrize(
    ("n", "first", "second", "expected"),
    [
        (12, 111, 621, 11.3), (8, 1105, 44, 11.3), (30, 1105, 241, 10.7), (8, 1105, 154, 9.4), (6, 275, 621, 9.0),
        (11, 1105, 317, 8.9), (25, 621, 1407, 8.7), (6, 621, 350, 8.7), (19, 1105, 676, 8.6), (6, 241, 1105, 8.4),
    ],
)  # fmt: skip
def test_doctors_of_church_and_hanks(n, first, second, expected):
    """Church & Hanks (1990), p. 24: pairs with doctor(s) in 15 million words, some rounded and some cut."""
    assert score("pmi", n, first, second, 15_000_000) == pytest.approx(expected, abs=0.07)


@pytest.mark.parametrize(("counts", "expected"), [((10, 10, 10, 100), 1), ((1, 10, 10, 100), 0)])
def test_npmi_of_bouma(counts, expected):
    """Bouma (2009), p. 36."""
    assert score("npmi", *counts) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("cells", "p", "chi2"),
    [
        pytest.param((1, 3, 3, 1), 0.4857142857142857, 2, id="Pedersen (1996) p. 10, .486"),
        ((7, 2, 3, 7), 0.06977851869492738, 4.33716049382716),
        ((3, 7, 7, 2), 0.06977851869492735, 4.33716049382716),
        ((6, 2, 10, 10), 0.40096618357487923, 1.45833333333333),
        ((1, 4, 15, 8), 0.1330891330891331, 3.42898550724638),
        ((1, 0, 15, 12), 1.0, 0.777777777777778),
        ((1, 1, 1, 1), 1.0, 0),
        ((10, 0, 0, 5), 0.000333000333000333, 15),
    ],
)
def test_documents_that_two_words_share(cells, p, chi2):
    """Fisher's exact test (R, fisher.test) and φ² = χ²/n (R, chisq.test) of the tables that keyness is tested by."""
    both, only_a, only_b, neither = cells
    texts = ["x y z"] * both + ["x z"] * only_a + ["y z"] * only_b + ["z"] * neither
    tokens = make_tokens(*texts)
    pairs = cooccurrence(tokens, make_sentences(tokens), items=["x", "y"], unit="document")
    row = pairs.loc[0]
    n = sum(cells)
    assert (row["n_both"], row["n_a"], row["n_b"], row["n"]) == (both, both + only_a, both + only_b, n)
    assert row["p"] == pytest.approx(p, rel=1e-9)
    sign = np.sign(both * neither - only_a * only_b)
    assert row["phi"] == pytest.approx(sign * np.sqrt(chi2 / n), abs=1e-9)
