"""The rule engine: packs of rules from data/rules, each decided by one named check."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from hallplan.check import egress, furniture, guide, hall, ways
from hallplan.check.case import Case, Task
from hallplan.errors import Fault, SettingsError
from hallplan.model.demand import Demand
from hallplan.model.findings import Finding, Rule
from hallplan.model.flow import Routes
from hallplan.model.layout import Layout
from hallplan.model.programme import Programme
from hallplan.model.signs import SignPlan
from hallplan.model.site import Site
from hallplan.model.windows import WindowPlan
from hallplan.settings import FILE_NAME, Settings
from hallplan.terms import language, read_data, text

Check = Callable[[Case, Task], Iterator[Finding]]
FIELDS = {"clause", "level", "check", "limit", "unit", "confidence", "zh", "en", "why_zh", "why_en", "levels"}
SOURCE = "standards.md"


def _unseen(case: Case, task: Task) -> Iterator[Finding]:
    """A rule that no plan can decide."""
    del case
    yield task.undecided("unseen", why=task.why)


def checks() -> dict[str, Check]:
    """Returns every check by the name that rules call it by."""
    found: dict[str, Check] = {"unseen": _unseen}
    for module in (ways, furniture, egress, hall, guide):
        found.update(module.CHECKS)
    return found


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of one file."""

    id: str
    tasks: tuple[Task, ...] = field(default=())


def pack_names() -> tuple[str, ...]:
    """Returns the packs that are shipped."""
    folder = files("hallplan").joinpath("data", "rules")
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def read_packs(settings: Settings) -> tuple[Pack, ...]:
    """Returns the packs chosen in the settings, limits replaced as [rules.parameters] says.

    Raises SettingsError naming every unknown pack, unknown rule and value of the wrong kind.
    """
    shipped, faults = pack_names(), []
    for name in settings.rules.packs:
        if name not in shipped:
            faults.append(_unknown("rules.packs", name, shipped))
    every = {id: entry for pack in shipped for id, entry in read_data(f"rules/{pack}.toml").items()}
    for key in ("parameters", "reasons"):
        faults += [_unknown(f"rules.{key}", id, every) for id in getattr(settings.rules, key) if id not in every]
    for id, value in settings.rules.parameters.items():
        limit = every.get(id, {}).get("limit")
        if isinstance(limit, int | float) and (isinstance(value, bool) or not isinstance(value, int | float)):
            where = f"{FILE_NAME}, rules.parameters.{id}"
            faults.append(Fault(where, text("check.bad_value", value=value), text("check.number_wanted")))
    if faults:
        raise SettingsError.of(faults)
    return tuple(Pack(name, tuple(_tasks(name, settings))) for name in settings.rules.packs)


def _unknown(key: str, name: str, known: Mapping[str, Any] | tuple[str, ...]) -> Fault:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    remedy = text("settings.did_you_mean", key=near[0]) if near else ""
    return Fault(f"{FILE_NAME}, {key}", text("check.unknown", name=name), remedy=remedy)


def _tasks(pack: str, settings: Settings) -> Iterator[Task]:
    for id, entry in read_data(f"rules/{pack}.toml").items():
        if settings.project.level not in entry.get("levels", (settings.project.level,)):
            continue
        limit = settings.rules.parameters.get(id, entry.get("limit"))
        lang = language()
        rule = Rule(
            id=id, clause=entry["clause"], level=entry["level"], check=entry["check"], confidence=entry["confidence"],
            source=SOURCE, limit=limit, unit=entry.get("unit"), text=entry[lang],
        )  # fmt: skip
        reason = ""
        if id in settings.rules.parameters:
            why = settings.rules.reasons.get(id) or text("check.no_reason")
            reason = text("check.changed", standard=entry.get("limit"), value=limit, reason=why)
        options = {key: value for key, value in entry.items() if key not in FIELDS}
        yield Task(rule, options, entry.get(f"why_{lang}", ""), reason)


def check_plan(
    site: Site, demand: Demand, windows: WindowPlan, programme: Programme, layout: Layout, routes: Routes,
    signs: SignPlan, settings: Settings,
) -> tuple[Finding, ...]:  # fmt: skip
    """Returns what every rule of the chosen packs finds in a plan, in the order of packs and rules.

    A rule gives a finding for each place where it fails and one where it holds; what geometry cannot decide is
    undecided and says why. Raises SettingsError for unknown packs and rules in the settings.
    """
    known = checks()
    case = Case(site, demand, windows, programme, layout, routes, signs, settings)
    tasks = [task for pack in read_packs(settings) for task in pack.tasks]
    return tuple(finding for task in tasks for finding in known[task.rule.check](case, task))
