"""Speed and exactness of reading, side by side: `python -m benchmarks.extraction [--only PART] [--write]`.

PDF: ours (tables and page text) against bare pypdfium2 reading the box of every character, which is the floor below
every reader built on PDFium, and pdfplumber (tables and text). The other formats: ours against `unstructured`; where
LibreOffice is started for a file, its processor time counts.
All in one process on one core, its heap settled as that of a worker, in processor time; ours and the floor take turns,
so that a disturbance meets both.
`--write` puts the tables into docs/reference/performance-extraction.md and the plot beside it.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import contenders, growth, office, plot
from benchmarks.cells import Exact, exact
from benchmarks.samples import Producer, Sample, by_browser, by_office, drawn, real, reports
from services.extractor.extract import extract
from shared.contracts.document import SourceFile, Table
from shared.runtime.steady import settle_heap
from tests.corpus.grid import Printed
from tests.corpus.habits import CLEAN, HABITS, habit_pdf
from tests.corpus.writers import FORMATS

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
PAGE, PLOT = FOLDER / "performance-extraction.md", FOLDER / "performance-extraction.svg"
PARTS = ("pdf", "habits", "formats", "growth")
_ROUNDS = 5


@dataclass
class Speed:
    """Processor seconds per round of the three readers over the same files."""

    pages: int = 0
    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    pdfplumber: float = 0.0

    @property
    def share(self) -> float:
        """Our speed as a share of the floor's."""
        return median(floor / ours for floor, ours in zip(self.floor, self.ours, strict=True))

    @property
    def times(self) -> float:
        """How many times faster than pdfplumber."""
        return self.pdfplumber / median(self.ours)


def on_one_core() -> None:
    """Keep this process and those it starts on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def clock(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds of a call, and what it gave."""
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def compare(samples: Sequence[Sample], rounds: int = _ROUNDS) -> tuple[Speed, Exact, Exact]:
    """Speed over all samples, and the exact cells of ours and of pdfplumber where they are known."""
    speed = Speed()
    own, other = Exact(), Exact()
    for sample in samples:
        reading = contenders.read_ours(sample.content)
        speed.pages += reading.pages or 0
        seconds, found = clock(lambda content=sample.content: contenders.read_pdfplumber(content))  # type: ignore[misc]
        speed.pdfplumber += seconds
        tables = contenders.tables_pdfplumber(found)
        if sample.printed:
            own += exact(sample.printed, contenders.tables_ours(reading))
            other += exact(sample.printed, tables)
        else:
            other += agreement(contenders.tables_ours(reading), tables)
    for _ in range(rounds):
        speed.ours.append(sum(clock(lambda c=one.content: contenders.read_ours(c))[0] for one in samples))  # type: ignore[misc]
        speed.floor.append(sum(clock(lambda c=one.content: contenders.read_floor(c))[0] for one in samples))  # type: ignore[misc]
    return speed, own, other


def agreement(ours: Iterable[Table], others: Sequence[Table]) -> Exact:
    """Cells of ours with text that pdfplumber finds too, anywhere on the same page: nobody knows the truth."""
    found: dict[tuple[int | None, str], int] = {}
    for table in others:
        for cell in table.cells:
            key = (cell.page, "".join(cell.text.split()))
            found[key] = found.get(key, 0) + 1
    cells = right = 0
    for table in ours:
        for cell in table.cells:
            key = (cell.page, "".join(cell.text.split()))
            if key[1]:
                cells += 1
                if found.get(key, 0) > 0:
                    found[key] -= 1
                    right += 1
    return Exact(cells, right)


def percent(right: int, of: int) -> str:
    """A share with two places; nothing where there is nothing to share."""
    return f"{100 * right / of:.2f}" if of else "–"


