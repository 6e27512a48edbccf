"""Files that hurt, made from a seed: for each kind what may come of it.

Every text is composed here. A file either gives the planted sentence or is refused with one of the reasons of its kind.
"""

from __future__ import annotations

import io
import os
import random
import socket
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import docx
import pandas as pd

_WORDS = [
    "基层",
    "台账",
    "检查",
    "考核",
    "会议",
    "报表",
    "社区",
    "乡镇",
    "干部",
    "群众",
    "职责",
    "清单",
    "经费",
    "人员",
    "服务",
    "治理",
    "减负",
    "整改",
    "督查",
    "培训",
]
_VERBS = ["清理", "压减", "规范", "核对", "整合", "下放", "取消", "落实", "报送", "统筹"]
_TRADITIONAL = [
    "基層",
    "臺賬",
    "檢查",
    "考核",
    "會議",
    "報表",
    "社區",
    "鄉鎮",
    "幹部",
    "群眾",
    "職責",
    "清單",
    "經費",
    "人員",
    "服務",
    "治理",
]
_WORD_XML = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True)
class Kind:
    """A kind of file: how it is made, and which reasons may refuse it; `is_text` says whether it may be counted."""

    name: str
    suffix: str
    make: Callable[[random.Random, str], bytes]
    reasons: frozenset[str]
    is_text: bool
    is_slow: bool = False


@dataclass(frozen=True)
class Hostile:
    """One file that was written, with its kind and the sentence planted in it."""

    name: str
    kind: Kind
    planted: str


def prose(rng: random.Random, words: list[str] = _WORDS, sentences: int = 12) -> str:
    """Compose sentences that say nothing."""
    return "".join(
        f"{rng.choice(words)}{rng.choice(_VERBS)}{rng.choice(words)}，{rng.choice(_VERBS)}{rng.choice(words)}{rng.randint(2, 99)}项。"
        + ("\n" if rng.random() < 0.3 else "")
        for _ in range(sentences)
    )


def report(rng: random.Random, planted: str) -> str:
    """Compose a report with the planted sentence as a paragraph of its own."""
    return f"关于{rng.choice(_WORDS)}情况的报告\n{prose(rng)}\n{planted}\n{prose(rng)}\n"


