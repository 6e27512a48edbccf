"""The three lists of word counters, read as a codebook."""

import re
from collections import Counter
from pathlib import Path

import jieba
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import burdenlab as bl
from burdenlab.coding.word_lists import load_word_lists
from tests.conftest import make_sentences


def write(folder: Path, **lists: str | bytes) -> dict[str, Path]:
    paths = {name: folder / f"{name}.txt" for name in lists}
    for name, text in lists.items():
        paths[name].write_bytes(text if isinstance(text, bytes) else text.encode())
    return paths


def test_themes_are_the_merged_words_and_then_the_others(tmp_path):
    book = load_word_lists(
        **write(
            tmp_path,
            words="\ufeff台账 5 n\r\n\r\n督导\r\n报表 3\r\n考核 v\r\n",
            stop_words="的\n、\n\u3000\n了\n",
            merges="督查\t督导，督察\n开会=>会议、会务\n填表=报数\uff1b报送\n",
        )
    )
    assert [(theme.id, theme.terms) for theme in book.entries] == [
        ("督查", ("督查", "督导", "督察")),
        ("开会", ("开会", "会议", "会务")),
        ("填表", ("填表", "报数", "报送")),
        ("台账", ("台账",)),
        ("报表", ("报表",)),
        ("考核", ("考核",)),
    ]
    assert book.labels("zh") == book.labels("en") == {theme: theme for theme in book.themes}
    assert book.name == "word lists"


def test_a_word_inside_a_longer_one_does_not_count(tmp_path):
    book = load_word_lists(**write(tmp_path, words="督查\n督查检查\n检查\n", merges="会\t会议纪要\n"))
    hits = bl.find_hits(make_sentences("督查检查多，督查少，会议纪要一份，开会。"), book)
    assert hits["theme"].tolist() == ["督查检查", "督查", "会", "会"]
    assert hits["match"].tolist() == ["督查检查", "督查", "会议纪要", "会"]


def test_a_variant_longer_than_the_other_word_is_not_hidden_by_it(tmp_path):
    book = load_word_lists(**write(tmp_path, words="督查检查\n", merges="督查\t督查检查考核\n"))
    hits = bl.find_hits(make_sentences("督查检查考核。"), book)
    assert "督查检查考核" in hits.loc[hits["theme"] == "督查", "match"].tolist()


alphabet = st.text("甲乙丙", min_size=1, max_size=4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    pieces=st.lists(
        st.sampled_from(["督查", "督查检查", "检查", "台账", "台账本", "，", "与"]), min_size=1, max_size=12
    ),
)
def test_counts_are_those_of_the_longest_word_first(tmp_path, pieces):
    """The oracle is maximum matching, what these programs do with a user dictionary: cut the longest word, go on."""
    words = ["督查", "督查检查", "检查", "台账", "台账本"]
    text, at, expected = "".join(pieces) + "。", 0, Counter()
    while at < len(text):
        found = max((word for word in words if text.startswith(word, at)), key=len, default="")
        expected[found] += 1
        at += len(found) or 1
    del expected[""]
    book = load_word_lists(**write(tmp_path, words="\n".join(words)))
    assert Counter(bl.find_hits(make_sentences(text), book)["theme"]) == expected


def test_jieba_cuts_what_is_counted(tmp_path):
    """The same file as a user dictionary of jieba; the words are out of its own dictionary."""
    text = "小马拉大车的问题，基层减负要减掉小马拉大车，台账上墙不等于基层减负。"
    paths = write(tmp_path, words="小马拉大车 100000 n\n基层减负 100000 n\n台账上墙 100000 n\n")
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    with paths["words"].open("rb") as words:
        tokenizer.load_userdict(words)
    book = load_word_lists(**paths)
    counted = Counter(bl.find_hits(make_sentences(text), book)["theme"])
    assert counted == {word: n for word, n in Counter(tokenizer.cut(text)).items() if word in book.themes}
    assert counted == {"小马拉大车": 2, "基层减负": 2, "台账上墙": 1}


