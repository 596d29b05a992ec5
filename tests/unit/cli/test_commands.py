from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.contracts.assessment import Assessment
from shared.contracts.document import Document
from shared.contracts.report import Report
from shared.contracts.rows import FACT_COLUMNS, FINDING_COLUMNS, fact_row
from tests.corpus.compose import report
from tests.corpus.layouts import BY_ID as LAYOUTS
from tests.corpus.plant import plant
from tests.corpus.writers import BY_ID as FORMATS

ROOT = Path(__file__).resolve().parents[3]
SOUND, WRONG, BROKEN = "甲 “sound”.xls", "wrong.txt", "broken.pdf"

Done = subprocess.CompletedProcess[str]
Call = Callable[..., Done]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound report, one with a planted error, a broken file; twice the same name."""
    place: Path = tmp_path_factory.mktemp("cli")
    sound, wrong = report(LAYOUTS["sichuan"], 8), plant(report(LAYOUTS["shanxi"], 2), "dropped digit")
    (place / "in" / "deep").mkdir(parents=True)
    (place / "in" / SOUND).write_bytes(FORMATS["xls"].write(sound))
    (place / "in" / "deep" / WRONG).write_bytes(FORMATS["txt-tabs"].write(wrong))
    (place / "one" / "x").mkdir(parents=True)
    (place / "one" / WRONG).write_bytes(FORMATS["txt-tabs"].write(sound))
    (place / "one" / "x" / WRONG).write_bytes(FORMATS["txt-tabs"].write(wrong))
    (place / "empty").mkdir()
    (place / "bad").mkdir()
    (place / "bad" / BROKEN).write_bytes(b"%PDF-1.7\nnothing more")
    return place


@pytest.fixture(scope="module")
def call(place: Path) -> Call:
    """The command in a process of its own, with its own data folder, from another folder."""

    def command(*arguments: object, language: str = "en", **variables: str) -> Done:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUESUAN", "LC_"))}
        environment |= {"XDG_DATA_HOME": str(place / "home"), "HOME": str(place / "home"), "PYTHONPATH": str(ROOT)}
        environment |= {"LANG": "zh_CN.UTF-8" if language == "zh" else "en_US.UTF-8", **variables}
        return subprocess.run(
            [sys.executable, "-m", "cli", *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
            cwd=place,
            env=environment,
        )

    return command


@pytest.fixture(scope="module")
def ran(place: Path, call: Call) -> Done:
    """The folder `in`, processed into the default database."""
    return call("run", place / "in", "--out", place / "out", "--jobs", "2")


def test_run_summarises_and_ends_with_one_when_errors_stand(ran: Done, place: Path) -> None:
    assert ran.returncode == 1, ran.stderr
    assert SOUND in ran.stdout
    assert WRONG in ran.stdout
    assert "Causes of the errors" in ran.stdout
    assert "2 results: 2 ok" in ran.stdout
    assert str(place / "home" / "juesuan" / "juesuan.db") in ran.stdout
    assert ran.stderr == ""


def test_out_has_the_contracts_and_the_tables(ran: Done, place: Path) -> None:
    folder = place / "out" / WRONG
    assert sorted(path.name for path in folder.iterdir()) == [
        "assessment.json",
        "document.json",
        "facts.csv",
        "findings.csv",
        "report.json",
    ]
    document = Document.model_validate_json((folder / "document.json").read_bytes())
    found = Report.model_validate_json((folder / "report.json").read_bytes())
    assessment = Assessment.model_validate_json((folder / "assessment.json").read_bytes())
    assert document.document_id == found.document_id == assessment.document_id
    with (folder / "facts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == FACT_COLUMNS
    assert rows == [fact_row(fact) for fact in found.facts]
    with (folder / "findings.csv").open(encoding="utf-8", newline="") as file:
        findings = list(csv.DictReader(file))
    assert tuple(findings[0]) == FINDING_COLUMNS
    assert "error" in {finding["severity"] for finding in findings}
    assert ran.returncode == 1


def test_a_sound_file_ends_with_zero_and_no_db_touches_none(place: Path, call: Call) -> None:
    done = call("run", place / "in" / SOUND, "--no-db", XDG_DATA_HOME=str(place / "untouched"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Indexed" not in done.stdout
    assert not (place / "untouched").exists()


def test_json_is_one_document_with_every_file(place: Path, call: Call) -> None:
    done = call("run", place / "bad", place / "in", "--format", "json", "--no-db", "--out", place / "out2")
    assert done.returncode == 2
    summary = json.loads(done.stdout)
    assert [file["name"] for file in summary["files"]] == [BROKEN, SOUND, WRONG]
    broken, sound, wrong = summary["files"]
    assert broken["outcome"] == "failed"
    assert broken["error"]["message"]["zh"]
    assert sorted(path.name for path in Path(broken["out"]).iterdir()) == ["error.json"]
    assert wrong["findings"]["error"] > 0
    assert sound["findings"]["error"] == 0
    assert summary["totals"]["files"] == 3
    assert summary["totals"]["failed"] == 1
    assert summary["causes"][0]["path"] == wrong["path"]


def test_files_of_one_name_do_not_overwrite_each_other(place: Path, call: Call) -> None:
    done = call("run", place / "one", "--no-db", "--out", place / "out3", language="zh")
    assert done.returncode == 1
    assert sorted(path.name for path in (place / "out3").iterdir()) == [WRONG, f"{WRONG}~2"]
    first = Report.model_validate_json((place / "out3" / WRONG / "report.json").read_bytes())
    second = Report.model_validate_json((place / "out3" / f"{WRONG}~2" / "report.json").read_bytes())
    assert first.document_id != second.document_id
    assert "错误的原因" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "nowhere"), "There is no “nowhere”"),
        (("run", "empty"), "No files to process"),
        (("run", "in", "--no-db", "--out", f"in/{SOUND}"), "is no folder to write to"),
        (("run", "in", "--db", "mysql://u:secret@h/d"), "no database address"),
        (("facts", "--db", "none.db"), "There is no database “none.db” yet"),
        (("facts", "--min", "much"), "is no number"),
        (("facts", "--measure", "height"), "There is no measure"),
        (("run", "in", "--lang", "fr"), "fr"),
        (("show", "nowhere"), "There is no “nowhere”"),
        (("show", f"bad/{BROKEN}"), "Error: "),
        (("show", f"in/{SOUND}", "--table", "T44"), "There is no table T44"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(ran: Done, call: Call, arguments: tuple[str, ...], sentence: str) -> None:
    assert ran.returncode == 1
    done = call(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr
    assert done.stdout == ""


def test_a_bad_setting_is_named(call: Call) -> None:
    done = call("run", "in", JUESUAN_WORKER_MEGABYTES="lots")
    assert done.returncode == 2
    assert "JUESUAN_WORKER_MEGABYTES" in done.stderr


def test_a_document_that_takes_too_long_is_stopped(place: Path, call: Call) -> None:
    done = call("run", place / "in", "--no-db", "--format", "json", JUESUAN_DOCUMENT_SECONDS="0.001")
    assert done.returncode == 2
    assert {file["error"]["category"] for file in json.loads(done.stdout)["files"]} == {"timeout"}


def test_show_has_tables_and_marks(place: Path, call: Call) -> None:
    done = call("show", place / "in" / "deep" / WRONG, language="zh")
    assert done.returncode == 1
    for table in ("T01", "T03", "T06"):
        assert f"\n{table} " in done.stdout
    assert done.stdout.count("[1]") >= 2
    assert "可疑" in done.stdout
    one = call("show", place / "in" / "deep" / WRONG, "--table", "t03")
    assert "\nT03 " in one.stdout
    assert "\nT01 " not in one.stdout


def test_show_loses_no_text_in_a_narrow_window(place: Path, call: Call) -> None:
    wide = call("show", place / "in" / SOUND, "--table", "T05").stdout
    narrow = call("show", place / "in" / SOUND, "--table", "T05", COLUMNS="44").stdout
    for stdout in (wide, narrow):
        assert "…" not in stdout
    amounts = [word for word in wide.split() if word.replace(",", "").replace(".", "").isdigit() and "." in word]
    assert amounts
    for amount in amounts:
        assert amount in narrow


def test_queries_answer_people_and_programs(ran: Done, call: Call) -> None:
    assert ran.returncode == 1
    table = call("facts", "--code", "208*", "--table", "T03", "--limit", "3")
    assert "208" in table.stdout
    assert "first 3 rows only" in table.stderr
    rows = list(csv.DictReader(call("facts", "--code", "208", "--format", "csv").stdout.splitlines()))
    assert rows
    assert {row["code"] for row in rows} == {"208"}
    findings = json.loads(call("findings", "--severity", "error", "--format", "json").stdout)
    assert {finding["severity"] for finding in findings} == {"error"}
    assert {finding["document_name"] for finding in findings} == {WRONG}
    reports = json.loads(call("reports", "--format", "json").stdout)
    assert {row["document_name"] for row in reports} == {WRONG, SOUND}
    hits = json.loads(call("search", "社会", "--format", "json").stdout)
    assert all("社会" in hit["snippet"]["text"] for hit in hits)
    assert hits
    assert json.loads(call("facts", "--year", "1949", "--format", "json").stdout) == []


def test_failed_files_are_listed(place: Path, call: Call) -> None:
    database = place / "failed.db"
    assert call("run", place / "bad", "--db", database).returncode == 2
    (row,) = json.loads(call("reports", "--failed", "--db", database, "--format", "json").stdout)
    assert row["name"] == BROKEN
    assert row["message_zh"]


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_export_writes_something(ran: Done, place: Path, call: Call, form: str) -> None:
    assert ran.returncode == 1
    done = call("export", "--format", form, "--out", place / f"export-{form}")
    assert done.returncode == 0, done.stderr
    written = [Path(line.partition(" ")[2]) for line in done.stdout.splitlines()]
    assert written
    assert all(path.stat().st_size > 100 for path in written)


def test_log_lines_are_json_on_stderr(place: Path, call: Call) -> None:
    done = call("run", place / "bad", "--no-db", "--format", "json", "--log", "info")
    actions = [json.loads(line)["action"] for line in done.stderr.splitlines()]
    assert actions == ["run_started", "document_failed", "run_finished"]
    assert json.loads(done.stdout)["totals"]["failed"] == 1


def test_a_reader_that_has_enough_is_no_error(ran: Done, place: Path) -> None:
    assert ran.returncode == 1
    script = f"{sys.executable} -m cli facts --format csv --db home/juesuan/juesuan.db | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", script],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.startswith("document_id,")
    assert "Traceback" not in done.stderr
    assert done.returncode == 0


def test_a_run_keeps_its_status_when_nobody_reads_its_summary(place: Path) -> None:
    command = [sys.executable, "-m", "cli", "run", str(place / "in" / "deep"), "--no-db"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=place, env=environment)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 1


def test_help_is_quick_and_in_the_language_of_the_user(call: Call) -> None:
    started = time.perf_counter()
    done = call("--help", language="zh")
    assert time.perf_counter() - started < 5  # 0.1 s of processor time; loose because test machines are busy
    assert "处理文件和文件夹" in done.stdout
    assert "Process files" in call("--help").stdout
    assert "Process files" in call("--lang", "en", "--help", language="zh").stdout
    heavy = "[m for m in ('pydantic', 'rich', 'sqlalchemy') if m in sys.modules]"
    heavy = f"import sys, cli.app; cli.app.build_app(); print({heavy})"
    loaded = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True, cwd=ROOT)
    assert loaded.stdout.strip() == "[]"


def test_ctrl_c_ends_everything_at_once(place: Path) -> None:
    fifo, big = place / "fifo" / "never.txt", place / "whole" / "big.txt"
    for path in (fifo, big):
        path.parent.mkdir()
    big.write_bytes((place / "in" / "deep" / WRONG).read_bytes())
    os.mkfifo(fifo)
    # Named itself the pipe is read, and a read from a pipe that nobody writes to never ends.
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "--lang", "en", "run", big, fifo, "--no-db", "--log", "info"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    line = ""
    while "document_done" not in line:
        line = process.stderr.readline()
        assert line
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert time.monotonic() - started < 10
    assert process.returncode == 130
    assert "Interrupted" in errors
    assert "Traceback" not in errors


def test_version(call: Call) -> None:
    assert call("version").stdout.startswith("juesuan ")
