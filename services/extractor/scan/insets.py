"""Tables that stand as pictures on a page of text: screenshots and scans pasted into a document."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
from pypdfium2 import raw  # type: ignore[import-untyped]

from services.extractor.lattice.frame import Rect
from services.extractor.lattice.page import PageContent, PageTable
from services.extractor.scan.content import ScannedPage, ScannedTable
from services.extractor.scan.page import read_scan, shows_grid
from services.extractor.scan.raster import Raster
from services.extractor.scan.render import rendered

#: Sides of a picture (points) that may hold a table.
_WIDE, _HIGH = 150.0, 50.0
#: Cells with text that make a grid a table and no chart.
_FILLED = 4


def with_insets(document: Any, index: int, page: PageContent) -> PageContent:
    """`page` (index from 0) with the tables that its pictures show; `page` itself where they show none.

    Pictures under printed text are backgrounds and are left alone; charts and photographs have no ruled tables.
    """
    boxes = [box for box in _pictures(document, index) if not _printed_on(page, box)]
    if not boxes:
        return page
    whole = rendered(document, index)
    found = [_moved(read_scan(part, page.number), box) for box in boxes if shows_grid(part := _part(whole, box))]
    found = [inset for inset in found if any(_filled(table) >= _FILLED for table in inset.tables)]
    if not found:
        return page
    values = {field.name: getattr(page, field.name) for field in fields(PageContent)}
    tables = [*page.tables, *(table for inset in found for table in inset.tables)]
    lines = [*page.lines, *(line for inset in found for line in inset.lines)]
    values["tables"] = tuple(sorted(tables, key=lambda table: (table.grid.box[1], table.grid.box[0])))
    values["lines"] = tuple(sorted(lines, key=lambda line: (line.y, line.x0)))
    values["characters"] = page.characters + sum(inset.characters for inset in found)
    return ScannedPage(**values, doubtful_words=sum(inset.doubtful_words for inset in found), inset=True)


def _pictures(document: Any, index: int) -> list[Rect]:
    """The boxes of larger pictures of an upright page, in points from its top left corner."""
    page = document[index]
    try:
        if page.get_rotation():
            return []
        left, bottom, right, top = page.get_bbox()
        found: list[Rect] = []
        for picture in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=1):
            x0, y0, x1, y1 = picture.get_bounds()
            box = (max(x0, left) - left, top - min(y1, top), min(x1, right) - left, top - max(y0, bottom))
            if box[2] - box[0] >= _WIDE and box[3] - box[1] >= _HIGH:
                found.append(box)
        return found
    finally:
        page.close()


def _filled(table: PageTable) -> int:
    return sum(1 for filling in table.fillings if filling.text)


def _printed_on(page: PageContent, box: Rect) -> bool:
    x0, y0, x1, y1 = box
    if any(x0 < line.x1 and line.x0 < x1 and y0 < line.y - line.size / 3 < y1 for line in page.lines):
        return True
    boxes = [table.grid.box for table in page.tables]
    return any(x0 < other[2] and other[0] < x1 and y0 < other[3] and other[1] < y1 for other in boxes)


def _part(whole: Raster, box: Rect) -> Raster:
    x0, y0, x1, y1 = (round(side * whole.scale) for side in box)
    return Raster(np.ascontiguousarray(whole.pixels[max(y0, 0) : y1, max(x0, 0) : x1]), whole.scale)


def _moved(inset: ScannedPage, box: Rect) -> ScannedPage:
    """An inset read by itself, at its place on the page."""
    across, down = box[0], box[1]
    return replace(
        inset,
        tables=tuple(_table(table, across, down) for table in inset.tables if isinstance(table, ScannedTable)),
        lines=tuple(line._replace(x0=line.x0 + across, x1=line.x1 + across, y=line.y + down) for line in inset.lines),
    )


def _table(table: ScannedTable, across: float, down: float) -> ScannedTable:
    grid = replace(
        table.grid,
        xs=tuple(round(x + across, 2) for x in table.grid.xs),
        ys=tuple(round(y + down, 2) for y in table.grid.ys),
    )
    boxes = tuple(
        (round(x0 + across, 2), round(y0 + down, 2), round(x1 + across, 2), round(y1 + down, 2))
        for x0, y0, x1, y1 in table.boxes
    )
    return replace(table, grid=grid, boxes=boxes)
