"""T02, T03, T05, T07, T08 and the project table: one row for every functional code, sums over what lies beneath."""

from __future__ import annotations

from dataclasses import dataclass

from shared.catalogue import keys
from tests.corpus.accounts import INCOME_KEYS, Account
from tests.corpus.grid import Grid, RowId
from tests.corpus.layouts.spec import Layout
from tests.corpus.tables.setting import Setting


@dataclass(frozen=True)
class Col:
    """An amount column: its printed header from top to bottom, its measure, the account keys that it adds up."""

    path: tuple[str, ...]
    measure: str
    sources: tuple[str, ...]


def columns(table: str, layout: Layout, account: Account) -> list[Col]:
    """The amount columns of a table in this layout."""
    if table == "T02":
        cols = [
            Col(("本年收入合计",), "income_total", INCOME_KEYS),
            Col(("财政拨款收入",), "fiscal", ("income.general", "income.fund", "income.soe")),
            Col(("上级补助收入",), "upper_subsidy", ("income.upper",)),
            Col(("事业收入",), "institution", ("income.institution",)),
            Col(("经营收入",), "business", ("income.business",)),
            Col(("附属单位上缴收入",), "subordinate_remit", ("income.subordinate",)),
            Col(("其他收入",), "other_income", ("income.other",)),
        ]
        if account.total("income.fees") and layout.header_depth > 1:
            cols[3] = Col(("事业收入", "小计"), "institution", ("income.institution",))
            cols.insert(4, Col(("事业收入", "其中：教育收费"), "education_fees", ("income.fees",)))
        return cols
    if table == "T03":
        return [
            Col(("本年支出合计",), "total", tuple(_all_spending())),
            Col(("基本支出",), "basic", ("basic.general", "basic.other")),
            Col(("项目支出",), "project", ("project.general", "project.fund", "project.soe", "project.other")),
            Col(("上缴上级支出",), "upper_remit", ("remit.other",)),
            Col(("经营支出",), "business_expenditure", ("business.other",)),
            Col(("对附属单位补助支出",), "subordinate_subsidy", ("subsidy.other",)),
        ]
    if table == "XP":
        return [Col(("项目支出",), "unclassified", ("project.general",))]
    purse = {"T05": "general", "T07": "fund", "T08": "soe"}[table]
    basic, project = f"basic.{purse}", f"project.{purse}"
    parent = (layout.t05_parent,) if layout.t05_parent else ()
    total_word = layout.t05_total if table == "T05" else "小计" if _flow(table, layout) else "合计"
    if table != "T05" and not parent:
        parent = ("本年支出",) if _flow(table, layout) else ()
    spent = [
        Col((*parent, total_word), "total", (basic, project)),
        Col((*parent, "基本支出"), "basic", (basic,)),
        Col((*parent, "项目支出"), "project", (project,)),
    ]
    if not _flow(table, layout):
        return spent
    return [
        Col(("年初结转和结余",), "carry_in", (f"carry_in.{purse}",)),
        Col(("本年收入",), "income", (f"income.{purse}",)),
        *spent,
        Col(("年末结转和结余",), "carry_out", (f"carry_out.{purse}",)),
    ]


def _flow(table: str, layout: Layout) -> bool:
    return table == "T07" or (table == "T08" and layout.t08_flow)


def _all_spending() -> list[str]:
    return [
        "basic.general", "project.general", "project.fund", "project.soe", "basic.other", "project.other",
        "remit.other", "business.other", "subsidy.other",
    ]  # fmt: skip


