"""Promises in plans: does a sentence say how much, by when, who, and what one will see. Experimental."""

from __future__ import annotations

import re

import pandas as pd

from burdenlab.metrics.names import find_offices
from burdenlab.metrics.numerals import find_figures
from burdenlab.metrics.said import Said
from burdenlab.tables import check_table, make_table

__all__ = ["ELEMENTS", "commitments_experimental", "score_promise"]

ELEMENTS = ("target", "deadline", "owner", "output")

# Sentences in a plan that promise nothing: what this year is, what we shall hold high, what the text is.
_NO_PROMISE = re.compile(
    r"^[〔（(](?!.*(?:责任单位|牵头|负责|完成时限))|^让我们|^(?:19|20)\d{2}年[，,]?是|^[^，。]{0,40}是[^。]{2,60}(?:的?(?:关键|重要)(?:一年|时期|之年|所在|环节)?|之年|一年)。?$|并非易事|预期目标为|^(?:眼下|目前|当前)[^，。]{0,12}(?:仍|还)"
)
_END_STATE = re.compile(
    r"不得|不再|一律|严禁|全覆盖|清零|归零|压到零|全部(?!工作)|投入(?:运营|使用|运行)|竣工|完工|交接|均须|当场办结|取消(?![^，。]{0,6}资格)|退清|移交|建成|关停|注销|停用|撤销|只保留|不作为|不与|不要求|坚决不|实现[^，。；]{1,10}(?:覆盖|清零|达标|见底)|全面(?:完成|建成)"
)
_BY_WHEN = re.compile(
    r"(?:(?:19|20)\d{2}年|\d{1,2}月|年|月|季)(?:\d{1,2}日|份|度)?[初中]?(?:[上中下]旬|底|末|内)|前(?=[，、完建形实基全出报退])|[上下]半年|明年|今年(?!以来)|年内|全年|旺季前|按期|从[^，。；]{2,14}起|"
    r"[\d一两二三四五六七八九十]+(?:个月|年|周|天|日|个?工作日|小时)(?:以|之)?(?:内|时间)|\d{1,2}月\d{1,2}日"
)
_YEAR_ALONE = re.compile(r"(?:(?:19|20)\d{2}年度?)(?=[，,、将要力完实达建前底末])|(?<!\d)\d{1,2}月(?![\d日份至]|以来)")
_OWNER = re.compile(
    r"(?:责任|牵头|承办|落实)(?:单位|部门|人)[：:]|由(?!原|有关|相关|各级|此|于)[^，。；]{2,16}(?:负责|牵头|受理|承担|提供|组织|落实|核定|派驻|统一)|交由[^，。；]{2,14}|"
    r"(?:各乡镇|各街道|各镇|乡镇|街道|县直|镇)(?:党委|党工委|政府|办事处)(?:要|须|应|负责)|(?:县委|区委|镇党委|县政府|区政府)[^，。；]{0,6}(?:副?书记|常委|副?县长|主任|督查室)|督查室|党政办|全体[^，。；]{2,8}人员要"
)
_ADDRESSEE = re.compile(r"(?:报|向|报经|报送|经)(?:[^，。；要须]{0,12}、)?$")
_OUTPUT = re.compile(
    r"印发|出台|制定(?!政策要)|公布|公示|签署|签字|签订|发放|举办|招录|招聘|选聘|配备|配发|购买|接入|上线|导入|设立|(?<!另行)成立|组建|建成|竣工|投入(?:运营|使用|运行)|(?:提出|拿出|形成)[^，。；]{0,12}(?:办法|方案|初稿|清单|计划)|摸底|归集|试运行|办好[^，。；]{0,30}[会展节赛]|完工|列出清单|定为|移交|交接|销号|退清|退还|退到|下达(?!拨付)|下放(?!权限|的|后)|(?<!下达)拨付|"
    r"清点|通报(?!指出|的|精神|中)|逐[笔项一条个户件人][^，。；]{0,8}(?:自查|复查|核查|甄别|销号|复核|评估|标注|登记|审核)|复查|自查|核查|底数|组织(?:评估|培训|听证)|评估一次|签|授权|交由|完成[^，。；]{1,30}(?:改造|建设|测算|编制|普查|任务|核查|清理)|"
    r"建立[^，。；]{1,16}(?:机制|制度|平台|名单|档案|台账|库|目录|监测点|点位)|纳入[^，。；]{1,8}范围|实施[^，。；]{2,14}(?:体系建设|项目|工程)|召开|每(?:月|季度|半年|周|年)[^，。；]{0,14}(?:一次|次)|回头看|重点打造|测算|清单的编制|整合到|补贴[。，]"
)
_LABELS = {
    "target": ("可核对的目标", "a checkable target"),
    "deadline": ("期限", "a deadline"),
    "owner": ("责任者", "an owner"),
    "output": ("可见的产出", "a visible output"),
}


