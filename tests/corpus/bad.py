"""Files that cannot become a report, each with the category that must be said: `python -m tests.corpus.bad DIR`."""

from __future__ import annotations

import argparse
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msoffcrypto.format.ooxml  # type: ignore[import-untyped]
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption  # type: ignore[import-untyped]
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from shared.contracts.errors import Category
from tests.corpus.compose import report
from tests.corpus.layouts import LAYOUTS
from tests.corpus.writers import docx, pdf, text, xlsx

_MEGABYTE = 1_000_000
_WHOLE = report(LAYOUTS[0], 1)


@dataclass(frozen=True)
class Bad:
    """A file by name, its content when asked for, and the categories of which one must be reported."""

    name: str
    make: Callable[[], bytes]
    categories: tuple[Category, ...]


def _half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _encrypted_pdf() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption("secret", canPrint=0), invariant=1)
    canvas.drawString(100, 700, "closed")
    canvas.save()
    return buffer.getvalue()


def _encrypted_xlsx() -> bytes:
    buffer = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(xlsx.write(_WHOLE))).encrypt("secret", buffer)
    return buffer.getvalue()


def _scanned_pdf() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    image = Image.new("L", (600, 800), 255)
    for y in range(100, 700, 40):
        image.paste(0, (50, y, 550, y + 2))
    canvas.drawImage(ImageReader(image), 0, 0, 595, 842)
    canvas.save()
    return buffer.getvalue()


def _bomb(member: str) -> bytes:
    """A small archive whose one member unpacks to 400 MB of spaces."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types/>')
        info = zipfile.ZipInfo(member)
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w", force_zip64=True) as file:
            for _ in range(40):
                file.write(b" " * 10 * _MEGABYTE)
    return buffer.getvalue()


def _giant_text() -> bytes:
    line = "办公设备更新\t12.50\t12.50\n".encode()
    return line * (200 * _MEGABYTE // len(line) + 1)


def _budget() -> bytes:
    """The same tables under the titles of a budget."""
    words = text.tabs_text(_WHOLE)
    return words.replace("决算", "预算").replace(f"{_WHOLE.year}年度部门", f"{_WHOLE.year}年部门").encode()


def _template() -> bytes:
    """The form that nobody filled in: no amount, placeholders for the name and the year."""
    blank = report(LAYOUTS[0], 1)
    for block in blank.tables():
        for place, cell in block.grid.placed.items():
            if cell.kind == "amount":
                block.grid.placed[place] = replace(cell, text="", fact=None)
    return text.tabs_text(blank).replace(blank.entity, "××（部门名称）").replace(str(blank.year), "20××").encode()


BAD: tuple[Bad, ...] = (
    Bad("空文件.pdf", lambda: b"", (Category.EMPTY_FILE,)),
    Bad("未知类型.bin", lambda: bytes(range(256)) * 40, (Category.UNSUPPORTED_TYPE,)),
    Bad("截断.docx", lambda: _half(docx.write(_WHOLE)), (Category.DAMAGED,)),
    Bad("截断.xlsx", lambda: _half(xlsx.write(_WHOLE)), (Category.DAMAGED,)),
    Bad("截断.pdf", lambda: _half(pdf.stroked(_WHOLE)), (Category.DAMAGED,)),
    Bad("加密.pdf", _encrypted_pdf, (Category.ENCRYPTED,)),
    Bad("加密.xlsx", _encrypted_xlsx, (Category.ENCRYPTED,)),
    Bad("扫描件.pdf", _scanned_pdf, (Category.NO_TEXT_LAYER,)),
    Bad("炸弹.docx", lambda: _bomb("word/document.xml"), (Category.ZIP_BOMB,)),
    Bad("炸弹.xlsx", lambda: _bomb("xl/workbook.xml"), (Category.ZIP_BOMB,)),
    Bad("两百兆.txt", _giant_text, (Category.TOO_LARGE,)),
    Bad("预算公开.txt", _budget, (Category.WRONG_KIND,)),
    Bad("空白模板.txt", _template, (Category.TEMPLATE,)),
)
#: names that a careless program trips over; the content is a sound report
ODD_NAMES = ("\"引号\" 与'单引号' 🎉 $(rm).txt", "-rf 报告.txt")


def write_bad(folder: Path) -> None:
    """All bad files, and sound reports under odd names."""
    folder.mkdir(parents=True, exist_ok=True)
    for bad in BAD:
        (folder / bad.name).write_bytes(bad.make())
    for seed, name in enumerate(ODD_NAMES, start=1):
        (folder / name).write_bytes(text.tabs(report(LAYOUTS[1], seed)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    write_bad(parser.parse_args().folder)
