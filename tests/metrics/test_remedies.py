"""Problems and measures: the seed by hand, two blind coders, planted coverage, null corpora."""

import numpy as np
import pandas as pd
import pytest

import burdenlab as bl
from burdenlab.figures.remedies import plot_remedy_coverage, plot_remedy_matrix
from burdenlab.messages import REASONS
from burdenlab.metrics.hand_agreement import said_agreement
from burdenlab.metrics.items import find_items
from burdenlab.metrics.matches import match_remedies_experimental, read_bridges
from burdenlab.metrics.remedies import remedy_coverage_experimental, remedy_orphans_experimental
from burdenlab.tables import check_table, make_table
from tests.check_metric import Metric, check_metric
from tests.conftest import make_documents
from tests.metrics.item_scores import both_coders_answers, judge_coverage, judge_pairs, of_half, read_items
from tests.metrics.truth_files import MADE_ON, kappa, read_truth

THEMES = [f"theme_{i}" for i in range(12)]
HAN = [chr(0x4E00 + i) for i in range(3000)]


def items_of(corpus):
    return find_items(corpus.sections, corpus.sentences, corpus.hits)


def items_in(*texts):
    documents = make_documents(*texts)
    sections = bl.split_sections(documents)
    sentences = bl.split_sentences(documents, sections)
    return find_items(sections, sentences, bl.find_hits(sentences, bl.load_codebook()))


@pytest.fixture(scope="module")
def demo_items(demo):
    return items_of(demo)


@pytest.fixture(scope="module")
def seed_items(seed):
    return items_of(seed)


class TestItems:
    def test_each_deepest_heading_is_an_item(self, seed_items):
        """domain.md part 0: ten diagnosed items (4 problems, 6 causes), ten run-in headings of measures."""
        assert seed_items.groupby("move").size().to_dict() == {"cause": 6, "measure": 10, "problem": 4}
        check_table(seed_items, "items")

    def test_points_of_an_enumeration_are_items(self):
        items = items_in(
            "工作总结\n一、存在的问题\n主要有以下几个方面。一是会议过多,干部疲于应付;二是台账重复报送;三是经费不足。\n"
            "二、下一步打算\n(一)精简会议。严格控制会议数量,合并召开。\n(二)保障经费。把工作经费纳入预算,足额拨付到村。\n"
        )
        assert items["heading"].tolist() == [
            "一是会议过多",
            "二是台账重复报送",
            "三是经费不足",
            "(一)精简会议。",
            "(二)保障经费。",
        ]
        assert items["side"].tolist() == ["problem"] * 3 + ["measure"] * 2
        assert items["theme"].tolist()[:2] == ["meetings_documents", "paperwork_traces"]

    def test_harms_and_results_are_no_items(self):
        items = items_in(
            "工作总结\n一、带来的危害\n(一)挤占服务时间。会议太多挤掉了入户的时间。\n二、取得的成效\n1.会议少了。会议由50场减到20场。\n"
        )
        assert items.empty
        check_table(items, "items")

    def test_spans_and_ids_lead_back_to_the_text(self, demo, demo_items):
        text = dict(zip(demo.documents["doc_id"], demo.documents["text"], strict=True))
        for item in demo_items.itertuples():
            span = text[item.doc_id][item.start : item.end]
            assert "".join(span.split()) == "".join(item.text.split())
        known = set(zip(demo.sentences["doc_id"], demo.sentences["sentence_id"], strict=True))
        named = demo_items.assign(s=demo_items["sentence_ids"].str.split(";")).explode("s")
        assert set(zip(named["doc_id"], named["s"].astype(int), strict=True)) <= known

    def test_neither_order_nor_neighbours_matter(self, demo, demo_items):
        one = demo.documents["doc_id"].iloc[3]
        part = [
            t[t["doc_id"] == one].sample(frac=1, random_state=1) for t in (demo.sections, demo.sentences, demo.hits)
        ]
        expected = demo_items[demo_items["doc_id"] == one].reset_index(drop=True)
        pd.testing.assert_frame_equal(find_items(*part), expected)

    def test_tables_of_another_corpus_are_refused(self, demo, seed):
        with pytest.raises(ValueError, match="which sections lacks"):
            find_items(seed.sections, demo.sentences, demo.hits)


