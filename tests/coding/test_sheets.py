"""Coding sheets: the draw, the workbook, what is said of a wrong one, and the codes that come back."""

import time
import zipfile
from math import sqrt
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

import burdenlab as bl
from burdenlab.coding.codes import final_codes
from burdenlab.coding.reading import read_coding_sheets
from burdenlab.coding.sampling import draw_sample, n_to_code, read_sample, sampling_frame
from burdenlab.coding.sheets import adjudication_sheet, coding_sheet
from burdenlab.tables import make_table
from tests.conftest import make_codebook, make_sentences

WHO = {"kind": "person 人", "background": "公共管理", "date": "2026-03-01"}


def make_population(n_documents: int, n_sentences: int, *, seed: int = 0) -> pd.DataFrame:
    """Make sentences composed for the test, each with a move; the first of each document is a heading."""
    rng = np.random.default_rng(seed)
    n = n_documents * n_sentences
    within = np.tile(np.arange(n_sentences), n_documents)
    doc_ids = np.repeat([f"{d:02d}.txt" for d in range(n_documents)], n_sentences)
    texts = [f"{d}的第{s}句。" for d, s in zip(doc_ids, within, strict=True)]
    moves = rng.choice(["problem", "measure", "plan"], n, p=[0.2, 0.5, 0.3])
    return make_table(
        "sentences",
        {
            "doc_id": doc_ids,
            "section_id": np.zeros(n, dtype=int),
            "sentence_id": within,
            "start": within * 10,
            "end": within * 10 + 9,
            "text": texts,
            "n_han": np.full(n, 3),
            "is_heading": within == 0,
            "section_move": moves,
            "move": moves,
            "move_source": [""] * n,
            "is_quotation": np.zeros(n, dtype=bool),
        },
    )


def make_hits(sentences: pd.DataFrame, shares: dict[str, float], *, seed: int = 1) -> pd.DataFrame:
    """Give each theme to a share of the sentences."""
    rng = np.random.default_rng(seed)
    tables = [
        sentences.loc[rng.random(len(sentences)) < share, ["doc_id", "sentence_id"]].assign(theme=theme)
        for theme, share in shares.items()
    ]
    return pd.concat(tables, ignore_index=True)


SENTENCES = make_population(12, 101)
HITS = make_hits(SENTENCES, {"common": 0.3, "middling": 0.1, "rare": 0.01})


# The draw.


def test_a_sentence_belongs_to_the_rarest_theme_that_hit_it():
    sentences = SENTENCES.iloc[:6]
    hits = pd.DataFrame(
        [("00.txt", 0, "a"), ("00.txt", 1, "a"), ("00.txt", 1, "b"), ("00.txt", 2, "a"), ("00.txt", 2, "a")],
        columns=["doc_id", "sentence_id", "theme"],
    )
    scores = pd.DataFrame(
        [("00.txt", 3, "a", 0.2), ("00.txt", 3, "b", 0.6), ("00.txt", 4, "a", 0.19), ("00.txt", 2, "b", 0.9)],
        columns=["doc_id", "sentence_id", "theme", "score"],
    )
    frame = sampling_frame(sentences, hits, scores=scores)
    assert frame["sentence_id"].tolist() == [1, 2, 3, 4, 5], "the heading is left out"
    assert frame["stratum"].tolist() == ["hit:b", "hit:a", "score", "none", "none"]
    assert frame["theme"].tolist() == ["b", "a", "b", "", ""]


@settings(max_examples=20)
@given(n=st.integers(8, 400), seed=st.integers(0, 99))
def test_parts_add_up_and_no_stratum_is_left_out(n, seed):
    frame = sampling_frame(SENTENCES, HITS)
    sample = draw_sample(SENTENCES, frame, n=n, seed=seed)
    assert len(sample) == n
    bl.check_table(sample, "sample")
    strata = sample.groupby("stratum")[["n_stratum", "n_drawn"]].first()
    assert strata["n_stratum"].to_dict() == frame["stratum"].value_counts().to_dict()
    assert strata["n_drawn"].to_dict() == sample["stratum"].value_counts().to_dict()
    assert strata["n_drawn"].min() >= 2
    assert (1 / sample["probability"]).sum() == pytest.approx(len(frame)), "weights add up to the sentences"
    assert not sample.duplicated(["doc_id", "sentence_id"]).any()


