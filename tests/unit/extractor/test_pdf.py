"""PDF files as a whole: text around tables, doubts, and files that cannot be read."""

from __future__ import annotations

import io
import resource

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from pypdfium2 import raw
from reportlab.lib import pdfencrypt  # type: ignore[import-untyped]
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]

from services.extractor.lattice.chars import read_characters
from services.extractor.lattice.frame import Frame
from services.extractor.readers.base import Reading
from services.extractor.readers.pdf import PdfReader
from shared.contracts.document import Block, DoubtCode, Paragraph, SourceFile, Table
from shared.contracts.errors import Category, InvalidDocument, Phase
from tests.unit.extractor import pdf_drawing as drawing
from tests.unit.extractor.pdf_drawing import HEIGHT, WIDTH

SHEET = drawing.table([["项目", "决算数"], ["一般公共服务支出", "1,234.56"], ["合计", "1,234.56"]])
SENTENCE = "本年度一般公共预算财政拨款支出决算数与年初预算数基本持平主要原因是各项工作按照计划开展。"


def read(content: bytes) -> Reading:
    return PdfReader().read(SourceFile(name="x.pdf", content=content))


def failure(content: bytes) -> InvalidDocument:
    with pytest.raises(InvalidDocument) as caught:
        read(content)
    return caught.value


def said(blocks: tuple[Block, ...]) -> list[tuple[str, str]]:
    return [
        ("table", "") if isinstance(block, Table) else (block.kind + str(getattr(block, "level", "")), block.text)
        for block in blocks
    ]


def one_page() -> bytes:
    page, buffer = drawing.canvas()
    drawing.draw(page, SHEET)
    return drawing.finish(page, buffer)


def test_text_around_tables_in_reading_order() -> None:
    page, buffer = drawing.canvas()
    drawing.write(page, 220, 60, "第二部分 部门决算表", 16)
    drawing.write(page, 250, 82, "收入支出决算总表", 14)
    drawing.write(page, 60, 96, "部门：某某局", 9)
    drawing.write(page, 280, 96, "单位：万元", 9)
    drawing.draw(page, SHEET)
    drawing.write(page, 60, 170, "注：本表反映部门本年度的总收支情况。", 9)
    drawing.write(page, 84, 200, "（一）总体情况", 12)
    lines = [SENTENCE[:36], SENTENCE[36:]]
    drawing.write(page, 84, 220, lines[0], 12)
    drawing.write(page, 60, 240, lines[1], 12)
    assert said(read(drawing.finish(page, buffer)).blocks) == [
        ("heading1", "第二部分 部门决算表"),
        ("paragraph", "收入支出决算总表"),
        ("paragraph", "部门：某某局 单位：万元"),
        ("table", ""),
        ("paragraph", "注：本表反映部门本年度的总收支情况。"),
        ("heading3", "（一）总体情况"),
        ("paragraph", SENTENCE),
    ]


def test_the_title_of_a_part_in_two_lines() -> None:
    page, buffer = drawing.canvas()
    drawing.write(page, 75, 60, "第三部分 某某省某某市某某县某某局二〇二四年度部门决算", 18)
    drawing.write(page, 261, 80, "情况说明", 18)
    for number in range(6):
        drawing.write(page, 60, 120 + 20 * number, SENTENCE[:39], 12)
    drawing.write(page, 261, 260, "附件", 18)
    found = said(read(drawing.finish(page, buffer)).blocks)
    assert found[0] == ("heading1", "第三部分 某某省某某市某某县某某局二〇二四年度部门决算情况说明")
    assert found[-1] == ("paragraph", "附件")


def test_paragraph_over_a_page_break_and_furniture() -> None:
    page, buffer = drawing.canvas()
    for number in range(1, 5):
        drawing.write(page, 230, 40, "某某局2024年度部门决算", 9)
        if number == 2:
            drawing.write(page, 84, HEIGHT - 100, SENTENCE[:36], 12)
        elif number == 3:
            drawing.write(page, 60, 90, SENTENCE[36:], 12)
        else:
            drawing.write(page, 84, 90, f"第{number}页的正文只有一句话。", 12)
        drawing.write(page, 280, HEIGHT - 40, f"- {number} -", 9)
        page.showPage()
    reading = read(drawing.finish(page, buffer))
    assert said(reading.blocks) == [
        ("paragraph", "第1页的正文只有一句话。"),
        ("paragraph", SENTENCE),
        ("paragraph", "第4页的正文只有一句话。"),
    ]
    assert [block.page for block in reading.blocks] == [1, 2, 4]
    assert (reading.pages, reading.doubts) == (4, ())


