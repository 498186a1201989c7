"""Calls that the command line itself refuses, told in the user's language and in the form of every other error."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any

import typer
from typer.core import TyperGroup

from hallplan.cli.talk import print_error
from hallplan.errors import UsageError
from hallplan.terms import read_data, speaking, text

REFUSED: type[Exception] = typer.BadParameter.__mro__[1]
"""The library's own class for a wrong call; it has no public name in every version."""


class Commands(TyperGroup):
    """The group of commands, whose refusals are ours."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Runs the call and exits with its code; a wrong call exits with 2 and one line of what is wrong."""
        call = partial(super().main, args, prog_name, complete_var, False, windows_expand_args, **extra)
        if not standalone_mode:
            return call()
        try:
            code = call()
        except REFUSED as error:
            from hallplan.cli.common import cli_language

            if type(error).__name__ == "NoArgsIsHelpError":
                print(error, file=sys.stderr)
                sys.exit(UsageError.exit_code)
            with speaking(cli_language()):
                print_error(refusal_of(error))
            sys.exit(UsageError.exit_code)
        except typer.Abort:
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)


def refusal_of(error: Exception) -> UsageError:
    """Returns the library's refusal of a call as ours; one that is not known keeps its own words."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "hallplan"
    said = error.format_message() if hasattr(error, "format_message") else str(error)
    return _told(command, said.replace("Value error, ", ""))


def _told(command: str, said: str) -> UsageError:
    help_text = text("calls.see_help", command=command)
    for key, pattern in read_data("calls.toml")["patterns"].items():
        if found := re.fullmatch(pattern, said, re.DOTALL):
            parts = {name: (value or "").replace("'", "").strip(' .?"()') for name, value in found.groupdict().items()}
            words = text(f"calls.{key}", **parts)
            return UsageError(*UsageError.at(command, words, _meant(parts), help_text).faults)
    return UsageError(*UsageError.at(command, said, remedy=help_text).faults)


def _meant(parts: dict[str, str]) -> str:
    """What the user may have meant."""
    return text("calls.meant", names=parts["meant"]) if parts.get("meant") else ""