def test_half_goes_to_hits_in_equal_parts_and_what_one_cannot_give_the_others_get():
    """Of 120: 60 to three themes, of which the rare one has 12 or so; 60 to the rest."""
    sample = draw_sample(SENTENCES, sampling_frame(SENTENCES, HITS), n=120)
    drawn = sample["stratum"].value_counts()
    n_rare = HITS[HITS["theme"] == "rare"].merge(SENTENCES[~SENTENCES["is_heading"]]).shape[0]
    assert n_rare < 20
    assert drawn["hit:rare"] == n_rare, "all of a theme that has fewer than its part"
    assert abs(drawn["hit:common"] - drawn["hit:middling"]) <= 1
    assert drawn["none"] == pytest.approx((120 - n_rare) * 3 / 5, abs=1), "a half against two sixths"


def test_likely_misses_get_a_quarter_spread_over_themes():
    body = SENTENCES[~SENTENCES["is_heading"] & (SENTENCES["doc_id"] > "05")]
    scores = body[["doc_id", "sentence_id"]].assign(theme=["a", "b"] * (len(body) // 2), score=0.3)
    frame = sampling_frame(SENTENCES, HITS, scores=scores)
    sample = draw_sample(SENTENCES, frame, n=120)
    drawn = sample["stratum"].value_counts()
    assert abs(drawn["score"] - drawn["none"]) <= 1
    by_theme = sample.merge(frame, on=["doc_id", "sentence_id"]).query("stratum_x == 'score'")["theme"].value_counts()
    share = frame[frame["stratum"] == "score"]["theme"].value_counts(normalize=True)
    assert (by_theme - share * drawn["score"]).abs().max() < 1
    with pytest.raises(ValueError, match="scores needs a column score"):
        sampling_frame(SENTENCES, HITS, scores=scores.assign(score=1.2))


def test_all_sentences_where_there_are_fewer():
    sample = draw_sample(SENTENCES, sampling_frame(SENTENCES, HITS), n=10_000)
    assert len(sample) == 1200
    assert (sample["probability"] == 1).all()


def test_too_few_for_the_strata():
    with pytest.raises(ValueError, match="n=7 is too small for 4 strata; at least 8 are needed") as raised:
        draw_sample(SENTENCES, sampling_frame(SENTENCES, HITS), n=7)
    assert "至少需要 8 句" in raised.value.__notes__[0]


def test_every_sentence_has_the_probability_that_the_key_says():
    """150 draws; the share of draws with a sentence is binomial, its largest distance in 100 below 4.5 errors."""
    sentences = SENTENCES.iloc[:101]
    frame = sampling_frame(sentences, HITS[HITS["doc_id"] == "00.txt"])
    count, expected = {}, {}
    for seed in range(150):
        sample = draw_sample(sentences, frame, n=40, seed=seed)
        for place, p in zip(
            zip(sample["doc_id"], sample["sentence_id"], strict=True), sample["probability"], strict=True
        ):
            count[place] = count.get(place, 0) + 1
            expected[place] = p
    error = {place: (count[place] / 150 - p) / sqrt(p * (1 - p) / 150) for place, p in expected.items() if p < 1}
    assert len(expected) == len(frame)
    assert max(abs(e) for e in error.values()) < 4.5


def test_moves_and_groups_get_their_shares():
    """A systematic draw from a sorted list gives a block of it its share, give or take one."""
    level = pd.Series({f"{d:02d}.txt": ["county", "town"][d % 2] for d in range(12)})
    frame = sampling_frame(SENTENCES, HITS)
    place = frame.merge(SENTENCES[["doc_id", "sentence_id", "move"]]).assign(group=lambda t: t["doc_id"].map(level))
    for seed in range(5):
        sample = draw_sample(SENTENCES, frame, n=200, group=level, seed=seed)
        drawn = sample[["doc_id", "sentence_id", "probability"]].merge(place)
        for keys in (["stratum", "move"], ["stratum", "move", "group"]):
            all_, got = place.groupby(keys).size(), drawn.groupby(keys).size()
            share = all_ * drawn.groupby("stratum")["probability"].first().reindex(all_.index, level="stratum")
            assert (got.reindex(all_.index, fill_value=0) - share).abs().max() < 1 + 1e-9


def test_the_order_of_rows_does_not_matter():
    shuffled = SENTENCES.sample(frac=1, random_state=3)
    one = draw_sample(SENTENCES, sampling_frame(SENTENCES, HITS), n=50, seed=4)
    other = draw_sample(shuffled, sampling_frame(shuffled, HITS.sample(frac=1, random_state=5)), n=50, seed=4)
    assert one.equals(other)
    assert not one.equals(draw_sample(SENTENCES, sampling_frame(SENTENCES, HITS), n=50, seed=5))


def test_a_hit_in_no_sentence():
    lost = pd.DataFrame({"doc_id": ["99.txt"], "sentence_id": [5], "theme": ["a"]})
    with pytest.raises(ValueError, match=r"hits names sentence 5 of '99.txt', which sentences lacks"):
        sampling_frame(SENTENCES, lost)
    with pytest.raises(ValueError, match=r"hits lacks column\(s\) \['theme'\]"):
        sampling_frame(SENTENCES, lost.drop(columns="theme"))
    with pytest.raises(ValueError, match="same doc_id and sentence_id twice"):
        sampling_frame(pd.concat([SENTENCES, SENTENCES]), HITS)


def test_no_sentences():
    sample = draw_sample(SENTENCES.iloc[:0], sampling_frame(SENTENCES.iloc[:0], HITS.iloc[:0]), n=10)
    bl.check_table(sample, "sample")
    assert len(sample) == 0


# How many.


@pytest.mark.parametrize("expected", [0.5, 0.8, 0.95, 1.0])
@pytest.mark.parametrize("half_width", [0.03, 0.1])
def test_the_smallest_number_by_the_formula(expected, half_width):
    z = NormalDist().inv_cdf(0.975)

    def half(n):
        return z / (1 + z**2 / n) * sqrt(expected * (1 - expected) / n + z**2 / (4 * n**2))

    assert n_to_code(expected=expected, half_width=half_width) == next(
        n for n in range(1, 2000) if half(n) <= half_width
    )


def test_numbers_by_hand():
    """At one half the Wilson half width is z/2/sqrt(n + z²): 0.05 needs 384.15 - 3.84 = 380.3."""
    assert n_to_code(expected=0.5) == 381
    assert n_to_code(expected=0.5, prevalence=0.02) == 381 * 50


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"expected": 1.1}, "expected=1.1; a number from 0 to 1"),
        ({"expected": 0.5, "half_width": 0}, "half_width=0"),
        ({"expected": 0.5, "prevalence": 0}, "prevalence=0"),
        ({"expected": 0.5, "level": 1}, "level=1"),
    ],
)
def test_numbers_out_of_range(options, said):
    with pytest.raises(ValueError, match=said):
        n_to_code(**options)


