"""The part of a stored report that the rules look at. What is left out is passed over while reading: a third."""

from __future__ import annotations

from pydantic import Field

from shared.contracts.report import Report, ReportTable, RoleCell


class NeededTable(ReportTable):
    """A table by its lines and columns: what is printed in a cell is in the facts, or was not understood."""

    #: no field of this name is ever written
    cells: tuple[RoleCell, ...] = Field(default=(), validation_alias="-")


class NeededReport(Report):
    """A report of such tables. Unknown fields are to be ignored; every rule says of it what it says of the whole."""

    tables: tuple[NeededTable, ...]
