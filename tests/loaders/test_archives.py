"""Archives: every member has a fate of its own."""

import io
import zipfile

import pytest

import burdenlab as bl

GOOD = "基层单位按月核对台账，不再重复报送。"


def test_members_have_rows_of_their_own(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("镇/一.txt", GOOD)
        archive.writestr("镇/二.csv", f"id,text\n1,{GOOD}\n2,{GOOD}\n")
        archive.writestr("__MACOSX/._一.txt", b"\x00\x05")
        archive.writestr("空.txt", "")
    documents, files, _ = bl.read_documents(tmp_path)
    assert documents["doc_id"].tolist() == ["a.zip!/镇/一.txt", "a.zip!/镇/二.csv#1", "a.zip!/镇/二.csv#2"]
    assert dict(zip(files["path"], files["reasons"], strict=True)) == {
        "a.zip": "archive", "a.zip!/__MACOSX/._一.txt": "system_file", "a.zip!/空.txt": "empty",
        "a.zip!/镇/一.txt": "", "a.zip!/镇/二.csv": "",
    }  # fmt: skip


def test_names_of_chinese_windows(tmp_path):
    """Written in GBK without the UTF-8 flag, as the explorer of Windows does."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("XXXXXXXX.txt", GOOD)
    (tmp_path / "a.zip").write_bytes(out.getvalue().replace(b"XXXXXXXX", "减负报告".encode("gb18030")))
    assert bl.read_documents(tmp_path)[0]["doc_id"].tolist() == ["a.zip!/减负报告.txt"]


def test_a_scan_in_an_archive_takes_the_text_beside_it(tmp_path):
    from tests.loaders.test_pdf import picture  # noqa: PLC0415

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x.pdf", picture())
        archive.writestr("x.pdf.txt", GOOD)
    documents, files, _ = bl.read_documents(tmp_path)
    assert documents["doc_id"].tolist() == ["a.zip!/x.pdf.txt"]
    assert files["state"].tolist() == ["skipped", "skipped", "counted"]


@pytest.mark.parametrize(
    "limits", [bl.Limits(file_bytes=2000), bl.Limits(archive_members=1), bl.Limits(archive_ratio=1.5)]
)
def test_limits_are_options(tmp_path, limits):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", GOOD * 30_000)
        archive.writestr("b.txt", GOOD)
    _, files, _ = bl.read_documents(tmp_path, limits=limits)
    assert set(files["reasons"]) & {"zip_bomb", "limit"}
