"""Items: what one heading, or one point of an enumeration, says is wrong or is done about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from burdenlab.tables import check_table, make_table

__all__ = ["find_items"]
_SIDES = {"problem": "problem", "cause": "problem", "measure": "measure", "plan": "measure", "appeal": "measure"}
_NUMERALS = {numeral: value for value, numeral in enumerate("一二三四五六七八九十", 1)}
_POINT = re.compile(
    r"""(?<![\u4e00-\u9fff])      # 进一步 and 唯一是 count nothing
    (?:(?P<plain>[一二三四五六七八九十])(?:是|要|则|方面)   # 一是…；二是…
      |第(?P<th>[一二三四五六七八九十])[，,、]              # 第一，…
      |其(?P<its>[一二三四五六])[，,是])                    # 其一，…
    """,
    re.VERBOSE,
)
# What announces items is none: 主要有以下几个方面。工作中还有一些差距。
_ANNOUNCES = re.compile(
    r"如下|以下|(?:几|[二两三四五六七八九])个?(?:方面|件事|点)|还?(?:有|存在).{0,8}(?:差距|不足|短板|问题|地方)。?$|[：:]$"
)
_NOTE = re.compile(r"[〔（(［\[].*[〕）)］\]]。?")  # a line in brackets is about the text
_GOES_ON = re.compile(r"(?:同时|其中|例如|比如|但是?|此外|然而|而且|这些|这种|为此|对此|由此)[，,]?")
_APART = ("burden_naming", "organisational_ritual")  # themes that name no subject which a remedy could answer
_SHORTEST = 8  # Han characters of a sentence that is an item by itself


class _Piece(NamedTuple):
    """A sentence of a section, or the part of it from `start` to `end`, counted in the sentence."""

    sentence_id: int
    offset: int
    text: str
    move: str
    is_heading: bool
    start: int
    end: int

    @property
    def words(self) -> str:
        """The text of the part."""
        return self.text[self.start : self.end]


class _Block(NamedTuple):
    """A section with what stands above it."""

    level: int
    move: str
    place: int
    above: str
    chain: tuple[tuple[int, int], ...]  # spans of the headings above that name a subject, nearest first


class _Item(NamedTuple):
    section_id: int
    move: str
    pieces: list[_Piece]
    heading: str

    @property
    def start(self) -> int:
        return self.pieces[0].offset + self.pieces[0].start


def find_items(sections: pd.DataFrame, sentences: pd.DataFrame, hits: pd.DataFrame) -> pd.DataFrame:
    """Find the problems that a text diagnoses and the measures that it tells of, one row each.

    An item is what one heading of the deepest level, numbered or run-in, and its text say. An enumeration (一是…；二是…) below it
    makes an item of each point. A part of the first level without headings below it makes one of each point, or of each sentence
    that is not about something else. Headings decide what an item is: problems and causes are diagnosed, measures, plans and
    appeals answer; harms, results and frame are no items.

    Parameters
    ----------
    sections, sentences, hits : DataFrame
        The tables of these names.

    Returns
    -------
    DataFrame
        ``doc_id``, ``item_id`` (from 0 in the order of the text), ``side`` ("problem" or "measure"), ``move``, ``section_id``,
        ``place`` (the nearest section around it whose heading tells no move, so that problem and measure can stand in it
        together; -1 where there is none), ``start``, ``end`` (in the document), ``heading`` (or the first clause), ``above``
        (headings above it that tell a subject and no move), ``theme`` (its subject: the first theme of the heading, else the most
        frequent of the text, else the first of a heading above; ""), ``themes`` (all, joined by ";"), ``n_sentences``,
        ``sentence_ids`` (joined by ";"), ``text``.

    Raises
    ------
    TypeError, ValueError
        If a table is not what it should be, or `sentences` names a section that `sections` lacks.

    Notes
    -----
    Of 154 problems that a reader (a language model) listed in 17 reports, 149 are found, of 150 called; letters that answer
    requests, whose problems stand under no heading of theirs, have hardly any. The themes of an item are as good as the codebook.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports/01.txt")
    >>> sections = bl.split_sections(documents)
    >>> sentences = bl.split_sentences(documents, sections)
    >>> items = find_items(sections, sentences, bl.find_hits(sentences, bl.load_codebook()))
    >>> items.groupby("side").size().to_dict()
    {'measure': 10, 'problem': 11}
    """
    check_table(sections, "sections")
    check_table(sentences, "sentences")
    check_table(hits, "hits")
    found_in = dict(iter(hits[~hits["theme"].isin(_APART)].groupby("doc_id")))
    sections_of = dict(iter(sections.groupby("doc_id")))
    rows: list[tuple[object, ...]] = []
    for doc_id, own in sentences.groupby("doc_id", sort=True):
        if doc_id not in sections_of:
            msg = f"sentences has document {doc_id!r}, which sections lacks; pass the sections that they were split by."
            raise ValueError(msg)
        blocks = _blocks(sections_of[doc_id])
        themes = _Themes(found_in.get(doc_id, hits.iloc[:0]))
        items = sorted(_items(blocks, own.sort_values("sentence_id")), key=lambda item: item.start)
        for item_id, item in enumerate(items):
            block, pieces, start = blocks[item.section_id], item.pieces, item.start
            end = pieces[-1].offset + pieces[-1].end
            theme, every = themes.of(start, end, start + len(item.heading), block.chain)
            ids = list(dict.fromkeys(piece.sentence_id for piece in pieces))
            rows.append((
                doc_id, item_id, _SIDES[item.move], item.move, item.section_id, block.place, start, end, item.heading, block.above,
                theme, every, len(ids), ";".join(map(str, ids)), "".join(piece.words for piece in pieces),
            ))  # fmt: skip
    return make_table("items", rows)


class _Themes:
    """Hits of a document, asked for by span."""

    def __init__(self, hits: pd.DataFrame) -> None:
        # Of terms that begin at one place the longest says most.
        table = hits.sort_values(["start", "end", "theme"], ascending=[True, False, True])
        self.start, self.end = table["start"].to_numpy(), table["end"].to_numpy()
        self.theme = table["theme"].to_numpy(dtype=object)

    def within(self, start: int, end: int) -> list[str]:
        return list(self.theme[(self.start >= start) & (self.end <= end)])

    def of(self, start: int, end: int, heading_end: int, chain: Sequence[tuple[int, int]]) -> tuple[str, str]:
        """Give the subject of an item, and all its themes joined."""
        every = self.within(start, end)
        most = [max(dict.fromkeys(every), key=every.count)] if every else []
        above = [theme for span in chain for theme in self.within(*span)]
        subject = [*self.within(start, heading_end), *most, *above, ""][0]
        return subject, ";".join(sorted(set(every)))


def _blocks(sections: pd.DataFrame) -> dict[int, _Block]:
    """Describe each section; parents come before their children."""
    blocks: dict[int, _Block] = {}
    below: dict[int, tuple[str, tuple[tuple[int, int], ...]]] = {}  # what the children of a section have above them
    for row in sections.sort_values("section_id").itertuples():
        number, parent = row.section_id, blocks.get(row.parent_id)
        above, chain = below.get(row.parent_id, ("", ()))
        place = number if row.level > 0 and row.move == "" else parent.place if parent else -1
        blocks[number] = _Block(row.level, row.move, place, above, chain)
        if row.level > 0 and not row.move_source.startswith("heading"):
            # A heading such as 存在的问题 says what the children do, not what they are about.
            above, chain = f"{above} {row.heading}".strip(), ((row.heading_start, row.heading_end), *chain)
        below[number] = above, chain
    return blocks


def _items(blocks: dict[int, _Block], sentences: pd.DataFrame) -> Iterator[_Item]:
    of_section: dict[int, list[_Piece]] = {}
    columns = ["section_id", "sentence_id", "start", "text", "move", "is_heading"]
    for number, sentence_id, offset, text, move, is_heading in zip(
        *(sentences[c].tolist() for c in columns), strict=True
    ):
        pieces = of_section.setdefault(number, [])
        if not _NOTE.fullmatch(text):
            pieces.append(_Piece(sentence_id, offset, text, move, is_heading, 0, len(text)))
    if strange := sorted(of_section.keys() - blocks.keys()):
        doc_id = sentences["doc_id"].iloc[0]
        msg = f"sentences names section {strange[0]} of {doc_id!r}, which sections lacks; pass the sections that they were split by."
        raise ValueError(msg)
    for number in _without_children(list(of_section), blocks):
        block, pieces = blocks[number], of_section[number]
        heading, body = ([piece for piece in pieces if piece.is_heading is which] for which in (True, False))
        points, rest = _enumerated(body)
        headed = block.level > 1 and block.move != ""
        if headed and block.move not in _SIDES:
            continue
        if headed and not points and pieces:
            yield _Item(number, block.move, [*heading, *body], heading[0].text if heading else _clause(body[0]))
        for point in points if headed else [*points, *_single(rest)]:
            if move := block.move if headed else _act(point, block):
                yield _Item(number, move, point, _clause(point[0]))


def _without_children(order: Sequence[int], blocks: dict[int, _Block]) -> list[int]:
    """Name the sections below which no other begins; what stands before the first heading below announces it."""
    levels = [blocks[n].level for n in order]
    return [n for n, level, following in zip(order, levels, [*levels[1:], 0], strict=True) if following <= level]


def _act(pieces: Sequence[_Piece], block: _Block) -> str:
    """Give the move of a point without a heading of its own: its sentence's, where that makes it an item."""
    if block.move in ("harm", "result", "frame"):
        return ""
    move = pieces[0].move
    return move if move in _SIDES else ""


