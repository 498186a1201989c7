"""Window zones: which windows stand in one line, and the sizes that hold their counters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hallplan.model.catalogue import furniture_types, zone_types
from hallplan.model.programme import CounterForm
from hallplan.model.windows import ServiceWindow, WindowPlan, WindowType, plate_runs
from hallplan.programme.draft import Draft
from hallplan.programme.facts import visitors_of
from hallplan.settings import Settings
from hallplan.terms import read_data, text

SEATED = ("window_general", "one_matter", "window_special")
"""Types of zone whose visitors wait to be called, in the order of the window plates."""


@dataclass(frozen=True, slots=True)
class Line:
    """Windows that stand side by side in one zone, each with its type."""

    zone: str
    places: tuple[tuple[ServiceWindow, WindowType], ...]

    @property
    def kinds(self) -> tuple[WindowType, ...]:
        """The window types in the line, in order."""
        return tuple({kind.id: kind for _, kind in self.places}.values())

    def share(self, kind: WindowType) -> float:
        """Returns the share of a type's windows that stand here."""
        return sum(other.id == kind.id for _, other in self.places) / max(kind.windows, 1)

    @property
    def reviewers(self) -> float:
        """Desks in a back office that the cases of its windows ask for."""
        return sum(kind.reviewers * self.share(kind) for kind in self.kinds)


def window_lines(plan: WindowPlan, settings: Settings, side_m: float) -> list[Line]:
    """Returns the lines of a window plan; side_m: longest side of the hall, which limits a line."""
    kinds = {kind.id: kind for kind in plan.types}
    by_zone: dict[str, list[tuple[ServiceWindow, WindowType]]] = {}
    joined = read_data("programme.toml")["counter"]["join_line"].get(settings.project.level, [])
    for window in plan.windows:
        kind = kinds[window.type]
        is_joined = kind.zone in joined and any(other.zone == "window_general" for other in plan.types)
        by_zone.setdefault("window_general" if is_joined else kind.zone, []).append((window, kind))
    order = [*SEATED, *sorted(set(by_zone) - set(SEATED))]
    lines: list[Line] = []
    for zone in order:
        places = by_zone.get(zone, [])
        batches = _by_type(places) if zone == "window_special" else [places]
        for batch in batches:
            lines.extend(Line(zone, tuple(part)) for part in _even(batch, _longest(batch, settings, side_m)))
    return lines


def _longest(places: Sequence[tuple[ServiceWindow, WindowType]], settings: Settings, side_m: float) -> int:
    data = read_data("programme.toml")["counter"]
    pitch = max((kind.pitch_m for _, kind in places), default=1.6)
    fits = int((side_m * data["hall_share"] - data["ends_m"]) / pitch)
    return max(2, min(settings.service.windows_per_line, fits))


def _even(
    places: Sequence[tuple[ServiceWindow, WindowType]], most: int
) -> Iterator[Sequence[tuple[ServiceWindow, WindowType]]]:
    """Cuts a line into parts of at most `most`, sizes as even as can be and longer parts first."""
    n_parts = math.ceil(len(places) / most)
    start = 0
    for n in range(n_parts):
        end = start + math.ceil((len(places) - start) / (n_parts - n))
        yield places[start:end]
        start = end


def _by_type(places: Iterable[tuple[ServiceWindow, WindowType]]) -> list[list[tuple[ServiceWindow, WindowType]]]:
    """A batch for each specialist type; small types share one, side by side."""
    data = read_data("programme.toml")["counter"]
    batches: dict[str, list[tuple[ServiceWindow, WindowType]]] = {}
    for window, kind in places:
        batches.setdefault(kind.id, []).append((window, kind))
    large = [batch for batch in batches.values() if len(batch) > data["share_zone_up_to"]]
    shared: list[list[tuple[ServiceWindow, WindowType]]] = []
    for batch in batches.values():
        if len(batch) > data["share_zone_up_to"]:
            continue
        if shared and len(shared[-1]) + len(batch) <= data["share_zone_windows"]:
            shared[-1].extend(batch)
        else:
            shared.append(list(batch))
    return large + shared


def line_draft(line: Line, plan: WindowPlan, group: int, settings: Settings) -> Draft:
    """Returns the zone of a line: the least sizes of its counter forms, and areas from them."""
    front, least, comfortable, basis = _straight(line, settings)
    target = max(front * comfortable, zone_types()[line.zone].min_m2)
    data = read_data("programme.toml")["counter"]
    forms: tuple[CounterForm, ...] = (CounterForm("straight", _cm(front), _cm(least)),)
    if line.zone in SEATED:
        most = data["most_per_target"] * target
        forms += tuple(form for form in _other_forms(line, least) if form.front_m * form.depth_m <= most)
    return Draft(
        type=line.zone,
        name=_name(line),
        min_m2=front * least,
        target_m2=target,
        max_m2=data["most_per_target"] * target,
        basis=basis,
        group=group,
        forms=forms,
        window_types=tuple(kind.id for kind in line.kinds),
        windows=tuple(window.id for window, _ in line.places),
        visitors=sum(visitors_of(kind, plan) * line.share(kind) for kind in line.kinds),
        reviewers=line.reviewers,
        min_side_m=min(min(form.front_m, form.depth_m) for form in forms),
        max_aspect=max(1.5, 1.15 * max(form.front_m / form.depth_m for form in forms)),
    )


