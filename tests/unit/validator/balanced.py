"""The figures of the invented account: everything follows from the items below, so everything balances."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from shared.catalogue import keys
from shared.contracts.report import Measure, Phase
from tests.unit.validator.builder import CLASSES, NAMES, OUT, Account, Printed, coded_rows, named_rows, total_row

M = Measure
D = Decimal
Items = Mapping[str, tuple[str, str]]

#: 项 -> basic, project of the general public budget
GENERAL: Items = {
    "2010301": ("1284.37", "36.52"),
    "2010302": ("0", "415.90"),
    "2080501": ("58.16", "0"),
    "2080505": ("143.29", "0"),
    "2101101": ("62.84", "0"),
    "2101103": ("18.45", "0"),
    "2210201": ("97.63", "0"),
}
FUND = D("850.00")
OTHER = D("37.25")
#: economic items other than the mirrored ones; 30101 takes the rest
ECONOMIC = {
    "30102": "286.44", "30103": "71.90", "30201": "45.18", "30202": "6.27", "30217": "3.85", "30231": "12.46",
    "30302": "58.16",
}  # fmt: skip
MIRRORS = {"30108": "2080505", "30110": "2101101", "30111": "2101103", "30113": "2210201"}


def account(items: Items = GENERAL, *, fund: Decimal = FUND, other: Decimal = OTHER) -> Account:
    """A complete account T01 to T10; `fund` is spent on 2290402, `other` income is spent on the first item."""
    made = Account()
    general = {code: (D(basic), D(project)) for code, (basic, project) in items.items()}
    first = next(iter(general))
    full = {code: (b + (other if code == first else 0), p) for code, (b, p) in general.items()}
    _functional(made, "T05", general)
    funded = {"2290402": (D(0), fund)} if fund else {}
    _functional(made, "T03", {**full, **funded})
    _income(made, {code: b + p for code, (b, p) in general.items()}, first, fund, other)
    _overall(made, other)
    _fiscal(made, fund)
    _fund_table(made, fund)
    made.rows["T08"] = total_row()
    made.notes["T08"] = ("说明：本单位没有国有资本经营预算财政拨款支出，本表无数据。",)
    _economic(made, general)
    _san_gong(made)
    _operations(made)
    return made


def show(value: Decimal) -> str:
    """As printed: two decimals, thousands separated; nothing for 0."""
    return f"{value:,.2f}" if value else ""


def _levels(items: Mapping[str, tuple[Decimal, ...]]) -> dict[str, tuple[Decimal, ...]]:
    """Sums of 类 and 款 above the 项, in printed order."""
    width = len(next(iter(items.values()), ()))
    out: dict[str, tuple[Decimal, ...]] = {}
    for code in sorted(items):
        for prefix in (code[:3], code[:5], code):
            below = [values for other, values in items.items() if other.startswith(prefix)]
            out[prefix] = tuple(sum((values[n] for values in below), D(0)) for n in range(width))
    return out


def _functional(made: Account, table: str, items: Mapping[str, tuple[Decimal, Decimal]]) -> None:
    levels = _levels(items)
    made.rows[table] = total_row() + coded_rows(list(levels))
    tops = [values for code, values in levels.items() if len(code) == 3]
    levels[keys.TOTAL] = (sum((b for b, _ in tops), D(0)), sum((p for _, p in tops), D(0)))
    for code, (basic, project) in levels.items():
        for measure, value in ((M.TOTAL, basic + project), (M.BASIC, basic), (M.PROJECT, project)):
            made.put(table, code, measure, show(value))


def _income(made: Account, items: dict[str, Decimal], first: str, fund: Decimal, other: Decimal) -> None:
    funded = {"2290402": fund} if fund else {}
    fiscal = {**items, **funded}
    levels = _levels({code: (value, other if code == first else D(0)) for code, value in fiscal.items()})
    made.rows["T02"] = total_row() + coded_rows(list(levels))
    levels[keys.TOTAL] = (sum(fiscal.values(), D(0)), other)
    for code, (own, more) in levels.items():
        for measure, value in ((M.INCOME_TOTAL, own + more), (M.FISCAL, own), (M.OTHER_INCOME, more)):
            made.put("T02", code, measure, show(value))


def _class_rows() -> list[Printed]:
    return [Printed(code, "", name, 1) for code, name in CLASSES]


def _overall(made: Account, other: Decimal) -> None:
    made.rows["T01"] = (
        named_rows(
            {
                keys.FISCAL_GENERAL: "一般公共预算财政拨款收入",
                keys.FISCAL_FUND: "政府性基金预算财政拨款收入",
                keys.FISCAL_SOE: "国有资本经营预算财政拨款收入",
                keys.UPPER_SUBSIDY: "上级补助收入",
                keys.OTHER_INCOME: "其他收入",
                keys.TOTAL_INCOME_CURRENT: "本年收入合计",
                keys.NONFISCAL_BALANCE_USED: "使用非财政拨款结余",
                keys.CARRY_IN: "年初结转和结余",
                keys.GRAND_TOTAL_INCOME: "总计",
            }
        )
        + _class_rows()
    )
    made.rows["T01"] += named_rows(
        {
            keys.TOTAL_EXP_CURRENT: "本年支出合计",
            keys.SURPLUS_ALLOCATION: "结余分配",
            keys.CARRY_OUT: "年末结转和结余",
            keys.GRAND_TOTAL_EXP: "总计",
        },
        1,
    )
    spent, income = made.at("T03", keys.TOTAL, M.TOTAL), made.at("T02", keys.TOTAL, M.INCOME_TOTAL)
    carry = D("120.40")
    values = {
        keys.FISCAL_GENERAL: made.at("T05", keys.TOTAL, M.TOTAL),
        keys.FISCAL_FUND: income - made.at("T05", keys.TOTAL, M.TOTAL) - other,
        keys.OTHER_INCOME: other,
        keys.TOTAL_INCOME_CURRENT: income,
        keys.CARRY_IN: carry,
        keys.GRAND_TOTAL_INCOME: income + carry,
        keys.TOTAL_EXP_CURRENT: spent,
        keys.CARRY_OUT: carry,
        keys.GRAND_TOTAL_EXP: spent + carry,
    }
    values |= {code: made.at("T03", code, M.TOTAL) for code, _ in CLASSES}
    for key, value in values.items():
        made.put("T01", key, M.AMOUNT, show(value))


def _fiscal(made: Account, fund: Decimal) -> None:
    general = made.at("T05", keys.TOTAL, M.TOTAL)
    carry = D("84.10")
    made.rows["T04"] = (
        named_rows(
            {
                keys.FISCAL_GENERAL: "一般公共预算财政拨款",
                keys.FISCAL_FUND: "政府性基金预算财政拨款",
                keys.FISCAL_SOE: "国有资本经营预算财政拨款",
                keys.TOTAL_INCOME_CURRENT: "本年收入合计",
                keys.CARRY_IN: "年初财政拨款结转和结余",
                keys.CARRY_IN_GENERAL: "一般公共预算财政拨款",
                keys.CARRY_IN_FUND: "政府性基金预算财政拨款",
                keys.CARRY_IN_SOE: "国有资本经营预算财政拨款",
                keys.GRAND_TOTAL_INCOME: "总计",
            }
        )
        + _class_rows()
    )
    made.rows["T04"] += named_rows(
        {
            keys.TOTAL_EXP_CURRENT: "本年支出合计",
            keys.CARRY_OUT: "年末财政拨款结转和结余",
            keys.GRAND_TOTAL_EXP: "总计",
        },
        1,
    )
    income = {
        keys.FISCAL_GENERAL: general,
        keys.FISCAL_FUND: fund,
        keys.TOTAL_INCOME_CURRENT: general + fund,
        keys.CARRY_IN: carry,
        keys.CARRY_IN_GENERAL: carry,
        keys.GRAND_TOTAL_INCOME: general + fund + carry,
    }
    for key, value in income.items():
        made.put("T04", key, M.AMOUNT, show(value))
    rows = {code: (made.at("T05", code, M.TOTAL), fund if code == "229" else D(0)) for code, _ in CLASSES}
    rows[keys.TOTAL_EXP_CURRENT] = (general, fund)
    rows[keys.CARRY_OUT] = (carry, D(0))
    rows[keys.GRAND_TOTAL_EXP] = (general + carry, fund)
    for key, (own, more) in rows.items():
        for measure, value in ((M.TOTAL, own + more), (M.GENERAL, own), (M.FUND, more)):
            made.put("T04", key, measure, show(value))


def _fund_table(made: Account, fund: Decimal) -> None:
    codes = ["229", "22904", "2290402"] if fund else []
    made.rows["T07"] = total_row() + coded_rows(codes)
    for key in (keys.TOTAL, *codes):
        for measure in (M.INCOME, M.TOTAL, M.PROJECT):
            made.put("T07", key, measure, show(fund))


def _economic(made: Account, general: Mapping[str, tuple[Decimal, Decimal]]) -> None:
    items = {code: D(value) for code, value in ECONOMIC.items()}
    items |= {item: general[code][0] for item, code in MIRRORS.items() if code in general}
    basic = made.at("T05", keys.TOTAL, M.BASIC)
    items["30101"] = basic - sum(items.values(), D(0))
    heads = {
        head: sum(value for code, value in items.items() if code.startswith(head)) for head in ("301", "302", "303")
    }
    left = [code for code in NAMES if code[:3] in ("301", "303")]
    right = [code for code in NAMES if code[:3] == "302"]
    made.rows["T06"] = coded_rows(left) + named_rows({keys.STAFF_TOTAL: "人员经费合计"})
    made.rows["T06"] += coded_rows(right, 1) + named_rows({keys.OPERATING_TOTAL: "公用经费合计"}, 1)
    values = {**items, **heads, keys.STAFF_TOTAL: heads["301"] + heads["303"], keys.OPERATING_TOTAL: heads["302"]}
    for key, value in values.items():
        made.put("T06", key, M.AMOUNT, show(D(value)))


def _san_gong(made: Account) -> None:
    made.rows["T09"] = named_rows({keys.SAN_GONG: "三公经费"})
    outturn = {
        M.SAN_GONG_TOTAL: "34.51", M.VEHICLE: "30.66", M.VEHICLE_PURCHASE: "18.20", M.VEHICLE_OPERATION: "12.46",
        M.RECEPTION: "3.85",
    }  # fmt: skip
    budget = {
        M.SAN_GONG_TOTAL: "39.00", M.VEHICLE: "34.00", M.VEHICLE_PURCHASE: "19.00", M.VEHICLE_OPERATION: "15.00",
        M.RECEPTION: "5.00",
    }  # fmt: skip
    for phase, values in ((OUT, outturn), (Phase.BUDGET, budget)):
        for measure, raw in values.items():
            made.put("T09", keys.SAN_GONG, measure, raw, phase)


def _operations(made: Account) -> None:
    made.rows["T10"] = named_rows(
        {
            keys.PROCUREMENT_TOTAL: "合计",
            keys.PROCUREMENT_GOODS: "货物",
            keys.PROCUREMENT_WORKS: "工程",
            keys.PROCUREMENT_SERVICES: "服务",
            keys.OPERATING_ADMINISTRATIVE: "(一)行政单位",
            keys.VEHICLES_TOTAL: "(一)车辆数合计(辆)",
            keys.VEHICLES[4]: "5.执法执勤用车",
            keys.VEHICLES[7]: "8.其他用车",
        }
    )
    values = {
        keys.PROCUREMENT_TOTAL: "210.75", keys.PROCUREMENT_GOODS: "90.30", keys.PROCUREMENT_SERVICES: "120.45",
        keys.OPERATING_ADMINISTRATIVE: "67.76", keys.VEHICLES_TOTAL: "6", keys.VEHICLES[4]: "4", keys.VEHICLES[7]: "2",
    }  # fmt: skip
    for key, raw in values.items():
        made.put("T10", key, M.AMOUNT, raw)
