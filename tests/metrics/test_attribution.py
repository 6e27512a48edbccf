"""Causes, blame and credit: the seed by hand, two blind coders, planted shares."""

import numpy as np
import pandas as pd
import pytest

from burdenlab.figures.attribution import plot_attribution
from burdenlab.metrics.actors import ACTORS, read_actor_words, subject_of, who
from burdenlab.metrics.attribution import attribution_experimental
from burdenlab.metrics.causes import find_causes_experimental
from burdenlab.metrics.credit import credit_blame_experimental, find_subjects_experimental
from burdenlab.metrics.items import find_items
from burdenlab.tables import check_table, make_table
from tests.check_metric import Metric, check_metric
from tests.conftest import make_documents
from tests.metrics.item_scores import both_coders_causes, judge_causes, judge_subjects, of_half, read_causes
from tests.metrics.truth_files import kappa, read_truth

LEVELS = ("central", "province", "city", "county", "township", "village")


def causes_of(corpus, documents=None):
    items = find_items(corpus.sections, corpus.sentences, corpus.hits)
    return find_causes_experimental(
        corpus.sections, corpus.sentences, items, documents=corpus.documents if documents is None else documents
    )


@pytest.fixture(scope="module")
def demo_causes(demo):
    return causes_of(demo)


class TestSeed:
    """By hand (domain.md part 0): three structural, three subjective, and these all blame the grassroots staff."""

    def test_three_and_three(self, seed):
        causes = causes_of(seed)
        own = causes[causes["source"] == "item"]
        assert own["type"].tolist() == ["structural"] * 3 + ["subjective"] * 3
        assert own.loc[own["type"] == "subjective", "blamed"].tolist() == ["grassroots_staff"] * 3
        assert own.loc[own["type"] == "structural", "blamed"].tolist() == ["none", "superior", "none"]

    def test_half_structural_with_wilson(self, seed):
        """Six causes are fewer than 8: no bounds. S = 3/6; one cause blames a superior, three the staff: D = -0.5."""
        rows = attribution_experimental(causes_of(seed)).set_index("measure")
        row = rows.loc["structural"]
        assert (row["estimate"], row["n"], row["n_structural"], row["n_subjective"], row["n_external"]) == (
            0.5,
            6,
            3,
            3,
            0,
        )
        assert row["reason"] == "within_text;n_small"
        assert np.isnan(row["ci_low"])
        assert rows.loc["direction_experimental", "estimate"] == -0.5
        assert "3 are structural, 3 subjective" in row["said_en"]

    def test_all_subjective_causes_point_down(self, seed):
        causes = causes_of(seed)
        rows = attribution_experimental(causes[causes["type"] == "subjective"]).set_index("measure")
        assert rows.loc["direction_experimental", "estimate"] == -1.0
        assert rows.loc["structural", "estimate"] == 0.0

    def test_who_speaks_acts_where_it_did_well(self, seed):
        """domain.md part 0: 我局/领导小组 once among problems, never among causes, 13 times among measures."""
        row = credit_blame_experimental(seed.sentences, by="doc_id").set_index("subjects").loc["carried"]
        assert row["self_in_credit"] > 0.5 > row["self_in_blame"]
        assert row["n_self_blame"] == 0


class TestActors:
    @pytest.mark.parametrize(
        ("kind", "by_level"),
        [
            ("county", "grassroots_staff grassroots_staff grassroots_staff self superior superior"),
            ("township", "grassroots_staff grassroots_staff grassroots_staff grassroots_staff self superior"),
            ("department", "peer_dept peer_dept peer_dept peer_dept superior superior"),
            ("own", "self self self self self self"),
            ("above", "superior superior superior superior superior superior"),
        ],
    )
    def test_who_an_actor_is_hangs_on_who_speaks(self, kind, by_level):
        assert [who(kind, level) for level in LEVELS] == by_level.split()
        assert set(by_level.split()) <= set(ACTORS)

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("我局建立了定期会商制度。", "own"),
            ("今年以来,我们压减了会议。", "own"),
            ("为了方便群众,镇里把窗口搬到了村口。", "township"),
            ("一些上级部门层层加码。", "above"),
            ("少数干部能拖就拖。", "staff"),
            ("部门之间互相推诿。", None),
            ("基层单位的经费不足。", None),
            ("建立了信息共享机制。", None),
            ("会议由五十场减到二十场。", None),
        ],
    )
    def test_subjects(self, text, kind):
        assert subject_of(text, read_actor_words()) == kind

    @pytest.mark.parametrize(("text", "said"), [("[[actors]", "expected"), ('[[actors]]\nkind = "ghost"', "expected")])
    def test_a_file_that_is_none_is_refused(self, tmp_path, text, said):
        path = tmp_path / "bad.toml"
        path.write_text(text, "utf-8")
        with pytest.raises(ValueError, match=said):
            read_actor_words(path)


