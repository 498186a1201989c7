"""Placement: where each zone lies, and the ways between."""

from hallplan.place.commands import standing_locks, unkept_wishes
from hallplan.place.place import has_layout, is_broken, place_zones
from hallplan.place.reasons import NoLayoutError
from hallplan.place.rescoring import rescored
from hallplan.place.search import never

__all__ = [
    "NoLayoutError",
    "has_layout",
    "is_broken",
    "never",
    "place_zones",
    "rescored",
    "standing_locks",
    "unkept_wishes",
]
