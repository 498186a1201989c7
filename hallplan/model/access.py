"""What the accessibility code counts in words that several stages need."""

from __future__ import annotations

import math

from hallplan.terms import read_data


def accessible_bays(spaces: int) -> int:
    """Returns how many of `spaces` parking bays must be accessible: one at least, a share of large car parks.

    Returns 0 when there is no bay at all.  Source: GB 55019-2021 2.9.5 as data/equipment.toml has it.
    """
    rule = read_data("equipment.toml")["parking"]
    if spaces <= 0:
        return 0
    return max(int(rule["least"]), math.ceil(spaces * float(rule["share"]) - 1e-9))