def test_captions_over_many_tables_are_no_running_header() -> None:
    page, buffer = drawing.canvas()
    for title in ("收入决算表", "支出决算表", "项目支出决算表"):
        drawing.write(page, 250, 60, title, 14)
        drawing.write(page, 280, 90, "金额单位：万元", 9)
        drawing.draw(page, SHEET)
        page.showPage()
    blocks = read(drawing.finish(page, buffer)).blocks
    assert [text for kind, text in said(blocks) if kind == "paragraph"].count("金额单位：万元") == 3


def test_contents_stay_one_line_each() -> None:
    page, buffer = drawing.canvas()
    entries = ["第一部分 概况", "一、主要职能......2", "第二部分 部门决算表......5", "一、收入支出决算总表......5"]
    for row, text in enumerate(["目  录", *entries]):
        drawing.write(page, 84, 80 + 20 * row, text, 12)
    page.showPage()
    drawing.write(page, 200, 80, "第一部分 概况", 16)
    blocks = read(drawing.finish(page, buffer)).blocks
    assert [block.kind for block in blocks] == ["paragraph"] * 5 + ["heading"]
    assert [block.text for block in blocks if isinstance(block, Paragraph)][1:] == entries


def test_table_without_rules_has_the_columns_in_which_its_amounts_stand() -> None:
    page, buffer = drawing.canvas()
    lines = [("工资", "1.20", "3.40"), ("津贴", "5.00", "6.00"), ("合计", "6.20", "9.40")]
    for row, (name, first, second) in enumerate(lines):
        for x, text in ((60, name), (200, first), (300, second)):
            drawing.write(page, x, 100 + 20 * row, text)
    reading = read(drawing.finish(page, buffer))
    (table,) = reading.blocks
    assert isinstance(table, Table)
    assert [tuple(cell.text for cell in row if cell) for row in table.grid] == lines
    assert not reading.doubts


def test_names_and_amounts_that_stand_below_nothing_are_kept_as_text_with_a_doubt() -> None:
    page, buffer = drawing.canvas()
    for row, (name, amount) in enumerate([("工资", "1.20"), ("津贴", "5.00"), ("合计", "6.20")]):
        for x, text in ((60, name), (150 + 70 * row, amount)):
            drawing.write(page, x, 100 + 20 * row, text)
    reading = read(drawing.finish(page, buffer))
    assert [doubt.code for doubt in reading.doubts] == [DoubtCode.ORPHAN_TEXT]
    assert "津贴 5.00" in [text for _, text in said(reading.blocks)]


def picture() -> ImageReader:
    portable = b"P6\n8 8\n255\n" + bytes(range(192))
    return ImageReader(io.BytesIO(portable))


def test_scanned_page_among_others_is_a_doubt_and_a_blank_page_is_not() -> None:
    page, buffer = drawing.canvas()
    drawing.draw(page, SHEET)
    page.showPage()
    page.drawImage(picture(), 0, 0, WIDTH, HEIGHT)
    page.showPage()
    page.showPage()
    drawing.stroked(page, SHEET)
    reading = read(drawing.finish(page, buffer))
    assert [(doubt.code, doubt.page) for doubt in reading.doubts] == [(DoubtCode.EMPTY_PAGE, 2)]
    assert reading.pages == 4


@pytest.mark.parametrize("stamp", ["", "- 1 -"])
def test_scan_has_no_text_layer(stamp: str) -> None:
    page, buffer = drawing.canvas()
    for _ in range(2):
        page.drawImage(picture(), 0, 0, WIDTH, HEIGHT)
        drawing.write(page, 280, HEIGHT - 30, stamp)
        page.showPage()
    error = failure(drawing.finish(page, buffer))
    assert (error.category, error.phase) == (Category.NO_TEXT_LAYER, Phase.EXTRACT)
    assert "扫描" in error.text.zh


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.97])
def test_truncated_file_is_damaged(share: float) -> None:
    content = one_page()
    assert failure(content[: int(len(content) * share)]).category is Category.DAMAGED


