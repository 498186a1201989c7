"""Which of the layouts found are shown, and in which order: those that fail the fewest mandatory rules first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from hallplan.model.layout import Layout
from hallplan.model.plan import Alternative
from hallplan.pipeline.following import windows_missing, worth
from hallplan.terms import listed, text, word

PRICE_SHOWN = 0.05
NO_PLACE = "counter"
"""Stands among the rules that a layout fails for windows without a place."""
DEARER = 1.25
"""A spare layout takes the place of one that fails more only if it costs no more than so many times the dearest of those asked for."""
CROSSING, CROSSED, CROSSED_M = "hall_crossing", "staff_crossing_m", 1.8
"""The rule that tells at how many places staff cross visitors' lines, the part of the score that such metres cost, and how many metres
each place counts as: a main way's width."""
MOST_NARROWS = 6
"""Doors and necks told of an alternative; the rest are counted, all are in `layout --json`."""
Follow = Callable[[list[Layout]], list[Alternative]]


def choose(
    furnished: Sequence[Layout], many: int, follow: Follow, rules: Mapping[str, str]
) -> tuple[tuple[Alternative, ...], tuple[str, ...]]:
    """Returns the alternatives to show, best first, with ids by their order, and in words why they are fewer than asked.

    furnished: layouts.  follow: walks, signs and checks layouts.  rules: their texts by id.  The `many` worth most are
    followed, and those worth nearly as much where one of these breaks a constraint, fails a mandatory rule or has staff cross visitors'
    ways. Those that break no constraint, then those that fail the fewest mandatory rules and lack no windows, go first, whatever their
    score; what others fail that the first does not is told.
    """
    from hallplan.place.alternatives import numbered  # late: it loads what is compiled

    ranked = sorted(furnished, key=worth)
    done = follow(ranked[:many])
    spare = [one for one in ranked[many:] if worth(one)[-1] <= DEARER * worth(ranked[many - 1])[-1]]
    if spare and any(one.layout.breaches or failures(one) or _crossed(one) for one in done):
        done += follow(spare)
    shown = sorted(done, key=_rank)[:many]
    # prices were searched from the layout placed best; another may be the best once it is furnished and checked
    prices = next((one.prices for one in furnished if one.prices), ())
    names = numbered([one.layout.name for one in shown])
    named = tuple(
        replace(a, layout=replace(a.layout, id=str(n), name=name, prices=() if n > 1 else prices))
        for n, (a, name) in enumerate(zip(shown, names, strict=True), 1)
    )
    notes = (*_fewer(named, many), *_broken(named), *_narrows_told(named), *_failing(named, rules))
    return named, (*notes, *_prices_told(named[0].layout, furnished), *_wish_prices_told(furnished))


def failures(alternative: Alternative) -> frozenset[str]:
    """Returns the mandatory rules that a layout fails, with NO_PLACE where windows have no place."""
    failed = {f.rule for f in alternative.findings if f.status == "fail" and f.level == "mandatory"}
    return frozenset(failed | ({NO_PLACE} if windows_missing(alternative.layout) else set()))


def _rank(alternative: Alternative) -> tuple[bool, int, int, bool, float]:
    """What followed layouts are ordered by, the lowest first."""
    layout = alternative.layout
    lacking, is_broken, points = worth(layout)
    part = next((part for part in layout.parts if part.id == CROSSED), None)
    # what the search saw of it is in the score
    more = max(0.0, CROSSED_M * part.weight * _crossed(alternative) - part.cost) if part else 0.0
    return bool(layout.breaches), len(failures(alternative)), lacking, is_broken, points + more


def _crossed(alternative: Alternative) -> float:
    """At how many places staff cross visitors' lines."""
    return sum(float(f.value or 0) for f in alternative.findings if f.rule == CROSSING and f.status == "fail")


def _fewer(shown: Sequence[Alternative], many: int) -> tuple[str, ...]:
    """Says that fewer are shown than were asked for, and that all keep what must hold where they do."""
    key = "place.fewer_found" if any(one.layout.breaches for one in shown) else "place.fewer_kept"
    return (text(key, shown=len(shown), many=many),) if len(shown) < many else ()


def _broken(shown: Sequence[Alternative]) -> tuple[str, ...]:
    """Says what of that which must hold each alternative breaks, and whether another keeps it."""
    rest = text("place.none_keeps" if all(one.layout.breaches for one in shown) else "place.only_compared")
    return tuple(
        text(
            f"place.breach_{breach.constraint}", id=one.layout.id, floor=breach.floor, x=breach.at[0], y=breach.at[1],
            value=breach.value, limit=breach.limit, zones=listed(breach.zones) or "–", door=breach.door or "–", why=breach.why,
            rest=rest,
        )
        for one in shown
        for breach in one.layout.breaches
    )  # fmt: skip


def _narrows_told(shown: Sequence[Alternative]) -> tuple[str, ...]:
    """Says which doors and necks of the building are narrower than the ways that lead through them, by alternative."""
    notes = []
    for one in shown:
        places = [
            text(
                "place.narrow_door" if narrow.door else "place.narrow_neck", door=narrow.door, floor=narrow.floor, x=narrow.at[0],
                y=narrow.at[1], width=narrow.width_m, wanted=narrow.wanted_m,
            )
            for narrow in one.layout.narrows[:MOST_NARROWS]
        ]  # fmt: skip
        more = len(one.layout.narrows) - len(places)
        rest = text("place.narrow_more", many=more) if more > 0 else ""
        notes += [text("place.narrows", id=one.layout.id, places=listed(places), rest=rest)] if places else []
    return tuple(notes)


def _wish_prices_told(layouts: Iterable[Layout]) -> tuple[str, ...]:
    """Says what each wish of the user costs, searched from the best layout as it was placed."""
    prices = [f"{price.wish} {price.points:.1f}" for layout in layouts for price in layout.prices]
    return (text("place.wish_prices", prices=listed(prices)),) if prices else ()


def _failing(shown: Sequence[Alternative], rules: Mapping[str, str]) -> tuple[str, ...]:
    """Says which alternatives fail mandatory rules that the first one keeps."""
    kept = failures(shown[0])
    failing = [(one.layout.id, failures(one) - kept) for one in shown if failures(one) - kept]
    if not failing:
        return ()
    named = listed(
        rules.get(rule, text("place.all_windows")) for rule in sorted(frozenset.union(*(own for _, own in failing)))
    )
    return (text("place.failing", numbers=listed(id for id, _ in failing), rules=named),)


def wish_prices(layout: Layout, others: Iterable[Layout]) -> tuple[tuple[str, float], ...]:
    """Returns by part of the score what it costs the other parts, in points, dearest first: how much less all else costs in
    the best of some layouts for a hall in which that part does not count. At least so much: there may be better ones.
    """
    pool = [one for one in others if windows_missing(one) <= windows_missing(layout)]
    found = []
    for part in layout.parts:
        rest = layout.score - part.cost
        least = min((one.score - _cost_of(one, part.id) for one in pool), default=rest)
        if rest - least > PRICE_SHOWN:
            found.append((part.id, round(rest - least, 2)))
    return tuple(sorted(found, key=lambda entry: (-entry[1], entry[0])))


def _cost_of(layout: Layout, id: str) -> float:
    return sum(part.cost for part in layout.parts if part.id == id)


def _prices_told(layout: Layout, others: Sequence[Layout]) -> tuple[str, ...]:
    prices = listed(f"{word('part', id)} {price:.1f}" for id, price in wish_prices(layout, others))
    return (text("place.prices", many=len(others), prices=prices),) if prices else ()
