"""What a rule yields: equations between printed cells, statements about what is printed, and checks that cannot run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.validator.view import Slot
from shared.contracts.assessment import CellRef, Outcome, Severity, Suggestion
from shared.contracts.base import Text


class Relation(StrEnum):
    """How the two sides of an equation should compare."""

    SAME = "same"  # one quantity printed twice
    SUM = "sum"  # printed terms against a printed total
    AT_MOST = "at_most"  # the left side is a part of the right side


@dataclass(frozen=True, slots=True, eq=False)
class Equation:
    """`left` compared with `right`, each the sum of its cells. `words` names the right side.

    `partial`: a side that prints nothing at all was not disclosed, so the check cannot run; otherwise blank cells
    count as 0 (only a sum against a blank total never runs). `exact` takes rounding out of account.
    `severity` replaces that of the rule.
    """

    relation: Relation
    left: tuple[Slot, ...]
    right: tuple[Slot, ...]
    words: Text
    partial: bool = True
    exact: bool = False
    severity: Severity | None = None

    @property
    def slots(self) -> tuple[Slot, ...]:
        """All cells of both sides."""
        return self.left + self.right


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """Something that is printed in a way it should not be, in finished words.

    `cells` are the evidence, likeliest first; `subject` is what two statements must share to have one cause;
    `absorbs` are cells whose failed equations this statement explains, so that they are not reported beside it.
    """

    text: Text
    cells: tuple[CellRef, ...] = ()
    outcome: Outcome = Outcome.FAIL
    severity: Severity | None = None
    expected: str = ""
    found: str = ""
    subject: str = ""
    suggestion: Suggestion | None = None
    absorbs: frozenset[Slot] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Passed:
    """A check that holds, counted."""

    count: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Skipped:
    """A check that could not run (`insufficient_data`) or has nothing to look at (`not_applicable`), and why."""

    outcome: Outcome
    reason: Text


Check = Equation | Statement | Passed | Skipped
Side = Slot | Sequence[Slot]


def same(left: Slot, right: Slot, *, partial: bool = True, severity: Severity | None = None) -> Equation:
    """One quantity printed at two places."""
    return Equation(Relation.SAME, (left,), (right,), Text(zh="", en=""), partial=partial, severity=severity)


def total(left: Side, right: Side, words: Text, *, partial: bool = True, exact: bool = False) -> Equation:
    """A printed total (or sum) and the terms that make it up."""
    return Equation(Relation.SUM, _side(left), _side(right), words, partial=partial, exact=exact)


def at_most(part: Side, whole: Side, words: Text, *, exact: bool = False, severity: Severity | None = None) -> Equation:
    """A part may not be larger than the whole."""
    return Equation(Relation.AT_MOST, _side(part), _side(whole), words, exact=exact, severity=severity)


def cannot(zh: str, en: str) -> Skipped:
    """The check lacks data."""
    return Skipped(Outcome.INSUFFICIENT_DATA, Text(zh=zh, en=en))


def nothing(zh: str, en: str) -> Skipped:
    """The check has no object in this report."""
    return Skipped(Outcome.NOT_APPLICABLE, Text(zh=zh, en=en))


def _side(side: Side) -> tuple[Slot, ...]:
    return (side,) if isinstance(side, Slot) else tuple(side)


def added(slots: Sequence[Slot]) -> Decimal:
    """The sum of the printed amounts; blank adds nothing."""
    return sum((slot.value for slot in slots), Decimal(0))
