"""Intervals and tests hold what they claim, and the page that says so is written by this run.

``data/coverage.csv`` and ``data/coverage.md`` are the record; ``tests/test_coverage_page.py`` holds them to the promise in
every run of the fast tests.
"""

import numpy as np
import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.contrasts import difference, ratio
from burdenlab.loaders.features import read_features
from burdenlab.metrics.attention import attention_entropy
from burdenlab.metrics.keyness import keyness
from burdenlab.permutation import difference_p
from tests.acceptance import worlds
from tests.acceptance.page import BANDS, write_page

pytestmark = pytest.mark.acceptance
NAMES = {1.0: "1", 2.0: "2", np.inf: "∞ (Poisson)", 0.3: "0.3"}
PARTS = ("interval", "limits", "real", "real, rarer", "size", "size of real", "null words", "contrast", "entropy")


@pytest.fixture(scope="module")
def record():
    """Collect what each part measures; the page is written where all parts have run."""
    rows: dict[str, list[dict]] = {}
    yield rows
    if set(rows) == set(PARTS):
        write_page(pd.DataFrame([row for part in PARTS for row in rows[part]]))


def row(part, setting, n, method, value, replicates):
    return {
        "part": part,
        "setting": setting,
        "n": n,
        "method": method,
        "value": round(float(value), 2),
        "replicates": replicates,
    }


def check(rows):
    """Hold each row to the band of its part and method, and the mean of all to that of the mean."""
    for r in rows:
        low, high = BANDS.get((r["part"], r["method"]), (0, 100))
        assert low <= r["value"] <= high, r
    return rows


def test_coverage_of_simulated_documents(record):
    """20, 50 and 200 documents, hits in bursts (k = 1, 2) and without (∞): 4,000 worlds each."""
    rows = []
    for n in (20, 50, 200):
        bursts = (1.0, 2.0, np.inf)
        found, _ = worlds.coverage(worlds.simulated(n, bursts, 4000), ("studentised", "jackknife", "percentile"))
        rows += [
            row("interval", f"k = {NAMES[k]}", n, method, values[at], 4000)
            for method, values in found.items()
            for at, k in enumerate(bursts)
        ]
    record["interval"] = check(rows)
    studentised = [r["value"] for r in rows if r["method"] == "studentised"]
    assert 93 <= np.mean(studentised) <= 97


def test_where_coverage_ends(record):
    """Fewer documents, heavier bursts and rare themes, reported without a promise."""
    rows = []
    for n, bursts, rate, setting in (
        (10, (1.0,), worlds.RATE, "k = 1"),
        (10, (np.inf,), worlds.RATE, "k = ∞ (Poisson)"),
        (20, (0.3,), worlds.RATE, "k = 0.3"),
        (50, (0.3,), worlds.RATE, "k = 0.3"),
        (20, (1.0,), worlds.RATE / 20, "k = 1, a hit in 4 documents"),
        (50, (1.0,), worlds.RATE / 20, "k = 1, a hit in 4 documents"),
        (2000, (1.0,), worlds.RATE, "k = 1, drawn by Poisson"),
    ):
        replicates = 4000 if n < 1000 else 1000
        found, _ = worlds.coverage(worlds.simulated(n, bursts, replicates, rate), ("studentised", "jackknife"))
        rows += [row("limits", setting, n, method, values[0], replicates) for method, values in found.items()]
    record["limits"] = check(rows)


def test_coverage_of_real_reports(record):
    """20, 50 and 200 of the 97 work reports, drawn 4,000 times: themes that ten of the drawn ones name, on average."""
    h, _, themes, _ = worlds.real_reports()
    share = (h > 0).mean(axis=0)
    rows: dict[str, list] = {"real": [], "real, rarer": []}
    for n in (20, 50, 200):
        found, sure = worlds.coverage(worlds.drawn_reports(n, 4000), ("studentised", "jackknife"))
        for j in np.flatnonzero(share * n >= 10):
            part = "real" if share[j] >= 0.5 else "real, rarer"
            rows[part] += [row(part, themes[j], n, method, values[j], 4000) for method, values in found.items()]
            assert sure[j] > 90
    record["real"], record["real, rarer"] = check(rows["real"]), check(rows["real, rarer"])
    for of_part in rows.values():
        assert 93 <= np.mean([r["value"] for r in of_part if r["method"] == "studentised"]) <= 97


