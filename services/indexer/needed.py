"""The part of a stored report that the index is made of. What is left out is passed over while reading: it is half."""

from __future__ import annotations

from pydantic import Field

from shared.contracts.report import Column, Line, Report, ReportTable, RoleCell

#: no field of this name is ever written
_NOWHERE = "-"


class NeededTable(ReportTable):
    """A table without its grid: the facts say all that is searched and queried."""

    columns: tuple[Column, ...] = Field(default=(), validation_alias=_NOWHERE)
    lines: tuple[Line, ...] = Field(default=(), validation_alias=_NOWHERE)
    cells: tuple[RoleCell, ...] = Field(default=(), validation_alias=_NOWHERE)


class NeededReport(Report):
    """A report whose tables have no grids. To be read with unknown fields ignored."""

    tables: tuple[NeededTable, ...]