@pytest.fixture(scope="module")
def coded(shared, seed, demo):
    return read_causes(seed, demo)


class TestHandCodes:
    def test_there_is_enough(self):
        assert [len(own) for _, own in read_truth("causes").groupby("coder")] == [62, 86]

    def test_the_coders_agree(self):
        """Of 53 causes that both coded; coder 1 has no central reports."""
        both = both_coders_causes()
        assert len(both) == 53
        assert round((both["type"] == both["type_2"]).mean(), 2) == 0.96
        assert round((both["blamed"] == both["blamed_2"]).mean(), 2) == 0.94
        assert round(kappa(both["type"], both["type_2"]), 2) == 0.93
        assert round(kappa(both["blamed"], both["blamed_2"]), 2) == 0.92

    # A kappa of 0.75 was asked for. On documents that the rules never saw neither reaches it: hence "experimental".
    @pytest.mark.parametrize(("half", "n", "of_type", "of_blamed"), [(True, 27, 0.91, 0.91), (False, 15, 0.75, 0.62)])
    def test_agreement_with_both_coders(self, coded, half, n, of_type, of_blamed):
        both = of_half(judge_causes(*coded), half)
        assert len(both) == pytest.approx(n, abs=2)
        assert (both["type"] == both["type_found"]).mean() >= of_type
        assert (both["blamed"] == both["blamed_found"]).mean() >= of_blamed

    def test_causes_in_central_reports(self, coded):
        """One coder, other subjects than burden; half of these sentences were looked at: recorded, no more."""
        truth, causes = coded
        own = truth[(truth["coder"] == 2) & truth["doc"].str.startswith(("workreports", "notices"))].drop_duplicates(
            ["doc", "start"]
        )
        both = own.merge(causes, left_on=["doc", "start"], right_on=["doc_id", "at"], suffixes=("", "_found"))
        assert len(both) / len(own) >= 0.6
        assert (both["type"] == both["type_found"]).mean() >= 0.5
        assert (both["blamed"] == both["blamed_found"]).mean() >= 0.75

    def test_cause_items_are_found(self, coded):
        truth, causes = coded
        own = truth[(truth["coder"] == 1) & truth["doc"].str.startswith(("demo", "seed"))].drop_duplicates(
            ["doc", "start"]
        )
        found = own.merge(causes, left_on=["doc", "start"], right_on=["doc_id", "at"])
        assert len(found) / len(own) >= 0.8

    def test_subjects_against_one_reader(self, seed, demo):
        """90 sentences drawn by lot, coded before the rule was written: precision of "self" and its recall."""
        both = judge_subjects(seed, demo)
        assert len(both) == 90
        hand = both["subject"] == "self"
        for rule, precision, recall in (("named", 0.94, 0.37), ("carried", 0.84, 0.51)):
            found = both[rule] == "self"
            assert (hand & found).sum() / found.sum() >= precision
            assert (hand & found).sum() / hand.sum() >= recall


def planted_causes(rng, n_documents, structural, *, up=0.5):
    rows = [
        (f"{d:03d}.txt", i, "item", 0, 0, 1, "", "structural" if rng.random() < structural else "subjective", "",
         "superior" if rng.random() < up else "grassroots_staff", "", str(i), "")
        for d in range(n_documents)
        for i in range(rng.integers(1, 9))
    ]  # fmt: skip
    return make_table("causes", rows)


