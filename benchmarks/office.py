"""The formats that LibreOffice writes, or must read for us: DOC, WPS, RTF, ODT, and the workbooks ET, XLS, ODS.

WPS Office writes .wps and .et in the formats of Word 97 and Excel 97 unless it is told otherwise, so a .doc and a .xls
of that name are what it leaves.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.extractor.office.convert import Conversion, convert
from services.extractor.office.program import find_soffice
from shared.contracts.errors import InvalidDocument
from tests.corpus.grid import Printed
from tests.corpus.writers import Format, docx, xlsx

_DOCX, _XLSX = ("docx", "MS Word 2007 XML"), ("xlsx", "Calc MS Excel 2007 XML")


@dataclass(frozen=True)
class _Made:
    """A format that LibreOffice makes, by `conversion`, of the file that `write` gives."""

    id: str
    extension: str
    write: Callable[[Printed], bytes]
    conversion: Conversion


_MADE = (
    _Made("doc", "doc", docx.write, Conversion(*_DOCX, "doc", "MS Word 97")),
    _Made("wps", "wps", docx.write, Conversion(*_DOCX, "doc", "MS Word 97")),
    _Made("rtf", "rtf", docx.write, Conversion(*_DOCX, "rtf", "Rich Text Format")),
    _Made("odt", "odt", docx.write, Conversion(*_DOCX, "odt", "writer8")),
    _Made("et", "et", xlsx.write, Conversion(*_XLSX, "xls", "MS Excel 97")),
    _Made("xls by LibreOffice", "xls", xlsx.write, Conversion(*_XLSX, "xls", "MS Excel 97")),
    _Made("ods by LibreOffice", "ods", xlsx.write, Conversion(*_XLSX, "ods", "calc8")),
)


def made_by_office() -> tuple[tuple[Format, ...], str]:
    """The formats, and why there are none where LibreOffice is missing."""
    try:
        find_soffice()
    except InvalidDocument as missing:
        return (), missing.text.en
    return tuple(Format(one.id, one.extension, _writer(one)) for one in _MADE), ""


def _writer(made: _Made) -> Callable[[Printed], bytes]:
    return lambda printed: convert(made.write(printed), made.conversion)


def cost() -> float:
    """Processor seconds of this process and of the programs that it started and that have ended."""
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + others.ru_utime + others.ru_stime


def clock(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds of a call, those of programs it starts included, and what it gave."""
    started = cost()
    result = work()
    return cost() - started, result
