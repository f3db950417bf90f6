"""Actions that no clip shows together: in rows, at the same time, and by both hands.

The planner needs no motion, so that whatever follows or fits beside anything else can be told to it.
Actions are rows of a corpus; a beat is what is done at the same time.
"""

from collections.abc import Sequence

import numpy as np

from motion_engine.motion import ENGINE_FPS

from .action_labels import LOWER_CHANNELS, labels_in

LONGEST_ROW_SECONDS = 10.4
ALIKE_SHARE = 0.2
"""How often an action of a row does the same as the one before it, in another way perhaps."""
ALONE_SHARE = 0.65
"""How often only clips that show nothing besides may be drawn for a row."""
MEANWHILE_SHARE = 0.25
"""How often something else is done besides the one action of a beat of a row, by other limbs."""
MEANWHILE_TRIES = 8
EVENNESS = 0.5
"""Actions of a row are drawn by this power of how many clips show them."""
BY_HANDS_SHARE = 0.25
"""How often both of a pair are done by one hand or arm each."""
BY_BOTH_SHARE = 0.15
"""How often what one hand shows is shown by both in a pair."""
IN_TURN_SHARE = 0.03
"""How often a row begins with a hand that opens and closes."""
SHORTEST_CUT_SECONDS = 1.6
SPARE_SHARE = 0.25
MOST_SPARE_SECONDS = 5.0
"""How often, and by how much, a clip is longer than what is done in it takes."""
_ENDLESS = {
    "walk", "run", "jog", "march", "march_forward", "tiptoe", "sneak", "skip", "limp", "climb",
    "dance", "guitar", "piano", "type", "phone", "cheer", "laugh", "cry", "carry", "think", "cover",
    "cross_arms", "clasp", "hands_on_hips", "steer", "wipe", "rub_hands", "crawl_stroke", "balance",
}  # fmt: skip
"""Going on for less time, these stay what they are."""
_NOT_IN_ROWS = {"sit", "stand"}
_ALL_OF_THE_BODY = {"jumping_jack", "pick_up", "bow", "touch_toes", "carry"}
_ARMS = {"left_arm", "right_arm", "left_hand", "right_hand"}
_BY_BOTH = ("halt", "touch", "point", "block", "beckon", "knock")
"""One hand does these, as far as the corpus goes; people ask for both."""
_OF_SIDE = {
    side: {"side": side, "channels": [f"{side}_arm", f"{side}_hand"]} for side in ("left", "right")
}
_BOTH = {"side": "both", "channels": []}
MOST_IN_TURN_SECONDS = 2.5
"""How long each state of a hand that opens and closes lasts at most."""


