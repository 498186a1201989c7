"""Indicators as data: each a formula over measures of log and plan."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from hallplan.model.monitor import Indicator
from hallplan.settings import Settings
from hallplan.terms import language, read_data, text

Measures = Mapping[str, float]
_OPERATORS: Final[dict[type, Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class Missing(Exception):
    """A formula that has no value: why, for the user."""


def value_of(formula: str, measures: Measures) -> float:
    """Returns the value of a formula of + - * / and names of measures; raises Missing when it has none."""
    return _value(ast.parse(formula, mode="eval").body, measures)


def _value(node: ast.expr, measures: Measures) -> float:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _value(node.left, measures), _value(node.right, measures)
        if isinstance(node.op, ast.Div) and right == 0:
            raise Missing(text("operate.divides_by_zero", what=ast.unparse(node.right)))
        return _OPERATORS[type(node.op)](left, right)
    if isinstance(node, ast.Name):
        if node.id not in measures:
            raise Missing(text(f"operate.needs_{_source_of(node.id)}", what=node.id))
        return measures[node.id]
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    raise Missing(text("operate.bad_formula", formula=ast.unparse(node)))


def _source_of(measure: str) -> str:
    """Where a measure would come from: the plan, ratings, a column of staff, or the log."""
    if measure.startswith("planned_"):
        return "plan"
    return {"rated": "rating", "rated_good": "rating", "staff": "staff"}.get(measure, "log")


def evaluate(measures: Measures, settings: Settings) -> tuple[Indicator, ...]:
    """Returns every indicator of data/indicators.toml; one without a value is undecided and says why."""
    return tuple(
        _indicator(id, entry, measures, settings) for id, entry in read_data("indicators.toml")["indicators"].items()
    )


def _indicator(id: str, entry: Mapping[str, Any], measures: Measures, settings: Settings) -> Indicator:
    value, why = _or_none(entry["formula"], measures)
    planned, _ = _or_none(entry.get("plan", ""), measures)
    target = _target(entry.get("target"), settings)
    return Indicator(
        id, entry["group"], entry[language()], entry["formula"], entry["unit"], value, planned, target,
        entry["better"], _status(value, target, entry["better"]), entry["source"], why,
    )  # fmt: skip


def _or_none(formula: str, measures: Measures) -> tuple[float | None, str]:
    if not formula:
        return None, ""
    try:
        return value_of(formula, measures), ""
    except Missing as error:
        return None, str(error)


def _target(named: float | str | None, settings: Settings) -> float | None:
    """A number, or one of the settings by name."""
    if not isinstance(named, str):
        return named
    return {
        "target_share": settings.service.target_share,
        "target_wait_min": settings.service.wait_min,
        "max_utilisation": settings.service.max_utilisation,
        "wait_area_m2": settings.zones.wait_area_per_person_m2,
    }[named]


def _status(value: float | None, target: float | None, better: str) -> str:
    if value is None or target is None:
        return "undecided"
    if better == "more":
        return "pass" if value >= target else "fail"
    return "pass" if value <= target else "fail"
