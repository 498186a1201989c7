"""Kinds of visitors on their routes, decision points, ways out."""

from hallplan.flow.routing import route_visitors

__all__ = ["route_visitors"]
