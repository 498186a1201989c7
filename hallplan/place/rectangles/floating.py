"""Rectangles that float on the floor and may overlap at a rising price, annealed in compiled code.

No tree binds them, so pinwheels and other layouts that cannot be cut in two come within reach; exact coordinates are left
to linear programmes over the sides on which the rectangles came to lie.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hallplan.place.rectangles.problem import Case, Floats
from hallplan.place.rectangles.slicing import distance, draw, seeded

Rng = NDArray[np.uint64]
PROBES = 300
CHEAP, DEAR = 1.0, 60.0
"""Price of 1 m² of overlap at the start and at the end, by the cost of the first layout over the floor's area."""
COARSE, FINE = 0.5, 0.02
"""Longest step at the start and at the end as a share of the floor."""


@njit(cache=True, nogil=True)
def within(case: Case, spot: Floats) -> None:
    """Puts a rectangle, centre x, y, width, height, back on the floor."""
    spot[0] = min(max(spot[0], spot[2] / 2), case.width - spot[2] / 2)
    spot[1] = min(max(spot[1], spot[3] / 2), case.height - spot[3] / 2)


@njit(cache=True, nogil=True)
def energy(case: Case, at: Floats, i: int, spot: Floats, price: float, skip: int) -> float:
    """Returns the cost and the price of overlaps of zone i were it at `spot`, zone `skip` left out."""
    total = 0.0
    for k in range(case.starts[i], case.starts[i + 1]):
        j = case.near[k]
        if j != skip:
            total += case.weights[k] * distance(spot[0] - at[j, 0], spot[1] - at[j, 1], case.is_euclidean)
    for j in range(len(at)):
        if j != i and j != skip:
            x = (spot[2] + at[j, 2]) / 2 - abs(spot[0] - at[j, 0])
            y = (spot[3] + at[j, 3]) / 2 - abs(spot[1] - at[j, 1])
            if x > 0 and y > 0:
                total += price * min(x, spot[2], at[j, 2]) * min(y, spot[3], at[j, 3])
    return total


@njit(cache=True, nogil=True)
def scatter(case: Case, rng: Rng) -> Floats:
    """Returns rectangles of random shape at random places, (n, 4) centre x, y, width, height."""
    at = np.empty((len(case.areas), 4))
    for i in range(len(at)):
        at[i, 2] = case.low[i] * (case.high[i] / case.low[i]) ** draw(rng)
        at[i, 3] = case.areas[i] / at[i, 2]
        at[i, 0], at[i, 1] = draw(rng) * case.width, draw(rng) * case.height
        within(case, at[i])
    return at


@njit(cache=True, nogil=True)
def step_aside(case: Case, at: Floats, i: int, rng: Rng, reach: float, spot: Floats) -> None:
    """Gives zone i another place or shape in `spot`: shifted, reshaped, or flush with another zone."""
    spot[:] = at[i]
    kind = draw(rng)
    if kind < 0.35:
        spot[0] += (2 * draw(rng) - 1) * reach * case.width
        spot[1] += (2 * draw(rng) - 1) * reach * case.height
    elif kind < 0.6:
        factor = math.exp((2 * draw(rng) - 1) * 2 * reach)
        spot[2] = min(max(spot[2] * factor, case.low[i]), case.high[i])
        spot[3] = case.areas[i] / spot[2]
    else:
        j = int(draw(rng) * len(at))
        span = case.starts[i + 1] - case.starts[i]
        if span > 0 and draw(rng) < 0.5:
            j = case.near[case.starts[i] + int(draw(rng) * span)]
        axis, side = int(draw(rng) * 2), 1.0 if draw(rng) < 0.5 else -1.0
        if draw(rng) < 0.5:
            spot[1 - axis] = at[j, 1 - axis] + (draw(rng) - 0.5) * (at[j, 3 - axis] + spot[3 - axis])
        spot[axis] = at[j, axis] + side * (at[j, 2 + axis] + spot[2 + axis]) / 2
    within(case, spot)


@njit(cache=True, nogil=True)
def rise_of_step(case: Case, at: Floats, i: int, spot: Floats, price: float) -> float:
    """Returns what a step of one zone adds."""
    return energy(case, at, i, spot, price, -1) - energy(case, at, i, at[i], price, -1)


@njit(cache=True, nogil=True)
def rise_of_swap(case: Case, at: Floats, i: int, j: int, spots: Floats, price: float) -> float:
    """Returns what exchanging the centres of two zones adds; their new places are in `spots`. The pair itself stays."""
    spots[0, 0], spots[0, 1], spots[0, 2], spots[0, 3] = at[j, 0], at[j, 1], at[i, 2], at[i, 3]
    spots[1, 0], spots[1, 1], spots[1, 2], spots[1, 3] = at[i, 0], at[i, 1], at[j, 2], at[j, 3]
    within(case, spots[0])
    within(case, spots[1])
    before = energy(case, at, i, at[i], price, j) + energy(case, at, j, at[j], price, -1)
    after = energy(case, at, i, spots[0], price, j)
    kept = at[i].copy()
    at[i] = spots[0]
    after += energy(case, at, j, spots[1], price, -1)
    at[i] = kept
    return after - before


@njit(cache=True, nogil=True)
def heat_and_cost(case: Case, at: Floats, rng: Rng) -> tuple[float, float]:
    """Returns the mean change of cost over some steps, none of them made, and the cost, of a layout."""
    spot, mean, cost = np.empty(4), 1e-12, 1e-12
    for _ in range(PROBES):
        i = int(draw(rng) * len(at))
        step_aside(case, at, i, rng, COARSE, spot)
        mean += abs(rise_of_step(case, at, i, spot, 0.0)) / PROBES
    for i in range(len(at)):
        cost += energy(case, at, i, at[i], 0.0, -1) / 2
    return mean, cost


@njit(cache=True, nogil=True)
def float_about(
    case: Case, moves: int, seed: int, hot: float, cold: float, halt: NDArray[np.bool_]
) -> tuple[Floats, int]:
    """Returns rectangles (n, 4) lower left x, y, w, h as a cooled walk left them, near to no overlap, and its moves."""
    rng = seeded(seed)
    at = scatter(case, rng)
    n, spot, spots, done = len(at), np.empty(4), np.empty((2, 4)), moves
    mean, cost = heat_and_cost(case, at, rng)
    base = cost / (case.width * case.height)
    heat = price = reach = 0.0
    for move in range(moves):
        if move % 50 == 0:
            if halt[0]:
                done = move
                break
            share = move / moves
            heat = hot * mean * (cold / hot) ** share
            price = base * CHEAP * (DEAR / CHEAP) ** share
            reach = COARSE * (FINE / COARSE) ** share
        i = int(draw(rng) * n)
        if draw(rng) < 0.2:
            j = int(draw(rng) * n)
            if i == j:
                continue
            rise = rise_of_swap(case, at, i, j, spots, price)
            if rise <= 0 or draw(rng) < math.exp(-rise / heat):
                at[i], at[j] = spots[0], spots[1]
            continue
        step_aside(case, at, i, rng, reach, spot)
        rise = rise_of_step(case, at, i, spot, price)
        if rise <= 0 or draw(rng) < math.exp(-rise / heat):
            at[i] = spot
    at[:, 0] -= at[:, 2] / 2
    at[:, 1] -= at[:, 3] / 2
    return at, done
