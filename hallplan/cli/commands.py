"""The commands, each a thin shell over one public function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from hallplan import __version__
from hallplan.cli import (
    chapters,
    check,
    config,
    doctor,
    drill,
    init,
    inspect,
    layout,
    monitor,
    report,
    signs,
    staff,
    windows,
)
from hallplan.cli.calls import Commands
from hallplan.cli.common import cli_language, register
from hallplan.terms import speaking, text

COMMANDS: dict[str, Callable[..., int]] = {
    "init": init.init,
    "inspect": inspect.inspect,
    "windows": windows.windows,
    "layout": layout.layout,
    "items": chapters.items,
    "equip": chapters.equip,
    "systems": chapters.systems,
    "signs": signs.signs,
    "check": check.check,
    "monitor": monitor.monitor,
    "staff": staff.staff,
    "report": report.report,
    "drill": drill.drill,
    "config": config.config,
    "doctor": doctor.doctor,
}


def _main(version: Annotated[bool, typer.Option("--version", "-V", is_eager=True)] = False) -> None:
    if version:
        typer.echo(f"hallplan {__version__}")
        raise typer.Exit


def _make_app() -> typer.Typer:
    with speaking(cli_language()):
        made = typer.Typer(
            name="hallplan",
            cls=Commands,
            help=text("cli.help_hallplan"),
            no_args_is_help=True,
            context_settings={"help_option_names": ["-h", "--help"]},
            pretty_exceptions_enable=False,
            rich_markup_mode=None,  # plain help: loading rich would double the time to the first line
        )
        made.callback()(_main)
        for name, function in COMMANDS.items():
            register(made, name, function)
    return made


app = _make_app()
