"""Images of pages: what is refused before it is decoded, and how large a page is."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from services.extractor.readers.image import ImageReader
from services.extractor.scan.raster import MAX_PIXELS, raster_of
from shared.contracts.document import DoubtCode, SourceFile
from shared.contracts.errors import Category, InvalidDocument

_ROOT = Path(__file__).resolve().parents[3]


def _read(content: bytes, name: str = "scan") -> None:
    ImageReader().read(SourceFile(name=name, content=content))


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize("side", [7_000, 12_000, 30_000, 60_000])
def test_an_image_bomb_is_refused_by_its_header(side: int) -> None:
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(1000)))
    assert side * side > MAX_PIXELS
    with pytest.raises(InvalidDocument) as caught:
        _read(bomb)
    assert caught.value.category is Category.TOO_LARGE
    assert "dpi" in caught.value.text.zh


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.8])
def test_a_cut_image_is_damaged(kind: str, share: float) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 300, 3), np.uint8)
    content = _saved(Image.fromarray(noise), kind)
    with pytest.raises(InvalidDocument) as caught:
        _read(content[: int(len(content) * share)])
    assert caught.value.category is Category.DAMAGED


def test_a_damaged_page_of_a_tiff_is_a_doubt() -> None:
    pages = [Image.new("L", (400, 500), 255) for _ in range(2)]
    content = bytearray(_saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw"))
    second = content.index(b"II*\x00") + struct.unpack_from("<I", content, 4)[0]
    count = struct.unpack_from("<H", content, second)[0]
    following = struct.unpack_from("<I", content, second + 2 + 12 * count)[0]
    content[following + 2 : following + 40] = bytes(38)
    reading = ImageReader().read(SourceFile(name="a.tif", content=bytes(content)))
    assert [(doubt.code, doubt.page) for doubt in reading.doubts] == [(DoubtCode.TRUNCATED, 2)]


def test_an_icon_holds_no_text() -> None:
    with pytest.raises(InvalidDocument) as caught:
        _read(_saved(Image.new("L", (20, 400), 255), "PNG"))
    assert caught.value.category is Category.NOTHING_FOUND


@pytest.mark.parametrize(
    ("size", "dpi", "points"),
    [
        ((1654, 2339), (200.0, 200.0), (595.4, 842.0)),
        ((1654, 2339), None, (595.4, 842.0)),
        ((2480, 3508), (300.0, 300.0), (595.2, 841.9)),
        ((4961, 7016), (600.0, 600.0), (595.3, 841.9)),
        ((1728, 1143), (204.0, 98.0), (609.9, 839.8)),
        ((1080, 1527), (72.0, 72.0), (595.3, 841.7)),
        ((3000, 4243), (96.0, 96.0), (595.1, 841.7)),
    ],
)
def test_how_large_a_page_is(
    size: tuple[int, int], dpi: tuple[float, float] | None, points: tuple[float, float]
) -> None:
    raster = raster_of(np.full((size[1], size[0]), 255, np.uint8), dpi)
    assert (raster.width, raster.height) == (pytest.approx(points[0], abs=1.5), pytest.approx(points[1], abs=1.5))
    assert 149 <= raster.scale * 72 <= 301


def test_transparent_paper_is_white_and_a_note_turns_the_page() -> None:
    image = Image.new("RGBA", (900, 600), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((20, 20, 60, 60), fill=(0, 0, 0, 255))
    reading = ImageReader().read(SourceFile(name="a.png", content=_saved(image, "PNG")))
    assert [block for block in reading.blocks if block.kind == "table"] == []
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = _saved(Image.new("L", (900, 600), 255), "JPEG", exif=exif)
    assert ImageReader().read(SourceFile(name="a.jpg", content=turned)).doubts == ()


def test_readers_import_no_image_library_before_a_scan_comes() -> None:
    script = (
        "import sys, services.extractor.readers.pdf, services.extractor.extract\n"
        "assert not {'cv2', 'onnxruntime', 'rapidocr', 'PIL'} & set(sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=_ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
