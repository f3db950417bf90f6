"""What an edit may change: some joints of some frames. Everything else is copied bit for bit."""

from dataclasses import dataclass, replace

import numpy as np

from .. import rotations
from ..edit.curves import smooth_step
from ..errors import LimberError
from ..motion import Motion
from ..parts import DEFAULT_PARTS, resolve_parts
from ..skeleton import SMPLX

LONGEST_FEATHER_SECONDS = 0.5


@dataclass(frozen=True, eq=False)
class Region:
    """``joints``: SMPL-X indices (0 with the root's place); ``weights [F]``: how much of the edit
    each frame takes, 0 where the frame is not touched at all."""

    joints: tuple[int, ...]
    weights: np.ndarray

    @property
    def frames(self) -> np.ndarray:
        """Indices of the frames that are changed."""
        return np.flatnonzero(self.weights > 0.0)


def part_joints(parts: tuple[str, ...]) -> tuple[int, ...]:
    """SMPL-X indices of the parts' own joints; the root is joint 0."""
    owned = {part.name: part.own for part in DEFAULT_PARTS}
    joints = [SMPLX.index(joint) for part in parts for joint in owned[part]]
    return tuple(sorted(joints + ([0] if "root" in parts else [])))


def edited_region(
    parts: tuple[str, ...], start: float | None, stop: float | None, frames: int, fps: float
) -> Region:
    """The parts within a range of seconds, None for the clip's own ends; feathered where the clip
    goes on. Raises LimberError for a range outside the clip or shorter than two frames."""
    last = (frames - 1) / fps
    first, end = (0.0 if start is None else start), (last if stop is None else stop)
    if not 0.0 <= first < end or first >= last or end > frames / fps + 1e-6:
        raise LimberError(
            f"the range {first:g}:{end:g} does not lie in the clip; it lasts {last:.2f} seconds."
        )
    if end - first < 2.0 / fps:
        raise LimberError(f"the range {first:g}:{end:g} is shorter than two frames; widen it.")
    seconds = np.arange(frames) / fps
    feather = min(LONGEST_FEATHER_SECONDS, (end - first) / 3.0)
    weights = np.ones(frames)
    if first > 0.0:
        weights *= smooth_step((seconds - first) / feather)
    if end < last:
        weights *= smooth_step((end - seconds) / feather)
    return Region(part_joints(resolve_parts(list(parts))), weights)


def changed_region(original: Motion, edited: Motion) -> Region:
    """The joints and frames that differ between two motions of the same rate and length."""
    turned = (original.local_rotations != edited.local_rotations).any(-1)
    moved = (original.root_positions != edited.root_positions).any(-1)
    turned[:, 0] |= moved
    return Region(tuple(np.flatnonzero(turned.any(0)).tolist()), turned.any(1).astype(np.float64))


def spliced(original: Motion, edited: Motion, region: Region) -> Motion:
    """The original with the region taken from the edited motion, blended by the weights; both have
    the same rate and length. Contacts follow the feet where the root or a leg is edited."""
    rows, joints = region.frames, list(region.joints)
    weights = region.weights[rows]
    local = original.local_rotations.copy()
    local[np.ix_(rows, joints)] = rotations.slerp(
        original.local_rotations[np.ix_(rows, joints)],
        edited.local_rotations[np.ix_(rows, joints)],
        weights[:, None],
    )
    root, contacts = original.root_positions.copy(), original.contacts.copy()
    if moves_root(region):
        root[rows] += weights[:, None] * (edited.root_positions[rows] - root[rows])
    for columns, knee in ((slice(0, 2), "left_knee"), (slice(2, 4), "right_knee")):
        if moves_root(region) or SMPLX.index(knee) in region.joints:
            contacts[rows, columns] = edited.contacts[rows, columns]
    return replace(original, root_positions=root, local_rotations=local, contacts=contacts)


def moves_root(region: Region) -> bool:
    return 0 in region.joints
