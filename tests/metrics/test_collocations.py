"""Collocations, against counts by hand and the laws."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import burdenlab as bl
from burdenlab.metrics.collocations import association, collocations
from burdenlab.tables import make_table
from tests.oracles.made import law, make_tokens

SENTENCES = st.lists(st.lists(st.sampled_from("会文表，"), min_size=1, max_size=8), min_size=1, max_size=4)


def pairs_of(table):
    return table.set_index(["first", "second"])["n"].to_dict()


def test_by_hand():
    """Neither over a comma nor over the end of a sentence or a document."""
    table = collocations(make_tokens("基层 负担 重 ， 基层 负担。重 基层", "负担 重"))
    assert pairs_of(table) == {("基层", "负担"): 2, ("负担", "重"): 2, ("重", "基层"): 1}
    row = table.set_index(["first", "second"]).loc["负担", "重"]
    assert row[["n_first", "n_second", "n_pairs", "n_documents"]].tolist() == [2, 2, 5, 2]


def test_window_by_hand():
    table = collocations(make_tokens("甲 乙 丙 甲。甲 丙"), window=2)
    expected = {("甲", "乙"): 1, ("乙", "丙"): 1, ("丙", "甲"): 1, ("甲", "丙"): 2, ("乙", "甲"): 1}
    assert pairs_of(table) == expected


def test_a_token_taken_out_leaves_a_gap():
    tokens = make_tokens("甲 的 乙")
    assert len(collocations(tokens[tokens["token"] != "的"])) == 0


def test_sentences_that_touch_are_two():
    tokens = make_tokens("甲 乙")
    assert len(collocations(tokens.assign(sentence_id=[0, 1]))) == 0


def test_scores_are_those_of_the_counts():
    table = collocations(make_tokens("甲 乙。甲 乙。甲 丙。丁 乙"))
    scores = association(table["n"], table["n_first"], table["n_second"], table["n_pairs"])
    assert table[["log_dice", "pmi", "npmi", "t"]].equals(scores[["log_dice", "pmi", "npmi", "t"]])
    assert table["log_dice"].is_monotonic_decreasing


def test_nothing_but_the_pair():
    table = collocations(make_tokens("甲 乙"))
    assert table["npmi"].isna().all()
    assert table["reason"].tolist() == ["no_variation"]


def test_no_pairs():
    some = collocations(make_tokens("甲 乙"))
    for tokens in (make_table("tokens", []), make_tokens("甲")):
        none = collocations(tokens)
        assert len(none) == 0
        assert none.dtypes.equals(some.dtypes)


def test_bad_window():
    with pytest.raises(ValueError, match="window=0; at least 1"):
        collocations(make_tokens("甲 乙"), window=0)


@law
@given(SENTENCES, st.integers(1, 4))
def test_pairs_counted_one_by_one(documents, window):
    tokens = make_tokens(*(" ".join(words) for words in documents))
    counted = {}
    for words in documents:
        for clause in " ".join(words).split("，"):
            clause = clause.split()
            for i, first in enumerate(clause):
                for second in clause[i + 1 : i + 1 + window]:
                    counted[first, second] = counted.get((first, second), 0) + 1
    assert pairs_of(collocations(tokens, window=window)) == counted


@law
@given(SENTENCES, st.randoms(use_true_random=False))
def test_laws(documents, random):
    """Doubling doubles counts and leaves logDice, PMI and NPMI; the order of rows is nothing; the input stays."""
    tokens = make_tokens(*(" ".join(words) for words in documents))
    once = collocations(tokens)
    twice = collocations(pd.concat([tokens, tokens.assign(doc_id="~" + tokens["doc_id"])]))
    counts = ["n", "n_first", "n_second", "n_pairs", "n_documents"]
    assert (2 * once[counts]).equals(twice[counts])
    for score in ("log_dice", "pmi", "npmi"):
        assert twice[score].to_numpy() == pytest.approx(once[score].to_numpy(), abs=1e-9, nan_ok=True)
    order = list(range(len(tokens)))
    random.shuffle(order)
    shuffled = tokens.iloc[order]
    before = shuffled.copy()
    assert collocations(shuffled).equals(once)
    assert shuffled.equals(before)
    assert once["npmi"].dropna().between(-1, 1).all()
    assert (once["log_dice"] <= 14).all()


def test_pairs_of_the_demo(demo):
    tokens = bl.tokenize(demo.sentences)
    text = dict(zip(demo.documents["doc_id"], demo.documents["text"], strict=True))
    row = collocations(tokens).query("n >= 5").iloc[0]
    assert sum(t.count(row["first"] + row["second"]) for t in text.values()) >= row["n"]