class ComposedActions:
    """Draws beats from the ``clips`` of a corpus, which are lists of actions."""

    def __init__(self, clips: Sequence[list[dict]]):
        self.clips = clips
        self.lower = set(labels_in(clips).lower)
        self.single = self._by_verb()
        self.alone = {
            verb: [i for i in found if len(clips[i]) == 1] for verb, found in self.single.items()
        }
        self.verbs = sorted(self.single)
        shares = np.array([len(self.single[verb]) for verb in self.verbs]) ** EVENNESS
        self.shares = shares / shares.sum()
        self.one_sided = [verb for verb in self.verbs if self._is_one_sided(verb)]
        self.by_both = [verb for verb in (*["show_hand"] * 9, *_BY_BOTH) if verb in self.one_sided]

    def beats(self, rng: np.random.Generator) -> list[list[dict]]:
        """What is done in a row, each beat of it at times of its own."""
        beats, verb, is_seated = [], "", False
        if "show_hand" in self.by_both and rng.random() < IN_TURN_SHARE:
            beats = self._hand_in_turn(rng)
        for _ in range(rng.choice((2, 3, 4), p=(0.27, 0.53, 0.2)) - len(beats)):
            verb = self._next_verb(verb, is_seated, len(beats), rng)
            is_seated = verb == "sit_down" or (is_seated and verb != "stand_up")
            clips = self.alone.get(verb) if rng.random() < ALONE_SHARE else None
            clips = clips or self.single[verb]
            told = cut(self.clips[clips[rng.integers(len(clips))]], rng)
            if len(told) == 1 and rng.random() < MEANWHILE_SHARE:
                told = self._with_another(told[0], (), rng) or told
            beats.append(told)
        return beats

    def pair(self, rng: np.random.Generator) -> list[dict]:
        """Two actions of different clips at the same time, or one by both hands."""
        if self.by_both and rng.random() < BY_BOTH_SHARE:
            return self._by_both_hands(rng)
        found: list[dict] = []
        while not found:
            by_hands = self.one_sided and rng.random() < BY_HANDS_SHARE
            verb = str(rng.choice(self.one_sided)) if by_hands else self._any_verb(rng)
            if self.alone[verb]:
                action = self._any_of(verb, rng)
                found = self._with_another(action, self.one_sided if by_hands else (), rng)
        return found

    def _any_verb(self, rng: np.random.Generator) -> str:
        return self.verbs[rng.choice(len(self.verbs), p=self.shares)]

    def _any_of(self, verb: str, rng: np.random.Generator) -> dict:
        clips = self.alone[verb]
        (action,) = self.clips[clips[rng.integers(len(clips))]]
        return action

    def _with_another(
        self, action: dict, verbs: Sequence[str], rng: np.random.Generator
    ) -> list[dict]:
        """An action and something that other limbs do while it goes on, one of the ``verbs`` if any
        are given; nothing where none is found soon. The base comes first."""
        for _ in range(MEANWHILE_TRIES):
            verb = str(rng.choice(verbs)) if verbs else self._any_verb(rng)
            if verb in self.lower or not self.alone[verb]:
                continue
            other = self._any_of(verb, rng)
            if self._limbs(other).isdisjoint(self._limbs(action)):
                return at_once(action, other, rng)
        return []

    def _limbs(self, action: dict) -> set[str]:
        """The channels that an action cannot share: legs that jump leave the arms to others, arms
        that punch the torso."""
        channels = set(action["channels"])
        if action["verb"] in _ALL_OF_THE_BODY:
            return channels
        if action["verb"] in self.lower:
            return channels & LOWER_CHANNELS
        return (channels & _ARMS) or (channels & {"torso"}) or channels

    def _by_both_hands(self, rng: np.random.Generator) -> list[dict]:
        """What one hand shows, shown by both."""
        action = self._any_of_a_side(str(rng.choice(self.by_both)), rng)
        return [action | _OF_SIDE[side] for side in ("left", "right")]

    def _any_of_a_side(self, verb: str, rng: np.random.Generator) -> dict:
        while (action := self._any_of(verb, rng)).get("side") not in ("left", "right"):
            continue
        return action

    def _hand_in_turn(self, rng: np.random.Generator) -> list[list[dict]]:
        """A hand opened and closed, or closed and opened."""
        found: dict[str, dict] = {}
        while len(found) < 2:
            action = self._any_of("show_hand", rng)
            if action.get("target") in ("open", "fist"):
                found[action["target"]] = action
        side = _OF_SIDE[str(rng.choice(("left", "right")))]
        lasts = rng.uniform(0.7, 1.0) * MOST_IN_TURN_SECONDS * ENGINE_FPS
        found = {
            target: a | side | {"start": 0.0, "stop": min(a["stop"] - a["start"], lasts)}
            for target, a in found.items()
        }
        return [[found[target]] for target in rng.permutation(("open", "fist"))]

    def _next_verb(self, before: str, is_seated: bool, beat: int, rng: np.random.Generator) -> str:
        """A verb that may follow: on a seat only what the legs have no part in, or standing up; who
        has not sat down stands up first of all or not at all."""
        if before not in ("", "sit_down", "stand_up") and rng.random() < ALIKE_SHARE:
            return before
        while True:
            verb = self._any_verb(rng)
            if verb == "stand_up" and not is_seated and beat > 0:
                continue
            if is_seated and (verb == "sit_down" or (verb in self.lower and verb != "stand_up")):
                verb = "stand_up" if rng.random() < 0.3 and "stand_up" in self.single else verb
                if verb != "stand_up":
                    continue
            return verb

    def _by_verb(self) -> dict[str, list[int]]:
        """Clips of one beat that fit in rows, by the verb of their first action."""
        found: dict[str, list[int]] = {}
        for clip, actions in enumerate(self.clips):
            verbs = {action["verb"] for action in actions}
            if len({action["beat"] for action in actions}) == 1 and not verbs & _NOT_IN_ROWS:
                found.setdefault(actions[0]["verb"], []).append(clip)
        return found

    def _is_one_sided(self, verb: str) -> bool:
        if verb in self.lower:
            return False
        return any(self.clips[i][0].get("side") in ("left", "right") for i in self.alone[verb])


