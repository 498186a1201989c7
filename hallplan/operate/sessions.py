"""When windows were open: the log tells only when they served."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hallplan.model.log import Floats, QueueLog
from hallplan.terms import read_data
from hallplan.units import SECONDS_PER_DAY

Openings = tuple[NDArray[np.int64], Floats, Floats]
"""Window codes, opening and closing in seconds since 1970-01-01."""


def sessions(log: QueueLog) -> Openings:
    """Returns when each window of a log was open: from a start to an end without more than `gap_s` idle between.

    A window that stood ready longer without a visitor is not seen, so that the hours are a lower bound.
    """
    seen = log.served & ~np.isnan(log.started_s) & (log.window.codes >= 0)
    window = (log.hall.codes[seen].astype(np.int64) << 20) + log.window.codes[seen]
    start = log.day[seen] * SECONDS_PER_DAY + log.started_s[seen]
    end = start + np.maximum(np.nan_to_num(log.service_s[seen]), 0.0)
    order = np.lexsort((start, window))
    window, start, end = window[order], start[order], end[order]
    if not window.size:
        return window, start, end
    same = window[1:] == window[:-1]
    # ends rise within a window only as a running maximum; windows are kept apart by an offset larger than any time
    offset = (np.concatenate([[0], np.cumsum(~same)])) * 1e11
    reach = np.maximum.accumulate(end + offset) - offset
    cut = np.concatenate([[True], ~same | (start[1:] - reach[:-1] > read_data("operate.toml")["openings"]["gap_s"])])
    firsts = np.flatnonzero(cut)
    lasts = np.concatenate([firsts[1:], [window.size]]) - 1
    return window[firsts], start[firsts], reach[lasts]


def open_by_slot(openings: Openings, slot_s: float) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Returns day, slot of the day and windows open (mean over the slot) for every slot in which one is open."""
    _, start, end = openings
    first, last = (
        np.floor(start / slot_s).astype(np.int64),
        np.floor(np.maximum(end - 1e-9, start) / slot_s).astype(np.int64),
    )
    counts = last - first + 1
    slot = np.repeat(first, counts) + np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    begin, stop = np.repeat(start, counts), np.repeat(end, counts)
    share = np.clip(np.minimum(stop, (slot + 1) * slot_s) - np.maximum(begin, slot * slot_s), 0.0, slot_s) / slot_s
    slots, inverse = np.unique(slot, return_inverse=True)
    per_day = round(SECONDS_PER_DAY / slot_s)
    return slots // per_day, slots % per_day, np.bincount(inverse, share).astype(np.float64)
