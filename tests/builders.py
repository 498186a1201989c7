"""Small halls made by hand, so that each stage can be tested without the ones before it."""

from __future__ import annotations

from shapely.geometry import LineString, MultiPolygon, Polygon, box

from hallplan.model.catalogue import zone_types
from hallplan.model.demand import ArrivalProfile, Demand, Item, ItemMinutes
from hallplan.model.layout import Aisle, Layout, PlacedZone, ScorePart
from hallplan.model.programme import Adjacency, CounterForm, Holding, Programme, VisitorKind, Zone
from hallplan.model.shapes import Frame
from hallplan.model.site import Floor, Obstacle, ObstacleKind, Opening, OpeningRole, Site
from hallplan.model.windows import Interval, ServiceWindow, Simulated, WindowPlan, WindowType
from hallplan.units import Unit

WIDTH_M, DEPTH_M = 62.0, 27.0
HALF_HOURS = (*range(540, 720, 30), *range(780, 1020, 30))


def door(id: str, role: OpeningRole, a: tuple[float, float], b: tuple[float, float], inward_deg: float) -> Opening:
    line = LineString([a, b])
    at = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    return Opening(id, role, at, line.length, line, inward_deg, is_exterior=True)


def make_site(unit: Unit = Unit.MM) -> Site:
    """A 62 × 27 m hall: columns on a 8.2 × 9 m grid, toilets in the south-east corner, four doors."""
    toilet = box(53.4, 0.3, 61.7, 5.4)
    inside = box(0.3, 0.3, WIDTH_M - 0.3, DEPTH_M - 0.3).difference(toilet)
    columns = tuple(
        Obstacle(f"C{i}{j}", ObstacleKind.COLUMN, box(x - 0.3, y - 0.3, x + 0.3, y + 0.3))
        for i, x in enumerate((8.9, 17.1, 25.3, 33.5, 41.7, 49.9))
        for j, y in enumerate((8.2, 17.4))
    )
    fixed = Obstacle("T1", ObstacleKind.TOILET, toilet, name="卫生间")
    openings = (
        door("D1", OpeningRole.MAIN, (28.0, 0.15), (32.4, 0.15), 90),
        door("D2", OpeningRole.FIRE, (46.0, 0.15), (47.6, 0.15), 90),
        door("D3", OpeningRole.H24, (3.0, 0.15), (4.8, 0.15), 90),
        door("D4", OpeningRole.STAFF, (57.4, 26.85), (59.0, 26.85), 270),
    )
    floor = Floor(
        id="F1",
        name="一层",
        level=1,
        frame=Frame(unit=unit, origin_m=(100.0, 50.0)),
        outline=box(0, 0, WIDTH_M, DEPTH_M),
        usable=MultiPolygon([inside]),
        obstacles=(*columns, fixed),
        openings=openings,
        glazing=(LineString([(8, 27), (40, 27)]), LineString([(8, 0), (26, 0)])),
        n_walls=4,
    )
    return Site("plan.dxf", "AC1024", "utf-8", unit, (floor,), unit_evidence=("made by hand",))


def make_item(code: str, name: str, cases: float, minutes: float = 12.0, **more: object) -> Item:
    steps = ItemMinutes(consult=5.0, accept=minutes, review=minutes, deliver=3.0, std=minutes * 0.6)
    values = {
        "department": "行政审批局",
        "theme": "综合",
        "item_type": "行政许可",
        "level": "县级",
        "consults": cases * 0.3,
    }
    return Item(code=code, name=name, cases=cases, minutes=steps, **{**values, **more})


def make_demand() -> Demand:
    """Ten items of a county hall, about 950 visitors a day."""
    items = (
        make_item("A01", "内资有限公司设立登记", 9000, 20, online_share=0.3),
        make_item("A02", "个体工商户注册登记", 22000, 12, online_share=0.3),
        make_item("A03", "食品经营许可", 7000, 18),
        make_item("A04", "建设工程施工许可", 900, 45, theme="工程建设", department="住建局"),
        make_item("B01", "居民身份证换领", 38000, 8, theme="公安", department="公安分局", special="公安"),
        make_item("B02", "不动产转移登记", 16000, 25, theme="不动产", department="自然资源局", special="不动产"),
        make_item("C01", "社会保障卡补领", 30000, 8, theme="社保医保", department="人社局", kiosk_share=0.3),
        make_item("C02", "异地就医备案", 24000, 7, theme="社保医保", department="医保局", online_share=0.4),
        make_item("D01", "城乡居民养老保险待遇申领", 12000, 15, theme="社保医保", department="人社局"),
        make_item("E01", "税务登记信息变更", 15000, 12, theme="税务", department="税务局", special="税务"),
    )
    shape = (6, 9, 11, 11, 10, 7, 5, 7, 8, 8, 7, 6, 3, 2)
    shares = tuple(value / sum(shape) for value in shape)
    return Demand("demand.xlsx", items, ArrivalProfile(HALF_HOURS, shares))


