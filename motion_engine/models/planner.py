"""The planner on numpy: from a sentence to what is done when.

``training.planner_network`` describes the network and trains it. The words are read once; the
tokens of the plan are drawn one after the other among those that spell one. A few plans are drawn,
until the rules that read prompts for people agree with one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..generation.action_plan import ActionLabels, PlannedAction
from ..generation.plan_tokens import LONGEST_TIME_SECONDS, MOST_TOKENS, TIMES, PlanTokens, time_step
from ..generation.sampling import sample_codes
from ..language.plan_agreement import (
    ONE_BY_ONE,
    SAID_SHORTLY,
    besides,
    disagreement,
    one_by_one,
    out_of_turn,
)
from ..language.reading import Piece
from ..language.stillness import without_still_parts
from ..language.understanding import understood
from ..language.vocabulary import Vocabulary
from .configuration import PlannerConfig
from .linear import linear, rms_norm, softmax
from .numpy_runtime import Block

TEMPERATURES = (0.4, 0.4, 0.4, 0.7, 0.7, 1.0)
"""Of that many draws, the first is taken with which a reading by rules agrees, else the best."""
TOP_P = 0.9
GAITS = ("walk", "run", "jog", "march", "march_forward", "tiptoe", "sneak", "skip", "limp", "dance")
STANDSTILL_SECONDS = 0.4
"""A clip that somebody walks through ends so long after they stop."""
STOPPING = re.compile(r"\b(stop|halt|stand|wait|pause|seconds?)", re.IGNORECASE)
LATE_SECONDS = 0.5
"""An action that ends so long after the clip does is not planned for it."""
MISSING = 1.0
"""The rules' disagreement with a plan from which at least one action is missing or one too many."""
LONGEST_LEAD_SECONDS, LONGEST_WAIT_SECONDS = 0.6, 1.0
"""Before the first action, and between two and after the last one, where no wait is told."""
LEAD_SECONDS, GAP_SECONDS, LONGEST_ROW_SECONDS = 0.4, 0.3, 10.4
"""Of plans that are put in a row: before the first and after the last, between two, and in all."""


@dataclass(frozen=True)
class Plan:
    """``actions`` of a clip of so many ``seconds``."""

    actions: tuple[PlannedAction, ...]
    seconds: float