def text_kinds() -> Iterator[Kind]:
    """Make encodings, damage, and what only looks like text."""
    guessed = frozenset({"encoding_uncertain", "mojibake", "decode_errors"})
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"):
        yield _text(
            encoding, lambda rng, p, e=encoding: report(rng, p).encode(e), guessed if "utf-8" not in encoding else ()
        )
    yield _text("utf-16-be-mark", lambda rng, p: b"\xfe\xff" + report(rng, p).encode("utf-16-be"))
    yield _text(
        "big5",
        lambda rng, p: prose(rng, _TRADITIONAL, 30).encode("big5", "ignore") + _plain(p).encode("big5", "ignore"),
        guessed,
        is_text=False,
    )
    yield _text("crlf", lambda rng, p: report(rng, p).replace("\n", "\r\n").encode())
    yield _text("lone-cr", lambda rng, p: report(rng, p).replace("\n", "\r").encode())
    yield _text("cut-in-character", lambda rng, p: report(rng, p).encode()[: -1 - rng.randint(1, 2)])
    yield _text("latin-1-of-gbk", lambda rng, p: report(rng, p).encode("gb18030").decode("latin-1").encode())
    yield _text(
        "gbk-of-utf-8",
        lambda rng, p: report(rng, p).encode().decode("gb18030", "replace").encode(),
        {"mojibake"},
        is_text=False,
    )
    yield _text("filler", lambda rng, _: ("锟斤拷" * rng.randint(50, 500)).encode(), {"mojibake"}, is_text=False)
    yield _text(
        "replaced",
        lambda rng, p: report(rng, p).encode("gbk").decode("utf-8", "replace").encode(),
        {"mojibake"},
        is_text=False,
    )
    yield _text(
        "two-encodings",
        lambda rng, p: report(rng, p).encode() + prose(rng).encode("gb18030"),
        guessed | {"mixed_encoding"},
    )
    yield _text(
        "control", lambda rng, p: (report(rng, p) + "\x01\x02" * rng.randint(30, 90)).encode(), {"binary_content"}
    )
    yield _text("zero-bytes", lambda rng, _: bytes(rng.randint(10, 9999)), {"binary_content", "empty"}, is_text=False)
    yield _text(
        "noise", lambda rng, _: rng.randbytes(rng.randint(500, 9000)), guessed | {"binary_content"}, is_text=False
    )
    yield _text("png", lambda rng, _: b"\x89PNG\r\n\x1a\n" + rng.randbytes(3000), {"binary_content"}, is_text=False)
    yield _text("elf", lambda rng, _: b"\x7fELF\x02\x01\x01" + rng.randbytes(3000), {"binary_content"}, is_text=False)
    yield _text("empty", lambda _r, _p: b"", {"empty"}, is_text=False)
    yield _text("mark-only", lambda _r, _p: b"\xef\xbb\xbf", {"empty"}, is_text=False)
    yield _text("blank", lambda rng, _: " \n\t\u3000".encode() * rng.randint(1, 500), {"empty"}, is_text=False)
    yield _text("one-long-line", lambda rng, p: (p + prose(rng, sentences=40).replace("\n", "") * 2000).encode())
    yield _text("newlines", lambda rng, p: (p + "\n" * 400_000 + prose(rng)).encode())
    yield _text("zero-width", lambda rng, p: (report(rng, "\u200b".join(p)) + "\u200d" * 500).encode())
    yield _text("right-to-left", lambda rng, p: ("\u202e" + report(rng, p)).encode())
    yield _text("stacked", lambda rng, p: report(rng, p + "\n" + "基" + "\u0301" * 5000).encode())
    yield _text(
        "sql",
        lambda rng, p: ("INSERT INTO `t` VALUES (1,'" + "','".join([report(rng, p)] * 9) + "');").encode(),
        {"type_mismatch"},
        is_text=False,
    )
    yield _text(
        "tags",
        lambda rng, _: "\n".join(f"{c} B-X" for c in prose(rng).replace("\n", "")).encode(),
        {"type_mismatch"},
        is_text=False,
    )


