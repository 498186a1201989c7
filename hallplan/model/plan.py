"""The plan: everything a run decided, as one document, and its JSON."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from functools import cache

from pydantic import TypeAdapter, ValidationError
from pydantic.main import IncEx
from pydantic_core import to_json

from hallplan.errors import InputError
from hallplan.model.demand import Demand
from hallplan.model.findings import Finding
from hallplan.model.flow import Routes
from hallplan.model.layout import Layout
from hallplan.model.programme import Programme
from hallplan.model.services import Services
from hallplan.model.signs import SignPlan
from hallplan.model.site import Site
from hallplan.model.windows import WindowPlan
from hallplan.terms import text as text_of

PLAN_VERSION = 2
"""2: catchments of signs in pieces."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file the plan was made from, by name and content."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """One layout with everything that follows from it."""

    layout: Layout
    routes: Routes
    signs: SignPlan
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a run decided.

    created: ISO date, from --date or SOURCE_DATE_EPOCH.  settings: the effective settings as (dotted key, value, source).
    seconds are not part of the plan: the same inputs give the same bytes.  stands: a finished hall read from a drawing, not planned.
    notes: what is to be said of the choice of alternatives.
    """

    title: str
    created: str
    generator: str
    sources: tuple[Source, ...]
    settings: tuple[tuple[str, str, str], ...]
    site: Site
    demand: Demand
    windows: WindowPlan
    programme: Programme
    alternatives: tuple[Alternative, ...]
    version: int = PLAN_VERSION
    services: Services = field(default_factory=Services)
    stands: bool = False
    notes: tuple[str, ...] = ()

    def alternative(self, number: int = 1) -> Alternative:
        """Returns the alternative with this rank, from 1; raises InputError when there is none."""
        if not 1 <= number <= len(self.alternatives):
            raise InputError.at("--alternative", str(number), f"1–{len(self.alternatives)}")
        return self.alternatives[number - 1]


@cache
def _adapter() -> TypeAdapter[Plan]:
    return TypeAdapter(Plan)


def plan_to_json(plan: Plan) -> str:
    """Returns the plan as JSON text, the same bytes for the same plan; raises ValueError where a figure is not finite."""
    if _written.plan is not plan:
        values = _adapter().dump_python(plan, mode="json")
        written = to_json(values, indent=1, inf_nan_mode="constants").decode("utf-8") + "\n"
        if "NaN" in written or "Infinity" in written:
            json.loads(written, parse_constant=_refuse)  # they may stand in a text, where they do no harm
        _written.text, _written.plan = written, plan
    return _written.text


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} in a plan")


def plan_stamp(plan: Plan) -> str:
    """Returns the hash of a plan that drawings made from it carry."""
    return hashlib.sha256(plan_to_json(plan).encode("utf-8")).hexdigest()[:16]


def way_stamp(plan: Plan, number: int) -> str:
    """Returns the hash of all that the ways of alternative `number` follow from, and of these ways as they stand."""
    # plans of before have no reviews, and keep their hash
    dealt = {"reviews"} if plan.alternatives[number - 1].layout.reviews else set()
    layout, ways = (
        {"zones", "furniture", "partitions", "doors", *dealt},
        {"routes", "decisions", "blocked", "crossings"},
    )
    one: IncEx = {"layout": layout, "routes": ways}
    alternatives: IncEx = {number - 1: one}
    known: IncEx = {"site": {"floors"}, "programme": {"visitors", "zones"}, "alternatives": alternatives}
    return hashlib.sha256(_adapter().dump_json(plan, include=known)).hexdigest()[:16]


class _Written:
    """The plan written last, which never changes, and its text: its alternatives and overlay carry the same hash."""

    plan: Plan | None = None
    text: str = ""


_written = _Written()


def plan_from_json(text: str, name: str = "plan.json") -> Plan:
    """Returns the plan in a plan.json text; raises InputError when it is not one of ours or of another version."""
    try:
        return _adapter().validate_json(text)
    except (ValidationError, TypeError, IndexError) as error:
        _require_version(text, name)
        if not isinstance(error, ValidationError):
            raise InputError.at(name, str(error)) from error
        first = error.errors()[0]
        where = f"{name}, {'.'.join(str(part) for part in first['loc'])}"
        raise InputError.at(where, str(first["msg"])) from error


def _require_version(text: str, name: str) -> None:
    """Raises InputError when a text that could not be read is a plan of another version."""
    found = re.search(r'"version"\s*:\s*(\d+)', text)
    if found and int(found[1]) != PLAN_VERSION:
        where = text_of("project.plan_version", found=found[1])
        raise InputError.at(name, where, str(PLAN_VERSION), remedy=text_of("project.make_plan_anew"))


def plan_schema() -> dict[str, object]:
    """Returns the JSON Schema of plan.json."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_adapter().json_schema(mode="serialization")}
