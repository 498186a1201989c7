"""Completeness of service guides: the fields of GB/T 36114 that an item's guide leaves blank."""

from __future__ import annotations

from hallplan.model.demand import Demand, Item
from hallplan.model.service_inputs import ServiceInputs
from hallplan.model.services import GuideGap
from hallplan.terms import read_data


def guide_gaps(demand: Demand, inputs: ServiceInputs) -> tuple[GuideGap, ...]:
    """Returns the admitted items whose guide lacks fields, in the order of the list.

    The sheet 办事指南 says what is filled; type, accepting body and time limit may stand in 事项清单 instead. An item
    without a row in 办事指南 lacks everything that 事项清单 does not say.
    """
    filled = {key: set(fields) for key, fields in inputs.guides}
    columns = read_data("workbook.toml")["columns"]["guides"]
    optional = set(read_data("services.toml")["guide"]["optional"])
    wanted = [name for name in columns if name not in optional and name not in ("code", "name")]
    gaps = []
    for item in demand.admitted:
        there = filled.get(item.code, set()) | filled.get(item.name, set()) | _from_list(item, inputs)
        lacking = tuple(columns[name]["zh"] for name in wanted if name not in there)
        if lacking:
            gaps.append(GuideGap(item.code, item.name, lacking))
    return tuple(gaps)


def _from_list(item: Item, inputs: ServiceInputs) -> set[str]:
    said = {
        "type": bool(item.item_type),
        "accepts": bool(item.department),
        "scope": bool(item.subject),
        "delivery": bool(item.collect),
        "limit": item.name in inputs.promised,
    }
    return {name for name, is_said in said.items() if is_said}