def page_kinds() -> Iterator[Kind]:
    """Make web pages and XML."""

    def page(rng: random.Random, p: str, head: str = "", tail: str = "") -> str:
        body = "".join(f"<p>{line}</p>" for line in report(rng, p).split("\n") if line)
        return f"<!DOCTYPE html><html><head><title>某地工作报告</title>{head}</head><body><nav><a href='/'>首页</a></nav><div>{body}</div>{tail}</body></html>"

    limits = {"limit", "timeout"}
    yield _page("plain", lambda rng, p: page(rng, p).encode())
    yield _page("declares-gb2312", lambda rng, p: page(rng, p, "<meta charset=gb2312>").encode())
    yield _page(
        "declares-utf-8",
        lambda rng, p: page(rng, p, "<meta charset=utf-8>").encode("gb18030"),
        {"encoding_uncertain", "mojibake"},
    )
    yield _page("utf-16", lambda rng, p: page(rng, p).encode("utf-16"))
    yield _page(
        "hidden",
        lambda rng, p: page(rng, p, tail="<div style='display : none'>" + "形式主义" * 500 + "</div>").encode(),
    )
    yield _page(
        "script",
        lambda rng, p: page(
            rng, p, tail="<script>fetch('http://127.0.0.1:9')</script><img src=x onerror=alert(1)>"
        ).encode(),
    )
    yield _page("many-tags", lambda rng, p: page(rng, p, tail="<p>" * 1_000_000).encode(), limits)
    yield _page("deep", lambda rng, p: page(rng, "<div>" * 3000 + p + "</div>" * 3000).encode(), {*limits, "no_text"})
    yield _page("unclosed", lambda rng, p: ("<html><body><div><p>" + report(rng, p).replace("\n", "<p><b>")).encode())
    yield _page(
        "no-text",
        lambda rng, _: f"<html><body><script>{rng.random()}</script></body></html>".encode(),
        {"no_text", "empty"},
        is_text=False,
    )
    yield _page(
        "entities",
        lambda rng, p: ("<!DOCTYPE html [" + _laughs() + "]>" + page(rng, p + "&i;")).encode(),
        {"xml_entity"},
    )
    yield _page(
        "flipped",
        lambda rng, p: _flip(rng, page(rng, p).encode()),
        {"decode_errors", "mojibake", "encoding_uncertain", "mixed_encoding", "no_text", "binary_content"},
        loses=True,
    )
    yield Kind(
        "mht",
        "mht",
        lambda rng, p: (
            b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
            + page(rng, p).encode()
        ),
        frozenset(),
        True,
    )
    yield Kind(
        "tmx-entity",
        "tmx",
        lambda _r, p: (
            f"<?xml version='1.0'?><!DOCTYPE tmx [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><tmx><tu><tuv lang='zh'><seg>{p}&x;</seg></tuv></tu></tmx>".encode()
        ),
        frozenset({"xml_entity"}),
        False,
    )
    yield Kind(
        "tmx",
        "tmx",
        lambda _r, p: (
            f"<?xml version='1.0'?><tmx><body><tu><tuv xml:lang='zh-CN'><seg>{p}</seg></tuv></tu></body></tmx>".encode()
        ),
        frozenset(),
        True,
    )
    yield Kind(
        "xml", "xml", lambda _r, p: f"<?xml version='1.0'?><a>{p}</a>".encode(), frozenset({"unsupported"}), False
    )


