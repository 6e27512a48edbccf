"""Write burdenlab/metrics/hand_agreement.csv: python -m tests.make_agreement, with BURDENLAB_SHARED naming the real documents.

Each row is scored from the hand codes in tests/metrics/truth with the functions that the tests score with.
"""

from collections.abc import Iterable, Iterator

import pandas as pd

import burdenlab as bl
from burdenlab.metrics.commitments import ELEMENTS
from burdenlab.metrics.specifics import SPECIFIC_CLASSES
from burdenlab.uncertainty import wilson_interval
from tests.conftest import DEMO, SHARED, code
from tests.metrics.concrete_scores import (
    both_coders_promises,
    judge_fields,
    judge_promises,
    mark_quantities,
    mark_specifics,
    same_amount,
    same_class,
    score_quantities,
    score_specifics,
)
from tests.metrics.concrete_truth import Mark, Same, Score, pair, read_all
from tests.metrics.concrete_truth import documents as split
from tests.metrics.item_scores import (
    both_coders_answers,
    both_coders_causes,
    judge_causes,
    judge_coverage,
    judge_pairs,
    judge_subjects,
    of_half,
    read_causes,
    read_items,
)

TABLE = bl.project_path("burdenlab", "metrics", "hand_agreement.csv")
COLUMNS = [
    "measure", "part", "documents", "statistic", "value", "low", "high", "n_right", "n", "n_documents", "reason", "goal", "truth",
]  # fmt: skip
# Below these a measure is called experimental.
GOALS = {
    **{("find_specifics", "", s): 0.9 for s in ("precision", "recall")},
    **{("burden_quantities_experimental", "", s): 0.9 for s in ("precision", "recall")},
    **{("commitments_experimental", "elements", s): 0.8 for s in ("precision", "recall")},
    **{
        (measure, part, "kappa"): 0.75
        for measure, parts in {
            "match_remedies_experimental": ("strict", "lenient", "matched"),
            "remedy_coverage_experimental": ("strict", "lenient", "matched"),
            "find_causes_experimental": ("type", "blamed"),
            "find_subjects_experimental": ("named", "carried"),
        }.items()
        for part in parts
    },
}
HALVES = {"made_on": "development", "held_out": "test"}
MADE_ON = {"made_on": True, "held_out": False, "all": None}
Row = dict[str, object]


def share(statistic: str, n_right: int, n: int, n_documents: int) -> Row:
    low, high, _ = wilson_interval(n_right, n)
    value = {"value": n_right / n, "low": low[0], "high": high[0]}
    return {"statistic": statistic, **value, "n_right": n_right, "n": n, "n_documents": n_documents}


def kappa_row(statistic: str, cases: pd.DataFrame) -> Row:
    """Give Cohen's kappa of `hand` and `rule`, labels or yes and no, with the bounds of ``bl.agreement``."""
    yes_no = cases[["hand", "rule"]].dtypes.eq(bool).all()
    codes = []
    for coder in ("hand", "rule"):
        own = cases[["doc"]].rename(columns={"doc": "doc_id"}).reset_index(drop=True)
        said = cases[coder].reset_index(drop=True)
        # "is ": an empty move would be one that was not coded; here nobody, or undetermined, is an answer.
        given = {"themes": said.map({True: "x"}).fillna(""), "move": "is " + said.astype("str"), "note": ""}
        unit = {"unit_id": "U" + own.index.astype("str"), "sentence_id": own.index, "coder": coder, "round": 1}
        codes.append(own.assign(**unit, **given))
    rows = bl.agreement(pd.concat(codes, ignore_index=True), themes=["x"]).set_index("theme")
    row = rows.loc["x" if yes_no else "move"].rename(
        {"kappa": "value", "kappa_low": "low", "kappa_high": "high", "n_units": "n"}
    )
    return {"statistic": statistic, **row[["value", "low", "high", "n", "n_documents", "reason"]]}


def told_apart(cases: pd.DataFrame, *, prefix: str = "") -> Iterator[Row]:
    """Give agreement and kappa of `hand` and `rule`."""
    n_right = int((cases["hand"] == cases["rule"]).sum())
    yield share(f"{prefix}agreement", n_right, len(cases), cases["doc"].nunique())
    yield kappa_row(f"{prefix}kappa", cases)


def found(score: Score, n_documents: int) -> Iterator[Row]:
    if score.n_found:
        yield share("precision", score.n_right, score.n_found, n_documents)
    if score.n_true:
        yield share("recall", score.n_right, score.n_true, n_documents)


def of_cases(cases: pd.DataFrame) -> Score:
    """Score yes and no by hand and by rule."""
    return Score(int((cases["hand"] & cases["rule"]).sum()), int(cases["rule"].sum()), int(cases["hand"].sum()), [])


def dice_row(ones: list[Mark], twos: list[Mark], same: Same) -> Row:
    n_pairs, docs = len(pair(ones, twos, same)), {m.doc_id for m in (*ones, *twos)}
    return share("coders_dice", 2 * n_pairs, len(ones) + len(twos), len(docs)) | {"low": None, "high": None}


