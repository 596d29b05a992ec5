"""Read damaged files and say how each kind ended: `python -m tests.fuzz.run [--count 2000] [--seed 1] [--jobs 1]`."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from tests.fuzz.cases import Case, damaged, monsters, sound_cases
from tests.fuzz.reading import Ended, defects, listener, read_all

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "fuzz.md"
_NOT_LOST = 0.999  # of the facts of the sound file
_HEAD = """# Damaged files

Made by `python -m tests.fuzz.run --write`.

How damaged copies of sound reports ended, and (by the ending of their names) the files made to hurt: as a document
(`ok`, `partial`), or with a category of [words](words.md). Workers that try to reach the network are killed, which
would be a defect. Seconds are wall time on a machine with other work; megabytes are what the worker held afterwards.

"""


def main() -> int:
    """Run, print, keep the files that show a defect if asked; the exit status is 1 when there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the files that show a defect")
    parser.add_argument("--only", help="formats whose name has this in it")
    parser.add_argument("--monsters", choices=("with", "only", "without"), default="with")
    parser.add_argument("--write", action="store_true", help="put the table into docs/reference/fuzz.md")
    parser.add_argument("--slow", action=argparse.BooleanOptionalAction, default=True, help="OCR and LibreOffice")
    order = parser.parse_args()
    started = time.monotonic()
    with listener() as server:
        cases: list[Iterable[Case]] = [sound_cases(slow=order.slow)]
        if order.monsters != "without":
            cases.append(monsters(server.port))
        if order.monsters != "only":
            cases.append(damaged(order.count, order.seed, slow=order.slow))
        wanted = (case for case in chain(*cases) if not order.only or order.only in case.kind)
        report = _Report(order.keep)
        for case, ended in read_all(wanted, order.jobs):
            report.add(case, ended)
    page = report.page(server.visits)
    print(page)
    print(
        *report.defects,
        "",
        f"{len(report.silent)} ended ok with less than is in the sound file:",
        *report.silent,
        sep="\n",
    )
    print(f"\n{time.monotonic() - started:.0f} s")
    if order.write:
        PAGE.write_text(f"{_HEAD}{page}", encoding="utf-8")
    return 1 if report.defects or server.visits else 0


class _Report:
    def __init__(self, keep: Path | None) -> None:
        self.defects: list[str] = []
        self._keep = keep
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        self._slowest: dict[str, float] = defaultdict(float)
        self._largest: dict[str, float] = defaultdict(float)
        self._sound: dict[str, int] = {}
        self.silent: list[str] = []

    def add(self, case: Case, ended: Ended) -> None:
        name = f"{case.kind} #{case.number} {case.how}"
        if case.how == "sound":
            assert case.sound is not None
            self._sound[case.sound] = ended.facts
            if ended.error:
                self.defects.append(f"{name}: {ended.word}")
            return
        self._counts[case.kind][ended.word] += 1
        self._slowest[case.kind] = max(self._slowest[case.kind], ended.seconds)
        self._largest[case.kind] = max(self._largest[case.kind], ended.megabytes)
        found = defects(ended)
        self.defects += [f"{name}: {defect}" for defect in found]
        if ended.seconds > 5 or ended.megabytes > 700:
            print(f"slow: {name}: {ended.seconds:.1f} s, {ended.megabytes:.0f} MB, {ended.word}", file=sys.stderr)
        if ended.word == "ok" and case.sound and ended.facts < _NOT_LOST * self._sound.get(case.sound, 0):
            self.silent.append(f"{name}: {ended.facts} of {self._sound[case.sound]} facts")
        if (found or ended.word == "timeout") and self._keep:
            self._keep.mkdir(parents=True, exist_ok=True)
            (self._keep / f"{case.kind}-{case.number}-{case.source.name}").write_bytes(case.source.content)
            if ended.error:
                (self._keep / f"{case.kind}-{case.number}.txt").write_text(ended.error.detail, encoding="utf-8")

    def page(self, visits: int) -> str:
        """The table of how the files ended, in Markdown."""
        words = sorted({word for counts in self._counts.values() for word in counts})
        lines = [
            "| format | files | " + " | ".join(words) + " | slowest, s | largest, MB |",
            "|---|" + "---:|" * (len(words) + 3),
        ]
        for kind, counts in self._counts.items():
            cells = " | ".join(str(counts[word] or "") for word in words)
            lines.append(
                f"| {kind} | {counts.total()} | {cells} | {self._slowest[kind]:.1f} | {self._largest[kind]:.0f} |"
            )
        total = sum(self._counts.values(), Counter[str]())
        cells = " | ".join(str(total[word]) for word in words)
        seconds, megabytes = max(self._slowest.values(), default=0.0), max(self._largest.values(), default=0.0)
        lines.append(f"| all | {total.total()} | {cells} | {seconds:.1f} | {megabytes:.0f} |")
        ended = f"Defects (crashed, broke, or ended without words): {len(self.defects)}. "
        return "\n".join([*lines, "", f"{ended}Attempts to reach the network: {visits}."]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
