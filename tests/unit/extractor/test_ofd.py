"""OFD pages: places, matrices, steps, rules, resources; what producers write beside the standard."""

from __future__ import annotations

import pytest

from services.extractor.extract import extract
from shared.contracts.document import DoubtCode, MediaType, SourceFile, Table
from tests.corpus.compose import report
from tests.corpus.layouts import BY_ID
from tests.corpus.writers import BY_ID as FORMATS
from tests.unit.extractor.ofd_package import SPACE, lines, parts, read, read_page, ruled, stroke, tables, text, zipped

XS, YS = (20, 80, 120), (30, 40, 50)
GRID = ruled(XS, YS)
WORDS = text(22, 32, "项目") + text(82, 32, "金额") + text(22, 42, "合计") + text(82, 42, "1,234.56")
EXPECTED = [[["项目", "金额"], ["合计", "1,234.56"]]]


def test_a_table_and_its_places() -> None:
    """Millimetres from the top left corner become points."""
    reading = read_page(text(20, 20, "收入决算表") + GRID + WORDS)
    assert tables(reading) == EXPECTED
    assert lines(reading) == ["收入决算表"]
    assert reading.pages == 1
    assert reading.doubts == ()
    table = next(block for block in reading.blocks if isinstance(block, Table))
    box = table.cells[3].box
    assert box is not None
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx((226.77, 113.39, 340.16, 141.73), abs=0.02)


def test_extract_knows_the_format() -> None:
    """By the entry of the package, whatever the name says."""
    document = extract(SourceFile(name="决算.zip", content=zipped(parts(GRID + WORDS))))
    assert document.media_type is MediaType.OFD
    assert document.reader.name == "ofd-lattice"
    assert len(document.tables) == 1


@pytest.mark.parametrize(
    "code",
    [
        'DeltaX="2 2 2 2 2 2 2"',
        'DeltaX="g 7 2"',
        'DeltaX="2,2,2,2,2,2,2"',
        'DeltaX="g 3 2 2 g 3 2"',
        'DeltaX="g 3 2"',
        'DeltaX="g 1000000000 2"',
        'DeltaX="g 7 2" DeltaY="g 7 0"',
        "",
    ],
)
def test_steps_between_characters(code: str) -> None:
    """Written out, as runs, too few of them, too many, none."""
    amount = text(82, 42, "1,234.56", code=code or 'DeltaY=""')
    reading = read_page(GRID + text(22, 32, "项目") + text(82, 32, "金额") + text(22, 42, "合计") + amount)
    assert tables(reading) == EXPECTED


def test_a_long_step_is_a_gap() -> None:
    """One text object over two columns; a gap between words is a space."""
    row = text(22, 42, "合计7.5", code='DeltaX="4 60 2 2"')
    assert tables(read_page(GRID + row))[0][1] == ["合计", "7.5"]
    assert lines(read_page(text(20, 20, "A B", code='DeltaX="2 6"'))) == ["A B"]
    assert lines(read_page(text(20, 120, "12", code='DeltaX="9"'))) == ["1 2"]


def test_signs_of_chinese_fonts_take_a_whole_em() -> None:
    """Dashes and quotes are no narrower than the characters around them."""
    assert lines(read_page(text(20, 20, "收入——“三公”", code='DeltaX="g 7 4"'))) == ["收入——“三公”"]


def test_several_lines_in_one_text_code() -> None:
    """A step back and down begins a new line."""
    reading = read_page(text(22, 31, "一般公共预算", size=3, code='DeltaX="3 3 -6 3 3" DeltaY="0 0 3.5 0 0"') + GRID)
    assert tables(reading)[0][0][0] == "一般公\n共预算"


def test_a_text_object_with_several_text_codes() -> None:
    """X and Y go on from the one before where they are left out."""
    words = (
        '<ofd:TextObject Boundary="22 42 100 5" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="4">合计</ofd:TextCode>'
        '<ofd:TextCode X="60" DeltaX="2 2">7.5</ofd:TextCode></ofd:TextObject>'
    )
    assert tables(read_page(GRID + words))[0][1] == ["合计", "7.5"]


