"""Response plans, faults and what a drill of them shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResponsePlan:
    """应急预案: what to do in one scenario.  limit_min: until the hall works again, None when nobody set it."""

    scenario: str
    owner: str = ""
    limit_min: float | None = None
    fallback: str = ""
    recovery: str = ""
    notice: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class FaultRecord:
    """One fault of the log: ISO times to the minute, "" where it has not happened yet."""

    at: str
    kind: str
    responded: str = ""
    recovered: str = ""
    closed: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Emergencies:
    """The sheets 应急预案 and 故障台账 of a workbook."""

    plans: tuple[ResponsePlan, ...] = ()
    faults: tuple[FaultRecord, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drill:
    """A scenario played through in simulation, from its start at the busiest time.

    waiting, usual: most people waiting with and without it.  recover_min: minutes from the start until no more wait than
    without it, None when that takes longer than the day.  extra_wait_min: mean wait more over the day.
    """

    waiting: int
    usual: int
    recover_min: float | None
    extra_wait_min: float


@dataclass(frozen=True, slots=True)
class Readiness:
    """How ready a hall is for one scenario: what its plan lacks, and the drill.

    status: pass when the plan is complete and the drill recovers within its limit.
    """

    id: str
    name: str
    plan: ResponsePlan | None
    missing: tuple[str, ...]
    roles: tuple[tuple[str, str], ...]
    drill: Drill | None
    evacuation_s: float | None
    status: str


@dataclass(frozen=True, slots=True)
class FaultTimes:
    """One fault against its limit.  late: whether it took longer.  is_open: not closed yet (闭环)."""

    fault: FaultRecord
    scenario: str
    respond_min: float | None
    recover_min: float | None
    limit_min: float | None
    late: bool
    is_open: bool
