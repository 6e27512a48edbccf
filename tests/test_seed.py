"""Facts of the seed, counted by hand or by another program, against the pipeline."""

import hashlib

import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.loaders.seed import seed_card


def test_headline_phrase_is_found_twelve_times_each_with_its_section(seed):
    """Grep -o 小马拉大车 SEED | wc -l gives 12; one in the title and two in the greeting stand in the root."""
    lines = bl.kwic(seed.documents, "小马拉大车", sections=seed.sections)
    assert len(lines) == 12
    assert (lines["heading"] == "").sum() == 3
    assert (seed.hits["match"] == "小马拉大车").sum() == 12


def test_outline(seed):
    """By hand: 3 headings 一、, 8 (一), 13 1., and 10 run-in headings in part three."""
    numbered = seed.sections[seed.sections["label"] != ""]
    assert numbered.groupby("level").size().to_dict() == {1: 3, 2: 8, 3: 13}
    run_in = seed.sections[(seed.sections["label"] == "") & (seed.sections["level"] > 0)]
    assert len(run_in) == 10
    assert (run_in["level"] == 3).all()
    assert (run_in["move"] == "measure").all()


def test_moves_come_from_headings(seed):
    """By hand: part one says what is wrong and what it harms, part two why, part three what was done."""
    second = seed.sections[seed.sections["level"] == 2]
    assert second["move"].tolist() == ["problem", "harm", "cause", "cause", *["measure"] * 4]


def test_tail_is_an_edit_and_the_text_truncated(seed):
    """The last 251 of 2,897 characters are the site's."""
    document = seed.documents.iloc[0]
    assert document["truncated"]
    assert seed.edits["reason"].tolist() == ["preview_tail"]
    edit = seed.edits.iloc[0]
    assert (edit["raw_start"], edit["raw_end"]) == (2646, 2897)
    assert "试读结束" not in document["text"]
    assert "微信" not in document["text"]
    assert document["text"].rstrip().endswith("个人绩效挂")
    assert document["kept_share"] == pytest.approx(1 - 251 / 2897)


def test_lost_character_is_not_guessed(seed):
    """The source has lost 合 in 合理调整; nothing is mended silently."""
    assert "\n理调整人员编制" in seed.documents["text"].iloc[0]


def test_han_characters(seed):
    """python3 -c with a regular expression over U+4E00 to U+9FFF before the stop line: 2,348."""
    assert seed.documents["n_han"].iloc[0] == 2348


def test_card_and_features_are_those_of_the_copy(seed, shared):
    card = seed_card()
    copy = next((shared / "seeds").glob("*.txt"))
    assert card["sha256"] == hashlib.sha256(copy.read_bytes()).hexdigest()
    assert card["n_characters"] == 2897
    outline = seed.sections.loc[seed.sections["level"] > 0, ["level", "label", "move"]]
    assert card["outline"] == outline.to_numpy().tolist()
    features = pd.read_csv(bl.project_path("seeds", "features.csv"))
    assert features[list(seed.codebook.themes)].to_numpy().sum() == len(seed.hits)
    assert features["n_han"].sum() == card["n_han"] == seed.documents["n_han"].iloc[0]


def test_another_text_is_refused(tmp_path):
    path = tmp_path / "seed.txt"
    path.write_text("基层减负。", "utf-8")
    with pytest.raises(ValueError, match="is not the seed: its SHA-256 is"):
        bl.read_seed(path)
