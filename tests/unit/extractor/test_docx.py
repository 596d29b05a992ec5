"""DOCX: text in reading order, numbering, tracked changes, text boxes, damage."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from services.extractor.readers import docx as docx_reader
from services.extractor.readers.base import Reading
from services.extractor.readers.docx import DocxReader
from shared.contracts.document import Heading, Paragraph, SourceFile, Table
from shared.contracts.errors import Category, InvalidDocument

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def _content(body: str, namespace: str = _W, **parts: str) -> bytes:
    """A DOCX around `body`; `parts` are the inner XML of numbering, styles, footnotes."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{rels}"><Relationship Id="r1" Type="{office}/officeDocument"'
            ' Target="word/document.xml"/></Relationships>',
        )
        links = "".join(
            f'<Relationship Id="{name}" Type="{office}/{name}" Target="{name}.xml"/>' for name in (*parts, "image")
        )
        archive.writestr("word/_rels/document.xml.rels", f'<Relationships xmlns="{rels}">{links}</Relationships>')
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{namespace}" xmlns:mc="{_MC}"><w:body>{body}<w:sectPr/></w:body></w:document>',
        )
        for name, inner in parts.items():
            archive.writestr(f"word/{name}.xml", f'<w:{name} xmlns:w="{namespace}">{inner}</w:{name}>')
    return buffer.getvalue()


def _p(text: str, properties: str = "") -> str:
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def _read(content: bytes) -> Reading:
    return DocxReader().read(SourceFile(name="报告.docx", content=content))


def _texts(reading: Reading) -> list[str]:
    return [block.text for block in reading.blocks if not isinstance(block, Table)]


def _tables(reading: Reading) -> list[list[list[str]]]:
    return [
        [[cell.text if cell else "?" for cell in row] for row in block.grid]
        for block in reading.blocks
        if isinstance(block, Table)
    ]


def test_text_headings_and_tables_stay_in_order() -> None:
    document = docx.Document()
    document.add_heading("某局部门决算", 0)
    document.add_paragraph("第一部分 概况")
    document.add_paragraph("一、主要职责")
    document.add_paragraph("（一）贯彻执行。后面是正文，不是标题。")
    document.add_paragraph("● 一条说明；- 12 -")
    document.add_heading("没有编号的标题", 3)
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "公开01表"
    table.cell(1, 1).text = "1,649.56"
    document.add_paragraph("金额单位：万元\n第二行")
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "— 3 —"
    buffer = io.BytesIO()
    document.save(buffer)
    reading = _read(buffer.getvalue())
    assert [type(block) for block in reading.blocks] == [
        Heading, Heading, Heading, Paragraph, Paragraph, Heading, Table, Paragraph, Paragraph,
    ]  # fmt: skip
    assert [(b.text, b.level) for b in reading.blocks if isinstance(b, Heading)] == [
        ("某局部门决算", 1),
        ("第一部分 概况", 1),
        ("一、主要职责", 2),
        ("没有编号的标题", 3),
    ]
    assert _texts(reading)[3:5] == ["（一）贯彻执行。后面是正文，不是标题。", "● 一条说明；- 12 -"]
    assert _texts(reading)[-2:] == ["金额单位：万元", "第二行"]
    assert _tables(reading) == [[["公开01表", "公开01表"], ["", "1,649.56"]]]
    assert not reading.doubts