def test_matrices_scale_and_move() -> None:
    """Points within an object, and the translation that belongs to the place and not to the steps."""
    scaled = (
        '<ofd:TextObject Boundary="22 42 30 5" Size="12" CTM="0.3528 0 0 0.3528 60 0">'
        '<ofd:TextCode X="0" Y="11" DeltaX="6 6">7.5</ofd:TextCode></ofd:TextObject>'
    )
    down = (
        '<ofd:TextObject Boundary="0 0 0 0" Size="9" CTM="0.3527 0 0 0.3527 0 296.6207">'
        '<ofd:TextCode X="64" Y="-710" DeltaX="9">合计</ofd:TextCode></ofd:TextObject>'
    )
    assert tables(read_page(GRID + scaled + down))[0][1] == ["合计", "7.5"]


def test_upright_characters_one_below_the_other() -> None:
    """Steps down the page alone."""
    code = '<ofd:TextCode X="0" Y="3" DeltaY="4">收入</ofd:TextCode>'
    column = f'<ofd:TextObject Boundary="22 30 4 9" Size="3">{code}</ofd:TextObject>'
    assert tables(read_page(GRID + column))[0][0][0] == "收\n入"


def test_a_page_that_lies_on_its_side() -> None:
    """All text reads upwards: the page is turned and read as it is meant."""
    xs, ys = (20, 60, 100), (40, 50, 60)  # as a reader turns it: x runs up the paper
    turned = "".join(stroke(y, 297 - xs[-1], y, 297 - xs[0]) for y in ys)
    turned += "".join(stroke(ys[0], 297 - x, ys[-1], 297 - x) for x in xs)
    for x, y, words in ((22, 47, "项目"), (62, 47, "金额"), (22, 57, "合计"), (62, 57, "7.5")):
        step = 4 if words >= "一" else 2
        turned += (
            f'<ofd:TextObject Boundary="{y - 4} {297 - x - 20} 5 20" Size="4" CTM="0 -1 1 0 0 20">'
            f'<ofd:TextCode X="0" Y="4" DeltaX="g 9 {step}">{words}</ofd:TextCode></ofd:TextObject>'
        )
    reading = read_page(turned)
    assert tables(reading) == [[["项目", "金额"], ["合计", "7.5"]]]
    box = next(block for block in reading.blocks if isinstance(block, Table)).cells[0].box
    assert box is not None
    assert (box.x0, box.y1) == pytest.approx((40 * 72 / 25.4, (297 - 20) * 72 / 25.4), abs=0.05)


def test_slanted_text_is_a_watermark() -> None:
    """It lies across the cells and belongs to none."""
    mark = text(30, 30, "仅供公开", size=10, attributes='CTM="0.7071 -0.7071 0.7071 0.7071 0 20"')
    assert tables(read_page(GRID + WORDS + mark)) == EXPECTED


@pytest.mark.parametrize(
    "attributes",
    ['Visible="false"', 'Alpha="0"', 'Fill="false"', 'Fill="false" Stroke="false"'],
)
def test_text_that_is_not_painted(attributes: str) -> None:
    """It does not count beside text that is."""
    assert tables(read_page(GRID + WORDS + text(24, 42, "草稿", attributes=attributes))) == EXPECTED


def test_white_text_counts() -> None:
    """It stands on a dark ground."""
    white = text(22, 32, "项目").replace("<ofd:TextCode", '<ofd:FillColor Value="255 255 255"/><ofd:TextCode')
    clear = text(82, 32, "草稿").replace("<ofd:TextCode", '<ofd:FillColor Value="0 0 0" Alpha="0"/><ofd:TextCode')
    assert tables(read_page(GRID + white + clear + text(82, 42, "7")))[0][0] == ["项目", ""]


