"""The programme as a layout deals its reviews: which back office the cases of which counters go to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from hallplan.model.programme import Adjacency, Programme, VisitorKind, Zone
from hallplan.terms import read_data, text

OFFICE = "back_office"
DESK = "desk"
HEAVIEST = 3.0
"""Wishes that weigh more are the user's, and stay with the office that was named."""
TOL = 1e-4
"""Of a desk: what loads written with six digits may come to too much."""


def reviews_of(programme: Programme) -> dict[str, str]:
    """Returns which back office reviews the cases of which counter zone, by the walks of its staff."""
    offices = {zone.id for zone in programme.zones if zone.type == OFFICE}
    walks = [kind.chain[-2:] for kind in programme.visitors if kind.network == "staff" and len(kind.chain) > 1]
    # where windows are withdrawn their walk leads to a zone that has one of its own, which comes first
    return {counter: office for office, counter in reversed(walks) if office in offices}


def as_reviewed(programme: Programme, reviews: Mapping[str, str]) -> Programme:
    """Returns the programme in which counter zones have their cases reviewed in other offices: staff's walks, wishes to lie near and the
    desks of the offices follow.

    reviews: counter zone to office; pairs of which the programme lacks either are left out.
    """
    now = reviews_of(programme)
    offices = {zone.id for zone in programme.zones if zone.type == OFFICE}
    moved = {
        counter: office
        for counter, office in reviews.items()
        if office in offices and counter in now and now[counter] != office
    }
    if not moved:
        return programme
    after = now | moved
    dealt = {office for counter in moved for office in (now[counter], moved[counter])}
    loads = dict.fromkeys(dealt, 0.0)
    for zone in programme.zones:
        if after.get(zone.id) in loads:
            loads[after[zone.id]] += zone.reviewers
    return replace(
        programme,
        zones=tuple(_with_desks(zone, loads) for zone in programme.zones),
        visitors=tuple(_walking(kind, now, moved) for kind in programme.visitors),
        adjacencies=_near(programme.adjacencies, now, moved),
    )


def _with_desks(zone: Zone, loads: Mapping[str, float]) -> Zone:
    if loads.get(zone.id, 0.0) <= 0.0:
        return zone
    desks = math.ceil(loads[zone.id] - TOL)
    basis = text("programme.office_basis", n=desks, each=read_data("programme.toml")["back_office"]["desk_target_m2"])
    holdings = tuple(replace(h, count=desks) if h.kind == DESK else h for h in zone.holdings)
    return replace(zone, holdings=holdings, basis=basis if holdings != zone.holdings else zone.basis)


def _walking(kind: VisitorKind, now: Mapping[str, str], moved: Mapping[str, str]) -> VisitorKind:
    counter = kind.chain[-1] if kind.network == "staff" and kind.chain else ""
    if counter not in moved:
        return kind
    chain = tuple(moved[counter] if stop == now[counter] else stop for stop in kind.chain)
    return replace(kind, chain=chain)


def _near(wishes: tuple[Adjacency, ...], now: Mapping[str, str], moved: Mapping[str, str]) -> tuple[Adjacency, ...]:
    """The wishes with those of the data between counters and their offices led to the new offices, unless the user has told of these pairs."""
    told = {frozenset((wish.zone_a, wish.zone_b)) for wish in wishes if abs(wish.weight) > HEAVIEST}
    found = []
    for wish in wishes:
        pairs = ((wish.zone_a, wish.zone_b), (wish.zone_b, wish.zone_a))
        counter = next((one for one, other in pairs if one in moved and now[one] == other), "")
        if not counter or not 0.0 < wish.weight <= HEAVIEST:
            found.append(wish)
        elif frozenset((counter, moved[counter])) not in told:
            found.append(replace(wish, zone_a=min(counter, moved[counter]), zone_b=max(counter, moved[counter])))
    return tuple(found)
