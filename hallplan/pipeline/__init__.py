"""The stages, chained: read → windows → programme → place → furnish → flow → signs → check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallplan.late import names_of

if TYPE_CHECKING:
    from hallplan.pipeline.changing import edited_plan, rerate
    from hallplan.pipeline.following import RulePacks, follow, furnished
    from hallplan.pipeline.planning import make_plan, plan_of_windows
    from hallplan.pipeline.run import Inputs, Run, effective_settings, read_inputs
    from hallplan.pipeline.settling import is_edited, require_entrance, settled, walked_anew
    from hallplan.pipeline.sizing import (
        advise_windows,
        booked_inputs,
        chapters_of,
        inputs_with_logs,
        plan_equipment_chapter,
        plan_items_chapter,
        plan_services,
        plan_systems_chapter,
        planned_inputs,
        scenarios_of,
        size_windows,
        sized_windows,
        staff_windows,
    )
    from hallplan.pipeline.standing import standing_plan
else:
    __getattr__ = names_of(
        __name__,
        {
            "changing": "edited_plan rerate",
            "following": "RulePacks follow furnished",
            "planning": "make_plan plan_of_windows",
            "run": "Inputs Run effective_settings read_inputs",
            "settling": "is_edited require_entrance settled walked_anew",
            "sizing": "advise_windows booked_inputs chapters_of inputs_with_logs plan_equipment_chapter plan_items_chapter plan_services plan_systems_chapter planned_inputs scenarios_of size_windows sized_windows staff_windows",
            "standing": "standing_plan",
        },
    )

__all__ = [
    "Inputs", "RulePacks", "Run", "advise_windows", "booked_inputs", "chapters_of", "edited_plan", "effective_settings",
    "follow", "furnished", "inputs_with_logs", "is_edited", "make_plan", "plan_equipment_chapter", "plan_items_chapter",
    "plan_of_windows", "plan_services", "plan_systems_chapter", "planned_inputs", "read_inputs", "require_entrance", "rerate",
    "scenarios_of", "settled", "size_windows", "sized_windows", "staff_windows", "standing_plan", "walked_anew",
]  # fmt: skip