class TestSeed:
    """By hand (domain.md part 0): by heading 7 of 10 answered; any theme says 9 of 10, which is too many."""

    def test_seven_of_ten_by_heading(self, seed, seed_items):
        rows = remedy_coverage_experimental(seed_items, documents=seed.documents).set_index("coverage")
        assert rows["n_problems"].tolist() == [10] * 4
        assert rows.loc["strict", "n_answered"] == 7
        assert rows.loc["strict", "estimate"] == 0.7
        assert rows.loc["lenient", "n_answered"] == 9
        assert rows.loc["strict", "n"] == 10

    def test_the_three_orphans(self, seed_items):
        orphans = remedy_orphans_experimental(seed_items, match_remedies_experimental(seed_items), coverage="strict")
        problems = orphans[orphans["side"] == "problem"]
        for heading, word in zip(problems["heading"], ("激励机制", "考核评价", "责任意识"), strict=True):
            assert word in heading
        assert problems["theme"].tolist() == ["incentives", "inspection_assessment", "work_style"]

    def test_the_text_is_cut_off_so_there_are_bounds(self, seed, seed_items):
        row = remedy_coverage_experimental(seed_items, documents=seed.documents).set_index("coverage").loc["strict"]
        assert (row["bound_low"], row["bound_high"], row["n_truncated"]) == (0.7, 1.0, 1)
        assert "70% and 100%" in row["said_en"]
        assert "70% 与 100%" in row["said_zh"]

    def test_wilson_inside_one_text(self, seed_items):
        """statsmodels.stats.proportion.proportion_confint(7, 10, method="wilson") -> (0.3968, 0.8922)."""
        row = remedy_coverage_experimental(seed_items).set_index("coverage").loc["strict"]
        assert (round(row["ci_low"], 4), round(row["ci_high"], 4)) == (0.3968, 0.8922)
        assert row["reason"] == "within_text;n_low"

    def test_alone_it_has_nothing_to_be_held_against(self, seed_items):
        rows = remedy_coverage_experimental(seed_items)
        assert rows["lift"].isna().all()
        assert set(rows["lift_reason"]) == {"n_few"}


@pytest.fixture(scope="module")
def coded(shared, seed, demo):
    return read_items(seed, demo)


class TestHandCodes:
    """Two language models read 22 documents before any code ran; the rules saw half of them. Numbers are recorded."""

    def test_there_is_enough(self):
        answers = read_truth("answers")
        for _, own in answers.groupby("coder"):
            assert own["measures"].str.count(r"M\d+").sum() >= 120
            assert len(own) >= 80

    def test_the_coders_agree(self):
        """0.85 on whether a problem is answered, 0.95 on pairs, of the items to which both gave the same span."""
        cover, pairs = both_coders_answers()
        assert (len(cover), len(pairs)) == (179, 1734)
        assert round(kappa(cover["hand"], cover["rule"]), 2) == 0.85
        assert round(kappa(pairs["hand"], pairs["rule"]), 2) == 0.95

    @pytest.mark.parametrize(("half", "least"), [(True, 0.95), (False, 0.95)])
    def test_problems_of_reports_are_found(self, coded, half, least):
        """Of letters that answer requests (policy/SC…) the problems stand under no heading and are not."""
        truth, items, linked = coded.truth, coded.items, coded.linked
        own = truth[(truth["coder"] == 1) & truth["item"].str.startswith("P") & ~truth["doc"].str.startswith("policy/")]
        own = own[own["doc"].isin(MADE_ON) == half]
        found = sum((row.doc, row.item) in linked[1] for row in own.itertuples())
        n_items = ((items["side"] == "problem") & items["doc_id"].isin(own["doc"])).sum()
        assert found / len(own) >= least
        assert found / n_items >= least

    # The requirement of 0.75 is not met: hence "experimental" in the names. What is reached stands in hand_agreement().
    @pytest.mark.parametrize(
        ("half", "coverage", "of_pairs", "of_coverage"),
        [(True, "matched", 0.66, 0.21), (False, "matched", 0.48, 0.44), (None, "strict", 0.25, 0.11), (None, "lenient", 0.22, 0.13)],
    )  # fmt: skip
    def test_agreement_with_both_coders(self, coded, half, coverage, of_pairs, of_coverage):
        for judge, least, n in ((judge_pairs, of_pairs, 1200), (judge_coverage, of_coverage, 140)):
            whole = judge(coded, coverage)
            cases = of_half(whole, half)
            assert kappa(cases["hand"], cases["rule"]) >= least
            assert len(whole) >= n


