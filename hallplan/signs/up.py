"""What the signs say that go up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from hallplan.signs.task import Draft

Says = dict[str, str]
"""By goal the arrow to it."""


@dataclass(frozen=True, slots=True)
class Up:
    """Signs that go up, growing.

    said: what each face of each sign says.  rooms: names at most on faces that are read in a short time.
    met: by need the signs that tell it the way.
    """

    said: dict[int, dict[int, Says]] = field(default_factory=dict)
    rooms: dict[int, int] = field(default_factory=dict)
    met: dict[int, set[int]] = field(default_factory=dict)

    def put(self, drafts: Iterable[Draft]) -> None:
        """Puts names on signs."""
        for draft in drafts:
            option = draft.option
            self.said.setdefault(option.sign, {}).setdefault(option.face, {})[option.goal] = draft.arrow
            if option.room is not None:
                self.rooms[option.face] = min(option.room, self.rooms.get(option.face, option.room))
            for need in option.needs:
                self.met.setdefault(need, set()).add(option.sign)

    @property
    def faces(self) -> list[tuple[int, Says]]:
        """The faces with what they say, in the order in which they went up."""
        return [face for faces in self.said.values() for face in faces.items()]
