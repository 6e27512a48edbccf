"""Every measure keeps the laws of ``tests/check_metric.py``, on the demo reports."""

from functools import partial

import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.metrics.attention import attention_entropy
from burdenlab.metrics.collocations import collocations
from burdenlab.metrics.cooccurrence import cooccurrence
from burdenlab.metrics.differences import rate_differences, rate_influence
from burdenlab.metrics.diversity import lexical_diversity
from burdenlab.metrics.keyness import keyness
from burdenlab.metrics.moves import move_profile, move_transitions
from burdenlab.metrics.panel import panel
from burdenlab.metrics.periods import policy_periods
from burdenlab.metrics.presence import theme_presence
from burdenlab.metrics.rates import theme_rates
from burdenlab.metrics.robustness import robustness
from burdenlab.metrics.similarity import document_map, document_similarity, jensen_shannon, shingle_similarity
from burdenlab.metrics.theme_counts import count_themes
from burdenlab.metrics.trends import theme_change, theme_slope, theme_trend
from burdenlab.metrics.words import tf_idf, word_frequency
from tests.check_metric import Metric, check_metric

THEMES = ("meetings_documents", "paperwork_traces", "staffing", "work_style", "a_theme_without_terms")
COUNTED = ("theme_counts", "exposure", "documents")
FEW = {"n_resamples": 199}
RATIO = (
    (("estimate", "ci_low", "ci_high", "rate", "rate_against", "p", "q"), "reason"),
    (("ratio", "ratio_low", "ratio_high"), "ratio_reason"),
)
ENTROPY = ("estimate", "entropy", "effective_themes")


def of_hits(measure, **options):
    return lambda hits, sentences, documents: measure(hits, sentences, documents=documents, themes=THEMES, **options)


def of_counts(measure, **options):
    return lambda theme_counts, exposure, documents: measure(
        theme_counts, exposure, documents=documents, themes=THEMES, **options
    )


def both(name, measure, **options):
    """Register a measure of hits, and the same from counts."""
    about = {k: options.pop(k) for k in ("key", "doubled", "numbers") if k in options}
    return [
        Metric(name, of_hits(measure, **options), **about),
        Metric(f"{name} of counts", of_counts(measure, **options), tables=COUNTED, **about),
    ]


METRICS = [
    *both("theme_rates", theme_rates, key="doc_id"),
    *both("theme_rates by level", theme_rates, by="level", key="level", **FEW),
    *both("theme_rates by move", theme_rates, by=["level", "move"], unit="sentence", key="level", **FEW),
    *both("theme_rates of sections", theme_rates, by="doc_id", cluster="section_id", key="doc_id", **FEW),
    *both("theme_rates, jackknife", theme_rates, by=None, method="jackknife"),
    *both("theme_rates, clusters", theme_rates, by="level", cluster="year", key="level", **FEW),
    *both("theme_rates, strata and weights", theme_rates, by=None, strata="level", weights="year", **FEW),
    *both("theme_presence", theme_presence, by="level", key="level"),
    *both("theme_presence of sections", theme_presence, by=["level", "move"], of="section", key="level", **FEW),
    *both("attention_entropy", attention_entropy, key="doc_id", doubled=ENTROPY, numbers=((ENTROPY, "reason"),)),
    *both("attention_entropy by level", attention_entropy, by="level", key="level", doubled=ENTROPY),
    *both(
        "rate_differences", rate_differences, by="level", doubled=("estimate", "ratio"), numbers=RATIO, n_permutations=99,
        **FEW,
    ),
    *both(
        "rate_influence", rate_influence, leave_out="level", doubled=("estimate", "without"),
        numbers=((("estimate", "without", "change"), "reason"),),
    ),
    *both("robustness", robustness, by="level", key="level", **FEW),
    Metric("move_profile", partial(move_profile, by="level", **FEW), ("sentences", "documents"), key="level"),
    Metric("move_profile of documents", partial(move_profile, **FEW), ("sentences", "documents"), key="doc_id"),
    Metric(
        "move_profile of counts",
        lambda exposure, documents: move_profile(exposure, by="level", documents=documents, **FEW),
        ("exposure", "documents"), key="level",
    ),
    Metric("move_transitions", partial(move_transitions, by="level", **FEW), ("sentences", "documents"), key="level"),
    *[
        Metric(
            f"panel of {tables[0]}",
            lambda *, documents, _names=tables, **counted: panel(
                counted[_names[0]], counted[_names[1]], documents, themes=THEMES
            ),
            tables, key="doc_id", doubled=("n_hits_staffing", "n_han", "rate_staffing", "share_staffing"), numbers=(),
        )
        for tables in (("hits", "sentences", "documents"), COUNTED)
    ],
]  # fmt: skip


