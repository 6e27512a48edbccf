"""Figures of concreteness, read back from what is drawn."""

import pytest

from burdenlab.figures.concreteness import plot_commitments, plot_quantities, plot_specificity
from burdenlab.figures.save import save_bilingual
from burdenlab.metrics.commitments import commitments_experimental
from burdenlab.metrics.concreteness import commitment_quality_experimental, specificity
from burdenlab.metrics.hand_agreement import said_agreement
from burdenlab.metrics.quantities import burden_quantities_experimental
from burdenlab.metrics.specifics import find_specifics


@pytest.fixture(scope="module")
def estimates(demo):
    found = specificity(find_specifics(demo.sentences), demo.sentences)
    return found.merge(demo.documents[["doc_id", "level", "year"]], on="doc_id")


@pytest.fixture(scope="module")
def quality(demo):
    return commitment_quality_experimental(
        commitments_experimental(demo.sentences), demo.sentences, by="level", documents=demo.documents, n_resamples=50
    )


def dots(ax, markers):
    lines = [line for line in ax.lines if line.get_marker() in markers]
    return sorted(
        (float(x), float(y)) for line in lines for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    )


def test_dots_are_the_rates_of_the_table(estimates):
    ax = plot_specificity(estimates, by="level", lang="en")
    assert dots(ax, "os") == sorted(zip(estimates["vague_rate"], estimates["specific_rate"], strict=True))
    assert "log2(specifics / boosters)" in [text.get_text() for text in ax.get_legend().get_texts()]


def test_masked_texts_have_a_ring(estimates):
    some = estimates.assign(n_masked=(estimates.index == 3) * 2)
    ax = plot_specificity(some, lang="zh")
    rings = [line for line in ax.lines if line.get_markersize() == 9]
    assert [float(line.get_ydata()[0]) for line in rings] == [some.loc[3, "specific_rate"]]


def test_shares_are_drawn_and_the_figure_says_experimental(quality):
    ax = plot_commitments(quality, by="level", lang="en")
    shares = quality[quality["element"] != "score"]["estimate"]
    assert [x for x, _ in dots(ax, "os")] == sorted(shares)
    assert ax.figure.get_suptitle() == said_agreement("commitments_experimental", "elements", lang="en")
    with pytest.raises(ValueError, match="several rows an element"):
        plot_commitments(quality)


def test_hollow_dots_and_groups_without_a_plan_are_told(quality):
    without = quality["level"] == "township"
    some = quality.assign(estimate=quality["estimate"].mask(without), ci_low=float("nan"))
    ax = plot_commitments(some, by="level", lang="en")
    said = [text.get_text() for text in ax.get_legend().get_texts()]
    assert said == ["County (n = 8)", "Township (no plan)", "hollow: too few documents\nfor an interval"]


def test_a_second_mark_leaves_the_first(quality, demo):
    ax = plot_commitments(quality, by="level", lang="en")
    one = ax.figure.get_suptitle()
    for _ in range(2):
        plot_quantities(burden_quantities_experimental(demo.sentences, demo.hits), lang="en", ax=ax)
    lines = ax.figure.get_suptitle().splitlines()
    assert lines[0] == one
    assert len(lines) == 2


def test_changes_are_drawn_as_per_cent_of_their_base(demo):
    found = burden_quantities_experimental(demo.sentences, demo.hits)
    ax = plot_quantities(found, most=10, lang="zh")
    assert len(ax.get_yticklabels()) == 10
    changes = found[(found["base"] > 0) & found["result"].notna()]
    assert f"{len(changes)} 处写明基数与结果" in ax.get_xlabel()
    shares = {round(min(300, 100 * r / b), 6) for r, b in zip(changes["result"], changes["base"], strict=True)}
    assert {round(x, 6) for x, _ in dots(ax, "o>")} <= shares
    assert ax.figure.get_suptitle().startswith(said_agreement("burden_quantities_experimental", lang="zh"))
    assert "箭头：超过 300%" in ax.figure.get_supxlabel()


@pytest.mark.parametrize("draw", [plot_specificity, plot_commitments, plot_quantities])
def test_nothing_to_draw_is_an_empty_figure(draw, estimates, quality, demo, tmp_path):
    table = {
        plot_specificity: estimates,
        plot_commitments: quality,
        plot_quantities: burden_quantities_experimental(demo.sentences, demo.hits),
    }[draw].iloc[:0]
    path = save_bilingual(
        lambda **said: draw(table, **said), tmp_path / "f", data=table, documents=demo.documents, lang="en"
    )
    assert path.is_file()


def test_too_many_groups_are_refused(estimates):
    with pytest.raises(ValueError, match="at most 8"):
        plot_specificity(estimates, by="doc_id")
    with pytest.raises(ValueError, match="no column"):
        plot_specificity(estimates, by="colour")
