"""Traditional script folded to simplified, as edits: only for those who ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from burdenlab.loaders.noise import Rule

__all__ = ["FOLD_SCRIPT"]

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")


@cache
def _converter() -> Any:
    import opencc  # noqa: PLC0415 (its dictionaries take a while to load)

    return opencc.OpenCC("t2s")


def _fold(raw: str) -> Iterator[tuple[int, int, str]]:
    """Find the characters that OpenCC writes otherwise; where a phrase changes its length, each for itself."""
    convert = _converter().convert
    for run in _RUN.finditer(raw):
        folded = convert(run[0])
        if len(folded) != len(run[0]):
            folded = "".join(convert(character)[:1] for character in run[0])
        for at, (before, after) in enumerate(zip(run[0], folded, strict=True), start=run.start()):
            if before != after:
                yield at, at + 1, after


FOLD_SCRIPT = Rule("script", _fold, ("基層減負", "基层减负"))
