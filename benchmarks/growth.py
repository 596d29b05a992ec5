"""How the cost of a document grows with its pages: each size in a process of its own, on one core.

Two kinds of document: reports one after the other, and one table that runs over all pages.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from benchmarks.samples import reports
from services.extractor.extract import extract
from services.normalizer.normalize import normalize
from shared.contracts.document import SourceFile
from shared.contracts.errors import InvalidDocument
from shared.runtime.steady import settle_heap
from tests.corpus.writers import pdf

SIZES = (10, 100, 1000)
_FONT, _SIZE, _ROW, _MARGIN = "STSong-Light", 8.0, 16.0, 50.0
_COLUMNS = (60.0, 175.0, 85.0, 85.0, 85.0)
_HEADER = ("科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出")


@dataclass(frozen=True)
class Cost:
    """What a document of `pages` pages costs: seconds of processor time by stage, megabytes at the most."""

    kind: str
    pages: int
    cells: int
    extract: float
    normalize: float
    peak: float


def measure() -> list[Cost]:
    """Every kind in every size."""
    found = []
    with tempfile.TemporaryDirectory(prefix="juesuan-growth-") as name:
        for kind, write in (("reports", _reports), ("one table", _one_table)):
            for pages in SIZES:
                path = Path(name) / "document.pdf"
                path.write_bytes(write(pages))
                command = [sys.executable, "-m", "benchmarks.growth", kind, str(path)]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                found.append(Cost(**json.loads(done.stdout)))
    return found


def _reports(pages: int) -> bytes:
    """Invented reports one after the other, cut at `pages`."""
    parts = [pdfium.PdfDocument(pdf.stroked(one)) for one in reports(8)]
    whole = pdfium.PdfDocument.new()
    for part in cycle(parts):
        whole.import_pages(part, pages=list(range(min(len(part), pages - len(whole)))))
        if len(whole) == pages:
            break
    buffer = io.BytesIO()
    whole.save(buffer)
    return buffer.getvalue()


def _one_table(pages: int) -> bytes:
    """One table of as many rows as fit, its header on the first page only."""
    if _FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, pageCompression=1)
    rows = int((A4[1] - 2 * _MARGIN) / _ROW)
    number = 0
    for page in range(pages):
        canvas.setFont(_FONT, _SIZE)
        canvas.setLineWidth(0.5)
        for row in range(rows):
            number += 1
            amount = f"{number}.{number % 100:02d}"
            texts = _HEADER if page == row == 0 else (str(2010000 + number), "一般公共服务支出", amount, amount, "0.00")
            _draw_row(canvas, texts, A4[1] - _MARGIN - row * _ROW)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw_row(canvas: Canvas, texts: tuple[str, ...], top: float) -> None:
    left = _MARGIN
    for width, text in zip(_COLUMNS, texts, strict=True):
        canvas.rect(left, top - _ROW, width, _ROW)
        canvas.drawString(left + 3, top - _ROW + 5, text)
        left += width


def _one(kind: str, path: Path) -> Cost:
    extract(SourceFile(name=path.name, content=_one_table(1)))  # what is imported on first use is no document's cost
    settle_heap()
    source = SourceFile(name=path.name, content=path.read_bytes())
    started = time.process_time()
    document = extract(source)
    read = time.process_time()
    try:
        normalize(document)
    except InvalidDocument:  # one table alone names no entity and no year: refused at the end of the work
        understood = time.process_time()
    else:
        understood = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cells = sum(len(table.cells) for table in document.tables)
    return Cost(kind, document.pages or 0, cells, read - started, understood - read, peak)


if __name__ == "__main__":
    print(json.dumps(asdict(_one(sys.argv[1], Path(sys.argv[2])))))
