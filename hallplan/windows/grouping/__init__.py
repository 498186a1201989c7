"""Which items share windows: the cheapest grouping of themes, what moving one changes, and what policy asks for."""

from hallplan.windows.grouping.choose import choose_types
from hallplan.windows.grouping.moves import move_item
from hallplan.windows.grouping.policy import policy_windows

__all__ = ["choose_types", "move_item", "policy_windows"]
