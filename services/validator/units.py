"""Amounts of one report on one scale, and how much the rounding of each printed figure may hide."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from shared.contracts.report import Fact, Report, Unit

_FEN = Decimal("0.01")


@dataclass(frozen=True)
class Scale:
    """The unit a report is compared in, and the finest quantum printed in each of its tables.

    `trimmed` says that trailing zeros are dropped throughout (926.1 for 926.10, as spreadsheets do with cells of the
    General format): then every figure has the finest quantum of the report, however few digits it shows.
    """

    unit: Unit
    finest: dict[str, Decimal]
    trimmed: bool

    @classmethod
    def of(cls, report: Report) -> Scale:
        """The scale of `report`: its own unit, or the one that most amounts have."""
        units = Counter(fact.unit for fact in report.facts if fact.unit is not Unit.COUNT)
        unit = report.identity.unit if report.identity.unit in units else None
        if unit is None or unit is Unit.COUNT:
            unit = units.most_common(1)[0][0] if units else Unit.WAN
        finest: dict[str, Decimal] = {}
        for fact in report.facts:
            if fact.amount and fact.unit is not Unit.COUNT:
                finest[fact.table] = min(fact.quantum, finest.get(fact.table, fact.quantum))
        trimmed = not any(_trailing_zero(fact, finest) for fact in report.facts)
        if trimmed and finest:
            finest = dict.fromkeys(finest, min(finest.values()))
        return cls(unit, finest, trimmed)

    def value(self, fact: Fact) -> Decimal:
        """The amount in the report's unit; counts as they are."""
        return fact.amount * self._factor(fact.unit)

    def quantum(self, fact: Fact) -> Decimal:
        """The unit of the last digit in the report's unit; 0 for counts and for amounts in 元, which are exact."""
        if fact.unit in {Unit.COUNT, Unit.YUAN}:
            return Decimal(0)
        finest = self.finest.get(fact.table, _FEN)
        own = finest if self.trimmed or not fact.amount else fact.quantum
        return own * self._factor(fact.unit)

    def _factor(self, unit: Unit) -> Decimal:
        printed, common = unit.yuan, self.unit.yuan
        return Decimal(1) if printed is None or common is None else printed / common


def _trailing_zero(fact: Fact, finest: dict[str, Decimal]) -> bool:
    """Whether the figure shows a last decimal that is 0, which a format that drops zeros would not print."""
    if not fact.amount or fact.unit is Unit.COUNT or fact.quantum >= 1:
        return False
    return fact.quantum == finest[fact.table] and fact.amount % (fact.quantum * 10) == 0
