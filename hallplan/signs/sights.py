"""Who reads which face, on the way and at decision points: the five tests as matrices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hallplan.geometry.polygons import Floats
from hallplan.geometry.visibility import SightField
from hallplan.model.shapes import Point
from hallplan.signs.crowd import hidden_share
from hallplan.signs.faces import Face
from hallplan.signs.legibility import is_unobstructed, within_reach
from hallplan.signs.walkers import ARROW, Masks, Need, Walkers, arrows_at
from hallplan.terms import read_data

STANDING = np.inf
Faces = NDArray[np.int64]
"""Numbers of faces."""


class Sights:
    """Faces against walkers.

    reads: (faces, eyes) legible, in view and nothing between.  tells: (faces, stretches) names the goal with the right arrow.
    until_m: (faces, stretches) how far along a stretch its arrow holds.  strays: (faces, stretches) hangs at a stretch, looks
    to its walkers, and its arrow to their goal is another than their way on.
    """

    def __init__(
        self, walkers: Walkers, faces: Sequence[Face], fields: Mapping[str, SightField], *, is_open: bool = False
    ) -> None:
        """is_open: faces may say anything for which an arrow can be drawn (places tried for new signs)."""
        self.walkers, self.faces = walkers, faces
        self._data = read_data("signs.toml")
        self.reads = np.zeros((len(faces), len(walkers.xy)), dtype=np.bool_)
        for floor in dict.fromkeys(face.floor for face in faces):
            self._read_on(floor, fields[floor])
        self.codes = np.full((len(faces), len(walkers.stretches)), -1, dtype=np.int8)
        self.until_m = np.zeros(self.codes.shape)
        self.tells, self.strays = (np.zeros(self.codes.shape, dtype=np.bool_) for _ in range(2))
        for s in range(len(walkers.stretches)):
            self._tell_on(s, is_open)

    def _read_on(self, floor: str, field: SightField) -> None:
        walkers, here = self.walkers, np.flatnonzero(self.walkers.floor == floor)
        if not len(here):
            return
        eyes, heights = walkers.xy[here], walkers.eye_m[here]
        heading, half = walkers.heading[here], walkers.half_view[here]
        for at, faces in self._by_place(floor).items():
            reach = max(self.faces[f].reach_m for f in faces)
            near = np.flatnonzero((np.abs(eyes - np.asarray(at)) <= reach).all(axis=1))
            for f in faces:
                face = self.faces[f]
                seen = near[within_reach(face, eyes[near], heights[near])]
                seen = seen[off_view_deg(face, eyes[seen], heading[seen]) <= half[seen]]
                seen = seen[is_unobstructed(face, eyes[seen], heights[seen], field)]
                self.reads[f, here[seen]] = True

    def _by_place(self, floor: str) -> dict[Point, list[int]]:
        """The faces on a floor by where they hang."""
        found: dict[Point, list[int]] = {}
        for f, face in enumerate(self.faces):
            if face.floor == floor:
                found.setdefault(face.at, []).append(f)
        return found

    def _tell_on(self, s: int, is_open: bool) -> None:
        stretch = self.walkers.stretches[s]
        here = [f for f, face in enumerate(self.faces) if face.floor == stretch.leg.floor]
        if is_open:
            is_read = self._reads_on(s)
            here = [f for f in here if is_read[f]]
        else:
            here = [f for f in here if stretch.goal in self.faces[f].says]
        if not here:
            return
        places = {self.faces[f].at: 0 for f in here}
        places.update((at, n) for n, at in enumerate(places))
        which = np.array([places[self.faces[f].at] for f in here])
        looking = np.array([self.faces[f].looking_deg for f in here])
        codes, along, aside = arrows_at(np.array(list(places)), which, stretch, looking)
        near = aside <= self._data["place"]["aside_m"]
        self.codes[here, s], self.until_m[here, s] = codes, along + self._data["place"]["past_m"]
        if is_open:
            self.tells[here, s] = near & (codes >= 0)
            return
        for n, f in enumerate(here):
            arrow = self.faces[f].says[stretch.goal]
            is_for_them = bool(near[n] and codes[n] >= 0)
            self.tells[f, s] = not arrow or (is_for_them and ARROW[codes[n]] == arrow)
            self.strays[f, s] = is_for_them and not self.tells[f, s]
            if not arrow:
                self.until_m[f, s] = np.inf

    def _reads_on(self, s: int) -> Masks:
        """Which faces are read somewhere on a stretch, or by one of its eyes that must choose."""
        is_read = self.reads[:, self.walkers.stretches[s].rows].any(axis=1)
        return np.asarray(is_read | self.reads[:, self.walkers.choosing_on(s)].any(axis=1))

    def told(self, s: int) -> Masks:
        """Returns which faces tell the way at which samples of a stretch, (faces, samples)."""
        stretch = self.walkers.stretches[s]
        along = np.arange(stretch.count) * stretch.step_m
        told: Masks = self.reads[:, stretch.rows] & self.tells[:, s, None] & (along <= self.until_m[:, s, None])
        return told

    def read_m(self, need: Need, faces: Faces) -> Floats:
        """Returns how many metres before a need each of some faces can be read without a break."""
        step = self.walkers.stretches[need.stretch].step_m
        return np.asarray((self._run(need, faces, -1) - 1) * step)

    def _run(self, need: Need, faces: Faces, step: int) -> Faces:
        """How many samples on end from a need on, back or ahead, some faces are read; the need itself counts as read."""
        first, after = need.at + step, self.walkers.stretches[need.stretch].rows
        columns = np.arange(after.start, after.stop)[first::step] if first >= 0 else np.empty(0, dtype=np.int64)
        read = np.column_stack([self.reads[np.ix_(faces, columns)], np.zeros(len(faces), dtype=np.bool_)])
        return np.asarray(1 + read.argmin(axis=1))

    def seconds(self, need: Need, faces: Faces) -> Floats:
        """Returns for how long each of some faces can be read on the way to a need and past it, inf where one stands."""
        stretch, view, time = self.walkers.stretches[need.stretch], self._data["view"], self._data["time"]
        if need.at * stretch.step_m <= view["start_m"]:
            return np.full(len(faces), STANDING)
        ahead = np.minimum(self._run(need, faces, 1) - 1, int(view["past_m"] / stretch.step_m + 1e-6))
        seconds = (self.read_m(need, faces) + ahead * stretch.step_m) / time["speed_m_s"][stretch.network]
        stop = np.array([self.faces[f].kind == "board" for f in faces.tolist()], dtype=np.bool_)
        return np.where(stop, STANDING, seconds)

    @cached_property
    def times(self) -> Floats:
        """For how long each face can be read for each need, clutter left out, −1 where it is not; (faces, needs)."""
        found = np.full((len(self.faces), len(self.walkers.needs)), -1.0)
        known: dict[tuple[int, int], tuple[Faces, Floats]] = {}
        for n, need in enumerate(self.walkers.needs):
            key = need.stretch, need.at
            if key not in known:
                along = need.at * self.walkers.stretches[need.stretch].step_m
                holds = self.tells[:, need.stretch] & (along <= self.until_m[:, need.stretch])
                faces = np.flatnonzero(self.reads[:, need.row] & holds)
                faces = faces[self._hidden(need, faces) <= self._data["crowd"]["most_hidden"]]
                known[key] = faces, self.seconds(need, faces)
            faces, seconds = known[key]
            found[faces, n] = seconds
        return found

    def met(self, names: int | None = None) -> Masks:
        """Returns which faces meet which needs, clutter left out, (faces, needs).

        names: how many names a face must be read for, None for as many as it says.
        """
        wanted = np.array([needed_seconds(len(face.says) if names is None else names) for face in self.faces])
        found: Masks = self.times >= wanted.reshape(-1, 1)
        return found

    def _hidden(self, need: Need, faces: Faces) -> Floats:
        """The chance that people hide each of some faces from the eyes of a need."""
        eye, height = self.walkers.xy[need.row], float(self.walkers.eye_m[need.row])
        places = np.array([self.faces[f].at for f in faces.tolist()]).reshape(-1, 2)
        signs = np.array([self.faces[f].height_m for f in faces.tolist()])
        distance = np.hypot(*(places - eye).T)
        return hidden_share(distance, height, signs, self._data["crowd"]["per_m2"])

    def others(self, need: Need, face: int) -> int:
        """Returns how many faces of other signs crowd one for the eyes of a need."""
        read = np.flatnonzero(self.reads[:, need.row])
        eye = self.walkers.xy[need.row]
        at = np.array([self.faces[f].at for f in read.tolist()]).reshape(-1, 2) - eye
        own = np.asarray(self.faces[face].at) - eye
        turn = np.degrees(np.arctan2(at[:, 1], at[:, 0]) - np.arctan2(own[1], own[0]))
        near = np.abs((turn + 180.0) % 360.0 - 180.0) <= self._data["clutter"]["apart_deg"]
        signs = {self.faces[f].sign for f in read[near].tolist()} - {self.faces[face].sign}
        return len(signs)


def off_view_deg(face: Face, eyes: Floats, heading: Floats) -> Floats:
    """Returns how far a face lies off the way that eyes (n, 2) look, degrees (n,)."""
    away = np.asarray(face.at) - eyes
    turn = np.degrees(np.arctan2(away[:, 1], away[:, 0])) - heading
    return np.asarray(np.abs((turn + 180.0) % 360.0 - 180.0))


def needed_seconds(names: int) -> float:
    """Returns how long it takes to notice a sign and read its lines."""
    time = read_data("signs.toml")["time"]
    return float(time["notice_s"] + time["name_s"] * names)
