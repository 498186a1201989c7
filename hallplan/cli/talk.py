"""What the user is told: stdout carries the result, stderr the talk."""

from __future__ import annotations

import json
import locale
import logging
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from contextvars import ContextVar
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from hallplan.caches import has_compiled
from hallplan.errors import HallplanError
from hallplan.terms import Lang, text

if TYPE_CHECKING:
    from rich.console import Console

    from hallplan.model.layout import StoppedBy

SCHEMA = 1


def system_language(environ: dict[str, str] | None = None) -> Lang:
    """Returns the language of the command line: Chinese unless the system's language is another."""
    environ = dict(os.environ) if environ is None else environ
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            break
    else:
        value = (locale.getlocale()[0] or "") if sys.platform == "win32" else ""
    tag = value.lower()
    return "zh" if tag.startswith(("zh", "chinese", "c.", "posix")) or tag in ("", "c") else "en"


def console(*, is_error: bool = False) -> Console:
    """Returns a console that respects NO_COLOR and the terminal's width; 110 columns in a pipe."""
    from rich.console import Console

    stream = sys.stderr if is_error else sys.stdout
    width = None if stream.isatty() else 110
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def print_json(result: dict[str, object]) -> None:
    """Prints a machine-readable result, alone on stdout."""
    sys.stdout.write(json.dumps({"schema": SCHEMA, **result}, ensure_ascii=False, indent=1) + "\n")


def print_error(error: HallplanError) -> None:
    """Prints each fault: where, what was found, what was expected, what to do."""
    for fault in error.faults:
        print(f"{text('cli.error')} {fault}", file=sys.stderr)
    if not error.faults:
        print(f"{text('cli.error')} {error}", file=sys.stderr)


_IS_HUSHED: ContextVar[bool] = ContextVar("is_hushed", default=False)


@contextmanager
def hushed(*, is_quiet: bool) -> Iterator[None]:
    """Keeps results and warnings from a user who wants errors and the exit code alone."""
    if not is_quiet:
        yield
        return
    token = _IS_HUSHED.set(True)
    try:
        with Path(os.devnull).open("w", encoding="utf-8") as nothing, redirect_stdout(nothing):
            yield
    finally:
        _IS_HUSHED.reset(token)


def print_warnings(warnings: Sequence[str], *, is_verbose: bool, most: int = 8) -> None:
    """Prints warnings on stderr, the first few of them unless asked for all."""
    if _IS_HUSHED.get():
        return
    shown = warnings if is_verbose else warnings[:most]
    for warning in shown:
        print(f"{text('cli.warning')} {warning}", file=sys.stderr)
    if len(shown) < len(warnings):
        print(text("cli.more_warnings", count=len(warnings) - len(shown)), file=sys.stderr)


def print_timings(seconds: dict[str, float]) -> None:
    """Prints the time of each stage on stderr."""
    for stage, value in seconds.items():
        print(f"  {text(f'cli.stage_{stage}'):<16}{value:8.2f} s", file=sys.stderr)
    print(f"  {text('cli.stage_total'):<16}{sum(seconds.values()):8.2f} s", file=sys.stderr)


@contextmanager
def libraries_heard(*, is_verbose: bool) -> Iterator[None]:
    """Keeps what libraries log and warn of from the user's stderr unless asked for."""
    handler = logging.StreamHandler() if is_verbose else logging.NullHandler()
    logging.getLogger().addHandler(handler)
    logging.captureWarnings(capture=True)
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        logging.getLogger().removeHandler(handler)


class Progress:
    """A line per stage on a terminal's stderr, before them that the first run takes longer; nothing in a pipe or when quiet."""

    def __init__(self, *, is_quiet: bool) -> None:
        self._is_on = sys.stderr.isatty() and not is_quiet
        self._is_first = self._is_on and not has_compiled()
        self._stage = ""
        self._begin = 0.0

    def __call__(self, stage: str) -> None:
        """Closes the line of the stage before and opens that of `stage`; the same stage again adds to its line."""
        if not self._is_on or stage == self._stage:
            return
        self.close()
        if self._is_first:
            sys.stderr.write(f"  {text('cli.compiles_once')}\n")
            self._is_first = False
        self._stage, self._begin = stage, time.perf_counter()
        sys.stderr.write(f"  {text(f'cli.stage_{stage}')} …")
        sys.stderr.flush()

    def close(self) -> None:
        """Ends the open line with its time."""
        if self._is_on and self._stage:
            seconds = time.perf_counter() - self._begin
            sys.stderr.write(f"\r✓ {text(f'cli.stage_{self._stage}')}  {seconds:.1f} s\x1b[K\n")
            self._stage = ""


class Interrupt:
    """The first Ctrl-C within a search ends the search with the best so far; any other ends the run."""

    def __init__(self) -> None:
        self._is_searching = False
        self.is_set = False

    @contextmanager
    def searching(self) -> Iterator[None]:
        """Marks a search."""
        self._is_searching = True
        try:
            yield
        finally:
            self._is_searching = False

    def stop(self) -> StoppedBy | None:
        """Returns why the search should stop now, if it should."""
        return "interrupt" if self.is_set else None

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Takes over Ctrl-C for the block."""
        earlier = signal.signal(signal.SIGINT, self._on_signal)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, earlier)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        # set in any case: a library that swallows what is raised here goes on, but only until the search
        was_set, self.is_set = self.is_set, True
        if was_set or not self._is_searching:
            raise KeyboardInterrupt
        print(text("cli.stopping"), file=sys.stderr)
