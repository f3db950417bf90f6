"""What the clips of a training stage are given beside their motion, and how often.

The token model is trained in stages, as MotionGPT-2 and Being-M0 are: ``alignment`` ties words to
motion, ``instruction`` adds commands to parts, conditions and descriptions; the specialists go on
from there with much of one thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from motion_engine.errors import LimberError


@dataclass(frozen=True)
class Mix:
    """Shares of the clips that are given something; drawn independently of each other.

    - ``silent``: no text at all, and no plan.
    - ``plan``: what is done when, where it is known; ``wordless``: no text beside it.
    - ``commands``: commands to parts in place of a sentence, where the clip has some.
    - ``described``: told in words after the motion.
    - ``length``, ``path``, ``keys``, ``locks``: conditions on the control track;
      ``locks_beside_commands``: all parts but the commanded ones.

    And which clips are drawn, as the tokens have them where it is None: ``real``, the share of
    recordings; ``long``, of clips with three or more actions in a row.
    """

    silent: float = 0.1
    plan: float = 0.8
    wordless: float = 0.4
    commands: float = 0.25
    described: float = 0.125
    length: float = 0.7
    path: float = 0.08
    keys: float = 0.08
    locks: float = 0.15
    locks_beside_commands: float = 0.6
    real: float | None = None
    long: float | None = None


MIXES = {
    "alignment": Mix(commands=0.0, described=0.25, path=0.0, keys=0.0, locks=0.0),
    "instruction": Mix(),
    "parts": Mix(commands=0.7, locks=0.3, locks_beside_commands=0.8),
    "control": Mix(path=0.3, keys=0.3, locks=0.3),
    "captions": Mix(described=0.6),
}


def named_mix(stage: str) -> Mix:
    """Raises LimberError for a stage that does not exist."""
    if stage not in MIXES:
        raise LimberError(f"there is no stage {stage!r}; choose from {', '.join(MIXES)}.")
    return MIXES[stage]


def with_shares(mix: Mix, given: Sequence[str]) -> Mix:
    """The mix with some of its shares set, as in ``["commands=0", "real=0.5"]``; raises LimberError."""
    names = [field.name for field in fields(Mix)]
    shares = {}
    for share in given:
        name, _, value = share.partition("=")
        if name not in names:
            raise LimberError(f"--share {share}: choose NAME=SHARE from {', '.join(names)}.")
        try:
            shares[name] = float(value)
        except ValueError:
            raise LimberError(f"--share {share}: write a number, as in {name}=0.5.") from None
        most = 0.99 if name in ("real", "long") else 1.0
        if not 0.0 <= shares[name] <= most:
            raise LimberError(f"--share {share}: choose {name} from 0 to {most:g}.")
    return replace(mix, **shares)
