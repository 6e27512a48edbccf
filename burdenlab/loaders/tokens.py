"""Words, by a jieba of one's own that no other code can change."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import jieba
import pandas as pd

from burdenlab.tables import check_table, make_table

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["default_tokenizer", "tokenize"]


class _HasWords(Protocol):
    @property
    def words(self) -> tuple[str, ...]: ...


def tokenize(sentences: pd.DataFrame, *, codebook: _HasWords | None = None) -> pd.DataFrame:
    """Cut sentences into words with jieba's default dictionary and model.

    Words serve frequency, keyness and clouds; themes are matched on characters (``find_hits``).

    Parameters
    ----------
    sentences : DataFrame
        Table ``sentences``.
    codebook : Codebook, optional
        Its literal terms become user words, so that 小马拉大车 stays one word. Terms with punctuation cannot be
        words of jieba and are cut as before.

    Returns
    -------
    DataFrame
        Table ``tokens``; white space and punctuation make no token.

    References
    ----------
    jieba 0.42.1, https://github.com/fxsjy/jieba (MIT).

    Examples
    --------
    >>> import burdenlab as bl
    >>> documents, _, _ = bl.read_documents("data/demo/reports/01.txt")
    >>> tokens = bl.tokenize(bl.split_sentences(documents, bl.split_sections(documents)))
    >>> "基层" in set(tokens["token"])
    True
    """
    check_table(sentences, "sentences")
    tokenizer = _tokenizer(codebook.words if codebook is not None else ())
    return make_table("tokens", _cut(tokenizer, sentences))


def _cut(tokenizer: jieba.Tokenizer, sentences: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    columns = (sentences[c].tolist() for c in ("doc_id", "sentence_id", "start", "text"))
    for doc_id, sentence_id, offset, text in zip(*columns, strict=True):
        at = offset
        for word in tokenizer.cut(text):
            end = at + len(word)
            if any(character.isalnum() for character in word):
                yield doc_id, sentence_id, at, end, word
            at = end


def default_tokenizer() -> jieba.Tokenizer:
    """Give a tokenizer with jieba's own words only."""
    return _tokenizer(())


@lru_cache(maxsize=4)
def _tokenizer(words: tuple[str, ...]) -> jieba.Tokenizer:
    """Make a tokenizer of its own for each set of user words; jieba's shared one would remember other people's words."""
    tokenizer = jieba.Tokenizer()
    # Not initialize(): it trusts a cache file in the shared temporary folder.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for word in words:
        if word not in tokenizer.FREQ:  # adding a word again would inflate the total
            tokenizer.add_word(word)
    return tokenizer
