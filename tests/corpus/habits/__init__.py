"""Every habit of drawing a table, over any report: the cells are known, only the drawing differs.

`HABITS[name](printed)` is a PDF; `true_cells(printed)` are the cells that a reader must find in it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.corpus.grid import Printed
from tests.corpus.habits import rules, sheets
from tests.corpus.habits.flow import Style, draw
from tests.corpus.habits.truth import Exact, TrueCell, found_cells, score, score_tables, true_cells
from tests.corpus.writers.pdf import Habit

_PLAIN_BREAK = Habit(repeat_header=False)
_CUT = Habit(repeat_header=False, cut_rows=True)

STYLES: dict[str, Style] = {
    # every border drawn, by different pens
    "stroked": Style(),
    "filled": Style(pen=rules.filled, breaks=_CUT),
    "one_path": Style(pen=rules.boxes),
    "dashed": Style(pen=rules.dashed),
    "dashes": Style(pen=rules.dashes),
    "dotted": Style(pen=rules.dotted),
    "doubled": Style(pen=rules.doubled),
    "gapped": Style(pen=rules.gapped),
    "thick": Style(pen=rules.thick),
    "faint": Style(pen=rules.faint),
    # borders left out
    "no_sides": Style(rules=rules.no_sides, breaks=_PLAIN_BREAK),
    "no_ends": Style(rules=rules.no_ends),
    "rows_only": Style(rules=rules.rows_only),
    "columns_only": Style(rules=rules.columns_only),
    "three_lines": Style(rules=rules.three_lines),
    "header_only": Style(rules=rules.header_only),
    "outline": Style(rules=rules.outline),
    "frame": Style(rules=rules.frame),
    "no_rules": Style(rules=rules.none),
    "no_rules_no_repeat": Style(rules=rules.none, breaks=_PLAIN_BREAK),
    "three_lines_no_repeat": Style(rules=rules.three_lines, breaks=_PLAIN_BREAK),
    "rows_only_no_repeat": Style(rules=rules.rows_only, breaks=_PLAIN_BREAK),
    # shading
    "white_on_black": Style(rules=rules.none, under=sheets.white_on_black),
    "tiles": Style(rules=rules.none, under=sheets.tiles),
    "white_rules": Style(under=sheets.solid, pen=rules.white, text=sheets.light_text),
    "banded": Style(under=sheets.banded),
    "banded_no_rules": Style(rules=rules.none, under=sheets.banded),
    # text
    "run_on": Style(wrap=False),
    "clipped": Style(wrap=False, text=sheets.clipped_text),
    "centred": Style(text=sheets.centred_text),
    "centred_no_rules": Style(rules=rules.none, text=sheets.centred_text),
    "turned_headings": Style(text=sheets.turned_headings),
    "overlaid": Style(text=sheets.overlaid),
    "single_characters": Style(text=sheets.single_characters),
    # the page
    "rotate_90": Style(before=sheets.turned(90)),
    "rotate_180": Style(before=sheets.turned(180)),
    "rotate_270": Style(before=sheets.turned(270)),
    "sideways": Style(before=sheets.sideways),
    "shrunk": Style(before=sheets.shrunk),
    "enlarged": Style(before=sheets.enlarged),
    "form": Style(in_form=True),
    "watermark": Style(after=sheets.watermark),
    "seal": Style(after=sheets.seal),
    "no_repeat": Style(breaks=_PLAIN_BREAK),
    "cut_rows": Style(breaks=_CUT),
}
#: What ordinary programs print: read without any fault. The others are odd.
CLEAN = ("stroked", "filled", "one_path", "no_repeat", "cut_rows", "overlaid", "form", "thick")
#: Tables of which no rule says how far a cell reaches: their spans are not compared.
_UNRULED = (rules.none, rules.rows_only, rules.three_lines, rules.frame, rules.header_only, rules.outline)
UNRULED = tuple(name for name, style in STYLES.items() if style.rules in _UNRULED)
HABITS: dict[str, Callable[[Printed], bytes]] = {name: partial(draw, style=style) for name, style in STYLES.items()}


def habit_pdf(name: str, printed: Printed) -> bytes:
    """The report as a PDF drawn in the habit `name`."""
    return HABITS[name](printed)


__all__ = [
    "CLEAN",
    "HABITS",
    "STYLES",
    "UNRULED",
    "Exact",
    "TrueCell",
    "found_cells",
    "habit_pdf",
    "score",
    "score_tables",
    "true_cells",
]
