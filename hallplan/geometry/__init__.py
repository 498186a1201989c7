"""Polygons, visibility and shortest ways on shapely and arrays; knows no halls."""

from hallplan.geometry.walking import ShortestPath, Walkable, shortest_path

__all__ = ["ShortestPath", "Walkable", "shortest_path"]
