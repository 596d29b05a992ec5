"""Sentences a clerk understands: what an equation compares, with the printed figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from services.validator.checks import Equation, Relation, added
from services.validator.engine import Judged
from services.validator.view import Slot, row_name
from shared.catalogue import keys
from shared.catalogue.rules import table_name
from shared.contracts.assessment import Outcome, Severity, Suggestion
from shared.contracts.base import Text

_PLAIN_COLUMNS = frozenset({"金额", "决算数", "本年决算数", "统计数", ""})
_FEN = Decimal("0.01")
_THOUSAND = 1000


def money(value: Decimal, like: Sequence[Slot]) -> str:
    """An amount in the style of the printed ones: their thousands separators and decimals."""
    printed = [slot.fact for slot in like if slot.fact]
    step = min((fact.quantum for fact in printed), default=_FEN)
    comma = any("," in fact.raw or "，" in fact.raw for fact in printed)
    if all(abs(fact.amount) < _THOUSAND for fact in printed):
        comma = True  # figures too short to show whether the document separates thousands
    places = max(0, -int(step.normalize().as_tuple().exponent)) if step < 1 else 0
    return f"{value:,.{places}f}" if comma else f"{value:.{places}f}"


def describe(slot: Slot) -> Text:
    """Table, row and column of a cell, with what it prints."""
    name = table_name(slot.table)
    row = slot.row
    missing = slot.key if slot.key.isdigit() else "合计" if slot.key == keys.TOTAL else ""
    label = row_name(row) if row else missing
    column = slot.column.rsplit("/", 1)[-1]
    column = "" if column in _PLAIN_COLUMNS else column
    phase = slot.column.split("/", 1)[0] if slot.table == "T09" else ""
    where = phase + column if phase != column else column
    if slot.table == "T09":
        label = ""
    return Text(
        zh=f"{name.zh}{f'“{label}”' if label else ''}{where} {slot.printed}".strip(),
        en=f"{name.en}: {' '.join(part for part in (label, where) if part)} {slot.printed}",
    )


def sentence(judged: Judged) -> Text:
    """What is wrong with the two sides of an equation."""
    equation, residue = judged.equation, judged.verdict.residue
    left, right = _side(equation.left), _right(equation)
    gap = money(abs(residue), equation.slots)
    if equation.relation is Relation.AT_MOST:
        return Text(zh=f"{left.zh} 大于{right.zh}，多出 {gap}", en=f"{left.en} is more than {right.en}, by {gap}")
    text = Text(zh=f"{left.zh} 与{right.zh} 相差 {gap}", en=f"{left.en} differs from {right.en} by {gap}")
    return Text(zh=text.zh + _tail(judged).zh, en=text.en + _tail(judged).en)


def sides(equation: Equation) -> tuple[str, str]:
    """The right side (what is expected) and the left side (what is found) as printed texts."""
    found = equation.left[0].printed if len(equation.left) == 1 else money(added(equation.left), equation.slots)
    return money(added(equation.right), equation.slots), found


def likely(suggestion: Suggestion) -> Text:
    """How the message of a finding ends when its cause has a suggestion."""
    cell = suggestion.cell
    name = " ".join(part for part in (cell.row_code, cell.row_name, cell.column.rsplit("/", 1)[-1]) if part)
    return Text(zh=f"；“{name}”疑应为 {suggestion.value}", en=f"; {name} is likely {suggestion.value}")


def _side(slots: Sequence[Slot]) -> Text:
    if len(slots) == 1:
        return describe(slots[0])
    parts = [describe(slot) for slot in slots if slot.fact]
    value = money(added(slots), slots)
    if len(parts) == 1:
        return parts[0]
    return Text(
        zh="、".join(part.zh for part in parts) + f" 之和 {value}",
        en=" plus ".join(part.en for part in parts) + f" ({value})",
    )


def _right(equation: Equation) -> Text:
    if equation.relation is Relation.SAME and len(equation.right) == 1 and not equation.words.zh:
        return describe(equation.right[0])
    value = money(added(equation.right), equation.slots)
    if len(equation.right) == 1:
        place = describe(equation.right[0])
        return Text(zh=f"{equation.words.zh}（{place.zh}）", en=f"{equation.words.en} ({place.en})")
    return Text(zh=f"{equation.words.zh} {value}", en=f"{equation.words.en} {value}")


def _tail(judged: Judged) -> Text:
    if judged.verdict.outcome is Outcome.ROUNDING:
        return Text(zh="，属四舍五入尾差", en=": rounding explains it")
    if judged.verdict.outcome is Outcome.PARSE_DOUBT:
        return Text(zh="，但有单元格识别存疑，请人工核对", en=", but a cell was not read with certainty: please look")
    if judged.verdict.severity is Severity.WARNING:
        return Text(zh="，超出多数四舍五入尾差", en=", more than rounding usually leaves")
    return Text(zh="", en="")
