"""A drawing of ours, edited in CAD, read back."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import ezdxf
import numpy as np
import pytest
from ezdxf.document import Drawing
from ezdxf.entities import DXFGraphic
from ezdxf.math import Matrix44
from shapely.geometry import Polygon

from hallplan.dxf import APPID
from hallplan.errors import PlanFileError
from hallplan.model.edit import Edit
from hallplan.model.plan import Plan
from hallplan.model.shapes import Frame
from hallplan.read.edited import is_ours, read_edit
from hallplan.settings import Settings
from hallplan.terms import speaking
from hallplan.units import Unit
from hallplan.write.dxf import write_dxf, write_overlay
from tests.scene.furnished import furnished_plan

MILLIMETRE = 1e-3
FRAMES = (Frame(Unit.MM, (100.0, 50.0)), Frame(Unit.M, (-3.0, 1200.5), 12.5))


@pytest.fixture(scope="module")
def base() -> Plan:
    return furnished_plan()


@pytest.fixture(scope="module", params=FRAMES, ids=["mm", "m, turned"])
def plan(base: Plan, request: pytest.FixtureRequest) -> Plan:
    floors = tuple(replace(floor, frame=request.param) for floor in base.site.floors)
    return replace(base, site=replace(base.site, unit=request.param.unit, floors=floors))


@pytest.fixture(scope="module")
def drawn(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("edit") / "layout.dxf"
    write_overlay(plan, 1, path, Settings())
    return path


def ours(document: Drawing, kind: str, id: str = "") -> list[DXFGraphic]:
    marks = [(e, e.get_xdata(APPID)) for e in document.modelspace() if e.has_xdata(APPID)]
    return [e for e, tags in marks if tags[0].value == kind and id in ("", tags[1].value)]


def edited(path: Path, target: Path, change: Callable[[Drawing], object], version: str = "R2018", *, strip: bool = False) -> Path:  # fmt: skip
    document = ezdxf.readfile(path)
    change(document)
    if strip:
        for entity in document.entitydb.values():
            if entity.is_alive and entity.xdata is not None:
                entity.discard_xdata(APPID)
    document.dxfversion = version
    document.saveas(target)
    return target


def turned(about: tuple[float, float], angle_deg: float) -> Matrix44:
    x, y = about
    return Matrix44.chain(
        Matrix44.translate(-x, -y, 0), Matrix44.z_rotate(math.radians(angle_deg)), Matrix44.translate(x, y, 0)
    )


def stretch(ring: DXFGraphic, far: float) -> None:
    """Moves two neighbouring corners, as STRETCH does with what its crossing window holds."""
    points = [tuple(point) for point in ring.get_points()]
    for n in (1, 2):
        points[n] = (points[n][0] + far, points[n][1], *points[n][2:])
    ring.set_points(points)


def five_edits(document: Drawing) -> dict[str, Polygon]:
    """MOVE two zones, STRETCH two, ROTATE one by 30°; returns where they lie then, in drawing units."""
    rings = {e.get_xdata(APPID)[1].value: e for e in ours(document, "zone")}
    k = {4: 1000.0, 6: 1.0}[document.units]
    a, b, c, d, e = list(rings)[:5]
    rings[a].transform(Matrix44.translate(1.2345 * k, -0.321 * k, 0))
    rings[b].transform(Matrix44.translate(-0.7 * k, 0.25 * k, 0))
    stretch(rings[c], 0.7001 * k)
    stretch(rings[d], -0.15 * k)
    middle = np.array([point[:2] for point in rings[e].get_points()]).mean(axis=0)
    rings[e].transform(turned((float(middle[0]), float(middle[1])), 30.0))
    return {id: Polygon([p[:2] for p in rings[id].get_points()]) for id in (a, b, c, d, e)}


def is_as_drawn(plan: Plan, edit: Edit, expected: dict[str, Polygon]) -> None:
    zones = {zone.zone: zone for zone in edit.layout.zones}
    before = {zone.zone: zone for zone in plan.alternatives[0].layout.zones}
    assert set(zones) == set(before)
    for id, zone in zones.items():
        if id in expected:
            shape = plan.site.floor(zone.floor).frame.to_plan(expected[id])
            assert zone.area.hausdorff_distance(shape) < MILLIMETRE
            assert zone.area_m2 <= zone.area.area + 1e-4
        else:
            assert zone == before[id]
    changed = {change.id: change for change in edit.changes if change.kind == "zone"}
    assert set(changed) == set(expected)
    assert [changed[id].what for id in expected] == ["moved", "moved", "reshaped", "reshaped", "moved"]
    assert changed[list(expected)[4]].turn_deg == pytest.approx(30.0, abs=0.01)


@pytest.mark.parametrize("strip", [False, True], ids=["marked", "marks dropped"])
@pytest.mark.parametrize("version", ["R2000", "R2018"])
def test_five_zones_are_read_back_to_the_millimetre(
    plan: Plan, drawn: Path, tmp_path: Path, version: str, strip: bool
) -> None:
    expected: dict[str, Polygon] = {}
    path = edited(drawn, tmp_path / "a.dxf", lambda d: expected.update(five_edits(d)), version, strip=strip)
    edit = read_edit(path, plan, 1)
    is_as_drawn(plan, edit, expected)
    turned_zone = list(expected)[4]
    front = next(z.front_deg for z in plan.alternatives[0].layout.zones if z.zone == turned_zone)
    after = next(z.front_deg for z in edit.layout.zones if z.zone == turned_zone)
    assert after is None if front is None else after == pytest.approx((front + 30.0) % 360.0, abs=0.01)


@pytest.mark.parametrize("strip", [False, True], ids=["marked", "marks dropped"])
def test_what_nobody_touched_is_the_plan_itself(plan: Plan, drawn: Path, tmp_path: Path, strip: bool) -> None:
    edit = read_edit(edited(drawn, tmp_path / "a.dxf", lambda _: None, "R2000", strip=strip), plan, 1)
    assert edit.changes == ()
    assert edit.layout == plan.alternatives[0].layout
    assert edit.signs == plan.alternatives[0].signs.signs
    assert bool(edit.warnings) == strip


def test_counters_and_signs_are_read_back(plan: Plan, drawn: Path, tmp_path: Path) -> None:
    layout, k = plan.alternatives[0].layout, 1000.0 if plan.site.unit == Unit.MM else 1.0
    counter = next(piece for piece in layout.furniture if piece.window)
    sign = plan.alternatives[0].signs.signs[0]
    frame = plan.site.floor(counter.floor).frame
    x, y = frame.point_to_drawing(counter.at)

    def change(document: Drawing) -> None:
        (block,) = ours(document, "furniture", counter.id)
        block.transform(Matrix44.chain(turned((x, y), 90.0), Matrix44.translate(0.4 * k, 0, 0)))
        (face,) = ours(document, "sign", sign.id)
        face.transform(Matrix44.translate(0, -0.6 * k, 0))
        face.get_attrib("TEXT").dxf.text = "综合窗口 →"

    edit = read_edit(edited(drawn, tmp_path / "a.dxf", change), plan, 1)
    moved = next(piece for piece in edit.layout.furniture if piece.id == counter.id)
    assert math.dist(frame.point_to_drawing(moved.at), (x + 0.4 * k, y)) < MILLIMETRE * k
    assert math.remainder(moved.facing_deg - counter.facing_deg - 90.0, 360.0) == pytest.approx(0.0, abs=0.01)
    assert moved.window == counter.window
    read = next(one for one in edit.signs if one.id == sign.id)
    assert math.dist(read.at, sign.at) == pytest.approx(0.6, abs=MILLIMETRE)
    assert read.text_zh == "综合窗口 →"
    assert {change.kind for change in edit.changes} == {"furniture", "sign"}


def test_a_mirrored_piece_looks_the_other_way(plan: Plan, drawn: Path, tmp_path: Path) -> None:
    piece = next(p for p in plan.alternatives[0].layout.furniture if p.kind == "chair")
    edit = read_edit(edited(drawn, tmp_path / "a.dxf", lambda d: ours(d, "furniture", piece.id)[0].transform(Matrix44.scale(-1, 1, 1))), plan, 1)  # fmt: skip
    read = next(p for p in edit.layout.furniture if p.id == piece.id)
    turn = plan.site.floors[0].frame.rotation_deg
    assert math.remainder(read.facing_deg + turn - (180.0 - piece.facing_deg - turn), 360.0) == pytest.approx(0.0, abs=0.01)  # fmt: skip
    assert read.size_m == piece.size_m


def test_copied_and_deleted_chairs_count(plan: Plan, drawn: Path, tmp_path: Path) -> None:
    chairs = [p for p in plan.alternatives[0].layout.furniture if p.kind == "chair"]

    def change(document: Drawing) -> None:
        (block,) = ours(document, "furniture", chairs[0].id)
        copy = block.copy()
        document.modelspace().add_entity(copy)
        copy.transform(Matrix44.translate(0, 3.0, 0))
        document.modelspace().delete_entity(ours(document, "furniture", chairs[1].id)[0])

    edit = read_edit(edited(drawn, tmp_path / "a.dxf", change), plan, 1)
    after = [p.id for p in edit.layout.furniture if p.kind == "chair"]
    assert len(after) == len(chairs)
    assert f"{chairs[0].id}-C1" in after
    assert {(c.id, c.what) for c in edit.changes} == {(f"{chairs[0].id}-C1", "added"), (chairs[1].id, "removed")}


def test_partitions_go_where_they_were_moved(plan: Plan, drawn: Path, tmp_path: Path) -> None:
    layout, k = plan.alternatives[0].layout, 1000.0 if plan.site.unit == Unit.MM else 1.0
    if not layout.partitions:
        pytest.skip("this plan has no partitions")
    wall = layout.partitions[0]

    def change(document: Drawing) -> None:
        for ring in ours(document, f"partition-{wall.kind}", wall.id):
            ring.transform(Matrix44.translate(0.3 * k, 0, 0))

    edit = read_edit(edited(drawn, tmp_path / "a.dxf", change), plan, 1)
    moved = next(w for w in edit.layout.partitions if w.id == wall.id)
    assert moved.line.length == pytest.approx(wall.line.length, abs=2 * MILLIMETRE)
    assert moved.line.centroid.distance(wall.line.centroid) == pytest.approx(0.3, abs=MILLIMETRE)
    assert [w for w in edit.layout.partitions if w.id != wall.id] == list(layout.partitions[1:])


def test_a_deleted_zone_is_gone_and_its_ground_is_way(base: Plan, tmp_path: Path) -> None:
    write_overlay(base, 1, tmp_path / "layout.dxf", Settings())
    gone = base.alternatives[0].layout.zones[0]
    change = lambda d: d.modelspace().delete_entity(ours(d, "zone", gone.zone)[0])  # noqa: E731
    edit = read_edit(edited(tmp_path / "layout.dxf", tmp_path / "a.dxf", change), base, 1)
    assert gone.zone not in {zone.zone for zone in edit.layout.zones}
    before = sum(aisle.area.area for aisle in base.alternatives[0].layout.aisles)
    assert sum(aisle.area.area for aisle in edit.layout.aisles) >= before


def test_a_crossed_outline_is_named_with_its_handle(base: Plan, tmp_path: Path) -> None:
    write_overlay(base, 1, tmp_path / "layout.dxf", Settings())

    def change(document: Drawing) -> None:
        for ring in ours(document, "zone")[:2]:
            points = [tuple(point) for point in ring.get_points()]
            points[1], points[2] = points[2], points[1]
            ring.set_points(points)

    path = edited(tmp_path / "layout.dxf", tmp_path / "a.dxf", change)
    with speaking("en"), pytest.raises(PlanFileError) as caught:
        read_edit(path, base, 1)
    assert len(caught.value.faults) == 2
    assert "entity" in caught.value.faults[0].where
    assert "crosses itself" in caught.value.faults[0].found


def test_another_drawing_is_refused(base: Plan, tmp_path: Path) -> None:
    document = ezdxf.new("R2010")
    document.modelspace().add_line((0, 0), (5000, 0))
    document.saveas(tmp_path / "other.dxf")
    assert not is_ours(tmp_path / "other.dxf")
    with speaking("en"), pytest.raises(PlanFileError, match="shows no zone of this plan"):
        read_edit(tmp_path / "other.dxf", base, 1)


def test_a_drawing_of_another_plan_is_told(base: Plan, tmp_path: Path) -> None:
    write_overlay(replace(base, title="something else"), 1, tmp_path / "layout.dxf", Settings())
    with speaking("en"):
        edit = read_edit(tmp_path / "layout.dxf", base, 1)
    assert edit.changes == ()
    assert "another plan" in edit.warnings[0]


def test_a_zone_moved_without_its_furniture_is_told(base: Plan, tmp_path: Path) -> None:
    write_overlay(base, 1, tmp_path / "layout.dxf", Settings())
    zone = next(p.zone for p in base.alternatives[0].layout.furniture if p.kind == "chair")
    path = edited(tmp_path / "layout.dxf", tmp_path / "a.dxf", lambda d: ours(d, "zone", zone)[0].transform(Matrix44.translate(100, 0, 0)))  # fmt: skip
    with speaking("en"):
        warnings = read_edit(path, base, 1).warnings
    assert any(zone in warning and "stayed" in warning for warning in warnings)


def test_only_a_whole_drawing_carries_the_plan_again(base: Plan, tmp_path: Path) -> None:
    document = ezdxf.new("R2010", units=4)
    document.modelspace().add_line((0, 0), (9000, 0), {"layer": "墙"})
    document.saveas(tmp_path / "plan.dxf")
    write_dxf(base, 1, tmp_path / "plan.dxf", tmp_path / "layout.dxf", Settings())
    write_overlay(base, 1, tmp_path / "overlay.dxf", Settings())
    assert read_edit(tmp_path / "layout.dxf", base, 1).can_carry
    assert not read_edit(tmp_path / "overlay.dxf", base, 1).can_carry
