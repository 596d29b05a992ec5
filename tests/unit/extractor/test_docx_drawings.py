"""What is drawn in a Word document and cannot be read is a doubt; seals, logos and formulas are not."""

from __future__ import annotations

import io

import docx
import pytest
from docx.oxml import parse_xml
from docx.shared import Cm
from PIL import Image

from services.extractor.readers.base import Reading
from services.extractor.readers.docx import DocxReader
from shared.contracts.document import DoubtCode, SourceFile

_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"'
)


def _read(document: docx.document.Document) -> Reading:
    buffer = io.BytesIO()
    document.save(buffer)
    return DocxReader().read(SourceFile(name="a.docx", content=buffer.getvalue()))


def _with(drawn: str) -> Reading:
    document = docx.Document()
    document.add_paragraph("部门决算")
    document.element.body.insert(0, parse_xml(f"<w:p {_NAMES}><w:r>{drawn}</w:r></w:p>"))
    return _read(document)


def _object(program: str, kind: str = "Embed") -> str:
    shape = '<v:shape style="width:500pt;height:700pt"><v:imagedata/></v:shape>'
    return f'<w:object>{shape}<o:OLEObject Type="{kind}" ProgID="{program}"/></w:object>'


@pytest.mark.parametrize(("centimetres", "doubts"), [((17, 24), 1), ((16, 17), 1), ((4, 4), 0), ((15, 8), 0)])
def test_a_picture_like_a_page_is_a_doubt(centimetres: tuple[int, int], doubts: int) -> None:
    picture = io.BytesIO()
    Image.new("L", (20, 20)).save(picture, "PNG")
    document = docx.Document()
    document.add_paragraph("部门决算")
    document.add_picture(picture, width=Cm(centimetres[0]), height=Cm(centimetres[1]))
    assert [doubt.code for doubt in _read(document).doubts] == [DoubtCode.SKIPPED_CONTENT] * doubts


@pytest.mark.parametrize(
    ("drawn", "doubts"),
    [
        ('<w:pict><v:shape style="width:17cm;height:24cm"><v:imagedata/></v:shape></w:pict>', 1),
        ('<w:pict><v:shape style="width:100pt;height:100pt"><v:imagedata/></v:shape></w:pict>', 0),
        ('<w:pict><v:shape style="width:17cm;height:24cm"/></w:pict>', 0),
        ('<w:pict><v:shape style="width:1.2.3cm"><v:imagedata/></v:shape></w:pict>', 0),
        (_object("Excel.Sheet.12"), 1),
        (_object("Equation.3"), 0),
        (_object("Excel.Sheet.12", "Link"), 0),
    ],
)
def test_older_pictures_and_embedded_objects(drawn: str, doubts: int) -> None:
    assert [doubt.code for doubt in _with(drawn).doubts] == [DoubtCode.SKIPPED_CONTENT] * doubts
