"""hallplan monitor: figures and advice from queue logs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hallplan.cli.common import Call, load_compiler, uncollected
from hallplan.cli.monitor_talk import print_figures
from hallplan.cli.saved import settings_in
from hallplan.cli.talk import SCHEMA, print_error, print_json, print_timings, print_warnings
from hallplan.errors import InputError, UsageError
from hallplan.terms import speaking, text

if TYPE_CHECKING:
    from hallplan.model.log import QueueLog
    from hallplan.model.monitor import Board, Figures, PeopleCount, Review
    from hallplan.model.plan import Plan
    from hallplan.pipeline import Run
    from hallplan.settings import Settings
    from hallplan.write.store import Stored

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xls")
PAUSE_S = 1.0
FILES = ("monitor.html", "monitor.json")


@dataclass(frozen=True, slots=True)
class Ask:
    """What one run is about: logs, the project they belong to, whether all its history is reported, and where to."""

    logs: tuple[Path, ...]
    project: Path | None
    is_history: bool
    folder: Path | None
    settings: Settings
    reviews: Path | None = None
    counts: Path | None = None


def monitor(
    call: Call,
    logs: Annotated[list[Path] | None, typer.Argument(metavar="LOG...")] = None,
    belongs_to: Annotated[Path | None, typer.Option("--project", metavar="FOLDER")] = None,
    history: Annotated[bool, typer.Option("--history")] = False,
    watch: Annotated[Path | None, typer.Option("--watch", metavar="FOLDER")] = None,
    reviews: Annotated[Path | None, typer.Option("--reviews", metavar="FILE")] = None,
    counts: Annotated[Path | None, typer.Option("--counts", metavar="FILE")] = None,
    once: Annotated[bool, typer.Option("--once")] = False,
) -> int:
    """Prints the figures of queue logs and what to change; keeps them in the project's database; writes the page."""
    if not logs and not history and not watch:
        raise UsageError.at("LOG", text("cli.monitor_no_log"), remedy=text("cli.monitor_give_log"))
    if history and belongs_to is None:
        raise UsageError.at("--history", text("cli.monitor_no_project"), remedy="--project FOLDER")
    beside = belongs_to or (logs[0].parent if logs else watch or Path())
    settings = settings_in(call, beside)
    folder = call.output or (belongs_to / "out" if belongs_to else watch / "out" if watch else None)
    ask = Ask(tuple(logs or ()), belongs_to, history, folder, settings, reviews, counts)
    with speaking(settings.output.lang):
        if watch:
            return _watch(call, ask, watch, is_once=once)
        return _report(call, ask)


def _report(call: Call, ask: Ask) -> int:
    """One run: read, keep, measure, write, print."""
    run = call.run_without_search()
    with uncollected(), _compiler(run):
        log, stored = _gather(call, ask, run)
        figures, board = _made(ask, log, run)
        written = [] if call.dry_run else _write(call, ask, figures, board, log)
    run.finish()
    _print(call, run, log, figures, board, stored, written)
    return 0


@contextmanager
def _compiler(run: Run) -> Iterator[None]:
    load_compiler()
    with run.compiling_apart():
        yield


def _gather(call: Call, ask: Ask, run: Run) -> tuple[QueueLog, Stored | None]:
    """The tickets to report on, those of the logs kept in the project's database on the way."""
    from hallplan.operate import with_replay_note
    from hallplan.read.log import read_log
    from hallplan.read.store import read_history
    from hallplan.write.store import store_log

    stored = None
    if ask.logs:
        with run.stage("log"):
            log = read_log(ask.logs, ask.settings)
        if ask.project and not call.dry_run:
            if not ask.project.is_dir():
                raise InputError.at(
                    str(ask.project), text("project.absent"), text("project.expected"), text("project.init")
                )
            with run.stage("store"):
                stored = store_log(log, ask.project)
        if not ask.is_history:
            return with_replay_note(log), stored
    with run.stage("history"):
        return with_replay_note(read_history(ask.project or Path())), stored


def _made(ask: Ask, log: QueueLog, run: Run) -> tuple[Figures, Board]:
    from hallplan.operate import make_board, measure

    with run.stage("measure"):
        figures = measure(log)
    with run.stage("advise"):
        title = ask.settings.project.title or (ask.project.resolve().name if ask.project else "")
        title = title or text("board.title")
        return figures, make_board(
            log, figures, _plan(ask), ask.settings, title, reviews=_reviews(ask), counts=_counts(ask)
        )


