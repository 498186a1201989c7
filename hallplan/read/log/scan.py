"""Compiled: one pass over the bytes of a text table, many rows a microsecond."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hallplan.model.log import Floats, Ints
from hallplan.read.log.moments import Bytes, Ints64, read_moment

Hashes = NDArray[np.uint64]
Kinds = NDArray[np.uint8]
Ints3 = NDArray[np.int32]

QUOTE: Final = 34
NEWLINE: Final = 10
RETURN: Final = 13
BLANKS: Final = 32
MOST_QUOTED: Final = 20_000
"""A quote that does not close within so many bytes is a character like any other."""
IGNORED: Final = -1

WORD_BYTES: Final = 8
PRIME_A: Final = np.uint64(0xD6E8FEB86659FD93)
PRIME_B: Final = np.uint64(0x9E3779B97F4A7C15)
SEED_A: Final = np.uint64(0xCBF29CE484222325)
SEED_B: Final = np.uint64(0x2545F4914F6CDD1D)
SHIFT: Final = np.uint64(29)


@njit(cache=True)
def _mixed(value: np.uint64) -> np.uint64:
    value = (value ^ (value >> SHIFT)) * PRIME_B
    return value ^ (value >> SHIFT)


@njit(cache=True)
def _field(buf: Bytes, at: int, is_last: bool, delimiter: int, found: Ints64) -> int:
    """Finds a field: found[0], found[1] its bytes without blanks and quotes; returns where its separator is."""
    stop = buf.size
    while at < stop and buf[at] == BLANKS:
        at += 1
    if at < stop and buf[at] == QUOTE:
        close = at + 1
        limit = min(stop, at + MOST_QUOTED)
        while close < limit and not (buf[close] == QUOTE and (close + 1 >= stop or buf[close + 1] != QUOTE)):
            close += 2 if buf[close] == QUOTE else 1
        if close >= limit and limit == stop and not is_last:
            return stop
        if close < limit:
            found[0], found[1] = at + 1, close
            while close < stop and buf[close] != delimiter and buf[close] != NEWLINE:
                close += 1
            return close
    end = at
    while end < stop and buf[end] != delimiter and buf[end] != NEWLINE:
        end += 1
    last = end
    while last > at and (buf[last - 1] == BLANKS or buf[last - 1] == RETURN):
        last -= 1
    found[0], found[1] = at, last
    return end


@njit(cache=True)
def _hash(buf: Bytes, start: int, end: int, prints: Hashes) -> None:
    """Two independent hashes of a field, eight bytes at a time; its length is part of them."""
    a, b = SEED_A ^ np.uint64(end - start), SEED_B
    word = np.uint64(0)
    at = start
    while at < end:
        stop = min(at + WORD_BYTES, end)
        word = np.uint64(0)
        while at < stop:
            word = (word << np.uint64(8)) | np.uint64(buf[at])
            at += 1
        a = (a ^ word) * PRIME_A
        a ^= a >> SHIFT
        b = (b + word) * PRIME_B
        b ^= b >> SHIFT
    prints[0], prints[1] = _mixed(a), _mixed(b)


@njit(cache=True)
def scan_block(
    buf: Bytes, is_last: bool, delimiter: int, columns: Ints64, seeds: Hashes, edges: Ints3, prints: Hashes, state: Ints64
) -> int:  # fmt: skip
    """Finds the fields of the whole rows of a block; returns how many rows.

    columns, seeds: (fields,) the wanted column that each field is, IGNORED for others, and a hash of its heading.
    edges: (columns, 2, rows) where each wanted field begins and ends, 0 before.  prints: (rows, 2).
    state: [0] bytes used, [1] rows with more fields than the heading.
    """
    found, one = np.zeros(2, np.int64), np.zeros(2, np.uint64)
    at, row, field, is_blank = 0, 0, 0, True
    print_a, print_b = np.uint64(0), np.uint64(0)
    while at < buf.size or (is_last and field > 0):
        at = _field(buf, at, is_last, delimiter, found)
        if at >= buf.size and not is_last:
            break
        if found[1] > found[0] and field < columns.size:
            is_blank = False
            _hash(buf, found[0], found[1], one)
            print_a += one[0] ^ seeds[field]
            print_b += one[1] ^ seeds[field]
            if columns[field] >= 0:
                edges[columns[field], 0, row], edges[columns[field], 1, row] = found[0], found[1]
        field += 1
        if at >= buf.size or buf[at] == NEWLINE:
            state[0] = min(at + 1, buf.size)
            state[1] += field > columns.size
            prints[row, 0], prints[row, 1] = print_a, print_b
            row += 0 if is_blank else 1
            field, is_blank, print_a, print_b = 0, True, np.uint64(0), np.uint64(0)
        at += 1
    return row


@njit(cache=True)
def scan_moments(
    buf: Bytes, edges: Ints, order: int, kinds: Kinds, days: Ints, seconds: Floats, offsets: NDArray[np.int16]
) -> None:
    """Reads a column of moments or numbers, nothing where a field is blank; all but buf are (rows,), edges (2, rows)."""
    said, work = np.zeros(3), np.zeros((3, 11), np.int64)
    for row in range(kinds.size):
        kinds[row] = read_moment(buf, edges[0, row], edges[1, row], order, work, said)
        days[row], seconds[row], offsets[row] = int(said[0]), said[1], int(said[2])


@njit(cache=True)
def scan_keys(buf: Bytes, edges: Ints, keys: Hashes) -> None:
    """Fills keys (rows,) with a hash of each field, 0 where it is blank."""
    one = np.zeros(2, np.uint64)
    for row in range(keys.size):
        _hash(buf, edges[0, row], edges[1, row], one)
        keys[row] = one[0] if edges[1, row] > edges[0, row] else np.uint64(0)


def key_of(content: bytes) -> np.uint64:
    """Returns the hash that `scan_keys` gives a field of these bytes."""
    key = np.zeros(1, np.uint64)
    scan_keys(np.frombuffer(content, np.uint8), np.array([[0], [len(content)]], np.int32), key)
    return np.uint64(key[0])


@njit(cache=True)
def scan_words(buf: Bytes, edges: Ints, keys: Hashes, values: Ints, fresh: Ints64, count: Ints64, codes: Ints) -> bool:
    """Fills codes (rows,) with the code of each text, -1 where it is blank, entering new ones; False when there is no room.

    keys, values: the table of texts, open-addressed.  fresh: (texts, 2) where in the block a new text lies.
    """
    one, mask = np.zeros(2, np.uint64), np.uint64(keys.shape[0] - 1)
    for row in range(codes.size):
        codes[row] = -1
        if edges[1, row] <= edges[0, row]:
            continue
        _hash(buf, edges[0, row], edges[1, row], one)
        at = one[0] & mask
        while values[at] >= 0 and not (keys[at, 0] == one[0] and keys[at, 1] == one[1]):
            at = (at + np.uint64(1)) & mask
        if values[at] < 0:
            if 2 * count[0] >= keys.shape[0]:
                return False
            keys[at, 0], keys[at, 1], values[at] = one[0], one[1], count[0]
            fresh[count[0], 0], fresh[count[0], 1] = edges[0, row], edges[1, row]
            count[0] += 1
        codes[row] = values[at]
    return True


@njit(cache=True)
def grown(keys: Hashes, values: Ints) -> tuple[Hashes, Ints]:
    """Returns a table of texts twice as large with the same entries."""
    size = 2 * keys.shape[0]
    new_keys, new_values = np.zeros((size, 2), np.uint64), np.full(size, -1, np.int32)
    mask = np.uint64(size - 1)
    for old in range(values.size):
        if values[old] >= 0:
            at = keys[old, 0] & mask
            while new_values[at] >= 0:
                at = (at + np.uint64(1)) & mask
            new_keys[at, 0], new_keys[at, 1], new_values[at] = keys[old, 0], keys[old, 1], values[old]
    return new_keys, new_values


@njit(cache=True)
def first_of_each(prints: Hashes) -> NDArray[np.bool_]:
    """Returns (n,) whether each row is the first with its fingerprint."""
    n = prints.shape[0]
    size = 16
    while size < 2 * n:
        size *= 2
    table, mask = np.full(size, -1, np.int64), np.uint64(size - 1)
    first = np.ones(n, np.bool_)
    for row in range(n):
        at = prints[row, 0] & mask
        while table[at] >= 0:
            other = table[at]
            if prints[other, 0] == prints[row, 0] and prints[other, 1] == prints[row, 1]:
                first[row] = False
                break
            at = (at + np.uint64(1)) & mask
        if first[row]:
            table[at] = row
    return first
