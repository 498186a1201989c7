"""Kinds of visitors on their routes, decision points, ways out."""

from hallplan.flow.figures import layout_score, route_figures
from hallplan.flow.report import routes_report
from hallplan.flow.routing import route_visitors

__all__ = ["layout_score", "route_figures", "route_visitors", "routes_report"]