def _county(tokens, documents):
    county = documents.loc[documents["level"] == "county", "doc_id"]
    return county[county.isin(set(tokens["doc_id"]))].tolist()


WORDS = ("tokens", "documents")
METRICS += [
    Metric(
        "word_frequency", word_frequency, ("tokens",), doubled=("rate", "dp"),
        numbers=((("rate", "dp", "dp_norm", "juilland_d", "carroll_d2"), "reason"),),
    ),
    Metric("tf_idf", tf_idf, ("tokens",), doubled=("idf", "tf_idf"), numbers=()),
    Metric(
        "keyness",
        lambda tokens, documents: keyness(tokens, target=_county(tokens, documents), n_permutations=19),
        WORDS, doubled=(), numbers=((("score", "log_ratio"), "reason"), (("p", "q"), "reason")),
    ),
    Metric(
        "jensen_shannon",
        lambda tokens, documents: jensen_shannon(tokens, target=_county(tokens, documents)),
        WORDS, doubled=("contribution",), numbers=((("contribution",), "reason"),),
    ),
    Metric(
        "lexical_diversity", lambda tokens, documents: lexical_diversity(tokens), WORDS, key="doc_id",
        doubled=("ttr", "mtld"), numbers=((("ttr", "mattr", "mtld", "hdd", "yule_k"), "reason"),),
    ),
    Metric(
        "collocations", collocations, ("tokens",), doubled=("log_dice",),
        numbers=((("log_dice", "pmi", "npmi", "t"), "reason"),),
    ),
    Metric(
        "cooccurrence", lambda hits, sentences: cooccurrence(hits, sentences), ("hits", "sentences"), doubled=("lift", "phi"),
        numbers=((("expected", "lift", "phi", "p", "q"), "reason"),),
    ),
    Metric("document_similarity", document_similarity, ("tokens",), doubled=(), numbers=()),
    Metric("shingle_similarity", shingle_similarity, ("documents",), doubled=(), numbers=((("similarity",), "reason"),)),
    Metric("document_map", document_map, ("tokens",), doubled=(), numbers=((("x", "y"), "reason"),)),
    *both("theme_trend", theme_trend, doubled=("crude",), **FEW),
    *both("theme_change", theme_change, event="2024-08-06", n_permutations=19, **FEW),
    *both("theme_slope", theme_slope),
    Metric("policy_periods", policy_periods, ("documents",), doubled=(), numbers=(), key="doc_id", is_aligned=True),
]  # fmt: skip


@pytest.fixture(scope="module")
def tables(demo):
    hits = demo.hits[demo.hits["theme"].isin(THEMES)].reset_index(drop=True)
    theme_counts, exposure = count_themes(hits, demo.sentences)
    return {
        "hits": hits,
        "sentences": demo.sentences,
        "documents": demo.documents,
        "theme_counts": theme_counts,
        "exposure": exposure,
        "tokens": bl.tokenize(demo.sentences),
    }


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_laws(metric, tables):
    check_metric(metric, tables)


def test_counts_and_hits_give_the_same_numbers(tables):
    found = {}
    for metric in METRICS:
        found[metric.name] = metric.call(**{name: tables[name] for name in metric.tables})
    pairs = [name for name in found if f"{name} of counts" in found and name != "move_profile"]
    assert len(pairs) == 17
    for name in pairs:
        pd.testing.assert_frame_equal(found[name], found[f"{name} of counts"], check_exact=True, obj=name)
