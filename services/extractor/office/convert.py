"""One file through LibreOffice, started for it alone: 0.9 s, and whatever it does to a process it does to its own."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from services.extractor.limits import MAX_FILE, check_size
from services.extractor.office.profile import workplace
from services.extractor.office.program import broken_soffice, find_soffice, fonts_of
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase, PoisonDocument
from shared.runtime.progress import progress

#: One file may take so long. An account of 100 pages takes 3 s.
SECONDS = 120.0
#: LibreOffice asks to be started again after it has set up a new profile.
_AGAIN = 81
#: What shells and loaders answer for a program that cannot be run.
_NOT_STARTED = frozenset({126, 127})
_PR_SET_PDEATHSIG = 1
_KEPT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "FONTCONFIG_PATH", "FONTCONFIG_FILE")
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Conversion:
    """From which format to which: `suffix` names the file that is read, the filters are LibreOffice's own names."""

    suffix: str
    import_filter: str | None
    target: str
    export_filter: str


def convert(content: bytes, conversion: Conversion) -> bytes:
    """The bytes of the converted file.

    Raises `InvalidDocument` (`MISSING_PROGRAM`, `DAMAGED` if LibreOffice makes nothing of it, `TOO_LARGE`) and
    `PoisonDocument` (`TIMEOUT`, `CRASH`).
    """
    program = find_soffice()
    place = workplace()
    with place.scratch() as folder:
        source = Path(folder) / f"in.{conversion.suffix}"
        made = Path(folder) / "out" / f"in.{conversion.target}"
        source.write_bytes(content)
        command = [
            str(program),
            *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"),
            f"-env:UserInstallation={place.profile.as_uri()}",
            *((f"--infilter={conversion.import_filter}",) if conversion.import_filter else ()),
            *("--convert-to", f"{conversion.target}:{conversion.export_filter}"),
            *("--outdir", str(made.parent), str(source)),
        ]
        environment = _environment(program, place.root)
        status, said = _run(command, environment, Path(folder))
        if status == _AGAIN:
            status, said = _run(command, environment, Path(folder))
        if not made.exists() or not made.stat().st_size:
            raise _nothing(status, said)
        check_size(made.stat().st_size, MAX_FILE)
        return made.read_bytes()


def _environment(program: Path, home: Path) -> dict[str, str]:
    """Nothing of what the worker knows, keys of servers least of all; the fonts of LibreOffice and no others."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    fonts = fonts_of(program)
    if fonts is not None:
        settings = home / "fonts.conf"
        settings.write_text(
            f"<?xml version='1.0'?><fontconfig><dir>{escape(str(fonts))}</dir>"
            f"<cachedir>{escape(str(home / 'fonts'))}</cachedir></fontconfig>",
            encoding="utf-8",
        )
        kept["FONTCONFIG_FILE"] = str(settings)
    return kept | {"HOME": str(home), "LANG": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp", "SAL_DISABLE_OPENCL": "1"}


def _run(command: list[str], environment: dict[str, str], folder: Path) -> tuple[int, str]:
    """Exit status and output. The child ends with this process, and with its process group: both are the pool's."""
    log = folder / "said"
    with log.open("wb") as output:
        try:
            child = subprocess.Popen(  # noqa: S603 - the program is the operator's, the arguments are built here
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**environment, "TMPDIR": str(folder)},
                cwd=folder,
                preexec_fn=_leash,  # noqa: PLW1509 - one system call, no locks
            )
        except OSError as error:
            raise broken_soffice(str(error)) from error
        try:
            status = _wait(child)
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
    return status, log.read_text(encoding="utf-8", errors="replace").strip()


def _wait(child: subprocess.Popen[bytes]) -> int:
    """The exit status. LibreOffice does not say how it gets on: it has a limit of its own instead."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            return child.wait(min(1.0, max(deadline - time.monotonic(), 0.0)))
        except subprocess.TimeoutExpired as error:
            if time.monotonic() >= deadline:
                raise _late(SECONDS) from error
            progress()


def _leash() -> None:
    """In the child: die with the worker that started it, whose limits it has."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _nothing(status: int, said: str) -> InvalidDocument | PoisonDocument:
    detail = f"soffice: exit code {status}: {said[-500:]}"
    if status in _NOT_STARTED:
        return broken_soffice(detail)
    if status < 0:
        text = Text(
            zh="转换该文件的 LibreOffice 意外终止（可能文件已损坏）。请用 Word 或 WPS 另存为 .docx 后重试。",
            en="LibreOffice, which converts this file, died: the file may be damaged. "
            "Save it as .docx with Word or WPS and try again.",
        )
        return PoisonDocument(Category.CRASH, Phase.EXTRACT, text, detail)
    text = Text(
        zh="LibreOffice 无法打开该文件，可能已损坏或不完整。请用 Word 或 WPS 打开后另存为 .docx 再试。",
        en="LibreOffice cannot open this file: it may be damaged or incomplete. "
        "Open it with Word or WPS, save it as .docx and try again.",
    )
    return InvalidDocument(Category.DAMAGED, Phase.EXTRACT, text, detail)


def _late(seconds: float) -> PoisonDocument:
    text = Text(
        zh=f"LibreOffice 转换该文件超过 {seconds:g} 秒，已中止。请用 Word 或 WPS 另存为 .docx 后重试。",
        en=f"LibreOffice took more than {seconds:g} seconds to convert this file and was stopped. "
        "Save it as .docx with Word or WPS and try again.",
    )
    return PoisonDocument(Category.TIMEOUT, Phase.EXTRACT, text, f"soffice: killed after {seconds:g} s")
