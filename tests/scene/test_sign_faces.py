"""Faces and walls for the sign maker."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import ezdxf
import pytest
from shapely.geometry import LineString, box

from hallplan.model.layout import NewDoor, Partition
from hallplan.model.plan import Plan
from hallplan.scene.primitives import Fill, Words
from hallplan.scene.sign_faces import draw_panel, face_pages, face_panels, row_width
from hallplan.scene.sign_walls import wall_views
from hallplan.settings import Settings
from hallplan.write.sign_sheets import write_sign_sheets
from tests.scene.furnished import furnished_plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return furnished_plan()


def test_every_new_sign_has_its_faces_with_all_its_names(plan: Plan) -> None:
    panels = face_panels(plan, 1)
    fronts = {panel.sign.id: panel for panel in panels if not panel.is_back}
    assert set(fronts) == {sign.id for sign in plan.alternatives[0].signs.signs}
    for panel in fronts.values():
        if panel.sign.arrows:
            assert [item.arrow for row in panel.rows for item in row] == list(panel.sign.arrows)
    backs = {panel.sign.id for panel in panels if panel.is_back}
    assert backs == {s.id for s in plan.alternatives[0].signs.signs if s.is_double and s.back_names}


def test_what_a_face_says_fits_on_its_panel(plan: Plan) -> None:
    for panel in face_panels(plan, 1):
        assert max(row_width(row, panel.sign.char_mm) for row in panel.rows) <= panel.width_mm
        assert panel.width_mm >= panel.sign.width_m * 1000
        frame = box(0, 0, panel.width_mm, panel.height_mm).buffer(0.5)
        shapes = list(draw_panel(panel, (0.0, 0.0), 1.0))
        assert all(frame.contains(shape.area) for shape in shapes if isinstance(shape, Fill))
        words = [shape for shape in shapes if isinstance(shape, Words)]
        assert {shape.height_m for shape in words} >= {panel.sign.char_mm}


@pytest.mark.parametrize(
    ("arrow", "drawn", "way"), [("right", "→", (1, 0)), ("left", "←", (-1, 0)), ("ahead", "↑", (0, 1))]
)
def test_arrows_point_where_they_say(plan: Plan, arrow: str, drawn: str, way: tuple[int, int]) -> None:
    best = plan.alternatives[0]
    words = {"text_zh": f"{drawn} 取号区", "text_en": f"{drawn} Tickets", "names": ("ticket-1",), "arrows": (arrow,)}
    sign = replace(best.signs.signs[0], kind="direction", back_names=(), **words)
    led = replace(plan, alternatives=(replace(best, signs=replace(best.signs, signs=(sign,))),))
    (panel,) = face_panels(led, 1)
    assert [(item.arrow, item.zh, item.en) for row in panel.rows for item in row] == [(arrow, "取号区", "Tickets")]
    shape = next(s for s in draw_panel(panel, (0.0, 0.0), 1.0) if isinstance(s, Fill) and s.style == "panel_arrow")
    x0, y0, x1, y1 = shape.area.bounds
    dx, dy = shape.area.centroid.x - (x0 + x1) / 2, shape.area.centroid.y - (y0 + y1) / 2
    # the head is the heavy end
    assert dx * way[0] + dy * way[1] > 0
    assert abs(dx * way[1] - dy * way[0]) < 1e-6


def test_pages_hold_all_faces_inside_their_edges(plan: Plan) -> None:
    pages = face_pages(plan, 1)
    shown = " ".join(s.text for page in pages for s in page.shapes if isinstance(s, Words))
    for sign in plan.alternatives[0].signs.signs:
        assert f"{sign.char_mm:g} mm" in shown
    for page in pages:
        fills = [shape.area.bounds for shape in page.shapes if isinstance(shape, Fill)]
        assert all(x0 >= 0 and y0 >= 0 and y1 <= page.height_mm for x0, y0, _, y1 in fills)


def test_signs_on_walls_lie_on_them_at_their_distance(plan: Plan) -> None:
    for view in wall_views(plan, 1):
        for hung in view.signs:
            share = hung.along_m / max(view.length_m, 1e-9)
            at = [a + share * (b - a) for a, b in zip(view.start, view.end, strict=True)]
            assert math.dist(at, hung.sign.at) < 1.0


def test_the_dxf_shows_faces_in_true_size(plan: Plan, tmp_path: Path) -> None:
    write_sign_sheets(plan, 1, tmp_path, Settings())
    document = ezdxf.readfile(tmp_path / "signs.dxf")
    assert not document.audit().has_errors
    wide = {
        round(max(p[0] for p in line.get_points()) - min(p[0] for p in line.get_points()))
        for line in document.modelspace().query("LWPOLYLINE")
    }
    assert {panel.width_mm for panel in face_panels(plan, 1)} <= wide
    assert (tmp_path / "signs.pdf").read_bytes().startswith(b"%PDF")
    again = tmp_path / "again"
    again.mkdir()
    write_sign_sheets(plan, 1, again, Settings())
    assert all((again / name).read_bytes() == (tmp_path / name).read_bytes() for name in ("signs.pdf", "signs.dxf"))


def test_a_sign_over_a_door_hangs_amid_its_wall_and_not_on_a_piece_of_it(plan: Plan) -> None:
    best = plan.alternatives[0]
    wall = Partition("P9", "F1", LineString([(40, 3), (46, 3)]))
    door = NewDoor("N9", "F1", (42.0, 3.0), 1.2, 90.0, "wait-1", "public")
    sign = replace(
        best.signs.signs[0], id="S99", kind="zone", mount="wall", floor="F1", at=(42.0, 3.1), facing_deg=90.0
    )
    layout = replace(best.layout, partitions=(wall,), doors=(door,))
    changed = replace(best, layout=layout, signs=replace(best.signs, signs=(sign,)))
    (view,) = wall_views(replace(plan, alternatives=(changed,)), 1)
    assert view.length_m == pytest.approx(6.0, abs=0.2)
    # who looks south at it has the east on the left hand
    assert view.signs[0].along_m == pytest.approx(4.0, abs=0.1)
    assert view.openings == (pytest.approx((3.4, 4.6), abs=0.1),)


def test_what_points_right_stands_at_the_right_edge_and_a_guide_has_two_columns(plan: Plan) -> None:
    best = plan.alternatives[0]
    words = {"text_zh": "← 取号区  → 出口", "text_en": "← Tickets  → Way out", "names": ("ticket-1", "door:main")}
    led = replace(best.signs.signs[0], kind="direction", back_names=(), arrows=("left", "right"), **words)
    guide = replace(
        led, id="G", kind="board", names=("ticket-1", "wait-1", "guide-1"), arrows=(), char_mm=40.0, text_zh="导览"
    )
    shown = replace(plan, alternatives=(replace(best, signs=replace(best.signs, signs=(led, guide))),))
    way, board = face_panels(shown, 1)
    arrows = [
        s.area.bounds for s in draw_panel(way, (0.0, 0.0), 1.0) if isinstance(s, Fill) and s.style == "panel_arrow"
    ]
    assert arrows[0][0] < 0.2 * way.width_mm
    assert arrows[1][2] > way.width_mm - way.sign.char_mm
    assert [len(row) for row in board.rows] == [1, 2, 1]
    title, *names = [s for s in draw_panel(board, (0.0, 0.0), 1.0) if isinstance(s, Words)]
    assert title.height_m > board.sign.char_mm
    assert {round(word.at[0]) for word in names if word.height_m == board.sign.char_mm} == {24, 818}
