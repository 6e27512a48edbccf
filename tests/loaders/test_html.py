"""Web pages to the text of their article."""

import pytest

from burdenlab.loaders.html import read_html, read_tmx, visible_text
from burdenlab.loaders.limits import Options
from burdenlab.loaders.quarantine import Quarantined

LONG = "基层单位承担的报表任务逐年增加，村社干部反映填报时间挤占了走访时间，群众办事等候变长。"
ARTICLE = "".join(f"<p>{n}.{LONG}</p>" for n in range(1, 6))


def page(body: str, head: str = "<title>某镇减负情况报告_某地政府网</title>") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def lines(data: bytes) -> list[str]:
    return read_html(data, Options()).parts[0].raw.split("\n")


def test_the_article_with_its_title_and_nothing_else():
    body = (
        "<header><nav><a href='/'>首页</a><a href='/b'>信息公开</a></nav></header>"
        f"<div class='main'>{ARTICLE}</div><script>var a='形式主义';</script><!-- 形式主义 -->"
        "<footer>主办单位：某镇人民政府 网站地图</footer>"
    )
    assert lines(page(body)) == ["某镇减负情况报告", *(f"{n}.{LONG}" for n in range(1, 6))]


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display : NONE'>{}</div>",
        "<p style='visibility:hidden;'>{}</p>",
        "<span style='font-size:0px'>{}</span>",
        "<p hidden>{}</p>",
        "<style>.x1 {{ color:red; display:none }}</style><div class='a x1'>{}</div>",
        "<template>{}</template>",
    ],
)
def test_what_a_browser_does_not_show(hidden):
    read = read_html(page(ARTICLE + hidden.format("形式主义" * 100)), Options())
    assert "形式主义" not in read.parts[0].raw
    assert ("hidden_text" in read.reasons) == ("template" not in hidden)


def test_ruby_keeps_its_base():
    ruby = "<p>基层<ruby>治<rp>(</rp><rt>zhì</rt><rp>)</rp></ruby>理" + LONG + "</p>"
    assert "基层治理" in read_html(page(ARTICLE + ruby), Options()).parts[0].raw


def test_numbers_of_a_list_and_cells_of_a_table():
    shown = visible_text(
        page("<ol start=3><li>甲</li><li><p>乙</p></li></ol><ol><li>1.丙</li></ol>"
             "<table><tr><td>指标</td><td><p>2023年</p></td></tr><tr><td>台账</td><td>46<br>项</td></tr></table>", "")
    )  # fmt: skip
    assert shown.split("\n") == ["3.甲", "4.乙", "1.丙", "指标\t2023年", "台账\t46 项"]


def test_a_table_that_lays_out_the_page_is_no_table():
    body = f"<table><tr><td>左</td><td>{ARTICLE * 3}</td></tr></table>"
    assert f"1.{LONG}" in visible_text(page(body)).split("\n")


@pytest.mark.parametrize("declared", ["gb2312", "utf-8", "big5"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_the_bytes_decide_not_what_the_page_declares(declared, encoding):
    text = page(ARTICLE, f"<meta charset={declared}><title>某镇减负情况报告</title>").decode()
    assert f"1.{LONG}" in lines(text.encode(encoding))


def test_a_saved_page():
    mht = (
        b"From: <Saved by Browser>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b1\n\n"
        b"--b1\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        + page(ARTICLE)
        + b"\n--b1--\n"
    )
    assert f"1.{LONG}" in lines(mht)


def test_a_page_without_text_is_refused():
    with pytest.raises(Quarantined) as refused:
        read_html(page("<script>1</script>", ""), Options())
    assert refused.value.code == "no_text"


def test_a_page_nested_too_deep_is_not_cut_silently():
    with pytest.raises(Quarantined) as refused:
        read_html(page("<div>" * 3000 + LONG), Options())
    assert refused.value.code == "limit"


def test_only_the_chinese_segments():
    tmx = (
        "<?xml version='1.0'?><!DOCTYPE tmx SYSTEM 'tmx14.dtd'><tmx><body><tu><tuv xml:lang='en'><seg>One.</seg></tuv>"
        "<tuv xml:lang='zh-CN'><seg>一份<b>报告</b>。</seg></tuv></tu></body></tmx>"
    )
    assert read_tmx(tmx.encode(), Options()).parts[0].raw == "一份报告。"
    with pytest.raises(Quarantined, match="entities"):
        read_tmx(tmx.replace("'tmx14.dtd'", "'a' [<!ENTITY x 'y'>]").encode(), Options())
