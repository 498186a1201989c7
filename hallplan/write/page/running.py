"""How the hall runs, as a section of the page: proof, shifts, roster, rules for the day, scenarios, forecast."""

from __future__ import annotations

from hallplan.model.plan import Plan
from hallplan.model.running import Adjusting, Trigger
from hallplan.model.staff import Duty, Roster, RosterPerson, StaffPlan
from hallplan.terms import text
from hallplan.units import clock
from hallplan.write.page.chapters import Block, Section
from hallplan.write.page.tables import (
    Column,
    Row,
    Table,
    change_table,
    changes_note,
    make_table,
    window_table,
    windows_note,
)

SHARES = ("share_within_target", "utilisation")


def running_section(plan: Plan) -> Section | None:
    """Returns the section; None when neither staff nor scenarios nor a forecast were worked out."""
    blocks = (*_proof(plan), *_staff(plan), *_adjusting(plan), *_scenarios(plan), *_forecast(plan))
    if not blocks:
        return None
    return Section("running", text("page.section_running"), text("page.running_note"), blocks)


def windows_section(plan: Plan) -> Section:
    """Returns the window types and their openings, for halls without a drawing."""
    windows = plan.windows
    heads = (Column(text("page.running_type")), *(Column(clock(start), True) for start in windows.half_hours))
    openings = Table(heads, tuple(Row((kind.name, *(str(count) for count in kind.open))) for kind in windows.types))
    blocks = (
        Block(text("page.section_windows"), window_table(plan)),
        Block(text("page.openings"), openings),
        *((Block(text("page.section_changes"), change_table(plan), changes_note(plan)),) if windows.changes else ()),
    )
    return Section("windows", text("page.section_windows"), windows_note(plan), blocks)


def _proof(plan: Plan) -> tuple[Block, ...]:
    rows = [
        Row(
            (
                promise.name,
                text(f"windows.figure_{promise.figure}"),
                _shown(promise.figure, promise.promised),
                _shown(promise.figure, promise.simulated.value),
                "–".join(_shown(promise.figure, bound) for bound in promise.simulated.ci95),
            ),
            tone="pass" if promise.is_kept else "fail",
        )
        for promise in plan.windows.proof
    ]
    limits = [
        Row((text(f"windows.limit_{row.what}"), f"{row.limit:g}", f"{row.met:.3g}", row.where), tone="pass" if row.is_met else "fail")
        for row in plan.windows.limits
    ]  # fmt: skip
    return (
        *_block("proof", make_table("running", "type figure promised# simulated# ci95#", rows)),
        *_block("limits", make_table("running", "figure limit# met# type", limits)),
    )


def _shown(figure: str, value: float) -> str:
    return f"{value:.1%}" if figure in SHARES else f"{value:.1f}"


def _staff(plan: Plan) -> tuple[Block, ...]:
    staff = plan.windows.staffing
    if staff is None:
        return ()
    names = {kind.id: kind.name for kind in plan.windows.types}
    duties = [Row((duty.id, f"{duty.hours:g}", _pieces(duty, names))) for duty in staff.duties]
    note = text(
        "page.running_duties_note", people=len(duties), hours=f"{staff.hours:g}", bound=f"{staff.hours_bound:g}"
    )
    return (
        *_block("duties", make_table("running", "duty hours# pieces", duties), note),
        *_block("roster", _roster(staff), _roster_note(staff.roster)),
    )


def _pieces(duty: Duty, names: dict[str, str]) -> str:
    spare = text("page.running_spare")
    return "；".join(f"{clock(p.start)}–{clock(p.end)} {names.get(p.type, spare)}" for p in duty.pieces)


