"""Lists of words that conditions name by "@", so that a codebook states them once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from burdenlab.coding.places import UNSEEN, Fault, is_strings, shown

__all__ = ["CONTEXT_KEYS", "expand_contexts", "fold_contexts"]

CONTEXT_KEYS = ("require", "near", "unless")
_MOST_WORDS = 200_000  # that names stand for, in all


def expand_contexts(content: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Put the words of ``[contexts]`` where a condition names them by ``"@name"``; give the faults of that too.

    Examples
    --------
    >>> content = {"contexts": {"base": ["乡镇"]}, "themes": {"a": {"near": ["@base", "县"]}}}
    >>> expand_contexts(content)[0]["themes"]
    {'a': {'near': ['乡镇', '县']}}
    """
    contexts = content.get("contexts", {})
    if not isinstance(contexts, dict) or not all(is_strings(words) for words in contexts.values()):
        said = "contexts must be a table of lists of strings"
        rest = {key: value for key, value in content.items() if key != "contexts"}
        return rest, [Fault("contexts", "", said, "contexts 应为字符串列表组成的表")]
    faults = [fault for name, words in contexts.items() for fault in _context_faults(name, words)]
    themes = content.get("themes")
    if not isinstance(themes, dict):
        return dict(content), faults
    if _n_words(themes, contexts) > _MOST_WORDS:
        said = f"the names by @ stand for more than {_MOST_WORDS} words in all; shorten the lists"
        faults.append(Fault("contexts", "", said, f"以 @ 引用的词语合计超过 {_MOST_WORDS} 个;请缩短列表"))
        return dict(content), faults
    expanded: dict[str, Any] = {}
    for name, theme in themes.items():
        expanded[name] = _expanded(f"themes.{name}", 0, theme, contexts, faults)
        if isinstance(theme, dict) and isinstance(theme.get("when"), list | tuple):
            table = f"themes.{name}.when"
            when = [_expanded(table, i, rule, contexts, faults) for i, rule in enumerate(theme["when"])]
            expanded[name] = {**expanded[name], "when": when}
    return {**content, "themes": expanded}, faults


def fold_contexts(words: Sequence[str], contexts: Mapping[str, Sequence[str]]) -> list[str]:
    """Write a run of words that a context lists as its name; the longest contexts first.

    Examples
    --------
    >>> fold_contexts(["县", "乡镇", "街道"], {"base": ["乡镇", "街道"]})
    ['县', '@base']
    """
    folded = list(words)
    for name, listed in sorted(contexts.items(), key=lambda item: (-len(item[1]), item[0])):
        for at in range(len(folded) - len(listed) + 1):
            if listed and folded[at : at + len(listed)] == list(listed):
                folded[at : at + len(listed)] = [f"@{name}"]
                break
    return folded


def _n_words(themes: Mapping[str, Any], contexts: Mapping[str, Any]) -> int:
    parts = [part for part in themes.values() if isinstance(part, dict)]
    parts += [r for part in parts if isinstance(part.get("when"), list) for r in part["when"] if isinstance(r, dict)]
    named = (w[1:] for part in parts for key in CONTEXT_KEYS if is_strings(part.get(key)) for w in part[key] if w[:1] == "@")  # fmt: skip
    return sum(len(contexts.get(name, ())) for name in named)


def _expanded(table: str, nth: int, part: object, contexts: Mapping[str, Any], faults: list[Fault]) -> Any:
    if not isinstance(part, dict):
        return part
    expanded = dict(part)
    for key in CONTEXT_KEYS:
        listed = part.get(key)
        if not is_strings(listed) or not any(word.startswith("@") for word in listed):
            continue
        words: list[str] = []
        for word in listed:
            if not word.startswith("@"):
                words.append(word)
            elif word[1:] in contexts:
                words += contexts[word[1:]]
            else:
                known = ", ".join(islice(contexts, 10)) or "none"
                said = f"[{table}] {key} names {shown(word)}, which [contexts] does not list; it has {known}"
                chinese = f"[{table}] {key} 中的 {shown(word)} 不在 [contexts] 中;现有:{known}"
                faults.append(Fault(table, key, said, chinese, word, nth))
        expanded[key] = list(dict.fromkeys(words))
    return expanded


def _context_faults(name: str, words: Sequence[str]) -> list[Fault]:
    faults = []
    if not name or name != name.strip() or any(mark in name for mark in "@;\uff1b、\n\t") or UNSEEN.search(name):
        said = f"[contexts] the name {shown(name)} must be one word without @, ; or 、"
        faults.append(Fault("contexts", name, said, f"[contexts] 名称 {shown(name)} 应为一个词,不含 @、分号、顿号"))
    if not words:
        said = f"[contexts] {name} is empty; list words"
        faults.append(Fault("contexts", name, said, f"[contexts] {name} 为空;请列出词语"))
    for word in words:
        if not word.strip() or word.startswith("@"):
            said = f"[contexts] {name}: {shown(word)} is no word; a context cannot name another"
            chinese = f"[contexts] {name}:{shown(word)} 不是词;不能引用另一个列表"
            faults.append(Fault("contexts", name, said, chinese, word))
    return faults
