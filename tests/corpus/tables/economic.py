"""T06: basic expenditure by economic code, in one to four blocks side by side."""

from __future__ import annotations

from shared.catalogue import keys
from tests.corpus.economics import economic_codes, economic_name
from tests.corpus.grid import Grid, RowId
from tests.corpus.layouts.spec import Layout
from tests.corpus.tables.setting import Setting

_SHORT = ("302", "310", "399")
_FULL = ("302", "307", "309", "310", "311", "312", "313", "399")
_NOT_APPLICABLE = ("309", "311")


def economic(setting: Setting) -> Grid:
    """The grid of T06."""
    account, layout = setting.account, setting.layout
    codes = economic_codes(account.year)
    staff = [code for code in codes if code[:3] in ("301", "303")]
    operating = [code for code in codes if code[:3] in (_FULL if layout.t06_full else _SHORT)]
    blocks = [sorted(staff + operating)] if layout.t06_groups == 1 else [staff, *_cut(operating, layout.t06_groups - 1)]
    lead = 3 if layout.split_codes else 2
    grid = Grid("T06", layout.money.unit, (lead + 1) * len(blocks))
    _header(grid, layout, lead, len(blocks))
    first = grid.height
    if layout.t06_groups == 1:
        everything = sum(account.economics.basic.values())
        first = _sum_row(grid, setting, (first, 0), lead, ("合计", keys.TOTAL), everything)
    for number, block in enumerate(blocks):
        start = number * (lead + 1)
        for offset in range(max(map(len, blocks))):
            if offset < len(block):
                _line(grid, setting, (first + offset, start), lead, block[offset])
            else:
                for column in range(start, start + lead + 1):
                    grid.put(first + offset, column, "", "blank")
    _totals(grid, setting, lead)
    return grid


def _cut(codes: list[str], parts: int) -> list[list[str]]:
    size = -(-len(codes) // parts)
    return [codes[n * size : (n + 1) * size] for n in range(parts)]


def _header(grid: Grid, layout: Layout, lead: int, blocks: int) -> None:
    row = 0
    if layout.t06_parents and blocks > 1:
        grid.put(0, 0, "人员经费", "header", right=lead + 1)
        grid.put(0, lead + 1, "公用经费", "header", right=grid.width - lead - 1)
        row = 1
    deep = 2 if layout.split_codes else 1
    grid.header_rows = row + deep
    amount = "决算数" if layout.amount_word != "金额" or blocks > 1 else "金额"
    for start in range(0, grid.width, lead + 1):
        if layout.split_codes:
            grid.put(row, start, layout.econ_code_word, "header", right=2)
            grid.put(row + 1, start, "类", "header")
            grid.put(row + 1, start + 1, "款", "header")
        else:
            grid.put(row, start, layout.econ_code_word, "header")
        grid.put(row, start + lead - 1, "科目名称", "header", down=deep)
        grid.put(row, start + lead, amount, "header", down=deep)


def _line(grid: Grid, setting: Setting, place: tuple[int, int], lead: int, code: str) -> None:
    row, start = place
    account, layout = setting.account, setting.layout
    name = economic_name(code, account.year)
    if layout.split_codes:
        grid.put(row, start, code[:3], "code")
        grid.put(row, start + 1, code[3:], "code" if code[3:] else "blank")
    else:
        grid.put(row, start, code, "code")
    grid.put(row, start + lead - 1, ("  " if layout.indent and len(code) > 3 else "") + name, "label")
    value = account.economics.total(code) if len(code) == 3 else account.economics.basic.get(code, 0)
    text = "——" if layout.t06_full and code[:3] in _NOT_APPLICABLE else setting.text(value)
    grid.amount(row, start + lead, text, "amount", RowId(code, name, code))


def _sum_row(
    grid: Grid, setting: Setting, place: tuple[int, int], lead: int, name_key: tuple[str, str], value: int
) -> int:
    """A row with a sum; the row after it."""
    row, start = place
    name, key = name_key
    grid.put(row, start, name, "label", right=lead)
    grid.amount(row, start + lead, setting.text(value) or "0.00", "amount", RowId("", name, key))
    return row + 1


def _totals(grid: Grid, setting: Setting, lead: int) -> None:
    figures = setting.account.economics
    row = grid.height
    _sum_row(grid, setting, (row, 0), lead, ("人员经费合计", keys.STAFF_TOTAL), figures.staff)
    if setting.layout.t06_groups == 1:
        _sum_row(grid, setting, (row + 1, 0), lead, ("公用经费合计", keys.OPERATING_TOTAL), figures.operating)
        return
    wide = grid.width - lead - 2
    _sum_row(grid, setting, (row, lead + 1), wide, ("公用经费合计", keys.OPERATING_TOTAL), figures.operating)