# The workbook.


@pytest.fixture
def codebook(tmp_path):
    return make_codebook(
        tmp_path, meetings={"terms": ["会议"]}, staffing={"terms": ["人手", "编制"]}, forms={"terms": ["报表"]}
    )


TEXT = """关于减负情况的汇报
一、存在的问题
会议太多，开会占去半天。=1+1也是一句。
人手不够，一人多岗。报表反复填。
二、主要做法
压减会议三成。从县里下派编制五名。这一句什么都不说。
"""


@pytest.fixture
def sheet(tmp_path, codebook):
    """Two workbooks of all eight sentences, with what they were made from."""
    sentences = make_sentences(TEXT, TEXT.replace("五", "六"))
    hits = bl.find_hits(sentences, codebook)
    sample = coding_sheet(sentences, hits, codebook=codebook, path=tmp_path / "s" / "round1.xlsx", n=14, seed=2)
    return tmp_path / "s", sample, sentences, codebook


def cells(path: Path, name: str) -> pd.DataFrame:
    return pd.read_excel(path, sheet_name=name, header=None, dtype="str", na_filter=False, engine="calamine")


def fill(
    path: Path, codes: dict[str, tuple[str, str]] | None = None, *, who: dict | None = None, cell=(), out=None
) -> Path:
    """Fill a workbook as a person would: codes by unit (themes joined by ';', move), then single cells (sheet, A1, value)."""
    sheets = pd.read_excel(path, sheet_name=None, header=None, dtype="object", na_filter=False, engine="calamine")
    table, front = sheets["codes"], sheets["instructions"]
    header = [str(value).split(" ")[0] for value in table.iloc[0]]
    for row in range(1, len(table)):
        themes, move = (codes or {}).get(table.iloc[row, 0], ("", ""))
        for at, theme in enumerate(t for t in themes.split(";") if t):
            table.iloc[row, header.index(f"theme_{at + 1}")] = theme
        if move:
            table.iloc[row, header.index("move")] = move
    for row in range(len(front)):
        field = str(front.iloc[row, 0]).split(" ")[0]
        front.iloc[row, 1] = (WHO if who is None else who).get(field, front.iloc[row, 1])
    for name, a1, value in cell:
        sheets[name].iloc[int(a1[1:]) - 1, ord(a1[0]) - 65] = value
    out = out or path
    options = {"options": {"strings_to_formulas": False}}
    with pd.ExcelWriter(out, engine="xlsxwriter", engine_kwargs=options) as writer:
        for name, content in sheets.items():
            content.to_excel(writer, sheet_name=name, header=False, index=False)
    return out


