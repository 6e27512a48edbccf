"""The real and derived messy files: each comes out as its manifest says, or is quarantined with the right reason."""

import csv
import re
import unicodedata
from collections.abc import Callable

import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.loaders.office import find_office
from tests.conftest import SHARED

MESSY = SHARED / "corpora" / "messy"
MANIFEST = MESSY / "manifest.csv"
_ROWS = list(csv.DictReader(MANIFEST.read_text("utf-8").splitlines())) if MANIFEST.is_file() else []
ROWS = {row["file"]: row for row in _ROWS} or {"the manifest is not here": {}}
HAN = re.compile(r"[^\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def messy(shared):
    """Give every document and every fate of the folder, read once."""
    documents, files, _ = bl.read_documents(shared / "corpora" / "messy")
    return documents.set_index("path", drop=False), files.set_index("path")


def grams(text: str, n: int = 5) -> set[str]:
    han = HAN.sub("", text)
    return {han[i : i + n] for i in range(len(han) - n + 1)}


def jaccard(a: str, b: str) -> float:
    one, two = grams(a), grams(b)
    return len(one & two) / len(one | two)


def reference(row: dict) -> str:
    path = MESSY.parent / row["text_reference"]
    return path.read_bytes().decode("utf-8")


class Case:
    """What came of one file."""

    def __init__(self, name: str, documents: pd.DataFrame, files: pd.DataFrame) -> None:
        self.name, self.row, self.file, self.documents = name, ROWS[name], files.loc[name], documents
        self.reasons = set(self.file["reasons"].split(";")) - {""}
        self.text = documents.loc[name, "text"] if self.file["n_documents"] == 1 else ""

    def is_quarantined(self, *reasons: str) -> bool:
        return self.file["state"] == "quarantined" and self.reasons <= set(reasons) and bool(self.file["detail"])

    def equals_reference(self, at_least: float = 0.99) -> bool:
        return jaccard(self.text, reference(self.row)) >= at_least


def same_as_reference(case: Case) -> None:
    assert case.file["state"] == "counted"
    assert case.equals_reference()


def gbk_report(case: Case) -> None:
    assert case.file["encoding"] == "gb18030"
    assert "\ufffd" not in case.text
    assert "海拉尔区" in case.text
    if re.sub(r"\s", "", reference(case.row)).startswith("政府工作报告"):
        assert case.text.strip().startswith("政府工作报告"), "the letter-spaced title"
    same_as_reference(case)


def web_page(case: Case) -> None:
    year = re.search(r"\d{4}", case.name)[0]
    place = {"wanzai": "万载县", "yichun": "宜春市", "jiangxi": "江西省"}[case.name.split("_")[1]]
    assert f"{place}{year}年国民经济和社会发展统计公报" in re.sub(r"\s", "", case.text)
    for furniture in (
        "当前位置",
        "网站地图",
        "版权所有",
        "扫一扫",
        "ICP备",
        "打印本页",
        "关闭窗口",
        "主办单位",
        "无障碍",
    ):
        assert furniture not in case.text
    assert case.file["state"] == "counted"


def legacy(case: Case) -> None:
    if find_office() is None:
        assert case.is_quarantined("legacy_doc")
        assert "LibreOffice" in case.file["detail"]
    else:
        assert case.file["state"] == "counted"
        assert len(grams(case.text)) > 500


def of_triple(case: Case) -> None:
    texts = case.documents.loc[[case.name.rpartition(".")[0] + end for end in (".md", ".docx", ".pdf")], "text"]
    assert min(jaccard(case.text, other) for other in texts) >= 0.99
    assert "](#" not in case.text
    assert case.file["state"] == "counted"


def made_docx(case: Case) -> None:
    # The place of the text box and of the footnote is free.
    said = sorted(line for line in case.text.split("\n") if line.strip())
    assert said == sorted(line for line in reference(case.row).split("\n") if line.strip())
    main = [
        line for line in case.text.split("\n") if line.strip() and "【文本框】" not in line and "【脚注】" not in line
    ]
    truth = [line for line in reference(case.row).split("\n") if line in main]
    assert main == truth


def made_pdf(case: Case) -> None:
    squeezed, truth = (re.sub(r"\s", "", text) for text in (case.text, reference(case.row)))
    shingles = [truth[i : i + 20] for i in range(len(truth) - 19)]
    assert sum(shingle in squeezed for shingle in shingles) / len(shingles) >= 0.99
    assert not re.search(r"—\s*\d+\s*—", case.text)
    paragraphs = [line for line in reference(case.row).split("\n") if len(line) > 60]
    assert sum(p in case.text.split("\n") for p in paragraphs) / len(paragraphs) >= 0.95, "lines joined to paragraphs"


def made_page(case: Case) -> None:
    truth = (MESSY / "made" / "truth.txt").read_text("utf-8").split("\n")
    assert [p for p in truth if p.strip() and p.strip() not in case.text] == []
    for furniture in ("浏览：", "相关推荐", "讲话稿", "乡镇2023年", "公文参考网", "首页", "备案号"):
        assert furniture not in case.text


def contains(*parts: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        assert case.file["state"] in ("counted", "warned")
        assert [part for part in parts if part not in re.sub(r"\s", "", case.text)] == []

    return check


def quarantined(*reasons: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        assert case.is_quarantined(*reasons), case.file.to_dict()

    return check


def hebei(case: Case) -> None:
    assert case.file["n_documents"] == 1
    documents, _, _ = bl.read_documents(MESSY / case.name)
    assert documents.loc[0, "province"] == "河北省"
    assert {"province", "year", "source_url", "publish_date"} <= set(documents.columns)
    text = documents.loc[0, "text"]
    for word in ("下载", "打印", "全屏", "收藏", "字号", "加大", "还原"):
        assert word not in text.split("各位代表")[0]
    assert jaccard(text, reference(case.row)) >= 0.99


def mojibake_mended(case: Case) -> None:
    assert case.reasons == {"mojibake"}
    assert case.equals_reference()


def truncated_text(case: Case) -> None:
    assert "decode_errors" in case.reasons
    assert case.text.count("\ufffd") <= 1
    assert len(grams(case.text) - grams(reference_of("X150702_2015"))) <= 5


def reference_of(key: str) -> str:
    return (MESSY.parent / "workreports" / "txt" / f"{key}.txt").read_text("utf-8")


def utf8_with_mark(case: Case) -> None:
    same_as_reference(case)
    assert "\ufeff" not in case.text
    assert "\r" not in case.text


def full_width(case: Case) -> None:
    def folded(text: str) -> str:
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))

    said, truth = folded(case.text), folded(reference_of("X150702_2015"))
    assert len(said) > 3000
    assert said in truth or said[: len(truth)] == truth


def letter_spaced(case: Case) -> None:
    said = grams(case.text)
    assert len(said) > 1000
    assert len(said - grams(reference_of("X150702_2015"))) < 0.01 * len(said)
    assert "政府工作报告" in case.text
    assert "海拉尔区" in case.text


def pdf_dump(case: Case) -> None:
    squeezed = re.sub(r"\s", "", (MESSY / case.name).read_bytes().decode("utf-8", "ignore"))
    assert case.text.count("广州市人民政府") >= 0.99 * squeezed.count("广州市人民政府") > 0
    assert "2011年12月15日" in case.text


def tmx(case: Case) -> None:
    assert not re.search(r"[A-Za-z]{4,} [a-z]{2,} [a-z]{2,}", case.text), "no English sentence"
    assert len(grams(reference(case.row)) & grams(case.text)) / len(grams(case.text)) > 0.95


def docx_of_wps(case: Case) -> None:
    contains("中央机关及其直属机构2022年度考试录用公务员公共科目")(case)


def docx_plain(case: Case) -> None:
    contains("江西省人民政府外事办公室")(case)
    assert len(grams(case.text)) > 400


def govdoc(case: Case) -> None:
    contains("发改办财金规〔2019〕860号", "关于加强个人所得税纳税信用建设的通知")(case)
    assert case.equals_reference()


def html_named_doc(case: Case) -> None:
    assert case.file["format"] == "html"
    assert len(grams(case.text) & grams(reference_of("X150702_2015"))) > 0.99 * len(grams(case.text))
    assert "<" not in case.text


def mixed(case: Case) -> None:
    assert "mixed_encoding" in case.reasons
    if case.text:
        assert len(grams(case.text) - grams(reference_of("X150702_2015"))) < 0.01 * len(grams(case.text))


EXPECTED: dict[str, Callable[[Case], None]] = {
    **dict.fromkeys((f"real/gbk_hailar_{year}.txt" for year in range(2012, 2020)), gbk_report),
    **dict.fromkeys((f"real/html_{page}.html" for page in ("wanzai_2015", "wanzai_2022", "yichun_2022", "jiangxi_2022")), web_page),
    **dict.fromkeys(("real/ole_doc_tineng.doc", "real/ole_doc_dagang2.doc"), legacy),
    **{
        f"real/triples/中华人民共和国{law}.{suffix}": of_triple
        for law in ("公务员法", "行政许可法", "立法法", "国旗法", "行政处罚法")
        for suffix in ("md", "docx", "pdf")
    },
    "real/utf8bom_hebei_2026.csv": hebei,
    "real/gbk_policy_fre.csv": quarantined("schema"),
    "real/docx_dagang4.docx": docx_plain,
    "real/docx_dagang1.docx": docx_of_wps,
    "real/xls_wanzai_stats_202310.xls": quarantined("schema"),
    "real/govdoc397.pdf": govdoc,
    "real/govdoc397.txt": same_as_reference,
    "real/govdoc397_bio.txt": quarantined("type_mismatch"),
    "real/govdoc397_p1.png": quarantined("binary_content"),
    "real/tmx_gwr_2015.tmx": tmx,
    "real/pdfdump_policytxt_first300k.txt": pdf_dump,
    "real/pkulaw_mixed_eol_baotou.txt": contains("包府办发〔2022〕43号", "数字政府建设考评办法"),
    "real/sqldump_statecouncil_15docs.sql": quarantined("type_mismatch"),
    **dict.fromkeys(("derived/utf16le_bom.txt", "derived/utf16be_bom.txt", "derived/utf16le_nobom.txt"), same_as_reference),
    "derived/utf8_bom_crlf.txt": utf8_with_mark,
    "derived/mojibake_gbk_as_latin1_saved_utf8.txt": mojibake_mended,
    "derived/mojibake_utf8_as_gbk.txt": quarantined("mojibake"),
    "derived/mojibake_kunjinkao.txt": quarantined("mojibake"),
    "derived/mixed_half_gbk_half_utf8.txt": mixed,
    "derived/truncated_midchar_utf8.txt": truncated_text,
    "derived/empty.txt": quarantined("empty"),
    "derived/bom_only.txt": quarantined("empty"),
    "derived/html_with_doc_ext.doc": html_named_doc,
    "derived/fullwidth_digits_spaces.txt": full_width,
    "derived/letterspaced_ocr.txt": letter_spaced,
    "derived/scanned_imageonly_govdoc397.pdf": quarantined("scanned"),
    "derived/scanned_noisy_rotated_p2.pdf": quarantined("scanned"),
    "derived/encrypted_pw_secret.pdf": quarantined("encrypted"),
    "derived/truncated.pdf": quarantined("corrupt"),
    "derived/truncated.docx": quarantined("corrupt"),
    "made/sample.docx": made_docx,
    "made/sample_r.docx": made_docx,
    "made/one.pdf": made_pdf,
    "made/two.pdf": made_pdf,
    "made/page.html": made_page,
}  # fmt: skip


@pytest.mark.parametrize("name", list(ROWS))
def test_manifest_row(name, messy):
    EXPECTED[name](Case(name, *messy))


def test_every_file_of_the_folder_has_its_fate(messy):
    documents, files = messy
    on_disk = {path.relative_to(MESSY).as_posix() for path in MESSY.rglob("*") if path.is_file()}
    assert set(files.index) == on_disk
    assert int(files["n_documents"].sum()) == len(documents)


def test_headings_of_the_annotated_document(shared):
    """GovDoc-CN 397 with its published tags: all headings of both levels are found, and no other."""
    folder = shared / "oracles" / "govdoc_structure"
    marked: dict[str, list[str]] = {"一级标题": [], "二级标题": []}
    for line in (folder / "govdoc397_bio.txt").read_text("utf-8").splitlines():
        character, _, tag = line.partition(" ")
        begins, _, kind = tag.partition("_")
        if kind in marked and character not in "曌錓":  # which stand for space and line end
            marked[kind] += [character] if begins == "B" else []
            marked[kind][-1] += "" if begins == "B" else character
    documents, _, _ = bl.read_documents(folder / "govdoc397.txt")
    sections = bl.split_sections(documents)
    text = documents.loc[0, "text"]
    for level, kind in enumerate(marked, start=1):
        rows = sections[(sections["level"] == level) & (sections["heading_end"] > sections["heading_start"])]
        found = [text[row.start : row.heading_end].strip() for row in rows.itertuples()]
        assert [re.sub(r"\s", "", heading) for heading in found] == [h.rstrip("。") for h in marked[kind]]
    assert sections["level"].max() == 2
