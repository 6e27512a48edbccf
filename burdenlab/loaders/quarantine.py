"""The one way in which reading a file is refused."""

from __future__ import annotations

__all__ = ["Quarantined"]


class Quarantined(Exception):
    """A file, or a part of one, that is not counted: a reason code and a sentence in English and in Chinese."""

    def __init__(self, code: str, detail: str, detail_zh: str) -> None:
        super().__init__(detail)
        self.code, self.detail, self.detail_zh = code, detail, detail_zh

    def __reduce__(self) -> tuple[type[Quarantined], tuple[str, str, str]]:
        """Carry all three fields through a worker process."""
        return type(self), (self.code, self.detail, self.detail_zh)
