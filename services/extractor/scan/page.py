"""One scanned page as tables and lines of text, in the same shape as a digital page."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import fields

from services.extractor.lattice.bare import Before
from services.extractor.lattice.chars import Characters
from services.extractor.lattice.frame import Frame, Rect
from services.extractor.lattice.page import PageContent, PageTable, content_of
from services.extractor.lattice.strokes import Drawing
from services.extractor.scan.clean import shows_something
from services.extractor.scan.content import ScannedPage, ScannedTable
from services.extractor.scan.raster import Raster
from services.extractor.scan.sheet import Flat, Place, Sheet, flat_of, sheet_of
from services.extractor.scan.words import Word, glyphs_of, read_words

#: How many of the longest words are read to see whether the page is the right way up, their characters that are
#: enough to say so, and how sure they are then on the average.
_LOOKED_AT, _ENOUGH, _UPRIGHT = 6, 12, 0.85
_LONGEST = 14  # em
#: Characters of a word that count: the model reads single ones on their side too.
_WORD = 3


def read_scan(raster: Raster, number: int, before: Before | None = None) -> ScannedPage:
    """Page `number` (1-based) from its image. `before` is as for `read_page` of the lattice."""
    flat = flat_of(raster)
    sheet, words, turns = _upright(flat)
    content = _content(sheet, words, number, before)
    seen = Frame(0.0, 0.0, raster.width, raster.height)
    upright = seen.turned(turns)
    tables: list[ScannedTable] = []
    inside: set[int] = set()
    for table in content.tables:
        by_span = _by_span(table, words, sheet.scale)
        inside.update(id(word) for own in by_span for word in own)
        boxes = tuple(_back(flat, upright.into(seen, box)) for box in table.boxes)
        tables.append(_scanned(table, by_span, boxes))
    values = {field.name: getattr(content, field.name) for field in fields(content)}
    values |= {"tables": tuple(tables)}
    doubtful = sum(word.doubtful for word in words if id(word) not in inside)
    illegible = not any(word.characters for word in words) and (bool(words) or shows_something(raster))
    return ScannedPage(**values, doubtful_words=doubtful, illegible=illegible)


def shows_grid(raster: Raster) -> bool:
    """Whether an image shows a ruled table, before anything of it is read."""
    return bool(sheet_of(flat_of(raster)).cells)


def _upright(flat: Flat) -> tuple[Sheet, list[Word], int]:
    """The page turned the way that it reads, its words, and by how many quarters clockwise it was turned."""
    best: tuple[float, int, Sheet, dict[Place, Word]] | None = None
    for quarters in (0, 3, 1, 2):
        sheet = sheet_of(flat.turned(quarters))
        read = _sample(sheet)
        sure = [one.sure for word in read.values() if len(word.characters) >= _WORD for one in word.characters]
        legible = sum(sure) / max(len(sure), _ENOUGH)
        if best is None or legible > best[0]:
            best = legible, quarters, sheet, read
        if legible >= _UPRIGHT or not sheet.places:
            break
    assert best is not None
    _, turns, sheet, known = best
    others = [place for place in sheet.places if place not in known]
    known |= dict(zip(others, read_words(sheet, others), strict=True))
    return sheet, [known[place] for place in sheet.places], turns


def _sample(sheet: Sheet) -> dict[Place, Word]:
    """Some long words."""
    places = [place for place in sheet.places if place.segment.width <= _LONGEST * sheet.em]
    places.sort(key=lambda place: -place.segment.width)
    return dict(zip(places[:_LOOKED_AT], read_words(sheet, places[:_LOOKED_AT]), strict=True))


def _content(sheet: Sheet, words: list[Word], number: int, before: Before | None) -> PageContent:
    frame = Frame(0.0, 0.0, sheet.width, sheet.height)
    strokes = [(x0, sheet.height - y1, x1, sheet.height - y0) for x0, y0, x1, y1 in sheet.strokes]
    drawing = Drawing(strokes=strokes, directions=Counter({0: 1}), visible_text=1)
    characters = Characters(glyphs_of(words, sheet.scale), 0, truncated=False)
    return content_of(number, drawing, frame, frame, characters, before)


def _by_span(table: PageTable, words: list[Word], scale: float) -> list[list[Word]]:
    """For each span of the table its words."""
    grid = table.grid
    x0, y0, x1, y1 = grid.box
    owners = grid.owners()
    found: list[list[Word]] = [[] for _ in grid.spans]
    for word in words:
        x, y = (word.box.x0 + word.box.x1) / 2 / scale, (word.box.y0 + word.box.y1) / 2 / scale
        if x0 <= x < x1 and y0 <= y < y1:
            found[owners[bisect_right(grid.ys, y) - 1][bisect_right(grid.xs, x) - 1]].append(word)
    return found


def _scanned(table: PageTable, by_span: list[list[Word]], boxes: tuple[Rect, ...]) -> ScannedTable:
    return ScannedTable(
        grid=table.grid,
        fillings=table.fillings,
        boxes=boxes,
        sure=table.sure,
        confidences=tuple(round(min(word.sure for word in own), 3) if own else None for own in by_span),
        doubtful=tuple(any(word.doubtful for word in own) for own in by_span),
    )


def _back(flat: Flat, box: Rect) -> Rect:
    """Where a box (points) was before the page was turned straight: as large, around the same point."""
    if flat.straight is None:
        return _rounded(box)
    x, y = flat.straight.back((box[0] + box[2]) / 2 * flat.scale, (box[1] + box[3]) / 2 * flat.scale)
    across, down = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
    x, y = x / flat.scale, y / flat.scale
    return _rounded((x - across, y - down, x + across, y + down))


def _rounded(box: Rect) -> Rect:
    return round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2)
