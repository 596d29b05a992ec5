"""Printed numbers: what stands in an amount cell. Blank, 0 and —— are three different things; nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from shared.contracts.report import AmountState

_SPACE = re.compile(r"[\s\u3000\u00a0\u200b\ufeff]+")
_DASHES = re.compile(r"[-\u2010-\u2015\u2212\u2500\u2501\u30fc/\u4e00_]+")
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2010": "-", "\u2011": "-", "\u2012": "-"})
_COMMAS = str.maketrans({"，": ",", "、": ",", "'": ",", "’": ",", "‘": ","})
_SIGN = re.compile(r"(?P<negative>[-△▲])|\+|(?P<open>\()|[¥￥]")
_NUMBER = re.compile(r"\d+(?:,\d+)*(?:\.\d+)?|\.\d+")
_SPACE_GROUP = re.compile(r"\d{1,3}(?:[ \u3000\u00a0]\d{3})+(?:\.\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+\.\d{2}")
_WELL_FORMED = re.compile(r"\d{1,3}(?:,\d{3})*(?:\.\d{1,6})?|\d+(?:\.\d{1,6})?")
_COMPLETE = re.compile(r"\d{1,3}(?:,\d{3})*\.\d{2}|\d+\.\d{2}")
_PIECE = re.compile(r"-?[\d.,]+")
_BROKEN = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+\.\d{1,2}")
_SAFE_GAP = re.compile(r"(?<=[\d.,]) +(?=[.,])|(?<=[.,]) +(?=\d)")
_DIGITS = 18
ZERO = Decimal(0)


@dataclass(frozen=True)
class Amount:
    """A read amount cell: `value` and `quantum` (unit of the last printed digit) only for VALUE and ZERO."""

    state: AmountState
    value: Decimal | None = None
    quantum: Decimal | None = None

    @property
    def printed(self) -> bool:
        """Whether a figure is printed (zero is one)."""
        return self.state in {AmountState.VALUE, AmountState.ZERO}


_BLANK = Amount(AmountState.BLANK)
_DASH = Amount(AmountState.DASH)
_UNREADABLE = Amount(AmountState.UNREADABLE)


def whole_amount(lines: Sequence[str]) -> bool:
    """Whether the lines of a narrow cell are one amount with a point or commas, broken by the width of the column."""
    if not all(_PIECE.fullmatch(line) for line in lines):
        return False
    text = "".join(lines)
    if not ("." in text or "," in text) or all(_COMPLETE.fullmatch(line) for line in lines):
        return False
    return bool(_BROKEN.fullmatch(text.lstrip("-")))


@lru_cache(maxsize=16_384)
def read_amount(text: str) -> Amount:
    """Read one printed amount.

    Thousands commas (full-width and misplaced too), full-width digits, 1,649. 56 with a space beside the point, groups
    of three set apart by spaces, minus signs, (123.45) and △ are understood. Per cent, words and two numbers in one
    cell are UNREADABLE.
    """
    body = _SPACE.sub("", text)
    if not body:
        return _BLANK
    if _DASHES.fullmatch(body) or body in {"--", "－", "－－", "——"}:
        return _DASH
    plain = unicodedata.normalize("NFKC", text.translate(_COMMAS)).strip().translate(_MINUS)
    if _DASHES.fullmatch(_SPACE.sub("", plain)):
        return _DASH
    digits = _digits(plain)
    if digits is None:
        return _UNREADABLE
    sign, number = digits
    bare = number.replace(",", "")
    if len(bare.replace(".", "")) > _DIGITS:
        return _UNREADABLE
    value = Decimal(bare)
    quantum = Decimal(1).scaleb(int(value.as_tuple().exponent))
    return Amount(
        AmountState.ZERO if value == ZERO else AmountState.VALUE, -value if sign and value else value, quantum
    )


def _digits(plain: str) -> tuple[bool, str] | None:
    """Sign and digits of `plain`, or None if anything else stands there."""
    negative, opened, position = False, False, 0
    while mark := _SIGN.match(plain, position):
        negative = negative or bool(mark["negative"])
        opened = opened or bool(mark["open"])
        position = mark.end()
        while position < len(plain) and plain[position].isspace():
            position += 1
    rest = plain[position:].rstrip()
    if opened != rest.endswith(")"):
        return None
    rest = rest[:-1].rstrip() if opened else rest
    body = _SAFE_GAP.sub("", re.sub(r"[\s\u3000\u00a0]", " ", rest))
    if _SPACE_GROUP.fullmatch(body):
        body = body.replace(" ", "")
    elif " " in body and (_GROUPED.fullmatch(joined := body.replace(" ", "")) or "\n" in plain):
        # a number that a narrow cell wrapped: joined only where the whole is well formed and its head is not
        body = joined if _WELL_FORMED.fullmatch(joined) and not _COMPLETE.fullmatch(body.split(" ")[0]) else body
    return (negative or opened, body) if _NUMBER.fullmatch(body) else None
