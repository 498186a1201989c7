"""Published cases of sign catchments, each with what was read of it and where."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon, box

from hallplan.geometry.visibility import SightField
from hallplan.model.signs import Sign
from hallplan.signs.legibility import catchment, nearest_reading_m, reads, sign_reach_m, within_reach

EYE_M = 2.0
DISC = 1e-3
"""The figure for catchments against the published formula."""
CELLS = 4e-3
"""fdsvismap's cells of 0.1 m: their edges are 0.4 % of the catchments below."""
OPEN = SightField([])


@dataclass(frozen=True)
class Face:
    at: tuple[float, float]
    facing_deg: float
    reach_m: float
    height_m: float = EYE_M


def seen(face: Face, room: Polygon, solid: shapely.Geometry | None = None) -> float:
    area = catchment(face, room, [(solid, 0.0, 3.0)] if solid is not None else [], EYE_M)
    return area.area if area else 0.0


def at_angle(distance: float, angle_deg: float) -> np.ndarray:
    """A place before a sign at the origin that looks north, `angle_deg` off its normal."""
    turn = math.radians(angle_deg)
    return np.array([[distance * math.sin(turn), distance * math.cos(turn)]])


# Xie, Filippidis, Gwynne, Galea, Blackshields, Lawrence, "Signage legibility distances as a function of observation angle",
# J. Fire Prot. Eng. 17 (2007) 41-64. Its figures were read second hand, with their pages, in the documentation of pyFDS-Evac
# ("Seeing and using exit signs"): the catchment is a circle that touches the sign (Eq. 4, p. 47) as wide as the half-disc of
# the codes is long (p. 48); 48 people read sign 1 from 23.38 m straight on and 14.82 m at 60° (Table 2, p. 52), three signs
# from 19.8-33.1 m at 0° and 4.6-6.3 m at 80°: "a slightly flattened circle" (p. 53). JuPedSim's jpscore (VisualSystem.cpp)
# carries a parabola through the readings of the sign of 19.8 m: 19.79 + 0.07863 θ - 0.003335 θ², θ in degrees.
@pytest.mark.parametrize("reach", [19.8, 23.38, 33.1])
def test_a_catchment_is_half_of_what_codes_assume(reach: float) -> None:
    code = math.pi * reach**2 / 2
    assert seen(Face((0.0, 0.0), 90.0, reach), box(-50, -50, 50, 50)) == pytest.approx(code / 2, rel=DISC)


def parabola(angle_deg: np.ndarray) -> np.ndarray:
    return 19.79 + 0.07863 * angle_deg - 0.003335 * angle_deg**2


def test_the_fitted_readings_are_those_of_the_study() -> None:
    assert parabola(np.array([0.0]))[0] == pytest.approx(19.8, abs=0.02)
    assert 4.6 <= parabola(np.array([80.0]))[0] <= 6.3


def test_where_a_sign_counts_as_read_people_of_the_study_read_it() -> None:
    face = Face((0.0, 0.0), 90.0, 19.79)
    angles = np.arange(-80.0, 80.5, 0.5)
    for angle, measured in zip(angles, parabola(np.abs(angles)), strict=True):
        assert not reads(face, at_angle(measured + 0.01, angle), EYE_M, OPEN)[0]
    sign_1 = Face((0.0, 0.0), 90.0, 23.38)
    # cos 60° · 23.38 m = 11.69 m, where 14.82 m was measured
    assert within_reach(sign_1, at_angle(11.68, 60.0), EYE_M)[0]
    assert not within_reach(sign_1, at_angle(11.70, 60.0), EYE_M)[0]


def test_the_measured_catchment_is_a_quarter_larger_than_the_circle() -> None:
    """½ ∫ L² dθ of the parabola to 80° on both sides is 379.4 m², the circle 307.6 m²: ours errs to the safe side."""
    angles = np.radians(np.linspace(-80.0, 80.0, 3201))
    measured = float(np.trapezoid(parabola(np.degrees(np.abs(angles))) ** 2, angles) / 2)
    ours = seen(Face((0.0, 0.0), 90.0, 19.79), box(-50, -50, 50, 50))
    assert ours == pytest.approx(math.pi * 19.79**2 / 4, rel=DISC)
    assert measured == pytest.approx(379.4, abs=0.1)
    assert measured / ours == pytest.approx(1.233, abs=0.002)