def made(rng, n_documents, cover=None):
    """Compose items: each problem answered with probability `cover`, or themes that know nothing of each other."""
    words = {theme: ["".join(rng.choice(HAN, 2)) for _ in range(30)] for theme in THEMES}
    rows = []
    for d in range(n_documents):
        n_problems, n_measures = rng.integers(2, 9, size=2)
        problems, measures = list(rng.choice(THEMES, n_problems)), list(rng.choice(THEMES, n_measures))
        if cover is not None:
            problems = list(rng.permutation(THEMES)[:n_problems])
            measures = [p for p in problems if rng.random() < cover]
            measures += list(rng.choice([t for t in THEMES if t not in problems], 3))
        for i, (side, theme) in enumerate([*(("problem", t) for t in problems), *(("measure", t) for t in measures)]):
            text = "".join(rng.choice(words[theme], 6))
            rows.append(
                (f"{d:03d}.txt", i, side, side, i, -1, 50 * i, 50 * i + 40, text[:8], "", theme, theme, 1, str(i), text)
            )
    return make_table("items", rows)


def flagged(n_documents, n_corpora):
    """Share of corpora without any relation between problems and measures whose lift has p <= .05, by coverage."""
    rng = np.random.default_rng(11)
    tables = [
        remedy_coverage_experimental(made(rng, n_documents), by=None, n_resamples=1, n_permutations=99, seed=seed)
        for seed in range(n_corpora)
    ]
    return np.mean([table["lift_p"] <= 0.05 for table in tables], axis=0)


class TestPlanted:
    @pytest.mark.parametrize("cover", [0.3, 0.6, 0.9])
    def test_planted_coverage_is_recovered(self, cover):
        rng, held, estimates = np.random.default_rng(3), [], []
        for seed in range(12):
            table = remedy_coverage_experimental(
                made(rng, 20, cover), by=None, n_resamples=199, n_permutations=1, seed=seed
            )
            row = table.set_index("coverage").loc["strict"]
            estimates.append(row["estimate"])
            held.append(row["ci_low"] <= cover <= row["ci_high"])
        assert np.mean(estimates) == pytest.approx(cover, abs=0.03)
        assert np.mean(held) >= 0.75  # 12 trials at 95 %

    def test_planted_coverage_has_lift(self):
        rows = remedy_coverage_experimental(made(np.random.default_rng(0), 20, 0.8), by=None).set_index("coverage")
        assert (rows["lift"] > 1.2).all()
        assert (rows["lift_p"] <= 0.01).all()

    def test_null_corpora_give_nulls(self):
        """Of 40 corpora, over the four coverages; each by itself, and 400 of them, below."""
        assert flagged(6, 40).mean() <= 0.07

    @pytest.mark.acceptance
    @pytest.mark.parametrize("n_documents", [6, 8, 15])
    def test_null_corpora_give_nulls_in_the_long_run(self, n_documents):
        """Recorded: 2.8 to 5.8 % of 400 corpora each."""
        assert (flagged(n_documents, 400) <= 0.07).all()

    def test_a_list_of_everything_has_coverage_and_no_lift(self):
        """Read lift first: measures on every theme answer every problem, here and in every other report."""
        rng = np.random.default_rng(0)
        table = made(rng, 10)
        everything = pd.concat(
            [
                table[table["side"] == "problem"],
                *(
                    table[(table["side"] == "measure") & ~table.duplicated(["doc_id", "side"])].assign(theme=t, themes=t, item_id=100 + i)
                    for i, t in enumerate(THEMES)
                ),
            ]
        ).astype(table.dtypes)  # fmt: skip
        row = remedy_coverage_experimental(everything, by=None).set_index("coverage").loc["strict"]
        assert (row["estimate"], row["lift"], row["lift_p"]) == (1.0, 1.0, 1.0)


