"""Kinds of windows, from data/windows.toml, and the words that recognise them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from hallplan.terms import language, read_data, text


@dataclass(frozen=True, slots=True)
class WindowKind:
    """A kind of window: its zone type, counter pitch, plate letter and the number that policy asks for by level."""

    id: str
    zh: str
    en: str
    zone: str
    plate: str
    pitch_m: float
    sub_type: str = ""
    minimum: tuple[tuple[str, int], ...] = ()
    words: tuple[str, ...] = ()
    related: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name in the current language."""
        return self.zh if language() == "zh" else self.en

    def policy_minimum(self, level: str) -> int:
        """Windows that policy asks for at this level of government."""
        return dict(self.minimum).get(level, 0)


@cache
def window_kinds() -> dict[str, WindowKind]:
    """Returns the kinds of the catalogue by id."""
    kinds = {}
    for key, entry in read_data("windows.toml")["kinds"].items():
        minimum = tuple(entry.get("minimum", {}).items())
        lists = {name: tuple(entry.get(name, ())) for name in ("words", "related")}
        kinds[key] = WindowKind(id=key, **{**entry, **lists, "minimum": minimum})
    return kinds


def special_kind(*clues: str) -> WindowKind | None:
    """Returns the specialist kind that the first telling clue names, or None."""
    special = [kind for kind in window_kinds().values() if kind.zone == "window_special"]
    return _first(special, clues)


def any_kind(*clues: str) -> WindowKind | None:
    """Returns the kind of any sort that the first telling clue names, or None."""
    kinds = list(window_kinds().values())
    return _first([kind for kind in kinds if kind.zone != "window_general"], clues) or _first(kinds, clues)


def other_kind(name: str, number: int) -> WindowKind:
    """Returns a specialist kind that the catalogue does not list, the `number`th of the plan from 0."""
    data: dict[str, Any] = read_data("windows.toml")["other"]
    letters = data["plates"]
    plate = letters[number % len(letters)] * (1 + number // len(letters))
    title = text("windows.other_name", name=name)
    return WindowKind(f"other_{number + 1}", title, title, data["zone"], plate, data["pitch_m"], sub_type=name)


def _first(kinds: list[WindowKind], clues: Iterable[str]) -> WindowKind | None:
    for clue in clues:
        lowered = clue.lower()
        for kind in kinds:
            if lowered and any(word in lowered for word in kind.words):
                return kind
    return None
