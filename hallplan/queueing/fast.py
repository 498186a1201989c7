"""How the inner loops that allocate nothing are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
"""Without `_nrt` numba counts references to every array of a tuple at every call: six sevenths of a day's time."""


def fast(function: F) -> F:
    """Compiles a function that makes no array."""
    compiled: F = njit(**_OPTIONS)(function)
    return compiled


def woven(function: F) -> F:
    """Compiles such a function into each of its callers: passing some twenty arrays costs more than the work in it."""
    compiled: F = njit(inline="always", **_OPTIONS)(function)
    return compiled