def test_hidden_text_alone_is_read() -> None:
    """The text layer under a scan."""
    hidden = [text(22, 32, "收入", attributes='Visible="false"'), text(40, 32, "7.5", attributes='Alpha="0"')]
    assert lines(read_page("".join(hidden))) == ["收入 7.5"]


_FILLED = '<ofd:PathObject Boundary="{x} {y} {w} {h}" Fill="true" Stroke="false"><ofd:FillColor Value="@"/>'
_WAYS = {
    "filled": (_FILLED.replace("@", "0 0 0"), "M 0 0 L {w} 0 L {w} {h} L 0 {h} C"),
    "crammed": (_FILLED.replace("@", "#00 #00 #00"), " M0 0L{w},0,{w},{h} 0 {h}C"),
    "moved back": ('<ofd:PathObject Boundary="{x} {y} {w} {h}" CTM="1 0 0 1 -{x} -{y}">', "S {x} {y} L {r} {b}"),
    "absolute": ('<ofd:PathObject Boundary="{x} {y} {w} {h}">', "M {x} {y} L {r} {b}"),
    "whole page": ('<ofd:PathObject Boundary="0 0 210 297"><ofd:StrokeColor Value="0"/>', "M {x} {y} L {r} {b} C"),
    "parameter": ('<ofd:PathObject Boundary="{x} {y} {w} {h}" DrawParam="8">', "m 0 0 l {dx} {dy}"),
}


@pytest.mark.parametrize("way", _WAYS)
def test_ways_to_draw_a_rule(way: str) -> None:
    """Boxes, matrices, operators that touch their numbers, colours of one channel, drawing parameters."""
    head, path = _WAYS[way]
    rule = f"{head}<ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>"
    ends = [(XS[0], y, XS[-1], y) for y in YS] + [(x, YS[0], x, YS[-1]) for x in XS]
    drawn = "".join(
        rule.format(x=x0, y=y0, w=max(x1 - x0, 0.2), h=max(y1 - y0, 0.2), r=x1, b=y1, dx=x1 - x0, dy=y1 - y0)
        for x0, y0, x1, y1 in ends
    )
    parameters = '<ofd:DrawParam ID="7"><ofd:StrokeColor Value="9 9 9"/></ofd:DrawParam>'
    parameters += '<ofd:DrawParam ID="8" Relative="7" LineWidth="0.2"/>'
    assert tables(read_page(drawn + WORDS, resources=parameters)) == EXPECTED


def test_cells_that_are_tiles() -> None:
    """White rectangles on a dark ground: no rule is drawn, what shows between them parts the cells."""

    def tile(x0: float, y0: float, x1: float, y1: float, colour: str) -> str:
        path = f"M 0 0 L {x1 - x0} 0 L {x1 - x0} {y1 - y0} L 0 {y1 - y0} C"
        return (
            f'<ofd:PathObject Boundary="{x0} {y0} {x1 - x0} {y1 - y0}" Fill="true" Stroke="false">'
            f'<ofd:FillColor Value="{colour}"/><ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>'
        )

    rows = [("项目", "金额"), ("支出", "1.50"), ("收入", "2.50"), ("结余", "1.00"), ("合计", "7.00")]
    drawn = tile(19.8, 29.8, 120.2, 30.2 + 10 * len(rows), "0 0 0")
    for row, (name, amount) in enumerate(rows):
        y = 30 + 10 * row
        drawn += tile(20.1, y + 0.1, 79.9, y + 9.9, "255 255 255") + tile(80.1, y + 0.1, 119.9, y + 9.9, "255 255 255")
        drawn += text(22, y + 2, name) + text(82, y + 2, amount)
    assert tables(read_page(drawn)) == [[list(row) for row in rows]]


