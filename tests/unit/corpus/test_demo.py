"""The demonstration tells found from missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.contracts.assessment import Assessment, CellRef, Finding, Outcome, Severity
from shared.contracts.base import Text
from tests.corpus import demo
from tests.corpus.grid import Planted

_NOTHING = Assessment(document_id="0" * 64, ruleset="test", outcomes=(), findings=())


def finding(error: Planted, number: int) -> Finding:
    """What a validator says when it finds `error`."""
    cell = CellRef(
        table=error.table, row_code=error.row_code, row_name=error.row_name, column=error.column, raw=error.published
    )
    return Finding(
        id=f"F{number}",
        rule=error.rules[0],
        severity=Severity.ERROR,
        outcome=Outcome.FAIL,
        message=Text(zh="不符", en="does not hold"),
        cells=(cell,),
        group=f"C{number}",
    )


def write(folder: Path, *, forget: int | None = None, accuse: bool = False) -> None:
    """Assessments as `juesuan run` leaves them, the `forget`th error missed."""
    number = 0
    for show in demo.SHOWS:
        printed = show.printed()
        found = []
        for error in printed.planted:
            if number != forget:
                found.append(finding(error, number))
            number += 1
        if accuse and not printed.planted:
            wrong = Planted("", "T01", "", "总计", "收入/金额", "1", "2", ("B02",))
            found.append(finding(wrong, 99))
        place = folder / show.file_name(printed)
        place.mkdir(parents=True)
        assessment = _NOTHING.model_copy(update={"findings": tuple(found)})
        (place / "assessment.json").write_text(assessment.model_dump_json(), encoding="utf-8")


def test_twelve_reports_three_with_errors(tmp_path: Path) -> None:
    """Different layouts, different formats, names that do not clash."""
    demo.generate(tmp_path)
    assert len(list(tmp_path.iterdir())) == len(demo.SHOWS) == 12
    assert sum(bool(show.errors) for show in demo.SHOWS) == 3
    assert len({show.layout for show in demo.SHOWS}) == 12


@pytest.mark.parametrize(("language", "words"), [("zh", "全部发现"), ("en", "were found")])
def test_all_found_is_status_zero(
    tmp_path: Path, language: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the chosen language."""
    write(tmp_path)
    assert demo.check(tmp_path, language) == 0
    assert words in capsys.readouterr().out


def test_a_missed_error_is_status_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And it is marked."""
    write(tmp_path, forget=1)
    assert demo.check(tmp_path, "en") == 1
    assert "MISSED" in capsys.readouterr().out


def test_a_false_alarm_is_status_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Accusing a sound report is as bad as missing an error."""
    write(tmp_path, accuse=True)
    assert demo.check(tmp_path, "en") == 1
    assert "accused" in capsys.readouterr().out
