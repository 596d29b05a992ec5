"""`python -m deploy.local.office`: the path of a LibreOffice for JUESUAN_SOFFICE, fetched if this machine has none.

No root is needed: the packages of the machine's own Debian or Ubuntu are resolved and downloaded with apt in folders of
our own, which checks their signatures, and unpacked into the download cache: everything that a bare system lacks,
whatever else this machine has, about 100 MB. Versions are those of the machine's release, so nothing is pinned here.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.places import default_cache
from deploy.local.process import ServerProblem
from services.extractor.office.program import find_soffice
from shared.contracts.errors import InvalidDocument

#: Text documents are all that is converted; workbooks are read without LibreOffice.
PACKAGES = ("libreoffice-writer-nogui",)
_BY_HAND = (
    "Install it (Debian, Ubuntu: apt-get install libreoffice-writer-nogui; macOS: brew install --cask libreoffice) "
    "or set JUESUAN_SOFFICE to the path of soffice."
)
_INSTALL = re.compile(r"^Inst (\S+) (?:\[[^\]]*\] )?\((\S+) ", re.MULTILINE)
_PACKAGE = re.compile(r"(?:^|[,|])\s*([a-z0-9][a-z0-9+.-]+)")
_LIBRARY = re.compile(r"\.so(?:\.[0-9.]+)?$")
_INSTALLED = Path("/var/lib/dpkg/status")
_SECONDS = 900
_PROGRAM = Path("usr/lib/libreoffice/program/soffice.bin")
_FONTS = Path("usr/share/fonts")
#: Settings that name absolute folders.
_SETTINGS = ("usr/lib/libreoffice/program", "etc/libreoffice")
_START = """\
#!/bin/sh
export LD_LIBRARY_PATH="{libraries}" FONTCONFIG_FILE="${{FONTCONFIG_FILE:-{fonts}}}"
exec "{program}" "$@"
"""


def soffice(cache: Path | None = None) -> Path:
    """LibreOffice's program: what this machine has, else the one in the cache, which is fetched once.

    Raises `ServerProblem` with what to do where it cannot be had.
    """
    try:
        return find_soffice()
    except InvalidDocument:
        return fetched(cache or default_cache())


def fetched(cache: Path) -> Path:
    """The program in the cache."""
    folder = cache / "libreoffice"
    start = folder / "soffice"
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder / "lock"):
        if not _works(start):
            _fetch(folder, start)
    return start


def _fetch(folder: Path, start: Path) -> None:
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise ServerProblem(f"LibreOffice is needed, and cannot be fetched here without {tool}. {_BY_HAND}")
    with tempfile.TemporaryDirectory(dir=folder, prefix="apt-") as work:
        packages = _download(Path(work))
        root = folder / "root"
        shutil.rmtree(root, ignore_errors=True)
        for package in packages:
            _run(["dpkg-deb", "--extract", str(package), str(root)])
    _settle(root)
    libraries = sorted({str(path.parent) for path in root.rglob("*.so*") if _LIBRARY.search(path.name)})
    fonts = folder / "fonts.conf"
    fonts.write_text(
        f"<?xml version='1.0'?><fontconfig><dir>{root / _FONTS}</dir>"
        f"<cachedir>{folder / 'fonts'}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    start.write_text(
        _START.format(libraries=":".join(libraries), fonts=fonts, program=root / _PROGRAM), encoding="utf-8"
    )
    start.chmod(0o755)
    if not _works(start):
        said = subprocess.run([start, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
        raise ServerProblem(
            f"LibreOffice was fetched into {root} but does not start: {said.stderr.strip()}. {_BY_HAND}"
        )


def _download(work: Path) -> list[Path]:
    """The packages that a bare system lacks, as files."""
    for name in ("lists/partial", "cache/archives/partial", "debs"):
        (work / name).mkdir(parents=True)
    status = work / "status"
    status.write_text(bare_system(_INSTALLED.read_text(encoding="utf-8")), encoding="utf-8")
    options = [
        *("-o", f"Dir::State::lists={work / 'lists'}", "-o", f"Dir::Cache={work / 'cache'}"),
        *("-o", f"Dir::State::status={status}", "-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User="),
        *("-o", "Acquire::Retries=3", "-o", "Acquire::http::Timeout=30"),
    ]
    _run(["apt-get", *options, "--quiet=2", "update"])
    plan = _run(["apt-get", *options, "--simulate", "--no-install-recommends", "install", *PACKAGES])
    wanted = [f"{name}={version}" for name, version in _INSTALL.findall(plan)]
    if not wanted:
        raise ServerProblem(f"apt says that LibreOffice is installed, but soffice was not found. {_BY_HAND}")
    _run(["apt-get", *options, "--quiet=2", "download", *wanted], work / "debs")
    return sorted((work / "debs").glob("*.deb"))


def bare_system(status: str) -> str:
    """What `status` of dpkg says of the packages that every system has, and of those that they depend on.

    Those are not fetched, the C library least of all: it must be the one of the machine's loader. What else is there is
    left out, since it may be half removed or held at a version that stands in the way.
    """
    entries: dict[str, tuple[str, set[str]]] = {}
    base: set[str] = set()
    for paragraph in status.split("\n\n"):
        fields = dict(re.findall(r"^([A-Za-z-]+): (.*)$", paragraph, re.MULTILINE))
        if fields.get("Status", "").endswith(" installed"):
            wanted = f"{fields.get('Pre-Depends', '')},{fields.get('Depends', '')}"
            entry = (paragraph.strip("\n"), set(_PACKAGE.findall(wanted)))
            names = {fields["Package"], *_PACKAGE.findall(fields.get("Provides", ""))}
            entries.update(dict.fromkeys(names - entries.keys(), entry) | {fields["Package"]: entry})
            if fields.get("Essential") == "yes" or fields.get("Priority") == "required":
                base.add(fields["Package"])
    waiting = list(base)
    kept: dict[str, None] = {}
    while waiting:
        text, needed = entries.get(waiting.pop(), ("", set()))
        if text and text not in kept:
            kept[text] = None
            waiting += needed
    return "\n\n".join(sorted(kept)) + "\n"


def _settle(root: Path) -> None:
    """Make what the packages know by absolute paths known by its place below `root`."""
    for link in [path for path in root.rglob("*") if path.is_symlink()]:
        target = link.readlink()
        inside = root / target.relative_to("/") if target.is_absolute() else link
        if inside is not link and inside.exists():
            link.unlink()
            link.symlink_to(inside)
    # What the scripts of the packages would have copied there.
    for path in (root / "usr/lib/libreoffice/share/.registry").rglob("*.xcd"):
        shutil.copy(path, root / "etc/libreoffice/registry")
    for folder in _SETTINGS:
        for path in (root / folder).glob("*rc"):
            text = path.read_text(encoding="utf-8")
            for place in ("usr/lib/libreoffice", "etc/libreoffice"):
                text = text.replace(f"file:///{place}", (root / place).as_uri())
            path.write_text(text, encoding="utf-8")


def _works(start: Path) -> bool:
    if not start.exists():
        return False
    with tempfile.TemporaryDirectory() as profile:
        command = [str(start), f"-env:UserInstallation={Path(profile).as_uri()}", "--version"]
        return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0  # noqa: S603


def _run(command: list[str], folder: Path | None = None) -> str:
    environment = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(  # noqa: S603 - commands are built here
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ServerProblem(f"{command[0]} took more than {_SECONDS} s to fetch LibreOffice. {_BY_HAND}") from error
    if done.returncode:
        said = " ".join((done.stderr.strip() or done.stdout.strip()).split())[-400:]
        raise ServerProblem(
            f"LibreOffice is needed, and {command[0]} cannot fetch it: {said}. "
            f"Check the network and run this again. {_BY_HAND}"
        )
    return done.stdout


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time; the others wait and find it done."""
    with path.open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Print the path; 1 and one sentence when it cannot be had."""
    try:
        sys.stdout.write(f"{soffice()}\n")
    except ServerProblem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
