"""Reads plan.json back."""

from __future__ import annotations

from pathlib import Path

from hallplan.errors import InputError
from hallplan.model.plan import Plan, plan_from_json
from hallplan.read.sound import require_sound
from hallplan.terms import text


def read_plan(path: Path) -> Plan:
    """Returns the plan in a file; raises InputError when it is absent not a plan of this version or names what is not there."""
    try:
        content = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise InputError.at(str(path), text("project.no_plan"), remedy=text("project.run_layout")) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError.at(str(path), str(error), remedy=text("project.run_layout")) from error
    plan = plan_from_json(content, str(path))
    require_sound(plan, str(path))
    return plan
