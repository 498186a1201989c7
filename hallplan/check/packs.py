"""Packs of rules: those shipped and those of a user, limits changed, rules left out, contradictions told."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any, Final, get_args

from hallplan.check.case import Task
from hallplan.errors import Fault, SettingsError
from hallplan.model.findings import Level, Rule
from hallplan.settings import FILE_NAME, Settings
from hallplan.terms import language, read_data, text

Entries = Mapping[str, Mapping[str, Any]]
"""The rules of a pack by id, as its file says."""
FIELDS: Final = {
    "clause",
    "level",
    "check",
    "limit",
    "unit",
    "confidence",
    "zh",
    "en",
    "why_zh",
    "why_en",
    "levels",
    "source",
}
NEEDED: Final = ("clause", "level", "check", "confidence", "zh", "en")
SOURCE: Final = "standards.md"
OFF: Final = "off"


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of one file."""

    id: str
    tasks: tuple[Task, ...] = field(default=())


def pack_names() -> tuple[str, ...]:
    """Returns the packs that are shipped."""
    folder = files("hallplan").joinpath("data", "rules")
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def read_packs(settings: Settings, extra: Mapping[str, Entries] | None = None) -> tuple[Pack, ...]:
    """Returns the packs chosen in the settings and a user's own, limits replaced as [rules.parameters] says.

    extra: a user's packs by name.  Raises SettingsError naming every unknown pack, rule and check, missing field, value
    of the wrong kind, and id used twice.
    """
    shipped = {name: read_data(f"rules/{name}.toml") for name in pack_names()}
    faults = [
        _unknown(f"{FILE_NAME}, rules.packs", name, shipped) for name in settings.rules.packs if name not in shipped
    ]
    own = extra or {}
    every = {id: entry for pack in (*shipped.values(), *own.values()) for id, entry in pack.items()}
    faults += _settings_faults(settings, every)
    chosen: dict[str, Entries] = {name: shipped[name] for name in settings.rules.packs if name in shipped}
    faults += _pack_faults(own, shipped)
    if faults:
        raise SettingsError.of(faults)
    packs = [Pack(name, tuple(_tasks(name, entries, settings))) for name, entries in {**chosen, **own}.items()]
    return _reconciled(packs)


def rule_texts(settings: Settings, extra: Mapping[str, Entries] | None = None) -> dict[str, str]:
    """Returns the texts of the rules in force, by id."""
    return {task.rule.id: task.rule.text for pack in read_packs(settings, extra) for task in pack.tasks}


def _unknown(where: str, name: str, known: Collection[str]) -> Fault:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    remedy = text("settings.did_you_mean", key=near[0]) if near else ""
    return Fault(where, text("check.unknown", name=name), remedy=remedy)


def _settings_faults(settings: Settings, every: Entries) -> Iterator[Fault]:
    for key in ("parameters", "reasons", "off"):
        unknown = [id for id in getattr(settings.rules, key) if id not in every]
        yield from (_unknown(f"{FILE_NAME}, rules.{key}", id, every) for id in unknown)
    for id, value in settings.rules.parameters.items():
        limit = every.get(id, {}).get("limit")
        if isinstance(limit, int | float) and (isinstance(value, bool) or not isinstance(value, int | float)):
            where = f"{FILE_NAME}, rules.parameters.{id}"
            yield Fault(where, text("check.bad_value", value=value), text("check.number_wanted"))


def _pack_faults(own: Mapping[str, Entries], shipped: Mapping[str, Entries]) -> Iterator[Fault]:
    """What is wrong with a user's packs."""
    from hallplan.check.engine import checks

    taken = {id: pack for pack, entries in shipped.items() for id in entries}
    for pack, entries in own.items():
        for id, entry in entries.items():
            where = f"{pack}, [{id}]"
            if not isinstance(entry, Mapping):
                yield Fault(where, text("check.no_table"), text("check.fields_wanted", names=", ".join(NEEDED)))
                continue
            missing = [name for name in NEEDED if name not in entry]
            if missing:
                yield Fault(where, text("check.fields_missing", names=", ".join(missing)))
            elif entry["check"] not in checks():
                yield _unknown(f"{where} check", str(entry["check"]), checks())
            elif entry["level"] not in get_args(Level):
                yield _unknown(f"{where} level", str(entry["level"]), get_args(Level))
            if id in taken:
                yield Fault(where, text("check.id_taken", pack=taken[id]), remedy=text("check.id_remedy"))
            taken.setdefault(id, pack)


def _tasks(pack: str, entries: Entries, settings: Settings) -> Iterator[Task]:
    for id, entry in entries.items():
        if settings.project.level not in entry.get("levels", (settings.project.level,)):
            continue
        limit = settings.rules.parameters.get(id, entry.get("limit"))
        lang = language()
        rule = Rule(
            id=id, clause=entry["clause"], level=entry["level"], check=entry["check"], confidence=entry["confidence"],
            source=entry.get("source", SOURCE), limit=limit, unit=entry.get("unit"), text=entry[lang],
        )  # fmt: skip
        changed = ""
        if id in settings.rules.parameters:
            why = settings.rules.reasons.get(id) or text("check.no_reason")
            changed = text("check.changed", standard=entry.get("limit"), value=limit, reason=why)
        options = {key: value for key, value in entry.items() if key not in FIELDS}
        if id in settings.rules.off:
            yield Task(replace(rule, check=OFF), {}, settings.rules.off[id] or text("check.no_reason"), "", pack)
        else:
            yield Task(rule, options, entry.get(f"why_{lang}", ""), changed, pack)


def _reconciled(packs: list[Pack]) -> tuple[Pack, ...]:
    """The packs with rules that ask the same thing held to the strictest of their limits, each saying so."""
    groups: dict[str, list[Task]] = {}
    for task in (task for pack in packs for task in pack.tasks):
        if isinstance(task.rule.limit, int | float) and not isinstance(task.rule.limit, bool):
            groups.setdefault(_question(task), []).append(task)
    new: dict[str, Task] = {}
    for tasks in groups.values():
        if len({task.rule.limit for task in tasks}) > 1 and (strictest := _strictest(tasks)):
            new |= {task.rule.id: _told(task, strictest, tasks) for task in tasks}
    return tuple(replace(pack, tasks=tuple(new.get(task.rule.id, task) for task in pack.tasks)) for pack in packs)


def _question(task: Task) -> str:
    """What a rule asks, its limit apart."""
    return repr((task.rule.check, sorted((key, str(value)) for key, value in task.options.items())))


def _strictest(tasks: list[Task]) -> Task | None:
    directions = read_data("check.toml")["stricter"]
    name = tasks[0].rule.check
    if name in directions["more"]:
        return max(tasks, key=lambda task: task.limit)
    return min(tasks, key=lambda task: task.limit) if name in directions["less"] else None


def _told(task: Task, strictest: Task, tasks: list[Task]) -> Task:
    """A rule of a contradiction, held to the strictest limit, naming the others."""
    others = text("check.comma").join(
        f"{other.pack}/{other.rule.id} {other.rule.limit:g}" for other in tasks if other is not task
    )  # fmt: skip
    said = text("check.contradiction", own=task.rule.limit, others=others, limit=strictest.rule.limit)
    return replace(task, rule=replace(task.rule, limit=strictest.rule.limit), changed=task.changed + said)
