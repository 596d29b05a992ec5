"""One small HTTP server per service: /livez, /readyz and /metrics."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

_PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Health:
    """What the server answers with: `alive` ties to the loop, `ready` names what is missing ("" when nothing is)."""

    alive: Callable[[], bool]
    missing: Callable[[], str]
    refresh: Callable[[], None]
    registry: CollectorRegistry


class HealthServer:
    """Serves `health` on a port of all interfaces until closed; port 0 takes a free one."""

    def __init__(self, health: Health, port: int) -> None:
        self._server = ThreadingHTTPServer(("", port), _handler(health))
        self._thread = threading.Thread(target=self._server.serve_forever, name="health", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])


def _handler(health: Health) -> type[BaseHTTPRequestHandler]:
    def livez() -> tuple[int, str, bytes]:
        return (200, _PLAIN, b"ok\n") if health.alive() else (503, _PLAIN, b"the loop stands still\n")

    def readyz() -> tuple[int, str, bytes]:
        missing = health.missing()
        return (503, _PLAIN, f"{missing}\n".encode()) if missing else (200, _PLAIN, b"ok\n")

    def metrics() -> tuple[int, str, bytes]:
        health.refresh()
        return 200, CONTENT_TYPE_LATEST, generate_latest(health.registry)

    pages = {"/livez": livez, "/readyz": readyz, "/metrics": metrics}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path.split("?")[0])
            status, kind, body = page() if page else (404, _PLAIN, b"/livez, /readyz and /metrics are here\n")
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Probes every few seconds are no news."""

    return Handler
