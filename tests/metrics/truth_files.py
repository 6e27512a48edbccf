"""Hand codes kept as offsets and hashes: read them, and find their places in the texts again."""

import hashlib
from functools import cache
from pathlib import Path

import pandas as pd

import burdenlab as bl
from tests.conftest import code

TRUTH = Path(__file__).parent / "truth"
# The half of the documents that rules and thresholds were made on; nothing was looked up in the others.
MADE_ON = {
    "seed", "demo/01.txt", "demo/03.txt", "demo/06.txt", "demo/08.txt", "demo/10.txt", "demo/13.txt", "demo/15.txt",
    "demo/17.txt", "policy/SC006.txt", "policy/SC048.txt",
}  # fmt: skip


def read_truth(name: str) -> pd.DataFrame:
    return pd.read_csv(TRUTH / f"{name}.csv", keep_default_na=False)


@cache
def code_real(path: Path) -> bl.Corpus:
    """Code a real document that lies beside the checkout."""
    return code(bl.read_documents(path))


def join(named: dict[str, bl.Corpus], level: dict[str, str] | None = None) -> dict[str, pd.DataFrame]:
    """Put corpora together; a document is called by its name in the truth, `name/` followed by its own for a folder."""
    tables = {}
    for table in ("documents", "sections", "sentences", "hits"):
        parts = []
        for name, corpus in named.items():
            part = getattr(corpus, table)
            ids = (name + part["doc_id"]) if name.endswith("/") else pd.Series(name, index=part.index)
            parts.append(part.assign(doc_id=ids.astype("str")))
        tables[table] = pd.concat(parts, ignore_index=True)
    if level is not None:
        documents = tables["documents"]
        known = documents["level"] if "level" in documents else pd.Series(None, index=documents.index, dtype="str")
        tables["documents"] = documents.assign(level=known.fillna(documents["doc_id"].map(level)).astype("str"))
    return tables


def check_hashes(truth: pd.DataFrame, documents: pd.DataFrame) -> None:
    """Fail where a text has changed since it was coded: offsets would point elsewhere."""
    text = dict(zip(documents["doc_id"], documents["text"], strict=True))
    for row in truth.itertuples():
        found = hashlib.sha256(text[row.doc][row.start : row.end].encode()).hexdigest()
        assert found == row.sha256, f"{row.doc}[{row.start}:{row.end}] is another text than the one that was coded"


def kappa(a, b) -> float:
    """Cohen's kappa, by the formula (Cohen 1960, doi:10.1177/001316446002000104)."""
    table = pd.crosstab(pd.Series(list(a)), pd.Series(list(b)))
    names = sorted(set(table.index) | set(table.columns))
    share = table.reindex(index=names, columns=names, fill_value=0).to_numpy() / table.to_numpy().sum()
    observed, expected = share.trace(), (share.sum(axis=1) * share.sum(axis=0)).sum()
    return (observed - expected) / (1 - expected)
