"""Tasks that do not depend on one another, side by side in processes; knows no halls."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from typing import Protocol, TypeVar, cast

T = TypeVar("T")
ASK_S = 0.1
"""How often the parent asks whether its tasks are to stop."""


class Flag(Protocol):
    """What tells the processes of a pool to stop."""

    def is_set(self) -> bool:
        """Whether they are to stop."""

    def set(self) -> None:
        """Tells them so."""


_told: Flag | None = None
_asked: Callable[[], object] | None = None
"""What is asked whether tasks that run one after the other in this process are to stop."""
_tasks: Sequence[Callable[[], object]] = ()
"""What a process of the pool was started for: forked with it, so that no plan is copied from one to the other."""


def side_by_side(tasks: Sequence[Callable[[], T]], jobs: int, stop: Callable[[], object] | None = None) -> list[T]:
    """Returns what each task returns, in their order, from up to `jobs` processes; raises what the first failing one raised.

    A task must not rely on what another one does.  Where processes cannot be forked (Windows, macOS) the tasks run one
    after the other in this one: starting new ones that import everything again would take longer than most tasks.
    stop: asked now and then here, in the parent, or by `is_told` where the tasks run here; once it returns something,
    `is_told` is true in the tasks.
    """
    most = min(jobs, len(tasks))
    if most < 2 or sys.platform != "linux":
        return _one_by_one(tasks, stop)
    context = get_context("fork")
    flag = context.Event() if stop else None
    pool = ProcessPoolExecutor(most, context, initializer=_begin, initargs=(tasks, flag))
    try:
        futures = [pool.submit(_run, number) for number in range(len(tasks))]
        if stop and flag:
            _watch(futures, stop, flag)
        return [cast(T, future.result()) for future in futures]
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def is_told() -> bool:
    """Whether this process, one of several or that of all tasks, has been told to stop what it does and return what it has."""
    global _asked
    if _told is not None and _told.is_set():
        return True
    stop, _asked = _asked, None  # what is asked may ask this in its turn
    try:
        return stop is not None and bool(stop())
    finally:
        _asked = stop


def _one_by_one(tasks: Sequence[Callable[[], T]], stop: Callable[[], object] | None) -> list[T]:
    global _asked
    before, _asked = _asked, stop or _asked
    try:
        return [task() for task in tasks]
    finally:
        _asked = before


def _watch(futures: Sequence[Future[object]], stop: Callable[[], object], flag: Flag) -> None:
    while wait(futures, timeout=ASK_S).not_done:
        if stop():
            flag.set()


def _begin(tasks: Sequence[Callable[[], object]], told: Flag | None) -> None:
    global _tasks, _told, _asked
    # a terminal sends Ctrl-C to all of them: in a search the run goes on with the best so far, so the parent alone answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _tasks, _told, _asked = tasks, told, None


def _run(number: int) -> object:
    return _tasks[number]()
