"""Chinese numerals against values written out by hand; every number is its own oracle."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burdenlab.metrics.numerals import find_figures, parse_numeral

WRITTEN = {
    "十": 10, "十二": 12, "二十": 20, "两百": 200, "二百零五": 205, "三千零一十": 3010, "一万二千": 12_000, "九十八": 98, "一亿二千万": 120_000_000,
    "三十万": 300_000, "四十余": 40, "三十多": 30, "上千": 1000, "上万": 10_000, "近百": 100, "三四十": 40, "1.9万": 19_000, "3000多亿": 3e11, "3,400": 3400,
    "5300余": 5300, "二〇二四": 2024, "两千零八": 2008, "一千零五十": 1050, "十万零三百": 100_300, "零": 0, "三点五": 3.5,
}  # fmt: skip


@pytest.mark.parametrize(("written", "value"), WRITTEN.items(), ids=WRITTEN)
def test_numerals(written, value):
    assert parse_numeral(written) == value


@pytest.mark.parametrize("written", ["几十", "数百", "好几千"])
def test_numerals_without_a_digit_have_no_value(written):
    assert math.isnan(parse_numeral(written))


@given(st.integers(0, 999_999_999))
def test_numbers_spelt_out_come_back(number):
    assert parse_numeral(spell(number)) == number


def spell(number: int) -> str:
    """Write a number in Chinese as schoolbooks do: 零 for every gap, 亿 and 万 by groups of four digits."""
    if number == 0:
        return "零"
    text, gap = "", False
    for power, sign in ((8, "亿"), (4, "万"), (0, "")):
        group = number // 10**power % 10_000
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += "零"
        gap = False
        digits = ""
        for place, unit in ((3, "千"), (2, "百"), (1, "十"), (0, "")):
            digit = group // 10**place % 10
            if digit:
                digits += "〇一二三四五六七八九"[digit] + unit
            elif digits and group % 10**place and not digits.endswith("零"):
                digits += "零"
        text += digits + sign
    return text


FOUND = {
    "会议减少30%": [(30, "%")],
    "表格由200份压减到50份": [(200, "份"), (50, "份")],
    "三成、一半、三分之二、百分之五": [(30, "%"), (50, "%"), (66.7, "%"), (5, "%")],
    "一场半，两个半小时，半天，3小时40分钟": [(1.5, "场"), (2.5, "小时"), (0.5, "天"), (3.67, "小时")],
    "1—2个工作日内，近30项指标，1.2万字": [(2, "工作日"), (30, "项"), (12_000, "字")],
    "每月开会一次，每年一次": [(1, "次"), (1, "次")],
    "第三批5G基站、八项规定、“两个一百年”、十九届、一二三产业、一个样、统一门户、上半年": [],
    "晚上十点以后，十分重要，千方百计，3号楼，二期工程": [],
    "提高0.5个百分点，按7∶3分担": [(0.5, "百分点"), (math.nan, "")],
    "几十个，数百万元": [(math.nan, "个"), (math.nan, "元")],
    "": [],
    "零": [],
}


@pytest.mark.parametrize(("text", "expected"), FOUND.items(), ids=[t[:8] for t in FOUND])
def test_figures(text, expected):
    found = [(f.value, f.unit) for f in find_figures(text)]
    assert str(found) == str([(float(value), unit) for value, unit in expected])


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("自2024年8月6日起施行", "2024年8月6日起"),
        ("8月底前完成", "8月底前"),
        ("今年1月至4月，", "1月至4月"),
        ("2025年一季度", "2025年一季度"),
        ("二〇二四年上半年", "二〇二四年上半年"),
        ("4月上旬，县里", "4月上旬"),
        ("每月25日前上报", "25日前"),
    ],
)
def test_dates(text, date):
    assert [text[f.start : f.end] for f in find_figures(text) if f.kind == "date"] == [date]


@pytest.mark.parametrize("text", ["借用3个月", "过去的10年", "去年同期", "10日内反馈", "月度考核"])
def test_lengths_of_time_are_no_dates(text):
    assert not [f for f in find_figures(text) if f.kind == "date"]


@given(st.text(alphabet="一二十百千万亿两半0123456789.,%成个月年日场至—由降到分之〔*〕", max_size=40))
def test_whatever_comes_figures_are_in_order_and_without_overlap(text):
    found = list(find_figures(text))
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
