"""What counts as a match; the cases are quanteda's dictionary semantics with Chinese values."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import burdenlab as bl
from tests.conftest import make_codebook, make_sentences


def found(tmp_path, text, **themes):
    hits = bl.find_hits(make_sentences(text), make_codebook(tmp_path, **themes))
    return list(zip(hits["theme"], hits["match"], hits["start"], strict=True))


def test_nested_terms_of_one_theme_count_once(tmp_path):
    """Quanteda #502: within one key the longest wins."""
    themes = {"a": {"terms": ["检查", "督查检查", "督查检查考核"]}}
    assert found(tmp_path, "规范督查检查考核。", **themes) == [("a", "督查检查考核", 2)]


def test_themes_do_not_take_from_each_other(tmp_path):
    """Quanteda #388: between keys both count."""
    themes = {"a": {"terms": ["督查检查考核"]}, "b": {"terms": ["检查"]}}
    assert found(tmp_path, "督查检查考核。", **themes) == [("a", "督查检查考核", 0), ("b", "检查", 2)]


def test_order_of_terms_does_not_matter(tmp_path):
    (tmp_path / "b").mkdir()
    text = "小马拉大车，大车拉小马。"
    one = found(tmp_path, text, a={"terms": ["小马", "小马拉大车", "大车拉"]})
    assert one == found(tmp_path / "b", text, a={"terms": ["大车拉", "小马拉大车", "小马"]})
    assert one == [("a", "小马拉大车", 0), ("a", "大车拉", 6), ("a", "小马", 9)]


def test_the_longest_wins_over_the_first(tmp_path):
    assert found(tmp_path, "甲乙丙丁。", a={"terms": ["甲乙", "乙丙丁"]}) == [("a", "乙丙丁", 1)]


def test_exclusions_are_masked_first_and_for_their_theme_only(tmp_path):
    themes = {"a": {"terms": ["编制", "减负"], "exclude": ["编制规划", "企业减负"]}, "b": {"terms": ["减负"]}}
    text = "编制规划，企业减负，编制不足，基层减负。"
    assert found(tmp_path, text, **themes) == [
        ("b", "减负", 7),
        ("a", "编制", 10),
        ("a", "减负", 17),
        ("b", "减负", 17),
    ]


def test_a_match_that_touches_a_mask_is_dropped(tmp_path):
    themes = {"a": {"terms": ["长会"], "exclude": ["部长会议"]}}
    assert found(tmp_path, "部长会议，开长会。", **themes) == [("a", "长会", 6)]


def test_patterns_compete_with_terms(tmp_path):
    themes = {"a": {"terms": ["人员"], "patterns": ["人员[^，。]{0,4}不足"], "exclude_patterns": ["非?人员编外不足"]}}
    assert found(tmp_path, "人员严重不足，人员多。", **themes) == [("a", "人员严重不足", 0), ("a", "人员", 7)]
    (tmp_path / "b").mkdir()
    assert found(tmp_path / "b", "非人员编外不足。", **themes) == []


def test_a_pattern_looks_around_a_mask(tmp_path):
    themes = {"a": {"patterns": ["开[^，。]{0,6}会议"], "exclude": ["部长会议"]}}
    assert found(tmp_path, "召开部长会议。", **themes) == []
    (tmp_path / "b").mkdir()
    assert found(tmp_path / "b", "开会议和部长会议。", **themes) == [("a", "开会议", 0)]


def test_no_match_across_sentences(tmp_path):
    assert found(tmp_path, "压减会\n议。", a={"terms": ["会议", "压减会议"]}) == []


def test_characters_beyond_the_basic_plane_keep_offsets(tmp_path):
    text = "𠮷县𠮷乡减负。会议减负。"
    hits = bl.find_hits(make_sentences(text), make_codebook(tmp_path, a={"terms": ["减负"]}))
    assert [text[s:e] for s, e in zip(hits["start"], hits["end"], strict=True)] == ["减负", "减负"]


def test_no_hits_and_no_sentences(tmp_path):
    sentences = make_sentences("正文。")
    codebook = make_codebook(tmp_path, a={"terms": ["减负"]})
    for table in (sentences, sentences.iloc[:0]):
        hits = bl.find_hits(table, codebook)
        assert len(hits) == 0
        bl.check_table(hits, "hits")


def test_input_is_not_changed(tmp_path):
    sentences = make_sentences("基层减负。")
    before = sentences.copy()
    bl.find_hits(sentences, make_codebook(tmp_path, a={"terms": ["减负"]}))
    assert sentences.equals(before)


alphabet = st.text("甲乙丙丁", min_size=1, max_size=4)


@given(terms=st.sets(alphabet, min_size=1, max_size=6), text=st.text("甲乙丙丁", min_size=1, max_size=20))
def test_single_term_themes_agree_with_re(tmp_path_factory, terms, text):
    """A theme of one term finds what re finds, without overlap from the left."""
    themes = {f"t{i}": {"terms": [term]} for i, term in enumerate(sorted(terms))}
    hits = bl.find_hits(make_sentences(text), make_codebook(tmp_path_factory.mktemp("c"), **themes))
    for i, term in enumerate(sorted(terms)):
        expected = [m.start() for m in re.finditer(term, text)]
        assert hits.loc[hits["theme"] == f"t{i}", "start"].tolist() == expected


@pytest.mark.parametrize("pattern", ["(a+)+$", "(.*.*)*治理"])
def test_catastrophic_patterns_end(tmp_path, pattern):
    """Both exceed 8 s in re; RE2 takes linear time. What lacks a literal anchor is refused at load."""
    if "治理" not in pattern:
        with pytest.raises(ValueError, match="no literal"):
            make_codebook(tmp_path, a={"patterns": [pattern]})
        return
    text = "a" * 3000 + "治"
    assert found(tmp_path, text, a={"patterns": [pattern]}) == []
