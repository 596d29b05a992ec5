"""extract() from bytes to `Document`."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys

import pytest

from services.extractor import limits
from services.extractor.detect import ARCHIVES
from services.extractor.extract import extract, reader_for
from services.extractor.limits import MAX_CHARACTERS, MAX_PIECES, check_output
from services.extractor.readers.base import Reading
from services.extractor.readers.text import TextReader
from shared.contracts.document import Box, Cell, Document, DoubtCode, MediaType, SourceFile
from shared.contracts.errors import Category, InvalidDocument

TEXT = "甲局2024年度部门决算\n\n编码\t合计\n201\t1.00\n\n注：略\n\n编码\t合计\n202\t2.00\n".encode()


def test_the_same_bytes_are_the_same_document() -> None:
    first = extract(SourceFile(name="甲“局”😀.txt", content=TEXT))
    second = extract(SourceFile(name="b.docx", content=TEXT))
    assert first.document_id == second.document_id == hashlib.sha256(TEXT).hexdigest()
    assert first.blocks == second.blocks
    assert (first.name, first.size, first.media_type) == ("甲“局”😀.txt", len(TEXT), MediaType.TEXT)
    assert first.reader.name == "text"
    assert first.pages is None


def test_tables_are_numbered_in_reading_order() -> None:
    document = extract(SourceFile(name="a.txt", content=TEXT))
    assert [table.index for table in document.tables] == [0, 1]


def test_a_document_survives_json() -> None:
    document = extract(SourceFile(name="a.txt", content=TEXT))
    assert Document.model_validate_json(document.model_dump_json()) == document


@pytest.mark.parametrize(
    "unusual",
    [
        {},
        {"rowspan": 2, "colspan": 3},
        {"page": 1, "box": Box(x0=0, y0=0, x1=1, y1=1)},
        {"doubts": (DoubtCode.RAGGED_ROW,)},
        {"confidence": 0.0},
        {"confidence": 1.0},
    ],
)
def test_only_what_is_unusual_about_a_cell_is_written(unusual: dict[str, object]) -> None:
    cell = Cell.model_validate({"row": 0, "column": 0, "text": "", **unusual})
    assert json.loads(cell.model_dump_json()).keys() == {"row", "column", "text", *unusual}
    assert Cell.model_validate_json(cell.model_dump_json()) == cell


@pytest.mark.parametrize("media_type", sorted(set(MediaType) - ARCHIVES))
def test_every_format_has_a_reader_that_declares_it(media_type: MediaType) -> None:
    assert media_type in reader_for(media_type).media_types


@pytest.mark.parametrize("content", [b"---\n***\n", "\u200b\u3000\n---".encode()])
def test_nothing_to_read_is_an_error_and_no_result(content: bytes) -> None:
    with pytest.raises(InvalidDocument) as error:
        extract(SourceFile(name="a.txt", content=content))
    assert error.value.category is Category.NOTHING_FOUND


def test_reading_text_imports_no_library_of_other_formats() -> None:
    code = (
        "import sys; from services.extractor.extract import extract; from shared.contracts.document import SourceFile;"
        "extract(SourceFile(name='a.txt', content='甲\\t1\\n乙\\t2\\n'.encode()));"
        "print([name for name in ('unstructured', 'pypdfium2', 'openpyxl', 'xlrd', 'docx') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_more_text_than_any_account_has_is_too_large() -> None:
    check_output(MAX_CHARACTERS, MAX_PIECES)
    for characters, pieces in ((MAX_CHARACTERS + 1, 1), (1, MAX_PIECES + 1)):
        with pytest.raises(InvalidDocument) as error:
            check_output(characters, pieces)
        assert error.value.category is Category.TOO_LARGE


def test_the_limit_of_the_output_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CHARACTERS", 30)
    with pytest.raises(InvalidDocument) as error:
        extract(SourceFile(name="a.txt", content=TEXT))
    assert error.value.category is Category.TOO_LARGE


def test_parts_within_parts_without_end_are_an_error_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def forever(self: TextReader, source: SourceFile) -> Reading:
        return forever(self, source)

    monkeypatch.setattr(TextReader, "read", forever)
    with pytest.raises(InvalidDocument) as error:
        extract(SourceFile(name="a.txt", content=TEXT))
    assert error.value.category is Category.TOO_LARGE
    assert "嵌套" in error.value.text.zh
