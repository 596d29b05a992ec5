"""A table that goes on in a second grid: when that is evident, and how the two become one."""

from __future__ import annotations

from dataclasses import replace

from services.normalizer.build import Built
from services.normalizer.recognise import View
from shared.contracts.report import Column


def continues(first: View, second: View, table: str, second_table: str | None) -> bool:
    """Whether `second`, the next grid, evidently continues `first`, which is `table`.

    It says （续）; or it stands directly below without a title or text between, has as many columns, and either no
    headings or the same ones.
    """
    match = second.segment.match
    same_width = first.segment.grid.columns == second.segment.grid.columns
    if match is not None and match.continued:
        return match.table in {None, table} and second_table in {None, table}
    if match is not None:
        return False
    same_head = not second.head.rows or second.headings == first.headings
    return second.segment.follows is not None and same_width and same_head and second_table in {None, table}


def with_head_of(first: View, second: View) -> View:
    """`second` read with the headings and columns of `first` if it prints none of its own."""
    if second.head.rows or first.segment.grid.columns != second.segment.grid.columns:
        return second
    head = replace(first.head, rows=(), ordinals=(), body=second.segment.grid.start)
    return replace(second, head=head, groups=first.groups, headings=first.headings)


def merged(first: Built, second: Built, view: View) -> Built:
    """The table of `first` with lines, cells and facts of `second` behind it.

    Rows of lines and cells of another grid count on from the last row of the first; the facts keep their own places.
    """
    same_grid = first.table.source_table == second.table.source_table
    offset = 0 if same_grid else max([view.segment.grid.table.rows, *(line.row + 1 for line in first.table.lines)])
    lines = tuple(
        line
        if same_grid
        else line.model_copy(
            update={"row": line.row + offset, "printed_at": line.printed_at or (second.table.source_table, line.row)}
        )
        for line in second.table.lines
    )
    cells = tuple(cell.model_copy(update={"row": cell.row + offset}) for cell in second.table.cells)
    table = first.table.model_copy(
        update={
            "columns": _columns(first, second),
            "lines": (*first.table.lines, *lines),
            "cells": (*first.table.cells, *cells),
            "notes": (*first.table.notes, *second.table.notes),
            "empty": first.table.empty and second.table.empty,
        }
    )
    return Built(
        table,
        [*first.facts, *second.facts],
        [*first.not_understood, *second.not_understood],
        [*first.doubts, *second.doubts],
    )


def _columns(first: Built, second: Built) -> tuple[Column, ...]:
    """The columns of both: the second adds those of groups that the first has not."""
    known = {column.group for column in first.table.columns}
    return (*first.table.columns, *(column for column in second.table.columns if column.group not in known))
