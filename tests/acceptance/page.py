"""The page on coverage: what was measured, and the bands that were promised."""

import pandas as pd

import burdenlab as bl

CSV, PAGE = (bl.project_path("data", name) for name in ("coverage.csv", "coverage.md"))

# (part, method) -> percent between which every value lies; what is not here is reported without a promise.
BANDS = {
    ("interval", "studentised"): (92.5, 97),
    ("real", "studentised"): (92.5, 97),
    ("real, rarer", "studentised"): (90, 99),
    ("size", "permutation"): (0, 5.7),
    ("size of real", "permutation"): (0, 5.7),
    ("null words", "q < .05 by permutation"): (0, 1),
}
_TITLES = {
    "interval": (
        "Intervals of a rate",
        "Nominal 95 %. Documents of log-normal length (median 1,480 Han characters), five hits each on average, gamma-Poisson: "
        "k is the shape, small where hits come in bursts. **Promised of the studentised bootstrap, the default: each "
        'cell 92.5–97 %, their mean 93–97 %.** `method="jackknife"` draws nothing; percentile bounds are what other '
        "packages give.",
    ),
    "limits": (
        "Where they end",
        "The same with fewer documents, heavier bursts and rare themes, without a promise. Results with fewer than 20 documents "
        "bear the reason `n_low`; those with a hit in fewer than 5 documents bear `few_hits` and are left out here, "
        "as they should be read: not as 95 %.",
    ),
    "real": (
        "Intervals on real reports",
        "n of the 97 work reports (`data/features`) drawn with replacement; the truth is the rate of all 97. Themes that half "
        "of the reports name. **Promised: each 92.5–97 %, their mean 93–97 %.**",
    ),
    "real, rarer": (
        "Rarer themes of real reports",
        "The same for all other themes that ten of the drawn reports name on average. "
        "**Promised: their mean 93–97 %, each 90–99 %.**",
    ),
    "size": (
        "Size of the permutation test",
        "Share of tests with p ≤ .05 where there is no difference. **Promised: at most 5.7 %.**",
    ),
    "size of real": (
        "Size on real reports",
        "Real reports dealt out to two sides by lot, themes that twenty of them name. **Promised: at most 5.7 %.**",
    ),
    "null words": (
        "Key words where there are none",
        "Share of words called key between documents of one population: 2,000 words by Zipf's law, and the words of the "
        "central reports dealt out by lot. **Promised of q: at most 1 %.** The likelihood tables that other tools go by "
        "are beside it.",
    ),
    "contrast": (
        "Intervals of differences and ratios",
        "Nominal 95 %; one group has twice the rate of the other. Reported without a promise.",
    ),
    "entropy": (
        "Intervals of attention entropy",
        "Nominal 95 %; 25 themes, 15 hits a document. Reported without a promise.",
    ),
}


def write_page(rows: pd.DataFrame) -> None:
    """Write the record and the page; equal numbers give equal bytes."""
    rows.to_csv(CSV, index=False, lineterminator="\n")
    PAGE.write_text(render(rows), "utf-8")


def render(rows: pd.DataFrame) -> str:
    """Give the page of a record."""
    mean = rows[(rows["part"] == "interval") & (rows["method"] == "studentised")]["value"].mean()
    lines = [
        "# How often the intervals hold",
        "",
        "Written by `make acceptance` (`tests/acceptance/`), which fails where a promise is broken; the numbers are in "
        "`coverage.csv`. 本页由 `make acceptance` 生成:名义 95 % 的区间实际覆盖多少,置换检验在没有差异时误报多少。",
        "",
        f"Mean of the nine cells of the default interval: {mean:.1f} %.",
    ]
    for part, (title, text) in _TITLES.items():
        own = rows[rows["part"] == part]
        wide = own.pivot(index=["setting", "n"], columns="method", values="value").reset_index()
        place = own.drop_duplicates(["setting", "n"])[["setting", "n"]]
        wide = place.merge(wide, on=["setting", "n"]).sort_values("n", key=_first_number, kind="stable")
        methods = own["method"].drop_duplicates().tolist()
        counts = own["replicates"].unique()
        times = f"{counts.min():,}" if len(counts) == 1 else f"{counts.min():,} to {counts.max():,}"
        lines += [
            "", f"## {title}", "", text, "", f"{times} replicates a cell.", "",
            "| " + " | ".join(["", "documents", *methods]) + " |", "| --- " * (2 + len(methods)) + "|",
            *("| " + " | ".join([r["setting"], str(r["n"]), *(f"{r[m]:.2f} %" for m in methods)]) + " |" for _, r in wide.iterrows()),
        ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _first_number(n: pd.Series) -> pd.Series:
    return n.astype("str").str.extract(r"(\d+)", expand=False).astype(int)
