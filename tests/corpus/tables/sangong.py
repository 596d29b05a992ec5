"""T09 in its three forms: two blocks of six columns, budget and outturn in pairs, or items as rows."""

from __future__ import annotations

from shared.catalogue import keys
from tests.corpus.accounts import Account
from tests.corpus.economics import SanGong
from tests.corpus.grid import Grid, RowId
from tests.corpus.layouts.spec import Layout
from tests.corpus.tables.setting import Setting

_LABEL = "三公经费"


def _items(layout: Layout) -> list[tuple[str, str, tuple[str, ...]]]:
    """(measure, attribute of SanGong, printed path) of every column of a block."""
    vehicle = layout.vehicle_word
    items = [
        ("san_gong_total", "total", ("合计",)),
        ("abroad", "abroad", (layout.abroad_word,)),
        ("vehicle", "vehicle", (vehicle, "小计")),
        ("vehicle_purchase", "purchase", (vehicle, "公务用车购置费")),
        ("vehicle_operation", "operation", (vehicle, layout.operation_word)),
        ("reception", "reception", ("公务接待费",)),
    ]
    if layout.t09_fees:
        items += [("conference", "conference", ("会议费",)), ("training", "training", ("培训费",))]
    return items


def san_gong(setting: Setting) -> Grid:
    """The grid of T09."""
    build = {"blocks": _blocks, "pairs": _pairs, "rows": _rows}[setting.layout.t09]
    return build(setting)


def _put_vehicle(grid: Grid, row: int, column: int, layout: Layout, each: int) -> None:
    grid.put(row, column, layout.vehicle_word, "header", right=3 * each)
    for n, word in enumerate(("小计", "公务用车购置费", layout.operation_word)):
        grid.put(row + 1, column + n * each, word, "header", right=each)


def _blocks(setting: Setting) -> Grid:
    layout = setting.layout
    items = _items(layout)
    grid = Grid("T09", layout.money.unit, 2 * len(items))
    grid.header_rows = 3
    for block, word in enumerate(("预算数", "决算数")):
        start = block * len(items)
        grid.put(0, start, word, "header", right=len(items))
        for n, (_, _, path) in enumerate(items):
            if len(path) == 1:
                grid.put(1, start + n, path[0], "header", down=2)
        _put_vehicle(grid, 1, start + 2, layout, 1)
    row = 3
    if layout.ordinals:
        for column in range(grid.width):
            grid.put(3, column, str(column + 1), "ordinal")
        row = 4
    for block, (phase, values) in enumerate(_phases(setting.account)):
        for n, (measure, attribute, _) in enumerate(items):
            _amount(grid, row, block * len(items) + n, measure, setting.text(getattr(values, attribute)), phase)
    return grid


def _phases(account: Account) -> list[tuple[str, SanGong]]:
    return [("budget", account.economics.budget), ("outturn", account.economics.outturn)]


def _pairs(setting: Setting) -> Grid:
    layout = setting.layout
    items = _items(layout)
    grid = Grid("T09", layout.money.unit, 2 * len(items))
    grid.header_rows = 4
    grid.put(0, 0, "财政拨款“三公”经费", "header", right=grid.width)
    for n, (_, _, path) in enumerate(items):
        if len(path) == 1:
            grid.put(1, 2 * n, path[0], "header", right=2, down=2)
    _put_vehicle(grid, 1, 4, layout, 2)
    for column in range(grid.width):
        grid.put(3, column, ("预算数", "决算数")[column % 2], "header")
    for n, (measure, attribute, _) in enumerate(items):
        for offset, (phase, values) in enumerate(_phases(setting.account)):
            _amount(grid, 4, 2 * n + offset, measure, setting.text(getattr(values, attribute)), phase)
    return grid


def _amount(grid: Grid, row: int, column: int, measure: str, text: str, phase: str) -> None:
    grid.amount(row, column, text, measure, RowId("", _LABEL, keys.SAN_GONG, phase=phase))


def _rows(setting: Setting) -> Grid:
    layout = setting.layout
    grid = Grid("T09", layout.money.unit, 3)
    grid.header_rows = 1
    for column, word in enumerate(("项目", "预算数", "决算数")):
        grid.put(0, column, word, "header")
    names = {
        "total": "合计",
        "abroad": f"1.{layout.abroad_word}",
        "reception": "2.公务接待费",
        "vehicle": f"3.{layout.vehicle_word}",
        "operation": f"其中：{layout.operation_word}",
        "purchase": "公务用车购置费",
    }
    measures = {attribute: measure for measure, attribute, _ in _items(layout)}
    for attribute, name in names.items():
        row = grid.height
        grid.put(row, 0, name, "label")
        for column, (phase, values) in enumerate(_phases(setting.account), start=1):
            text = setting.text(getattr(values, attribute))
            grid.amount(row, column, text, measures[attribute], RowId("", name, measures[attribute], phase=phase))
    return grid
