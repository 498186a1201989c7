"""hallplan staff: people against the window plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hallplan.cli.common import Call
from hallplan.cli.talk import console, print_json, print_timings, print_warnings
from hallplan.cli.windows import planned
from hallplan.terms import text

if TYPE_CHECKING:
    from hallplan.model.plan import Plan
    from hallplan.model.staff import StaffReview


def staff(call: Call, project: Annotated[Path, typer.Argument(metavar="PROJECT")] = Path()) -> int:
    """Prints posts, competence, changes, training gaps, single points and whether the month can be rostered."""
    from hallplan.operate.people_report import staff_review_report

    inputs, plan, written, run = planned(call, project)
    run.finish()
    people = plan.windows.staffing
    if people is None or people.review is None:
        raise AssertionError("staff_windows always makes a review")
    if call.as_json:
        report = staff_review_report(people, people.review)
        print_json({**report, "files": [str(path) for path in written], "seconds": run.rounded_seconds})
        return 0
    _print(plan, people.review)
    print_warnings([*inputs.demand.warnings, *people.warnings, *people.review.words], is_verbose=call.verbose)
    for path in written:
        print(path)
    if call.timings:
        print_timings(run.rounded_seconds)
    return 0


def _print(plan: Plan, review: StaffReview) -> None:
    from rich.table import Table

    names = {kind.id: kind.name for kind in plan.windows.types}
    values = {"people": review.people, "general": review.general, "posted": review.posted, "others": review.others}
    table = Table(title=text("cli.staff_title", date=review.date, **values))
    for key in ("type", "need", "wanted", "able", "general", "posted", "lent", "missing"):
        table.add_column(text(f"cli.staff_{key}"), justify="left" if key == "type" else "right")
    for row in review.types:
        counts = (row.need, row.wanted, row.able, row.general, row.posted, row.lent, row.missing)
        table.add_row(names[row.type], *(str(count) if count else "–" for count in counts))
    out = console()
    out.print(table)
    for gap in review.training:
        whom = (
            text("cli.staff_train_whom", ids=text("operate.comma").join(gap.people)) if gap.people and gap.type else ""
        )
        out.print(gap.words + whom)
    for change in review.changes:
        short = text("operate.comma").join(names[id] for id in change.short)
        said = text(f"cli.staff_{change.kind}", date=change.date, id=change.id)
        out.print(said + (text("cli.staff_then_short", names=short) if short else ""))
