"""Who was served, who left, and which rows are no visitors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hallplan.model.log import ABANDONED, FIRST_REASON, SERVED, Floats, Marks, Words
from hallplan.read.log.columns import Columns
from hallplan.read.log.scan import key_of
from hallplan.read.workbook.cells import squeezed
from hallplan.settings import Settings
from hallplan.terms import read_data


def is_window(window: Words, settings: Settings) -> NDArray[np.bool_]:
    """Returns (texts,) whether each text of the window column names a window."""
    none = _known("no_window", settings.log.no_window)
    return np.array([bool(name) and squeezed(name) not in none for name in window.names], np.bool_)


def _known(kind: str, more: Sequence[str]) -> frozenset[str]:
    return frozenset(squeezed(word) for word in (*read_data("log.toml")["words"][kind], *more))


def outcome_kinds(outcome: Words, settings: Settings) -> list[str]:
    """Returns for each text of the outcome column: served, abandoned, excluded, or "" when the word is unknown."""
    known = {kind: _known(kind, getattr(settings.log, kind)) for kind in ("served", "abandoned", "excluded")}
    return [next((kind for kind, words in known.items() if squeezed(name) in words), "") for name in outcome.names]


def states_of(
    outcome: Words, window: Words, seen: Marks, began: Marks, timeless: Marks, settings: Settings
) -> tuple[NDArray[np.int8], tuple[str, ...]]:
    """Returns (n,) states and the reasons for leaving rows out.

    seen: whether the log has a window column with names.  began: (n,) whether a service is told.  timeless: (n,) rows
    that tell no time.  A row whose outcome says served but that no window served is left out (a blank window is merely not
    known), and so is one whose outcome is a word for a test or a void ticket; an unknown word is
    decided by whether a service is told.
    """
    kinds = outcome_kinds(outcome, settings)
    kind_of = np.array([{"served": 1, "abandoned": 2, "excluded": 3}.get(kind, 0) for kind in kinds], np.int8)
    said = kind_of[outcome.codes]
    is_blank = np.array([not name for name in window.names] or [False], np.bool_)[window.codes] & (began | (said == 1))
    has_window = is_window(window, settings)[window.codes] | is_blank if seen.any() else np.ones(began.size, np.bool_)
    state = np.where(began & has_window, SERVED, ABANDONED).astype(np.int8)
    state[said == 2] = ABANDONED
    reasons: list[str] = []
    _exclude(state, reasons, timeless, "no time")
    for code, kind in enumerate(kinds):
        if kind == "excluded":
            _exclude(state, reasons, outcome.codes == code, f"outcome {outcome.names[code]}")
    said_served = (said == 1) & (state < FIRST_REASON)
    state[said_served & has_window] = SERVED
    nobody = said_served & ~has_window
    for code in np.unique(window.codes[nobody]).tolist():
        _exclude(state, reasons, nobody & (window.codes == code), f"window {window.names[code] or '–'}")
    return state, tuple(reasons)


def _exclude(state: NDArray[np.int8], reasons: list[str], rows: Marks, reason: str) -> None:
    """Gives rows that are not left out yet a reason; a reason beyond the hundredth joins the last."""
    fresh = rows & (state < FIRST_REASON)
    if fresh.any():
        if len(reasons) < 100:
            reasons.append(reason)
        state[fresh] = FIRST_REASON + len(reasons) - 1


def totals_among(columns: Columns, timeless: Marks) -> Marks:
    """Returns (n,) which rows are totals: they tell no time, and a word of theirs or the ticket's number says so."""
    found = np.zeros(columns.n, np.bool_)
    if not timeless.any():
        return found
    said = _known("totals", ())
    for words in columns.words.values():
        found |= np.array([squeezed(name) in said for name in words.names] or [False], np.bool_)[words.codes]
    for name in read_data("log.toml")["words"]["totals"]:
        for code in {name.encode("utf-8"), name.encode("gb18030")}:
            found |= columns.tickets == key_of(code)
    return found & timeless


def counts(values: Floats) -> tuple[int, int]:
    """Returns how many values are zero and how many negative."""
    return int(np.count_nonzero(values == 0)), int(np.count_nonzero(values < 0))
