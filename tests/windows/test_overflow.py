"""Overflow between window types: what it spares, and that everybody is served as before."""

from __future__ import annotations

from functools import cache

import pytest

from hallplan.errors import SettingsError
from hallplan.model.windows import WindowPlan
from hallplan.settings import Settings
from hallplan.windows import plan_windows, windows_report
from hallplan.windows.proof import hall_model, prove_plan, simulate_plan
from tests.builders import make_demand


@cache
def plan(*pair: str) -> WindowPlan:
    return plan_windows(make_demand(), Settings.model_validate({"service": {"overflow": [list(pair)] if pair else []}}))


def test_overflow_spares_windows_and_serves_every_half_hour_as_before() -> None:
    one, other = (kind.id for kind in plan().types[:2])
    found = plan(other, one)
    assert found.window_hours_bound < found.window_hours < plan().window_hours
    kind = next(kind for kind in found.types if kind.id == other)
    assert kind.overflow == (one,)
    assert kind.overflow_from >= 1
    before, after = (simulate_plan(p, days=400, seed=77)[1] for p in (plan(), found))
    assert before is not None
    assert after is not None
    for id in (one, other):
        rows = zip(before.line(id).slot_share, after.line(id).slot_share, after.line(id).slot_half_width, strict=True)
        assert all(now >= min(was, 0.8) - 0.015 - 1.5 * half for was, now, half in rows)


def test_the_proof_simulates_the_overflow() -> None:
    one, other = (kind.id for kind in plan().types[:2])
    found = plan(other, one)
    model = hall_model(list(found.types), found)
    assert [access.group for access in next(line for line in model.lines if line.id == other).access] == [other, one]
    assert all(p.is_kept for p in prove_plan(found) if p.type in (one, other) and p.figure == "share_within_target")
    assert next(kind for kind in windows_report(found)["types"] if kind["id"] == other)["overflow"] == [one]


@pytest.mark.parametrize("pair", [("general", "general"), ("general", "nowhere"), ("general",)])
def test_a_pair_of_no_types_is_refused(pair: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError, match=r"service\.overflow"):
        plan(*pair)
