"""The control track: what is known of every coming token frame besides the text.

One row of channels for each token frame, added to the model's inputs. A group of channels starts
with its own mask (1 where it is given), and is all zero where it is not. Groups that no shipped
weights use yet are reserved, so that later abilities do not change the model's shape.
"""

from dataclasses import dataclass

import numpy as np

DURATION_SCALE_SECONDS = 10.0


@dataclass(frozen=True)
class ControlLayout:
    """Widths of the groups, masks included; see :attr:`slices`."""

    parts: int = 9
    latent_size: int = 64
    pose_size: int = 320

    @property
    def slices(self) -> dict[str, slice]:
        widths = {
            "duration": 1 + 2,  # seconds left, seconds in all
            "audio": 1 + 24,  # onset, beat phase, loudness, timbre
            "path": 1 + 7,  # root position, direction and speed to come
            "key_pose": 1 + 1 + self.pose_size,  # seconds until the next key pose, its features
            "pins": 4 * (1 + 4),  # per hand and foot: place and seconds until it is due
            "locks": self.parts * (1 + self.latent_size),  # locked parts, with look-ahead
        }
        stops = np.cumsum(list(widths.values()))
        return {
            name: slice(int(stop) - width, int(stop))
            for (name, width), stop in zip(widths.items(), stops)
        }

    @property
    def size(self) -> int:
        return self.slices["locks"].stop


def duration_control(layout: ControlLayout, frames: int, frame_rate: float) -> np.ndarray:
    """Control ``[T, C]`` that gives the length and nothing else."""
    control = np.zeros((frames, layout.size), dtype=np.float32)
    seconds_left = np.arange(frames, 0, -1) / frame_rate
    duration = control[:, layout.slices["duration"]]
    duration[:, 0] = 1.0
    duration[:, 1] = seconds_left / DURATION_SCALE_SECONDS
    duration[:, 2] = frames / frame_rate / DURATION_SCALE_SECONDS
    return control