def _enumerated(body: list[_Piece]) -> tuple[list[list[_Piece]], list[_Piece]]:
    """Split off the points of enumerations; give them, and the sentences that belong to none."""
    marks = [
        (at, m.start(), _NUMERALS[m["plain"] or m["th"] or m["its"]])
        for at, piece in enumerate(body)
        for m in _POINT.finditer(piece.text)
    ]
    chains: list[list[tuple[int, int]]] = []
    for at, offset, ordinal in marks:
        if ordinal == 1:
            chains.append([(at, offset)])
        elif chains and ordinal == len(chains[-1]) + 1:
            chains[-1].append((at, offset))
    chains = [chain for chain in chains if len(chain) > 1]
    points, covered = [], set()
    for number, chain in enumerate(chains):
        limit = chains[number + 1][0] if number + 1 < len(chains) else (len(body), 0)
        # Points of one sentence each: what follows the last belongs to none of them.
        if all(later - at <= 1 for (at, _), (later, _) in pairwise(chain)):
            limit = min(limit, (chain[-1][0] + 1, 0))
        for (at, offset), (until, cut) in zip(chain, [*chain[1:], limit], strict=True):
            pieces = [body[at]._replace(start=offset, end=cut if until == at else len(body[at].text))]
            pieces += body[at + 1 : until]
            if until > at and cut and body[until].text[:cut].strip("，,；;。"):
                pieces.append(body[until]._replace(end=cut))
            points.append(pieces)
            covered |= {at, *range(at + 1, until)}
    first = {chain[0][0] for chain in chains}
    rest = [at for at in range(len(body)) if at not in covered]
    # A sentence before 一是 in the same line announces the points.
    return points, [
        body[at] for at in rest if at + 1 not in first or body[at].offset + len(body[at].text) < body[at + 1].offset
    ]


def _single(rest: Sequence[_Piece]) -> list[list[_Piece]]:
    """Give sentences that stand for themselves, with those that go on from them."""
    items: list[list[_Piece]] = []
    goes_on = False  # a sentence before it, which is an item
    for piece in rest:
        if goes_on and _GOES_ON.match(piece.text):
            items[-1].append(piece)
            continue
        n_han = sum("\u4e00" <= c <= "\u9fff" for c in piece.text)
        goes_on = n_han >= _SHORTEST and not _ANNOUNCES.search(piece.text)
        items += [[piece]] if goes_on else []
    return items


def _clause(piece: _Piece) -> str:
    """Give the first clause, which stands in the place of a heading."""
    return re.split("[，,。；;：:！？]", piece.words, maxsplit=1)[0]
