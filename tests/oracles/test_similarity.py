"""Weights and maps against published values."""

import numpy as np
import pytest

from burdenlab.metrics.similarity import document_map
from burdenlab.metrics.words import tf_idf
from tests.oracles.made import make_counts

# scikit-learn's user guide, “Tf–idf term weighting”, smooth_idf=False: three words in six documents.
COUNTED = [(3, 0, 1), (2, 0, 0), (3, 0, 0), (4, 0, 0), (3, 2, 0), (3, 0, 2)]
WEIGHTS = {
    (0, 0): 0.81940995, (0, 2): 0.57320793, (1, 0): 1, (2, 0): 1, (3, 0): 1, (4, 0): 0.47330339, (4, 1): 0.88089948,
    (5, 0): 0.58149261, (5, 2): 0.81355169,
}  # fmt: skip


@pytest.mark.parametrize(("document", "word"), WEIGHTS)
def test_tf_idf(document, word):
    cells = {f"d{i}": {f"w{j}": n for j, n in enumerate(row)} for i, row in enumerate(COUNTED)}
    table = tf_idf(make_counts(cells)).set_index(["doc_id", "token"])["tf_idf"]
    assert len(table) == len(WEIGHTS)
    assert table[f"d{document}", f"w{word}"] == pytest.approx(WEIGHTS[document, word], abs=5e-9)


# Greenacre (1984), p. 55: staff groups by smoking; the values are those of the R package ca, print(ca(smoke)).
SMOKING = {
    "SM": (4, 2, 3, 2), "JM": (4, 3, 7, 4), "SE": (25, 10, 12, 4), "JE": (18, 24, 33, 13), "SC": (10, 6, 7, 2),
}  # fmt: skip
HABITS = "none", "light", "medium", "heavy"
INERTIAS = 0.074759, 0.010017, 0.000414
POINTS = {  # mass, chi-distance, inertia, standard coordinates on two axes
    "SM": (0.056995, 0.216559, 0.002673, -0.240539, -1.935708),
    "JM": (0.093264, 0.356921, 0.011881, 0.947105, -2.430958),
    "SE": (0.264249, 0.380779, 0.038314, -1.391973, -0.106508),
    "JE": (0.455959, 0.240025, 0.026269, 0.851989, 0.576944),
    "SC": (0.129534, 0.216169, 0.006053, -0.735456, 0.788435),
    "none": (0.316062, 0.394490, 0.049186, -1.438471, -0.304659),
    "light": (0.233161, 0.173996, 0.007059, 0.363746, 1.409433),
    "medium": (0.321244, 0.198127, 0.012610, 0.718017, 0.073528),
    "heavy": (0.129534, 0.355109, 0.016335, 1.074445, -1.975960),
}


@pytest.fixture(scope="module")
def smoking():
    cells = {group: dict(zip(HABITS, row, strict=True)) for group, row in SMOKING.items()}
    return document_map(make_counts(cells)).set_index("name")


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_principal_inertias(smoking, axis):
    total = smoking.loc[smoking["kind"] == "document", "inertia"].sum()
    shown = [smoking["share_x"].iloc[0], smoking["share_y"].iloc[0]]
    assert total * [*shown, 1 - sum(shown)][axis] == pytest.approx(INERTIAS[axis], abs=5e-7)


@pytest.mark.parametrize(("axis", "expected"), [("share_x", 0.8776), ("share_y", 0.1176)])
def test_shares(smoking, axis, expected):
    assert smoking[axis].iloc[0] == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("quantity", range(5), ids=["mass", "chi-distance", "inertia", "x", "y"])
@pytest.mark.parametrize("name", POINTS)
def test_points(smoking, name, quantity):
    """The first axis of ca runs the other way, the second too: ours has the document that adds most on the positive side."""
    row, expected = smoking.loc[name], POINTS[name][quantity]
    own = (
        row["mass"],
        np.sqrt(row["inertia"] / row["mass"]),
        row["inertia"],
        -row["x"] / np.sqrt(INERTIAS[0]),
        -row["y"] / np.sqrt(INERTIAS[1]),
    )[quantity]
    # Principal coordinates are divided by the root of an inertia printed to 5 digits.
    assert own == pytest.approx(expected, abs=5e-7 if quantity < 3 else 1e-4)
