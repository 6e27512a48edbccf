"""Agreement, against published tables, two libraries and counts by hand."""

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, f1_score

import burdenlab as bl
from burdenlab.coding.agreement import agreement, krippendorff_alpha
from burdenlab.tables import make_table
from burdenlab.uncertainty import resampled_sums

N = float("nan")
# Hayes & Krippendorff (2007), 4 coders and 12 units, as in R's irr::kripp.alpha.
HAYES = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]
# Wikipedia, "Krippendorff's alpha", 3 coders and 15 units.
WIKIPEDIA = [
    [N, N, N, N, N, 3, 4, 1, 2, 1, 1, 3, 3, N, 3],
    [1, N, 2, 1, 3, 3, 4, 3, N, N, N, N, N, N, N],
    [N, N, 2, 1, 3, 4, 4, N, 2, 1, 1, 3, 3, N, 4],
]


def make_codes(coders: dict[str, list[str | None]], *, moves: str = "plan", per_document: int = 1) -> pd.DataFrame:
    """Give each coder's themes, a unit each; None where a coder did not code the unit."""
    rows = [
        (f"U{i:04d}", f"{i // per_document:03d}.txt", i, coder, 1, themes, moves, "")
        for coder, given_ in coders.items()
        for i, themes in enumerate(given_)
        if themes is not None
    ]
    return make_table("codes", rows)


@pytest.mark.parametrize(
    ("metric", "hayes", "wikipedia"),
    [
        ("nominal", 0.743421052631579, 0.691358024691358),
        ("ordinal", 0.8153875037548814, 0.8067214199413153),
        ("interval", 0.8491071428571428, 0.8108448928121059),
        ("ratio", 0.7974027747116121, 0.8089436707842471),
    ],
)
def test_published_tables(metric, hayes, wikipedia):
    """Values of ../shared/oracles/statistics.json, by the krippendorff library and by the definition."""
    assert krippendorff_alpha(HAYES, metric=metric) == pytest.approx(hayes, abs=1e-12)
    assert krippendorff_alpha(WIKIPEDIA, metric=metric) == pytest.approx(wikipedia, abs=1e-12)


@given(
    st.integers(2, 4).flatmap(
        lambda coders: st.lists(
            st.lists(st.sampled_from([N, 1.0, 2.0, 3.0, 7.0]), min_size=coders, max_size=coders),
            min_size=2,
            max_size=15,
        )
    ),
    st.sampled_from(["nominal", "ordinal", "interval", "ratio"]),
)
def test_alpha_agrees_with_the_krippendorff_library(units, metric):
    values = np.array(units).T
    ours = krippendorff_alpha(values, metric=metric)
    pairable = values[:, (~np.isnan(values)).sum(axis=0) >= 2]
    if len(np.unique(pairable[~np.isnan(pairable)])) < 2:
        assert np.isnan(ours)
    else:
        assert ours == pytest.approx(krippendorff.alpha(values, level_of_measurement=metric), abs=1e-9)


def test_degenerate_tables():
    """The library raises; here the value is undefined. Disagreement all along: -0.75 by the library."""
    assert np.isnan(krippendorff_alpha([[1, 1, 1], [1, 1, 1]]))
    assert np.isnan(krippendorff_alpha([[1, N], [N, 2]]))
    assert krippendorff_alpha([[1, 2], [1, 2]]) == 1
    assert krippendorff_alpha([[1, 2, 1, 2], [2, 1, 2, 1]]) == pytest.approx(-0.75)
    assert krippendorff_alpha([[0, 0, 1], [0, 0, 1]], metric="ratio") == 1


@pytest.mark.parametrize(
    ("values", "metric", "said"),
    [
        ([1, 2], "nominal", "values has 1 dimension"),
        ([[1]], "x", "metric='x'"),
        ([[-1, 2]], "ratio", "values holds -1"),
    ],
)
def test_bad_tables(values, metric, said):
    with pytest.raises(ValueError, match=said):
        krippendorff_alpha(values, metric=metric)


def test_a_table_by_hand():
    """40 units; both give x to 12, only A to 3, only B to 1.

    Equal 36/40; Dice 24/28. Kappa: A 15/40, B 13/40, by chance (15·13 + 25·27)/1600 = 0.54375, (0.9 - 0.54375)/0.45625.
    Alpha: 28 codes x of 80, 1 - 79·8/(80² - 28² - 52²) = 1 - 632/2912.
    """
    a = ["x"] * 15 + [""] * 25
    b = ["x"] * 12 + [""] * 3 + ["x"] + [""] * 24
    row = agreement(make_codes({"A": a, "B": b}), themes=["x"]).iloc[0]
    assert row[["n_units", "n_positive", "n_coders", "n_documents"]].tolist() == [40, 16, 2, 40]
    assert row["percent"] == pytest.approx(0.9)
    assert row["dice"] == pytest.approx(24 / 28)
    assert row["kappa"] == pytest.approx(0.35625 / 0.45625)
    assert row["alpha"] == pytest.approx(1 - 632 / 2912)
    assert row["alpha_low"] < row["alpha"] < row["alpha_high"] <= 1


