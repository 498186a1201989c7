"""What is told while stages run."""

from __future__ import annotations

import io
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from hallplan.cli.talk import Interrupt, Progress
from hallplan.terms import speaking, text


class Terminal(io.StringIO):
    """What is written to a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("is_compiled", [False, True])
def test_the_first_run_says_once_that_it_compiles(
    is_compiled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four minutes of a stage without a word look like a program that hangs."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    if is_compiled:
        (tmp_path / "place").mkdir()
        (tmp_path / "place" / "search.py311.nbi").touch()
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with speaking("en"):
        progress = Progress(is_quiet=False)
        progress("windows")
        progress("place")
        progress.close()
        assert terminal.getvalue().count(text("cli.compiles_once")) == (0 if is_compiled else 1)
        assert text("cli.stage_place") in terminal.getvalue()


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_an_interrupt_that_is_swallowed_ends_the_search_that_follows() -> None:
    """Before the search a library may catch what is raised: the run went on as if nobody had asked it to end."""
    interrupt = Interrupt()
    with interrupt.installed():
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with interrupt.searching():
            assert interrupt.stop() == "interrupt"
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