def word_kinds() -> Iterator[Kind]:
    """Make Word files."""
    any_limit = {"limit", "zip_bomb", "timeout"}
    yield _word("plain", lambda rng, p: _docx(rng, p))
    yield _word(
        "external-entity",
        lambda rng, p: _docx(
            rng,
            p,
            lambda x: x.replace("<w:document", "<!DOCTYPE x [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><w:document", 1),
        ),
        {"xml_entity"},
        is_text=False,
    )
    yield _word(
        "laughs",
        lambda rng, p: _docx(rng, p, lambda x: x.replace("<w:document", f"<!DOCTYPE x [{_laughs()}]><w:document", 1)),
        {"xml_entity"},
        is_text=False,
    )
    yield _word(
        "bomb",
        lambda rng, p: _docx(rng, p, lambda x: x.replace("<w:body>", "<w:body>" + " " * 150_000_000)),
        any_limit,
        is_text=False,
    )
    yield _word(
        "empty-paragraphs",
        lambda rng, p: _docx(rng, p, lambda x: x.replace("<w:body>", "<w:body>" + "<w:p/>" * 600_000)),
        any_limit,
        is_text=False,
    )
    yield _word(
        "noisy-paragraphs",
        lambda rng, p: _docx(
            rng,
            p,
            lambda x: x.replace(
                "<w:body>", "<w:body>" + "".join(f"<w:p w:rsidR='{rng.getrandbits(64):x}'/>" for _ in range(300_000))
            ),
        ),
        any_limit,
        is_text=False,
    )
    yield _word(
        "deep-tables",
        lambda rng, p: _docx(
            rng,
            p,
            lambda x: x.replace(
                "<w:body>", "<w:body>" + "<w:tbl><w:tr><w:tc>" * 400 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 400
            ),
        ),
        {"corrupt", "limit"},
    )
    yield _word(
        "nested-tables",
        lambda rng, p: _docx(
            rng,
            p,
            lambda x: x.replace(
                "<w:body>", "<w:body>" + "<w:tbl><w:tr><w:tc>" * 60 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 60
            ),
        ),
        {"corrupt", "limit"},
    )
    yield _word(
        "no-document", lambda rng, p: _docx(rng, p, drop="word/document.xml"), {"corrupt", "unsupported"}, is_text=False
    )
    yield _word("cut", lambda rng, p: _docx(rng, p)[: -rng.randint(200, 3000)], {"corrupt"}, is_text=False)
    yield _word(
        "flipped",
        lambda rng, p: _flip(rng, _docx(rng, p)),
        {"corrupt", "unsupported", "encrypted", "limit", "zip_bomb", "no_text", "empty"},
        loses=True,
    )
    yield _word(
        "null-relation",
        lambda rng, p: _docx(
            rng,
            p,
            extra={
                "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="x" Target="../NULL"/></Relationships>'
            },
        ),
    )
    yield _word(
        "outside-chunk",
        lambda rng, p: _docx(
            rng,
            p,
            lambda x: x.replace("<w:body>", '<w:body><w:altChunk xmlns:r="r" r:id="c"/>'),
            extra={
                "word/_rels/document.xml.rels": '<Relationships><Relationship Id="c" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
            },
        ),
    )
    yield _word(
        "up-chunk",
        lambda rng, p: _docx(
            rng,
            p,
            lambda x: x.replace("<w:body>", '<w:body><w:altChunk xmlns:r="r" r:id="c"/>'),
            extra={
                "word/_rels/document.xml.rels": '<Relationships><Relationship Id="c" Target="../../../../etc/passwd"/></Relationships>'
            },
        ),
    )
    yield _word(
        "circular-styles",
        lambda rng, p: _docx(
            rng,
            p,
            lambda x: x.replace("<w:p>", '<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr>'),
            extra={
                "word/styles.xml": f'<w:styles xmlns:w="{_WORD_XML}"><w:style w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>'
            },
        ),
    )
    yield _word(
        "giant-numbers",
        lambda rng, p: _docx(
            rng,
            p,
            lambda x: x.replace(
                "<w:p>", '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
            ),
            extra={
                "word/numbering.xml": f'<w:numbering xmlns:w="{_WORD_XML}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="999999999999"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
            },
        ),
    )
    yield _word(
        "many-members",
        lambda rng, p: _docx(rng, p, extra={f"word/x{n}.xml": "" for n in range(6000)}),
        {"zip_bomb"},
        is_text=False,
    )
    yield _word("traversal", lambda rng, p: _docx(rng, p, extra={"../../../../tmp/burdenlab-escaped": "x"}))
    yield Kind("word-locked", "docx", lambda rng, _: _ole("EncryptedPackage", rng), frozenset({"encrypted"}), False)
    yield Kind(
        "doc-garbage",
        "doc",
        lambda rng, _: _ole("WordDocument", rng),
        frozenset({"legacy_doc", "timeout", "corrupt", "empty", "no_text", "mojibake"}),
        False,
        is_slow=True,
    )
    yield Kind(
        "rtf",
        "rtf",
        lambda _r, p: (r"{\rtf1\ansi\uc0 " + "".join(f"\\u{ord(c)} " for c in p) + "}").encode(),
        frozenset({"legacy_doc", "timeout"}),
        True,
        is_slow=True,
    )


