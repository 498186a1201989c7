"""What each layer holds: by the settings' layer map first, then by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from hallplan.read.drawing.linework import Linework
from hallplan.read.drawing.load import Loaded
from hallplan.read.drawing.vocabulary import first_match, sizes

_XREF = re.compile(r"^.*\$\d+\$|^.*\|")
MARK_PREFIXES = ("HP-",)
_LINED = ("wall", "structure", "other")


@dataclass(frozen=True, slots=True)
class LayerKinds:
    """The kind of each layer of a Linework, and of any other layer name.

    kinds: by index of Linework.layers; "other" when the name says nothing, "hidden" when off or frozen.
    mapped: names that the settings map.
    """

    kinds: tuple[str, ...]
    by_name: Mapping[str, str]
    mapped: frozenset[str]
    hidden: tuple[str, ...]

    def mask(self, layer: NDArray[np.int64], *wanted: str) -> NDArray[np.bool_]:
        """Returns which entries of an array of layer indices are of the wanted kinds."""
        table = np.array([kind in wanted for kind in self.kinds] or [False], dtype=bool)
        return table[layer] if len(layer) else np.zeros(0, dtype=bool)

    def named(self, work: Linework, *wanted: str) -> NDArray[np.bool_]:
        """Returns which lines lie on layers whose name, or the settings, say one of the kinds, however they are drawn."""
        table = np.array([self.kind(name) in wanted for name in work.layers] or [False], dtype=bool)
        return table[work.segment_layer] if len(work.segment_layer) else np.zeros(0, dtype=bool)

    def kind(self, name: str) -> str:
        """Returns the kind of a layer by name."""
        return self.by_name.get(name, "other")


def name_kind(name: str) -> str:
    """Returns what a layer's name says it holds, "mark" for our own layers, "other" when it says nothing."""
    if name.upper().startswith(MARK_PREFIXES):
        return "mark"
    return first_match("layers", _XREF.sub("", name)) or "other"


def sort_layers(loaded: Loaded, work: Linework, chosen: Mapping[str, Sequence[str]]) -> LayerKinds:
    """Returns the kinds of all layers; a mapped layer is read even when it is off."""
    names = {
        *work.layers,
        *(r.layer for r in work.rings),
        *(t.layer for t in work.labels),
        *(b.layer for b in work.blocks),
    }
    mapped = {name: kind for name in names for kind, globs in chosen.items() if _is_among(name, globs)}
    off = {loaded.mend(layer.dxf.name) for layer in loaded.document.layers if layer.is_off() or layer.is_frozen()}
    guessed = {name: name_kind(name) for name in names}
    if _hides_the_walls(work, guessed, off):
        off = set()
    kinds = {name: "hidden" if name in off else guessed[name] for name in names} | mapped
    aside = work.aside - _drawn_so(work, kinds)
    return LayerKinds(
        tuple("ignore" if n in aside and kinds[name] in _LINED else kinds[name] for n, name in enumerate(work.layers)),
        kinds,
        frozenset(mapped),
        tuple(sorted(off.intersection(names))),
    )


def _drawn_so(work: Linework, kinds: Mapping[str, str]) -> set[int]:
    """Returns which lines put aside by their linetype are walls all the same: most of what is drawn on a layer of walls."""
    length = np.bincount(work.segment_layer, weights=work.lengths, minlength=len(work.layers))
    found = set()
    for n in work.aside:
        same = sum(length[m] for m, name in enumerate(work.layers) if name == work.layers[n])
        if kinds[work.layers[n]] in ("wall", "structure") and length[n] > sizes("linetypes")["most"] * same:
            found.add(n)
    return found


def _is_among(name: str, globs: Sequence[str]) -> bool:
    return any(fnmatchcase(name.casefold(), glob.casefold()) for glob in globs)


def _hides_the_walls(work: Linework, guessed: Mapping[str, str], off: set[str]) -> bool:
    """Returns whether nothing that could be a building is left once hidden layers are taken away."""
    drawn = [name for name in work.layers if guessed[name] not in ("ignore", "area", "mark")]
    return bool(drawn) and all(name in off for name in drawn)
