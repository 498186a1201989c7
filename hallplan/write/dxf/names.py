"""Our layers, styles, line types and blocks in a document, under names that no architect's table entry has."""

from __future__ import annotations

from collections.abc import Callable

from ezdxf.document import Drawing

from hallplan.dxf import APPID
from hallplan.scene.style import drawing_data
from hallplan.settings import Settings
from hallplan.terms import read_data
from hallplan.units import METRES_PER, Unit


def layer_names(settings: Settings) -> dict[str, str]:
    """Returns the name of each of our layers in the language that output.layers asks for."""
    words = read_data("terms.toml")["layer"]
    return {key: str(words[key][settings.output.layers]) for key in drawing_data()["dxf"]["layer"]}


def free_name(taken: Callable[[str], bool], wanted: str) -> str:
    """Returns `wanted`, or it with a number when it is taken."""
    name, n = wanted, 1
    while taken(name):
        n += 1
        name = f"{wanted}-{n}"
    return name


class Names:
    """What we entered into the tables of a document."""

    def __init__(self, document: Drawing, settings: Settings, unit: Unit, scale: int) -> None:
        self.document = document
        self.layers = layer_names(settings)
        self.per_metre = 1.0 / METRES_PER[unit]
        self.per_paper_mm = scale / 1000.0 * self.per_metre
        if APPID not in document.appids:
            document.appids.new(APPID)
        self.linetypes = {name: self._linetype(name) for name in drawing_data()["dxf"]["linetype"]}
        for key, name in self.layers.items():
            self._layer(key, name)
        self.text = self._text_style(settings)
        self.dimension = self._dimension_style()

    def _linetype(self, name: str) -> str:
        words, pattern = drawing_data()["dxf"]["linetype"][name]
        scale = self.per_paper_mm / max(float(self.document.header.get("$LTSCALE", 1.0)), 1e-9)
        entry = free_name(self.document.linetypes.has_entry, name)
        self.document.linetypes.add(entry, pattern=[length * scale for length in pattern], description=words)
        return entry

    def _layer(self, key: str, name: str) -> None:
        color, weight, linetype = drawing_data()["dxf"]["layer"][key]
        if name in self.document.layers:
            return
        linetype = self.linetypes.get(linetype, "Continuous")
        layer = self.document.layers.add(name, color=color, lineweight=weight, linetype=linetype)
        if key in ("sign_vca", "sign_heat"):
            layer.freeze()

    def _text_style(self, settings: Settings) -> str:
        font = drawing_data()["dxf"]["font"][settings.output.font]
        name = free_name(self.document.styles.has_entry, "HP-TEXT")
        attributes = {"font": font["font"], "width": font["width"]}
        if font["bigfont"]:
            attributes["bigfont"] = font["bigfont"]
        self.document.styles.add(name, font=font["font"], dxfattribs=attributes)
        return name

    def _dimension_style(self) -> str:
        name = free_name(self.document.dimstyles.has_entry, "HP-DIM")
        k = self.per_paper_mm
        style = {
            "dimtxt": 2.5, "dimasz": 1.2, "dimexe": 1.2, "dimexo": 0.0, "dimgap": 0.6, "dimscale": k, "dimtad": 1,
            "dimdec": 0, "dimlfac": 1000.0 / self.per_metre, "dimtih": 0, "dimtoh": 0, "dimblk": "ARCHTICK",
            "dimtxsty": self.text, "dimzin": 8, "dimtix": 1,
        }  # fmt: skip
        self.document.dimstyles.new(name, dxfattribs=style)
        return name

    def block(self, wanted: str) -> str:
        """Returns a free block name."""
        return free_name(self.document.blocks.__contains__, wanted)