def coded(sample: pd.DataFrame, themes: str = "", move: str = "frame") -> dict[str, tuple[str, str]]:
    return dict.fromkeys(sample["unit_id"], (themes, move))


def test_two_blinded_workbooks_and_the_key(sheet):
    folder, sample, sentences, _ = sheet
    assert sorted(p.name for p in folder.iterdir()) == [
        "round1-A.xlsx",
        "round1-B.xlsx",
        "round1.frame.parquet",
        "round1.sample.csv",
    ]
    one, other = (cells(folder / f"round1-{coder}.xlsx", "codes") for coder in "AB")
    assert one.equals(other)
    assert one.iloc[0].tolist() == [
        "unit_id 编号", "heading 所在标题", "before 上文", "sentence 句子", "after 下文", "theme_1 主题", "theme_2 主题",
        "theme_3 主题", "theme_4 主题", "theme_5 主题", "move 功能", "note 备注",
    ]  # fmt: skip
    assert one.iloc[1:, 0].tolist() == sample["unit_id"].tolist()
    text = sentences.set_index(["doc_id", "sentence_id"])["text"]
    assert one.iloc[1:, 3].tolist() == text.loc[pd.MultiIndex.from_frame(sample[["doc_id", "sentence_id"]])].tolist()
    assert (one.iloc[1:, 5:] == "").all(axis=None)
    with zipfile.ZipFile(folder / "round1-A.xlsx") as archive:
        inside = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))
    for telling in ("hit:", "stratum", "00.txt", "01.txt", *sample["sha256"]):
        assert telling not in inside, telling
    assert "<f>" not in inside, "a sentence that begins with = is no formula"
    assert sorted(sample["unit_id"]) == sample["unit_id"].tolist()
    assert sample.sort_values(["doc_id", "sentence_id"])["unit_id"].tolist() != sample["unit_id"].tolist()


def test_a_sentence_in_its_context(sheet):
    folder, _, _, _ = sheet
    table = cells(folder / "round1-A.xlsx", "codes").iloc[1:]
    row = table[table[3] == "人手不够，一人多岗。"].iloc[0]
    assert row[[1, 2, 4]].tolist() == ["一、存在的问题", "=1+1也是一句。", "报表反复填。"]


def test_lists_to_choose_from(sheet):
    folder, _, _, codebook = sheet
    assert cells(folder / "round1-A.xlsx", "codebook")[0].tolist()[1:] == [f"{t} {t}/{t}" for t in codebook.themes]
    assert cells(folder / "round1-A.xlsx", "moves")[0].tolist()[1] == "problem 表现/Problem"
    with zipfile.ZipFile(folder / "round1-A.xlsx") as archive:
        codes = archive.read("xl/worksheets/sheet2.xml").decode()
    assert codes.count('<dataValidation type="list"') == 6
    assert "<formula1>codebook!$A$2:$A$4</formula1>" in codes
    assert "<formula1>moves!$A$2:$A$9</formula1>" in codes


def test_on_paper_all_columns_stand_on_one_page_below_their_heads(sheet):
    with zipfile.ZipFile(sheet[0] / "round1-A.xlsx") as archive:
        codes = archive.read("xl/worksheets/sheet2.xml").decode()
        book = archive.read("xl/workbook.xml").decode()
    assert 'fitToHeight="0"' in codes
    assert "codes!$1:$1" in book


