"""Floors as columns of bits say what floors as cells do, on grids of one word and of more."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hallplan.place import bits, floods, kernels
from hallplan.place.kernels import Bools, Ints


@st.composite
def floors(draw: st.DrawFn) -> tuple[Bools, Ints, Ints]:
    """Cells with more free than not, and where windows end along x and y."""
    nx, ny = draw(st.integers(1, 12)), draw(st.sampled_from([1, 5, 63, 64, 65, 130]))
    rng = np.random.default_rng(draw(st.integers(0, 1 << 30)))
    cells = rng.random((nx, ny)) < draw(st.sampled_from([0.6, 0.9, 0.98]))
    return cells, *(_ends(rng, n) for n in (nx, ny))


def _ends(rng: np.random.Generator, n: int) -> Ints:
    """Line that ends a window begun at each line: later ones never end before, the last have none."""
    ends = np.maximum.accumulate(np.arange(n) + rng.integers(1, 4, n))
    return np.where(ends <= n, ends, -1).astype(np.int32)


def _unpacked(columns: bits.Bits, ny: int) -> Bools:
    return np.array([[bits.is_set(columns, i, j) for j in range(ny)] for i in range(len(columns))])


@given(floors())
@settings(max_examples=60, deadline=None)
def test_windows_are_those_of_cells(floor: tuple[Bools, Ints, Ints]) -> None:
    cells, reach_x, reach_y = floor
    found = bits.windows(bits.packed(cells), reach_x, reach_y)
    assert np.array_equal(_unpacked(found, cells.shape[1]), kernels.windows(cells, reach_x, reach_y))


@given(floors(), st.integers(0, 1 << 30))
@settings(max_examples=60, deadline=None)
def test_what_is_joined_is_what_cells_say(floor: tuple[Bools, Ints, Ints], seed: int) -> None:
    cells, *_ = floor
    rng, (nx, ny) = np.random.default_rng(seed), cells.shape
    seeds = np.column_stack([rng.integers(0, nx, 2), rng.integers(0, ny, 2)]).astype(np.int32)
    portals = np.column_stack([rng.integers(0, nx, 2), rng.integers(0, ny, 2)] * 2 + [np.ones(2)]).astype(np.int32)
    found = bits.join(bits.packed(cells), seeds, portals)
    assert np.array_equal(_unpacked(found, ny), floods.join(cells, seeds, portals) == 0.0)


@given(floors(), st.floats(0, 12), st.floats(0, 130), st.floats(0.5, 20))
@settings(max_examples=60, deadline=None)
def test_the_nearest_anchor_is_that_of_cells(floor: tuple[Bools, Ints, Ints], x: float, y: float, most: float) -> None:
    cells, *_ = floor
    at_x, at_y = np.arange(cells.shape[0]) * 1.0, np.arange(cells.shape[1]) * 1.0
    found = kernels.nearest(bits.packed(cells), at_x, at_y, x, y, most)
    assert found == kernels.nearest(cells, at_x, at_y, x, y, most)


@given(floors(), st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_rectangles_begin_where_all_their_cells_are_set(floor: tuple[Bools, Ints, Ints], longer: int) -> None:
    cells, ends_x, ends_y = floor
    ends_y = np.where(ends_y >= 0, np.minimum(ends_y + longer, cells.shape[1]), -1).astype(np.int32)
    longest = int((ends_y - np.arange(ends_y.size)).max())
    found = _unpacked(bits.begins_of(bits.runs_of(bits.packed(cells), longest), ends_x, ends_y), cells.shape[1])
    for i, i1 in enumerate(ends_x.tolist()):
        for j, j1 in enumerate(ends_y.tolist()):
            assert found[i, j] == (i1 > i and j1 > j and bool(cells[i:i1, j:j1].all())), (i, j)


@given(floors(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_rectangle_holds_the_bits_of_its_cells(floor: tuple[Bools, Ints, Ints], data: st.DataObject) -> None:
    cells, *_ = floor
    (i0, i1), (j0, j1) = (sorted((data.draw(st.integers(0, n - 1)), data.draw(st.integers(1, n)))) for n in cells.shape)
    i1, j1, columns = max(i1, i0 + 1), max(j1, j0 + 1), bits.packed(cells)
    inside = cells[i0:i1, j0:j1]
    assert bits.has_any(columns, i0, j0, i1, j1) == bool(inside.any())
    assert bits.has_all(columns, i0, j0, i1, j1) == bool(inside.all())
    assert bits.many_along(columns, i0, j0, j1) == int(inside[0].sum())
    bits.fill(columns, i0, j0, i1, j1)
    cells[i0:i1, j0:j1] = True
    bits.clear_bit(columns, i0, j0)
    cells[i0, j0] = False
    assert np.array_equal(_unpacked(columns, cells.shape[1]), cells)


@given(st.integers(1, 2**64 - 1))
def test_the_lowest_bit_and_how_many_there_are(word: int) -> None:
    assert bits.many(np.uint64(word)) == word.bit_count()
    assert bits.lowest(np.uint64(word)) == (word & -word).bit_length() - 1


def test_a_rectangle_is_shut_across_words() -> None:
    columns = bits.packed(np.ones((3, 130), bool))
    bits.shut(columns, 1, 60, 2, 129)
    free = _unpacked(columns, 130)
    assert free[1].tolist() == [j < 60 or j >= 129 for j in range(130)]
    assert free[[0, 2]].all()


@given(floors())
@settings(max_examples=60, deadline=None)
def test_columns_turned_are_rows(floor: tuple[Bools, Ints, Ints]) -> None:
    cells, *_ = floor
    assert np.array_equal(bits.columns_of(cells), bits.packed(cells))
    rows = _unpacked(bits.turned(bits.packed(cells)), cells.shape[0])
    assert np.array_equal(rows[: cells.shape[1]], cells.T)
    assert not rows[cells.shape[1] :].any()


@given(floors())
@settings(max_examples=60, deadline=None)
def test_what_windows_cover_is_what_cells_say(floor: tuple[Bools, Ints, Ints]) -> None:
    cells, reach_x, reach_y = floor
    valid = kernels.windows(cells, reach_x, reach_y)
    found = _unpacked(bits.covered(bits.packed(valid), reach_x, reach_y), cells.shape[1])
    assert np.array_equal(found, kernels.covered(valid, reach_x, reach_y))


@given(floors(), st.integers(0, 1 << 30))
@settings(max_examples=40, deadline=None)
def test_floods_over_bits_are_those_over_cells(floor: tuple[Bools, Ints, Ints], seed: int) -> None:
    cells, *_ = floor
    rng, (nx, ny) = np.random.default_rng(seed), cells.shape
    seeds = np.column_stack([rng.integers(0, nx, 2), rng.integers(0, ny, 2)]).astype(np.int32)
    asked = (np.arange(nx) * 0.6, np.arange(ny) * 0.6, np.ones(cells.shape), seeds, np.empty((0, 5), np.int32))
    assert np.array_equal(floods.flood(bits.packed(cells), *asked), floods.flood(cells, *asked))
