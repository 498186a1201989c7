"""The hand-made hall of tests/builders.py with furniture, routes and signs, so that drawings can be tested alone."""

from __future__ import annotations

from dataclasses import replace

from shapely.affinity import rotate
from shapely.geometry import LineString, MultiPolygon, Point, box

from hallplan.model.catalogue import furniture_types
from hallplan.model.flow import DecisionPoint, Leg, Route, Routes
from hallplan.model.layout import Furniture, Layout, NewDoor, Partition
from hallplan.model.plan import Alternative, Plan
from hallplan.model.signs import Sign, SignPlan
from tests.builders import make_layout, make_windows
from tests.test_model import make_plan


class _Room:
    def __init__(self) -> None:
        self.pieces: list[Furniture] = []

    def put(self, kind: str, zone: str, x: float, y: float, facing: float, **more: str) -> None:
        size = furniture_types()[kind]
        id = f"{kind}-{len(self.pieces) + 1}"
        self.pieces.append(
            Furniture(id, kind, "F1", zone, (x, y), (size.width_m, size.depth_m), facing, size.height_m, **more)
        )


def furniture() -> tuple[Furniture, ...]:
    """Counters with staff and visitor chairs, rows of chairs, kiosks, desks and machines."""
    room = _Room()
    windows = make_windows().windows
    for n, window in enumerate(w for w in windows if w.type == "general"):
        x = 10.5 + n * 1.62
        _window(room, window.id, "window_general-1", x, 20.5, 270, window.is_low)
    for n, window in enumerate(w for w in windows if w.type == "police"):
        _window(room, window.id, "window_special-1", 53.0, 8.6 + n * 1.75, 180, window.is_low)
    for n, window in enumerate(w for w in windows if w.type == "one_matter"):
        _window(room, window.id, "one_matter-1", 41.9 + n * 1.7, 20.5, 270, window.is_low)
    for zone, x0, n_chairs in (("wait-1", 16.4, 18), ("wait-2", 34.0, 14)):
        for row in range(4):
            for n in range(n_chairs):
                x = x0 + n * 0.62 + (1.4 if n >= n_chairs / 2 else 0)
                room.put("chair", zone, x, 11.0 + row * 1.35, 90)
        room.put("wheelchair_place", zone, x0 + n_chairs * 0.62 + 1.6, 11.0, 90)
    for n in range(7):
        room.put("kiosk" if n else "kiosk_low", "self_service-1", 1.2, 9.4 + n * 1.2, 0)
    for n in range(5):
        room.put("kiosk" if n else "kiosk_low", "self_24h-1", 1.2 + n * 1.3, 7.0, 270)
    room.put("info_desk", "guide-1", 30.5, 6.6, 270)
    for n in range(3):
        room.put("queue_machine" if n else "queue_machine_low", "ticket-1", 36.4 + n, 7.0, 270)
    room.put("form_desk", "form-1", 10.6, 6.9, 270)
    room.put("form_desk_low", "form-1", 12.4, 6.9, 270)
    room.put("xray", "entrance-1", 28.0, 1.8, 90)
    room.put("gate", "entrance-1", 31.0, 1.8, 90)
    for n in range(14):
        room.put("desk", "back_office-1", 11.0 + n * 2.1, 25.4, 270)
        room.put("staff_chair", "back_office-1", 11.0 + n * 2.1, 26.1, 270)
    room.put("locker", "pickup-1", 47.0, 7.0, 270)
    room.put("play_table", "child-1", 12.0, 11.8, 270)
    room.put("meeting_table", "value_added-1", 38.0, 2.0, 90)
    room.put("shelf", "records-1", 60.0, 18.0, 180)
    room.put("rack", "equipment_rooms-1", 2.0, 25.0, 270)
    return tuple(room.pieces)


def _window(room: _Room, id: str, zone: str, x: float, y: float, facing: float, is_low: bool) -> None:
    for kind, away in (("counter_low" if is_low else "counter", 0.0), ("visitor_chair", 0.75), ("staff_chair", -0.75)):
        at = rotate(Point(x + away, y), facing, origin=(x, y))
        turn = facing + 180 if kind == "visitor_chair" else facing
        room.put(kind, zone, at.x, at.y, turn % 360, window=id, group="general")


