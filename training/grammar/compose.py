"""Composition: which actions a clip holds, one after the other or at the same time."""

from dataclasses import dataclass, field

import numpy as np

from motion_engine.motion import Motion
from training.grammar import repertoire
from training.grammar.contact_pass import to_motion
from training.grammar.library import UPPER_JOINTS, Library
from training.grammar.lifting import March
from training.grammar.locomotion import Walk
from training.grammar.lowering import Sit
from training.grammar.plan import Plan, standing_plan
from training.grammar.render import render
from training.grammar.repertoire import LOCOMOTION_FAMILIES, LOWER_FAMILIES, draw
from training.grammar.timeline import FPS, ActionDescription, Person, Placement, Script
from training.grammar.upper_body import UPPER_BODY_FAMILIES

LONGEST_SECONDS = 9.8
KINDS = ("single", "sequence", "together", "locomotion")
KIND_SHARES = (0.35, 0.31, 0.19, 0.15)
STILL_SHARE = 0.025
# (share, shortest, longest) seconds of standing. Whoever asks for five seconds of one kick wants one
# kick: long waits teach that an action may be over before the clip is.
WAITS_BEFORE = ((0.5, 0.15, 0.5), (0.38, 0.4, 1.3), (0.12, 1.3, 2.5))
WAITS_AFTER = ((0.5, 0.3, 1.3), (0.5, 1.3, 4.5))
WAITS_BETWEEN = ((0.85, 0.0, 0.45), (0.15, 0.45, 1.5))
FRAMES_PER_TOKEN = 4
_POSTURE_JOINTS = UPPER_JOINTS[:7]


@dataclass(eq=False)
class Draft:
    """A clip while it is composed: the plan, its beats, and upper-body actions to be applied."""

    plan: Plan
    beats: list[tuple[Placement, ...]] = field(default_factory=list)
    gestures: list[tuple] = field(default_factory=list)
    seated: bool = False

    def add_lower(self, action) -> None:
        """A lower-body action; every thing it does becomes a beat of its own."""
        done = len(self.plan.placements)
        action.plan(self.plan)
        self.beats += [(placement,) for placement in self.plan.placements[done:]]
        self.seated = isinstance(action, Sit) and not action.stands_up

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

    def add_both(self, first, second, rng: np.random.Generator) -> None:
        """Two upper-body actions at once."""
        start = self.plan.now
        longest = max(first.seconds, second.seconds)
        self.plan.wait(longest)
        begins = [start + rng.uniform(0.0, 1.0) * (longest - g.seconds) for g in (first, second)]
        self.beats.append((self._place(first, begins[0]), self._place(second, begins[1])))

    def _place(self, gesture, start: float) -> Placement:
        frame = round(start * FPS)
        stop = frame + round(gesture.seconds * FPS)
        self.gestures.append((gesture, frame, stop))
        return Placement(gesture.description, frame, stop)


def compose(rng: np.random.Generator, library: Library) -> tuple[Motion, Script]:
    """A clip and its script. Drafts that grow too long are drawn again."""
    while True:
        person = _person(rng)
        draft = Draft(standing_plan(person, rng))
        draft.plan.wait(_idle_seconds(rng, WAITS_BEFORE))
        _fill(draft, person, rng)
        draft.plan.wait(_idle_seconds(rng, WAITS_AFTER))
        if draft.plan.now <= LONGEST_SECONDS:
            break
    frames = FRAMES_PER_TOKEN * int(np.ceil(draft.plan.now * FPS / FRAMES_PER_TOKEN))
    body = render(draft.plan, frames, library)
    for gesture, start, stop in draft.gestures:
        gesture.apply(body, start, min(stop, frames), person, rng)
    motion = to_motion(body)
    return _at_the_origin(motion), Script(tuple(draft.beats), frames)


def _idle_seconds(rng: np.random.Generator, waits: tuple) -> float:
    shares, shortest, longest = zip(*waits)
    chosen = rng.choice(len(waits), p=shares)
    return rng.uniform(shortest[chosen], longest[chosen])


def _at_the_origin(motion: Motion) -> Motion:
    positions = motion.root_positions - motion.root_positions[0] * [1.0, 1.0, 0.0]
    return Motion(positions, motion.local_rotations, motion.contacts, motion.fps)