class TestAttribution:
    @pytest.mark.parametrize(("structural", "up"), [(0.3, 0.8), (0.7, 0.2)])
    def test_planted_shares_are_recovered(self, structural, up):
        rng, held, estimates = np.random.default_rng(2), [], []
        for seed in range(30):
            rows = attribution_experimental(
                planted_causes(rng, 30, structural, up=up), by=None, n_resamples=199, seed=seed
            )
            estimates.append(rows["estimate"].tolist())
            truth = np.array([structural, 2 * up - 1])
            held.append(((rows["ci_low"] <= truth) & (truth <= rows["ci_high"])).tolist())
        assert np.mean(estimates, axis=0) == pytest.approx([structural, 2 * up - 1], abs=0.04)
        assert (np.mean(held, axis=0) >= 0.83).all()  # 30 trials at 95 %

    def test_wilson_inside_one_document(self):
        """statsmodels.stats.proportion.proportion_confint(7, 10, method="wilson") -> (0.3968, 0.8922)."""
        causes = planted_causes(np.random.default_rng(0), 1, 1.0)
        causes = pd.concat([causes.iloc[[0]]] * 10, ignore_index=True).assign(cause_id=range(10))
        causes["type"] = pd.Series(["structural"] * 7 + ["subjective"] * 3, dtype="str")
        row = attribution_experimental(causes).iloc[0]
        assert (row["estimate"], round(row["ci_low"], 4), round(row["ci_high"], 4)) == (0.7, 0.3968, 0.8922)

    def test_laws(self, demo, demo_causes):
        for by in ("doc_id", "level"):
            check_metric(
                Metric(
                    f"attribution by {by}",
                    lambda causes, documents, by=by: attribution_experimental(causes, by=by, documents=documents, n_resamples=99),
                    ("causes", "documents"), key=by,
                ),
                {"causes": demo_causes, "documents": demo.documents},
            )  # fmt: skip

    def test_a_document_without_causes_is_not_measurable(self, demo, demo_causes):
        rows = attribution_experimental(demo_causes, documents=demo.documents)
        none = rows[rows["n_causes"] == 0]
        assert "05.txt" in set(none["doc_id"])
        assert set(none["reason"]) == {"within_text;n_zero"} or set(none["reason"]) == {"n_zero"}
        assert none["said_zh"].str.startswith("此处无法测量").all()

    def test_counts_add_up(self, demo_causes):
        row = attribution_experimental(demo_causes, by=None, source=None).iloc[0]
        assert (
            row[["n_structural", "n_subjective", "n_external", "n_undetermined"]].sum()
            == row["n_causes"]
            == len(demo_causes)
        )
        assert row[[f"n_{actor}" for actor in ACTORS]].sum() == len(demo_causes)

    def test_the_level_of_who_speaks_tells_peers_from_superiors(self):
        documents = make_documents(
            "在全县工作推进会上的汇报发言\n一、原因分析\n(一)主观上。有的部门图省事,把开会当作落实。\n(二)制度上。考核制度不健全,缺少退出机制。\n"
        )
        import burdenlab as bl  # noqa: PLC0415

        sections = bl.split_sections(documents)
        sentences = bl.split_sentences(documents, sections)
        items = find_items(sections, sentences, bl.find_hits(sentences, bl.load_codebook()))
        blamed = {
            level: find_causes_experimental(
                sections, sentences, items, documents=documents.assign(level=pd.Series([level], dtype="str"))
            )["blamed"].tolist()
            for level in ("county", "township")
        }
        assert blamed == {"county": ["peer_dept", "none"], "township": ["superior", "none"]}

    def test_wrong_tables_and_options_are_refused(self, demo, demo_causes):
        with pytest.raises(ValueError, match="causes lacks"):
            attribution_experimental(demo.sentences)
        with pytest.raises(ValueError, match="items lacks"):
            find_causes_experimental(demo.sections, demo.sentences, demo.sentences)
        with pytest.raises(ValueError, match="source='all'"):
            attribution_experimental(demo_causes, source="all")

    def test_without_rows(self, demo):
        causes = find_causes_experimental(
            demo.sections.iloc[:0],
            demo.sentences.iloc[:0],
            find_items(demo.sections, demo.sentences.iloc[:0], demo.hits.iloc[:0]),
        )
        assert causes.empty
        check_table(causes, "causes")