def make_type(id: str, name: str, zone: str, windows: int, **more: object) -> WindowType:
    slots = len(HALF_HOURS)
    simulated = Simulated(Interval(4.0, (3.8, 4.2)), Interval(0.93, (0.92, 0.94)), 200)
    values = {
        "kind": zone.removeprefix("window_"), "items": ("A01",), "arrivals": (40.0,) * slots, "minutes": 12.0, "cv": 0.8,
        "open": (windows,) * slots, "mean_wait_min": 4.1, "share_within_target": 0.92, "p99_wait_min": 21.0, "utilisation": 0.74,
        "waiting_p95": windows * 4, "pitch_m": 1.6, "simulated": simulated, "low_units": 1, "reviewers": windows // 2,
    }  # fmt: skip
    return WindowType(id=id, name=name, zone=zone, windows=windows, **{**values, **more})


def make_windows() -> WindowPlan:
    """18 general, 8 specialist, 4 one-matter, 2 collection windows and one for unresolved matters."""
    types = (
        make_type("general", "综合窗口", "window_general", 18),
        make_type("police", "公安窗口", "window_special", 8, sub_type="公安"),
        make_type("one_matter", "一件事窗口", "one_matter", 4),
        make_type("pickup", "出件窗口", "pickup", 2, pitch_m=1.2, reviewers=0),
        make_type("complaint", "“办不成事”反映窗口", "complaint", 1, reviewers=0),
    )
    windows = []
    for letter, kind in zip("ABYCF", types, strict=True):
        for n in range(1, kind.windows + 1):
            id = f"{letter}{n:02d}"
            hours = ((540, 720), (780, 1020))
            windows.append(ServiceWindow(id, kind.name, kind.id, "行政审批局", 4, 38.0, hours, is_low=n == 1))
    return WindowPlan(
        types, tuple(windows), HALF_HOURS, 0.8, 15.0, 210.0, 205.0, 950.0, 120.0, kiosks=8,
    )  # fmt: skip


def make_zone(id: str, target_m2: float, **more: object) -> Zone:
    """A zone of the catalogue type that its id starts with ("wait-1" is a wait zone)."""
    kind = zone_types()[id.split("-")[0]]
    values = {
        "type": kind.id, "name": kind.name, "side": kind.side, "min_m2": 0.85 * target_m2, "target_m2": target_m2,
        "max_m2": 1.3 * target_m2, "min_side_m": kind.min_side_m, "max_aspect": kind.max_aspect, "needs": kind.needs,
        "wants_daylight": kind.daylight, "is_enclosed": kind.enclosed, "front_way_m": kind.front_way_m, "basis": "手工",
    }  # fmt: skip
    return Zone(id=id, **{**values, **more})


PLACED = {
    # zone id: (x0, y0, x1, y1, direction of its public front)
    "entrance-1": (26.2, 0.3, 34.8, 3.9, 90),
    "guide-1": (26.2, 4.6, 34.8, 7.4, 270),
    "ticket-1": (35.6, 4.6, 39.2, 7.4, 270),
    "form-1": (9.4, 4.4, 14.4, 7.4, 90),
    "self_service-1": (0.4, 8.6, 8.5, 17.2, 0),
    "self_24h-1": (0.4, 0.4, 8.5, 7.6, 90),
    "wait-1": (15.2, 9.4, 29.6, 16.4, 90),
    "wait-2": (33.0, 9.4, 44.6, 16.4, 90),
    "window_general-1": (9.4, 18.4, 40.0, 23.0, 270),
    "window_special-1": (50.6, 7.4, 55.4, 23.0, 180),
    "one_matter-1": (40.8, 18.4, 48.6, 23.0, 270),
    "pickup-1": (45.6, 5.0, 49.6, 7.4, 180),
    "complaint-1": (9.4, 13.8, 14.2, 16.4, 0),
    "child-1": (9.4, 9.4, 14.2, 12.8, 0),
    "value_added-1": (35.6, 0.4, 44.0, 3.6, 90),
    "disclosure-1": (17.4, 0.4, 25.4, 3.6, 90),
    "convenience-1": (9.4, 0.4, 16.4, 3.6, 90),
    "nursing-1": (49.6, 0.4, 52.8, 4.0, 90),
    "back_office-1": (9.4, 23.2, 40.0, 26.6, None),
    "staff_support-1": (40.8, 23.2, 50.6, 26.6, None),
    "records-1": (56.0, 16.0, 61.6, 25.0, None),
    "equipment_rooms-1": (0.4, 18.4, 8.5, 26.6, None),
}


