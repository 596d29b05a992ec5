"""T01 and T04: income on the left, expenditure on the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shared.catalogue import keys
from tests.corpus.accounts import FIRST_YEAR_OF_THREE_PURSES, Account, functional_name
from tests.corpus.grid import Grid, RowId
from tests.corpus.layouts.spec import Layout
from tests.corpus.tables.setting import Setting

NUMERALS = "一二三四五六七八九十"
_CLASSES = (
    "201", "202", "203", "204", "205", "206", "207", "208", "210", "211", "212", "213", "214", "215", "216", "217",
    "219", "220", "221", "222", "223", "224", "229", "231", "232", "234",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One side of one line: its label, its row key, its sums in 分 (None where the form prints nothing)."""

    label: str
    key: str
    sums: tuple[int | None, ...]


def numeral(number: int) -> str:
    """1 -> 一, 12 -> 十二, 26 -> 二十六."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else NUMERALS[tens - 1] + "十") + (
        NUMERALS[ones - 1] if ones else ""
    )


def classes(year: int, count: int) -> list[str]:
    """The 类 that the form of `year` lists; the short form leaves out 231 and 232."""
    found = []
    for code in _CLASSES:
        try:
            functional_name(code, year)
        except KeyError:
            continue
        if count == 24 and code in ("231", "232"):
            continue
        found.append(code)
    return found


def _numbered(labels: list[tuple[str, str, tuple[int | None, ...]]]) -> list[Entry]:
    return [Entry(f"{numeral(n)}、{label}", key, sums) for n, (label, key, sums) in enumerate(labels, start=1)]


def _t01_income(account: Account) -> list[Entry]:
    def row(label: str, key: str, *sources: str) -> tuple[str, str, tuple[int | None, ...]]:
        return label, key, (account.total(*sources),)

    others = [
        row("上级补助收入", keys.UPPER_SUBSIDY, "income.upper"),
        row("事业收入", keys.INSTITUTION_INCOME, "income.institution"),
        row("经营收入", keys.BUSINESS_INCOME, "income.business"),
        row("附属单位上缴收入", keys.SUBORDINATE_REMIT, "income.subordinate"),
        row("其他收入", keys.OTHER_INCOME, "income.other"),
    ]
    if account.year < FIRST_YEAR_OF_THREE_PURSES:
        entries = _numbered(
            [row("财政拨款收入", keys.FISCAL_TOTAL, "income.general", "income.fund", "income.soe"), *others]
        )
        entries.insert(1, Entry("其中：政府性基金预算财政拨款", keys.FISCAL_FUND, (account.total("income.fund"),)))
        return entries
    return _numbered(
        [
            row("一般公共预算财政拨款收入", keys.FISCAL_GENERAL, "income.general"),
            row("政府性基金预算财政拨款收入", keys.FISCAL_FUND, "income.fund"),
            row("国有资本经营预算财政拨款收入", keys.FISCAL_SOE, "income.soe"),
            *others,
        ]
    )


def _balance_label(year: int) -> str:
    if year < 2019:
        return "用事业基金弥补收支差额"
    return "使用非财政拨款结余" if year < 2022 else "使用非财政拨款结余（含专用结余）"


_CARRY_IN = ("carry_in.general", "carry_in.fund", "carry_in.soe", "carry_in.other")
_CARRY_OUT = ("carry_out.general", "carry_out.fund", "carry_out.soe", "carry_out.other")


def t01_sides(account: Account, layout: Layout) -> tuple[list[Entry], list[Entry], list[tuple[Entry, Entry]]]:
    """Income rows, expenditure rows, and the pairs of closing rows."""
    left = _t01_income(account)
    codes = classes(account.year, layout.classes)
    right = _numbered([(account.name(code), code, (account.spending(code),)) for code in codes])
    income, spending = account.income(), account.spending()
    carry_in, used = account.total(*_CARRY_IN), account.total("used.other")
    carry_out, allocated = account.total(*_CARRY_OUT), account.total("allocated.other")
    closing = [
        (Entry("本年收入合计", keys.TOTAL_INCOME_CURRENT, (income,)),
         Entry("本年支出合计", keys.TOTAL_EXP_CURRENT, (spending,))),
        (Entry(_balance_label(account.year), keys.NONFISCAL_BALANCE_USED, (used,)),
         Entry("结余分配", keys.SURPLUS_ALLOCATION, (allocated,))),
        (Entry("年初结转和结余", keys.CARRY_IN, (carry_in,)),
         Entry("年末结转和结余", keys.CARRY_OUT, (carry_out,))),
        (Entry("总计", keys.GRAND_TOTAL_INCOME, (income + carry_in + used,)),
         Entry("总计", keys.GRAND_TOTAL_EXP, (spending + carry_out + allocated,))),
    ]  # fmt: skip
    return left, right, closing


def t04_sides(account: Account, layout: Layout) -> tuple[list[Entry], list[Entry], list[tuple[Entry, Entry]]]:
    """The same for 财政拨款: expenditure has 合计 and a column for every purse."""
    purses = purses_of(account.year)
    names = {"general": "一般公共预算财政拨款", "fund": "政府性基金预算财政拨款", "soe": "国有资本经营预算财政拨款"}
    row_keys = {"general": keys.FISCAL_GENERAL, "fund": keys.FISCAL_FUND, "soe": keys.FISCAL_SOE}
    carry_keys = {"general": keys.CARRY_IN_GENERAL, "fund": keys.CARRY_IN_FUND, "soe": keys.CARRY_IN_SOE}

    def spread(kind: Callable[[str], tuple[str, ...]], prefix: str = "") -> tuple[int | None, ...]:
        parts = [account.total(*kind(purse), prefix=prefix) for purse in purses]
        return (sum(parts), *parts)

    def spent(purse: str) -> tuple[str, ...]:
        return (f"basic.{purse}", f"project.{purse}")

    left = _numbered([(names[p], row_keys[p], (account.total(f"income.{p}"),)) for p in purses])
    codes = classes(account.year, layout.classes)
    right = _numbered([(account.name(code), code, spread(spent, code)) for code in codes])
    income = account.total(*(f"income.{p}" for p in purses))
    carry_in = account.total(*(f"carry_in.{p}" for p in purses))
    carry_out = spread(lambda p: (f"carry_out.{p}",))
    spending = spread(spent)
    whole = tuple((a or 0) + (b or 0) for a, b in zip(spending, carry_out, strict=True))
    blank = Entry("", "", (None,) * (len(purses) + 1))
    closing = [
        (Entry("本年收入合计", keys.TOTAL_INCOME_CURRENT, (income,)),
         Entry("本年支出合计", keys.TOTAL_EXP_CURRENT, spending)),
        (Entry("年初财政拨款结转和结余", keys.CARRY_IN, (carry_in,)),
         Entry("年末财政拨款结转和结余", keys.CARRY_OUT, carry_out)),
        *((Entry(names[p], carry_keys[p], (account.total(f"carry_in.{p}"),)), blank) for p in purses),
        (Entry("总计", keys.GRAND_TOTAL_INCOME, (income + carry_in,)),
         Entry("总计", keys.GRAND_TOTAL_EXP, whole)),
    ]  # fmt: skip
    return left, right, closing


def purses_of(year: int) -> tuple[str, ...]:
    """The purses that T04 tells apart."""
    return ("general", "fund") if year < FIRST_YEAR_OF_THREE_PURSES else ("general", "fund", "soe")


def two_sided(table: str, setting: Setting) -> Grid:
    """The grid of T01 or T04."""
    account, layout = setting.account, setting.layout
    sides = t01_sides if table == "T01" else t04_sides
    left, right, closing = sides(account, layout)
    gap = Entry("", "", (None,))
    wide = Entry("", "", (None,) * len(closing[0][1].sums))
    body = [
        (left[n] if n < len(left) else gap, right[n] if n < len(right) else wide)
        for n in range(max(len(left), len(right)))
    ]
    rows = [*body, *closing]
    if layout.ordinals and table == "T01":
        rows.insert(len(rows) - 1, (gap, wide))
    phases = 3 if layout.phases and table == "T01" else 1
    right_columns = phases if table == "T01" else len(wide.sums)
    step = 1 if layout.ordinals else 0
    split = 1 + step + phases
    grid = Grid(table, layout.money.unit, split + 1 + step + right_columns)
    _header(grid, table, layout, split, phases, right_columns)
    for number, (income, expenditure) in enumerate(rows):
        row = grid.height
        _side(grid, setting, (row, 0), income, number + 1, "income", phases)
        _side(grid, setting, (row, split), expenditure, len(rows) + number + 1, "expenditure", phases)
    return grid


def _header(grid: Grid, table: str, layout: Layout, split: int, phases: int, right: int) -> None:
    row = 0
    if layout.sides if table == "T01" else layout.sides_t04:
        grid.put(0, 0, "收入", "header", right=split)
        grid.put(0, split, "支出", "header", right=grid.width - split)
        row = 1
    grid.header_rows = row + 1
    amounts = ["年初预算数", "全年预算数", "决算数"] if phases > 1 else [layout.amount_word]
    purses = ["合计", "一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"][:right]
    column = 0
    for start, words in ((0, amounts), (split, amounts if table == "T01" else purses)):
        column = start
        grid.put(row, column, "项目", "header")
        if layout.ordinals:
            column += 1
            grid.put(row, column, "行次", "header")
        for word in words:
            column += 1
            grid.put(row, column, word, "header")
    if layout.ordinals:
        number = 0
        for column in range(grid.width):
            if column in (0, split):
                grid.put(row + 1, column, "栏次", "ordinal")
            elif column not in (1, split + 1):
                number += 1
                grid.put(row + 1, column, str(number), "ordinal")


def _side(
    grid: Grid, setting: Setting, place: tuple[int, int], entry: Entry, ordinal: int, side: str, phases: int
) -> None:
    row, start = place
    layout = setting.layout
    grid.put(row, start, entry.label, "label" if entry.label else "blank")
    column = start + 1
    if layout.ordinals:
        grid.put(row, column, str(ordinal), "ordinal")
        column += 1
    name = entry.label.split("、", 1)[-1]
    sums, names, measures = entry.sums, ["outturn"] * len(entry.sums), ["total", "general", "fund", "soe"]
    if len(entry.sums) == 1:
        measures = ["amount"] * phases
    if phases > 1:
        sums = (_planned(sums[0], layout, 95), _planned(sums[0], layout, 103), sums[0])
        names = ["original_budget", "budget", "outturn"]
    for value, measure, phase in zip(sums, measures, names, strict=False):
        row_id = RowId("", name, entry.key, phase=phase, side=side)
        grid.amount(row, column, setting.text(value) if entry.label else "", measure, row_id)
        column += 1


def _planned(value: int | None, layout: Layout, percent: int) -> int | None:
    """A budget figure near the outturn; it stands in no identity that juesuan checks."""
    return None if value is None else value * percent // 100 // layout.money.grain * layout.money.grain
