"""The cover of needs by signs, against brute force and by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallplan.lp import WarmLP
from hallplan.lp.limits import Status
from hallplan.signs.cover import SHORT, cover
from hallplan.signs.greedy import greedy
from hallplan.signs.programme import Programme
from hallplan.signs.question import Question, joined
from hallplan.signs.reducing import Option

needs = st.frozensets(st.integers(0, 7), min_size=1, max_size=4)


def question(sets: list[frozenset[int]], **more: object) -> Question:
    options = [Option(n, 0, "way", held) for n, held in enumerate(sets)]
    return Question(options, len(sets), [1.0] * 40, **more)  # type: ignore[arg-type]


@settings(deadline=None, max_examples=60)
@given(st.lists(needs, min_size=1, max_size=9))
def test_the_fewest_are_those_of_brute_force_and_never_more_than_greedy(sets: list[frozenset[int]]) -> None:
    answer = cover(question(sets))
    everyone = frozenset().union(*sets)
    fewest = next(
        size
        for size in range(1, len(sets) + 1)
        if any(frozenset().union(*p) == everyone for p in combinations(sets, size))
    )
    assert answer.is_optimal
    assert len(answer.signs) == answer.bound == fewest <= len(greedy(question(sets)).signs)
    assert frozenset().union(*(sets[n] for n in answer.signs)) == everyone


def test_two_signs_each_where_asked_for() -> None:
    sets = [frozenset({0, 1}), frozenset({0}), frozenset({1}), frozenset({0, 1})]
    assert cover(question(sets, redundancy=2)).signs == (0, 3)


def test_a_need_that_cannot_have_two_signs_still_gets_one() -> None:
    """Two signs for need 0 would hang too near to each other, need 1 can have two: neither goes without."""
    options = [Option(sign, sign, "a", frozenset({sign // 2})) for sign in range(4)]
    spots = ((0.0, 0.0), (1.0, 0.0), (9.0, 0.0), (19.0, 0.0))
    answer = cover(Question(options, 4, [1.0, 1.0], redundancy=2, spots=spots, spacing_m=3.0))
    assert answer.is_optimal
    assert len(answer.signs) == 3
    assert {2, 3} < set(answer.signs)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.frozensets(st.integers(0, 4), min_size=1), st.integers(0, 12)), min_size=2, max_size=7),
    st.integers(1, 3),
)
def test_of_signs_that_may_not_hang_near_as_few_needs_as_can_be_are_missed(
    signs: list[tuple[frozenset[int], int]], redundancy: int
) -> None:
    options = [Option(n, n, "a", needs) for n, (needs, _) in enumerate(signs)]
    spots = tuple((float(x), 0.0) for _, x in signs)
    question = Question(options, len(signs), [1.0] * 5, redundancy=redundancy, spots=spots, spacing_m=3.0)
    answer = cover(question)

    def worth(up: tuple[int, ...]) -> tuple[int, int]:
        met = {need: sum(need in signs[n][0] for n in up) for need in question.wanted()}
        return sum(max(0, count - met[need]) for need, count in question.wanted().items()), len(up)

    apart = [
        up
        for size in range(len(signs) + 1)
        for up in combinations(range(len(signs)), size)
        if all(abs(spots[a][0] - spots[b][0]) >= 3.0 for a, b in combinations(up, 2))
    ]
    assert answer.is_optimal
    assert worth(answer.signs) == min(map(worth, apart))


def test_a_sign_that_stands_already_counts() -> None:
    sets = [frozenset({0}), frozenset({1})]
    assert cover(question(sets, already=[1, 0])).signs == (1,)


def test_with_a_budget_most_visitors_are_served() -> None:
    options = [Option(0, 0, "way", frozenset({0})), Option(1, 0, "way", frozenset({1}))]
    assert cover(Question(options, 2, [5.0, 9.0], budget=1)).signs == (1,)


def test_a_face_says_one_way_to_a_goal_and_no_more_names_than_fit() -> None:
    both = [
        Option(0, 0, "exit", frozenset({0})),
        Option(0, 0, "exit", frozenset({1})),
        Option(1, 0, "exit", frozenset({1})),
    ]
    assert len(cover(Question(both, 2, [1.0] * 2)).signs) == 2
    many = [Option(0, 0, f"g{n}", frozenset({n})) for n in range(3)] + [Option(1, 0, "g2", frozenset({2}))]
    assert len(cover(Question(many, 2, [1.0] * 3, most_names=2)).signs) == 2


def test_who_has_little_time_gets_a_sign_with_few_names() -> None:
    options = [
        Option(0, 0, "a", frozenset({0}), room=1), Option(0, 0, "b", frozenset({1})), Option(1, 0, "b", frozenset({1})),
    ]  # fmt: skip
    assert cover(Question(options, 2, [1.0] * 2)).signs == (0, 1)


def test_signs_keep_apart_where_others_serve_as_well() -> None:
    sets = [frozenset({0}), frozenset({1}), frozenset({1})]
    spots = [(0.0, 0.0), (1.0, 0.0), (9.0, 0.0)]
    assert cover(question(sets, spots=spots, spacing_m=2.5)).signs == (0, 2)


def test_a_shorter_search_says_how_far_it_may_be_from_the_fewest() -> None:
    rng = np.random.default_rng(4)
    sets = [frozenset(np.flatnonzero(rng.random(40) < 0.16).tolist()) for _ in range(60)]
    exact, short = cover(question(sets)), cover(question(sets), is_exact=False)
    assert exact.is_optimal
    assert len(exact.signs) <= len(short.signs)
    assert short.bound <= len(exact.signs)
    assert short.is_optimal == (short.bound == len(short.signs))


def test_a_relaxation_that_takes_too_many_steps_leaves_a_greedy_choice_with_nothing_proven(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Some 46 steps solve it; three do not, and neither does a programme in whole numbers follow then."""
    rng = np.random.default_rng(4)
    asked = question([frozenset(np.flatnonzero(rng.random(40) < 0.16).tolist()) for _ in range(60)])
    exact = cover(asked)
    monkeypatch.setattr("hallplan.signs.cover.SHORT", replace(SHORT, row_steps=3 * 40))
    monkeypatch.setattr(Programme, "require_whole", lambda _: pytest.fail("searched in whole numbers"))
    answer = cover(asked, is_exact=False)
    assert frozenset().union(*(asked.options[o].needs for o in answer.options)) == frozenset(range(40))
    assert (answer.bound, answer.is_optimal, answer.missed, answer.is_cut) == (0.0, False, (), True)
    assert len(exact.signs) <= len(answer.signs)


