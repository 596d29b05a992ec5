"""OFD as programs in use write it: what they make of a report, and single habits of theirs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.extractor.ofd.document import places_of, sheet_of
from services.extractor.ofd.package import Package
from services.extractor.ofd.page import read_sheet
from shared.contracts.document import DoubtCode, Table
from tests.corpus.compose import report
from tests.corpus.grid import Printed
from tests.corpus.layouts import BY_ID
from tests.corpus.writers import ofd, ofd_makers
from tests.unit.extractor.ofd_package import SPACE, lines, parts, read, read_page, ruled, tables, text, zipped

XS, YS = (20, 80, 120), (30, 40, 50)
GRID = ruled(XS, YS)
WORDS = text(22, 32, "项目") + text(82, 32, "金额") + text(22, 42, "合计") + text(82, 42, "1,234.56")
EXPECTED = [[["项目", "金额"], ["合计", "1,234.56"]]]


@pytest.mark.parametrize(
    ("maker", "plain"),
    [
        (ofd_makers.office, ofd.manner_b),
        (ofd_makers.converter, ofd.manner_a),
        (ofd_makers.reader, ofd.manner_c),
    ],
)
@pytest.mark.parametrize("layout", ["central", "hubei"])
def test_a_report_is_the_same_whoever_wrote_it(
    layout: str, maker: Callable[[Printed], bytes], plain: Callable[[Printed], bytes]
) -> None:
    """Cells with their spans, as from the plain way to write; no doubt."""
    printed = report(BY_ID[layout], 940)
    one, other = read(maker(printed)), read(plain(printed))
    grids = [
        [
            (
                block.rows,
                block.columns,
                [(cell.row, cell.column, cell.colspan, cell.rowspan, cell.text) for cell in block.cells],
            )
            for block in reading.blocks
            if isinstance(block, Table)
        ]
        for reading in (one, other)
    ]
    assert len(grids[0]) >= 9
    assert grids[0] == grids[1]
    assert one.doubts == ()
    assert ["".join(line.split()) for line in lines(one)] == ["".join(line.split()) for line in lines(other)]


def test_placeholders_of_glyphs_without_a_code() -> None:
    """The currency sign stands for what only the font knows: it stays, so that no amount looks whole, and is told."""
    glyphs = "<ofd:CGTransform CodePosition='0' CodeCount='6' GlyphCount='6'><ofd:Glyphs>7 8 9 1 2 3</ofd:Glyphs>"
    secret = text(20, 60, "¤" * 6, code='DeltaX="g 5 4"').replace(
        "<ofd:TextCode", f"{glyphs}</ofd:CGTransform><ofd:TextCode"
    )
    reading = read_page(GRID + text(82, 42, "1,234.5¤") + secret)
    assert tables(reading)[0][1] == ["", "1,234.5¤"]
    assert lines(reading) == ["¤" * 6]
    assert [(doubt.code, doubt.page) for doubt in reading.doubts] == [(DoubtCode.ENCODING, 1)]
    assert "7" in reading.doubts[0].text.en


def test_characters_that_only_their_font_knows() -> None:
    """Private codes are kept and told; the bullets of symbol fonts are no matter for a doubt."""
    private = "\ue11e\ue236\ue28a\ue0c0\ueb06\uf234"
    reading = read_page(GRID + WORDS + text(20, 60, private, code='DeltaX="g 5 4"'))
    assert lines(reading) == [private]
    assert [(doubt.code, doubt.page) for doubt in reading.doubts] == [(DoubtCode.ENCODING, 1)]
    bullets = "".join(text(20, 60 + 8 * n, "\uf06c一般公共预算", code='DeltaX="g 6 4"') for n in range(8))
    assert read_page(GRID + WORDS + bullets).doubts == ()


def test_headings_run_together_with_spaces_that_take_no_step() -> None:
    """As the box says: with the spaces the text would run far beyond it."""
    steps = 'DeltaX="4 58 4"'
    head = (
        '<ofd:TextObject Boundary="22 32 70 5" Size="4"><ofd:TextCode X="0" Y="4" {}>项目 金额</ofd:TextCode>'
        "</ofd:TextObject>"
    )
    assert tables(read_page(GRID + head.format(steps)))[0][0] == ["项目", "金额"]
    spaced = 'DeltaX="4 29 29 4"'
    assert tables(read_page(GRID + head.format(spaced)))[0][0] == ["项目", "金额"]
    even = text(20, 60, "收 入 表", code='DeltaX="4 4"')  # too few: they go on
    assert lines(read_page(even)) == ["收 入 表"]


def test_a_template_below_and_one_upon_the_page() -> None:
    """By the order that the page gives, or else the template itself."""
    templates = "".join(
        f'<ofd:TemplatePage ID="{key}" BaseLoc="T{key}.xml" {order}/>'
        for key, order in ((5, 'ZOrder="Foreground"'), (6, ""), (7, 'ZOrder="Foreground"'))
    )
    used = (
        '<ofd:Template TemplateID="5"/><ofd:Template TemplateID="6"/><ofd:Template TemplateID="7" ZOrder="Background"/>'
    )
    more = {
        f"Doc_0/T{key}.xml": f'<ofd:Page {SPACE} Name="{key}"><ofd:Content><ofd:Layer>{text(20, 20 + key, "收入")}'
        "</ofd:Layer></ofd:Content></ofd:Page>"
        for key in (5, 6, 7)
    }
    package = Package(zipped(parts(WORDS, common=templates, area=used, more=more)))
    sheet = sheet_of(package, places_of(package)[0], 1)
    assert [root.get("Name") for root in sheet.roots] == ["6", "7", None, "5"]


def test_seals_and_annotations_are_not_read() -> None:
    """Text in the appearance of an annotation, a signature with a seal: they lie upon what is published."""
    appearance = f'<ofd:Appearance Boundary="22 42 30 5">{text(0, 0, "作废")}</ofd:Appearance>'
    more = {
        "Doc_0/Annotations.xml": f'<ofd:Annotations {SPACE}><ofd:Page PageID="0">'
        "<ofd:FileLoc>Annots/A.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>",
        "Doc_0/Annots/A.xml": f'<ofd:PageAnnot {SPACE}><ofd:Annot ID="9" Type="Stamp">{appearance}'
        "</ofd:Annot></ofd:PageAnnot>",
        "Doc_0/Signs/Sign_0/Seal.esl": "0\x82",
    }
    files = parts(GRID + WORDS, more=more)
    listed = str(files["Doc_0/Document.xml"]).replace(
        "</ofd:Pages>", "</ofd:Pages><ofd:Annotations>Annotations.xml</ofd:Annotations>"
    )
    reading = read(zipped(files | {"Doc_0/Document.xml": listed}))
    assert tables(reading) == EXPECTED
    assert lines(reading) == []
    assert reading.doubts == ()


def test_resources_of_a_page() -> None:
    """Vector units and drawing parameters that only one page names, inherited in a chain; a white rule is none."""
    more = {
        "Doc_0/Pages/Page_0/PageRes.xml": f'<ofd:Res {SPACE} BaseLoc="Res"><ofd:DrawParams>'
        '<ofd:DrawParam ID="40" LineWidth="0.2"><ofd:StrokeColor Value="255 255 255"/></ofd:DrawParam>'
        '<ofd:DrawParam ID="41" Relative="40"/></ofd:DrawParams><ofd:CompositeGraphicUnits>'
        f'<ofd:CompositeGraphicUnit ID="42"><ofd:Content>{text(0, 0, "7.5")}</ofd:Content></ofd:CompositeGraphicUnit>'
        "</ofd:CompositeGraphicUnits></ofd:Res>"
    }
    unseen = ruled((40,), (30, 50), 'DrawParam="41"')
    unit = '<ofd:CompositeObject ResourceID="42" Boundary="82 42 30 5"/>'
    area = "<ofd:PageRes>PageRes.xml</ofd:PageRes>"
    assert tables(read(zipped(parts(GRID + unseen + unit, area=area, more=more)))) == [[["", ""], ["", "7.5"]]]


def test_a_page_of_thousands_of_vector_units() -> None:
    """A converter makes one of every text object; that is no bomb."""
    units = "".join(
        f'<ofd:CompositeGraphicUnit ID="{n}"><ofd:Content>{text(0, 0, "7", 2)}</ofd:Content></ofd:CompositeGraphicUnit>'
        for n in range(8)
    )
    placed = "".join(
        f'<ofd:CompositeObject ResourceID="{n % 8}" Boundary="{10 + n % 100 * 1.9} {10 + n // 100 * 3.4} 4 4"/>'
        for n in range(8_000)
    )
    files = parts(placed, resources=f"<ofd:CompositeGraphicUnits>{units}</ofd:CompositeGraphicUnits>")
    package = Package(zipped(files))
    page = read_sheet(sheet_of(package, places_of(package)[0], 1))
    assert not page.truncated
    assert page.characters == 8_000


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ('HScale="0.5"', 'DeltaX="1 1 1 1 1 1 1"'),
        ('HScale="0.5"', ""),
        ('HScale="2"', 'DeltaX="g 7 4"'),
        ('ReadDirection="0" CharDirection="0"', 'DeltaX="g 7 2"'),
    ],
)
def test_characters_made_narrow_or_wide(attributes: str, code: str) -> None:
    """HScale changes characters, not steps."""
    amount = text(82, 42, "1,234.56", attributes=attributes, code=code or 'DeltaY=""')
    assert tables(read_page(GRID + amount))[0][1] == ["", "1,234.56"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("张\\d842\\dfb7收入", 'DeltaX="4 4 4"'),
        ("张\U00020bb7收入", 'DeltaX="4 4 4"'),
        ("张\U00020bb7收入", 'DeltaX="4 0 4 4"'),
        ("张\U00020bb7收入", 'DeltaX="4 4 0 4"'),
        ("张\U00020bb7收入", 'DeltaX="g 3 4"'),
    ],
)
def test_rare_characters_count_once_or_twice(words: str, code: str) -> None:
    """Names have characters that are pairs in UTF-16: escaped by halves, with a step for each half or for the whole."""
    assert lines(read_page(text(20, 20, words, code=code) + text(36, 20, "表", code=""))) == ["张\U00020bb7收入表"]
