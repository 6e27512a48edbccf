"""Specifics, quantities and commitments scored against hand codes: for the tests and for the table of agreement."""

import math

import pandas as pd

from burdenlab.metrics.commitments import ELEMENTS, commitments_experimental
from burdenlab.metrics.quantities import burden_quantities_experimental
from burdenlab.metrics.specifics import find_specifics
from tests.metrics.concrete_truth import Mark, Read, Score, documents, score, table

SCALE = {"万": 1e4, "亿": 1e8}
HALVES = ("development", "test")


def mark_specifics(coder: str) -> list[Mark]:
    rows = table("specifics")
    rows = rows[(rows["coder"] == coder) & (rows["class"] != "")]
    columns = rows["doc_id"], rows["start"].astype(int), rows["end"].astype(int), rows["class"]
    return [Mark(*row) for row in zip(*columns, strict=True)]


def same_class(one: object, other: object) -> bool:
    return one == other


def score_specifics(half: str, read: Read, of_class: str | None = None) -> Score:
    """Score what is found in the sentences that were coded, of every class or of one."""
    docs = [d for d in documents("specifics", half) if d in read.raw]
    marked = [mark_specifics(coder) for coder in "12"], _specifics_in(read, docs)
    ones, twos, found = (
        [m for m in marks if m.doc_id in docs and of_class in (None, m.what)] for marks in (*marked[0], marked[1])
    )
    return score(ones, twos, found, same_class)


def _specifics_in(read: Read, docs: list[str]) -> list[Mark]:
    units = table("specifics").drop_duplicates(["doc_id", "sentence_start"])
    units = set(zip(units["doc_id"], units["sentence_start"].astype(int), strict=True))
    sentences = read.sentences[read.sentences["doc_id"].isin(docs)]
    start = [read.span(*row)[0] for row in zip(*(sentences[c] for c in ("doc_id", "start", "end")), strict=True)]
    coded = [key in units for key in zip(sentences["doc_id"], start, strict=True)]
    found = find_specifics(sentences[coded])
    found = found[found["theme"] != "booster"]
    return [
        Mark(d, *read.span(d, a, b), theme)
        for d, a, b, theme in zip(*(found[c] for c in ("doc_id", "start", "end", "theme")), strict=True)
    ]


def mark_quantities(coder: str) -> list[Mark]:
    rows = table("quantities")
    rows = rows[rows["coder"] == coder]
    values = pd.to_numeric(rows["value"], errors="coerce").fillna(-1) * [_scale(u) for u in rows["unit"]]
    return [Mark(d, a, b, v) for d, a, b, v in zip(rows["doc_id"], rows["start"], rows["end"], values, strict=True)]


def same_amount(one: float, other: float) -> bool:
    return abs(one - other) <= 0.02 * max(abs(one), abs(other))


def score_quantities(half: str, read: Read) -> Score:
    docs = [d for d in documents("quantities", half) if d in read.raw]
    sentences = read.sentences[read.sentences["doc_id"].isin(docs)]
    found = burden_quantities_experimental(sentences, read.hits[read.hits["doc_id"].isin(docs)])
    spans = zip(*(found[c] for c in ("doc_id", "start", "end", "value")), strict=True)
    ones, twos = ([m for m in mark_quantities(coder) if m.doc_id in docs] for coder in "12")
    return score(ones, twos, [Mark(d, *read.span(d, a, b), v) for d, a, b, v in spans], same_amount)


def judge_fields(half: str, read: Read) -> pd.DataFrame:
    """Tell of each quantity that is found whether its fields are those of the first coder."""
    truth = table("quantities")
    truth = truth[truth["coder"] == "1"].set_index(["doc_id", "start", "end"])
    found = burden_quantities_experimental(read.sentences, read.hits)
    places = [read.span(d, a, b) for d, a, b in zip(found["doc_id"], found["start"], found["end"], strict=True)]
    found.index = pd.MultiIndex.from_tuples([(d, *p) for d, p in zip(found["doc_id"], places, strict=True)])
    rows = []
    for one, other in score_quantities(half, read).pairs:
        coded, ours = truth.loc[one[:3]], found.loc[other[:3]]
        unit, factor = coded["unit"], _scale(coded["unit"])
        wanted = {c: float(coded[c]) * factor if coded[c] else math.nan for c in ("base", "result")}
        told = {
            c: read.raw[one.doc_id][int(coded[f"{c}_start"]) : int(coded[f"{c}_end"])] if coded[f"{c}_start"] else ""
            for c in ("object", "period")
        }
        rows.append(
            {
                "kind": coded["kind"] == ours["kind"],
                "direction": coded["direction"] == ours["direction"],
                "unit": ours["unit"] in (unit, unit.lstrip("万亿").removeprefix("个")),
                **{c: str(w) == str(float(ours[c])) for c, w in wanted.items()},
                # The coders marked 基层报表 where the rules give the noun 报表: one lies in the other.
                **{c: bool(w) == bool(ours[c]) and (w in ours[c] or ours[c] in w) for c, w in told.items()},
            }
        )
    return pd.DataFrame(rows)


def _scale(unit: str) -> float:
    return SCALE.get(unit[0], 1) if len(unit) > 1 else 1


def judge_promises(half: str, read: Read, *, both: bool) -> tuple[Score, pd.DataFrame]:
    """Score the elements of the units on whose plan both coders agree, or of those that one coder read alone.

    The second table tells for each unit whether it is a plan by hand and by rule.
    """
    rows = table("commitments")
    rows = rows[rows["doc_id"].isin(documents("commitments", half))]
    promises = commitments_experimental(read.sentences[read.sentences["doc_id"].isin(documents("commitments", half))])
    found = {(r.doc_id, read.span(r.doc_id, r.start, r.end)[0]): r for r in promises.itertuples()}
    right = n_found = n_true = 0
    plans = []
    for place, of_unit in rows.groupby(["doc_id", "start"]):
        codes = of_unit.set_index("coder")[["is_plan", *ELEMENTS]]
        if (len(codes) == 2) != both or codes["is_plan"].nunique() > 1:
            continue
        promise = found.get(place)
        plans.append((place[0], codes["is_plan"].iloc[0] == "1", promise is not None))
        for element in ELEMENTS:
            if codes[element].nunique() > 1:
                continue
            true, told = codes[element].iloc[0] == "1", promise is not None and getattr(promise, element) == 1
            right, n_found, n_true = right + (true and told), n_found + told, n_true + true
    return Score(right, n_found, n_true, []), pd.DataFrame(plans, columns=["doc", "hand", "rule"])


def both_coders_promises() -> pd.DataFrame:
    """Give the units that both coders read: columns (code, coder)."""
    codes = ["is_plan", *ELEMENTS]
    return table("commitments").pivot(index=["doc_id", "start"], columns="coder", values=codes).dropna()
