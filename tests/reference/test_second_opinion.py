"""The staffing of a day judged by a solver that shares nothing with ours: dense matrix exponentials in plain numpy."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest

from hallplan.queueing import staffing_levels
from tests.reference.test_queues import DATA


def expm(matrix: np.ndarray) -> np.ndarray:
    """Matrix exponential by scaling, a Taylor series and squaring."""
    halvings = max(0, int(np.ceil(np.log2(max(np.abs(matrix).sum(axis=0).max(), 1e-9)))) + 3)
    small, term = matrix / 2.0**halvings, np.eye(len(matrix))
    total = term.copy()
    for k in range(1, 16):
        term = term @ small / k
        total += term
    for _ in range(halvings):
        total = total @ total
    return total


def deaths(size: int, c: int, mu: float) -> np.ndarray:
    """Those ahead of a waiter: while he waits (c or more are ahead) all c windows are busy."""
    rate = np.where(np.arange(size) >= c, c * mu, 0.0)
    return np.diag(-rate) + np.diag(rate[1:], 1)


def births_and_deaths(size: int, up: float, c: int, mu: float) -> np.ndarray:
    n = np.arange(size)
    rises, falls = np.where(n < size - 1, up, 0.0), np.minimum(n, c) * mu
    return np.diag(-(rises + falls)) + np.diag(rises[:-1], -1) + np.diag(falls[1:], 1)


def late(size: int, plan: list[int], k: int, at: float, mu: float, slot: float, wait: float) -> np.ndarray:
    """Chance for each number ahead that one who comes at `at` in slot k still waits after `wait`."""
    ahead, left = np.eye(size), wait
    while left > 1e-12:
        span = min(left, slot - at) if k < len(plan) - 1 else left
        waiting = np.arange(size) >= plan[k]
        ahead = expm(deaths(size, plan[k], mu) * span) @ (ahead * waiting[:, None])
        ahead *= (np.arange(size) >= plan[k])[:, None]
        left, at, k = left - span, 0.0, min(k + 1, len(plan) - 1)
    return ahead.sum(axis=0)


def shares(rates: list[float], es: float, plan: list[int], slot: float, wait: float, size: int) -> list[float]:
    """Share within the wait of those who come in each slot; rates a minute.

    Integrals by Gauss-Legendre in panels that end where a wait begins to reach one slot more: there the chance bends.
    """
    mu, p, found = 1.0 / es, np.eye(size)[0], []
    points, weights = np.polynomial.legendre.leggauss(8)
    edges = sorted({0.0, slot / 12, slot - wait % slot, slot})
    for k, rate in enumerate(rates):
        chain, now, total = births_and_deaths(size, rate, plan[k], mu), 0.0, 0.0
        for low, high in pairwise(edges):
            for x, weight in zip((points + 1) / 2, weights / 2, strict=True):
                at = low + (high - low) * x
                p, now = expm(chain * (at - now)) @ p, at
                total += weight * (high - low) * float(late(size, plan, k, at, mu, slot, wait) @ p)
        p = expm(chain * (slot - now)) @ p
        found.append(1.0 - total / slot)
    return found


def test_a_small_day_keeps_its_target_by_dense_exponentials() -> None:
    rates = [20.0, 45.0, 60.0, 30.0]
    plan = list(staffing_levels(rates, 6, share=0.8, wait_min=5))
    assert min(shares([rate / 60 for rate in rates], 6, plan, 30, 5, 45)) >= 0.8 - 1e-6


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="shared data/queue is not beside the checkout")
def test_the_hall_day_keeps_its_target_by_dense_exponentials() -> None:
    day = json.loads((DATA / "beyond.json").read_text("utf-8"))["sipp"]
    plan = list(staffing_levels([60 * rate for rate in day["lam_per_min"]], day["ES"], share=0.8, wait_min=5))
    assert sum(plan) <= day["a_plan_that_keeps_it"]["slot_windows"]
    assert min(shares(day["lam_per_min"], day["ES"], plan, 30, 5, 90)) >= 0.8 - 1e-6
