"""`python -m deploy.local up|down|ps|logs|env`: the whole installation on this machine."""

from __future__ import annotations

import argparse
import subprocess
import sys

from deploy.local.places import checkout_places
from deploy.local.process import ServerProblem
from deploy.local.stack import SERVICES, Stack, environment_lines


def main() -> int:
    """Run one command; 1 and one sentence when something cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local")
    parser.add_argument("command", choices=("up", "down", "ps", "logs", "env"))
    parser.add_argument("--servers-only", action="store_true", help="no services")
    command = parser.parse_args()
    stack = Stack(checkout_places())
    try:
        return _COMMANDS[command.command](stack, services=not command.servers_only)
    except ServerProblem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1


def _up(stack: Stack, *, services: bool) -> int:
    names = SERVICES if services else ()
    stack.ensure_ports(names)
    stack.start_servers()
    stack.start_services(names)
    stack.tell()
    return _ps(stack, services=services)


def _down(stack: Stack, *, services: bool) -> int:
    del services
    stack.tell_no_more()
    stopped = stack.stop()
    sys.stdout.write(f"stopped: {', '.join(stopped) or 'nothing ran'}\n")
    return 0


def _ps(stack: Stack, *, services: bool) -> int:
    del services
    for state in stack.states():
        sys.stdout.write(f"{state.name:14} {state.pid or '-':>8} {state.where}\n")
    return 0


def _logs(stack: Stack, *, services: bool) -> int:
    del services
    logs = sorted(stack.places.state.glob("*/*.log"))
    if not logs:
        sys.stdout.write("no logs yet\n")
        return 0
    return subprocess.call(["tail", "-n", "20", "-F", *map(str, logs)])  # noqa: S603, S607


def _env(stack: Stack, *, services: bool) -> int:
    del services
    sys.stdout.write(environment_lines(stack) + "\n")
    return 0


_COMMANDS = {"up": _up, "down": _down, "ps": _ps, "logs": _logs, "env": _env}

if __name__ == "__main__":
    sys.exit(main())