def test_accepted_changes_are_printed_and_deleted_text_is_not() -> None:
    body = (
        "<w:p><w:r><w:t>支出</w:t></w:r><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>100.00</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>走</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>万元</w:t></w:r></w:moveTo></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:p><w:ins><w:r><w:t>2</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>1</w:delText></w:r></w:del></w:p></w:tc></w:tr>"
        "<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>删</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    reading = _read(_content(body))
    assert _texts(reading) == ["支出100.00万元"]
    assert _tables(reading) == [[["甲", "2"]]]


def test_content_controls_fields_links_and_maths_give_their_content() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    body = (
        f"<w:sdt><w:sdtContent>{_p('目录')}</w:sdtContent></w:sdt>"
        f"<w:p><w:sdt><w:sdtContent>{run.format('甲')}</w:sdtContent></w:sdt><w:hyperlink>{run.format('乙')}</w:hyperlink>"
        f"<w:smartTag>{run.format('丙')}</w:smartTag><w:fldSimple>{run.format('丁')}</w:fldSimple>"
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
        '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/><w:noBreakHyphen/><w:tab/><w:t>尾</w:t>'
        '<w:br w:type="page"/></w:r><w:r><w:ruby><w:rt><w:r><w:t>yin</w:t></w:r></w:rt>'
        "<w:rubyBase><w:r><w:t>音</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>"
        f"<w:tbl><w:sdt><w:sdtContent><w:tr><w:sdt><w:sdtContent><w:tc>{_p('1')}</w:tc></w:sdtContent></w:sdt>"
        f"<w:tc>{_p('2')}</w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>"
    )
    reading = _read(_content(body))
    assert _texts(reading) == ["目录", "甲乙丙丁☑-\t尾音"]
    assert _tables(reading) == [[["1", "2"]]]


def test_text_boxes_come_once_after_their_paragraph() -> None:
    box = "<w:txbxContent>{}</w:txbxContent>"
    table = f"<w:tbl><w:tr><w:tc>{_p('3')}</w:tc><w:tc>{_p('4')}</w:tc></w:tr></w:tbl>"
    body = (
        "<w:p><w:r><w:t>锚</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice><w:drawing>{box.format(_p('框内'))}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box.format(_p('框内'))}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        f"<w:p><w:r><w:pict>{box.format(table)}</w:pict></w:r></w:p>" + _p("后")
    )
    reading = _read(_content(body))
    assert _texts(reading) == ["锚", "框内", "后"]
    assert _tables(reading) == [[["3", "4"]]]
    assert isinstance(reading.blocks[2], Table)


def test_hidden_text_and_embedded_files_are_skipped_with_a_doubt() -> None:
    body = (
        "<w:p><w:r><w:t>见</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏起</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r></w:p><w:altChunk/>'
    )
    reading = _read(_content(body))
    assert _texts(reading) == ["见显"]
    assert [doubt.text.zh for doubt in reading.doubts] == [
        "有 2 个字设为隐藏文字，未读取。",
        "嵌入了 1 个其他文件的内容，未读取。",
    ]


def test_footnotes_come_last_and_strict_documents_are_read() -> None:
    note = f'<w:footnote w:type="separator">{_p("-")}</w:footnote><w:footnote w:id="2">{_p("脚注")}</w:footnote>'
    assert _texts(_read(_content(_p("正文"), footnotes=note))) == ["正文", "脚注"]
    assert _texts(_read(_content(_p("一、严格"), namespace=_STRICT))) == ["一、严格"]


def test_outline_levels_come_from_styles_and_paragraphs() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:name w:val="x"/><w:basedOn w:val="a"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="c"><w:basedOn w:val="c"/>'
        '<w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>'
    )
    body = "".join(
        (
            _p("由样式", '<w:pStyle w:val="b"/>'),
            _p("由段落", '<w:outlineLvl w:val="3"/>'),
            _p("正文", '<w:pStyle w:val="c"/>'),
            _p("收入决算表......5", '<w:pStyle w:val="a"/>'),
            _p("第二部分 决算表", '<w:pStyle w:val="b"/>'),
        )
    )
    blocks = _read(_content(body, styles=styles)).blocks
    assert blocks == (
        Heading(text="由样式", level=2),
        Heading(text="由段落", level=4),
        Paragraph(text="正文"),
        Paragraph(text="收入决算表......5"),
        Heading(text="第二部分 决算表", level=1),
    )


def test_a_document_without_text_has_no_blocks() -> None:
    assert _read(_content(_p("　 "))).blocks == ()


def test_a_file_cut_anywhere_is_damaged() -> None:
    content = _content(_p("一、部门职责") * 50)
    for end in [*range(0, len(content), 41), len(content) - 1]:
        with pytest.raises(InvalidDocument) as caught:
            _read(content[:end])
        assert caught.value.category is Category.DAMAGED


@pytest.mark.parametrize("body", ["<w:p>", "</w:body>", "&x;"])
def test_broken_xml_is_damage(body: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        _read(_content(body))
    assert caught.value.category is Category.DAMAGED


def test_an_archive_of_something_else_is_damage() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(InvalidDocument) as caught:
        _read(buffer.getvalue())
    assert caught.value.category is Category.DAMAGED


def test_items_keep_their_order_however_many_are_partitioned_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    content = _content("".join(_p(f"第{number}段") for number in range(8)))
    monkeypatch.setattr(docx_reader, "_AT_ONCE", 3)
    assert _texts(_read(content)) == [f"第{number}段" for number in range(8)]
