"""What touches and what overlaps a zone, looked for along its sides alone, is what all anchors of a floor say."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hallplan.place import joined, kernels
from hallplan.place.kernels import Floats, Ints

N = 24


def _lines(rng: np.random.Generator) -> tuple[Floats, Ints]:
    """Lines at uneven distances, and where the windows that begin at each end."""
    lines = np.concatenate([[0.0], np.cumsum(rng.uniform(0.1, 0.6, N))])
    ends = lines.searchsorted(lines[:-1] + 1.2 - 1e-6)
    return lines, np.where(ends <= N, ends, -1).astype(np.int32)


@given(st.integers(0, 1 << 30), st.integers(-1, 3), st.sampled_from([0.3, 0.6, 1.2]))
@settings(max_examples=300, deadline=None)
def test_the_nearest_way_to_a_zone_is_found(seed: int, side: int, least: float) -> None:
    rng = np.random.default_rng(seed)
    (xs, reach_x), (ys, reach_y) = _lines(rng), _lines(rng)
    dist = np.where(rng.random((N, N)) < 0.3, np.inf, rng.integers(0, 6, (N, N)) * 1.0)
    dist[reach_x < 0], dist[:, reach_y < 0] = np.inf, np.inf
    i0, i1 = sorted(rng.choice(N + 1, 2, replace=False).tolist())
    j0, j1 = sorted(rng.choice(N + 1, 2, replace=False).tolist())
    asked = (dist, xs, ys, reach_x, reach_y, (i0, j0, i1, j1), side, least)
    assert joined._touch(*asked) == kernels.touch(*asked)
    near = joined._overlapping(dist, reach_x, reach_y, (i0, j0, i1, j1))
    assert near[0] == kernels.within(dist, reach_x, reach_y, (i0, j0, i1, j1))
    found = kernels.touching(np.isfinite(dist), xs, ys, reach_x, reach_y, (i0, j0, i1, j1), least)
    lies = [(i, j) for i, j in found.tolist() if dist[i, j] == kernels.touch(*asked)[0]]
    assert side != -1 or (kernels.touch(*asked)[1:] == lies[0] if lies else kernels.touch(*asked)[1] == -1)