def _reviews(ask: Ask) -> tuple[Review, ...]:
    if ask.reviews is None:
        return ()
    from hallplan.read.reviews import read_reviews

    return read_reviews(ask.reviews)


def _counts(ask: Ask) -> tuple[PeopleCount, ...]:
    if ask.counts is None:
        return ()
    from hallplan.read.counts import read_people_counts

    return read_people_counts(ask.counts)


def _plan(ask: Ask) -> Plan | None:
    """The project's plan, where it has one."""
    from hallplan.write.folder import PLAN_FILE

    path = ask.project / "out" / PLAN_FILE if ask.project else None
    if path is None or not path.is_file():
        return None
    from hallplan.read.plan import read_plan

    return read_plan(path)


def _result(figures: Figures, board: Board, log: QueueLog) -> dict[str, object]:
    from hallplan.operate import monitor_report

    return monitor_report(figures, log.notes, board)


def _write(call: Call, ask: Ask, figures: Figures, board: Board, log: QueueLog) -> list[Path]:
    """The page and the figures, where there is a folder for them; both or neither."""
    from hallplan.write.board import write_board
    from hallplan.write.folder import output_folder

    if ask.folder is None:
        return []
    with output_folder(ask.folder, force=call.force) as staging:
        write_board(board, staging / FILES[0])
        result = json.dumps({"schema": SCHEMA, **_result(figures, board, log)}, ensure_ascii=False, indent=1)
        (staging / FILES[1]).write_text(result + "\n", "utf-8", newline="\n")
    return [ask.folder / name for name in FILES]


def _print(
    call: Call, run: Run, log: QueueLog, figures: Figures, board: Board, stored: Stored | None, written: Sequence[Path]
) -> None:
    kept = text("store.added", added=stored.added, tickets=stored.tickets, total=stored.total) if stored else ""
    if call.as_json:
        more = {"files": [str(path) for path in written], "seconds": run.rounded_seconds}
        added = {"stored": {"added": stored.added, "total": stored.total}} if stored else {}
        print_json({**_result(figures, board, log), **more, **added})
    else:
        print_figures(figures, board)
        print_warnings(([kept] if kept else []) + [note.text for note in log.notes], is_verbose=call.verbose)
        for path in written:
            print(path)
    if call.timings:
        print_timings(run.rounded_seconds)


def _watch(call: Call, ask: Ask, inbox: Path, *, is_once: bool) -> int:
    """Reports again whenever logs arrive or change; a file that still grows is taken at the next look."""
    if not inbox.is_dir():
        raise InputError.at(str(inbox), text("project.absent"), remedy=text("cli.monitor_give_folder"))
    for paths in _arrivals(inbox, is_once=is_once):
        try:
            _report(call, replace(ask, logs=paths))
        except InputError as error:
            if is_once:
                raise
            print_error(error)
            if sound := _sound(paths, ask):
                _report(call, replace(ask, logs=sound))
    return 0


def _sound(paths: Sequence[Path], ask: Ask) -> tuple[Path, ...]:
    """The logs that can be read, when some of several cannot: one bad file keeps nobody from the rest."""
    from hallplan.read.log import read_log

    found = []
    for path in paths if len(paths) > 1 else ():
        with suppress(InputError):
            read_log([path], ask.settings)
            found.append(path)
    return tuple(found) if len(found) < len(paths) else ()


def _arrivals(inbox: Path, *, is_once: bool) -> Iterator[tuple[Path, ...]]:
    """Yields the logs of a folder each time they differ from the last time and have stood still for one look."""
    reported: dict[Path, tuple[int, int]] | None = None
    before = _seen(inbox)
    while True:
        if not is_once:
            time.sleep(PAUSE_S)
        now = _seen(inbox)
        if now == before and now != reported and now:
            yield tuple(sorted(now))
            reported = now
        before = now
        if is_once:
            return


def _seen(inbox: Path) -> dict[Path, tuple[int, int]]:
    found = {}
    for path in inbox.iterdir():
        if path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~$")):
            stat = path.stat()
            found[path] = stat.st_size, stat.st_mtime_ns
    return found
