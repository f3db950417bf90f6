"""Parts of the body: which joints each part owns and shares, and its slices of the features.

A codec sees a part's own and shared joints when it encodes, but each joint is read back from the
part that owns it, so that changing one part's codes never moves another part's own joints.
"""

from dataclasses import dataclass

import numpy as np

from .errors import LimberError
from .features import FeatureLayout
from .skeleton import SMPLX


@dataclass(frozen=True)
class Part:
    """``own`` and ``shared`` are joint names; ``signals`` are non-rotation feature slices."""

    name: str
    own: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()

    def own_columns(self, layout: FeatureLayout) -> np.ndarray:
        """Feature columns that are decoded from this part."""
        return _columns(layout, self.signals, self.own)

    def input_columns(self, layout: FeatureLayout) -> np.ndarray:
        """Feature columns that the part's encoder sees: its own, then the shared joints'."""
        shared = _columns(layout, (), self.shared)
        aux = [
            _joint_columns(layout, name, joint)
            for name in ("positions", "velocities")
            for joint in self.own
            if _in_layout(layout, joint)
        ]
        return np.concatenate([self.own_columns(layout), shared, *aux])


def _arm(side: str) -> Part:
    own = (f"{side}_shoulder", f"{side}_elbow", f"{side}_wrist")
    return Part(f"{side}_arm", own, (f"{side}_collar",))


def _leg(side: str) -> Part:
    return Part(f"{side}_leg", tuple(f"{side}_{j}" for j in ("hip", "knee", "ankle", "foot")))


def _hand(side: str) -> Part:
    own = tuple(n for n in SMPLX.names[25:] if n.startswith(side))
    return Part(f"{side}_hand", own, (f"{side}_wrist",))


_ROOT_SIGNALS = ("yaw_rate", "planar_velocity", "height", "tilt", "contacts")

DEFAULT_PARTS = (
    Part("root", (), ("left_hip", "right_hip"), _ROOT_SIGNALS),
    Part("torso", ("spine1", "spine2", "spine3", "left_collar", "right_collar"), ("neck",)),
    Part("head", ("neck", "head"), ("spine3",)),
    _arm("left"),
    _arm("right"),
    _leg("left"),
    _leg("right"),
    _hand("left"),
    _hand("right"),
)

ALIASES = {
    "arms": ("left_arm", "right_arm"),
    "legs": ("root", "left_leg", "right_leg"),
    "hands": ("left_hand", "right_hand"),
    "upper_body": ("torso", "head", "left_arm", "right_arm", "left_hand", "right_hand"),
    "lower_body": ("root", "left_leg", "right_leg"),
}


def resolve_parts(names: list[str], table: tuple[Part, ...] = DEFAULT_PARTS) -> tuple[str, ...]:
    """Part names of a list of names and aliases, in table order."""
    known = [part.name for part in table]
    chosen: set[str] = set()
    for name in names:
        if name not in known and name not in ALIASES:
            choices = ", ".join(known + list(ALIASES))
            raise LimberError(f"There is no body part called {name!r}; choose from {choices}.")
        chosen.update(ALIASES.get(name, (name,)))
    return tuple(name for name in known if name in chosen)


def _in_layout(layout: FeatureLayout, joint: str) -> bool:
    return SMPLX.index(joint) in layout.joint_indices


def _joint_columns(layout: FeatureLayout, name: str, joint: str) -> np.ndarray:
    start = layout.slices[name].start + 3 * layout.joint_indices.index(SMPLX.index(joint))
    return np.arange(start, start + 3)


def _columns(
    layout: FeatureLayout, signals: tuple[str, ...], joints: tuple[str, ...]
) -> np.ndarray:
    ranges = [layout.slices[name] for name in signals]
    ranges += [layout.rotation_slice(SMPLX.index(j)) for j in joints if _in_layout(layout, j)]
    return np.concatenate([np.zeros(0, int)] + [np.arange(r.start, r.stop) for r in ranges])
