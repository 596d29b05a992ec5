"""The sound files that damaged ones are made from: every format that is read, small reports, a few of each."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from PIL import Image
from reportlab import rl_config  # type: ignore[import-untyped]

from services.extractor.office.convert import Conversion, convert
from services.extractor.office.program import find_soffice
from shared.contracts.errors import JuesuanError
from tests.corpus.archives.rar import rar4, rar5
from tests.corpus.archives.sevenzip import sevenzip
from tests.corpus.compose import report
from tests.corpus.grid import Line, Printed
from tests.corpus.layouts import LAYOUTS
from tests.corpus.scans.files import images_pdf, scan_pages
from tests.corpus.writers import BY_ID, FORMATS
from tests.fuzz.damage import packed

VARIANTS = 3


@dataclass(frozen=True)
class Form:
    """A format: its id, the ending of its names, and what makes the sound file of a variant."""

    id: str
    extension: str
    make: Callable[[int], bytes]


def _report(variant: int) -> Printed:
    layouts = sorted(LAYOUTS, key=lambda layout: layout.id)
    return report(layouts[(7 * variant) % len(layouts)], variant + 1)


def _written(form: str, variant: int) -> bytes:
    used, rl_config.useA85 = rl_config.useA85, 0  # streams as bytes, as all producers but reportlab have them
    try:
        return BY_ID[form].write(_report(variant))
    finally:
        rl_config.useA85 = used


def _files(variant: int) -> Mapping[str, bytes]:
    """A report as it often comes: the text, and the tables in a folder."""
    lines = [block.text for block in _report(variant).blocks if isinstance(block, Line)]
    return {"决算说明.txt": "\n".join(lines).encode(), "附件/决算表.xlsx": sound("xlsx", variant)}


def _nested(variant: int) -> bytes:
    return packed({"a/b.zip": packed(dict(_files(variant)))})


@cache
def _scan(variant: int) -> bytes:
    """One page with a table, as an image."""
    return scan_pages(_report(variant))[4]


def _tiff(variant: int) -> bytes:
    """The same page and a smaller one, as a TIFF."""
    page, file = Image.open(io.BytesIO(_scan(variant))), io.BytesIO()
    smaller = page.crop((0, 0, page.width, page.height // 3))
    page.save(file, "TIFF", save_all=True, append_images=[smaller], compression="tiff_lzw", dpi=(200, 200))
    return file.getvalue()


def _old(variant: int, kind: str, name: str) -> bytes:
    return convert(sound("docx", variant), Conversion("docx", "MS Word 2007 XML", kind, name))


#: Read in a moment.
QUICK: tuple[Form, ...] = (
    *(Form(form.id, form.extension, lambda variant, form=form: _written(form.id, variant)) for form in FORMATS),
    Form("zip", "zip", lambda variant: packed(dict(_files(variant)))),
    Form("zip-nested", "zip", _nested),
    Form("rar-4", "rar", lambda variant: rar4(_files(variant))),
    Form("rar-5", "rar", lambda variant: rar5(_files(variant))),
    Form("7z", "7z", lambda variant: sevenzip(_files(variant))),
)
#: Read by OCR: seconds a page.
_SCANNED: tuple[Form, ...] = (
    Form("png", "png", _scan),
    Form("pdf-scan", "pdf", lambda variant: images_pdf([_scan(variant)])),
    Form("tiff", "tif", _tiff),
)
#: Read by LibreOffice.
_CONVERTED: tuple[Form, ...] = (
    Form("doc", "doc", lambda variant: _old(variant, "doc", "MS Word 97")),
    Form("rtf", "rtf", lambda variant: _old(variant, "rtf", "Rich Text Format")),
    Form("odt", "odt", lambda variant: _old(variant, "odt", "writer8")),
)


@cache
def slow_forms() -> tuple[Form, ...]:
    """The formats that take seconds; those of LibreOffice only where it is installed."""
    try:
        find_soffice()
    except JuesuanError:
        return _SCANNED
    return (*_SCANNED, *_CONVERTED)


@cache
def sound(form: str, variant: int) -> bytes:
    """The sound file of a format and a variant."""
    return next(one for one in (*QUICK, *slow_forms()) if one.id == form).make(variant % VARIANTS)
