"""Scans as files: images, a TIFF of several pages, a PDF of nothing but images, a PDF of text and image pages."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import cv2
import pypdfium2
from PIL import Image as Pillow
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from tests.corpus.grid import Printed
from tests.corpus.scans.defects import CLEAN, Defects, Image, spoil
from tests.corpus.scans.paper import DPI, PAD, SERIF, press, print_pages
from tests.corpus.writers import pdf

_POINTS = 72.0


def scan_images(
    printed: Printed,
    seed: int = 0,
    defects: Defects = CLEAN,
    habit: pdf.Habit = pdf.WORD,
    font: Path = SERIF,
    pad: float = PAD,
) -> list[Image]:
    """Every page of the report as the scanner sees it, before it is stored."""
    pages, _ = print_pages(printed, habit, font, pad=pad)
    return [spoil(page, defects, 1000 * seed + number, printed.entity) for number, page in enumerate(pages, 1)]


def scan_pages(
    printed: Printed,
    seed: int = 0,
    defects: Defects = CLEAN,
    habit: pdf.Habit = pdf.WORD,
    font: Path = SERIF,
    pad: float = PAD,
) -> list[bytes]:
    """Every page of the report as an image file: JPEG of the quality that the defects name, else PNG."""
    return [stored(image, defects.jpeg) for image in scan_images(printed, seed, defects, habit, font, pad)]


def stored(image: Image, quality: int) -> bytes:
    """An image as JPEG, or as PNG where `quality` is 0."""
    shown = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    if quality:
        return bytes(cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])
    return bytes(cv2.imencode(".png", shown)[1])


def scan_pdf(
    printed: Printed, seed: int = 0, defects: Defects = CLEAN, habit: pdf.Habit = pdf.WORD, font: Path = SERIF
) -> bytes:
    """The report as a PDF of nothing but images, one a page."""
    return images_pdf(scan_pages(printed, seed, defects, habit, font))


def images_pdf(pages: Iterable[bytes]) -> bytes:
    """A PDF with an image on every page that fills it, as scanners write it."""
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1)
    for content in pages:
        image = ImageReader(io.BytesIO(content))
        size = tuple(side * _POINTS / DPI for side in image.getSize())
        canvas.setPageSize(size)
        canvas.drawImage(image, 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def scan_tiff(
    printed: Printed, seed: int = 0, defects: Defects = CLEAN, habit: pdf.Habit = pdf.WORD, font: Path = SERIF
) -> bytes:
    """The report as one TIFF of all its pages."""
    first, *others = (Pillow.fromarray(image) for image in scan_images(printed, seed, defects, habit, font))
    file = io.BytesIO()
    first.save(file, "TIFF", save_all=True, append_images=others, compression="tiff_lzw", dpi=(DPI, DPI))
    return file.getvalue()


def scan_page_numbers(printed: Printed, habit: pdf.Habit = pdf.WORD, font: Path = SERIF) -> dict[str, list[int]]:
    """On which pages (from 1) each table stands."""
    _, places = print_pages(printed, habit, font, dpi=36)
    numbers: dict[str, list[int]] = {}
    for (table, _), page in places.items():
        if page not in numbers.setdefault(table, []):
            numbers[table].append(page)
    return numbers


def mixed_pdf(
    printed: Printed,
    scanned: Sequence[int],
    seed: int = 0,
    defects: Defects = CLEAN,
    habit: pdf.Habit = pdf.WORD,
    font: Path = SERIF,
) -> bytes:
    """The report as a PDF with text on its pages, but for those (from 1) in `scanned`, which are images."""
    images = scan_pages(printed, seed, defects, habit, font)
    text, _ = pdf.draw(printed, habit, press(font, pdf.pdf_canvas))
    picked = images_pdf(images[number - 1] for number in scanned)
    whole = pypdfium2.PdfDocument.new()
    with_text, with_images = pypdfium2.PdfDocument(text), pypdfium2.PdfDocument(picked)
    for index in range(len(images)):
        at = scanned.index(index + 1) if index + 1 in scanned else None
        whole.import_pages(*((with_text, [index]) if at is None else (with_images, [at])))
    return _saved(whole)


def _saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