def make_programme() -> Programme:
    """The programme of a county hall, its targets those of the hand-made layout."""
    zones = []
    for id, (x0, y0, x1, y1, _) in PLACED.items():
        zones.append(make_zone(id, round((x1 - x0) * (y1 - y0), 1), **_contents(id)))
    wishes = (
        Adjacency("entrance-1", "guide-1", 3), Adjacency("guide-1", "ticket-1", 3), Adjacency("guide-1", "form-1", 2),
        Adjacency("guide-1", "self_service-1", 2), Adjacency("wait-1", "window_general-1", 3),
        Adjacency("wait-2", "window_special-1", 3), Adjacency("window_general-1", "back_office-1", 3),
        Adjacency("window_special-1", "back_office-1", 3), Adjacency("self_24h-1", "equipment_rooms-1", -1),
    )  # fmt: skip
    visitors = (
        VisitorKind("general", "综合办事", ("door:main", "entrance-1", "guide-1", "ticket-1", "wait-1",
                    "window_general-1", "door:main"), 520.0),
        VisitorKind("special", "专业窗口办事", ("door:main", "entrance-1", "ticket-1", "wait-2", "window_special-1",
                    "door:main"), 260.0),
        VisitorKind("self", "自助办理", ("door:main", "entrance-1", "guide-1", "self_service-1", "door:main"), 120.0),
        VisitorKind("wheelchair", "轮椅使用者", ("door:main", "entrance-1", "guide-1", "wait-1", "window_general-1",
                    "door:main"), 10.0, "access"),
        VisitorKind("staff", "员工", ("door:staff", "back_office-1", "window_general-1"), 60.0, "staff"),
    )  # fmt: skip
    return Programme(
        tuple(zones), wishes, visitors, 360.0, make_site().free_area_m2, 12.3, ("再增加 1 m² 将先用于等候",)
    )


def _contents(id: str) -> dict[str, object]:
    if id == "window_general-1":
        return {"window_types": ("general",), "windows": tuple(f"A{n:02d}" for n in range(1, 19)),
                "forms": (CounterForm("straight", 30.4, 4.6),)}  # fmt: skip
    if id == "window_special-1":
        return {"window_types": ("police",), "windows": tuple(f"B{n:02d}" for n in range(1, 9)),
                "forms": (CounterForm("straight", 13.6, 4.6),)}  # fmt: skip
    if id == "one_matter-1":
        return {"window_types": ("one_matter",), "windows": tuple(f"Y{n:02d}" for n in range(1, 5)),
                "forms": (CounterForm("straight", 7.2, 4.6),)}  # fmt: skip
    if id == "complaint-1":
        return {"window_types": ("complaint",), "windows": ("F01",)}
    if id == "pickup-1":
        return {"window_types": ("pickup",), "windows": ("C01", "C02"), "holdings": (Holding("locker", 1),)}
    counts = {"wait-1": (Holding("chair", 70, "general"), Holding("wheelchair_place", 2, "general")),
              "wait-2": (Holding("chair", 50, "police"), Holding("wheelchair_place", 2, "police")),
              "self_service-1": (Holding("kiosk", 7), Holding("kiosk_low", 1)),
              "self_24h-1": (Holding("kiosk", 4), Holding("kiosk_low", 1)),
              "ticket-1": (Holding("queue_machine", 2), Holding("queue_machine_low", 1)),
              "form-1": (Holding("form_desk", 2), Holding("form_desk_low", 1)),
              "guide-1": (Holding("info_desk", 1),),
              "entrance-1": (Holding("gate", 2), Holding("xray", 1)),
              "back_office-1": (Holding("desk", 14),)}  # fmt: skip
    return {"holdings": counts.get(id, ())}


def make_layout() -> Layout:
    """The hand-made layout of make_programme() on make_site(), not furnished."""
    floor = make_site().floors[0]
    columns = [column.area for column in floor.of_kind(ObstacleKind.COLUMN)]
    zones = []
    for id, (x0, y0, x1, y1, front) in PLACED.items():
        area = box(x0, y0, x1, y1)
        net = area.area - sum(area.intersection(column).area for column in columns)
        form = "straight" if id.startswith(("window", "one_matter")) else ""
        zones.append(PlacedZone(id, id.split("-")[0], "F1", area, net, (x1 - x0) * (y1 - y0), front, form))
    aisles = (
        Aisle("M1", "F1", "public", box(8.6, 7.5, 50.5, 9.3), 1.8),
        Aisle("M2", "F1", "public", box(8.6, 16.5, 50.5, 18.3), 1.8),
        Aisle("M3", "F1", "public", box(29.8, 7.5, 32.9, 18.3), 3.1),
        Aisle("S1", "F1", "staff", box(55.5, 7.4, 55.9, 26.6), 0.4),
    )
    parts = (ScorePart("visitor_metres_per_day", 61000.0, 1.0, 61.0), ScorePart("area_deviation_m2", 0.0, 1.0, 0.0))
    return Layout("1", "综合窗口沿北墙一字布置", tuple(zones), aisles, 61.0, parts, 30.0, "effort")


def ell(width: float, depth: float, cut_w: float, cut_d: float) -> Polygon:
    """An L: a rectangle less its north-east corner."""
    return box(0, 0, width, depth).difference(box(width - cut_w, depth - cut_d, width, depth))
