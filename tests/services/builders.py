"""Small inputs of chapters 7 to 9."""

from __future__ import annotations

from functools import cache

from hallplan.model.demand import Demand
from hallplan.model.service_inputs import Catalogue, CatalogueItem
from hallplan.model.windows import WindowPlan
from hallplan.settings import Settings
from hallplan.windows import plan_windows
from tests.builders import make_demand


@cache
def sized() -> tuple[Demand, WindowPlan, Settings]:
    """The demand of ten items with its window plan, sized once."""
    settings = Settings()
    demand = make_demand()
    return demand, plan_windows(demand, settings), settings


def catalogue_of(*names: str, department: str = "区行政审批局") -> Catalogue:
    return Catalogue("made", tuple(CatalogueItem(f"K{n}", name, department) for n, name in enumerate(names)))
