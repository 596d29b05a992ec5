"""The part of a stored report that the rules look at. What is left out is passed over while reading: a quarter."""

from __future__ import annotations

from pydantic import Field

from shared.contracts.base import Exact
from shared.contracts.report import Line, Report, ReportTable, RoleCell

#: no field of this name is ever written
_NOWHERE = "-"


class NeededCell(RoleCell):
    """The role of a cell and what is printed in it: its amount is in the facts."""

    amount: Exact | None = Field(default=None, validation_alias=_NOWHERE)


class NeededLine(Line):
    """A line by its key and name."""

    label: str = Field(default="", validation_alias=_NOWHERE)
    ordinal: str | None = Field(default=None, validation_alias=_NOWHERE)


class NeededTable(ReportTable):
    """A table of such lines and cells."""

    lines: tuple[NeededLine, ...] = ()
    cells: tuple[NeededCell, ...] = ()


class NeededReport(Report):
    """A report of such tables. Unknown fields are to be ignored; every rule says of it what it says of the whole."""

    tables: tuple[NeededTable, ...]
