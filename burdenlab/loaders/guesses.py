"""What a document says about itself: date, issuer, place, level, genre, number, provenance, with the words that say so."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import NamedTuple

__all__ = ["GENRES", "LEVELS", "PROVENANCES", "Guess", "guess_variables"]

LEVELS = ("central", "province", "prefecture", "county", "township", "village")
PROVENANCES = ("official", "media", "academic", "template_site", "unknown")
_CN = "一二三四五六七八九十"
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HEAD, _TAIL = 400, 200


class Guess(NamedTuple):
    """A value and the words in the text that it rests on; both "" where nothing is said."""

    value: str = ""
    evidence: str = ""


# Value, and where it is said: in the title or, behind the bar, in the opening of the text.
GENRES: tuple[tuple[str, str, str], ...] = (
    ("决议", r"关于.{2,40}的决议$", r"听取(?:和审议)?了[^。]{2,80}?工作\s*报告"),
    (
        "政府工作报告",
        r"政府工作报告",
        r"报告政府工作|政府工作报告|向大会(?:作)?(?:政府)?(?:工作报告|报告工作)[，,]?请(?:予)?审议",
    ),
    ("通报", r"通报", r"(?:典型问题|典型案例|优劣典型)(?:进行|予以)?了?(?:公开)?通报"),
    ("调研报告", r"调研(?:情况)?(?:的)?报告", ""),
    ("自查报告", r"自查(?:自纠)?(?:情况)?(?:的)?报告", ""),
    ("汇报", r"汇报(?:发言|材料|提纲)?$", r"现将.{2,30}(?:情况)?汇报如下"),
    ("讲话", r"讲话(?:稿|提纲)?$", ""),
    ("总结", r"总结(?:报告)?$", ""),
    ("条例", r"条例(?:[(（].{1,12}[)）])?$", ""),
    ("办法", r"办法(?:[(（].{1,12}[)）])?$", ""),
    ("规定", r"规定(?:[(（].{1,12}[)）])?$", ""),
    ("规划", r"规划(?:[(（].{1,16}[)）])?$|规划纲要", ""),
    ("方案", r"方案(?:[(（].{1,12}[)）])?$", ""),
    ("批复", r"批复$", ""),
    ("决定", r"的决定$", ""),
    ("意见", r"意见(?:[(（].{1,12}[)）])?$", ""),
    ("通知", r"通知$", ""),
    ("报告", r"报告$", r"现将.{2,30}情况报告如下"),
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,14}[〔\[(（]\s?(?:19|20)\d{2}\s?[〕\])）]\s?(?:第\s?)?\d{1,5}\s?号")
_DATE = re.compile(r"((?:19|20)\d{2})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")
_DATE_LINE = re.compile(rf"^[\s(（—–-]*{_DATE.pattern}[\s\d::)）]*$", re.MULTILINE)
_SESSION = re.compile(
    rf"^[\s(（—–-]*{_DATE.pattern}[^\n]{{0,12}}?(?:在[^\n]{{2,40}}会议?上|[^\n]{{4,60}}会议[^\n]{{0,6}}通过)",
    re.MULTILINE,
)
_REVIEW = re.compile(
    rf"^[ \t\u3000]*[{_CN}]、\s*((?:19|20)\d{{2}})年(?:的)?(?:政府|主要)?工作(?:的)?(?:回顾|总结|情况)", re.MULTILINE
)
_LAST_YEAR = re.compile(r"(?:过去的|刚刚过去的)((?:19|20)\d{2})年")
_TITLE_YEAR = re.compile(r"^(?:[^\n]{0,30}?)((?:19|20)\d{2})年")
_PLACE = r"(?P<place>[\u4e00-\u9fff]{2,24}?)"
_ISSUERS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        rf"在{_PLACE}第[{_CN}\d]+届人民代表大会",
        r"代表(?P<place>[\u4e00-\u9fff]{2,24}?)(?:人民政府|政府|(?<=国务院))[，,向]",
        rf"(?:^|[，,。\s])(?:中共|经)?{_PLACE}(?:委|党委|级)?(?:层面)?整治形式主义为基层减负专项工作机制办公室",
        rf"^\s*(?:中共)?{_PLACE}(?:人民政府|委员会|委办公[厅室]|人民代表大会|发展和改革|(?<=国务院))",
        rf"^(?:(?:19|20)\d{{2}}年)?{_PLACE}政府工作报告",
    )
)
_CENTRAL = re.compile(r"国务院|中华人民共和国|全国人民代表大会|全国人大|中共中央|中央(?:层面|纪委|网信|办公厅)?|^全国")
_MEDIA = re.compile(
    r"新华社|人民网|新华网|本报(?:讯|记者)|记者[ \u3000]?[\u4e00-\u9fff]{2,4}[ \u3000]?(?:报道|摄)|来源[:：][^\n]{0,12}(?:日报|晚报|新闻网|电视台)"
)
_ACADEMIC = re.compile(r"参考文献|关键词[:：]|摘[ \u3000]?要[:：]|DOI[:：]|\[1\][^\n]{4,60}\[[JMDC]\]")


def guess_variables(title: str, text: str, warnings: str = "") -> dict[str, Guess]:
    r"""Guess the variables of one document; where the text does not say, a guess is empty.

    Keys are ``year``, ``date`` (ISO), ``issuer``, ``number``, ``region`` (full names from the province down, joined by
    "/"; 全国 for the centre), ``level`` (one of ``LEVELS``), ``genre``, ``provenance`` (one of ``PROVENANCES``).

    Examples
    --------
    >>> text = "某镇减负工作情况的通报\n国办发〔2018〕123号\n正文。\n2018年12月7日"
    >>> {key: guess.value for key, guess in guess_variables("", text).items() if guess.value}["date"]
    '2018-12-07'
    """
    head = unicodedata.normalize("NFKC", f"{title}\n{text[:_HEAD]}")
    tail = unicodedata.normalize("NFKC", text[-_TAIL:])
    tail = re.sub(r"[〇○零一二三四五六七八九]{4}年[^\n]{2,8}日", lambda m: _arabic(m[0]), tail)
    number = _NUMBER.search(head)
    genre = _genre(head, title)
    date = _date(head, tail)
    issuer, region, level = _issuer(head, tail)
    return {
        "year": _year(date, number, genre, head, unicodedata.normalize("NFKC", text[:4000])),
        "date": date,
        "issuer": issuer,
        "number": Guess(number[0], number[0]) if number else Guess(),
        "region": region,
        "level": level,
        "genre": genre,
        "provenance": _provenance(head, tail, number, issuer, warnings),
    }


def _date(head: str, tail: str) -> Guess:
    """Find the date on a line of its own, in the line of the session, or in the signature."""
    for pattern, where in ((_SESSION, head), (_DATE_LINE, head), (_DATE_LINE, tail)):
        if found := pattern.search(where):
            year, month, day = (int(found[i]) for i in (1, 2, 3))
            if 1 <= month <= 12 and 1 <= day <= 31:
                return Guess(f"{year:04d}-{month:02d}-{day:02d}", found[0].strip())
    return Guess()


def _arabic(date: str) -> str:
    def number(match: re.Match[str]) -> str:
        tens, _, ones = match[0].partition("十")
        if "十" not in match[0]:
            return match[0].translate(_DIGITS)
        return str(10 * int(tens.translate(_DIGITS) or 1) + int(ones.translate(_DIGITS) or 0))

    return re.sub(r"[〇○零一二三四五六七八九十]+", number, date)


def _year(date: Guess, number: re.Match[str] | None, genre: Guess, head: str, opening: str) -> Guess:
    if date.value:
        return Guess(date.value[:4], date.evidence)
    if number:
        found = re.search(r"(?:19|20)\d{2}", number[0])
        return Guess(found[0], number[0]) if found else Guess()
    title = head.partition("\n")[0]
    if genre.value in ("政府工作报告", "决议"):
        if found := _TITLE_YEAR.search(title):
            return Guess(found[1], title)
        if genre.value == "政府工作报告" and (found := _REVIEW.search(opening) or _LAST_YEAR.search(opening)):
            return Guess(str(int(found[1]) + 1), found[0].strip())  # it is given in the year after the one it reviews
    return Guess()


def _genre(head: str, title: str) -> Guess:
    lines = [line.strip() for line in [title, *head.split("\n")[1:8]]]
    lines = [line for line in lines if 4 <= len(line) <= 80 and not re.search("[。，,]", line)]
    for genre, in_title, _ in GENRES:
        if found := next((line for line in lines[:1] if re.search(in_title, line)), None):
            return Guess(genre, found)
    for genre, in_title, in_text in GENRES:
        if in_text and (matched := re.search(in_text, head)):
            return Guess(genre, matched[0])
        if found := next(
            (line for line in lines[1:4] if re.search(in_title, line) and not re.search("[。，]", line)), None
        ):
            return Guess(genre, found)
    return Guess()


def _issuer(head: str, tail: str) -> tuple[Guess, Guess, Guess]:
    """Find who issued it: issuer, region, level. An issuer that is only 省 or 市 gives a level at most."""
    nothing = Guess()
    for where in (head, tail):
        for pattern in _ISSUERS:
            for found in pattern.finditer(where):
                place, said = found["place"], found[0].strip(" \n，,。")
                if _CENTRAL.search(place):
                    return Guess("中央", said), Guess("全国", said), Guess("central", said)
                chain, level = _place(place)
                if level:
                    region = "/".join(chain)
                    return Guess(said, said), Guess(region, said) if region else nothing, Guess(level, said)
    return nothing, nothing, nothing


@cache
def _divisions() -> dict[str, list[str]]:
    """Read the division table: name -> codes; provinces without their suffix too. Old ones have the code ""."""
    table: dict[str, list[str]] = {}
    with files("burdenlab.loaders").joinpath("divisions.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            names = {row["name"]}
            if len(row["code"]) == 2:
                names.add(re.sub(r"省|市|(?:壮族|回族|维吾尔)?自治区", "", row["name"]))
            for name in names:
                table.setdefault(name, []).append(row["code"])
    return table


@cache
def _name_of() -> dict[str, str]:
    names: dict[str, str] = {}
    for name, codes in _divisions().items():
        for code in codes:
            if len(name) > len(names.get(code, "")):
                names[code] = name
    return names


_BARE = {"省": "province", "自治区": "province", "省委": "province", "省级": "province"}


def _place(place: str) -> tuple[list[str], str]:
    """Resolve the name of a place: its chain from the province down, and its level; abstain where it is ambiguous."""
    if place in _BARE:
        return [], _BARE[place]
    place = re.sub(r"^.*(?:日前|近日|近期|经|由)", "", place).removesuffix("委").removesuffix("级")
    if place in _BARE:
        return [], _BARE[place]
    known = _divisions()
    found: list[tuple[int, str]] = []
    at = 0
    while at < len(place):
        length = next((n for n in range(min(14, len(place) - at), 1, -1) if place[at : at + n] in known), 0)
        if length:
            found.append((at, place[at : at + length]))
        at += length or 1
    if not found or found[0][0] > 0:
        return [], ""
    last = found[-1][1]
    codes = [code for code in known[last] if all(any(code.startswith(c) for c in known[n]) for _, n in found[:-1])]
    rest = place[found[-1][0] + len(last) :]
    level = "township" if re.fullmatch(r"[\u4e00-\u9fff]{1,6}(?:镇|乡|街道)", rest) else ""
    if rest and not level:
        return [], ""
    if not level:
        lengths = {len(code) for code in codes}
        level = {2: "province", 4: "prefecture", 6: "county", 0: "province"}[lengths.pop()] if len(lengths) == 1 else ""
    if len(codes) != 1:
        return [], level
    names = _name_of()
    chain = [names[codes[0][:n]] for n in (2, 4, 6) if n <= len(codes[0]) and codes[0][:n] in names] or [last]
    return [*chain, rest] if level == "township" else chain, level


def _provenance(head: str, tail: str, number: re.Match[str] | None, issuer: Guess, warnings: str) -> Guess:
    if "boilerplate" in warnings.split(";"):
        return Guess("template_site", "boilerplate")
    for value, pattern in (("academic", _ACADEMIC), ("media", _MEDIA)):
        if found := pattern.search(f"{head}\n{tail}"):
            return Guess(value, found[0])
    if number:
        return Guess("official", number[0])
    return Guess("official", issuer.evidence) if issuer.value else Guess("unknown", "")
