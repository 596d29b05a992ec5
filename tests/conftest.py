"""Servers that the whole test session shares: started when first asked for, gone with the session however it ends.

Imports stand inside the fixtures: most tests need none of this.
"""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from deploy.local.stack import Stack

# A shell starts what runs in its background with Ctrl-C ignored, and programs started by tests would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

_ONE_WORKER = 'pytest.mark.xdist_group("servers")'


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Every file that is marked for the servers runs on one worker, so that one installation serves them all.

    pytest-xdist has `--dist loadgroup` for this, but hands the groups on in a way that pytest 9.2 passes over.
    """
    from xdist.scheduler import LoadScopeScheduling

    @cache
    def needs_servers(file: str) -> bool:
        return _ONE_WORKER in (config.rootpath / file).read_text(encoding="utf-8")

    class OneInstallation(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return "servers" if needs_servers(nodeid.split("::", maxsplit=1)[0]) else nodeid

    return OneInstallation(config, log)


@pytest.fixture(scope="session")
def servers_folder() -> Iterator[Path]:
    """Where servers keep their files. Not below pytest's own folder: every other session of pytest closes that one
    to all users but its own, and PostgreSQL, which root starts as another user, could no longer reach its files."""
    with tempfile.TemporaryDirectory(prefix="juesuan-tests-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def installation(servers_folder: Path) -> Iterator[Stack]:
    """Kafka, S3 and PostgreSQL of this test session, on ports of their own."""
    from deploy.local.places import private_places
    from deploy.local.stack import Stack

    # The wheel of PostgreSQL looks for a runtime folder when it is imported and warns where a machine has none.
    with pytest.MonkeyPatch.context() as patch:
        if "XDG_RUNTIME_DIR" not in os.environ:
            patch.setenv("XDG_RUNTIME_DIR", str(servers_folder))
        stack = Stack(private_places(servers_folder / "installation"))
        try:
            stack.start_servers()
            yield stack
        finally:
            stack.stop()


@pytest.fixture(scope="session")
def running_chain(installation: Stack) -> Stack:
    """The installation with its services, the reconciler left out: tests ask for its rounds themselves."""
    from deploy import CHAIN_SERVICES

    installation.start_services(CHAIN_SERVICES)
    return installation


@pytest.fixture(scope="session")
def soffice() -> Iterator[Path]:
    """LibreOffice: what this machine has, or a copy that is fetched once; readers find it as JUESUAN_SOFFICE."""
    from deploy.local.office import soffice

    with pytest.MonkeyPatch.context() as patch:
        program = soffice()
        patch.setenv("JUESUAN_SOFFICE", str(program))
        yield program
