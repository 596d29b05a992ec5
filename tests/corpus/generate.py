"""Write reports into a folder: `python -m tests.corpus.generate DIR [--count N] [--format F] [--layout L]`."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from tests.corpus.compose import report
from tests.corpus.grid import Printed
from tests.corpus.layouts import BY_ID as LAYOUTS
from tests.corpus.truth import COLUMNS, true_rows
from tests.corpus.writers import BY_ID as FORMATS
from tests.corpus.writers import Format


def mixed(count: int, seed: int, formats: list[Format], layouts: list[str]) -> list[tuple[Printed, Format]]:
    """`count` reports that go through all pairs of layout and format before a pair comes again with a new seed."""
    pairs = [(layout, form) for layout in layouts for form in formats]
    step = 29 if len(pairs) % 29 else 31
    chosen = []
    for n in range(count):
        layout, form = pairs[n * step % len(pairs)]
        chosen.append((report(LAYOUTS[layout], seed + n), form))
    return chosen


def write_truth(path: Path, printed: Printed) -> None:
    """The facts of a report in the columns of facts.csv, without the places."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(true_rows(printed))


def main() -> None:
    """Write the files and beside each a `.truth.csv` with its facts (in a folder `truth`)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=26)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=sorted(FORMATS), action="append")
    parser.add_argument("--layout", choices=sorted(LAYOUTS), action="append")
    options = parser.parse_args()
    truth = options.folder / "truth"
    truth.mkdir(parents=True, exist_ok=True)
    forms = [FORMATS[name] for name in options.format or FORMATS]
    for printed, form in mixed(options.count, options.seed, forms, options.layout or list(LAYOUTS)):
        name = f"{printed.name}-{form.id}.{form.extension}"
        (options.folder / name).write_bytes(form.write(printed))
        write_truth(truth / f"{name}.truth.csv", printed)


if __name__ == "__main__":
    main()
