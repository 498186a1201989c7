"""How the inner loops that allocate nothing are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

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


def _lowest_bit(_typing: Any, _bits: Any) -> Any:
    def build(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], cgutils.true_bit)

    return types.int64(types.uint64), build


def _bits_of(_typing: Any, _number: Any) -> Any:
    def build(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], context.get_value_type(types.int64))

    return types.int64(types.float64), build


def _float_of(_typing: Any, _bits: Any) -> Any:
    def build(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], context.get_value_type(types.float64))

    return types.float64(types.int64), build


lowest_bit = cast(Callable[[np.uint64], int], intrinsic(_lowest_bit))
"""The place of the lowest bit set in a word that is not 0."""
bits_of = cast(Callable[[float], int], intrinsic(_bits_of))
"""The bits of a float as a whole number; those of numbers from 0 up rise with them."""
float_of = cast(Callable[[int], float], intrinsic(_float_of))
"""The float of such bits."""
