"""Servers that the whole test session shares: started when first asked for, gone with the session however it ends.

Imports stand inside the fixtures: most tests need none of this.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from deploy.local.stack import Stack


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Kafka, S3 and PostgreSQL of this test session, on ports of their own."""
    from deploy.local.places import private_places
    from deploy.local.stack import Stack

    # The wheel of PostgreSQL looks for a runtime folder when it is imported and warns where a machine has none.
    with pytest.MonkeyPatch.context() as patch:
        if "XDG_RUNTIME_DIR" not in os.environ:
            patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        stack = Stack(private_places(tmp_path_factory.mktemp("installation")))
        try:
            stack.start_servers()
            yield stack
        finally:
            stack.stop()


@pytest.fixture(scope="session")
def running_chain(installation: Stack) -> Stack:
    """The installation with its services, the reconciler left out: tests ask for its rounds themselves."""
    from deploy.local.stack import CHAIN_SERVICES

    installation.start_services(CHAIN_SERVICES)
    return installation
