"""Small parts of a cover solved exactly, compiled: the cheapest signs for a few needs, and cuts that follow from them."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Values = NDArray[np.float64]
Masks = NDArray[np.uint64]
"""Which needs of a patch each column meets, a bit for each need."""

Mask = int | np.uint64
TINY = 1e-7
FAILED = -1.0


@njit(cache=True)
def _has(mask: Mask, need: int) -> bool:
    return bool((mask >> np.uint64(need)) & np.uint64(1))


@njit(cache=True)
def _sorted(weights: Values) -> NDArray[np.int64]:
    """Numbers of a few weights, the least first, equal ones as they come."""
    order = np.arange(len(weights))
    for n in range(1, len(order)):
        j, at = order[n], n
        while at > 0 and weights[order[at - 1]] > weights[j]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = j
    return order


@njit(cache=True)
def scarce_first(masks: Masks, n_needs: int) -> NDArray[np.int64]:
    """Needs, those that fewest columns meet first."""
    counts = np.zeros(n_needs)
    for mask in masks:
        for need in range(n_needs):
            counts[need] += _has(mask, need)
    return _sorted(counts)


@njit(cache=True)
def _shares(masks: Masks, weights: Values, todo: Mask, order: NDArray[np.int64]) -> Values:
    """A dual ascent: what each need is worth at least, so that no column is dearer than what it meets."""
    left, worth = weights.copy(), np.zeros(len(order))
    for need in order:
        if not _has(todo, need):
            continue
        least = np.inf
        for j in range(len(masks)):
            if _has(masks[j], need):
                least = min(least, left[j])
        worth[need] = least
        for j in range(len(masks)):
            if _has(masks[j], need):
                left[j] -= least
    return worth


@njit(cache=True)
def _first(todo: Mask, order: NDArray[np.int64]) -> int:
    for need in order:
        if _has(todo, need):
            return int(need)
    return -1


@njit(cache=True)
def _worth(todo: Mask, worth: Values) -> float:
    total = 0.0
    for need in range(len(worth)):
        if _has(todo, need):
            total += worth[need]
    return total


@njit(cache=True)
def least_cover(
    masks: Masks, weights: Values, todo: Mask, order: NDArray[np.int64], most: int
) -> tuple[float, NDArray[np.bool_]]:
    """Returns the least weight of columns that meet the needs of a mask, and those columns.

    masks (m,), weights (m,) >= 0.  order: all needs, in that of branching.  most: branches tried at most; FAILED and no columns when they do not suffice, infinity
    when no columns do.  Source: depth-first branching on the next need, pruned by a dual ascent of the start.
    """
    chosen = np.zeros(len(masks), dtype=np.bool_)
    if todo == np.uint64(0):
        return 0.0, chosen
    n_needs, cheap = len(order), _sorted(weights)
    worth = _shares(masks, weights, todo, order)
    left, spent = np.zeros(n_needs + 1, dtype=np.uint64), np.zeros(n_needs + 1)
    at, pick, aim = np.zeros((3, n_needs + 1), dtype=np.int64)
    left[0], aim[0], best, depth, tried = todo, _first(todo, order), np.inf, 0, 0
    while depth >= 0:
        j = cheap[at[depth]] if at[depth] < len(masks) else -1
        if j < 0 or spent[depth] + weights[j] >= best - 1e-12:
            depth -= 1
            continue
        at[depth] += 1
        if not _has(masks[j], aim[depth]):
            continue
        tried += 1
        if tried > most:
            return FAILED, chosen
        pick[depth], after, cost = j, left[depth] & ~masks[j], spent[depth] + weights[j]
        if after == np.uint64(0):
            best, chosen[:] = cost, False
            chosen[pick[: depth + 1]] = True
        elif cost + _worth(after, worth) < best - 1e-12:
            depth += 1
            left[depth], aim[depth], spent[depth], at[depth] = after, _first(after, order), cost, 0
    return best, chosen


@njit(cache=True)
def _prices(inverse: Values, gains: Values) -> Values:
    """What one more of each column is worth to a basis; a price below nothing by rounding is none."""
    prices = np.zeros(len(gains))
    for i in range(len(gains)):
        if gains[i] != 0.0:
            for j in range(len(prices)):
                prices[j] += gains[i] * inverse[i, j]
    for j in range(len(prices)):
        if -1e-9 < prices[j] < 0.0:
            prices[j] = 0.0
    return prices


@njit(cache=True)
def _in_basis(inverse: Values, chosen: NDArray[np.bool_]) -> Values:
    """A choice of columns in terms of a basis."""
    column = np.zeros(len(inverse))
    for j in range(len(chosen)):
        if chosen[j]:
            for i in range(len(column)):
                column[i] += inverse[i, j]
    return column


@njit(cache=True)
def _enter(inverse: Values, held: Values, gains: Values, column: Values, gain: float) -> bool:
    """A step of the primal simplex: a column comes into the basis; False when nothing limits it."""
    row, step = -1, np.inf
    for i in range(len(held)):
        if column[i] > 1e-9:
            ratio = held[i] / column[i]
            if ratio < step - 1e-12 or (ratio < step + 1e-12 and column[i] > column[row]):
                row, step = i, ratio
    if row < 0:
        return False
    for i in range(len(held)):
        held[i] = max(0.0, held[i] - step * column[i])
    held[row], gains[row] = step, gain
    for j in range(len(held)):
        inverse[row, j] /= column[row]
    for i in range(len(held)):
        if i != row and column[i] != 0.0:
            for j in range(len(held)):
                inverse[i, j] -= column[i] * inverse[row, j]
    return True


@njit(cache=True)
def patch_cut(masks: Masks, shares: Values, n_needs: int, off: float, most: int, steps: int) -> tuple[float, Values]:
    """Returns factors a of a row a·x >= 1 that all choices of columns meeting all needs keep, and a·shares: the less the
    more the row cuts off; above `off` when no row cuts off so much.

    masks (m,), shares (m,): values of the columns in a relaxation.  The shares are packed full of whole choices by column
    generation; the prices of that packing are the factors.  Source: the local cuts of Applegate, Bixby, Chvátal and Cook
    2001, on the dominant of the covers of a patch.
    """
    m = len(masks)
    inverse, held, gains = np.eye(m), shares.copy(), np.zeros(m)
    everything, order = (np.uint64(1) << np.uint64(n_needs)) - np.uint64(1), scarce_first(masks, n_needs)
    best, factors = np.inf, np.zeros(m)
    for _ in range(steps):
        prices = _prices(inverse, gains)
        worst = int(np.argmin(prices))
        if prices[worst] < 0.0:
            is_free = not _enter(inverse, held, gains, inverse[:, worst].copy(), 0.0)
        else:
            least, chosen = least_cover(masks, prices + TINY, everything, order, most)
            if least == FAILED or np.isinf(least):
                break
            safe = least - m * TINY  # no choice is cheaper than that at these prices
            if safe > 1e-3 and (prices * shares).sum() / safe < best:
                best, factors = (prices * shares).sum() / safe, prices / safe
            if (prices * chosen).sum() >= 1.0 - TINY or (gains * held).sum() > off:
                break
            is_free = not _enter(inverse, held, gains, _in_basis(inverse, chosen), 1.0)
        if is_free:
            break
    return best, factors


@njit(cache=True)
def lifted(
    masks: Masks, factors: Values, others: Masks, order: NDArray[np.int64], n_needs: int, most: int
) -> tuple[bool, Values]:
    """Returns factors of further columns with which a row stays true for all choices, and whether they were found.

    others (k,): what those columns meet of the patch, taken in an order, (k,).
    """
    m, everything = len(masks), (np.uint64(1) << np.uint64(n_needs)) - np.uint64(1)
    all_masks, all_factors = np.append(masks, others), np.append(factors, np.zeros(len(others)))
    found, needs = np.zeros(len(others)), scarce_first(masks, n_needs)
    for count, k in enumerate(order):
        known = -1
        for before in order[:count]:
            if others[before] == others[k]:
                known = before
        if known >= 0:
            found[k] = found[known]
        else:
            now = m + count
            least, _ = least_cover(all_masks[:now], all_factors[:now], everything & ~others[k], needs, most)
            if least == FAILED:
                return False, found
            found[k] = max(0.0, 1.0 - least + 1e-9)
        all_masks[m + count], all_factors[m + count] = others[k], found[k]
    return True, found
