"""Which terms of a theme carry its trend, and which are there from first to last."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import kendalltau

from burdenlab.coding.codebook import Codebook
from burdenlab.messages import check_option, with_chinese
from burdenlab.tables import check_table, document_variables, sentence_rows

__all__ = ["term_drift"]

Array = npt.NDArray[np.float64]

_DTYPES = {
    "estimate": "float64", "n_hits": "int64", "n_han": "int64", "n_documents": "int64", "n_periods": "int64",
    "trend": "float64", "change": "float64", "change_share": "float64", "is_stable": "bool", "reason": "str",
    "per": "float64",
}  # fmt: skip


def term_drift(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    by: str = "year",
    themes: Sequence[str] | None = None,
    per: float = 1000,
    min_periods: int = 3,
    codebook: Codebook | None = None,
) -> pd.DataFrame:
    r"""Rate of each term in each period, what each term does to the trend of its theme, and which terms are stable.

    A theme can rise because more is said about it, or because a phrase came up that says it. The series of the stable
    terms alone shows which it is (last lines of the example).

    Parameters
    ----------
    hits, sentences, documents : DataFrame
        Tables of those names.
    by : str
        The variable of `documents` that gives the period, sorted as its values are; documents without one are left out.
    themes : sequence of str, optional
        All in `hits` where left out.
    per : float
        Rates are matches per `per` Han characters.
    min_periods : int
        With fewer periods, trend and change are NaN; at least 3.
    codebook : Codebook, optional
        Its ``since`` (the year in which a term came up) then counts for ``is_stable``; `by` has to be a number.

    Returns
    -------
    DataFrame
        One row for each term with a hit and each period with a document, zeros kept, sorted by theme (in the order of
        `themes` or by id), term and period: ``theme``, ``term``, the period, ``estimate`` (NaN with the reason
        ``n_zero`` where the period has no Han characters), ``n_hits``, ``n_han``, ``n_documents``; then, the same in
        all rows of a term, ``n_periods`` (in which it occurs), ``trend`` (Kendall's tau-b of rate and period, in
        [-1, 1]), ``change`` (rate over the last third of the periods less that over the first, hits and characters
        pooled), ``change_share`` (of the theme's change; sums to 1 over its terms; below 0 or above 1 where terms
        go against each other), ``is_stable`` (it occurs in at least half of the periods in which its theme does, and
        the codebook does not say that it came up after the first period). ``reason``: ``few_periods`` where there are
        too few, ``no_variation`` where the rates are all the same (trend NaN) or the theme does not change
        (``change_share`` NaN).

    Raises
    ------
    ValueError
        If `documents` has no such variable or not all documents, `hits` names a sentence that `sentences` lacks, or
        `by` is no number with a `codebook`.

    Notes
    -----
    A shift in the mix of documents looks like a shift in words: give periods of one genre and level. The trend has no
    test; the periods are few and follow each other. Terms that a longer term covers count where they stand alone.

    References
    ----------
    Kendall (1945), doi:10.1093/biomet/33.3.239; Grimmer, Roberts & Stewart (2022), Text as Data, ch. 16, on measures
    whose words drift.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports", metadata="data/demo/metadata.csv")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> hits = bl.find_hits(sentences, bl.load_codebook())
    >>> drift = term_drift(hits, sentences, documents, themes=["burden_naming"])
    >>> stable = drift.loc[drift["is_stable"], ["theme", "term"]].drop_duplicates()
    >>> kept = hits.merge(stable)
    >>> rates = bl.theme_rates(kept, sentences, themes=["burden_naming"], by="year", documents=documents)
    >>> bool(0 < rates["n_hits"].sum() <= (hits["theme"] == "burden_naming").sum())
    True
    """
    check_table(hits, "hits")
    check_table(sentences, "sentences")
    check_table(documents, "documents")
    if isinstance(themes, str):
        msg = f"themes={themes!r}; a sequence of theme ids is expected, such as [{themes!r}]."
        raise with_chinese(TypeError(msg), f"themes={themes!r} 应为主题标识的列表。")
    check_option("per", per, per > 0, "a positive number", "正数")
    enough = "a number from 3 (for a first and a last third)"
    check_option("min_periods", min_periods, min_periods >= 3, enough, "不小于 3 的整数")
    sentence_rows(hits, sentences, name="hits")
    units = document_variables(documents, [by], sentences)
    if codebook is not None and not pd.api.types.is_numeric_dtype(units[by]):
        msg = f"by={by!r} has dtype {units[by].dtype}; with a codebook, whose since is a year, a number is expected."
        raise with_chinese(TypeError(msg), f"by={by!r} 不是数值;传入 codebook 时需要数值的年份。")
    text = units.merge(sentences.groupby("doc_id", as_index=False)["n_han"].sum(), on="doc_id", how="left")
    exposure = text.groupby(by, sort=True).agg(n_han=("n_han", "sum"), n_documents=("doc_id", "size")).astype("int64")
    order = list(dict.fromkeys(sorted(set(hits["theme"])) if themes is None else themes))
    placed = hits.loc[hits["theme"].isin(order), ["doc_id", "theme", "term"]].merge(units, on="doc_id")
    counts = placed.groupby(["theme", "term", by]).size().unstack(by).reindex(columns=exposure.index).fillna(0)
    since = pd.Series(dtype="float64")
    if codebook is not None:  # the year in which a term came up, where the codebook tells one
        told = codebook.terms.dropna(subset="since").drop_duplicates(["theme", "term"])
        since = told.set_index(["theme", "term"])["since"].astype("float64")
    tables = [
        _of_theme(theme, counts.loc[theme], exposure, by, per, min_periods, since)
        for theme in order
        if theme in counts.index.get_level_values("theme")
    ]
    columns = ["theme", "term", by, *_DTYPES]
    dtypes = {"theme": "str", "term": "str", by: units[by].dtype, **_DTYPES}
    return pd.concat([pd.DataFrame(columns=columns), *tables])[columns].astype(dtypes).reset_index(drop=True)


def _of_theme(
    theme: str, counts: pd.DataFrame, exposure: pd.DataFrame, by: str, per: float, min_periods: int, since: pd.Series
) -> pd.DataFrame:
    hits, n_han = counts.to_numpy(dtype=np.float64), exposure["n_han"].to_numpy(dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = np.where(n_han > 0, per * hits / n_han, np.nan)
    n_periods = (hits > 0).sum(axis=1)
    few = "few_periods" if len(n_han) < min_periods else ""
    change = np.full(len(counts), np.nan) if few else _change(hits, n_han, per)
    total = change.sum()
    if np.abs(total) <= 1e-12 * np.abs(change).sum():  # what is left of terms that cancel each other
        total = 0.0
    trend = [np.nan if few else _trend(rate) for rate in rates]
    came = np.array([since.get((theme, term), -np.inf) for term in counts.index])
    is_old = came <= exposure.index[0] if len(since) else np.full(len(counts), True)
    columns = {
        "n_periods": n_periods, "trend": trend, "change": change,
        "change_share": change / total if total else np.nan,
        "is_stable": (2 * n_periods >= (hits.sum(axis=0) > 0).sum()) & is_old,
        "reason": [few or ("no_variation" if np.isnan(tau) or not total else "") for tau in trend],
    }  # fmt: skip
    of_term = pd.DataFrame({"term": counts.index, **columns})
    cells = of_term.loc[of_term.index.repeat(len(exposure))].reset_index(drop=True)
    periods = exposure.iloc[np.tile(np.arange(len(exposure)), len(counts))].reset_index()
    measured = {"theme": theme, "per": per, "estimate": rates.ravel(), "n_hits": hits.ravel()}
    table = pd.concat([cells, periods], axis="columns").assign(**measured)
    return table.assign(reason=np.where(table["n_han"] == 0, "n_zero", table["reason"]))


def _change(hits: Array, n_han: Array, per: float) -> Array:
    """Give the rate of the last third of the periods less that of the first, for each term."""
    third = len(n_han) // 3
    first, last = n_han[:third].sum(), n_han[-third:].sum()
    if not first or not last:
        return np.full(len(hits), np.nan)
    return per * (hits[:, -third:].sum(axis=1) / last - hits[:, :third].sum(axis=1) / first)


def _trend(rates: Array) -> float:
    known = np.flatnonzero(np.isfinite(rates))
    if len(known) < 2 or np.ptp(rates[known]) == 0:
        return np.nan
    return float(kendalltau(known, rates[known]).statistic)
