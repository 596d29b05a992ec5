"""Files to measure reading with: invented reports printed to PDF by several programs, real ones if they are there."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.worksheet.properties import PageSetupProperties

from tests.corpus.compose import report
from tests.corpus.grid import Printed
from tests.corpus.layouts import BY_ID as LAYOUTS
from tests.corpus.writers import docx, html, pdf, xlsx

REAL = Path(__file__).resolve().parents[2] / "shared" / "reports"
_PATIENCE = 120  # seconds
#: Cells without text would be flat in a browser.
_BORDER = b"td{border:1px solid"
_LINE, _ROOM = 15.0, 4  # height of a line in points, Chinese characters in a column of the usual width


@dataclass(frozen=True)
class Sample:
    """A file and what is printed in it; `printed` is None where nobody knows every cell."""

    name: str
    content: bytes
    printed: Printed | None


@dataclass(frozen=True)
class Producer:
    """A program or a habit, and files made by it; `missing` says why there are none."""

    name: str
    samples: tuple[Sample, ...]
    missing: str = ""


def reports(count: int, first: int = 1) -> list[Printed]:
    """`count` invented reports of as many layouts."""
    names = list(LAYOUTS)
    return [report(LAYOUTS[names[n % len(names)]], first + n) for n in range(count)]


def drawn(printed: Sequence[Printed]) -> Iterator[Producer]:
    """By reportlab in three manners."""
    manners: dict[str, Callable[[Printed], bytes]] = {
        "reportlab, thin filled rectangles as Word draws": pdf.word_like,
        "reportlab, stroked lines": pdf.stroked,
        "reportlab, no outer sides": pdf.open_sides,
    }
    for name, write in manners.items():
        yield Producer(name, tuple(Sample(one.name, write(one), one) for one in printed))


def by_office(printed: Sequence[Printed], folder: Path) -> Iterator[Producer]:
    """By LibreOffice Writer (from DOCX) and Calc (from XLSX)."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    for name, write, extension in (
        ("LibreOffice Writer", docx.write, "docx"),
        ("LibreOffice Calc", _spaced, "xlsx"),
    ):
        if program is None:
            yield Producer(name, (), "soffice is not on the PATH")
            continue
        place = folder / extension
        place.mkdir()
        files = [place / f"{number}.{extension}" for number in range(len(printed))]
        for file, one in zip(files, printed, strict=True):
            file.write_bytes(write(one))
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        _run([program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(place), *map(str, files)])
        yield _printed(name, files, printed)


def by_browser(printed: Sequence[Printed], folder: Path) -> Producer:
    """By Chromium from HTML."""
    name = "Chromium"
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        return Producer(name, (), "chromium is not on the PATH")
    place = folder / "html"
    place.mkdir()
    files = [place / f"{number}.html" for number in range(len(printed))]
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    for file, one in zip(files, printed, strict=True):
        file.write_bytes(html.clean(one).replace(_BORDER, _BORDER + b";height:1.2em"))
        own = [f"--user-data-dir={folder / 'browser'}", f"--print-to-pdf={file.with_suffix('.pdf')}"]
        _run([program, *flags, *own, file.as_uri()])
    return _printed(name, files, printed)


def real() -> Producer:
    """Published ones: by WPS, Word and others."""
    files = sorted(REAL.glob("*.pdf")) if REAL.is_dir() else []
    missing = "" if files else "no real reports beside the checkout"
    return Producer("real reports", tuple(Sample(file.name, file.read_bytes(), None) for file in files), missing)


def _spaced(printed: Printed) -> bytes:
    """A workbook whose rows are high enough for what wraps in them, as people leave them."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx.write(printed)))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            longest = max((len(str(cell.value)) for cell in row if cell.value is not None), default=0)
            sheet.row_dimensions[row[0].row].height = _LINE * max(1, -(-longest // _ROOM))
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToHeight = 0
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _printed(name: str, files: Sequence[Path], printed: Sequence[Printed]) -> Producer:
    made = [file.with_suffix(".pdf") for file in files]
    found = [Sample(one.name, path.read_bytes(), one) for path, one in zip(made, printed, strict=True) if path.exists()]
    return Producer(name, tuple(found), "" if found else "made no file")


def _run(command: list[str]) -> None:
    subprocess.run(command, check=False, timeout=_PATIENCE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
