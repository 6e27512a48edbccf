"""Columns and dtypes."""

import inspect
import re

import numpy as np
import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.tables import TABLES, check_table, find_rows, make_table, number_rows


@pytest.mark.parametrize("name", [n for n in TABLES if n != "estimates"])
def test_an_empty_table_fits(name):
    check_table(make_table(name, []), name)


def test_more_columns_may_follow():
    check_table(make_table("hits", []).assign(extra=1), "hits")


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match=r"hits lacks column\(s\) \['move'\]; it has \['doc_id'"):
        check_table(make_table("hits", []).drop(columns="move"), "hits")


@pytest.mark.parametrize("name", list(TABLES))
def test_the_error_names_the_call_that_makes_the_table(name):
    with pytest.raises(ValueError, match=f"^{name} lacks") as raised:
        check_table(pd.DataFrame(), name)
    said = re.search(r"Make it by (\w+)\((\w+)", str(raised.value))
    assert f"请用 {said[0].removeprefix('Make it by ')}" in raised.value.__notes__[0]
    assert said[2] in inspect.signature(getattr(bl, said[1])).parameters


def test_the_error_names_the_argument_of_the_caller(demo):
    found = demo.hits.rename(columns={"start": "begin"})
    for name, call in {
        "specifics": lambda: bl.result_claims(demo.sentences, found),
        "query": lambda: bl.kwic(demo.documents, found),
        "found": lambda: bl.cooccurrence(found, demo.sentences),
    }.items():
        with pytest.raises(ValueError, match=rf"^{name} lacks column\(s\) \['start'\].* Make it by find_hits"):
            call()
    with pytest.raises(TypeError, match=r"^query is a list; .* Make it by find_hits"):
        bl.kwic(demo.documents, [])


def test_a_wrong_dtype_is_named():
    table = make_table("hits", []).astype({"start": "float64"})
    with pytest.raises(TypeError, match=r"hits\['start'\] has dtype float64; int64 is expected"):
        check_table(table, "hits")


def test_no_table_at_all():
    with pytest.raises(TypeError, match=r"hits is a list.* Make it by find_hits\(sentences, codebook\)"):
        check_table([], "hits")


def test_own_columns_come_first():
    table = make_table("documents", {"level": ["县"], **{c: [pd.NA] for c in TABLES["documents"]}} | _document())
    assert list(table.columns) == [*TABLES["documents"], "level"]


def _document():
    return {
        "doc_id": ["a"], "title": ["t"], "text": ["x"], "n_han": [0], "truncated": [False], "kept_share": [1.0],
        "present_share": [float("nan")], "warnings": [""], "path": ["a"], "sha256": [""],
    }  # fmt: skip


def test_what_is_missing_is_a_value_of_its_own():
    cells = pd.DataFrame({"section": [0, 0, 1, 1], "move": ["a", None, "a", None]})
    assert number_rows(cells[column] for column in cells).tolist() == [0, 1, 2, 3]
    assert find_rows(cells[::-1], cells, ["section", "move"]).tolist() == [3, 2, 1, 0]


def test_the_numbers_of_many_columns_do_not_overflow():
    columns = pd.DataFrame(np.random.default_rng(0).integers(0, 10**6, (200, 40)))
    order = columns.sort_values(list(columns)).index
    assert number_rows(columns[column] for column in columns)[order].tolist() == list(range(200))
