"""What a scanned page gives. Light on purpose: whoever only looks for it imports no image library."""

from __future__ import annotations

from dataclasses import dataclass

from services.extractor.lattice.page import PageContent, PageTable

#: Fewer characters than this are no content by themselves.
_STRAY = 20


@dataclass(frozen=True)
class ScannedTable(PageTable):
    """A table of a scanned page. For each span: how sure its least sure character is (None: blank), and doubt."""

    confidences: tuple[float | None, ...] = ()
    doubtful: tuple[bool, ...] = ()


@dataclass(frozen=True)
class ScannedPage(PageContent):
    """A page read from its image. `doubtful_words`: words outside of tables that are not certain.

    `illegible`: there is print on it, of which nothing could be read. `inset`: only pictures on it were read so, the
    rest is text.
    """

    doubtful_words: int = 0
    illegible: bool = False
    inset: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing is printed on it."""
        return not self.tables and not self.lines and not self.illegible

    @property
    def unread(self) -> bool:
        """Whether next to nothing was read: a page number, a stamp."""
        return self.characters < _STRAY and not self.tables
