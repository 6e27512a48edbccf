"""Themes in time: rates standardised by genre, the change at an event, the slope over years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from burdenlab.messages import check_option, with_chinese
from burdenlab.metrics.estimates import check_unit, group_cells
from burdenlab.metrics.periods import policy_periods
from burdenlab.metrics.standardised import change_p, common_slope, standardised_rates
from burdenlab.metrics.stratified import Unit, stratified_counts, stratified_table, stratum_weights
from burdenlab.permutation import adjust_p
from burdenlab.resampling import check_level

__all__ = ["theme_change", "theme_slope", "theme_trend"]

_FEWEST = 3  # documents of a side, and with a hit, that a test needs


def theme_trend(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    themes: Sequence[str],
    documents: pd.DataFrame,
    by: str = "year",
    standardise: str = "genre",
    weights: Mapping[str, float] | None = None,
    unit: Unit = "han",
    per: float = 1000,
    level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
    exclude: pd.DataFrame | Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    r"""Rate of each theme by year or period as it would be if the mix of genres were always the same.

    Where one genre gives way to another, the rate of a theme moves although no genre has changed. Where genres do not
    mix, ``theme_rates(…, by="year")`` is the trend.

    Parameters
    ----------
    hits, sentences : DataFrame
        Tables ``hits`` and ``sentences``, or in their place ``theme_counts`` and ``exposure``.
    themes : sequence of str
        Usually ``codebook.themes``.
    documents : DataFrame
        With the variables `by` and `standardise`; documents in which one is missing or empty are left out.
    by : str
        ``"year"``, or ``"period"`` of ``policy_periods``.
    standardise : str
        The document variable whose mix is held fixed.
    weights : dict, optional
        Value of `standardise` to its weight; they are divided by their sum. Where left out each value weighs as much as
        it has exposure in all documents.
    unit, per, level, n_resamples, seed, exclude
        As in ``theme_rates``.

    Returns
    -------
    DataFrame
        One row for each value of `by` and theme: `by`, ``theme``, ``estimate`` (at least 0), ``ci_low``, ``ci_high``,
        ``n`` (documents), ``reason``, ``crude`` (the rate as it is), ``n_hits``, ``n_han``, ``n_sentences``,
        ``n_sentences_hit``, ``unit``, ``per``. The estimate is NaN with the reason ``stratum_missing`` where a genre
        with weight has no text; the bounds are NaN with ``stratum_small`` where it has a single document, and else as
        in ``theme_rates``.

    Raises
    ------
    ValueError
        If a variable or an option is unknown, `weights` lacks a genre, or the tables do not fit each other.

    Notes
    -----
    Direct standardisation: :math:`\sum_g w_g \, h_{tg} / d_{tg}`, with hits h and exposure d of genre g at time t and
    weights w that are the same at all times. The interval is a studentised bootstrap of documents within each genre and
    time; a document is taken to be independent of the others, also of those of the same office.

    References
    ----------
    Keiding & Clayton (2014), doi:10.1214/13-STS453, on direct standardisation.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports", metadata="data/demo/metadata.csv")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> hits = bl.find_hits(sentences, bl.load_codebook())
    >>> trend = theme_trend(
    ...     hits, sentences, themes=bl.load_codebook().themes, documents=policy_periods(documents), by="period",
    ...     standardise="level",
    ... )
    >>> trend["period"].unique().tolist()[:2]
    ['2018-10/2019', '2020/2022']
    """
    _check_options(unit, per, level, n_resamples=n_resamples)
    tally, h, d, strata = stratified_counts(
        hits, sentences, themes=themes, documents=documents, time=by, standardise=standardise, unit=unit, exclude=exclude
    )  # fmt: skip
    weight = stratum_weights(d, strata, weights)
    groups = group_cells(tally.cells, [by])
    found = [
        standardised_rates([(h[rows], d[rows], strata[rows])], weight, level=level, n_resamples=n_resamples, seed=seed)
        for rows in map(groups.rows, range(len(groups.keys)))
    ]
    sum_d = groups.sums(d)[:, None]
    crude = per * (groups.sums(h) / np.where(sum_d > 0, sum_d, np.nan))
    return stratified_table(found, tally, groups, themes=themes, unit=unit, per=per, crude=crude)


def theme_change(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    themes: Sequence[str],
    documents: pd.DataFrame,
    event: str,
    standardise: str | None = None,
    unit: Unit = "han",
    per: float = 1000,
    level: float = 0.95,
    n_resamples: int = 2000,
    n_permutations: int = 1999,
    seed: int = 0,
    exclude: pd.DataFrame | Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    r"""Change of each theme's rate from before an event to after it, tested by permuting documents.

    A change at an event is not its effect: what moved before goes on moving, and other things happened as well. Look at
    ``theme_slope`` of the years before.

    Parameters
    ----------
    hits, sentences, themes, documents, unit, per, level, n_resamples, seed, exclude
        As in ``theme_trend``; documents need ``date`` or ``year``.
    event : str
        Its date, YYYY, YYYY-MM or YYYY-MM-DD, such as one of ``policy_timeline()["issued"]``. A document of that day is
        after it; one whose date does not tell the side (see ``policy_periods``) is left out.
    standardise : str, optional
        A document variable such as ``"genre"``: each value is compared with itself, weighs as much as it has exposure
        in all documents, and documents are permuted within it.
    n_permutations : int

    Returns
    -------
    DataFrame
        One row a theme: ``theme``, ``estimate`` (rate after minus rate before), ``ci_low``, ``ci_high``, ``n``
        (documents), ``reason``, ``p`` (two-sided, in (0, 1]), ``q`` (Benjamini–Hochberg over the themes that have a p),
        ``before``, ``after`` (rates), ``n_before``, ``n_after``, ``n_left_out`` (documents), then ``n_hits`` to ``per``
        as in ``theme_trend``. All is NaN with the reason ``n_zero`` where a side has no text and ``stratum_missing``
        where a genre has none on one side; p and q with ``n_few`` where fewer than 3 documents are on a side or have a
        hit; the bounds as in ``theme_trend``, where 8 and 20 documents are asked of each side.

    Raises
    ------
    ValueError
        As ``theme_trend``, or if `event` is no date.

    Notes
    -----
    :math:`\Delta = \sum_g w_g (r_{g,\text{after}} - r_{g,\text{before}})` with rates r as ratios of sums.
    :math:`p = (b + 1) / (m + 1)`, where b of m permutations have a studentised difference as large: it holds exactly
    where documents before and after are alike, and for many documents where only their rates are.

    References
    ----------
    Phipson & Smyth (2010), doi:10.2202/1544-6115.1585; Chung & Romano (2013), doi:10.1214/13-AOS1090.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports", metadata="data/demo/metadata.csv")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> hits = bl.find_hits(sentences, bl.load_codebook())
    >>> change = theme_change(hits, sentences, themes=bl.load_codebook().themes, documents=documents, event="2024-08")
    >>> change[["n_before", "n_after", "n_left_out"]].iloc[0].tolist()
    [10, 8, 0]
    """
    _check_options(unit, per, level, n_resamples=n_resamples, n_permutations=n_permutations)
    placed = policy_periods(documents, periods=[event])
    tally, h, d, strata = stratified_counts(
        hits, sentences, themes=themes, documents=placed, time="period", standardise=standardise, unit=unit, exclude=exclude
    )  # fmt: skip
    after = tally.cells["period"].str.endswith("..").to_numpy(dtype=bool)
    weight = stratum_weights(d, strata)
    sides = [(h[side], d[side], strata[side]) for side in (after, ~after)]
    change = standardised_rates(sides, weight, level=level, n_resamples=n_resamples, seed=seed)
    rates = [per * standardised_rates([side], weight, n_resamples=1).estimate for side in sides]
    sizes = [int((d > 0).sum()) for _, d, _ in sides]
    # With a hit in one or two documents the order of the permutations follows from lengths and says nothing of hits.
    tested = ~np.isnan(change.estimate) & ((h > 0).sum(axis=0) >= _FEWEST) & (min(sizes) >= _FEWEST)
    p = np.full(len(themes), np.nan)
    if tested.any():
        p = np.where(tested, change_p(h, d, after, strata, weight, n_permutations=n_permutations, seed=seed), np.nan)
    few = ~tested & ~np.isnan(change.estimate)
    reason = [f"{code};n_few".strip(";") if f else code for code, f in zip(change.reason, few, strict=True)]
    return stratified_table(
        [change._replace(reason=reason)], tally, group_cells(tally.cells, []), themes=themes, unit=unit, per=per,
        p=p, q=adjust_p(p), before=rates[1], after=rates[0],
        n_before=sizes[1], n_after=sizes[0], n_left_out=len(documents) - len(after),
    )  # fmt: skip


def theme_slope(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    themes: Sequence[str],
    documents: pd.DataFrame,
    time: str = "year",
    standardise: str | None = None,
    unit: Unit = "han",
    per: float = 1000,
    level: float = 0.95,
    exclude: pd.DataFrame | Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    r"""Change of each theme's rate per year: the slope of a line through the documents, long ones weighing more.

    Parameters
    ----------
    hits, sentences, themes, documents, unit, per, level, exclude
        As in ``theme_trend``.
    time : str
        A document variable of numbers; the slope is per unit of it.
    standardise : str, optional
        A document variable such as ``"genre"``: each value has a level of its own, and the slope is theirs in common.

    Returns
    -------
    DataFrame
        One row a theme: ``theme``, ``estimate`` (change of the rate per unit of `time`, any sign), ``ci_low``,
        ``ci_high``, ``n`` (documents), ``reason``, ``first``, ``last`` (time), then ``n_hits`` to ``per`` as in
        ``theme_trend``. The estimate is NaN with the reason ``n_zero`` without text and ``one_time`` where all
        documents (of a genre) are of one time; the bounds as in ``theme_rates``.

    Raises
    ------
    ValueError
        As ``theme_trend``.

    Notes
    -----
    :math:`b = \sum_i (x_i - \bar x)(h_i - \bar r d_i) / \sum_i d_i (x_i - \bar x)^2` with hits h, exposure d, time x
    and the means weighted by d (of the genre, where standardised): least squares of the rate on time, weighted by
    exposure. The bounds are :math:`b \pm t s` with the error HC3, which allows for documents of unequal spread and is all
    but that of leaving out one document at a time; t has as many degrees of freedom as documents less genres less 1.
    A line sums up: look at the rates themselves for its shape. The bounds take documents to be independent; those of
    one office follow each other, and then the truth is wider.

    References
    ----------
    MacKinnon & White (1985), doi:10.1016/0304-4076(85)90158-7; Long & Ervin (2000), doi:10.1080/00031305.2000.10474549.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports", metadata="data/demo/metadata.csv")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> hits = bl.find_hits(sentences, bl.load_codebook())
    >>> slopes = theme_slope(hits, sentences, themes=bl.load_codebook().themes, documents=documents)
    >>> slopes[["first", "last", "n"]].iloc[0].tolist()
    [2019, 2026, 18]
    """
    _check_options(unit, per, level)
    tally, h, d, strata = stratified_counts(
        hits, sentences, themes=themes, documents=documents, time=time, standardise=standardise, unit=unit, exclude=exclude
    )  # fmt: skip
    times = tally.cells[time]
    if not pd.api.types.is_numeric_dtype(times.dtype):
        msg = f"time={time!r} has dtype {times.dtype}; a document variable of numbers is expected, such as 'year'."
        raise with_chinese(ValueError(msg), f"time={time!r} 的类型是 {times.dtype};应为数值变量,如 'year'。")
    slope = common_slope(h, d, times.to_numpy(dtype=float), strata, level=level)
    span = {"first": times[d > 0].min(), "last": times[d > 0].max()}
    dtypes = dict.fromkeys(span, times.convert_dtypes().dtype)  # which has a missing value, for no documents at all
    table = stratified_table([slope], tally, group_cells(tally.cells, []), themes=themes, unit=unit, per=per, **span)
    return table.astype(dtypes)


def _check_options(unit: str, per: float, level: float, **draws: int) -> None:
    check_unit(unit, per)
    check_level(level)
    for name, n in draws.items():
        check_option(name, n, n >= 1, "1 or more, such as 2000,", "不小于 1 的整数,如 2000")
