"""A LibreOffice profile for this process alone: two programs on one profile get in each other's way.

The folder is removed when its process is gone, however that went: a shell waits for the end of a pipe that only this
process holds. It is locked meanwhile, and whoever makes a folder removes those that nobody holds, should a shell have
been killed as well.
"""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

if sys.platform != "win32":
    import fcntl

_PREFIX = "juesuan-office-"
_LOCK = "held"
#: Where LibreOffice puts the socket by which a second start finds the first, whatever TMPDIR says.
_PIPES = Path("/tmp")  # noqa: S108
#: No macros, no links followed or updated, no active content, no recovery or signature questions, Chinese formats.
_SETTINGS = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="ExecutePlugins" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Load">
<prop oor:name="DetectWebDAVRedirection" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Save/Document">
<prop oor:name="LoadPrinter" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Recovery/AutoSave">
<prop oor:name="Enabled" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>zh-CN</value></prop></item>
</oor:items>
"""


@dataclass(frozen=True)
class Workplace:
    """The folders of one process: `root` holds the `profile`; each conversion gets a folder of its own below `root`."""

    root: Path
    profile: Path
    lock: IO[bytes]

    def scratch(self) -> tempfile.TemporaryDirectory[str]:
        """A folder for one conversion, gone when the `with` ends."""
        return tempfile.TemporaryDirectory(dir=self.root, prefix="work-")


def workplace() -> Workplace:
    """The folders of this process, made at the first call; folders that dead processes left are removed then."""
    return _workplace(os.getpid())


@cache
def _workplace(_process: int) -> Workplace:
    parent = Path(tempfile.gettempdir())
    sweep(parent)
    new = Path(tempfile.mkdtemp(prefix=f".{_PREFIX}", dir=parent))
    lock = (new / _LOCK).open("wb")
    if sys.platform != "win32":
        fcntl.flock(lock, fcntl.LOCK_EX)
    # It has its name, by which others find it, only now that it is locked.
    root = new.rename(new.with_name(new.name.removeprefix(".")))
    user = root / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    atexit.register(lock.close)  # what is registered last is done first: the folder goes before its lock
    _remove_when_gone(root)
    return Workplace(root, root / "profile", lock)


def _remove_when_gone(root: Path) -> None:
    if sys.platform == "win32":
        atexit.register(shutil.rmtree, root, ignore_errors=True)
        return
    keeper = subprocess.Popen(  # noqa: S603 - nothing of a document is in this command
        ["/bin/sh", "-c", 'cat; exec rm -rf -- "$0"', str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,  # the group of this process is what the pool kills
    )
    atexit.register(keeper.communicate)


def sweep(parent: Path) -> int:
    """Remove the folders in `parent` whose process is gone; how many. Nothing of living processes is touched."""
    removed = 0
    for folder in parent.glob(f"{_PREFIX}*"):
        try:
            with (folder / _LOCK).open("rb") as lock:
                if sys.platform != "win32":
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
                removed += 1
        except OSError:
            continue  # held by a living process, of another user, or being made or removed at this moment
    _sweep_pipes(_PIPES)
    return removed


def _sweep_pipes(folder: Path) -> None:
    """Remove the sockets that a LibreOffice leaves, wherever its own folder is, when it is killed: nobody listens."""
    if sys.platform == "win32":
        return
    for pipe in folder.glob(f"OSL_PIPE_{os.getuid()}_SingleOfficeIPC_*"):
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(pipe))
            except ConnectionRefusedError:
                pipe.unlink(missing_ok=True)
            except OSError:
                continue
