"""The evident slips of a hand that copies figures: how a wrong figure came out of the right one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from services.validator.view import Slot
from shared.contracts.base import Text


@dataclass(frozen=True, slots=True)
class Slip:
    """A kind of slip. `weight` says how telling it is: 1 for hardly a coincidence, less where chance would do."""

    words: Text
    weight: float


_DROPPED = Slip(Text(zh="疑似漏写一位数字", en="a digit seems to be missing"), 1)
_EXTRA = Slip(Text(zh="疑似多写一位数字", en="there seems to be a digit too many"), 1)
_SWAPPED = Slip(Text(zh="疑似相邻两位数字颠倒", en="two neighbouring digits seem to be swapped"), 1)
_POINT = Slip(Text(zh="疑似小数点错位", en="the decimal point seems to be misplaced"), 1)
_SIGN = Slip(Text(zh="疑似正负号写错", en="the sign seems to be wrong"), 1)
_DIGIT = Slip(Text(zh="疑似一位数字写错", en="one digit seems to be wrong"), 0.5)
_OMITTED = Slip(Text(zh="疑似漏填", en="the amount seems to be missing"), 0.2)
_MOVED = Slip(Text(zh="疑似填错行或列", en="the amount seems to stand in the wrong row or column"), 0.8)

_SHORTEST = 3  # a figure of fewer digits is one slip away from anything


def slip(slot: Slot, right: Decimal, step: Decimal) -> Slip | None:
    """How the printed amount of `slot` could have come out of `right`; `step` is the unit of the last digit."""
    if slot.fact is None:
        return _OMITTED
    printed = slot.value
    if printed and printed == -right:
        return _SIGN
    if printed and right and _power_of_ten(printed / right):
        return _POINT
    return _digits(_text(printed, step), _text(right, step)) if printed > 0 and right > 0 else None


def moved() -> Slip:
    """Two amounts that changed places, or one that went to another row or column."""
    return _MOVED


def _digits(printed: str, right: str) -> Slip | None:
    if max(len(printed), len(right)) < _SHORTEST:
        return None
    if len(printed) != len(right):
        longer = len(printed) > len(right)
        one = _without_one(printed, right) if longer else _without_one(right, printed)
        return (_EXTRA if longer else _DROPPED) if one else None
    wrong = [index for index, (a, b) in enumerate(zip(printed, right, strict=True)) if a != b]
    if len(wrong) == 1:
        return _DIGIT
    if _neighbours(wrong) and printed[wrong[0]] == right[wrong[1]]:
        return _SWAPPED if printed[wrong[1]] == right[wrong[0]] else None
    return None


def _without_one(longer: str, shorter: str) -> bool:
    """Whether leaving one digit out of `longer` gives `shorter`."""
    return any(longer[:index] + longer[index + 1 :] == shorter for index in range(len(longer)))


def _power_of_ten(ratio: Decimal) -> bool:
    return any(ratio == power for power in _POWERS)


_POWERS = tuple(Decimal(10) ** exponent for exponent in (-4, -3, -2, -1, 1, 2, 3, 4))


def _text(value: Decimal, step: Decimal) -> str:
    """The digits of `value` in steps of `step`, without sign and point."""
    return str(int((abs(value) / step).to_integral_value()))


def _neighbours(positions: list[int]) -> bool:
    return positions[1:] == [positions[0] + 1]
