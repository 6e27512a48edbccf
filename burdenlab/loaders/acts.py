"""The act of a sentence: its move where a cue is safe, read in the light of the section that it stands in."""

from __future__ import annotations

import re
from typing import NamedTuple

from burdenlab.loaders.directives import DIRECTIVE, LEAD

__all__ = ["sentence_move"]

_ABLE = r"(?<![需主重只想摘概扼纲])要(?![求素点闻么])"


class _Cue(NamedTuple):
    name: str
    move: str
    where: str  # letters of the contexts in which it decides
    pattern: str  # tried at the start of the sentence where it begins with ^
    hint: str = ""  # one of these words stands in every sentence that the pattern matches


# The move of the section that a sentence stands in, or where else it stands. Where no move is told, and in what a plan
# says before its first heading (preamble), more cues decide than elsewhere; shortfalls: after 清醒地看到, to the end
# of the paragraph.
_CONTEXTS = {
    "problem": "p", "harm": "h", "cause": "c", "measure": "m", "result": "r", "plan": "l", "appeal": "a", "frame": "f",
    "": "u", "preamble": "u", "shortfalls": "t",
}  # fmt: skip
_ALL = "phcmrlafut"
# The first that holds decides.
_CUES = (
    # 尊敬的各位领导
    _Cue(
        "opening",
        "frame",
        _ALL,
        r"^(?:尊敬的|各位(?:代表|领导|委员|同志)|同志们|大家好|谢谢|以上(?:汇报|报告|发言)|特此|附件|我的(?:汇报|发言)|非常荣幸)",
    ),
    # 现将方案印发给你们，
    _Cue("opening", "frame", _ALL, r"^(?:现|下面)[^。]{0,60}(?:报告|汇报|说明|通报|公布|印发)[^，。]{0,12}[：:。，]"),
    # ……汇报如下; 日前，……进行通报
    _Cue(
        "opening",
        "frame",
        _ALL,
        r"(?:汇报|报告|通报|总结|说明)如下[:：。]?$ | ^(?:[^，。\n]{0,16}电\s*)?(?:日前|近日|近期|为[^。]{4,60})[，,][^。]{0,90}进行(?:了)?通报",
        "如下|通报",
    ),
    # 表示衷心的感谢; 请予审议
    _Cue(
        "thanks",
        "frame",
        "mrlafut",
        r"(?:表示|致以)[^，。]{0,12}(?:感谢|谢意|敬意|问候|慰问)|批评指正|请予审[议查]|请(?:各位|大会)[^，。]{0,8}审[议查]",
        "感谢|谢意|敬意|问候|慰问|批评指正|请予审|请各位|请大会",
    ),
    # 为了……，制定本办法; 本办法所称……
    _Cue(
        "scope",
        "frame",
        "lfu",
        r"""(?:制定|制订|编制)本(?:法|办法|条例|方案|意见|计划|规划|规定|细则|措施|指南|指引|规范|纲要|政策|实施|指导) | 所称[^，。]{1,30}[，是]
          | ^(?:第[一二三四五六七八九十百零\d]+条)?\s*本(?:办法|条例|规定|细则|规范|指南|方案|法|标准|意见|通知)[^，。]{0,6}(?:适用|自)
          | 提出(?:如下|以下)[^，。]{0,8}(?:意见|措施|建议)[:：。] | (?:指导思想|总体要求|基本原则|预期目标|主要任务)是?[：:]$""",
        "制定本|制订本|编制本|所称|适用|本办法|本条例|本规定|本细则|本规范|本指南|本方案|本法|本标准|本意见|本通知|提出如下|提出以下|指导思想|总体要求|基本原则|预期目标|主要任务",
    ),
    # （责任单位：……）
    _Cue(
        "in_charge",
        "frame",
        "mlfu",
        r"^[（(](?![^（）]{0,60}(?:完成|推进))[^（）()]{0,60}(?:负责|责任单位|牵头|配合|指导)[^（）()]{0,60}[）)]$",
    ),
    # 《若干规定》明确要求
    _Cue("rule", "frame", "pu", r"^《[^》]{2,40}》[^，。]{0,16}(?:明确|要求|规定|强调|指出)"),
    # ……是攻坚战、持久战
    _Cue("rule", "frame", "pu", r"是[^，。]{0,6}(?:攻坚战|持久战)[。.]?$", "攻坚战|持久战"),
    # 究其原因，……
    _Cue(
        "cause",
        "cause",
        _ALL,
        r"^(?:究其原因|归根[结到]底|究其根源|(?:其|主要)?(?:主要|根本|深层)?原因(?:在于|是)|之所以)",
    ),
    # 收入少，一个重要原因是……
    _Cue(
        "cause",
        "cause",
        "rlfu",
        r"(?:重要|主要|根本|直接|深层)(?:的)?原因(?:是|在于)",
        "原因是|原因在于",
    ),
    # 我们也清醒地看到，……存在不少困难和问题
    _Cue(
        "shortfalls",
        "problem",
        "rlfu",
        r"""清醒地?(?:看到|认识到) | (?<!解决)存在(?:着?(?:一些|不少|许多|诸多)|(?!的)[^。；]{2,60}(?:困难|问题|不足|短板|差距|隐患)[，。；])
          | 面临着?(?:一些|不少|许多|诸多)[^。]{0,12}(?:困难|问题|挑战) | (?:困难|问题|不足|挑战)[^。]{0,10}(?:主要)?(?:表现在|主要是|有)[:：，]""",
        "清醒|存在|面临|表现在|主要是|有：|有:|有，",
    ),
    # 作风还不够实，基础薄弱
    _Cue(
        "lack",
        "problem",
        "rfu",
        r"""(?:还|仍|尚|依然|仍然|仍旧)(?:不够|感|不[足强高实大全]|偏[低弱慢紧]|较[大重弱]|比较|有(?:不少|较大|一定|待|差距|不)|需|存在|不同程度|不[^，。]{1,3}[，。；]) | 有待(?:加强|提高|提升|改善|进一步)
          | [亟急]待|[亟急]需|短板弱项|时有发生|屡禁不止|不(?:敢|愿|会|想)担当|(?<!对)不作为|懒政|怠政|任务(?:仍然|依然|仍|依旧)[^，。]{0,4}(?:重|艰巨) | 不容忽视|困难较[多大]
          | 腐败现象|(?:形式主义|官僚主义)[^，。]{0,6}(?:突出|严重|存在|表现)|流于形式|层层加码 | 尚未(?:形成|建立|完善|到位|落实|解决|根本) | 日益(?:凸显|突出|严重)
          | 严重(?:影响|制约|阻碍)了?""",
    ),
    # 但是，……也确实出现了
    _Cue("however", "problem", "l", r"^但(?:是|也)?[，,]?[^。]{0,60}(?:存在|出现了|仍|还有|不足|薄弱)"),
    # 建议上级……
    _Cue(
        "appeal",
        "appeal",
        _ALL,
        r"^(?:为此[,，])?(?:我们|我[镇乡县局街道]{1,2})?(?:建议(?!书|稿) | 恳请 | 希望(?:上级|各|全|大家|广大) | 请求上级 | 盼望)",
    ),
    # 下一步，……
    _Cue("next", "plan", _ALL, r"^(?:下一步|下步|今后(?=[，,]|[^。]{0,8}[要将应])|接下来|明年|下一阶段|下半年)"),
    # 各级各部门要……
    _Cue(
        "order",
        "plan",
        "phca",
        rf"(?:^|[，；])(?:各|全[省市区县国]|有关|被通报|省级|市级|上级|相关|对此)[^，；。]{{0,28}}?{_ABLE}|^[^，。]{{0,30}}(?:必须|务必|应当)|^请各",
    ),
    # 成绩来之不易，是……的结果; 一定能……; 具有重要意义
    _Cue(
        "credit",
        "frame",
        "mrlfut",
        r"""根本在于 | 来之不易 | 是[^。]{4,90}的结果 | 深刻(?:认识|体会)到 | 备受鼓舞 | 倍感振奋 | 指明了?[^，。]{0,6}方向 | 提供了?[^，。]{0,12}(?:遵循|指引) | ^习近平总书记
          | 有(?:信心|基础|条件|能力)[^。]{0,12}能力 | 一定能 | 必将 | 完全能 | 具有[^，。]{0,10}意义 | ^只有[^。]{2,80}才能 | 极?不平凡[，。] | (?:说明|表明)了 | 再次证明""",
        "根本在于|来之不易|的结果|深刻认识到|深刻体会到|备受鼓舞|倍感振奋|指明|遵循|指引|习近平总书记|有信心|有基础|有条件|有能力|一定能|必将|完全能|意义|才能|平凡|说明了|表明了|再次证明",
    ),
    # 抓落实是政府工作的根本
    _Cue(
        "principle",
        "frame",
        "lmfu",
        r"""^(?!要|今年)[^。；]{2,60}(?<![要正还就仍])是[^。；，]{2,50}(?:保障|关键|根本|基础|途径|要求|使命|职责|前提|所在|生命线|源泉|体现|举措|内容|手段|支撑|动力|方式
            |形态|产业|系统|平台|理念|模式|过程|时期|之年|阶段|部门|力量|任务|大事|问题)。?$""",
    ),
    # 加强……: no subject
    _Cue("directive", "plan", "l", DIRECTIVE),
    # a line without any punctuation
    _Cue("caption", "frame", "lu", r"^(?!.*(?:不得|应当|必须))[^，。；：！？,;:]{1,60}$"),
    # 车间标准主要包括……
    _Cue(
        "description",
        "frame",
        "lu",
        r"""^(?![^。]{0,120}(?:应当|必须|不得|可以))(?:[^，。；]{0,40}?(?:主要包括|主要有|主要用于|(?<!可)用于|是指|分为|(?<!不)包括|涉及|如[图表])
          | [^，。；制完健提执按]{0,40}标准[，；：。、] | [^。；]{0,60}由[^。]{2,60}(?:组成|构成)[。，])""",
    ),
    # 通过调整编制，有效缓解了……
    _Cue(
        "effect",
        "result",
        "m",
        r"^(?:通过|经过)[^，。]{2,40}[，,][^，。]{0,8}(?:缓解|避免|减轻|解决|扭转|提高|提升|改善|增强|实现)",
    ),
    # 目前均已返回
    _Cue(
        "mended",
        "result",
        "p",
        r"^(?:目前|现)[^，。]{0,24}已(?:经)?(?:全部|均)?[^，。]{0,4}(?:退|返|整改|取消|废止|停止|纠正|关闭)",
    ),
    # 开展清理规范工作
    _Cue(
        "remedy",
        "measure",
        "p",
        r"^(?![^。]*(?:但|仍|违规|未经|未按))[^不未]{0,60}开展[^，。不未]{0,24}(?:清理|核查|整治|规范)[^，。不未]{0,10}[，。]",
    ),
    # 受到党内警告处分
    _Cue(
        "sanction",
        "measure",
        "p",
        r"^[^。；]{0,60}(?:受到|给予|予以|作出|被)[^，。；]{0,16}(?:处分|诫勉|免职|警告|批评教育|立案审查|停职|组织处理|深刻检查|书面检查)[^，。；]{0,6}[。；]?$",
        "处分|诫勉|免职|警告|批评教育|立案审查|停职|组织处理|检查",
    ),
    # 目前，项目已停工烂尾，浪费严重
    _Cue(
        "outcome",
        "harm",
        "p",
        r"""^(?:目前|截至|至今|最终|结果|项目|后|20\d\d年\d+月，该)[^。]{0,120}(?:损失|浪费|闲置|烂尾|退回|核减|搁置|挂账)
          | ^(?![^。]*(?:盲目|违规|未经|强行|不顾|决策))[^。]{0,80}(?:闲置|烂尾|荒废)""",
        "损失|浪费|闲置|烂尾|退回|核减|搁置|挂账|荒废",
    ),
    # 过去一年，……取得新成效
    _Cue("past", "result", "l", r"^(?:过去[一五]年|[一五]年来)[，,]"),
    # 要……, 应当……, 将……
    _Cue(
        "must",
        "plan",
        "mrft",
        rf"^{LEAD}(?:对这些问题[，,]?)?(?:今年)?(?:我们)?(?:一定)?(?:要(?!求|清醒)|必须|应当|将(?:继续|会|进一步|采取)|(?<=我们)将)",
    ),
    _Cue(
        "modal",
        "plan",
        "u",
        rf"必[须須](?!特别指出|指出|看到)|[应應][当當]|应(?![用对急变答运邀链商有])|不得(?!不)|{_ABLE}|须(?!知)|(?:会议|纲要|计划|规划)(?:要求|规定|号召|强调)|任务(?:主要)?是|严禁|务必|力争|争取|将(?:会|继续|进一步|加强|在|对|于|从|由|达|增)|宜(?=[在设采用])|可(?:以|根据|按)",
    ),
    # 产量稳步提高，质量明显改善
    _Cue(
        "gains",
        "result",
        "r",
        r"""(?:(?:明显|显著|大幅|稳步|持续|不断|进一步|有效|得到|连[年续]|高于|超过|突破|增长|下降|达到?|居全[国省]|领先|更[加为]?)[^，。；]{1,30}[，；。]){2} | 再?创[^，。]{0,6}新高 | 首[次个]""",
    ),
    _Cue("did", "measure", "r", DIRECTIVE),
    _Cue("did", "measure", "u", rf"{DIRECTIVE}[^。]{{0,80}}?(?<![除为得不])了(?![解然如])"),
    _Cue("directive", "plan", "u", DIRECTIVE),
    # ……稳步提升; ……增长 7%
    _Cue(
        "achieved",
        "result",
        "fu",
        r"""(?:取得|实现)了?[^，。]{0,14}(?:成效|成绩|进展|突破|成就|成果|胜利|进步)
          | (?:明显|显著|大幅|稳步|持续|不断|进一步|有效|迅速|逐步|全面|普遍|继续|较快|快速|蓬勃)(?:地)?(?:得到)?(?:提升|提高|增强|改善|增长|增加|下降|减少|好转|扩大|优化|回升|发展|加快|加强|推进)[，。；]
          | (?:增长|下降|提高|增加|减少|达到|超过|突破)了?[到至]?\s*[\d０-９]+ | (?:位居|居)[^，。]{0,8}(?:首位|第|前列) | 新(?:高[，。]|高峰|台阶) | 新的?(?:一页|步子|步伐|阶段|局面|进展|发展|成就|成绩) | 百分之[一二三四五六七八九十点０-９\d]+[，。；] | 已经?[^，。]{0,6}(?:实现|完成|形成|达到|建成) | (?:增加|增长|提高|改善|下降|减少|扩大|完成|实现|建成|达到|超过)了 | 走在[^，。]{0,6}前列 | 入选 | 跻身 | 获[批评] | 荣获 | (?:扎实|顺利|纵深|全面|有序)(?:推进|完成)[，。；] | 实现[^，。]{0,12}(?:覆盖|替代|转变) | 由[^，。]{2,20}(?:扩大|提高|增加|下降|减少|上升)[到至] | 更加[^，。]{1,4}[，。；]""",
    ),
    # 已印发……
    _Cue("done", "measure", "fu", r"[^除为得不明表]了(?![解然如])|已经?"),
    # what tells none of these
    _Cue("other", "frame", "u", "^"),
    _Cue("shortfalls", "problem", "t", "^"),
)


