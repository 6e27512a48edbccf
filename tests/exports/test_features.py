"""Features written: nothing of a sentence in them, the same bytes again, and everything back."""

import gzip
import hashlib
import tomllib

import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.exports.features import save_features
from burdenlab.loaders.features import FEATURE_FILES, read_features
from burdenlab.metrics.theme_counts import count_themes
from tests.conftest import make_documents


def save(corpus, folder, **changes):
    tables = {"documents": corpus.documents, "sentences": corpus.sentences, "hits": corpus.hits} | changes
    return save_features(**tables, folder=folder, codebook=corpus.codebook, made_by="a test")


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def saved(demo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("features")
    save(demo, folder)
    return folder


def test_everything_comes_back(demo, saved):
    features = read_features(saved)
    theme_counts, exposure = count_themes(demo.hits, demo.sentences)
    assert features.theme_counts.equals(theme_counts)
    assert features.exposure.equals(exposure)
    tokens = bl.tokenize(demo.sentences, codebook=demo.codebook)
    counts = tokens.groupby(["doc_id", "token"]).size()
    assert features.word_counts.set_index(["doc_id", "token"])["n"].to_dict() == counts.to_dict()
    known = demo.documents.drop(columns="text").sort_values("doc_id", ignore_index=True)
    pd.testing.assert_frame_equal(features.documents[known.columns], known)
    assert features.documents["n_sentences"].sum() == len(demo.sentences)
    assert features.themes == demo.codebook.themes


def test_card_says_how_they_were_made(demo, saved):
    card = tomllib.loads((saved / "features.toml").read_text("utf-8"))
    assert card["codebook"]["sha256"] == demo.codebook.sha256
    assert (card["codebook"]["name"], card["codebook"]["version"]) == (demo.codebook.name, demo.codebook.version)
    assert card["burdenlab"] == bl.__version__
    assert card["made_by"] == "a test"
    assert card["tokenizer"].startswith("jieba 0.42.1")
    assert card["n_documents"] == 18
    assert card["n_han"] == demo.documents["n_han"].sum()
    assert card["n_hits"] == len(demo.hits)
    for file in FEATURE_FILES.values():
        assert card["sha256"][file] == hashlib.sha256((saved / file).read_bytes()).hexdigest()


def test_no_sentence_is_in_them(demo, saved):
    data = {name: gzip.decompress(b) if name.endswith(".gz") else b for name, b in bytes_of(saved).items()}
    everything = "\n".join(b.decode() for b in data.values())
    longest = demo.sentences[demo.sentences["n_han"] >= 12]["text"]
    titles = "".join(demo.documents["title"])
    assert not [text for text in longest if text in everything and text not in titles]


def test_equal_tables_give_equal_bytes(demo, saved, tmp_path):
    shuffled = {name: getattr(demo, name).sample(frac=1, random_state=1) for name in ("documents", "sentences", "hits")}
    save(demo, tmp_path, **shuffled)
    assert bytes_of(tmp_path) == bytes_of(saved)
    save(demo, tmp_path)
    assert bytes_of(tmp_path) == bytes_of(saved)


def test_input_is_not_changed(demo, tmp_path):
    before = demo.documents.copy(), demo.sentences.copy(), demo.hits.copy()
    save(demo, tmp_path)
    assert all(a.equals(b) for a, b in zip(before, (demo.documents, demo.sentences, demo.hits), strict=True))


AWKWARD = [
    "=1+1",
    "+86",
    "'quoted'",
    "a,b",
    'say "no"',
    "two\nlines",
    "return\r\nhere",
    "\ttab",
    "NA",
    "null",
    "１",
    " x ",
]


def test_awkward_variables_come_back_and_nothing_runs(codebook, tmp_path):
    documents = make_documents(*["会议多。"] * len(AWKWARD)).assign(
        said=pd.Series(AWKWARD, dtype="str"),
        code=pd.Series(["007"] * len(AWKWARD), dtype="str"),
        share=[0.1 + 0.2, float("nan"), 1e-17, *[1.0] * (len(AWKWARD) - 3)],
        count=range(len(AWKWARD)),
        known=pd.array([True, None, *[False] * (len(AWKWARD) - 2)], dtype="boolean"),
        flag=True,
        year=pd.array([2024, None, *[-1] * (len(AWKWARD) - 2)], dtype="Int64"),
        day=pd.to_datetime(["2024-08-06", None, *["1954-09-23 08:30"] * (len(AWKWARD) - 2)], format="ISO8601"),
        kind=pd.Categorical(["a", *"b" * (len(AWKWARD) - 1)]),
    )
    documents["空"] = pd.Series([None] * len(documents), dtype="str")
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    save_features(documents, sentences, bl.find_hits(sentences, codebook), folder=tmp_path, codebook=codebook)
    back = read_features(tmp_path).documents
    for name in ("said", "code", "share", "count", "known", "flag", "year", "day", "空"):
        pd.testing.assert_series_equal(back[name], documents[name])
    assert back["kind"].tolist() == documents["kind"].tolist()
    cells = pd.read_csv(tmp_path / "documents.csv", dtype="str", keep_default_na=False)["said"]
    assert not cells.str.startswith(("=", "+", "-", "@", "\t", "\r")).any()


def test_documents_without_text_or_hits(codebook, tmp_path):
    documents = make_documents("今天天气好。", "甲。").assign(level="县")
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    own = sentences[sentences["doc_id"] == "00.txt"]
    save_features(documents, own, bl.find_hits(own, codebook), folder=tmp_path, codebook=codebook)
    features = read_features(tmp_path)
    assert features.documents["n_sentences"].tolist() == [1, 0]
    assert len(features.theme_counts) == 0
    assert set(features.exposure["doc_id"]) == {"00.txt"}
    rates = bl.theme_rates(
        features.theme_counts, features.exposure, themes=features.themes, documents=features.documents
    )
    assert rates.groupby("doc_id")["reason"].first().tolist() == ["n_small", "n_zero"]


def test_tables_that_do_not_fit(demo, tmp_path):
    with pytest.raises(ValueError, match=r"sentences holds document '\d\d.txt', which documents lacks"):
        save(demo, tmp_path, documents=demo.documents.iloc[:1])
    with pytest.raises(ValueError, match=r"documents holds .* twice"):
        save(demo, tmp_path, documents=pd.concat([demo.documents, demo.documents]))
    with pytest.raises(ValueError, match="hits has theme 'weather', which the codebook lacks"):
        save(demo, tmp_path, hits=demo.hits.assign(theme=pd.Series("weather", index=demo.hits.index, dtype="str")))
    with pytest.raises(ValueError, match="hits lacks column"):
        save(demo, tmp_path, hits=demo.sentences)
    assert not list(tmp_path.iterdir())
