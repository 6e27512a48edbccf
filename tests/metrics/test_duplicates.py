"""Doubles and borrowed text."""

import shutil
from collections import Counter

import numpy as np
import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.metrics.duplicates import _n_shared
from burdenlab.metrics.han import presence
from burdenlab.tables import make_table
from tests.conftest import DEMO, make_documents, make_sentences
from tests.metrics.planted import Writer, edit, table

TEXTS = [path.read_text("utf-8") for path in sorted((DEMO / "reports").glob("*.txt"))]


def by_hand(texts: list[str], n: int) -> list[set[int]]:
    """For each text the Han characters in a passage of n that another text has: the definition, slowly."""
    han = ["".join(c for c in text if "\u4e00" <= c <= "\u9fff") for text in texts]
    grams = [{t[i : i + n] for i in range(len(t) - n + 1)} for t in han]
    found = []
    for at, text in enumerate(han):
        others = set().union(*(g for j, g in enumerate(grams) if j != at))
        found.append({j for i in range(len(text) - n + 1) if text[i : i + n] in others for j in range(i, i + n)})
    return found


def test_reuse_is_as_defined():
    texts = [TEXTS[0], TEXTS[1][:300] + TEXTS[0][100:400] + TEXTS[1][300:], TEXTS[2]]
    sentences = make_sentences(*texts)
    reused = bl.reused_sentences(sentences, n=13)
    rebuilt = ["".join(group["text"]) for _, group in sentences.groupby("doc_id")]
    assert reused.groupby("doc_id")["n_reused"].sum().tolist() == [len(chars) for chars in by_hand(rebuilt, 13)]
    assert (reused["n_han"] == sentences["n_han"]).all()
    assert np.allclose(reused["reused_share"], reused["n_reused"] / reused["n_han"], equal_nan=True)


def test_copies_are_no_sources_for_each_other():
    documents = make_documents(TEXTS[0], TEXTS[0], TEXTS[1])
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    assert bl.reused_sentences(sentences)["n_reused"].sum() > 1000
    told = bl.reused_sentences(sentences, duplicates=bl.find_duplicates(documents))
    assert (
        told.groupby("doc_id")["n_reused"].sum().tolist()[:2]
        == bl.reused_sentences(sentences[sentences["doc_id"] != "01.txt"])
        .groupby("doc_id")["n_reused"]
        .sum()
        .tolist()[:1]
        * 2
    )


