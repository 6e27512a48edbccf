"""Lexical diversity against published values and the libraries that measured the same texts."""

import re

import pytest

from burdenlab.loaders.tokens import default_tokenizer
from burdenlab.metrics.diversity import lexical_diversity
from tests.oracles.made import make_tokens

# 400 tokens of 33 types, drawn from a Zipf law: a word is its rank.
ZIPF = """
4 1 2 1 1 15 75 1 3 4 1 2 1 2 1 6 1 1 1 1 1 15 1 1 3 32 1 2 1 1 1 1 2 1 2 1 1 10 7 4 1 2 1 3 1 2 2 1 1 1 1 1
1 1 1 6 1 1 1 1 1 4 1 1 3 15 1 1 11 1 2 6 3 1 1 22 1 22 1 3 1 1 1 1 3 12 1 31 5 2 1 6 23 1 3 1 1 2 2 1 1 1 1
1 1 1 2 1 4 3 1 1 1 87 2 1 49 1 1 16 1 2 1 2 1 1 45 16 1 1 3 2 1 3 2 3 2 1 3 2 1 37 1 1 3 4 1 4 5 2 1 9 3 2 1
2 1 5 2 1 1 2 4 8 1 5 1 1 5 3 1 1 1 2 7 3 1 3 2 2 2 2 1 6 20 1 1 1 2 1 1 4 1 1 1 1 3 2 4 14 1 3 1 22 1 1 1 1
1 1 76 1 5 3 1 1 2 1 1 2 3 1 2 1 2 5 1 1 5 1 1 1 1 36 1 1 20 3 3 1 2 2 1 67 18 7 8 14 1 1 11 1 3 3 2 1 1 2 5
3 8 1 1 2 12 5 2 1 1 2 1 1 2 2 2 1 2 1 2 4 1 1 13 2 2 1 1 2 1 1 3 2 8 1 1 1 1 1 1 1 9 1 10 6 1 22 10 10 1 5
42 1 8 1 1 1 1 1 1 27 1 1 1 9 1 1 16 3 1 1 4 5 4 1 1 2 2 2 2 2 12 1 1 2 1 6 1 1 1 1 2 1 1 6 10 1 1 1 2 1 5 3
5 1 3 4 1 1 3 1 2 1 1 3 4 43 2 2 5 2 3 1 6 1 2 1 2 1 1 1 2 1 1 2 1 1 2 4 4 1
"""
REPEATED = "one one two one one two one"


def measure(text, column, **options):
    return lexical_diversity(make_tokens(text), **options)[column].item()


@pytest.mark.parametrize(("window", "expected"), [(2, 5 / 6), (3, 2 / 3), (4, 1 / 2)])
def test_mattr_of_quanteda(window, expected):
    """quanteda.textstats@9fc2708, tests/testthat/test-textstat_lexdiv.R."""
    assert measure(REPEATED, "mattr", window=window) == pytest.approx(expected, abs=1e-12)


def test_ttr_of_quanteda():
    """quanteda.textstats@9fc2708, tests/testthat/test-textstat_lexdiv.R."""
    assert measure(REPEATED, "ttr") == pytest.approx(0.2857142857142857, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "expected"), [("a b c d d e e f f f", 1000), ("a b c d d e e f f f g g g g", 1122.449)]
)
def test_yule_k_of_korpus(text, expected):
    """koRpus, by quanteda.textstats@9fc2708, tests/testthat/test-textstat_lexdiv.R."""
    assert measure(text, "yule_k") == pytest.approx(expected, abs=5e-4)


ST_JOHN = {1: 212, 2: 51, 3: 26, 4: 13, 5: 6, 6: 6, 7: 3, 8: 4, 10: 1, 11: 1, 13: 3, 16: 1, 17: 1, 19: 1, 21: 1, 59: 1}


@pytest.mark.parametrize(
    ("column", "expected", "digits"),
    [
        ("n_tokens", 755, 0),
        ("n_types", 331, 0),
        pytest.param("yule_k", 113.091583, 0.5, id="yule_k as printed, by another formula"),
        pytest.param("yule_k", 112.76698390421473, 1e-9, id="yule_k of the spectrum"),
    ],
)
def test_st_john(column, expected, digits):
    """Miranda-García & Calle-Martín (2005), Language Resources and Evaluation 39, table 1: St John, chapter 1."""
    words = (f"w{times}-{i} " * times for times, types in ST_JOHN.items() for i in range(types))
    assert measure("".join(words), column) == pytest.approx(expected, abs=digits)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("n_types", 33),
        ("ttr", 0.0825),
        pytest.param("mattr", 0.2255840455840456, id="mattr, as taaled and lexicalrichness"),
        pytest.param(
            "mtld", 3.8285400256457227, id="mtld, as lexicalrichness; taaled has 9.77 by factors of 10 at least"
        ),
        pytest.param("hdd", 0.24279563664648585, id="hdd, as lexicalrichness"),
        ("yule_k", 3000.375),
    ],
)
def test_four_hundred_tokens(column, expected):
    """lexicalrichness, taaled, lexical-diversity and scipy on the same tokens."""
    assert measure(ZIPF, column) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("column", "expected"), [("ttr", 5 / 100), ("mattr", 5 / 50), ("mtld", 100 / 14), ("yule_k", 1900)]
)
def test_twenty_equal_sentences(column, expected):
    """Wordless@14062b7, tests/tests_measures/test_measures_lexical_density_diversity.py; mattr there with a window of 500."""
    assert measure("this is a sentence . " * 20, column) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("n_tokens", 1252),
        ("n_types", 506),
        ("ttr", 0.40415335463258784),
        ("mattr", 0.7908894430590192),
        ("mtld", 83.11492753112105),
        ("hdd", 0.8729555408634081),
        ("yule_k", 94.12416172462717),
    ],
)
def test_seed(shared, column, expected):
    """lexicalrichness, taaled, lexical-diversity and scipy on jieba.cut(the seed's file), tokens of Han characters only."""
    text = next((shared / "seeds").glob("*.txt")).read_text("utf-8")
    words = [word for word in default_tokenizer().cut(text) if re.fullmatch(r"[\u4e00-\u9fff]+", word)]
    assert measure(" ".join(words), column) == pytest.approx(expected, rel=1e-12)
