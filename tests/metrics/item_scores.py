"""Items, matches, causes and subjects laid beside hand codes: for the tests and for the table of agreement."""

from typing import NamedTuple

import pandas as pd

import burdenlab as bl
from burdenlab.metrics.causes import find_causes_experimental
from burdenlab.metrics.credit import find_subjects_experimental
from burdenlab.metrics.items import find_items
from burdenlab.metrics.matches import match_remedies_experimental
from tests.conftest import SHARED
from tests.metrics.truth_files import MADE_ON, check_hashes, code_real, join, read_truth

Links = dict[tuple[str, str], int]


class CodedItems(NamedTuple):
    """Found items and pairs of the documents with hand codes, and what each coder said of them."""

    truth: pd.DataFrame
    items: pd.DataFrame
    pairs: pd.DataFrame
    linked: dict[int, Links]
    covered: dict[int, dict[tuple[str, int], bool]]
    answered: dict[int, set[tuple[str, int, int]]]


def of_half(cases: pd.DataFrame, made_on: bool | None) -> pd.DataFrame:
    """Keep the documents that the rules were made on, the others, or all."""
    return cases if made_on is None else cases[cases["doc"].isin(MADE_ON) == made_on]


def link(truth: pd.DataFrame, items: pd.DataFrame, sentences: pd.DataFrame) -> Links:
    """Tell which found item each hand item is: the one that shares most of its span, at least half of both together."""
    place = sentences.set_index(["doc_id", "sentence_id"])[["start", "end"]]
    ids = items["sentence_ids"].str.split(";")
    spans = items.assign(
        a=[place.loc[(d, int(i[0])), "start"] for d, i in zip(items["doc_id"], ids, strict=True)],
        b=[place.loc[(d, int(i[-1])), "end"] for d, i in zip(items["doc_id"], ids, strict=True)],
    )
    linked = {}
    for (doc, letter), hand in truth.groupby(["doc", truth["item"].str[0]]):
        found = spans[(spans["doc_id"] == doc) & (spans["side"].str[0] == letter.lower())]
        used = set()
        for row in hand.itertuples():
            shares = [
                (min(row.end, f.b) - max(row.start, f.a)) / (max(row.end, f.b) - min(row.start, f.a))
                for f in found.itertuples()
            ]
            # Points of one sentence have one span: they are taken in their order.
            open_ = [
                (share, -i)
                for i, (share, f) in enumerate(zip(shares, found.itertuples(), strict=True))
                if f.item_id not in used and share >= 0.5
            ]
            if open_:
                item_id = int(found["item_id"].iloc[-max(open_)[1]])
                used.add(item_id)
                linked[doc, row.item] = item_id
    return linked


def read_items(seed: bl.Corpus, demo: bl.Corpus) -> CodedItems:
    truth, answers = read_truth("items"), read_truth("answers")
    letters = [d for d in truth["doc"].unique() if "/SC" in d]
    policy = {d: code_real(SHARED / "corpora" / "policy" / "txt" / d.split("/")[1]) for d in letters}
    tables = join({"seed": seed, "demo/": demo, **policy})
    check_hashes(truth, tables["documents"])
    items = find_items(tables["sections"], tables["sentences"], tables["hits"])
    pairs = match_remedies_experimental(items[items["doc_id"].isin(truth["doc"])])
    covered, answered, linked = {}, {}, {}
    for coder in (1, 2):
        linked[coder] = link(truth[truth["coder"] == coder], items, tables["sentences"])
        said = answers[answers["coder"] == coder].set_index(["doc", "problem"])["measures"]
        pair, cover = set(), {}
        for (doc, item), item_id in linked[coder].items():
            if item[0] == "P":
                named = [m for m in said.get((doc, item), "").split(";") if m]
                cover[doc, item_id] = bool(named)
                pair |= {(doc, item_id, linked[coder][doc, m]) for m in named if (doc, m) in linked[coder]}
        covered[coder], answered[coder] = cover, pair
    return CodedItems(truth, items, pairs, linked, covered, answered)


def judge_pairs(coded: CodedItems, coverage: str) -> pd.DataFrame:
    """Give the pairs of which both coders say the same, by hand and by rule."""
    known = {c: {(d, k) for (d, item), k in coded.linked[c].items() if item[0] == "M"} for c in (1, 2)}
    rows = []
    for p in coded.pairs.itertuples():
        key = (p.doc_id, p.problem_id)
        if all(key in coded.covered[c] and (p.doc_id, p.measure_id) in known[c] for c in (1, 2)):
            said = [(*key, p.measure_id) in coded.answered[c] for c in (1, 2)]
            if said[0] == said[1]:
                rows.append((p.doc_id, said[0], getattr(p, coverage)))
    return pd.DataFrame(rows, columns=["doc", "hand", "rule"])


