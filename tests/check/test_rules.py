"""Each rule passes on a good hall and fails on one that breaks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.resources import files

import jsonschema
import pytest
from shapely.geometry import LineString, box

from hallplan.check import check_plan, check_report
from hallplan.check.case import Case
from hallplan.check.engine import checks
from hallplan.check.packs import pack_names, read_packs
from hallplan.errors import SettingsError
from hallplan.flow import route_visitors
from hallplan.model.demand import Demand
from hallplan.model.findings import Finding
from hallplan.model.flow import Blocked, Routes
from hallplan.model.layout import Aisle, Furniture, Layout, NewDoor, Partition, Shortfall
from hallplan.model.programme import Programme
from hallplan.model.signs import SignPlan
from hallplan.model.site import Bay, ObstacleKind, OpeningRole, Room, Site, VerticalLink
from hallplan.model.windows import WindowPlan
from hallplan.settings import Settings
from hallplan.signs import plan_signs
from hallplan.terms import read_data, speaking
from tests.builders import make_demand, make_layout, make_programme, make_site, make_windows


@dataclass(frozen=True)
class Hall:
    site: Site
    demand: Demand
    windows: WindowPlan
    programme: Programme
    layout: Layout
    routes: Routes
    signs: SignPlan
    settings: Settings

    def parts(self) -> tuple:  # type: ignore[type-arg]
        return (
            self.site, self.demand, self.windows, self.programme, self.layout, self.routes, self.signs, self.settings
        )  # fmt: skip

    def findings(self, rule: str) -> list[Finding]:
        """What one rule finds; the whole check of a plan has its own test."""
        rules = self.settings.rules.model_copy(update={"packs": list(pack_names())})
        every = self.settings.model_copy(update={"rules": rules})
        task = next(task for pack in read_packs(every) for task in pack.tasks if task.rule.id == rule)
        return list(checks()[task.rule.check](Case(*self.parts()), task))


def piece(id: str, kind: str, zone: str, x: float, y: float, facing: float, **more: object) -> Furniture:
    low = kind.endswith("_low")
    height = {"call_screen": 2.4, "kiosk": 1.6, "queue_machine": 1.5}.get(kind, 0.75)
    size = {"counter": (1.4, 0.7), "chair": (0.6, 0.6)}.get(kind.removesuffix("_low"), (0.8, 0.6))
    return Furniture(
        id, kind, "F1", zone, (x, y), size, facing, 1.1 if low and "counter" not in kind else height, **more
    )


def furniture() -> tuple[Furniture, ...]:
    windows = [window.id for window in make_windows().windows]
    rows = {"A": (10.3, 21.0, 1.6, 0.0, 270), "B": (53.0, 8.5, 0.0, 1.6, 180), "Y": (41.8, 21.0, 1.6, 0.0, 270),
            "C": (47.5, 5.6, 0.0, 1.5, 180), "F": (12.0, 14.8, 0, 0, 0)}  # fmt: skip
    homes = {"A": "window_general-1", "B": "window_special-1", "Y": "one_matter-1", "C": "pickup-1", "F": "complaint-1"}
    found = []
    for id in windows:
        x, y, dx, dy, facing = rows[id[0]]
        n = int(id[1:]) - 1
        # a low unit of its own at each line's first window
        kind = "counter_low" if n == 0 else "counter"
        found.append(piece(f"K-{id}", kind, homes[id[0]], x + dx * n, y + dy * n, facing, window=id))
    found += [piece(f"S{n}", "chair", "wait-1", 16 + 0.6 * (n % 15), 10.5 + 1.5 * (n // 15), 90) for n in range(45)]
    found += [
        piece("P1", "wheelchair_place", "wait-1", 26.0, 10.5, 90),
        piece("V1", "call_screen", "wait-1", 21, 16.2, 270),
    ]
    found += [piece(f"Q{n}", "queue_machine" + "_low" * (n == 0), "ticket-1", 36.5 + n, 6.5, 270) for n in range(3)]
    found += [piece(f"Z{n}", "kiosk" + "_low" * (n == 0), "self_service-1", 2.0, 9.5 + 1.2 * n, 0) for n in range(6)]
    found += [piece(f"Y{n}", "kiosk" + "_low" * (n == 0), "self_24h-1", 1.5, 2.5 + 1.5 * n, 0) for n in range(2)]
    found += [piece("G1", "gate", "entrance-1", 30.2, 3.0, 90)]
    found += [
        replace(piece(f"T{n}", "tactile", "guide-1", 30.2, 1.5 + 1.0 * n, 0), size_m=(1.0, 0.3), height_m=0.0)
        for n in range(4)
    ]
    found += [piece("I1", "info_desk", "guide-1", 27.5, 6.4, 270)]
    found += [piece("L1", "speaker", "wait-1", 21.8, 16.2, 270)]
    return (*tuple(found), *parked())


def parked() -> tuple[Furniture, ...]:
    """An accessible bay south of the hall with the way beside it."""
    bay = Furniture("B1", "accessible_bay", "F1", "", (1.25, -9.5), (2.5, 5.0), 90.0, 0.0)
    return bay, Furniture("B2", "bay_aisle", "F1", "", (3.1, -9.5), (1.2, 5.0), 90.0, 0.0)


@pytest.fixture(scope="module")
def hall() -> Hall:
    site, programme = make_site(), make_programme()
    floor = site.floors[0]
    toilet = replace(floor, rooms=(Room("W1", "无障碍卫生间", box(53.4, 0.3, 55, 3)),))
    bays = tuple(Bay("F1", box(2.6 * n, -12, 2.6 * n + 2.5, -7)) for n in range(12))
    site = replace(site, floors=(toilet,), parking=bays)
    wall = Partition("P1", "F1", LineString([(8.55, 0.3), (8.55, 7.6)]), zone="self_24h-1")
    shutter = Partition("P2", "F1", LineString([(0.3, 7.6), (8.55, 7.6)]), "shutter", zone="self_24h-1")
    doors = (NewDoor("D-1", "F1", (51.2, 4.0), 1.0, 90, "nursing-1", "public"),)
    layout = replace(make_layout(), furniture=furniture(), partitions=(wall, shutter), doors=doors)
    routes = route_visitors(site, programme, layout, Settings())
    signs = plan_signs(site, programme, layout, routes, Settings())
    settings = Settings.model_validate({"rules": {"sprinklers": True}, "signs": {"max_blind_m": 25}})
    return Hall(site, make_demand(), make_windows(), programme, layout, routes, signs, settings)


def with_layout(hall: Hall, **changes: object) -> Hall:
    return replace(hall, layout=replace(hall.layout, **changes))


def without(hall: Hall, *kinds: str) -> Hall:
    return with_layout(hall, furniture=tuple(p for p in hall.layout.furniture if p.kind not in kinds))


def adding(hall: Hall, *pieces: Furniture) -> Hall:
    return with_layout(hall, furniture=hall.layout.furniture + pieces)


def with_doors(hall: Hall, change: Callable[..., object]) -> Hall:
    floor = hall.site.floors[0]
    openings = tuple(door for door in (change(door) for door in floor.openings) if door is not None)
    return replace(hall, site=replace(hall.site, floors=(replace(floor, openings=openings),)))


def narrow_doors(hall: Hall, width: float) -> Hall:
    return with_doors(hall, lambda door: replace(door, width_m=width))


def upstairs(hall: Hall) -> Hall:
    floor = hall.site.floors[0]
    upper = replace(floor, id="F2", name="二层", level=2, links=(VerticalLink("L", ObstacleKind.STAIR, (30, 10)),))
    zones = tuple(
        replace(z, floor="F2") if z.zone == "meeting-1" or z.zone == "child-1" else z for z in hall.layout.zones
    )
    return replace(with_layout(hall, zones=zones), site=replace(hall.site, floors=(floor, upper)))


def moved_zone(hall: Hall, id: str, **changes: object) -> Hall:
    return with_layout(hall, zones=tuple(replace(z, **changes) if z.zone == id else z for z in hall.layout.zones))


def blocked(hall: Hall, kind: str, start: str, end: str) -> Hall:
    return replace(hall, routes=replace(hall.routes, blocked=(Blocked(kind, start, end, "F1", 1.2),)))


def walled_in(hall: Hall) -> Hall:
    """A gap of half a metre is all that leads into the ticket zone."""
    ring = LineString([(37.2, 7.5), (35.5, 7.5), (35.5, 4.5), (39.3, 4.5), (39.3, 7.5), (37.7, 7.5)])
    return with_layout(hall, partitions=(*hall.layout.partitions, Partition("PX", "F1", ring)))


def screened(hall: Hall) -> Hall:
    """A wall across the hall just inside the main entrance."""
    wall = Partition("PX", "F1", LineString([(20.0, 2.5), (40.0, 2.5)]))
    walled = with_layout(hall, partitions=(*hall.layout.partitions, wall))
    return replace(walled, signs=plan_signs(walled.site, walled.programme, walled.layout, walled.routes, Settings()))


def narrowed(hall: Hall) -> Hall:
    """Walls leave 1 m between the entrance and everything else."""
    wall = [LineString([(0.3, 4.2), (29.9, 4.2)]), LineString([(30.9, 4.2), (61.7, 4.2)])]
    extra = tuple(Partition(f"PX{n}", "F1", line) for n, line in enumerate(wall))
    return with_layout(hall, partitions=(*hall.layout.partitions, *extra))


def taller(hall: Hall, kind: str, height: float) -> Hall:
    return with_layout(
        hall, furniture=tuple(replace(p, height_m=height) if p.kind == kind else p for p in hall.layout.furniture)
    )


def silent(hall: Hall) -> Hall:
    return replace(hall, signs=replace(hall.signs, served=tuple(replace(s, sign="") for s in hall.signs.served)))


def blind(hall: Hall) -> Hall:
    readings = tuple(replace(r, readable_share=0.1, blind=((2.0, 30.0),)) for r in hall.signs.readings)
    return replace(hall, signs=replace(hall.signs, readings=readings))


def types(hall: Hall, **changes: object) -> Hall:
    first, *rest = hall.windows.types
    return replace(hall, windows=replace(hall.windows, types=(replace(first, **changes), *rest)))


def only_main(hall: Hall) -> Hall:
    return with_doors(hall, lambda door: door if door.role is OpeningRole.MAIN else None)


def side_by_side(hall: Hall) -> Hall:
    main = hall.site.floors[0].openings[0]
    near = replace(main, id="D9", line=LineString([(33, 0.15), (34, 0.15)]), at=(33.5, 0.15))
    floor = replace(hall.site.floors[0], openings=(main, near))
    return replace(hall, site=replace(hall.site, floors=(floor,)))


def long_way(hall: Hall) -> Hall:
    routes = tuple(
        replace(r, legs=(replace(r.legs[0], length_m=60.0),)) if r.network == "egress" else r
        for r in hall.routes.routes
    )
    return replace(hall, routes=replace(hall.routes, routes=routes))


def far_room(hall: Hall) -> Hall:
    closed = only_main(hall)
    door = NewDoor("D-2", "F1", (4.4, 18.4), 1.0, 270, "equipment_rooms-1", "staff")
    strict = closed.settings
    parameters = strict.rules.model_copy(update={"parameters": {"egress_room_travel": 20.0}})
    return replace(with_layout(closed, doors=(door,)), settings=strict.model_copy(update={"rules": parameters}))


def fixed(hall: Hall) -> Hall:
    zones = tuple(
        replace(z, fixed_area=box(0, 0, 5, 5)) if z.id == "records-1" else z for z in hall.programme.zones
    )  # fmt: skip
    return replace(hall, programme=replace(hall.programme, zones=zones))


def zone_type(hall: Hall, type: str) -> Hall:
    return with_layout(hall, zones=tuple(z for z in hall.layout.zones if z.type != type))


def far_away(hall: Hall, id: str) -> Hall:
    return moved_zone(hall, id, area=box(500, 500, 510, 510))


def signs_of(hall: Hall, **changes: object) -> Hall:
    return replace(hall, signs=replace(hall.signs, signs=tuple(replace(s, **changes) for s in hall.signs.signs)))


def of_items(hall: Hall, **changes: object) -> Hall:
    return replace(hall, demand=replace(hall.demand, items=tuple(replace(i, **changes) for i in hall.demand.items)))


def asking(hall: Hall, **limits: float) -> Hall:
    rules = hall.settings.rules.model_copy(update={"parameters": limits})
    return replace(hall, settings=hall.settings.model_copy(update={"rules": rules}))


BREAKS: dict[str, Callable[[Hall], Hall]] = {
    "access_continuous": lambda h: blocked(h, "wheelchair", "entrance-1", "wait-1"),
    "access_route_width": narrowed,
    "access_main_width": narrowed,
    "access_gate_width": lambda h: replace(
        with_layout(
            h, furniture=tuple(replace(p, size_m=(0.7, 0.6)) if p.kind == "gate" else p for p in h.layout.furniture)
        ),
        routes=replace(h.routes, routes=()),
    ),
    "access_door_clear": lambda h: narrow_doors(h, 0.85),
    "access_lift": upstairs,
    "access_service_route": walled_in,
    "access_wheelchair_place": lambda h: adding(h, piece("P9", "wheelchair_place", "wait-1", 20, 17.4, 90)),
    "access_low_desk": lambda h: without(h, "counter_low"),
    "access_low_machine": lambda h: without(h, "queue_machine_low"),
    "access_turning": lambda h: adding(
        h, piece("X1", "shelf", "", 10.3, 20.0, 90), piece("X2", "shelf", "", 11.2, 19.6, 90)
    ),
    "access_tactile": lambda h: adding(h, piece("X3", "water", "guide-1", 30.2, 3.4, 90)),
    "access_parking": lambda h: without(h, "accessible_bay"),
    "access_visual_audio": lambda h: without(h, "speaker"),
    "access_desk_height": lambda h: taller(h, "counter_low", 0.95),
    "access_sign_continuous": lambda h: replace(h, signs=replace(h.signs, signs=())),
    "access_sign_visible": silent,
    "access_voice_text": lambda h: without(h, "call_screen"),
    "access_public_office": lambda h: without(h, "wheelchair_place"),
    "egress_door_clear": lambda h: narrow_doors(h, 0.75),
    "egress_corridor_width": narrowed,
    "egress_exits": only_main,
    "egress_exit_separation": side_by_side,
    "egress_width": lambda h: narrow_doors(h, 0.2),
    "egress_travel": long_way,
    "egress_room_travel": far_room,
    "egress_public_door": lambda h: narrow_doors(h, 1.2),
    "egress_reached": lambda h: blocked(h, "egress", "wait-1", "exit"),
    "hall_counts": lambda h: with_layout(h, shortfalls=(Shortfall("wait-1", "chair", 70, 45, "放不下"),)),
    "hall_windows": lambda h: with_layout(h, furniture=h.layout.furniture[2:]),
    "hall_area": lambda h: moved_zone(h, "wait-1", area_m2=40.0),
    "hall_overlap": lambda h: moved_zone(h, "wait-1", area=box(15.2, 9.4, 34.0, 16.4)),
    "hall_inside": lambda h: moved_zone(h, "records-1", area=box(56, 16, 63, 25)),
    "hall_furniture": lambda h: adding(h, piece("S99", "chair", "wait-1", 16.1, 10.5, 90)),
    "hall_fixed": fixed,
    "hall_reached": lambda h: blocked(h, "general", "guide-1", "wait-1"),
    "hall_staff_reached": lambda h: blocked(h, "staff", "door:staff", "back_office-1"),
    "hall_crossing": lambda h: replace(h, routes=replace(h.routes, crossings=(("F1", (30.0, 12.0)),))),
    "hall_screened": lambda h: moved_zone(h, "entrance-1", area=box(2, 2, 8, 5)),
    "hall_aisle": lambda h: with_layout(h, aisles=(Aisle("M9", "F1", "public", box(8, 7, 50, 8.5), 1.5),)),
    "hall_screen": lambda h: without(h, "call_screen"),
    "hall_24h": lambda h: with_doors(h, lambda d: None if d.role is OpeningRole.H24 else d),
    "hall_signs": silent,
    "hall_blind": blind,
    "guide_zones": lambda h: with_layout(h, zones=tuple(z for z in h.layout.zones if z.type != "guide")),
    "guide_area": lambda h: with_layout(h, zones=tuple(replace(z, area_m2=z.area_m2 * 1.4) for z in h.layout.zones)),
    "guide_signs": blind,
    "guide_value_added": lambda h: with_layout(h, zones=tuple(z for z in h.layout.zones if z.type != "value_added")),
    "guide_window_service": lambda h: types(h, share_within_target=0.6),
    "guide_window_balance": lambda h: types(h, utilisation=0.2),
    "guide_kiosks": lambda h: without(h, "kiosk"),
    "guide_24h": lambda h: with_layout(h, zones=tuple(z for z in h.layout.zones if z.type != "self_24h")),
    "guide_convenience": lambda h: with_layout(h, zones=tuple(z for z in h.layout.zones if z.type != "nursing")),
}
BREAKS |= {
    "guide_specialised": lambda h: zone_type(h, "window_general"),
    "guide_one_matter": lambda h: zone_type(h, "one_matter"),
    "guide_accessible_machines": lambda h: without(h, "queue_machine_low"),
    "smart_self_service": lambda h: without(h, "kiosk", "kiosk_low"),
    "smart_queueing": lambda h: without(h, "call_screen"),
    "smart_ticket_machines": lambda h: asking(h, smart_ticket_machines=1.0),
    "smart_24h": lambda h: zone_type(h, "self_24h"),
    "sign_hung_height": lambda h: signs_of(h, height_m=1.9, mount="hung"),
    "sign_bilingual": lambda h: signs_of(h, text_en=""),
    "sign_decisions": silent,
    "sign_repeat": lambda h: replace(h, signs=replace(h.signs, readings=tuple(replace(r, blind=((0.0, 45.0),)) for r in h.signs.readings))),
    "sign_readable": blind,
    "service_guidance": lambda h: zone_type(h, "ticket"),
    "service_guide_at_entrance": lambda h: far_away(h, "guide-1"),
    "service_guide_in_sight": screened,
    "service_complaint": lambda h: zone_type(h, "complaint"),
    "service_forms": lambda h: zone_type(h, "form"),
    "service_pickup": lambda h: zone_type(h, "pickup"),
    "service_waiting": lambda h: with_layout(h, furniture=tuple(p for p in h.layout.furniture if p.kind != "chair" or p.id == "S1")),
    "service_wait_near": lambda h: far_away(h, "window_general-1"),
    "js_sides": lambda h: moved_zone(h, "back_office-1", area=next(z.area for z in h.layout.zones if z.type == "wait")),
    "js_back_office": lambda h: far_away(h, "window_general-1"),
    "js_balance": lambda h: types(h, utilisation=0.2),
    "js_area_window": lambda h: with_layout(h, zones=h.layout.zones[:1]),
}  # fmt: skip
UNDECIDABLE = {
    "access_toilet",
    "smart_online",
    "smart_kiosk_items",
    "guide_window_share",
    "guide_admission",
    "guide_fault_limits",
}


@pytest.mark.parametrize("rule", BREAKS)
def test_a_rule_holds_on_a_good_hall_and_fails_on_one_that_breaks_it(hall: Hall, rule: str) -> None:
    good = hall.findings(rule)
    assert [finding.status for finding in good if finding.status != "pass"] == [], good
    bad = BREAKS[rule](hall).findings(rule)
    assert "fail" in {finding.status for finding in bad}, bad


def test_a_turning_circle_beside_a_column_is_measured_as_a_circle(hall: Hall) -> None:
    """The corners of its box lie in a column of 0.6 m, the circle of 1.5 m does not."""
    circle = replace(piece("X1", "turning", "", 9.8, 9.1, 90), size_m=(1.5, 1.5))
    apart, within = adding(hall, circle), adding(hall, replace(circle, at=(9.5, 8.8)))
    assert [f.status for f in apart.findings("hall_furniture")] == ["pass"]
    assert [f.status for f in within.findings("hall_furniture")] == ["fail"]


def test_a_zone_that_another_one_does_the_work_of_is_not_missing(hall: Hall) -> None:
    there = tuple(replace(z, serves=("form",)) if z.type == "guide" else z for z in hall.programme.zones)
    without = zone_type(replace(hall, programme=replace(hall.programme, zones=there)), "form")
    assert {finding.status for finding in without.findings("service_forms")} == {"pass"}


def test_every_rule_has_a_case_or_cannot_be_decided_from_a_plan() -> None:
    rules = {id: entry for pack in pack_names() for id, entry in read_data(f"rules/{pack}.toml").items()}
    decided = {id for id, entry in rules.items() if entry["check"] != "unseen"}
    assert decided - UNDECIDABLE == set(BREAKS)
    assert {entry["check"] for entry in rules.values()} <= set(checks())
    for id, entry in rules.items():
        assert entry["level"] != "mandatory" or entry["clause"].startswith("GB 55"), id
        assert entry["check"] != "unseen" or (entry["why_zh"] and entry["why_en"]), id


def test_a_check_of_the_plan_takes_every_rule_of_the_chosen_packs_in_order(hall: Hall) -> None:
    found = check_plan(*hall.parts())
    rules = [id for pack in hall.settings.rules.packs for id in read_data(f"rules/{pack}.toml")]
    assert list(dict.fromkeys(finding.rule for finding in found)) == rules
    assert {finding.rule for finding in found if finding.status == "fail"} == set()


def test_toilets_are_decided_by_what_the_drawing_names(hall: Hall) -> None:
    assert [f.status for f in hall.findings("access_toilet")] == ["pass"]
    plain = replace(hall, site=make_site())
    assert [f.status for f in plain.findings("access_toilet")] == ["undecided"]


def test_ratios_that_are_not_published_are_undecided_until_a_limit_is_set(hall: Hall) -> None:
    finding = hall.findings("guide_admission")[0]
    assert (finding.status, finding.limit, finding.value) == ("undecided", None, 1.0)
    assert "国标数值未公布" in finding.message
    settings = Settings.model_validate({"rules": {"parameters": {"guide_admission": 0.9}}})
    assert replace(hall, settings=settings).findings("guide_admission")[0].status == "pass"


def test_a_changed_limit_is_used_and_said_with_its_reason(hall: Hall) -> None:
    rules = {"parameters": {"access_door_clear": 2.0}, "reasons": {"access_door_clear": "业主要求"}}
    finding = replace(hall, settings=Settings.model_validate({"rules": rules})).findings("access_door_clear")[0]
    assert finding.status == "fail"
    assert finding.limit == 2.0
    assert "业主要求" in finding.message


@pytest.mark.parametrize(
    "rules",
    [{"packs": ["acess"]}, {"parameters": {"access_route_widht": 1.5}}, {"parameters": {"access_route_width": "wide"}}],
)
def test_a_wrong_rule_setting_is_refused_with_the_nearest_name(rules: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        read_packs(Settings.model_validate({"rules": rules}))


def test_failures_say_where_in_both_languages(hall: Hall) -> None:
    narrow = narrow_doors(hall, 0.75).findings("egress_door_clear")
    assert all(finding.where.at is not None for finding in narrow)
    assert "0.75 m" in narrow[0].message
    with speaking("en"):
        assert "wider door" in narrow_doors(hall, 0.75).findings("egress_door_clear")[0].message


def test_the_report_keeps_its_schema_and_gives_places_in_the_drawing(hall: Hall) -> None:
    schema = json.loads(files("hallplan").joinpath("data/schemas/check.schema.json").read_text("utf-8"))
    found = tuple(narrow_doors(hall, 0.75).findings("egress_door_clear"))
    report = json.loads(json.dumps(check_report(found, hall.site)))
    jsonschema.validate(report, schema)
    assert report["summary"]["fail"] == len(found)
    # the site's frame moves the plan by (100, 50) m
    assert report["findings"][0]["where"]["at"] == pytest.approx(
        [found[0].where.at[0] + 100, found[0].where.at[1] + 50]
    )


def test_a_zone_too_far_from_another_is_told_with_its_metres_or_its_floor(hall: Hall) -> None:
    with speaking("en"):
        far = far_away(hall, "window_general-1").findings("service_wait_near")[0]
        assert f"is {far.value:g} m from Waiting, 8 m at most" in far.message
        above = moved_zone(hall, "window_general-1", floor="F2").findings("service_wait_near")[0]
        assert "on another floor than Waiting, 8 m at most" in above.message


@pytest.mark.parametrize(("at", "status"), [((30.0, 12.0), "pass"), ((2.0, 25.0), "fail")])
def test_guidance_upstairs_is_near_where_one_comes_up(hall: Hall, at: tuple[float, float], status: str) -> None:
    floor = hall.site.floors[0]
    upper = replace(floor, id="F2", level=2, openings=(), links=(VerticalLink("L", ObstacleKind.LIFT, at),))
    above = replace(moved_zone(hall, "guide-1", floor="F2"), site=replace(hall.site, floors=(floor, upper)))
    with speaking("en"):
        found = above.findings("service_guide_at_entrance")[0]
    assert found.status == status
    assert "the stairs and lifts" in found.message
