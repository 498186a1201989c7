"""What `items`, `equip` and `systems` show on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallplan.cli.talk import console
from hallplan.terms import in_turn, listed, text

if TYPE_CHECKING:
    from hallplan.model.services import Services

MOST = 10
"""Rows of a long list that the terminal shows."""


def show_items(services: Services) -> None:
    """Shows admission, the best missing items, and what changes would do."""
    from rich.table import Table

    plan = services.items
    if plan is None:
        return
    out = console()
    share = f"{plan.overall.share:.1%}"
    counts = {"matched": len(plan.matched), "unsure": len(plan.unsure), "beyond": len(plan.beyond)}
    out.print(text("cli.items_title", share=share, inside=plan.overall.admitted, total=plan.overall.total, **counts))
    table = Table(title=text("cli.items_missing", count=len(plan.missing)), title_justify="left")
    for key in ("item", "department", "reason", "visitors", "windows", "area", "rate"):
        table.add_column(
            text(f"cli.items_{key}"), justify="left" if key in ("item", "department", "reason") else "right"
        )
    for item in plan.missing[:10]:
        mark = text("services.estimated") if item.is_assumed else ""
        table.add_row(
            item.name, item.department, item.reason or "–", f"{item.visitors_per_day:.2f}{mark}", f"{item.windows:.3f}",
            f"{item.area_m2:.2f}", f"{item.visitors_per_m2:.2f}",
        )  # fmt: skip
    out.print(table)
    covered = sum(bundle.is_covered for bundle in plan.bundles)
    provided = sum(bool(measure.is_provided) for measure in plan.measures)
    out.print(
        text(
            "cli.items_sum", covered=covered, bundles=len(plan.bundles), provided=provided, measures=len(plan.measures),
            gaps=len(plan.guide_missing),
        )
    )  # fmt: skip
    for effect in plan.effects:
        out.print(
            text(
                "cli.effect", name=effect.name, before=effect.windows_before, after=effect.windows_after,
                seats=effect.seats_before, seats_after=effect.seats_after, area=f"{effect.area_m2:+.0f}",
            )
        )  # fmt: skip


def show_equipment(services: Services) -> None:
    """Shows machines needed against those there, the cover, and advice for today's machines."""
    from rich.table import Table

    plan = services.equipment
    if plan is None:
        return
    out = console()
    table = Table(title=text("cli.equip_title"), title_justify="left")
    for key in ("type", "need", "have", "basis"):
        table.add_column(text(f"cli.equip_{key}"), justify="right" if key in ("need", "have") else "left")
    for need in (*plan.needs, *plan.facilities):
        if need.need or need.have:
            table.add_row(need.name, str(need.need), str(need.have), need.basis)
    out.print(table)
    for choice in plan.choices:
        counts = listed(f"{name} {n}" for name, n in choice.counts)
        out.print(
            text(
                "cli.equip_choice", name=choice.name, counts=counts or "–", price=f"{choice.price:,.0f}",
                area=f"{choice.area_m2:.1f}", gap=f"{choice.gap:.0%}",
            )
        )  # fmt: skip
    out.print(plan.night.basis)
    changed = [use for use in plan.use if use.advice not in ("keep", "no_data")]
    for use in changed[:MOST]:
        out.print(
            text(
                "cli.equip_advice",
                id=use.id,
                kind=use.kind,
                what=text(f"services.advice_{use.advice}", to=use.to),
                why=use.why,
            ),
            markup=False,
        )


def show_systems(services: Services) -> None:
    """Shows double entry, islands, and the roadmap as a chain."""
    from rich.table import Table

    plan = services.systems
    if plan is None:
        return
    out = console()
    parts = in_turn(listed(part) for part in plan.islands)
    out.print(
        text(
            "cli.systems_title", systems=len(plan.systems), islands=len(plan.islands), parts=parts or "–",
            fields=f"{plan.repeated_fields:.1f}", minutes=f"{plan.minutes_per_year:,.0f}",
        )
    )  # fmt: skip
    table = Table(title=text("cli.systems_roadmap"), title_justify="left")
    for key in ("step", "system", "minutes", "windows", "hours", "area", "left"):
        table.add_column(text(f"cli.systems_{key}"), justify="left" if key == "system" else "right")
    for step in plan.roadmap[:MOST]:
        table.add_row(
            str(step.step), step.system, f"{step.minutes_saved:,.0f}", str(step.windows_saved), f"{step.hours_saved:.1f}",
            f"{step.area_m2:.1f}", str(step.islands_left),
        )  # fmt: skip
    out.print(table)
    for helper in plan.helpers:
        if helper.break_even is None:
            out.print(text("cli.systems_never", name=helper.name, basis=helper.basis))
        else:
            out.print(
                text("cli.systems_helper", name=helper.name, share=f"{helper.break_even:.1%}", basis=helper.basis)
            )
