"""Placement: where each zone lies, and the ways between."""

from hallplan.place.place import never, place_zones

__all__ = ["never", "place_zones"]
