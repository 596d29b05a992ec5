"""OFD pages without text: pictures, text under pictures, letters as outlines."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from services.extractor.ofd.document import places_of, sheet_of
from services.extractor.ofd.package import Package
from services.extractor.ofd.raster import drawn
from services.extractor.scan.raster import Raster
from shared.contracts.document import DoubtCode, Table
from tests.corpus.scans.paper import SERIF, face
from tests.unit.extractor.ofd_package import lines, parts, read, rows, ruled, tables, text, zipped

_MEDIA = '<ofd:MultiMedia ID="9" Type="Image"><ofd:MediaFile>{}</ofd:MediaFile></ofd:MultiMedia>'
_AREA = "<ofd:Area><ofd:PhysicalBox>0 0 120 70</ofd:PhysicalBox></ofd:Area>"
#: Fills the page of 120 mm x 70 mm.
PICTURE = '<ofd:ImageObject ResourceID="9" Boundary="0 0 120 70" CTM="120 0 0 70 0 0"/>'
DOTS = 200 / 25.4
XS, YS = (10, 60, 110), (15, 30, 45)
WORDS = (("项目", 14, 25), ("金额", 64, 25), ("合计", 14, 40), ("1,234.56", 64, 40))
EXPECTED = [["项目", "金额"], ["合计", "1,234.56"]]


def package(*pages: str, picture: bytes = b"", name: str = "a.jpg") -> bytes:
    """Pages of 120 mm x 70 mm with `picture` as resource 9."""
    return zipped(parts(*pages, resources=_MEDIA.format(name), area=_AREA) | {f"Doc_0/{name}": picture})


def saved(image: Image.Image, form: str = "JPEG") -> bytes:
    """The bytes of an image."""
    buffer = io.BytesIO()
    image.save(buffer, form)
    return buffer.getvalue()


def table_image() -> Image.Image:
    """The page as a scanner sees it, 200 dots to the inch."""
    image = Image.new("RGB", (round(120 * DOTS), round(70 * DOTS)), "white")
    pen = ImageDraw.Draw(image)
    for y in YS:
        pen.line([(XS[0] * DOTS, y * DOTS), (XS[-1] * DOTS, y * DOTS)], "black", 3)
    for x in XS:
        pen.line([(x * DOTS, YS[0] * DOTS), (x * DOTS, YS[-1] * DOTS)], "black", 3)
    for word, x, y in WORDS:
        pen.text((x * DOTS, y * DOTS), word, "black", face(SERIF, 34), anchor="ls")
    return image


def shown(content: bytes) -> Raster | None:
    """The first page as an image."""
    opened = Package(content)
    return drawn(sheet_of(opened, places_of(opened)[0], 1))


def test_a_page_that_is_a_picture() -> None:
    """It is read by OCR and says so; its cells stand where they stand on the page."""
    reading = read(package(text(10, 20, "收入决算"), PICTURE, picture=saved(table_image())))
    assert lines(reading) == ["收入决算"]
    table = next(block for block in reading.blocks if isinstance(block, Table))
    assert rows(table) == EXPECTED
    assert [(doubt.code, doubt.page) for doubt in reading.doubts][:1] == [(DoubtCode.SCANNED_PAGE, 2)]
    box = table.cells[0].box
    assert box is not None
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx([v * 72 / 25.4 for v in (10, 15, 60, 30)], abs=1.5)


def test_text_under_a_picture_is_what_another_program_recognised() -> None:
    """The picture is read anew. A mark with holes in it, laid over the page, hides nothing."""
    below = text(14, 36, "合讣") + text(64, 36, "7,234.56")
    assert tables(read(package(below + PICTURE, picture=saved(table_image())))) == [EXPECTED]
    mark = saved(Image.new("RGBA", (60, 35), (255, 0, 0, 20)), "PNG")
    words = "本表反映部门本年度取得的各项收入和发生的各项支出"
    reading = read(package(text(4, 36, words) + PICTURE, picture=mark, name="a.png"))
    assert lines(reading) == [words]
    assert reading.doubts == ()


def test_a_few_words_upon_a_picture() -> None:
    """The title on a coloured cover is text; the words printed beside a scan stay with it."""
    cover = saved(Image.new("RGB", (60, 35), "lightyellow"))
    reading = read(package(PICTURE + text(30, 36, "部门决算"), picture=cover))
    assert lines(reading) == ["部门决算"]
    assert reading.doubts == ()
    reading = read(package(PICTURE + text(30, 6, "部门决算"), picture=saved(table_image())))
    assert lines(reading) == ["部门决算"]
    assert tables(reading) == [EXPECTED]
    assert DoubtCode.SCANNED_PAGE in {doubt.code for doubt in reading.doubts}


def test_text_upon_a_picture_is_text() -> None:
    """A coloured ground does not hide what comes after it."""
    ground = saved(Image.new("RGB", (60, 35), "lightyellow"))
    reading = read(package(PICTURE + ruled(XS, YS) + "".join(text(x, y - 4, w) for w, x, y in WORDS), picture=ground))
    assert tables(reading) == [EXPECTED]
    assert reading.doubts == ()


def test_letters_as_outlines() -> None:
    """What a converter drew letter by letter is painted and read: curves, holes, shades, pens."""
    ring = (
        '<ofd:PathObject Boundary="10 10 60 30" Fill="true" Stroke="false"><ofd:FillColor Value="40 40 40"/>'
        "<ofd:AbbreviatedData>M 0 0 B 0 40 60 40 60 0 Q 30 -5 0 0 C M 20 5 L 40 5 L 40 15 L 20 15 C"
        "</ofd:AbbreviatedData></ofd:PathObject>"
    )
    pale = (
        '<ofd:PathObject Boundary="80 10 30 30" Fill="true" Stroke="true" LineWidth="2">'
        '<ofd:StrokeColor Value="0 0 0"/><ofd:FillColor Value="230 230 230"/>'
        "<ofd:AbbreviatedData>M 0 0 L 30 0 L 30 30 L 0 30 C</ofd:AbbreviatedData></ofd:PathObject>"
    )
    raster = shown(package(ring + pale))
    assert raster is not None

    def at(x: float, y: float) -> int:
        return int(raster.pixels[round(y * DOTS), round(x * DOTS)].mean())

    assert (raster.width, raster.height) == pytest.approx((120 * 72 / 25.4, 70 * 72 / 25.4), abs=0.5)
    assert at(40, 35) == 40  # below the hole, within the curve
    assert at(40, 20) == 255  # the hole
    assert at(12, 38) == 255  # beside the curve
    assert at(95, 25) == 230
    assert at(80, 25) == 0


def test_pictures_are_placed_by_their_matrix() -> None:
    """Turned by a quarter, as large as their box without a matrix, larger than what is seen of them."""
    half = Image.new("RGB", (40, 20), "white")
    half.paste("black", (0, 0, 20, 20))
    picture = saved(half, "PNG")
    cases = {
        'Boundary="10 10 40 20" CTM="40 0 0 20 0 0"': (20, 20),
        'Boundary="10 10 40 20"': (20, 20),
        'Boundary="10 10 20 40" CTM="0 40 -20 0 20 0"': (20, 20),
        'Boundary="10 10 20 40" CTM="0 -40 20 0 0 40"': (20, 40),
    }
    for attributes, (x, y) in cases.items():
        raster = shown(package(f'<ofd:ImageObject ResourceID="9" {attributes}/>', picture=picture, name="a.png"))
        assert raster is not None
        dark = np.argwhere(raster.pixels[:, :, 0] < 128)
        assert dark.mean(axis=0) == pytest.approx((y * DOTS, x * DOTS), abs=3), attributes
        assert len(dark) == pytest.approx(400 * DOTS**2, rel=0.03)


@pytest.mark.parametrize(
    "picture",
    [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n" + bytes(40), b"GIF89a", b"JB2"],
    ids=["empty", "jpeg", "png", "gif", "unknown"],
)
def test_pictures_that_cannot_be_shown(picture: bytes) -> None:
    """The page is a doubt, the others are read."""
    reading = read(package(text(10, 20, "收入决算"), PICTURE, picture=picture))
    assert lines(reading) == ["收入决算"]
    assert [(doubt.code, doubt.page) for doubt in reading.doubts] == [(DoubtCode.EMPTY_PAGE, 2)]


def test_a_picture_of_enormous_size_is_not_decoded() -> None:
    """Some kilobytes that stand for 10^9 pixels."""
    bomb = saved(Image.new("1", (30_000, 30_000)), "PNG")
    assert shown(package(PICTURE, picture=bomb, name="a.png")) is None
