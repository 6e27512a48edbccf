"""The panel: documents × themes in one wide table, for a regression in Stata or R."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from burdenlab.messages import with_chinese
from burdenlab.metrics.theme_counts import tally_themes

__all__ = ["panel"]

_NOT_VARIABLES = ("text", "path", "sha256", "n_han", "n_sentences")


def panel(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    themes: Sequence[str],
    measures: Mapping[str, pd.DataFrame] | None = None,
    probability: str | None = None,
    per: float = 1000,
    exclude: pd.DataFrame | Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    """Put counts, exposure, rates, document variables and other measures of each document into one row.

    Parameters
    ----------
    hits, sentences, themes, per, exclude
        As for ``theme_rates``; counts without hits serve too.
    documents : DataFrame
        Table ``documents``: its rows and its variables.
    measures : mapping from name to DataFrame, optional
        Tables with a row for each ``doc_id``: the column ``estimate`` is named as the mapping says, of a table without
        one every column, as ``<name>_<column>``; or with a row for each ``doc_id`` and ``theme``: ``<name>_<theme>``.
        What ``measured_codes(unit="document")`` gives carries the codes of people, with how many sentences were coded.
    probability : str, optional
        The document variable that holds the probability with which a document was drawn, in (0, 1].

    Returns
    -------
    DataFrame
        One row a document, by ``doc_id``: ``doc_id``, the document variables (all but text and file), ``n_han``,
        ``n_sentences`` (exposure), ``probability`` and ``weight`` (its inverse) where asked for; then of each theme
        ``n_hits_<theme>``, ``n_sent_<theme>`` (sentences with a match), ``rate_<theme>`` (matches per `per` Han
        characters), ``share_<theme>`` (of sentences, [0, 1]); then `measures`. Rates and shares are NaN without text,
        measures where their table lacks the document.

    Raises
    ------
    ValueError
        As ``theme_rates``, and where a table of `measures` has several rows for a document or two columns get the same
        name.

    Notes
    -----
    Themes with ids of up to 25 characters give names that Stata takes (32). For a count model use ``n_hits_<theme>``
    with the logarithm of ``n_han`` as offset; a dictionary's errors bias the model whatever it is: see
    ``measured_codes``.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports", metadata="data/demo/metadata.csv")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> hits = bl.find_hits(sentences, bl.load_codebook())
    >>> wide = panel(hits, sentences, documents, themes=bl.load_codebook().themes)
    >>> len(wide), bool(wide["n_hits_staffing"].sum() == (hits["theme"] == "staffing").sum())
    (18, True)
    """
    if not per > 0:
        msg = f"per={per}; a positive number is expected."
        raise with_chinese(ValueError(msg), f"per={per} 应为正数。")
    tally = tally_themes(hits, sentences, themes=themes, keys=["doc_id"], documents=documents, exclude=exclude)
    cells = tally.cells[["doc_id", "n_han", "n_sentences"]]
    variables = documents[[c for c in documents.columns if c not in _NOT_VARIABLES]]
    table = variables.merge(cells, on="doc_id", how="inner").sort_values("doc_id", ignore_index=True)
    parts = [table]
    if probability is not None:
        parts.append(_probabilities(table, probability))
    n_han, n_sentences = (cells[name].to_numpy(dtype=float) for name in ("n_han", "n_sentences"))
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = per * tally.n_hits / np.where(n_han > 0, n_han, np.nan)[:, None]
        shares = tally.n_sentences_hit / np.where(n_sentences > 0, n_sentences, np.nan)[:, None]
    for prefix, values in (
        ("n_hits", tally.n_hits),
        ("n_sent", tally.n_sentences_hit),
        ("rate", rates),
        ("share", shares),
    ):
        parts.append(pd.DataFrame(values, columns=[f"{prefix}_{theme}" for theme in themes]))
    for name, measure in (measures or {}).items():
        parts.append(_measure(name, measure, table["doc_id"]))
    wide = pd.concat(parts, axis="columns")
    twice = wide.columns[wide.columns.duplicated()].tolist()
    if twice:
        msg = f"two columns would be named {twice[0]!r}; rename the document variable, the theme or the measure."
        raise with_chinese(ValueError(msg), f"有两列都将名为 {twice[0]!r};请给文稿变量、主题或指标改名。")
    return wide


def _probabilities(table: pd.DataFrame, name: str) -> pd.DataFrame:
    if name not in table.columns:
        msg = f"documents has no variable {name!r}; it has {list(table.columns)}."
        raise with_chinese(ValueError(msg), f"documents 中没有变量 {name!r};现有 {list(table.columns)}。")
    values = pd.to_numeric(table[name]).astype("float64")
    if not (values.isna() | ((values > 0) & (values <= 1))).all():
        msg = f"documents[{name!r}] holds numbers outside (0, 1]; the probabilities of being drawn are expected."
        raise with_chinese(ValueError(msg), f"documents[{name!r}] 应为 (0, 1] 内的入样概率。")
    given = {} if name == "probability" else {"probability": values}
    return pd.DataFrame({**given, "weight": 1 / values})


def _measure(name: str, measure: pd.DataFrame, doc_ids: pd.Series) -> pd.DataFrame:
    """Give the columns of a measure, a row for each document."""
    by = [c for c in ("doc_id", "theme") if c in measure.columns]
    if "doc_id" not in by or measure.duplicated(by).any() or (len(by) == 2 and "estimate" not in measure.columns):
        msg = (
            f"measures[{name!r}] has the columns {list(measure.columns)}; a row for each doc_id, or for each doc_id and theme "
            "with an estimate, is expected."
        )
        raise with_chinese(
            ValueError(msg), f"measures[{name!r}] 应为每份文稿一行,或每份文稿每个主题一行且有 estimate 列。"
        )
    if len(by) == 2:
        wide = measure.pivot(index="doc_id", columns="theme", values="estimate")
        wide = wide[list(dict.fromkeys(measure["theme"]))].add_prefix(f"{name}_")
    elif "estimate" in measure.columns:
        wide = measure.set_index("doc_id")[["estimate"]].rename(columns={"estimate": name})
    else:
        wide = measure.set_index("doc_id").add_prefix(f"{name}_")
    return wide.reindex(doc_ids).reset_index(drop=True).rename_axis(columns=None)
