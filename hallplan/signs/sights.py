"""Who reads which face, on the way and at decision points: the five tests, stretch by stretch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hallplan.geometry.polygons import Floats
from hallplan.geometry.visibility import SightField
from hallplan.model.shapes import Point
from hallplan.signs.crowd import hidden_share
from hallplan.signs.faces import Face
from hallplan.signs.legibility import is_unobstructed, within_reach
from hallplan.signs.walkers import ARROW, Masks, Need, Numbers, Walkers, arrows_at
from hallplan.terms import read_data

STANDING = np.inf
BATCH = 2_000_000
"""Faces are sorted to the stretches on which they are read when so many of their eyes are known: that bounds the memory it takes."""


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """Faces before those who walk one stretch; arrays are (faces,) but for `bits`.

    faces: their numbers, ascending.  bits: who reads them, packed (see reads).  eyes: on the stretch.  tells: names the goal
    with the right arrow.  codes: that arrow.  until_m: how far along its arrow holds.  strays: hangs at the stretch, looks to
    its walkers, and its arrow to their goal is another than their way on.
    """

    faces: Numbers
    bits: NDArray[np.uint8]
    eyes: int
    codes: NDArray[np.int8]
    until_m: Floats
    tells: Masks
    strays: Masks

    @classmethod
    def none(cls, faces: Numbers, reads: Masks) -> Before:
        """Returns faces that are read and tell nothing yet; reads: see `reads`."""
        codes, no = np.full(len(faces), -1, dtype=np.int8), np.zeros(len(faces), dtype=np.bool_)
        return cls(faces, np.packbits(reads, axis=1), reads.shape[1], codes, np.zeros(len(faces)), no, no.copy())

    @classmethod
    def joined(cls, parts: Sequence[Before]) -> Before:
        """Returns faces of one stretch, of one or more parts, put together."""
        faces, bits, codes, until_m, tells, strays = (
            np.concatenate([getattr(one, name) for one in parts]) for name in ARRAYS
        )
        return cls(faces, bits, parts[0].eyes, codes, until_m, tells, strays).of(np.argsort(faces))

    def of(self, kept: Masks | Numbers) -> Before:
        """Returns some of the faces, or all in another order."""
        return replace(self, **{name: getattr(self, name)[kept] for name in ARRAYS})

    @property
    def reads(self) -> Masks:
        """Legible, in view and nothing between; (faces, eyes), samples first, then the eyes of those who must choose."""
        return np.unpackbits(self.bits, axis=1, count=self.eyes).view(np.bool_)

    def reads_of(self, place: int) -> Masks:
        """Returns who reads the face at a place here, (eyes,)."""
        return np.unpackbits(self.bits[place], count=self.eyes).view(np.bool_)

    def holds(self, eye: int, along_m: float) -> Masks:
        """Returns which faces an eye reads that is not past their arrow, (faces,)."""
        return np.asarray((self.bits[:, eye // 8] >> (7 - eye % 8) & 1).astype(np.bool_) & (along_m <= self.until_m))


ARRAYS = ("faces", "bits", "codes", "until_m", "tells", "strays")


class Sights:
    """Faces against walkers.

    before: by stretch the faces that are read there and could tell something (open), or that say its goal, read or not.
    """

    def __init__(
        self, walkers: Walkers, faces: Sequence[Face], fields: Mapping[str, SightField], *, is_open: bool = False
    ) -> None:
        """is_open: faces may say anything for which an arrow can be drawn (places tried for new signs)."""
        self.walkers, self.faces, self._is_open = walkers, faces, is_open
        self._data = read_data("signs.toml")
        self._at = np.array([face.at for face in faces], dtype=np.float64).reshape(-1, 2)
        self._spots, self._spot = np.unique(self._at, axis=0, return_inverse=True)
        self._height_m = np.array([face.height_m for face in faces], dtype=np.float64)
        self._looking = np.array([face.looking_deg for face in faces], dtype=np.float64)
        self._is_stop = np.array([face.kind == "board" for face in faces], dtype=np.bool_)
        self._choosing: dict[int, list[int]] = {}
        parts: list[list[Before]] = [[] for _ in walkers.stretches]
        for pairs in self._batches(fields):
            self._sort(*pairs, parts)
        self.before = [self._joined(s, own) for s, own in enumerate(parts)]

    def _batches(self, fields: Mapping[str, SightField]) -> Iterator[tuple[Numbers, Numbers]]:
        """Faces and the eyes that read them, pair by pair, all of a face in one batch."""
        held: list[tuple[int, Numbers]] = []
        size = 0
        for floor in dict.fromkeys(face.floor for face in self.faces):
            for f, rows in self._read_on(floor, fields[floor]):
                held.append((f, rows))
                size += len(rows)
                if size >= BATCH:
                    yield _pairs(held)
                    held, size = [], 0
        if held:
            yield _pairs(held)

    def _read_on(self, floor: str, field: SightField) -> Iterator[tuple[int, Numbers]]:
        walkers, here = self.walkers, np.flatnonzero(self.walkers.floor == floor)
        if not len(here):
            return
        here = here[np.argsort(walkers.xy[here, 0], kind="stable")]
        eyes, heights = walkers.xy[here], walkers.eye_m[here]
        heading, half = walkers.heading[here], walkers.half_view[here]
        for (x, y), faces in self._by_place(floor).items():
            reach = max(self.faces[f].reach_m for f in faces)
            first, after = np.searchsorted(eyes[:, 0], x - reach), np.searchsorted(eyes[:, 0], x + reach, "right")
            near = first + np.flatnonzero(np.abs(eyes[first:after, 1] - y) <= reach)
            for f in faces:
                face = self.faces[f]
                seen = near[within_reach(face, eyes[near], heights[near])]
                seen = seen[off_view_deg(face, eyes[seen], heading[seen]) <= half[seen]]
                seen = seen[is_unobstructed(face, eyes[seen], heights[seen], field)]
                if len(seen):
                    yield f, here[seen]

    def _by_place(self, floor: str) -> dict[Point, list[int]]:
        """The faces on a floor by where they hang."""
        found: dict[Point, list[int]] = {}
        for f, face in enumerate(self.faces):
            if face.floor == floor:
                found.setdefault(face.at, []).append(f)
        return found

    def _sort(self, faces: Numbers, rows: Numbers, parts: Sequence[list[Before]]) -> None:
        """Sorts faces and the eyes that read them to the stretches of these."""
        walkers = self.walkers
        if not self._is_open:
            is_choosing = rows >= walkers.n_samples
            for f, row in zip(faces[is_choosing].tolist(), rows[is_choosing].tolist(), strict=True):
                self._choosing.setdefault(row, []).append(f)
        owners = walkers.stretch_of[rows]
        order = np.argsort(owners, kind="stable")
        faces, columns, owners = faces[order], walkers.column[rows[order]], owners[order]
        edges = [*np.flatnonzero(np.diff(owners, prepend=-1)).tolist(), len(owners)]
        for first, after in pairwise(edges):
            s = int(owners[first])
            here, places = np.unique(faces[first:after], return_inverse=True)
            reads = np.zeros((len(here), walkers.eyes[s]), dtype=np.bool_)
            reads[places, columns[first:after]] = True
            own = self._pointed(s, here, reads) if self._is_open else Before.none(here, reads)
            parts[s].append(own.of(own.tells if self._is_open else self._says(s, here)))

    def _says(self, s: int, faces: Numbers) -> Masks:
        """Which of some faces say the goal of a stretch."""
        goal = self.walkers.stretches[s].goal
        return np.array([goal in self.faces[f].says for f in faces.tolist()], dtype=np.bool_)

    def _joined(self, s: int, parts: Sequence[Before]) -> Before:
        """The faces before a stretch, put together from batches."""
        if not self._is_open:
            return self._told_of(s, parts)
        none = np.zeros((0, self.walkers.eyes[s]), dtype=np.bool_)
        return Before.joined([Before.none(np.empty(0, dtype=np.int64), none), *parts])

    def _told_of(self, s: int, parts: Sequence[Before]) -> Before:
        """The faces on the floor of a stretch that say its goal, and what they tell there with the arrows they have."""
        stretch = self.walkers.stretches[s]
        says = [f for f, face in enumerate(self.faces) if stretch.goal in face.says and face.floor == stretch.leg.floor]
        faces = np.array(says, dtype=np.int64)
        reads = np.zeros((len(faces), self.walkers.eyes[s]), dtype=np.bool_)
        for part in parts:
            reads[np.searchsorted(faces, part.faces)] = part.reads
        own = self._pointed(s, faces, reads)
        for n, f in enumerate(says):
            arrow, is_for_them = self.faces[f].says[stretch.goal], bool(own.tells[n])
            own.tells[n] = not arrow or (is_for_them and ARROW[own.codes[n]] == arrow)
            own.strays[n] = is_for_them and not own.tells[n]
            if not arrow:
                own.until_m[n] = np.inf
        return own

    def _pointed(self, s: int, faces: Numbers, reads: Masks) -> Before:
        """Faces with the way on along a stretch, telling it to all for whom an arrow can be drawn."""
        if not len(faces):
            return Before.none(faces, reads)
        spots, which = np.unique(self._spot[faces], return_inverse=True)
        codes, along, aside = arrows_at(self._spots[spots], which, self.walkers.stretches[s], self._looking[faces])
        tells = (aside <= self._data["place"]["aside_m"]) & (codes >= 0)
        until_m = along + self._data["place"]["past_m"]
        return replace(Before.none(faces, reads), codes=codes, until_m=until_m, tells=tells)

    def told(self, s: int) -> Masks:
        """Returns which of the faces before a stretch tell the way at which of its samples, (faces, samples)."""
        own, stretch = self.before[s], self.walkers.stretches[s]
        along = np.arange(stretch.count) * stretch.step_m
        told: Masks = own.reads[:, : stretch.count] & own.tells[:, None] & (along <= own.until_m[:, None])
        return told

    def is_told(self, s: int) -> Masks:
        """Returns at which samples of a stretch any face tells the way, (samples,)."""
        return np.asarray(self.told(s).any(axis=0))

    def told_by(self, face: int, s: int) -> Masks:
        """Returns at which samples of a stretch a face before it tells the way, (samples,)."""
        own, stretch = self.before[s], self.walkers.stretches[s]
        n = int(np.searchsorted(own.faces, face))
        along = np.arange(stretch.count) * stretch.step_m
        return np.asarray(own.reads_of(n)[: stretch.count] & own.tells[n] & (along <= own.until_m[n]))

    @cached_property
    def telling(self) -> dict[int, list[tuple[int, int]]]:
        """By face the stretches to whose walkers it tells the way, each with its arrow's code."""
        found: dict[int, list[tuple[int, int]]] = {}
        for s, own in enumerate(self.before):
            for f, code in zip(own.faces[own.tells].tolist(), own.codes[own.tells].tolist(), strict=True):
                found.setdefault(f, []).append((s, code))
        return found

    def read_m(self, need: Need, faces: Numbers) -> Floats:
        """Returns how many metres before a need each of some faces can be read without a break."""
        step = self.walkers.stretches[need.stretch].step_m
        return np.asarray((self._run(need, faces, -1) - 1) * step)

    def _run(self, need: Need, faces: Numbers, step: int) -> Numbers:
        """How many samples on end from a need on, back or ahead, some faces are read; the need itself counts as read."""
        own, first = self.before[need.stretch], need.at + step
        samples = np.arange(self.walkers.stretches[need.stretch].count)
        columns = samples[first::step] if first >= 0 else samples[:0]
        read = own.of(np.searchsorted(own.faces, faces)).reads[:, columns]
        read = np.column_stack([read, np.zeros(len(faces), dtype=np.bool_)])
        return np.asarray(1 + read.argmin(axis=1))

    def seconds(self, need: Need, faces: Numbers) -> Floats:
        """Returns for how long each of some faces can be read on the way to a need and past it, inf where one stands."""
        stretch, view, time = self.walkers.stretches[need.stretch], self._data["view"], self._data["time"]
        if need.at * stretch.step_m <= view["start_m"]:
            return np.full(len(faces), STANDING)
        ahead = np.minimum(self._run(need, faces, 1) - 1, int(view["past_m"] / stretch.step_m + 1e-6))
        seconds = (self.read_m(need, faces) + ahead * stretch.step_m) / time["speed_m_s"][stretch.network]
        return np.where(self._is_stop[faces], STANDING, seconds)

    def times(self, needs: Sequence[Need]) -> Iterator[tuple[Need, Numbers, Floats]]:
        """Yields the faces that are read for each need, clutter left out, and for how long each can be."""
        for need in needs:
            own = self.before[need.stretch]
            along = need.at * self.walkers.stretches[need.stretch].step_m
            faces = own.faces[own.tells & own.holds(int(self.walkers.column[need.row]), along)]
            faces = faces[self._hidden(need, faces) <= self._data["crowd"]["most_hidden"]]
            yield need, faces, self.seconds(need, faces)

    def met(self) -> Masks:
        """Returns which faces meet which needs with all the names they say, clutter left out, (faces, needs)."""
        wanted = np.array([needed_seconds(len(face.says)) for face in self.faces])
        found = np.zeros((len(self.faces), len(self.walkers.needs)), dtype=np.bool_)
        alike = self.walkers.alike
        for need, faces, seconds in self.times([self.walkers.needs[own[0]] for own in alike.values()]):
            found[faces[seconds >= wanted[faces], None], alike[need.row]] = True
        return found

    def _hidden(self, need: Need, faces: Numbers) -> Floats:
        """The chance that people hide each of some faces from the eyes of a need."""
        eye, height = self.walkers.xy[need.row], float(self.walkers.eye_m[need.row])
        distance = np.hypot(*(self._at[faces] - eye).T)
        return hidden_share(distance, height, self._height_m[faces], self._data["crowd"]["per_m2"])

    def others(self, need: Need, face: int) -> int:
        """Returns how many faces of other signs crowd one for the eyes of a need."""
        read = np.array(sorted(self._choosing.get(need.row, ())), dtype=np.int64)
        eye = self.walkers.xy[need.row]
        at, own = self._at[read] - eye, self._at[face] - eye
        turn = np.degrees(np.arctan2(at[:, 1], at[:, 0]) - np.arctan2(own[1], own[0]))
        near = np.abs((turn + 180.0) % 360.0 - 180.0) <= self._data["clutter"]["apart_deg"]
        signs = {self.faces[f].sign for f in read[near].tolist()} - {self.faces[face].sign}
        return len(signs)

    def astray(self) -> set[int]:
        """Returns the faces that show someone who must choose there, and reads them, another way than theirs."""
        found: set[int] = set()
        for need in self.walkers.needs:
            own = self.before[need.stretch]
            along = need.at * self.walkers.stretches[need.stretch].step_m
            is_wrong = own.strays & own.holds(int(self.walkers.column[need.row]), along)
            found.update(own.faces[is_wrong].tolist())
        return found


def _pairs(held: Sequence[tuple[int, Numbers]]) -> tuple[Numbers, Numbers]:
    """Faces and eyes, one of each a pair."""
    faces = np.repeat([f for f, _ in held], [len(rows) for _, rows in held])
    return faces, np.concatenate([rows for _, rows in held])


def off_view_deg(face: Face, eyes: Floats, heading: Floats) -> Floats:
    """Returns how far a face lies off the way that eyes (n, 2) look, degrees (n,)."""
    away = np.asarray(face.at) - eyes
    turn = np.degrees(np.arctan2(away[:, 1], away[:, 0])) - heading
    return np.asarray(np.abs((turn + 180.0) % 360.0 - 180.0))


def needed_seconds(names: int) -> float:
    """Returns how long it takes to notice a sign and read its lines."""
    time = read_data("signs.toml")["time"]
    return float(time["notice_s"] + time["name_s"] * names)
