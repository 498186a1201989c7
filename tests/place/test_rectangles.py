"""The plain rectangle problem: known answers, layouts that keep what the file states, and wrong figures."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallplan.errors import InfeasibleError, InputError
from hallplan.place.rectangles import RectangleLayout, place_rectangles
from hallplan.place.rectangles.problem import make_problem
from hallplan.place.rectangles.search import Found, Shard, finish
from tests.place.rectangle_checker import cost_of, faults_of

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "layout"
PLENTY_S = 120.0
has_data = pytest.mark.skipif(not DATA.is_dir(), reason="shared data/layout is not beside the checkout")


def instance(floor: list[float], areas: list[float], flows: list[list[float]], aspect: float = 4.0) -> dict[str, Any]:
    """Returns a case as the files state one; aspect: greatest ratio of sides."""
    bounds = [[math.sqrt(area / aspect), math.sqrt(area * aspect)] for area in areas]
    return {"floor": floor, "areas": areas, "width_bounds": bounds, "flows": flows, "metric": "rectilinear"}


def place(case: dict[str, Any], *, starts: int = 2, seed: int = 1, jobs: int = 1) -> RectangleLayout:
    """Returns the layout for a case."""
    return place_rectangles(
        case["floor"], case["areas"], case["width_bounds"], case["flows"], metric=case["metric"],
        seconds=PLENTY_S, seed=seed, starts=starts, jobs=jobs,
    )  # fmt: skip


def test_two_squares_lie_a_side_apart() -> None:
    case = instance([4.0, 2.0], [4.0, 4.0], [[0, 1, 3.0]], aspect=1.0)
    assert place(case).cost == pytest.approx(6.0)


def test_two_zones_take_the_shape_that_brings_them_nearest() -> None:
    """4 m² each on 4 × 2 m: side by side they are 2 m apart, one above the other 1 m."""
    case = instance([4.0, 2.0], [4.0, 4.0], [[0, 1, 1.0]])
    assert place(case).cost == pytest.approx(1.0)


def test_a_euclidean_distance_is_the_straight_line() -> None:
    """Squares of 1 m² fill 2 × 2 m; the two pairs of 1 lie on sides, that of 0.1 on a diagonal: 2 + 0.1 √2."""
    case = instance([2.0, 2.0], [1.0] * 4, [[0, 1, 1.0], [1, 2, 1.0], [0, 2, 0.1]], aspect=1.0)
    assert place(case | {"metric": "euclidean"}).cost == pytest.approx(2 + 0.1 * math.sqrt(2), abs=1e-6)


def test_a_pinwheel_that_no_slicing_tree_has_is_found() -> None:
    """Four zones of 1 × 2 m round one of 1 m² on 3 × 3 m: the middle is 1.5 m from each, 6 in all; in strips it is 9."""
    case = instance([3.0, 3.0], [2.0, 2.0, 2.0, 2.0, 1.0], [[4, k, 1.0] for k in range(4)])
    case["width_bounds"] = [[1.0, 2.0]] * 4 + [[1.0, 1.0]]
    layout = place(case, starts=12)
    assert faults_of(case, layout.rectangles.tolist()) == []
    assert layout.cost == pytest.approx(6.0, abs=1e-6)


def test_a_chain_of_squares_snakes_through_the_floor() -> None:
    """A chain of six unit squares on 3 × 2 m snakes through: five steps of 1 m."""
    case = instance([3.0, 2.0], [1.0] * 6, [[k, k + 1, 1.0] for k in range(5)], aspect=1.0)
    assert place(case, starts=3).cost == pytest.approx(5.0)


def test_the_best_assignment_of_unit_squares_is_found() -> None:
    """Against all 720 arrangements of six squares on 3 × 2 m."""
    rng = np.random.default_rng(5)
    flows = [[i, j, float(rng.integers(1, 9))] for i, j in itertools.combinations(range(6), 2)]
    case = instance([3.0, 2.0], [1.0] * 6, flows, aspect=1.0)
    spots = [(x + 0.5, y + 0.5) for x in range(3) for y in range(2)]
    least = min(
        sum(w * (abs(at[i][0] - at[j][0]) + abs(at[i][1] - at[j][1])) for i, j, w in flows)
        for at in itertools.permutations(spots)
    )
    assert place(case, starts=4).cost == pytest.approx(least)


@settings(max_examples=15, deadline=None)
@given(
    shares=st.lists(st.floats(0.3, 1.0), min_size=2, max_size=7),
    fill=st.floats(0.5, 1.0),
    metric=st.sampled_from(["rectilinear", "euclidean"]),
    seed=st.integers(0, 9),
)
def test_layouts_keep_what_the_case_states(shares: list[float], fill: float, metric: str, seed: int) -> None:
    areas = [share / sum(shares) * 60.0 * fill for share in shares]
    flows = [[i, i + 1, 1.0 + i] for i in range(len(areas) - 1)]
    case = instance([10.0, 6.0], areas, flows, aspect=8.0) | {"metric": metric}
    layout = place(case, starts=1, seed=seed)
    assert faults_of(case, layout.rectangles.tolist()) == []
    assert layout.cost == pytest.approx(cost_of(case, layout.rectangles.tolist()))
    assert layout.bound <= layout.cost * (1 + 1e-7)


def test_the_same_seed_and_work_give_the_same_layout_on_any_number_of_threads() -> None:
    case = instance([10.0, 6.0], [9.0, 8.0, 7.0, 6.0, 12.0, 10.0, 8.0], [[k, (3 * k) % 7, 1.0] for k in (1, 2, 3, 4)])
    one, two = (place(case, starts=5, jobs=jobs) for jobs in (1, 2))
    assert np.array_equal(one.rectangles, two.rectangles)
    assert one.moves == two.moves


def test_more_floor_never_costs_more() -> None:
    flows = [[i, j, 1.0] for i, j in itertools.combinations(range(5), 2)]
    tight = place(instance([4.0, 3.0], [2.4] * 5, flows), starts=6)
    roomy = place(instance([5.0, 4.0], [2.4] * 5, flows), starts=6)
    assert roomy.cost <= tight.cost * (1 + 1e-6)


def test_fillers_are_told_from_zones_and_may_be_given_up() -> None:
    case = instance([4.0, 3.0], [4.0, 3.0, 3.0], [[0, 1, 1.0], [1, 2, 1.0]])
    case["areas"] += [1.0, 1.0]
    case["width_bounds"] += [[1 / 3, 4.0], [1 / 3, 4.0]]
    layout = place(case, starts=4)
    assert layout.open_cost is not None
    assert layout.open_cost <= layout.cost * (1 + 1e-7)
    assert layout.open_rectangles is not None
    assert faults_of(case, layout.open_rectangles.tolist()) == []
    assert np.isnan(layout.open_rectangles[3:]).all()


def test_one_zone_lies_on_the_floor() -> None:
    case = instance([3.0, 2.0], [5.0], [])
    assert faults_of(case, place(case).rectangles.tolist()) == []


def test_two_hundred_zones_are_placed() -> None:
    rng = np.random.default_rng(1)
    areas = rng.uniform(0.5, 2.0, 200)
    flows = [[int(i), int(j), 1.0] for i, j in rng.integers(0, 200, (400, 2)) if i != j]
    case = instance([20.0, 15.0], (areas / areas.sum() * 297).tolist(), flows, aspect=10.0)
    layout = place_rectangles(
        case["floor"], case["areas"], case["width_bounds"], flows, metric="rectilinear", seconds=4, seed=1
    )
    assert faults_of(case, layout.rectangles.tolist()) == []


def test_a_halted_start_keeps_what_it_walked_to_where_that_fits() -> None:
    """Two halves of 4 × 2 m fit as they lie: no programme is solved any more."""
    problem = make_problem([4.0, 2.0], [4.0, 4.0], [[1.0, 4.0]] * 2, [[0, 1, 1.0]], "rectilinear")
    shard, found = Shard(), []
    finish(problem, np.array([[0.0, 0.0, 2.0, 2.0], [2.0, 0.0, 2.0, 2.0]]), 7, found, shard, np.ones(1, dtype=bool))
    assert [(one.cost, one.start, shard.solves) for one in found] == [(pytest.approx(2.0), 7, 0)]


def test_a_halted_start_makes_exact_what_does_not_fit() -> None:
    problem = make_problem([4.0, 2.0], [4.0, 4.0], [[1.0, 4.0]] * 2, [[0, 1, 1.0]], "rectilinear")
    found: list[Found] = []
    finish(problem, np.array([[0.0, 0.0, 2.5, 1.6], [2.0, 0.0, 2.0, 2.0]]), 0, found, Shard(), np.ones(1, dtype=bool))
    assert problem.holds(found[0].rectangles)


GOOD = {"floor": [4.0, 3.0], "areas": [4.0, 4.0], "width_bounds": [[1.0, 4.0]] * 2, "flows": [[0, 1, 1.0]]}


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"areas": [4.0, -1.0]}, "areas[1]"),
        ({"areas": [4.0, math.nan]}, "areas[1]"),
        ({"areas": []}, "areas"),
        ({"floor": [4.0, 0.0]}, "floor[1]"),
        ({"floor": [4.0]}, "floor"),
        ({"flows": [[0, 1, -2.0]]}, "flows[0]"),
        ({"flows": [[0, 1, math.nan]]}, "flows[0]"),
        ({"flows": [[0, 2, 1.0]]}, "flows[0]"),
        ({"flows": [[1, 1, 1.0]]}, "flows[0]"),
        ({"width_bounds": [[2.0, 1.0], [1.0, 4.0]]}, "width_bounds[0]"),
        ({"width_bounds": [[1.0, 4.0]]}, "width_bounds"),
        ({"metric": "miles"}, "metric"),
        ({"seconds": 0.0}, "seconds"),
        ({"starts": 0}, "starts"),
    ],
)
def test_wrong_figures_are_named_with_their_place(wrong: dict[str, Any], where: str) -> None:
    with pytest.raises(InputError) as caught:
        place_rectangles(**({**GOOD, "metric": "rectilinear", "seconds": 1.0, "seed": 1} | wrong))
    assert [fault.where for fault in caught.value.faults] == [where]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"areas": [8.0, 8.0]}, "take 4 m² away"),
        ({"width_bounds": [[5.0, 6.0], [1.0, 4.0]]}, "width_bounds[0]"),
        ({"width_bounds": [[0.5, 1.0], [1.0, 4.0]]}, "width_bounds[0]"),
    ],
)
def test_what_cannot_fit_is_said_with_the_remedy(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(InfeasibleError, match=says.replace("[", r"\[").replace("]", r"\]")):
        place_rectangles(**({**GOOD, "metric": "rectilinear", "seconds": 1.0, "seed": 1} | wrong))


@has_data
@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(DATA.glob("minlplib_*.json")), ids=lambda path: path.stem)
def test_proven_optima_are_reached_and_the_bound_holds(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    layout = place(case, starts=15)
    assert faults_of(case, layout.rectangles.tolist()) == []
    assert layout.bound <= case["best_known"]
    assert layout.cost <= case["best_known"] * 1.001
