"""Files of fixed pages, and images."""

from __future__ import annotations

import struct
import zlib

from tests.fuzz.monsters.kit import (
    MEGABYTE,
    WRITES,
    Monster,
    external,
    laughs,
    layer,
    nested,
    ofd,
    pdf,
    pdf_page,
    png,
    stream,
)

_CATALOG = "<</Type/Catalog/Pages 2 0 R>>"
_FORM = "/Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources<<{}>>"


def _kids(kids: str, count: int) -> bytes:
    return pdf(_CATALOG, f"<</Type/Pages/Kids[{kids}]/Count {count}>>", *pdf_page(WRITES)[2:])


def _families() -> bytes:
    """Grandchildren that are their own grandparents."""
    child = "<</Type/Pages/Kids[2 0 R 3 0 R]/Count 9/Parent 2 0 R>>"
    return pdf(_CATALOG, "<</Type/Pages/Kids[3 0 R]/Count 9>>", child)


def _form_loop() -> bytes:
    form = stream("/X Do", _FORM.format("/XObject<</X 6 0 R>>"))
    return pdf(*pdf_page(f"{WRITES} /X Do", resources="/XObject<</X 6 0 R>>"), form)


def _form_bomb(levels: int = 12) -> bytes:
    """Drawings of drawings, ten of the next at each level."""
    forms = [stream("/X Do " * 10, _FORM.format(f"/XObject<</X {7 + level} 0 R>>")) for level in range(levels - 1)] + [
        stream(WRITES, _FORM.format("/Font<</F 5 0 R>>"))
    ]
    return pdf(*pdf_page("/X Do " * 10, resources="/XObject<</X 6 0 R>>"), *forms)


def _repeated() -> bytes:
    objects = [part.replace("4 0 R", f"[{'4 0 R ' * 200_000}]") for part in pdf_page(WRITES * 200)]
    return pdf(*objects)


def _packed_bomb() -> bytes:
    packer = zlib.compressobj(9)
    flat = b"".join(packer.compress(b" " * MEGABYTE) for _ in range(256)) + packer.flush()
    objects = pdf_page("")
    return pdf(*objects[:3], stream(flat.decode("latin-1"), "/Filter/FlateDecode"), objects[4])


def _paths(count: int) -> bytes:
    return pdf(
        *pdf_page(WRITES + "".join(f"{n % 600} {n // 600} m {n % 600 + 1} {n // 600} l S " for n in range(count)))
    )


def _own_length() -> bytes:
    objects = pdf_page("")
    return pdf(*objects[:3], "<</Length 4 0 R>>\nstream\nx\nendstream", objects[4])


def _ofd_paths(count: int) -> bytes:
    data = "<ofd:AbbreviatedData>M 0 0 L 210 0</ofd:AbbreviatedData>"
    return ofd(layer(f'<ofd:PathObject ID="3" Boundary="0 0 210 297">{data}</ofd:PathObject>' * count))


def _ofd_steps() -> bytes:
    code = '<ofd:TextCode X="0" Y="0" DeltaX="g 2000000000 1">决算</ofd:TextCode>'
    return ofd(layer(f'<ofd:TextObject ID="3" Boundary="0 0 210 9" Size="9">{code}</ofd:TextObject>'))


def _jpeg() -> bytes:
    frame = b"\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + frame


def _tiff_loop() -> bytes:
    entry = struct.pack("<HHLL", 256, 3, 1, 0xFFFF)
    return b"II*\x00" + struct.pack("<LH", 8, 1) + entry + struct.pack("<L", 8)


def _bitmap() -> bytes:
    head = struct.pack("<LLlLHH", 0, 54, 40, 0x7FFFFFFF, 0xFFFF, 0x7FFF)
    return b"BM" + struct.pack("<L", 54) + head + bytes(40)


PAGES: tuple[Monster, ...] = (
    Monster("自身为页.pdf", lambda _: pdf(_CATALOG, "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>")),
    Monster("祖孙环.pdf", lambda _: _families()),
    Monster("二十万页.pdf", lambda _: _kids("3 0 R " * 200_000, 200_000)),
    Monster("页数谎言.pdf", lambda _: _kids("3 0 R", 2_000_000_000)),
    Monster("巨页.pdf", lambda _: pdf(*pdf_page(WRITES, box="-2000000000 -2000000000 2000000000 2000000000"))),
    Monster("零页.pdf", lambda _: pdf(*pdf_page(WRITES, box="0 0 0 0"))),
    Monster("无理页.pdf", lambda _: pdf(*pdf_page(WRITES, box="nan 0 1e400 x"))),
    Monster("自引对象.pdf", lambda _: _form_loop()),
    Monster("对象炸弹.pdf", lambda _: _form_bomb()),
    Monster("重复内容.pdf", lambda _: _repeated()),
    Monster("流炸弹.pdf", lambda _: _packed_bomb()),
    Monster("十万线.pdf", lambda _: _paths(100_000)),
    Monster("存图.pdf", lambda _: pdf(*pdf_page(WRITES + "q " * 300_000))),
    Monster("变换.pdf", lambda _: pdf(*pdf_page("1e30 0 0 1e30 1e30 1e30 cm " * 5 + WRITES + "0 0 m 1e38 1e38 l S"))),
    Monster("深数组.pdf", lambda _: pdf(*pdf_page(WRITES, resources=f"/X {'[' * 100_000}{']' * 100_000}"))),
    Monster("流自长.pdf", lambda _: _own_length()),
    Monster("只有头.pdf", lambda _: b"%PDF-1.7\n"),
    Monster("满页.ofd", lambda _: _ofd_paths(50_000)),
    Monster("深块.ofd", lambda _: ofd(layer(nested("ofd:PageBlock", 5_000)))),
    Monster("步长.ofd", lambda _: _ofd_steps()),
    Monster("笑.ofd", lambda _: ofd("<ofd:Content/>", head=laughs())),
    Monster("外部实体.ofd", lambda port: ofd("<ofd:Content/>", head=external(port))),
    Monster("巨图.png", lambda _: png(2_000_000_000, 2_000_000_000)),
    Monster("大图.png", lambda _: png(60_000, 60_000, bytes(60_001) * 2_000)),
    Monster("细图.png", lambda _: png(1, 100_000, bytes(2) * 100_000)),
    Monster("头.jpg", lambda _: _jpeg()),
    Monster("环.tif", lambda _: _tiff_loop()),
    Monster("头.bmp", lambda _: _bitmap()),
)
