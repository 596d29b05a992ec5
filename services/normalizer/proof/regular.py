"""Figures that are written unlike the others of their table: a lost point, comma or digit shows there first."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from shared.contracts.report import Fact, Unit

_FORM = re.compile(r"[-−△▲]?[(（]?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:[,，]\d{3})+)(?:\.\d+)?[)）]?")
_SPACE = re.compile(r"\s+")
#: A habit is what so many of the figures of a table have in common, if there are so many at least.
_HABIT, _FEWEST = Decimal("0.9"), 10
_THOUSAND = 1000


def irregular(facts: Sequence[Fact]) -> set[int]:
    """The positions of amounts that are in no form of a number, or break the habit of their table.

    Habits are the number of decimals, and commas between thousands. Zero may be written 0 anywhere.
    """
    tables: dict[str, list[int]] = defaultdict(list)
    for number, fact in enumerate(facts):
        if fact.unit is not Unit.COUNT:
            tables[fact.table].append(number)
    found = {number for numbers in tables.values() for number in numbers if not _in_form(facts[number])}
    for numbers in tables.values():
        amounts = [number for number in numbers if facts[number].amount or facts[number].quantum < 1]
        found |= _odd(amounts, [facts[number].quantum for number in amounts])
        long = [number for number in amounts if abs(facts[number].amount) >= _THOUSAND]
        found |= _odd(long, [bool(re.search("[,，]", facts[number].raw)) for number in long])
    return found


def _in_form(fact: Fact) -> bool:
    return bool(_FORM.fullmatch(_SPACE.sub("", fact.raw)))


def _odd(numbers: Sequence[int], habits: Iterable[object]) -> set[int]:
    """Those whose habit is not the usual one; none where there is no usual one."""
    own = dict(zip(numbers, habits, strict=True))
    if len(own) < _FEWEST:
        return set()
    usual, count = Counter(own.values()).most_common(1)[0]
    return {number for number, habit in own.items() if habit != usual} if count >= len(own) * _HABIT else set()
