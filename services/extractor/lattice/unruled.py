"""Tables with a ruled header over a body that has an outline only: the header tells the columns, the lines the rows."""

from __future__ import annotations

import re
from itertools import pairwise

from services.extractor.lattice.bands import Network
from services.extractor.lattice.chars import Glyph
from services.extractor.lattice.fill import lines_of
from services.extractor.lattice.grid import Grid, Span
from services.extractor.lattice.rules import Rule

#: Lines with an amount and a wide gap that make a cell over several columns the body of a table.
_LEAST_LINES = 3
_AMOUNT = re.compile(r"(?:^|\s)-?[0-9][0-9,]*\.[0-9]{1,2}(?![0-9万元%])")
_MIDDLE = 0.35


def with_rows(network: Network, grid: Grid, cells: list[list[Glyph]]) -> Network | None:
    """The rules of `grid` and those that its body lacks; None when every cell of it is a cell."""
    added: list[Network] = []
    for span, glyphs in zip(grid.spans, cells, strict=True):
        if span.colspan > 1 and len(glyphs) > _LEAST_LINES:
            body = _body(grid, span, glyphs)
            if body:
                added.append(body)
    if not added:
        return None
    across, down = network
    return (
        [*across, *(rule for body in added for rule in body[0])],
        [*down, *(rule for body in added for rule in body[1])],
    )


def _body(grid: Grid, span: Span, glyphs: list[Glyph]) -> Network | None:
    x0, y0, x1, y1 = grid.box_of(span)
    lines = lines_of(glyphs)
    if sum(1 for line in lines if line.gaps and _AMOUNT.search(line.text)) < _LEAST_LINES:
        return None
    parts = [(here.y + there.y - _MIDDLE * (here.size + there.size)) / 2 for here, there in pairwise(lines)]
    across = [Rule(part, x0, x1) for part in parts]
    down: list[Rule] = []
    for top, bottom in pairwise([y0, *parts, y1]):
        row = [g for g in glyphs if top <= g[0] - _MIDDLE * g[3] < bottom and not g[4].isspace()]
        bounds = grid.xs[span.column + 1 : span.column + span.colspan]
        down.extend(Rule(x, top, bottom) for x in bounds if not any(g[1] < x - 1 and x + 1 < g[2] for g in row))
    return across, down
