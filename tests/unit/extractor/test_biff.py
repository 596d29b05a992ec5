"""Gaps in the records of an XLS workbook."""

from __future__ import annotations

import re
import struct

from services.extractor.extract import extract
from services.extractor.sheets.biff import has_gaps
from shared.contracts.document import DoubtCode, SourceFile
from tests.corpus.compose import report
from tests.corpus.layouts import LAYOUTS
from tests.corpus.writers import xls


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


#: Two records of 14 bytes: zeros in their place are seven empty records, which is how xlrd gets over them.
TWO_CELLS = rb"(?:\xfd\x00\x0a\x00|\x7e\x02\x0a\x00).{10}(?:\xfd\x00\x0a\x00|\x7e\x02\x0a\x00).{10}"
BEGIN, END, CELL = record(0x809, bytes(16)), record(0x0A), record(0x203, bytes(14))


def test_sheets_one_after_the_other_and_charts_within_them_have_no_gaps() -> None:
    assert not has_gaps(BEGIN + CELL + END + BEGIN + CELL + BEGIN + CELL + END + CELL + END)
    assert not has_gaps(BEGIN + END + bytes(4096))
    assert not has_gaps(b"")


def test_zeros_within_a_sheet_and_a_sheet_without_its_end_are_gaps() -> None:
    assert has_gaps(BEGIN + CELL + bytes(40) + CELL + END)
    assert has_gaps(BEGIN + CELL + END + BEGIN + CELL)


def test_a_workbook_with_a_gap_is_read_with_a_doubt() -> None:
    content = xls.write(report(LAYOUTS[0], 1))
    whole = extract(SourceFile(name="a.xls", content=content))
    assert whole.doubts == ()
    places = [found.start() for found in re.finditer(TWO_CELLS, content, re.DOTALL)]
    hurt = extract(SourceFile(name="a.xls", content=content[: places[-1]] + bytes(28) + content[places[-1] + 28 :]))
    assert DoubtCode.TRUNCATED in {doubt.code for doubt in hurt.doubts}
