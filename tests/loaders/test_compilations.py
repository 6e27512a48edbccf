"""Several texts in one file: a preview, then a split that a person asked for."""

import pytest

import burdenlab as bl

BODY = "基层单位按月核对台账，不再重复报送，各村社把腾出的时间用于走访入户，群众办事比过去方便。" * 5
TITLES = ["在全镇减负工作会议上的讲话", "关于清理工作群情况的报告", "关于村级台账清理情况的汇报（某某村）"]
FILE = (
    "减负材料汇编\n目录\n"
    + "\n".join(TITLES)
    + "\n"
    + "\n".join(f"{title}\n（某年某月）\n各位代表：\n{BODY}" for title in TITLES)
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "all.txt").write_text(FILE.replace("\n", "\r\n"), "utf-8", newline="")
    (tmp_path / "one.txt").write_text(f"{TITLES[0]}\n{BODY}", "utf-8")
    return tmp_path


def test_the_preview_finds_each_text(folder):
    documents, _, _ = bl.read_documents(folder)
    preview = bl.find_compilations(documents)
    assert preview["title"].tolist() == TITLES
    assert set(preview["doc_id"]) == {"all.txt"}
    text = documents.set_index("doc_id").loc["all.txt", "text"]
    assert [text[start:end].strip() for start, end in zip(preview["start"], preview["end"], strict=True)] == [
        f"{title}\n（某年某月）\n各位代表：\n{BODY}" for title in TITLES
    ]


def test_it_is_split_where_the_person_left_it(folder):
    whole, _, _ = bl.read_documents(folder)
    preview = bl.find_compilations(whole)
    documents, files, edits = bl.read_documents(folder, compilations=preview.drop(index=1))
    assert documents["doc_id"].tolist() == ["all.txt#0", "all.txt#1", "all.txt#2", "one.txt"]
    assert files["n_documents"].tolist() == [3, 1]
    raws = [
        bl.undo_edits(t, edits[edits["doc_id"] == i])
        for i, t in zip(documents["doc_id"], documents["text"], strict=True)
    ]
    assert "".join(raws[:3]) == FILE.replace("\n", "\r\n")


def test_a_table_without_titles_is_refused(folder):
    with pytest.raises(ValueError, match="title"):
        bl.read_documents(folder, compilations=bl.read_documents(folder)[0][["doc_id"]])
