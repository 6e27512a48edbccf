"""The first dictionary, of 23 themes, as a codebook: it gave the figures of ``reference/domain.md`` part 0.

It lies beside the checkout and is not copied into it: ``shared/codebook/codebook_v0.tsv``. Its grouping of themes is ours.
"""

import csv
import hashlib
import itertools
import re
from pathlib import Path

import burdenlab as bl
from burdenlab.coding.codebook_files import codebook_from_dict

# Domain.md part 3 (2): the cart's themes and the horse's diagnose; four themes of remedies lighten, the horse's feed.
MAPPING = """
name = "v0"
version = "1"
[unit]
move = "section_move"
headings = "closed"
[diagnosis]
moves = ["problem", "harm", "cause"]
load = [
  "task_overload", "territorial_responsibility", "inspection_assessment", "meetings_documents", "paperwork_traces",
  "digital_formalism", "fragmented_command", "accountability_pressure", "plaques_certificates", "secondment_drain",
]
capacity = [
  "staffing", "finance", "authority", "skills_training", "incentives", "digital_enablement", "social_forces",
]
road = []
aside = [
  "duty_lists_access", "coordination", "cutting_measures", "error_tolerance", "supervision_rectification",
  "organisational_ritual",
]
road_is = "apart"
[remedy]
moves = ["measure", "plan"]
lighten = ["duty_lists_access", "coordination", "cutting_measures", "error_tolerance"]
feed = [
  "staffing", "finance", "authority", "skills_training", "incentives", "digital_enablement", "social_forces",
]
mend = []
ritual = ["organisational_ritual"]
aside = [
  "supervision_rectification", "task_overload", "territorial_responsibility", "inspection_assessment",
  "meetings_documents", "paperwork_traces", "digital_formalism", "fragmented_command", "accountability_pressure",
  "plaques_certificates", "secondment_drain",
]
mend_is = "apart"
[[choices]]
id = "coordination"
zh = "条块协调"
en = "Coordination"
[[choices.options]]
id = "counted"
zh = "计入"
en = "counted"
[[choices.options]]
id = "aside"
zh = "不计"
en = "left aside"
remedy = { aside = ["coordination"] }
"""


_PLAIN = r"[^()\[\]?*|{}.+\\]+"
_EXPANDED = re.compile(rf"(?:{_PLAIN}|\((?:{_PLAIN}\|)*{_PLAIN}\))+")


def read_v0(shared: Path) -> bl.Codebook:
    """Read the dictionary; 背锅 and 接锅 stand for (背|接)锅, which has no two characters to look for first."""
    path = shared / "codebook" / "codebook_v0.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    themes = {}
    for row in rows:
        theme = {"group": row["group"], "zh": row["zh"], "en": row["en"]}
        for column, terms, patterns in (
            ("include_regex", "terms", "patterns"),
            ("exclude_regex", "exclude", "exclude_patterns"),
        ):
            every = [part for part in (row[column] or "").split(" ; ") if part]
            literals = [part.replace("\\+", "+") for part in every if re.sub(r"\\\+", "", part).isalnum()]
            alternatives = [part for part in every if part not in literals and _EXPANDED.fullmatch(part)]
            theme[terms] = list(dict.fromkeys([*literals, *(word for part in alternatives for word in _expand(part))]))
            theme[patterns] = [
                part for part in every if part not in alternatives and part.replace("\\+", "+") not in literals
            ]
        themes[row["id"]] = {key: value for key, value in theme.items() if value}
    groups = {group: {"zh": group, "en": group} for group in dict.fromkeys(row["group"] for row in rows)}
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    content = {"name": "v0", "version": "0", "groups": groups, "themes": themes}
    return codebook_from_dict(content, name="v0", sha256=sha256)


def _expand(pattern: str) -> list[str]:
    parts = [part.strip("()").split("|") for part in re.findall(rf"\([^)]*\)|{_PLAIN}", pattern)]
    return ["".join(words) for words in itertools.product(*parts)]
