"""The choice of types, the windows of policy and the proof as `windows --json` prints them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from hallplan.model.grouping import Move, TypeChoice
from hallplan.model.windows import WindowPlan

DIGITS = 4


def grouping_report(plan: WindowPlan) -> dict[str, Any]:
    """Returns the keys grouping, policy, scenarios and proof."""
    return {
        "grouping": _choice(plan.choice) if plan.choice else None,
        "policy": [
            {
                "id": row.id, "name": row.name, "rule": row.rule, "where": row.where, "is_own": row.is_own,
                "hours_saved": _round(row.hours_saved),
            }
            for row in plan.policy
        ],
        "scenarios": [
            {name: _round(value) if isinstance(value, float) else value for name, value in asdict(row).items()}
            for row in plan.scenarios
        ],
        "proof": [
            {
                "type": row.type, "figure": row.figure, "promised": _round(row.promised),
                "simulated": {"value": _round(row.simulated.value), "ci95": [_round(v) for v in row.simulated.ci95]},
                "is_kept": row.is_kept,
            }
            for row in plan.proof
        ],
    }  # fmt: skip


def _choice(choice: TypeChoice) -> dict[str, Any]:
    return {
        "groups": [
            {
                "themes": list(group.themes), "items": list(group.items), "peak_windows": group.peak_windows,
                "window_hours": _round(group.window_hours), "breadth_hours": _round(group.breadth_hours),
                "spared_hours": _round(group.spared_hours),
            }
            for group in choice.groups
        ],
        "cost": _round(choice.cost), "bound": _round(choice.bound), "weighed": choice.weighed, "is_all": choice.is_all,
        "together": _round(choice.together), "apart": _round(choice.apart), "used": choice.used,
        "moves": [_move(move) for move in choice.moves],
        "item_moves": [_move(move) for move in choice.item_moves],
    }  # fmt: skip


def _move(move: Move) -> dict[str, Any]:
    return {
        "what": move.what, "from": move.source, "to": move.target, "cost": _round(move.cost),
        "window_hours": _round(move.window_hours), "breadth_hours": _round(move.breadth_hours),
        "spared_hours": _round(move.spared_hours),
    }  # fmt: skip


def _round(value: float) -> float:
    return round(value, DIGITS) + 0.0
