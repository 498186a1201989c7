"""Ratings and complaints joined in: free text grouped by cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hallplan.model.monitor import Cause, Review
from hallplan.terms import language, read_data, text

MOST_WINDOWS = 3
OTHER = "other"


def is_bad(review: Review) -> bool:
    """Whether a review complains: a bad score, or words without a score."""
    bad = read_data("reviews.toml")["bad"]["words"]
    return review.score.strip().lower() in bad if review.score else bool(review.words)


def causes_of(said: str) -> list[str]:
    """Returns the causes whose words a text holds, in the order of data/reviews.toml; other when there is none."""
    low = said.lower()
    causes = read_data("reviews.toml")["causes"]
    return [id for id, entry in causes.items() if any(word in low for word in entry["words"])] or [OTHER]


def group_reviews(reviews: Sequence[Review]) -> tuple[Cause, ...]:
    """Returns complaints by cause, the commonest first; a text with several causes counts for each.

    Shares are of all complaints with words. Method: words of data/reviews.toml, no model of language.
    """
    complaints = [review for review in reviews if is_bad(review) and review.words]
    by_cause: dict[str, list[Review]] = {}
    for review in complaints:
        for cause in causes_of(review.words):
            by_cause.setdefault(cause, []).append(review)
    ordered = sorted(by_cause.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return tuple(_cause(id, mine, len(complaints)) for id, mine in ordered)


def _cause(id: str, mine: Sequence[Review], total: int) -> Cause:
    causes = read_data("reviews.toml")["causes"]
    windows = Counter(review.window for review in mine if review.window)
    most = tuple(sorted(windows.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST_WINDOWS])
    name = causes[id][language()] if id in causes else text("operate.cause_other")
    return Cause(id, name, len(mine), len(mine) / total, most, mine[0].words)
