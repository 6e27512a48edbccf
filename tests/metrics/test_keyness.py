"""Keyness, against scipy and statsmodels in the same run, the laws, and groups that do not differ."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency
from statsmodels.stats.multitest import multipletests

from burdenlab.metrics.keyness import keyness
from burdenlab.tables import make_table
from tests.oracles.made import law, make_counts, make_tokens, random_counts

MEASURES = "g2", "ll_two_cell", "chi2", "log_ratio", "pct_diff", "log_odds"
CELLS = st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any), min_size=6, max_size=9)


def table_of(rows):
    return make_counts({f"d{i}": dict(zip("会文表多", row, strict=True)) for i, row in enumerate(rows)})


@law
@given(st.lists(st.integers(0, 10**6), min_size=4, max_size=4).filter(lambda c: c[0] + c[1] and c[2] and c[3]))
def test_as_scipy(cells):
    """scipy, chi2_contingency without correction, by Pearson and by log-likelihood."""
    a, b, c, d = cells
    tokens = make_counts({"t": {"word": a, "other": c}, "r": {"word": b, "other": d}})
    for measure, power in (("chi2", "pearson"), ("g2", "log-likelihood")):
        ours = keyness(tokens, target=["t"], measure=measure, n_permutations=1).set_index("token").loc["word", "score"]
        theirs = chi2_contingency([[a, b], [c, d]], correction=False, lambda_=power).statistic
        assert abs(ours) == pytest.approx(theirs, rel=1e-9, abs=1e-6)
        assert ours == 0 or np.sign(ours) == np.sign(a * d - b * c)


def test_q_as_statsmodels():
    """statsmodels, multipletests(method="fdr_bh")."""
    table = keyness(random_counts(3, documents=20, words=60), target=[f"d{i:03}" for i in range(8)], n_permutations=199)
    assert multipletests(table["p"], method="fdr_bh")[1] == pytest.approx(table["q"].to_numpy(), rel=1e-12)


def test_p_of_all_divisions():
    """With many draws p comes near the share of the 20 divisions of six documents, counted one by one."""
    rows = [(9, 1), (7, 3), (8, 3), (2, 8), (5, 5), (1, 8)]
    tokens = make_counts({f"d{i}": {"会议": a, "文件": b} for i, (a, b) in enumerate(rows)})
    ids = sorted(set(tokens["doc_id"]))
    scores = {
        side: abs(keyness(tokens, target=side, n_permutations=1).set_index("token").loc["会议", "score"])
        for side in itertools.combinations(ids, 3)
    }
    exact = np.mean([score >= scores[tuple(ids[:3])] - 1e-9 for score in scores.values()])
    p = keyness(tokens, target=ids[:3], n_permutations=20_000).set_index("token").loc["会议", "p"]
    assert exact == 0.1
    assert p == pytest.approx(exact, abs=0.01)


@pytest.mark.parametrize("measure", MEASURES)
def test_groups_that_do_not_differ(measure):
    """Bursty words, unequal lengths, no difference: p < .05 for about one word in twenty, and next to none by q."""
    ids = [f"d{i:03}" for i in range(12)]
    tables = [
        keyness(random_counts(seed, documents=30, words=40), target=ids, measure=measure, n_permutations=299, seed=seed)
        for seed in range(12)
    ]
    assert 0.025 < pd.concat(tables)["p"].lt(0.05).mean() < 0.075
    assert pd.concat(tables)["q"].lt(0.05).mean() <= 0.02


def test_log_likelihood_is_no_significance():
    """The same words by the table of chi²: most of them “significant”."""
    table = keyness(random_counts(1, documents=30, words=200), target=[f"d{i:03}" for i in range(12)], n_permutations=1)
    assert table["score"].abs().gt(3.84).mean() > 0.3


def test_a_planted_word_is_found():
    tokens = random_counts(5, documents=40, words=50)
    target = [f"d{i:03}" for i in range(20)]
    more = (tokens["doc_id"].isin(target) & (tokens["token"] == "w0007")).to_numpy()
    table = keyness(tokens.assign(n=np.where(more, 8 * tokens["n"] + 8, tokens["n"])), target=target)
    assert table.loc[0, "token"] == "w0007"
    assert table.loc[0, "q"] < 0.05
    assert table["q"].lt(0.05).sum() == 1


@law
@given(CELLS, st.sampled_from(MEASURES), st.integers(1, 5))
def test_swapping_the_sides(rows, measure, cut):
    tokens, ids = table_of(rows), [f"d{i}" for i in range(len(rows))]
    one = keyness(tokens, target=ids[:cut], measure=measure, n_permutations=19).set_index("token")
    other = keyness(tokens, target=ids[cut:], measure=measure, n_permutations=19).set_index("token").loc[one.index]
    assert one["log_ratio"].to_numpy() == pytest.approx(-other["log_ratio"].to_numpy(), abs=1e-12)
    assert one[["p", "q", "reason"]].equals(other[["p", "q", "reason"]])
    if measure != "pct_diff":
        assert one["score"].to_numpy() == pytest.approx(-other["score"].to_numpy(), abs=1e-9, nan_ok=True)
    assert one["n_target"].equals(other["n_reference"].rename("n_target"))


@law
@given(CELLS, st.sampled_from(["g2", "ll_two_cell", "chi2", "log_ratio", "pct_diff"]))
def test_doubling_doubles_counts_and_log_likelihood(rows, measure):
    tokens, ids = table_of(rows), ["d0", "d1", "d2"]
    twice = pd.concat([tokens, tokens.assign(doc_id="~" + tokens["doc_id"])])
    once = keyness(tokens, target=ids, measure=measure, n_permutations=1).set_index("token")
    again = keyness(twice, target=[*ids, *("~" + i for i in ids)], measure=measure, n_permutations=1)
    again = again.set_index("token").loc[once.index]
    counts = ["n_target", "n_reference", "total_target", "total_reference", "n_documents_target"]
    assert (2 * once[counts]).equals(again[counts])
    is_ratio = measure in ("log_ratio", "pct_diff")
    # Where a side lacks the word, 0.5 stands for it in a ratio whatever the length of the texts.
    there = (once[["n_target", "n_reference"]] > 0).all(axis=1) | (not is_ratio)
    expected = (1 if is_ratio else 2) * once["score"][there]
    assert again["score"][there].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-9, abs=1e-9)


@law
@given(CELLS, st.randoms(use_true_random=False))
def test_order_changes_nothing_and_input_stays(rows, random):
    tokens = table_of(rows)
    order = list(range(len(tokens)))
    random.shuffle(order)
    shuffled, ids = tokens.iloc[order], ["d4", "d1", "d2"]
    before = shuffled.copy()
    one = keyness(tokens, target=sorted(ids), n_permutations=19, seed=4)
    assert keyness(shuffled, target=ids, n_permutations=19, seed=4).equals(one)
    assert shuffled.equals(before)


def test_documents_of_neither_side_do_not_count():
    rows = [(1, 2, 3, 4), (4, 3, 2, 1), (1, 1, 1, 1), (9, 9, 0, 0)]
    with_all = keyness(table_of(rows), target=["d0"], reference=["d1", "d2"])
    assert with_all.equals(keyness(table_of(rows[:3]), target=["d0"]))


def test_below_three_documents_scores_stay_and_tests_do_not():
    tokens = make_tokens("会议 会议 多", "会议 文件", "文件 报表", "文件 文件", "报表 多")
    table = keyness(tokens, target=["a", "b"])
    assert table["score"].notna().all()
    assert table[["p", "q"]].isna().all(axis=None)
    assert set(table["reason"]) == {"n_few"}


def test_words_of_few_documents_are_not_tested():
    tokens = make_tokens("甲 乙", "甲 乙", "甲 丙", "甲 丁", "甲 丁", "甲 乙")
    table = keyness(tokens, target=["a", "b", "c"], n_permutations=9).set_index("token")
    assert table["reason"].to_dict() == {"甲": "", "乙": "", "丙": "n_few", "丁": "n_few"}
    assert table["p"].notna().tolist() == (table["reason"] == "").tolist()


@pytest.mark.parametrize("measure", MEASURES)
def test_a_side_without_documents(measure):
    for target in ([], ["a", "b"]):
        table = keyness(make_tokens("会议 多", "文件 多"), target=target, measure=measure)
        assert table[["score", "log_ratio", "p", "q"]].isna().all(axis=None)
        assert set(table["reason"]) == {"n_zero;n_few"}


@pytest.mark.parametrize("measure", MEASURES)
def test_one_word_everywhere(measure):
    """Nothing can differ: 0 and p = 1, or NaN with a reason."""
    table = keyness(make_tokens(*["会议 会议", "会议"] * 3), target=["a", "b", "c"], measure=measure, n_permutations=9)
    undefined = measure == "log_odds"
    assert table["score"].tolist() == pytest.approx([np.nan if undefined else 0], nan_ok=True)
    assert table["p"].tolist() == pytest.approx([np.nan if undefined else 1], nan_ok=True)
    assert table["reason"].item() == ("no_variation" if undefined else "")


def test_no_words():
    some, none = (keyness(t, target=[]) for t in (make_tokens("会议"), make_table("tokens", [])))
    assert len(none) == 0
    assert none.dtypes.equals(some.dtypes)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"target": ["a", "zzz"]}, r"target names 1 document\(s\) without a word in tokens, first 'zzz'"),
        ({"target": ["a"], "reference": ["x"]}, "reference names 1"),
        ({"target": ["a", "b"], "reference": ["b"]}, r"target and reference share 1 document\(s\), first 'b'"),
        ({"target": "a"}, "target is the string 'a'"),
        ({"target": ["a"], "measure": "G2"}, "measure='G2'; one of"),
        ({"target": ["a"], "n_permutations": 0}, "n_permutations=0"),
    ],
)
def test_bad_input(options, said):
    with pytest.raises(ValueError, match=said):
        keyness(make_tokens("会议 多", "文件 多"), **options)


def test_a_million_tokens_take_seconds():
    tokens = random_counts(9, documents=100, words=2000)
    assert tokens["n"].sum() > 1_000_000
    table = keyness(tokens, target=[f"d{i:03}" for i in range(40)], n_permutations=199)
    assert table["p"].notna().all()
