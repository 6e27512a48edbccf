"""A codebook survives being written: TOML and Excel give back what was saved."""

import tomllib
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import burdenlab as bl
from burdenlab.coding.codebook_files import codebook_from_dict, save_codebook
from burdenlab.coding.codebook_toml import toml_text
from tests.conftest import make_codebook

SAME = ("entries", "groups", "crosswalks", "contexts", "name", "version")


@pytest.mark.parametrize("suffix", ["toml", "xlsx"])
def test_the_shipped_codebook_comes_back(tmp_path, codebook, suffix):
    saved = save_codebook(codebook, tmp_path / "new" / f"burden.{suffix}")
    loaded = bl.load_codebook(saved)
    for field in SAME:
        assert getattr(loaded, field) == getattr(codebook, field), field
    assert loaded.terms.equals(codebook.terms)
    again = save_codebook(loaded, tmp_path / f"again.{suffix}")
    assert again.read_bytes() == saved.read_bytes()
    assert not list(tmp_path.rglob("*.part"))


odd = st.text(st.sampled_from("甲乙丙丁𠮷Ab1 .*+-=\"'\\#[]{}@_x0041&<>、;\uff1b,\t"), min_size=1, max_size=8).filter(
    lambda text: text == text.strip() and "\t" not in text
)
plain = odd.filter(lambda text: not set("、;\uff1b@") & set(text))  # an id
word = odd.filter(lambda text: not text.startswith("@"))
label = st.text(st.sampled_from('甲乙A 1=+"\n\\'), min_size=1, max_size=9).map(lambda text: f"标{text}")
words = st.lists(word, max_size=3, unique=True)


@st.composite
def contents(draw) -> dict:
    groups = draw(st.lists(plain, min_size=1, max_size=2, unique=True))
    contexts = {
        name: draw(st.lists(word, min_size=1, max_size=3))
        for name in draw(st.lists(st.sampled_from("uvw"), unique=True))
    }
    rule = st.fixed_dictionaries(
        {
            "terms": st.lists(odd.map(lambda t: f"项{t}"), min_size=1, max_size=3, unique=True),
            "moves": st.just(["problem"]),
        },
        optional={
            "require": words,
            "near": words.map(lambda w: [*w, *(f"@{name}" for name in contexts)]),
            "unless": words,
        },
    )
    themes = {}
    for name in draw(st.lists(plain, min_size=1, max_size=3, unique=True)):
        rules = draw(st.lists(rule, max_size=3, unique_by=str))
        theme = {
            "group": draw(st.sampled_from(groups)), "zh": draw(label), "en": draw(label), "definition_zh": draw(label),
            "terms": draw(st.lists(odd.map(lambda t: f"词{t}"), min_size=1, max_size=3, unique=True)), "patterns": ["基层.{2}\\d"],
            "exclude": draw(st.lists(odd.map(lambda t: f"非{t}"), max_size=2, unique=True)),
            "source": draw(st.lists(label.map(lambda t: t.replace("\n", "")), max_size=2)),
        }  # fmt: skip
        theme["since"] = {theme["terms"][0]: draw(st.integers(1900, 2100))}
        taken: set = set()
        for one in rules:  # the same term under the same condition would be a double
            one["terms"] = [term for term in one["terms"] if not (term in taken or taken.add(term))]
        themes[name] = {**theme, "when": [one for one in rules if one["terms"]]}
    crosswalks = {
        "对照": {
            "zh": "甲",
            "en": "A",
            "source": draw(label),
            "parts": {"一": {"zh": "乙", "en": "B", "themes": list(themes)}},
        }
    }
    labels = {name: {"zh": draw(label), "en": draw(label)} for name in groups}
    return {
        "name": "试",
        "version": 2,
        "contexts": contexts,
        "groups": labels,
        "themes": themes,
        "crosswalks": crosswalks,
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(content=contents())
def test_any_codebook_comes_back(tmp_path, content):
    book = codebook_from_dict(content, name="x", sha256="")
    for suffix in ("toml", "xlsx"):
        loaded = bl.load_codebook(save_codebook(book, tmp_path / f"c.{suffix}"))
        for field in SAME:
            assert getattr(loaded, field) == getattr(book, field), (suffix, field)


@given(
    content=st.dictionaries(
        st.text(min_size=1, max_size=5),
        st.text(max_size=9) | st.integers(0, 9) | st.lists(st.text("甲\"'\\\n#", max_size=5)),
        max_size=4,
    )
)
def test_toml_is_read_back_by_tomllib(content):
    assert tomllib.loads(toml_text({"t": content, "a": {"w": [content]}})) == {"t": content, "a": {"w": [content]}}


def test_a_sheet_of_thousands_of_terms_can_be_filtered_below_its_heads(tmp_path, codebook):
    with zipfile.ZipFile(save_codebook(codebook, tmp_path / "b.xlsx")) as archive:
        terms = archive.read("xl/worksheets/sheet1.xml").decode()
    assert f'<autoFilter ref="A1:N{terms.count("<row ")}"' in terms
    assert 'topLeftCell="A2"' in terms


def test_words_of_a_context_are_named_again(tmp_path):
    book = make_codebook(tmp_path, a={"terms": ["考核"], "near": ["县", "@base"]}, contexts={"base": ["乡镇", "街道"]})
    assert 'near = ["县", "@base"]' in save_codebook(book, tmp_path / "b.toml").read_text("utf-8")


def test_what_looks_like_a_formula_stays_text(tmp_path):
    book = make_codebook(tmp_path, a={"terms": ["=1+1", "@SUM(1)", "http://a.b"], "source": ["=HYPERLINK(1)"]})
    assert bl.load_codebook(save_codebook(book, tmp_path / "b.xlsx")).entries == book.entries


def test_what_cannot_be_saved(tmp_path):
    book = make_codebook(tmp_path, a={"terms": ["会议"]})
    with pytest.raises(ValueError, match=r"let it end in \.toml or \.xlsx"):
        save_codebook(book, tmp_path / "b.csv")
    with pytest.raises(ValueError, match="theme a is empty"):
        save_codebook(book.without([("a", "会议")]), tmp_path / "b.toml")
    words = [f"词{i}" * 10 for i in range(1200)]
    long = make_codebook(tmp_path, a={"terms": ["会议"], "near": words})
    with pytest.raises(ValueError, match="longer than the 32767 characters of a cell") as raised:
        save_codebook(long, tmp_path / "b.xlsx")
    assert "单元格" in raised.value.__notes__[0]
    assert {path.name for path in tmp_path.iterdir()} == {"codebook.toml"}