class Planner:
    """A trained planner; ``weights`` are named as in ``training.planner_network``."""

    def __init__(
        self,
        config: PlannerConfig,
        labels: ActionLabels,
        weights: dict[str, np.ndarray],
        vocabulary: Vocabulary,
    ):
        self.heads = config.heads
        self.labels = labels
        self.tokens = PlanTokens(labels)
        self.weights = weights
        self.vocabulary = vocabulary
        self.blocks = [Block.of_prefix(weights, f"blocks.{i}") for i in range(config.blocks)]

    def plan(
        self, text: str, seconds: float | None = None, seed: int = 0, variation: int = 0
    ) -> Plan | None:
        """What is done when in a clip of so many seconds, or of a length of the plan's own; None
        where the text tells of no action that the model was taught.

        Raises LimberError for a text that the vocabulary refuses.
        """
        if seconds is not None and seconds > LONGEST_TIME_SECONDS:
            found = self.plan(text, LONGEST_TIME_SECONDS, seed, variation)
            return found and stretched(found, seconds)
        text = without_still_parts(text)
        wrong, plan, is_sure = self._agreeing(text, seconds, seed, variation)
        if seconds is None:
            if wrong >= MISSING or (wrong > 0.0 and not is_sure) or self._overtakes(plan, text):
                pieced = self._piece_by_piece(text, seed, variation)
                if pieced and disagreement(pieced.actions, text, self.labels) < wrong:
                    plan = pieced
            return plan if not plan or STOPPING.search(text) else promptly(plan)
        if wrong > 0.0:
            longer = self.plan(text, None, seed, variation)
            if longer is not None and disagreement(longer.actions, text, self.labels) < wrong:
                plan = squeezed(longer, seconds)
        if plan is None:
            return None
        actions = plan.actions if STOPPING.search(text) else gone_on(plan.actions, seconds)
        return Plan(actions, seconds)

    def _overtakes(self, plan: Plan | None, text: str) -> bool:
        return plan is not None and out_of_turn(plan.actions, text, self.labels)

    def _agreeing(
        self, text: str, seconds: float | None, seed: int, variation: int, is_read: bool = False
    ) -> tuple[float, Plan | None, bool]:
        """Of some plans that are drawn, how much the best one disagrees with the rules, that one,
        and whether all of them do the same. Where ``is_read``, nothing is planned but what the
        rules read."""
        generator = np.random.Generator(np.random.Philox(key=[seed, variation]))
        heard, caches = self._heard(text, seconds)
        is_known = bool(understood(text).actions)
        refused = self._unread_verbs(text) if is_read and is_known else np.zeros(0, dtype=int)
        draws = []
        for temperature in TEMPERATURES:
            plan = self._drawn(
                heard, [list(cache) for cache in caches], is_known, refused, temperature, generator
            )
            actions = () if plan is None else plan.actions
            wrong = disagreement(actions, text, self.labels)
            if seconds is not None:
                wrong += sum(action.stop > seconds + LATE_SECONDS for action in actions)
            draws.append((wrong, plan))
            if wrong == 0.0:
                break
        wrong, plan = min(draws, key=lambda draw: draw[0])
        if plan and (groups := one_by_one(plan.actions, text, self.labels)):
            plan = brought_together(plan, groups)
            wrong -= ONE_BY_ONE * len(groups)
        if plan and (others := besides(plan.actions, text, self.labels)):
            plan = without(plan, others)
            wrong -= MISSING * len(others)
        told = {tuple(a.verb for a in drawn.actions) if drawn else () for _, drawn in draws}
        return wrong, plan, len(told) == 1

    def _piece_by_piece(self, text: str, seed: int, variation: int) -> Plan | None:
        """The beats of a text, as the rules tell them apart, each planned by itself; a single action
        is hardly ever misheard. None for one action, or where one of them is not known."""
        reading = understood(text)
        if len(reading.pieces) < 2 and all(len(piece.alone) < 2 for piece in reading.pieces):
            return None
        plans = [self._beat(piece, seed, variation) for piece in reading.pieces]
        if not all(plan and plan.actions for plan in plans):
            return None
        if len(reading.voices) > 1:
            return beside(plans)
        return in_a_row(plans, [bool(STOPPING.search(piece.text)) for piece in reading.pieces])

    def _beat(self, piece: Piece, seed: int, variation: int) -> Plan | None:
        """A beat as one, or action by action where too much of it is missed."""
        wrong, plan, _ = self._agreeing(piece.text, None, seed, variation)
        if wrong < MISSING:
            return plan
        alone = piece.alone if len(piece.alone) > 1 else (piece.text,)
        plans = [self._agreeing(one, None, seed, variation, is_read=True)[1] for one in alone]
        return beside(plans) if all(plan and plan.actions for plan in plans) else plan

    def _unread_verbs(self, text: str) -> np.ndarray:
        """Tokens of the verbs that the rules do not read in a text; none where what they read is
        never planned."""
        read = {action.name for action in understood(text).actions}
        verbs = [name for name in self.labels.names if " " not in name]
        known = [verb for verb in verbs if verb in read or SAID_SHORTLY.get(verb) in read]
        others = [self.labels.index[verb] for verb in verbs if known and verb not in known]
        return TIMES + np.array(others, dtype=int)

    def _heard(self, text: str, seconds: float | None) -> tuple[np.ndarray, list[list[np.ndarray]]]:
        """The first input ``[W]`` of a plan, and what the words have left in the blocks."""
        words = self.vocabulary.vectors[self.vocabulary.tokenize(text)]
        weights = self.weights
        heard = linear(words, weights["project_words.weight"], weights["project_words.bias"])
        caches: list[list[np.ndarray]] = [[] for _ in self.blocks]
        self._states(heard + weights["word_places"][: len(words)], caches)
        return weights["lengths"][TIMES if seconds is None else time_step(seconds)], caches

    def _drawn(
        self,
        told: np.ndarray,
        caches: list[list[np.ndarray]],
        is_known: bool,
        refused: np.ndarray,
        temperature: float,
        generator: np.random.Generator,
    ) -> Plan | None:
        ids: list[int] = []
        odds: list[float] = []
        while len(ids) < MOST_TOKENS:
            state = self._states((told + self.weights["plan_places"][len(ids)])[None], caches)
            allowed = self.tokens.allowed(ids)
            allowed[self.tokens.unknown] &= not is_known
            allowed[refused] = False
            allowed[self.tokens.end] &= bool(ids) or not len(refused)
            logits = np.where(allowed, self._logits(state)[0], -np.inf)
            ids.append(drawn_token(logits, generator.random(2), temperature))
            odds.append(float(softmax(logits)[ids[-1]]))
            if ids[-1] == self.tokens.unknown or self.tokens.end in ids[-2:-1]:
                break
            told = self.weights["tokens"][ids[-1]]
        found = self.tokens.decode(ids, odds)
        return None if found is None else Plan(without_doubles(found[0]), found[1])

    def _states(self, x: np.ndarray, caches: list[list[np.ndarray]]) -> np.ndarray:
        """States ``[n, W]`` of inputs ``[n, W]``, which see each other and all before them."""
        x = x[None].astype(np.float32)
        for block, cache in zip(self.blocks, caches):
            query, key, value = block.keys_and_queries(x, self.heads)
            if cache:
                key = np.concatenate([cache[0], key], axis=2)
                value = np.concatenate([cache[1], value], axis=2)
            cache[:] = [key, value]
            scores = np.matmul(query, key.swapaxes(-1, -2)) * query.shape[-1] ** -0.5
            x = block.finish(x, np.matmul(softmax(scores), value))
        return x[0]

    def _logits(self, state: np.ndarray) -> np.ndarray:
        normed = rms_norm(state, self.weights["norm.weight"])
        return linear(normed, self.weights["out.weight"], self.weights["out.bias"])


