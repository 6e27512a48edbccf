"""Shared passages: planted ones are found, where they are and as they are."""

import difflib
import resource
import time

import numpy as np
import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.metrics.alignment import MANY, align_texts
from burdenlab.metrics.han import SURE, han_offsets, han_texts, hash_grams, sampled_seeds
from burdenlab.metrics.passages import shared_passages
from tests.metrics.planted import HAN, KINDS, Writer, edit, plant, table


def han(text: str) -> str:
    return "".join(c for c in text if "\u4e00" <= c <= "\u9fff")


def places(passages: pd.DataFrame, documents: pd.DataFrame) -> list[tuple[str, str]]:
    text = dict(zip(documents["doc_id"], documents["text"], strict=True))
    return [
        (text[r.doc_id_a][r.start_a : r.end_a], text[r.doc_id_b][r.start_b : r.end_b]) for r in passages.itertuples()
    ]


def found_of(planted: pd.DataFrame, passages: pd.DataFrame) -> pd.Series:
    """Count the Han characters in passages of each planted pair."""
    pairs = [frozenset(pair) for pair in zip(passages["doc_id_a"], passages["doc_id_b"], strict=True)]
    n_han = passages["n_han"].groupby(pd.Series(pairs, index=passages.index)).sum().to_dict()
    return pd.Series([n_han.get(frozenset(p), 0) for p in zip(planted["source"], planted["target"], strict=True)])


def check_recall(planted, passages):
    """Every copy with up to 30 % of its characters edited, every passage from 100 characters, and little else."""
    copies = planted.copies.assign(found=found_of(planted.copies, passages))
    assert copies.groupby(["edits", "kind"])["found"].agg(lambda n: (n >= 100).mean()).eq(1).all()
    text = dict(zip(planted.documents["doc_id"], planted.documents["text"], strict=True))
    sizes = [len(han(text[r.source][r.start_source : r.end_source])) for r in planted.passages.itertuples()]
    share = found_of(planted.passages, passages) / sizes
    assert share.groupby(planted.passages["length"]).min().ge(0.97).all()
    known = {frozenset(p) for t in planted[1:] for p in zip(t["source"], t["target"], strict=True)}
    others = [frozenset(p) not in known for p in zip(passages["doc_id_a"], passages["doc_id_b"], strict=True)]
    assert passages[others]["n_han"].max() < 60  # stock phrases that happen to follow each other
    return copies


@pytest.fixture(scope="module")
def planted():
    return plant(600, n_each=18)


@pytest.fixture(scope="module")
def passages(planted):
    return shared_passages(planted.documents)


def test_planted_copies_and_passages_are_found(planted, passages):
    copies = check_recall(planted, passages)
    # 30 % of single characters: 20 % are gone or another, so that 80 % of the source is left.
    hard = copies[(copies["kind"] == "characters") & (copies["edits"] == 0.3)]
    identity = passages.merge(hard, left_on=["doc_id_a", "doc_id_b"], right_on=["source", "target"])["identity"]
    assert identity.between(0.7, 0.9).all()


def test_passages_lie_where_they_were_planted(planted, passages):
    near = []
    for row in planted.passages.itertuples():
        own = passages[passages[["doc_id_a", "doc_id_b"]].isin([row.source, row.target]).all(axis=1)]
        best = own.loc[own["n_han"].idxmax()]
        place = {best["doc_id_a"]: (best["start_a"], best["end_a"]), best["doc_id_b"]: (best["start_b"], best["end_b"])}
        planned = (row.start_source, row.end_source), (row.start_target, row.end_target)
        near += np.abs(np.subtract([place[row.source], place[row.target]], planned)).ravel().tolist()
    # Punctuation at an end belongs to no passage, and whoever comes after one may go on with the same character.
    assert np.quantile(near, 0.9) <= 3


def test_the_hardest_copies():
    """300 copies, 30 % of whose characters were changed one by one: none is missed."""
    writer, rng = Writer(3, n_stock=0), np.random.default_rng(3)
    sources = [writer.text(3000) for _ in range(300)]
    texts = han_texts([*sources, *(edit(text, 0.3, rng) for text in sources)])
    found = align_texts(texts, min_length=30)
    a, b = texts.owners(found.start_a), texts.owners(found.start_b)
    assert (b - a == 300).all()
    assert np.unique(a).size == 300


@pytest.mark.acceptance
def test_ten_thousand_documents():
    planted = plant(10_000, n_each=100)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    passages = shared_passages(planted.documents)
    seconds = time.perf_counter() - begun
    used = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{seconds:.1f} s, {used:.0f} MiB more, {len(passages)} passages")  # noqa: T201
    check_recall(planted, passages)
    assert used < 1000


