"""Codebooks, and what is said of a wrong one."""

import re

import pytest

import burdenlab as bl
from tests.conftest import make_codebook

GOOD = """name = "b"
[groups.cart]
zh = "车"
en = "Cart"
[themes.meetings]
group = "cart"
zh = "会议"
en = "Meetings"
terms = ["文山会海"]
"""


def write(tmp_path, text):
    path = tmp_path / "c.toml"
    path.write_text(text, "utf-8")
    return path


def test_shipped_codebook(codebook):
    """The manual has 11 themes of the cart, 7 of the horse, 4 of the road and 3 of the discourse."""
    assert codebook.table.groupby("group", sort=False).size().to_dict() == {
        "cart": 11,
        "horse": 7,
        "road": 4,
        "discourse": 3,
    }
    assert (
        codebook.table.set_index("theme")[["zh", "en", "definition_zh", "definition_en", "source"]]
        .ne("")
        .all(axis=None)
    )
    assert len(codebook.themes) == len(set(codebook.themes)) == 25
    assert re.fullmatch(r"[0-9a-f]{64}", codebook.sha256)


def test_labels_in_both_languages(tmp_path):
    codebook = bl.load_codebook(write(tmp_path, GOOD))
    assert codebook.labels("zh") == {"meetings": "会议"}
    assert codebook.labels("en") == {"meetings": "Meetings"}
    with pytest.raises(ValueError, match="lang='fr'"):
        codebook.labels("fr")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('terms = ["文山会海"]', 'terms = ["文山会海"]\ncolour = "red"', r"line 10: .*unknown key 'colour'"),
        ('name = "b"', 'name = "b"\nauthor = "x"', r"line 2: unknown key 'author'"),
        ('terms = ["文山会海"]', "terms = []", "theme meetings is empty; give it terms or patterns"),
        ('["文山会海"]', '["文山会海", "会海", "文山会海"]', r"line 9: .*'文山会海' stands twice in terms"),
        (
            '["文山会海"]',
            '["文山会海"]\nexclude = ["会海"]',
            "'文山会海' can never match, the exclusion '会海' masks it",
        ),
        ('["文山会海"]', '["文山会海"]\npatterns = ["会议(?=多)"]', r"line 10: .*RE2 does not take '会议\(\?=多\)'"),
        ('["文山会海"]', '["文山会海"]\npatterns = ["(会议)*"]', "matches the empty string"),
        ('["文山会海"]', '["文山会海"]\npatterns = ["会.{0,3}议"]', "has no literal of two"),
        ('["文山会海"]', '[""]', "must have 1 to 64 characters"),
        ('["文山会海"]', "[3]", "terms must be a list of strings"),
        ('group = "cart"', 'group = "wagon"', r"line 6: .*group 'wagon' is none of cart"),
        ('zh = "会议"\n', "", "lacks the label 'zh'"),
        ("[themes.meetings]", "[themes", "no valid TOML"),
    ],
)
def test_faults_are_named_with_their_line(tmp_path, old, new, said):
    assert old in GOOD
    with pytest.raises(ValueError, match=said) as raised:
        bl.load_codebook(write(tmp_path, GOOD.replace(old, new, 1)))
    assert any("编码本" in note for note in raised.value.__notes__)


def test_all_faults_are_reported_at_once(tmp_path):
    text = GOOD.replace("terms = [", "term = [") + '[themes.other]\ngroup = "cart"\nzh = "乙"\nen = "B"\n'
    with pytest.raises(ValueError, match=r"(?s)unknown key 'term'.*meetings is empty.*other is empty"):
        bl.load_codebook(write(tmp_path, text))


def test_no_such_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="does not exist"):
        bl.load_codebook(tmp_path / "none.toml")


def test_dict_and_back(tmp_path, codebook):
    assert bl.Codebook.from_dict(codebook.to_dict()) == codebook
    assert make_codebook(tmp_path, a={"terms": ["会议"]}).words == ("会议",)