def test_in_english(tmp_path, codebook, demo):
    coding_sheet(
        demo.sentences, demo.hits, codebook=demo.codebook, path=tmp_path / "e.xlsx", n=80, coders=["X"], lang="en"
    )
    assert cells(tmp_path / "e-X.xlsx", "codes").iloc[0, 3] == "sentence"
    assert cells(tmp_path / "e-X.xlsx", "codebook").iloc[1, 2] == demo.codebook.entries[0].definition_en
    assert len(cells(tmp_path / "e-X.xlsx", "codebook")) == 26


def test_the_key_comes_back(sheet, tmp_path):
    folder, sample, _, _ = sheet
    assert read_sample(folder / "round1.sample.csv").equals(sample)
    assert pd.read_parquet(folder / "round1.frame.parquet")["stratum"].value_counts()["hit:meetings"] == 4
    with pytest.raises(FileNotFoundError, match="does not exist"):
        read_sample(tmp_path / "none.csv")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(ValueError, match="is no key of a coding sheet"):
        read_sample(tmp_path / "other.csv")


def test_a_file_name_is_no_formula_in_the_key(tmp_path, codebook):
    sentences = make_sentences(TEXT).replace({"doc_id": {"00.txt": "=1+1.txt"}}).astype({"doc_id": "str"})
    sample = coding_sheet(
        sentences, bl.find_hits(sentences, codebook), codebook=codebook, path=tmp_path / "k.xlsx", n=8
    )
    assert "'=1+1.txt" in (tmp_path / "k.sample.csv").read_text("utf-8-sig")
    assert read_sample(tmp_path / "k.sample.csv").equals(sample)


def test_the_same_call_writes_the_same_and_never_over_codes(sheet):
    folder, sample, sentences, codebook = sheet
    hits = bl.find_hits(sentences, codebook)
    call = {"codebook": codebook, "path": folder / "round1.xlsx", "n": 14}
    assert coding_sheet(sentences, hits, **call, seed=2).equals(sample)
    fill(folder / "round1-B.xlsx", coded(sample))
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    with pytest.raises(FileExistsError, match=r"round1-B.xlsx' exists and differs, it may hold somebody's codes"):
        coding_sheet(sentences, hits, **call, seed=2)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"path": "x.csv"}, "x.csv' is no Excel file"),
        ({"coders": "AB"}, "coders='AB'; different names"),
        ({"coders": ["A", "a"]}, "different names"),
        ({"coders": ["a/b"]}, "different names"),
        ({"coders": ["final"]}, "none 'final'"),
        ({"coders": []}, "different names"),
        ({"group": "level"}, "group='level' is no document variable: no documents were passed"),
        ({"lang": "fr"}, "lang='fr'"),
        ({"n": 3}, "n=3 is too small"),
    ],
)
def test_bad_options(sheet, tmp_path, options, said):
    _, _, sentences, codebook = sheet
    with pytest.raises(ValueError, match=said):
        coding_sheet(
            sentences, bl.find_hits(sentences, codebook), codebook=codebook, **{"path": tmp_path / "x.xlsx", **options}
        )
    assert not list(tmp_path.glob("x*"))


# Reading.


def test_codes_come_back(sheet):
    folder, sample, sentences, codebook = sheet
    units = sample["unit_id"].tolist()
    fill(
        folder / "round1-A.xlsx",
        {**coded(sample), units[0]: ("staffing staffing/staffing;meetings", "problem 表现/Problem")},
    )
    fill(
        folder / "round1-B.xlsx",
        coded(sample, "forms", "plan"),
        who={"kind": "language model 语言模型", "coder": "某模型"},
    )
    files = [folder / "round1-A.xlsx", folder / "round1-B.xlsx"]
    codes, coders = read_coding_sheets(files, sample=sample, sentences=sentences, codebook=codebook, round=2)
    bl.check_table(codes, "codes")
    assert coders.to_dict("list") == {
        "coder": ["A", "某模型"], "kind": ["person", "language model"], "background": ["公共管理", ""], "trained": ["", ""],
        "date": ["2026-03-01", ""], "round": [2, 2], "file": ["round1-A.xlsx", "round1-B.xlsx"], "n_coded": [14, 14],
    }  # fmt: skip
    first = codes.iloc[0]
    assert first[["unit_id", "coder", "round", "themes", "move"]].tolist() == [
        units[0],
        "A",
        2,
        "meetings;staffing",
        "problem",
    ]
    assert codes[["doc_id", "sentence_id"]].iloc[:14].equals(sample[["doc_id", "sentence_id"]])
    assert set(codes.loc[codes["coder"] == "某模型", "themes"]) == {"forms"}


