"""Words to the user, in both languages."""

import re

import pytest

from burdenlab.messages import REASONS, check_language, reason_text


def test_every_reason_has_both_languages():
    for english, chinese in REASONS.values():
        assert re.search(r"[a-z]", english)
        assert re.search(r"[\u4e00-\u9fff]", chinese)


def test_unknown_codes_are_shown_as_they_are():
    assert reason_text("no_such_code", "zh") == "no_such_code"


def test_language_is_checked():
    with pytest.raises(ValueError, match="use 'zh' or 'en'") as raised:
        check_language("fr")
    assert "不是可用的语言" in raised.value.__notes__[0]
