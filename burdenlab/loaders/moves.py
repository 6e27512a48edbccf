"""Which move a heading or a sentence makes, by cues that are safe."""

from __future__ import annotations

import re

__all__ = ["document_move", "heading_move"]

_Cues = tuple[tuple[str, str, re.Pattern[str]], ...]


def _compile(*cues: tuple[str, str, str]) -> _Cues:
    return tuple((move, name, re.compile(pattern, re.VERBOSE)) for move, name, pattern in cues)


# The first rule that a heading matches decides: 问题的成因 is a cause although it names a problem, 整改措施 a measure.
_HEADING_CUES = _compile(
    ("cause", "heading:cause", r"原因 | 成因 | 根源 | 症结 | 归因 | (?:出在|从)(?:哪|何处)"),
    ("problem", "heading:problem_and_harm", r"(?:表现|问题|现状)(?:及|和|与|、)(?:其)?(?:主要)?(?:危害|影响)"),
    (
        "harm",
        "heading:harm",
        r"危害(?:$|[及和与分性]) | (?:不良|负面|不利)影响 | (?:带来|造成)的(?:影响|后果|危害) | ^[^，]{0,8}后果$ | 对.{1,8}的影响$",
    ),
    ("measure", "heading:practice", r"做法"),
    ("result", "heading:review", r"回顾 | (?:成就|胜利)$ | 发展(?:主要)?(?:成就|成绩) | 总结$ | 执行情况$"),
    (
        "plan",
        "heading:plan",
        r"""下一步 | 下步 | ^久久为功 | ^在.{2,8}上再 | 下一阶段 | 打算$ | 努力方向 | ^今后 | 工作安排 | 工作部署 | ^工作计划 | 重点(?:工作|任务) | (?:目标|主要|基本|重大|工作)任务(?:$|[和与及、])
          | (?:20\d\d|[12]９?\d\d\d|明|今|新的一)年.{0,12}(?:工作|任务|目标|安排|部署)(?!报告|总结|回顾|情况)
          | 总体要求 | 总体思路 | (?:主要|工作|建设|总体|发展|预期)目标 | 保障措施 | 实施步骤 | (?:工作|整改|有关|组织|申报)要求 | 时间安排
          | 组织(?:实施|保障)$ | 任务和要求 | 计划(?:的)?(?:概要|安排|任务|(?:主要)?指标) | (?:时期|战线|[０-９\d零一二三四五六七八九]年).{0,10}任务$""",
    ),
    (
        "appeal",
        "heading:appeal",
        r"建议(?:$|[和与及、]) | (?:工作|政策|对策|几点|意见)建议 | 诉求$ | ^恳请 | ^请求 | 请求$ | 对策",
    ),
    (
        "result",
        "heading:result",
        r"成效 | 成果$ | 成绩 | 亮点 | 取得的(?:进展|变化) | (?:来|步|显)(?:的)?变化$ | 的结果$ | 新(?:进展|突破|台阶|跨越)$",
    ),
    (
        "measure",
        "heading:measure",
        r"""经验(?:$|[做和与及、]) | 工作(?:开展|推进|落实)?情况$ | (?:整改|处理|落实)情况 | 正面典型
          | ^.{0,12}(?:开展|已经?做|先行做|做)的""",
    ),
    ("measure", "heading:means", r"^.{0,8}(?:措施|举措)$"),
    (
        "problem",
        "heading:problem",
        r"""存在.{0,8}(?:问题|困难|不足|短板) | 问题(?:的)?(?:主要|突出)?(?:表现|清单) | ^[^是]{0,20}(?:主要|突出|具体)(?:问题|困难|表现)(?!.{0,4}(?:整改|解决|结合))
          | 困难(?:和|与)问题 | (?:面临|反映).{0,6}(?:困难|问题) | 原先的情况$ | 问题(?:和|与)(?:困难|不足|差距) | (?:典型|负面)(?:问题|案例|典型)
          | 负担(?:的)?(?:主要|具体)?(?:表现|现状|情况)""",
    ),
    (
        "frame",
        "heading:frame",
        r"基本情况$ | 背景$ | ^.{0,6}概况 | 总体情况 | 调研(?:基本)?情况 | 指导思想 | 基本原则 | (?:现状|形势|态势|必要性|意义)(?:$|[和与及、]) | 适用范围 | 术语",
    ),
)

