"""Features read: the shipped ones, the laws that tie them to the texts, and folders that were tampered with."""

import gzip
import hashlib
import shutil

import numpy as np
import pytest

import burdenlab as bl
from burdenlab.exports.features import save_features
from burdenlab.loaders.features import FEATURE_FILES, read_features
from burdenlab.metrics.keyness import keyness
from burdenlab.metrics.periods import policy_periods
from burdenlab.metrics.trends import theme_change, theme_slope, theme_trend
from tests.conftest import make_documents
from tests.make_features import main, read_reports

SHIPPED = bl.project_path("data", "features")


@pytest.fixture(scope="module")
def shipped():
    return read_features()


@pytest.fixture(scope="module")
def reports(shared):
    """Give the tables of some of the work reports."""
    documents = read_reports(shared / "corpora" / "workreports")
    documents = documents[documents["id"].str.fullmatch("C202.|P1.*")].reset_index(drop=True)
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    book = bl.load_codebook()
    return documents, sentences, bl.find_hits(sentences, book), book


@pytest.fixture(scope="module")
def features_of(reports, tmp_path_factory):
    documents, sentences, hits, book = reports
    folder = tmp_path_factory.mktemp("features")
    save_features(documents, sentences, hits, folder=folder, codebook=book)
    return read_features(folder)


def test_the_97_reports(shipped):
    documents = shipped.documents
    assert documents["level"].value_counts().to_dict() == {"central": 58, "province": 31, "county": 8}
    assert documents.loc[documents["level"] == "central", "year"].agg(["min", "max"]).tolist() == [1954, 2026]
    assert set(documents["genre"]) == {"政府工作报告"}
    assert "text" not in documents
    assert documents["year"].dtype == "Int64"
    assert documents["sha256"].is_unique
    for name in ("theme_counts", "exposure", "word_counts"):
        bl.check_table(getattr(shipped, name), name)


def test_sums_of_the_card_hold(shipped):
    card = shipped.card
    assert card["n_documents"] == len(shipped.documents) == 97
    assert card["n_han"] == shipped.exposure["n_han"].sum() == shipped.documents["n_han"].sum()
    assert card["n_sentences"] == shipped.exposure["n_sentences"].sum() == shipped.documents["n_sentences"].sum()
    assert card["n_hits"] == shipped.theme_counts["n_hits"].sum()
    assert card["n_words"] == shipped.word_counts["n"].sum()


def test_shipped_features_are_small_and_of_this_codebook(shipped):
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 2_000_000
    assert shipped.card["codebook"]["sha256"] == bl.load_codebook().sha256, (
        "the codebook moved on: python -m tests.make_features ../shared/corpora/workreports"
    )


def test_shipped_features_are_those_of_the_reports(shared, shipped):
    """Only the hashes: `make acceptance` makes all of them again."""
    documents = read_reports(shared / "corpora" / "workreports")
    assert shipped.documents.set_index("doc_id")["sha256"].equals(documents.set_index("doc_id")["sha256"])


