"""What burdenlab says to its users, in English and in Chinese."""

from __future__ import annotations

from typing import Literal, TypeVar

__all__ = ["LANGUAGES", "REASONS", "Language", "check_language", "check_option", "reason_text", "with_chinese"]

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
E = TypeVar("E", bound=Exception)

# Code -> (English, Chinese). One list for files, documents and estimates.
REASONS: dict[str, tuple[str, str]] = {
    # reading
    "encoding_uncertain": ("the encoding was guessed with low confidence", "编码判断把握不大"),
    "decode_errors": ("some bytes fit no encoding", "部分字节无法解码"),
    "mixed_encoding": ("the file mixes encodings", "文件混用多种编码"),
    "mojibake": ("the text was decoded wrongly by somebody before", "文本此前曾被错误解码(乱码)"),
    "control_chars": ("the text holds control characters", "文本含控制字符"),
    "binary_content": ("the bytes are no text", "内容是二进制数据,不是文本"),
    "type_mismatch": ("the content is not what the name says", "内容与扩展名不符"),
    "legacy_doc": ("an old office format that needs LibreOffice", "旧式办公文档,需要 LibreOffice"),
    "encrypted": ("the file is protected by a password", "文件有密码保护"),
    "corrupt": ("the file is damaged", "文件已损坏"),
    "empty": ("the file holds no text", "文件没有文字"),
    "no_text": ("no text could be taken from the file", "无法从文件取得文字"),
    "scanned": ("a scan without a text layer", "扫描件,没有文字层"),
    "garbled": ("the text layer is garbage", "文字层是乱码"),
    "xml_entity": ("the XML declares entities", "XML 含实体声明"),
    "zip_bomb": ("an archive that unpacks beyond the limit", "压缩包展开后超过上限"),
    "limit": ("larger than the limit", "超过上限"),
    "timeout": ("reading took longer than the limit", "读取超时"),
    "crashed": ("the reader crashed", "读取程序崩溃"),
    "not_regular": ("no regular file (pipe, device, socket)", "不是普通文件(管道、设备等)"),
    "symlink": ("a link, which is not followed", "符号链接,不跟随"),
    "unreadable": ("the file cannot be opened", "文件无法打开"),
    "schema": ("the table has not the columns needed", "表格缺少所需的列"),
    "row_errors": ("some rows of the table cannot be read", "表格有若干行无法读取"),
    "duplicate_id": ("an id occurs twice", "标识重复"),
    "bad_date": ("a date cannot be read", "日期无法识别"),
    "unsupported": ("a format that is not read", "不支持的格式"),
    "archive": ("an archive; its members have rows of their own", "压缩包;其成员各有一行"),
    "metadata_table": ("the metadata table itself", "元数据表本身"),
    "text_beside": ("the text file beside it is counted instead", "改用同名的文本文件"),
    "pdf_beside": ("the PDF beside it has the text", "同名 PDF 已有文字"),
    "system_file": ("a hidden or lock file, no document", "隐藏文件或锁文件,不是文稿"),
    "lossy": ("characters were lost in a change of encoding", "转换编码时丢失了字符"),
    "spun": ("words were replaced by false synonyms", "词语被替换成伪近义词"),
    "shuffled": ("clauses or items stand in a false order", "句段次序被打乱"),
    "random_tokens": ("random tokens against copying", "夹有防复制的随机字符串"),
    "stub": ("says itself that the text is elsewhere", "正文自称全文在别处"),
    # the text
    "traditional_script": ("the text is in traditional script", "文本为繁体"),
    "truncated": ("the text stops before its end", "文本不完整"),
    "boilerplate": ("a site's own lines were removed", "已删去网站自带的文字"),
    "duplicate_text": ("the same text stands in another document", "与另一文件全文相同"),
    "pinyin_inserted": ("pinyin was inserted after characters", "汉字后插有拼音"),
    "hidden_text": ("hidden text was dropped", "已去掉隐藏文字"),
    "escaped_text": ("the text holds escape sequences", "文本含转义序列"),
    # estimates
    "n_small": ("fewer than 8 documents: no interval", "不足 8 份文件,不给区间"),
    "n_low": ("fewer than 20 documents: the interval is rough", "不足 20 份文件,区间较粗略"),
    "n_zero": ("nothing to count in", "没有可计数的文本"),
    "no_variation": ("all values are the same", "取值全部相同"),
    "one_term": ("the theme has one term", "该主题只有一个词条"),
    "few_periods": ("too few periods for a first and a last third", "时段过少"),
    "too_short": ("too little text", "文本过短"),
    "few_hits": (
        "fewer than 5 documents have a hit: the interval is rough, or none is given",
        "有命中的文件不足 5 份,区间粗略或不给",
    ),
    "no_hits": ("nothing was found, which leaves this undefined", "没有命中,无从计算"),
    "lonely_stratum": ("a stratum has a single document: no interval", "有的层只有一份文件,不给区间"),
    "within_text": ("the interval describes this text and says nothing of others", "区间只描述这篇文本,不能推及其他"),
    "n_few": ("fewer than 3 documents: no test", "不足 3 份文件,不作检验"),
    "one_document": ("a single document: nothing to compare", "只有一份文件,无从比较"),
    "few_diagnosing": ("too few diagnosing sentences tell of load or capacity", "谈负担或能力的诊断句太少"),
    "few_remedying": ("too few remedying sentences lighten or feed", "减车或壮马的举措句太少"),
    "no_problems": ("no part names problems", "没有写问题的部分"),
    "small_reference": ("too few independent documents to refer to", "参照语料中独立文件过少"),
    "no_measures": ("no part tells of measures", "没有写举措的部分"),
    # in time
    "no_date": ("neither the date nor the year is known", "日期与年份均不详"),
    "period_unsure": ("the date is too rough to tell the period", "日期不够具体,无法判断所属时段"),
    "stratum_missing": ("a genre has no text here: nothing to standardise", "某一文种在此没有文本,无法标准化"),
    "one_time": ("all documents are of the same time", "所有文件同属一个时间"),
    # codes against people
    "few_positives": ("fewer than 10 cases of the theme", "该主题不足 10 例"),
    "no_disagreement": ("coders never differ: no interval", "编码员完全一致,无法给出区间"),
    "units_resampled": (
        "too few documents with the theme: the interval treats sentences as independent",
        "含该主题的文件太少,区间按句子独立估计",
    ),
    "unadjudicated": ("sentences on which coders differ were left out", "编码员有分歧、尚未定稿的句子未计入"),
    "empty_stratum": ("a stratum of the sample has no coded sentence here", "某一抽样层在此组没有编码句子,不作推断"),
    "few_coded": ("a stratum has one coded sentence only: the interval is rough", "某一抽样层只编了一句,区间较粗略"),
}


