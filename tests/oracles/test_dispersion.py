"""Dispersion against published values."""

import pytest

from burdenlab.metrics.words import word_frequency
from tests.oracles.made import make_counts, make_tokens


def disperse(frequencies, sizes, column):
    """Give the dispersion of a word in parts of these sizes."""
    cells = {
        f"{i:02}": {"word": n, "other": size - n} for i, (n, size) in enumerate(zip(frequencies, sizes, strict=True))
    }
    return word_frequency(make_counts(cells)).set_index("token").loc["word", column]


@pytest.mark.parametrize(
    ("column", "frequencies", "expected", "digits"),
    [
        pytest.param("dp", (3, 3, 3), 0, 1e-12, id="DP, Gries (2008) p. 416"),
        pytest.param("dp_norm", (2, 1, 0), 0.5, 1e-12, id="DPnorm, Lijffijt & Gries (2012) p. 148"),
        pytest.param("juilland_d", (0, 4, 3, 2, 1), 0.6464, 5e-5, id="D, Carroll (1970) p. 14"),
        pytest.param("carroll_d2", (2, 1, 1, 1, 0), 0.8277, 5e-5, id="D2, Carroll (1970) p. 13"),
    ],
)
def test_equal_parts(column, frequencies, expected, digits):
    assert disperse(frequencies, [100] * len(frequencies), column) == pytest.approx(expected, abs=digits)


GRIES = (
    "b a m n i b e u p",
    "b a s a t b e w q n",
    "b c a g a b e s t a",
    "b a g h a b e a a t",
    "b a h a a b e a x a t",
)


@pytest.mark.parametrize(
    ("token", "column", "expected"),
    [
        ("a", "dp", 0.18), ("a", "juilland_d", 0.785), ("a", "carroll_d2", 0.938),
        ("b", "dp", 0.02), ("b", "dp_norm", 0.024), ("b", "juilland_d", 0.968),
        ("i", "dp", 0.82), ("i", "dp_norm", 1), ("i", "juilland_d", 0),
        ("q", "dp", 0.8), ("q", "dp_norm", 0.976), ("q", "juilland_d", 0),
        ("x", "dp", 0.78), ("x", "dp_norm", 0.951), ("x", "juilland_d", 0),
    ],
)  # fmt: skip
def test_corpus_of_gries(token, column, expected):
    """Gries (2008), doi:10.1075/ijcl.13.4.02gri, and (2020), doi:10.1007/978-3-030-46216-1_5: a corpus of fifty letters."""
    table = word_frequency(make_tokens(*GRIES)).set_index("token")
    assert table.loc[token, column] == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(
    ("column", "expected"), [("dp", 0.4990705), ("juilland_d", 0.6038797), ("carroll_d2", 0.6521444)]
)
def test_lemma_of_lyne(column, expected):
    """R package tlda (305da67), README: ALLEMAND in the ten parts of Lyne (1985), p. 85 and 299."""
    sizes = 8143, 8058, 8271, 8125, 7959, 7941, 8146, 8001, 8003, 7930
    assert disperse((2, 0, 1, 1, 3, 0, 3, 0, 0, 0), sizes, column) == pytest.approx(expected, abs=5e-8)
