"""How a rule joins the engine: a decorated generator function with its official id."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from services.validator.checks import Check
from services.validator.view import View
from shared.catalogue.rules import RuleInfo, rule_infos

Body = Callable[[View], Iterator[Check]]


@dataclass(frozen=True)
class Rule:
    """One rule: what is published about it, the tables it cannot do without, and the function that checks."""

    info: RuleInfo
    tables: tuple[str, ...]
    even_empty: bool
    body: Body


_RULES: dict[str, Rule] = {}


def rule(rule_id: str, *, tables: tuple[str, ...] = (), even_empty: bool = False) -> Callable[[Body], Body]:
    """Register a generator function as the rule `rule_id`.

    Without one of `tables` the rule is `insufficient_data`; with one that prints no amount it is `not_applicable`
    unless `even_empty`. Raises KeyError for an id that is not in the list and ValueError for one registered twice.
    """

    def register(body: Body) -> Body:
        if rule_id in _RULES:
            raise ValueError(f"rule {rule_id} is registered twice")
        _RULES[rule_id] = Rule(rule_infos()[rule_id], tables, even_empty, body)
        return body

    return register


def registered() -> tuple[Rule, ...]:
    """All rules in the order of their ids."""
    return tuple(_RULES[rule_id] for rule_id in sorted(_RULES))
