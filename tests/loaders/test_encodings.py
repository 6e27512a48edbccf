"""Bytes to text."""

import codecs

import pytest

from burdenlab.loaders.encodings import decode, plausibility
from burdenlab.loaders.quarantine import Quarantined

TEXT = "我镇现有干部四十六人，承担上级部门交办事项二百余项。工作群三十一个，每周报表十七份，大家疲于应付。\n" * 3


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk", "utf-16-le", "utf-16-be"])
def test_reads_without_a_mark(encoding):
    decoded = decode(TEXT.encode(encoding))
    assert decoded.text == TEXT
    assert decoded.encoding == ("gb18030" if encoding == "gbk" else encoding)
    assert decoded.reasons == ()


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_the_mark_stays_in_the_raw_text(mark, encoding):
    decoded = decode(mark + TEXT.encode(encoding))
    assert decoded == ("\ufeff" + TEXT, encoding, 1.0, ())


def test_traditional_text_in_big5_is_not_taken_for_gb18030():
    text = "鄉鎮幹部承擔大量行政事務，報表繁多，疲於應付，群眾意見很大。" * 3
    assert decode(text.encode("big5")).text == text


def test_one_character_that_is_also_valid_utf8():
    """一 is D2 BB in GBK, which UTF-8 reads as one Cyrillic letter."""
    assert decode("一".encode("gbk")).text == "一"


def test_short_text_is_flagged():
    decoded = decode("基层减负".encode("gb18030"))
    assert decoded.text == "基层减负"
    assert decoded.reasons == ("encoding_uncertain",)


def test_a_named_encoding_is_taken_at_its_word():
    with pytest.raises(Quarantined, match="does not fit encoding='ascii'"):
        decode(TEXT.encode(), encoding="ascii")


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(Quarantined, match="cannot be decoded"):
        decode(bytes(range(256)) * 20)


def test_wrongly_decoded_text_is_implausible():
    wrong = TEXT.encode("utf-8").decode("gb18030", "ignore")
    assert plausibility(TEXT) > 0.98
    assert plausibility(wrong) < 0.7