def test_rows_without_a_move_are_not_coded(sheet):
    folder, sample, sentences, codebook = sheet
    fill(folder / "round1-A.xlsx", coded(sample.iloc[:10]))
    with pytest.warns(UserWarning, match=r"round1-A.xlsx: 4 of 14 sentences have no move and count as not coded"):
        codes, _ = read_coding_sheets(folder / "round1-A.xlsx", sample=sample, sentences=sentences, codebook=codebook)
    assert codes["unit_id"].tolist() == sample["unit_id"].tolist()[:10]


def test_dates_and_white_space_do_not_matter(sheet):
    folder, sample, sentences, codebook = sheet
    sentence = cells(folder / "round1-A.xlsx", "codes").iloc[1, 3]
    who = {**WHO, "date": pd.Timestamp("2026-03-01").date()}
    fill(folder / "round1-A.xlsx", coded(sample), who=who, cell=[("codes", "D2", f" {sentence}\n")])
    _, coders = read_coding_sheets(folder / "round1-A.xlsx", sample=sample, sentences=sentences, codebook=codebook)
    assert coders["date"].tolist() == ["2026-03-01"]


FAULTS = [
    ({"cell": [("codes", "F4", "meetingz")]}, r"sheet codes, F4: unknown theme 'meetingz'; did you mean meetings\?"),
    ({"cell": [("codes", "G4", "xyz")]}, r"sheet codes, G4: unknown theme 'xyz'; choose from the list"),
    ({"cell": [("codes", "K5", "planning")]}, r"sheet codes, K5: unknown move 'planning'; did you mean plan\?"),
    ({"cell": [("codes", "F4", "forms"), ("codes", "H4", "forms")]}, r"sheet codes, H4: forms stands in F4 too"),
    ({"cell": [("codes", "F4", "forms"), ("codes", "K4", "")]}, r"sheet codes, K4: themes but no move"),
    ({"cell": [("codes", "D7", "改过的句子。")]}, r"sheet codes, D7: the sentence of U0006 was edited"),
    (
        {"cell": [("codes", "A7", "U9999")]},
        r"(?s)sheet codes, A7: unit 'U9999' is not in the sample.*unit U0006 is missing",
    ),
    ({"cell": [("codes", "A7", "U0001")]}, r"(?s)sheet codes, A7: unit U0001 stands in A2 too.*unit U0006 is missing"),
    ({"cell": [("codes", "K1", "功能")]}, r"sheet codes, row 1: column 'move' is missing"),
    ({"who": {**WHO, "coder": ""}}, r"sheet instructions, B8: coder is empty"),
    ({"who": {}}, r"sheet instructions, B9: kind is empty; say who coded"),
]


@pytest.mark.parametrize(("change", "said"), FAULTS)
def test_faults_are_named_with_their_cell(sheet, change, said):
    folder, sample, sentences, codebook = sheet
    fill(folder / "round1-A.xlsx", coded(sample), **change)
    begin = time.perf_counter()
    with pytest.raises(ValueError, match=said) as raised:
        read_coding_sheets(folder / "round1-A.xlsx", sample=sample, sentences=sentences, codebook=codebook)
    assert time.perf_counter() - begin < 1
    assert str(raised.value).startswith("coding sheets: round1-A.xlsx, sheet ")
    assert "编码表:round1-A.xlsx" in raised.value.__notes__[0]


def test_all_faults_at_once_and_not_too_many(sheet):
    folder, sample, sentences, codebook = sheet
    bad = [("codes", f"{column}{row}", "无此主题") for column in "FGH" for row in range(2, 12)]
    fill(folder / "round1-A.xlsx", coded(sample), cell=bad)
    with pytest.raises(ValueError, match=r"(?s)F2: unknown.*and 10 more\n") as raised:
        read_coding_sheets(folder / "round1-A.xlsx", sample=sample, sentences=sentences, codebook=codebook)
    assert len(str(raised.value).splitlines()) == 21


