"""Starts handed out in order to threads and merged in order, until work, time or patience ends."""

from __future__ import annotations

import heapq
import itertools
import math
import threading
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hallplan.place.rectangles.search import Question, Shard, drift, run_start, unit_moves, walk

StoppedBy = Literal["work", "time", "interrupt"]
KEPT = 8
TRIAL_MOVES = 5_000
FILL = 0.85
LEAST = 0.1
"""A start that the time left would cut to less than this share of the shortest is not begun."""


@dataclass(eq=False)
class Run:
    """Starts handed out in order and merged in order. halt[0] stops them; `stopped_by` says why the run ended."""

    question: Question
    seed: int
    jobs: int
    starts: int | None
    total: Shard = field(default_factory=Shard)
    halt: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(1, dtype=bool))
    done: int = 0
    stopped_by: StoppedBy = "work"
    end: float = math.inf
    rate: float = math.inf

    def go(self, seconds: float) -> Run:
        """Runs until the starts are used up, the time is over or the user interrupts; returns itself.

        The loops compile before the time begins. A start that would not end in time is cut to a shorter one.
        """
        walk(self.question.case, self.seed, moves=1, halt=self.halt)
        drift(self.question.case, self.seed, moves=1, halt=self.halt)
        begin = time.perf_counter()
        walk(self.question.case, self.seed, moves=TRIAL_MOVES, halt=self.halt)
        self.rate = TRIAL_MOVES / (time.perf_counter() - begin)
        self.end = time.perf_counter() + seconds
        timer = threading.Timer(seconds, self._stop, ["time"])
        timer.daemon = True
        numbers = iter(range(self.starts)) if self.starts is not None else itertools.count()
        timer.start()
        try:
            with ThreadPoolExecutor(self.jobs) as pool:
                self._feed(pool, numbers)
        finally:
            timer.cancel()
        return self

    def _stop(self, why: StoppedBy) -> None:
        self._note(why)
        self.halt[0] = True

    def _note(self, why: StoppedBy) -> None:
        if self.stopped_by == "work" or why == "interrupt":
            self.stopped_by = why

    def _feed(self, pool: ThreadPoolExecutor, numbers: Iterator[int]) -> None:
        waiting: set[Future[Shard]] = set()
        while True:
            try:
                while len(waiting) < self.jobs and (most := self._most_moves()):
                    start = next(numbers, None)
                    if start is None:
                        break
                    waiting.add(pool.submit(run_start, self.question, self.seed, start, most, self.halt))
                if not waiting:
                    return
                ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ready:
                    self._merge(future.result())
            except KeyboardInterrupt:
                self._stop("interrupt")

    def _most_moves(self) -> int:
        """Moves that fit into the time left; 0 when it is too little to begin."""
        if self.halt[0]:
            return 0
        most = int(self.rate * (self.end - time.perf_counter()) * FILL)
        if most >= LEAST * unit_moves(self.question.problem.n) or self.done == 0:
            return max(1, most)
        self._stop("time")
        return 0

    def _merge(self, shard: Shard) -> None:
        """Keeps the best few; the order of cost and start makes the order of arrival not matter."""
        self.done += 1
        self.total.moves += shard.moves
        self.total.solves += shard.solves
        if shard.is_cut:
            self._note("time")
        self.rate = shard.moves / shard.walk_s if shard.walk_s > 0 else self.rate
        self.total.found = heapq.nsmallest(KEPT, self.total.found + shard.found)
        self.total.opened = heapq.nsmallest(KEPT, self.total.opened + shard.opened)
