"""The smallest change of printed cells that makes the broken equations hold.

Every equation is a constraint over cells: the signed sum of its cells is 0 within its bound. A repair changes few
cells; it is worth the equations it mends, less those it breaks, less a price per cell. Changing a second cell by the
same amount from the same printed value is cheap, because a slip is often copied into the sums above it and into the
next table. Repairs are taken greedily, the best first, each applied before the next is looked for, so that an equation
with two wrong cells is mended by the second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from services.validator.checks import Relation
from services.validator.engine import Judged
from services.validator.slips import Slip, moved, slip
from services.validator.tolerance import difference
from services.validator.view import Slot
from shared.contracts.assessment import Outcome, Severity

_ZERO = Decimal(0)
_MOST_CELLS = 6
_MOST_BROKEN = 150  # beyond that the tables were misread, and a search would only be slow
_TIE = 0.15
_PRICE_FIRST, _PRICE_MORE, _PRICE_COPY, _PRICE_BLANK = 0.6, 0.9, 0.5, 0.25
_BREAKS = 1.2
_SLIP_BONUS = 0.4
_WEIGHT_PART, _WEIGHT_HINT, _WEIGHT_BLANK = 0.5, 0.3, 0.8

Changes = dict[Slot, Decimal]


@dataclass(eq=False, slots=True)
class Constraint:
    """An equation as a signed sum over cells; `printed` is that sum as printed.

    `latent`: it could not run because a cell is blank, so it only counts for repairs that fill in that cell.
    """

    judged: Judged
    signs: dict[Slot, int]
    printed: Decimal
    bound: Decimal
    latent: bool
    weight: float

    @property
    def one_sided(self) -> bool:
        """Whether the sum may also be negative (a part of a whole)."""
        return self.judged.equation.relation is Relation.AT_MOST

    def residue(self, changes: Changes) -> Decimal:
        """Left minus right after the changes."""
        extra = (sign * changes[slot] for slot, sign in self.signs.items() if slot in changes)
        return self.printed + sum(extra, _ZERO)

    def holds(self, changes: Changes) -> bool:
        """Whether the two sides agree within rounding after the changes."""
        residue = self.residue(changes)
        return residue <= self.bound if self.one_sided else abs(residue) <= self.bound


@dataclass(frozen=True, eq=False, slots=True)
class Repair:
    """Cells and what to add to each, the equations that this mends, and how it compares with other repairs.

    `support` counts the equations that agree on the changes, those that could not run for a blank cell included.
    `ties` are cells that would explain as much: then nothing can be suggested. `slip` is the most evident one.
    """

    changes: tuple[tuple[Slot, Decimal], ...]
    mended: tuple[Constraint, ...]
    support: int
    score: float
    slip: Slip | None
    ties: tuple[Slot, ...] = ()


def find_repairs(judged: Sequence[Judged]) -> tuple[list[Repair], list[Judged]]:
    """Repairs, the most telling first, and the broken equations that none of them mends."""
    search = _Search(judged)
    repairs: list[Repair] = []
    while search.open and len(search.open) <= _MOST_BROKEN:
        best = search.best()
        if best is None:
            break
        repairs.append(best)
        search.apply(best)
    return repairs, [constraint.judged for constraint in search.open]


class _Search:
    def __init__(self, judged: Sequence[Judged]) -> None:
        self.constraints = [constraint for each in judged if (constraint := _constraint(each))]
        self.of_slot: dict[Slot, list[Constraint]] = defaultdict(list)
        for constraint in self.constraints:
            for slot in constraint.signs:
                self.of_slot[slot].append(constraint)
        self.applied: Changes = {}
        self.open = [constraint for constraint in self.constraints if constraint.judged.broken]
        self.step = min((slot.quantum for slot in self.of_slot if slot.quantum), default=Decimal("0.01"))

    def apply(self, repair: Repair) -> None:
        """Take the repair for granted from now on."""
        for slot, delta in repair.changes:
            self.applied[slot] = self.applied.get(slot, _ZERO) + delta
        mended = set(repair.mended)
        self.open = [constraint for constraint in self.open if constraint not in mended]

    def best(self) -> Repair | None:
        """The best repair of the equations still open, None if nothing is worth its price."""
        found = [repair for slot, delta in self._hypotheses() if (repair := self._grow(slot, delta))]
        if not found:
            return None
        found.sort(key=lambda repair: (-repair.score, _place(repair.changes[0][0])))
        best = found[0]
        if best.score <= 0:
            return None
        ties = self._ties(best, found[1:])
        return replace(best, ties=ties)

    @staticmethod
    def _ties(best: Repair, others: Sequence[Repair]) -> tuple[Slot, ...]:
        own = {slot for slot, _ in best.changes}
        mended = set(best.mended)
        near = [repair for repair in others if repair.score >= best.score - _TIE and mended & set(repair.mended)]
        slots = (slot for repair in near for slot, _ in repair.changes if slot not in own)
        alone = [repair for repair in near if not own & {slot for slot, _ in repair.changes}]
        return tuple(dict.fromkeys(slots)) if alone else ()

    def _hypotheses(self) -> Iterator[tuple[Slot, Decimal]]:
        seen: set[tuple[Slot, Decimal]] = set()
        for constraint in self.open:
            if constraint.weight <= _WEIGHT_HINT:
                continue
            residue = constraint.residue(self.applied)
            for slot, sign in constraint.signs.items():
                change = (slot, -residue * sign)
                if change not in seen and self._possible(*change):
                    seen.add(change)
                    yield change

    def _possible(self, slot: Slot, delta: Decimal) -> bool:
        """A repaired amount is not negative, unless it is printed so."""
        now = slot.value + self.applied.get(slot, _ZERO)
        return slot not in self.applied and (now + delta >= 0 or now < 0)

    def _grow(self, slot: Slot, delta: Decimal) -> Repair | None:
        """Add cells to a first change as long as mending what it broke pays."""
        changes: Changes = {slot: delta}
        best = self._evaluate(changes)
        while best.broken and len(changes) < _MOST_CELLS:
            options = []
            for constraint in best.broken:
                residue = constraint.residue({**self.applied, **changes})
                for other, sign in constraint.signs.items():
                    if other not in changes and self._possible(other, -residue * sign):
                        options.append({**changes, other: -residue * sign})
            if not options:
                break
            following = max((self._evaluate(option) for option in options), key=lambda each: each.score)
            if following.score <= best.score:
                break
            best, changes = following, following.changes
        if not best.mended:
            return None
        first = sorted(changes, key=_place)
        ordered = tuple((each, changes[each]) for each in first)
        return Repair(ordered, tuple(best.mended), best.support, best.score, best.slip)

    def _evaluate(self, changes: Changes) -> _Value:
        after = {**self.applied, **changes}
        touched = dict.fromkeys(constraint for slot in changes for constraint in self.of_slot[slot])
        open_ = set(self.open)
        mended, broken, score, filled = [], [], 0.0, 0
        for constraint in touched:
            holds = constraint.holds(after)
            if constraint in open_:
                if holds:
                    mended.append(constraint)
                    score += constraint.weight + (0.02 if constraint.residue(after) == 0 else 0)
            elif constraint.latent:
                score += constraint.weight if holds else 0
                filled += holds
            elif not holds:
                broken.append(constraint)
                score -= constraint.weight * _BREAKS
        found = self._slip(changes)
        score += _SLIP_BONUS * found.weight if found else 0
        return _Value(changes, mended, broken, len(mended) + filled, score - self._price(changes), found)

    def _price(self, changes: Changes) -> float:
        price = 0.0
        copies: set[tuple[Decimal, Decimal]] = set()
        for slot, delta in changes.items():
            copy = (slot.value, delta)
            price += _PRICE_FIRST if not copies else _PRICE_COPY if copy in copies else _PRICE_MORE
            price += 0 if slot.fact else _PRICE_BLANK
            copies.add(copy)
        return price

    def _slip(self, changes: Changes) -> Slip | None:
        if _exchange(changes):
            return moved()
        slips = [slip(slot, slot.value + delta, self.step) for slot, delta in changes.items()]
        return max((each for each in slips if each), key=lambda each: each.weight, default=None)


@dataclass(frozen=True, eq=False, slots=True)
class _Value:
    changes: Changes
    mended: list[Constraint]
    broken: list[Constraint]
    support: int
    score: float
    slip: Slip | None


def _exchange(changes: Changes) -> bool:
    """Two cells of one table that changed their amounts, one of them possibly blank."""
    if len(changes) != len(("one", "other")):
        return False
    (a, da), (b, db) = changes.items()
    same_table = a.table == b.table and (a.measure is b.measure or a.key == b.key)
    return same_table and da == -db and a.value + da == b.value


def _constraint(judged: Judged) -> Constraint | None:
    equation, verdict = judged.equation, judged.verdict
    latent = verdict.outcome is Outcome.INSUFFICIENT_DATA
    if verdict.outcome is Outcome.NOT_APPLICABLE or any(slot.unreadable for slot in equation.slots):
        return None
    signs: dict[Slot, int] = {}
    for slot in equation.left:
        signs[slot] = signs.get(slot, 0) + 1
    for slot in equation.right:
        signs[slot] = signs.get(slot, 0) - 1
    weight = _WEIGHT_PART if equation.relation is Relation.AT_MOST else 1.0
    if judged.rule.info.severity is Severity.INFO or equation.severity is Severity.INFO:
        weight = _WEIGHT_HINT
    if latent:
        if equation.relation is Relation.AT_MOST:
            return None
        bound = max(slot.quantum for slot in signs)
        return Constraint(judged, signs, difference(equation), bound, latent, _WEIGHT_BLANK)
    return Constraint(judged, signs, verdict.residue, verdict.bound, latent, weight)


def _place(slot: Slot) -> tuple[str, int, int, int, str]:
    """Printed order of cells: table, then row, then column."""
    if slot.fact:
        return (slot.table, slot.fact.group, slot.fact.place.row, slot.fact.place.column, slot.key)
    row = slot.row.place if slot.row else (10**6, 10**6)
    return (slot.table, row[1], row[0], 10**6, slot.key)
