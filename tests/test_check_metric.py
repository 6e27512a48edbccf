"""The checker of measures catches what it is there for."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import burdenlab as bl
from tests.check_metric import Metric, check_metric
from tests.metrics.made import THEMES, make_corpus

CORPUS = [[(9, 0, "plan", ["a", "b"]), (5, 1, "problem", ["a"])], [(20, 0, "plan", [])], [(7, 0, "frame", ["b"])]]


def rates(hits, sentences, documents):
    return bl.theme_rates(hits, sentences, themes=THEMES, documents=documents)


def writes_into_its_input(hits, sentences, documents):
    documents["seen"] = True
    return rates(hits, sentences, documents)


def depends_on_order(hits, sentences, documents):
    return rates(hits, sentences, documents).assign(first=hits["start"].iloc[0] if len(hits) else 0)


def depends_on_neighbours(hits, sentences, documents):
    table = rates(hits, sentences, documents)
    return table.assign(estimate=table["estimate"] * len(documents))


def counts_rather_than_rates(hits, sentences, documents):
    table = bl.theme_rates(hits, sentences, themes=THEMES, by=None)
    return table.assign(estimate=table["n_hits"].astype(float))


def says_nothing_of_nan(hits, sentences, documents):
    return rates(hits, sentences, documents).assign(reason=pd.Series(dtype="str")).fillna({"reason": ""})


def makes_a_number_up(hits, sentences, documents):
    table = rates(hits, sentences, documents)
    return table.assign(estimate=table["n_hits"] / table["n_han"].replace(0, 1) / 0.0)


def fails_on_nothing(hits, sentences, documents):
    return rates(hits, sentences, documents).assign(unit=["han", "sentence"][int(sentences["n_han"].max()) * 0])


def draws_globally(hits, sentences, documents):
    np.random.rand()  # noqa: NPY002 - that is the fault
    return rates(hits, sentences, documents)


def forgets_dtypes(hits, sentences, documents):
    table = rates(hits, sentences, documents)
    return table if len(hits) else table.astype({"n_hits": "float64"})


class Remembers:
    """Gives another answer at each call."""

    calls = 0

    def __call__(self, hits, sentences, documents):
        self.calls += 1
        return rates(hits, sentences, documents).assign(calls=self.calls)


GOOD = Metric("theme_rates", rates, key="doc_id")


@pytest.fixture
def tables():
    return dict(zip(("hits", "sentences", "documents"), make_corpus(CORPUS), strict=True))


def test_a_good_measure_passes(tables):
    check_metric(GOOD, tables)


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (writes_into_its_input, "was changed"),
        (depends_on_order, "in another order"),
        (depends_on_neighbours, "alone"),
        (says_nothing_of_nan, "NaN without a reason"),
        (makes_a_number_up, "infinite"),
        (fails_on_nothing, "without rows"),
        (draws_globally, "draws globally"),
        (forgets_dtypes, "n_hits"),
        (Remembers(), "repeated"),
    ],
)
def test_a_fault_is_caught(tables, measure, said):
    with pytest.raises(AssertionError, match=said), np.errstate(all="ignore"):
        check_metric(replace(GOOD, call=measure), tables)


def test_a_count_is_no_rate(tables):
    with pytest.raises(AssertionError, match="doubled"):
        check_metric(Metric("count", counts_rather_than_rates), tables)
