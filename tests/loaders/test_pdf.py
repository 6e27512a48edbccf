"""PDF files to paragraphs; the files are drawn here by matplotlib, in the font that the figures use."""

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_pdf import PdfPages

import burdenlab as bl
from burdenlab.figures.style import rc
from burdenlab.loaders.limits import Options
from burdenlab.loaders.pdf import read_pdf
from burdenlab.loaders.quarantine import Quarantined

PARAGRAPHS = [
    "各村社按月核对台账数量并逐项登记来源部门，对没有依据的报表一律退回，不再安排专人重复填报；"
    "同时把走访入户的时间列入工作计划，由镇里统一协调，确保干部有时间做群众工作。",
    "二是清理工作群组，合并功能相近的群，停用长期没有发布内容的群，保留的群指定专人管理，"
    "不得以群内打卡代替实际工作，也不得把群内回复速度作为考核依据。",
]
WIDTH = 20


def wrap(paragraph: str) -> list[str]:
    text = "\u3000\u3000" + paragraph
    return [text[i : i + WIDTH] for i in range(0, len(text), WIDTH)]


def draw(pages: list[list[tuple[float, float, str]]]) -> bytes:
    out = io.BytesIO()
    with plt.rc_context(rc()), plt.rc_context({"pdf.fonttype": 42}), PdfPages(out) as pdf:
        for texts in pages:
            figure = plt.figure(figsize=(8.27, 11.69))
            for x, y, text in texts:
                indent = (len(text) - len(text.lstrip("\u3000"))) * 12 / (8.27 * 72)
                figure.text(x + indent, y, text.strip("\u3000"), fontsize=12)
            pdf.savefig(figure)
            plt.close(figure)
    return out.getvalue()


def column(x: float, lines: list[str], top: float = 0.9) -> list[tuple[float, float, str]]:
    return [(x, top - 0.025 * i, line) for i, line in enumerate(lines)]


def test_lines_join_to_paragraphs_and_page_numbers_go():
    lines = [line for paragraph in PARAGRAPHS for line in wrap(paragraph)]
    middle = len(lines) // 2 + 1
    pages = [
        [*column(0.1, part), (0.45, 0.03, f"— {n} —")] for n, part in enumerate((lines[:middle], lines[middle:]), 1)
    ]
    assert read_pdf(draw(pages), Options()).parts[0].raw.split("\n") == PARAGRAPHS


def test_columns_are_read_one_after_the_other():
    lines = [line for paragraph in PARAGRAPHS * 2 for line in wrap(paragraph)]
    middle = len(lines) // 2
    page = [*column(0.05, lines[:middle]), *column(0.53, lines[middle:])]
    assert read_pdf(draw([page]), Options()).parts[0].raw.split("\n") == PARAGRAPHS * 2


def test_running_heads_go_and_headings_stay():
    bodies = [f"{place}{PARAGRAPHS[0]}" for place in ("东街", "西河村", "南岭社区", "北")]
    pages = [
        [(0.1, 0.96, "内部资料 注意保存"), (0.1, 0.93, f"一、第{n}部分的情况"), *column(0.1, wrap(body))]
        for n, body in enumerate(bodies)
    ]
    lines = read_pdf(draw(pages), Options()).parts[0].raw.split("\n")
    assert lines == [line for n, body in enumerate(bodies) for line in (f"一、第{n}部分的情况", body)]


def picture() -> bytes:
    out = io.BytesIO()
    figure = plt.figure()
    figure.figimage(np.eye(300))
    figure.savefig(out, format="pdf")
    plt.close(figure)
    return out.getvalue()


def test_a_scan_says_so_and_the_text_beside_it_is_counted(tmp_path):
    (tmp_path / "a.pdf").write_bytes(picture())
    with pytest.raises(Quarantined, match=r"\.pdf\.txt") as refused:
        read_pdf(picture(), Options())
    assert refused.value.code == "scanned"
    (tmp_path / "a.pdf.txt").write_text(PARAGRAPHS[0], "utf-8")
    (tmp_path / "b.pdf").write_bytes(draw([column(0.1, wrap(PARAGRAPHS[1]))]))
    (tmp_path / "b.pdf.txt").write_text(PARAGRAPHS[1], "utf-8")
    documents, files, _ = bl.read_documents(tmp_path)
    assert documents["text"].tolist() == PARAGRAPHS[1:] + PARAGRAPHS[:1] or documents["text"].tolist() == PARAGRAPHS
    assert files.set_index("path")["reasons"].to_dict() == {
        "a.pdf": "scanned;text_beside", "a.pdf.txt": "", "b.pdf": "", "b.pdf.txt": "pdf_beside",
    }  # fmt: skip
    assert documents["path"].tolist() == ["a.pdf.txt", "b.pdf"]


def test_a_picture_among_pages_of_text_is_told(tmp_path):
    import pypdfium2  # noqa: PLC0415

    text, scan = (pypdfium2.PdfDocument(data) for data in (draw([column(0.1, wrap(PARAGRAPHS[0]))]), picture()))
    text.import_pages(scan)
    text.save(tmp_path / "mixed.pdf")
    read = read_pdf((tmp_path / "mixed.pdf").read_bytes(), Options())
    assert read.reasons == ("scanned",)
    assert "1 of 2 pages" in read.detail[0]
    assert read.parts[0].raw == PARAGRAPHS[0]
