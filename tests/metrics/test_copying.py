"""Copied shares: from above, from peers, and the rows behind them."""

import numpy as np
import pandas as pd
import pytest

from burdenlab.metrics.copying import RELATIONS, copied_shares, shared_by_pair
from burdenlab.metrics.passages import shared_passages
from tests.check_metric import Metric, check_metric
from tests.metrics.planted import HAN, Writer, table


@pytest.fixture(scope="module")
def made():
    """Let a province write in 2018; two counties copy 2019 and 2020, one from the other too; a town copies nothing."""
    writer = Writer(1, n_stock=0)
    above, peer, own = (writer.plain(n) for n in (200, 100, 300))
    texts = [
        above + writer.plain(100),
        peer + writer.plain(50) + above[:100] + writer.plain(50),
        own + above + peer,
        own[::-1],
    ]
    levels, years = ["province", "county", "county", "township"], [2018, 2019, 2020, 2021]
    return table(texts, level=levels, year=pd.array(years, dtype="Int64"))


def shares(documents, **options):
    found = copied_shares(shared_passages(documents), documents, **options)
    return found.set_index([*found.columns[: found.columns.get_loc("relation")], "relation"])


def test_from_above_and_from_peers(made):
    found = shares(made)["n_han_copied"].unstack()[list(RELATIONS)]
    near = pytest.approx  # the next character may be the same by chance
    assert found.loc["00000.txt"].tolist() == near([0, 0, 0, 0, 200], abs=2)
    assert found.loc["00001.txt"].tolist() == near([100, 0, 0, 100, 200], abs=2)
    # The first hundred from above are in the other county's text too.
    assert found.loc["00002.txt"].tolist() == near([200, 200, 0, 300, 300], abs=4)
    assert found.loc["00003.txt"].tolist() == [0] * 5
    by_level = shares(made, by="level")
    assert by_level.loc[("county", "above"), ["n_han_copied", "n_han", "n_documents"]].tolist() == near(
        [300, 900, 2], abs=2
    )
    assert by_level.loc[("county", "above"), "estimate"] == near(1 / 3, abs=0.01)
    assert by_level["reason"].unique().tolist() == ["n_small"]


def test_the_other_way_round_it_is_from_below(made):
    turned = made.assign(year=pd.array([2022, 2019, 2020, 2021], dtype="Int64"))
    found = shares(turned)["n_han_copied"].unstack()
    assert found.loc["00000.txt", "below"] == pytest.approx(200, abs=2)
    assert found["above"].sum() == 0


def test_what_is_not_known_is_not_nought(made):
    no_date = shares(made.drop(columns="year"), by=None)
    assert no_date.loc[["above", "peer", "below", "earlier"], "reason"].unique().tolist() == ["n_zero"]
    assert no_date.loc["shared", "estimate"] > 0
    no_level = shares(made.drop(columns="level"), by=None)
    assert no_level["estimate"].isna().to_dict() == {
        "above": True,
        "peer": True,
        "below": True,
        "earlier": False,
        "shared": False,
    }
    one = shares(made.assign(level=["province", "", "county", "township"]), by=None)
    assert one.loc["above", ["n_documents", "n_han"]].tolist() == [3, 300 + 600 + 300]


def test_each_pair(made):
    passages = shared_passages(made)
    pairs = shared_by_pair(passages, made).set_index(["doc_id", "other"])
    assert len(pairs) == 6
    assert pairs.loc[("00001.txt", "00000.txt"), "share"] == pytest.approx(1 / 3, abs=0.01)
    assert pairs.loc[("00000.txt", "00001.txt"), "share"] == pytest.approx(1 / 3, abs=0.01)
    assert pairs.loc[("00002.txt", "00000.txt"), ["source", "relation"]].tolist() == ["00000.txt", "above"]
    assert pairs["n_passages"].sum() == 2 * len(passages)


def test_planted_shares_and_their_interval():
    """Each of 40 counties takes 0 to 4 of 5 passages from the province: the share of all, and an interval that holds it."""
    rng, writer = np.random.default_rng(0), Writer(2, n_stock=0)
    pieces = [writer.plain(60) for _ in range(5)]
    n = rng.integers(0, 5, 40)
    texts = ["".join(p + HAN[7] * 3 for p in pieces)] + [
        writer.plain(300) + "".join(HAN[i] * 2 + pieces[j] for j in range(k)) for i, k in enumerate(n)
    ]
    documents = table(texts, level=["province"] + ["county"] * 40, year=pd.array([2018] + [2019] * 40, dtype="Int64"))
    row = shares(documents, by="level").loc[("county", "above")]
    # Two characters between two passages do not part them.
    truth = (62 * n - 2)[n > 0].sum() / (300 * 40 + 62 * n.sum())
    assert row["estimate"] == pytest.approx(truth, rel=0.02)
    assert row["ci_low"] < truth < row["ci_high"]
    assert row["n"] == 40
    assert row["said_zh"].startswith("level=county:")
    assert "40 documents" in row["said_en"]


def test_laws(demo):
    def call(by):
        return lambda documents: copied_shares(
            shared_passages(documents, min_length=20), documents, by=by, n_resamples=99
        )

    for by in ("doc_id", "level", None):
        metric = Metric(f"copied_shares by {by}", call(by), ("documents",), doubled=())
        check_metric(metric, {"documents": demo.documents})


def test_nothing_and_what_is_refused(made):
    passages = shared_passages(made)
    none = shared_by_pair(passages.iloc[:0], made)
    pd.testing.assert_series_equal(none.dtypes, shared_by_pair(passages, made).dtypes)
    assert copied_shares(passages.iloc[:0], made)["n_han_copied"].sum() == 0
    with pytest.raises(ValueError, match="which documents lacks"):
        copied_shares(passages, made[:1])
    with pytest.raises(ValueError, match="no variable"):
        copied_shares(passages, made, by="region")
