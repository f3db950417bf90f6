"""Composition: a clip drawn, planned, rendered, and set on its feet."""

from dataclasses import dataclass

import numpy as np

from motion_engine.motion import Motion
from training.grammar.choices import pick
from training.grammar.clip_kinds import KINDS, ClipKind, idle_seconds
from training.grammar.contact_pass import to_motion
from training.grammar.draft import Draft
from training.grammar.library import UPPER_JOINTS, Library
from training.grammar.moods import MOODS, contradicted
from training.grammar.plan import standing_plan
from training.grammar.render import render
from training.grammar.timeline import FPS, Person, Script

LONGEST_SECONDS = 10.4
# (share, shortest, longest) seconds of standing. Whoever asks for five seconds of one kick wants one
# kick: long waits teach that an action may be over before the clip is.
WAITS_BEFORE = ((0.55, 0.15, 0.5), (0.35, 0.4, 1.3), (0.1, 1.3, 2.5))
WAITS_AFTER = ((0.5, 0.3, 1.3), (0.5, 1.3, 4.5))
SHORTEST_WAIT_AFTER = 0.3
FRAMES_PER_TOKEN = 4
_POSTURE_JOINTS = UPPER_JOINTS[:7]


@dataclass(frozen=True)
class Selection:
    """Clips with one of the verbs of ``focus`` among their actions (any, where it is empty) and
    none of ``without``."""

    focus: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    def takes(self, verbs: set[str]) -> bool:
        wanted = not self.focus or not self.focus.isdisjoint(verbs)
        return wanted and self.without.isdisjoint(verbs)


EVERYTHING = Selection()


def compose(
    rng: np.random.Generator, library: Library, selection: Selection = EVERYTHING
) -> tuple[Motion, Script]:
    """A clip of the selection and its script."""
    draft, person = _draft(rng, selection)
    frames = FRAMES_PER_TOKEN * int(np.ceil(draft.plan.now * FPS / FRAMES_PER_TOKEN))
    body = render(draft.plan, frames, library)
    for gesture, start, stop in draft.gestures:
        gesture.apply(body, start, min(stop, frames), person, rng)
    motion = to_motion(body)
    return _at_the_origin(motion), Script(tuple(draft.beats), frames, person.mood)


def _draft(rng: np.random.Generator, selection: Selection) -> tuple[Draft, Person]:
    """A draft of a kind drawn once (outside of the selection, once more); drafts that grow too
    long are drawn again.

    The wait at the end takes what room there is, so that clips full of action are not the ones
    that are thrown away.
    """
    kind, mood = _kind(rng)
    while True:
        person = _person(rng, mood)
        draft = Draft(standing_plan(person, rng))
        if not kind.seated:
            draft.plan.wait(idle_seconds(rng, WAITS_BEFORE))
        kind.fill(draft, person, rng)
        if contradicted(person.mood, draft.speeds) or (person.mood and draft.on_the_floor):
            continue
        if not selection.takes(draft.verbs):
            kind, mood = _kind(rng)
            continue
        room = LONGEST_SECONDS - draft.plan.now
        if room >= SHORTEST_WAIT_AFTER:
            draft.plan.wait(min(idle_seconds(rng, WAITS_AFTER), room))
            return draft, person


def _kind(rng: np.random.Generator) -> tuple[ClipKind, str | None]:
    kind = KINDS[pick(rng, {name: kind.share for name, kind in KINDS.items()})]
    mood = str(rng.choice(list(MOODS))) if rng.random() < kind.mood_share else None
    return kind, mood


def _at_the_origin(motion: Motion) -> Motion:
    positions = motion.root_positions - motion.root_positions[0] * [1.0, 1.0, 0.0]
    return Motion(positions, motion.local_rotations, motion.contacts, motion.fps)


def _person(rng: np.random.Generator, mood: str | None) -> Person:
    posture = np.zeros((55, 3))
    posture[list(_POSTURE_JOINTS)] = rng.normal(0.0, 0.03, (len(_POSTURE_JOINTS), 3))
    energy, tempo = (MOODS[mood].energy, MOODS[mood].tempo) if mood else (1.0, 1.0)
    return Person(
        energy=np.clip(energy * rng.uniform(0.8, 1.2), 0.8, 1.2),
        tempo=tempo * rng.uniform(0.88, 1.12),
        elbow_swivel=rng.normal(0.0, 0.12),
        handedness="right" if rng.random() < 0.85 else "left",
        posture=posture,
        mood=mood,
    )
