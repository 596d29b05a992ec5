"""The validation rules by id: group, severity and title, as the rule list publishes them, and how tables are called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from shared.catalogue.files import read_rows
from shared.contracts.assessment import Severity
from shared.contracts.base import Text

#: Version of the rules; goes up whenever an outcome may change for the same report.
RULESET = "1"

#: Groups that look at tables alone; the others need the narrative.
TABLE_GROUPS = "ABCDEFGHIJKL"

TABLE_NAMES = {
    "T01": Text(zh="收入支出决算总表", en="overall income and expenditure (T01)"),
    "T02": Text(zh="收入决算表", en="income (T02)"),
    "T03": Text(zh="支出决算表", en="expenditure (T03)"),
    "T04": Text(zh="财政拨款收入支出决算总表", en="overall fiscal appropriations (T04)"),
    "T05": Text(zh="一般公共预算财政拨款支出决算表", en="general public budget expenditure (T05)"),
    "T06": Text(zh="一般公共预算财政拨款基本支出决算表", en="basic expenditure by economic item (T06)"),
    "T07": Text(zh="政府性基金预算财政拨款收入支出决算表", en="government funds (T07)"),
    "T08": Text(zh="国有资本经营预算财政拨款支出决算表", en="state capital operations (T08)"),
    "T09": Text(zh="“三公”经费支出决算表", en="travel abroad, vehicles and reception (T09)"),
    "T10": Text(zh="机构运行信息表", en="agency operations (T10)"),
}


@dataclass(frozen=True)
class RuleInfo:
    """One rule as published: `severity` is that of a plain failure, `source` its authority."""

    id: str
    group: str
    severity: Severity
    title: str
    formula: str
    source: str


@cache
def rule_infos() -> dict[str, RuleInfo]:
    """Every rule of the list by its id, in the order of the list, those that need the narrative included."""
    return {
        row["id"]: RuleInfo(
            id=row["id"],
            group=row["group"],
            severity=Severity(row["severity"]),
            title=row["title"],
            formula=row["formula"],
            source=row["source"],
        )
        for row in read_rows("rules")
    }


def table_rule_ids() -> tuple[str, ...]:
    """The ids of the rules that look at tables alone (groups A to L)."""
    return tuple(rule_id for rule_id in rule_infos() if rule_id[0] in TABLE_GROUPS)


def table_name(table: str) -> Text:
    """What people call a table; a generic grid is called by its id."""
    return TABLE_NAMES.get(table) or Text(zh=f"附表{table}", en=f"grid {table}")
