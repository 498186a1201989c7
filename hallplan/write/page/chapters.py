"""Chapters 7 to 9 as sections of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hallplan.model.catalogue import zone_types
from hallplan.model.plan import Plan
from hallplan.model.services import BundleList, Effect, EquipmentPlan, ItemsPlan, MachineUse, Need, Offer, SystemsPlan
from hallplan.terms import in_turn, listed, text, word
from hallplan.write.page.tables import Row, Table, make_table

MOST = 20
"""Rows of a long list that the page shows; the workbook has them all."""


@dataclass(frozen=True, slots=True)
class Block:
    """A table with its heading and a sentence."""

    heading: str
    table: Table
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter: its sentence, tables and what a person must look at."""

    id: str
    title: str
    note: str
    blocks: tuple[Block, ...]
    flaws: tuple[str, ...] = ()


def chapter_sections(plan: Plan) -> list[Section]:
    """Returns the sections of the chapters that were planned."""
    sections = []
    if plan.services.items:
        sections.append(_items(plan.services.items))
    if plan.services.equipment:
        sections.append(_equipment(plan.services.equipment))
    if plan.services.systems:
        sections.append(_systems(plan.services.systems, plan.services.applied))
    return sections


def _night(plan: EquipmentPlan) -> str:
    """Why the 24-hour area has its machines, and what of its rules the first layout keeps."""
    kept = [text(f"services.rule_{rule}") for rule, is_kept in plan.night.rules if is_kept]
    lacking = [text(f"services.rule_{rule}") for rule, is_kept in plan.night.rules if is_kept is False]
    parts = [plan.night.basis]
    parts += [text("page.night_kept", rules=listed(kept))] if kept else []
    parts += [text("page.night_lacking", rules=listed(lacking))] if lacking else []
    return in_turn(parts)


def _equipment(plan: EquipmentPlan) -> Section:
    money, area = plan.choices[-1].price - plan.choices[0].price, plan.choices[-1].area_m2 - plan.choices[0].area_m2
    note = text("page.equip_note", money=f"{money:,.0f}", area=f"{area:.1f}", night=_night(plan))
    choices = [
        Row(
            (
                c.name,
                listed(f"{k} {n}" for k, n in c.counts),
                str(sum(n for _, n in c.counts)),
                f"{c.price:,.0f}",
                f"{c.area_m2:.1f}",
            )
        )
        for c in plan.choices
    ]
    blocks = [
        Block(text("page.h_machines"), _machines(plan.needs)),
        Block(text("page.h_facilities"), _facilities(plan.facilities)),
        Block(text("page.h_choices"), make_table("choices", "name kinds count# price# area#", choices)),
    ]
    if plan.use:
        used = [
            Row(
                (
                    u.id, u.kind, u.place, *_use_figures(u), text(f"services.advice_{u.advice}", to=u.to), u.why,
                ),
                tone="pass" if u.advice == "keep" else "open",
            )
            for u in plan.use
        ]  # fmt: skip
        blocks.append(
            Block(text("page.h_use"), make_table("use", "id kind place rate# idle# up# faults# advice why", used))
        )
    return Section("equip", text("page.section_equip"), note, tuple(blocks), tuple(f.message for f in plan.flaws))


def _machines(needs: Sequence[Need]) -> Table:
    rows = [
        Row(
            (n.name, zone_name(n.zone), str(n.need), str(n.have), str(n.lacking), _drawn(n), n.basis),
            tone="" if not n.have else "fail" if n.lacking else "pass",
        )
        for n in needs
        if n.need or n.have
    ]
    return make_table("machines", "name zone need# have# short# drawn# basis", rows)


def _facilities(needs: Sequence[Need]) -> Table:
    """Accessible and public facilities: how many, where the layout has them, and what is missing."""
    rows = [
        Row(
            (
                n.name, str(n.need), _drawn(n), n.places or zone_name(n.zone) or "–",
                word("status", n.status) if n.status else "–", in_turn(part for part in (n.missing, n.basis) if part),
            ),
            tone={"pass": "pass", "fail": "fail", "undecided": "open"}.get(n.status or "", ""),
        )
        for n in needs
        if n.need or n.have
    ]  # fmt: skip
    return make_table("facilities", "name need# drawn# places status basis", rows)


def _drawn(need: Need) -> str:
    """How many the first layout shows; a dash before one is made or where nothing is drawn for it."""
    return "–" if need.placed is None else str(need.placed)


def _use_figures(use: MachineUse) -> tuple[str, str, str, str]:
    """Uses an hour, idle share, availability and faults; dashes for a machine that no log knows."""
    if use.advice == "no_data":
        return "–", "–", "–", "–"
    return (
        f"{use.sessions_per_hour:.2f}",
        f"{use.idle_share:.0%}",
        f"{use.availability:.1%}",
        f"{use.faults_per_1000:.1f}",
    )


def _systems(plan: SystemsPlan, applied: Sequence[str]) -> Section:
    note = text(
        "page.systems_note", islands=len(plan.islands), fields=f"{plan.repeated_fields:.1f}",
        minutes=f"{plan.minutes_per_year:,.0f}", logins=f"{plan.logins_per_item:.1f}", screens=f"{plan.screens_per_item:.1f}",
    )  # fmt: skip
    steps = [
        Row(
            (
                str(s.step), s.system, f"{s.minutes_saved:,.0f}", f"{s.windows_saved}" if s.windows_after else "–",
                f"{s.hours_saved:.1f}" if s.windows_after else "–", f"{s.area_m2:.1f}" if s.windows_after else "–", str(s.islands_left),
            )
        )
        for s in plan.roadmap
    ]  # fmt: skip
    systems = [
        Row(
            (
                s.name,
                str(s.island),
                str(s.items),
                f"{s.cases:,.0f}",
                f"{s.repeated_fields:,.0f}",
                listed(s.unused_licences),
            )
        )
        for s in plan.systems
    ]
    chain = in_turn((text("page.chain_note"), *applied))
    blocks = (
        Block(
            text("page.h_chain"), make_table("chain", "step# system minutes# windows# hours# area# left#", steps), chain
        ),
        Block(text("page.h_systems"), make_table("systems", "name island# items# cases# repeated# licences", systems)),
        Block(text("page.h_helpers"), _helpers(plan)),
        Block(text("page.h_sharing"), _sharing(plan)),
    )
    return Section("systems", text("page.section_systems"), note, blocks, tuple(f.message for f in plan.flaws))


