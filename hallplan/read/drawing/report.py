"""What was recognised, as the result contract of `hallplan inspect --json` has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hallplan.model.site import Floor, ObstacleKind, OpeningRole, Site
from hallplan.units import round_m

_COUNTED = {
    "columns": ObstacleKind.COLUMN, "stairs": ObstacleKind.STAIR, "escalators": ObstacleKind.ESCALATOR, "lifts": ObstacleKind.LIFT,
    "toilets": ObstacleKind.TOILET, "shafts": ObstacleKind.SHAFT, "voids": ObstacleKind.VOID,
}  # fmt: skip
_ENTRANCES = (OpeningRole.MAIN, OpeningRole.SECOND, OpeningRole.STAFF, OpeningRole.H24, OpeningRole.GOODS)


def inspection_report(site: Site, path: Path) -> dict[str, Any]:
    """Returns the result of `inspect`: coordinates in metres in the drawing's axes and origin, areas in m²."""
    return {
        "schema": 1,
        "file": str(path),
        "dxf_version": site.dxf_version,
        "encoding": site.encoding,
        "unit": str(site.unit),
        "unit_evidence": list(site.unit_evidence),
        "floors": [_floor(floor) | {"signs": _signs(floor, site)} for floor in site.floors],
        "gaps_closed": [{"at": _place(gap.at), "width_m": round(gap.width_m, 3)} for gap in site.gaps_closed],
        "guesses": [{"what": g.what, "confidence": g.confidence, "setting": g.setting} for g in site.guesses],
        "warnings": list(site.warnings),
        "repairs": list(site.repairs),
    }


def _signs(floor: Floor, site: Site) -> list[dict[str, Any]]:
    """The signs that hang already."""
    return [
        {
            "text": sign.text_zh or sign.text_en,
            "at": _place(floor.frame.point_to_drawing_m(sign.at)),
            "facing_deg": round((sign.facing_deg + floor.frame.rotation_deg) % 360.0, 2),
            "char_mm": sign.char_mm,
            "height_m": sign.height_m,
            "mount": sign.mount,
            "double": sign.is_double,
            "confidence": sign.confidence,
            "source": sign.source,
        }
        for sign in site.signs
        if sign.floor == floor.id
    ]


def _place(point: tuple[float, float]) -> list[float]:
    return [round_m(point[0]), round_m(point[1])]


def _floor(floor: Floor) -> dict[str, Any]:
    doors = floor.openings
    return {
        "name": floor.name,
        "bounds": [round_m(value) for value in floor.frame.to_drawing_m(floor.outline).bounds],
        "outline_area_m2": round(floor.outline.area, 2),
        "free_area_m2": round(floor.free_area_m2, 2),
        "walls": floor.n_walls,
        "doors": len(doors),
        "entrances": [
            {"role": str(o.role), "at": _place(floor.frame.point_to_drawing_m(o.at)), "width_m": round(o.width_m, 3)}
            for o in doors
            if o.role in _ENTRANCES
        ],
        "exits": sum(o.is_exterior for o in doors),
        "glazing": len(floor.glazing),
        "rooms": [{"name": room.name, "area_m2": round(room.area.area, 2)} for room in floor.rooms],
        **{key: len(floor.of_kind(kind)) for key, kind in _COUNTED.items()},
    }
