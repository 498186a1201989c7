"""Files that do not depend on one another, written side by side in processes of their own."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor

from hallplan.terms import Lang, language, speaking

Part = Callable[[], None]
_task: tuple[Sequence[Part], Lang] = ((), "zh")
"""What a process of the pool was started for."""


def write_apart(parts: Sequence[Part], jobs: int) -> None:
    """Runs all parts on up to `jobs` processes, in this one when that is 1; raises what the first failing part raised.

    Each part writes a file of its own from arguments it carries, so their order and number of processes change no byte.
    """
    if min(jobs, len(parts)) < 2:
        for part in parts:
            part()
        return
    # by way of the initialiser the plan crosses once for each process, and not at all where processes are forked
    with ProcessPoolExecutor(min(jobs, len(parts)), initializer=_begin, initargs=(parts, language())) as pool:
        for written in [pool.submit(_write, number) for number in range(len(parts))]:
            written.result()


def _begin(parts: Sequence[Part], lang: Lang) -> None:
    global _task
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent answers Ctrl-C
    _task = (parts, lang)


def _write(number: int) -> None:
    parts, lang = _task
    with speaking(lang):
        parts[number]()
