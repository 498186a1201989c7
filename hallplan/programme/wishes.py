"""What should lie near what, and in sight of what: data/adjacency.toml spelt out for the zones that a hall has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hallplan.model.programme import Adjacency, Sightline
from hallplan.programme.draft import PLANT, SPECIAL_ROOM, Draft
from hallplan.settings import Settings
from hallplan.terms import read_data


def adjacencies(drafts: Sequence[Draft], settings: Settings) -> tuple[Adjacency, ...]:
    """Returns the wishes by zone id, the user's own over those of the data."""
    data = read_data("adjacency.toml")
    weights: dict[tuple[str, str], float] = {}
    for rule in data["wish"]:
        for a, b in _pairs(rule, drafts):
            weights.setdefault(_key(a, b), rule["weight"])
    for names, weight in ((settings.place.together, "together"), (settings.place.apart, "apart")):
        for pair in names:
            for a in _named(drafts, pair[0]):
                others = [b for other in pair[1:] for b in _named(drafts, other) if a is not b]
                # one of several is enough, so that each weighs less
                share = max(1, len(others) - 1) if weight == "together" else 1
                spoken = max(data["user"]["least"], data["user"][weight] / share)
                weights.update({_key(a, b): spoken if weight == "together" else data["user"][weight] for b in others})
    return tuple(Adjacency(a, b, weight) for (a, b), weight in sorted(weights.items()))


def sightlines(drafts: Sequence[Draft]) -> tuple[Sightline, ...]:
    """Returns what is to be in sight from where, by zone id: for each viewer that the hall has, where it has what is to be seen."""
    found = []
    for rule in read_data("adjacency.toml")["sight"]:
        seen = tuple(draft.id for draft in _of_type(drafts, rule["seen"]))
        is_door = rule["viewer"].startswith("door:")
        viewers = [rule["viewer"]] if is_door else [draft.id for draft in _of_type(drafts, rule["viewer"])]
        found += [Sightline(viewer, seen, rule["weight"]) for viewer in viewers if seen]
    return tuple(found)


def _pairs(rule: dict[str, Any], drafts: Sequence[Draft]) -> Iterator[tuple[Draft, Draft]]:
    ones, others = _of_type(drafts, rule["a"]), _of_type(drafts, rule["b"])
    if rule["scope"] == "first":
        yield from zip(ones[:1], others[:1], strict=False)
        return
    for a in ones:
        near = [b for b in others if a.floor == b.floor and (rule["scope"] != "own" or _serves(a, b, drafts))]
        yield from ((a, b) for b in near)


def _serves(a: Draft, b: Draft, drafts: Sequence[Draft]) -> bool:
    """Whether two zones are of one window group; a group without a back office uses the next group's."""
    return _group(a, b.type, drafts) == _group(b, a.type, drafts)


def _group(draft: Draft, other_type: str, drafts: Sequence[Draft]) -> int:
    if "back_office" in (draft.type, other_type):
        return office_group(draft.group, drafts)
    return draft.group


def office_group(group: int, drafts: Sequence[Draft]) -> int:
    """Returns the group in whose back office a group's cases are reviewed."""
    offices = sorted({draft.group for draft in drafts if draft.type == "back_office"})
    return next((other for other in offices if other >= group), offices[-1] if offices else 0)


def _of_type(drafts: Sequence[Draft], kind: str) -> list[Draft]:
    if kind == SPECIAL_ROOM:
        return [draft for draft in drafts if draft.role == SPECIAL_ROOM]
    return [draft for draft in drafts if draft.type == kind and draft.role not in (SPECIAL_ROOM, PLANT)]


def _named(drafts: Sequence[Draft], name: str) -> list[Draft]:
    return [draft for draft in drafts if draft.is_called(name)]


def _key(a: Draft, b: Draft) -> tuple[str, str]:
    return (a.id, b.id) if a.id < b.id else (b.id, a.id)