def test_a_greedy_choice_that_misses_a_need_is_not_followed_by_a_second_relaxation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The one sign that meets need 3 hangs too near to the one that meets most."""
    options = [Option(n, n, "a", frozenset(needs)) for n, needs in enumerate(({0, 1, 2}, {3, 0}, {0, 2}, {1, 2}))]
    spots = ((0.0, 0.0), (1.0, 0.0), (9.0, 0.0), (19.0, 0.0))
    solved, solve = [0], WarmLP.solve

    def counted(lp: WarmLP, **limits: int) -> Status:
        solved[0] += 1
        return solve(lp, **limits)

    monkeypatch.setattr("hallplan.signs.cover.SHORT", replace(SHORT, row_steps=1))
    monkeypatch.setattr(WarmLP, "solve", counted)
    answer = cover(Question(options, 4, [1.0] * 4, spots=spots, spacing_m=3.0), is_exact=False)
    assert (answer.signs, answer.missed, answer.is_cut, solved) == ((0,), (3,), True, [1])


def test_where_a_need_must_be_missed_only_the_programme_of_all_needs_is_searched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Needs 0 and 1 have a sign each, too near to each other; need 2 comes with either, but not where both are missed."""
    options = [Option(n, n, "a", frozenset({n, 2})) for n in range(2)]
    asked = Question(options, 2, [1.0] * 3, spots=((0.0, 0.0), (1.0, 0.0)), spacing_m=3.0)
    searched: list[set[int]] = []
    require_whole = Programme.require_whole

    def noted(programme: Programme) -> None:
        searched.append(set(programme.wanted))
        require_whole(programme)

    monkeypatch.setattr(Programme, "require_whole", noted)
    answer = cover(asked)
    assert (len(answer.signs), len(answer.missed), answer.is_optimal) == (1, 1, True)
    assert searched[0] == {0, 1, 2}
    assert {0, 1} not in searched


