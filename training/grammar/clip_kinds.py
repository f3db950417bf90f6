"""The kinds of clips: one action, a counted one, a turn, a sequence, several things at once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from training.grammar import repertoire
from training.grammar.choices import pick
from training.grammar.draft import Draft
from training.grammar.floor_actions import Lying
from training.grammar.lifting import March
from training.grammar.locomotion import Walk
from training.grammar.lowering import Seated
from training.grammar.repertoire import LOCOMOTION_FAMILIES, LOWER_FAMILIES, TURN_FAMILIES, draw
from training.grammar.timeline import ActionDescription, Person
from training.grammar.upper_body import UPPER_BODY_FAMILIES

WAITS_BETWEEN = ((0.6, 0.1, 0.45), (0.4, 0.45, 1.2))
COUNTED_LOWER = (
    "kick",
    "knee_lift",
    "jump",
    "squat",
    "step",
    "side_step",
    "hop",
    "stomp",
    "lunge",
    "jumping_jack",
    "push_up",
)
COUNTED_UPPER = (
    "punch", "clap", "nod", "bow", "knock", "shake_head", "raise", "wave", "shrug", "push",
    "circle_arm", "pull", "swing", "flap", "touch_toes",
)  # fmt: skip
SEQUENCE_EVENNESS = 0.8
FIRST_ONLY, LAST_ONLY = ("stand_up", "get_up"), ("lie_down",)


@dataclass(frozen=True)
class ClipKind:
    """``fill(draft, person, rng)`` puts actions into a draft; ``seated`` clips begin on a seat, and
    ``mood_share`` of them show a mood."""

    share: float
    fill: Callable
    seated: bool = False
    mood_share: float = 0.08


def idle_seconds(rng: np.random.Generator, waits: tuple) -> float:
    """Seconds from a table of (share, shortest, longest)."""
    shares, shortest, longest = zip(*waits)
    chosen = rng.choice(len(waits), p=shares)
    return rng.uniform(shortest[chosen], longest[chosen])


def stand(draft: Draft, person: Person, rng: np.random.Generator) -> None:
    """Standing, or lying, and nothing else."""
    start, seconds = draft.plan.now, rng.uniform(1.5, 6.0)
    if not person.mood and rng.random() < 0.25:
        draft.add_lower(Lying(seconds))
        return
    draft.plan.wait(seconds)
    placement = draft.plan.say(
        ActionDescription("stand", ("base", "torso")), start, start + seconds
    )
    draft.beats.append((placement,))


def single(draft: Draft, person: Person, rng: np.random.Generator) -> None:
    """One action: of the arms, head or trunk as often as of the legs."""
    if rng.random() < 0.55:
        draft.add_upper(_gesture(rng, person, "stand"))
    else:
        draft.add_lower(draw(LOWER_FAMILIES, rng).sample(rng, False))


def locomotion(draft: Draft, person: Person, rng: np.random.Generator) -> None:
    draft.add_lower(draw(LOCOMOTION_FAMILIES, rng).sample(rng, False))


def turn(draft: Draft, person: Person, rng: np.random.Generator) -> None:
    """A turn in place or on the way, sometimes walking before or after it."""
    kind = pick(rng, {"alone": 0.75, "walk before": 0.08, "walk after": 0.12, "between": 0.05})
    if kind == "alone":
        draft.add_lower(draw(TURN_FAMILIES, rng).sample(rng, False))
        return
    if kind in ("walk before", "between"):
        draft.add_lower(repertoire.walk(rng, True))
        draft.plan.wait(rng.uniform(0.0, 0.3))
    draft.add_lower(repertoire.turn(rng, True))
    if kind in ("walk after", "between"):
        draft.plan.wait(rng.uniform(0.0, 0.3))
        draft.add_lower(repertoire.walk(rng, True))


def counted(draft: Draft, person: Person, rng: np.random.Generator) -> None:
    """An action that can be counted, as evenly over families as over legs and arms."""
    if rng.random() < 0.42:
        families = [f for f in UPPER_BODY_FAMILIES if f.name in COUNTED_UPPER]
        family = draw(families, rng, 0.5)
        gesture = family.sample(rng, person)
        while gesture.description.count is None:
            gesture = family.sample(rng, person)
        draft.add_upper(gesture)
    else:
        families = [f for f in LOWER_FAMILIES if f.name in COUNTED_LOWER]
        draft.add_lower(draw(families, rng, 0.5).sample(rng, False))


def sequence(actions: int, draft: Draft, person: Person, rng: np.random.Generator) -> None:
    """So many different actions; who sits goes on with what can be done seated."""
    said: set[str] = set()
    for i in range(actions):
        if i:
            draft.plan.wait(idle_seconds(rng, WAITS_BETWEEN))
        if rng.random() < 0.06 and not draft.seated:
            together(draft, person, rng)
        else:
            _next_action(draft, person, rng, said, last=i == actions - 1)
        said |= {p.description.verb for p in draft.plan.placements}


def _next_action(
    draft: Draft, person: Person, rng: np.random.Generator, said: set[str], last: bool
) -> None:
    """One action of a family that the sequence has not shown yet."""
    base = "sit" if draft.seated else "stand"
    if draft.seated or rng.random() < 0.5:
        families = [f for f in UPPER_BODY_FAMILIES if base in f.bases and f.name not in said]
        family = draw(families, rng, SEQUENCE_EVENNESS)
        said.add(family.name)
        draft.add_upper(family.sample(rng, person))
        return
    families = [f for f in LOWER_FAMILIES if f.name not in said]
    if draft.beats:
        families = [f for f in families if f.name not in FIRST_ONLY]
    if not last:
        families = [f for f in families if f.name not in LAST_ONLY]
    draft.add_lower(draw(families, rng, SEQUENCE_EVENNESS).sample(rng, True))


def seated(draft: Draft, person: Person, rng: np.random.Generator) -> None:
    """Sitting from the first frame to the last, mostly with something to do."""
    if rng.random() < 0.2:
        draft.add_lower(Seated(rng.uniform(2.0, 5.0)))
        return
    gesture = _gesture(rng, person, "sit")
    draft.add_together(Seated(gesture.seconds + rng.uniform(0.6, 2.0)), gesture, rng)


def together(draft: Draft, person: Person, rng: np.random.Generator) -> None:
    """An upper-body action while walking, running, stepping, turning, or with another one."""
    kind = pick(rng, {"walk": 0.5, "run": 0.09, "step": 0.13, "turn": 0.1, "both": 0.18})
    if kind == "both":
        pair = _gesture(rng, person, "stand"), _gesture(rng, person, "stand")
        for _ in range(20):
            if not set(pair[0].description.channels) & set(pair[1].description.channels):
                draft.add_both(*pair, rng)
                return
            pair = pair[0], _gesture(rng, person, "stand")
        kind = "step"
    if kind == "turn":
        action = repertoire.turn(rng, False)
        gesture = _fitting_gesture(rng, person, action.seconds)
    else:
        gesture = _gesture(rng, person, kind)
        action = _base_for(kind, gesture.seconds, rng)
    draft.add_together(action, gesture, rng)


def _fitting_gesture(rng: np.random.Generator, person: Person, seconds: float):
    """A gesture about as short as the base; the shortest of some where none is."""
    drawn = [_gesture(rng, person, "step") for _ in range(12)]
    return next((g for g in drawn if g.seconds <= seconds), min(drawn, key=lambda g: g.seconds))


def _base_for(kind: str, seconds: float, rng: np.random.Generator):
    """A base that lasts long enough for an upper-body action of that length."""
    needed = seconds + rng.uniform(0.5, 1.4)
    if kind == "walk":
        name = str(rng.choice(("walk", "walk backward"), p=(0.88, 0.12)))
        draft = Walk(name, repertoire.draw_speed(rng), 4)
        steps = max(4, int(np.ceil(needed * 1.1 / draft.gait.step_seconds)))
        bend = 0.0
        if name == "walk" and rng.random() < 0.12:
            bend = repertoire.curve_angle(rng, steps)
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


KINDS = {
    "single": ClipKind(0.13, single, mood_share=0.2),
    "counted": ClipKind(0.23, counted, mood_share=0.04),
    "turn": ClipKind(0.13, turn, mood_share=0.0),
    "pair": ClipKind(0.16, partial(sequence, 2), mood_share=0.05),
    "three": ClipKind(0.17, partial(sequence, 3), mood_share=0.03),
    "together": ClipKind(0.10, together),
    "seated": ClipKind(0.02, seated, seated=True, mood_share=0.15),
    "locomotion": ClipKind(0.05, locomotion, mood_share=0.5),
    "stand": ClipKind(0.01, stand, mood_share=0.4),
}