def pdf_kinds() -> Iterator[Kind]:
    """Make PDF files."""
    flat = b"0 0 m 1 1 l S\n"
    broken = {"corrupt", "no_text", "garbled", "scanned", "timeout", "limit", "crashed"}
    yield _pdf(
        "latin",
        lambda rng, _: _pdf_of(b"BT /F1 12 Tf 72 700 Td (" + str(rng.random()).encode() + b") Tj ET"),
        {"no_text"},
    )
    yield _pdf(
        "flate-bomb",
        lambda _r, _p: _pdf_of(zlib.compress(bytes(300_000_000), 9), filters="/FlateDecode"),
        broken,
        is_slow=True,
    )
    yield _pdf(
        "flate-thrice",
        lambda _r, _p: _pdf_of(
            zlib.compress(zlib.compress(zlib.compress(bytes(200_000_000), 9), 9), 9),
            filters="[/FlateDecode/FlateDecode/FlateDecode]",
        ),
        broken,
        is_slow=True,
    )
    yield _pdf(
        "operators",
        lambda _r, _p: _pdf_of(zlib.compress(flat * 6_000_000, 9), filters="/FlateDecode"),
        broken,
        is_slow=True,
    )
    yield _pdf("page-loop", lambda rng, _: _pdf_of(b"", kids=f"[{'2 0 R ' * rng.randint(1, 5)}]"), broken)
    yield _pdf("no-pages", lambda _r, _p: _pdf_of(b"", kids="[]"), broken)
    yield _pdf("huge-page", lambda _r, _p: _pdf_of(b"", box="0 0 99999999999 99999999999"), broken)
    yield _pdf("cut", lambda rng, _: _pdf_of(b"BT ET")[: rng.randint(9, 200)], broken)
    yield _pdf("flipped", lambda rng, _: _flip(rng, _pdf_of(b"BT /F1 12 Tf (x) Tj ET")), broken)
    yield _pdf("garbage", lambda rng, _: b"%PDF-1.7\n" + rng.randbytes(5000), broken)


def table_kinds() -> Iterator[Kind]:
    """Make tables."""

    def sheet(rng: random.Random, p: str) -> pd.DataFrame:
        return pd.DataFrame({"id": ["a", "b"], "text": [prose(rng), p], "year": ["2020", "NA"]})

    yield _table(
        "csv", "csv", lambda rng, p: sheet(rng, p).to_csv(index=False).encode("gb18030"), {"encoding_uncertain"}
    )
    yield _table("semicolon", "csv", lambda rng, p: sheet(rng, p).to_csv(index=False, sep=";").encode())
    yield _table("ragged", "csv", lambda rng, p: (sheet(rng, p).to_csv(index=False) + "c,d\n").encode())
    yield _table(
        "formula",
        "csv",
        lambda rng, p: (
            sheet(rng, p).to_csv(index=False) + '"=HYPERLINK(""http://127.0.0.1"")",减负工作情况说明,1\n'
        ).encode(),
    )
    yield _table("header-twice", "csv", lambda _r, p: f"text,text\n{p},x\n".encode(), {"schema"}, is_text=False)
    yield _table("id-twice", "csv", lambda _r, p: f"id,text\na,{p}\na,{p}\n".encode(), {"duplicate_id"}, is_text=False)
    yield _table("no-text-column", "csv", lambda rng, _: f"a,b\n{rng.random()},2\n".encode(), {"schema"}, is_text=False)
    yield _table(
        "big-cell", "csv", lambda rng, p: ('id,text\na,"' + prose(rng, sentences=20) * 3000 + p + '"\n').encode()
    )
    yield _table("open-quote", "csv", lambda rng, p: f'id,text\na,"{p}\n{prose(rng)}'.encode(), {"schema"})
    yield _table("xlsx", "xlsx", lambda rng, p: _excel(sheet(rng, p)))
    yield _table(
        "xlsx-cut", "xlsx", lambda rng, p: _excel(sheet(rng, p))[: -rng.randint(100, 900)], {"corrupt"}, is_text=False
    )
    yield _table(
        "xlsx-flipped",
        "xlsx",
        lambda rng, p: _flip(rng, _excel(sheet(rng, p))),
        {
            "corrupt",
            "schema",
            "crashed",
            "unsupported",
            "zip_bomb",
            "limit",
            "encrypted",
            "duplicate_id",
            "empty",
            "no_text",
        },
        loses=True,
    )
    yield _table("parquet", "parquet", lambda rng, p: _parquet(sheet(rng, p)))
    yield _table(
        "parquet-flipped",
        "parquet",
        lambda rng, p: _flip(rng, _parquet(sheet(rng, p)), start=8),
        {"corrupt", "schema", "crashed", "limit", "timeout", "duplicate_id", "empty", "mojibake", "binary_content"},
        loses=True,
    )
    yield _table(
        "parquet-cut",
        "parquet",
        lambda rng, p: _parquet(sheet(rng, p))[: -rng.randint(9, 99)],
        {"corrupt"},
        is_text=False,
    )


