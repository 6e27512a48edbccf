"""The mapping of themes: its file, and the mismatch under all plausible mappings."""

import itertools
import re
from dataclasses import replace
from functools import partial

import pytest

import burdenlab as bl
from burdenlab.metrics.balance import mismatch
from burdenlab.metrics.balance_mappings import load_mapping, plausible_mappings
from burdenlab.metrics.balance_multiverse import mismatch_mappings
from tests.check_metric import Metric, check_metric
from tests.metrics.balances import corpus, planted


def test_the_shipped_mapping_places_the_shipped_codebook(codebook):
    mapping = load_mapping()
    assert mapping.placed == set(codebook.themes)
    group = dict(zip(codebook.table["theme"], codebook.table["group"], strict=True))
    assert (
        {group[theme] for theme in mapping.diagnosis.horse}
        == {group[theme] for theme in mapping.remedy.horse}
        == {"horse"}
    )
    assert {group[theme] for theme in mapping.diagnosis.cart} == {"cart", "road"}
    assert re.fullmatch(r"burden 1 \([0-9a-f]{8}\)", mapping.label)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('road_is = "load"', 'road_is = "cart"', r"\[diagnosis\] road_is holds 'cart'; one of load, apart is expected"),
        ('ritual = ["organisational_ritual"]', "ritual = []", "the theme 'organisational_ritual' stands on one side only"),
        ('moves = ["measure", "plan"]\n', 'moves = ["measure", "cause"]\n', "the move 'cause' serves both sides"),
        ('moves = ["measure", "plan"]\n', 'moves = ["measures"]\n', r"\[remedy\] moves holds 'measures'"),
        ('move = "section_move"', 'moves = "section_move"', r"\[unit\] has the key 'moves'"),
        ('"work_style", "organisational_ritual"]', '"work_style", "work_style"]', r"\[diagnosis\] lists the theme 'work_style' twice"),
        ('aside = ["coordination"] }', 'aside = ["coordnation"] }', "option 'aside' of choice 'coordination' names the theme 'coordnation'"),
        ('id = "with_cart"', 'id = "with_cart"\nunit = {}', "the first option of choice 'road' changes something"),
        ('zh = "随车"\n', "", "choice 'road' needs id, zh and en"),
        ('name = "burden"\n', "", "the file lacks 'name'"),
        ('name = "burden"', 'name = "burden', "mapping mine.toml: "),
    ],
)  # fmt: skip
def test_faults_of_a_mapping_are_named(tmp_path, old, new, message):
    shipped = bl.project_path("burdenlab", "metrics", "balance.toml").read_text("utf-8")
    assert old in shipped
    path = tmp_path / "mine.toml"
    path.write_text(shipped.replace(old, new, 1), "utf-8")
    with pytest.raises(ValueError, match=message) as caught:
        load_mapping(path)
    assert caught.value.__notes__[0].startswith("映射文件 mine.toml:")


def test_a_missing_mapping_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="does not exist; name a TOML file"):
        load_mapping(tmp_path / "none.toml")


def test_each_mapping_gives_what_mismatch_gives_under_it(demo):
    """The fast count of all mappings against the slow one, for every 23rd of them."""
    hits, sentences, documents = demo.hits, demo.sentences, demo.documents
    under = mismatch_mappings(hits, sentences, by="level", documents=documents)
    choices = [column for column in under.columns if column.startswith("choice_")]
    for chosen, mapping in itertools.islice(plausible_mappings(load_mapping()), 0, None, 23):
        slow = mismatch(hits, sentences, by="level", documents=documents, mapping=mapping)
        fast = under[(under[choices] == [chosen[c.removeprefix("choice_")] for c in choices]).all(axis=1)]
        if fast.empty:  # it comes to the same as one before it
            assert chosen["road"] == "apart"
            continue
        for column in (
            "estimate",
            "load_capacity",
            "remedy_orientation",
            "n_load",
            "n_capacity",
            "n_lighten",
            "n_feed",
        ):
            assert fast[column].tolist() == pytest.approx(slow[column].tolist(), nan_ok=True)


def test_share_of_mappings_with_the_same_sign():
    """Lightening by secondment only: the sign hangs on whose side secondment is."""
    rows = [("a", 1, "cause", ["task_load"])] * 6 + [("a", 1, "cause", ["staffing"])] * 6
    rows += [("a", 2, "plan", ["secondment"])] * 8 + [("a", 2, "plan", ["finance"])] * 4
    under = mismatch_mappings(*corpus(rows)[:2])
    assert set(under.loc[under["estimate"] > 0, "choice_secondment"]) == {"cart"}
    assert set(under.loc[under["estimate"] < 0, "choice_secondment"]) == {"horse"}
    assert under["share_same_sign"].unique().tolist() == [0.5]
    assert under["n_mappings"].unique().tolist() == [len(under)] == [576]


def test_no_share_without_a_sign():
    nothing = mismatch_mappings(*planted([(1, 1, 1, 1)])[:2])
    assert nothing["estimate"].isna().all()
    assert nothing["share_same_sign"].isna().all()
    assert set(nothing["reason"]) == {"few_diagnosing;few_remedying"}
    even = mismatch_mappings(*planted([(5, 5, 5, 5)])[:2])
    assert even["share_same_sign"].isna().all()


def test_laws(demo):
    few = load_mapping()
    few = replace(few, choices=few.choices[:2])
    metric = Metric(
        "mismatch_mappings", partial(mismatch_mappings, mapping=few, by="level", minimum=3), key="level", doubled=(),
        numbers=((("estimate",), "reason"),),
    )  # fmt: skip
    check_metric(metric, {"hits": demo.hits, "sentences": demo.sentences, "documents": demo.documents})
