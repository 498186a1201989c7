"""The fewest zones that do not lie together: found by taking out halves, then one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from hallplan.place.conflicts import RUNS, fewest


def containing(core: set[int]):
    """Says of some zones that they do not fit where all of a core are among them; counts the questions."""
    asked: list[Sequence[int]] = []

    def is_left(zones: Sequence[int]) -> bool:
        asked.append(zones)
        return core <= set(zones)

    return is_left, asked


def test_zones_that_all_fit_have_no_conflict() -> None:
    assert fewest([0, 1, 2], lambda _: False) is None


def test_a_search_cut_short_says_nothing() -> None:
    assert fewest([0, 1, 2], lambda _: None) is None


def test_what_fits_only_without_any_one_is_the_least() -> None:
    found = fewest(list(range(5)), containing(set(range(5)))[0])
    assert found is not None
    assert set(found.zones) == set(range(5))
    assert found.is_least


@given(st.integers(1, 40), st.data())
def test_the_core_is_never_lost_and_little_is_asked(n: int, data: st.DataObject) -> None:
    core = data.draw(st.sets(st.integers(0, n - 1), min_size=1))
    is_left, asked = containing(core)
    found = fewest(list(range(n)), is_left)
    if found is None:  # nothing could be spared, and not all of it was tried
        assert len(asked) == RUNS + 1
        return
    assert core <= set(found.zones)
    assert not found.is_least or core == set(found.zones)
    assert len(asked) <= RUNS + 1
