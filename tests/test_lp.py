"""Linear programmes against hand-worked answers and brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallplan.lp import INFINITY, Limits, LinearProgramme, WarmLP


def two_crops() -> LinearProgramme:
    """max 3x + 5y, x <= 4, 2y <= 12, 3x + 2y <= 18: 36 at (2, 6), prices 0, 1.5, 1. Source: Hillier & Lieberman, Wyndor Glass."""
    lp = LinearProgramme("wyndor")
    lp.add_variable("门", cost=-3, label="玻璃门")
    lp.add_variable("window [1]", cost=-5)
    lp.add_row("plant-1", {"门": 1}, high=4)
    lp.add_row("plant-2", {"window [1]": 2}, high=12)
    lp.add_row("plant-3", {"门": 3, "window [1]": 2}, high=18, price=2.0)
    return lp


def test_the_textbook_answer_with_its_prices():
    solution = two_crops().solve()
    assert solution.status == "optimal"
    assert solution.objective == pytest.approx(-36)
    assert solution.values == pytest.approx({"门": 2, "window [1]": 6})
    assert solution.prices == pytest.approx({"plant-1": 0, "plant-2": -1.5, "plant-3": -1})
    assert solution.gap == 0


def test_ids_may_be_any_text_and_labels_are_kept():
    assert two_crops().labels["门"] == "玻璃门"


def test_clashing_rows_are_named_and_others_are_not():
    lp = LinearProgramme("clash")
    for name in ("a", "b", "c"):
        lp.add_variable(name, low=5, high=50)
    lp.add_row("hall", {"a": 1, "b": 1}, high=20)
    lp.add_row("waiting", {"a": 1}, low=16)
    lp.add_row("other", {"c": 1}, low=10)
    assert lp.solve().status == "infeasible"
    conflict = lp.conflict()
    assert conflict.rows == ("hall", "waiting")
    assert conflict.variables == ("b",)  # 16 + 5 > 20


def test_a_feasible_programme_has_no_conflict():
    assert two_crops().conflict().rows == ()


def test_an_elastic_row_is_missed_by_the_least_amount():
    lp = LinearProgramme("elastic")
    lp.add_variable("a", low=30)
    lp.add_row("cheap", {"a": 1}, high=20, price=1.0)
    lp.add_row("dear", {"a": 1}, high=24, price=9.0)
    solution = lp.solve(elastic=True)
    assert solution.missed == pytest.approx({"cheap": 10, "dear": 6})
    assert lp.solve().status == "infeasible"


def test_a_row_with_two_sides_has_one_price():
    lp = LinearProgramme("range")
    lp.add_variable("a", low=None, cost=1)
    lp.add_row("band", {"a": 2}, low=6, high=8)
    solution = lp.solve()
    assert solution.values["a"] == pytest.approx(3)
    assert solution.prices["band"] == pytest.approx(0.5)


def test_whole_numbers_and_their_bound():
    lp = LinearProgramme("whole")
    lp.add_variable("n", cost=-1, is_whole=True)
    lp.add_row("cap", {"n": 2}, high=7)
    solution = lp.solve()
    assert solution.values["n"] == 3
    assert solution.bound == pytest.approx(-3)


def test_a_variable_twice_is_refused():
    lp = two_crops()
    with pytest.raises(ValueError, match="there already"):
        lp.add_variable("门")


def test_an_unbounded_programme_says_so():
    lp = LinearProgramme("open")
    lp.add_variable("a", cost=-1)
    assert lp.solve().status in ("unbounded", "infeasible")
    assert not lp.solve().values


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=2, max_size=6), st.integers(3, 25))
def test_a_knapsack_equals_brute_force(things, room):
    lp = LinearProgramme("knapsack")
    for n, (worth, _) in enumerate(things):
        lp.add_variable(f"x{n}", high=1, cost=-worth, is_whole=True)
    lp.add_row("room", {f"x{n}": size for n, (_, size) in enumerate(things)}, high=room)
    best = max(
        sum(worth for worth, _ in chosen)
        for k in range(len(things) + 1)
        for chosen in itertools.combinations(things, k)
        if sum(size for _, size in chosen) <= room
    )
    assert -lp.solve().objective == pytest.approx(best)


def warm() -> WarmLP:
    lp = WarmLP([-3, -5], [0, 0], [4, INFINITY])
    lp.add_rows([0, 1], [1, 0, 1], [2, 3, 2], [-INFINITY, -INFINITY], [12, 18])
    return lp


def test_the_warm_programme_gives_values_prices_and_starts_from_its_basis():
    lp = warm()
    assert lp.solve() == "optimal"
    assert lp.values == pytest.approx([2, 6])
    assert lp.prices == pytest.approx([-1.5, -1])
    assert lp.bound == pytest.approx(-36)
    lp.set_bounds([0], [0], [1])
    assert lp.solve() == "optimal"
    assert lp.values == pytest.approx([1, 6])
    assert lp.iterations <= 1


def test_rows_come_and_go():
    lp = warm()
    lp.solve()
    lp.add_rows([0], [0, 1], [1, 1], [-INFINITY], [5])
    lp.solve()
    assert lp.values.sum() == pytest.approx(5)
    lp.delete_rows([2])
    lp.solve()
    assert lp.values == pytest.approx([2, 6])
    lp.set_row_bounds([0], [-INFINITY], [4])
    lp.set_costs([0], [0])
    lp.set_factor(0, 1, 4)
    lp.solve()
    assert lp.values[1] == pytest.approx(1)


def test_an_infeasible_warm_programme_recovers():
    lp = warm()
    lp.set_row_bounds([1], [100], [INFINITY])
    assert lp.solve() == "infeasible"
    assert not lp.has_values
    lp.set_row_bounds([1], [-INFINITY], [18])
    assert lp.solve() == "optimal"


def test_a_budget_stops_the_solve():
    rng = np.random.default_rng(1)
    n = 60
    lp = WarmLP(-rng.random(n), np.zeros(n), np.full(n, 10.0), limits=Limits(iterations=2))
    factors = rng.random((40, n))
    starts = np.arange(40) * n
    lp.add_rows(starts, np.tile(np.arange(n), 40), factors.ravel(), np.full(40, -INFINITY), np.full(40, 5.0))
    assert lp.solve() == "limit"
    assert lp.solve(iterations=10_000) == "optimal"


def test_the_warm_programme_takes_whole_columns_and_a_start():
    lp = WarmLP([-5, -4], [0, 0], [10, 10])
    lp.add_rows([0], [0, 1], [6, 4], [-INFINITY], [23])
    lp.require_whole([0, 1])
    lp.suggest([1.0, 4.0])
    assert lp.solve() == "optimal"
    assert lp.objective == pytest.approx(-21)  # x 1, y 4
    assert lp.bound == pytest.approx(-21)


def test_a_budget_of_checks_ends_a_milp_the_same_way_each_time() -> None:
    rng = np.random.default_rng(5)
    rows = [np.flatnonzero(rng.random(60) < 0.12) for _ in range(120)]

    def solved(checks: int) -> tuple[str, float]:
        lp = WarmLP(np.ones(60), np.zeros(60), np.ones(60))
        starts = np.cumsum([0, *map(len, rows)])[:-1]
        columns = np.concatenate(rows)
        lp.add_rows(starts, columns, np.ones(len(columns)), np.ones(len(rows)), np.full(len(rows), INFINITY))
        lp.require_whole(np.arange(60))
        status = lp.solve(checks=checks)
        return status, lp.objective if lp.has_values else -1.0

    assert solved(10_000_000)[0] == "optimal"
    assert solved(3) == solved(3)
    assert solved(3)[0] == "limit"