def test_null_corpora_share_nothing():
    writer = Writer(7, n_stock=0)
    assert shared_passages(table([writer.text(2000) for _ in range(150)])).empty


def test_equal_text_at_the_offsets(planted, passages):
    for row, (a, b) in zip(passages.itertuples(), places(passages, planted.documents), strict=True):
        assert (len(han(a)), len(han(b))) == (row.n_han_a, row.n_han_b)
        assert han(a)[:10] == han(b)[:10]
        assert han(a)[-10:] == han(b)[-10:]
        assert (a[0], a[-1]) == (han(a)[0], han(a)[-1])
        assert row.identity == row.n_han / max(row.n_han_a, row.n_han_b)
        assert (han(a) == han(b)) == (row.identity == 1)
    exact = shared_passages(planted.documents, exact=True)
    assert (exact["identity"] == 1).all()
    assert all(han(a) == han(b) for a, b in places(exact, planted.documents))


def test_no_more_in_common_than_there_is():
    """Against the table of lengths that every textbook has; what is joined is nearly all of it."""
    writer, rng = Writer(2, n_stock=0), np.random.default_rng(2)
    sources = [writer.text(400) for _ in range(12)]
    edited = [
        edit(text, share, rng, kind) for text, share, kind in zip(sources, [0.1, 0.2] * 6, KINDS * 4, strict=True)
    ]
    documents = table([*sources, *edited])
    passages = shared_passages(documents)
    assert len(passages) >= 12
    for row, (a, b) in zip(passages.itertuples(), places(passages, documents), strict=True):
        most = longest_common(han(a), han(b))
        assert 0.95 * most <= row.n_han <= most
        assert row.n_han >= 30


def longest_common(one: str, other: str) -> int:
    row = [0] * (len(other) + 1)
    for c in one:
        before = 0
        for j, d in enumerate(other, 1):
            before, row[j] = row[j], before + 1 if c == d else max(row[j], row[j - 1])
    return row[-1]


def runs_by_hand(one: str, other: str, shortest: int) -> set[tuple[int, int, int]]:
    """Give all maximal runs that two strings share, by the plain table of lengths."""
    ends = {}
    for i, c in enumerate(one):
        for j, d in enumerate(other):
            if c == d:
                ends[i, j] = ends.get((i - 1, j - 1), 0) + 1
    return {(i - n + 1, j - n + 1, n) for (i, j), n in ends.items() if n >= shortest and (i + 1, j + 1) not in ends}


@pytest.mark.parametrize("seed", range(6))
def test_no_equal_run_is_missed(seed):
    """All characters of runs of 17 or more, however they came about, against the table of lengths."""
    rng = np.random.default_rng(seed)
    blocks = ["".join(rng.choice(HAN[:60], size=rng.integers(5, 40))) for _ in range(12)]
    texts = ["".join(rng.choice(blocks, size=12)) for _ in range(3)]
    table_of = han_texts(texts)
    found = align_texts(table_of, min_length=SURE, exact=True)
    a, b = table_of.owners(found.start_a), table_of.owners(found.start_b)
    for one in range(3):
        for other in range(one + 1, 3):
            own = (a == one) & (b == other)
            ours = {
                (int(i - table_of.starts[one]), int(j - table_of.starts[other]), int(n))
                for i, j, n in zip(found.start_a[own], found.start_b[own], found.n_equal[own], strict=True)
            }
            by_hand = runs_by_hand(texts[one], texts[other], SURE)
            assert ours <= by_hand
            # What lies in both texts inside other runs is left out; no character is lost.
            for side in (0, 1):
                covered = [{r[side] + k for r in runs for k in range(r[2])} for runs in (ours, by_hand)]
                assert covered[0] == covered[1]


def test_a_sampled_gram_in_every_seventeen_characters():
    rng = np.random.default_rng(1)
    texts = han_texts(["".join(rng.choice(HAN[:size], size=2000)) for size in (2, 10, 1000)] + ["同" * 100])
    _, at = sampled_seeds(texts)
    for start, end in zip(texts.starts, texts.ends, strict=True):
        own = at[(at >= start) & (at < end)]
        assert own[0] - start <= SURE - 10
        assert end - 10 - own[-1] <= SURE - 10
        assert np.diff(own).max() <= SURE - 10 + 1
    assert 0.15 < ((at >= texts.starts[2]) & (at < texts.ends[2])).sum() / 2000 < 0.35


