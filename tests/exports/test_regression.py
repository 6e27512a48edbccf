"""Measured codes: what a regression on them finds, against the regression on the truth."""

import io

import numpy as np
import pandas as pd
import pytest

from burdenlab.coding.corrections import corrected_rates
from burdenlab.coding.sampling import draw_sample, sampling_frame
from burdenlab.exports.regression import measured_codes
from tests.coding.test_validation import BODY, FRAME, HITS, SENTENCES, THEMES, TRUTH, as_codes, as_hits

SAMPLE = draw_sample(SENTENCES, FRAME, n=300)
CODES = as_codes(SAMPLE, BODY, TRUTH)
OPTIONS = {"sample": SAMPLE, "themes": THEMES, "coder": "A"}


def test_one_row_a_sentence():
    table = measured_codes(CODES, HITS, SENTENCES, **OPTIONS)
    assert table.columns.tolist() == [
        "doc_id", "sentence_id", "stratum", "sampled", "probability", "d_x", "h_x", "y_x", "d_y", "h_y", "y_y",
    ]  # fmt: skip
    assert len(table) == len(BODY)
    assert table["sampled"].sum() == 300
    drawn = table.merge(SAMPLE, on=["doc_id", "sentence_id"], suffixes=("", "_drawn"))
    assert drawn["probability"].tolist() == pytest.approx(drawn["probability_drawn"].tolist())
    assert (drawn["stratum"] == drawn["stratum_drawn"]).all()
    rest = table[table["sampled"] == 0]
    assert rest["h_x"].isna().all()
    assert (rest["y_x"] == rest["d_x"]).all()
    coded = table[table["sampled"] == 1]
    assert coded["y_x"].tolist() == pytest.approx(
        (coded["d_x"] + (coded["h_x"] - coded["d_x"]) / coded["probability"]).tolist()
    )
    assert coded["h_x"].tolist() == TRUTH[coded.index, 0].tolist()


def test_the_mean_is_the_corrected_share():
    table = measured_codes(CODES, HITS, SENTENCES, **OPTIONS)
    rates = corrected_rates(CODES, HITS, SENTENCES, **OPTIONS)
    assert table[["y_x", "y_y"]].mean().tolist() == pytest.approx(rates["estimate"].tolist())


def test_one_row_a_document():
    by_sentence = measured_codes(CODES, HITS, SENTENCES, **OPTIONS)
    table = measured_codes(CODES, HITS, SENTENCES, **OPTIONS, unit="document")
    assert table.columns.tolist() == ["doc_id", "n_sentences", "n_sampled", "d_x", "y_x", "d_y", "y_y"]
    assert table["n_sentences"].tolist() == [100] * 20
    assert table["n_sampled"].sum() == 300
    assert table["y_y"].tolist() == pytest.approx(by_sentence.groupby("doc_id")["y_y"].mean().tolist())


def test_the_slope_is_that_of_the_truth():
    """A dictionary that finds ever less in later documents makes a trend of its own; over 60 draws y has that of the truth."""
    year = BODY["doc_id"].str[:2].astype(int).to_numpy()
    found = TRUTH & (np.random.default_rng(9).random(TRUTH.shape) < np.linspace(1, 0.3, 20)[year][:, None])
    hits = as_hits(BODY, found)
    frame = sampling_frame(SENTENCES, hits)
    truth = np.polyfit(year, TRUTH[:, 0], 1)[0]
    slopes = []
    for seed in range(60):
        sample = draw_sample(SENTENCES, frame, n=400, seed=seed)
        table = measured_codes(as_codes(sample, BODY, TRUTH), hits, SENTENCES, sample=sample, themes=["x"], coder="A")
        slopes.append(np.polyfit(year, table["y_x"], 1)[0])
    error = np.std(slopes) / np.sqrt(60)
    assert np.mean(slopes) == pytest.approx(truth, abs=3 * error)
    assert abs(np.polyfit(year, found[:, 0], 1)[0] - truth) > 6 * error


def test_a_contested_pair_counts_as_not_coded():
    other = CODES.assign(coder="B", themes=CODES["themes"].where(CODES.index > 9, "x")).astype({"coder": "str"})
    both = pd.concat([CODES, other])
    table = measured_codes(both, HITS, SENTENCES, sample=SAMPLE, themes=THEMES)
    n_contested = int((~CODES["themes"].iloc[:10].str.contains("x")).sum())
    assert table["h_x"].notna().sum() == 300 - n_contested
    rates = corrected_rates(both, HITS, SENTENCES, sample=SAMPLE, themes=THEMES)
    assert table[["y_x", "y_y"]].mean().tolist() == pytest.approx(rates["estimate"].tolist())


def test_an_uncoded_stratum_is_refused():
    left = CODES[SAMPLE["stratum"] != "hit:y"]
    with pytest.raises(ValueError, match=r"stratum 'hit:y' has no coded sentence for theme 'x'") as raised:
        measured_codes(left, HITS, SENTENCES, **OPTIONS)
    assert "没有主题 'x' 的人工编码" in raised.value.__notes__[0]
    with pytest.raises(ValueError, match="unit='page'"):
        measured_codes(CODES, HITS, SENTENCES, **OPTIONS, unit="page")


def test_stata_takes_it():
    table = measured_codes(CODES, HITS, SENTENCES, **OPTIONS)
    file = io.BytesIO()
    table.to_stata(file, write_index=False, version=118)
    back = pd.read_stata(io.BytesIO(file.getvalue()))
    assert back["h_x"].isna().sum() == len(BODY) - 300
    assert back["y_x"].tolist() == pytest.approx(table["y_x"].tolist())
