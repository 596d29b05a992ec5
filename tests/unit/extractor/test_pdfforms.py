"""Drawings within drawings: what unfolds without end is refused before PDFium sees it, all else is let through."""

from __future__ import annotations

import zlib

import pytest

from services.extractor.extract import extract
from services.extractor.pdfforms import MAX_REPEATED, check_forms
from shared.contracts.document import SourceFile
from shared.contracts.errors import Category, InvalidDocument
from tests.fuzz.monsters.kit import WRITES, pdf, pdf_page, stream

_FORM = "/Type/XObject/Subtype/Form/BBox[0 0 595 842]{}"


def nested(calls: int, levels: int, *, packed: bool = False, apart: bool = False) -> bytes:
    """A page that draws form 6, each form drawing the next `calls` times; `apart`: resources elsewhere."""
    forms, places = [], []
    for level in range(levels):
        inner = f"/XObject<</X {7 + level} 0 R>>"
        resources = f"/Resources {7 + levels + level} 0 R" if apart else f"/Resources<<{inner}>>"
        content = "/X Do " * calls
        if packed:
            content = zlib.compress(content.encode()).decode("latin-1")
        forms.append(stream(content, _FORM.format(resources + ("/Filter/FlateDecode" if packed else ""))))
        places.append(f"<<{inner}>>")
    forms.append(stream(WRITES, _FORM.format("/Resources<</Font<</F 5 0 R>>>>")))
    return pdf(*pdf_page("/X Do", resources="/XObject<</X 6 0 R>>"), *forms, *(places if apart else ()))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("apart", [False, True])
def test_a_bomb_is_refused(*, packed: bool, apart: bool) -> None:
    with pytest.raises(InvalidDocument) as refused:
        extract(SourceFile(name="x.pdf", content=nested(10, 12, packed=packed, apart=apart)))
    assert refused.value.category is Category.TOO_LARGE
    assert "嵌套" in refused.value.text.zh
    assert "drawings" in refused.value.detail


@pytest.mark.parametrize(("calls", "levels"), [(1, 40), (2, 10), (100, 2), (3000, 1)])
def test_what_programs_nest_is_let_through(calls: int, levels: int) -> None:
    check_forms(nested(calls, levels))


def repeated(times: int, *, apart: bool = False) -> bytes:
    """A page that has its content `times` times; `apart`: the list is an object of its own."""
    pieces = f"[{'4 0 R ' * times}]"
    objects = [
        part.replace("/Contents 4 0 R", "/Contents " + ("6 0 R" if apart else pieces)) for part in pdf_page(WRITES)
    ]
    return pdf(*objects, *([pieces] if apart else []))


@pytest.mark.parametrize("apart", [False, True])
def test_content_repeated_many_times_is_refused(*, apart: bool) -> None:
    with pytest.raises(InvalidDocument) as refused:
        extract(SourceFile(name="x.pdf", content=repeated(MAX_REPEATED + 2, apart=apart)))
    assert refused.value.category is Category.TOO_LARGE
    check_forms(repeated(MAX_REPEATED + 1, apart=apart))


def test_a_page_of_many_pieces_is_let_through() -> None:
    check_forms(repeated(1).replace(b"[4 0 R ]", b"[" + b" ".join(b"%d 0 R" % n for n in range(4, 4000)) + b"]"))


def test_other_lists_may_repeat_what_they_like() -> None:
    """The elements of a tagged page: a paragraph once for each of its pieces."""
    check_forms(pdf(*pdf_page(WRITES), f"[{'4 0 R ' * 1000}]"))


def test_forms_are_read() -> None:
    document = extract(SourceFile(name="x.pdf", content=nested(1, 3)))
    assert any("report" in getattr(block, "text", "") for block in document.blocks)


def test_a_form_within_itself_ends() -> None:
    loop = stream("/X Do /X Do", _FORM.format("/Resources<</XObject<</X 6 0 R>>>>"))
    check_forms(pdf(*pdf_page(WRITES, resources="/XObject<</X 6 0 R>>"), loop, loop))


def test_forms_that_the_content_never_calls_count_for_nothing() -> None:
    check_forms(nested(10, 12).replace(b"Do", b"Dx"))


@pytest.mark.parametrize(
    "content", [b"", b"/Subtype/Form" * 1000, b"1 0 obj<</Subtype/Form>>stream\n" * 30_000, b"obj[" * 9999]
)
def test_whatever_stands_there_it_ends(content: bytes) -> None:
    check_forms(content)