def commitments_experimental(sentences: pd.DataFrame) -> pd.DataFrame:
    r"""Score each plan sentence for target, deadline, owner and output (experimental).

    Parameters
    ----------
    sentences : DataFrame
        Table ``sentences``.

    Returns
    -------
    DataFrame
        Table ``commitments``, one row for each sentence whose ``move`` is plan, without headings and what promises nothing (“2026年是……的一年”):
        ``doc_id``, ``sentence_id``, ``start``, ``end``, then 0 or 1 in ``target`` (a checkable quantity or end state: 压减30%, 不再保留),
        ``deadline`` (年底前, 一个月内; 今年 in a plan), ``owner`` (a named or definite office or person: 县委编办, 责任单位：……; never 各级 or 我们),
        ``output`` (a product or act that one can see done: a list, a platform, a monthly check); ``score``, their sum in
        [0, 4]; ``strict``, 1 where the first three are there; ``said_zh``, ``said_en``. A document without a plan has no row: it may end
        before it comes to one, and says nothing of what was planned.

    Raises
    ------
    TypeError, ValueError
        If the table lacks columns.

    Notes
    -----
    :math:`\text{score} = \text{target} + \text{deadline} + \text{owner} + \text{output}`.

    **Experimental**: against hand codes, on documents not looked at, precision 1.00 (7 of 7), recall 0.64 (7 of 11); goal 0.80,
    of all elements together on which two blind coders (language models) agree; most of the loss is targets told without a figure.
    Few promises are told in these texts, so that these shares are rough. ``hand_agreement`` has the sentences that one
    coder read, the documents that the rules were made on, and whether a sentence is a plan.
    Deadlines and owners in the table of an attachment are not seen.

    References
    ----------
    Nieminen & Ylisalo (2025) on how far coders agree about what is a testable pledge.

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(documents, bl.split_sections(documents))
    >>> promises = commitments_experimental(sentences)
    >>> bool((promises["score"] == promises[list(ELEMENTS)].sum(axis=1)).all())
    True
    """
    check_table(sentences, "sentences")
    plans = sentences[(sentences["move"] == "plan") & ~sentences["is_heading"]].sort_values(["doc_id", "sentence_id"])
    columns = (plans[c].tolist() for c in ("doc_id", "sentence_id", "start", "end", "text"))
    rows: list[tuple[object, ...]] = []
    for *place, text in zip(*columns, strict=True):
        if not _NO_PROMISE.search(text):
            has = score_promise(text)
            rows.append((*place, *has, sum(has), int(all(has[:3])), *_say(has)))
    return make_table("commitments", rows)


def score_promise(text: str) -> tuple[int, int, int, int]:
    """Say of a sentence whether it names target, deadline, owner and output, as 0 or 1.

    Examples
    --------
    >>> score_promise("县财政局6月底前把报表压减30%，并公布清单。")
    (1, 1, 1, 1)
    >>> score_promise("进一步加强领导，切实减轻负担。")
    (0, 0, 0, 0)
    """
    counted = any(f.kind != "date" and f.unit not in ("年", "月", "天", "日", "次") for f in find_figures(text))
    # 报县财政局: who is told of it need not do it.
    offices = (start for start, _ in find_offices(text) if not _ADDRESSEE.search(text[:start]))
    target, deadline = counted or _END_STATE.search(text), _BY_WHEN.search(text) or _YEAR_ALONE.search(text)
    owner = _OWNER.search(text) or next(offices, None) is not None
    return int(bool(target)), int(bool(deadline)), int(bool(owner)), int(bool(_OUTPUT.search(text)))


def _say(has: tuple[int, ...]) -> Said:
    labels = list(zip(_LABELS.values(), has, strict=True))
    there, lacking = ([label for label, is_there in labels if is_there == which] for which in (1, 0))
    zh, en = "四项都没有写明", "It names none of the four"
    if there:
        zh, en = f"写明{'、'.join(zh for zh, _ in there)}", f"It names {', '.join(en for _, en in there)}"
    if there and lacking:
        zh += f";没有{'、'.join(zh for zh, _ in lacking)}"
        en += f"; it lacks {', '.join(en for _, en in lacking)}"
    return f"{zh}({sum(has)} 分,满分 4)。", f"{en} (score {sum(has)} of 4)."
