"""Damage done to a drawing, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable

Tags = list[bytes]
NASTY = (
    b"1e300", b"-1e300", b"nan", b"inf", b"-inf", b"0", b"-1", b"1e-300", b"99999999999999999999", b"", b"abc", b"0x10",
    b"\xff\xfe", b"1,5", b"2147483648", b"1.7976931348623157e308", "墙".encode("gbk"), b"\x00", b" " * 300, b"A" * 5000,
)  # fmt: skip


def mutated(data: bytes, seed: int) -> bytes:
    """Returns the drawing with one to six kinds of damage."""
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        data = chance.choice(_HARMS)(data, chance)
    return data


def _flip(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 4, 40, 400))):
        if out:
            out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _hole(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.randrange(2000) :]


def _tags(harm: Callable[[Tags, random.Random], Tags]) -> Callable[[bytes, random.Random], bytes]:
    def on_lines(data: bytes, chance: random.Random) -> bytes:
        lines = data.split(b"\n")
        return b"\n".join(harm(lines, chance)) if len(lines) > 4 else data

    return on_lines


def _span(lines: Tags, chance: random.Random, most: int = 60) -> tuple[int, int]:
    start = chance.randrange(0, len(lines) - 1) & ~1
    return start, min(len(lines), start + 2 * chance.randrange(1, most))


def _double(lines: Tags, chance: random.Random) -> Tags:
    start, stop = _span(lines, chance)
    return lines[:stop] + lines[start:stop] * chance.choice((1, 1, 3, 50)) + lines[stop:]


def _move(lines: Tags, chance: random.Random) -> Tags:
    start, stop = _span(lines, chance)
    piece, rest = lines[start:stop], lines[:start] + lines[stop:]
    at = chance.randrange(len(rest) + 1) & ~1
    return rest[:at] + piece + rest[at:]


def _shuffle(lines: Tags, chance: random.Random) -> Tags:
    start, stop = _span(lines, chance, 20)
    pairs = [lines[n : n + 2] for n in range(start, stop, 2)]
    chance.shuffle(pairs)
    return lines[:start] + [line for pair in pairs for line in pair] + lines[stop:]


def _drop_lines(lines: Tags, chance: random.Random) -> Tags:
    start = chance.randrange(len(lines))
    return lines[:start] + lines[start + chance.choice((1, 1, 2, 3, 8)) :]


def _spoil_values(lines: Tags, chance: random.Random) -> Tags:
    out = list(lines)
    for _ in range(chance.choice((1, 3, 20, 200))):
        n = min((chance.randrange(len(out)) | 1), len(out) - 1)
        out[n] = chance.choice(NASTY)
    return out


def _spoil_coordinates(lines: Tags, chance: random.Random) -> Tags:
    out = list(lines)
    places = [
        n + 1
        for n in range(0, len(out) - 1, 2)
        if out[n].strip()
        in (b"10", b"20", b"11", b"21", b"40", b"42", b"50", b"41", b"30", b"70", b"71", b"210", b"230")
    ]
    for _ in range(chance.choice((1, 3, 30))):
        if places:
            out[chance.choice(places)] = chance.choice(NASTY)
    return out


def _spoil_codes(lines: Tags, chance: random.Random) -> Tags:
    out = list(lines)
    for _ in range(chance.choice((1, 3, 20))):
        out[chance.randrange(len(out)) & ~1] = chance.choice(
            (b"  0", b"  2", b" 10", b"330", b"1071", b"-1", b"xx", b"", b"100", b"102")
        )
    return out


def _cycle(lines: Tags, chance: random.Random) -> Tags:
    """Points inserts at other blocks, so that some hold themselves."""
    names = [b"M0921", b"M1821", b"*Model_Space", b"*Paper_Space", b"*D0", b"none"]
    out = list(lines)
    for n in range(1, len(out) - 1):
        if out[n].strip() in (b"M0921", b"M1821") and chance.random() < 0.5:
            out[n] = chance.choice(names)
    return out


_HARMS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip, _cut, _hole, _tags(_double), _tags(_move), _tags(_shuffle), _tags(_drop_lines), _tags(_spoil_values),
    _tags(_spoil_coordinates), _tags(_spoil_coordinates), _tags(_spoil_codes), _tags(_cycle),
)  # fmt: skip
