"""Compiled: floors as columns of bits: what is free, which anchors have a clear window, and which of them are joined.

A floor is (nx, words) of 64 bits each; cell or anchor (i, j) is bit j % 64 of word j // 64 of column i.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hallplan.place.kernels import Bools, Ints, woven

Bits = NDArray[np.uint64]
WORD = 64
ONE, NIL, ALL, TOP = np.uint64(1), np.uint64(0), np.uint64(2**64 - 1), np.uint64(63)
PAIRS, FOURS, BYTES = (np.uint64(0x5555555555555555), np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F))
IN_BYTES, LAST = np.uint64(0x0101010101010101), np.uint64(56)
TWO, FOUR, HALF = np.uint64(2), np.uint64(4), np.uint64(2**32 - 1)


def packed(cells: np.ndarray) -> Bits:
    """Returns the columns of bits of cells, (…, nx, ny)."""
    words = -(-cells.shape[-1] // WORD)
    padded = np.zeros((*cells.shape[:-1], words * WORD), np.uint8)
    padded[..., : cells.shape[-1]] = cells != 0
    eights = np.packbits(padded, axis=-1, bitorder="little")
    return np.ascontiguousarray(eights).view("<u8").astype(np.uint64)


@njit(cache=True, nogil=True)
def columns_of(cells: Bools) -> Bits:
    """Returns the columns of bits of one floor's cells, as `packed` does."""
    nx, ny = cells.shape
    out = np.zeros((nx, -(-ny // WORD)), np.uint64)
    for i in range(nx):
        for w in range(out.shape[1]):
            word = NIL
            for j in range(64 * w, min(ny, 64 * w + 64)):
                word |= np.uint64(cells[i, j]) << np.uint64(j & 63)
            out[i, w] = word
    return out


@woven
def is_set(bits: Bits, i: int, j: int) -> bool:
    """Returns whether a bit is set."""
    return bool((bits[i, j >> 6] >> np.uint64(j & 63)) & ONE)


@woven
def put_bit(bits: Bits, i: int, j: int) -> None:
    """Sets a bit."""
    bits[i, j >> 6] |= ONE << np.uint64(j & 63)


@woven
def span(j0: int, j1: int, word: int) -> np.uint64:
    """Returns the bits of one word that stand for cells j0 up to j1."""
    low, high = max(j0 - 64 * word, 0), min(j1 - 64 * word, 64)
    if high <= low:
        return NIL
    return (ALL >> np.uint64(64 - (high - low))) << np.uint64(low)


@woven
def shut(bits: Bits, i0: int, j0: int, i1: int, j1: int) -> None:
    """Clears the bits of a rectangle."""
    for w in range(j0 >> 6, ((j1 - 1) >> 6) + 1):
        kept = ~span(j0, j1, w)
        for i in range(i0, i1):
            bits[i, w] &= kept


@woven
def fill(bits: Bits, i0: int, j0: int, i1: int, j1: int) -> None:
    """Sets the bits of a rectangle."""
    for w in range(j0 >> 6, ((j1 - 1) >> 6) + 1):
        there = span(j0, j1, w)
        for i in range(i0, i1):
            bits[i, w] |= there


@woven
def clear_bit(bits: Bits, i: int, j: int) -> None:
    """Clears a bit."""
    bits[i, j >> 6] &= ~(ONE << np.uint64(j & 63))


@woven
def many(word: np.uint64) -> int:
    """Returns how many bits of a word are set (sums of pairs, of fours, of bytes: Warren, Hacker's Delight, 2012, 5-1)."""
    word = word - ((word >> ONE) & PAIRS)
    word = (word & FOURS) + ((word >> TWO) & FOURS)
    word = (word + (word >> FOUR)) & BYTES
    return int((word * IN_BYTES) >> LAST)


@woven
def lowest(word: np.uint64) -> int:
    """Returns the number of the lowest bit that is set; the word has one."""
    return many((word & (~word + ONE)) - ONE)


@njit(cache=True, nogil=True)
def turned(columns: Bits) -> Bits:
    """Returns rows of bits of a floor in place of its columns: cell (i, j) is bit i % 64 of word i // 64 of row j.

    Blocks of 64 × 64 whose halves, quarters, … change places (Warren, Hacker's Delight, 2012, 7-3).
    """
    nx, words = columns.shape
    out, block = np.zeros((64 * words, -(-nx // WORD)), np.uint64), np.empty(WORD, np.uint64)
    for w in range(words):
        for v in range(out.shape[1]):
            for k in range(WORD):
                block[k] = columns[64 * v + k, w] if 64 * v + k < nx else NIL
            width, mask = 32, HALF
            while width > 0:
                by, k = np.uint64(width), 0
                while k < WORD:
                    swapped = ((block[k] >> by) ^ block[k + width]) & mask
                    block[k] ^= swapped << by
                    block[k + width] ^= swapped
                    k = (k + width + 1) & ~width
                width >>= 1
                mask ^= mask << np.uint64(width)
            for k in range(WORD):
                out[64 * w + k, v] = block[k]
    return out


@woven
def many_along(bits: Bits, i: int, j0: int, j1: int) -> int:
    """Returns how many bits of a column are set from j0 up to j1."""
    found = 0
    for w in range(j0 >> 6, ((j1 - 1) >> 6) + 1):
        found += many(bits[i, w] & span(j0, j1, w))
    return found


@woven
def has_any(bits: Bits, i0: int, j0: int, i1: int, j1: int) -> bool:
    """Returns whether a bit of a rectangle is set."""
    for w in range(j0 >> 6, ((j1 - 1) >> 6) + 1):
        there = span(j0, j1, w)
        for i in range(i0, i1):
            if bits[i, w] & there != NIL:
                return True
    return False


@woven
def has_all(bits: Bits, i0: int, j0: int, i1: int, j1: int) -> bool:
    """Returns whether all bits of a rectangle are set."""
    for w in range(j0 >> 6, ((j1 - 1) >> 6) + 1):
        there = span(j0, j1, w)
        for i in range(i0, i1):
            if bits[i, w] & there != there:
                return False
    return True


@woven
def _later(runs: Bits, level: int, i: int, w: int, by: int) -> np.uint64:
    """Returns a word of (levels, nx, words) in which each bit is the one so many cells later."""
    first, rest, words = w + (by >> 6), by & 63, runs.shape[2]
    out = runs[level, i, first] >> np.uint64(rest) if first < words else NIL
    if rest > 0 and first + 1 < words:
        out |= runs[level, i, first + 1] << np.uint64(64 - rest)
    return out


@njit(cache=True, nogil=True)
def runs_of(cells: Bits, longest: int) -> Bits:
    """Returns (levels, nx, words) where runs of 1, 2, 4, … set bits along y begin, up to the longest asked for."""
    nx, words = cells.shape
    levels, length = 1, 1
    while 2 * length <= longest:
        levels, length = levels + 1, 2 * length
    out = np.empty((levels, nx, words), np.uint64)
    out[0] = cells
    for level in range(1, levels):
        for i in range(nx):
            for w in range(words):
                out[level, i, w] = out[level - 1, i, w] & _later(out, level - 1, i, w, 1 << (level - 1))
    return out


@njit(cache=True, nogil=True)
def begins_of(runs: Bits, ends_x: Ints, ends_y: Ints) -> Bits:
    """Returns (nx, words) where rectangles of set bits begin, those that begin at lines i and j ending at ends_x[i] and ends_y[j]; -1 for
    none.  runs: as `runs_of` returns them, as long as the longest that a rectangle takes along y.
    """
    _, nx, words = runs.shape
    longest = 0
    for j in range(ends_y.size):
        longest = max(longest, ends_y[j] - j)
    taking = np.zeros((longest + 1, words), np.uint64)  # by cells that rectangles take along y, those that begin there
    for j in range(ends_y.size):
        if ends_y[j] > j:
            put_bit(taking, ends_y[j] - j, j)
    along, level, length = np.zeros((nx, words), np.uint64), 0, 1
    for cells in range(1, longest + 1):
        while 2 * length <= cells:
            level, length = level + 1, 2 * length
        for w in range(words):
            if taking[cells, w] == NIL:
                continue
            for i in range(nx):
                run = runs[level, i, w] & taking[cells, w]
                if run != NIL:
                    along[i, w] |= run & _later(runs, level, i, w, cells - length)
    out = np.zeros((nx, words), np.uint64)
    for i in range(nx):
        for w in range(words):
            clear = along[i, w] if ends_x[i] > i else NIL
            for a in range(i + 1, ends_x[i]):
                if clear == NIL:
                    break
                clear &= along[a, w]
            out[i, w] = clear
    return out


@njit(cache=True, nogil=True)
def windows(cells: Bits, reach_x: Ints, reach_y: Ints) -> Bits:
    """Returns which anchors have a clear window, as `kernels.windows` does."""
    longest = 0
    for j in range(reach_y.size):
        longest = max(longest, reach_y[j] - j)
    return begins_of(runs_of(cells, longest), reach_x, reach_y)


@njit(cache=True, nogil=True)
def covered(valid: Bits, reach_x: Ints, reach_y: Ints) -> Bits:
    """Returns the cells that lie in the window of some valid anchor, as `kernels.covered` does."""
    nx, words = valid.shape
    out, column = np.zeros((nx, words), np.uint64), np.empty(words, np.uint64)
    for i in range(nx):
        column[:] = NIL
        for w in range(words):
            word = valid[i, w]
            while word != NIL:
                j = 64 * w + lowest(word)
                word &= word - ONE
                for k in range(w, ((reach_y[j] - 1) >> 6) + 1):
                    column[k] |= span(j, reach_y[j], k)
        for a in range(i, reach_x[i]):
            for w in range(words):
                out[a, w] |= column[w]
    return out


@woven
def _spread(found: Bits, valid: Bits, i: int) -> None:
    """Spreads what is found in a column along its runs of valid anchors."""
    words, carry = found.shape[1], NIL
    for w in range(words):
        free, some = valid[i, w], found[i, w] | (valid[i, w] & carry)
        up = (((free + some) ^ free) & free) | some  # what is added carries to the end of a run
        carry = up >> TOP
        found[i, w] = up
    carry = NIL
    for w in range(words - 1, -1, -1):
        free, some = valid[i, w], found[i, w]
        some |= free & (carry << TOP)
        step = ONE
        for _ in range(6):  # runs of 1, 2, 4, … joined (Kogge and Stone 1973)
            some |= free & (some >> step)
            free &= free >> step
            step <<= ONE
        carry = some & ONE
        found[i, w] = some


@njit(cache=True, nogil=True)
def join(valid: Bits, seeds: Ints, portals: Ints) -> Bits:
    """Returns the anchors that can be walked to from the seeds, as `floods.join` does."""
    nx, words = valid.shape
    found, waits, queue, top = np.zeros((nx, words), np.uint64), np.zeros(nx, np.bool_), np.empty(nx, np.int32), 0
    for k in range(seeds.shape[0]):
        top = _reach(found, valid, seeds[k, 0], seeds[k, 1], waits, queue, top)
    while top > 0:
        while top > 0:
            top -= 1
            i = queue[top]
            waits[i] = False
            _spread(found, valid, i)
            for a in range(max(0, i - 1), min(nx, i + 2)):
                is_new = False
                for w in range(words):
                    new = found[i, w] & valid[a, w] & ~found[a, w]
                    is_new |= new != NIL
                    found[a, w] |= new
                if is_new and not waits[a]:
                    waits[a], queue[top] = True, a
                    top += 1
        for p in range(portals.shape[0]):
            for k in range(0, 4, 2):
                if is_set(found, portals[p, k], portals[p, k + 1]):
                    top = _reach(found, valid, portals[p, 2 - k], portals[p, 3 - k], waits, queue, top)
    return found


@woven
def _reach(found: Bits, valid: Bits, i: int, j: int, waits: Bools, queue: Ints, top: int) -> int:
    """Finds an anchor where it is valid and new, its column to be looked at; returns how many wait for that."""
    if not is_set(valid, i, j) or is_set(found, i, j):
        return top
    put_bit(found, i, j)
    if waits[i]:
        return top
    waits[i], queue[top] = True, i
    return top + 1
