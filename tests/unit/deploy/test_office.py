"""A LibreOffice for machines without one: what is left to the machine, and what is said where it cannot be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.local import office
from deploy.local.office import bare_system
from deploy.local.process import ServerProblem

_STATUS = """\
Package: libc6
Status: install ok installed
Priority: optional
Depends: libgcc-s1

Package: libgcc-s1
Status: install ok installed
Priority: optional

Package: dpkg
Essential: yes
Status: install ok installed
Priority: required
Pre-Depends: libc6 (>= 2.34), awk
Description: package manager
 Depends: not-this-one

Package: mawk
Status: install ok installed
Priority: optional
Provides: awk

Package: gone
Essential: yes
Status: deinstall ok config-files
Priority: required

Package: libcairo2
Status: install ok installed
Priority: optional
Depends: libc6, something-removed
"""


def test_a_bare_system_is_what_every_system_has_and_needs() -> None:
    kept = bare_system(_STATUS)
    names = [line.removeprefix("Package: ") for line in kept.splitlines() if line.startswith("Package: ")]
    assert names == ["dpkg", "libc6", "libgcc-s1", "mawk"]
    assert "Provides: awk" in kept


def test_without_apt_the_sentence_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServerProblem) as caught:
        office.fetched(tmp_path)
    assert "JUESUAN_SOFFICE" in str(caught.value)
    assert "apt-get" in str(caught.value)


def test_apt_that_fails_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("apt-get", "dpkg-deb"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'E: no network' >&2\nexit 100\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    status = tmp_path / "status"
    status.write_text(_STATUS, encoding="utf-8")
    monkeypatch.setattr(office, "_INSTALLED", status)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(ServerProblem) as caught:
        office.fetched(tmp_path / "cache")
    assert "E: no network" in str(caught.value)
    assert "run this again" in str(caught.value)


def test_what_is_there_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("JUESUAN_SOFFICE", str(program))
    assert office.soffice(tmp_path) == program