def test_a_need_met_in_shares_alone_is_missed_without_a_search_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five signs in a ring, each too near to the next; each need is met by two that are neighbours: half of each meets all five."""
    angles = [2 * np.pi * n / 5 for n in range(5)]
    spots = tuple((float(np.cos(angle)), float(np.sin(angle))) for angle in angles)
    options = [Option(n, n, "a", frozenset({n, (n + 1) % 5})) for n in range(5)]
    monkeypatch.setattr(Programme, "require_less_than", lambda *_: pytest.fail("searched the whole"))
    answer = cover(Question(options, 5, [1.0] * 5, spots=spots, spacing_m=1.5), is_exact=False)
    assert (len(answer.signs), len(answer.missed)) == (2, 1)


def test_signs_chosen_greedily_to_go_up_keep_apart_and_within_the_budget() -> None:
    """The second sign would be the next most useful but hangs 1 m from the first; the fourth is dearer than what is left."""
    sets = [frozenset({0, 1, 2}), frozenset({3, 4}), frozenset({3}), frozenset({4})]
    spots = [(0.0, 0.0), (1.0, 0.0), (5.0, 0.0), (9.0, 0.0)]
    asked = question(sets, spots=spots, spacing_m=2.5, costs=[2, 1, 1, 3], budget=4)
    assert greedy(asked, is_hung=True).signs == (0, 2)
    assert greedy(asked, is_hung=True).missed == (4,)
    assert greedy(replace(asked, budget=1), is_hung=True).signs == (1,)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(needs, st.integers(1, 4)), min_size=1, max_size=9))
def test_the_least_cost_is_that_of_brute_force(priced: list[tuple[frozenset[int], int]]) -> None:
    sets, costs = [held for held, _ in priced], [cost for _, cost in priced]
    answer = cover(question(sets, costs=costs))
    everyone = frozenset().union(*sets)
    least = min(
        sum(costs[n] for n in chosen)
        for size in range(1, len(sets) + 1)
        for chosen in combinations(range(len(sets)), size)
        if frozenset().union(*(sets[n] for n in chosen)) == everyone
    )
    assert answer.is_optimal
    assert sum(costs[n] for n in answer.signs) == answer.bound == least


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(needs, st.integers(1, 4)), min_size=1, max_size=8), st.integers(0, 8))
def test_most_are_served_for_the_money(priced: list[tuple[frozenset[int], int]], budget: int) -> None:
    sets, costs = [held for held, _ in priced], [cost for _, cost in priced]
    answer = cover(question(sets, costs=costs, budget=budget))
    chosen = [
        pick
        for size in range(len(sets) + 1)
        for pick in combinations(range(len(sets)), size)
        if sum(costs[n] for n in pick) <= budget
    ]
    most = max(len(frozenset().union(*(sets[n] for n in pick))) for pick in chosen)
    assert sum(costs[n] for n in answer.signs) <= budget
    assert len(frozenset().union(*(sets[n] for n in answer.signs))) == most


def test_a_search_cut_short_tells_its_gap_and_ends_the_same_each_time() -> None:
    rng = np.random.default_rng(3)
    points, places = rng.uniform(0, 30, (400, 2)), rng.uniform(0, 30, (200, 2))
    near = np.hypot(*(points[None] - places[:, None]).transpose(2, 0, 1)) < 4.0
    sets = [frozenset(np.flatnonzero(row).tolist()) for row in near]
    asked = Question([Option(n, 0, "way", held) for n, held in enumerate(sets) if held], 200, [1.0] * 400)
    first, again = cover(asked), cover(asked)
    assert first == again
    assert first.bound <= len(first.signs) <= len(greedy(asked).signs)
    assert first.is_optimal == (first.bound == len(first.signs))


def test_floors_share_one_budget() -> None:
    """Two signs: the 9 and the 8 upstairs before the 5 downstairs; floor by floor the 5 would have come first."""
    below = Question([Option(0, 0, "way", frozenset({0}))], 1, [5.0, 9.0, 8.0], budget=2, spots=[(0, 0)], spacing_m=2.5)
    above = replace(
        below,
        options=[Option(n, n, "way", frozenset({n + 1})) for n in (0, 1)],
        n_signs=2,
        spots=[(0, 0), (9, 0)],
    )
    answer = cover(joined([below, above]))
    assert answer.is_optimal
    assert answer.signs == (1, 2)


def test_two_signs_near_to_each_other_may_hang_on_two_floors() -> None:
    one = Question([Option(0, 0, "way", frozenset({0}))], 1, [1.0, 1.0], budget=2, spots=[(0, 0)], spacing_m=2.5)
    other = replace(one, options=[Option(0, 0, "way", frozenset({1}))])
    assert cover(joined([one, other])).signs == (0, 1)