class _Reader:
    """The cues of one context, read in their order."""

    def __init__(self, letter: str) -> None:
        cues = [cue for cue in _CUES if letter in cue.where]
        told = [(cue.move, f"sentence:{cue.name}") for cue in cues]
        hints = "|".join(cue.hint for cue in cues if cue.hint)
        self.has_hint = re.compile(hints or "(?!)").search
        self.every = [(re.compile(cue.pattern, re.VERBOSE).search, said) for cue, said in zip(cues, told, strict=True)]
        # Most sentences hold no hint. Then the cues that stand at the start are tried in one go, up to the first that
        # may stand anywhere.
        plain = [i for i, cue in enumerate(cues) if not cue.hint]
        n = next((n for n, i in enumerate(plain) if not cues[i].pattern.startswith("^")), len(plain))
        self.starts = [("", ""), *(told[i] for i in plain[:n])]  # by the number of the group
        self.start = re.compile("|".join(f"({cues[i].pattern})" for i in plain[:n]), re.VERBOSE).match
        self.rest = [self.every[i] for i in plain[n:]]

    def read(self, text: str) -> tuple[str, str]:
        cues = self.every
        if not self.has_hint(text):
            if found := self.start(text):
                return self.starts[found.lastindex or 0]
            cues = self.rest
        for holds, said in cues:
            if holds(text):
                return said
        return "", ""


_READERS = {move: _Reader(letter) for move, letter in _CONTEXTS.items()}


def sentence_move(text: str, context: str = "") -> tuple[str, str]:
    """Give the act of a sentence and the rule that said so, where a cue is safe; else two empty strings.

    Parameters
    ----------
    text : str
        One sentence, with its end mark.
    context : str
        The move of its section, "" where none is told; "preamble" for what a plan says before its first heading;
        "shortfalls" for what follows, in the same paragraph, a sentence that admits what falls short. In the last two
        and where no move is told there is always an answer: a sentence that tells nothing else is frame.

    Returns
    -------
    move, source : str

    Examples
    --------
    >>> sentence_move("现将有关情况汇报如下：")
    ('frame', 'sentence:opening')
    >>> sentence_move("压减会议三成。", "plan"), sentence_move("压减会议三成。", "result")
    (('plan', 'sentence:directive'), ('measure', 'sentence:did'))
    >>> sentence_move("会议多。", "problem")
    ('', '')
    """
    return _READERS[context].read(text)
