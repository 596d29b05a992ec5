"""Group A, first part: whose account of which year this is, and whether the tables agree on it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.validator.checks import Check, Passed, Statement, cannot
from services.validator.registry import rule
from services.validator.view import View
from shared.catalogue.rules import table_name
from shared.catalogue.text import fold
from shared.contracts.assessment import CellRef, Severity
from shared.contracts.base import Text
from shared.contracts.report import Confidence, DocumentKind, ReportTable

_PLACEHOLDER = re.compile(r"X{2,}|×{2,}|＿{3,}|（如有）|\(如有\)|请填写|某某(?:局|单位|部门)", re.IGNORECASE)
_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|\"")
_FINAL = frozenset({DocumentKind.DEPARTMENT_FINAL_ACCOUNT, DocumentKind.UNIT_FINAL_ACCOUNT})


def known_tables(view: View) -> list[ReportTable]:
    """The tables by meaning (T01..T10), in printed order."""
    return [table for table in view.report.tables if table.id.startswith("T")]


def title_ref(table: ReportTable) -> CellRef:
    """The heading of a table as evidence."""
    return CellRef(table=table.id, row_code="", row_name="", column="", raw=table.title)


@rule("A01")
def document_type(view: View) -> Iterator[Check]:
    """The document is a final account (部门决算 or 单位决算), not a budget."""
    if view.report.identity.scope in _FINAL:
        yield Passed()
        return
    yield Statement(
        Text(zh="这份文件不是部门决算或单位决算", en="this document is not a final account"), subject="document kind"
    )


@rule("A02")
def fiscal_year(view: View) -> Iterator[Check]:
    """Every table names the fiscal year of the title."""
    if view.year is None:
        yield cannot("没有识别出决算年度", "the fiscal year was not found")
        return
    tables = [table for table in known_tables(view) if table.year is not None]
    if not tables:
        yield cannot("各表没有注明年度", "no table names a year")
    for table in tables:
        if table.year == view.year:
            yield Passed()
            continue
        name = table_name(table.id)
        yield Statement(
            Text(
                zh=f"{name.zh}注明的年度是 {table.year} 年，全文是 {view.year} 年决算",
                en=f"{name.en} says {table.year}, the account is of {view.year}",
            ),
            cells=(title_ref(table),),
            expected=str(view.year),
            found=str(table.year),
            subject=f"year {table.id}",
        )


@rule("A03")
def entity(view: View) -> Iterator[Check]:
    """Every table names the department of the title, brackets and spaces aside; it lies in one division.

    A table that names quite another department while the others agree was copied from elsewhere: an error.
    Where no table agrees with the title, the two forms of a name are more likely: a warning.
    """
    identity = view.report.identity
    if identity.entity is None:
        yield cannot("没有识别出部门名称", "the name of the department was not found")
        return
    tables = [table for table in known_tables(view) if table.entity]
    if not tables:
        yield cannot("各表没有注明部门名称", "no table names the department")
    odd = [table for table in tables if not _same_entity(identity.entity, table.entity or "")]
    for _ in range(len(tables) - len(odd)):
        yield Passed()
    for table in odd:
        name = table_name(table.id)
        yield Statement(
            Text(
                zh=f"{name.zh}的部门名称是“{table.entity}”，全文是“{identity.entity}”",
                en=f"{name.en} names {table.entity}, the account is that of {identity.entity}",
            ),
            cells=(title_ref(table),),
            severity=Severity.WARNING if len(odd) * 2 > len(tables) else None,
            expected=identity.entity,
            found=table.entity or "",
            subject=f"entity {fold(table.entity or '')}",
        )
    if identity.division is None or identity.division.confidence in {Confidence.AMBIGUOUS, Confidence.UNKNOWN}:
        yield cannot("没有唯一确定行政区划", "the administrative division is not certain")
    else:
        yield Passed()


@rule("A04")
def no_template_residue(view: View) -> Iterator[Check]:
    """No placeholder of a template is left: XX, （如有）, 请填写."""
    texts = [(table, text) for table in known_tables(view) for text in _texts(table)]
    found = [(table, text) for table, text in texts if text and _PLACEHOLDER.search(text)]
    if not found:
        yield Passed()
    for table, text in found:
        name = table_name(table.id)
        yield Statement(
            Text(zh=f"{name.zh}中留有模板文字“{text}”", en=f"{name.en}: text of a template is left: {text}"),
            cells=(CellRef(table=table.id, row_code="", row_name="", column="", raw=text),),
            found=text,
            subject=f"template {text}",
        )


@rule("A08")
def contents(view: View) -> Iterator[Check]:
    """The table of contents names the tables in their order; the report does not keep that page."""
    number = len(known_tables(view))
    yield cannot("报告结构中没有目录页", f"the table of contents is not part of the report ({number} tables)")


@rule("A12")
def number_labels(view: View) -> Iterator[Check]:
    """公开NN表 is the position of the table among the tables."""
    tables = sorted(known_tables(view), key=lambda table: table.source_table)
    numbers = [(position, table, _number(table)) for position, table in enumerate(tables, 1)]
    if not any(number for _, _, number in numbers):
        yield cannot("各表没有编号", "the tables carry no numbers")
        return
    previous = 0
    for _, table, number in numbers:
        if number is None:
            continue
        if number > previous:
            yield Passed()
        else:
            name = table_name(table.id)
            yield Statement(
                Text(
                    zh=f"{name.zh}的编号“{table.number}”与排列次序不符",
                    en=f"{name.en}: the number {table.number} does not follow the order of the tables",
                ),
                cells=(title_ref(table),),
                found=table.number or "",
                subject=f"number {table.id}",
            )
        previous = number


def _number(table: ReportTable) -> int | None:
    """NN of 公开NN表; other labels (财决Z07表) number the internal forms and follow no order here."""
    match = re.search(r"公开0*(\d+)", fold(table.number or ""))
    return int(match[1]) if match else None


def _texts(table: ReportTable) -> Iterator[str]:
    yield table.title
    yield table.entity or ""
    yield from table.notes
    for line in table.lines:
        yield line.name


def _same_entity(one: str, other: str) -> bool:
    a, b = (_BRACKETS.sub("", fold(text)).removesuffix("本级") for text in (one, other))
    return not a or not b or a in b or b in a