def at(measure: str, part: str, documents: str, rows: Iterable[Row]) -> Iterator[Row]:
    return ({"measure": measure, "part": part, "documents": documents, **row} for row in rows)


def concrete_rows() -> Iterator[Row]:
    """Score specifics, quantities and commitments."""
    read = read_all()
    for documents, half in HALVES.items():
        n_specifics, n_quantities = (len(split(name, half)) for name in ("specifics", "quantities"))
        for of_class in (None, *(c for c in SPECIFIC_CLASSES if c != "booster")):
            score = score_specifics(half, read, of_class)
            yield from at("find_specifics", of_class or "", documents, found(score, n_specifics))
        yield from at(
            "burden_quantities_experimental", "", documents, found(score_quantities(half, read), n_quantities)
        )
        for field, right in judge_fields(half, read).items():
            row = share("agreement", int(right.sum()), len(right), n_quantities)
            yield from at("burden_quantities_experimental", field, documents, [row])
        for part, both in {"elements": True, "elements, one coder": False}.items():
            score, plans = judge_promises(half, read, both=both)
            yield from at("commitments_experimental", part, documents, found(score, plans["doc"].nunique()))
            if both:
                yield from at("commitments_experimental", "is_plan", documents, told_apart(plans))
    yield from at("find_specifics", "", "all", [dice_row(*map(mark_specifics, "12"), same_class)])
    yield from at("burden_quantities_experimental", "", "all", [dice_row(*map(mark_quantities, "12"), same_amount)])
    units = both_coders_promises()
    plans = units[(units["is_plan"] == "1").all(axis=1)]
    for part in ("is_plan", *ELEMENTS):
        codes = (units if part == "is_plan" else plans)[part].eq("1").rename(columns={"1": "hand", "2": "rule"})
        cases = codes.reset_index("doc_id", names="doc")
        yield from at("commitments_experimental", part, "all", [kappa_row("coders_kappa", cases)])


def item_rows() -> Iterator[Row]:
    """Score matches and coverage, causes, subjects."""
    seed = code(bl.read_seed(next((SHARED / "seeds").glob("*.txt"))))
    demo = code(bl.read_documents(DEMO / "reports", metadata=DEMO / "metadata.csv"))
    coded = read_items(seed, demo)
    judged = {"match_remedies_experimental": judge_pairs, "remedy_coverage_experimental": judge_coverage}
    for measure, judge in judged.items():
        for part in ("strict", "lenient", "matched"):
            for documents, made_on in MADE_ON.items():
                cases = of_half(judge(coded, part), made_on)
                rows = [kappa_row("kappa", cases), *found(of_cases(cases), cases["doc"].nunique())]
                yield from at(measure, part, documents, rows)
    for measure, cases in zip(judged, reversed(both_coders_answers()), strict=True):
        yield from at(measure, "", "all", [kappa_row("coders_kappa", cases)])
    causes, coders = judge_causes(*read_causes(seed, demo)), both_coders_causes()
    for part in ("type", "blamed"):
        for documents, made_on in MADE_ON.items():
            cases = of_half(causes.rename(columns={part: "hand", f"{part}_found": "rule"}), made_on)
            yield from at("find_causes_experimental", part, documents, told_apart(cases))
        cases = coders.rename(columns={part: "hand", f"{part}_2": "rule"})
        yield from at("find_causes_experimental", part, "all", told_apart(cases, prefix="coders_"))
    subjects = judge_subjects(seed, demo).replace({"subject": {"none": ""}})
    for part in ("named", "carried"):
        cases = subjects.rename(columns={"subject": "hand", part: "rule"})
        own = cases.assign(hand=cases["hand"] == "self", rule=cases["rule"] == "self")
        yield from at("find_subjects_experimental", part, "all", told_apart(cases))
        yield from at("find_subjects_experimental", f"{part}, self", "all", found(of_cases(own), own["doc"].nunique()))


TRUTH = {
    "find_specifics": "specifics.csv", "burden_quantities_experimental": "quantities.csv", "commitments_experimental": "commitments.csv",
    "match_remedies_experimental": "answers.csv", "remedy_coverage_experimental": "answers.csv", "find_causes_experimental": "causes.csv",
    "find_subjects_experimental": "subjects.csv",
}  # fmt: skip


def make_table() -> str:
    """Score everything and give the file as text."""
    table = pd.DataFrame([*concrete_rows(), *item_rows()])
    place = zip(table["measure"], table["part"], table["statistic"], strict=True)
    table = table.assign(goal=[GOALS.get(key) for key in place], truth=table["measure"].map(TRUTH))
    order = table["measure"].map(list(TRUTH).index)
    table = table.iloc[order.argsort(kind="stable")]
    table = table.astype(dict.fromkeys(["value", "low", "high"], "float64") | {"n_right": "Int64"}).round(4)
    return table[COLUMNS].to_csv(index=False, lineterminator="\n")


def main() -> None:
    """Write the table."""
    if not SHARED.is_dir():
        msg = f"real documents are not at {SHARED}; let BURDENLAB_SHARED name their folder"
        raise SystemExit(msg)
    TABLE.write_text(make_table(), "utf-8")


if __name__ == "__main__":
    main()
