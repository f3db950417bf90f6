"""A model's plan in words: what is done from when to when. The worker's part. No bpy here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from motion_engine.command import Command
from motion_engine.generation.action_plan import ActionLabels, PlannedAction
from motion_engine.language.details import Details
from motion_engine.language.known_actions import known_actions
from motion_engine.language.plan_agreement import STANDING, disagreement
from motion_engine.language.understanding import Action, understood
from motion_engine.models.model_folder import ModelFolder, load_config, model_folder
from motion_engine.models.planner import Plan, Planner

_USUAL_WAY = "forward"
_UNBROKEN = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Asked:
    """What the ``model`` of that name or folder hears; what it makes is played at a ``pace``. What
    is led otherwise is not ``is_timed``: what is done is told, not when."""

    model: str
    command: Command
    pace: float = 1.0
    is_timed: bool = True


@dataclass(frozen=True)
class SpokenPlan:
    """``agrees``: whether that is what rules read in the same prompt."""

    text: str
    agrees: bool


def spoken_plan(asked: Asked) -> SpokenPlan | None:
    """What the model plans; None where it makes no plans, or none for these words. LimberError for
    what is no model."""
    planner, command = _planner(asked.model), asked.command
    if planner is None:
        return None
    plan = planner.plan(command.text, command.seconds, command.seed, command.variation)
    if plan is None:
        return None
    agrees = _agrees(plan, command.text, planner.labels)
    said = in_words(plan, asked.pace) if asked.is_timed else without_times(plan)
    return SpokenPlan(said, agrees)


def _agrees(plan: Plan, text: str, labels: ActionLabels) -> bool:
    """Whether all that is said is planned, and nothing else; some actions never are."""
    said = {action.name for action in understood(text).actions} - {STANDING}
    return said <= labels.index.keys() and disagreement(plan.actions, text, labels) == 0.0


@lru_cache(maxsize=1)
def _planner(name: str) -> Planner | None:
    """The planner alone; the files of models that have none are not read through."""
    if "planner" not in load_config(model_folder(name)):
        return None
    return ModelFolder.open(name).load_planner()


def in_words(plan: Plan, pace: float = 1.0) -> str:
    """ "0.4–3.6 s walk · 3.6–5.0 s knock (left, 3 times)", in seconds of what is played; lines do not
    break between times and what is done then."""
    return _in_a_row(
        f"{action.start / pace:.1f}–{min(action.stop, plan.seconds) / pace:.1f} s {said}".replace(
            " ", _UNBROKEN, 2
        )
        for action, said in _in_order(plan)
    )


def without_times(plan: Plan) -> str:
    """ "walk · knock (left, 3 times)"."""
    return _in_a_row(said for _, said in _in_order(plan))


def _in_order(plan: Plan) -> list[tuple[PlannedAction, str]]:
    return [(one, _said(one)) for one in sorted(plan.actions, key=lambda one: one.start)]


def _in_a_row(told: Iterable[str]) -> str:
    return f"{_UNBROKEN}· ".join(told) or "–"


def _said(action: PlannedAction) -> str:
    """As the rules' reading says it, without what goes without saying."""
    about = dict(label.split()[-2:] for label in action.labels[1:])
    labels = {known.name: known.label for known in known_actions().actions}
    count, degrees = int(about.get("count", 1)), about.get("angle")
    side, way = about.get("side", ""), about.get("direction", "")
    details = Details(
        side=side,
        count=count if count > 1 else None,
        direction="" if way in (_USUAL_WAY, side) else way,
        degrees=int(degrees) if degrees else None,
        speed=about.get("speed", ""),
    )
    label = labels.get(action.verb, action.verb.replace("_", " "))
    return str(Action(action.verb, label, details))
