"""A sheet of document variables for a person to finish."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pandas as pd
import xlsxwriter

from burdenlab.loaders.guesses import LEVELS, PROVENANCES, Guess, guess_variables
from burdenlab.tables import check_table

__all__ = ["EVIDENCE", "metadata_template"]

EVIDENCE = "evidence_"  # columns that tell a person where a guess comes from, and no variable
_VARIABLES = ("title", "year", "date", "level", "region", "genre", "issuer", "number", "provenance")
_CHOICES = {"level": LEVELS, "provenance": PROVENANCES}
_WIDTHS = {"doc_id": 24, "title": 44, "year": 8, "date": 12, "region": 24}


def metadata_template(documents: pd.DataFrame, path: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """Write a sheet with what each document says about itself, for a person to correct and give back by ``metadata=``.

    Every guess has the words it rests on beside it; a text that does not say leaves the cell empty. A value that
    `documents` has already is kept as it is (its evidence is ``given``).

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``.
    path : path, optional
        Where to write an Excel file; nothing is written where left out.

    Returns
    -------
    DataFrame
        One row a document: ``doc_id``, ``title``, ``year``, ``date`` (ISO), ``level``, ``region``, ``genre``,
        ``issuer``, ``number`` (of the document), ``provenance`` (official, media, academic, template_site, unknown), and
        for each but the id a column ``evidence_…``. All text; "" where nothing is known. The table of divisions behind
        ``region`` names today's provinces, prefectures and counties, and abolished provinces with their years.

    Raises
    ------
    ValueError
        If `path` is no ``.xlsx`` file.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> bl.metadata_template(documents).columns[:5].tolist()
    ['doc_id', 'title', 'year', 'date', 'level']
    """
    check_table(documents, "documents")
    if path is not None and Path(path).suffix.lower() != ".xlsx":
        msg = f"path={str(path)!r} is no Excel file; let it end in .xlsx."
        raise ValueError(msg)
    rows = []
    for document in documents.sort_values("doc_id").to_dict("records"):
        is_named = not str(document["doc_id"]).rpartition("/")[2].startswith(f"{document['title']}.")
        title = document["title"] if is_named else ""
        found = {"title": Guess(title, title)}
        found |= guess_variables(title, document["text"], document["warnings"])
        for name in _VARIABLES:
            value = document.get(name)
            if name != "title" and value is not None and not pd.isna(value) and str(value) != "":
                found[name] = Guess(str(value), "given")
        values = {name: found[name].value for name in _VARIABLES}
        rows.append({"doc_id": document["doc_id"], **values, **{EVIDENCE + n: found[n].evidence for n in _VARIABLES}})
    columns = ["doc_id", *_VARIABLES, *(EVIDENCE + name for name in _VARIABLES)]
    table = pd.DataFrame(rows, columns=columns).astype("str")
    if path is not None:
        _write(table, Path(path))
    return table


def _write(table: pd.DataFrame, path: Path) -> None:
    """Write text cells only, never a formula; levels and provenances get a list to choose from."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with xlsxwriter.Workbook(part, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties(
            {"created": datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)}
        )  # equal tables, equal bytes
        sheet = book.add_worksheet("metadata")
        bold, grey = book.add_format({"bold": True}), book.add_format({"font_color": "#777777"})
        sheet.freeze_panes(1, 1)
        for at, column in enumerate(table.columns):
            is_evidence = column.startswith(EVIDENCE)
            sheet.set_column(at, at, _WIDTHS.get(column, 30 if is_evidence else 16), grey if is_evidence else None)
            sheet.write_string(0, at, column, bold)
            for row, value in enumerate(table[column], start=1):
                sheet.write_string(row, at, value[:32_000])
            if column in _CHOICES and len(table):
                sheet.data_validation(1, at, len(table), at, {"validate": "list", "source": list(_CHOICES[column])})
    part.replace(path)
