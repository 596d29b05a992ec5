"""What it means: tables by meaning, facts in the subject-code schema. Made by the normalizer."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property

from pydantic import Field

from shared.contracts.base import Contract, Exact, Text, Word
from shared.contracts.document import Box, Doubt, DoubtCode


class DocumentKind(Word):
    """What a file is. Only the first two become reports; the others are refused with the reason."""

    DEPARTMENT_FINAL_ACCOUNT = "department_final_account"
    UNIT_FINAL_ACCOUNT = "unit_final_account"
    BUDGET = "budget"
    TEMPLATE = "template"
    OTHER = "other"


class Unit(Word):
    """The unit of a printed amount; `count` is for vehicles, sets and the like in T10."""

    WAN = "万元"
    YUAN = "元"
    THOUSAND = "千元"
    MILLION = "百万元"
    YI = "亿元"
    COUNT = "count"

    @property
    def yuan(self) -> Decimal | None:
        """How many 元 one of this unit is; None for counts."""
        return _YUAN.get(self.value)


_YUAN = {
    "元": Decimal(1),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}


class CodeSystem(Word):
    """The classifications of 政府收支分类科目."""

    FUNCTIONAL = "functional"
    ECONOMIC_DEPARTMENT = "economic_department"
    ECONOMIC_GOVERNMENT = "economic_government"
    REVENUE = "revenue"


class CodeStatus(Word):
    """How sure the catalogue is of a code in the fiscal year."""

    VERIFIED = "verified"
    MEMORY = "memory"
    NOT_IN_FORCE = "not_in_force"
    UNKNOWN = "unknown"


class Code(Contract):
    """A code resolved against the catalogue of the fiscal year. `level` is 1 类, 2 款, 3 项."""

    code: str
    system: CodeSystem
    level: int
    parent: str | None
    official_name: str | None
    status: CodeStatus


class CellRole(Word):
    """What a cell is for."""

    TITLE = "title"
    CAPTION = "caption"
    HEADER = "header"
    ORDINAL = "ordinal"
    CODE = "code"
    LABEL = "label"
    AMOUNT = "amount"
    TEXT = "text"
    NOTE = "note"
    BLANK = "blank"


class AmountState(Word):
    """Blank, 0 and —— are three different things."""

    VALUE = "value"
    ZERO = "zero"
    BLANK = "blank"
    DASH = "dash"
    UNREADABLE = "unreadable"


class Measure(Word):
    """What an amount column measures, whatever its heading says. One name for one meaning across all tables."""

    # T01, T04 left side, T06, T10
    AMOUNT = "amount"
    # T02
    INCOME_TOTAL = "income_total"
    FISCAL = "fiscal"
    UPPER_SUBSIDY = "upper_subsidy"
    INSTITUTION = "institution"
    EDUCATION_FEES = "education_fees"
    BUSINESS = "business"
    SUBORDINATE_REMIT = "subordinate_remit"
    OTHER_INCOME = "other_income"
    # T03, T05, T07, T08
    TOTAL = "total"
    BASIC = "basic"
    PROJECT = "project"
    UPPER_REMIT = "upper_remit"
    BUSINESS_EXPENDITURE = "business_expenditure"
    SUBORDINATE_SUBSIDY = "subordinate_subsidy"
    # T04 right side
    GENERAL = "general"
    FUND = "fund"
    SOE = "soe"
    # T07, T08
    CARRY_IN = "carry_in"
    INCOME = "income"
    CARRY_OUT = "carry_out"
    # T09, once as budget and once as outturn (Column.phase)
    SAN_GONG_TOTAL = "san_gong_total"
    ABROAD = "abroad"
    VEHICLE = "vehicle"
    VEHICLE_PURCHASE = "vehicle_purchase"
    VEHICLE_OPERATION = "vehicle_operation"
    RECEPTION = "reception"
    CONFERENCE = "conference"
    TRAINING = "training"
    # generic grids and columns that were not understood
    UNCLASSIFIED = "unclassified"


class Phase(Word):
    """Which stage of the budget cycle an amount belongs to."""

    ORIGINAL_BUDGET = "original_budget"
    BUDGET = "budget"
    OUTTURN = "outturn"


class Side(Word):
    """Income or expenditure."""

    INCOME = "income"
    EXPENDITURE = "expenditure"


class Fund(Word):
    """Which public purse: 一般公共预算, 政府性基金, 国有资本经营, 财政拨款 as a whole, or all money of the entity."""

    GENERAL = "general"
    FUND = "fund"
    SOE = "soe"
    FISCAL = "fiscal"
    ALL = "all"


class Place(Contract):
    """Where a value was printed. `source_table` is `Table.index`; `row`, `column` 0-based; `page` 1-based.

    `part` is the file it was printed in (its path) where a report came as several or in an archive.
    """

    source_table: int
    row: int
    column: int
    page: int | None = None
    box: Box | None = None
    part: str | None = None


class Column(Contract):
    """An amount column of a table. `path` is the printed header from top to bottom, white space removed.

    `group` numbers the side-by-side blocks from 0: T01/T04 have income 0 and expenditure 1, T06 has 2 to 4.
    """

    column: int
    path: tuple[str, ...]
    measure: Measure
    group: int = 0
    phase: Phase = Phase.OUTTURN
    side: Side | None = None
    fund: Fund | None = None
    unit: Unit


class RoleCell(Contract):
    """The role of one source cell; `state` and `amount` (in the column's unit) only where `role` is amount."""

    row: int
    column: int
    role: CellRole
    state: AmountState | None = None
    amount: Exact | None = None
    raw: str = ""


class Line(Contract):
    """One labelled line of a table: a grid row, or the part of it that belongs to one group of columns.

    `key` is the canonical row key, see `shared/catalogue/keys.py`: a code ("2010301", "30201", "201" for the rows of
    T01/T04), or a word ("total", "staff_total", "carry_in", ...); None where the row was not understood.
    `printed_code` joins split codes ("201" + "06" + "01"); `name` is as printed, without 一、 and without white space;
    `label` is as printed. `ordinal` is the printed 行次, in column `ordinal_column`. `row` counts on over the grids
    of a table that goes on in a second one; `printed_at` then is (`Table.index`, row) of the line in its own grid,
    where its facts stand.
    """

    row: int
    group: int
    key: str | None
    name: str
    label: str
    printed_code: str = ""
    code: Code | None = None
    ordinal: str | None = None
    ordinal_column: int | None = None
    is_total: bool = False
    printed_at: tuple[int, int] | None = None
    #: heading of the section a row of T10 stands under ("政府采购情况"), part of the column path of its facts
    section: str = ""


class Fact(Contract):
    """One printed amount. `amount` is in `unit` as printed, `amount_yuan` in 元 (None for counts).

    `quantum` is the unit of the last printed digit in `unit` (0.01 for "1,649.56", 1 for "0"): the value stands for
    `amount` plus or minus half of it. Dashes and blanks are no facts; zero is one.
    """

    table: str
    key: str | None
    row_code: str
    row_name: str
    column: str
    measure: Measure
    phase: Phase
    side: Side | None
    fund: Fund | None
    code: Code | None
    amount: Exact
    amount_yuan: Exact | None
    unit: Unit
    quantum: Exact
    raw: str
    place: Place
    group: int = 0
    doubts: tuple[DoubtCode, ...] = ()


class ReportTable(Contract):
    """One table by meaning (T01..T10) or a generic grid (X01..).

    `number` is the printed number ("公开01表"), `title` the printed title without white space.
    `empty` means that no amount is printed; `notes` are the lines 注：/说明： under or in the table.
    `why` says in English by what the table was recognised.
    """

    id: str = Field(pattern=r"^[TX][0-9]{2}$")
    title: str
    number: str | None = None
    source_table: int
    page: int | None = None
    unit: Unit | None = None
    unit_printed: str | None = None
    year: int | None = None
    entity: str | None = None
    columns: tuple[Column, ...] = ()
    lines: tuple[Line, ...] = ()
    cells: tuple[RoleCell, ...] = ()
    notes: tuple[str, ...] = ()
    empty: bool = False
    why: str = ""


class Confidence(Word):
    """How sure an identification is."""

    PRINTED = "printed"
    INFERRED = "inferred"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


class Division(Contract):
    """An administrative division (GB/T 2260). `candidates` are the codes left when `confidence` is ambiguous."""

    code: str
    name: str
    level: int
    confidence: Confidence
    evidence: str
    candidates: tuple[str, ...] = ()


class Identity(Contract):
    """Whose account of which year this is."""

    entity: str | None
    scope: DocumentKind
    fiscal_year: int | None
    unit: Unit | None
    division: Division | None = None


class NotUnderstood(Contract):
    """Something printed that the normalizer could not place: a row, a column, a cell."""

    text: Text
    table: str
    place: Place | None = None
    raw: str = ""


class Report(Contract):
    """A final account in the subject-code schema.

    `parts` are the paths of its files where it came as several or in an archive; `Doubt.part` is a position in them.
    """

    document_id: str = Field(pattern=r"^[0-9a-f]{64}$")
    document_name: str
    normalizer: str
    identity: Identity
    tables: tuple[ReportTable, ...]
    facts: tuple[Fact, ...]
    not_understood: tuple[NotUnderstood, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    parts: tuple[str, ...] = ()

    @cached_property
    def by_table(self) -> dict[str, ReportTable]:
        """Tables by id; ids are unique within a report."""
        return {table.id: table for table in self.tables}
