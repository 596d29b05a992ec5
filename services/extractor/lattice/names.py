"""Names that go on in the next line of a table that no rule parts, where all its lines stand equally far apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from services.extractor.cutrow import begins, completes
from services.extractor.lattice.lines import Band
from services.extractor.lattice.pieces import Piece, is_number


def with_whole_names(bands: Sequence[Band]) -> list[Band]:
    """Rows with those as one of which the lower has nothing but the rest of names above it.

    A line is the rest of a name where the catalogue knows the two together and not the upper one alone. Where a table
    has such a name, so are other lines without a number below names that fill their column.
    """
    if not any(_goes_on(here, there) for here, there in pairwise(bands)):
        return list(bands)
    ends: dict[int, float] = {}
    for band in bands:
        for column, block in band.blocks.items():
            ends[column] = max(ends.get(column, 0.0), *(piece.x1 for piece in block.pieces))
    found: list[Band] = []
    for band in bands:
        above = found[-1] if found else None
        if above and _goes_on(above, band, ends):
            for column, block in band.blocks.items():
                above.blocks[column].add(block.pieces)
            above.bottom = max(above.bottom, band.bottom)
        else:
            found.append(band)
    return found


def _goes_on(above: Band, below: Band, ends: Mapping[int, float] | None = None) -> bool:
    """Whether a row is made up of second lines of the names above it. `ends`: how far to the right columns print."""
    if any(column not in above.blocks for column in below.blocks):
        return False
    if any(is_number(piece.text) for block in below.blocks.values() for piece in block.pieces):
        return False
    pairs = [(_text(above.blocks[column].pieces), _text(block.pieces)) for column, block in below.blocks.items()]
    if any(is_number(here) for here, _ in pairs):
        return False
    if any(completes(here, there) or _is_aside(there) for here, there in pairs):
        return True
    full = ends and all(
        block.size > ends[column] - above.blocks[column].pieces[-1].x1 for column, block in below.blocks.items()
    )
    return bool(full) and not any(begins(there) for _, there in pairs)


def _is_aside(text: str) -> bool:
    """Whether a line is all in brackets and no numbered name."""
    return text.startswith(("（", "(")) and text.endswith(("）", ")")) and not begins(text)


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)
