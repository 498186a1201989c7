"""Tasks that do not depend on one another, side by side in processes; knows no halls."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar, cast

T = TypeVar("T")
_tasks: Sequence[Callable[[], object]] = ()
"""What a process of the pool was started for: forked with it, so that no plan is copied from one to the other."""


def side_by_side(tasks: Sequence[Callable[[], T]], jobs: int) -> list[T]:
    """Returns what each task returns, in their order, from up to `jobs` processes; raises what the first failing one raised.

    A task must not rely on what another one does.  Where processes cannot be forked (Windows, macOS) the tasks run one
    after the other in this one: starting new ones that import everything again would take longer than most tasks.
    """
    most = min(jobs, len(tasks))
    if most < 2 or sys.platform != "linux":
        return [task() for task in tasks]
    pool = ProcessPoolExecutor(most, get_context("fork"), initializer=_begin, initargs=(tasks,))
    try:
        return [cast(T, future.result()) for future in [pool.submit(_run, number) for number in range(len(tasks))]]
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(tasks: Sequence[Callable[[], object]]) -> None:
    global _tasks
    # a terminal sends Ctrl-C to all of them: in a search the run goes on with the best so far, so the parent alone answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _tasks = tasks


def _run(number: int) -> object:
    return _tasks[number]()
