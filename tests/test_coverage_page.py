"""The page on coverage is that of its record, and the record keeps what was promised."""

import pandas as pd
import pytest

from tests.acceptance.page import BANDS, CSV, PAGE, render


@pytest.fixture(scope="module")
def rows():
    return pd.read_csv(CSV, dtype={"n": "str"})


def test_every_cell_lies_in_its_band(rows):
    for (part, method), (low, high) in BANDS.items():
        values = rows[(rows["part"] == part) & (rows["method"] == method)]["value"]
        assert len(values)
        assert values.between(low, high).all(), (part, method)


def test_the_promised_cells_are_there(rows):
    cells = rows[(rows["part"] == "interval") & (rows["method"] == "studentised")]
    assert {(r.n, r.setting) for r in cells.itertuples()} == {
        (n, f"k = {k}") for n in ("20", "50", "200") for k in ("1", "2", "∞ (Poisson)")
    }
    assert (cells["replicates"] >= 4000).all()
    assert 93 <= cells["value"].mean() <= 97
    assert (rows[rows["part"].isin(["size", "size of real"])]["replicates"] >= 10_000).all()


def test_the_page_is_that_of_the_record(rows):
    assert PAGE.read_text("utf-8") == render(rows)