def archive_kinds() -> Iterator[Kind]:
    """Make archives."""
    yield _zip("plain", lambda rng, p: {"a.txt": report(rng, p).encode()})
    yield _zip("traversal", lambda rng, p: {"../../../../tmp/burdenlab-escaped.txt": report(rng, p).encode()})
    yield _zip("absolute", lambda rng, p: {"/etc/burdenlab.txt": report(rng, p).encode()})
    yield _zip("bomb", lambda _r, _p: {"a.txt": bytes(250_000_000)}, {"zip_bomb"}, is_text=False)
    yield _zip("ratio", lambda _r, _p: {"a.txt": ("减负" * 20_000_000).encode()}, {"zip_bomb"}, is_text=False)
    yield _zip(
        "inner-zip", lambda rng, p: {"a.zip": _zipped({"b.txt": report(rng, p).encode()})}, {"limit"}, is_text=False
    )
    yield _zip("many", lambda _r, _p: {f"{n}.txt": b"x" for n in range(6000)}, {"zip_bomb"}, is_text=False)
    yield Kind(
        "zip-cut",
        "zip",
        lambda rng, p: _zipped({"a.txt": report(rng, p).encode()})[:-30],
        frozenset({"corrupt"}),
        False,
    )
    yield Kind(
        "zip-flipped",
        "zip",
        lambda rng, p: _flip(rng, _zipped({"a.txt": report(rng, p).encode()})),
        frozenset(
            {
                "corrupt",
                "encrypted",
                "zip_bomb",
                "mojibake",
                "unsupported",
                "limit",
                "binary_content",
                "decode_errors",
                "empty",
            }
        ),
        True,
    )
    yield Kind("zip-lies", "zip", _lying_zip, frozenset({"corrupt", "zip_bomb"}), True)


def all_kinds() -> list[Kind]:
    """List every kind of file that is made of bytes."""
    makers = (text_kinds, page_kinds, word_kinds, pdf_kinds, table_kinds, archive_kinds)
    return [kind for make in makers for kind in make()]


def write_files(folder: Path, seed: int, kinds: list[Kind], *, each: int) -> list[Hostile]:
    """Write `each` files of each kind; slow kinds give one."""
    rng = random.Random(seed)
    made = []
    for kind in kinds:
        for number in range(1 if kind.is_slow else each):
            planted = f"植入的第{rng.randint(100, 999)}号语句：{rng.choice(_WORDS)}{rng.choice(_VERBS)}事项由{rng.choice(_WORDS)}核对。"
            name = f"{kind.name}-{number}.{kind.suffix}"
            (folder / name).write_bytes(kind.make(rng, planted))
            made.append(Hostile(name, kind, planted))
    return made


def write_odd_entries(folder: Path, planted: str) -> dict[str, str]:
    """Make what is no regular file, or has an odd name; give each name with the reason expected ("" for counted)."""
    outside = folder.parent / "outside.txt"
    outside.write_text(planted, "utf-8")
    (folder / "link-out.txt").symlink_to(outside)
    (folder / "link-dangling.txt").symlink_to(folder / "nowhere.txt")
    (folder / "link-device.txt").symlink_to("/dev/zero")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")
    with closing(socket.socket(socket.AF_UNIX)) as plug:
        here = Path.cwd()
        os.chdir(folder)  # the path of a socket is short
        plug.bind("plug.txt")
        os.chdir(here)
    Path(os.fsdecode(os.fsencode(folder) + b"/\xb1\xa8\xb8\xe6.txt")).write_text(planted, "utf-8")
    (folder / "line\nbreak.txt").write_text(planted, "utf-8")
    (folder / "<script>alert(1)<").mkdir()
    (folder / "<script>alert(1)<" / "script>.txt").write_text(planted, "utf-8")
    (folder / ("长" * 80 + ".txt")).write_text(planted, "utf-8")
    (folder / ".hidden.txt").write_text(planted, "utf-8")
    (folder / "~$lock.docx").write_bytes(b"x")
    return {
        "link-out.txt": "symlink", "link-dangling.txt": "symlink", "link-device.txt": "symlink", "loop": "symlink",
        "pipe.txt": "not_regular", "plug.txt": "not_regular", r"\xb1\xa8\xb8\xe6.txt": "", r"line\x0abreak.txt": "",
        "<script>alert(1)</script>.txt": "", "长" * 80 + ".txt": "", ".hidden.txt": "system_file", "~$lock.docx": "system_file",
    }  # fmt: skip


