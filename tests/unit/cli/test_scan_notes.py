"""What `show` says of a file that was read by OCR."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cli import language
from cli.scan_notes import ranges, reading_notes
from shared.contracts.base import Text
from shared.contracts.document import Doubt, DoubtCode


@pytest.fixture(autouse=True)
def plain_language() -> Iterator[None]:
    """Tests choose a language; the others find the one they had."""
    before = language.language()
    yield
    language.choose(before)


def doubt(code: DoubtCode, page: int, row: int | None = None) -> Doubt:
    """A doubt on a page, about a cell where `row` is given."""
    words = Text(zh=f"第 {page} 页存疑", en=f"page {page} is doubtful")
    return Doubt(code=code, text=words, page=page, table=None if row is None else 0, row=row, column=row)


def lines(*doubts: Doubt) -> list[str]:
    """What is printed."""
    return [line.plain for line in reading_notes(doubts)]


def test_a_sure_reading_needs_no_words() -> None:
    assert lines() == []


def test_scanned_pages_are_one_line() -> None:
    language.choose("zh")
    pages = [doubt(DoubtCode.SCANNED_PAGE, page) for page in (3, 1, 2, 7)]
    assert lines(*pages) == ["第 1–3、7 页为扫描件，由文字识别（OCR）读取，请对照原件。"]
    language.choose("en")
    assert lines(*pages) == ["Scanned, read by OCR, to be compared with the original: page 1–3, 7."]


def test_pages_count_within_the_files_of_a_report() -> None:
    language.choose("zh")
    first, second = (doubt(DoubtCode.SCANNED_PAGE, 1).in_part(part, "") for part in (0, 1))
    found = [line.plain for line in reading_notes((first, second), ("甲/说明.pdf", "甲/表.pdf"))]
    assert found == [
        "甲/说明.pdf：第 1 页为扫描件，由文字识别（OCR）读取，请对照原件。",
        "甲/表.pdf：第 1 页为扫描件，由文字识别（OCR）读取，请对照原件。",
    ]
    assert [line.plain for line in reading_notes((first,), ("甲/说明.pdf",))] == lines(first)


def test_cells_are_counted_and_everything_else_is_said_once() -> None:
    language.choose("en")
    found = lines(
        doubt(DoubtCode.SCANNED_TEXT, 1, row=4),
        doubt(DoubtCode.SCANNED_TEXT, 1, row=5),
        doubt(DoubtCode.SCANNED_SUM, 1, row=4),
        doubt(DoubtCode.SCANNED_TEXT, 2),
        doubt(DoubtCode.ODD_RULES, 2, row=1),
        doubt(DoubtCode.EMPTY_PAGE, 9),
    )
    assert found == [
        "Cells that OCR is not sure of: 2.",
        "Cells that the sums of the form contradict: 1.",
        "page 2 is doubtful",
        "page 9 is doubtful",
    ]


def test_runs_of_numbers_are_drawn_together() -> None:
    language.choose("zh")
    assert ranges([1]) == "1"
    assert ranges([1, 2, 4, 6, 7, 8]) == "1–2、4、6–8"
