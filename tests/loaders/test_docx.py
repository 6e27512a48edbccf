"""Word files as a reader sees them."""

import io
import zipfile

import pytest
from docx import Document

from burdenlab.loaders.docx import read_docx
from burdenlab.loaders.limits import Options
from burdenlab.loaders.quarantine import Quarantined

NAMESPACES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def word(body: str, **parts: str) -> bytes:
    """Make the smallest file Word would open; `parts` are further files of its folder word/."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            archive.writestr(f"word/{name.replace('__', '/').replace('_dot_', '.')}", content)
    return out.getvalue()


def read(body: str, **parts: str) -> list[str]:
    return read_docx(word(body, **parts), Options()).parts[0].raw.split("\n")


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def numbered(level: int, number: int = 1) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def numbering(*levels: tuple[str, str], restart: str = "") -> str:
    described = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for i, (style, text) in enumerate(levels)
    )
    return (
        f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="0">{described}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="0"/>{restart}</w:num></w:numbering>'
    )


OFFICIAL = numbering(
    ("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimal", "（%4）")
)


def test_numbers_nest_and_start_again_under_each_parent():
    levels = [0, 1, 2, 2, 1, 2, 0, 1]
    body = "".join(paragraph(f"第{i}段", numbered(level)) for i, level in enumerate(levels))
    assert read(body, numbering_dot_xml=OFFICIAL) == [
        "一、第0段", "（一）第1段", "1.第2段", "2.第3段", "（二）第4段", "1.第5段", "二、第6段", "（一）第7段",
    ]  # fmt: skip


def test_numbers_come_from_styles_and_what_they_are_based_on():
    styles = (
        f'<w:styles {NAMESPACES}><w:style w:styleId="H"><w:pPr>{numbered(1)}</w:pPr></w:style>'
        '<w:style w:styleId="I"><w:basedOn w:val="H"/></w:style></w:styles>'
    )
    body = paragraph("甲", '<w:pStyle w:val="I"/>') + paragraph("乙", '<w:pStyle w:val="H"/>')
    assert read(body, numbering_dot_xml=OFFICIAL, styles_dot_xml=styles) == ["（一）甲", "（二）乙"]


def test_a_second_list_goes_on_unless_it_says_where_to_start():
    body = paragraph("甲", numbered(0)) + paragraph("乙", numbered(0, 2))
    assert read(body, numbering_dot_xml=OFFICIAL) == ["一、甲", "二、乙"]
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    again = numbering(("chineseCounting", "%1、"), restart=restart)
    assert read(body, numbering_dot_xml=again) == ["一、甲", "一、乙"]


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("chineseCountingThousand", "一 十 十一 二十 二十一 一百零一"),
        ("chineseLegalSimplified", "壹 壹拾 壹拾壹 贰拾 贰拾壹 壹佰零壹"),
        ("decimalEnclosedCircle", "① ⑩ ⑪ ⑳ 21 101"),
        ("decimalFullWidth", "１ １０ １１ ２０ ２１ １０１"),
        ("ideographTraditional", "甲 癸 11 20 21 101"),
        ("upperLetter", "A J K T U WWWW"),
        ("lowerRoman", "i x xi xx xxi ci"),
        ("decimalZero", "01 10 11 20 21 101"),
        ("bullet", "     "),
    ],
)
def test_numbers_are_spelled_as_word_shows_them(style, shown):
    """The forms of ECMA-376 part 1, 17.18.59 ST_NumberFormat."""
    body = "".join(paragraph("段", numbered(0)) for _ in range(101))
    lines = read(body, numbering_dot_xml=numbering((style, "%1 ")))
    assert [lines[n - 1].removesuffix("段").strip() for n in (1, 10, 11, 20, 21, 101)] == shown.split(" ")[:6]


def test_a_number_does_not_run_into_a_figure():
    body = paragraph("2023年完成", numbered(2))
    assert read(body, numbering_dot_xml=OFFICIAL) == ["1. 2023年完成"]


def test_tracked_changes_are_accepted():
    body = (
        "<w:p><w:r><w:t>保留</w:t></w:r><w:ins><w:r><w:t>插入</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>删除</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>移来</w:t></w:r></w:moveTo></w:p>"
        + paragraph("前段", "<w:rPr><w:del/></w:rPr>")
        + paragraph("后段")
    )
    assert read(body) == ["保留插入移来", "前段后段"]


def test_hidden_text_is_out_and_told():
    run = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>可见</w:t></w:r>"
    parts = read_docx(word(f"<w:p>{run}</w:p>"), Options())
    assert parts.parts[0].raw == "可见"
    assert parts.reasons == ("hidden_text",)


def test_ruby_keeps_its_base_and_a_field_its_result():
    body = (
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>zhì</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>治</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>理</w:t></w:r></w:p>"
    )
    assert read(body) == ["治理"]


def test_a_text_box_stands_once_behind_its_paragraph():
    box = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
    body = (
        f"<w:p><w:r><w:t>段落</w:t></w:r><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>" + paragraph("下段")
    )
    assert read(body) == ["段落", "框内", "下段"]


def test_a_frame_around_text_is_no_table():
    def table(*rows: tuple[str, ...]) -> str:
        cells = "".join(f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in row)}</w:tr>" for row in rows)
        return f"<w:tbl>{cells}</w:tbl>"

    figures = table((paragraph("指标"), paragraph("2023年")), (paragraph("台账"), paragraph("46") + paragraph("项")))
    assert read(table((paragraph("一段") + paragraph("二段"),))) == ["一段", "二段"]
    assert read(figures) == ["指标\t2023年", "台账\t46 项"]


def test_contents_and_notes():
    contents = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{paragraph('一、概况 1')}</w:sdtContent></w:sdt>"
    )
    body = contents + '<w:p><w:r><w:t>正文</w:t><w:footnoteReference w:id="2"/></w:r></w:p>' + paragraph("末段")
    notes = f'<w:footnotes {NAMESPACES}><w:footnote w:id="2">{paragraph("注释")}</w:footnote></w:footnotes>'
    assert read(body, footnotes_dot_xml=notes) == ["正文", "末段", "注释"]


def test_an_embedded_page_stands_where_it_is_embedded():
    relations = '<Relationships><Relationship Id="c" Target="chunk.html"/></Relationships>'
    body = paragraph("前") + '<w:altChunk r:id="c"/>' + paragraph("后")
    lines = read(
        body, _rels__document_dot_xml_dot_rels=relations, chunk_dot_html="<p>甲</p><ol><li>乙</li><li>丙</li></ol>"
    )
    assert lines == ["前", "甲", "1.乙", "2.丙", "后"]


def test_a_file_of_another_program():
    """The paragraphs that python-docx writes and reads."""
    document, out = Document(), io.BytesIO()
    for line in ("关于减负的报告", "基层单位按月核对台账。"):
        document.add_paragraph(line)
    document.add_table(1, 2).rows[0].cells[1].text = "右"
    document.save(out)
    assert read_docx(out.getvalue(), Options()).parts[0].raw.split("\n") == [
        *(p.text for p in document.paragraphs),
        "右",
    ]


def test_a_document_type_is_refused():
    damaged = word("").replace(b"<w:document", b"<!DOCTYPE a><w:document")
    with pytest.raises(Quarantined, match="damaged"):
        read_docx(damaged, Options())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<!DOCTYPE a [<!ENTITY x 'y'>]><a/>")
    with pytest.raises(Quarantined, match="document type") as refused:
        read_docx(out.getvalue(), Options())
    assert refused.value.code == "xml_entity"
