"""Windows that keep the delay probability near its target under a sinusoid of arrivals."""

from __future__ import annotations

import math

import pytest

from hallplan.errors import DemandError
from hallplan.queueing import Access, Group, HallModel, Line, Service, Step, VisitorClass, delay_levels, simulate_hall

SLOT = 0.05
"""Of a mean service time, an hour here: λ(t) = 100 + 20 sin t an hour (Feldman, Mandelbaum, Massey and Whitt, 2008)."""
RATES = [100 + 20 * math.sin((k + 0.5) * SLOT) for k in range(int(2 * math.pi / SLOT))]
PRESENT = 90.0
"""Mean number present at time 0: 100 + 10 (sin 0 - cos 0)."""


@pytest.mark.parametrize("patience", [math.inf, 60.0], ids=["all stay", "some leave"])
@pytest.mark.parametrize("target", [0.1, 0.25, 0.5, 0.75, 0.9])
def test_the_delay_probability_stays_near_its_target(target: float, patience: float) -> None:
    plan = delay_levels(RATES, 60, delay=target, slot_minutes=60 * SLOT, patience_min=patience, present=PRESENT)
    off = max(abs(value - target) for value in plan.delay_probability)
    # Where patience equals service the number present is Poisson whatever the windows; half of its greatest probability,
    # 0.0215 at the trough of 86, is what whole windows leave.
    assert off <= (0.02 if patience == math.inf or target != 0.5 else 0.0215)


def test_simulated_visitors_meet_the_delay_promised() -> None:
    rates, target = [60.0 + 30.0 * (k % 20 > 9) for k in range(60)], 0.4
    plan = delay_levels(rates, 12, delay=target, slot_minutes=6, patience_min=30)
    cls = VisitorClass("all", tuple(rates), (Step("line", Service(12)),), patience_min=30)
    groups = (Group("windows", plan.windows),)
    model = HallModel((cls,), (Line("line", (Access("windows"),), 0.0),), groups, slot_minutes=6)
    seen = simulate_hall(model, days=4000).lines[0]
    # A closing window finishes with its visitor in the simulation and hands it back in the chain: compare even stretches.
    for k in (8, 18, 28, 38, 48, 58):
        served_at_once = (1 - plan.delay_probability[k]) / (1 - seen.gave_up.value)
        assert seen.slot_share[k] == pytest.approx(served_at_once, abs=0.05)


def test_a_target_of_everybody_or_nobody_is_refused() -> None:
    for delay in (0.0, 1.0):
        with pytest.raises(DemandError):
            delay_levels([10.0], 6, delay=delay, slot_minutes=30)
