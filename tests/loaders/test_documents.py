"""Files to documents, and what became of every file."""

import codecs
import os
from pathlib import Path

import pandas as pd
import pytest

import burdenlab as bl
from tests.conftest import make_documents

BODY = "基层单位承担大量报表填报任务，疲于应付，群众也有意见，大家盼望真正减轻负担。"


def write(folder, **files):
    for name, content in files.items():
        path = folder / name.replace("_dot_", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def test_encodings_of_one_text_give_the_same_text(tmp_path):
    text = f"关于减轻基层负担的报告\r\n{BODY}\r\n"
    write(
        tmp_path,
        a_dot_txt=text,
        b_dot_txt=codecs.BOM_UTF8 + text.encode(),
        c_dot_txt=text.encode("gb18030"),
        d_dot_md=codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    )
    documents, files, edits = bl.read_documents(tmp_path)
    assert documents["text"].unique().tolist() == [text.replace("\r\n", "\n")]
    assert files["encoding"].tolist() == ["utf-8", "utf-8", "gb18030", "utf-16-le"]
    raw = bl.undo_edits(documents["text"].iloc[1], edits[edits["doc_id"] == "b.txt"])
    assert raw == "\ufeff" + text
    assert documents["title"].unique().tolist() == ["关于减轻基层负担的报告"]


@pytest.mark.parametrize("kind", ["csv", "gbk.csv", "semicolon.csv", "xlsx", "parquet"])
def test_a_table_is_one_document_a_row(tmp_path, kind):
    table = pd.DataFrame(
        {"id": ["007", "乙"], "正文": [BODY, "第二份，" + BODY], "year": ["2024", "2025"], "标注": ["NA", "x"]}
    )
    path = tmp_path / f"reports.{kind}"
    if kind == "xlsx":
        table.to_excel(path, index=False)
    elif kind == "parquet":
        table.to_parquet(path, index=False)
    else:
        table.to_csv(
            path, index=False, sep=";" if "semi" in kind else ",", encoding="gbk" if "gbk" in kind else "utf-8-sig"
        )
    documents, files, _ = bl.read_documents(path)
    assert documents["doc_id"].tolist() == [f"reports.{kind}#007", f"reports.{kind}#乙"]
    assert documents["text"].tolist() == table["正文"].tolist()
    assert documents["year"].tolist() == [2024, 2025]
    assert documents["标注"].tolist() == ["NA", "x"]
    assert files["n_documents"].tolist() == [2]


def test_ragged_rows_are_left_out_one_by_one(tmp_path):
    write(tmp_path, t_dot_csv=f"id,text\n1,{BODY}\n2,{BODY},more\n3,{BODY}\n")
    documents, files, _ = bl.read_documents(tmp_path)
    assert documents["doc_id"].tolist() == ["t.csv#1", "t.csv#3"]
    assert files["state"].tolist() == ["warned"]
    assert files["reasons"].tolist() == ["row_errors"]
    assert "row 3" in files["detail"][0]


@pytest.mark.parametrize(
    ("content", "reason", "said"),
    [
        ("a,b\n1,2\n", "schema", "none of the text columns"),
        ("id,text\n1,一\n1,二\n", "duplicate_id", "'1' more than once"),
        ("text,text\n一,二\n", "schema", "twice"),
    ],
)
def test_a_table_that_cannot_be_taken_says_why(tmp_path, content, reason, said):
    write(tmp_path, t_dot_csv=content, good_dot_txt=BODY)
    documents, files, _ = bl.read_documents(tmp_path)
    assert documents["doc_id"].tolist() == ["good.txt"]
    row = files.set_index("path").loc["t.csv"]
    assert (row["state"], row["reasons"]) == ("quarantined", reason)
    assert said in row["detail"]


def test_text_column_is_named_by_the_user(tmp_path):
    write(tmp_path, t_dot_csv=f"k,说明\n1,{BODY}\n")
    documents, _, _ = bl.read_documents(tmp_path, text_column="说明")
    assert documents["text"].tolist() == [BODY]


def test_every_file_has_one_fate(tmp_path):
    write(
        tmp_path,
        a_dot_txt=BODY,
        empty_dot_txt=b"",
        blank_dot_txt=" \n\n",
        picture_dot_txt=b"\x89PNG\r\n\x1a\n" + bytes(100),
    )
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "link.txt").symlink_to("a.txt")
    os.mkfifo(tmp_path / "pipe")
    documents, files, _ = bl.read_documents(tmp_path)
    fates = files.set_index("path")[["state", "reasons"]].agg(" ".join, axis=1).to_dict()
    assert fates == {
        ".DS_Store": "skipped system_file",
        "a.txt": "counted ",
        "blank.txt": "quarantined empty",
        "empty.txt": "quarantined empty",
        "link.txt": "quarantined symlink",
        "picture.txt": "quarantined binary_content",
        "pipe": "quarantined not_regular",
    }
    assert len(documents) == files["n_documents"].sum() == 1


def test_a_file_that_cannot_be_opened_is_quarantined(tmp_path, monkeypatch):
    write(tmp_path, a_dot_txt=BODY, b_dot_txt=BODY)
    read_bytes = Path.read_bytes

    def refuse(path):
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    documents, files, _ = bl.read_documents(tmp_path)
    assert documents["doc_id"].tolist() == ["b.txt"]
    assert files["reasons"].tolist() == ["unreadable", ""]
    assert "Permission denied" in files["detail"][0]


def test_a_file_over_the_limit_is_quarantined(tmp_path):
    write(tmp_path, a_dot_txt=BODY, b_dot_txt="短。")
    _, files, _ = bl.read_documents(tmp_path, limits=bl.Limits(file_bytes=50))
    assert files["reasons"].tolist() == ["limit", ""]


def test_workers_must_be_positive(tmp_path):
    with pytest.raises(ValueError, match="workers=0"):
        bl.read_documents(write(tmp_path, a_dot_txt=BODY), workers=0)


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("关于精简会议的调研报告", "关于精简会议的调研报告"),
        ("一、基本情况", "00"),
        ("同志们：", "00"),
        ("今天我们召开会议，研究减负工作。", "00"),
    ],
)
def test_title_is_taken_only_from_what_looks_like_one(first, title):
    assert make_documents(f"{first}\n{BODY}")["title"].tolist() == [title]
