"""The columns of every export: name, type, meaning, and what the Fiscal Data Package calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Generic, Literal, TypeVar

from services.indexer.records import FactRow, FindingRow, ReportRow
from shared.catalogue.codes import parent_of, resolve
from shared.catalogue.files import read_rows
from shared.contracts.report import CodeSystem

Kind = Literal["string", "integer", "number", "float", "boolean", "datetime"]
RowType = TypeVar("RowType")


@dataclass(frozen=True)
class Field(Generic[RowType]):
    """One column. `value` takes it from a row; `fiscal` is its type in the Fiscal Data Package, if it has one."""

    name: str
    kind: Kind
    value: Callable[[RowType], Any]
    about: str = ""
    fiscal: str = ""


def _plain(name: str, kind: Kind = "string", about: str = "", fiscal: str = "", *, of: str = "") -> Field[Any]:
    return Field(name, kind, attrgetter(of or name), about, fiscal)


_DIRECTIONS = {"income": "revenue", "expenditure": "expenditure"}
_PHASES = {"original_budget": "adopted", "budget": "adjusted", "outturn": "executed"}
_ECONOMIC = frozenset({CodeSystem.ECONOMIC_DEPARTMENT, CodeSystem.ECONOMIC_GOVERNMENT})


@cache
def _levels(code: str, system: CodeSystem, year: int | None) -> dict[int, tuple[str, str | None]]:
    found: dict[int, tuple[str, str | None]] = {}
    at: str | None = code
    while at is not None and (resolved := resolve(at, system, year)):
        found[resolved.level] = (at, resolved.official_name)
        at = parent_of(at, system)
    return found


def _level(row: FactRow, systems: frozenset[CodeSystem], level: int) -> tuple[str | None, str | None]:
    if row.code is None or row.code_system is None or (system := CodeSystem(row.code_system)) not in systems:
        return None, None
    return _levels(row.code, system, row.fiscal_year).get(level, (None, None))


def _level_fields(prefix: str, systems: frozenset[CodeSystem], names: tuple[str, ...]) -> Iterator[Field[FactRow]]:
    chinese = ("类", "款", "项")
    for level, name in enumerate(names, start=1):

        def code(row: FactRow, level: int = level) -> str | None:
            return _level(row, systems, level)[0]

        def label(row: FactRow, level: int = level) -> str | None:
            return _level(row, systems, level)[1]

        fiscal = f"{prefix}-classification:generic:level{level}"
        yield Field(
            f"{prefix}_{name}", "string", code, f"{chinese[level - 1]} of the printed code", f"{fiscal}:code:full"
        )
        yield Field(f"{prefix}_{name}_name", "string", label, "official name in the fiscal year", f"{fiscal}:label")


@cache
def _cofog() -> dict[str, dict[str, str]]:
    return {row["func_class"]: row for row in read_rows("cofog_map")}


def _cofog_field(name: str, column: str, about: str, fiscal: str = "") -> Field[FactRow]:
    def value(row: FactRow) -> str | None:
        class_, _ = _level(row, frozenset({CodeSystem.FUNCTIONAL}), 1)
        proposal = _cofog().get(class_ or "")
        return proposal[column] if proposal else None

    return Field(name, "string", value, about, fiscal)


_DOCUMENT = _plain("document_id", about="SHA-256 of the file", fiscal="fiscal-document:id")
_SOURCE: tuple[Field[Any], ...] = (
    _plain("document_name", about="name of the file as it came in"),
    _plain("entity", about="department or unit", fiscal="administrative-classification:generic:level1:label"),
    _plain("division_code", about="administrative division, GB/T 2260", fiscal="geo:target:code"),
    _plain("division_name", fiscal="geo:target:label"),
    _plain("fiscal_year", "integer", fiscal="date:fiscal-year"),
    _plain("scope", about="department_final_account or unit_final_account"),
    _plain("revision", "integer", "files of the same account are numbered from 1"),
    _plain("is_current", "boolean", "whether this is the one uploaded last"),
)
_PLACE: tuple[Field[Any], ...] = (
    _plain("table", of="table_id", about="T01 to T10 by meaning, X01 and up for other tables"),
    _plain("row_code", about="code as printed"),
    _plain("row_name", about="label as printed, without white space and numbering"),
    _plain("column", of="column_path", about="header cells from top to bottom, joined by /"),
)

FACTS: tuple[Field[FactRow], ...] = (
    _DOCUMENT,
    _plain("fact", "integer", "number of the fact in its document, from 0", of="seq"),
    *_SOURCE,
    *_PLACE,
    _plain("row_key", about="canonical key of the row, the same for every wording"),
    _plain("measure", about="canonical name of what the column measures"),
    Field("direction", "string", lambda row: _DIRECTIONS.get(row.side or ""), "revenue or expenditure", "direction"),
    _plain("phase", about="original_budget, budget (全年预算) or outturn (决算)"),
    Field("budget_phase", "string", lambda row: _PHASES[row.phase], "adopted, adjusted or executed", "phase:id"),
    _plain("fund", about="which public purse", fiscal="fin-source:generic:code"),
    _plain("code", about="the code that the fact is found by"),
    _plain("code_system"),
    _plain("code_level", "integer", "1 类, 2 款, 3 项"),
    _plain("code_name", about="official name in the fiscal year"),
    _plain("code_status", about="how sure the catalogue is of the code: it is no official list"),
    *_level_fields("functional", frozenset({CodeSystem.FUNCTIONAL}), ("class", "section", "item")),
    *_level_fields("economic", _ECONOMIC, ("class", "section")),
    _cofog_field("cofog_division_proposed", "cofog_division", "COFOG 1999 division: a proposal, nothing official"),
    _cofog_field("cofog_mapping_quality", "mapping_quality", "one, many-to-one, or split: a finer look is needed"),
    _plain("amount", "number", "as printed, in `unit`"),
    _plain("unit", about="万元, 元 or count"),
    _plain("amount_yuan", "number", "in 元; empty for counts", "value"),
    _plain("quantum", "number", "unit of the last printed digit, in `unit`"),
    _plain("raw", about="as printed"),
    _plain("page", "integer", "from 1; empty where the format has no pages"),
    _plain("source_table", "integer", "number of the table in the file, from 0"),
    _plain("row", "integer", "from 0"),
    _plain("col", "integer", "from 0"),
    _plain("x0", "float", "box of the cell in points from the top left corner"),
    _plain("y0", "float"),
    _plain("x1", "float"),
    _plain("y1", "float"),
    _plain("part", about="the file it was printed in, where a report came as several files or in an archive"),
)

FINDINGS: tuple[Field[FindingRow], ...] = (
    _DOCUMENT,
    _plain("finding", "integer", "number of the finding in its document, from 0", of="seq"),
    *_SOURCE,
    _plain("rule"),
    _plain("severity"),
    _plain("outcome"),
    _plain("group", of="cause_group", about="findings of one group have one cause"),
    _plain("message_zh"),
    _plain("message_en"),
    _plain("expected"),
    _plain("found"),
    _plain("difference", "number", "found minus expected, in the unit of the report"),
    _plain("tolerance", "number"),
    *_PLACE,
    _plain("page", "integer"),
    _plain("suggested", about="a likely right value; never applied to the data"),
    _plain("suggestion_zh"),
    _plain("suggestion_en"),
    _plain("part", about="as in facts"),
)

REPORTS: tuple[Field[ReportRow], ...] = (
    _DOCUMENT,
    *_SOURCE,
    _plain("unit", about="of the report as a whole"),
    _plain("outcome", about="ok, or partial when anything was in doubt"),
    _plain("normalizer", about="version that made the facts"),
    _plain("ruleset", about="version that made the findings"),
    *(
        _plain(name, "integer")
        for name in ("tables", "facts", "doubts", "errors", "warnings", "reviews", "infos", "roundings")
    ),
    _plain("indexed_at", "datetime"),
)
