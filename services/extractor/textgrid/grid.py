"""Rows that belong together as a rectangular grid in which every amount stands in its column."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from services.extractor.limits import MAX_COLUMNS, check_cells
from services.extractor.textgrid.collect import RawTable
from services.extractor.textgrid.economic import blocks, parent_starts, total_labels, total_places
from services.extractor.textgrid.fit import WIDEST_FIT, Budget, Fit, Profile, fit
from services.extractor.textgrid.headers import Unit, over_columns, over_units
from services.extractor.textgrid.items import Style
from services.extractor.textgrid.marks import Look, is_amount, look
from services.extractor.textgrid.merged import LABELS, is_label, merge
from services.extractor.textgrid.spaced import by_position
from shared.catalogue.text import squeeze
from shared.contracts.base import Text
from shared.contracts.document import Cell, Doubt, DoubtCode, Table

_FITS = -0.2
_FEW = 2
_TALLEST_HEADER = 3
_FEW_FULL = 4


@dataclass(slots=True)
class _Line:
    """A row on its way to the grid: cells, their kinds, and once known (first column, count) of each."""

    cells: list[str]
    kinds: tuple[Look, ...]
    number: int
    spans: tuple[tuple[int, int], ...] | None = None
    unsure: tuple[int, ...] = ()
    ragged: bool = False

    @property
    def has_numbers(self) -> bool:
        return any(kind in {Look.NUMBER, Look.INTEGER} for kind in self.kinds)


def build(raw: RawTable, index: int, budget: Budget, *, indented: bool = True) -> tuple[Table, list[Doubt]]:
    """The grid of `raw` as table number `index`, and a doubt for each row whose amounts could stand elsewhere.

    `indented`: some line of the text begins with a tab, so blank cells at the beginning of lines are still there.
    """
    if raw.style is Style.SPACES:
        rows, unsure = by_position(raw.rows)
        lines = [_line(cells, row.line) for cells, row in zip(rows, raw.rows, strict=True)]
        for line, cells in zip(lines, unsure, strict=True):
            line.unsure = cells
    else:
        lines = [_line(row.cells, row.line) for row in raw.rows]
    columns = _columns(lines)
    _lay_out(lines, columns, budget, explicit=raw.style in {Style.TABS, Style.PIPES})
    if raw.style is Style.TABS and not indented:
        _doubt_shifted(lines, columns)
    return _table(lines, index)


def _line(cells: list[str], number: int) -> _Line:
    return _Line(cells, tuple(look(cell) for cell in cells), number)


def _columns(lines: list[_Line]) -> int:
    """The width of most full rows: the largest that occurs twice, else the largest.

    In a table that nothing was entered in all rows with a merged label (合计, 栏次) are shorter than the captions are.
    """
    widths = Counter(len(line.cells) for line in lines)
    common = max([width for width, count in widths.items() if count > 1] or widths)
    wider = next((place for place, line in enumerate(lines) if len(line.cells) > common), None)
    if wider is None:
        return common
    wide = len(lines[wider].cells)
    led = [line for line in lines if len(line.cells) == common and line.cells[0]]
    merged = led and all(squeeze(line.cells[0]) in LABELS for line in led)
    return wide if merged and _label_columns(lines, wide) == wide - common + 1 else common


def _label_columns(lines: list[_Line], columns: int) -> int:
    """How many columns at the left hold codes and names by the first row that has a caption for each column."""
    place = next((place for place, line in enumerate(lines) if len(line.cells) == columns), None)
    if place is None:
        return 0
    captions = lines[place].cells
    above = iter(lines[place - 1].cells if place else ())
    parent = ""
    for column, caption in enumerate(captions):
        # over a blank cell stands a caption that is merged downwards, over a run of captions their parent
        if not column or not caption or not captions[column - 1]:
            parent = next(above, "")
        if not is_label(caption or parent):
            return column
    return columns


def _lay_out(lines: list[_Line], columns: int, budget: Budget, *, explicit: bool) -> None:
    blanks_printed = explicit and any("" in line.cells for line in lines)
    for line in lines:
        if len(line.cells) > columns:
            while len(line.cells) > columns and not line.cells[-1]:
                line.cells.pop()
            line.kinds = line.kinds[: len(line.cells)]
            line.ragged = len(line.cells) > columns
        if len(line.cells) >= columns or columns > WIDEST_FIT or not any(line.cells):
            line.spans = _one_each(len(line.cells))
            # no form is that wide: rows stand one behind the other, with nothing between them
            line.ragged |= columns > WIDEST_FIT and len(line.cells) > WIDEST_FIT and line.has_numbers
        elif len(line.cells) == 1:
            line.spans = ((0, 1 if blanks_printed else columns),)
    if all(line.spans for line in lines):
        return
    if not explicit:
        _lay_out_labels(lines, columns)
    _keep_within(lines, columns, budget)
    first = next((number for number, line in enumerate(lines) if line.has_numbers), len(lines))
    full = [line for line in lines if len(line.cells) == columns]
    captions = [line for line in lines[:first] if (explicit or len(line.cells) == columns) and any(line.cells)]
    profile = Profile(
        columns,
        _telling(lines, columns, explicit=explicit),
        [_lowest(captions, column) for column in range(columns)] if captions else (),
    )
    _lay_out_numbers(lines, profile, explicit=explicit)
    _lay_out_words(lines[first:], profile)
    _lay_out_header(lines[:first], profile, full, explicit=explicit)


def _lay_out_labels(lines: list[_Line], columns: int) -> None:
    """合计 and 栏次 over all columns of codes and names, where the cells behind them are as many as other columns."""
    labels = _label_columns(lines, columns)
    for line in lines:
        merged = line.spans is None and squeeze(line.cells[0]) in LABELS
        if merged and 1 < labels == columns - len(line.cells) + 1:
            line.spans = ((0, labels), *((column, 1) for column in range(labels, columns)))


def _keep_within(lines: list[_Line], columns: int, budget: Budget) -> None:
    """Leave the rows that the budget is too small for as they are printed, with a doubt."""
    known: set[tuple[Look, ...]] = set()
    for line in lines:
        again = line.kinds in known and line.has_numbers and not total_labels(line.cells)
        if line.spans is not None or again:
            continue
        known.add(line.kinds)
        count = len(line.cells)
        if not budget.take(count * columns * (columns - count + 1)):
            line.spans, line.ragged = _one_each(count), True


def _telling(lines: list[_Line], columns: int, *, explicit: bool) -> list[list[str]]:
    """The rows with numbers that say what the columns hold: those that fill them all.

    Where separators are printed and few rows are full, blank cells at the end were lost, and all rows say it.
    """
    numbers = [line.cells for line in lines if line.has_numbers and len(line.cells) <= columns]
    full = [cells for cells in numbers if len(cells) == columns]
    return numbers if explicit and len(full) * _FEW_FULL < len(numbers) else full


def _one_each(count: int) -> tuple[tuple[int, int], ...]:
    return tuple((column, 1) for column in range(count))


def _lowest(captions: list[_Line], column: int) -> str:
    return next((line.cells[column] for line in reversed(captions) if "".join(line.cells[column : column + 1])), "")


def _lay_out_numbers(lines: list[_Line], profile: Profile, *, explicit: bool) -> None:
    """Short rows with numbers: by the kinds of cells that the columns hold."""
    known: dict[tuple[Look, ...], Fit] = {}
    found_blocks = blocks([line.cells for line in lines if len(line.cells) == profile.columns])
    for line in lines:
        if line.spans is not None or not line.has_numbers:
            continue
        if explicit and _stands_left(line, profile):
            line.spans = _one_each(len(line.cells))
            continue
        bonus = total_places(line.cells, found_blocks, profile.amounts)
        found = known.get(line.kinds) if not bonus else None
        if found is None:
            found = fit(line.kinds, profile, explicit=explicit, bonus=bonus)
            if not bonus:
                known[line.kinds] = found
        line.spans = found.spans
        line.unsure = tuple(cell for cell in found.unsure if is_amount(line.cells[cell]))
        line.ragged = found.padded > 0
        if line.ragged and not explicit:  # a cell is missing somewhere, so any amount may be shifted
            line.unsure = tuple(
                cell
                for cell, (column, _) in enumerate(found.spans)
                if profile.amounts[column] and is_amount(line.cells[cell])
            )


def _doubt_shifted(lines: list[_Line], columns: int) -> None:
    """Doubt short rows that would suit columns further to the right: what stood left of them may have been blank.

    A second row of captions below one of a single column (小计 below 合计) cannot stand where it begins.
    """
    profile = Profile(columns, [line.cells for line in lines if line.has_numbers and len(line.cells) == columns])
    above: _Line | None = None
    for line in lines:
        count = len(line.cells)
        if count >= columns or line.spans != _one_each(count):
            pass  # full, or placed with care
        elif line.has_numbers:
            if any(_suit(line, profile, shift) for shift in range(1, columns - count + 1)):
                line.unsure = tuple(cell for cell, text in enumerate(line.cells) if is_amount(text))
        elif above is not None and not above.has_numbers and count > 1:
            line.ragged = all(above.cells[:2]) and len(above.cells) > 1
        if any(line.cells):
            above = line


def _suit(line: _Line, profile: Profile, shift: int) -> bool:
    """Whether the cells of `line` suit the columns from `shift` on."""
    return all(
        kind is Look.BLANK or profile.score(kind, column, 1) > _FITS
        for column, kind in enumerate(line.kinds, start=shift)
    )


def _stands_left(line: _Line, profile: Profile) -> bool:
    """Whether only blank cells at the end are missing: every cell suits the column it stands in.

    A label with a blank cell behind it (合计 above code and name) suits any.
    """
    following = (*line.kinds[1:], Look.TEXT)
    return all(
        kind is Look.BLANK
        or (kind is Look.TEXT and following[column] is Look.BLANK)
        or profile.score(kind, column, 1) > _FITS
        for column, kind in enumerate(line.kinds)
    )


def _lay_out_words(lines: list[_Line], profile: Profile) -> None:
    """Short rows of words between the numbers: like a neighbour with as many cells, whose captions they often are."""
    for position, line in enumerate(lines):
        if line.spans is not None:
            continue
        near = [lines[other] for other in (position + 1, position - 1) if 0 <= other < len(lines)]
        twin = next((other for other in near if other.spans and len(other.cells) == len(line.cells)), None)
        if twin is not None and len(twin.cells) < profile.columns:
            line.spans = twin.spans
            if twin.has_numbers:
                twin.unsure = ()  # wherever the two rows stand, the amounts stand below their captions
        else:
            line.spans = _field(line, profile) or fit(line.kinds, profile).spans


def _field(line: _Line, profile: Profile) -> tuple[tuple[int, int], ...] | None:
    """A row of a form: one label, and one value that takes all the rest."""
    return ((0, 1), (1, profile.columns - 1)) if len(line.cells) == _FEW else None


def _lay_out_header(lines: list[_Line], profile: Profile, full: list[_Line], *, explicit: bool) -> None:
    """Short header rows from the bottom up: each over the row below it."""
    likely = parent_starts([line.cells for line in full])
    is_form = sum(1 for line in lines if any(line.cells)) > _TALLEST_HEADER
    matters = _is_account(profile, full) and not is_form
    blanks_printed = any("" in line.cells for line in lines)
    below: _Line | None = None
    for line in reversed(lines):
        if line.spans is None:
            if explicit and blanks_printed:
                line.spans = _one_each(len(line.cells))  # and so are the merged cells
            elif is_form and not explicit and _field(line, profile):
                line.spans = _field(line, profile)
            elif below is not None and below.spans and len(line.cells) <= len(below.cells):
                units = [Unit(*span, text) for span, text in zip(below.spans, below.cells, strict=True)]
                spans, tied = over_units(line.cells, units, profile.amounts, likely)
                line.spans = tuple(spans)
                line.unsure = tuple(range(len(line.cells))) if tied and matters else ()
            else:
                line.spans = tuple(over_columns(line.cells, profile)[0])
        if any(line.cells):
            below = line


def _is_account(profile: Profile, full: list[_Line]) -> bool:
    """A table of amounts, no form of fields and texts: what its captions span matters."""
    return sum(profile.amounts) >= _FEW and sum(1 for line in full if line.has_numbers) >= _FEW


def _table(lines: list[_Line], index: int) -> tuple[Table, list[Doubt]]:
    columns = max(first + count for line in lines for first, count in line.spans or ())
    columns = min(columns, MAX_COLUMNS)
    check_cells(len(lines) * columns)
    cells: list[Cell] = []
    doubts: list[Doubt] = []
    for row, line in enumerate(lines):
        filled = 0
        for number, (text, (first, count)) in enumerate(zip(line.cells, line.spans or (), strict=True)):
            if first >= columns:
                line.ragged = True
                break
            cells += [Cell(row=row, column=column, text="") for column in range(filled, first)]
            marks = (DoubtCode.AMBIGUOUS_CELL,) if number in line.unsure else ()
            cells.append(Cell(row=row, column=first, text=text, colspan=min(count, columns - first), doubts=marks))
            filled = first + count
        cells += [Cell(row=row, column=column, text="") for column in range(filled, columns)]
        doubts += _doubts(line, index, row)
    return Table(index=index, rows=len(lines), columns=columns, cells=merge(cells, len(lines), columns)), doubts


def _doubts(line: _Line, table: int, row: int) -> list[Doubt]:
    found: list[Doubt] = []
    if line.unsure:
        texts = "、".join(line.cells[cell].replace("\n", "") for cell in line.unsure[:4])
        found.append(
            Doubt(
                code=DoubtCode.AMBIGUOUS_CELL,
                text=Text(
                    zh=f"第 {line.number} 行起：单元格少于表格列数，“{texts}”属于哪一列不能确定。",
                    en=f"From line {line.number}: fewer cells than columns; it is not certain where “{texts}” belongs.",
                ),
                table=table,
                row=row,
                column=(line.spans or ())[line.unsure[0]][0],
            )
        )
    elif line.ragged:
        found.append(
            Doubt(
                code=DoubtCode.RAGGED_ROW,
                text=Text(
                    zh=f"第 {line.number} 行起：单元格数与表格列数不符，金额可能错列。",
                    en=f"From line {line.number}: more or fewer cells than the table has; amounts may be shifted.",
                ),
                table=table,
                row=row,
            )
        )
    return found