def _text(name, make, reasons=(), *, is_text=True) -> Kind:
    return Kind(f"text-{name}", "txt", make, frozenset(reasons), is_text)


def _page(name, make, reasons=(), *, is_text=True, loses=False) -> Kind:
    return Kind(f"page-{name}", "html", make, frozenset(reasons) | ({"loses"} if loses else set()), is_text)


def _word(name, make, reasons=(), *, is_text=True, loses=False) -> Kind:
    return Kind(f"word-{name}", "docx", make, frozenset(reasons) | ({"loses"} if loses else set()), is_text)


def _pdf(name, make, reasons, *, is_slow=False) -> Kind:
    return Kind(f"pdf-{name}", "pdf", make, frozenset(reasons), False, is_slow)


def _table(name, suffix, make, reasons=(), *, is_text=True, loses=False) -> Kind:
    return Kind(f"table-{name}", suffix, make, frozenset(reasons) | ({"loses"} if loses else set()), is_text)


def _zip(name, members, reasons=(), *, is_text=True) -> Kind:
    return Kind(f"zip-{name}", "zip", lambda rng, p: _zipped(members(rng, p)), frozenset(reasons), is_text)


def _plain(text: str) -> str:
    return text


def _laughs() -> str:
    return '<!ENTITY a "哈哈哈">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )


def _flip(rng: random.Random, data: bytes, *, start: int = 4) -> bytes:
    flipped = bytearray(data)
    for _ in range(rng.randint(1, 12)):
        flipped[rng.randrange(min(start, len(data) - 1), len(data))] = rng.randrange(256)
    return bytes(flipped)


def _docx(rng, planted, edit=None, *, extra=None, drop=None) -> bytes:
    document = docx.Document()
    for line in report(rng, planted).split("\n"):
        document.add_paragraph(line)
    plain = io.BytesIO()
    document.save(plain)
    changed = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name in (extra or {}) or name == drop:
                continue
            content = old.read(name)
            if edit and name == "word/document.xml":
                content = edit(content.decode()).encode()
            new.writestr(name, content)
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return changed.getvalue()


def _ole(stream: str, rng: random.Random) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + rng.randbytes(600) + stream.encode("utf-16-le") + rng.randbytes(900)


def _pdf_of(content: bytes, *, filters: str = "", kids: str = "[3 0 R]", box: str = "0 0 612 792") -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids {kids}/Count 1>>".encode(),
        f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".encode(),
        f"<</Length {len(content)}{'/Filter' + filters if filters else ''}>>stream\n".encode()
        + content
        + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj" % number + body + b"endobj\n"
    table = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in offsets)
    return bytes(out + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % table)


def _excel(table: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    table.to_excel(out, index=False, engine="xlsxwriter")
    return out.getvalue()


def _parquet(table: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    table.to_parquet(out)
    return out.getvalue()


def _zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _lying_zip(rng: random.Random, planted: str) -> bytes:
    """Declare that a member of 30 MB unpacks to 10 bytes."""
    data = bytearray(_zipped({"a.txt": (planted + "负" * 10_000_000).encode()}))
    directory = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, directory + 24, rng.randint(1, 10))
    struct.pack_into("<I", data, 22, rng.randint(1, 10))
    return bytes(data)