# What a whole document does, told by its title or, where that is only a file's name, by the lines that open it.
_GENRES = _compile(
    ("measure", "genre:praise", r"典型经验 | 经验做法"),
    ("", "genre:praise", r"表[扬彰]"),
    (
        "problem",
        "genre:notice",
        r"""典型(?:问题|案例)(?!库) | 通报.{0,20}(?:问题|案例|\d起|[一二两三四五六]起) | (?:问题|摊派|反弹|造假|不实|失实|违规).{0,12}通报 | 曝光 | 被问责
          | (?:督查|督导|巡[视察]|暗访).{0,12}(?:反馈|通报) | 反馈巡[视察] | 存在(?:的)?(?:主要|突出)?(?:问题|不足|困难)""",
    ),
    ("", "genre:account", r"汇报 | 总结$ | 发言 | 经验(?:介绍|交流|材料)"),
    ("", "genre:report", r"报告$ | 工作报告 | 讲话 | 致辞 | 解读 | 说明$ | 答记者问"),
    (
        "plan",
        "genre:plan",
        r"""(?:方案|计划|规划|要点|安排|分工|意见|通知|措施|办法|规定|条例|细则|决定|批复|指引|指南|规范|规程|准则|纲要|法$)""",
    ),
)
_OPENING = 1500  # characters
_OPENINGS = _compile(
    (
        "problem",
        "genre:notice",
        r"""典型(?:问题|案例)(?:进行|的)?(?:了)?(?:公开)?通报 | 通报.{0,12}典型问题 | \d起.{0,24}(?:典型|问题).{0,6}通报
          | 加重基层负担的典型问题 | (?:省|市|区|县)通报：""",
    ),
    ("", "genre:report", r"各位代表 | 报告工作 | 致辞 | 报告如下"),
    ("", "genre:account", r"各位领导 | 同志们 | (?:汇报|总结)如下"),
    ("measure", "genre:praise", r"给予表[扬彰]的(?:通报|决定)"),
    (
        "plan",
        "genre:plan",
        r"""(?:制定|制订|编制|出台)(?:本|以下|如下) | (?:提出|制定)(?:如下|以下).{0,8}(?:意见|措施|方案)
          | 现(?:就|将|印发|提出|公布|予)[^。]{0,80}(?:通知|意见|公告|执行|印发|落实) | (?:通知|函复|批复|回复)如下
          | 请(?:认真|遵照|贯彻|参照|结合|各|按)[^。]{0,20}(?:执行|落实|实施) | ^\W*(?:第[一1]条|第[一1]章)
          | (?:^|\n)\s*一、(?:总体要求|总体目标|指导思想|主要目标|发展目标|总体思路)
          | ^[^\n。]{0,30}(?:各省|各市|各区|各县|各地|各有关|各单位)[^。\n]{0,120}[：:]
          | (?:^|\n)[^\n。]{2,60}(?:方案|计划|规划|要点|意见|通知|措施|办法|规定|条例|批复|复函|决定|细则|指南|规范|公告)(?:[（(][^）)\n]{1,12}[）)])?\s*\n""",
    ),
)


def _first(cues: _Cues, text: str) -> tuple[str, str]:
    for move, name, pattern in cues:
        if pattern.search(text):
            return move, name
    return "", ""


def heading_move(heading: str) -> tuple[str, str]:
    """Give the move that a heading announces and the rule that said so; two empty strings when it tells none.

    Examples
    --------
    >>> heading_move("深入剖析“小马拉大车”问题的成因")
    ('cause', 'heading:cause')
    >>> heading_move("加强组织领导")
    ('', '')
    """
    return _first(_HEADING_CUES, heading)


def document_move(title: str, text: str) -> tuple[str, str]:
    """Give the move of a whole document whose genre makes one, and the genre.

    The genre is told by the title or, where that is only the name of a file, by the lines that open the text.

    Examples
    --------
    >>> document_move("关于3起典型问题的通报", "")
    ('problem', 'genre:notice')
    >>> document_move("07", "为减轻基层负担，制定本办法。")
    ('plan', 'genre:plan')
    """
    move, name = _first(_GENRES, title)
    return (move, name) if name else _first(_OPENINGS, text[:_OPENING])
