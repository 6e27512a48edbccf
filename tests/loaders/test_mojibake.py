"""Text that somebody decoded wrongly before."""

import pytest

from burdenlab.loaders.encodings import Decoded
from burdenlab.loaders.mojibake import check_text
from burdenlab.loaders.quarantine import Quarantined

TEXT = "我镇现有干部四十六人，承担上级部门交办事项二百余项，大家疲于应付。“减负”不能停在纸上。\n" * 3


@pytest.mark.parametrize(("written", "read"), [("gb18030", "latin-1"), ("utf-8", "latin-1"), ("gb18030", "cp1252")])
def test_what_lost_nothing_is_mended_and_flagged(written, read):
    try:
        wrong = TEXT.encode(written).decode(read)
    except UnicodeDecodeError:
        pytest.skip("this text cannot go wrong that way without loss")
    mended = check_text(Decoded(wrong, "utf-8", 1.0))
    assert mended.text == TEXT
    assert mended.reasons == ("mojibake",)


def test_twice_wrong_is_mended():
    wrong = TEXT.encode().decode("latin-1").encode().decode("latin-1")
    assert check_text(Decoded(wrong, "utf-8", 1.0)).text == TEXT


@pytest.mark.parametrize(
    "wrong",
    [
        TEXT.encode().decode("gb18030", "replace"),
        TEXT.encode("gb18030").decode("utf-8", "replace"),
        "锟斤拷" * 40,
        TEXT.encode("big5", "ignore").decode("gb18030", "replace"),
    ],
)
def test_what_lost_characters_is_refused(wrong):
    with pytest.raises(Quarantined) as refused:
        check_text(Decoded(wrong, "utf-8", 1.0))
    assert refused.value.code == "mojibake"


@pytest.mark.parametrize("text", [TEXT, "Café à la carte, déjà vu", "减负 ½ ± 5 °C", "Ümlaut", "2024年增长5％"])
def test_what_is_right_is_left_alone(text):
    assert check_text(Decoded(text, "utf-8", 1.0)) == Decoded(text, "utf-8", 1.0)
