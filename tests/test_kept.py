"""What sheets ask for again is found once, and is what it would be anew."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import Point

from hallplan.kept import kept
from hallplan.scene.labels import Canvas


def test_results_are_kept_for_the_same_things_and_not_for_equal_ones() -> None:
    made: list[list[int]] = []

    @kept(2)
    def size(things: list[int]) -> int:
        made.append(things)
        return len(things)

    one, equal, third = [1], [1], [1, 2]
    assert [size(one), size(one), size(equal), size(third)] == [1, 1, 1, 2]
    assert len(made) == 3
    size(one)  # only the last two are kept
    assert made[-1] is one


@pytest.mark.parametrize("x0", [0.0, -3.1])
def test_a_shape_blocked_on_many_canvases_takes_the_cells_that_it_takes_on_each(x0: float) -> None:
    shape = Point(5, 4).buffer(2.3).difference(Point(5, 4).buffer(1.0))
    bounds = (x0, 0.0, 10.0, 8.0)
    anew, first, again = (Canvas(bounds, 0.25) for _ in range(3))
    anew.block(shape)
    first.block_drawn(shape), again.block_drawn(shape)
    assert anew.hard.any()
    assert np.array_equal(first.hard, anew.hard)
    assert np.array_equal(again.hard, anew.hard)


def test_words_numbers_and_sets_are_told_apart_by_what_they_say() -> None:
    made: list[str] = []

    @kept(4)
    def spoken(word: str, sizes: frozenset[int]) -> str:
        made.append(word)
        return f"{word}{sorted(sizes)}"

    assert [spoken("a" * n, frozenset({n})) for n in (1, 2, 1)] == ["a[1]", "aa[2]", "a[1]"]
    assert made == ["a", "aa"]


def test_things_given_by_name_and_whole_numbers_are_told_apart_too() -> None:
    made: list[tuple[int, str]] = []

    @kept(4)
    def repeated(many: int, *, word: str) -> str:
        made.append((many, word))
        return word * many

    assert [repeated(int("300"), word=word) for word in ("a", "b", "a")] == ["a" * 300, "b" * 300, "a" * 300]
    assert made == [(300, "a"), (300, "b")]
