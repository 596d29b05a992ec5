"""Text cut into search words, and what a person typed cut into the same words.

A run of Chinese characters ABCD becomes the overlapping pairs AB BC CD and the last character D: any word of two or
more characters is a sequence of neighbouring pairs, a single character the beginning of one. So two-character words
(公务, 培训) are found, which trigrams cannot do, and no dictionary is needed. Everything else is cut into lower-case
words and numbers; thousands commas vanish ("1,649.56" is the word 1649.56).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from shared.contracts.base import Text

_HAN = "〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?)|(?P<word>[^\W\d_{_HAN}]+)")
_LONGEST = 200
_GAP = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_PART = re.compile(r'"([^"]*)"(\*?)|(\S+)')
_QUOTES = str.maketrans({"“": '"', "”": '"', "「": '"', "」": '"', "『": '"', "』": '"', "《": '"', "》": '"'})


class QueryError(ValueError):
    """What was typed holds nothing that can be searched for. `text` is the sentence for the user."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True)
class Phrase:
    """Words that must follow each other; `prefix`: the last one may go on. `text` is what was typed, folded."""

    words: tuple[str, ...]
    prefix: bool
    text: str


def fold(text: str) -> str:
    """The form in which words are compared: NFKC, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def tokens(text: str) -> list[str]:
    """The search words of `text` in order."""
    found: list[str] = []
    for run in _RUN.finditer(_GAP.sub("", fold(text))):
        if han := run["han"]:
            found.extend(han[at : at + 2] for at in range(len(han)))
        else:
            found.append(run[0].replace(",", "")[:_LONGEST])
    return found


def parse(query: str) -> tuple[Phrase, ...]:
    """The phrases of `query`, all of which must be found: words apart by blanks, "several words" in any quotes, 208*.

    Raises `QueryError` when nothing is left to search for.
    """
    phrases = []
    for part in _PART.finditer(fold(query.translate(_QUOTES))):
        text = part[1] if part[1] is not None else part[3]
        prefix = bool(part[2]) if part[1] is not None else text.endswith("*")
        if phrase := _phrase(text, prefix):
            phrases.append(phrase)
    if not phrases:
        raise QueryError(
            Text(zh=f"“{query}”中没有可以检索的字词。", en=f'"{query}" holds no word that can be searched for.')
        )
    return tuple(phrases)


def _phrase(text: str, prefix: bool) -> Phrase | None:
    runs = list(_RUN.finditer(_GAP.sub("", text)))
    if not runs:
        return None
    words = tokens(text)
    if runs[-1]["han"]:
        # The last character alone would demand that the run ends here; alone by itself it may begin any pair.
        if len(runs[-1]["han"]) > 1:
            words.pop()
            prefix = False
        else:
            prefix = True
    return Phrase(tuple(words), prefix, text.strip('*" '))
