"""A clip while it is composed: its plan, its beats, and upper-body actions to be applied."""

from dataclasses import dataclass, field

import numpy as np

from training.grammar.floor_actions import FLOOR_VERBS, LieDown
from training.grammar.lowering import Seated, Sit
from training.grammar.plan import Plan
from training.grammar.timeline import FPS, Placement


@dataclass(eq=False)
class Draft:
    """A clip while it is composed: the plan, its beats, and upper-body actions to be applied."""

    plan: Plan
    beats: list[tuple[Placement, ...]] = field(default_factory=list)
    gestures: list[tuple] = field(default_factory=list)
    seated: bool = False
    lying: bool = False

    @property
    def speeds(self) -> set[str | None]:
        return {placement.description.speed for beat in self.beats for placement in beat}

    @property
    def verbs(self) -> set[str]:
        return {placement.description.verb for beat in self.beats for placement in beat}

    @property
    def on_the_floor(self) -> bool:
        """Whether anything is done down on the floor."""
        return not self.verbs.isdisjoint(FLOOR_VERBS)

    def add_lower(self, action) -> None:
        """A lower-body action; every thing it does becomes a beat of its own."""
        done = len(self.plan.placements)
        action.plan(self.plan)
        self.beats += [(placement,) for placement in self.plan.placements[done:]]
        self.seated = isinstance(action, Seated) or (
            isinstance(action, Sit) and not action.stands_up
        )
        self.lying = isinstance(action, LieDown)

    def add_upper(self, gesture) -> None:
        """An upper-body action where the body stands or sits."""
        start = self.plan.now
        self.plan.wait(gesture.seconds)
        self.beats.append((self._place(gesture, start),))

    def add_together(self, action, gesture, rng: np.random.Generator) -> None:
        """A lower-body action with an upper-body action inside its time."""
        start = self.plan.now
        self.add_lower(action)
        room = self.plan.now - start - gesture.seconds
        begin = start + rng.uniform(0.25, 0.75) * max(room, 0.0)
        *before, last = self.beats
        self.beats = [*before, (*last, self._place(gesture, begin))]
        self.plan.now = max(self.plan.now, begin + gesture.seconds)

    def add_both(self, first, second, rng: np.random.Generator) -> None:
        """Two upper-body actions at once."""
        start = self.plan.now
        longest = max(first.seconds, second.seconds)
        self.plan.wait(longest)
        begins = [start + rng.uniform(0.0, 1.0) * (longest - g.seconds) for g in (first, second)]
        self.beats.append((self._place(first, begins[0]), self._place(second, begins[1])))
        # A gesture that turns the head calms what the head did before: nods come after waves.
        self.gestures[-2:] = sorted(self.gestures[-2:], key=_is_of_the_head)

    def _place(self, gesture, start: float) -> Placement:
        frame = round(start * FPS)
        stop = frame + round(gesture.seconds * FPS)
        self.gestures.append((gesture, frame, stop))
        return Placement(gesture.description, frame, stop)


def _is_of_the_head(placed: tuple) -> bool:
    return "head" in placed[0].description.channels
