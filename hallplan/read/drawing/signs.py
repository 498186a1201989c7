"""Signs that hang in the hall already: blocks, and words, on a layer or under a name that speaks of signs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import cache
from typing import Any

import shapely
from shapely.geometry import Point

from hallplan.dxf import APPID
from hallplan.model.site import DrawnSign, Floor, Guess
from hallplan.read.drawing import sign_words as words_of
from hallplan.read.drawing.load import Loaded
from hallplan.read.drawing.vocabulary import matches, sizes
from hallplan.settings import Drawing
from hallplan.terms import listed, text
from hallplan.units import round_m

_OUTSIDE_M = 1.0
"""Signs over doors may stand this far outside the outline."""
_MOST = 5_000
_GUESSED = ("guessed", "inside", "beside", "alone")


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign as it is drawn, in drawing units: `looks_deg` along the block's +y axis, `inside` the lines written in the block.

    name: of the block, "" for words alone on a layer of signs.
    """

    place: tuple[float, float]
    looks_deg: float
    tags: words_of.Tags
    inside: tuple[str, ...]
    name: str
    layer: str
    handle: str


def sign_marks(loaded: Loaded, settings: Drawing) -> tuple[Mark, ...]:
    """Returns the signs of a drawing in the order of the file; those that a plan of ours drew are no facts."""
    reader = _Reader(loaded, settings)
    space = loaded.document.modelspace()
    found = [mark for insert in space.query("INSERT") for mark in reader.inserts(insert, 0)]
    found += [mark for words in space.query("TEXT MTEXT") for mark in reader.alone(words)]
    return tuple(found[:_MOST])


class _Reader:
    def __init__(self, loaded: Loaded, settings: Drawing) -> None:
        self.loaded, self.settings = loaded, settings
        self._holds: dict[str, bool] = {}
        self._mend, self._named = cache(loaded.mend), cache(self._is_named)
        self._constants, self._inside = cache(self._constants_of), cache(self._inside_of)

    def inserts(self, insert: Any, depth: int) -> Iterator[Mark]:
        """The sign that a block is, else those among the blocks in it."""
        if insert.has_xdata(APPID):
            return
        block = str(insert.dxf.name)
        holds = self._holds_signs(block)
        if self._is_sign(insert) and not holds:
            matrix = insert.matrix44()
            place = float(matrix[3, 0]), float(matrix[3, 1])
            looks = math.degrees(math.atan2(float(matrix[1, 1]), float(matrix[1, 0])))
            name, layer = self._mend(block), self._mend(str(insert.dxf.layer))
            yield Mark(place, looks, self._tags(insert), self._inside(block), name, layer, str(insert.dxf.handle))
        elif holds and depth < sizes("signs")["deepest"]:
            for part in insert.virtual_entities():
                if part.dxftype() == "INSERT":
                    yield from self.inserts(part, depth + 1)

    def alone(self, words: Any) -> Iterator[Mark]:
        """Words on a layer of signs."""
        layer = self.loaded.mend(str(words.dxf.layer))
        if not matches("signs", "layers", layer) or words.has_xdata(APPID):
            return
        lines = self._lines(words)
        place = words.dxf.insert
        turn = float(words.get_rotation() if words.dxftype() == "MTEXT" else words.dxf.get("rotation", 0.0))
        yield Mark((place.x, place.y), turn + 90.0, {}, lines, "", layer, str(words.dxf.handle))

    def _is_sign(self, insert: Any) -> bool:
        return self._named(str(insert.dxf.name), str(insert.dxf.layer)) or any(
            self._mend(str(a.dxf.tag)).strip().upper() in sizes("signs")["tags"] for a in insert.attribs
        )

    def _is_named(self, block: str, layer: str) -> bool:
        """Whether the name of a block or its layer speaks of signs, or the settings say so."""
        name, layer = self._mend(block), self._mend(layer)
        chosen = any(fnmatch(one, wanted) for wanted in self.settings.sign_blocks for one in (name, layer))
        return chosen or matches("signs", "layers", layer) or matches("signs", "blocks", name)

    def _holds_signs(self, name: str) -> bool:
        """Whether a block has blocks in it that are signs, itself or further down."""
        if name not in self._holds:
            self._holds[name] = False  # a block that holds itself
            parts = [part for part in self._parts(name) if part.dxftype() == "INSERT"]
            self._holds[name] = any(self._is_part(part) or self._holds_signs(str(part.dxf.name)) for part in parts)
        return self._holds[name]

    def _is_part(self, insert: Any) -> bool:
        return self._is_sign(insert) and bool(self._tags(insert) or self._inside(str(insert.dxf.name)))

    def _parts(self, name: str) -> Any:
        return self.loaded.document.blocks.get(name) or ()

    def _tags(self, insert: Any) -> words_of.Tags:
        tags = dict(self._constants(str(insert.dxf.name)))
        for a in insert.attribs:
            words = a.plain_mtext() if a.has_embedded_mtext_entity else str(a.dxf.text)
            tags[self._mend(str(a.dxf.tag)).strip().upper()] = self.loaded.mend(words).strip()
        return tags

    def _constants_of(self, name: str) -> words_of.Tags:
        found = (part for part in self._parts(name) if part.dxftype() == "ATTDEF" and part.is_const)
        return {self._mend(str(a.dxf.tag)).strip().upper(): self.loaded.mend(str(a.dxf.text)).strip() for a in found}

    def _inside_of(self, name: str) -> tuple[str, ...]:
        parts = [part for part in self._parts(name) if part.dxftype() in ("TEXT", "MTEXT")]
        parts.sort(key=lambda part: (-round(part.dxf.insert.y, 3), part.dxf.insert.x))
        return tuple(line for part in parts for line in self._lines(part))

    def _lines(self, words: Any) -> tuple[str, ...]:
        plain = words.plain_text()
        return tuple(line.strip() for line in self.loaded.mend(plain).splitlines() if line.strip())


