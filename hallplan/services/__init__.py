"""Items, equipment and systems (chapters 7 to 9): what the hall offers, and with what."""

from hallplan.services.items import effect_of, plan_items, with_appointments, with_missing
from hallplan.services.report import items_report

__all__ = ["effect_of", "items_report", "plan_items", "with_appointments", "with_missing"]
