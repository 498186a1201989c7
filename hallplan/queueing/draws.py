"""Random numbers for the compiled loops: one stream a day, the same on every machine whatever its cores."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

from hallplan.queueing.fast import fast, woven
from hallplan.queueing.kernels import Floats

State = NDArray[np.uint64]
"""(2,) place in the stream, and its step."""

_STEP = np.uint64(0x9E3779B97F4A7C15)
_ONE = np.uint64(0xBF58476D1CE4E5B9)
_TWO = np.uint64(0x94D049BB133111EB)
_BITS30, _BITS27, _BITS31, _BITS11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_LAYER_BITS, _SIGN_BIT = np.uint64(255), np.uint64(256)
_UNIT = 1.0 / 9007199254740992.0
LAYERS = 256
_EXPONENTIAL_RIGHT, _NORMAL_RIGHT = 7.69711747013104972, 3.6541528853610088

EXPONENTIAL, LOGNORMAL, CONSTANT, TABLE = 0, 1, 2, 3
"""Kinds of service time; a table holds quantiles at even steps of probability."""


@fast
def start_stream(state: State, seed: int, day: int) -> None:
    """Puts `state` at the start of a day's own stream."""
    state[0] = np.uint64(seed) * _TWO + np.uint64(day + 1) * _ONE
    for _ in range(4):
        uniform(state)


@woven
def next_bits(state: State) -> np.uint64:
    """Returns 64 random bits. Source: splitmix64 (Steele, Lea and Flood, 2014)."""
    state[0] = state[0] + _STEP
    z = state[0]
    z = (z ^ (z >> _BITS30)) * _ONE
    z = (z ^ (z >> _BITS27)) * _TWO
    bits: np.uint64 = z ^ (z >> _BITS31)
    return bits


@woven
def layer_of(bits: np.uint64) -> int:
    """Returns the layer that eight random bits choose, signed: unsigned and signed numbers add up to floats."""
    return np.int64(bits & _LAYER_BITS)  # type: ignore[return-value]


@woven
def uniform(state: State) -> float:
    """Returns a number in [0, 1)."""
    return np.float64(next_bits(state) >> _BITS11) * _UNIT


def _layers(right: float, area: float, height: Callable[[float], float], back: Callable[[float], float]) -> Floats:
    """Returns the right ends of LAYERS layers of equal area under a falling density, the tail's first."""
    ends = [area / height(right), right]
    while len(ends) < LAYERS:
        ends.append(back(height(ends[-1]) + area / ends[-1]))
    return np.array([*ends, 0.0])


_EXPONENTIAL = _layers(_EXPONENTIAL_RIGHT, 0.0039496598225815571993, lambda x: exp(-x), lambda y: -log(y))
_NORMAL = _layers(
    _NORMAL_RIGHT, 0.00492867323399, lambda x: exp(-0.5 * x * x), lambda y: sqrt(-2.0 * log(y))
)  # fmt: skip


@woven
def exponential(state: State, mean: float) -> float:
    """Returns an exponential number by layers. Source: Marsaglia and Tsang (2000), with 53 random bits of their own."""
    bits = next_bits(state)
    layer = layer_of(bits)
    x = np.float64(bits >> _BITS11) * _UNIT * _EXPONENTIAL[layer]
    return mean * (x if x < _EXPONENTIAL[layer + 1] else _exponential_edge(state, layer, x))


@fast
def _exponential_edge(state: State, layer: int, x: float) -> float:
    """Goes on where the first try fell on the edge of its layer."""
    start = 0.0
    while x >= _EXPONENTIAL[layer + 1]:
        low, high = exp(-_EXPONENTIAL[layer]), exp(-_EXPONENTIAL[layer + 1])
        if layer == 0:
            start += _EXPONENTIAL_RIGHT
        elif low + uniform(state) * (high - low) < exp(-x):
            break
        bits = next_bits(state)
        layer = layer_of(bits)
        x = np.float64(bits >> _BITS11) * _UNIT * _EXPONENTIAL[layer]
    return start + x


@woven
def normal(state: State) -> float:
    """Returns a standard normal number by layers. Source: Marsaglia and Tsang (2000); the tail: Marsaglia (1964)."""
    bits = next_bits(state)
    layer = layer_of(bits)
    x = np.float64(bits >> _BITS11) * _UNIT * _NORMAL[layer]
    x = x if x < _NORMAL[layer + 1] else _normal_edge(state, layer, x)
    return x if bits & _SIGN_BIT else -x


@fast
def _normal_edge(state: State, layer: int, x: float) -> float:
    while x >= _NORMAL[layer + 1]:
        low, high = exp(-0.5 * _NORMAL[layer] ** 2), exp(-0.5 * _NORMAL[layer + 1] ** 2)
        if layer == 0:
            beyond, other = 1.0, 0.0
            while beyond * beyond > 2.0 * other:
                beyond, other = exponential(state, 1.0) / _NORMAL_RIGHT, exponential(state, 1.0)
            return _NORMAL_RIGHT + beyond
        if low + uniform(state) * (high - low) < exp(-0.5 * x * x):
            return x
        bits = next_bits(state)
        layer = layer_of(bits)
        x = np.float64(bits >> _BITS11) * _UNIT * _NORMAL[layer]
    return x


@fast
def poisson_count(state: State, mean: float) -> int:
    """Returns a Poisson number, by counting exponential gaps."""
    count, total = 0, exponential(state, 1.0)
    while total < mean:
        count += 1
        total += exponential(state, 1.0)
    return count


@woven
def lognormal(state: State, mean: float, spread: float) -> float:
    """Returns a lognormal number; mean, spread: of its logarithm."""
    return exp(mean + spread * normal(state))


@fast
def from_table(state: State, kind: int, constant: float, table: Floats, row: int) -> float:
    """Returns a constant time, or one of a table: (rows, points) quantiles, straight lines between them."""
    place = uniform(state) * (table.shape[1] - 1)
    low = int(place)
    if kind == TABLE:
        constant = table[row, low] + (place - low) * (table[row, low + 1] - table[row, low])
    return constant
