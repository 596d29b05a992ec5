"""confirm(Report) -> Report: what OCR read, held against the sums of the form. No amount is changed by it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from services.normalizer.proof.cells import Cells, Spot
from services.normalizer.proof.regular import irregular
from services.normalizer.proof.sums import sums
from services.normalizer.proof.weigh import Contradicted, weigh
from shared.catalogue.tables import TITLES
from shared.contracts.base import Text
from shared.contracts.document import Cell, Document, Doubt, DoubtCode
from shared.contracts.report import Fact, Report, Unit


def confirm(report: Report, document: Document) -> Report:
    """`report` with its doubts about numbers of scanned pages settled as far as the sums of the form can settle them.

    A number that sums prove loses its SCANNED_TEXT; a number (or a blank) that a broken sum speaks against gets
    SCANNED_SUM, in the fact and with its place among the doubts of the report. A number that is written unlike the
    others of its table gets SCANNED_TEXT, and no sum takes it away. A report without scanned pages is returned as it
    is. See `weigh` for what counts as proof.
    """
    scanned = _Scanned(document)
    if not scanned.any:
        return report
    odd = {_spot_of(report.facts[number]) for number in irregular(report.facts)}
    odd = {spot for spot in odd if scanned(spot)}
    report = _with_irregular(report, odd)
    doubted = {_spot_of(fact) for fact in report.facts if _unsure(fact.doubts)}
    cells = Cells(report.tables, report.facts, scanned, doubted.__contains__)
    weighed = weigh(sums(cells))
    proved = {term.spot for term in weighed.proved if term.spot and term.printed and term.scanned}
    against = {one.term.spot: one for one in weighed.contradicted if one.term.spot}
    proved -= against.keys() | odd
    facts = tuple(_settled(fact, proved, against) for fact in report.facts)
    kept = [doubt for doubt in report.doubts if not (doubt.code is DoubtCode.SCANNED_TEXT and _spot(doubt) in proved)]
    return report.model_copy(update={"facts": facts, "doubts": (*kept, *_doubts(against.values(), report, scanned))})


def _with_irregular(report: Report, odd: set[Spot]) -> Report:
    """`report` with SCANNED_TEXT at figures that are written unlike the others, where the reader had no doubt."""
    facts, doubts = list(report.facts), list(report.doubts)
    for number, fact in enumerate(facts):
        spot = _spot_of(fact)
        if spot not in odd or _unsure(fact.doubts):
            continue
        facts[number] = fact.model_copy(update={"doubts": (*fact.doubts, DoubtCode.SCANNED_TEXT)})
        place = _place(fact.table, fact.row_name)
        text = Text(
            zh=f"{place.zh}读作 {fact.raw}，写法与同表其他金额不同，请对照原件核对",
            en=f"{place.en} reads {fact.raw}, unlike the other amounts of the table: compare it with the original",
        )
        doubts.append(_doubt(DoubtCode.SCANNED_TEXT, text, spot, fact.place.page))
    return report.model_copy(update={"facts": tuple(facts), "doubts": tuple(doubts)})


def _doubt(code: DoubtCode, text: Text, spot: Spot, page: int | None) -> Doubt:
    table, row, column = spot
    return Doubt(code=code, text=text, page=page, table=table, row=row, column=column)


class _Scanned:
    """Tells what OCR read: the cells, blanks too, on a page on which the table has cells that OCR read."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._pages = {
            (table.index, cell.page) for table in document.tables for cell in table.cells if cell.confidence is not None
        }
        self.any = bool(self._pages)

    def __call__(self, spot: Spot) -> bool:
        cell = self.cell(spot)
        return cell is not None and (spot[0], cell.page) in self._pages

    def cell(self, spot: Spot) -> Cell | None:
        """The cell that covers a spot."""
        table, row, column = spot
        grid = self._document.tables[table].grid
        return grid[row][column] if row < len(grid) and column < len(grid[row]) else None


def _unsure(doubts: Iterable[DoubtCode]) -> bool:
    return DoubtCode.SCANNED_TEXT in doubts


def _spot_of(fact: Fact) -> Spot:
    return fact.place.source_table, fact.place.row, fact.place.column


def _spot(doubt: Doubt) -> Spot | None:
    if doubt.table is None or doubt.row is None or doubt.column is None:
        return None
    return doubt.table, doubt.row, doubt.column


def _settled(fact: Fact, proved: set[Spot], against: dict[Spot, Contradicted]) -> Fact:
    spot = _spot_of(fact)
    doubts = tuple(code for code in fact.doubts if not (code is DoubtCode.SCANNED_TEXT and spot in proved))
    if spot in against:
        doubts = (*doubts, DoubtCode.SCANNED_SUM)
    return fact if doubts == fact.doubts else fact.model_copy(update={"doubts": doubts})


def _doubts(against: Iterable[Contradicted], report: Report, scanned: _Scanned) -> list[Doubt]:
    names = {
        (line.printed_at or (table.source_table, line.row)): (table.id, line.name)
        for table in report.tables
        for line in table.lines
    }
    found = []
    for one in against:
        assert one.term.spot is not None
        table, row, _ = one.term.spot
        fact = report.facts[one.term.fact] if one.term.fact is not None else None
        cell = scanned.cell(one.term.spot)
        place = _place(fact.table, fact.row_name) if fact else _place(*names.get((table, row), ("", "")))
        text = _text(place, fact, one.likely)
        found.append(_doubt(DoubtCode.SCANNED_SUM, text, one.term.spot, cell.page if cell else None))
    return found


def _place(table: str, name: str) -> Text:
    title = TITLES.get(table)
    zh, en = (title.zh, title.en) if title else (table, table)
    return Text(zh=f"《{zh}》“{name}”一行", en=f'{en}, row "{name}"')


def _text(place: Text, fact: Fact | None, likely: Decimal | None) -> Text:
    read = Text(zh=f"读作 {fact.raw}", en=f"reads {fact.raw}") if fact else Text(zh="读作空白", en="reads blank")
    hint = Text(zh="", en="")
    if likely is not None and fact is not None:
        value = _printed(likely, fact)
        hint = Text(zh=f"（各合计数推算为 {value}）", en=f" (the sums ask for {value})")
    return Text(
        zh=f"{place.zh}{read.zh}，与表中合计关系不符{hint.zh}，请对照原件核对",
        en=f"{place.en} {read.en}, which the sums of the form contradict{hint.en}: compare it with the original",
    )


def _printed(yuan: Decimal, fact: Fact) -> str:
    """An amount as the form would print it in the place of `fact`."""
    amount = yuan / (fact.unit.yuan or Decimal(1))
    places = 0 if fact.unit is Unit.COUNT else max(0, -int(amount.normalize().as_tuple().exponent), 2)
    return f"{amount:,.{places}f}"