def with_lockers(draft: Draft) -> Draft:
    """Returns a collection zone whose line is longer by the lockers that it holds."""
    beside = draft.count("locker") * furniture_types()["locker"].width_m
    if not draft.forms or not beside:
        return draft
    straight = draft.forms[0]
    longer = replace(straight, front_m=_cm(straight.front_m + beside))
    share = longer.front_m / straight.front_m
    return replace(
        draft, forms=(longer,), min_m2=draft.min_m2 * share, target_m2=draft.target_m2 * share, max_m2=draft.max_m2 * share,
        max_aspect=max(1.5, 1.15 * longer.front_m / longer.depth_m),
    )  # fmt: skip


def _straight(line: Line, settings: Settings) -> tuple[float, float, float, str]:
    """Front, least depth and comfortable depth of a straight line in metres, and where they come from."""
    data = read_data("programme.toml")
    n, pitches = len(line.places), sum(kind.pitch_m for _, kind in line.places)
    if line.zone == "pickup":
        standing = data["counter_standing"]
        depth = standing["staff_m"] + standing["counter_m"] + standing["visitor_m"]
        low = sum(window.is_low for window, _ in line.places)
        front = pitches + low * data["counter"]["low_extra_m"] + standing["ends_m"]
        return front, depth - standing["spared_m"], depth, text("programme.pickup_basis", n=n)
    seated = data["counter"]
    if line.zone not in SEATED and n <= 2:
        single = data["counter_single"]
        depth = sum(single[part] for part in ("cabinet_m", "staff_seat_m", "counter_m", "visitor_seat_m"))
        return pitches + single["ends_m"], depth, depth, text("programme.single_basis", n=n, depth=depth)
    low = sum(window.is_low for window, _ in line.places)
    breaks = max(0, math.ceil(n / settings.service.windows_per_line) - 1)
    front = pitches + low * seated["low_extra_m"] + breaks * seated["break_m"] + seated["ends_m"]
    fixed = seated["cabinet_m"] + seated["staff_way_m"] + seated["counter_m"] + seated["visitor_seat_m"]
    comfortable = fixed + seated["staff_seat_m"]
    basis = text("programme.line_basis", n=n, front=f"{front:.1f}", depth=f"{comfortable:.2f}")
    spared = seated["cabinet_m"] if settings.project.level in seated["no_cabinet_levels"] else 0.0
    return front, fixed + seated["staff_seat_least_m"] - spared, comfortable, basis


def _other_forms(line: Line, least_m: float) -> Iterator[CounterForm]:
    """L, U and island of the same windows; the corner is where two lines of staff must not meet."""
    data: dict[str, Any] = read_data("programme.toml")["counter"]
    n, pitch = len(line.places), max(kind.pitch_m for _, kind in line.places)
    corner = data["visitor_seat_m"] + data["counter_m"] + data["staff_seat_least_m"]
    from_n = data["form_from"]
    if n >= from_n["l"]:
        leg = max(2, n // 4)
        yield CounterForm("l", _cm((n - leg) * pitch + corner), _cm(max(least_m, leg * pitch + corner)))
    if n >= from_n["u"]:
        leg = max(2, n // 5)
        yield CounterForm("u", _cm((n - 2 * leg) * pitch + 2 * corner), _cm(max(least_m, leg * pitch + corner)))
    if n >= from_n["island"]:
        depth = 2 * corner + data["staff_way_m"]
        yield CounterForm("island", _cm(math.ceil(n / 2) * pitch + data["ends_m"]), _cm(depth))


def _cm(length_m: float) -> float:
    """Rounds a length up to the centimetre, so that what it must hold still fits."""
    return math.ceil(round(length_m * 100, 6)) / 100


def _name(line: Line) -> str:
    kind = zone_types()[line.zone].name
    if line.zone == "window_special":
        inside = "、".join(dict.fromkeys(part.sub_type or part.name for part in line.kinds))
        return text("programme.named", name=kind, inside=inside)
    plates = plate_runs([window.id for window, _ in line.places])
    if line.zone not in SEATED:
        return kind
    return text("programme.named", name=kind, inside=text("programme.comma").join(plates))
