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


def test_levels_of_the_codebook(demo):
    """Quanteda #459: level 1 (groups), level 2 (themes) and both count the same matches."""
    both = demo.hits.merge(demo.codebook.table[["theme", "group"]], on="theme", validate="m:1")
    by_theme = demo.hits.groupby("theme").size()
    assert both.groupby(["group", "theme"]).size().droplevel("group").sort_index().equals(by_theme)
    groups = demo.codebook.table.set_index("theme")["group"]
    assert both.groupby("group").size().equals(by_theme.groupby(groups).sum())


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


def test_a_required_word_stands_in_the_same_sentence(tmp_path):
    themes = {"a": {"terms": ["考核"], "require": ["基层", "乡镇"]}}
    assert found(tmp_path, "考核多。乡镇考核多。基层稳。", **themes) == [("a", "考核", 6)]


def test_a_word_that_must_not_stand_in_the_sentence(tmp_path):
    themes = {"a": {"terms": ["检查"], "unless": ["企业"]}}
    assert found(tmp_path, "检查多。检查企业。", **themes) == [("a", "检查", 0)]


def test_near_is_twelve_characters_on_either_side(tmp_path):
    """甲 repeats eleven, twelve and thirteen times between the match and the word, before and behind."""
    themes = {"a": {"terms": ["编制"], "near": ["乡镇"]}}
    for n, expected in ((11, True), (12, True), (13, False)):
        (tmp_path / str(n)).mkdir()
        for text in (f"编制{'甲' * n}乡镇。", f"乡镇{'甲' * n}编制。"):
            assert bool(found(tmp_path / str(n), text, **themes)) is expected, (n, text)


def test_near_does_not_reach_into_the_next_sentence(tmp_path):
    assert found(tmp_path, "编制。乡镇。", a={"terms": ["编制"], "near": ["乡镇"]}) == []


def test_a_condition_on_the_move(tmp_path):
    sentences = make_sentences("考核多。", "考核少。")
    codebook = make_codebook(tmp_path, a={"terms": ["考核"], "moves": ["problem", "harm"]})
    hits = bl.find_hits(sentences.assign(move=["problem", "plan"]).astype({"move": "str"}), codebook)
    assert hits["doc_id"].tolist() == ["00.txt"]


def test_a_match_whose_condition_fails_takes_no_place(tmp_path):
    """The longer term is conditional; where it does not hold, the shorter one inside it counts."""
    themes = {"a": {"terms": ["检查"], "when": [{"terms": ["督查检查考核"], "require": ["基层"]}]}}
    assert found(tmp_path, "督查检查考核。基层督查检查考核。", **themes) == [
        ("a", "检查", 2),
        ("a", "督查检查考核", 9),
    ]


def test_two_conditions_are_alternatives(tmp_path):
    rules = [{"terms": ["考核"], "require": ["基层"]}, {"terms": ["考核"], "require": ["干部"]}]
    assert len(found(tmp_path, "基层考核。干部考核。基层干部考核。企业考核。", a={"when": rules})) == 3


def test_a_condition_on_a_pattern_and_a_word_that_is_also_a_term(tmp_path):
    themes = {"a": {"terms": ["基层"], "when": [{"patterns": ["任务.{0,2}重"], "require": ["基层"]}]}}
    assert found(tmp_path, "任务很重。基层任务很重。", **themes) == [("a", "基层", 5), ("a", "任务很重", 7)]


def test_contexts_stand_for_their_words(tmp_path):
    book = make_codebook(tmp_path, a={"terms": ["考核"], "require": ["@base"]}, contexts={"base": ["乡镇", "街道"]})
    assert book.entries[0].require == ("乡镇", "街道")
    assert len(bl.find_hits(make_sentences("乡镇考核。县里考核。"), book)) == 1


def test_an_exclusion_by_pattern_sees_what_another_exclusion_masks(tmp_path):
    themes = {"a": {"terms": ["减负"], "exclude": ["机制办公室"], "exclude_patterns": ["为基层减负.{0,4}机制办公室"]}}
    assert found(tmp_path, "为基层减负专项机制办公室通报。", **themes) == []


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
