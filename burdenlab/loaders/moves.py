"""Which move a heading or a sentence makes, by cues that are safe."""

from __future__ import annotations

import re

__all__ = ["MOVES", "heading_move", "sentence_move", "title_move"]

# problem 表现, harm 危害, cause 成因, measure 做法, result 成效, plan 打算, appeal 诉求, frame 开场收尾
MOVES = ("problem", "harm", "cause", "measure", "result", "plan", "appeal", "frame")

# The first rule that a heading matches decides: 问题的成因 is a cause although it names a problem, 整改措施 a measure.
_HEADING_CUES: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (move, name, re.compile(pattern, re.VERBOSE))
    for move, name, pattern in (
        ("cause", "heading:cause", r"原因 | 成因 | 根源 | 症结 | 归因"),
        ("problem", "heading:problem_and_harm", r"(?:表现|问题|现状)(?:及|和|与|、)(?:其)?(?:主要)?(?:危害|影响)"),
        (
            "harm",
            "heading:harm",
            r"危害 | (?:不良|负面|不利)影响 | (?:带来|造成)的(?:影响|后果) | 后果 | 对.{1,8}的影响$",
        ),
        (
            "plan",
            "heading:plan",
            r"""下一步 | 下步 | 下一阶段 | 打算 | 努力方向 | 今后 | 工作安排 | 工作部署 | ^工作计划 | 重点任务 | 目标任务
              | (?:20\d\d|明|今|新的一)年.{0,12}(?:重点|主要)?(?:工作|任务|目标|安排|部署)(?!报告|总结|回顾|情况)
              | 总体要求 | 总体思路 | 主要目标 | 工作目标 | 保障措施 | 实施步骤 | (?:工作|整改|有关)要求 | 时间安排""",
        ),
        (
            "appeal",
            "heading:appeal",
            r"建议(?:$|[和与及、]) | (?:工作|政策|对策|几点|意见)建议 | 诉求$ | ^恳请 | ^请求 | 请求$ | 对策",
        ),
        (
            "result",
            "heading:result",
            r"成效 | 成果$ | 成绩 | 亮点 | 取得的(?:进展|变化) | 工作回顾 | (?:来|步|显)(?:的)?变化$ | 的结果$",
        ),
        (
            "measure",
            "heading:measure",
            r"做法 | 措施 | 举措 | 经验 | 工作(?:开展|推进|落实)?情况 | (?:整改|处理)情况 | (?:开展|已经?做|先行做|做)的",
        ),
        (
            "problem",
            "heading:problem",
            r"""存在.{0,8}(?:问题|困难|不足|短板) | 问题(?:的)?(?:主要|突出)?(?:表现|清单) | (?:主要|突出|具体)(?:问题|困难|表现)
              | 困难(?:和|与)问题 | (?:面临|反映).{0,6}(?:困难|问题) | 原先的情况$ | 问题(?:和|与)(?:困难|不足|差距) | 典型(?:问题|案例) | 负担(?:的)?(?:主要|具体)?(?:表现|现状|情况)""",
        ),
        (
            "frame",
            "heading:frame",
            r"基本情况 | 背景 | 概况 | 总体情况 | 调研(?:基本)?情况 | 指导思想 | 基本原则 | 总则 | 附则",
        ),
    )
)

_TITLE_CUES: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("problem", "title:notice", re.compile(r"典型(?:问题|案例)|通报.{0,20}问题|问题的(?:情况)?通报")),
    ("plan", "title:plan", re.compile(r"(?:方案|计划|规划|要点|安排|任务分工)(?:的通知)?$")),
)

_SENTENCE_CUES: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (move, name, re.compile(pattern, re.VERBOSE))
    for move, name, pattern in (
        (
            "frame",
            "sentence:opening",
            r"^(?:尊敬的 | 各位(?:代表|领导|委员|同志) | 同志们 | 大家好) | (?:汇报|报告|通报|总结|说明)如下[:：。]?$",
        ),
        (
            "frame",
            "sentence:closing",
            r"^(?:以上(?:汇报|报告|发言) | 特此(?:汇报|报告|通报|通知) | 谢谢 | 我的(?:汇报|发言)完毕) | 批评指正",
        ),
        (
            "appeal",
            "sentence:appeal",
            r"^(?:为此[,，])?(?:我们|我[镇乡县局街道]*)?(?:建议 | 恳请 | 希望上级 | 请求上级 | 盼望)",
        ),
        ("plan", "sentence:plan", r"^(?:下一步 | 下步 | 今后 | 接下来)[,，]"),
        ("cause", "sentence:cause", r"^(?:究其原因 | 归根结底 | 究其根源 | (?:其|主要)?(?:主要)?原因(?:在于|是))"),
    )
)


def _first(cues: tuple[tuple[str, str, re.Pattern[str]], ...], text: str) -> tuple[str, str]:
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


def title_move(title: str) -> tuple[str, str]:
    """Give the move of a whole document whose genre, told by its title, makes one move: a plan, a notice of cases."""
    return _first(_TITLE_CUES, title)


def sentence_move(text: str) -> tuple[str, str]:
    """Give the act of a sentence and the rule that said so, where a cue is safe; else two empty strings.

    Examples
    --------
    >>> sentence_move("现将有关情况汇报如下：")
    ('frame', 'sentence:opening')
    """
    return _first(_SENTENCE_CUES, text)
