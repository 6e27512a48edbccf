"""Robustness: does a result hold without doubles and templates, with other terms, codes and units."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd

from burdenlab.messages import with_chinese
from burdenlab.metrics.rates import theme_rates
from burdenlab.tables import check_keys

__all__ = ["robustness"]

_ESTIMATE = ["estimate", "ci_low", "ci_high", "n", "reason"]
_COUNTS = ["n_sentences_hit", "n_sentences", "unit", "per"]


def robustness(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    themes: Sequence[str],
    by: str | Sequence[str] | None = None,
    documents: pd.DataFrame | None = None,
    unit: Literal["han", "sentence"] = "han",
    per: float = 1000,
    doubles: pd.DataFrame | Sequence[pd.DataFrame] | None = None,
    templates: pd.DataFrame | Sequence[pd.DataFrame] | None = None,
    stable_terms: pd.DataFrame | None = None,
    corrected: pd.DataFrame | None = None,
    cluster: str | None = None,
    level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Rates of themes as they are, and as they are when something is done otherwise: one table for the appendix.

    Parameters
    ----------
    hits, sentences, themes, by, documents, unit, per, cluster, level, n_resamples, seed
        As for ``theme_rates``.
    doubles : DataFrame or list of them, optional
        Variant ``without_doubles``: what ``find_duplicates`` gives, or anything else that ``theme_rates`` takes as
        `exclude`.
    templates : DataFrame or list of them, optional
        Variant ``without_templates``: documents of template sites
        (``documents[documents["provenance"] == "template_site"]``) or rows of ``reused_sentences``.
    stable_terms : DataFrame, optional
        Variant ``stable_terms``: columns ``theme`` and ``term``, and ``is_stable`` where there are others in it. Only
        hits of these terms count, so that counts without hits will not do.
    corrected : DataFrame, optional
        Variant ``corrected``: what ``corrected_rates(by=…)`` gives for the same `by`.

    Returns
    -------
    DataFrame
        One row for each variant, combination of `by` and theme: ``variant`` (``main`` first, ``other_unit`` last), the
        keys, ``theme``, ``estimate``, ``ci_low``, ``ci_high``, ``n``, ``reason``, ``change``, ``rank``,
        ``n_sentences_hit``, ``n_sentences``, ``unit``, ``per``. ``change`` is the estimate by that of ``main``, minus 1
        (of ``corrected``: by the share that the dictionary gives); NaN where that is 0 or undefined, and for
        ``other_unit``, whose numbers mean something else. ``rank`` (1: the largest of the themes of its keys) can be
        compared throughout; NaN where the estimate is.

    Raises
    ------
    ValueError
        As ``theme_rates``, and where `stable_terms` or `corrected` does not fit.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> hits = bl.find_hits(sentences, bl.load_codebook())
    >>> doubles = bl.find_duplicates(documents)
    >>> table = robustness(hits, sentences, themes=bl.load_codebook().themes, doubles=doubles, n_resamples=99)
    >>> table["variant"].unique().tolist()
    ['main', 'without_doubles', 'other_unit']
    """
    keys = check_keys(by, taken=("variant", "change", "rank"))
    rates = partial(
        theme_rates, themes=themes, by=by, documents=documents, per=per, cluster=cluster, level=level,
        n_resamples=n_resamples, seed=seed,
    )  # fmt: skip
    variants = {"main": rates(hits, sentences, unit=unit)}
    for name, exclude in (("without_doubles", doubles), ("without_templates", templates)):
        if exclude is not None:
            variants[name] = rates(hits, sentences, unit=unit, exclude=exclude)
    if stable_terms is not None:
        variants["stable_terms"] = rates(_of_terms(hits, stable_terms), sentences, unit=unit)
    if corrected is not None:
        variants["corrected"] = _as_rates(corrected, [*keys, "theme"], themes)
    variants["other_unit"] = rates(hits, sentences, unit="sentence" if unit == "han" else "han")
    main = variants["main"][[*keys, "theme", "estimate"]].rename(columns={"estimate": "_main"})
    tables = []
    for name, table in variants.items():
        joined = table.merge(main, on=[*keys, "theme"], how="left", validate="1:1")
        base = joined["dictionary"] if name == "corrected" else joined["_main"]
        defined = (base > 0) & (name != "other_unit")
        joined["change"] = joined["estimate"] / base.where(defined) - 1
        by_keys = joined.groupby(keys)["estimate"] if keys else joined["estimate"]
        joined["rank"] = by_keys.rank(ascending=False, method="min")
        joined.insert(0, "variant", pd.Series(name, index=joined.index, dtype="str"))
        tables.append(joined[["variant", *keys, "theme", *_ESTIMATE, "change", "rank", *_COUNTS]])
    return pd.concat(tables, ignore_index=True)


def _of_terms(hits: pd.DataFrame, terms: pd.DataFrame) -> pd.DataFrame:
    missing = [c for c in ("theme", "term") if c not in terms.columns]
    if missing or "term" not in hits.columns:
        msg = (
            f"stable_terms lacks {missing}; columns theme and term are expected."
            if missing
            else "stable_terms chooses among hits, but hits holds counts; pass the table that find_hits made."
        )
        raise with_chinese(ValueError(msg), "stable_terms 需要 theme 和 term 两列,且 hits 须为 find_hits 生成的表。")
    stable = terms[terms["is_stable"].astype(bool)] if "is_stable" in terms.columns else terms
    chosen = pd.MultiIndex.from_frame(stable[["theme", "term"]])
    return hits[pd.MultiIndex.from_frame(hits[["theme", "term"]]).isin(chosen)]


def _as_rates(corrected: pd.DataFrame, place: list[str], themes: Sequence[str]) -> pd.DataFrame:
    """Give corrected shares the columns of rates."""
    needed = [*place, *_ESTIMATE, "dictionary", "n_hit", "n_sentences"]
    missing = [c for c in needed if c not in corrected.columns]
    if missing or corrected.duplicated(place).any():
        msg = f"corrected lacks {missing} or has several rows for one of {place}; pass what corrected_rates gives with the same by."
        raise with_chinese(
            ValueError(msg), f"corrected 缺少 {missing},或 {place} 有重复;请传入 by 相同的 corrected_rates 的结果。"
        )
    table = corrected[corrected["theme"].isin(list(themes))].reset_index(drop=True)
    order = np.array(pd.Index(list(themes)).get_indexer(table["theme"]))
    table = table.assign(_theme=order).sort_values([*place[:-1], "_theme"], ignore_index=True).drop(columns="_theme")
    return table.rename(columns={"n_hit": "n_sentences_hit"}).assign(unit="sentence", per=1.0).astype({"unit": "str"})