def reason_text(codes: str, lang: Language = "en") -> str:
    """Spell out codes joined by ';'.

    Examples
    --------
    >>> reason_text("truncated;n_small")
    'the text stops before its end; fewer than 8 documents: no interval'
    >>> reason_text("")
    ''
    """
    check_language(lang)
    known = [REASONS.get(code, (code, code))[lang == "zh"] for code in codes.split(";") if code]
    return (";" if lang == "zh" else "; ").join(known)


def with_chinese(error: E, chinese: str) -> E:
    """Give an error its Chinese wording as a note: notebooks show both, the command line shows one."""
    error.add_note(chinese)
    return error


def check_language(lang: str) -> None:
    """Raise ValueError unless `lang` is one that labels and messages exist in."""
    if lang not in LANGUAGES:
        msg = f"lang={lang!r} is not a language of burdenlab; use 'zh' or 'en'."
        raise with_chinese(ValueError(msg), f"lang={lang!r} 不是可用的语言;请用 'zh' 或 'en'。")


def check_option(name: str, value: object, is_right: bool, expected: str, chinese: str) -> None:
    """Raise ValueError unless the value of an option is right; it names what came and what is expected."""
    if not is_right:
        msg = f"{name}={value!r}; {expected} is expected."
        raise with_chinese(ValueError(msg), f"{name}={value!r} 应为{chinese}。")
