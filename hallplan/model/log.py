"""What a queue log says: one row a ticket, column by column, seconds and codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hallplan.units import SECONDS_PER_DAY

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Marks = NDArray[np.bool_]

SERVED: Final = 0
ABANDONED: Final = 1
FIRST_REASON: Final = 2
"""States of a ticket: served, left without being served, and from here on one state for each reason to leave it out."""


@dataclass(frozen=True, slots=True)
class Words:
    """A column of few different texts: `names[codes[row]]` is what the row says; "" is blank."""

    codes: Ints
    names: tuple[str, ...]

    def code(self, name: str) -> int:
        """Returns the code of a text, -1 when no row has it."""
        return self.names.index(name) if name in self.names else -1

    def pick(self, rows: Marks | NDArray[np.int64]) -> Words:
        """Returns the column of some rows."""
        return Words(self.codes[rows], self.names)


@dataclass(frozen=True, slots=True)
class LogNote:
    """Something odd in a log: what kind, how often, and an example or a remedy."""

    kind: str
    count: int
    text: str


@dataclass(frozen=True, slots=True)
class QueueLog:
    """Tickets of one or many halls, exact repeats left out.

    All arrays are (n,).  day: days since 1970-01-01, -1 when untold.  taken_s: when the ticket was taken, seconds after midnight of `day`.
    started_s: when the service began, on the same clock, nan when it never did.  wait_s, service_s: seconds, nan when
    the log does not tell; zero and negative values are kept as they stand.  state: SERVED, ABANDONED, or
    FIRST_REASON + index into `reasons`.  ticket: a hash of the ticket number, 0 when blank.
    prints: (n, 2) fingerprints of whole rows, the same for rows equal in every field.
    rows: rows read, repeats included.
    """

    sources: tuple[str, ...]
    day: Ints
    taken_s: Floats
    started_s: Floats
    wait_s: Floats
    service_s: Floats
    state: NDArray[np.int8]
    reasons: tuple[str, ...]
    window: Words
    item: Words
    staff: Words
    hall: Words
    rating: Words
    ticket: NDArray[np.uint64]
    prints: NDArray[np.uint64]
    rows: int
    repeats: int = 0
    notes: tuple[LogNote, ...] = ()

    @property
    def n(self) -> int:
        """Number of tickets: rows that are no exact repeats."""
        return int(self.day.size)

    @property
    def served(self) -> Marks:
        """(n,) whether each ticket was served."""
        return np.asarray(self.state == SERVED)

    @property
    def abandoned(self) -> Marks:
        """(n,) whether each ticket's holder left without being served."""
        return np.asarray(self.state == ABANDONED)

    @property
    def counted(self) -> Marks:
        """(n,) whether each ticket is a person who came: served or left."""
        return np.asarray(self.state < FIRST_REASON)

    @property
    def waited(self) -> Marks:
        """(n,) whether each ticket's wait is told and can be: after a clock went back it is below 0."""
        return np.asarray(self.wait_s >= 0)

    @property
    def days(self) -> Ints:
        """Days with at least one ticket, in order; tickets that tell no day (-1) left out."""
        told = self.day if not self.n or self.day.min() >= 0 else self.day[self.day >= 0]
        if not told.size:
            return told
        first = told.min()
        return np.asarray(np.flatnonzero(np.bincount(told - first)) + first, np.int32)

    @property
    def queued_s(self) -> Floats:
        """(n,) when each ticket joined the queue: the start less the wait, or when it was taken."""
        queued = self.started_s - self.wait_s
        return np.where(np.isnan(queued), self.taken_s, queued)

    @property
    def absolute_s(self) -> Floats:
        """(n,) seconds since 1970-01-01 at which each ticket was taken, on the hall's own clock."""
        return self.day * SECONDS_PER_DAY + self.taken_s

    def pick(self, rows: Marks) -> QueueLog:
        """Returns the log of some rows, notes left out."""
        return QueueLog(
            self.sources, self.day[rows], self.taken_s[rows], self.started_s[rows], self.wait_s[rows],
            self.service_s[rows], self.state[rows], self.reasons, self.window.pick(rows), self.item.pick(rows),
            self.staff.pick(rows), self.hall.pick(rows), self.rating.pick(rows), self.ticket[rows], self.prints[rows],
            int(np.count_nonzero(rows)),
        )  # fmt: skip
