"""What every command shares: its options, its errors, its exit codes."""

from __future__ import annotations

import errno
import gc
import inspect
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from hallplan.cli.talk import Interrupt, Progress, hushed, libraries_heard, print_error, system_language
from hallplan.errors import HallplanError, OutputError, SettingsError, UsageError
from hallplan.late import without
from hallplan.terms import Lang, speaking, text

if TYPE_CHECKING:
    from hallplan.pipeline import Run
    from hallplan.read.project import ProjectFiles
    from hallplan.settings import Settings

EXIT_FINDINGS = 1
EXIT_INTERRUPTED = 130
EXIT_DEFECT = 70
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""Where a disk or a quota ends while results are printed."""


class LangOption(StrEnum):
    """Languages of documents and talk."""

    zh = "zh"
    en = "en"


@dataclass(frozen=True, slots=True)
class Call:
    """The options that mean the same in every command."""

    as_json: bool
    output: Path | None
    quiet: bool
    verbose: bool
    dry_run: bool
    force: bool
    lang: LangOption | None
    seed: int | None
    jobs: int
    seconds: float | None
    timings: bool
    debug: bool
    date: str | None

    @property
    def flags(self) -> dict[str, Any]:
        """Settings given as options, nested as in hallplan.toml."""
        flags: dict[str, Any] = {}
        if self.lang:
            flags["output"] = {"lang": self.lang.value}
        if self.date:
            flags.setdefault("output", {})["date"] = self.date
        place = {key: value for key, value in (("seed", self.seed), ("seconds", self.seconds)) if value is not None}
        return flags | ({"place": place} if place else {})

    def document_language(self, files: ProjectFiles) -> Lang:
        """Returns the language of documents: --lang > environment > hallplan.toml > Chinese."""
        from hallplan.pipeline import effective_settings

        return effective_settings(files, self.flags)[0].output.lang

    def document_date(self, settings: Settings) -> str:
        """Returns the date that documents carry: --date or output.date, else SOURCE_DATE_EPOCH, else today."""
        from hallplan.settings import FILE_NAME

        if given := settings.output.date:
            if not is_date(given):
                place = f"{FILE_NAME}, output.date"
                raise SettingsError.at(place, text("calls.date", value=given), text("calls.date_form"))
            return given
        epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
        return (
            datetime.fromtimestamp(int(epoch), UTC).date() if epoch.isdigit() else datetime.now().date()
        ).isoformat()

    def run(self, interrupt: Interrupt) -> Run:
        """Returns how the stages talk and stop in this call."""
        from hallplan.pipeline import Run

        progress = Progress(is_quiet=self.quiet or self.as_json)
        return Run(progress, progress.close, interrupt.stop, interrupt.searching, self.jobs)

    def run_without_search(self) -> Run:
        """Returns how the stages talk in a command that has nothing to search."""
        return self.run(Interrupt())


def _option(name: str, kind: Any, default: Any, *flags: str, **more: Any) -> inspect.Parameter:
    help_text = text(f"cli.option_{name}")
    annotation = Annotated[kind, typer.Option(*flags, help=help_text, **more)]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def common_options() -> tuple[inspect.Parameter, ...]:
    """Returns the options of every command, their help in the current language."""
    return (
        _option("as_json", bool, False, "--json"),
        _option("output", Path | None, None, "-o", "--output", metavar="DIR"),
        _option("quiet", bool, False, "-q", "--quiet"),
        _option("verbose", bool, False, "-v", "--verbose"),
        _option("dry_run", bool, False, "-n", "--dry-run"),
        _option("force", bool, False, "--force"),
        _option("lang", LangOption | None, None, "--lang"),
        _option("seed", int | None, None, "--seed", min=0),
        _option("jobs", int, os.cpu_count() or 1, "--jobs", min=1, show_default=False),
        _option("seconds", float | None, None, "--seconds", min=0.1),
        _option("timings", bool, False, "--timings"),
        _option("debug", bool, False, "--debug", hidden=True),
        _option("date", str | None, None, "--date", metavar="YYYY-MM-DD"),
    )


def cli_language() -> Lang:
    """Returns the language of the talk: --lang where given, else the system's."""
    for i, argument in enumerate(sys.argv[1:], 1):
        if argument in ("--lang=zh", "--lang=en"):
            return "en" if argument.endswith("en") else "zh"
        if argument == "--lang" and sys.argv[i + 1 : i + 2] in (["zh"], ["en"]):
            return "en" if sys.argv[i + 1] == "en" else "zh"
    return system_language()


def register(app: typer.Typer, name: str, function: Callable[..., int]) -> None:
    """Adds a command: `function(call, **own)` returns the exit code; the common options are added to its own."""
    shared = common_options()
    own = [_with_help(p) for p in inspect.signature(function, eval_str=True).parameters.values() if p.name != "call"]
    names = {field.name for field in fields(Call)}

    def command(**given: Any) -> None:
        call = Call(**{key: given.pop(key) for key in names})
        with speaking(cli_language()), libraries_heard(is_verbose=call.verbose):
            raise typer.Exit(_guarded(call, function, given))

    parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own] + list(shared)
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in parameters}
    app.command(name, help=text(f"cli.help_{name}"), epilog=text(f"cli.example_{name}"))(command)


def _with_help(parameter: inspect.Parameter) -> inspect.Parameter:
    """Gives a command's own option or argument its help in the current language."""
    kind, info = get_args(parameter.annotation)
    info = copy(info)
    info.help = text(f"cli.option_{parameter.name}")
    return parameter.replace(annotation=Annotated[kind, info])


def _guarded(call: Call, function: Callable[..., int], given: dict[str, Any]) -> int:
    """Runs a command and turns what it raises into one message and an exit code."""
    if call.debug:
        return function(call, **given)
    try:
        require_sound(call)
        with hushed(is_quiet=call.quiet and not call.as_json):
            return function(call, **given)
    except HallplanError as error:
        print_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        print(text("cli.interrupted"), file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        if error.errno not in FULL:
            return _defect(error)
        reason = text("folder.cannot_write", reason=error.strerror)
        full = OutputError.at(str(error.filename or text("cli.stdout")), reason, remedy=text("folder.elsewhere"))
        print_error(full)
        return full.exit_code
    except MemoryError:
        print(text("cli.no_memory"), file=sys.stderr)
        return EXIT_DEFECT
    except Exception as error:
        return _defect(error)


def _defect(error: Exception) -> int:
    print(text("cli.defect", kind=type(error).__name__, message=error), file=sys.stderr)
    return EXIT_DEFECT


def load_compiler() -> None:
    """Loads numba, without scipy's linear algebra that it looks for and none of our loops calls: a fifth of a second."""
    with without("scipy"), suppress(ImportError):
        import_module("numba.np.arraymath")


@contextmanager
def uncollected() -> Iterator[None]:
    """Keeps the collector of reference cycles out of one run, whose objects live to its end: a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def is_date(given: str) -> bool:
    """Whether a text is a date of the calendar as YYYY-MM-DD."""
    try:
        return date.fromisoformat(given).isoformat() == given
    except ValueError:
        return False


def require_sound(call: Call) -> None:
    """Raises UsageError when -q and -v are given together or --date is no date."""
    if call.date is not None and not is_date(call.date):
        raise UsageError.at("--date", text("calls.date", value=call.date), text("calls.date_form"))
    if call.quiet and call.verbose:
        raise UsageError.at("-q, -v", text("cli.quiet_and_verbose"))
