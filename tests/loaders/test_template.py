"""What documents say about themselves, and the sheet in which a person corrects it."""

import zipfile

import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.loaders.guesses import guess_variables
from burdenlab.loaders.template import EVIDENCE
from tests.conftest import make_documents


def values(title: str, text: str, warnings: str = "") -> dict[str, str]:
    return {key: guess.value for key, guess in guess_variables(title, text, warnings).items() if guess.value}


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        (
            "某项工作的通知", "某某县人民政府办公室\n某政办发〔2021〕15号\n各乡镇：\n正文。\n二〇二一年三月十五日",
            {"genre": "通知", "year": "2021", "date": "2021-03-15", "number": "某政办发〔2021〕15号", "provenance": "official"},
        ),
        (
            "云南省政府工作报告", "——2026年1月27日在云南省第九届人民代表大会第七次会议上\n各位同志：",
            {"genre": "政府工作报告", "year": "2026", "date": "2026-01-27", "level": "province", "region": "云南省"},
        ),
        (
            "", "下面，我代表国务院，报告政府工作。\n一、２０１４年工作回顾\n",
            {"genre": "政府工作报告", "year": "2015", "level": "central", "region": "全国", "issuer": "中央"},
        ),
        ("", "在呼伦贝尔市海拉尔区第九届人民代表大会会议期间\n", {"level": "county", "region": "内蒙古自治区/呼伦贝尔市/海拉尔区"}),
        ("", "近日，省级整治形式主义为基层减负专项工作机制办公室开会。", {"level": "province"}),
        ("", "鼓楼区人民政府工作情况\n", {"level": "county"}),  # there are several of that name
        ("", "西康省人民政府工作情况\n", {"level": "province", "region": "西康省"}),  # until 1955
    ],
)  # fmt: skip
def test_what_a_text_says(title, text, expected):
    said = values(title, text)
    assert {key: said.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    ("text", "provenance"),
    [
        ("新华社北京电 某地减负。", "media"),
        ("摘要：本文讨论基层负担。\n关键词：基层", "academic"),
        ("我镇认真开展工作。", "unknown"),
    ],
)
def test_provenance(text, provenance):
    assert values("", text)["provenance"] == provenance


def test_a_text_that_does_not_say_is_not_guessed():
    said = values("", "2024年1月，某镇开展走访，2023年12月完成台账清理。江苏省、浙江省的做法值得借鉴。")
    assert said == {"provenance": "unknown"}


def test_every_guess_has_its_words():
    for guess in guess_variables("关于清理台账的通知", "某政发〔2020〕3号\n正文。\n2020年5月6日").values():
        assert bool(guess.value in ("", "unknown")) == (guess.evidence == "")


def test_the_sheet_comes_back_corrected(tmp_path):
    (tmp_path / "in").mkdir()
    for name, text in {
        "a": "=关于清理的通知\n正文。\n2020年5月6日",
        "b": "某镇汇报材料\n现将有关情况汇报如下：正文。",
    }.items():
        (tmp_path / "in" / f"{name}.txt").write_text(text, "utf-8")
    documents, _, _ = bl.read_documents(tmp_path / "in")
    template = bl.metadata_template(documents, tmp_path / "sheet.xlsx")
    with zipfile.ZipFile(tmp_path / "sheet.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet, "a title that begins with = is no formula"
    assert sheet.count("<dataValidation ") == 2
    corrected = pd.read_excel(tmp_path / "sheet.xlsx", dtype="str", engine="calamine", na_filter=False)
    assert corrected.astype("str").equals(template)
    corrected.loc[1, "level"] = "township"
    corrected.to_excel(tmp_path / "corrected.xlsx", index=False, engine="xlsxwriter")
    read, _, _ = bl.read_documents(tmp_path / "in", metadata=tmp_path / "corrected.xlsx")
    assert read["year"].tolist() == [2020, pd.NA]
    assert read["level"].tolist()[1] == "township"
    assert not [column for column in read.columns if column.startswith(EVIDENCE)]
    again = bl.metadata_template(read)
    assert again.loc[1, ["level", "evidence_level"]].tolist() == ["township", "given"]
    assert template["doc_id"].tolist() == ["a.txt", "b.txt"]


def test_equal_tables_give_equal_files(tmp_path):
    documents = make_documents("关于清理的通知\n正文。")
    for name in ("a", "b"):
        bl.metadata_template(documents, tmp_path / f"{name}.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with pytest.raises(ValueError, match="xlsx"):
        bl.metadata_template(documents, tmp_path / "a.csv")


@pytest.mark.parametrize("name", ["workreports", "notices"])
def test_guesses_on_real_documents(name, shared):
    """Right for at least 95 of 100 that are guessed, by the metadata tables of the corpora."""
    folder = shared / "corpora" / name
    documents, _, _ = bl.read_documents(folder / "txt")
    template = bl.metadata_template(documents).set_index("doc_id")
    truth = bl.read_documents(folder / "txt", metadata=folder / "metadata.csv")[0].set_index("doc_id")
    assert len(template) == len(truth)
    fits = {
        "year": lambda guess, true: guess == str(true),
        "level": lambda guess, true: guess == true,
        "region": lambda guess, true: guess.startswith(true),  # 广东 for 广东省
        "genre": lambda guess, true: guess in true,  # 决议 for 全国人大决议
    }
    for variable, fit in fits.items():
        guessed = template[template[variable] != ""]
        right = [
            fit(guess, true) for guess, true in zip(guessed[variable], truth.loc[guessed.index, variable], strict=True)
        ]
        assert sum(right) >= 0.95 * len(right) > 0, variable
        assert len(right) >= 0.3 * len(template), variable
