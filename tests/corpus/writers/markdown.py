"""Markdown: headings with #, tables with pipes or with tabs and <b> tags as some converters leave them."""

from __future__ import annotations

from tests.corpus.grid import Line, Printed, TableBlock
from tests.corpus.writers.text import rows_of

_BOLD = ("本年收入合计", "本年支出合计", "总计")


def _heading(line: Line) -> str:
    return f"{'#' * line.level} {line.text}" if line.level else line.text


def _lead(block: TableBlock) -> list[str]:
    return [f"## {block.title}", "", *(line for caption in block.captions for line in (caption, ""))]


def pipes(printed: Printed) -> bytes:
    """Pipe tables with a delimiter row under the first row."""
    lines: list[str] = []
    for block in printed.blocks:
        if isinstance(block, Line):
            lines += [_heading(block), ""]
            continue
        rows = rows_of(block.grid)
        lines += _lead(block)
        lines += [_pipe(rows[0]), _pipe(["---"] * block.grid.width), *map(_pipe, rows[1:]), ""]
        lines += [line for note in block.notes for line in (note, "")]
    return ("\n".join(lines) + "\n").encode()


def _pipe(row: list[str]) -> str:
    return "| " + " | ".join(text.replace("|", "\\|") for text in row) + " |"


def tabs(printed: Printed) -> bytes:
    """Tab-separated tables under markdown headings; totals in bold tags; a blank line where a page ended."""
    lines: list[str] = []
    for block in printed.blocks:
        if isinstance(block, Line):
            lines += [_heading(block), ""]
            continue
        lines += _lead(block)
        rows = rows_of(block.grid)
        for number, row in enumerate(rows):
            if number == 25 and number + 2 < len(rows):
                lines.append("")
            bold = any(text in _BOLD for text in row)
            lines.append("\t".join(f"<b>{text}</b>" if bold and text else text for text in row))
        lines += ["", *(line for note in block.notes for line in (note, ""))]
    return ("\n".join(lines) + "\n").encode()
