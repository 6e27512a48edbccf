"""Write seeds/card.toml and seeds/features.csv from one's own copy of the seed: python -m tests.make_seed_features COPY."""

import hashlib
import sys
from pathlib import Path

import burdenlab as bl

CARD = """# The seed report, described without its wording. Made by tests/make_seed_features.py.
title = "{title}"
source = "https://www.gongwencankao.com/?p=175486"
provenance = "template_site"
sha256 = "{sha256}"
n_characters = {n_characters}
n_han = {n_han}  # of the text that is left after cleaning
n_removed = {n_removed}  # characters of the site's tail
truncated = {truncated}

# One row a section below the root: level, marker, move.
outline = [
{outline}
]
"""


def main(copy: Path) -> None:
    """Read the copy and write both files into seeds/."""
    documents, _, edits = bl.read_documents(copy)
    document = documents.iloc[0]
    sections = bl.split_sections(documents)
    sentences = bl.split_sentences(documents, sections)
    codebook = bl.load_codebook()
    hits = bl.find_hits(sentences, codebook)
    rows = "\n".join(f'  [{s.level}, "{s.label}", "{s.move}"],' for s in sections.itertuples() if s.level)
    card = CARD.format(
        title=document["title"],
        sha256=hashlib.sha256(copy.read_bytes()).hexdigest(),
        n_characters=len(bl.undo_edits(document["text"], edits)),
        n_han=document["n_han"],
        n_removed=edits["before"].str.len().sum(),
        truncated=str(document["truncated"]).lower(),
        outline=rows,
    )
    seeds = bl.project_path("seeds")
    (seeds / "card.toml").write_text(card, "utf-8")
    per_section = sentences.groupby("section_id").agg(n_sentences=("n_han", "size"), n_han=("n_han", "sum"))
    placed = hits.merge(sentences[["sentence_id", "section_id"]], on="sentence_id")
    counts = placed.groupby(["section_id", "theme"]).size().unstack("theme")
    counts = counts.reindex(columns=list(codebook.themes)).fillna(0).astype(int)
    features = sections[["section_id", "parent_id", "level", "label", "move"]].set_index("section_id")
    features = features.join([per_section, counts]).fillna(0)
    numbers = [*per_section.columns, *counts.columns]
    features.astype(dict.fromkeys(numbers, int)).reset_index().to_csv(
        seeds / "features.csv", index=False, lineterminator="\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
