"""Results that many ask for again, kept by the identity of what they are made from."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")


def kept(most: int) -> Callable[[Callable[Given, Found]], Callable[Given, Found]]:
    """Returns a decorator that keeps the results for the last `most` groups of arguments, told apart by identity, words and numbers by value.

    Arguments are held as long as their results, so that no other object can take their place.
    """

    def keeping(make: Callable[Given, Found]) -> Callable[Given, Found]:
        found: OrderedDict[tuple[object, ...], tuple[tuple[object, ...], Found]] = OrderedDict()

        @wraps(make)
        def get(*args: Given.args, **more: Given.kwargs) -> Found:
            given = (*args, *more, *more.values())
            key = tuple(one if isinstance(one, str | int | float | frozenset) else id(one) for one in given)
            if key not in found:
                found[key] = given, make(*args, **more)
                if len(found) > most:
                    found.popitem(last=False)
            return found[key][1]

        return get

    return keeping
