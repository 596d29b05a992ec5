"""The page of the chain's figures: measuring one part again keeps the others."""

from __future__ import annotations

from benchmarks.chain import sections

PAGE = "# Title\n\nMachine.\n\n## Rates\n\n| a |\n|---|\n| 1 |\n\n## Memory\n\n| b |\n|---|\n| 2 |\n"


def test_parts_by_their_headings() -> None:
    found = sections(PAGE)
    assert list(found) == ["Rates", "Memory"]
    assert found["Rates"] == "## Rates\n\n| a |\n|---|\n| 1 |\n"


def test_a_part_that_was_measured_again_takes_the_place_of_the_old_one() -> None:
    again = sections(PAGE) | sections("Machine.\n\n## Rates\n\n| a |\n|---|\n| 3 |\n\n")
    assert "| 3 |" in again["Rates"]
    assert "| 2 |" in again["Memory"]