def pdf_part(folder: Path) -> list[str]:
    """Every producer: a row with speeds and exact cells."""
    printed = reports(4)
    producers = [*drawn(printed), *by_office(printed, folder), by_browser(printed, folder), real()]
    lines = [
        (
            "| made by | pages | ours, pages/s | floor, pages/s | ours/floor | pdfplumber, pages/s | ours/pdfplumber "
            "| cells exact, % | with spans, % | numbers exact, % | pdfplumber: cells exact, % | numbers, % |"
        ),
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for producer in producers:
        lines.append(_pdf_row(producer))
        print(lines[-1], flush=True)
    why = contenders.unstructured_pdf()
    lines += ["", f"`unstructured` reads no PDF here: {why}." if why else "", ""]
    lines.append(
        "Real reports: nobody knows every cell; the share is that of our cells with text that pdfplumber finds on the "
        "same page too. Their exact facts are scored by `make score`."
    )
    return lines


def _pdf_row(producer: Producer) -> str:
    if not producer.samples:
        return f"| {producer.name} | {producer.missing} |" + " |" * 10
    speed, own, other = compare(producer.samples)
    if own.cells:
        shares = (
            (own.right, own.cells),
            (own.spans_right, own.cells),
            (own.numbers_right, own.numbers),
            (other.right, other.cells),
            (other.numbers_right, other.numbers),
        )
        exactness = " | ".join(percent(*share) for share in shares)
    else:
        exactness = f"agree: {percent(other.right, other.cells)} | | | |"
    return (
        f"| {producer.name} | {speed.pages} | {speed.pages / median(speed.ours):.0f} "
        f"| {speed.pages / median(speed.floor):.0f} | {speed.share:.0%} | {speed.pages / speed.pdfplumber:.1f} "
        f"| {speed.times:.1f} | {exactness} |"
    )


def habits_part() -> list[str]:
    """Every habit of drawing over the same report."""
    lines = [
        (
            "| habit | ours, pages/s | ours/floor | ours/pdfplumber | cells exact, % | with spans, % "
            "| numbers exact, % | pdfplumber: cells exact, % | numbers, % |"
        ),
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    (printed,) = reports(1, first=7)
    clean, odd = Exact(), Exact()
    for name in HABITS:
        sample = Sample(name, habit_pdf(name, printed), printed)
        speed, own, other = compare([sample], rounds=3)
        if name in CLEAN:
            clean += own
        else:
            odd += own
        lines.append(
            f"| {name} | {speed.pages / median(speed.ours):.0f} | {speed.share:.0%} | {speed.times:.1f} "
            f"| {percent(own.right, own.cells)} | {percent(own.spans_right, own.cells)} "
            f"| {percent(own.numbers_right, own.numbers)} | {percent(other.right, other.cells)} "
            f"| {percent(other.numbers_right, other.numbers)} |"
        )
        print(lines[-1], flush=True)
    for label, total in (("clean ones together", clean), ("odd ones together", odd)):
        lines.append(
            f"| **{label}** | | | | {percent(total.right, total.cells)} | {percent(total.spans_right, total.cells)} "
            f"| {percent(total.numbers_right, total.numbers)} | | |"
        )
    return lines


def formats_part() -> list[str]:
    """Every other format that the corpus writes, and those that LibreOffice makes of them."""
    lines = [
        (
            "| format | files | ours, ms | slowest, ms | cells exact, % | with spans, % | numbers exact, % "
            "| unstructured, ms | cells exact, % | with spans, % |"
        ),
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    printed = reports(4)
    made, why = office.made_by_office()
    for form in (*FORMATS, *made):
        if form.extension == "pdf":
            continue
        files = [form.write(one) for one in printed]
        own, times = _read_all(files, printed, lambda content, name=f"x.{form.extension}": _ours(name, content))  # type: ignore[misc]
        reader = contenders.unstructured_reader(form.extension)
        other, theirs = Exact(), []
        if reader:
            other, theirs = _read_all(
                files,
                printed,
                lambda content, read=reader: contenders.tables_unstructured(read(content)),  # type: ignore[misc]
                rounds=1,
            )
        lines.append(
            f"| {form.id} | {len(files)} | {1000 * median(times):.1f} | {1000 * max(times):.1f} "
            f"| {percent(own.right, own.cells)} | {percent(own.spans_right, own.cells)} "
            f"| {percent(own.numbers_right, own.numbers)} "
            f"| {f'{1000 * median(theirs):.0f}' if theirs else '–'} | {percent(other.right, other.cells)} "
            f"| {percent(other.spans_right, other.cells)} |"
        )
        print(lines[-1], flush=True)
    if not made:
        lines.append(f"| DOC, WPS, RTF, ODT, ET | {why} |" + " |" * 8)
        print(lines[-1], flush=True)
    lines += [
        "",
        (
            "Text and Markdown know no merged cells: they come back where the form leaves no doubt. For `.doc`, "
            "`.wps`, `.rtf` and `.odt` LibreOffice is started, and its processor time counts; `.et` is read as XLS."
        ),
    ]
    return lines


def _ours(name: str, content: bytes) -> list[Table]:
    return list(extract(SourceFile(name=name, content=content)).tables)


def _read_all(
    files: Sequence[bytes], printed: Sequence[Printed], read: Callable[[bytes], list[Table]], rounds: int = 3
) -> tuple[Exact, list[float]]:
    """Exact cells over all files, and the best of `rounds` times of each; the first read warms up."""
    total, times = Exact(), []
    for content, one in zip(files, printed, strict=True):
        total += exact(one, read(content))
        times.append(min(office.clock(lambda c=content: read(c))[0] for _ in range(rounds)))  # type: ignore[misc]
    return total, times


def growth_part(*, write: bool) -> list[str]:
    """Pages against cost, as a table and as a plot."""
    costs = growth.measure()
    lines = [
        "| document | pages | cells | extract, s | ms per page | normalize, s | ms per page | peak memory, MB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in costs:
        lines.append(
            f"| {one.kind} | {one.pages} | {one.cells} | {one.extract:.2f} | {1000 * one.extract / one.pages:.1f} "
            f"| {one.normalize:.2f} | {1000 * one.normalize / one.pages:.1f} | {one.peak:.0f} |"
        )
        print(lines[-1], flush=True)
    if write:
        seconds, memory = {}, {}
        for kind in dict.fromkeys(one.kind for one in costs):
            own = [one for one in costs if one.kind == kind]
            seconds[f"{kind}: extract"] = [(one.pages, one.extract) for one in own]
            seconds[f"{kind}: normalize"] = [(one.pages, max(one.normalize, 1e-3)) for one in own]
            memory[kind] = [(one.pages, one.peak) for one in own]
        PLOT.write_text(
            plot.figure(("Seconds", "pages", seconds), ("Peak memory, MB", "pages", memory)), encoding="utf-8"
        )
    return [*lines, "", f"![seconds and memory by pages]({PLOT.name})"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    wanted = options.only or PARTS
    if options.write and options.only:
        sys.exit("--write needs all parts")
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    lines = [f"One core of: {machine}. Processor time; medians.", ""]
    settle_heap()
    with tempfile.TemporaryDirectory(prefix="juesuan-extraction-") as name:
        on_one_core()
        parts: dict[str, tuple[str, Callable[[], list[str]]]] = {
            "pdf": ("PDF by producer", lambda: pdf_part(Path(name))),
            "habits": ("PDF by habit of drawing", habits_part),
            "formats": ("Other formats", formats_part),
            "growth": ("Cost by pages", lambda: growth_part(write=options.write)),
        }
        for part in wanted:
            title, work = parts[part]
            lines += [f"## {title}", "", *work(), ""]
    if options.write:
        head = "# Performance of extraction\n\nMade by `make bench-extraction`.\n\n"
        PAGE.write_text(head + "\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
