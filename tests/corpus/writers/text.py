"""Plain text as converters leave it: a row a line with tabs, or a cell a line with a leading tab."""

from __future__ import annotations

from tests.corpus.grid import Grid, GridCell, Line, Printed, TableBlock

_BLANK = "\u3000"


def rows_of(grid: Grid) -> list[list[str]]:
    """The rows as text has them: a merged cell stands once, at its top left; every other position is blank."""
    rows = [[""] * grid.width for _ in range(grid.height)]
    for cell in grid.cells():
        rows[cell.row][cell.column] = cell.text
    return rows


def _tab_table(block: TableBlock) -> list[str]:
    lines = [block.title, "", *(line for caption in block.captions for line in (caption, ""))]
    lines += ["\t".join(row) for row in rows_of(block.grid)]
    lines += ["", *block.notes, ""]
    return lines


def tabs_text(printed: Printed) -> str:
    """Tab-separated tables under their titles."""
    lines: list[str] = []
    for block in printed.blocks:
        lines += [block.text, ""] if isinstance(block, Line) else _tab_table(block)
    return "\n".join(lines) + "\n"


def tabs(printed: Printed) -> bytes:
    """Tab-separated, UTF-8."""
    return tabs_text(printed).encode()


def tabs_gb18030(printed: Printed) -> bytes:
    """Tab-separated, GB18030, line ends of Windows."""
    return tabs_text(printed).replace("\n", "\r\n").encode("gb18030")


def cells(printed: Printed) -> bytes:
    """One cell per line: a leading tab, a blank line between rows; merged cells make rows shorter."""
    lines: list[str] = []
    for block in printed.blocks:
        if isinstance(block, Line):
            lines += [block.text, ""]
            continue
        for text in (block.title, *block.captions):
            lines += [f"\t{text}", ""]
        for row in _short_rows(block.grid):
            lines += [f"\t{text}" for text in row]
            lines.append("")
        lines += [f"\t{note}" for note in block.notes]
        lines += ["", ""]
    return ("\n".join(lines) + "\n").encode()


def _short_rows(grid: Grid) -> list[list[str]]:
    """Each cell of a row once; a cell merged downwards leaves one blank cell in each row it covers."""
    rows: list[list[str]] = []
    for row in range(grid.height):
        texts: list[str] = []
        previous: GridCell | None = None
        for column in range(grid.width):
            cell = grid.at(row, column)
            if cell is not None and cell is previous:
                continue
            texts.append(_printed(cell, row, column))
            previous = cell
        rows.append(texts)
    return rows


def _printed(cell: GridCell | None, row: int, column: int) -> str:
    if cell is None or cell.row != row:
        return ""
    if cell.text:
        return cell.text
    return _BLANK if (row + column) % 2 else ""
