"""Rules as data and what a check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hallplan.model.shapes import Point

Level = Literal["mandatory", "recommended", "own"]
Status = Literal["pass", "fail", "undecided"]
Value = bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding is; `at` in the plan frame of `floor`."""

    floor: str = ""
    zone: str = ""
    at: Point | None = None
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A requirement as data: which check decides it, with which limit, and where it stands.

    confidence: C the clause was read, S a secondary source, S+ a secondary source that quotes it, R recalled.
    """

    id: str
    clause: str
    level: Level
    check: str
    confidence: str
    source: str
    limit: Value
    unit: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """核查结果: one rule at one place.  mend: what was tried on a copy, and whether it holds there, where it was tried."""

    rule: str
    clause: str
    level: Level
    status: Status
    where: Place
    value: Value
    limit: Value
    unit: str | None
    message: str
    confidence: str = ""
    mend: str = ""
