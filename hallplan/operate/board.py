"""Everything that the page of a running hall shows, from one log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hallplan.model.log import QueueLog
from hallplan.model.monitor import Board, Figures, PeopleCount, Review
from hallplan.operate.advice import advise
from hallplan.operate.bench import DAYS_A_WEEK
from hallplan.operate.crowd import join_crowd
from hallplan.operate.figures import measure
from hallplan.operate.idle import counts_at_doors, idle_zones
from hallplan.operate.indicators import evaluate
from hallplan.operate.measures import measures_of
from hallplan.operate.reviews import group_reviews
from hallplan.operate.watch import anomalies, peers, trends
from hallplan.settings import Settings

if TYPE_CHECKING:
    from hallplan.model.plan import Plan

DAYS_A_MONTH = 30


def make_board(
    log: QueueLog, figures: Figures, plan: Plan | None, settings: Settings, title: str, *,
    reviews: Sequence[Review] = (), counts: Sequence[PeopleCount] = (),
) -> Board:  # fmt: skip
    """Returns the figures by period, indicators against the plan, advice, trends, unusual days and peers of a log."""
    halls = advise(log)
    advice = (*(item for hall in halls for item in hall.items), *idle_zones(log, figures, plan, counts))
    return Board(
        title, log.sources, _periods(log, figures), evaluate(measures_of(log, figures, plan, settings), settings),
        advice, halls, trends(figures), anomalies(figures), peers(log), tuple(note.text for note in log.notes),
        group_reviews(reviews), join_crowd(log, counts_at_doors(counts, plan), settings),
    )  # fmt: skip


def _periods(log: QueueLog, figures: Figures) -> tuple[tuple[str, Figures], ...]:
    """The last day with visitors, the last seven and thirty days, everything."""
    if not figures.by_day:
        return (("all", figures),)
    last = figures.by_day[-1].day
    parts = [
        (key, measure(log.pick(log.day > last - days)))
        for key, days in (("day", 1), ("week", DAYS_A_WEEK), ("month", DAYS_A_MONTH))
    ]
    return (*parts, ("all", figures))
