"""What every measure keeps to, in the manner of scikit-learn's ``check_estimator``.

A measure is registered in ``tests/metrics/test_all_metrics.py`` as a function from named tables to its result.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.testing import assert_frame_equal

from burdenlab.messages import REASONS

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Metric:
    """A measure, and which of the laws say something about it."""

    name: str
    call: Callable[..., pd.DataFrame]
    tables: tuple[str, ...] = ("hits", "sentences", "documents")
    key: str | None = None  # column of the result whose rows do not depend on documents with other values
    doubled: tuple[str, ...] = ("estimate",)  # columns that stay when every document is there twice
    numbers: tuple[tuple[tuple[str, ...], str], ...] = ((("estimate", "ci_low", "ci_high"), "reason"),)
    is_aligned: bool = False  # the result has a row for each row of its table, in their order


def check_metric(metric: Metric, tables: Tables) -> None:
    """Hold all laws on a corpus; an AssertionError names measure and law."""
    given = {name: tables[name] for name in metric.tables}
    whole = _told(metric, "as it is", given)
    _check_repetition(metric, given, whole)
    _check_order(metric, given, whole)
    _check_subset(metric, given, whole)
    _check_doubling(metric, given, whole)
    _check_little(metric, given, whole)


def _told(metric: Metric, law: str, tables: Tables) -> pd.DataFrame:
    """Call the measure; hold what holds of every result."""
    before = {name: table.copy(deep=True) for name, table in tables.items()}
    states = np.random.get_state()[1].tolist(), random.getstate()  # noqa: NPY002 - that nobody touches it
    try:
        result = metric.call(**tables)
    except Exception as error:
        msg = f"{metric.name}, {law}: {type(error).__name__}: {error}"
        raise AssertionError(msg) from error
    assert (np.random.get_state()[1].tolist(), random.getstate()) == states, f"{metric.name}: draws globally"  # noqa: NPY002
    for name, table in tables.items():
        assert_frame_equal(table, before[name], obj=f"{metric.name}, {law}: {name} was changed")
    assert isinstance(result, pd.DataFrame), metric.name
    if metric.is_aligned:
        result = result.reset_index(drop=True)
    assert result.index.equals(pd.RangeIndex(len(result))), f"{metric.name}, {law}: index"
    assert not any(dtype.kind == "O" and not isinstance(dtype, pd.StringDtype) for dtype in result.dtypes), (
        f"{metric.name}, {law}: {result.dtypes}"
    )
    for columns, reason in metric.numbers:
        _check_reasons(f"{metric.name}, {law}", result, columns, reason)
    return result


def _check_reasons(where: str, result: pd.DataFrame, columns: Iterable[str], reason: str) -> None:
    numbers = result[list(columns)].astype("float64")
    assert not np.isinf(numbers.to_numpy()).any(), f"{where}: infinite"
    silent = result[numbers.isna().any(axis=1) & (result[reason] == "")]
    assert silent.empty, f"{where}: NaN without a reason\n{silent}"
    unknown = {code for codes in result[reason] for code in codes.split(";") if code} - set(REASONS)
    assert not unknown, f"{where}: unknown reasons {unknown}"


def _check_repetition(metric: Metric, tables: Tables, whole: pd.DataFrame) -> None:
    again = _told(metric, "again", {name: table.copy() for name, table in tables.items()})
    assert_frame_equal(whole, again, check_exact=True, obj=f"{metric.name}, repeated")


def _check_order(metric: Metric, tables: Tables, whole: pd.DataFrame) -> None:
    if metric.is_aligned:
        return
    for seed in (1, 2):
        shuffled = {name: t.sample(frac=1, random_state=seed + at) for at, (name, t) in enumerate(tables.items())}
        result = _told(metric, "in another order", shuffled)
        assert_frame_equal(whole, result, check_exact=True, obj=f"{metric.name}, in another order")


def _check_subset(metric: Metric, tables: Tables, whole: pd.DataFrame) -> None:
    if metric.key is None:
        return
    values = sorted(whole[metric.key].unique())
    for chosen in (values[::2], values[1:2]):
        kept = tables["documents"][tables["documents"][metric.key].isin(chosen)]["doc_id"]
        part = {name: table[table["doc_id"].isin(kept)] for name, table in tables.items()}
        expected = whole[whole[metric.key].isin(chosen)].reset_index(drop=True)
        result = _told(metric, f"with {chosen} alone", part)
        assert_frame_equal(expected, result, check_exact=True, obj=f"{metric.name}, with {chosen} alone")


def _check_doubling(metric: Metric, tables: Tables, whole: pd.DataFrame) -> None:
    if not metric.doubled:
        return
    twice = {
        name: pd.concat([table, table.assign(doc_id=("copy/" + table["doc_id"]).astype("str"))], ignore_index=True)
        for name, table in tables.items()
    }
    result = _told(metric, "doubled", twice)
    if "doc_id" in result.columns:
        result = result[~result["doc_id"].str.startswith("copy/")].reset_index(drop=True)
    columns = list(metric.doubled)
    assert_frame_equal(whole[columns], result[columns], rtol=1e-12, check_dtype=False, obj=f"{metric.name}, doubled")


def _check_little(metric: Metric, tables: Tables, whole: pd.DataFrame) -> None:
    """No rows, no hits, one document, one row: a table with the same columns, and no made-up number."""
    first = (
        {tables["documents"]["doc_id"].min()} if "documents" in tables else {t["doc_id"].min() for t in tables.values()}
    )
    cases = {
        "without rows": {name: table.iloc[:0] for name, table in tables.items()},
        "without text": {name: table if name == "documents" else table.iloc[:0] for name, table in tables.items()},
        "with one document": {name: table[table["doc_id"].isin(first)] for name, table in tables.items()},
        "with one row": _one_row(tables),
    }
    if "hits" in tables:
        cases["without hits"] = {**tables, "hits": tables["hits"].iloc[:0]}
    for law, some in cases.items():
        result = _told(metric, law, some)
        assert result.columns.tolist() == whole.columns.tolist(), f"{metric.name}, {law}: columns"
        assert result.dtypes.equals(whole.dtypes), f"{metric.name}, {law}: {result.dtypes.compare(whole.dtypes)}"


def _one_row(tables: Tables) -> Tables:
    """Keep the first row of the first table, and what belongs to it."""
    name = next(iter(tables))
    row = tables[name].iloc[[0]]
    kept = {name: row}
    for other, table in tables.items():
        if other != name:
            by = [c for c in ("doc_id", "sentence_id", "section_id", "move") if c in row.columns and c in table.columns]
            by = by if "sentence_id" not in by else ["doc_id", "sentence_id"]
            kept[other] = table.merge(row[by].drop_duplicates(), on=by)
    return kept
