"""Worlds whose truth is known: bursty documents made by chance, and real reports drawn from all of them."""

from collections.abc import Iterator

import numpy as np

from burdenlab.loaders.features import read_features
from burdenlab.metrics.theme_counts import tally_themes
from burdenlab.uncertainty import jackknife_interval, ratio_interval, resampled_sums

RATE = 0.003  # hits per Han character


def documents(rng: np.random.Generator, n: int, bursts: tuple[float, ...], rate: float = RATE) -> tuple:
    """Make hits (n, k) of n documents and their lengths.

    Log-normal lengths, median 1,480 Han characters; gamma-Poisson hits with the shape of each column, infinity is Poisson.
    """
    d = np.round(rng.lognormal(7.3, 0.5, n))
    level = np.column_stack([rng.gamma(k, 1 / k, n) if np.isfinite(k) else np.ones(n) for k in bursts])
    return rng.poisson(rate * d[:, None] * level).astype(float), d


def simulated(n: int, bursts: tuple[float, ...], replicates: int, rate: float = RATE) -> Iterator[tuple]:
    """Give hits, lengths, the true rates, replicate after replicate."""
    for world in range(replicates):
        yield (*documents(np.random.default_rng([n, world]), n, bursts, rate), np.full(len(bursts), rate))


def real_reports() -> tuple[np.ndarray, np.ndarray, list[str], np.ndarray]:
    """Give hits, lengths, themes and level of the 97 work reports, from their shipped counts."""
    features = read_features()
    themes = sorted(set(features.theme_counts["theme"]))
    tally = tally_themes(
        features.theme_counts, features.exposure, themes=themes, keys=["doc_id", "level"], documents=features.documents
    )
    return (
        tally.n_hits.astype(float),
        tally.cells["n_han"].to_numpy(dtype=float),
        themes,
        tally.cells["level"].to_numpy(dtype=object),
    )


def drawn_reports(n: int, replicates: int) -> Iterator[tuple]:
    """Draw n of the real reports with replacement; the truth is the rate of all of them."""
    h, d, _, _ = real_reports()
    for world in range(replicates):
        rows = np.random.default_rng([n, world, 97]).integers(0, len(d), n)
        yield h[rows], d[rows], h.sum(axis=0) / d.sum()


def coverage(worlds: Iterator[tuple], methods: tuple[str, ...]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Give the percentage of intervals that hold the truth, of each column, and of the worlds that have a sure one."""
    inside: dict[str, np.ndarray] = dict.fromkeys(methods, np.zeros(1))
    sure_worlds, replicates = np.zeros(1), 0
    for seed, (h, d, truth) in enumerate(worlds):
        bounds = {"studentised": ratio_interval(h, d, seed=seed)}
        sure = np.array([reason in ("", "n_low") for reason in bounds["studentised"].reason])
        if "jackknife" in methods:
            bounds["jackknife"] = jackknife_interval(h, d)
        if "percentile" in methods:
            sums = resampled_sums(np.column_stack([h, d]), seed=seed)
            bounds["percentile"] = np.quantile(sums[:, :-1] / sums[:, -1:], [0.025, 0.975], axis=0)
        for method in methods:
            low, high = bounds[method][:2]
            inside[method] = inside[method] + (sure & (low <= truth) & (truth <= high))
        sure_worlds = sure_worlds + sure
        replicates += 1
    with np.errstate(invalid="ignore"):
        return {method: 100 * of / sure_worlds for method, of in inside.items()}, 100 * sure_worlds / replicates
