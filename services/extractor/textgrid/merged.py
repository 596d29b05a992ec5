"""Merged cells of a table that came as text, by what its form leaves no doubt about.

Text has no spans: a merged cell is printed at its top left, blank cells stand for the rest. In the head of a table
every blank cell belongs to a merged one, since no column is without a caption; in the body, a label in a column of
codes (合计, 栏次) reaches over the names beside it. A head in which a blank cell finds no owner is left as printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from services.extractor.textgrid.marks import Look, is_caption, is_enumerated, is_title, is_year, look
from shared.catalogue.text import squeeze
from shared.contracts.document import Cell

#: What is printed over the columns of codes and names of a row that has neither.
LABELS = frozenset({"合计", "总计", "栏次", "栏"})
_BLOCK_TOTAL = "经费合计"
_CODES = ("编码", "代码")
_LEVELS = frozenset({"类", "款", "项"})
_NAME = "名称"
_ORDINAL = "行次"
_FEWEST_CAPTIONS = 2
#: Rows of captions. What has more is a form of fields and texts.
_TALLEST = 4


@dataclass(slots=True)
class _Piece:
    """A cell that may grow: `below` and `right` are the first row and column behind it."""

    cell: Cell
    text: str
    below: int
    right: int

    @property
    def columns(self) -> range:
        return range(self.cell.column, self.right)


_Line = list[_Piece]


def merge(cells: Sequence[Cell], rows: int, columns: int) -> tuple[Cell, ...]:
    """`cells`, which tile `rows` x `columns`, with blank ones taken into the merged cells they are part of."""
    lines = [list(line) for _, line in groupby(cells, key=lambda cell: cell.row)]
    top = _top(lines)
    end = _end(lines, top)
    if not top < end < rows or len(lines) < rows or any(cell.rowspan > 1 for cell in cells):
        return tuple(cells)
    head = [_pieces(line) for line in lines[top:end]]
    if not _merge_head(head, columns):
        head = [_pieces(line) for line in lines[top:end]]  # pieces have grown, and in vain
    captions = [_caption(head, column) for column in range(columns)]
    ordinal = captions.index(_ORDINAL) if _ORDINAL in captions else 0
    numbers = sum(1 for cell in cells if cell.column == ordinal and cell.row >= end and cell.text)
    if numbers * 2 <= rows - end:
        ordinal = 0
    merged = [*chain(*lines[:top]), *_printed(head)]
    for line in lines[end:]:
        merged += (
            line if all(cell.text for cell in line) else _printed([_merge_labels(_pieces(line), captions, ordinal)])
        )
    return tuple(merged)


def _pieces(cells: Sequence[Cell]) -> _Line:
    """The cells of a row by column; a spanned one stands at all of its columns."""
    line: _Line = []
    for cell in cells:
        piece = _Piece(cell, squeeze(cell.text), cell.row + cell.rowspan, cell.column + cell.colspan)
        line += [piece] * cell.colspan
    return line


def _texts(line: Sequence[Cell]) -> list[str]:
    return [text for cell in line if (text := squeeze(cell.text))]


def _top(lines: Sequence[Sequence[Cell]]) -> int:
    """The first row that is part of the form: title, department and unit may stand in rows above it."""
    for row, line in enumerate(lines):
        texts = _texts(line)
        lone = len(set(texts)) == 1 and (is_title(texts[0]) or is_year(texts[0]))
        if texts and not lone and not any(map(is_caption, texts)):
            return row
    return len(lines)


def _end(lines: Sequence[Sequence[Cell]], top: int) -> int:
    """The first row behind the captions; `top` if there is none to be told.

    A row of captions stands below parents of several columns. What has a caption of one column above it is an entry.
    """
    above: _Line = []
    captions = 0
    for row in range(top, len(lines)):
        line = _pieces(lines[row])
        texts = [piece.text for piece in line if piece.text]
        if not texts:
            if captions > 1 or above[0].text.endswith(_CODES):
                continue  # the foot of merged captions
            return row  # an entry of which nothing is printed
        if (texts[0] in LABELS and (texts[0] != "合计" or len(set(texts)) == 1)) or any(map(_is_figure, texts)):
            return row
        if above and not all(_is_child(above, column) for column, piece in enumerate(line) if piece.text):
            return row
        above, captions = line, captions + 1
        if captions > _TALLEST:
            return top
    return max((row for row in range(top, len(lines)) if _texts(lines[row])), default=top - 1) + 1


def _is_child(above: _Line, column: int) -> bool:
    """Whether the cell above is part of one that takes several columns, as far as blank cells can tell."""
    parent = above[column]
    return not parent.text or parent.right - parent.cell.column > 1 or not all(p.text for p in above[column + 1 :][:1])


def _is_figure(text: str) -> bool:
    return look(text) in {Look.NUMBER, Look.INTEGER, Look.DASH}


def _merge_head(head: list[_Line], columns: int) -> bool:
    """Leave no blank cell in the rows of captions; False if one of them is without an owner."""
    if len({piece.cell.column for line in head for piece in line if piece.text}) < _FEWEST_CAPTIONS:
        return False
    for row in range(len(head)):
        if row:
            _reach_down(head, row, columns)
        for column in range(columns):
            if head[row][column].text:
                continue
            if not column or not _reaches_right(head, row, column):
                return False
            owner = head[row][column - 1]
            owner.right = column + 1
            head[row][column] = owner
    return True


def _reach_down(head: list[_Line], row: int, columns: int) -> None:
    """Captions of the row above go on where nothing but blank cells stands below all of their columns."""
    column = 0
    while column < columns:
        above = head[row - 1][column]
        if not any(head[row][position].text for position in above.columns):
            for position in above.columns:
                head[row][position] = above
            above.below += 1
        column = above.right


def _reaches_right(head: list[_Line], row: int, column: int) -> bool:
    """Whether the caption left of a blank cell is the parent of what stands below that cell."""
    left = head[row][column - 1]
    if row and (left is head[row - 1][column - 1] or head[row - 1][column] is not head[row - 1][column - 1]):
        return False
    lower = head[row + 1 :]
    child = next((line[column].text for line in lower if line[column].text), "")
    own = any(line[left.cell.column].text for line in lower)
    # what is left from one year to the next is no part of what was received or spent in it
    return own and bool(child) and not (left.text.startswith("本年") and child.startswith(("年初", "年末")))


def _caption(head: list[_Line], column: int) -> str:
    return next((line[column].text for line in reversed(head) if line[column].text), "")


def _merge_labels(line: _Line, captions: Sequence[str], ordinal: int) -> _Line:
    """A label in a column of codes takes the blank names beside it; a total of blocks all that is left of its amount.

    The head of a section takes the whole row; in a table that numbers its rows (in column `ordinal`) it has no number.
    """
    if ordinal and is_enumerated(line[0].text) and not any(piece.text for piece in line if piece is not line[0]):
        line[0].right = len(line)
        return [line[0]] * len(line)
    column = 0
    while column < len(line):
        piece = line[column]
        column = piece.right
        if look(piece.text) is not Look.TEXT or not _is_code(captions[piece.cell.column]):
            continue
        end = column
        while end < len(line) and not line[end].text:
            end += 1
        if not piece.text.endswith(_BLOCK_TOTAL):
            end = next((place for place in range(column, end) if not is_label(captions[place])), end)
        elif end == len(line) or not _is_figure(line[end].text):
            end -= 1  # the amount is blank
        if end > column:
            line[column:end] = [piece] * (end - column)
            piece.right = column = end
    return line


def _is_code(caption: str) -> bool:
    return caption in _LEVELS or caption.endswith(_CODES)


def is_label(caption: str) -> bool:
    """Whether `caption` stands over the codes or names of subjects, whose columns merged labels take."""
    caption = squeeze(caption)
    return _is_code(caption) or caption.endswith(_NAME)


def _printed(lines: Sequence[_Line]) -> Iterator[Cell]:
    """Every cell once, in order, as wide and as high as it has become."""
    seen: _Piece | None = None
    for number, line in enumerate(lines):
        above = lines[number - 1] if number else line
        for column, piece in enumerate(line):
            if piece is seen or (number and above[column] is piece):
                continue
            seen, cell = piece, piece.cell
            size = {"rowspan": piece.below - cell.row, "colspan": piece.right - cell.column}
            same = size == {"rowspan": cell.rowspan, "colspan": cell.colspan}
            yield cell if same else cell.model_copy(update=size)
