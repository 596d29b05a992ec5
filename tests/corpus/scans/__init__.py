"""Reports as scans: printed pages as images with known defects, as image files, image-only PDFs and mixed ones.

Everything follows from the report, the seed and the defects, so the same call gives the same bytes.
"""

from __future__ import annotations

from tests.corpus.scans.defects import CLEAN, KINDS, Defects, worn
from tests.corpus.scans.files import mixed_pdf, scan_page_numbers, scan_pages, scan_pdf, scan_tiff
from tests.corpus.scans.paper import PAD, SANS, SERIF, TIGHT, print_pages

__all__ = [
    "CLEAN",
    "KINDS",
    "PAD",
    "SANS",
    "SERIF",
    "TIGHT",
    "Defects",
    "mixed_pdf",
    "print_pages",
    "scan_page_numbers",
    "scan_pages",
    "scan_pdf",
    "scan_tiff",
    "worn",
]