FORM = "a word, its frequency and its part of speech"


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        ({"words": "台账\n督\t查\n"}, f"words 'words.txt', line 2: {FORM}"),
        ({"words": "督\u3000查 3\n"}, f"words 'words.txt', line 1: {FORM}"),
        ({"words": "台账  3\n"}, f"line 1: {FORM}"),
        ({"words": "云 计算\n"}, f"line 1: {FORM}"),
        ({"words": "台账 3 n 多\n"}, f"line 1: {FORM}"),
        ({"words": "台账 3 N\n"}, f"line 1: {FORM}"),
        ({"words": "台账 0 n\n"}, "line 1: the frequency '0' is no whole number from 1 to 1,000,000,000"),
        ({"words": "台账 -5\n"}, "line 1: the frequency '-5'"),
        ({"words": "台账 1.5\n"}, "line 1: the frequency '1.5'"),
        ({"words": f"台账 {'9' * 5000}\n"}, "line 1: the frequency '999"),
        ({"words": "长" * 33}, "line 1: the word '长*' must have 1 to 32 characters"),
        ({"words": "台\u200b账"}, "line 1: the word .* must have .* without ; or 、 or invisible ones"),
        ({"words": "台账、报表"}, "line 1: the word '台账、报表' must have"),
        ({"words": "台账\n报表\n台账 3\n"}, "words 'words.txt', line 3: '台账' stands in line 1 already"),
        ({"merges": "台账\n"}, "merges 'merges.txt', line 1: a word and its variants are expected"),
        ({"merges": "台账,,报表\n"}, "line 1: a word and its variants are expected"),
        ({"merges": "台账,报表\n填表,报表\n"}, "line 2: '报表' stands in line 1 already"),
        ({"merges": "台账,台账\n"}, "line 1: a word stands twice in the line"),
        ({"words": "台账\n", "stop_words": "的\n台账\n"}, "stop_words .*, line 2: '台账' is a stop word .* by words 'words.txt', line 1"),
        ({"merges": "台账,报表\n", "stop_words": "报表"}, "line 1: '报表' is a stop word .* by merges 'merges.txt', line 1"),
        ({"words": "台账", "stop_words": "的\n的\n"}, "stop_words .*, line 2: '的' stands in line 1 already"),
        ({"words": "\n \n"}, "there is no word to count"),
        ({"words": b"\x81\xff\x00\x01"}, "words 'words.txt': .*save it as UTF-8"),
        ({"words": "文山會海\n減負增效\n".encode("big5")}, "words 'words.txt': its encoding looks like big5; save it as UTF-8"),
        ({"words": "".join(f"词{i}号\n" for i in range(100_000))}, "words 'words.txt': it has more than 50000 lines"),
    ],
)  # fmt: skip
def test_faults_are_named_with_file_and_line(tmp_path, lists, said):
    with pytest.raises(ValueError, match=said) as raised:
        load_word_lists(**write(tmp_path, **lists))
    assert "编码本 word lists:" in raised.value.__notes__[0]
    if number := re.search(r"line (\d+):", said):
        assert f"第 {number[1]} 行:" in raised.value.__notes__[0]
    assert len(str(raised.value)) < 500


def test_all_faults_are_reported_at_once(tmp_path):
    lists = write(tmp_path, words="台账 0\n台\t账\n", merges="甲\n", stop_words="的\n的\n")
    with pytest.raises(ValueError, match=r"(?s)merges.*line 1: .*words.*line 1: .*line 2: .*stop_words.*line 2: "):
        load_word_lists(**lists)


def test_lists_of_chinese_windows(tmp_path):
    for encoding in ("gb18030", "utf-8-sig", "utf-16"):
        book = load_word_lists(**write(tmp_path, words="文山会海\n减负增效\n层层加码\n".encode(encoding)))
        assert book.themes == ("文山会海", "减负增效", "层层加码"), encoding


def test_the_hash_tells_the_lists(tmp_path):
    one = load_word_lists(**write(tmp_path, words="台账\n"))
    assert one == load_word_lists(words=tmp_path / "words.txt")
    assert one.sha256 != load_word_lists(**write(tmp_path, words="台账\n报表\n")).sha256


def test_nothing_to_read(tmp_path):
    with pytest.raises(ValueError, match="neither words nor merges"):
        load_word_lists(stop_words=tmp_path / "none.txt")
    with pytest.raises(FileNotFoundError, match=r"words=.*does not exist; name a text file"):
        load_word_lists(words=tmp_path / "none.txt")
