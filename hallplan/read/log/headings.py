"""Which column of a log is what: by its heading, or as hallplan.toml maps it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from hallplan.errors import Fault, SettingsError, SheetError
from hallplan.read.log.tables import Table
from hallplan.read.workbook.cells import squeezed
from hallplan.settings import FILE_NAME, Settings
from hallplan.terms import read_data, text
from hallplan.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE

_UNITS = {"分钟": SECONDS_PER_MINUTE, "分": SECONDS_PER_MINUTE, "min": SECONDS_PER_MINUTE, "minutes": SECONDS_PER_MINUTE,
          "小时": SECONDS_PER_HOUR, "h": SECONDS_PER_HOUR, "hours": SECONDS_PER_HOUR}  # fmt: skip
_BRACKET = re.compile(r"[(\[（【](.*?)[)\]）】]")
_SUFFIX = re.compile(r"_(min|h|s|sec)$")
_WORDS = (
    (re.compile(r"(?:分钟数?|分数|minutes?|mins?)$"), SECONDS_PER_MINUTE),
    (re.compile(r"(?:小时数?|hours?)$"), SECONDS_PER_HOUR),
)


@dataclass(frozen=True, slots=True)
class Headings:
    """The heading row of a table: where it is, what each role's column is, and the seconds that one of its units is."""

    row: int
    names: tuple[str, ...]
    columns: Mapping[str, int]
    scales: Mapping[str, float]


@cache
def roles() -> dict[str, dict[str, Any]]:
    """Returns the roles of data/log.toml."""
    return dict(read_data("log.toml")["columns"])


@cache
def _spellings() -> dict[str, tuple[str, int]]:
    """Every spelling, squeezed, with its role and rank."""
    found: dict[str, tuple[str, int]] = {}
    for role, entry in roles().items():
        for rank, name in enumerate((entry["zh"], entry["en"], *entry["aliases"])):
            found.setdefault(heading_key(name), (role, rank))
    return found


def heading_key(heading: str) -> str:
    """Returns a heading without blanks, marks and what stands in brackets, in small letters."""
    return re.sub(r"[\s_\-*:：.]", "", _BRACKET.sub("", squeezed(heading)))


@cache
def _parts() -> dict[str, re.Pattern[str]]:
    """What a heading of each role says, for those that are not listed."""
    rows = dict(read_data("log.toml")["parts"])
    moment = f"(?:{rows.pop('moment')}|{rows.pop('instant')})"
    return {role: re.compile(f"(?:{said.replace('{t}', moment)})") for role, said in rows.items()}


def tells_tickets(names: Sequence[str]) -> bool:
    """Whether headings name when tickets are taken, called or started."""
    return bool({"taken", "called", "started"} & set(_match(names, {})))


def find_headings(table: Table, settings: Settings) -> Headings:
    """Returns the heading row of a table: the one in the first rows that names most roles.

    Raises SheetError listing the headings found when the log tells no time or too little; SettingsError when
    [log.columns] names a role or a column that is not there.
    """
    mapped = settings.log.columns
    _require_roles(mapped)
    best = max(range(len(table.head)), key=lambda n: (len(_match(table.head[n], mapped)), -n), default=0)
    names = table.head[best] if table.head else ()
    columns = _match(names, mapped)
    missing = [name for name in mapped.values() if heading_key(name) not in {heading_key(n) for n in names}]
    if missing:
        raise SettingsError.of([_absent(table, name, names) for name in missing])
    least = read_data("log.toml")["limits"]["least_roles"]
    if len(columns) < least or not {"taken", "called", "started"} & set(columns):
        shown = "、".join(name.strip() for name in names if name.strip())[:300]
        raise SheetError.at(
            table.name, text("log.no_headings", found=shown or "–"), text("log.headings_wanted"), text("log.map_them")
        )
    return Headings(best, tuple(names), columns, {role: _scale(names[at]) for role, at in columns.items()})


def _match(names: Sequence[str], mapped: Mapping[str, str]) -> dict[str, int]:
    """Role to column: what is mapped, then the likeliest heading of each role."""
    ranked: dict[str, tuple[int, int]] = {}
    by_key = {heading_key(name): at for at, name in reversed(list(enumerate(names))) if name.strip()}
    for key, at in by_key.items():
        if key in _spellings():
            role, rank = _spellings()[key]
            if role not in ranked or (rank, at) < ranked[role]:
                ranked[role] = rank, at
    columns = {role: at for role, (_, at) in ranked.items() if role not in mapped}
    taken = {role: by_key[heading_key(name)] for role, name in mapped.items() if heading_key(name) in by_key}
    found = {role: at for role, at in columns.items() if at not in taken.values()} | taken
    return found | _by_parts(by_key, found)


def _by_parts(by_key: Mapping[str, int], found: Mapping[str, int]) -> dict[str, int]:
    """Role to column of those that no listed heading names, by what the headings left over say."""
    left = {key: at for key, at in sorted(by_key.items(), key=lambda one: one[1]) if key not in _spellings()}
    more: dict[str, int] = {}
    for role, pattern in _parts().items():
        free = [
            at for key, at in left.items() if at not in (*found.values(), *more.values()) and pattern.fullmatch(key)
        ]
        if free and role not in found:
            more[role] = free[0]
    return more


def unused_times(headings: Headings) -> list[str]:
    """Returns the headings that seem to tell times and are not taken, where waits or services are not told whole without them."""
    roles_here = set(headings.columns)
    tells_wait = "wait" in roles_here or ("taken" in roles_here and roles_here & {"called", "started"})
    if tells_wait and ("service" in roles_here or {"started", "finished"} <= roles_here):
        return []
    said = re.compile(read_data("log.toml")["unused"]["times"])
    used = set(headings.columns.values())
    return [name.strip() for at, name in enumerate(headings.names) if at not in used and said.search(heading_key(name))]


def _scale(heading: str) -> float:
    said = squeezed(heading)
    marks = [*_BRACKET.findall(said), *_SUFFIX.findall(said)]
    worded = [unit for pattern, unit in _WORDS if pattern.search(_BRACKET.sub("", said))]
    return next((_UNITS[mark] for mark in marks if mark in _UNITS), (*worded, 1.0)[0])


def _require_roles(mapped: Mapping[str, str]) -> None:
    unknown = [role for role in mapped if role not in roles()]
    if unknown:
        raise SettingsError.of(
            [
                Fault(f"{FILE_NAME}, log.columns.{role}", text("log.no_role"), "|".join(roles()), _near(role, roles()))
                for role in unknown
            ]
        )


def _absent(table: Table, name: str, names: Sequence[str]) -> Fault:
    return Fault(
        f"{FILE_NAME}, log.columns", text("log.no_column", name=name, file=table.name), remedy=_near(name, names)
    )


def _near(name: str, known: Sequence[str] | Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    return text("settings.did_you_mean", key=near[0]) if near else ""