def judge_coverage(coded: CodedItems, coverage: str) -> pd.DataFrame:
    """Give the problems on whose coverage both coders agree, by hand and by rule."""
    met = coded.pairs.groupby(["doc_id", "problem_id"])[coverage].any()
    one, two = coded.covered[1], coded.covered[2]
    rows = [(key[0], one[key], rule) for key, rule in met.items() if key in one and one[key] == two.get(key)]
    return pd.DataFrame(rows, columns=["doc", "hand", "rule"])


def both_coders_answers() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give what either coder says of problems and of pairs, of the items to which both gave the same span."""
    truth, answers = read_truth("items"), read_truth("answers")
    spans = {
        c: t.assign(letter=t["item"].str[0], k=t.groupby(["doc", "start", "end", t["item"].str[0]]).cumcount())
        for c, t in truth.groupby("coder")
    }
    both = spans[1].merge(spans[2], on=["doc", "start", "end", "k", "letter"], suffixes=("", "_2"))
    said = {c: a.set_index(["doc", "problem"])["measures"].str.split(";") for c, a in answers.groupby("coder")}
    problems, measures = both[both["letter"] == "P"], both[both["letter"] == "M"]
    cover = [(p.doc, said[1][p.doc, p.item] != [""], said[2][p.doc, p.item_2] != [""]) for p in problems.itertuples()]
    pairs = [
        (p.doc, m.item in said[1][p.doc, p.item], m.item_2 in said[2][p.doc, p.item_2])
        for p in problems.itertuples()
        for m in measures[measures["doc"] == p.doc].itertuples()
    ]
    columns = ["doc", "hand", "rule"]
    return pd.DataFrame(cover, columns=columns), pd.DataFrame(pairs, columns=columns)


def read_causes(seed: bl.Corpus, demo: bl.Corpus) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the hand codes and the causes that the rules find in the same documents."""
    truth = read_truth("causes")
    real = {
        d: code_real(SHARED / "corpora" / d.replace("/", "/txt/"))
        for d in truth["doc"].unique()
        if not d.startswith(("demo", "seed"))
    }
    tables = join({"seed": seed, "demo/": demo, **real}, dict.fromkeys(real, "central"))
    check_hashes(truth, tables["documents"])
    items = find_items(tables["sections"], tables["sentences"], tables["hits"])
    causes = find_causes_experimental(tables["sections"], tables["sentences"], items, documents=tables["documents"])
    # A hand code stands at a sentence: the cause whose first sentence that is.
    first = causes["sentence_ids"].str.split(";").str[0].astype("int64")
    at = tables["sentences"].set_index(["doc_id", "sentence_id"])["start"]
    causes["at"] = at.loc[list(zip(causes["doc_id"], first, strict=True))].to_numpy()
    return truth, causes


def judge_causes(truth: pd.DataFrame, causes: pd.DataFrame) -> pd.DataFrame:
    """Give the found causes on which both coders gave type and blamed alike; the rule's are called ``…_found``."""
    one, two = (_numbered(own, "doc", "start") for _, own in truth.groupby("coder"))
    agreed = one.merge(two[["doc", "start", "k", "type", "blamed"]], on=["doc", "start", "k", "type", "blamed"])
    found = _numbered(causes, "doc_id", "at")
    return agreed.merge(found, left_on=["doc", "start", "k"], right_on=["doc_id", "at", "k"], suffixes=("", "_found"))


def _numbered(table: pd.DataFrame, *place: str) -> pd.DataFrame:
    """Count what stands at one place: points of one sentence are taken in their order."""
    return table.assign(k=table.groupby(list(place)).cumcount())


def both_coders_causes() -> pd.DataFrame:
    """Give the causes that both coded; the second coder's are called ``…_2``."""
    one, two = (own.drop_duplicates(["doc", "start"]) for _, own in read_truth("causes").groupby("coder"))
    return one.merge(two, on=["doc", "start"], suffixes=("", "_2"))


def judge_subjects(seed: bl.Corpus, demo: bl.Corpus) -> pd.DataFrame:
    """Give the 90 sentences of one reader with ``subject`` by hand, ``named`` and ``carried`` by rule."""
    truth = read_truth("subjects")
    tables = join({"seed": seed, "demo/": demo})
    check_hashes(truth, tables["documents"])
    subjects = find_subjects_experimental(tables["sentences"], documents=tables["documents"])
    place = tables["sentences"][["doc_id", "sentence_id", "start"]]
    both = truth.merge(place, left_on=["doc", "start"], right_on=["doc_id", "start"])
    return both.merge(subjects, on=["doc_id", "sentence_id"])
