"""The model: frames, the plan's JSON, the catalogue."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import jsonschema
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from shapely.geometry import Polygon, box

from hallplan.errors import InputError
from hallplan.model.catalogue import furniture_types, zone_types
from hallplan.model.findings import Finding, Place
from hallplan.model.flow import Routes
from hallplan.model.plan import Alternative, Plan, Source, plan_from_json, plan_schema, plan_to_json
from hallplan.model.shapes import Area, Frame
from hallplan.model.signs import SignPlan
from hallplan.units import Unit
from tests.builders import make_demand, make_layout, make_programme, make_site, make_windows


def make_plan() -> Plan:
    finding = Finding("r", "c", "own", "pass", Place("F1", "wait-1", (1.0, 2.0)), 1.0, 2.0, "m", "text")
    alternative = Alternative(make_layout(), Routes((), ()), SignPlan((), (), ()), (finding,))
    parts = (make_site(), make_demand(), make_windows(), make_programme(), (alternative,))
    return Plan("某县", "2026-01-02", "hallplan 0.1.0", (Source("plan.dxf", "0" * 64),), (), *parts)


def test_a_frame_leads_back_to_the_drawing() -> None:
    frame = Frame(Unit.MM, (100.0, 50.0), 30.0)
    there = frame.to_drawing(box(0, 0, 4, 2))
    assert there.area == pytest.approx(8e6)
    assert frame.to_plan(there).equals_exact(box(0, 0, 4, 2), 1e-9)
    assert frame.point_to_drawing((0.0, 0.0)) == pytest.approx((100_000.0, 50_000.0))


def test_a_plan_reads_back_as_it_was_written() -> None:
    text = plan_to_json(make_plan())
    assert plan_to_json(plan_from_json(text)) == text


def test_a_plan_with_a_figure_that_is_none_is_never_written() -> None:
    plan = make_plan()
    finding = replace(plan.alternatives[0].findings[0], value=math.nan)
    with pytest.raises(ValueError, match="NaN"):
        plan_to_json(replace(plan, alternatives=(replace(plan.alternatives[0], findings=(finding,)),)))
    assert '"NaN 号厅"' in plan_to_json(replace(plan, title="NaN 号厅"))


@given(st.floats(1e-6, 1e-3), st.floats(0.0, math.tau))
def test_corners_that_rounding_joins_are_written_once(step: float, turn: float) -> None:
    ring = Polygon([(0, 0), (4, 0), (4, 3), (math.cos(turn) * step, 3), (step, step / 2)])
    areas = TypeAdapter(Area)
    text = areas.dump_json(ring)
    assert areas.dump_json(areas.validate_json(text)) == text


def test_a_plan_keeps_its_published_schema() -> None:
    validator = jsonschema.Draft202012Validator(plan_schema())
    assert list(validator.iter_errors(json.loads(plan_to_json(make_plan())))) == []


def test_another_json_file_is_refused_with_its_place() -> None:
    with pytest.raises(InputError, match=r"plan\.json"):
        plan_from_json('{"title": 3}')


def test_a_plan_of_another_version_is_refused_with_what_to_do() -> None:
    text = plan_to_json(make_plan()).replace('"version": 2', '"version": 1').replace('"title"', '"name"', 1)
    with pytest.raises(InputError, match="hallplan layout"):
        plan_from_json(text)


def test_every_zone_type_of_the_design_is_in_the_catalogue() -> None:
    ids = """entrance guide ticket form self_service wait window_general window_special pickup one_matter complaint
    value_added disclosure meeting convenience child nursing toilet self_24h back_office staff_support records
    equipment_rooms media"""
    assert set(zone_types()) == set(ids.split())


def test_furniture_sizes_can_be_overridden() -> None:
    assert furniture_types({"kiosk": [0.7, 0.6]})["kiosk"].width_m == 0.7
    assert furniture_types()["kiosk"].width_m == 0.8


SPIKES = st.tuples(st.floats(0, 1), st.floats(-4e-4, 4e-4), st.floats(-4e-4, 4e-4), st.floats(1.0, 3.0))


@given(st.lists(SPIKES, min_size=1, max_size=5))
def test_a_valid_area_is_written_as_a_valid_area(spikes: list[tuple[float, float, float, float]]) -> None:
    """Rounding to 0.1 mm lays the sides of what is hardly wider over one another."""
    thin = [Polygon([(1, y), (1, y + low), (1 + length, y + high)]) for y, low, high, length in spikes]
    whole = shapely.union_all([box(0, 0, 1, 1), *(one.buffer(0) for one in thin)])
    part = max(shapely.get_parts(whole), key=lambda one: one.area)
    area = TypeAdapter(Area)
    read = area.validate_python(area.dump_python(part))
    assert read.is_valid
    assert read.area == pytest.approx(part.area, abs=5e-3)


def test_a_wall_that_ends_in_a_sliver_stays_valid_when_written() -> None:
    """As a drawing's partition was; joining it with others ended a run."""
    ring = [
        (28.561022307477234, 8.79280328702061), (28.621713130627743, 8.792711028265868), (28.620830952172952, 8.21238539738175),
        (28.56014013006426, 8.21247765618036), (28.560139582706142, 8.21211758630415), (28.560139581664405, 8.212117586304714),
    ]  # fmt: skip
    area = TypeAdapter(Area)
    read = area.validate_python(area.dump_python(Polygon(ring)))
    assert read.is_valid
    assert read.area == pytest.approx(Polygon(ring).area, abs=1e-3)
