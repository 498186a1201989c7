"""What those who sit and those who come in see: call screens from every seat, the information desk from the entrance."""

from __future__ import annotations

import math

import numpy as np

from hallplan.geometry.polygons import moved
from hallplan.model.layout import Furniture
from hallplan.model.signs import DeskView, SeatView
from hallplan.model.site import OpeningRole
from hallplan.settings import Settings
from hallplan.signs.crowd import hidden_share
from hallplan.signs.legibility import display_distance_m
from hallplan.signs.view import View
from hallplan.terms import read_data

SEATS = ("chair", "wheelchair_place")


def seat_views(view: View, settings: Settings) -> tuple[SeatView, ...]:
    """Returns for each waiting zone, window group and kind of seat how many seats read a call screen of the group."""
    waits = {zone.zone for zone in view.layout.zones if zone.type == "wait"}
    groups: dict[tuple[str, str, str, str], list[Furniture]] = {}
    for piece in view.layout.furniture:
        if piece.kind in SEATS and piece.zone in waits:
            groups.setdefault((piece.floor, piece.zone, piece.group, piece.kind), []).append(piece)
    found = []
    for (floor, zone, group, kind), seats in sorted(groups.items()):
        screens = [p for p in view.layout.of_kind("call_screen") if p.floor == floor]
        mine = [screen for screen in screens if group and group in screen.group.split()] or screens
        reading, hidden = _read(view, settings, floor, seats, mine)
        found.append(SeatView(zone, group, kind, len(seats), reading, hidden))  # type: ignore[arg-type]
    return tuple(found)


def _read(
    view: View, settings: Settings, floor: str, seats: list[Furniture], screens: list[Furniture]
) -> tuple[int, float]:
    """How many of the seats read one of the screens, and the greatest chance that standing people hide the nearest."""
    data, eye_m = read_data("signs.toml"), settings.signs.eye_seated_m
    spots, turns = np.array([s.at for s in seats]), np.array([s.facing_deg for s in seats])
    nearest = np.full(len(seats), np.inf)
    for screen in screens:
        height = screen.height_m - data["display"]["below_top_m"]
        away = np.asarray(screen.at) - spots
        far = np.hypot(*away.T)
        toward = np.degrees(np.arctan2(away[:, 1], away[:, 0]))
        off_seat, off_axis = _apart(toward, turns), _apart(toward + 180.0, screen.facing_deg)
        ok = (far <= display_distance_m(data["display"]["char_mm"], height)) & (far > 0)
        ok &= (off_seat <= data["display"]["off_seat_deg"]) & (off_axis <= data["display"]["off_axis_deg"])
        # what carries the screen does not hide it: the line ends before its face
        mark = moved(screen.at, screen.facing_deg, screen.size_m[1] / 2 + 0.05)
        eyes = np.column_stack([spots, np.full(len(seats), eye_m)])[ok]
        ok[ok] = view.field(floor).clear(eyes, [[*mark, height]]) if ok.any() else ok[ok]
        nearest = np.where(ok, np.minimum(nearest, far), nearest)
    read = np.isfinite(nearest)
    if not read.any():
        return 0, 0.0
    height = screens[0].height_m - data["display"]["below_top_m"]
    hidden = hidden_share(nearest[read], eye_m, height, data["crowd"]["per_m2"])
    return int(read.sum()), round(float(hidden.max()), 3)


def _apart(one: np.ndarray, other: np.ndarray | float) -> np.ndarray:
    return np.asarray(np.abs((one - other + 180.0) % 360.0 - 180.0))


def desk_views(view: View, settings: Settings) -> tuple[DeskView, ...]:
    """Returns for each main entrance the nearest information desk that one sees on coming in, else the nearest."""
    found = []
    eye_m, step = settings.signs.eye_standing_m, read_data("signs.toml")["view"]["inside_m"]
    for floor in view.site.floors:
        desks = [piece for piece in view.layout.of_kind("info_desk") if piece.floor == floor.id]
        for door in floor.with_role(OpeningRole.MAIN) if desks else ():
            eye = np.array([[*moved(door.at, door.inward_deg, step), eye_m]])
            seen = {d.id: _sees_desk(view, floor.id, eye, d) for d in desks}
            best = min(desks, key=lambda d: (not seen[d.id], math.dist(d.at, door.at), d.id))
            distance = round(math.dist(best.at, (eye[0, 0], eye[0, 1])), 2)
            found.append(DeskView(door.id, best.id, seen[best.id], distance))
    return tuple(found)


def _sees_desk(view: View, floor: str, eye: np.ndarray, desk: Furniture) -> bool:
    """Someone behind the desk, or the sign over it, is in sight: a line to its middle or one of its ends is free."""
    above = desk.height_m + read_data("signs.toml")["view"]["over_desk_m"]
    ends = [moved(desk.at, desk.facing_deg + 90, side * desk.size_m[0] / 2) for side in (-1, 0, 1)]
    marks = np.array([[*end, above] for end in ends])
    return bool(view.field(floor).clear(eye, marks).any())
