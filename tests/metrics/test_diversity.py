"""Lexical diversity, against counts by hand, naive definitions and the laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from burdenlab.metrics.diversity import lexical_diversity
from burdenlab.tables import make_table
from tests.oracles.made import law, make_tokens

TEXT = st.lists(st.sampled_from("会文表多少长"), min_size=1, max_size=80)
MEASURES = ["ttr", "mattr", "mtld", "hdd", "yule_k"]


def test_by_hand():
    row = lexical_diversity(make_tokens("甲 乙 甲 丙。甲"), window=3).loc[0]
    assert row[["n_tokens", "n_types"]].tolist() == [5, 3]
    assert row["ttr"] == 3 / 5
    assert row["mattr"] == pytest.approx((2 / 3 + 1 + 2 / 3) / 3)
    assert row["yule_k"] == pytest.approx(1e4 * (9 + 1 + 1 - 5) / 25)
    # Forwards the share falls below .72 at 甲乙甲 (2/3), then 丙甲 has none: 1 factor; backwards at 甲丙甲, then 乙甲.
    assert row["mtld"] == pytest.approx(5)


@law
@given(TEXT, st.integers(1, 10))
def test_mattr_window_by_window(words, window):
    ours = lexical_diversity(make_tokens(" ".join(words)), window=window)["mattr"].item()
    shares = [len(set(words[i : i + window])) / window for i in range(len(words) - window + 1)]
    assert ours == pytest.approx(np.mean(shares) if shares else np.nan, nan_ok=True)


@law
@given(TEXT)
def test_hdd_type_by_type(words):
    """The probability that a type misses all 42 draws, multiplied out draw by draw."""
    ours = lexical_diversity(make_tokens(" ".join(words)))["hdd"].item()
    if len(words) < 42:
        assert np.isnan(ours)
    else:
        left = len(words) - np.arange(42)
        missed = [np.prod(np.maximum(0, left - words.count(word)) / left) for word in set(words)]
        assert ours == pytest.approx(sum(1 - m for m in missed) / 42, rel=1e-9)


def test_too_short():
    table = lexical_diversity(make_tokens("甲", "甲 乙 " * 25)).set_index("doc_id")
    assert table.loc["a", MEASURES].isna().tolist() == [False, True, True, True, True]
    assert table.loc["b", MEASURES].notna().all()
    assert table["reason"].to_dict() == {"a": "too_short", "b": ""}


def test_words_that_never_repeat_have_no_mtld():
    text = " ".join(chr(0x4E00 + i) for i in range(60))
    row = lexical_diversity(make_tokens(text)).loc[0]
    assert np.isnan(row["mtld"])
    assert row["reason"] == "too_short"
    assert row[["ttr", "mattr", "hdd", "yule_k"]].tolist() == pytest.approx([1, 1, 1, 0])


def test_a_stretch_goes_on_at_a_share_of_just_72_hundredths():
    """18 types in 25 tokens are .72. Forwards one part of a factor: 7/26 of .28; backwards 3 factors and 1/19 of .28."""
    types = [chr(0x4E00 + i) for i in range(19)]
    row = lexical_diversity(make_tokens(" ".join([*types[:18], *types[:1] * 7, types[18]]))).loc[0]
    assert row["mtld"] == pytest.approx((26 / (7 / 26 / 0.28) + 26 / (3 + 1 / 19 / 0.28)) / 2)


def test_no_words():
    some, none = lexical_diversity(make_tokens("甲")), lexical_diversity(make_table("tokens", []))
    assert len(none) == 0
    assert none.dtypes.equals(some.dtypes)


def test_bad_window():
    with pytest.raises(ValueError, match="window=0; at least 1 token"):
        lexical_diversity(make_tokens("甲"), window=0)


@law
@given(st.lists(TEXT, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_laws(documents, random):
    """A document does not depend on its neighbours; the order of rows is nothing; the input stays."""
    tokens = make_tokens(*(" ".join(words) for words in documents))
    table = lexical_diversity(tokens, window=5)
    alone = lexical_diversity(tokens[tokens["doc_id"] == "a"], window=5)
    assert alone.equals(table[:1])
    order = list(range(len(tokens)))
    random.shuffle(order)
    shuffled = tokens.iloc[order]
    before = shuffled.copy()
    assert lexical_diversity(shuffled, window=5).equals(table)
    assert shuffled.equals(before)
    for column, top in (("ttr", 1), ("mattr", 1), ("hdd", 1), ("yule_k", 1e4)):
        assert table[column].dropna().between(0, top).all()
