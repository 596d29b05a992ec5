"""Whether an equation holds, given that every printed figure was rounded.

One quantity printed twice must be the same; a difference of one quantum is rounding. A sum of n printed terms may
differ from its printed total by q/2·(n+1), because each of the n+1 figures is off by at most half a quantum; where
figures have different decimals the halves are added one by one. With more than 8 terms such a bound becomes generous,
so a residue beyond 3·q·sqrt((n+1)/12) (three standard deviations of n+1 uniform errors) is a warning. Amounts in 元 are
exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from services.validator.checks import Equation, Relation, added
from shared.contracts.assessment import Outcome, Severity
from shared.contracts.base import Text

_MANY_TERMS = 8
_ZERO = Decimal(0)

_NO_TOTAL = Text(zh="合计数未列示，无从核对", en="no total is printed to compare with")
_NO_DETAIL = Text(zh="明细未列示，无从核对", en="no details are printed to compare with")
_NO_COUNTERPART = Text(zh="一处列示而另一处为空，无从核对", en="one of the two places is blank")
_UNREAD = Text(zh="有单元格未能识别为数字", en="a cell could not be read as a number")
_BLANK = Text(zh="相关单元格均为空", en="all cells concerned are blank")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an equation ended. `residue` = left - right, `bound` is what rounding explains, both in the report's unit."""

    outcome: Outcome
    residue: Decimal
    bound: Decimal
    severity: Severity | None = None
    reason: Text | None = None


def judge(equation: Equation) -> Verdict:
    """The verdict on one equation as printed."""
    blank = _blank(equation)
    if blank is not None:
        return blank
    residue, limit = difference(equation), bound(equation)
    outcome = compare(equation.relation, residue, limit)
    if outcome in {Outcome.FAIL, Outcome.ROUNDING} and any(slot.doubtful for slot in equation.slots):
        return Verdict(Outcome.PARSE_DOUBT, residue, limit, Severity.REVIEW)
    if outcome is Outcome.ROUNDING and abs(residue) > unlikely(equation):
        return Verdict(Outcome.FAIL, residue, limit, Severity.WARNING)
    return Verdict(outcome, residue, limit)


def difference(equation: Equation) -> Decimal:
    """Left side minus right side."""
    return added(equation.left) - added(equation.right)


def compare(relation: Relation, residue: Decimal, limit: Decimal) -> Outcome:
    """Pass, rounding or fail for a residue under its bound."""
    if residue == 0 or (relation is Relation.AT_MOST and residue < 0):
        return Outcome.PASS
    return Outcome.ROUNDING if abs(residue) <= limit else Outcome.FAIL


def bound(equation: Equation) -> Decimal:
    """The largest residue that rounding explains."""
    if equation.exact:
        return _ZERO
    quanta = [slot.quantum for slot in equation.slots if slot.fact]
    if not quanta:
        return _ZERO
    one_quantity_twice = len(equation.left) == len(equation.right) == 1 and equation.relation is not Relation.SUM
    return max(quanta) if one_quantity_twice else sum(quanta, _ZERO) / 2


def unlikely(equation: Equation) -> Decimal:
    """The residue beyond which a sum of many terms is suspicious although rounding could explain it."""
    quanta = [slot.quantum for slot in equation.slots if slot.fact]
    if equation.relation is not Relation.SUM or len(quanta) - 1 <= _MANY_TERMS:
        return Decimal("Infinity")
    return 3 * max(quanta) * (Decimal(len(quanta)) / 12).sqrt()


def _blank(equation: Equation) -> Verdict | None:
    """The verdict that follows from blank or unreadable cells, None if the equation can be computed."""
    if any(slot.unreadable for slot in equation.slots):
        return Verdict(Outcome.PARSE_DOUBT, _ZERO, _ZERO, Severity.REVIEW, _UNREAD)
    left = any(slot.fact for slot in equation.left)
    right = any(slot.fact for slot in equation.right)
    if not (left or right) or (equation.relation is Relation.AT_MOST and not left):
        return Verdict(Outcome.NOT_APPLICABLE, _ZERO, _ZERO, reason=_BLANK)
    no_total = equation.relation is Relation.SUM and not left and len(equation.left) == 1
    if (left and right) or difference(equation) == 0 or not (equation.partial or no_total):
        return None
    detail = _NO_DETAIL if equation.relation is Relation.SUM else _NO_COUNTERPART
    return Verdict(Outcome.INSUFFICIENT_DATA, _ZERO, _ZERO, reason=_NO_TOTAL if no_total else detail)