def furnished_layout() -> Layout:
    """The hand-made layout with furniture, partitions, doors and a wall to remove."""
    partitions = (
        Partition("P1", "F1", LineString([(8.7, 18.2), (8.7, 26.7)]), "wall"),
        Partition("P2", "F1", LineString([(0.3, 18.2), (8.7, 18.2)]), "wall"),
        Partition("P3", "F1", LineString([(0.3, 8.1), (5.0, 8.1)]), "wall"),
        Partition("P4", "F1", LineString([(5.0, 8.1), (8.7, 8.1)]), "shutter"),
        Partition("P5", "F1", LineString([(8.7, 0.3), (8.7, 8.1)]), "glass"),
        Partition("P6", "F1", LineString([(55.8, 15.8), (61.7, 15.8)]), "wall"),
    )
    doors = (
        NewDoor("N1", "F1", (8.7, 24.0), 1.0, 0, "equipment_rooms-1", "staff"),
        NewDoor("N2", "F1", (57.0, 15.8), 1.0, 270, "records-1", "staff"),
    )
    demolished = (LineString([(20.0, 8.0), (20.0, 16.0)]),)
    return replace(make_layout(), furniture=furniture(), partitions=partitions, doors=doors, demolished=demolished)


def routes() -> Routes:
    """Three public routes that share a way, one for staff, one accessible, one to an exit."""
    lines = {
        "general": ("public", 520.0, [(30.2, 0.2), (30.2, 4.2), (35.2, 4.2), (35.2, 8.4), (31.3, 8.4), (31.3, 17.4), (25.0, 17.4)]),
        "special": ("public", 260.0, [(30.2, 0.2), (30.2, 4.2), (35.2, 4.2), (35.2, 8.4), (47.0, 8.4), (49.6, 14.0)]),
        "self": ("public", 120.0, [(30.2, 0.2), (30.2, 4.2), (25.8, 4.2), (25.8, 8.4), (8.0, 8.4), (6.0, 10.0)]),
        "wheelchair": ("access", 10.0, [(30.6, 0.2), (30.6, 4.0), (35.0, 4.0), (35.0, 8.2), (31.0, 8.2), (31.0, 17.2), (10.5, 17.2)]),
        "staff": ("staff", 60.0, [(58.2, 26.8), (55.7, 22.9), (55.7, 23.1), (40.2, 23.1), (12.0, 23.1)]),
        "exit": ("egress", 0.0, [(25.0, 17.4), (45.1, 17.4), (45.1, 8.4), (46.8, 0.3)]),
    }  # fmt: skip
    found = []
    for id, (network, per_day, points) in lines.items():
        line = LineString(points)
        leg = Leg("door:main", "window_general-1", "F1", line, line.length)
        found.append(Route(id, id, id, network, (leg,), per_day, 1.2))
    decisions = (DecisionPoint("K1", "F1", (30.2, 4.2), "fork", (("general", "ticket-1"),), 90.0),)
    return Routes(tuple(found), decisions)


def signs() -> SignPlan:
    """Six signs, two of them at one place."""
    places = ((30.2, 4.3, 270), (35.2, 8.4, 270), (35.4, 8.4, 180), (31.3, 17.5, 270), (9.0, 8.4, 0), (49.5, 8.4, 270))
    found = []
    for n, (x, y, facing) in enumerate(places, 1):
        area = Point(x, y).buffer(6, quad_segs=4).intersection(box(0.3, 0.3, 61.7, 26.7))
        found.append(
            Sign(
                f"S{n}",
                "hung",
                "F1",
                (x, y),
                facing,
                f"综合窗口 {n}",
                "Windows",
                ("window_general-1",),
                120.0,
                "hung",
                2.6,
                1.6,
                catchment=MultiPolygon([area]),
            )
        )
    return SignPlan(tuple(found), (), ())


def furnished_plan() -> Plan:
    """The plan of the furnished hall, with one alternative."""
    plan = make_plan()
    return replace(
        plan, title="某县政务服务中心", alternatives=(Alternative(furnished_layout(), routes(), signs(), ()),)
    )