def test_paths_in_dots_of_old_producers() -> None:
    """300 to the inch from the corner of the page, whatever their box and matrix say."""
    dots = 300 / 25.4

    def drawn(x0: float, y0: float, x1: float, y1: float) -> str:
        return (
            f'<ofd:PathObject Boundary="{x0} {y0} {max(x1 - x0, 0.2)} {max(y1 - y0, 0.2)}" CTM="0.08 0 0 0.08 3 3">'
            f"<ofd:AbbreviatedData>M {x0 * dots} {y0 * dots} L {x1 * dots} {y1 * dots}</ofd:AbbreviatedData>"
            "</ofd:PathObject>"
        )

    rules = "".join(drawn(XS[0], y, XS[-1], y) for y in YS) + "".join(drawn(x, YS[0], x, YS[-1]) for x in XS)
    assert tables(read_page(rules + WORDS)) == EXPECTED


def test_a_path_is_clipped_to_its_box() -> None:
    """Upright rules that run on far beyond their box, where other text stands."""

    def clipped(x: float) -> str:
        path = "<ofd:AbbreviatedData>M 0 0 L 0 200</ofd:AbbreviatedData>"
        return f'<ofd:PathObject Boundary="{x} {YS[0]} 0.3 {YS[-1] - YS[0]}">{path}</ofd:PathObject>'

    rules = "".join(stroke(XS[0], y, XS[-1], y) for y in YS) + "".join(map(clipped, XS))
    reading = read_page(rules + WORDS + text(70, 90, "本表反映收入和支出"))
    assert tables(reading) == EXPECTED
    assert lines(reading) == ["本表反映收入和支出"]
    table = next(block for block in reading.blocks if isinstance(block, Table))
    assert max(cell.box.y1 for cell in table.cells if cell.box) == pytest.approx(YS[-1] * 72 / 25.4, abs=0.5)


@pytest.mark.parametrize(
    "colour",
    ['Value="255 255 255"', 'Value="0 0 0" Alpha="0"', 'Value="255"', 'Value="0 0 0 0"', 'Value="#FF #FF #FF"'],
)
def test_rules_that_nobody_sees(colour: str) -> None:
    """White in any colour space, or without ink."""
    unseen = stroke(40, 30, 40, 50).replace("<ofd:Abb", f"<ofd:StrokeColor {colour}/><ofd:Abb")
    assert tables(read_page(GRID + WORDS + unseen)) == EXPECTED


def test_text_that_its_cell_clips() -> None:
    """What sticks out of the box belongs to the cell of the box."""
    long = (
        '<ofd:TextObject Boundary="22 42 57 5" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="g 20 4">'
        "一般公共服务支出事业单位人员经费合计</ofd:TextCode></ofd:TextObject>"
    )
    assert tables(read_page(GRID + long + text(110, 42, "7.5")))[0][1] == [
        "一般公共服务支出事业单位人员经费合计",
        "7.5",
    ]


@pytest.mark.parametrize(
    ("flags", "path"),
    [
        ("", 'Boundary="0 0 57 8"'),
        ('TransFlag="false"', 'Boundary="0 0 57 8" CTM="1 0 0 1 0 0"'),
        ('TransFlag="true"', 'CTM="0.5 0 0 0.5 0 0"'),
    ],
)
def test_text_that_a_path_clips(flags: str, path: str) -> None:
    """The box holds all of the text, the clip what the cell shows."""
    end = 114 if "0.5" in path else 57
    data = f"<ofd:AbbreviatedData>M 0 0 L {end} 0 L {end} 16 L 0 16 C</ofd:AbbreviatedData>"
    words = "一般公共服务支出事业单位人员经费合计"
    long = (
        f'<ofd:TextObject Boundary="22 42 90 5" Size="4"><ofd:Clips {flags}><ofd:Clip><ofd:Area>'
        f"<ofd:Path {path}>{data}</ofd:Path></ofd:Area></ofd:Clip></ofd:Clips>"
        f'<ofd:TextCode X="0" Y="4" DeltaX="g 20 4">{words}</ofd:TextCode></ofd:TextObject>'
    )
    assert tables(read_page(GRID + long + text(110, 42, "7.5")))[0][1] == [
        "一般公共服务支出事业单位人员经费合计",
        "7.5",
    ]


