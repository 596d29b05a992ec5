"""Writes docs/reference/ from the code, or checks it against the code: `python -m tools.reference [--check]`."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

from pydantic import BaseModel

from services.validator import rules as _all_rules
from services.validator.registry import Rule, registered
from shared.catalogue.rules import rule_infos
from shared.contracts import events
from shared.contracts.assessment import Assessment, Outcome, Severity
from shared.contracts.document import Document
from shared.contracts.errors import REFUSED, Category
from shared.contracts.report import Measure, Report
from shared.observability.actions import LogAction
from shared.observability.metrics import HELP, Metric, make_metrics
from tools.asyncapi import asyncapi

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "reference"
MODELS: tuple[type[BaseModel], ...] = (
    Document,
    Report,
    Assessment,
    events.ObjectCreated,
    events.DocumentExtracted,
    events.ReportNormalized,
    events.ReportValidated,
    events.ReportIndexed,
    events.DocumentUnpacked,
    events.DocumentFailed,
    events.DocumentRetried,
)
LOCAL = ("", "run", "show", "search", "facts", "findings", "reports", "export", "version")
CHAIN = ("upload", "status", "watch", "replay", "topics", "reconcile", "dlq", "dlq list", "dlq show", "dlq replay")
COMMANDS = LOCAL + CHAIN
_MADE = "<!-- Made by `make docs`; do not edit. -->\n"


def schemas() -> dict[str, str]:
    """One JSON Schema (as serialised) per contract, by file name."""
    found = {}
    for model in MODELS:
        schema = model.model_json_schema(mode="serialization")
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        found[f"schemas/{model.__name__}.json"] = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
    return found


def rule_page() -> str:
    """The list of rules: what is published about each, and what the function that checks it says."""
    checks = {rule.info.id: rule for rule in registered()}
    lines = [
        _MADE,
        "# Rules\n",
        "Outcomes: " + ", ".join(f"`{outcome.value}`" for outcome in Outcome) + ". ",
        "Severities: " + ", ".join(f"`{severity.value}`" for severity in Severity) + ".\n",
        f"{len(checks)} of {len(rule_infos())} rules are checked; the others read more than the tables.\n",
    ]
    group = ""
    for info in rule_infos().values():
        if info.group != group:
            group = info.group
            lines.append(f"\n## {group}\n\n| id | severity | what must hold | needs | source |\n|---|---|---|---|---|")
        lines.append(_rule_line(info.id, checks.get(info.id)))
    return "\n".join(lines) + "\n"


def _rule_line(rule_id: str, rule: Rule | None) -> str:
    info = rule_infos()[rule_id]
    text = inspect.getdoc(rule.body) if rule else f"*(not checked yet)* {info.title}: {info.formula}"
    needs = " ".join(rule.tables) if rule else ""
    cells = (rule_id, info.severity.value, text or info.title, needs, info.source)
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def words() -> str:
    """The closed vocabularies that appear in outputs and logs."""
    parts = [_MADE, "# Words in outputs and logs\n", "## Why a document could not be processed\n"]
    parts += [f"- `{category.value}`" + (" (refused)" if category in REFUSED else "") for category in Category]
    parts += ["\n## Measures\n", *(f"- `{measure.value}`" for measure in Measure)]
    parts += ["\n## Log actions\n", *(f"- `{action.value}`" for action in LogAction)]
    return "\n".join(parts) + "\n"


def metrics() -> str:
    """Every metric of the services."""
    kinds = {found.name: found.type for found in make_metrics().registry.collect()}
    lines = [_MADE, "# Metrics\n", "Each service serves them at `/metrics` on its own port.\n"]
    lines += ["| name | kind | meaning |", "|---|---|---|"]
    for metric in Metric:
        kind = kinds[metric.value.removesuffix("_total")]
        lines.append(f"| `{metric.value}` | {kind} | {HELP[metric]} |")
    return "\n".join(lines) + "\n"


def commands(language: str) -> str:
    """What --help of every command prints."""
    environment = {**os.environ, "COLUMNS": "100", "PYTHONUTF8": "1", "NO_COLOR": "1"}
    parts = [_MADE, "# juesuan\n"]
    for command in COMMANDS:
        call = [sys.executable, "-m", "cli", "--lang", language, *command.split(), "--help"]
        done = subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=True)
        usage = done.stdout.replace("python -m cli", "juesuan").rstrip()
        parts.append(f"## juesuan {command}".rstrip() + f"\n\n```\n{usage}\n```\n")
    return "\n".join(parts)


def pages() -> dict[str, str]:
    """Every generated file below docs/reference/, by name."""
    assert _all_rules.__all__  # importing the package is what registers the rules
    return {
        **schemas(),
        "rules.md": rule_page(),
        "words.md": words(),
        "metrics.md": metrics(),
        "asyncapi.yaml": asyncapi(),
        "command.md": commands("en"),
        "command.zh.md": commands("zh"),
    }


def stale(made: dict[str, str], target: Path = TARGET) -> list[str]:
    """The names of files that are missing, differ, or are no longer made."""
    differing = [
        name
        for name, text in made.items()
        if not (target / name).exists() or (target / name).read_text(encoding="utf-8") != text
    ]
    schema_names = {f"schemas/{path.name}" for path in (target / "schemas").glob("*.json")}
    return differing + sorted(schema_names - made.keys())


def main() -> int:
    """Write, or with --check say what is stale; 1 when something is."""
    made = pages()
    if sys.argv[1:] == ["--check"]:
        old = stale(made)
        for name in old:
            sys.stderr.write(f"docs/reference/{name} is not what the code says: run `make docs`\n")
        return 1 if old else 0
    if sys.argv[1:]:
        sys.stderr.write("usage: python -m tools.reference [--check]\n")
        return 2
    for name, text in made.items():
        path = TARGET / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
