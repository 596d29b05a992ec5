"""An account in a layout: the whole report as blocks, ready for any writer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

from shared.catalogue.text import squeeze
from tests.corpus.accounts import FIRST_YEAR_OF_THREE_PURSES, Account, Style, invent
from tests.corpus.grid import Grid, Line, Printed, TableBlock
from tests.corpus.layouts.spec import Layout
from tests.corpus.narrative import contents, cover, explanation, overview
from tests.corpus.tables.economic import economic
from tests.corpus.tables.functional import functional
from tests.corpus.tables.others import disclosure, project_list, self_evaluation
from tests.corpus.tables.sangong import san_gong
from tests.corpus.tables.setting import Setting
from tests.corpus.tables.two_sided import numeral, two_sided

_BUILDERS: dict[str, Callable[[Setting], Grid]] = {
    "T06": economic,
    "T09": san_gong,
    "T10": disclosure,
    "XL": project_list,
    **{table: partial(two_sided, table) for table in ("T01", "T04")},
    **{table: partial(functional, table) for table in ("T02", "T03", "T05", "T07", "T08", "XP")},
}
_WIDE = ("T02", "T03", "T04", "T06", "T09", "T07")


def style_for(layout: Layout, seed: int) -> Style:
    """Which kind of account to invent for `seed`: all purses and habits take their turn."""
    rng = Random(f"style|{layout.id}|{seed}")
    first, last = layout.years
    year = rng.randint(first, last)
    return Style(
        province=layout.province,
        year=year,
        unit_account=rng.random() < 0.3,
        grain=layout.money.grain if rng.random() < 0.5 else 1,
        fund=rng.random() < 0.4,
        soe=rng.random() < 0.2 and year >= FIRST_YEAR_OF_THREE_PURSES and "T08" in layout.order,
        other_money=rng.random() < 0.5,
        carry=rng.random() < 0.5,
        size=rng.choice((0.05, 1.0, 1.0, 8.0)),
    )


def report(layout: Layout, seed: int, style: Style | None = None) -> Printed:
    """The report that belongs to `layout` and `seed`."""
    style = style or style_for(layout, seed)
    account = invent(seed, style)
    rng = Random(f"print|{layout.id}|{seed}")
    tables = [_table(table, number, account, layout, rng) for number, table in enumerate(layout.order, start=1)]
    part: list[Line | TableBlock] = [Line(f"第二部分 {account.year}年度决算表", 1), *tables]
    blocks: list[Line | TableBlock] = [*cover(account)]
    if layout.contents:
        blocks += contents([table.title for table in tables])
    blocks += overview(account)
    words = explanation(account, layout)
    if layout.narrative == "before":
        blocks += [*words, *part]
    else:
        blocks += [*part, *(words if layout.narrative == "after" else [])]
    if layout.annex:
        grid = self_evaluation(account.entity, rng)
        blocks += [Line("附件", 1), TableBlock("XS", "项目支出绩效自评表", (), grid)]
    return Printed(
        name=f"{layout.id}-{seed:04d}",
        layout=layout.id,
        entity=account.entity,
        division=account.place.code,
        year=account.year,
        unit_account=account.unit_account,
        blocks=tuple(blocks),
    )


def _table(table: str, number: int, account: Account, layout: Layout, rng: Random) -> TableBlock:
    grid = _BUILDERS[table](Setting(account, layout, rng))
    label = layout.label.format(numeral(number) if layout.label == "表{}" else number) if layout.label else ""
    who = f"{layout.entity_word}：{account.entity}"
    unit = f"{layout.unit_word}：{layout.money.unit}"
    year = [f"{account.year}年度"] if layout.year_line else []
    lines = [f"{who}    {unit}"] if layout.caption_lines == "joined" else [who, *year, unit]
    return TableBlock(
        id=table,
        title=layout.title(table),
        captions=(*([label] if label else []), *lines),
        grid=grid,
        notes=_notes(table, grid, account),
        landscape=table in _WIDE,
    )


def _notes(table: str, grid: Grid, account: Account) -> tuple[str, ...]:
    title = {"T07": "政府性基金预算财政拨款", "T08": "国有资本经营预算财政拨款"}.get(table)
    if title and not any(cell.fact for cell in grid.placed.values()):
        return (f"说明：{squeeze(account.entity)}本年度没有{title}收支，本表无数据。",)
    return ("注：本表金额按规定口径填列，部分数据因四舍五入略有尾差。",) if table == "T01" else ()