def test_blocks_units_and_templates() -> None:
    """Nested blocks, a vector unit placed by a composite object, rules that come from a template."""
    placed = '<ofd:CompositeObject ResourceID="40" Boundary="82 42 20 5" CTM="1 0 0 1 1 0"/>'
    loop = '<ofd:CompositeObject ResourceID="41" Boundary="0 0 9 9"/>'
    units = "".join(
        f'<ofd:CompositeGraphicUnit ID="{key}"><ofd:Content>{inner}</ofd:Content></ofd:CompositeGraphicUnit>'
        for key, inner in ((40, text(0, 0, "7.5")), (41, loop))
    )
    nested = f"<ofd:PageBlock><ofd:PageBlock>{text(22, 42, '合计')}</ofd:PageBlock></ofd:PageBlock>"
    template = f"<ofd:Page {SPACE}><ofd:Content><ofd:Layer>{GRID}</ofd:Layer></ofd:Content></ofd:Page>"
    files = parts(
        nested + placed + loop,
        resources=f"<ofd:CompositeGraphicUnits>{units}</ofd:CompositeGraphicUnits>",
        common='<ofd:TemplatePage ID="5" BaseLoc="Tpls/T.xml"/>',
        area='<ofd:Template TemplateID="5" ZOrder="Background"/>',
        more={"Doc_0/Tpls/T.xml": template},
    )
    assert tables(read(zipped(files)))[0][1] == ["合计", "7.5"]


def test_the_size_of_a_page() -> None:
    """Its own, or that of the document: what lies beside the paper is not printed."""
    wide = "<ofd:Area><ofd:PhysicalBox>0 0 297 210</ofd:PhysicalBox></ofd:Area>"
    beside = text(230, 60, "页边")
    assert lines(read_page(text(20, 60, "收入") + beside)) == ["收入"]
    assert lines(read_page(text(20, 60, "收入") + beside, area=wide)) == ["收入 页边"]
    other = wide.replace("PhysicalBox", "ApplicationBox")
    assert lines(read_page(text(20, 60, "收入") + beside, area=other)) == ["收入 页边"]


def test_escapes_and_pretty_printing() -> None:
    """A backslash with four digits is a character; line breaks of the XML are none."""
    assert lines(read_page(text(20, 20, "收\\0020入", code='DeltaX="4 4"'))) == ["收 入"]
    assert lines(read_page(text(20, 20, "\n      收入决算\n    ", code='DeltaX="g 3 4"'))) == ["收入决算"]
    assert lines(read_page(text(20, 20, "⼀般公共预算", code='DeltaX="g 5 4"'))) == ["一般公共预算"]


def test_characters_that_xml_does_not_know() -> None:
    """They cost no page: control characters, as they are or as references, are as good as spaces."""
    for odd in ("\x01", "&#1;", "&#x1F;"):
        assert lines(read_page(text(20, 20, f"收{odd}入", code='DeltaX="4 4"'))) == ["收 入"]


def test_characters_without_a_code() -> None:
    """Half a surrogate pair or the replacement character: counted, left out and told."""
    reading = read_page(text(20, 20, "收入" + "\\d83d" * 6, code='DeltaX="g 9 4"'))
    assert lines(reading) == ["收入"]
    assert [(doubt.code, doubt.page) for doubt in reading.doubts] == [(DoubtCode.ENCODING, 1)]


def test_the_page_number_below_a_table_is_no_table() -> None:
    """Its dashes stand apart, and the line with the unit above the table does not stand above them."""
    printed = report(BY_ID["hubei"], 522)
    document = extract(SourceFile(name="a.ofd", content=FORMATS["ofd-single"].write(printed)))
    blocks = list(printed.tables())
    assert len(document.tables) == len(blocks)
    assert document.tables[0].rows == blocks[0].grid.height
