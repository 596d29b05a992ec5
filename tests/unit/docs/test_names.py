"""What the pages for people name exists: metrics, log actions, variables, commands, other pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from cli.app import build_app
from deploy.local.stack import SERVICES
from shared.observability.actions import LogAction
from shared.observability.metrics import Metric

ROOT = Path(__file__).resolve().parents[3]
GLOBS = ("*.md", "docs/*.md", "docs/how-to/*.md", "docs/decisions/*.md", "services/*/README.md")
PAGES = sorted(page for pattern in GLOBS for page in ROOT.glob(pattern))
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("shared", "services", "cli", "deploy")
    for path in (ROOT / folder).rglob("*.[py]*")
    if path.suffix in {".py", ".yaml"}
)
METRICS = {metric.value for metric in Metric}
COMMANDS = set(vars(get_command(build_app()))["commands"])
SUFFIXES = ("", "_bucket", "_count", "_sum")


def words(page: Path, pattern: str) -> set[str]:
    return set(re.findall(pattern, page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_exists(page: Path) -> None:
    for name in words(page, r"\bjuesuan_[a-z_]+\b"):
        assert name in {metric + suffix for metric in METRICS for suffix in SUFFIXES}, name
    for name in words(page, r"\bJUESUAN_[A-Z_]+\b"):
        suffix = name.removeprefix("JUESUAN_").lower()
        assert name in CODE or re.search(rf"\b{suffix}: (float|int)\b", CODE), name
    for command in words(page, r"^    juesuan ([a-z]+)\b"):
        assert command in COMMANDS, command
    for link in words(page, r"\]\(([^)#:]+)\)"):
        assert (page.parent / link).exists(), link


def test_every_service_has_a_page() -> None:
    for name in SERVICES:
        assert (ROOT / "services" / name / "README.md").exists()


def test_the_page_for_operators_names_log_actions_that_exist() -> None:
    page = ROOT / "docs" / "how-to" / "run-the-chain.md"
    actions = {action.value for action in LogAction}
    assert {"record_failed", "canary_late"} <= words(page, r"`([a-z]+_[a-z]+)`") & actions
