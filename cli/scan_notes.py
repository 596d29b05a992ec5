"""What `show` says of a reading that was not sure: scanned pages in one line, every other doubt once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.text import Text

from cli import messages
from cli.language import language
from shared.contracts.document import Doubt, DoubtCode

#: doubts of single cells are counted, not listed: amounts among them are findings of rule A13
_COUNTED = frozenset({DoubtCode.SCANNED_TEXT, DoubtCode.SCANNED_SUM})


def reading_notes(doubts: Sequence[Doubt], parts: Sequence[str] = ()) -> Iterator[Text]:
    """A line for each thing that a reader should know before trusting the tables; none for a sure reading.

    `parts` are the paths of the files of a report of several: pages count within each.
    """
    scanned: dict[int | None, set[int]] = {}
    for doubt in doubts:
        if doubt.code is DoubtCode.SCANNED_PAGE:
            scanned.setdefault(doubt.part, set()).add(doubt.page or 0)
    for part, pages in scanned.items():
        line = messages.SCANNED_PAGES(pages=ranges(sorted(pages)))
        if part is not None and len(parts) > 1:
            line = messages.IN_PART(part=parts[part], text=line)
        yield Text(line, style="magenta")
    cells = Counter(doubt.code for doubt in doubts if doubt.code in _COUNTED and doubt.row is not None)
    for code, words in messages.SCAN_DOUBTS.items():
        if count := cells[DoubtCode(code)]:
            yield Text(words(count=count), style="magenta")
    others = (
        doubt.text.in_language(language())
        for doubt in doubts
        if doubt.code is not DoubtCode.SCANNED_PAGE and not (doubt.code in _COUNTED and doubt.row is not None)
    )
    for sentence in dict.fromkeys(others):
        yield Text(sentence, style="yellow")


def ranges(numbers: Iterable[int]) -> str:
    """Sorted numbers with runs drawn together: 1–3, 7."""
    parts = []
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        first, *rest = (number for _, number in run)
        parts.append(f"{first}–{rest[-1]}" if rest else str(first))
    return messages.COMMA().join(parts)