def test_hashes_do_not_hang_on_what_stands_around():
    points = han_texts(["甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"]).points[1:-1]
    for n in (1, 2, 3, 5, 8, 13):
        assert hash_grams(points, n)[5:9].tolist() == hash_grams(points[5 : 8 + n], n).tolist()
        assert np.unique(hash_grams(points, n)).size == points.size - n + 1
    assert hash_grams(points, 40).size == 0


@pytest.mark.parametrize("n", range(2, 41))
def test_hashes_tell_the_order(n):
    """Any two characters that change places make another n-gram."""
    points = np.arange(0x4E00, 0x4E00 + n, dtype=np.uint32)
    swapped = [points]
    for i in range(n):
        for j in range(i):
            other = points.copy()
            other[[i, j]] = other[[j, i]]
            swapped.append(other)
    assert np.unique([hash_grams(one, n)[0] for one in swapped]).size == len(swapped)


TEXT = "全县各级各部门要把为基层减负作为一项长期任务抓紧抓实，凡是没有依据的检查一律取消，凡是能够共享的数据一律不再重复填报"


def test_punctuation_and_numbers_may_differ():
    documents = table([f"甲乙。{TEXT}，共减少30%。", f"丙丁{TEXT.replace('，', ', ')}、共减少50%"])
    passages = shared_passages(documents)
    assert len(passages) == 1
    a, b = places(passages, documents)[0]
    assert a == f"{TEXT}，共减少"
    assert han(a) == han(b)
    assert passages.loc[0, ["n_han", "identity"]].tolist() == [len(han(TEXT)) + 3, 1]


def test_an_edited_passage_is_one():
    edited = TEXT.replace("长期任务", "政治任务").replace("没有依据的", "缺少依据的各类")
    documents = table(["前文" + TEXT, "另起" + edited])
    passages = shared_passages(documents)
    a, b = places(passages, documents)[0]
    assert len(passages) == 1
    assert (a, b) == (TEXT, edited)
    assert passages.loc[0, "n_han"] == longest_common(han(TEXT), han(edited))
    blocks = difflib.SequenceMatcher(None, han(TEXT), han(edited), autojunk=False).get_matching_blocks()
    runs = [han(TEXT)[block.a : block.a + block.size] for block in blocks if block.size >= 17]
    exact = shared_passages(documents, min_length=17, exact=True)
    assert [han(one) for one, _ in places(exact, documents)] == runs
    assert len(runs) == 2


def test_passages_far_apart_stay_two():
    writer = Writer(5, n_stock=0)
    one, two = writer.plain(60), writer.plain(60)
    documents = table([one + writer.plain(200) + two, one + writer.plain(200) + two])
    assert shared_passages(documents)["n_han"].tolist() == [60, 60]


def test_who_was_first_and_from_where():
    rows = [  # date, year, level of each of the two; who is first, and the relation
        ("2020-01-01", 2020, "county", "2021-01-01", 2021, "township", "00000.txt", "above"),
        ("2021-01-01", 2021, "county", "2020-01-01", 2020, "township", "00001.txt", "below"),
        ("2020-03", 2020, "county", "2020-04", 2020, "county", "00000.txt", "peer"),
        ("2020", 2020, "county", "2020-04", 2020, "county", "", "peer"),
        ("2020", 2020, "county", "2020-04", 2020, "city", "", ""),
        ("", 2019, "central", "2020-04", 2020, "village", "00000.txt", "above"),
        ("2020-05-01", 2020, "city", "2020-05-01", 2020, "province", "", ""),
        ("", pd.NA, "city", "2020-05-01", 2020, "city", "", "peer"),
        ("不详", pd.NA, "city", "2020-05-01", 2020, "county", "", ""),
        ("2020-01-01", 2020, "", "2021-01-01", 2021, "township", "00000.txt", ""),
        ("2020-01-01", 2020, "prefecture", "2021-01-01", 2021, "city", "00000.txt", "peer"),
    ]
    for date, year, level, other_date, other_year, other_level, source, relation in rows:
        documents = table([TEXT, TEXT], date=[date, other_date], level=[level, other_level])
        documents = documents.assign(year=pd.array([year, other_year], dtype="Int64"))
        passages = shared_passages(documents)
        assert passages[["source", "relation"]].to_numpy().tolist() == [[source, relation]]
        assert passages["doc_id_a"][0] == (source or passages["doc_id_a"][0])
    without = shared_passages(table([TEXT, TEXT]))
    assert without[["source", "relation"]].to_numpy().tolist() == [["", ""]]


