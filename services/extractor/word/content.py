"""The body of a Word document in reading order, as it is printed.

Tracked insertions are in, deletions are out; content controls, smart tags and fields give their content; text boxes
come after the paragraph that anchors them; headers, footers and comments are not part of the flow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from services.extractor.word.drawings import Picture, is_embedded, pictures_in
from services.extractor.word.grid import WordGrid, row_cells, table_rows, word_grid
from services.extractor.word.numbering import Labels
from services.extractor.word.styles import Styles
from services.extractor.word.xml import Element, alternative, attribute, local, switched_on

_WRAPPERS = frozenset(
    {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "fldSimple", "dir", "bdo", "oMath",
     "oMathPara", "ruby", "rubyBase"}
)  # fmt: skip
_MATHS = frozenset({"r", "e", "num", "den", "sub", "sup", "f", "rad", "sSub", "sSup", "d"})
_DRAWN = frozenset({"drawing", "pict", "object"})
_CHARACTERS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
#: Check boxes and ticks of the symbol fonts Wingdings and Wingdings 2.
_SYMBOLS = {"A8": "□", "6F": "□", "FE": "☑", "FD": "☒", "FC": "√", "52": "☑", "A3": "□", "50": "√"}
_PAGE_BREAKS = frozenset({"page", "column"})


@dataclass(frozen=True)
class Line:
    """A printed line of text outside tables; `outline` is its outline level from 1, if its style has one."""

    text: str
    outline: int | None


Item = Line | WordGrid | Picture


@dataclass
class Content:
    """Walks a document once, in order, since numbering counts on.

    `hidden` counts characters set as hidden text, `embedded` files of other programs. Pictures that may hold a table
    or a page are items after the paragraph that they stand in.
    """

    styles: Styles
    labels: Labels
    hidden: int = 0
    embedded: int = 0
    _boxes: list[Element] = field(default_factory=list)
    _pictures: list[Picture] = field(default_factory=list)

    def items(self, container: Element) -> Iterator[Item]:
        """Lines and tables under `container` (`w:body`, a cell, a text box, a footnote) in order."""
        return self._flow(container.iterchildren())

    def _flow(self, elements: Iterable[Element]) -> Iterator[Item]:
        for element in elements:
            name = local(element)
            if name == "p":
                yield from self._paragraph(element)
            elif name == "tbl":
                yield from self._table(element)
            elif name in _WRAPPERS:
                yield from self._flow(element.iterchildren())
            elif name == "AlternateContent":
                yield from self._flow(alternative(element))
            elif name == "altChunk":
                self.embedded += 1

    def _paragraph(self, paragraph: Element, *, in_cell: bool = False) -> Iterator[Item]:
        """The lines of a paragraph, its label before the first; an empty one prints its label in a table only."""
        outline = None if in_cell else self.styles.outline(paragraph)
        label = self.labels.label(paragraph)
        text = "".join(self._pieces(paragraph.iterchildren()))
        boxes, self._boxes = self._boxes, []
        pictures, self._pictures = self._pictures, []
        if label and (in_cell or text.strip()):
            text = label + (" " if label[-1].isalnum() and text.strip() else "") + text.lstrip()
        for line in text.split("\n"):
            if line.strip():
                yield Line(line.strip(), outline)
        yield from pictures
        for box in boxes:
            yield from self.items(box)

    def _pieces(self, elements: Iterable[Element]) -> Iterator[str]:
        for element in elements:
            name = local(element)
            if name == "r":
                yield from self._run(element)
            elif name in _WRAPPERS:
                yield from self._pieces(element.iterchildren())
            elif name == "AlternateContent":
                yield from self._pieces(alternative(element))
            elif name in _MATHS:
                yield from self._pieces(element.iterchildren())
            elif name == "t":
                yield element.text or ""

    def _run(self, run: Element) -> Iterator[str]:
        pieces = self._run_content(run.iterchildren())
        if switched_on(run, "rPr", "vanish"):
            shown = len(self._pictures)
            self.hidden += len("".join(pieces).strip())
            del self._pictures[shown:]
            return
        yield from pieces

    def _run_content(self, elements: Iterable[Element]) -> Iterator[str]:
        for element in elements:
            name = local(element)
            if name == "t":
                yield element.text or ""
            elif name in _CHARACTERS:
                yield _CHARACTERS[name]
            elif name == "br":
                yield "" if attribute(element, "type") in _PAGE_BREAKS else "\n"
            elif name == "sym":
                yield _symbol(element)
            elif name == "ruby":
                yield from self._pieces(element.iterchildren())
            elif name == "AlternateContent":
                yield from self._run_content(alternative(element))
            elif name in _DRAWN:
                self._boxes += _outer_boxes(element)
                self.embedded += is_embedded(element)
                self._pictures += (picture for picture in pictures_in(element) if picture.may_hold_table)

    def _table(self, table: Element) -> Iterator[Item]:
        """The table, then the tables inside its cells; a table of one cell is a frame around what it holds."""
        rows = [list(row_cells(row)) for row in table_rows(table)]
        if _is_frame(rows):
            for row in rows:
                for cell in row:
                    yield from self.items(cell)
            return
        nested: list[Item] = []

        def text(cell: Element) -> str:
            lines: list[str] = []
            for item in self._cell(cell):
                if isinstance(item, Line):
                    lines.append(item.text)
                else:
                    nested.append(item)
            return "\n".join(lines)

        grid = word_grid(table, text)
        if grid.rows:
            yield grid
        yield from nested

    def _cell(self, cell: Element) -> Iterator[Item]:
        for element in cell.iterchildren():
            if local(element) == "p":
                yield from self._paragraph(element, in_cell=True)
            else:
                yield from self._flow([element])


def _is_frame(rows: list[list[Element]]) -> bool:
    """Whether a table only frames what it holds: one cell, or one column with tables in it."""
    if any(len(row) > 1 for row in rows):
        return False
    return len(rows) == 1 or any(cell.find("{*}tbl") is not None for row in rows for cell in row)


def _outer_boxes(drawing: Element) -> list[Element]:
    """The text boxes of a drawing, those inside another box left to it."""
    boxes: list[Element] = []
    for box in drawing.iter("{*}txbxContent"):
        if not any(ancestor in boxes for ancestor in box.iterancestors("{*}txbxContent")):
            boxes.append(box)
    return boxes


def _symbol(element: Element) -> str:
    """A character of a symbol font, where it is one that forms use."""
    return _SYMBOLS.get((attribute(element, "char") or "")[-2:].upper(), "")