def test_truncated_update_is_damaged() -> None:
    content = one_page() + b"\n7 0 obj\n<< /Length 900 >>\nstream\nBT"
    assert failure(content).category is Category.DAMAGED


@pytest.mark.parametrize("tail", [b"\r\n", b"\0" * 900, b"<!-- served in 12 ms -->"])
def test_rubbish_after_the_end_does_no_harm(tail: bytes) -> None:
    assert [block.kind for block in read(one_page() + tail).blocks] == ["table"]


def test_no_pdf_at_all_is_damaged() -> None:
    assert failure(b"%PDF-1.7\n%%EOF").category is Category.DAMAGED


def test_password() -> None:
    def encrypted(user: str) -> bytes:
        page, buffer = drawing.canvas(encrypt=pdfencrypt.StandardEncryption(user, ownerPassword="owner", strength=128))
        drawing.draw(page, SHEET)
        return drawing.finish(page, buffer)

    error = failure(encrypted("secret"))
    assert error.category is Category.ENCRYPTED
    assert "密码" in error.text.zh
    assert [block.kind for block in read(encrypted("")).blocks] == ["table"]


def test_same_bytes_same_reading() -> None:
    assert read(one_page()) == read(one_page())


def test_ten_thousand_dots_a_page_are_read_in_time() -> None:
    rows = [["项目", "决算数"], *([f"第{row}行", f"{row}.00"] for row in range(1, 36))]
    page, buffer = drawing.canvas()
    drawing.draw(page, drawing.table(rows), drawing.dotted)
    (table,) = read(drawing.finish(page, buffer)).blocks
    assert isinstance(table, Table)
    assert (table.rows, table.columns) == (36, 2)


def test_single_characters_of_a_font_that_is_not_embedded() -> None:
    """On a machine without Chinese fonts PDFium drops them unless a stand-in takes the font's place."""
    sheet = drawing.table([["类", "款", "项"], ["无", "元", "表"]])
    page, buffer = drawing.canvas()
    drawing.draw(page, sheet)
    (table,) = read(drawing.finish(page, buffer)).blocks
    assert isinstance(table, Table)
    assert [cell.text for cell in table.cells] == ["类", "款", "项", "无", "元", "表"]


def test_radicals_stand_for_the_characters_they_look_like() -> None:
    page, buffer = drawing.canvas()
    drawing.write(page, 60, 100, "⼀般公共服务⽀出⻓期")
    document = pdfium.PdfDocument(drawing.finish(page, buffer))
    loaded = raw.FPDF_LoadPage(document.raw, 0)
    text = raw.FPDFText_LoadPage(loaded)
    frame = Frame(0, 0, WIDTH, HEIGHT)
    found = read_characters(text, raw.FPDFText_CountChars(text), frame, upright=True, left_out=frozenset())
    assert "".join(glyph[4] for glyph in found.glyphs) == "一般公共服务支出长期"
    raw.FPDFText_ClosePage(text)
    raw.FPDF_ClosePage(loaded)
    document.close()


def peak() -> int:
    """The most memory that this process has had so far, in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_memory_stays_flat() -> None:
    content = one_page()
    for _ in range(50):
        read(content)
    before = peak()
    for _ in range(300):
        read(content)
    assert peak() - before < 4_000


def test_amounts_that_run_over_the_edge_of_the_paper_are_doubted() -> None:
    sheet = drawing.Sheet(drawing.table([["", ""], ["", ""]]).cells, (400.0, 160.0), (20.0, 20.0))
    page, buffer = drawing.canvas()
    drawing.stroked(page, sheet)
    for row, (name, amount) in enumerate([("项目", "金额"), ("合计", "1,234.56")]):
        drawing.write(page, sheet.xs[0] + 3, sheet.ys[row] + 14, name)
        drawing.write(page, WIDTH - 28, sheet.ys[row] + 14, amount)
    reading = read(drawing.finish(page, buffer))
    (doubt,) = reading.doubts
    assert (doubt.code, doubt.page, doubt.table, doubt.row, doubt.column) == (DoubtCode.TRUNCATED, 1, 0, 1, 1)
