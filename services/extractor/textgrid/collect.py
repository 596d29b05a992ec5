"""Items as blocks: which rows make one table, and which lines stand beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from services.extractor.textgrid import marks
from services.extractor.textgrid.items import Item, Markup, Prose, Row, Style, is_rule, width
from services.extractor.textgrid.marks import Look, look

_LONGEST_PIECE = 12
_LONGEST_REST = 4
_CONTENTS = ("目录", "目次")
_CONTENTS_CELLS = 2
_FEW_ROWS = 2
#: Lists and lines to sign on are no wider.
_FEW_CELLS = 3
_TOTALS = ("合计", "总计")


@dataclass(slots=True)
class RawTable:
    """Rows that belong together, not yet a grid."""

    style: Style
    rows: list[Row] = field(default_factory=list)


Piece = Prose | RawTable | Markup


def collect(items: Iterable[Item]) -> Iterator[Piece]:
    """Running text, tables of one style each, HTML tables, in the order of the text."""
    collector = _Collector()
    whole = _rejoin(list(items))
    for position, item in enumerate(whole):
        following = whole[position + 1] if position + 1 < len(whole) else None
        yield from collector.take(item, following)
    yield from collector.close()


def _rejoin(items: list[Item]) -> list[Item]:
    """Put rows together again that a blank line inside a cell has cut in two (one cell a line only)."""
    whole: list[Item] = []
    position = 0
    while position < len(items):
        item = items[position]
        following = items[position + 1] if position + 1 < len(items) else None
        last = whole[-1] if whole else None
        if isinstance(item, Prose) and isinstance(last, Row) and _continues(last, item.text, following):
            last.cells[-1] += "\n" + item.text
            if isinstance(following, Row) and not following.gap:
                last.cells.extend(following.cells)
                position += 1
        else:
            whole.append(item)
        position += 1
    return whole


def _continues(row: Row, text: str, following: Item | None) -> bool:
    """Whether `text` is the rest of the last cell of `row`: a few characters, and more cells come after it."""
    if row.style is not Style.STACK or not isinstance(following, Row) or following.style is not Style.STACK:
        return False
    if following.gap and marks.is_between_pages(text):
        return False
    if not row.cells[-1] or any(_is_beside(part) for part in (row.cells[-1], text)) or marks.heading(text):
        return False
    return len(text) <= (_LONGEST_REST if following.gap else _LONGEST_PIECE)


def _is_beside(text: str) -> bool:
    return marks.is_caption(text) or marks.is_note(text) or marks.is_title(text)


class _Collector:
    """The table that is being read, and the rules by which a row joins it or ends it."""

    def __init__(self) -> None:
        self._table: RawTable | None = None
        self._in_contents = False
        self._below_caption = False
        self._repeated = 0  # header rows of the open table seen again so far
        self._labels: list[Prose] = []  # lines that may be rows with nothing behind their label

    def take(self, item: Item, following: Item | None) -> Iterator[Piece]:
        if isinstance(item, Row):
            yield from self._row(item, following)
        elif isinstance(item, Prose) and self._is_page_break(item, following):
            return
        elif isinstance(item, Prose) and self._may_be_label(item, following):
            self._labels.append(item)
        elif isinstance(item, Prose) and self._is_empty_total(item):
            assert self._table is not None
            self._table.rows.append(_label_row(self._table.style, item))
        elif isinstance(item, Prose) and self._is_section(item, following):
            if self._table is None:
                assert isinstance(following, Row)
                self._table = RawTable(following.style)
            self._table.rows.append(Row(self._table.style, [item.text], item.line))
        else:
            yield from self.close()
            if isinstance(item, Prose):
                self._note_contents(item.text)
                self._below_caption = marks.is_caption(item.text)
                if not item.text:
                    return
            yield item

    def close(self, *, spaced: bool = True) -> Iterator[Piece]:
        """End the open table: as a table if it is one, else as lines of text.

        `spaced`: a blank line stands behind it. Without one, rows of blank cells at its end only keep it apart from
        what stands below it on the same sheet.
        """
        table, self._table = self._table, None
        labels, self._labels = self._labels, []
        if table is not None:
            yield from self._closed(table, spaced=spaced)
        yield from labels

    @staticmethod
    def _closed(table: RawTable, *, spaced: bool) -> Iterator[Piece]:
        while table.rows and not any(table.rows[0].cells):
            table.rows.pop(0)
        widths = {len(row.cells) for row in table.rows if any(row.cells)} if spaced else set()
        while table.rows and not any(table.rows[-1].cells) and len(table.rows[-1].cells) not in widths:
            table.rows.pop()
        if _is_table(table):
            yield table
        else:
            for row in table.rows:
                yield from _as_prose(row)

    def _row(self, row: Row, following: Item | None) -> Iterator[Piece]:
        if row.style is Style.PIPES and is_rule(row.cells):
            return
        if self._in_contents and _is_contents_row(row):
            yield Prose(" ".join(filter(None, row.cells)), row.line, listed=True)
            return
        if _stands_beside(row) or (len(row.cells) == 1 and not self._is_section(row, following)):
            if self._table is not None and not any(row.cells):
                self._table.rows.append(row)
                return
            yield from self.close(spaced=row.gap)
            self._below_caption = any(marks.is_caption(cell) for cell in row.cells)
            yield from _as_prose(row)
            return
        self._in_contents = self._below_caption = False
        if self._table is not None and (not self._goes_on(row) or (row.gap and self._labels)):
            yield from self.close()
        if self._table is None:
            self._table = RawTable(row.style)
        self._table.rows += [_label_row(row.style, label) for label in self._labels]
        self._labels = []
        if not self._repeats_header(row):
            self._table.rows.append(row)

    def _may_be_label(self, item: Prose, following: Item | None) -> bool:
        """Whether `item` may be a row of the open table with nothing printed behind its label.

        It is one if another row follows without a blank line; until then it waits in `_labels`.
        """
        if self._table is None or self._table.style not in {Style.TABS, Style.SPACES} or item.gap or not item.text:
            return False
        if not isinstance(following, Prose | Row) or following.gap or len(item.text) > marks.LONGEST_HEADING:
            return False
        return not (_is_beside(item.text) or marks.is_year(item.text) or item.text.endswith(("。", "：", ":")))

    def _is_empty_total(self, item: Prose) -> bool:
        """Whether `item` is the last row of the open table: a total of which nothing but the label is printed."""
        if self._table is None or self._table.style not in {Style.TABS, Style.SPACES} or item.gap or self._labels:
            return False
        return "".join(item.text.split()) in _TOTALS

    def _is_page_break(self, item: Prose, following: Item | None) -> bool:
        """Whether `item` is a page number or 续表 in the middle of the open table."""
        if self._table is None or not isinstance(following, Row) or following.style is not self._table.style:
            return False
        return marks.is_between_pages(item.text) and self._goes_on(following)

    def _is_section(self, item: Prose | Row, following: Item | None) -> bool:
        """Whether a lone text is the head of a section inside a table (一、政府采购情况), no title of the next one."""
        text = item.text if isinstance(item, Prose) else item.cells[0]
        if not isinstance(following, Row) or len(following.cells) < 2 or _stands_beside(following):  # noqa: PLR2004
            return False
        if isinstance(item, Prose) and (following.gap or (self._table is None and not self._below_caption)):
            return False
        if self._table is not None and self._table.style is not following.style:
            return False
        if marks.is_title(text) or len(text) > marks.LONGEST_HEADING:
            return False
        # below the captions of a table a cell for itself is a parent of all columns
        spans_all = self._table is None and self._below_caption and marks.is_parent(text)
        return marks.is_enumerated(text) or spans_all

    def _goes_on(self, row: Row) -> bool:
        """Whether `row` belongs to the open table."""
        assert self._table is not None
        if row.style is not self._table.style:
            return False
        if not row.gap or row.style in {Style.STACK, Style.SPACES}:
            return True
        widths = Counter(len(known.cells) for known in self._table.rows)
        if len(row.cells) == widths.most_common(1)[0][0]:
            return True
        ragged = len(widths) > 1 and len(row.cells) <= max(widths)
        return ragged and any(look(cell) in {Look.NUMBER, Look.INTEGER} for cell in row.cells)

    def _repeats_header(self, row: Row) -> bool:
        """Whether `row` is one of the first rows of the open table, printed once more on a new page."""
        assert self._table is not None
        rows, repeated = self._table.rows, self._repeated
        self._repeated = 0
        if repeated == 0 and (not row.gap or sum(1 for cell in row.cells if look(cell) is Look.TEXT) < 2):  # noqa: PLR2004
            return False
        if repeated >= len(rows) or rows[repeated].cells != row.cells:
            return False
        self._repeated = repeated + 1
        return True

    def _note_contents(self, text: str) -> None:
        bare = text.replace(" ", "").replace("\u3000", "").lstrip("#")
        if bare in _CONTENTS:
            self._in_contents = True
        elif self._in_contents and text.startswith("#"):
            self._in_contents = False


def _label_row(style: Style, label: Prose) -> Row:
    return Row(style, [label.text], label.line, starts=[(label.start, label.start + width(label.text))])


def _stands_beside(row: Row) -> bool:
    """Title, number, department, year, unit and notes of a table, each with blank cells around it."""
    texts = [cell for cell in row.cells if cell]
    if not texts:
        return len(row.cells) == 1
    if len(texts) == 1:
        text = texts[0]
        return marks.is_title(text) or marks.is_caption(text) or marks.is_note(text) or marks.is_year(text)
    if not any(marks.is_caption(text) for text in texts):
        return False
    return all(marks.is_year(text) or look(text) is Look.TEXT for text in texts) and not any(
        marks.is_title(text) and not marks.is_caption(text) for text in texts[1:]
    )


def _is_table(table: RawTable) -> bool:
    """Two rows of two cells or more; sentences behind tabs or gaps are no table."""
    wide = [row for row in table.rows if len(row.cells) > 1]
    if len(wide) < 2:  # noqa: PLR2004
        return False
    if table.style is Style.PIPES:
        return True
    cells = [cell for row in wide for cell in row.cells if cell]
    prose = sum(1 for cell in cells if cell.endswith("。"))
    if prose * 2 > len(cells):
        return False
    if table.style is Style.SPACES:
        return _is_aligned(wide, table.rows)
    counts = Counter(len(row.cells) for row in wide)
    if counts.most_common(1)[0][1] > 1 or len(wide) > 3:  # noqa: PLR2004
        return True
    # a form without any amount: its header, and a total with nothing behind it
    return _has_total(table.rows)


def _is_aligned(wide: list[Row], rows: list[Row]) -> bool:
    """Whether texts with gaps between them are a table: amounts in several rows, or many columns and one amount."""
    numbers = [sum(1 for cell in row.cells[1:] if look(cell) in {Look.NUMBER, Look.INTEGER}) for row in wide]
    if sum(1 for count in numbers if count) > 1 or max(numbers) > _CONTENTS_CELLS:
        return True
    form = len(rows) > _FEW_ROWS and max(len(row.cells) for row in wide) > _FEW_CELLS
    return form and (any(numbers) or _has_total(rows))


def _has_total(rows: Iterable[Row]) -> bool:
    return any("".join(row.cells[0].split()) in _TOTALS for row in rows)


def _is_contents_row(row: Row) -> bool:
    texts = [cell for cell in row.cells if cell]
    return len(texts) == _CONTENTS_CELLS and look(texts[1]) is Look.INTEGER


def _as_prose(row: Row) -> Iterator[Prose]:
    """The texts of a row as lines of their own if they are captions or were lines before, else as one line."""
    texts = [cell for cell in row.cells if cell]
    if row.style is Style.STACK or any(marks.is_caption(text) for text in texts):
        for text in texts:
            yield Prose(text, row.line)
    elif texts:
        yield Prose(" ".join(texts), row.line)
