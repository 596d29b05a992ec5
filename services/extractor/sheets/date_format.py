"""Dates and times as a spreadsheet prints them: a serial number of days and the pieces of a number format."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

#: Kinds of format tokens that make a section a date: letters, AM/PM, and elapsed time such as `[h]`.
DATE_LETTERS = frozenset({"date", "noon", "elapsed"})

_EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - a printed date has no zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_LAST_SERIAL = 2_958_466
_PHANTOM_DAY = 60
_WEEKDAYS = "一二三四五六日"
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NOON = 12
#: Letters of a token: up to 2 are digits, 3 a short name, 5 an initial.
_DIGITS, _SHORT, _INITIAL = 2, 3, 5
_SECONDS = {"h": 3600, "m": 60, "s": 1}


def as_date(serial: float, tokens: Sequence[tuple[str, str]], *, date1904: bool) -> str | None:
    """`serial` printed by `tokens` (kind and text); None if no date has this number (a spreadsheet prints #####)."""
    if not 0 <= serial < _LAST_SERIAL:
        return None
    epoch = _EPOCH_1904 if date1904 else _EPOCH_1900
    # The 1900 system counts a 29 February 1900 that never was, so the days before it are one too low.
    days = serial + 1 if not date1904 and serial < _PHANTOM_DAY else serial
    moment = epoch + timedelta(seconds=round(days * 86_400))
    noon = any(kind == "noon" for kind, _ in tokens)
    printed = []
    for index, (kind, text) in enumerate(tokens):
        if kind == "date":
            minutes = text[0] in "mM" and _is_minute(tokens, index)
            printed.append(_piece(moment, text.lower(), minutes=minutes, noon=noon))
        elif kind == "elapsed":
            printed.append(f"{int(round(serial * 86_400) // _SECONDS[text[0].lower()]):0{len(text)}d}")
        elif kind == "noon":
            printed.append(("上午" if moment.hour < _NOON else "下午") if text[0] not in "aA" else _half(moment, text))
        elif kind == "digit":
            printed.append("0")
        else:
            printed.append(text)
    return "".join(printed)


def _is_minute(tokens: Sequence[tuple[str, str]], index: int) -> bool:
    """An m is a minute right after an hour or right before a second, else a month."""
    before = next((text for kind, text in reversed(tokens[:index]) if kind in {"date", "elapsed"}), "")
    after = next((text for kind, text in tokens[index + 1 :] if kind in {"date", "elapsed"}), "")
    return before[:1].lower() == "h" or after[:1].lower() == "s"


def _half(moment: datetime, text: str) -> str:
    half = "AM" if moment.hour < _NOON else "PM"
    return half[: 2 if "/" in text[2:] else 1]


def _piece(moment: datetime, letters: str, *, minutes: bool, noon: bool) -> str:
    letter, length = letters[0], len(letters)
    if letter in "ye":
        return f"{moment.year % 100:02d}" if letter == "y" and length <= _DIGITS else f"{moment.year:04d}"
    if letter == "a":
        return ("星期" if length > _SHORT else "") + _WEEKDAYS[moment.weekday()]
    if letter in "md" and not minutes and length > _DIGITS:
        name = _MONTHS[moment.month - 1] if letter == "m" else _DAYS[moment.weekday()]
        return name[:1] if length == _INITIAL else name if length > _SHORT else name[:3]
    hour = (moment.hour - 1) % _NOON + 1 if noon else moment.hour
    number = {"m": moment.minute if minutes else moment.month, "d": moment.day, "h": hour, "s": moment.second}[letter]
    return f"{number:0{min(length, _DIGITS)}d}"