def drawn_signs(
    marks: Sequence[Mark], floors: Sequence[Floor], settings: Drawing
) -> tuple[tuple[DrawnSign, ...], tuple[Guess, ...]]:
    """Returns those that say something and stand on a floor, and what was guessed of them."""
    placed = [(mark, *spot) for mark, spot in _on_floors(marks, floors)]
    said = [(mark, _sign(mark, floor, at, settings)) for mark, floor, at in placed]
    blocks = [sign for mark, sign in said if mark.name]
    beside = float(sizes("signs")["beside_m"])
    found: dict[int, DrawnSign] = {n: sign for n, sign in enumerate(blocks) if sign.text_zh or sign.text_en}
    for mark, sign in said:
        if mark.name or not sign.text_zh:
            continue
        near = [(math.dist(other.at, sign.at), n) for n, other in enumerate(blocks) if other.floor == sign.floor]
        distance, n = min(near, default=(math.inf, -1))
        if distance <= beside and (n not in found or found[n].source == "beside"):
            before = found.get(n, blocks[n])
            both = f"{before.text_zh} {sign.text_zh}".strip()
            found[n] = replace(before, text_zh=both, confidence=sizes("signs")["sure"]["beside"], source="beside")
        elif distance > beside and _is_alone(mark):
            found[len(blocks) + len(found)] = sign
    signs = tuple(found[n] for n in sorted(found))
    return signs, tuple(_guesses(signs, {mark.handle: mark for mark in marks}))


def _is_alone(mark: Mark) -> bool:
    words = words_of.with_arrows(" ".join(mark.inside))
    has_arrow = bool(set(words) & set("↑←→"))
    return len(words) <= sizes("signs")["most_letters"] and (has_arrow or words_of.is_place(words))


def _on_floors(
    marks: Iterable[Mark], floors: Sequence[Floor]
) -> Iterator[tuple[Mark, tuple[Floor, tuple[float, float]]]]:
    """Each mark on the floor that it lies on; none when it lies on no floor, as one in a legend does."""
    outlines = {floor.id: floor.frame.to_drawing_m(floor.outline) for floor in floors}
    for outline in outlines.values():
        shapely.prepare(outline)
    for mark in marks:
        for floor in floors:
            at = floor.frame.to_plan(Point(mark.place))
            if outlines[floor.id].distance(floor.frame.to_drawing_m(at)) <= _OUTSIDE_M:
                yield mark, (floor, (round_m(at.x), round_m(at.y)))
                break


def _sign(mark: Mark, floor: Floor, at: tuple[float, float], settings: Drawing) -> DrawnSign:
    tags = mark.tags
    chinese, english, source, sure = _text(mark, settings)
    looks = words_of.facing(tags)
    char, height = words_of.character_and_mount(tags)
    back, mount = words_of.worded(tags, "back")[0], words_of.worded(tags, "mount")[0]
    is_double = matches("signs", "double", words_of.worded(tags, "faces")[0]) or bool(back) or not mark.name
    return DrawnSign(
        floor.id, at, round(((mark.looks_deg if looks is None else looks) - floor.frame.rotation_deg) % 360.0, 2),
        chinese, english, char, height, _mount(mount) or _mount(mark.name), is_double, words_of.with_arrows(back),
        mark.handle, sure, source,
    )  # fmt: skip


def _text(mark: Mark, settings: Drawing) -> tuple[str, str, str, float]:
    """Chinese, English, where from and how sure: attributes known by name, others, lines in the block, what exits say."""
    sure: Mapping[str, float] = sizes("signs")["sure"]
    known, tag = words_of.worded(mark.tags, "zh", settings.sign_text)
    english, english_tag = words_of.worded(mark.tags, "en")
    arrow = words_of.arrow(mark.tags)
    if (known and not words_of.is_type(known)) or (english and not known):
        return _with(arrow, known), english, tag or english_tag, sure["known"]
    other, tag = words_of.guessed(mark.tags)
    if other:
        return _with(arrow, other), english, tag, sure["guessed"]
    chinese, latin = words_of.sides(mark.inside)
    if chinese:
        source = "inside" if mark.name else "alone"
        return _with(arrow, chinese), english or latin, source, sure[source]
    if matches("signs", "exits", mark.name):
        return _with(arrow, sizes("signs")["exit_text"]), english, "exit", sure["exit"]
    return "", "", "", 0.0


def _with(arrow: str, words: str) -> str:
    words = words_of.with_arrows(words)
    return f"{arrow} {words}" if arrow and words and not set(words) & set("↑←→") else words


def _guesses(signs: Sequence[DrawnSign], marks: Mapping[str, Mark]) -> Iterator[Guess]:
    """One guess for each way in which words were come by that no list knows."""
    sure: Mapping[str, float] = sizes("signs")["sure"]
    for how in _GUESSED:
        mine = [sign for sign in signs if sign.confidence == sure[how] and (how == "guessed" or sign.source == how)]
        if not mine:
            continue
        names = listed(
            dict.fromkeys(
                sign.source if how == "guessed" else marks[sign.handle].name or marks[sign.handle].layer
                for sign in mine
            )
        )
        what = text(f"read_drawing.signs_{how}", count=len(mine), names=names, example=mine[0].text_zh)
        yield Guess(what, sure[how], text(f"read_drawing.set_signs_{how}"))


def _mount(word: str) -> str:
    kinds = sizes("signs_mount")
    return next((mount for mount in kinds if word and matches("signs_mount", mount, word)), "")
