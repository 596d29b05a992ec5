"""Members of RAR archives as RAR compresses them (method 3): what was there before by length and distance, in Huffman
codes.

A plain packer: it looks for the last place of the next four bytes, and the codes of an alphabet have two lengths,
whatever the content. Programs that unpack RAR do not see the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_SEEN, _FAR, _LONGEST = 4, 60_000, 250
#: Among the symbols that name lengths of codes: the one before, 11 + n times.
_AGAIN, _LENGTHS = 17, 20


@dataclass(frozen=True)
class _Alphabet:
    """So many symbols, in codes of `bits` - 1 bits as far as they go, the others in codes of `bits`."""

    count: int
    bits: int

    @property
    def runs(self) -> list[tuple[int, int]]:
        """Lengths of codes, and how many symbols in turn have them."""
        runs = ((self.bits - 1, self.short), (self.bits, self.count - self.short))
        return [(length, count) for length, count in runs if count]

    @property
    def short(self) -> int:
        """How many have the shorter codes, so that the codes leave no gap."""
        return (1 << self.bits) - self.count

    def code(self, symbol: int) -> tuple[int, int]:
        """The code of a symbol and its length."""
        return (symbol, self.bits - 1) if symbol < self.short else (symbol + self.short, self.bits)


@dataclass(frozen=True)
class _Dialect:
    """The four alphabets, the symbol of the shortest match, its length, and distances from which matches are longer."""

    alphabets: tuple[_Alphabet, _Alphabet, _Alphabet, _Alphabet]
    first: int
    shortest: int
    longer_from: tuple[int, ...]


_V5 = _Dialect(
    (_Alphabet(306, 9), _Alphabet(64, 6), _Alphabet(16, 4), _Alphabet(44, 6)), 262, 2, (0x100, 0x2000, 0x40000)
)
_V3 = _Dialect(
    (_Alphabet(299, 9), _Alphabet(60, 6), _Alphabet(17, 5), _Alphabet(28, 5)), 271, 3, (0x2000 - 1, 0x40000 - 1)
)
_END_OF_BLOCK = 256


class _Bits:
    def __init__(self) -> None:
        self._value = self.count = 0

    def put(self, value: int, width: int) -> None:
        self._value = self._value << width | value
        self.count += width

    def bytes(self) -> bytes:
        size = -(-self.count // 8)
        return (self._value << (size * 8 - self.count)).to_bytes(size, "big")


def packed5(content: bytes) -> bytes:
    """The data of a member of RAR 5."""
    data = b""
    pieces = list(_pieces(content))
    for start in range(0, len(pieces), 2_000):
        bits = _Bits()
        if start == 0:
            _tables(bits, _V5)
        for piece in pieces[start : start + 2_000]:
            _put(bits, piece, _V5)
        block = bits.bytes()
        last = start + 2_000 >= len(pieces)
        flags = (bits.count - 1) % 8 | 1 << 3 | last << 6 | (start == 0) << 7
        size = len(block).to_bytes(2, "little")
        data += bytes([flags, 0x5A ^ flags ^ size[0] ^ size[1]]) + size + block
    return data


def packed3(content: bytes) -> bytes:
    """The data of a member of RAR 3 and 4."""
    bits = _Bits()
    bits.put(0b00, 2)  # no PPMd, no table of before
    _tables(bits, _V3)
    for piece in _pieces(content):
        _put(bits, piece, _V3)
    bits.put(*_V3.alphabets[0].code(_END_OF_BLOCK))
    bits.put(0b00, 2)  # the end of the file
    return bits.bytes()


def _pieces(content: bytes) -> Iterator[int | tuple[int, int]]:
    """Bytes, and (length, distance) of what was there before."""
    last: dict[bytes, int] = {}
    place = 0
    while place < len(content):
        found = last.get(content[place : place + _SEEN], -1)
        length = _common(content, found, place) if found >= 0 and place - found <= _FAR else 0
        for at in range(place, place + max(length, 1)):
            last[content[at : at + _SEEN]] = at
        yield (length, place - found) if length else content[place]
        place += max(length, 1)


def _common(content: bytes, found: int, place: int) -> int:
    length = _SEEN
    while length < _LONGEST and place + length < len(content) and content[found + length] == content[place + length]:
        length += 1
    return length if place + length <= len(content) else 0


def _tables(bits: _Bits, dialect: _Dialect) -> None:
    """The lengths of all codes, themselves in codes, whose lengths come first."""
    used = sorted({length for alphabet in dialect.alphabets for length, _ in alphabet.runs} | {_AGAIN})
    lengths = {symbol: 2 if symbol < used[2] else 3 for symbol in used}
    codes = {symbol: (number, 2) if number < 2 else (number + 2, 3) for number, symbol in enumerate(used)}
    assert len(used) == 6  # two codes of two bits and four of three use up all
    for symbol in range(_LENGTHS):
        bits.put(lengths.get(symbol, 0), 4)
    for alphabet in dialect.alphabets:
        for length, count in alphabet.runs:
            _run(bits, codes, length, count)


def _run(bits: _Bits, codes: dict[int, tuple[int, int]], length: int, count: int) -> None:
    bits.put(*codes[length])
    count -= 1
    while count >= 11:
        times = min(count, 138)
        bits.put(*codes[_AGAIN])
        bits.put(times - 11, 7)
        count -= times
    for _ in range(count):
        bits.put(*codes[length])


def _put(bits: _Bits, piece: int | tuple[int, int], dialect: _Dialect) -> None:
    main, slots, lower, _ = dialect.alphabets
    if isinstance(piece, int):
        bits.put(*main.code(piece))
        return
    length, distance = piece
    symbol, extra, width = _slot(length - dialect.shortest - sum(distance > bound for bound in dialect.longer_from), 4)
    bits.put(*main.code(dialect.first + symbol))
    bits.put(extra, width)
    symbol, extra, width = _slot(distance - 1, 2)
    bits.put(*slots.code(symbol))
    if width >= 4:
        bits.put(extra >> 4, width - 4)
        bits.put(*lower.code(extra & 15))
    else:
        bits.put(extra, width)


def _slot(value: int, parts: int) -> tuple[int, int, int]:
    """The slot of a number, where each power of two has so many `parts`, with its lower bits and how many they are."""
    width = max(value.bit_length() - parts.bit_length(), 0)
    return width * parts + (value >> width), value & (1 << width) - 1, width
