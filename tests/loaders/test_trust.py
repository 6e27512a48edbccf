"""Texts that are refused because their words cannot be trusted."""

import pytest

from burdenlab.loaders.quarantine import Quarantined
from burdenlab.loaders.trust import check_trust, script_warning
from tests.conftest import DEMO

TEXTS = [path.read_text("utf-8") for path in sorted((DEMO / "reports").glob("*.txt"))]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_reports_are_trusted(text):
    check_trust(text)
    assert script_warning(text) == []


def lossy(text: str) -> str:
    return (
        text.replace("。基", "?；鶎").replace("。", "。", 1).replace("；", "?。皇", 3)
        + "层?；鶎单位权力?。皇虑多，又?；惶。"
    )


def spun(text: str) -> str:
    return text + "坚持统筹原那么，健全议事规那么，提升公共效劳水平。"


def tokens(text: str) -> str:
    return text[:200] + "hyzz6t2fQ6uOabXkZ9pLm3A=" + text[200:]


def junk(text: str) -> str:
    return text + "\n/ f% E- i. ` \\2 U\n"


def shuffled(text: str) -> str:
    lines = [line for line in text.split("\n") if line]
    headings = [f"{sign}、第{sign}项工作" for sign in "五三七四九六八一二"]
    return "\n".join([*lines, *headings])


def clauses(text: str) -> str:
    return text + "".join(f"\n，{line}" for line in text.split("\n")[2:12])


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lossy, "lossy"),
        (spun, "spun"),
        (tokens, "random_tokens"),
        (junk, "random_tokens"),
        (shuffled, "shuffled"),
        (clauses, "shuffled"),
    ],
)
def test_spoiled_reports_are_refused(spoil, code):
    for text in TEXTS:
        with pytest.raises(Quarantined) as refused:
            check_trust(spoil(text))
        assert refused.value.code == code


@pytest.mark.parametrize(
    "text", ["关于减负的通知\n登录后查看全文", "某镇工作总结\n全文请见附件", "汇报材料\n付费下载即可阅读完整内容"]
)
def test_a_stub_says_that_the_rest_is_elsewhere(text):
    with pytest.raises(Quarantined) as refused:
        check_trust(text)
    assert refused.value.code == "stub"


@pytest.mark.parametrize(
    "text", ["特此通知。", "网址 https://www.example.com/a1B2c3D4e5F6g7H8i9J0k", "请登录系统查看进度并阅读说明。"]
)
def test_a_short_text_is_no_stub(text):
    check_trust(text)


def test_traditional_script_is_told():
    assert script_warning("鄉鎮幹部承擔大量行政事務，報表繁多，疲於應付") == ["traditional_script"]
