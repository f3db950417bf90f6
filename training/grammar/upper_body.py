"""All upper-body actions of the grammar, by family."""

import numpy as np

from training.grammar import arm_actions, hand_actions, striking, touching, trunk_actions
from training.grammar.daily_actions import samplers
from training.grammar.timeline import Person, UpperBodyFamily

_STANDING = ("stand",)
_RESTING = ("stand", "sit", "squat")
_SLOW = ("stand", "walk", "step", "sit", "squat")
_ANY = ("stand", "walk", "run", "step", "sit", "squat")

_DAILY_BASES = {
    **dict.fromkeys(("cheer", "laugh", "flap", "carry"), _ANY),
    **dict.fromkeys(("type", "piano", "steer", "guitar"), _RESTING),
    **dict.fromkeys(("pull", "swing", "open_door", "dodge", "wipe"), _STANDING),
}
_DAILY_WEIGHT = 0.32


def _one_of(choices: list):
    def sample(rng: np.random.Generator, person: Person):
        return choices[rng.integers(len(choices))](rng, person)

    return sample


UPPER_BODY_FAMILIES = (
    UpperBodyFamily("wave", 2.0, _ANY, arm_actions.wave),
    UpperBodyFamily("raise", 2.2, _ANY, arm_actions.raise_arm),
    UpperBodyFamily("point", 1.7, _SLOW, arm_actions.point),
    UpperBodyFamily("clap", 1.3, _ANY, striking.clap),
    UpperBodyFamily("punch", 1.5, _SLOW, striking.punch),
    UpperBodyFamily("bow", 1.3, _STANDING, trunk_actions.bow),
    UpperBodyFamily("lean", 1.0, ("stand", "sit"), trunk_actions.lean),
    UpperBodyFamily("twist", 0.7, _RESTING, trunk_actions.twist),
    UpperBodyFamily("nod", 2.0, _ANY, trunk_actions.nod),
    UpperBodyFamily("shake_head", 1.4, _SLOW, trunk_actions.shake_head),
    UpperBodyFamily("look", 1.6, _ANY, trunk_actions.look),
    UpperBodyFamily("shrug", 0.6, _SLOW, trunk_actions.shrug),
    UpperBodyFamily("hands_on_hips", 0.7, _SLOW, touching.hands_on_hips),
    UpperBodyFamily("cross_arms", 0.7, _SLOW, touching.cross_arms),
    UpperBodyFamily("salute", 0.6, _SLOW, touching.salute),
    UpperBodyFamily("knock", 1.0, _STANDING, striking.knock),
    UpperBodyFamily("throw", 0.8, ("stand", "step"), striking.throw),
    UpperBodyFamily("push", 0.8, ("stand", "step"), striking.push),
    UpperBodyFamily("touch", 0.8, _SLOW, touching.touch),
    UpperBodyFamily("phone", 0.5, _SLOW, touching.phone),
    UpperBodyFamily("drink", 0.5, _SLOW, touching.drink),
    UpperBodyFamily("thumb_up", 0.5, _SLOW, arm_actions.thumb_up),
    UpperBodyFamily("beckon", 0.5, _SLOW, arm_actions.beckon),
    UpperBodyFamily("tilt_head", 0.6, _SLOW, trunk_actions.tilt_head),
    UpperBodyFamily("clasp", 0.5, _SLOW, striking.clasp),
    UpperBodyFamily("circle_arm", 0.6, _STANDING, arm_actions.circle_arm),
    UpperBodyFamily("stretch", 0.5, _RESTING, trunk_actions.stretch),
    UpperBodyFamily("count_fingers", 0.5, _SLOW, hand_actions.count_fingers),
    *(
        UpperBodyFamily(verb, _DAILY_WEIGHT, _DAILY_BASES.get(verb, _SLOW), _one_of(choices))
        for verb, choices in samplers().items()
    ),
)
