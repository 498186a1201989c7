"""The commands, each a thin shell over one public function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer

from hallplan import __version__
from hallplan.cli.calls import Commands
from hallplan.cli.common import cli_language, register
from hallplan.terms import speaking, text

COMMANDS = {
    "init": "init", "inspect": "inspect", "windows": "windows", "layout": "layout", "items": "chapters",
    "equip": "chapters", "systems": "chapters", "signs": "signs", "check": "check", "monitor": "monitor",
    "staff": "staff", "report": "report", "drill": "drill", "config": "config", "doctor": "doctor",
}  # fmt: skip
"""The module of each command; its function has the command's name."""


def _main(version: Annotated[bool, typer.Option("--version", "-V", is_eager=True)] = False) -> None:
    if version:
        typer.echo(f"hallplan {__version__}")
        raise typer.Exit


def make_app(names: Iterable[str] = tuple(COMMANDS)) -> typer.Typer:
    """Returns the command line with some of the commands: a call loads only the one that it names."""
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
        for name in names:
            function: Callable[..., int] = getattr(import_module(f"hallplan.cli.{COMMANDS[name]}"), name)
            register(made, name, function)
    return made


if TYPE_CHECKING:
    app: typer.Typer
else:

    def __getattr__(name: str) -> object:
        """The command line with all commands, made when it is asked for."""
        if name == "app":
            return make_app()
        raise AttributeError(name)
