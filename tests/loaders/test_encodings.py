"""Bytes to text."""

import codecs
import random
from collections import Counter

import opencc
import pytest

from burdenlab.loaders.encodings import decode, plausibility
from burdenlab.loaders.quarantine import Quarantined
from tests import hostile

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


TRADITIONAL = opencc.OpenCC("s2t")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "marked utf-16-le", "marked utf-16-be", "gb18030", "big5")
LENGTHS = (8, 20, 40, 100, 1_000, 50_000)


def encode(text: str, encoding: str) -> tuple[bytes, str]:
    """Write text as a file would have it; Big5 has only what it can hold of the text in traditional script."""
    if encoding == "big5":
        text = TRADITIONAL.convert(text).encode("big5", "ignore").decode("big5")
    mark = {"marked utf-16-le": codecs.BOM_UTF16_LE, "marked utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    return mark + text.encode(encoding.removeprefix("marked ")), text


def outcomes(texts: list[str], encoding: str, length: int, n: int, seed: int) -> Counter:
    """Cut n samples, write and read them, and count what comes of it."""
    rng, counts = random.Random(f"{seed} {encoding} {length}"), Counter()
    for _ in range(n):
        text = rng.choice(texts)
        while len(text) < length:
            text += rng.choice(texts)
        at = rng.randrange(len(text) - length + 1)
        data, text = encode(text[at : at + length], encoding)
        if not text:
            continue
        try:
            decoded = decode(data)
        except Quarantined:
            counts["quarantined"] += 1
        else:
            is_right = decoded.text.removeprefix("\ufeff") == text
            counts["right" if is_right else "flagged" if decoded.reasons else "silent"] += 1
    return counts


def check(counts: Counter, encoding: str, length: int) -> None:
    assert counts["silent"] == 0
    if "utf-8" in encoding:
        assert counts["quarantined"] == 0
    if length >= 40:
        assert counts["right"] >= 0.995 * counts.total()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_composed_samples(encoding):
    rng = random.Random(7)
    texts = [hostile.report(rng, "") for _ in range(20)]
    for length in (8, 20, 40, 100, 1_000):
        check(outcomes(texts, encoding, length, 30, seed=7), encoding, length)


@pytest.mark.acceptance
@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_samples_of_the_real_corpora(shared, encoding, length):
    folders = ("workreports", "policy", "notices", "localregs")
    paths = sorted(path for folder in folders for path in (shared / "corpora" / folder).rglob("*.txt"))
    paths += sorted((shared / "corpora" / "localregs").rglob("*.md"))[::20]
    texts = [path.read_bytes().decode("utf-8") for path in paths]
    counts = outcomes(texts, encoding, length, 500, seed=2026)
    print(encoding, length, dict(counts))  # noqa: T201 (the table of the closing note)
    check(counts, encoding, length)