def drawn_token(logits: np.ndarray, uniforms: np.ndarray, temperature: float) -> int:
    """One of the tokens with these ``logits [N]``, times first: which of the others, or some time;
    then which time. ``uniforms [2]``.

    What is not said of an action shows in a time that follows, of which there are many: sharpened
    one by one, they would lose against labels that are seldom meant.
    """
    choices = np.append(np.logaddexp.reduce(logits[:TIMES]), logits[TIMES:])
    choice = int(sample_codes(choices[None], uniforms[:1], temperature, TOP_P)[0])
    if choice > 0:
        return TIMES + choice - 1
    return int(sample_codes(logits[None, :TIMES], uniforms[1:], temperature, TOP_P)[0])


def without_doubles(actions: Sequence[PlannedAction]) -> tuple[PlannedAction, ...]:
    """The actions without those that do what is being done already."""
    found: list[PlannedAction] = []
    for action in actions:
        going_on = [
            a for a in found if a.verb == action.verb and action.start < a.stop - GAP_SECONDS
        ]
        if all(_sides(a) != _sides(action) for a in going_on):
            found.append(action)
    return tuple(found)


def _sides(action: PlannedAction) -> list[str]:
    return [label for label in action.labels if " side " in label]


def in_a_row(plans: Sequence[Plan], waits: Sequence[bool]) -> Plan:
    """Plans that each do something, one after the other; before those that are said to wait, as
    long as they do themselves."""
    actions: list[PlannedAction] = []
    clock, gap = 0.0, LEAD_SECONDS
    for plan, is_waiting in zip(plans, waits):
        first = min(action.start for action in plan.actions)
        later = clock + (max(first, gap) if is_waiting else gap) - first
        actions += [action.shifted(later) for action in plan.actions]
        clock, gap = max(action.stop for action in actions), GAP_SECONDS
    row = Plan(tuple(actions), clock + LEAD_SECONDS)
    return squeezed(row, LONGEST_ROW_SECONDS) if row.seconds > LONGEST_ROW_SECONDS else row


def beside(plans: Sequence[Plan]) -> Plan:
    """Plans that each do something, done at the same time; who goes somewhere goes on to the end."""
    moved = []
    for plan in plans:
        first = min(action.start for action in plan.actions)
        moved += [action.shifted(LEAD_SECONDS - first) for action in plan.actions]
    end = max(action.stop for action in moved)
    actions = [replace(a, stop=end) if a.verb in GAITS else a for a in moved]
    return Plan(tuple(actions), end + LEAD_SECONDS)


