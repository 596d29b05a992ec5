"""The labels that Word prints before automatically numbered paragraphs ("一、", "（二）", "3."); no text holds them.

Rules of ECMA-376 part 1, 17.9. Counters belong to the abstract definition and run on through tables and text.
"""

from __future__ import annotations

import re

from services.extractor.word.styles import Numbering, Styles
from services.extractor.word.xml import Element, attribute, child, number

_LEVELS = 9
_LARGEST = 9_999
_PLACEHOLDER = re.compile(r"%([1-9])")
_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_SILENT = frozenset({"bullet", "none"})
_COUNTING = frozenset({"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
                       "taiwaneseCountingThousand", "koreanCounting"})  # fmt: skip


class Labels:
    """Running counters over one document: ask once for each paragraph, in order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        lists = [] if root is None else root.findall("{*}num")
        definitions = [] if root is None else root.findall("{*}abstractNum")
        self._lists = {attribute(entry, "numId") or "": entry for entry in lists}
        self._definitions = {attribute(entry, "abstractNumId") or "": entry for entry in definitions}
        self._counters: dict[str, list[int | None]] = {}
        self._restarted: set[tuple[str, int]] = set()

    def label(self, paragraph: Element) -> str:
        """The label of a `w:p`, "" if it has none (or a bullet)."""
        place = self._styles.numbering(paragraph)
        if place.num_id is None or place.num_id not in self._lists:
            return ""
        identity, definition = self._definition(place.num_id)
        if definition is None:
            return ""
        level = _level_of(definition, place)
        entry = self._level(place.num_id, definition, level)
        if entry is None:
            return ""
        counters = self._counters.setdefault(identity, [None] * _LEVELS)
        self._advance(counters, place.num_id, definition, level)
        if attribute(child(entry, "numFmt")) in _SILENT:
            return ""
        return self._render(entry, counters, place.num_id, definition)

    def _definition(self, num_id: str) -> tuple[str, Element | None]:
        """The abstract definition of a list, through a numbering style where it only links to one."""
        for _ in range(_LEVELS):
            identity = attribute(child(self._lists.get(num_id), "abstractNumId")) or ""
            definition = self._definitions.get(identity)
            link = attribute(child(definition, "numStyleLink"))
            linked = self._styles.list_of_style(link) if link else None
            if linked is None or linked == num_id:
                return identity, definition
            num_id = linked
        return "", None

    def _level(self, num_id: str, definition: Element, level: int) -> Element | None:
        override = self._override(num_id, level)
        own = child(override, "lvl")
        if own is not None:
            return own
        return next((entry for entry in definition.iterfind("{*}lvl") if number_of(entry) == level), None)

    def _override(self, num_id: str, level: int) -> Element | None:
        entries = self._lists[num_id].iterfind("{*}lvlOverride") if num_id in self._lists else iter(())
        return next((entry for entry in entries if number_of(entry) == level), None)

    def _start(self, num_id: str, definition: Element, level: int) -> int:
        override = number(self._override(num_id, level), "startOverride")
        if override is not None:
            return override
        start = number(self._level(num_id, definition, level), "start")
        return 1 if start is None else start

    def _advance(self, counters: list[int | None], num_id: str, definition: Element, level: int) -> None:
        before = counters[level]
        restart = number(self._override(num_id, level), "startOverride") is not None
        if before is None or (restart and (num_id, level) not in self._restarted):
            counters[level] = self._start(num_id, definition, level)
        else:
            counters[level] = before + 1
        self._restarted.add((num_id, level))
        for deeper in range(level + 1, _LEVELS):
            until = number(self._level(num_id, definition, deeper), "lvlRestart")
            if until is None or (until and level < until):
                counters[deeper] = None

    def _render(self, entry: Element, counters: list[int | None], num_id: str, definition: Element) -> str:
        legal = child(entry, "isLgl") is not None

        def counter(match: re.Match[str]) -> str:
            level = int(match[1]) - 1
            count = counters[level]
            if count is None:
                count = self._start(num_id, definition, level)
            style = attribute(child(self._level(num_id, definition, level), "numFmt")) or "decimal"
            return print_number(count, "decimal" if legal else style)

        return _PLACEHOLDER.sub(counter, attribute(child(entry, "lvlText")) or "").strip()


def number_of(entry: Element) -> int | None:
    """The `w:ilvl` of a level or of its override."""
    text = attribute(entry, "ilvl")
    return int(text) if text is not None and text.isdigit() else None


def print_number(value: int, style: str) -> str:
    """`value` in a number format of Word; formats that Chinese documents do not use come out as digits."""
    if not 0 < value <= _LARGEST:
        return str(value)
    if style in _COUNTING:
        return counting(value)
    if style == "ideographDigital":
        return "".join(_DIGITS[int(digit)] for digit in str(value))
    if style in {"chineseLegalSimplified", "ideographLegalTraditional"}:
        return counting(value, _LEGAL, "拾佰仟")
    return _western(value, style)


def counting(value: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    """`value` (1 to 9999) as it is said: 12 is 十二, 20 is 二十, 105 is 一百〇五."""
    said = ""
    gap = False
    for place in range(3, -1, -1):
        digit = value // 10**place % 10
        if digit == 0:
            gap = bool(said)
            continue
        said += (digits[0] if gap else "") + digits[digit] + (units[place - 1] if place else "")
        gap = False
    ten = digits[1] + units[0]
    return said[1:] if said.startswith(ten) and digits is _DIGITS else said


def _western(value: int, style: str) -> str:
    shown = str(value)
    if style in {"lowerLetter", "upperLetter"}:
        shown = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
    elif style in {"lowerRoman", "upperRoman"}:
        shown, rest = "", value
        for size, letters in _ROMAN:
            count, rest = divmod(rest, size)
            shown += letters * count
    elif style == "decimalZero":
        shown = f"{value:02d}"
    elif style == "decimalFullWidth":
        shown = shown.translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    elif style in {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"} and value <= len(range(20)):
        shown = chr(0x2460 + value - 1)
    elif style == "ideographTraditional" and value <= len(_STEMS):
        shown = _STEMS[value - 1]
    elif style == "ideographZodiac" and value <= len(_BRANCHES):
        shown = _BRANCHES[value - 1]
    return shown.upper() if style.startswith("upper") else shown


def _level_of(definition: Element, place: Numbering) -> int:
    if place.level is None and place.style is not None:
        linked = next(
            (entry for entry in definition.iterfind("{*}lvl") if attribute(child(entry, "pStyle")) == place.style), None
        )
        return (number_of(linked) or 0) if linked is not None else 0
    return min(max(place.level or 0, 0), _LEVELS - 1)
