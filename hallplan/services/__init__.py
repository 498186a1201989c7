"""Items, equipment and systems (chapters 7 to 9): what the hall offers, and with what."""

from hallplan.services.admission import Admission, compare_lists
from hallplan.services.bundles import bundle_names, bundled_demand
from hallplan.services.costs import as_demand_item
from hallplan.services.equipment import choice_saving, plan_equipment
from hallplan.services.items import effect_of, plan_items, with_appointments, with_missing
from hallplan.services.report import equipment_report, items_report, systems_report
from hallplan.services.standing import stood
from hallplan.services.systems import plan_systems, reduced_demand

__all__ = [
    "Admission",
    "as_demand_item",
    "bundle_names",
    "bundled_demand",
    "choice_saving",
    "compare_lists",
    "effect_of",
    "equipment_report",
    "items_report",
    "plan_equipment",
    "plan_items",
    "plan_systems",
    "reduced_demand",
    "stood",
    "systems_report",
    "with_appointments",
    "with_missing",
]
