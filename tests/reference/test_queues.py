"""Published and exactly computed queue values (shared data/queue; not shipped)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from hallplan.queueing import erlang_a, halfin_whitt, mdc, mg1, mmc, staffing_levels, transient

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "queue"
EXACT = 1e-9

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="shared data/queue is not beside the checkout")


@pytest.fixture(scope="module")
def beyond() -> dict:
    return json.loads((DATA / "beyond.json").read_text("utf-8"))


def test_every_m_m_c_row_is_met() -> None:
    rows = json.loads((DATA / "reference.json").read_text("utf-8"))["rows"]
    for row in rows:
        queue = mmc(60 * row["lam"], row["ES"], row["c"])
        found = (queue.delay_probability, queue.mean_wait_min, queue.mean_waiting, queue.share_within(row["target"]))
        assert found == pytest.approx((row["C"], row["Wq"], row["Lq"], row["SL"]), rel=EXACT)


def test_pooling_four_queues_into_one(beyond: dict) -> None:
    assert mmc(40, 6, 5).mean_wait_min == pytest.approx(beyond["pooling"]["sep_Wq"], rel=EXACT)
    assert mmc(160, 6, 20).mean_wait_min == pytest.approx(beyond["pooling"]["pool_Wq"], rel=EXACT)


def test_pollaczek_khinchine(beyond: dict) -> None:
    for row in beyond["PK"]:
        assert mg1(60 * row["lam"], row["ES"], row["cs2"] ** 0.5).mean_wait_min == pytest.approx(row["Wq"], rel=EXACT)


def test_constant_service_is_exact(beyond: dict) -> None:
    for case, wait in beyond["MDc_Wq_in_units_of_D"].items():
        load, windows = (float(part.split("=")[1]) for part in case.split(","))
        # The file gives eight decimals.
        assert mdc(60 * load, 1.0, int(windows)).mean_wait_min == pytest.approx(wait, abs=1e-8)


def test_queues_that_people_leave(beyond: dict) -> None:
    for row in beyond["erlangA"]:
        queue = erlang_a(60 * row["lam"], 1 / row["mu"], row["c"], 1 / row["theta"])
        found = (queue.delay_probability, queue.abandon_probability, queue.mean_waiting, queue.mean_wait_min)
        assert found == pytest.approx((row["Pdelay"], row["Pab"], row["Lq"], row["Wq"]), abs=1e-8)


def test_many_windows(beyond: dict) -> None:
    for beta, delay in beyond["halfin_whitt"].items():
        assert halfin_whitt(float(beta)) == pytest.approx(delay, abs=1e-6)


def test_the_hall_day_on_which_the_textbook_fails(beyond: dict) -> None:
    day = beyond["sipp"]
    found = transient([60 * rate for rate in day["lam_per_min"]], day["ES"], day["servers"], wait_min=5)
    # Given to three decimals from a grid; within 0.004 of 30,000 simulated days.
    assert np.allclose(found.share_within, day["share_within_5_min_exact"], atol=0.004)


@pytest.mark.slow
def test_the_hall_day_needs_fewer_windows_than_known(beyond: dict) -> None:
    day = beyond["sipp"]
    rates = [60 * rate for rate in day["lam_per_min"]]
    plan = staffing_levels(rates, day["ES"], share=0.8, wait_min=5)
    assert sum(plan) <= day["a_plan_that_keeps_it"]["slot_windows"]
    assert min(transient(rates, day["ES"], plan, wait_min=5).share_within) >= 0.8 - 1e-6
