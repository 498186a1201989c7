"""Words and texts in Chinese and English, from data/terms.toml and data/messages/*.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Lang = Literal["zh", "en"]

_language: ContextVar[Lang] = ContextVar("hallplan_language", default="zh")


def language() -> Lang:
    """Returns the language that texts are made in."""
    return _language.get()


@contextmanager
def speaking(lang: Lang) -> Iterator[None]:
    """Makes texts in `lang` within the block."""
    token = _language.set(lang)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def read_data(name: str) -> dict[str, Any]:
    """Returns one of the package's own TOML files, `name` relative to hallplan/data."""
    return tomllib.loads(files("hallplan").joinpath("data", name).read_text("utf-8"))


@cache
def _messages(room: str) -> dict[str, dict[str, str]]:
    return read_data(f"messages/{room}.toml")


def text(key: str, /, **values: object) -> str:
    """Returns the text `room.name` in the current language with `values` filled in.

    Raises KeyError when the text or one of its values is missing, which the tests look for.
    """
    room, name = key.split(".", 1)
    return _messages(room)[name][language()].format(**values)


def characters_of(*rooms: str) -> set[str]:
    """Returns the characters of all texts of some rooms in the current language."""
    return {one for room in rooms for said in _messages(room).values() for one in said[language()]}


def word(group: str, name: str) -> str:
    """Returns the word for `name` of a group of data/terms.toml (roles, units, networks…) in the current language."""
    return str(read_data("terms.toml")[group][name][language()])


def aliases(group: str, name: str) -> tuple[str, ...]:
    """Returns every spelling of `name` that a reader accepts, the preferred Chinese one first."""
    entry = read_data("terms.toml")[group][name]
    return (entry["zh"], entry["en"], *entry.get("aliases", ()))


def aliases_of_columns(sheet: str) -> dict[str, tuple[str, ...]]:
    """Returns every spelling of each column of a sheet of data/workbook.toml, the preferred Chinese one first."""
    entries = read_data("workbook.toml")["columns"][sheet]
    return {role: (entry["zh"], entry["en"], *entry.get("aliases", ())) for role, entry in entries.items()}


def listed(parts: Iterable[str]) -> str:
    """Returns words one after another as the current language sets them apart: 甲、乙 or a, b."""
    return ("、" if language() == "zh" else ", ").join(parts)


def in_turn(parts: Iterable[str]) -> str:
    """Returns clauses one after another as the current language sets them apart: 甲；乙 or a; b."""
    return ("；" if language() == "zh" else "; ").join(parts)


def clause_text(clause: str) -> str:
    """Returns the place of a requirement as the current language writes it; numbers of standards stay as they are."""
    if language() == "zh":
        return clause
    return _NOTES.sub(r"Compilation notes, chapter \1", clause).replace("、", ", ")


_NOTES = re.compile("《编制说明》第([0-9]+)章要点")
