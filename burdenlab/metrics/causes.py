"""Causes that reports name: of what kind, and whom they blame."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from burdenlab.metrics.actors import ActorWords, mentions, named, read_actor_words, speaker_levels, who
from burdenlab.tables import TABLES, check_table, make_table

__all__ = ["CAUSE_TYPES", "find_causes_experimental"]

CAUSE_TYPES = ("structural", "subjective", "external", "")
_CUE = "由于|(?:等|主要|根本|深层次?|其|直接)原因|原因(?:是|在于|有)|根源|根子|根本在于|归根[结到]底|源于|(?:只|就|是)?因为|归因"
# What the cue announces: 由于…, up to the comma; 原因是…, to the end.
_REASON = re.compile(
    "(?:由于|因为|源于)(?P<near>[^，,；;。]{4,})|(?:原因|根源|根子|根本|归根[结到]底)[也就]?(?:是|在于|有)?[：:，,]?(?P<far>.{6,})"
)
_TOLD = ("problem", "harm", "cause")
_BETWEEN = re.compile("之间|间的")
_DOES = re.compile("往往|总|只(?!被)|也|都|仍|还|不|没|把|将|对|缺|以|习惯|过于|一味")


def find_causes_experimental(
    sections: pd.DataFrame,
    sentences: pd.DataFrame,
    items: pd.DataFrame,
    *,
    documents: pd.DataFrame | None = None,
    words: str | Path | None = None,
) -> pd.DataFrame:
    """Find the causes that a text names, their kind, and whom they blame.

    Parameters
    ----------
    sections, sentences : DataFrame
        The tables of these names.
    items : DataFrame
        From ``find_items``: those with the move "cause" are causes.
    documents : DataFrame, optional
        Its variable ``level`` ("central", "province", "city", "county", "township", "village") says who speaks: a department is a
        peer of a county and a superior of a township. Without it departments are peers.
    words : path, optional
        A TOML file such as ``burdenlab/metrics/actors.toml``.

    Returns
    -------
    DataFrame
        One row a cause, in the order of the text: ``doc_id``, ``cause_id`` (from 0 in a document), ``source`` ("item": of a part
        that tells causes; "sentence": elsewhere, by 由于, 原因是, …), ``section_id``, ``start``, ``end``, ``heading``, ``type``
        ("structural", "subjective", "external", "" where no word tells), ``type_words``, ``blamed`` ("superior", "peer_dept",
        "self", "grassroots_staff", "public", "none"), ``blamed_words``, ``sentence_ids``, ``text``.

    Raises
    ------
    TypeError, ValueError
        If a table is not what it should be.

    Notes
    -----
    The kind is that of the nearest heading above which tells one (体制机制方面, 主观因素方面), else of most words, those of its own
    heading twice. Blamed is whom the heading names, else 一些部门 and the like, else who stands at the head of a clause; of
    subjective causes, else anyone named. Of other causes only who is said to do something wrong: an arrangement is nobody's fault.

    **Experimental**: against hand codes, on documents not looked at, type κ 0.67 (95%: 0.37 to 1.00), blamed κ 0.58
    (95%: 0.26 to 0.83); goal 0.75, of the few causes on which two blind coders (language models) agree; more in
    ``hand_agreement``.

    Examples
    --------
    >>> import burdenlab as bl
    >>> from burdenlab.metrics.items import find_items
    >>> documents, _, _ = bl.read_documents("data/demo/reports/01.txt")
    >>> sections = bl.split_sections(documents)
    >>> sentences = bl.split_sentences(documents, sections)
    >>> items = find_items(sections, sentences, bl.find_hits(sentences, bl.load_codebook()))
    >>> find_causes_experimental(sections, sentences, items)[["type", "blamed"]].values.tolist()[0]
    ['subjective', 'peer_dept']
    """
    check_table(sections, "sections")
    check_table(sentences, "sentences")
    check_table(items, "items")
    known = read_actor_words(words)
    levels = speaker_levels(documents)
    above = _headings_above(sections)
    columns = ["doc_id", "section_id", "start", "end", "heading", "text", "sentence_ids"]
    of_items = items.loc[items["move"] == "cause", columns].assign(source="item")
    inside = pd.MultiIndex.from_frame(
        of_items[["doc_id"]].assign(sentence_id=of_items["sentence_ids"].str.split(";")).explode("sentence_id")
    )
    cued = sentences[~sentences["is_heading"] & sentences["move"].isin(_TOLD) & sentences["text"].str.contains(_CUE)]
    cued = cued.assign(sentence_ids=cued["sentence_id"].astype("str"), heading="", source="sentence")
    cued = cued[~pd.MultiIndex.from_frame(cued[["doc_id", "sentence_ids"]]).isin(inside)]
    found = pd.concat([of_items, cued[[*columns, "source"]]]).sort_values(["doc_id", "start"], ignore_index=True)
    rows = []
    for row in found.itertuples():
        is_item = row.source == "item"
        told = row.text if is_item else _reason(row.text)
        chain = above.get((row.doc_id, row.section_id), ()) if is_item else ()
        kind, type_words = _type(chain, row.heading, told, known)
        if not kind:
            kind, type_words = _type((), row.heading, row.text, known)
        rows.append((kind, type_words, *_blamed(row.heading, told, kind, levels.get(row.doc_id, ""), known)))
    told_by = pd.DataFrame(rows, columns=["type", "type_words", "blamed", "blamed_words"], index=found.index)
    causes = found.assign(**told_by, cause_id=found.groupby("doc_id").cumcount())
    return make_table("causes", causes[list(TABLES["causes"])].to_dict("series"))


def _headings_above(sections: pd.DataFrame) -> dict[tuple[str, int], tuple[str, ...]]:
    """Give the headings above each section, the nearest first."""
    above: dict[tuple[str, int], tuple[str, ...]] = {}
    heading: dict[tuple[str, int], str] = {}
    columns = ["doc_id", "section_id", "parent_id", "heading"]
    for doc_id, number, parent, text in sections.sort_values(["doc_id", "section_id"])[columns].values:
        heading[doc_id, number] = text
        above[doc_id, number] = (heading.get((doc_id, parent), ""), *above.get((doc_id, parent), ()))
    return above


def _reason(text: str) -> str:
    """Give the part of a sentence that tells the reason; all of it where the cue does not say which."""
    match = _REASON.search(text)
    return (match["near"] or match["far"]) if match else text


def _type(above: tuple[str, ...], heading: str, text: str, words: ActorWords) -> tuple[str, str]:
    """Give the kind of a cause and the words that told it."""
    for line in above:
        found = [(m.start(), kind, m[0]) for kind, pattern, _ in words.types if (m := pattern.search(line))]
        if found:
            return min(found)[1], min(found)[2]
    words_of = {kind: pattern.findall(text) for kind, _, pattern in words.types}
    n = {kind: len(pattern.findall(heading)) + len(words_of[kind]) for kind, _, pattern in words.types}
    kind = max(n, key=n.__getitem__, default="")  # of equals the one listed first
    return (kind, ";".join(dict.fromkeys(words_of[kind]))) if kind and n[kind] else ("", "")


def _blamed(heading: str, text: str, kind: str, level: str, words: ActorWords) -> tuple[str, str]:
    """Give who is blamed and by which word: in the heading, then 一些部门, then a subject, then anyone named."""
    ranked = []
    for mention in mentions(text, words):
        after = text[mention.end : mention.end + 4]
        if _BETWEEN.match(after):
            continue
        does = bool(_DOES.match(after)) and who(mention.kind, level) not in ("grassroots_staff", "public")
        # An arrangement is nobody's fault unless somebody is said to act wrongly in it.
        if kind == "subjective" or does or mention.is_some or mention.kind in ("own", "above"):
            rank = 0 if mention.start < len(heading) else 1 if mention.is_some else 2
            ranked.append((rank, mention.start, mention))
    if not ranked and kind == "subjective":
        ranked = [(3, mention.start, mention) for mention in named(text, words)]
    if not ranked:
        return "none", ""
    _, _, mention = min(ranked)
    return who(mention.kind, level), text[mention.start : mention.end]
