"""T10 (procurement, running costs, assets), a plain list of projects and a self-evaluation form."""

from __future__ import annotations

from random import Random

from shared.catalogue import keys
from tests.corpus.grid import Grid, RowId
from tests.corpus.tables.setting import Setting

_VEHICLES = (
    "副部（省）级及以上领导用车", "主要负责人用车", "机要通信用车", "应急保障用车", "执法执勤用车", "特种专业技术用车",
    "离退休干部服务用车", "其他用车",
)  # fmt: skip
_PROJECTS = ("澄溪片区管网养护", "数字台账维护", "窗口服务外包", "宣传栏更新", "设备巡检", "志愿者培训", "老旧线路整治")


def disclosure(setting: Setting) -> Grid:
    """The grid of T10: three stacked sections with one amount column."""
    account, layout = setting.account, setting.layout
    grid = Grid("T10", layout.money.unit, 3)
    figures = account.economics
    running = 0 if account.unit_account else figures.operating
    procurement = [
        ("合计", keys.PROCUREMENT_TOTAL, figures.goods + figures.works + figures.services),
        ("货物", keys.PROCUREMENT_GOODS, figures.goods),
        ("工程", keys.PROCUREMENT_WORKS, figures.works),
        ("服务", keys.PROCUREMENT_SERVICES, figures.services),
    ]
    costs = [
        ("（一）行政单位", keys.OPERATING_ADMINISTRATIVE, running),
        ("（二）参照公务员法管理事业单位", keys.OPERATING_REFERENCE, 0),
    ]
    assets = [("（一）车辆数合计（辆）", keys.VEHICLES_TOTAL, sum(figures.vehicles))]
    assets += [
        (f"{n}.{name}", key, count)
        for n, (name, key, count) in enumerate(zip(_VEHICLES, keys.VEHICLES, figures.vehicles, strict=True), start=1)
    ]
    assets.append(("（二）单价100万元（含）以上设备（不含车辆）", keys.LARGE_EQUIPMENT, figures.equipment))
    _section(grid, "一、政府采购情况", header=True)
    number = _money_rows(grid, setting, procurement, 1)
    _section(grid, "二、机关运行经费", header=True)
    number = _money_rows(grid, setting, costs, number)
    _section(grid, "三、国有资产占用情况", header=False)
    for name, key, count in assets:
        row = _row(grid, name, number)
        grid.amount(row, 2, str(count) if count else "", "amount", RowId("", name, key, unit="count"))
        number += 1
    return grid


def _section(grid: Grid, title: str, *, header: bool) -> None:
    row = grid.height
    grid.put(row, 0, title, "label", right=3)
    grid.section = title.split("、", 1)[1]
    if header:
        for column, word in enumerate(("项目", "行次", "统计数")):
            grid.put(row + 1, column, word, "header")
        grid.header_rows = row + 2


def _row(grid: Grid, name: str, number: int) -> int:
    row = grid.height
    grid.put(row, 0, name, "label")
    grid.put(row, 1, str(number), "ordinal")
    return row


def _money_rows(grid: Grid, setting: Setting, rows: list[tuple[str, str, int]], number: int) -> int:
    for name, key, value in rows:
        row = _row(grid, name, number)
        grid.amount(row, 2, setting.text(value), "amount", RowId("", name, key))
        number += 1
    return number


def project_list(setting: Setting) -> Grid:
    """A table that is none of the ten: project names with their sums."""
    layout, rng = setting.layout, setting.rng
    grid = Grid("XL", layout.money.unit, 4)
    grid.header_rows = 1
    for column, word in enumerate(("项目名称", "合计", "财政拨款", "其他资金")):
        grid.put(0, column, word, "header")
    for name in rng.sample(_PROJECTS, 4):
        row = grid.height
        grid.put(row, 0, name, "label")
        own, other = (rng.randint(1, 9_000) * max(layout.money.grain, 100) for _ in range(2))
        for column, value in enumerate((own + other, own, other), start=1):
            grid.amount(row, column, setting.text(value), "unclassified", RowId("", name, name))
    return grid


def self_evaluation(entity: str, rng: Random) -> Grid:
    """A performance form with scores and words: its numbers are no facts of the ten tables."""
    grid = Grid("XS", "万元", 4)
    lines = [
        ("项目名称", rng.choice(_PROJECTS), "主管单位", entity),
        ("自评得分", str(rng.randint(80, 100)), "评价等级", "优"),
    ]
    for row, texts in enumerate(lines):
        for column, text in enumerate(texts):
            grid.put(row, column, text, "text")
    for row, texts in enumerate(
        (("一级指标", "二级指标", "年度目标", "完成情况"), ("产出", "数量", "按计划完成", "已完成")), start=2
    ):
        for column, text in enumerate(texts):
            grid.put(row, column, text, "text")
    return grid