def test_kappa_and_alpha_agree_with_other_libraries():
    rng = np.random.default_rng(0)
    truth = rng.random((80, 3)) < 0.3
    given_ = {c: np.where(rng.random((80, 3)) < 0.15, ~truth, truth) for c in "ABC"}
    codes = make_codes({c: [";".join(np.array(["x", "y", "z"])[row]) for row in m] for c, m in given_.items()})
    codes["move"] = rng.choice(["plan", "problem", "measure"], len(codes))
    table = agreement(codes, themes=["x", "y", "z"], n_resamples=50).set_index("theme")
    pairs = [("A", "B"), ("A", "C"), ("B", "C")]
    for j, theme in enumerate("xyz"):
        kappa = np.mean([cohen_kappa_score(given_[a][:, j], given_[b][:, j]) for a, b in pairs])
        assert table.loc[theme, "kappa"] == pytest.approx(kappa, abs=1e-12)
        values = np.array([given_[c][:, j] for c in "ABC"], dtype=float)
        alpha = krippendorff.alpha(values, level_of_measurement="nominal")
        assert table.loc[theme, "alpha"] == pytest.approx(alpha, abs=1e-9)
        assert table.loc[theme, "alpha"] == pytest.approx(krippendorff_alpha(values), abs=1e-12)
    flat = np.array([given_[c].ravel() for c in "ABC"], dtype=float)
    assert table.loc["all themes", "alpha"] == pytest.approx(krippendorff.alpha(flat, level_of_measurement="nominal"))
    dice = [f1_score(flat[i], flat[j]) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert min(dice) < table.loc["all themes", "dice"] < max(dice)
    moves = codes.pivot(index="unit_id", columns="coder", values="move")
    kappa = np.mean([cohen_kappa_score(moves[a], moves[b]) for a, b in pairs])
    assert table.loc["move", "kappa"] == pytest.approx(kappa, abs=1e-12)
    assert table.loc["move", ["n_positive", "dice", "dice_low"]].isna().all()


def test_units_that_one_coder_left_out():
    """Of five units three have two codes: C coded the others alone or not at all."""
    codes = make_codes(
        {"A": ["x", "", "x", None, None], "B": ["x", "", None, None, ""], "C": [None, None, "", "x", None]}
    )
    row = agreement(codes, themes=["x"]).iloc[0]
    values = [[1, 0, 1, N, N], [1, 0, N, N, 0], [N, N, 0, 1, N]]
    assert row["n_units"] == 3
    assert row["alpha"] == pytest.approx(krippendorff_alpha(values))
    assert row["percent"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("a", "b", "reason", "alpha"),
    [
        ([""] * 30, [""] * 30, "no_variation", N),
        (["x"] * 9 + [""] * 21, ["x"] * 8 + [""] * 22, "few_positives", 0.92),
        (["x"] * 12 + [""] * 18, ["x"] * 12 + [""] * 18, "no_disagreement", 1),
        (["x"] * 12 + [""] * 18, ["x"] * 11 + [""] * 19, "n_low", 0.93),
        (["x"] * 25 + [""] * 5, ["x"] * 24 + [""] * 6, "", 0.89),
        ([None] * 5 + ["x"], ["x"] * 5 + [None], "n_zero", N),
    ],
)
def test_reasons(a, b, reason, alpha):
    row = agreement(make_codes({"A": a, "B": b}), themes=["x"], n_resamples=200).iloc[0]
    assert row["reason"] == reason
    assert row["alpha"] == pytest.approx(alpha, abs=0.01, nan_ok=True)
    assert row[["alpha_low", "alpha_high"]].notna().all() == (reason in ("", "n_low"))


def test_documents_are_resampled_and_sentences_where_few_documents_have_the_theme():
    rng = np.random.default_rng(5)
    a = np.where(rng.random(200) < 0.4, "x", "")
    b = np.where(rng.random(200) < 0.1, "x", a)
    codes = {"A": a.tolist(), "B": b.tolist()}
    in_forty = agreement(make_codes(codes, per_document=5), themes=["x"]).iloc[0]
    in_four = agreement(make_codes(codes, per_document=50), themes=["x"]).iloc[0]
    assert (in_forty["reason"], in_four["reason"]) == ("", "units_resampled")
    assert in_forty["alpha"] == in_four["alpha"]
    assert (in_forty["alpha_low"], in_forty["n_documents"]) != (in_four["alpha_low"], in_four["n_documents"])


def test_bounds_are_percentiles_of_the_measure_on_resampled_documents():
    """The textbook loop on the same draws: whole documents are put together again and measured."""
    rng = np.random.default_rng(3)
    a = rng.random(90) < 0.5
    b = np.where(rng.random(90) < 0.15, ~a, a)
    codes = make_codes({"A": np.where(a, "x", "").tolist(), "B": np.where(b, "x", "").tolist()}, per_document=3)
    weights = resampled_sums(np.eye(30), n_resamples=100, seed=8).astype(int)
    alphas = []
    for weight in weights:
        rows = np.concatenate([np.tile(np.arange(3 * d, 3 * d + 3), w) for d, w in enumerate(weight)]).astype(int)
        alphas.append(krippendorff_alpha(np.array([a[rows], b[rows]], dtype=float)))
    row = agreement(codes, themes=["x"], n_resamples=100, seed=8, level=0.9).iloc[0]
    assert [row["alpha_low"], row["alpha_high"]] == pytest.approx(np.quantile(alphas, [0.05, 0.95]).tolist())


def test_laws():
    rng = np.random.default_rng(1)
    codes = make_codes({c: np.where(rng.random(60) < 0.4, "x;y", "y").tolist() for c in "AB"}, per_document=2)
    table = agreement(codes, themes=["x", "y"], n_resamples=100)
    assert agreement(codes.sample(frac=1, random_state=1), themes=["x", "y"], n_resamples=100).equals(table)
    final = codes[codes["coder"] == "A"].assign(coder="final").astype({"coder": "str"})
    assert agreement(pd.concat([codes, final]), themes=["x", "y"], n_resamples=100).equals(table)
    swapped = codes.assign(coder=codes["coder"].map({"A": "B", "B": "A"}).astype("str"))
    pd.testing.assert_frame_equal(agreement(swapped, themes=["x", "y"], n_resamples=100), table)
    assert table["theme"].tolist() == ["x", "y", "all themes", "move"]
    dtypes = table.dtypes.astype(str)
    assert dtypes[["theme", "n_units", "n_positive", "alpha", "reason"]].tolist() == [
        "str",
        "int64",
        "Int64",
        "float64",
        "str",
    ]


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        (lambda c: c[c["coder"] == "A"], {}, r"codes has the coders \['A'\]; agreement needs two"),
        (lambda c: pd.concat([c, c.assign(round=2)]), {}, "unit U0000 of coder 'A' twice; keep one round"),
        (lambda c: c, {"level": 2}, "level=2"),
        (lambda c: c, {"n_resamples": 0}, "n_resamples=0"),
        (lambda c: c.drop(columns="move"), {}, r"codes lacks column\(s\) \['move'\]"),
    ],
)
def test_bad_input(change, options, said):
    codes = make_codes({"A": ["x"] * 12 + [""] * 12, "B": ["x"] * 11 + [""] * 13})
    with pytest.raises(ValueError, match=said):
        agreement(change(codes), themes=["x"], **options)


def gold_codes(shared) -> pd.DataFrame:
    """Give the development gold as a table of codes; the start of a sentence stands for its number."""
    gold = pd.read_csv(shared / "codebook" / "gold_dev.csv", dtype="str", keep_default_na=False)
    tables = [
        gold[["unit_id", "doc_id"]].assign(
            sentence_id=gold["start"].astype("int64"), coder=coder.upper(), round=1,
            themes=gold[f"themes_{coder}"], move=gold[f"move_{coder}"], note="",
        )
        for coder in "ab"
    ]  # fmt: skip
    return make_table("codes", pd.concat(tables, ignore_index=True).to_dict("series"))


def test_the_development_gold(shared):
    """The codebook's README: Dice 0.96 over sentence–theme pairs, moves 0.97."""
    table = agreement(gold_codes(shared), themes=bl.load_codebook().themes).set_index("theme")
    assert round(table.loc["all themes", "dice"], 2) == 0.96
    assert round(table.loc["move", "percent"], 2) == 0.97
    assert table.loc["move", "n_units"] == 465
    assert table.loc[["hotline_dispatch", "plaques_certificates"], "reason"].tolist() == ["no_variation"] * 2
    assert table.loc["all themes", "alpha_low"] > 0.9