def planted_sentences(rng, n_documents, credit, blame):
    """Compose reports whose sentences name who acts; dropped subjects go on from the sentence before."""
    rows = []
    for d in range(n_documents):
        for i in range(int(rng.integers(6, 20))):
            move = "measure" if i % 2 else "problem"
            own = rng.random() < (credit if move == "measure" else blame)
            text = f"{'我局' if own else '一些村干部'}做了第{i}件事。"
            rows.append((f"{d:03d}.txt", i % 2, i, 10 * i, 10 * i + 9, text, 8, False, move, move, "", False))
    return make_table("sentences", rows)


class TestCredit:
    @pytest.mark.parametrize(("credit", "blame"), [(0.8, 0.2), (0.5, 0.5)])
    def test_planted_asymmetry_is_recovered(self, credit, blame):
        """Also the null: where there is none, at most 7 % of the intervals leave 0 out (of 40, so at most 3)."""
        rng, held, estimates = np.random.default_rng(4), [], []
        for seed in range(40):
            row = credit_blame_experimental(planted_sentences(rng, 20, credit, blame), n_resamples=399, seed=seed).iloc[
                0
            ]
            estimates.append(row["estimate"])
            held.append(row["ci_low"] <= credit - blame <= row["ci_high"])
        assert np.mean(estimates) == pytest.approx(credit - blame, abs=0.03)
        assert sum(held) >= 37

    def test_documents_are_paired(self):
        """Who says 我局 much says it everywhere: drawn together, what documents differ in drops out."""
        rng, widths = np.random.default_rng(1), []
        for paired in (True, False):
            parts = []
            for d in range(40):
                share = 0.1 + 0.8 * (d % 2)
                other = share if paired else 1.0 - share
                part = planted_sentences(rng, 1, share, other).assign(doc_id=f"{d:03d}.txt")
                parts.append(part.astype({"doc_id": "str"}))
            row = credit_blame_experimental(pd.concat(parts, ignore_index=True)).iloc[0]
            widths.append(row["ci_high"] - row["ci_low"])
        assert widths[0] < widths[1]

    def test_carried_subjects_go_on_inside_their_section_only(self):
        rows = [
            ("a.txt", 1, 0, 0, 9, "我局压减了会议。", 7, False, "measure", "measure", "", False),
            ("a.txt", 1, 1, 10, 19, "同时退回了文件。", 7, False, "measure", "measure", "", False),
            ("a.txt", 2, 2, 20, 29, "取消了台账。", 5, False, "measure", "measure", "", False),
        ]
        subjects = find_subjects_experimental(make_table("sentences", rows))
        assert subjects["named"].tolist() == ["self", "", ""]
        assert subjects["carried"].tolist() == ["self", "self", ""]

    def test_laws(self, demo):
        numbers = ((("estimate", "ci_low", "ci_high"), "reason"),)
        for by in ("level", "doc_id"):
            check_metric(
                Metric(
                    f"credit_blame_experimental by {by}",
                    lambda sentences, documents, by=by: credit_blame_experimental(
                        sentences, by=by, documents=documents, n_resamples=99
                    ),
                    ("sentences", "documents"), key=by, numbers=numbers,
                ),
                {"sentences": demo.sentences, "documents": demo.documents},
            )  # fmt: skip

    def test_what_nobody_knows_is_shown(self, demo):
        rows = credit_blame_experimental(demo.sentences, documents=demo.documents).set_index("subjects")
        assert (rows["n_known_credit"] <= rows["n_credit"]).all()
        assert (rows.loc["named", "undetermined_credit"] > rows.loc["carried", "undetermined_credit"]).all()
        share = 1 - rows["n_known_blame"] / rows["n_blame"]
        assert rows["undetermined_blame"].tolist() == pytest.approx(share.tolist())


class TestFigures:
    def test_segments_are_the_counts(self, demo_causes):
        own = demo_causes[demo_causes["source"] == "item"]
        ax = plot_attribution(own, lang="en")
        assert sum(bar.get_width() for bar in ax.patches) == len(own)
        structural = (own["type"] == "structural").sum()
        assert ax.get_yticklabels()[0].get_text() == f"Structural ({structural})"
        assert ax.figure.get_suptitle().startswith("Experimental: ")

    def test_without_causes_it_says_so(self, demo_causes):
        ax = plot_attribution(demo_causes.iloc[:0], lang="zh")
        assert "此处无法测量" in ax.texts[0].get_text()
