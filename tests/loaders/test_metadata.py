"""Document variables joined to documents."""

import datetime

import pandas as pd
import pytest
import xlsxwriter

import burdenlab as bl
from burdenlab.loaders.metadata import read_metadata
from tests.loaders.test_xlsx import bomb


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sub").mkdir()
    for name in ("a.txt", "b.txt", "sub/c.txt"):
        (tmp_path / name).write_text(f"减负情况报告{name}\n内容一致。", "utf-8")
    return tmp_path


def read(folder, **columns):
    return bl.read_documents(folder, metadata=pd.DataFrame(columns))[0].set_index("doc_id")


def test_doc_id_comes_first(folder):
    documents = read(folder, doc_id=["a.txt", "b.txt", "sub/c.txt"], id=["x", "y", "z"], level=["县", "乡", "村"])
    assert documents["level"].tolist() == ["县", "乡", "村"]
    assert documents["id"].tolist() == ["x", "y", "z"]


def test_id_is_matched_by_stem(folder):
    assert read(folder, id=["c", "a", "b"], year=["2021", "2019", "2020"])["year"].tolist() == [2019, 2020, 2021]


def test_a_doc_id_that_matches_nothing_gives_way(folder):
    documents = read(folder, doc_id=["1", "2", "3"], id=["a", "b", "c"], v=["p", "q", "r"])
    assert documents["v"].tolist() == ["p", "q", "r"]


def test_path_column_matches_from_the_right(folder):
    documents = read(folder, txt_path=["data/a.txt", "data\\b.txt", "data/sub/c.txt"], v=["p", "q", "r"])
    assert documents["v"].tolist() == ["p", "q", "r"]


def test_title_wins_and_other_names_get_a_prefix(folder):
    documents = read(folder, id=["a", "b", "c"], title=["甲", "", "丙"], sha256=["1", "2", "3"])
    assert documents["title"].tolist() == ["甲", "减负情况报告b.txt", "丙"]
    assert documents["meta_sha256"].tolist() == ["1", "2", "3"]
    assert documents["sha256"].str.len().eq(64).all()


def test_unmatched_rows_are_reported(folder):
    with pytest.warns(
        UserWarning, match=r"1 document\(s\) without a row, such as 'b.txt'; 1 row\(s\) without .* such as 'd'"
    ):
        documents = read(folder, id=["a", "c", "d"], v=["p", "q", "r"])
    assert documents["v"].isna().tolist() == [False, True, False]


def test_a_double_is_an_error(folder):
    with pytest.raises(ValueError, match="column 'id' holds 'a' more than once"):
        read(folder, id=["a", "a", "b"], v=["p", "q", "r"])


def test_an_id_that_fits_two_documents_is_an_error(folder):
    (folder / "sub" / "a.txt").write_text("另一份报告。", "utf-8")
    with pytest.raises(ValueError, match=r"id='a' fits several documents: \['a.txt', 'sub/a.txt'\]"):
        read(folder, id=["a", "b", "c"])


def test_no_match_at_all_names_what_there_is(folder):
    with pytest.raises(
        ValueError, match=r"matches no document .* its columns are \['k'\], a document is called 'a.txt'"
    ):
        read(folder, k=["a"])


def test_a_year_that_is_none_is_an_error(folder):
    with pytest.raises(ValueError, match="'year' holds something that is no whole year"):
        read(folder, id=["a", "b", "c"], year=["二〇二四", "2020", "2021"])


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_tables_of_each_kind(folder, tmp_path, kind):
    path = tmp_path / f"meta.{kind}"
    table = pd.DataFrame(
        {"id": ["a", "b", "c"], "code": ["007", "8", "9"], "n": ["1", "", "3"], "level": ["县", "乡", ""]}
    )
    if kind == "csv":
        table.to_csv(path, index=False, encoding="gbk")
    elif kind == "xlsx":
        table.to_excel(path, index=False)
    else:
        table.to_parquet(path, index=False)
    documents, files, _ = bl.read_documents(folder, metadata=path)
    assert documents["code"].tolist() == ["007", "8", "9"]
    assert files.set_index("path")["state"].to_dict()[path.name] == "skipped"
    if kind != "parquet":
        assert documents["n"].astype("Int64").tolist() == [1, pd.NA, 3]


def test_missing_and_broken_tables(folder, tmp_path):
    with pytest.raises(FileNotFoundError, match="does not exist"):
        bl.read_documents(folder, metadata=tmp_path / "none.csv")
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1nonsense")
    with pytest.raises(ValueError, match="cannot be read as a table"):
        bl.read_documents(folder, metadata=broken)


def test_a_workbook_of_metadata_is_read_within_limits(tmp_path):
    path = tmp_path / "m.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([("doc_id", "day", 2024), ("01", datetime.date(2024, 3, 5), 1.5), ("", "", "")]):
            sheet.write_row(number, 0, row)
    assert read_metadata(path).astype("str").values.tolist() == [["01", "2024-03-05 00:00:00", "1.5"]]
    path.write_bytes(bomb(path.read_bytes()))
    with pytest.raises(ValueError, match=r"m\.xlsx' cannot be read as a table: the workbook unpacks to more than"):
        read_metadata(path)
    path.write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(ValueError, match=r"it is no xlsx file; save it as \.xlsx or \.csv"):
        read_metadata(path)