@pytest.mark.acceptance
def test_shipped_features_made_again_are_the_same(shared, tmp_path):
    main(shared / "corpora" / "workreports", tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {
        name: (SHIPPED / name).read_bytes() for name in (*FEATURE_FILES.values(), "features.toml")
    }


def same(one, other):
    """Equal to 1e-12, texts and NaN alike."""
    numbers = one.select_dtypes("number").columns
    assert one.columns.tolist() == other.columns.tolist()
    assert one.drop(columns=numbers).equals(other.drop(columns=numbers))
    a, b = (table[numbers].to_numpy(dtype=float, na_value=np.nan) for table in (one, other))
    assert np.allclose(a, b, rtol=1e-12, atol=1e-12, equal_nan=True)


@pytest.mark.parametrize("unit", ["han", "sentence"])
@pytest.mark.parametrize("by", ["doc_id", None, "level", "move", ["level", "section_move"]])
def test_rates_are_those_of_the_text(reports, features_of, by, unit):
    documents, sentences, hits, book = reports
    options = {"themes": book.themes, "by": by, "unit": unit, "n_resamples": 300}
    same(
        bl.theme_rates(hits, sentences, documents=documents, **options),
        bl.theme_rates(features_of.theme_counts, features_of.exposure, documents=features_of.documents, **options),
    )


def test_keyness_is_that_of_the_text(reports, features_of):
    documents, sentences, _, book = reports
    central = documents.loc[documents["level"] == "central", "doc_id"]
    options = {"target": central, "n_permutations": 99}
    from_text = keyness(bl.tokenize(sentences, codebook=book), **options)
    same(from_text, keyness(features_of.word_counts, **options))
    assert len(from_text) > 1000


def test_trends_are_those_of_the_text(reports, features_of):
    documents, sentences, hits, book = reports
    for measure, options in (
        (theme_trend, {"by": "period", "standardise": "level", "n_resamples": 300}),
        (theme_change, {"event": "2020", "n_permutations": 99, "n_resamples": 300}),
        (theme_slope, {"standardise": "level"}),
    ):
        same(
            measure(hits, sentences, documents=policy_periods(documents), themes=book.themes, **options),
            measure(
                features_of.theme_counts,
                features_of.exposure,
                documents=policy_periods(features_of.documents),
                themes=features_of.themes,
                **options,
            ),
        )


@pytest.fixture
def folder(tmp_path):
    """Features of two short texts."""
    documents = make_documents("会议多,会议长。", "报表多。").assign(year=[2020, 2021])
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    book = bl.load_codebook()
    save_features(documents, sentences, bl.find_hits(sentences, book), folder=tmp_path / "f", codebook=book)
    return tmp_path / "f"


def rewrite(folder, file, old, new):
    """Change a file and let the card say that this is right."""
    path = folder / file
    data = path.read_bytes()
    own = gzip.decompress(data) if file.endswith(".gz") else data
    assert old in own
    changed = own.replace(old, new, 1)
    changed = gzip.compress(changed, mtime=0) if file.endswith(".gz") else changed
    path.write_bytes(changed)
    card = folder / "features.toml"
    sums = (hashlib.sha256(d).hexdigest() for d in (data, changed))
    card.write_text(card.read_text("utf-8").replace(*sums), "utf-8")


def test_a_changed_file_is_refused(folder):
    path = folder / "themes.csv"
    path.write_bytes(path.read_bytes()[:-2] + b"9\n")
    with pytest.raises(ValueError, match=r"themes.csv was changed: its SHA-256 is [0-9a-f]{64}, features.toml says"):
        read_features(folder)


@pytest.mark.parametrize("file", [*FEATURE_FILES.values(), "features.toml"])
def test_a_missing_file_is_named(folder, file):
    (folder / file).unlink()
    with pytest.raises(FileNotFoundError, match=f"it lacks {file}"):
        read_features(folder)


def test_no_folder_at_all():
    with pytest.raises(FileNotFoundError, match="'nowhere' holds no features") as caught:
        read_features("nowhere")
    assert "特征表" in caught.value.__notes__[0]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("exposure.csv", b",1\n", b",one\n", "row 2, column 'n_sentences' holds 'one' where int64 is expected"),
        ("exposure.csv", b",1\n", b",\n", "row 2, column 'n_sentences' holds '' where int64 is expected"),
        ("exposure.csv", b"n_han", b"han", r"it lacks column\(s\) \['n_han'\]"),
        ("documents.csv", b"False", b"no", "column 'truncated' holds 'no' where bool is expected"),
        ("documents.csv", b",2021", b",20,21", "cannot be read"),
        ("documents.csv", b",2021", b",MMXXI", "row 3, column 'year' holds 'MMXXI' where int64 is expected"),
        ("documents.csv", b"\n01.txt", b"\n00.txt", "it holds '00.txt' twice"),
        ("words.csv.gz", b"00.txt", b"02.txt", "documents.csv lacks '02.txt'"),
        ("themes.csv", b"meetings_documents", b"weather", "features.toml lacks the theme 'weather'"),
        ("exposure.csv", b"00.txt", b"\xff\xfe", "cannot be read: UnicodeDecodeError"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(folder, file, old, new, said):
    rewrite(folder, file, old, new)
    with pytest.raises(ValueError, match=said):
        read_features(folder)


def test_words_that_are_no_gzip(folder):
    data = (folder / "words.csv.gz").read_bytes()
    for broken in (data[:-9], b"not gzip", b""):
        (folder / "words.csv.gz").write_bytes(broken)
        card = folder / "features.toml"
        text = card.read_text("utf-8")
        own = text.replace(hashlib.sha256(data).hexdigest(), hashlib.sha256(broken).hexdigest())
        card.write_text(own, "utf-8")
        with pytest.raises(ValueError, match=r"words.csv.gz cannot be read"):
            read_features(folder)
        card.write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("format = 1", "format = 2", "its format is 2, this burdenlab reads 1"),
        ("format = 1", "", "KeyError: 'format'"),
        ("[codebook]", "[codebook", "TOMLDecodeError"),
        ("[sha256]", "[hashes]", "KeyError: 'sha256'"),
        ("themes = [", "themes = [1, ", "are not as expected|TOMLDecodeError"),
        ("format = 1", "format = 1\nvariables = 3", "are not as expected|TOMLDecodeError"),
    ],
)
def test_a_card_that_cannot_be_used(folder, old, new, said):
    card = folder / "features.toml"
    text = card.read_text("utf-8")
    assert old in text
    card.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ValueError, match=said):
        read_features(folder)


def test_the_folder_may_lie_anywhere(folder, tmp_path):
    shutil.move(folder, tmp_path / "elsewhere")
    assert len(read_features(str(tmp_path / "elsewhere")).documents) == 2
