"""What findings have in common: repairs, repeated slips and subjects become numbered causes with their suspects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from services.validator.checks import Statement
from services.validator.engine import Judged
from services.validator.registry import Rule
from services.validator.repair import Repair
from services.validator.slips import Slip
from services.validator.view import Slot, cell_subject
from services.validator.wording import describe, money
from shared.contracts.assessment import CellRef, Severity, Suggestion
from shared.contracts.base import Text

RANK = (Severity.ERROR, Severity.WARNING, Severity.REVIEW, Severity.INFO, Severity.ROUNDING)
_THOUSAND = 1000  # from here on a figure shows whether its thousands are separated
_SURE = 2  # equations that must agree on a value before it is suggested without an evident slip


@dataclass(eq=False)
class Group:
    """Findings of one cause before they are numbered."""

    repairs: list[Repair] = field(default_factory=list)
    equations: list[Judged] = field(default_factory=list)
    statements: list[tuple[Rule, Statement]] = field(default_factory=list)

    @property
    def severity(self) -> Severity:
        """That of the gravest finding."""
        found = [judged.severity for judged in self.equations]
        found += [statement.severity or rule.info.severity for rule, statement in self.statements]
        return min(found, key=RANK.index)

    @property
    def suspects(self) -> tuple[CellRef, ...]:
        """The cells in question, likeliest first."""
        cells = [slot.ref() for slot, _ in self.changes]
        cells += [slot.ref() for repair in self.repairs for slot in repair.ties]
        cells += [cell for _, statement in self.statements for cell in statement.cells]
        if not self.repairs:
            cells += [slot.ref() for judged in self.equations for slot in judged.equation.slots if slot.fact]
        return tuple(dict.fromkeys(cells))

    @property
    def changes(self) -> list[tuple[Slot, Decimal]]:
        """The changed cells of all repairs, the repair that mends most first."""
        return [change for repair in sorted(self.repairs, key=lambda each: -each.score) for change in repair.changes]

    @property
    def order(self) -> tuple[int, str, int, int]:
        """Gravest first, then by place."""
        first = next(iter(self.suspects), None)
        place = first.place if first else None
        position = (place.row, place.column) if place else (0, 0)
        return (RANK.index(self.severity), first.table if first else "", *position)


def group(
    repairs: Sequence[Repair], unsolved: Iterable[Judged], statements: Iterable[tuple[Rule, Statement]]
) -> list[Group]:
    """One group per cause, in the order in which they are numbered."""
    groups: list[Group] = []
    union = _Union()
    for repair in repairs:
        mended = [constraint.judged for constraint in repair.mended]
        found = Group(repairs=[repair], equations=mended)
        groups.append(found)
        union.add(found, _repair_marks(repair))
    for judged in unsolved:
        found = Group(equations=[judged])
        groups.append(found)
        union.add(found, judged.equation.slots)
    for rule, statement in statements:
        found = Group(statements=[(rule, statement)])
        groups.append(found)
        union.add(found, [statement.subject] if statement.subject else [])
    merged = [_merge(part) for part in union.parts(groups)]
    return sorted(merged, key=lambda each: each.order)


def suggestion(found: Group) -> Suggestion | None:
    """The value that mends the equations, unless several cells would do or too little speaks for it."""
    if not found.repairs:
        return next((each.suggestion for _, each in found.statements if each.suggestion), None)
    repair = max(found.repairs, key=lambda each: each.score)
    equations = sum(each.support for each in found.repairs)
    if repair.ties or not (equations >= _SURE or (repair.slip and repair.slip.weight == 1)):
        return None
    slot, delta = repair.changes[0]
    own_style = slot.fact is not None and abs(slot.value) >= _THOUSAND
    value = money(slot.value + delta, [slot] if own_style else [slot, *_context(repair)])
    return Suggestion(cell=slot.ref(), value=value, reason=_reason(found, repair.slip, equations, value))


def explain(found: Group, suggested: Suggestion | None) -> Text:
    """The cause in one sentence."""
    if not found.repairs:
        if found.statements:
            return found.statements[0][1].text
        return Text(zh="几处金额不能同时成立", en="several amounts contradict each other")
    places = [describe(slot) for slot, _ in found.changes]
    zh, en = "；".join(place.zh for place in places), "; ".join(place.en for place in places)
    if suggested is None:
        return Text(zh=f"{zh} 可能有误", en=f"{en}: possibly wrong")
    return Text(zh=f"{zh}：{'均' * (len(places) > 1)}{suggested.reason.zh}", en=f"{en}: {suggested.reason.en}")


def _reason(found: Group, kind: Slip | None, equations: int, value: str) -> Text:
    words = kind.words if kind else Text(zh="与其他金额矛盾", en="contradicts the other amounts")
    cells = len(found.changes)
    same = len({(slot.value, delta) for slot, delta in found.changes}) == 1
    zh = f"应为 {value}（{words.zh}，改后 {equations} 项勾稽关系成立）"
    en = f"should be {value} ({words.en}; {equations} equations hold then)"
    if cells > 1 and same:
        zh, en = f"{zh}，同一错误出现在 {cells} 处", f"{en}; the same slip stands in {cells} cells"
    return Text(zh=zh, en=en)


def _context(repair: Repair) -> list[Slot]:
    return [slot for constraint in repair.mended for slot in constraint.signs]


def _repair_marks(repair: Repair) -> list[Hashable]:
    """What another repair shares if it is the same slip: a cell, or the same wrong figure for the same right one."""
    marks: list[Hashable] = [slot for slot, _ in repair.changes]
    marks += [cell_subject(slot.fact) for slot, _ in repair.changes if slot.fact]
    marks += [(slot.value, delta) for slot, delta in repair.changes if slot.fact]
    return marks + [(slot.key, slot.measure, delta) for slot, delta in repair.changes]


def _merge(parts: Sequence[Group]) -> Group:
    return Group(
        repairs=[repair for part in parts for repair in part.repairs],
        equations=list(dict.fromkeys(judged for part in parts for judged in part.equations)),
        statements=[each for part in parts for each in part.statements],
    )


class _Union:
    """Groups that share a mark, directly or through others."""

    def __init__(self) -> None:
        self.marks: dict[Hashable, list[Group]] = defaultdict(list)
        self.of: dict[Group, list[Hashable]] = {}

    def add(self, found: Group, marks: Iterable[Hashable]) -> None:
        self.of[found] = list(marks)
        for mark in self.of[found]:
            self.marks[mark].append(found)

    def parts(self, groups: Sequence[Group]) -> list[list[Group]]:
        left, parts = dict.fromkeys(groups), []
        while left:
            first = next(iter(left))
            del left[first]
            part, queue = [first], [first]
            while queue:
                for mark in self.of[queue.pop()]:
                    for other in self.marks[mark]:
                        if other in left:
                            del left[other]
                            part.append(other)
                            queue.append(other)
            parts.append(part)
        return parts