# pyFDS-Evac, assets/exit_visibility_alpha (read there): a corridor of 4 x 30 m in clear air, signs of 30 m at both ends,
# agents between. "An agent south of the sign, below y = 0.7, is inside the half-plane it faces."
@pytest.mark.parametrize(("facing", "is_read"), [(90.0, True), (270.0, False)])
def test_the_near_exit_is_read_only_when_its_sign_looks_to_the_agents(facing: float, is_read: bool) -> None:
    agents, below = np.array([[2.0, 10.0]]), np.array([[2.0, 0.3]])
    near, far = Face((2.0, 0.7), facing, 30.0), Face((2.0, 29.3), 270.0, 30.0)
    assert reads(near, agents, EYE_M, OPEN)[0] == is_read  # 9.3 m
    assert reads(near, below, EYE_M, OPEN)[0] != is_read
    assert reads(far, agents, EYE_M, OPEN)[0]  # 19.3 m
    assert not reads(Face((2.0, 43.3), 270.0, 30.0), agents, EYE_M, OPEN)[0]  # the older corridor: 33.3 m


# Börger, Belt, Arnold, Fire Safety Journal 150 (2024) 104269: the plan of its example (room_fire.py and model.fds of
# FireDynamics/fdsvismap), signs of 30 m, clear air. The paper's own pictures were not read; the numbers are those that its
# program, fdsvismap 0.3.3, gives on cells of 0.1 m (benchmarks/beside_fdsvismap.py), and sums by hand.
WALLS = [(9.8, 0.0, 10.0, 10.0), (0.0, 4.6, 9.8, 4.8), (0.0, 3.0, 9.8, 3.2), (4.8, 0.0, 5.0, 3.0)]
DOORS = [(0.4, 3.0, 1.2, 3.2), (5.4, 3.0, 6.2, 3.2), (9.8, 3.4, 10.0, 4.4)]
SOLID = shapely.difference(
    shapely.union_all([box(*wall) for wall in WALLS]), shapely.union_all([box(*d) for d in DOORS])
)


def under_arc(radius: float, left: float, right: float) -> float:
    """Area between a circle and the line that touches it, from `left` to `right` of where it does."""

    def whole(s: float) -> float:
        return (s * math.sqrt(radius**2 - s**2) + radius**2 * math.asin(s / radius)) / 2

    return radius * (left + right) - whole(right) - whole(left)


@pytest.mark.parametrize(
    ("face", "by_hand", "by_cells"),
    [
        # the upper room, 9.8 x 5.15 m before the sign, less what lies beside the disc
        (Face((8.4, 4.85), 90.0, 30.0), 9.8 * 5.15 - under_arc(15.0, 8.4, 1.4), 43.39),
        # the corridor, less y²/30 at its end, and the corners of two doorways seen past their jambs
        (Face((9.8, 4.0), 180.0, 30.0), 9.8 * 1.4 - 0.0081 + 0.0711 + 0.0298, 13.83),
        # the hall less what lies beside the disc, and what is seen through the door
        (Face((17.0, 10.0), 270.0, 30.0), 100.0 - under_arc(15.0, 7.0, 3.0) + 0.847, 96.71),
    ],
)
def test_the_catchments_of_a_published_plan(face: Face, by_hand: float, by_cells: float) -> None:
    found = seen(face, box(0, 0, 20, 10), SOLID)
    assert found == pytest.approx(by_hand, rel=DISC)
    assert found == pytest.approx(by_cells, rel=CELLS)


# Worked sizes of exit signs lit from inside, by EN 1838's distance = 200 · height, read on makers' and trade pages: 130 mm for
# 26 m (zemper.com, viewing distances of exit signs), 100 mm for 20 m (belysningsbranschen.se, skyltar och avstånd), 175 mm for
# 35 m (blelighting.co.uk, deciding the viewing distance): that one is cut at 30 m here, farther than which nobody is led.
@pytest.mark.parametrize(("height_mm", "metres"), [(100, 20.0), (130, 26.0), (150, 30.0), (175, 30.0)])
def test_exit_signs_are_seen_as_far_as_worked_examples_say(height_mm: float, metres: float) -> None:
    sign = Sign("S1", "exit", "F1", (0.0, 0.0), 0.0, "", "", (), height_mm, height_m=2.4, width_m=0.6, mount="door")
    assert sign_reach_m(sign) == pytest.approx(metres)


def test_a_sign_at_three_metres_is_out_of_view_within_its_cone() -> None:
    """zemper.com's case of a sign 3 m high and eyes at 1.5 m, by EN 1838's 20°: nearer than 1.5 / tan 20° = 4.12 m."""
    assert nearest_reading_m(3.0, 1.5) == pytest.approx(4.121, abs=1e-3)
