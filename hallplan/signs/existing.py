"""Signs that hang already: which places of the plan their words name, and with which arrows."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hallplan.model.catalogue import zone_types
from hallplan.model.layout import Layout
from hallplan.model.programme import Programme
from hallplan.model.signs import Sign
from hallplan.model.site import DrawnSign, Site
from hallplan.signs.naming import make_sign
from hallplan.signs.words import ARROWS
from hallplan.terms import read_data

_ARROW = {drawn: arrow for arrow, drawn in ARROWS.items() if arrow != "back"}
Says = dict[str, str]
"""Place named: arrow."""


def existing_signs(site: Site, programme: Programme, layout: Layout) -> list[Sign]:
    """Returns the signs of the drawing as signs of the plan, with the zones and ways out that their words name.

    A sign that names no place of this plan says nothing, and crowds others all the same.
    """
    words = _words(programme, layout)
    return [_sign(drawn, words) for drawn in site.signs]


def without_those_there(signs: Iterable[Sign], hung: Sequence[Sign]) -> list[Sign]:
    """Returns the signs in whose stead none hangs already that names the same near by, looking about the same way."""
    near = float(read_data("signs.toml")["existing"]["near_m"])
    return [sign for sign in signs if not any(_stands_for(other, sign, near) for other in hung)]


def _stands_for(hung: Sign, sign: Sign, near_m: float) -> bool:
    if hung.floor != sign.floor or not set(sign.names) <= set(hung.names) or any(hung.arrows):
        return False
    turn = abs((hung.facing_deg - sign.facing_deg + 180.0) % 360.0 - 180.0)
    looks_so = turn <= 45.0 or (hung.is_double and turn >= 135.0)
    return looks_so and hung.kind == sign.kind and math.dist(hung.at, sign.at) <= near_m


def _words(programme: Programme, layout: Layout) -> list[tuple[str, tuple[str, ...]]]:
    """What places are called, the longest words first, with the goals that they stand for."""
    names = {zone.id: zone.name for zone in programme.zones}
    found: dict[str, list[str]] = {}
    for zone in layout.zones:
        kind, name = zone_types()[zone.type], names.get(zone.zone, "")
        more = read_data("signs.toml")["existing"]["words"].get(zone.type, [])
        held = {piece.window for piece in layout.furniture if piece.zone == zone.zone and piece.window}
        for word in (name, kind.zh, kind.en, *more, *_shorter(name), *_shorter(kind.zh), *_listed(name), *sorted(held)):
            if word and zone.zone not in found.setdefault(word.casefold(), []):
                found[word.casefold()].append(zone.zone)
    for word in read_data("signs.toml")["existing"]["way_out"]:
        found[word.casefold()] = ["door:main", "door:second"]
    return [(word, tuple(found[word])) for word in sorted(found, key=lambda word: (-len(word), word))]


def _shorter(name: str) -> tuple[str, ...]:
    """A name without its last character, as signs often have it: 取号 for 取号区."""
    return (name[:-1],) if len(name) > 2 and name.endswith(("区", "角", "室")) else ()


def _listed(name: str) -> tuple[str, ...]:
    """What a name lists in brackets, as signs have single ones: 税务 of 专业窗口区（婚姻登记、税务等）."""
    _, bracket, listed = name.rstrip("）)").replace("(", "（").partition("（")
    parts = (part.removesuffix("等").strip() for part in re.split("[、,，/]", listed)) if bracket else ()
    return tuple(part for part in parts if len(part) > 1)


def said(text: str, words: Sequence[tuple[str, tuple[str, ...]]]) -> Says:
    """Returns the places that a sign's text names, with their arrows ("" for none).

    An arrow holds for the names after it, or for those before it where the text begins with a name.
    """
    parts = [part for part in re.split(f"([{''.join(_ARROW)}])", text) if part.strip()]
    is_leading = bool(parts) and parts[0] in _ARROW
    says: Says = {}
    arrow = ""
    for part in parts if is_leading else parts[::-1]:
        if part in _ARROW:
            arrow = _ARROW[part]
        else:
            says |= {goal: arrow for goal in _named(part, words) if goal not in says}
    return says


def _named(text: str, words: Sequence[tuple[str, tuple[str, ...]]]) -> Iterator[str]:
    """The goals of the words that a piece of text holds; of words inside others only the longer counts."""
    left = text.casefold()
    for word, goals in words:
        if word in left:
            left = left.replace(word, "\n")
            yield from goals


def _sign(drawn: DrawnSign, words: Sequence[tuple[str, tuple[str, ...]]]) -> Sign:
    front = said(drawn.text_zh, words) or said(drawn.text_en, words)
    back = said(drawn.back_zh, words)
    kind = _kind(front, drawn)
    more: Mapping[str, object] = {
        key: value
        for key, value in (("char_mm", drawn.char_mm), ("height_m", drawn.height_m), ("mount", drawn.mount))
        if value
    }
    return make_sign(
        kind, drawn.floor, drawn.at, drawn.facing_deg, (drawn.text_zh, drawn.text_en), tuple(front),
        arrows=tuple(front.values()), is_double=drawn.is_double, is_existing=True,
        back_zh=drawn.back_zh, back_names=tuple(back), back_arrows=tuple(back.values()), **more,
    )  # fmt: skip


def _kind(says: Says, drawn: DrawnSign) -> str:
    """The kind whose sizes a sign has where the block does not say."""
    if any(says.values()):
        return "direction" if drawn.mount in ("", "hung") else "fixed"
    if says and all(goal.startswith("door:") for goal in says):
        return "exit"
    return "board" if len(says) >= read_data("signs.toml")["existing"]["board_names"] else "zone"