def _person(rng: np.random.Generator) -> Person:
    posture = np.zeros((55, 3))
    posture[list(_POSTURE_JOINTS)] = rng.normal(0.0, 0.03, (len(_POSTURE_JOINTS), 3))
    return Person(
        energy=rng.uniform(0.8, 1.2),
        tempo=rng.uniform(0.88, 1.12),
        elbow_swivel=rng.normal(0.0, 0.12),
        handedness="right" if rng.random() < 0.85 else "left",
        posture=posture,
    )


def _fill(draft: Draft, person: Person, rng: np.random.Generator) -> None:
    if rng.random() < STILL_SHARE:
        _stand(draft, rng)
        return
    kind = rng.choice(KINDS, p=KIND_SHARES)
    if kind == "single":
        _single(draft, person, rng, brief=False)
    elif kind == "sequence":
        _sequence(draft, person, rng)
    elif kind == "together":
        _together(draft, person, rng)
    else:
        draft.add_lower(draw(LOCOMOTION_FAMILIES, rng).sample(rng, False))


def _stand(draft: Draft, rng: np.random.Generator) -> None:
    start, seconds = draft.plan.now, rng.uniform(1.5, 6.0)
    draft.plan.wait(seconds)
    placement = draft.plan.say(
        ActionDescription("stand", ("base", "torso")), start, start + seconds
    )
    draft.beats.append((placement,))


def _single(draft: Draft, person: Person, rng: np.random.Generator, brief: bool) -> None:
    """One action: of the arms, head or trunk as often as of the legs."""
    standing_start = not draft.beats
    if rng.random() < 0.5:
        draft.add_upper(_gesture(rng, person, "stand"))
        return
    families = [f for f in LOWER_FAMILIES if standing_start or f.name != "stand_up"]
    draft.add_lower(draw(families, rng).sample(rng, brief))


def _sequence(draft: Draft, person: Person, rng: np.random.Generator) -> None:
    """Two, sometimes three, different actions; who sits goes on with what can be done seated."""
    for i in range(2 if rng.random() < 0.85 else 3):
        if i:
            draft.plan.wait(_idle_seconds(rng, WAITS_BETWEEN))
        if draft.seated:
            draft.add_upper(_gesture(rng, person, "sit"))
        elif rng.random() < 0.15:
            _together(draft, person, rng, brief=True)
        else:
            _single(draft, person, rng, brief=True)


def _together(draft: Draft, person: Person, rng: np.random.Generator, brief: bool = False) -> None:
    """An upper-body action while walking, running, stepping, or with another one."""
    kind = rng.choice(("walk", "run", "step", "both"), p=(0.58, 0.1, 0.17, 0.15))
    if kind == "both":
        pair = _gesture(rng, person, "stand"), _gesture(rng, person, "stand")
        for _ in range(20):
            if not set(pair[0].description.channels) & set(pair[1].description.channels):
                draft.add_both(*pair, rng)
                return
            pair = pair[0], _gesture(rng, person, "stand")
    gesture = _gesture(rng, person, "step" if kind in ("step", "both") else str(kind))
    draft.add_together(_base_for(str(kind), gesture.seconds, rng), gesture, rng)


def _base_for(kind: str, seconds: float, rng: np.random.Generator):
    """A base that lasts long enough for an upper-body action of that length."""
    needed = seconds + rng.uniform(0.5, 1.4)
    if kind == "walk":
        name = str(rng.choice(("walk", "walk backward"), p=(0.85, 0.15)))
        draft = Walk(name, repertoire.draw_speed(rng), 4)
        steps = max(4, int(np.ceil(needed * 1.1 / draft.gait.step_seconds)))
        bend = 0.0
        if name == "walk" and rng.random() < 0.12:
            bend = rng.choice((-1.0, 1.0)) * min(rng.uniform(50.0, 140.0), 22.0 * steps)
        return Walk(name, draft.speed, steps, bend)
    if kind == "run":
        return Walk("run", repertoire.draw_speed(rng), max(6, int(np.ceil(needed * 1.1 / 0.36))))
    if rng.random() < 0.6:
        draft = March(repertoire.draw_speed(rng), 4)
        return March(draft.speed, max(4, int(np.ceil(needed * 1.1 / draft.step_seconds))))
    pairs = max(2, int(np.ceil(needed / 0.95)))
    return repertoire.SideStep(repertoire.draw_side(rng), "normal", pairs)


def _gesture(rng: np.random.Generator, person: Person, base: str):
    families = [family for family in UPPER_BODY_FAMILIES if base in family.bases]
    return draw(families, rng).sample(rng, person)
