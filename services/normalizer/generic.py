"""Tables that are none of the ten: kept as plain grids, with facts only where they evidently are accounts in money."""

from __future__ import annotations

import re

from services.normalizer.build import Built, Setting, build
from services.normalizer.recognise import View
from shared.catalogue.amounts import read_amount
from shared.catalogue.text import fold, squeeze
from shared.contracts.document import Table
from shared.contracts.report import CellRole, ReportTable, RoleCell

_ACCOUNT = re.compile(r"决算.*表|支出.*表|收入.*表|收支.*表|采购.*表|经费.*表")
_NO_ACCOUNT = re.compile(
    r"绩效|自评|评价|指标|得分|分值|权重|目标|构成|职责|编制人数|名单|年初预算批复|完成率|执行率|满意"
)


def is_account(view: View) -> bool:
    """Whether a table of another kind is an account: titled so, with a printed unit, and no table of performance."""
    segment = view.segment
    words = segment.title + view.headings + "".join(segment.lines[-2:])
    titled = segment.match is not None and _ACCOUNT.search(segment.match.core) and "决算" in segment.match.core
    return bool(
        titled
        and segment.captions.unit is not None
        and not _NO_ACCOUNT.search(fold(words))
        and any(group.amounts and (group.codes or group.label is not None) for group in view.groups)
    )


def build_generic(view: View, setting: Setting) -> Built:
    """An X table: read like an account if it is one, else a grid whose cells are texts."""
    return build(view, setting) if is_account(view) else Built(plain_grid(view, setting))


def plain_grid(view: View, setting: Setting) -> ReportTable:
    """The grid with the roles that are evident: headings, texts, blanks; no figure is taken for an amount."""
    table: Table = view.segment.grid.table
    grid = view.segment.grid
    roles = []
    for cell in table.cells:
        if not grid.start <= cell.row < grid.end:
            continue
        role = CellRole.HEADER if cell.row in view.head.rows else CellRole.TEXT
        roles.append(
            RoleCell(
                row=cell.row,
                column=cell.column,
                role=role if squeeze(cell.text) else CellRole.BLANK,
                raw=cell.text.strip(),
            )
        )
    captions = view.segment.captions
    return ReportTable(
        id=setting.table,
        title=view.segment.title,
        number=captions.number,
        source_table=table.index,
        page=view.segment.page,
        unit=captions.unit,
        unit_printed=captions.unit_printed,
        year=captions.year,
        entity=captions.entity,
        cells=tuple(roles),
        notes=view.segment.notes,
        empty=not any(read_amount(cell.text).printed for cell in table.cells),
        why=setting.why,
    )
