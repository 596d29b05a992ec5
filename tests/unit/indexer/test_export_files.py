"""Exports as other programs read them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pyarrow import parquet

from services.indexer import writers
from services.indexer.export import ExportFormat, export
from services.indexer.fields import FACTS, FINDINGS, REPORTS, Field
from services.indexer.index import Indexer
from services.indexer.records import FactFilter, ReportFilter
from services.indexer.writers import Sheet, write_csv, write_parquet, write_xlsx
from shared.contracts.outcome import DocumentOutcome
from tests.contract.samples import FACTS as SAMPLE
from tests.contract.samples import fact, make_assessment, make_report

EVIL = '=HYPERLINK("http://x","点击")'


@pytest.fixture
def indexer(tmp_path: Path) -> Iterator[Indexer]:
    with Indexer(tmp_path / "x.db") as opened:
        report = make_report(facts=(*SAMPLE, fact("T03", 20, EVIL, "-5.00"), fact("X01", 21, "很细", "0.12345678")))
        opened.index(report, make_assessment(report), DocumentOutcome.OK)
        opened.index(make_report("y", year=2023), make_assessment(make_report("y")), DocumentOutcome.OK)
        yield opened


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_for_people_and_programs(indexer: Indexer, tmp_path: Path) -> None:
    written = export(indexer.engine, tmp_path / "out", ExportFormat.CSV, ReportFilter(year=2024))

    assert [path.name for path in written] == ["facts.csv", "findings.csv", "reports.csv", "datapackage.json"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in written)
    assert written[0].read_bytes().startswith(b"\xef\xbb\xbf")
    facts, findings, reports = (read_csv(path) for path in written[:3])
    assert (len(facts), len(findings), len(reports)) == (len(SAMPLE) + 2, 2, 1)
    first = facts[1]
    assert {name: first[name] for name in ("amount", "amount_yuan", "unit", "raw", "page", "table", "column")} == {
        "amount": "845.13",
        "amount_yuan": "8451300.00",
        "unit": "万元",
        "raw": "845.13",
        "page": "7",
        "table": "T03",
        "column": "支出合计",
    }
    assert [first[f"functional_{level}"] for level in ("class", "section", "item")] == ["201", "20103", "2010301"]
    assert (first["functional_class_name"], first["economic_class"]) == ("一般公共服务支出", "")
    assert (first["direction"], first["budget_phase"]) == ("expenditure", "executed")
    assert (first["cofog_division_proposed"], first["cofog_mapping_quality"]) == ("01", "many-to-one")
    training = next(row for row in facts if row["row_name"] == "培训费")
    assert (training["economic_class"], training["economic_section_name"]) == ("302", "培训费")
    assert training["amount"] == "0.00"
    evil = next(row for row in facts if "HYPERLINK" in row["row_name"])
    assert (evil["row_name"], evil["raw"], evil["amount"]) == (f"'{EVIL}", "-5.00", "-5.00")
    assert findings[0]["suggested"] == "8,451.30"
    assert reports[0]["errors"] == "1"


def test_the_data_package_describes_the_files(indexer: Indexer, tmp_path: Path) -> None:
    export(indexer.engine, tmp_path, ExportFormat.CSV)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))

    for resource in package["resources"]:
        rows = read_csv(tmp_path / resource["path"])
        schema = resource["schema"]
        assert [field["name"] for field in schema["fields"]] == list(rows[0])
        keys = [tuple(row[name] for name in schema["primaryKey"]) for row in rows]
        assert len(set(keys)) == len(keys)
        for field in schema["fields"]:
            check = {"integer": int, "number": Decimal, "boolean": ("true", "false").index}.get(field["type"], str)
            for row in rows:
                if row[field["name"]]:
                    check(row[field["name"]])
    known = {row["document_id"] for row in read_csv(tmp_path / "reports.csv")}
    assert {row["document_id"] for row in read_csv(tmp_path / "facts.csv")} <= known
    types = {field["name"]: field.get("columnType") for field in package["resources"][0]["schema"]["fields"]}
    assert types["amount_yuan"] == "value"
    assert types["functional_section"] == "functional-classification:generic:level2:code:full"
    assert types["cofog_division_proposed"] is None
    assert "proposal" in package["description"]


def test_parquet_keeps_every_decimal(indexer: Indexer, tmp_path: Path) -> None:
    written = export(indexer.engine, tmp_path, ExportFormat.PARQUET, ReportFilter(year=2024))
    table = parquet.read_table(written[0])

    assert [path.name for path in written] == ["facts.parquet", "findings.parquet", "reports.parquet"]
    amounts = table["amount"].to_pylist()
    assert amounts[-2:] == [Decimal("-5.00"), Decimal("0.12345678")]
    assert str(table.schema.field("amount_yuan").type) == "decimal128(38, 8)"
    assert table["row_name"].to_pylist()[-2] == EVIL
    assert table["amount_yuan"].to_pylist()[len(SAMPLE) - 1] is None
    assert parquet.read_table(written[2])["indexed_at"].to_pylist()[0].tzinfo is not None


def test_excel_numbers_are_numbers_and_codes_are_text(indexer: Indexer, tmp_path: Path) -> None:
    (path,) = export(indexer.engine, tmp_path, ExportFormat.XLSX, ReportFilter(year=2024))
    book = load_workbook(path)

    assert book.sheetnames == ["facts", "findings", "reports"]
    head, *rows = book["facts"].iter_rows()
    at = {cell.value: number for number, cell in enumerate(head)}
    first = rows[1]
    assert (first[at["amount"]].value, first[at["amount"]].number_format) == (845.13, "0.00")
    assert (first[at["code"]].value, first[at["code"]].data_type) == ("2010301", "s")
    evil = rows[len(SAMPLE)]
    assert (evil[at["row_name"]].value, evil[at["row_name"]].data_type) == (EVIL, "s")
    assert rows[-1][at["amount"]].value == 0.12345678
    book.close()


def test_filters_reach_the_export(indexer: Indexer, tmp_path: Path) -> None:
    chosen = FactFilter(code="2010301", year=2023)
    written = export(indexer.engine, tmp_path, ExportFormat.CSV, chosen)
    assert {row["code"] for row in read_csv(written[0])} == {"2010301"}
    assert {row["fiscal_year"] for path in written[:3] for row in read_csv(path)} == {"2023"}


def test_an_export_that_fails_leaves_the_older_file(
    indexer: Indexer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(indexer.engine, tmp_path / "out", ExportFormat.CSV)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("services.indexer.export.write_csv", full)
    with pytest.raises(OSError, match="disk full"):
        export(indexer.engine, tmp_path / "out", ExportFormat.CSV)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_an_empty_database_gives_files_with_headers(tmp_path: Path) -> None:
    with Indexer(tmp_path / "empty.db") as opened:
        for form in ExportFormat:
            export(opened.engine, tmp_path / "out", form)
    assert (tmp_path / "out" / "facts.csv").read_text(encoding="utf-8-sig").split(",")[0] == "document_id"
    assert parquet.read_table(tmp_path / "out" / "facts.parquet").num_rows == 0


COLUMN: tuple[Field[Any], ...] = (Field("value", "string", lambda row: row),)
NUMBER: tuple[Field[Any], ...] = (Field("value", "number", lambda row: row),)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+86 10", "'+86 10"),
        ("-", "'-"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
        ("-1,234.50", "-1,234.50"),
        ("+5%", "+5%"),
        ("——", "——"),
        (None, ""),
        (True, "true"),
        (Decimal("1E+3"), "1000"),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00+00:00"),
        ('一"二,三\n四', '一"二,三\n四'),
    ],
)
def test_one_cell_of_csv(tmp_path: Path, value: object, written: str) -> None:
    write_csv(Sheet("x", COLUMN, [value]), tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1:] == ([[written]] if written else [[""]])


def test_numbers_beyond_parquet_are_null_and_finer_ones_rounded(tmp_path: Path) -> None:
    values = [Decimal(10) ** 30, Decimal("0.123456785"), Decimal("-0.1"), None]
    write_parquet(Sheet("x", NUMBER, values), tmp_path / "x.parquet")
    assert parquet.read_table(tmp_path / "x.parquet")["value"].to_pylist() == [
        None,
        Decimal("0.12345678"),
        Decimal("-0.1"),
        None,
    ]


def test_a_full_sheet_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "_SHEET_ROWS", 4)
    write_xlsx([Sheet("facts", COLUMN, iter("一二三四五六七"))], tmp_path / "x.xlsx")
    book = load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["facts", "facts 2", "facts 3"]
    assert [cell.value for page in book for (cell,) in page.iter_rows(min_row=2)] == list("一二三四五六七")
    book.close()


def test_control_characters_do_not_stop_excel(tmp_path: Path) -> None:
    write_xlsx([Sheet("x", COLUMN, ["甲\x0b乙", "字" * 40_000])], tmp_path / "x.xlsx")
    book = load_workbook(tmp_path / "x.xlsx")
    assert book["x"]["A2"].value == "甲\ufffd乙"
    assert len(book["x"]["A3"].value) == 32_767
    book.close()


def test_rows_are_read_as_they_are_written() -> None:
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        while True:
            read += 1
            yield "行"

    batches = writers._batches(endless())
    assert len(next(batches)) == 10_000
    assert read == 10_000


def test_columns_have_one_name_each() -> None:
    for columns in (FACTS, FINDINGS, REPORTS):
        names = [field.name for field in columns]
        assert len(set(names)) == len(names)
