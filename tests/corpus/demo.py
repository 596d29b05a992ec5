"""The demonstration: `generate DIR` writes twelve invented reports, `check OUT_DIR` shows the planted errors found.

Three of the twelve carry errors. `check` reads what `juesuan run DIR --out OUT_DIR` wrote and ends with status 1 if an
error was missed or a report with none was accused of one.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from shared.contracts.assessment import Assessment, Cause, Finding, Severity
from tests.corpus.compose import report
from tests.corpus.grid import Planted, Printed
from tests.corpus.layouts import BY_ID as LAYOUTS
from tests.corpus.plant import plant
from tests.corpus.writers import BY_ID as FORMATS

_PAGE = 150  # columns where the output is no terminal
_OPEN = (Severity.ERROR, Severity.WARNING, Severity.REVIEW)


@dataclass(frozen=True)
class Show:
    """One report of the demonstration."""

    layout: str
    seed: int
    form: str
    errors: tuple[str, ...] = ()

    def printed(self) -> Printed:
        """The report with its errors."""
        printed = report(LAYOUTS[self.layout], self.seed)
        for name in self.errors:
            printed = plant(printed, name)
        return printed

    def file_name(self, printed: Printed) -> str:
        """As a department would name it."""
        kind = "单位" if printed.unit_account else "部门"
        return f"{printed.entity}{printed.year}年度{kind}决算.{FORMATS[self.form].extension}"


SHOWS = (
    Show("central", 1, "pdf-stroked"),
    Show("shanxi", 2, "txt-tabs", ("dropped digit", "name of another code")),
    Show("hubei", 3, "txt-cells"),
    Show("shanghai-split", 4, "pdf-word", ("exchanged digits",)),
    Show("shanghai-one", 5, "xlsx"),
    Show("shaanxi", 6, "docx"),
    Show("inner-mongolia", 7, "html-clean", ("sides out of balance", "wrong running costs")),
    Show("sichuan", 8, "xls"),
    Show("yunnan", 9, "html-word"),
    Show("gansu", 10, "txt-tabs-gb"),
    Show("guangdong", 11, "md-pipes"),
    Show("jiangxi", 12, "pdf-open"),
)

_WORDS = {
    "zh": {
        "title": "埋入的错误与发现情况", "file": "文件", "error": "错误", "cell": "位置", "published": "公布值",
        "right": "应为", "rules": "发现规则", "suggestion": "建议值", "yes": "已发现", "no": "漏报", "found": "结果",
        "all": "{0} 处埋入的错误全部发现。", "missed": "有 {0} 处埋入的错误未被发现！",
        "false": "没有错误的报告被误报：{0}",
    },
    "en": {
        "title": "Planted errors and what was found", "file": "file", "error": "error", "cell": "cell",
        "published": "published", "right": "right", "rules": "found by", "suggestion": "suggested", "yes": "found",
        "no": "MISSED", "found": "result", "all": "All {0} planted errors were found.",
        "missed": "{0} planted errors were missed!", "false": "A sound report was accused of an error: {0}",
    },
}  # fmt: skip
_ERRORS_ZH = {
    "dropped digit": "漏写一位数字",
    "name of another code": "科目名称与编码不符",
    "exchanged digits": "数字颠倒",
    "sides out of balance": "收支不平",
    "wrong running costs": "公用经费合计有误",
}


def evidence(error: Planted, assessment: Assessment) -> list[Finding]:
    """The open findings by one of the rules that must find `error` in which its cell stands (or in whose cause)."""
    causes = {cause.group: cause for cause in assessment.causes}
    return [
        finding
        for finding in assessment.findings
        if finding.severity in _OPEN and finding.rule in error.rules and _names(error, finding, causes)
    ]


def _names(error: Planted, finding: Finding, causes: dict[str, Cause]) -> bool:
    cause = causes.get(finding.group)
    cells = (*finding.cells, *(cause.cells if cause else ()))
    return any(
        cell.table == error.table
        and cell.row_code == error.row_code
        and cell.row_name == error.row_name
        and error.column in ("", cell.column)
        for cell in cells
    )


def suggestion(findings: list[Finding], assessment: Assessment) -> str:
    """The first value that is suggested for the error."""
    groups = {finding.group for finding in findings}
    values = [finding.suggestion for finding in findings]
    values += [cause.suggestion for cause in assessment.causes if cause.group in groups]
    return next((value.value for value in values if value), "")


def generate(folder: Path) -> None:
    """Write the twelve files."""
    folder.mkdir(parents=True, exist_ok=True)
    for show in SHOWS:
        printed = show.printed()
        (folder / show.file_name(printed)).write_bytes(FORMATS[show.form].write(printed))


def check(folder: Path, language: str) -> int:
    """Print the table of planted errors; the exit status."""
    words = _WORDS[language]
    table = Table(title=words["title"], box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("file", "error", "cell", "published", "right", "rules", "suggestion", "found"):
        table.add_column(words[name], overflow="fold")
    missed, planted = 0, 0
    accused = []
    for show in SHOWS:
        printed = show.printed()
        name = show.file_name(printed)
        assessment = Assessment.model_validate_json((folder / name / "assessment.json").read_bytes())
        if not printed.planted and assessment.count(Severity.ERROR):
            accused.append(name)
        for error in printed.planted:
            found = evidence(error, assessment)
            planted += 1
            missed += not found
            table.add_row(*_line(error, found, assessment, (name, printed.entity), language))
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PAGE)
    console.print(table)
    for name in accused:
        console.print(words["false"].format(name), style="bold red")
    console.print(words["missed"].format(missed) if missed else words["all"].format(planted), style="bold")
    return 1 if missed or accused else 0


def _line(
    error: Planted, found: list[Finding], assessment: Assessment, names: tuple[str, str], language: str
) -> tuple[str, ...]:
    words = _WORDS[language]
    name, entity = names
    return (
        f"{entity}.{name.rsplit('.', 1)[-1]}",
        _ERRORS_ZH[error.name] if language == "zh" else error.name,
        " ".join(filter(None, (error.table, error.row_code, error.row_name, error.column))),
        error.published,
        error.right,
        " ".join(dict.fromkeys(finding.rule for finding in found)),
        suggestion(found, assessment),
        f"[green]{words['yes']}[/green]" if found else f"[bold red]{words['no']}[/bold red]",
    )


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=("generate", "check"))
    parser.add_argument("folder", type=Path)
    locale = next(filter(None, (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh" if locale.startswith("zh") else "en")
    options = parser.parse_args()
    if options.task == "generate":
        generate(options.folder)
        return 0
    return check(options.folder, options.lang)


if __name__ == "__main__":
    sys.exit(main())