def test_two_sheets_of_one_coder(sheet):
    folder, sample, sentences, codebook = sheet
    for coder in "AB":
        fill(folder / f"round1-{coder}.xlsx", coded(sample), who={**WHO, "coder": "王"})
    with pytest.raises(ValueError, match=r"round1-B.xlsx and round1-A.xlsx are both by coder '王' in round 1"):
        read_coding_sheets(sorted(folder.glob("*.xlsx")), sample=sample, sentences=sentences, codebook=codebook)


def test_other_sentences_than_were_drawn(sheet):
    folder, sample, sentences, codebook = sheet
    changed = sentences.assign(text=sentences["text"].str.replace("报表", "表格"))
    with pytest.raises(
        ValueError, match=r"sentences: sentence \d+ of '0\d.txt' \(unit U\d+\) is not the one that was drawn"
    ):
        read_coding_sheets(folder / "round1-A.xlsx", sample=sample, sentences=changed, codebook=codebook)
    gone = sentences[sentences["doc_id"] == "00.txt"]
    with pytest.raises(ValueError, match=r"of '01.txt' \(unit U\d+\) is not there"):
        read_coding_sheets(folder / "round1-A.xlsx", sample=sample, sentences=gone, codebook=codebook)


def test_no_workbook_at_all(sheet, tmp_path):
    _, sample, sentences, codebook = sheet
    options = {"sample": sample, "sentences": sentences, "codebook": codebook}
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(ValueError, match=r"bad.xlsx cannot be read as a workbook"):
        read_coding_sheets(tmp_path / "bad.xlsx", **options)
    pd.DataFrame({"a": [1]}).to_excel(tmp_path / "other.xlsx", engine="xlsxwriter")
    with pytest.raises(ValueError, match=r"other.xlsx lacks the sheet 'instructions'"):
        read_coding_sheets(tmp_path / "other.xlsx", **options)
    with xlsxwriter.Workbook(tmp_path / "far.xlsx") as book:
        book.add_worksheet("codes").write_string(1_048_575, 16_383, "far out")
    with pytest.raises(ValueError, match=r"far.xlsx cannot be read as a workbook: a sheet reaches to row 1,048,576"):
        read_coding_sheets(tmp_path / "far.xlsx", **options)
    with pytest.raises(FileNotFoundError, match=r"none.xlsx' does not exist"):
        read_coding_sheets(tmp_path / "none.xlsx", **options)
    with pytest.raises(FileNotFoundError, match="paths is empty"):
        read_coding_sheets([], **options)
    with pytest.raises(ValueError, match="round=0"):
        read_coding_sheets(tmp_path / "bad.xlsx", **options, round=0)


def test_odd_characters_in_a_sentence_come_back(tmp_path, codebook):
    odd = "会议\u2028很多\t，_x0041_与\x0b𠮷𠮷，+1。"
    sentences = make_sentences(TEXT)
    sentences.loc[sentences.index[-1], "text"] = odd
    sample = coding_sheet(
        sentences, bl.find_hits(sentences, codebook), codebook=codebook, path=tmp_path / "o.xlsx", n=99
    )
    fill(tmp_path / "o-A.xlsx", coded(sample))
    codes, _ = read_coding_sheets(tmp_path / "o-A.xlsx", sample=sample, sentences=sentences, codebook=codebook)
    assert len(codes) == len(sample)


# What differs, and the final codes.


@pytest.fixture
def two_coders(sheet):
    """Let A and B differ on the themes of one unit and on the move of another."""
    folder, sample, sentences, codebook = sheet
    one, two = sample["unit_id"].tolist()[3:5]
    fill(folder / "round1-A.xlsx", {**coded(sample), one: ("meetings;forms", "problem")})
    fill(folder / "round1-B.xlsx", {**coded(sample), one: ("meetings;staffing", "problem"), two: ("", "plan")})
    files = [folder / "round1-A.xlsx", folder / "round1-B.xlsx"]
    codes, _ = read_coding_sheets(files, sample=sample, sentences=sentences, codebook=codebook)
    return codes, one, two


