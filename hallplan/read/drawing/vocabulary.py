"""Words and sizes of data/recognition.toml, compiled once."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from hallplan.terms import read_data


@cache
def sizes(section: str) -> dict[str, Any]:
    """Returns one section of the recognition data."""
    return dict(read_data("recognition.toml")[section])


@cache
def pattern(section: str, name: str) -> re.Pattern[str]:
    """Returns one word list as a single pattern that ignores case."""
    words = sizes(section)[name]
    return re.compile(words if isinstance(words, str) else "|".join(f"(?:{word})" for word in words), re.IGNORECASE)


def matches(section: str, name: str, words: str) -> bool:
    """Returns whether `words` holds one of the list's expressions."""
    return pattern(section, name).search(words) is not None


@cache
def first_match(section: str, words: str) -> str:
    """Returns the name of the first list of a section that matches, or ""."""
    for name, value in sizes(section).items():
        if isinstance(value, list) and value and isinstance(value[0], str) and matches(section, name, words):
            return name
    return ""


def span(section: str, name: str) -> tuple[float, float]:
    """Returns a range of sizes in metres."""
    low, high = sizes(section)[name]
    return float(low), float(high)
