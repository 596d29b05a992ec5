"""Ways to damage a file: each takes its bytes and a source of chance and gives other bytes."""

from __future__ import annotations

import base64
import binascii
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable
from random import Random

Damage = Callable[[bytes, Random], bytes]

_MOST = 4_000_000  # bytes of a damaged file
_HUGE = (b"-1", b"0", b"65536", b"1000000000", b"99999999999999999999", b"-2147483648", b"1e308", b"NaN", b"")
_NUMBER = re.compile(rb"(?<![\w#&])\d{1,9}(?![\w;])")
_ATTRIBUTE = re.compile(rb"""(?<==")\d{1,9}(?=")""")
_TAG = re.compile(rb"</?[A-Za-z][\w:.-]*[^<>]{0,300}>")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_REFERENCE = re.compile(rb"\b\d{1,4} 0 R\b")


def _place(content: bytes, chance: Random, longest: int = 4096) -> tuple[int, int]:
    start = chance.randrange(len(content) + 1)
    return start, min(len(content), start + chance.choice((1, 2, 16, 256, longest)))


def truncated(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def headless(content: bytes, chance: Random) -> bytes:
    return content[chance.randrange(1, min(len(content), 4096) + 1) :]


def flipped(content: bytes, chance: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 3, 20, 200))):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def noisy(content: bytes, chance: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 4, 16))):
        start, end = _place(content, chance)
        changed[start:end] = chance.randbytes(end - start)
    return bytes(changed)


def blanked(content: bytes, chance: Random) -> bytes:
    start, end = _place(content, chance, 32_768)
    return content[:start] + bytes(end - start) + content[end:]


def cut_out(content: bytes, chance: Random) -> bytes:
    start, end = _place(content, chance, 32_768)
    return content[:start] + content[end:]


def repeated(content: bytes, chance: Random) -> bytes:
    start, end = _place(content, chance)
    times = min(chance.choice((1, 2, 50, 2000)), max(1, (_MOST - len(content)) // max(1, end - start)))
    return content[:end] + content[start:end] * times + content[end:]


def swapped(content: bytes, chance: Random) -> bytes:
    one, two, three = sorted(chance.randrange(len(content) + 1) for _ in range(3))
    return content[:one] + content[two:three] + content[one:two] + content[three:]


def inserted(content: bytes, chance: Random) -> bytes:
    start, _ = _place(content, chance)
    return content[:start] + chance.randbytes(chance.choice((1, 16, 4096))) + content[start:]


def doubled(content: bytes, chance: Random) -> bytes:
    return content + content[chance.randrange(len(content) + 1) :]


def numbers(content: bytes, chance: Random) -> bytes:
    """Some of its numbers become impossible ones."""
    share = chance.choice((0.001, 0.01, 0.2))
    return _NUMBER.sub(lambda found: chance.choice(_HUGE) if chance.random() < share else found[0], content)


def attributes(content: bytes, chance: Random) -> bytes:
    """Some of the numbers in its attributes: spans, references, sizes."""
    share = chance.choice((0.005, 0.05, 0.5))
    return _ATTRIBUTE.sub(lambda found: chance.choice(_HUGE) if chance.random() < share else found[0], content)


def tags(content: bytes, chance: Random) -> bytes:
    """Some of its tags are gone, doubled, or closed where they open."""
    share = chance.choice((0.002, 0.02, 0.3))

    def other(found: re.Match[bytes]) -> bytes:
        if chance.random() >= share:
            return found[0]
        return chance.choice((b"", found[0] * 2, b"</" + found[0].strip(b"</>").split()[0] + b">"))

    return _TAG.sub(other, content)


PLAIN: tuple[Damage, ...] = (
    truncated,
    headless,
    flipped,
    noisy,
    blanked,
    cut_out,
    repeated,
    swapped,
    inserted,
    doubled,
)
MARKUP: tuple[Damage, ...] = (numbers, attributes, tags)


def inside(content: bytes, chance: Random) -> bytes:
    """One member of an archive damaged, the archive itself sound."""
    members = _members(content)
    name = chance.choice(list(members))
    members[name] = chance.choice((*PLAIN, *MARKUP, *MARKUP))(members[name], chance)
    return packed(members)


def members_mixed(content: bytes, chance: Random) -> bytes:
    """A member of an archive missing, or two of them exchanged, or one in place of another."""
    members = _members(content)
    one, other = (chance.choice(list(members)) for _ in range(2))
    kind = chance.randrange(3)
    if kind == 0:
        del members[one]
    elif kind == 1:
        members[one], members[other] = members[other], members[one]
    else:
        members[one] = members[other]
    return packed(members)


def member_doubled(content: bytes, chance: Random) -> bytes:
    """A member there twice under one name, the second damaged."""
    members = _members(content)
    name = chance.choice(list(members))
    return packed(members, extra=((name, chance.choice(PLAIN)(members[name], chance)),))


def references(content: bytes, chance: Random) -> bytes:
    """Objects of a PDF that point to others than they should."""
    found = _REFERENCE.findall(content)
    share = chance.choice((0.01, 0.1, 0.5))
    return _REFERENCE.sub(lambda reference: chance.choice(found) if chance.random() < share else reference[0], content)


def streams(content: bytes, chance: Random) -> bytes:
    """What a PDF draws, damaged within its packed streams."""
    share = chance.choice((0.1, 0.5, 1.0))
    damage = chance.choice((numbers, flipped, noisy, cut_out, repeated, swapped))

    def other(found: re.Match[bytes]) -> bytes:
        text = found[1]
        ascii85 = text.rstrip().endswith(b"~>")
        if chance.random() >= share:
            return found[0]
        try:
            plain = zlib.decompress(base64.a85decode(text.strip(), adobe=False) if ascii85 else text)
        except (zlib.error, ValueError, binascii.Error):
            return found[0]
        again = zlib.compress(damage(plain, chance))
        return b"stream\n" + (base64.a85encode(again) + b"~>" if ascii85 else again) + b"\nendstream"

    return _STREAM.sub(other, content)


def packed(members: dict[str, bytes], extra: tuple[tuple[str, bytes], ...] = ()) -> bytes:
    """An archive of `members`, then `extra`, with the date of all days."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a name that is there twice is meant
        for name, data in (*members.items(), *extra):
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


ARCHIVE: tuple[Damage, ...] = (inside, inside, inside, inside, members_mixed, member_doubled)
PDF: tuple[Damage, ...] = (references, streams, streams, streams, numbers)
