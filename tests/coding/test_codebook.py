"""Codebooks, and what is said of a wrong one."""

import json
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
RULES = """name = "b"
[contexts]
base = ["乡镇", "街道"]
[groups.cart]
zh = "车"
en = "Cart"
[themes.meetings]
group = "cart"
zh = "会议"
en = "Meetings"
terms = ["文山会海"]
exclude = ["部长会议"]
[themes.meetings.since]
"文山会海" = 1998
[[themes.meetings.when]]
terms = ["开会"]
near = ["@base"]
[[themes.meetings.when]]
terms = [
  "会议多",
  "陪会",
]
patterns = ['会议.{0,3}频繁']
require = ["基层"]
unless = ["企业"]
moves = ["problem", "harm"]
[themes.forms]
group = "cart"
zh = "报表"
en = "Forms"
terms = ["报表"]
near = ["基层"]
[crosswalks.four]
zh = "四类"
en = "Four"
[crosswalks.four.parts.first]
zh = "甲"
en = "First"
themes = ["meetings", "forms"]
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


def test_terms_with_their_conditions(tmp_path):
    """Counted by hand from the text above."""
    book = bl.load_codebook(write(tmp_path, RULES))
    assert book.terms.fillna(0).values.tolist() == [
        ["meetings", "文山会海", "term", "", "", "", "", 1998],
        ["meetings", "开会", "term", "", "乡镇、街道", "", "", 0],
        ["meetings", "会议多", "term", "基层", "", "企业", "problem、harm", 0],
        ["meetings", "陪会", "term", "基层", "", "企业", "problem、harm", 0],
        ["meetings", "会议.{0,3}频繁", "pattern", "基层", "", "企业", "problem、harm", 0],
        ["meetings", "部长会议", "exclude", "", "", "", "", 0],
        ["forms", "报表", "term", "", "基层", "", "", 0],
    ]
    assert book.crosswalk("four")["theme"].tolist() == ["meetings", "forms"]
    assert book.words == ("会议多", "开会", "报表", "文山会海", "陪会")


def test_a_theme_is_the_same_however_its_rules_are_written(tmp_path):
    one = make_codebook(tmp_path, a={"terms": ["甲乙"], "near": ["丙"]})
    (tmp_path / "b").mkdir()
    when = [{"terms": ["甲乙"], "near": ["丙"]}]
    assert make_codebook(tmp_path / "b", a={"when": when}).entries == one.entries
    (tmp_path / "c").mkdir()
    split = [
        {"terms": ["甲"], "near": ["丙"]},
        {"terms": ["乙"], "near": ["丁"]},
        {"patterns": ["甲乙"], "near": ["丙"]},
    ]
    rules = make_codebook(tmp_path / "c", a={"terms": ["戊"], "when": split}).entries[0].rules
    assert [(rule.terms, rule.patterns, rule.near) for rule in rules] == [
        (("戊",), (), ()),
        (("甲",), ("甲乙",), ("丙",)),
        (("乙",), (), ("丁",)),
    ]


def test_without_some_terms(tmp_path):
    book = bl.load_codebook(write(tmp_path, RULES))
    less = book.without([("meetings", "文山会海"), ("meetings", "开会"), ("forms", "报表"), ("forms", "会议多")])
    assert less.words == ("会议多", "陪会")
    assert [len(theme.rules) for theme in less.entries] == [1, 1]
    assert less.entries[0].since == {}
    assert less.entries[1].rules[0].terms == ()
    assert book.words == ("会议多", "开会", "报表", "文山会海", "陪会")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('terms = ["文山会海"]', 'terms = ["文山会海"]\ncolour = "red"', r"line 10: .*unknown key 'colour'"),
        ('name = "b"', 'name = "b"\nauthor = "x"', r"line 2: unknown key 'author'"),
        ('name = "b"', "name = 3", r"line 1: name must be a string"),
        ('terms = ["文山会海"]', "terms = []", "line 5: theme meetings is empty; give it terms or patterns"),
        ('["文山会海"]', '["文山会海", "会海", "文山会海"]', r"line 9: .*'文山会海' stands twice in terms"),
        ('["文山会海"]', '[\n"文山会海",\n"文山会海"]', r"line 11: .*'文山会海' stands twice in terms"),
        (
            '["文山会海"]',
            '["文山会海"]\nexclude = ["会海"]',
            "line 9: .*'文山会海' can never match, the exclusion '会海' masks it",
        ),
        ('["文山会海"]', '["文山会海"]\npatterns = ["会议(?=多)"]', r"line 10: .*RE2 does not take '会议\(\?=多\)'"),
        ('["文山会海"]', '["文山会海"]\npatterns = ["(会议)*"]', "line 10: .*matches the empty string"),
        ('["文山会海"]', '["文山会海"]\npatterns = ["会.{0,3}议"]', "line 10: .*has no literal of two"),
        ('["文山会海"]', '[""]', "line 9: .*must have 1 to 64 characters"),
        ('["文山会海"]', '["文山\\u200b会海"]', r"line 9: .*'文山\\u200b会海' must have .* none of them invisible"),
        ('["文山会海"]', '[" 文山会海"]', "line 9: .*no space around"),
        ('["文山会海"]', "[3]", "line 9: .*terms must be a list of strings"),
        ('group = "cart"', 'group = "wagon"', r"line 6: .*group 'wagon' is none of cart"),
        ('group = "cart"', f"group = {'[' * 40}{']' * 40}", r"line 6: .*group .* is none of cart"),
        ('zh = "会议"\n', "", "line 5: .*lacks the label 'zh'"),
        ("themes.meetings", 'themes."a;b"', r"line 5: .*the id 'a;b' must have"),
        ("[themes.meetings]", "[themes", "line 5: no valid TOML"),
        ('["文山会海"]', '["文山会海"]\n[themes.meetings]', r"line 10: no valid TOML: Cannot declare"),
        (GOOD, "", "it needs tables"),
        (GOOD, "book: &a [1, 2]\nagain: [*a, *a]\n", "line 1: no valid TOML: .*TOML, or in Excel"),
        (GOOD, f"a = {'[' * 3000}", "line 1: no valid TOML: it nests too deeply"),
        (GOOD, f"x = 1\n{'a.' * 300_000}a = 1", "line 2: no valid TOML: it nests too deeply"),
    ],
)
def test_faults_are_named_with_their_line(tmp_path, old, new, said):
    assert old in GOOD
    with pytest.raises(ValueError, match=said) as raised:
        bl.load_codebook(write(tmp_path, GOOD.replace(old, new, 1)))
    assert any("编码本" in note for note in raised.value.__notes__)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('unless = ["企业"]', 'unles = ["企业"]', r"line 25: \[themes.meetings.when\] unknown key 'unles'"),
        ('"harm"]', '"harmful"]', "line 26: theme meetings: 'harmful' is no move; moves are problem, harm"),
        (
            '"文山会海" = 1998',
            '"文山" = 1998',
            "line 14: theme meetings: since names '文山', which is none of its terms",
        ),
        (
            '"文山会海" = 1998',
            '"文山会海" = "九八"',
            "line 14: .*since gives '九八' for '文山会海'; a year is expected",
        ),
        ('"meetings", "forms"]', '"forms", "secrets"]', r"line 39: .*names 'secrets', which is no theme"),
        ('exclude = ["部长会议"]', 'exclude = ["陪会"]', "line 21: theme meetings: '陪会' can never match"),
        ('  "陪会",', '  "会议多",', "line 21: theme meetings: '会议多' stands twice in terms"),
        ('near = ["@base"]', 'near = ["@bass"]', "line 17: .*near names '@bass', which .* does not list; it has base"),
        ('near = ["@base"]', "near = []", r"line 15: .*a table 'when' without a condition"),
        ('terms = ["开会"]\n', "", "line 15: .*a condition without terms or patterns beside it"),
        ('terms = ["报表"]\n', "", "line 27: .*a condition without terms or patterns beside it"),
        ('require = ["基层"]', 'require = "基层"', "line 24: .*require must be a list of strings"),
        ("会议.{0,3}频繁", "会议(频繁", "line 23: .*RE2 does not take '会议\\(频繁': missing \\)"),
        ('base = ["乡镇", "街道"]', "base = 3", "line 2: contexts must be a table of lists of strings"),
        ('base = ["乡镇", "街道"]', 'base = ["乡镇", "@base"]', "line 3: .*a context cannot name another"),
        ('zh = "甲"', "", r"line 36: \[crosswalks.four.parts.first\] lacks the label 'zh'"),
        ("crosswalks.four.parts.first", "crosswalks.four.part.first", r"line 36: .*unknown key 'part'"),
    ],
)
def test_faults_of_rules_are_named_with_their_line(tmp_path, old, new, said):
    assert old in RULES
    with pytest.raises(ValueError, match=said) as raised:
        bl.load_codebook(write(tmp_path, RULES.replace(old, new, 1)))
    number = re.match(r"line (\d+)", said)[1]
    assert f"第 {number} 行:" in raised.value.__notes__[0]


def test_all_faults_are_reported_at_once(tmp_path):
    text = GOOD.replace("terms = [", "term = [") + '[themes.other]\ngroup = "cart"\nzh = "乙"\nen = "B"\n'
    with pytest.raises(ValueError, match=r"(?s)unknown key 'term'.*meetings is empty.*other is empty"):
        bl.load_codebook(write(tmp_path, text))


def test_a_hundred_thousand_terms_are_too_many(tmp_path):
    terms = ", ".join(f'"词条{i}号"' for i in range(100_000))
    with pytest.raises(ValueError, match="it lists 100000 terms, at most 50000 are taken; split it"):
        bl.load_codebook(write(tmp_path, GOOD.replace('"文山会海"', terms)))


def test_names_that_stand_for_too_many_words(tmp_path):
    """The alias bomb of this format: a long list named by many conditions."""
    words = ", ".join(f'"词{i}"' for i in range(20_000))
    rules = "".join(f'[[themes.meetings.when]]\nterms = ["会{i}"]\nnear = ["@all"]\n' for i in range(500))
    with pytest.raises(ValueError, match="line 1: the names by @ stand for more than 200000 words"):
        bl.load_codebook(write(tmp_path, f"[contexts]\nall = [{words}]\n" + GOOD.replace('name = "b"\n', "") + rules))


def test_a_large_file_and_one_that_is_not_utf8(tmp_path):
    with pytest.raises(ValueError, match="at most 4000000 are read; split it"):
        bl.load_codebook(write(tmp_path, "#" * 4_000_001))
    (tmp_path / "c.toml").write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(ValueError, match="line 3: no valid TOML: it is not in UTF-8; save it as UTF-8"):
        bl.load_codebook(tmp_path / "c.toml")


def test_an_error_shows_no_more_than_one_can_read(tmp_path):
    many = "".join(f'[themes.t{i}]\ngroup = "{"长" * 10_000}"\nzh = "甲"\nen = "A"\n' for i in range(60))
    with pytest.raises(ValueError, match="and 70 more") as raised:
        bl.load_codebook(write(tmp_path, '[groups.g]\nzh = "组"\nen = "G"\n' + many))
    assert len(str(raised.value)) < 20_000


def test_no_such_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="does not exist"):
        bl.load_codebook(tmp_path / "none.toml")


def test_dict_and_back(tmp_path, codebook):
    assert bl.Codebook.from_dict(codebook.to_dict()) == codebook
    assert bl.Codebook.from_dict(json.loads(json.dumps(codebook.to_dict()))) == codebook
    assert make_codebook(tmp_path, a={"terms": ["会议"]}).words == ("会议",)
