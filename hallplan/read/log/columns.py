"""The scanned columns of a whole log, gathered block by block and file by file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hallplan.model.log import Floats, Ints, Words
from hallplan.read.log.headings import Headings, roles
from hallplan.read.log.moments import BAD, BLANK, DATE, DMY, MDY, NO_OFFSET, NUMBER, YMD, Bytes, Ints64
from hallplan.read.log.odd import plain_form
from hallplan.read.log.scan import IGNORED, Hashes, Kinds, grown, scan_block, scan_keys, scan_moments, scan_words
from hallplan.read.log.tables import Table, decode

ORDERS: Final = {"ymd": YMD, "mdy": MDY, "dmy": DMY}
FIRST_TABLE: Final = 1 << 14
TIMES: Final = ("taken", "called", "started", "finished")


def roles_of(kind: str) -> list[str]:
    """Returns the roles of a kind: text, key, or moment (moments and spans are read alike)."""
    wanted = ("moment", "span") if kind == "moment" else (kind,)
    return [role for role, entry in roles().items() if entry["kind"] in wanted]


@dataclass(frozen=True, slots=True)
class Moments:
    """A column of moments or numbers as the fields say them: kinds, days, seconds or numbers, offsets from UTC."""

    kinds: Kinds
    days: Ints
    seconds: Floats
    offsets: NDArray[np.int16]

    @classmethod
    def blank(cls, n: int) -> Moments:
        """Returns a column that says nothing."""
        return cls(np.zeros(n, np.uint8), np.full(n, -1, np.int32), np.zeros(n), np.full(n, NO_OFFSET, np.int16))

    @classmethod
    def scanned(cls, buf: Bytes, edges: Ints, order: int, scale: float, *, is_time: bool = False) -> Moments:
        """Returns a column whose fields lie in buf at edges (2, n); numbers are times `scale` seconds.

        is_time: whether fields are times of day, which a date alone is not.
        """
        column = cls.blank(edges.shape[1])
        scan_moments(buf, edges, order, column.kinds, column.days, column.seconds, column.offsets)
        odd = np.flatnonzero((column.kinds == BAD) | ((column.kinds == DATE) & is_time))
        if odd.size:
            column._read_again(buf, edges[:, odd], odd, order, is_time=is_time)
        if scale != 1.0:
            column.seconds[column.kinds == NUMBER] *= scale
        return column

    def _read_again(self, buf: Bytes, edges: Ints, rows: Ints64, order: int, *, is_time: bool) -> None:
        """Fills rows whose fields have a form that only `plain_form` knows."""
        said = [decode(buf[a:b].tobytes()) for a, b in edges.T.tolist()]
        forms = {one: plain_form(one, is_time=is_time).encode() for one in set(said)}
        ends = np.cumsum([0, *(len(forms[one]) for one in said)])
        edges, content = np.array([ends[:-1], ends[1:]], np.int32), b"".join(forms[one] for one in said)
        again = Moments.blank(rows.size)
        scan_moments(
            np.frombuffer(content, np.uint8), edges, order, again.kinds, again.days, again.seconds, again.offsets
        )
        known = (again.kinds != BAD) & (again.kinds != BLANK) & ~((again.kinds == DATE) & is_time)
        for own, found in zip(self._arrays, again._arrays, strict=True):
            own[rows[known]] = found[known]

    @property
    def _arrays(self) -> tuple[NDArray[Any], ...]:
        return self.kinds, self.days, self.seconds, self.offsets

    @classmethod
    def joined(cls, parts: Sequence[Moments]) -> Moments:
        """Returns columns one after the other."""
        return cls(
            np.concatenate([part.kinds for part in parts]), np.concatenate([part.days for part in parts]),
            np.concatenate([part.seconds for part in parts]), np.concatenate([part.offsets for part in parts]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """Every column of a log; moments that no table has are left out.  widths: rows with more fields than the heading."""

    n: int
    words: Mapping[str, Words]
    moments: Mapping[str, Moments]
    tickets: Hashes
    prints: Hashes
    widths: int


@dataclass(slots=True)
class Vocabulary:
    """The texts met so far: a compiled table of hashes, and each text by its code."""

    keys: Hashes = field(default_factory=lambda: np.zeros((FIRST_TABLE, 2), np.uint64))
    values: Ints = field(default_factory=lambda: np.full(FIRST_TABLE, -1, np.int32))
    fresh: Ints64 = field(default_factory=lambda: np.zeros((FIRST_TABLE, 2), np.int64))
    count: Ints64 = field(default_factory=lambda: np.zeros(1, np.int64))
    texts: list[str] = field(default_factory=list)

    def codes(self, block: bytes, edges: Ints) -> Ints:
        """Returns the codes of texts that lie in a block at edges (2, n), -1 for blanks, learning new ones."""
        codes = np.empty(edges.shape[1], np.int32)
        buf = np.frombuffer(block, np.uint8)
        while not scan_words(buf, edges, self.keys, self.values, self.fresh, self.count, codes):
            self.keys, self.values = grown(self.keys, self.values)
            self.fresh = np.vstack([self.fresh, np.zeros_like(self.fresh)])
        for code in range(len(self.texts), int(self.count[0])):
            start, end = self.fresh[code]
            self.texts.append(decode(block[start:end]).replace('""', '"').strip())
        return codes


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one block of a table, by role."""

    rows: int
    words: Mapping[str, Ints]
    moments: Mapping[str, Moments]
    tickets: Hashes
    prints: Hashes


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table is scanned: the wanted roles, the column of each field, a hash of each heading."""

    delimiter: int
    roles: tuple[str, ...]
    columns: Ints64
    seeds: Hashes
    scales: Mapping[str, float]

    @classmethod
    def of(cls, table: Table, headings: Headings) -> Plan:
        """Returns the plan for a table with its headings."""
        wanted = tuple(headings.columns)
        columns = np.full(len(headings.names), IGNORED, np.int64)
        columns[list(headings.columns.values())] = np.arange(len(wanted))
        seeds = np.array([_seed(name) for name in headings.names], np.uint64)
        return cls(ord(table.delimiter), wanted, columns, seeds, headings.scales)


@dataclass(slots=True)
class Room:
    """Where the scanner writes, used again for each block: new memory costs more than scanning does."""

    edges: Ints = field(default_factory=lambda: np.zeros((0, 2, 0), np.int32))
    prints: Hashes = field(default_factory=lambda: np.zeros((0, 2), np.uint64))

    def of(self, columns: int, rows: int) -> tuple[Ints, Hashes]:
        """Returns blank edges (columns, 2, at least rows) and prints (at least rows, 2)."""
        if self.edges.shape[0] != columns or self.edges.shape[2] < rows:
            most = rows + rows // 8
            self.edges, self.prints = np.zeros((columns, 2, most), np.int32), np.zeros((most, 2), np.uint64)
        self.edges.fill(0)
        return self.edges, self.prints


@dataclass(slots=True)
class Gatherer:
    """Reads tables into columns."""

    order: int
    blocks: list[Block] = field(default_factory=list)
    widths: int = 0
    room: Room = field(default_factory=Room)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    def add(self, table: Table, headings: Headings) -> int:
        """Reads a table; returns its rows."""
        plan, left, rows = Plan.of(table, headings), b"", 0
        for content, is_last in table.blocks(headings.row):
            block, used = self._scan(left + content, is_last, plan)
            left = (left + content)[used:]
            self.blocks.append(block)
            rows += block.rows
        return rows

    def _scan(self, content: bytes, is_last: bool, plan: Plan) -> tuple[Block, int]:
        """Reads the whole rows of a block; returns them and the bytes used."""
        buf, state = np.frombuffer(content, np.uint8), np.zeros(2, np.int64)
        edges, prints = self.room.of(len(plan.roles), content.count(b"\n") + 1)
        n = scan_block(buf, is_last, plan.delimiter, plan.columns, plan.seeds, edges, prints, state)
        self.widths += int(state[1])
        words, moments, tickets = {}, {}, np.zeros(n, np.uint64)
        for role, edge in zip(plan.roles, edges[:, :, :n], strict=True):
            if roles()[role]["kind"] == "text":
                words[role] = self.vocabulary.codes(content, edge)
            elif roles()[role]["kind"] == "key":
                scan_keys(buf, edge, tickets)
            else:
                is_time = role in TIMES
                moments[role] = Moments.scanned(buf, edge, self.order, plan.scales[role], is_time=is_time)
        return Block(n, words, moments, tickets, prints[:n].copy()), int(state[0])

    def columns(self) -> Columns:
        """Returns all rows read; a column that a table does not have is blank there."""
        words = {role: _own_words(self._codes(role), self.vocabulary.texts) for role in roles_of("text")}
        moments = {role: column for role in roles_of("moment") if (column := self._moments(role)) is not None}
        tickets = np.concatenate([block.tickets for block in self.blocks])
        prints = np.concatenate([block.prints for block in self.blocks])
        self.blocks.clear()
        return Columns(int(tickets.size), words, moments, tickets, prints, self.widths)

    def _codes(self, role: str) -> Ints:
        pieces = [b.words[role] if role in b.words else np.full(b.rows, -1, np.int32) for b in self.blocks]
        return np.concatenate(pieces)

    def _moments(self, role: str) -> Moments | None:
        if not any(role in block.moments for block in self.blocks):
            return None
        return Moments.joined([b.moments.get(role) or Moments.blank(b.rows) for b in self.blocks])


def _seed(heading: str) -> int:
    """A number for a heading, so that the order of columns does not matter to a row's fingerprint."""
    value = 1469598103934665603
    for byte in heading.strip().encode():
        value = (value ^ byte) * 1099511628211 % (1 << 64)
    return value


def _own_words(codes: Ints, texts: Sequence[str]) -> Words:
    """A column's codes renumbered by the order of its own texts; blank is code 0 where there are blanks."""
    used = np.flatnonzero(np.bincount(codes + 1, minlength=1))
    said = [(texts[code - 1] if code else "") for code in used.tolist()]
    names = sorted(set(said))
    number = {name: n for n, name in enumerate(names)}
    lookup = np.zeros(len(texts) + 1, np.int32)
    lookup[used] = [number[name] for name in said]
    return Words(lookup[codes + 1], tuple(names))