def test_what_coders_differ_on(sheet, two_coders):
    folder, _, sentences, codebook = sheet
    codes, one, two = two_coders
    differing = adjudication_sheet(codes, sentences, codebook=codebook, path=folder / "final.xlsx")
    assert differing[["unit_id", "item", "code_A", "code_B"]].to_numpy().tolist() == [
        [one, "staffing", "no", "yes"],
        [one, "forms", "yes", "no"],
        [two, "move", "frame", "plan"],
    ]
    table = cells(folder / "final.xlsx", "codes")
    assert table.iloc[0, 5:7].tolist() == ["codes_A", "codes_B"]
    assert table.iloc[1, [0, 5, 6, 7, 8, 12]].tolist() == [
        one,
        "meetings meetings/meetings、forms forms/forms | problem 表现/Problem",
        "meetings meetings/meetings、staffing staffing/staffing | problem 表现/Problem",
        "meetings meetings/meetings",
        "",
        "",
    ], "what all gave is filled in, the move is open"
    assert table.iloc[2, 0] == two
    assert (table.iloc[3:, 12] == "frame 开场收尾/Frame").all()


def test_final_codes_come_back(sheet, two_coders):
    folder, sample, sentences, codebook = sheet
    codes, one, two = two_coders
    adjudication_sheet(codes, sentences, codebook=codebook, path=folder / "final.xlsx")
    fill(folder / "final.xlsx", {one: ("meetings;forms", "problem"), two: ("", "plan")})
    final, coders = read_coding_sheets(folder / "final.xlsx", sample=sample, sentences=sentences, codebook=codebook)
    assert coders["coder"].tolist() == ["final"]
    both = pd.concat([codes, final], ignore_index=True)
    settled = final_codes(both, themes=codebook.themes).set_index("unit_id")
    assert settled.loc[one, list(codebook.themes)].tolist() == [1, 0, 1]
    assert settled.loc[two, "move"] == "plan"
    open_ = final_codes(both, themes=codebook.themes, coder="agreed").set_index("unit_id")
    assert open_.loc[one, list(codebook.themes)].isna().tolist() == [False, True, True]
    assert (open_.loc[one, "move"], open_.loc[two, "move"]) == ("problem", "")
    with pytest.raises(FileExistsError):
        adjudication_sheet(codes, sentences, codebook=codebook, path=folder / "final.xlsx")


def test_an_unsettled_unit_is_a_fault_or_left_out(sheet, two_coders):
    folder, sample, sentences, codebook = sheet
    codes, one, _ = two_coders
    adjudication_sheet(codes, sentences, codebook=codebook, path=folder / "final.xlsx")
    fill(folder / "final.xlsx")
    with pytest.raises(ValueError, match="M2: themes but no move"):
        read_coding_sheets(folder / "final.xlsx", sample=sample, sentences=sentences, codebook=codebook)
    assert one == cells(folder / "final.xlsx", "codes").iloc[1, 0]


def test_final_codes_of_one_coder_and_of_none():
    rows = [
        ("U1", "a", 0, "A", 1, "x", "plan", ""),
        ("U1", "a", 0, "B", 1, "", "plan", ""),
        ("U2", "a", 1, "A", 1, "x", "plan", ""),
    ]
    codes = make_table("codes", rows)
    assert final_codes(codes, themes=["x"], coder="B")["x"].tolist() == [0]
    assert np.isnan(final_codes(codes, themes=["x"])["x"].iloc[0])
    assert final_codes(codes, themes=["x"])["x"].iloc[1] == 1, "coded by one person only"
    with pytest.raises(ValueError, match=r"coder='C' is none of 'final', 'agreed', \['A', 'B'\]"):
        final_codes(codes, themes=["x"], coder="C")
    with pytest.raises(ValueError, match="unit U1 of coder 'A' twice; keep one round"):
        final_codes(pd.concat([codes, codes.assign(round=2)]), themes=["x"])
    with pytest.raises(ValueError, match="a unit by two sentences"):
        final_codes(codes.assign(sentence_id=[0, 1, 2]), themes=["x"])
    with pytest.raises(ValueError, match="two or more are needed"):
        adjudication_sheet(codes[codes["coder"] == "A"], SENTENCES, codebook=bl.load_codebook(), path="x.xlsx")
    assert len(final_codes(codes.iloc[:0], themes=["x"])) == 0
