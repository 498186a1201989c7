"""What new signs may cost: so many of them, so much money, or as little as it takes."""

from __future__ import annotations

import math
from collections.abc import Iterable

from hallplan.model.signs import Sign
from hallplan.settings import Signs
from hallplan.terms import read_data


class Purse:
    """Counts signs, or money in the largest unit that all prices are multiples of.

    left: what may still be spent, None for as much as it takes.
    """

    def __init__(self, settings: Signs) -> None:
        self._prices = {str(mount): int(yuan) for mount, yuan in read_data("signs.toml")["price"].items()}
        self.is_money = bool(settings.budget_yuan) or (settings.goal == "cost" and not settings.budget)
        self.unit_yuan = math.gcd(*self._prices.values())
        self.left = settings.budget_yuan // self.unit_yuan if settings.budget_yuan else settings.budget or None

    def price(self, mount: str) -> int:
        """Returns the price of a sign in units."""
        return self._prices[mount] // self.unit_yuan

    def cost_yuan(self, signs: Iterable[Sign]) -> int:
        """Returns what signs cost."""
        return sum(self._prices[sign.mount] for sign in signs)

    def least_signs(self, bound: float) -> float:
        """Returns how many signs it takes at least when they cost at least `bound` units."""
        dearest = max(self._prices.values()) // self.unit_yuan
        return float(math.ceil(bound / dearest - 1e-6)) if self.is_money else bound