def _roster(staff: StaffPlan) -> Table:
    """One row a person, one column a day that the hall is open."""
    roster = staff.roster
    open_days = [n for n, is_open in enumerate(roster.is_open) if is_open]
    heads = (
        Column(text("page.running_person")),
        *(Column(roster.dates[n][8:]) for n in open_days),
        Column(text("page.running_hours"), True),
    )
    return Table(heads, tuple(Row((p.id, *(_day(p, n) for n in open_days), f"{p.hours:g}")) for p in roster.people))


def _day(person: RosterPerson, day: int) -> str:
    """The number of the duty, with its group where that is not the person's own; else what the day is."""
    group, _, number = person.duties[day].rpartition("-")
    if number:
        return number if group == person.groups[0] else person.duties[day]
    return "" if person.days[day] == "rest" else text(f"page.running_{person.days[day]}")


def _roster_note(roster: Roster) -> str:
    return text(
        "page.running_roster_note", month=roster.month, people=len(roster.people), short=len(roster.shortfalls),
        spread=f"{roster.hours_spread:g}",
    )  # fmt: skip


def _adjusting(plan: Plan) -> tuple[Block, ...]:
    rules = plan.windows.adjusting
    if rules is None:
        return ()
    names = {kind.id: kind.name for kind in plan.windows.types}
    triggers = make_table(
        "running", "type slot open# open_at# close_at# helpers", [_trigger(row, names) for row in rules.triggers]
    )
    note = text("page.running_rules_note", look=f"{rules.look_every_min:g}", delay=f"{rules.delay_min:g}")
    return (*_block("rules", triggers, note), *_block("tried", _tried(rules, names)))


def _trigger(row: Trigger, names: dict[str, str]) -> Row:
    close, more = next(((close, more) for count, close, more in row.levels if count == row.windows), (0, 0))
    helpers = "、".join(names[id] for id in row.helpers)
    return Row((names[row.type], clock(row.start), str(row.windows), str(more or "–"), str(close or "–"), helpers))


def _tried(rules: Adjusting, names: dict[str, str]) -> Table:
    rows = [
        Row(
            (
                names[row.type], text(f"workbook.{row.days}"), f"{row.fixed_share.value:.1%}", f"{row.rules_share.value:.1%}",
                f"{row.fixed_wait_min.value:.1f}", f"{row.rules_wait_min.value:.1f}", f"{row.fixed_hours:.1f}",
                f"{row.rules_hours:.1f}",
            )
        )
        for row in rules.tried
    ]  # fmt: skip
    heads = "type days fixed_share# rules_share# fixed_wait# rules_wait# fixed_hours# rules_hours#"
    return make_table("running", heads, rows)


def _scenarios(plan: Plan) -> tuple[Block, ...]:
    rows = [
        Row(
            (
                row.what, f"{row.visitors_per_day:.0f}", str(row.windows_total), f"{row.window_hours:.1f}",
                f"{row.mean_wait_min:.1f}", f"{row.share_within:.1%}", f"{row.plan_share:.1%}",
                f"{row.worst} {row.worst_share:.0%}",
            )
        )
        for row in plan.windows.scenarios
    ]  # fmt: skip
    heads = "scenario visitors# windows# window_hours# wait# share# plan_share# worst"
    return _block("scenarios", make_table("running", heads, rows))


def _forecast(plan: Plan) -> tuple[Block, ...]:
    logged = plan.demand.logged
    if logged is None:
        return ()
    faults = make_table("running", "fault", [Row((fault.rule,)) for fault in logged.faults])
    days = logged.forecast.days if logged.forecast else ()
    rows = [Row((day.date, f"{day.visitors:.0f}", f"{day.low:.0f}–{day.high:.0f}")) for day in days]
    return (
        *_block(
            "faults", faults, text("cli.windows_log", source=logged.source, tickets=logged.tickets, days=logged.days)
        ),
        *_block("forecast", make_table("running", "date visitors# interval#", rows)),
    )


def _block(name: str, table: Table, note: str = "") -> tuple[Block, ...]:
    return (Block(text(f"page.h_running_{name}"), table, note),) if table.rows else ()