class TestCoverage:
    def test_laws(self, demo, demo_items, monkeypatch):
        for code in ("no_problems", "no_measures"):
            if code not in REASONS:
                monkeypatch.setitem(REASONS, code, (code, code))
        numbers = (
            (("estimate", "ci_low", "ci_high", "bound_low", "bound_high"), "reason"), (("lift", "lift_p", "expected"), "lift_reason"),
        )  # fmt: skip
        few = {"n_resamples": 99, "n_permutations": 49}
        tables = {"items": demo_items, "documents": demo.documents}
        for by in ("doc_id", "level"):
            check_metric(
                Metric(
                    f"remedy_coverage_experimental by {by}",
                    lambda items, documents, by=by: remedy_coverage_experimental(items, by=by, documents=documents, **few),
                    ("items", "documents"), numbers=numbers,
                ),
                tables,
            )  # fmt: skip

    def test_a_document_depends_on_no_other_but_for_its_lift(self, demo_items):
        own = ["estimate", "ci_low", "ci_high", "n_answered", "reason"]
        whole = remedy_coverage_experimental(demo_items, n_permutations=9)
        for doc_id in ("01.txt", "09.txt"):
            alone = remedy_coverage_experimental(demo_items[demo_items["doc_id"] == doc_id], n_permutations=9)
            pd.testing.assert_frame_equal(alone[own], whole[whole["doc_id"] == doc_id][own].reset_index(drop=True))

    def test_not_measurable_here(self, demo, demo_items):
        """Two reports of the demo (05, 12: implementation plans) name no problems."""
        rows = remedy_coverage_experimental(demo_items, documents=demo.documents, n_permutations=1)
        none = rows[rows["n_problems"] == 0]
        assert set(none["doc_id"]) == {"05.txt", "12.txt"}
        assert set(none["reason"]) == {"no_problems"}
        assert none["estimate"].isna().all()
        assert none["said_en"].str.startswith("Not measurable here").all()
        assert none["said_zh"].str.startswith("此处无法测量").all()

    def test_problems_without_measures_are_not_measurable_either(self, demo_items):
        rows = remedy_coverage_experimental(demo_items[demo_items["side"] == "problem"], by=None)
        assert set(rows["reason"]) == {"no_measures"}

    def test_more_evidence_answers_no_fewer(self, demo_items):
        rows = remedy_coverage_experimental(demo_items, n_permutations=1).pivot(
            index="doc_id", columns="coverage", values="estimate"
        )
        assert (rows["strict"].dropna() <= rows["lenient"].dropna()).all()

    def test_pairs_and_coverage_tell_the_same(self, demo_items):
        pairs = match_remedies_experimental(demo_items)
        rows = remedy_coverage_experimental(demo_items, n_permutations=1).set_index(["doc_id", "coverage"])
        for coverage in ("strict", "lenient", "matched"):
            met = pairs.groupby(["doc_id", "problem_id"])[coverage].any().groupby("doc_id").sum()
            assert rows.xs(coverage, level="coverage").loc[met.index, "n_answered"].tolist() == met.tolist()
        best = pairs.groupby(["doc_id", "problem_id"])["score"].max().groupby("doc_id").mean()
        assert rows.xs("soft", level="coverage").loc[best.index, "estimate"].tolist() == pytest.approx(best.tolist())

    def test_every_item_is_partnered_or_an_orphan(self, demo_items):
        pairs = match_remedies_experimental(demo_items)
        orphans = remedy_orphans_experimental(demo_items, pairs)
        met = pairs[pairs["matched"]]
        partnered = {
            *zip(met["doc_id"], met["problem_id"], strict=True),
            *zip(met["doc_id"], met["measure_id"], strict=True),
        }
        lonely = set(zip(orphans["doc_id"], orphans["item_id"], strict=True))
        with_both = demo_items[demo_items["doc_id"].isin(pairs["doc_id"])]
        assert not partnered & lonely
        assert partnered | lonely == set(zip(with_both["doc_id"], with_both["item_id"], strict=True))