def functional(table: str, setting: Setting) -> Grid:
    """The grid of `table`; without a figure it has an empty 合计 row and as many blank rows as the layout wants."""
    account, layout = setting.account, setting.layout
    cols = columns(table, layout, account)
    leads = 4 if layout.split_codes else 2
    grid = Grid(table, layout.money.unit, leads + len(cols))
    _header(grid, cols, layout, leads)
    sources = tuple(dict.fromkeys(source for col in cols for source in col.sources))
    codes = _codes(account, sources)
    if not codes:
        _empty(grid, layout, leads)
        return grid
    last = table == "T05" and layout.total_last
    if not last:
        _total_row(grid, setting, cols)
    for code in codes:
        row = grid.height
        _code_cells(grid, row, code, layout)
        name = account.name(code)
        pad = "  " * ((len(code) - 3) // 2) if layout.indent else ""
        grid.put(row, leads - 1, pad + name, "label")
        _amounts(grid, row, setting, cols, RowId(code, name, code))
    if last:
        _total_row(grid, setting, cols)
    return grid


def _header(grid: Grid, cols: list[Col], layout: Layout, leads: int) -> None:
    depth = max(layout.header_depth, 3 if layout.split_codes else 1)
    nested = any(len(col.path) > 1 for col in cols)
    if nested and depth == 1:
        cols[:] = [Col((" ".join(col.path),), col.measure, col.sources) for col in cols]
    grid.header_rows = depth
    top = 1 if layout.lead_word and depth > 1 else 0
    if top:
        grid.put(0, 0, layout.lead_word, "header", right=leads)
    if layout.split_codes:
        grid.put(top, 0, layout.code_word, "header", right=3, down=depth - 1 - top)
        grid.put(top, 3, "科目名称", "header", down=depth - top)
        for column, word in enumerate("类款项"):
            grid.put(depth - 1, column, word, "header")
    else:
        grid.put(top, 0, layout.code_word, "header", down=depth - top)
        grid.put(top, 1, "科目名称", "header", down=depth - top)
    column = leads
    while column < grid.width:
        path = cols[column - leads].path
        if len(path) == 1:
            grid.put(0, column, path[0], "header", down=depth)
            column += 1
            continue
        same = [n for n in range(column, grid.width) if cols[n - leads].path[0] == path[0]]
        grid.put(0, column, path[0], "header", right=len(same))
        for child in same:
            grid.put(1, child, cols[child - leads].path[1], "header", down=depth - 1)
        column += len(same)
    if layout.ordinals:
        grid.put(depth, 0, "栏次", "ordinal", right=leads)
        for n in range(len(cols)):
            grid.put(depth, leads + n, str(n + 1), "ordinal")


def _codes(account: Account, sources: tuple[str, ...]) -> list[str]:
    leaves = [item.code for item in account.items if any(item.amounts.get(source) for source in sources)]
    return sorted({code[:length] for code in leaves for length in (3, 5, 7)})


def _code_cells(grid: Grid, row: int, code: str, layout: Layout) -> None:
    if not layout.split_codes:
        grid.put(row, 0, code, "code")
        return
    for column, part in enumerate((code[:3], code[3:5], code[5:7])):
        grid.put(row, column, part, "code" if part else "blank")


def _total_row(grid: Grid, setting: Setting, cols: list[Col]) -> None:
    row = grid.height
    leads = grid.width - len(cols)
    if setting.layout.split_codes:
        grid.put(row, leads - 1, "合计", "label")
    else:
        grid.put(row, 0, "合计", "label", right=leads)
    _amounts(grid, row, setting, cols, RowId("", "合计", keys.TOTAL))


def _amounts(grid: Grid, row: int, setting: Setting, cols: list[Col], row_id: RowId) -> None:
    leads = grid.width - len(cols)
    for n, col in enumerate(cols):
        text = setting.text(setting.account.total(*col.sources, prefix=row_id.code))
        grid.amount(row, leads + n, text, col.measure, row_id)


def _empty(grid: Grid, layout: Layout, leads: int) -> None:
    row = grid.height
    grid.put(row, 0, "合计", "label", right=leads)
    for column in range(leads, grid.width):
        grid.put(row, column, "", "amount")
    for extra in range(row + 1, row + 1 + layout.empty_rows):
        for column in range(grid.width):
            grid.put(extra, column, "", "blank")
