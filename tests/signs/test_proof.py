"""The proof that a cover has the fewest signs: cuts that every answer keeps, branches, swaps."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallplan.lp import Limits, WarmLP
from hallplan.signs.branching import Tree
from hallplan.signs.cover import cover
from hallplan.signs.greedy import greedy
from hallplan.signs.patches import least_cover, patch_cut, scarce_first
from hallplan.signs.programme import Programme
from hallplan.signs.question import Question
from hallplan.signs.reducing import Option
from hallplan.signs.swapping import swapped_cover
from hallplan.signs.tightening import Tightener


def plane(seed: int, *, points: int, places: int, side_m: float, reach_m: float) -> list[frozenset[int]]:
    """What signs on a floor see: discs that hold points, each point held."""
    rng = np.random.default_rng(seed)
    at, hung = rng.uniform(0, side_m, (points, 2)), rng.uniform(0, side_m, (places, 2))
    near = np.hypot(*(at[None] - hung[:, None]).transpose(2, 0, 1)) < reach_m
    return [frozenset(np.flatnonzero(row).tolist()) for row in near if row.any()]


def asked(sets: list[frozenset[int]], **more: object) -> Question:
    needs = 1 + max(max(held) for held in sets)
    return Question([Option(n, 0, "way", held) for n, held in enumerate(sets)], len(sets), [1.0] * needs, **more)  # type: ignore[arg-type]


def relaxed(meets: np.ndarray) -> np.ndarray:
    """Values of the relaxed cover; meets (needs, columns)."""
    n_needs, n = meets.shape
    lp = WarmLP(np.ones(n), np.zeros(n), np.ones(n), limits=Limits())
    owners, members = np.nonzero(meets)
    lp.add_rows(
        np.searchsorted(owners, np.arange(n_needs)),
        members,
        np.ones(len(members)),
        np.ones(n_needs),
        np.full(n_needs, 1e30),
    )
    assert lp.solve() == "optimal"
    return lp.values


small = st.lists(st.frozensets(st.integers(0, 8), min_size=1, max_size=4), min_size=3, max_size=10)


@settings(deadline=None, max_examples=60)
@given(small)
def test_a_cut_is_kept_by_every_cover(sets: list[frozenset[int]]) -> None:
    needs = sorted(frozenset().union(*sets))
    meets = np.array([[need in held for held in sets] for need in needs])
    values = relaxed(meets)
    for cut in Tightener(meets).cuts(values):
        assert cut.factors @ values[cut.columns] < 1.0
        for size in range(1, len(sets) + 1):
            for chosen in combinations(range(len(sets)), size):
                if meets[:, list(chosen)].any(axis=1).all():
                    assert cut.factors[np.isin(cut.columns, chosen)].sum() >= 1.0 - 1e-9


def test_three_needs_two_by_two_take_two_signs_and_not_one_and_a_half() -> None:
    meets = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=np.bool_)
    values = relaxed(meets)
    assert values == pytest.approx([0.5, 0.5, 0.5])
    (cut,) = Tightener(meets).cuts(values)
    assert cut.factors == pytest.approx([0.5, 0.5, 0.5], abs=1e-4)


@settings(deadline=None, max_examples=60)
@given(small, st.lists(st.floats(0, 5), min_size=10, max_size=10))
def test_the_least_cover_of_a_patch_is_that_of_brute_force(sets: list[frozenset[int]], weights: list[float]) -> None:
    masks = np.array([sum(1 << need for need in held) for held in sets], dtype=np.uint64)
    everyone = int(np.bitwise_or.reduce(masks))
    price = np.array(weights[: len(sets)])
    found, chosen = least_cover(masks, price, np.uint64(everyone), scarce_first(masks, 9), 10**6)
    least = min(
        price[list(pick)].sum()
        for size in range(1, len(sets) + 1)
        for pick in combinations(range(len(sets)), size)
        if np.bitwise_or.reduce(masks[list(pick)]) == everyone
    )
    assert found == pytest.approx(least)
    assert np.bitwise_or.reduce(masks[chosen]) == everyone


def test_a_whole_cover_is_not_cut_off() -> None:
    masks = np.array([0b011, 0b110, 0b101], dtype=np.uint64)
    reached, _ = patch_cut(masks, np.array([1.0, 1.0, 0.0]), 3, 0.99, 1000, 100)
    assert reached > 0.99


names = st.sampled_from("abc")
rooms = st.sampled_from([None, 1, 2])
options = st.tuples(
    st.integers(0, 4), st.integers(0, 1), names, st.frozensets(st.integers(0, 7), min_size=1, max_size=3), rooms
)


@settings(deadline=None, max_examples=60)
@given(st.lists(options, min_size=2, max_size=12), st.integers(1, 2), st.sampled_from([0.0, 1.5]))
def test_the_own_search_agrees_with_the_solver(
    drawn: list[tuple[int, int, str, frozenset[int], int | None]], redundancy: int, spacing_m: float
) -> None:
    spots = [(float(n), 0.0) for n in range(5)]
    question = Question(
        [Option(sign, sign * 2 + face, goal, held, room) for sign, face, goal, held, room in drawn], 5, [1.0] * 8,
        redundancy, most_names=2, spots=spots, spacing_m=spacing_m,
    )  # fmt: skip
    answer = cover(question)
    tree = Tree(Programme(question, Limits(), is_compact=True), np.inf)
    tree.tighten()
    tree.search(10_000)
    solver = Programme(question, Limits(gap=0.0), is_compact=True)
    solver.require_whole()
    assert solver.lp.solve() == "optimal"
    assert answer.is_optimal
    assert tree.best == tree.bound == pytest.approx(solver.lp.objective)


def test_swaps_end_in_a_cover_no_larger_than_a_greedy_one() -> None:
    sets = plane(5, points=200, places=120, side_m=20, reach_m=2.5)
    held = {need for one in sets for need in one}
    meets = np.array([[need in one for need in sorted(held)] for one in sets])
    up = swapped_cover(meets, 0, 5000)
    assert meets[up].any(axis=0).all()
    assert up.sum() <= len(greedy(asked(sets)).signs)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "reach_m"), [(1, 3.0), (2, 4.0), (3, 4.0)])
def test_six_hundred_candidates_are_proven(seed: int, reach_m: float) -> None:
    question = asked(plane(seed, points=1200, places=600, side_m=49, reach_m=reach_m))
    answer = cover(question)
    assert answer.is_optimal
    assert len(answer.signs) == answer.bound <= len(greedy(question).signs)
