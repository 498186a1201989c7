"""Walks of the page: what is read along each route, for the slider."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from hallplan.model.plan import Plan
from hallplan.scene import SheetKind, build_scene
from hallplan.scene.primitives import Scene
from hallplan.scene.walk import moments
from hallplan.write.walk import goal_name, to_paper


def walk_data(plan: Plan, sheets: dict[str, str], script: str) -> dict[str, Any]:
    """Returns the floors to walk on with the layers of their drawing, the moments of each route as JSON text, and the
    script with the hash by which the page's policy lets it run; no hash when there is nothing to walk.

    sheets: id prefix of the furniture drawing of each floor on the page.
    """
    best = plan.alternatives[0]
    scenes = {floor: build_scene(plan, 1, floor, SheetKind.FURNITURE) for floor in sheets}
    names = {zone.id: zone.name for zone in plan.programme.zones}
    at = {sign.id: to_paper(scenes[sign.floor], sign.at) for sign in best.signs.signs if sign.floor in scenes}
    routes = []
    for route in best.routes.routes:
        if not route.is_reading:
            continue
        steps = [
            [
                m.floor, *to_paper(scenes[m.floor], m.at), round(m.heading_deg), round(m.along_m), goal_name(m.goal, names),
                [[id, *at[id], int(id in m.telling)] for id in m.read if id in at], int(m.is_there),
            ]
            for m in moments(best, route, 1.0)
            if m.floor in scenes
        ]  # fmt: skip
        if steps:
            routes.append({"name": route.name, "steps": steps})
    data = json.dumps(routes, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return {
        "floors": [_floor(id, scene, sheets[id]) for id, scene in scenes.items()],
        "routes": routes,
        "data": data,
        "script": script,
        "hash": f"sha256-{digest}" if routes else "",
    }


def _floor(id: str, scene: Scene, prefix: str) -> dict[str, Any]:
    k = 1000.0 / scene.scale
    x0, y0, x1, y1 = scene.bounds
    layers = [f"{prefix}-{layer.name}" for layer in scene.layers if layer.name not in ("head", "legend", "north")]
    return {"id": id, "width": round((x1 - x0) * k, 2), "height": round((y1 - y0) * k, 2), "layers": layers}
