"""The control track: what is known of every coming token frame besides the text.

One row of channels for each token frame, added to the model's inputs. A group of channels starts
with its own mask (1 where it is given), and is all zero where it is not; so the controls of several
groups are added up. The audio and pins are reserved: no shipped weights use them yet.
"""

from dataclasses import dataclass

import numpy as np

DURATION_SCALE_SECONDS = 10.0
LOCK_LOOKAHEAD = 2
"""Token frames by which the control of locked parts runs ahead: a causal model hears, before it
speaks of a frame, what the locked parts do in this one and in the next two."""


CYCLES = 5
"""The progress of a planned action is told by the sines and cosines of one to five rounds of it."""
TIMING_CHANNELS = 3 + 2 * CYCLES


@dataclass(frozen=True)
class ControlLayout:
    """Widths of the groups, masks included; see :attr:`slices`. ``labels`` is how many labels of
    actions a plan may name; a model without any hears no plans."""

    parts: int = 9
    latent_size: int = 64
    pose_size: int = 320
    labels: int = 0

    @property
    def slices(self) -> dict[str, slice]:
        widths = {
            "duration": 1 + 2,  # seconds left, seconds in all
            "audio": 1 + 24,  # onset, beat phase, loudness, timbre
            "path": 1 + 7,  # root's move and turn in a token frame and in a second, speed
            "key_pose": 1 + 1 + self.pose_size,  # nearness of the next key pose, its features
            "pins": 4 * (1 + 4),  # per hand and foot: place and seconds until it is due
            "locks": self.parts * (1 + self.latent_size),  # locked parts, with look-ahead
            # labels of now and next, timing of the lower and the upper body
            "plan": 1 + 2 * self.labels + 2 * TIMING_CHANNELS if self.labels else 0,
        }
        stops = np.cumsum(list(widths.values()))
        return {
            name: slice(int(stop) - width, int(stop))
            for (name, width), stop in zip(widths.items(), stops)
        }

    @property
    def size(self) -> int:
        return self.slices["plan"].stop

    def has_plan(self, control: np.ndarray) -> bool:
        """Whether ``control [..., C]`` tells a plan."""
        return bool(control[..., self.slices["plan"]].any())

    def without_plan(self, control: np.ndarray) -> np.ndarray:
        """Control ``[..., C]`` for those who hear no text: a plan is what the text says."""
        control = control.copy()
        control[..., self.slices["plan"]] = 0.0
        return control


def duration_control(layout: ControlLayout, frames: int, frame_rate: float) -> np.ndarray:
    """Control ``[T, C]`` that gives the length and nothing else."""
    control = np.zeros((frames, layout.size), dtype=np.float32)
    seconds_left = np.arange(frames, 0, -1) / frame_rate
    duration = control[:, layout.slices["duration"]]
    duration[:, 0] = 1.0
    duration[:, 1] = seconds_left / DURATION_SCALE_SECONDS
    duration[:, 2] = frames / frame_rate / DURATION_SCALE_SECONDS
    return control


def path_control(layout: ControlLayout, root: np.ndarray, frame_rate: float) -> np.ndarray:
    """Control ``[T, C]`` that gives the root's way.

    ``root [T, 3]``: x and y in metres and the heading in radians, unwrapped, of every token frame.
    Each row tells, in the heading frame, where the root is at the next token frame and a second
    later, how far it will have turned, and its speed in m/s.
    """
    frames = np.arange(len(root))
    control = np.zeros((len(root), layout.size), dtype=np.float32)
    path = control[:, layout.slices["path"]]
    path[:, 0] = 1.0
    for first, ahead in ((1, 1), (4, round(frame_rate))):
        later = root[np.minimum(frames + ahead, len(root) - 1)]
        x, y, turn = (later - root).T
        cosine, sine = np.cos(root[:, 2]), np.sin(root[:, 2])
        path[:, first : first + 3] = np.stack(
            [cosine * x + sine * y, cosine * y - sine * x, turn], axis=-1
        )
    path[:, 7] = np.hypot(path[:, 1], path[:, 2]) * frame_rate
    return control


def key_control(
    layout: ControlLayout, frames: int, keys: dict[int, np.ndarray], frame_rate: float
) -> np.ndarray:
    """Control ``[T, C]`` that announces key poses.

    ``keys`` maps token frames to normalized pose features ``[pose_size]``. Up to the last key, each
    row holds the next key (its own, at a key) and its nearness ``exp(-seconds until then)``.
    """
    control = np.zeros((frames, layout.size), dtype=np.float32)
    announced = control[:, layout.slices["key_pose"]]
    first = 0
    for frame in sorted(keys):
        rows = slice(first, frame + 1)
        announced[rows, 0] = 1.0
        announced[rows, 1] = np.exp(-np.arange(frame - first, -1, -1) / frame_rate)
        announced[rows, 2:] = keys[frame]
        first = frame + 1
    return control


def lock_control(layout: ControlLayout, vectors: np.ndarray, locked: np.ndarray) -> np.ndarray:
    """Control ``[T, C]`` that tells what locked parts do, LOCK_LOOKAHEAD token frames ahead.

    ``vectors [T, P, latent_size]`` are the parts' code vectors, summed over the residual layers;
    ``locked [T, P]`` says which of them are given.
    """
    ahead = np.minimum(np.arange(len(vectors)) + LOCK_LOOKAHEAD, len(vectors) - 1)
    mask = locked[ahead].astype(np.float32)[..., None]
    locks = np.concatenate([mask, mask * vectors[ahead]], axis=-1)
    control = np.zeros((len(vectors), layout.size), dtype=np.float32)
    control[:, layout.slices["locks"]] = locks.reshape(len(vectors), -1)
    return control
