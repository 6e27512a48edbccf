"""Write data/features from the work reports beside the checkout: python -m tests.make_features REPORTS.

REPORTS is the folder with `metadata.csv` and `txt/`. Of its 117 texts 97 are government work reports (政府工作报告): 58 of
the State Council, 31 of provinces, 8 of one district; the others are resolutions about them.
"""

import sys
from pathlib import Path

import pandas as pd

import burdenlab as bl
from burdenlab.exports.features import save_features
from burdenlab.loaders.metadata import read_metadata

GENRE = "政府工作报告"
# Of the file's history, which `source` and `commit` name; the hash has a column of ours.
NOT_VARIABLES = ["sha256", "chars", "orig_path", "txt_path", "encoding"]


def read_reports(reports: Path) -> pd.DataFrame:
    """Read the 97 reports with their variables, after checking that they are those of the metadata."""
    metadata = read_metadata(reports / "metadata.csv")
    metadata = metadata[metadata["genre"] == GENRE].assign(provenance="official")
    files = [reports / path for path in metadata["txt_path"]]
    documents, _, _ = bl.read_documents(files, metadata=metadata.drop(columns=NOT_VARIABLES))
    wanted = dict(zip(metadata["id"], metadata["sha256"], strict=True))
    if dict(zip(documents["id"], documents["sha256"], strict=True)) != wanted:
        msg = f"{reports}: the texts are not those of metadata.csv"
        raise SystemExit(msg)
    return documents


def main(reports: Path, folder: Path) -> None:
    """Read, code and count the reports and write their features."""
    documents = read_reports(reports)
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    codebook = bl.load_codebook()
    hits = bl.find_hits(sentences, codebook)
    save_features(documents, sentences, hits, folder=folder, codebook=codebook, made_by="tests/make_features.py")


if __name__ == "__main__":
    main(Path(sys.argv[1]), bl.project_path("data", "features"))
