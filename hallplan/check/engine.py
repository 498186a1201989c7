"""The rule engine: packs of rules from data/rules, each decided by one named check."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from hallplan.check import access, egress, furniture, guide, hall, paving, service, ways
from hallplan.check.case import Case, Task
from hallplan.check.mends import CHOICES, MENDS, try_mend, with_mend
from hallplan.check.packs import OFF, Entries, read_packs
from hallplan.model.demand import Demand
from hallplan.model.findings import Finding
from hallplan.model.flow import Routes
from hallplan.model.layout import Layout
from hallplan.model.programme import Programme
from hallplan.model.reviews import as_reviewed
from hallplan.model.signs import SignPlan
from hallplan.model.site import Site
from hallplan.model.standing import Missing
from hallplan.model.windows import WindowPlan
from hallplan.settings import Settings
from hallplan.terms import read_data

Check = Callable[[Case, Task], Iterator[Finding]]


def _unseen(case: Case, task: Task) -> Iterator[Finding]:
    """A rule that no plan can decide."""
    del case
    yield task.undecided("unseen", why=task.why)


def _off(case: Case, task: Task) -> Iterator[Finding]:
    """A rule that the settings leave out, with the reason given there."""
    del case
    yield task.undecided("off", why=task.why)


def checks() -> dict[str, Check]:
    """Returns every check by the name that rules call it by."""
    found: dict[str, Check] = {"unseen": _unseen, OFF: _off}
    for module in (ways, furniture, access, paving, egress, hall, guide, service):
        found.update(module.CHECKS)
    return found


def _decided(known: Mapping[str, Check], case: Case, task: Task, missing: Missing | None) -> Iterator[Finding]:
    """What a rule finds; undecided, with the reason, where the drawing lacks what it needs."""
    why = (missing or {}).get(task.rule.id) or (missing or {}).get(task.rule.check)
    if why and task.rule.check not in ("unseen", OFF):
        yield task.undecided("not_drawn", why=why)
    else:
        yield from known[task.rule.check](case, task)


def check_plan(
    site: Site, demand: Demand, windows: WindowPlan, programme: Programme, layout: Layout, routes: Routes,
    signs: SignPlan, settings: Settings, extra: Mapping[str, Entries] | None = None, missing: Missing | None = None,
) -> tuple[Finding, ...]:  # fmt: skip
    """Returns what every rule of the chosen packs finds in a plan, in the order of packs and rules.

    A rule gives a finding for each place where it fails and one where it holds; what geometry cannot decide is
    undecided and says why.  extra: a user's own packs by name.  missing: what a finished hall's drawing leaves open.  Raises SettingsError for what is wrong in packs and settings.
    """
    known = checks()
    programme = as_reviewed(programme, dict(layout.reviews))
    case = Case(site, demand, windows, programme, layout, routes, signs, settings, missing is not None)
    tasks = [task for pack in read_packs(settings, extra) for task in pack.tasks]
    return tuple(finding for task in tasks for finding in _decided(known, case, task, missing))


def check_and_mend(
    site: Site, demand: Demand, windows: WindowPlan, programme: Programme, layout: Layout, routes: Routes,
    signs: SignPlan, settings: Settings, extra: Mapping[str, Entries] | None = None, missing: Missing | None = None,
) -> tuple[Finding, ...]:  # fmt: skip
    """Returns the same as `check_plan`, with what would mend each failure, tried on a copy and checked again."""
    known = checks()
    programme = as_reviewed(programme, dict(layout.reviews))
    case = Case(site, demand, windows, programme, layout, routes, signs, settings, missing is not None)
    found: list[Finding] = []
    left = int(read_data("check.toml")["mends"]["most"])
    for task in (task for pack in read_packs(settings, extra) for task in pack.tasks):
        for finding in _decided(known, case, task, missing):
            is_tried = finding.status == "fail" and left > 0 and task.rule.check in {*MENDS, *CHOICES}
            left -= is_tried
            tried = try_mend(case, task, known[task.rule.check], finding) if is_tried else None
            found.append(with_mend(finding, tried))
    return tuple(found)
