"""Recording: a clip exactly as a mocap file holds it, on the file's own skeleton and axes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .. import rotations
from ..errors import LimberError
from ..skeleton import Skeleton


@dataclass(frozen=True, eq=False)
class Recording:
    """A clip on any skeleton, in the units and axes of its file.

    ``local_positions [F, J, 3]`` (to the parent; where a file has no position channel, the
    skeleton's offset), ``local_rotations [F, J, 4]`` wxyz, ``fps``, and ``end_offsets``: the tip
    ``[3]`` of each joint, by name, that has an end site.
    """

    skeleton: Skeleton
    local_positions: np.ndarray
    local_rotations: np.ndarray
    fps: float
    end_offsets: dict[str, np.ndarray]

    @property
    def frames(self) -> int:
        return len(self.local_rotations)

    @property
    def seconds(self) -> float:
        return self.frames / self.fps

    def cut(self, start: int, stop: int | None = None) -> Recording:
        """Frames ``start`` to ``stop`` (exclusive)."""
        return replace(
            self,
            local_positions=self.local_positions[start:stop],
            local_rotations=self.local_rotations[start:stop],
        )

    def resample(self, fps: float) -> Recording:
        """The same clip at another rate: linear positions, slerped rotations, first frame kept."""
        count = int(np.floor((self.frames - 1) / self.fps * fps + 1e-6)) + 1
        at = np.minimum(np.arange(count) * (self.fps / fps), self.frames - 1)
        before = np.floor(at + 1e-6).astype(int)
        after = np.minimum(before + 1, self.frames - 1)
        t = np.maximum(at - before, 0.0)
        if t.max() < 1e-6:
            return replace(self.at_frames(before), fps=float(fps))
        positions, turns = self.local_positions, self.local_rotations
        blend = t[:, None, None]
        return replace(
            self,
            local_positions=positions[before] * (1.0 - blend) + positions[after] * blend,
            local_rotations=rotations.slerp(turns[before], turns[after], t[:, None]),
            fps=float(fps),
        )

    def at_frames(self, frames: np.ndarray) -> Recording:
        return replace(
            self,
            local_positions=self.local_positions[frames],
            local_rotations=self.local_rotations[frames],
        )

    def forward_kinematics(self) -> tuple[np.ndarray, np.ndarray]:
        """Positions ``[F, J, 3]`` and rotations ``[F, J, 4]`` in the world of the file."""
        positions = np.empty_like(self.local_positions)
        world = np.empty_like(self.local_rotations)
        for joint, parent in enumerate(self.skeleton.parents):
            if parent < 0:
                positions[:, joint] = self.local_positions[:, joint]
                world[:, joint] = self.local_rotations[:, joint]
                continue
            offset = rotations.rotate(world[:, parent], self.local_positions[:, joint])
            positions[:, joint] = positions[:, parent] + offset
            world[:, joint] = rotations.multiply(world[:, parent], self.local_rotations[:, joint])
        return positions, world


def check_names(names: list[str], path: object) -> None:
    """Raises LimberError where two joints share a name."""
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise LimberError(f"{path}: joint {repeated[0]!r} occurs twice; rename one of them.")


def whole_rate(fps: float) -> float:
    """The nearest whole rate where a rounded frame time (0.008333) is all that parts them."""
    nearest = round(fps)
    return float(nearest) if nearest and abs(fps - nearest) < 1e-3 * nearest else float(fps)
