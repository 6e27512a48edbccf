"""Write data/findings.md and, with the texts, the sentences to read behind it: python -m tests.make_findings [REPORTS].

The page is made of data/features alone; no number of it is typed. With REPORTS (as for make_features) three sentences a
finding go to results/findings-sentences.csv, which is not kept in the repository.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

import burdenlab as bl
from burdenlab.exports.tables import save_table
from tests.make_features import read_reports

PAGE = bl.project_path("data", "findings.md")
SINCE, EVENT, YEARS_BEFORE = 2018, "inspection_notice", 10
SURE = 0.05
DRIFTING = ["finance", "burden_naming", "imposed_costs", "hotline_dispatch"]  # read in drift_note


def of(features: bl.Features, documents: pd.DataFrame) -> list[pd.DataFrame]:
    """Give counts and exposure of some documents."""
    return [t[t["doc_id"].isin(documents["doc_id"])] for t in (features.theme_counts, features.exposure)]


def lines(table: pd.DataFrame) -> list[str]:
    """Give a table in Markdown."""
    rows = [list(table.columns), ["---"] * table.shape[1], *table.astype(str).to_numpy().tolist()]
    return ["| " + " | ".join(row) + " |" for row in rows]


def rate(row: pd.Series, name: str = "estimate") -> str:
    """Give a rate with its interval, or why it has none."""
    if pd.isna(row["ci_low"]):
        return f"{row[name]:.3f} (no interval: {row['reason']})"
    return f"{row[name]:.3f} ({row['ci_low']:.3f} to {row['ci_high']:.3f})"


def measure(features: bl.Features) -> dict[str, pd.DataFrame]:
    """Everything that the page says, as tables."""
    documents = features.documents.assign(decade=features.documents["year"] // 10 * 10)
    central, province = (documents[documents["level"] == level] for level in ("central", "province"))
    recent = pd.concat([central[central["year"] >= SINCE], province])
    event = bl.policy_timeline().set_index("event").loc[EVENT, "issued"]
    near = central[central["year"] >= int(event[:4]) - YEARS_BEFORE]
    before = near[near["year"] < int(event[:4])]
    given = {"themes": features.themes}
    return {
        "differences": bl.rate_differences(*of(features, recent), **given, by="level", documents=recent, against="central"),
        "change": bl.theme_change(*of(features, near), **given, documents=near, event=event),
        "slope": bl.theme_slope(*of(features, before), **given, documents=before),
        "decades": bl.theme_rates(*of(features, central), **given, by="decade", documents=central),
        "presence": bl.theme_presence(*of(features, documents), **given, by="level", documents=documents),
        "moves": bl.move_profile(of(features, documents)[1], by="level", documents=documents),
        "levels": bl.theme_rates(*of(features, documents), **given, by="level", documents=documents),
    }  # fmt: skip


def page(features: bl.Features, found: dict[str, pd.DataFrame]) -> str:
    """Write the page."""
    codebook = bl.load_codebook()
    label = {t: f"{codebook.labels('en')[t]} {codebook.labels('zh')[t]}" for t in features.themes}
    differences, change = (t[t["q"] < SURE] for t in (found["differences"], found["change"]))
    slope = found["slope"].set_index("theme")
    counts = features.documents["level"].value_counts()
    moves = found["moves"].pivot(index="move", columns="level", values="estimate")
    said = found["moves"].assign(
        share=found["moves"].apply(lambda r: rate(r) if pd.notna(r["estimate"]) else "", axis=1)
    )
    shares = said.pivot(index="move", columns="level", values="share").loc[
        ["problem", "cause", "measure", "result", "plan"]
    ]
    recent = found["differences"].iloc[0]
    naming = found["decades"][found["decades"]["theme"].isin(["burden_naming", "work_style"])]
    series = naming.assign(rate=naming.apply(rate, axis=1)).pivot(index="decade", columns="theme", values="rate")
    after = found["change"].iloc[0]
    years = features.documents.loc[features.documents["level"] == "central", "year"]
    rare = found["presence"].query("level == 'province' and n_documents_hit < 5")
    none = found["presence"].groupby("theme")["n_documents_hit"].sum().loc[lambda n: n == 0].index
    unsure = bl.policy_periods(features.documents[features.documents["level"] == "central"])
    parts = [
        "# What 97 real work reports tell of grassroots burden, and what they cannot",
        "",
        "Written by `python -m tests.make_findings` from `data/features`; no number is typed by hand. 本页由脚本生成,数字均为计算所得。",
        f"{counts['central']} reports of the State Council, {counts['province']} of provinces, {counts['county']} of one district. "
        "Rates are matches per 1,000 Han characters with 95 % intervals over documents (`burdenlab` defaults); q is "
        f"Benjamini–Hochberg over all {len(features.themes)} themes of permutation tests over documents. Terms were tuned on "
        "sentences that partly come from these reports and err more often on others (CHANGELOG): read the sentences "
        "(`results/findings-sentences.csv`, written where the texts are at hand).",
        "",
        "## 1. Work reports are about plans; of problems they say little, of causes next to nothing",
        "",
        "Share of the text by move:",
        "",
        *lines(shares.reset_index()),
        "",
        f"Plans fill {moves.loc['plan', 'central']:.0%} of the central reports and {moves.loc['plan', 'province']:.0%} of the provincial "
        f"ones; problems {moves.loc['problem', 'central']:.1%} and {moves.loc['problem', 'province']:.1%}. Whoever looks for the burden "
        "itself has to read notices and bureau reports.",
        "",
        f"## 2. Provinces (2026) against the centre (since {SINCE})",
        "",
        f"{recent['n']} provincial and {recent['n_against']} central reports; {len(differences)} of {len(features.themes)} themes differ at q < .05:",
        "",
        *lines(
            pd.DataFrame(
                {
                    "theme": differences["theme"].map(label),
                    "province": differences["rate"].map("{:.3f}".format),
                    "centre": differences["rate_against"].map("{:.3f}".format),
                    "difference": differences.apply(rate, axis=1),
                    "q": differences["q"].map("{:.3f}".format),
                    "matches": differences["n_hits"].astype(str) + " / " + differences["n_hits_against"].astype(str),
                    "reason": differences["reason"],
                }
            )
        ),
        "",
        "The years differ as well as the level: the central reports are of several years, the provincial ones of one.",
        "",
        f"## 3. The centre before and after the notice on inspections of {bl.policy_timeline().set_index('event').loc[EVENT, 'issued']}",
        "",
        f"{after['n_before']} reports before, {after['n_after']} after, {after['n_left_out']} of the year itself left out, since its date "
        f"is not known to the month. {len(change)} themes changed at q < .05; beside each the trend of the years before, per year:",
        "",
        *lines(
            pd.DataFrame(
                {
                    "theme": change["theme"].map(label),
                    "before": change["before"].map("{:.3f}".format),
                    "after": change["after"].map("{:.3f}".format),
                    "change": change.apply(rate, axis=1),
                    "q": change["q"].map("{:.3f}".format),
                    "trend before": [rate(slope.loc[t]) for t in change["theme"]],
                }
            )
        ),
        "",
        "A change after the notice is not its effect. The pandemic, a new government and a new style of report fall in the same years.",
        "",
        "## 4. Naming the burden and the style of work, by decade (centre)",
        "",
        *lines(series.rename(columns=label).reset_index()),
        "",
        "# What these texts cannot tell",
        "",
        f"- **Single years.** There is one central report a year ({years.nunique()} of {len(years)}): a year has a rate and no interval.",
        f"- **Policy periods.** Of the central reports only the year is known; {int(unsure['period'].isna().sum())} of {len(unsure)} fall in no period.",
        "- **Provinces over time, or districts against each other.** Provinces are seen in one year; one district stands for no other.",
        f"- **Rare themes.** In fewer than five provincial reports: {', '.join(label[t] for t in rare['theme'])}. "
        f"In no report at all: {', '.join(label[t] for t in none) or 'none'}. Their absence says what a work report is, not what offices carry.",
        "- **The burden of anyone else.** 负担 is also said of peasants' taxes, of firms, of household bills and of energy; the "
        "codebook leaves those out by their company, and what it misses there counts as burden. Energy, "
        "poverty and taxes are not grassroots burden: series of "
        f"{', '.join(label[t] for t in DRIFTING)} need their drift looked at first (notebook 04, `term_drift`).",
        "- **Causes and effects.** Nothing here was assigned at random; groups differ in year, length and author as well as in name.",
        "",
    ]
    return "\n".join(parts)


def sentences_behind(reports: Path, themes: Iterable[str]) -> pd.DataFrame:
    """Draw three sentences for each theme and level."""
    documents = read_reports(reports)
    sentences = bl.split_sentences(documents, bl.split_sections(documents))
    hits = bl.find_hits(sentences, bl.load_codebook())
    levels = documents.set_index("doc_id")["level"]
    parts = []
    for level in ("central", "province"):
        own = hits[hits["doc_id"].map(levels).eq(level) & hits["theme"].isin(list(themes))]
        parts.append(bl.examples(own, sentences, n=3).assign(level=level))
    return pd.concat(parts, ignore_index=True)


def main() -> None:
    """Write the page and, where the texts are given, the sentences."""
    features = bl.read_features()
    found = measure(features)
    PAGE.write_text(page(features, found), "utf-8")
    if len(sys.argv) > 1:
        told = {t for name in ("differences", "change") for t in found[name].loc[found[name]["q"] < SURE, "theme"]}
        rows = sentences_behind(Path(sys.argv[1]), told | {"burden_naming", "work_style"})
        save_table(rows, bl.project_path("results", "findings-sentences"))


if __name__ == "__main__":
    main()
