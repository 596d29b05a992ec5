"""A filter in the Linux kernel: this process and whatever it starts gets no sockets but local ones.

The program is a list of BPF instructions over the number and arguments of each system call; see seccomp(2) and
linux/seccomp.h. It cannot be taken off again, and it is inherited by threads and children made after it.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from dataclasses import dataclass

_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38
_MODE_FILTER = 2
_KILL_PROCESS, _REFUSE, _ALLOW = 0x8000_0000, 0x0005_0000, 0x7FFF_0000
_LOAD_WORD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _MACHINE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16  # offsets in struct seccomp_data, little-endian
_AF_UNIX = 1
_X32 = 0x4000_0000  # the same calls under other numbers, on x86-64


@dataclass(frozen=True)
class _Machine:
    """System call numbers: `socket`, and the ways around it (other processes' memory or sockets, io_uring)."""

    audit: int
    socket: int
    around: tuple[int, ...]
    x32: bool


_MACHINES = {
    # ptrace, process_vm_readv, process_vm_writev, io_uring_setup, pidfd_getfd
    "x86_64": _Machine(0xC000_003E, 41, (101, 310, 311, 425, 438), x32=True),
    "aarch64": _Machine(0xC000_00B7, 198, (117, 270, 271, 425, 438), x32=False),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def refuse_network(*, deadly: bool = False) -> bool:
    """Install the filter; False where this system has none. It asks for privileges never to grow either.

    A socket that is not local fails with EACCES. `deadly`: the process is ended by SIGSYS instead, which leaves no
    doubt whether anything tried.
    """
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None or sys.maxsize < 2**32:
        return False
    code = _code(machine, _KILL_PROCESS if deadly else _REFUSE | errno.EACCES)
    program = _Program(len(code) // 8, code)
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = (ctypes.c_int, *(ctypes.c_ulong,) * 4)
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(program), 0, 0) == 0)


def _code(machine: _Machine, network: int) -> bytes:
    """The instructions. Jumps count the instructions to skip if true and if false."""
    checks = [(_IF_EQUAL, number) for number in machine.around]
    if machine.x32:
        checks.insert(0, (_IF_AT_LEAST, _X32))
    lines = [
        (_LOAD_WORD, 0, 0, _MACHINE_AT),
        (_IF_EQUAL, 1, 0, machine.audit),
        (_RETURN, 0, 0, _REFUSE | errno.EPERM),  # system calls of another machine, as 32-bit programs make them
        (_LOAD_WORD, 0, 0, _NUMBER_AT),
    ]
    for position, (test, number) in enumerate(checks):
        lines.append((test, len(checks) - position + 4, 0, number))
    return b"".join(
        struct.pack("<HBBI", *line)
        for line in [
            *lines,
            (_IF_EQUAL, 0, 2, machine.socket),
            (_LOAD_WORD, 0, 0, _FIRST_ARGUMENT_AT),
            (_IF_EQUAL, 0, 1, _AF_UNIX),
            (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, network),
            (_RETURN, 0, 0, _REFUSE | errno.EPERM),
        ]
    )
