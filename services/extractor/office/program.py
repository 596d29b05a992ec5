"""Where LibreOffice is on this machine. JUESUAN_SOFFICE names it where it is in none of the usual places."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase

SETTING = "JUESUAN_SOFFICE"
_NAMES = ("soffice", "libreoffice")
_USUAL = (
    "/usr/lib/libreoffice/program/soffice.bin",
    "/usr/lib64/libreoffice/program/soffice.bin",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_WRITER = "libswlo.so"
#: From /usr/lib/libreoffice/program/soffice.bin to /usr.
_DEPTH = 3


def find_soffice(environment: Mapping[str, str] = os.environ) -> Path:
    """The program to start. Raises `MISSING_PROGRAM` with what to install or to set."""
    named = environment.get(SETTING)
    if named:
        found = shutil.which(named, path=environment.get("PATH"))
        if found is None:
            raise _missing(
                f"环境变量 {SETTING} 指向的“{named}”不存在或不能执行。",
                f'{SETTING} is "{named}", which is not there or cannot be run.',
            )
        return _itself(Path(found))
    for candidate in (*(shutil.which(name, path=environment.get("PATH")) for name in _NAMES), *_USUAL):
        if candidate is not None and os.access(candidate, os.X_OK):
            return _itself(Path(candidate))
    raise _missing("没有找到 LibreOffice。", "LibreOffice was not found.")


def fonts_of(program: Path) -> Path | None:
    """A folder with the fonts that come with LibreOffice; None where they are elsewhere.

    The text of a document does not depend on its fonts. With these alone pages are laid out in a third of the time that
    a search for each character through all fonts of a machine takes, and a machine without fonts will do.
    """
    program = program.resolve()
    folders = [program.parents[1] / "share" / "fonts" / "truetype"]
    if len(program.parents) > _DEPTH:
        folders.append(program.parents[_DEPTH] / "share" / "fonts" / "truetype" / "libreoffice")
    return next((folder for folder in folders if any(folder.glob("*.ttf"))), None)


def _itself(program: Path) -> Path:
    """The program that does the work, where a start script stands before it: a script cannot be killed for both."""
    binary = program.resolve().with_name("soffice.bin")
    if not binary.exists():
        return program
    if not binary.with_name(_WRITER).exists():
        raise _missing(
            "这台机器的 LibreOffice 没有 Writer 组件。", "The LibreOffice of this machine is without its part Writer."
        )
    return binary


def broken_soffice(detail: str) -> InvalidDocument:
    """The error of a program that is there and cannot be started."""
    return _missing("LibreOffice 无法启动（可能安装不完整）。", "LibreOffice cannot be started.", detail)


def _missing(zh: str, en: str, detail: str = "soffice") -> InvalidDocument:
    return InvalidDocument(
        Category.MISSING_PROGRAM,
        Phase.EXTRACT,
        Text(
            zh=f"{zh}读取 .doc、.wps、.rtf、.odt 需要它：请安装 libreoffice-writer（Debian、Ubuntu："
            f"apt-get install libreoffice-writer-nogui），或用 {SETTING} 指明 soffice 的位置，然后重试；"
            "也可以把文件另存为 .docx。",
            en=f"{en} It is needed to read .doc, .wps, .rtf and .odt: install libreoffice-writer (Debian, Ubuntu: "
            f"apt-get install libreoffice-writer-nogui) or set {SETTING} to the path of soffice, then try again; "
            "or save the file as .docx.",
        ),
        detail,
    )