def test_size_of_the_permutation_test(record):
    """No difference: of 10,000 tests at .05 at most 5.7 % say that there is one."""
    rows = []
    for n1, n0 in ((10, 10), (20, 20), (10, 40)):
        bursts = (1.0, 2.0, np.inf)
        p = [[] for _ in bursts]
        for world in range(500):
            h, d = worlds.documents(np.random.default_rng([n1, n0, world]), n1 + n0, tuple(np.repeat(bursts, 20)))
            found = difference_p(h, d, np.arange(n1 + n0) < n1, n_permutations=999, seed=world)
            for at in range(len(bursts)):
                p[at].append(found[20 * at : 20 * (at + 1)])
        rows += [
            row(
                "size",
                f"k = {NAMES[k]}",
                f"{n1} and {n0}",
                "permutation",
                100 * (np.concatenate(of) <= 0.05).mean(),
                10_000,
            )
            for k, of in zip(bursts, p, strict=True)
        ]
    record["size"] = check(rows)


def test_size_on_real_reports(record):
    """Real reports dealt out to two sides by lot: all themes that twenty reports name."""
    h, d, _, level = worlds.real_reports()
    rows = []
    for name, kept in (("all reports", np.ones(len(d), dtype=bool)), ("central reports", level == "central")):
        common = h[kept][:, (h[kept] > 0).sum(axis=0) >= 20]
        n, worlds_needed = int(kept.sum()), -(-10_000 // common.shape[1])
        found = []
        for world in range(worlds_needed):
            side = np.random.default_rng([n, world]).permutation(n) < n // 2
            found.append(difference_p(common, d[kept], side, n_permutations=999, seed=world))
        p = np.concatenate(found)
        rows.append(
            row("size of real", name, f"{n // 2} and {n - n // 2}", "permutation", 100 * (p <= 0.05).mean(), len(p))
        )
    record["size of real"] = check(rows)


def word_counts(rng: np.random.Generator, n: int, k: float) -> pd.DataFrame:
    """Make the words of n documents of one population: Zipf's law over 2,000 words, each in bursts of its own."""
    shares = 1 / np.arange(1, 2001)
    length = rng.lognormal(7.3, 0.5, n)
    counts = rng.poisson(length[:, None] * (shares / shares.sum()) * rng.gamma(k, 1 / k, (n, 2000)))
    document, word = counts.nonzero()
    return pd.DataFrame(
        {"doc_id": [f"{i:03d}" for i in document], "token": [f"w{j:04d}" for j in word], "n": counts[document, word]}
    ).astype({"doc_id": "str", "token": "str", "n": "int64"})


def test_null_words(record):
    """Words without any difference that keyness calls key at q < .05: at most 1 %; by likelihood tables, most."""
    rows = []
    for k in (0.3, 1.0, 2.0):
        flagged, nominal, tested = 0, 0, 0
        for world in range(10):
            counts = word_counts(np.random.default_rng([world, 5]), 40, k)
            found = keyness(counts, target=[f"{i:03d}" for i in range(20)], seed=world)
            flagged += (found["q"] < 0.05).sum()
            nominal += (found["score"].abs() > 3.84)[found["q"].notna()].sum()
            tested += found["q"].notna().sum()
        rows += [
            row("null words", f"k = {NAMES[k]}", "20 and 20", "q < .05 by permutation", 100 * flagged / tested, tested),
            row("null words", f"k = {NAMES[k]}", "20 and 20", "log-likelihood > 3.84", 100 * nominal / tested, tested),
        ]
    features = read_features()
    reports = features.documents.loc[features.documents["level"] == "central", "doc_id"].tolist()
    words = features.word_counts[features.word_counts["doc_id"].isin(reports)]
    flagged, nominal, tested = 0, 0, 0
    for world in range(10):
        target = np.random.default_rng([world, 58]).permutation(reports)[: len(reports) // 2].tolist()
        found = keyness(words, target=target, seed=world)
        flagged += (found["q"] < 0.05).sum()
        nominal += (found["score"].abs() > 3.84)[found["q"].notna()].sum()
        tested += found["q"].notna().sum()
    sides = f"{len(reports) // 2} and {len(reports) - len(reports) // 2}"
    rows += [
        row("null words", "central reports", sides, "q < .05 by permutation", 100 * flagged / tested, tested),
        row("null words", "central reports", sides, "log-likelihood > 3.84", 100 * nominal / tested, tested),
    ]
    record["null words"] = check(rows)


def test_coverage_of_contrasts(record):
    """Difference and ratio of two groups, one with twice the rate of the other."""
    rows = []
    for n1, n0 in ((20, 20), (20, 60), (50, 50)):
        bursts = (1.0, 2.0, np.inf)
        inside = np.zeros((2, len(bursts)))
        for world in range(2000):
            rng = np.random.default_rng([n1, n0, world, 3])
            (h1, d1), (h0, d0) = worlds.documents(rng, n1, bursts), worlds.documents(rng, n0, bursts, worlds.RATE / 2)
            both = np.vstack([h1, h0]), np.r_[d1, d0], np.arange(n1 + n0) < n1
            for at, (measure, truth) in enumerate(((difference, worlds.RATE / 2), (ratio, 2.0))):
                found = measure(*both, n_permutations=0, seed=world)
                inside[at] += (found.low <= truth) & (truth <= found.high)
        rows += [
            row("contrast", f"k = {NAMES[k]}", f"{n1} and {n0}", method, 100 * inside[at, j] / 2000, 2000)
            for at, method in enumerate(("difference", "ratio"))
            for j, k in enumerate(bursts)
        ]
    record["contrast"] = check(rows)


def test_coverage_of_entropy(record):
    """Documents that attend to 25 themes, each in its own way (Dirichlet, concentration 3) or all alike."""
    shares = np.random.default_rng(5).dirichlet(np.full(25, 0.6))
    truth = -(shares * np.log(shares)).sum() / np.log(25)
    themes = [f"t{i:02d}" for i in range(25)]
    rows = []
    for n in (20, 50):
        for setting, concentration in (("documents differ", 3.0), ("documents alike", np.inf)):
            inside = 0
            for world in range(1000):
                rng = np.random.default_rng([n, world, 25])
                length = rng.poisson(15 * rng.lognormal(0, 0.4, n)) + 1
                own = [shares if np.isinf(concentration) else rng.dirichlet(concentration * shares) for _ in range(n)]
                counts = np.array([rng.multinomial(m, of) for m, of in zip(length, own, strict=True)])
                document, theme = counts.nonzero()
                doc_ids = np.array([f"{i:02d}" for i in range(n)])
                theme_counts = pd.DataFrame(
                    {
                        "doc_id": doc_ids[document], "section_id": 0, "move": "", "theme": np.array(themes)[theme],
                        "n_hits": counts[document, theme], "n_sentences_hit": 1,
                    }
                ).astype({"doc_id": "str", "move": "str", "theme": "str"})  # fmt: skip
                exposure = pd.DataFrame(
                    {
                        "doc_id": doc_ids,
                        "section_id": 0,
                        "move": "",
                        "section_move": "",
                        "n_han": 1000,
                        "n_sentences": 50,
                    }
                ).astype({"doc_id": "str", "move": "str", "section_move": "str"})
                found = attention_entropy(theme_counts, exposure, themes=themes, by=None).iloc[0]
                inside += bool(found["ci_low"] <= truth <= found["ci_high"])
            rows.append(row("entropy", setting, n, "delete-one", inside / 10, 1000))
    record["entropy"] = check(rows)
    assert bl.__version__
