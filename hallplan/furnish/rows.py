"""Blocks of chairs across a row: as many as the aisles beside them allow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hallplan.furnish.bench import limit
from hallplan.furnish.ground import Run


@dataclass(frozen=True, slots=True)
class RowRule:
    """Seat width, aisle and margins in metres, and how many seats may stand between aisles."""

    seat: float
    aisle: float
    edge: float
    two_aisles: int
    one_aisle: int


def row_rule(seat: float) -> RowRule:
    """Returns the rule of data/furnish.toml for seats of this width."""
    return RowRule(
        seat, limit("wait.aisle_m"), limit("wait.edge_m"), int(limit("wait.two_aisles")), int(limit("wait.one_aisle"))
    )


def plan_blocks(
    run: Run, is_open: tuple[bool, bool], rule: RowRule, most: int | None = None
) -> list[tuple[float, int]]:
    """Returns blocks (left end, seats) for a row in `run`, as many seats as can be but at most `most`.

    is_open: whether people can walk beyond the run's left and right end.  A block between two aisles has up to 10
    seats, one with an aisle at one end up to 5.  Source: domain.md 4.
    """
    best: tuple[tuple[int, int, int], list[int], tuple[bool, bool]] | None = None
    for aisles, count in _options(is_open):
        caps = _caps(count, is_open, aisles, rule)
        room = run[1] - run[0] - 2 * rule.edge - (sum(aisles) + count - 1) * rule.aisle
        total = min(sum(caps), int((room + 1e-6) // rule.seat))
        if min(caps) == 0 or total < count:
            continue
        if most is not None:
            total = min(total, most)
        key = (total, -count, -sum(aisles))
        if total >= count and (best is None or key > best[0]):
            best = key, _share(total, caps), aisles
    return _lay(run, best[1], best[2], rule) if best else []


def _options(is_open: tuple[bool, bool]) -> Iterator[tuple[tuple[bool, bool], int]]:
    for left in (False,) if is_open[0] else (False, True):
        for right in (False,) if is_open[1] else (False, True):
            for count in range(1, 9):
                yield (left, right), count


def _caps(count: int, is_open: tuple[bool, bool], aisles: tuple[bool, bool], rule: RowRule) -> list[int]:
    left, right = is_open[0] or aisles[0], is_open[1] or aisles[1]
    ways = [2] * count
    ways[0] -= not left
    ways[-1] -= not right
    return [(0, rule.one_aisle, rule.two_aisles)[way] for way in ways]


def _share(total: int, caps: list[int]) -> list[int]:
    """Spreads the seats evenly over the blocks within their limits."""
    seats = [0] * len(caps)
    for _ in range(total):
        block = min((b for b in range(len(caps)) if seats[b] < caps[b]), key=lambda b: (seats[b], b))
        seats[block] += 1
    return seats


def _lay(run: Run, seats: list[int], aisles: tuple[bool, bool], rule: RowRule) -> list[tuple[float, int]]:
    """Places the blocks; spare width goes to the aisles between first, then to both ends."""
    gaps = len(seats) - 1
    spare = run[1] - run[0] - 2 * rule.edge - (sum(aisles) + gaps) * rule.aisle - sum(seats) * rule.seat
    more = min(rule.aisle / 2, spare / (gaps + 1)) if gaps else 0.0
    x = run[0] + rule.edge + aisles[0] * rule.aisle + (spare - gaps * more) / 2
    blocks = []
    for count in seats:
        blocks.append((x, count))
        x += count * rule.seat + rule.aisle + more
    return blocks
