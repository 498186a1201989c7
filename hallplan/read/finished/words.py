"""What words say: the zone a label names, the thing a block or layer names, a window's number."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from hallplan.terms import read_data

_NUMERALS = {char: n for n, char in enumerate("一二三四五六七八", 1)} | {"两": 2}
_AREA = re.compile(r"[0-9.,]+\s*(?:㎡|m²|m2|平方米|平米).*", re.IGNORECASE)


@cache
def rules() -> dict[str, Any]:
    """Returns sizes and patterns for shapes of data/finished.toml."""
    return dict(read_data("finished.toml")["shapes"])


def size(name: str) -> float:
    """Returns a length in metres, or an area or share, of data/finished.toml."""
    return float(rules()[name])


def span(name: str) -> tuple[float, float]:
    """Returns a range of lengths in metres of data/finished.toml."""
    low, high = rules()[name]
    return float(low), float(high)


@cache
def _compiled(section: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    lists = read_data("finished.toml")[section]
    return tuple((name, re.compile("|".join(words), re.IGNORECASE)) for name, words in lists.items())


@cache
def _pattern(name: str) -> re.Pattern[str]:
    words = rules()[name]
    return re.compile(words if isinstance(words, str) else "|".join(words), re.IGNORECASE)


def zone_in(words: str) -> str:
    """Returns the type of zone that a label names, "" when it names none or is a sentence, an arrow, a title."""
    name = zone_name(words)
    if not 1 < len(name) <= 24 or _pattern("noise").search(name) or number_in(name):
        return ""
    return next((kind for kind, pattern in _compiled("zone") if pattern.search(name)), "")


def zone_name(words: str) -> str:
    """Returns a label without the area written in it, on one line."""
    lines = (_AREA.sub("", line).strip(" :：()（）") for line in words.splitlines())
    return next((line for line in lines if line), "")


@cache
def thing_in(words: str) -> str:
    """Returns the kind of furniture that a name tells, "" when it tells none."""
    return next((kind for kind, pattern in _compiled("thing") if pattern.search(words)), "")


def is_thing(words: str) -> bool:
    """Returns whether a label is the name of a thing, not of a place where such things stand."""
    return bool(thing_in(words)) and not _pattern("place_names").search(words)


def number_in(words: str) -> str:
    """Returns the number of a service window in a text, "" when it is no such number."""
    found = _pattern("number").match(words.strip())
    return next((part for part in found.groups() if part), "").replace(" ", "").upper() if found else ""


def is_window(words: str, *, is_bare: bool) -> bool:
    """Returns whether a text is a service window's number; is_bare: a number that does not say window will do."""
    return bool(number_in(words)) and (is_bare or _pattern("window_words").search(words) is not None)


def is_low(words: str) -> bool:
    """Returns whether words tell of a low or accessible unit."""
    return _pattern("low_words").search(words) is not None


def seats_in(name: str, length_m: float) -> int:
    """Returns how many seats a row has, by its name, else by its length."""
    found = _pattern("seat_names").search(name)
    if found:
        return _NUMERALS.get(found[1]) or int(found[1])
    return max(1, round(length_m / size("seat_m"))) if length_m > 1.5 * size("seat_m") else 1
