"""What tells to which report a file belongs: whose it is, of which year, which of the ten tables are in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from shared.catalogue.tables import read_title
from shared.catalogue.text import fold
from shared.contracts.document import Document, Table

_YEAR = re.compile(r"(20\d\d)年")
_NAMED_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_TITLED = re.compile(
    r"^(?P<name>.{0,40}?)(?:关于)?(?:公开)?(?P<year>20\d\d)年度?(?P<inside>.{0,30}?)(?:部门|单位)?决算"
)
_CAPTION = re.compile(
    r"(?:(?:公开|编制|填报|预算)?(?:部门|单位)(?:名称|\(单位\)|\(部门\))?(?:\(公章\))?):(?P<name>[^:,;。]{2,40}?)"
    r"(?=金额|单位:|20\d\d年|公开\d|$)"
)
_BUDGET = re.compile(r"(?:部门|单位)预算|预算(?:公开|报告|编制|草案)|20\d\d年度?预算")
_MONEY = re.compile(r"^(?:人民币)?[百千万亿]*元(?![\u4e00-\u9fff]{1,16}?(?:县|市|区|旗|州|局|镇|乡|街))")
_BODY = re.compile(
    r"(?:局|委|委员会|厅|部|处|院|所|中心|学校|小学|中学|大学|学院|办公室|政府|街道|办事处|镇|乡|站|队|馆|社|会|医院|幼儿园|法院|检察院"
    r"|园|场|署|办|党校|公司|库|台|室|科|校|联|基地|银行|集团)(?:\([^)]{2,4}\))?$"
)
_BEHIND = re.compile(r"\((?:本级|机关|部门|汇总|公章|盖章)\)$")
_ROWS_LOOKED_AT, _LINES_LOOKED_AT, _COVER = 8, 8, 60
_LONGEST_LINE = 80
_SENTENCE = 30


@dataclass(frozen=True)
class Evidence:
    """What one file says of itself. `path`: its place among the others, "/" between folders.

    `tables` are those of T01 to T10 that are titled in it; `grids` counts all tables, `prose` the characters of its
    sentences. `entities` are the printed names of whose account it is (folded; from captions of tables before covers),
    `years` the fiscal years in titles. `account` tells whether 决算 is said, `budget` whether it is one.
    """

    path: str
    tables: frozenset[str] = frozenset()
    grids: int = 0
    prose: int = 0
    entities: tuple[str, ...] = ()
    years: frozenset[int] = frozenset()
    account: bool = False
    budget: bool = False


def evidence_of(document: Document, path: str) -> Evidence:
    """Look through `document`; a glance that understands titles and captions, not the tables themselves."""
    lines = [block.text for block in document.blocks if not isinstance(block, Table)]
    tops = [text for table in document.tables for text in _top(table)]
    small = [fold(text) for text in (*lines, *tops) if len(text) <= _LONGEST_LINE]
    titled = [match for line in small if (match := _TITLED.match(line))]
    titles = list(_titles(document, path))
    planned = sum(bool(_BUDGET.search(line)) and "决算" not in line for line in small[:_COVER])
    settled = sum("决算" in line for line in (*small, fold(path)))
    return Evidence(
        path=path,
        tables=frozenset(match for match in titles if match),
        grids=len(document.tables),
        prose=sum(len(line) for line in lines if len(line) > _SENTENCE),
        entities=tuple(dict.fromkeys((*_captioned(small), *_covered(small[:_COVER])))),
        years=frozenset(int(match["year"]) for match in titled) or _years(small[:_COVER]) or _named_years(path),
        account=settled > 0,
        budget=planned > settled,
    )


def _titles(document: Document, path: str) -> Iterator[str | None]:
    """For each table that one of the ten is announced for: which."""
    above: list[str] = []
    for block in document.blocks:
        if not isinstance(block, Table):
            above.append(block.text)
            continue
        told = list(_told(block, above))
        if not told and len(document.tables) == 1:
            told = [found for found in [_table_in(PurePosixPath(path).stem, strict=False)] if found]
        yield from told
        above = []


def _told(table: Table, above: list[str]) -> Iterator[str]:
    """All that is titled in the grid itself (some stack several tables), else what stands nearest above it."""
    inside = [found for text in _lone_texts(table) if (found := _table_in(text))]
    if inside:
        yield from inside
        return
    near = above[-_LINES_LOOKED_AT:]
    for position in range(len(near) - 1, -1, -1):
        found = _table_in(near[position]) or (position and _table_in(near[position - 1] + near[position])) or None
        if found:
            yield found
            return
    if table.name and (found := _table_in(table.name, strict=False)):
        yield found


def _table_in(text: str, *, strict: bool = True) -> str | None:
    if len(text) > _LONGEST_LINE:
        return None
    match = read_title(text, strict=strict)
    return match.table if match else None


def _lone_texts(table: Table) -> Iterator[str]:
    """The texts of rows with nothing else in them: titles are that."""
    by_row: dict[int, list[str]] = {}
    for cell in table.cells:
        if cell.text:
            by_row.setdefault(cell.row, []).append(cell.text)
    return (texts[0] for texts in by_row.values() if len(texts) == 1 and len(texts[0]) <= _LONGEST_LINE)


def _top(table: Table) -> Iterator[str]:
    return (cell.text for cell in table.cells if cell.row < _ROWS_LOOKED_AT and cell.text)


def _captioned(lines: Iterable[str]) -> Iterator[str]:
    """Names behind 部门： above tables."""
    for line in lines:
        match = _CAPTION.search(line)
        if match and not _MONEY.match(match["name"]) and not match["name"].isdigit():
            yield _bare(match["name"])


def _covered(lines: list[str]) -> Iterator[str]:
    """Names on covers: 某局2024年度部门决算 in one line, or the name in the line before."""
    for position, line in enumerate(lines):
        match = _TITLED.match(line)
        if match is None:
            continue
        before = lines[position - 1] if position else ""
        for name in (match["name"], match["inside"], before):
            if len(name) > 2 and _BODY.search(name):  # noqa: PLR2004
                yield _bare(name)
                break


def _bare(name: str) -> str:
    return _BEHIND.sub("", name.strip('_-—《》<>" '))


def _named_years(path: str) -> frozenset[int]:
    """The one year in the name of the file."""
    found = {int(year) for year in _NAMED_YEAR.findall(PurePosixPath(path).stem)}
    return frozenset(found) if len(found) == 1 else frozenset()


def _years(lines: Iterable[str]) -> frozenset[int]:
    """The one year that short lines name; none where there are several."""
    found = {int(year) for line in lines if "决算" in line for year in _YEAR.findall(line)}
    return frozenset(found) if len(found) == 1 else frozenset()
