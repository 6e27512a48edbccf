"""Noise planted into the demo is found and taken out, and nothing else is touched."""

import random
import re

import pytest

import burdenlab as bl
from burdenlab.loaders.cleaning import clean
from burdenlab.loaders.noise import RULES, present_share
from tests import noise
from tests.conftest import DEMO

TEXTS = [path.read_text("utf-8") for path in sorted((DEMO / "reports").glob("*.txt"))]


def tries(kind: str, n: int) -> list[tuple[str, str]]:
    """Plant one kind n times; a text that has no place for it is passed over."""
    rng = random.Random(kind)
    made = []
    for _ in range(n * 20):
        if len(made) == n:
            break
        try:
            noisy, wanted = noise.KINDS[kind](rng, rng.choice(TEXTS))
        except IndexError:
            continue
        if noisy != wanted:
            made.append((noisy, wanted))
    return made


def same(one: str, other: str) -> bool:
    """Equal but for blank lines."""
    return re.sub(r"\n+", "\n", one).strip() == re.sub(r"\n+", "\n", other).strip()


@pytest.mark.parametrize("kind", list(noise.KINDS))
def test_each_kind_alone(kind):
    made = tries(kind, 60)
    assert len(made) >= 20
    right = [same(clean(noisy).text, wanted) for noisy, wanted in made]
    assert sum(right) >= 0.99 * len(right), next(n for n, ok in zip(made, right, strict=True) if not ok)


def test_kinds_mixed():
    rng = random.Random(11)
    kinds = [kind for kind in noise.KINDS if kind not in ("bare_page_numbers", "preview_tail")]
    right = total = 0
    for text in TEXTS * 6:
        noisy = text
        for kind in rng.sample(kinds, 5):
            try:
                noisy = noise.KINDS[kind](rng, noisy)[0]
            except IndexError:
                continue
        total += 1
        right += same(clean(noisy).text, text)
    assert right >= 0.98 * total  # two kinds may be planted into each other


def test_clean_text_is_left_alone():
    for text in TEXTS:
        assert clean(text).text == text


def test_every_rule_is_planted():
    alike = {"page_number", "bare_page_numbers"}
    not_planted = {
        "byte_order_mark",
        "double_title",
        "markdown",
        "hard_break",
        "line_end",
        "html_space",
    }  # examples and corpora
    assert {rule.name for rule in RULES} == (set(noise.KINDS) - alike) | {"page_number"} | not_planted


def test_rules_can_be_left_out_and_added(tmp_path):
    (tmp_path / "a.txt").write_text("治(zhi)理\n基層减負\n内部资料\n正文说明工作情况。\n", "utf-8")
    secret = bl.Rule(
        "secret", lambda raw: [(m.start(), m.end(), "") for m in re.finditer("内部资料\n", raw)], ("内部资料\n", "")
    )
    rules = [rule for rule in bl.RULES if rule.name != "pinyin"] + [secret, bl.FOLD_SCRIPT]
    documents, files, edits = bl.read_documents(tmp_path, rules=rules)
    assert documents["text"][0] == "治(zhi)理\n基层减负\n正文说明工作情况。\n"
    assert set(edits["reason"]) == {"secret", "script"}
    assert bl.undo_edits(documents["text"][0], edits) == "治(zhi)理\n基層减負\n内部资料\n正文说明工作情况。\n"
    assert files["reasons"].tolist() == documents["warnings"].tolist()
    assert "pinyin_inserted" not in files["reasons"][0]


@pytest.mark.parametrize(
    ("raw", "share"),
    [
        ("甲乙(未完,全文共1000字,当前显示250字)", 0.25),
        ("甲" * 60 + "(......此处隐藏了40字......)", 0.6),
        ("减负", None),
    ],
)
def test_what_a_source_says_about_its_length(raw, share):
    assert present_share(raw, clean(raw).text) == share
