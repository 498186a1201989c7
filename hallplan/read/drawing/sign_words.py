"""What the attributes of a sign's block say, whoever named them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hallplan.read.drawing.vocabulary import first_match, matches, sizes
from hallplan.units import MM_PER_M

Tags = Mapping[str, str]
"""Values by tag, in capitals."""

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(mm|cm|m|毫米|厘米|米)?", re.IGNORECASE)
_LINE = re.compile(r"[\s_\-]*\d+$")
_PER_M = {"mm": 1e-3, "毫米": 1e-3, "cm": 1e-2, "厘米": 1e-2, "m": 1.0, "米": 1.0}
_KNOWN = ("zh", "en", "back", "char", "height", "mount", "faces", "facing", "arrow", "skip")
_READABLE_M = 20.0
"""A height without a unit that is more than this is in mm."""


def worded(tags: Tags, key: str, more: Sequence[str] = ()) -> tuple[str, str]:
    """Returns the text of the first attribute of a list that has one, its lines joined, and the attribute; ("", "")."""
    for wanted in (*more, *sizes("signs")[key]):
        lines = [value for tag, value in tags.items() if _base(tag) == wanted.upper() or tag == wanted.upper()]
        if words := " ".join(line for line in lines if line):
            return words, wanted
    return "", ""


def guessed(tags: Tags) -> tuple[str, str]:
    """Returns words that stand in attributes of unknown names, with the first of these; ("", "") for none."""
    known = {wanted.upper() for key in _KNOWN for wanted in sizes("signs")[key]}
    found = [
        (tag, value) for tag, value in tags.items() if _base(tag) not in known and tag not in known and says(value)
    ]
    found = [(tag, value) for tag, value in found if not is_type(value) and not first_match("signs_mount", value)]
    return (" ".join(value for _, value in found), found[0][0]) if found else ("", "")


def says(words: str) -> bool:
    """Returns whether a value reads as words on a sign: Chinese characters, an arrow or a place in English."""
    plain = with_arrows(words)
    return any("CJK" in unicodedata.name(c, "") for c in plain) or bool(set(plain) & set("↑←→")) or is_place(plain)


def is_place(words: str) -> bool:
    """Returns whether words name a place that signs lead to."""
    return matches("signs", "places", words)


def is_type(words: str) -> bool:
    """Returns whether words are what kind of sign it is and not what it says."""
    return matches("signs", "blocks", words) and not matches("signs", "exits", words)


def with_arrows(words: str) -> str:
    """Returns words with arrows as we write them."""
    for ours, others in sizes("signs")["arrows"].items():
        for other in others:
            words = words.replace(other, ours)
    return words


def sides(chinese: Iterable[str]) -> tuple[str, str]:
    """Returns lines of a face as Chinese and as English: lines without a Chinese character are English where others have some."""
    lines = [line for line in chinese if line.strip()]
    latin = [line for line in lines if line.isascii() and any(c.isalpha() for c in line)]
    if len(latin) == len(lines):
        return " ".join(lines), ""
    return " ".join(line for line in lines if line not in latin), " ".join(latin)


def character_and_mount(tags: Tags) -> tuple[float, float]:
    """Returns the height of characters, mm, and of the sign, m; 0 for what is not said. What is too low to walk under is the former."""
    least = sizes("signs")["least_mount_m"]
    char = _metres(worded(tags, "char")[0], is_char=True)
    height = _metres(worded(tags, "height")[0])
    if 0 < height < least:
        char, height = char or height, 0.0
    return round(char * MM_PER_M, 3), height


def _metres(words: str, *, is_char: bool = False) -> float:
    found = _NUMBER.search(words)
    if not found:
        return 0.0
    value, unit = float(found[1]), (found[2] or "").lower()
    if unit:
        return value * _PER_M[unit]
    return value / MM_PER_M if value > (2.0 if is_char else _READABLE_M) else value


def facing(tags: Tags) -> float | None:
    """Returns where the face looks in the drawing, degrees from east anticlockwise, None where no attribute says so."""
    for words in _values(tags, "facing"):
        if direction := first_match("signs_facing", words):
            return float(direction)
        if re.fullmatch(r"-?\d+(?:\.\d+)?\s*°?", words):
            return float(words.rstrip("° ")) % 360.0
    return None


def arrow(tags: Tags) -> str:
    """Returns the arrow that an attribute of its own tells, "" for none."""
    return next((found for words in _values(tags, "arrow") if (found := first_match("signs_arrow", words))), "")


def _values(tags: Tags, key: str) -> Iterator[str]:
    for wanted in sizes("signs")[key]:
        if words := tags.get(wanted.upper(), ""):
            yield words


def _base(tag: str) -> str:
    return _LINE.sub("", tag)