def _helpers(plan: SystemsPlan) -> Table:
    rows = [
        Row(
            (
                h.name,
                f"{h.cost_per_year:,.0f}",
                text("page.never") if h.break_even is None else f"{h.break_even:.1%}",
                h.basis,
            )
        )
        for h in plan.helpers
    ]
    return make_table("helpers", "name cost# share# basis", rows)


def _sharing(plan: SystemsPlan) -> Table:
    marks = {True: "pass", False: "fail", None: "undecided"}
    rows = [
        Row(
            (i.name, "–" if i.value is None else f"{i.value:g}", f"{i.limit:g}", word("status", marks[i.is_kept])),
            tone=marks[i.is_kept],
        )
        for i in plan.indicators
    ]
    return make_table("sharing", "name value# limit# status", rows)


def _items(plan: ItemsPlan) -> Section:
    whole = plan.overall
    note = text(
        "page.items_note", source=plan.catalogue, share=f"{whole.share:.1%}", inside=whole.admitted, total=whole.total,
        unsure=len(plan.unsure), beyond=len(plan.beyond),
    )  # fmt: skip
    aim = text("services.no_target") if plan.target is None else f"{plan.target:.0%}"
    note = text("services.target_note", note=note, aim=aim, status=word("status", plan.status))
    departments = sorted(plan.by_department, key=lambda r: (-r.total, r.group))
    rows = [Row((r.group, str(r.admitted), str(r.total), f"{r.share:.0%}")) for r in departments]
    blocks = [Block(text("page.h_admission"), make_table("items", "department inside# total# share#", rows))]
    if plan.effects:
        blocks.append(Block(text("page.h_effects"), effects_table(plan.effects)))
    blocks += [
        Block(text("page.h_missing"), _missing(plan)),
        Block(text("page.h_measures"), _measures(plan)),
        Block(text("page.h_bundles"), _bundles(plan), bundle_note(plan.bundle_lists)),
        Block(text("page.h_offers"), _offers((*plan.public_services, *plan.value_added))),
    ]
    return Section("items", text("page.section_items"), note, tuple(blocks), tuple(f.message for f in plan.flaws))


def effects_table(effects: Sequence[Effect]) -> Table:
    """Returns what changes do to windows, seats and area."""
    rows = [
        Row(
            (
                e.name,
                f"{e.windows_before} → {e.windows_after}",
                f"{e.seats_before} → {e.seats_after}",
                f"{e.area_m2:+.1f}",
            )
        )
        for e in effects
    ]
    return make_table("effects", "name windows# seats# area#", rows)


def _missing(plan: ItemsPlan) -> Table:
    rows = [
        Row(
            (
                i.name, i.department, i.reason or "–", f"{i.visitors_per_day:.2f}{text('services.estimated') if i.is_assumed else ''}",
                f"{i.windows:.3f}", f"{i.seats:.2f}", f"{i.area_m2:.2f}", f"{i.visitors_per_m2:.2f}",
            )
        )
        for i in plan.missing[:MOST]
    ]  # fmt: skip
    return make_table("missing", "item department reason visitors# windows# seats# area# rate#", rows)


def _measures(plan: ItemsPlan) -> Table:
    rows = [
        Row(
            (
                m.name,
                yes(bool(m.is_provided)),
                zone_name(m.zone),
                str(m.staff or "–"),
                in_turn((m.basis, *m.lacking)),
            ),
            tone="pass" if m.is_provided else "open",
        )
        for m in plan.measures
    ]
    return make_table("measures", "name provided zone staff# basis", rows)


def bundle_note(lists: Sequence[BundleList]) -> str:
    """Returns how far the national lists are held, list by list."""
    return text("services.bundle_lists", lists=in_turn(map(_held, lists))) if lists else ""


def _held(b: BundleList) -> str:
    if not b.count:
        return text("services.bundle_local", held=b.held)
    return text("services.bundle_list", year=b.year, count=b.count, held=b.held, read=b.read, placed=b.placed)


def _bundles(plan: ItemsPlan) -> Table:
    rows = [
        Row(
            (
                b.name, yes(b.is_covered), listed(b.windows), listed(b.missing), f"{b.visits_saved:,.0f}",
                f"{b.year} {b.source}",
            ),
            tone="pass" if b.is_covered else "fail",
        )
        for b in plan.bundles
    ]  # fmt: skip
    return make_table("bundles", "name covered window missing visits# source", rows)


def _offers(offers: Sequence[Offer]) -> Table:
    rows = [
        Row(
            (o.name, yes(o.is_provided), zone_name(o.zone), listed(o.items[:6])),
            tone="pass" if o.is_provided else "",
        )
        for o in offers
    ]
    return make_table("offers", "name provided zone items", rows)


def yes(is_so: bool) -> str:
    """Returns yes or no in the current language."""
    return text("page.yes" if is_so else "page.no")


def zone_name(zone: str) -> str:
    """Returns the name of a zone type, or the id of an unknown one."""
    return zone_types()[zone].name if zone in zone_types() else zone