def test_kinds_of_doubles():
    near = TEXTS[0].replace("基层", "乡镇", 3)
    part = TEXTS[1][: len(TEXTS[1]) // 2]
    documents = make_documents(TEXTS[0], TEXTS[0].replace("，", ","), near, TEXTS[1], part, TEXTS[2])
    found = bl.find_duplicates(documents).set_index("doc_id")
    assert found["cluster"].to_dict() == {"00.txt": 0, "01.txt": 0, "02.txt": 0, "03.txt": 1, "04.txt": 1}
    assert found["kind"].to_dict() == {
        "00.txt": "",
        "01.txt": "exact",
        "02.txt": "near",
        "03.txt": "",
        "04.txt": "part",
    }
    assert found.loc[found["is_representative"]].index.tolist() == ["00.txt", "03.txt"]
    assert found.loc["04.txt", "containment"] > 0.95


def test_jaccard_by_hand():
    a, b = TEXTS[0], TEXTS[0][:-200]
    han = ["".join(c for c in text if "\u4e00" <= c <= "\u9fff") for text in (a, b)]
    one, other = ({t[i : i + 5] for i in range(len(t) - 4)} for t in han)
    found = bl.find_duplicates(make_documents(a, b)).set_index("doc_id")
    assert found.loc["01.txt", "jaccard"] == pytest.approx(len(one & other) / len(one | other), abs=1e-12)


def test_twins_of_the_real_corpora_are_found_and_years_are_not(shared, tmp_path):
    corpora = shared / "corpora"
    shutil.copytree(corpora / "workreports" / "txt", tmp_path / "txt")
    for path in [
        *(corpora / "messy" / "real").glob("gbk_hailar_*.txt"),
        corpora / "messy" / "real" / "utf8bom_hebei_2026.csv",
    ]:
        shutil.copy(path, tmp_path)
    shutil.copytree(corpora / "messy" / "real" / "triples", tmp_path / "triples")
    found = bl.find_duplicates(bl.read_documents(tmp_path)[0])
    clusters = {tuple(sorted(group["doc_id"])) for _, group in found.groupby("cluster")}
    laws = {path.stem for path in (tmp_path / "triples").iterdir()}
    assert clusters == (
        {(f"gbk_hailar_{year}.txt", f"txt/X150702_{year}.txt") for year in range(2012, 2020)}
        | {("txt/P13_2026.txt", "utf8bom_hebei_2026.csv#1")}
        | {tuple(f"triples/{law}.{suffix}" for suffix in ("docx", "md", "pdf")) for law in laws}
    )


def test_rates_without_copies_and_quotations():
    quoted = "会议强调：“基层单位要减少报表，不得层层加码，切实减轻基层干部的负担。”"
    documents = make_documents(TEXTS[0], TEXTS[0], quoted + "\n" + TEXTS[1])
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    assert sentences.loc[sentences["doc_id"] == "02.txt", "is_quotation"].tolist()[:2] == [True, False]
    book = bl.load_codebook()
    hits = bl.find_hits(sentences, book)
    duplicates = bl.find_duplicates(documents)
    tables = [duplicates, sentences[sentences["is_quotation"]]]
    options = {"themes": book.themes, "by": None}
    rates = bl.theme_rates(hits, sentences, **options, exclude=tables)
    kept = sentences[(sentences["doc_id"] != "01.txt") & ~sentences["is_quotation"]]
    by_hand = bl.theme_rates(bl.find_hits(kept, book), kept, **options)
    pd.testing.assert_frame_equal(rates, by_hand)
    with pytest.raises(ValueError, match="doc_id"):
        bl.theme_rates(hits, sentences, **options, exclude=documents[["title"]])


@pytest.mark.parametrize(("option", "said"), [({"threshold": 0}, "threshold"), ({"n": 0}, "n=0")])
def test_options_out_of_range(option, said):
    with pytest.raises(ValueError, match=said):
        bl.find_duplicates(make_documents("甲乙丙"), **option)


def test_what_many_have_is_found_too():
    """A hundred and fifty near copies: more than a shingle pairs all of."""
    rng = np.random.default_rng(0)
    writer = Writer(4)
    text = writer.text(600)
    copies = [edit(text, 0.005, rng) for _ in range(150)]
    found = bl.find_duplicates(table([*copies, *(writer.text(600) for _ in range(20))]))
    assert len(found) == 150
    assert found["cluster"].nunique() == 1


@pytest.mark.parametrize("threshold", [0.2, 0.4, 0.8])
def test_every_pair_above_the_threshold_is_found(threshold):
    """Against all pairs, compared one by one, for copies of every degree."""
    rng = np.random.default_rng(1)
    writer = Writer(6)
    sources = [writer.text(1500) for _ in range(24)]
    texts = sources + [edit(text, 0.01 * i, rng) for i, text in enumerate(sources)]
    han = ["".join(c for c in text if "\u4e00" <= c <= "\u9fff") for text in texts]
    grams = [{t[i : i + 5] for i in range(len(t) - 4)} for t in han]
    near = {
        i for i in range(48) for j in range(48)
        if i != j and len(grams[i] & grams[j]) >= threshold * len(grams[i] | grams[j])
    }  # fmt: skip
    found = bl.find_duplicates(table(texts), threshold=threshold)
    assert set(found["doc_id"]) == {f"{i:05d}.txt" for i in near}
    assert len(near) > 4


def test_pairs_are_counted_as_they_are():
    """Against counting all pairs in loops."""
    rng = np.random.default_rng(2)
    owners = rng.integers(0, 12, 400)
    values = rng.integers(0, 60, 400).astype(np.uint64)
    rows = sorted(set(zip(values.tolist(), owners.tolist(), strict=True)))
    expected = Counter()
    for i, (value, one) in enumerate(rows):
        expected.update((one, other) for v, other in rows[i + 1 :] if v == value)
    own = [np.array(sorted({v for v, o in rows if o == i}), dtype=np.uint64) for i in range(12)]
    a, b, n, sizes = _n_shared(presence(own))
    assert sizes.tolist() == [one.size for one in own]
    assert dict(zip(zip(a.tolist(), b.tolist(), strict=True), n.tolist(), strict=True)) == dict(expected)


@pytest.mark.parametrize("threshold", [0.8, 0.9, 1.0])
def test_a_copy_cut_short_is_a_part_whatever_the_threshold(threshold):
    text = Writer(9).text(1000)
    documents = table([text, text[: int(0.93 * len(text))], text[: int(0.85 * len(text))], text[: len(text) // 2]])
    assert len(bl.find_duplicates(documents, threshold=threshold)) == 4


def test_a_near_copy_in_a_corpus_with_a_template_is_found():
    """What all share ties each to the first only; what two share apart from it must be enough."""
    writer = Writer(8)
    template = writer.text(700)
    texts = [template + writer.text(300) for _ in range(110)]
    found = bl.find_duplicates(table([*texts, texts[50][:-2] + "终"]))
    assert found["doc_id"].tolist() == ["00050.txt", "00110.txt"]


def test_no_document_has_no_doubles_and_no_reuse():
    assert bl.find_duplicates(make_table("documents", [])).empty
    assert bl.reused_sentences(make_table("sentences", [])).empty
