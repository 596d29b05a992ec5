"""The conditions of `juesuan replay --where`: which documents."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from cli.language import Words
from cli.remote import messages
from shared.adapters.lifecycle import OUTCOMES, PENDING, Standing
from shared.contracts.base import Text
from shared.contracts.errors import Category, JuesuanError, Phase

_FORM = re.compile(r"\s*([a-z]+)\s*(!=|<=|>=|=|<|>)\s*(.+?)\s*", re.DOTALL)
_ORDER: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_WORDS: dict[str, tuple[str, ...]] = {
    "outcome": OUTCOMES,
    "category": tuple(category.value for category in Category),
}


class BadCondition(JuesuanError):
    """A condition that nobody understands; says which and what there is."""

    def __init__(self, words: Words, **values: str) -> None:
        text = Text(zh=words.zh.format(**values), en=words.en.format(**values))
        super().__init__(Category.NOT_READABLE, Phase.INTAKE, text)


@dataclass(frozen=True)
class Condition:
    """One condition: `name` `sign` `value`."""

    name: str
    sign: str
    value: str

    def holds(self, item: Standing, version: str | None) -> bool:
        """Whether it holds for a document whose result of the stage in question was made by `version`."""
        if self.name == "version":
            return version is not None and _ORDER[self.sign](*_aligned(version, self.value))
        return _TESTS[self.name](item, self.value) is (self.sign == "=")


def parse(texts: Sequence[str]) -> list[Condition]:
    """The conditions in the arguments, which may hold several each, separated by commas. Raises `BadCondition`."""
    return [_one(part) for text in texts for part in text.split(",") if part.strip()]


def matches(conditions: Sequence[Condition], item: Standing, version: str | None) -> bool:
    """Whether all hold. What is still on its way is not touched unless a condition speaks of the outcome."""
    if item.outcome == PENDING and not any(condition.name == "outcome" for condition in conditions):
        return False
    return all(condition.holds(item, version) for condition in conditions)


def _one(text: str) -> Condition:
    found = _FORM.fullmatch(text)
    known = "outcome, media, version, batch, tenant, document, category"
    if found is None:
        raise BadCondition(messages.BAD_CONDITION, text=text, known=known)
    name, sign, value = found.groups()
    if name not in {"version", *_TESTS} or (name != "version" and sign not in {"=", "!="}):
        raise BadCondition(messages.BAD_CONDITION, text=text, known=known)
    if name == "version" and not _numbers(value):
        raise BadCondition(messages.BAD_CONDITION, text=text, known=known)
    if name in _WORDS and value not in _WORDS[name]:
        raise BadCondition(messages.BAD_VALUE, name=name, known=", ".join(_WORDS[name]))
    return Condition(name, sign, value)


def _is_batch(item: Standing, value: str) -> bool:
    return value in {item.batch, f"{item.tenant}/{item.batch}"}


def _is_document(item: Standing, value: str) -> bool:
    return item.key == value or item.document_id.startswith(value) or (item.content_id or "").startswith(value)


_TESTS: dict[str, Callable[[Standing, str], bool]] = {
    "outcome": lambda item, value: item.outcome == value,
    "category": lambda item, value: item.category == value,
    "media": lambda item, value: PurePosixPath(item.name).suffix.lower() == "." + value.lower().lstrip("."),
    "batch": _is_batch,
    "tenant": lambda item, value: item.tenant == value,
    "document": _is_document,
}


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _aligned(one: str, other: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Both as numbers of equal length: 0.2 and 0.2.0 are the same version."""
    left, right = _numbers(one), _numbers(other)
    length = max(len(left), len(right))
    return left + (0,) * (length - len(left)), right + (0,) * (length - len(right))