def promptly(plan: Plan) -> Plan:
    """The plan of a text that tells of no wait, without long ones before, in or after it."""
    actions: list[PlannedAction] = []
    done = earlier = 0.0
    for action in sorted(plan.actions, key=lambda action: action.start):
        most = LONGEST_WAIT_SECONDS if actions else LONGEST_LEAD_SECONDS
        earlier += max(0.0, action.start - earlier - done - most)
        actions.append(action.shifted(-earlier))
        done = max(done, actions[-1].stop)
    last = max((action.stop for action in plan.actions), default=plan.seconds)
    return Plan(tuple(actions), done + min(plan.seconds - last, LONGEST_WAIT_SECONDS))


def without(plan: Plan, others: Sequence[PlannedAction]) -> Plan:
    """The plan without some of its actions; what comes after them comes as much earlier."""
    kept = [action for action in plan.actions if action not in others]
    seconds = plan.seconds
    for other in sorted(others, key=lambda action: -action.start):
        later = [action.start for action in kept if action.start > other.start]
        if any(a.start < other.stop and other.start < a.stop for a in kept):
            continue
        gain = (min(later) if later else seconds) - other.start
        kept = [a.shifted(-gain) if a.start > other.start else a for a in kept]
        seconds -= gain
    return Plan(tuple(kept), seconds)


def brought_together(plan: Plan, groups: Sequence[Sequence[PlannedAction]]) -> Plan:
    """The plan with the actions of each group done at the same time, from the start of the first
    one; what comes later comes as much earlier."""
    actions = list(plan.actions)
    seconds = plan.seconds
    for group in reversed(groups):
        places = [i for i, action in enumerate(actions) if action in group]
        first = min(actions[i].start for i in places)
        before = max(actions[i].stop for i in places)
        lasts = max(actions[i].stop - actions[i].start for i in places)
        for i in places:
            one = actions[i].shifted(first - actions[i].start)
            goes_on = one.verb in GAITS and not _is_counted(one)
            actions[i] = replace(one, stop=first + lasts) if goes_on else one
        gain = before - first - lasts
        latest = max(action.start for action in group)
        actions = [a.shifted(-gain) if a.start > latest else a for a in actions]
        seconds -= gain
    return Plan(tuple(actions), seconds)


def squeezed(plan: Plan, seconds: float) -> Plan:
    """The plan hurried so that all of it is done within so many seconds."""
    needed = max((action.stop for action in plan.actions), default=0.0)
    hurry = min(1.0, seconds / needed) if needed else 1.0
    actions = (replace(a, start=hurry * a.start, stop=hurry * a.stop) for a in plan.actions)
    return Plan(tuple(actions), seconds)


def gone_on(actions: tuple[PlannedAction, ...], seconds: float) -> tuple[PlannedAction, ...]:
    """The actions of a clip of so many seconds, in which who goes somewhere last goes on to the end:
    nothing says that they stop."""
    if not actions:
        return actions
    last = max(actions, key=lambda action: action.stop)
    longest = replace(last, stop=max(last.stop, seconds - STANDSTILL_SECONDS))
    goes = last.verb in GAITS and not any(" angle " in label for label in last.labels)
    return tuple(longest if goes and a is last else a for a in actions)


def stretched(plan: Plan, seconds: float) -> Plan:
    """The plan for a longer clip: what has no count goes on for longer."""
    added = seconds - plan.seconds
    endless = [action for action in plan.actions if not _is_counted(action)]
    total = sum(action.stop - action.start for action in endless)
    actions = []
    for action in plan.actions:
        before = sum(_overlap(other, action.start) for other in endless)
        within = action.stop - action.start if action in endless else 0.0
        shift, growth = (added * part / total if total else 0.0 for part in (before, within))
        start = action.start + shift
        actions.append(replace(action, start=start, stop=action.stop + shift + growth))
    return Plan(tuple(actions), seconds)


def _overlap(action: PlannedAction, start: float) -> float:
    """Seconds of an action before ``start``."""
    return max(min(action.stop, start) - action.start, 0.0)


def _is_counted(action: PlannedAction) -> bool:
    return any(label.startswith(f"{action.verb} count") for label in action.labels)