class TestBridges:
    def test_themes_are_those_of_the_codebook(self, codebook):
        bridges = read_bridges()
        assert {theme for pair in bridges.pairs for theme in pair} | bridges.apart <= set(codebook.themes)

    def test_without_bridges_only_the_same_theme_meets(self, seed_items, tmp_path):
        path = tmp_path / "none.toml"
        path.write_text('apart = ["burden_naming"]', "utf-8")
        rows = remedy_coverage_experimental(seed_items, bridges=path).set_index("coverage")
        assert rows.loc["strict", "n_answered"] == 6  # 任务繁重 is answered by staff and money, across a bridge

    @pytest.mark.parametrize(
        ("text", "said"), [("bridges = [", "is no TOML"), ('[[bridges]]\nthemes = ["a"]', "two different")]
    )
    def test_a_file_that_is_none_is_refused(self, tmp_path, text, said):
        path = tmp_path / "bad.toml"
        path.write_text(text, "utf-8")
        with pytest.raises(ValueError, match=said):
            read_bridges(path)

    @pytest.mark.parametrize("option", ["threshold", "weight", "closest"])
    def test_numbers_out_of_range_are_refused(self, seed_items, option):
        with pytest.raises(ValueError, match=f"{option}=1.5"):
            match_remedies_experimental(seed_items, **{option: 1.5})

    def test_another_table_is_refused(self, demo):
        with pytest.raises(ValueError, match="items lacks"):
            match_remedies_experimental(demo.sentences)
        with pytest.raises(ValueError, match="coverage='soft'"):
            remedy_orphans_experimental(demo.sentences, demo.sentences, coverage="soft")


class TestFigures:
    def test_squares_are_the_pairs_and_shades_the_orphans(self, seed_items):
        pairs = match_remedies_experimental(seed_items)
        ax = plot_remedy_matrix(seed_items, pairs, lang="en")
        squares = [line for line in ax.lines if line.get_marker() == "s"]
        assert [len(line.get_xdata()) for line in squares] == [
            pairs["matched"].sum(),
            (pairs["strict"] & ~pairs["matched"]).sum(),
        ]
        assert len(ax.patches) == len(remedy_orphans_experimental(seed_items, pairs))
        assert (len(ax.get_yticks()), len(ax.get_xticks())) == (10, 10)
        assert ax.figure.get_suptitle() == said_agreement("match_remedies_experimental", "matched", lang="en")

    def test_dots_are_the_shares_and_diamonds_what_is_expected(self, demo_items):
        table = remedy_coverage_experimental(demo_items, by=None, n_permutations=9)
        ax = plot_remedy_coverage(table, lang="zh")
        rows = table[table["coverage"] != "soft"]
        assert [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"] == rows["estimate"].tolist()[::-1]
        assert [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "D"] == rows["expected"].tolist()[::-1]
        assert ax.figure.get_suptitle().startswith("试验性：")
        assert (
            ax.get_yticklabels()[-1].get_text()
            == f"标题主题 ({rows['n_answered'].iloc[0]}/{rows['n_problems'].iloc[0]})"
        )

    def test_a_report_without_problems_says_so(self, demo, demo_items):
        table = remedy_coverage_experimental(demo_items, documents=demo.documents, n_permutations=9)
        ax = plot_remedy_coverage(table, by="doc_id", lang="en")
        assert sum(text.get_text().startswith("not measurable here") for text in ax.texts) == 2
        with pytest.raises(ValueError, match="not measurable here"):
            plot_remedy_matrix(demo_items, match_remedies_experimental(demo_items), doc_id="05.txt")
        with pytest.raises(ValueError, match="name one as doc_id"):
            plot_remedy_matrix(demo_items, match_remedies_experimental(demo_items))
        with pytest.raises(ValueError, match="several rows"):
            plot_remedy_coverage(table)
        with pytest.raises(ValueError, match="coverage='soft'"):
            plot_remedy_coverage(table, by="doc_id", coverage="soft")