def test_one_text_in_many_hands_is_one_cluster():
    """Of very many documents each is tied to the first that has it, so that rows stay few."""
    writer = Writer(9, n_stock=0)
    n = MANY + 15
    # Different characters beside it, so that no two go on by chance.
    texts = [writer.text(300) + HAN[i] + TEXT + HAN[i + 500] + writer.text(300) for i in range(n)]
    passages = shared_passages(table(texts, year=[2000 + (i + 5) % n for i in range(n)]))
    assert len(passages) == n - 1
    assert (passages["doc_id_a"] == f"{n - 5:05d}.txt").all()
    assert passages[["cluster", "n_documents"]].drop_duplicates().to_numpy().tolist() == [[0, n]]
    few = shared_passages(table(texts[:MANY]))
    assert len(few) == MANY * (MANY - 1) // 2
    assert few["n_documents"].eq(MANY).all()


def test_a_long_copy_and_a_short_passage_in_it_are_two_clusters():
    writer = Writer(11, n_stock=0)
    long = writer.plain(200) + TEXT + writer.plain(200)
    passages = shared_passages(table([long, long, writer.plain(100) + TEXT]))
    assert passages.groupby("cluster")["n_documents"].first().tolist() == [2, 3]


def test_repeated_sentences_stay_few():
    """A form with the same line a hundred times is no thousand passages."""
    passages = shared_passages(table([(TEXT + "\n") * 100, (TEXT + "\n") * 80]))
    assert len(passages) < 100
    assert passages["n_han"].max() == 80 * len(han(TEXT))


def test_order_changes_nothing_and_nothing_is_changed(planted, passages):
    documents = planted.documents
    before = documents.copy(deep=True)
    again = shared_passages(documents.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(passages, again, check_exact=True)
    pd.testing.assert_frame_equal(documents, before)


def test_two_documents_do_not_hang_on_the_others():
    """Unless more than sixty have the same."""
    planted = plant(120, n_each=9, stock=0)
    passages = shared_passages(planted.documents)
    rows = planted.copies.iloc[::5]
    few = planted.documents[planted.documents["doc_id"].isin([*rows["source"], *rows["target"]])]
    own = [c for c in passages.columns if c not in ("cluster", "n_documents")]
    among = passages[passages["doc_id_a"].isin(few["doc_id"]) & passages["doc_id_b"].isin(few["doc_id"])]
    pd.testing.assert_frame_equal(shared_passages(few)[own], among[own].reset_index(drop=True))


def test_every_character_of_reused_sentences():
    """What ``reused_sentences`` finds in 30 characters lies in an exact passage of 30: another piece of code."""
    documents = plant(120, n_each=9, stock=0).documents
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    reused = bl.reused_sentences(sentences, n=30).groupby("doc_id")["n_reused"].sum()
    exact = shared_passages(documents, exact=True)
    covered = {doc_id: set() for doc_id in documents["doc_id"]}
    for row in exact.itertuples():
        covered[row.doc_id_a] |= set(range(row.start_a, row.end_a))
        covered[row.doc_id_b] |= set(range(row.start_b, row.end_b))
    for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True):
        assert len(covered[doc_id] & set(han_offsets(text).tolist())) == reused[doc_id]


def test_nothing_and_little():
    whole = shared_passages(table([TEXT, TEXT]))
    for texts in ([], [""], [TEXT], ["", TEXT], ["abc", "，。"], [TEXT, "天"]):
        none = shared_passages(table(texts))
        assert none.empty
        pd.testing.assert_series_equal(none.dtypes, whole.dtypes)


def test_rare_characters():
    odd = "𠮷" * 3 + TEXT + "〇"
    passages = shared_passages(table([odd, "x" + odd]))
    assert passages["n_han"].tolist() == [len(han(TEXT)) + 4]


def test_what_is_refused():
    with pytest.raises(ValueError, match="min_length=16") as refused:
        shared_passages(table([TEXT]), min_length=16)
    assert "min_length=16" in refused.value.__notes__[0]
    with pytest.raises(ValueError, match="twice"):
        shared_passages(pd.concat([table([TEXT])] * 2))
    with pytest.raises(ValueError, match="lacks column"):
        shared_passages(pd.DataFrame({"doc_id": ["a"]}))


def test_real_policies_and_their_copies(shared):
    """Rows of real documents keep the laws too."""
    documents = bl.read_documents(shared / "corpora" / "policy" / "txt")[0]
    passages = shared_passages(documents)
    assert len(passages) > 1000
    for row, (a, b) in zip(passages.itertuples(), places(passages, documents), strict=True):
        one, other = (han_texts([text]).points[1:-1].tolist() for text in (a, b))
        assert (len(one), len(other)) == (row.n_han_a, row.n_han_b)
        assert (one == other) == (row.identity == 1)
        assert row.identity > 0.5
