"""Every rule finds the error it is there for, on an account that is sound apart from one change."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shared.catalogue import keys
from shared.catalogue.rules import rule_infos
from shared.contracts.assessment import Outcome, Severity
from shared.contracts.report import DocumentKind, Measure, Phase, Unit
from tests.unit.validator.balanced import GENERAL, account
from tests.unit.validator.builder import Account, Printed
from tests.unit.validator.help import check, of_rule, outcome

M = Measure
Change = Callable[[Account], object]
T = keys.TOTAL


def more(table: str, key: str, measure: Measure, amount: str = "7.77", phase: Phase = Phase.OUTTURN) -> Change:
    """Print an amount that is too large."""
    return lambda made: made.add(table, key, measure, amount, phase)


def blank(table: str, key: str, measure: Measure) -> Change:
    return lambda made: made.put(table, key, measure, "")


def rename(table: str, key: str, name: str) -> Change:
    return lambda made: setattr(made.row(table, key), "name", name)


def recode(table: str, key: str, code: str) -> Change:
    def change(made: Account) -> None:
        row = made.row(table, key)
        row.key = row.code = code
        for cell in [cell for cell in made.amounts if cell[:2] == (table, key)]:
            made.amounts[table, code, *cell[2:]] = made.amounts.pop(cell)

    return change


def extra(table: str, code: str, raw: str = "5.00", name: str = "临时科目") -> Change:
    def change(made: Account) -> None:
        made.rows[table].append(Printed(code, code, name))
        made.put(table, code, M.INCOME_TOTAL if table == "T02" else M.TOTAL, raw)

    return change


def remove(table: str, key: str) -> Change:
    return lambda made: made.rows[table].remove(made.row(table, key))


def setting(name: str, value: object) -> Change:
    return lambda made: setattr(made, name, value)


def no_other_money(made: Account) -> None:
    """An account without other income, in which T03 nevertheless exceeds the fiscal budgets."""
    made.put("T01", keys.OTHER_INCOME, M.AMOUNT, "")
    made.put("T04", keys.CARRY_IN, M.AMOUNT, "120.40")


def swap_rows(made: Account) -> None:
    rows = made.rows["T01"]
    first, second = rows.index(made.row("T01", "204")), rows.index(made.row("T01", "208"))
    rows[first], rows[second] = rows[second], rows[first]


def move_down(made: Account) -> None:
    """The amounts of the left block of T06 stand one row too low throughout, the last one is lost."""
    column = [row.key for row in made.rows["T06"] if row.group == 0]
    values = [made.amounts.get(("T06", key, M.AMOUNT, Phase.OUTTURN), "") for key in column]
    for key, raw in zip(column, ["", *values[:-1]], strict=True):
        made.put("T06", key, M.AMOUNT, raw)


def offset_t05(made: Account) -> None:
    """The amounts of T05 stand one row too low from 208 on."""
    rows = [row.key for row in made.rows["T05"] if row.code]
    start = rows.index("208")
    for measure in (M.TOTAL, M.BASIC, M.PROJECT):
        values = [made.amounts.get(("T05", key, measure, Phase.OUTTURN), "") for key in rows]
        for key, raw in zip(rows[start:], ["", *values[start:-1]], strict=True):
            made.put("T05", key, measure, raw)


def institution(made: Account) -> None:
    made.kind, made.entity = DocumentKind.UNIT_FINAL_ACCOUNT, "青禾县示范小学"


def no_carry(made: Account) -> None:
    for table in ("T01", "T04"):
        made.put(table, keys.CARRY_IN, M.AMOUNT, "")


def mirror_row(made: Account) -> None:
    """The housing fund stands beside the next item."""
    rows = made.rows["T06"]
    rows.insert(rows.index(made.row("T06", "30113")) + 1, Printed("30114", "30114", "医疗费"))
    made.put("T06", "30113", M.AMOUNT, "").put("T06", "30114", M.AMOUNT, "97.63")


E_, W, I_ = Severity.ERROR, Severity.WARNING, Severity.INFO
CASES: list[tuple[str, Change, Severity]] = [
    ("A01", setting("kind", DocumentKind.BUDGET), E_),
    ("A02", setting("table_years", {"T03": 2023}), E_),
    ("A03", setting("table_entities", {"T01": "青禾县示范局", "T02": "青禾县示范局", "T05": "白杨县水利局"}), E_),
    ("A04", setting("notes", {"T03": ("注：XX部门2024年度无此项支出（如有）",)}), W),
    ("A05", lambda made: made.drop("T06"), E_),
    ("A07", setting("notes", {"T07": ("本单位没有政府性基金预算财政拨款收入和支出，本表无数据。",)}), E_),
    ("A09", setting("units", {"T04": Unit.YUAN}), W),
    ("A10", lambda made: made.put("T01", keys.GRAND_TOTAL_INCOME, M.AMOUNT, "30,115,400.00"), W),
    ("A11", setting("ordinals", {"T10": [1, 2, 3, 5]}), W),
    ("A12", setting("numbers", {"T04": "公开02表"}), I_),
    ("A13", lambda made: made.unreadable.update({("T03", "208", M.BASIC, Phase.OUTTURN): "28O.45"}), Severity.REVIEW),
    ("A14", lambda made: made.put("T02", "20103", M.FISCAL, "1737"), W),
    ("A15", lambda made: made.put("T03", "2010302", M.PROJECT, "-415.90"), W),
    ("B01", more("T01", keys.OTHER_INCOME, M.AMOUNT), E_),
    ("B02", more("T01", keys.CARRY_IN, M.AMOUNT), E_),
    ("B03", more("T01", "208", M.AMOUNT), E_),
    ("B04", more("T01", keys.CARRY_OUT, M.AMOUNT), E_),
    ("B05", more("T01", keys.GRAND_TOTAL_EXP, M.AMOUNT), E_),
    ("B06", swap_rows, W),
    ("B07", lambda made: [made.put("T01", key, M.AMOUNT, "") for key in (keys.FISCAL_GENERAL, keys.FISCAL_FUND)], W),
    ("C01", more("T02", "2080501", M.FISCAL), E_),
    ("C02", more("T02", T, M.FISCAL), E_),
    ("C03", more("T02", "20805", M.FISCAL), E_),
    ("C04", remove("T02", "20805"), W),
    ("C05", extra("T02", "2080501"), E_),
    ("C06", lambda made: made.rows["T02"].append(Printed("2210203", "2210203", "购房补贴")), I_),
    ("D01", more("T03", "2080501", M.BASIC), E_),
    ("D02", more("T03", T, M.BASIC), E_),
    ("D03", more("T03", "208", M.TOTAL), E_),
    ("D04", remove("T03", "20805"), W),
    ("D05", lambda made: made.put("T03", "2210201", M.PROJECT, "97.63").put("T03", "2210201", M.BASIC, ""), I_),
    ("E01", more("T04", keys.FISCAL_GENERAL, M.AMOUNT), E_),
    ("E02", more("T04", "208", M.GENERAL), E_),
    ("E03", more("T04", keys.TOTAL_EXP_CURRENT, M.GENERAL), E_),
    ("E04", more("T04", keys.CARRY_IN_GENERAL, M.AMOUNT), E_),
    ("E05", more("T04", keys.CARRY_IN, M.AMOUNT), E_),
    ("E06", more("T04", keys.CARRY_OUT, M.GENERAL), E_),
    ("E07", more("T04", keys.GRAND_TOTAL_EXP, M.TOTAL), E_),
    ("E08", more("T04", keys.FISCAL_FUND, M.AMOUNT), E_),
    ("F01", more("T05", "2080505", M.BASIC), E_),
    ("F02", more("T05", T, M.TOTAL), E_),
    ("F03", more("T05", "20805", M.BASIC), E_),
    ("F04", remove("T05", "2210201"), E_),
    ("F05", extra("T05", "22904"), W),
    ("F06", offset_t05, E_),
    ("G01", more("T06", "30201", M.AMOUNT), E_),
    ("G02", more("T06", keys.STAFF_TOTAL, M.AMOUNT), E_),
    ("G03", more("T06", keys.OPERATING_TOTAL, M.AMOUNT), E_),
    ("G04", lambda made: [remove("T06", key)(made) for key in ("30302",)], E_),
    ("G05", lambda made: (made.rows["T06"].append(Printed("309", "309", "资本性支出（基本建设）", 1)),
                          made.put("T06", "309", M.AMOUNT, "3.00")), W),
    ("G06", rename("T06", "30201", "差旅费"), W),
    ("G08", move_down, E_),
    ("H01", more("T07", "229", M.CARRY_OUT), E_),
    ("H02", more("T07", T, M.PROJECT), E_),
    ("H03", more("T07", "22904", M.INCOME), E_),
    ("H04", lambda made: [made.put("T08", T, m, raw) for m, raw in ((M.TOTAL, "9.00"), (M.PROJECT, "4.00"))], E_),
    ("H05", recode("T07", "2290402", "2080501"), W),
    ("I01", more("T09", keys.SAN_GONG, M.SAN_GONG_TOTAL, phase=Phase.BUDGET), E_),
    ("I02", more("T09", keys.SAN_GONG, M.VEHICLE_PURCHASE, "0.50", Phase.BUDGET), E_),
    ("I03", more("T09", keys.SAN_GONG, M.SAN_GONG_TOTAL, "0.40"), E_),
    ("I04", more("T09", keys.SAN_GONG, M.VEHICLE_PURCHASE, "0.40"), E_),
    ("I05", more("T09", keys.SAN_GONG, M.RECEPTION, "3.00"), W),
    ("I06", lambda made: made.put("T10", keys.VEHICLES_TOTAL, M.AMOUNT, "0"), W),
    ("I08", more("T06", "30217", M.AMOUNT, "2.00"), W),
    ("J01", more("T10", keys.PROCUREMENT_GOODS, M.AMOUNT), E_),
    ("J03", lambda made: made.put("T10", keys.VEHICLES_TOTAL, M.AMOUNT, "7"), W),
    ("J04", more("T10", keys.OPERATING_ADMINISTRATIVE, M.AMOUNT), W),
    ("J05", institution, W),
    ("K01", more("T02", T, M.INCOME_TOTAL), E_),
    ("K02", more("T01", keys.OTHER_INCOME, M.AMOUNT), E_),
    ("K03", more("T01", keys.TOTAL_EXP_CURRENT, M.AMOUNT), E_),
    ("K04", more("T01", "201", M.AMOUNT), E_),
    ("K05", more("T01", keys.FISCAL_FUND, M.AMOUNT), E_),
    ("K06", more("T04", "210", M.TOTAL), E_),
    ("K07", more("T04", keys.TOTAL_INCOME_CURRENT, M.AMOUNT), E_),
    ("K08", more("T05", "210", M.TOTAL), E_),
    ("K09", more("T06", keys.OPERATING_TOTAL, M.AMOUNT), E_),
    ("K10", more("T05", "2080505", M.BASIC), E_),
    ("K11", more("T07", T, M.INCOME), E_),
    ("K12", lambda made: made.put("T04", keys.TOTAL_EXP_CURRENT, M.SOE, "12.00"), E_),
    ("K13", lambda made: (no_carry(made), remove("T02", "2210201")(made)), W),
    ("K14", no_other_money, E_),
    ("K15", more("T06", "30113", M.AMOUNT), I_),
    ("K15", mirror_row, W),
    ("L01", recode("T03", "2080501", "2080599999"), E_),
    ("L01", recode("T03", "2080501", "2080577"), W),
    ("L02", rename("T03", "2080501", "死亡抚恤"), W),
    ("L03", rename("T02", "20805", "行政事业单位离退休"), I_),
    ("L04", recode("T03", "21011", "21099"), E_),
    ("L05", institution, I_),
    ("L06", rename("T05", "2080505", "养老保险"), W),
]  # fmt: skip


IDS = [f"{rule}-{number}" for number, (rule, _, _) in enumerate(CASES)]


@pytest.mark.parametrize(("rule", "change", "severity"), CASES, ids=IDS)
def test_rule_finds_its_error(rule: str, change: Change, severity: Severity) -> None:
    made = account()
    made.table_years = dict.fromkeys(made.rows, 2024)
    sound = outcome(check(made), rule)
    assert sound not in {Outcome.FAIL, Outcome.ROUNDING, Outcome.PARSE_DOUBT}
    change(made)
    assessment = check(made)
    assert outcome(assessment, rule) is (Outcome.PARSE_DOUBT if severity is Severity.REVIEW else Outcome.FAIL)
    findings = of_rule(assessment, rule)
    assert {finding.severity for finding in findings} == {severity}
    for finding in findings:
        assert finding.message.zh
        assert finding.message.en
        assert finding.group.startswith("C")


def test_severity_of_a_rule_is_the_published_one() -> None:
    """Where a case above differs from the list, the difference is a decision: named here."""
    changed = {(rule, severity) for rule, _, severity in CASES if severity is not rule_infos()[rule].severity}
    assert changed == {
        ("A09", W),
        ("A13", Severity.REVIEW),
        ("A15", W),
        ("D05", I_),
        ("K15", I_),
        ("L01", W),
        ("L03", I_),
        ("L05", I_),
    }


def test_rules_without_a_case_are_those_that_need_more_than_tables() -> None:
    tested = {rule for rule, _, _ in CASES}
    untested = {rule for rule in rule_infos() if rule[0] < "M"} - tested
    assert untested == {"A06", "A08", "G07", "I07", "I09", "J02", "K16", "K17", "L07"}
    assessment = check(account(GENERAL))
    for rule in untested:
        assert outcome(assessment, rule) is not Outcome.FAIL