def is_endless(action: dict) -> bool:
    """Whether an action could go on for more or less time."""
    is_counted = action.get("count") or action.get("angle_degrees")
    return action["verb"] in _ENDLESS and not is_counted


def cut(actions: list[dict], rng: np.random.Generator) -> list[dict]:
    """Actions that could go on for less time do so, all of a beat together."""
    lasts = max(a["stop"] for a in actions) - min(a["start"] for a in actions)
    endless = all(map(is_endless, actions))
    shortest = SHORTEST_CUT_SECONDS * ENGINE_FPS
    if not endless or lasts < shortest:
        return actions
    share = rng.uniform(shortest, lasts) / lasts
    start = min(a["start"] for a in actions)
    return [
        a | {end: start + share * (a[end] - start) for end in ("start", "stop")} for a in actions
    ]


def at_once(action: dict, other: dict, rng: np.random.Generator) -> list[dict]:
    """Both at the same time: what could go on for longer does so, and the shorter one begins at any
    time of the longer one."""
    lengths = [a["stop"] - a["start"] for a in (action, other)]
    for i, one in enumerate((action, other)):
        if is_endless(one) and (lengths[i] < lengths[1 - i] or rng.random() < 0.5):
            lengths[i] = lengths[1 - i] * rng.uniform(0.9, 1.2)
    late = rng.uniform(0.0, max(lengths) - min(lengths))
    starts = [0.0 if length == max(lengths) else late for length in lengths]
    return [
        a | {"start": start, "stop": start + length}
        for a, start, length in zip((action, other), starts, lengths)
    ]


def with_spare_time(
    actions: list[dict], seconds: float, rng: np.random.Generator
) -> tuple[list[dict], float]:
    """Sometimes in a longer clip, which what is done waits for, or is waited in after it."""
    room = min(MOST_SPARE_SECONDS, LONGEST_ROW_SECONDS - seconds)
    if room <= 0 or rng.random() >= SPARE_SHARE:
        return actions, seconds
    added = rng.uniform(0.0, room)
    beats = sorted({action["beat"] for action in actions})
    waits = np.cumsum(added * rng.dirichlet([0.3] + [1.0] * len(beats)))
    later = {beat: waits[i] * ENGINE_FPS for i, beat in enumerate(beats)}
    moved = [a | {end: a[end] + later[a["beat"]] for end in ("start", "stop")} for a in actions]
    return moved, seconds + added


def by_both(actions: Sequence[dict]) -> list[dict]:
    """What both hands do alike at the same time, as one action of both."""
    found: list[dict] = []
    for action in actions:
        twins = [one for one in found if {**one, **_BOTH} == {**action, **_BOTH}]
        if twins and {twins[0].get("side"), action.get("side")} == {"left", "right"}:
            channels = [*twins[0]["channels"], *action["channels"]]
            found[found.index(twins[0])] = action | {"side": "both", "channels": channels}
        else:
            found.append(action)
    return found
