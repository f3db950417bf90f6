"""The preview character: an artist's mannequin that is built and skinned here, by numpy alone.

Every piece is a loft in the model frame of SMPL-X (Y up, facing +Z, the pelvis at the origin).
Hard shells move with one or two joints; dark pieces in between bend over several.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from . import rotations
from .errors import LimberError
from .loft import Surface, ball, loft
from .motion import Motion
from .skeleton import HEEL_OFFSET_M, SMPLX, Skeleton

# Name and linear-light-agnostic sRGB colour of each material; faces refer to them by place.
MATERIALS = (
    ("body", (0.84, 0.81, 0.76)),
    ("left", (0.93, 0.65, 0.44)),
    ("right", (0.47, 0.66, 0.84)),
    ("joint", (0.22, 0.24, 0.28)),
    ("face", (0.95, 0.93, 0.90)),
)
_BODY, _LEFT, _RIGHT, _JOINT, _FACE = range(5)
_MOST_INFLUENCES = 4
_FORWARD = (0.0, 0.0, 1.0)


@dataclass(frozen=True, eq=False)
class Mannequin:
    """``vertices [V, 3]`` of the rest pose in metres (Y up, facing +Z, pelvis at the origin),
    ``faces [N, 4]`` counter-clockwise (a triangle repeats its last vertex), ``weights [V, J]`` with
    rows of sum 1 and at most four influences, ``face_materials [N]`` indices into MATERIALS."""

    vertices: np.ndarray
    faces: np.ndarray
    weights: np.ndarray
    face_materials: np.ndarray
    skeleton: Skeleton

    @cached_property
    def triangles(self) -> np.ndarray:
        """All faces as triangles ``[M, 3]``."""
        return self.faces_as_triangles[0]

    @cached_property
    def triangle_materials(self) -> np.ndarray:
        return self.face_materials[self.faces_as_triangles[1]]

    @cached_property
    def faces_as_triangles(self) -> tuple[np.ndarray, np.ndarray]:
        """Triangles ``[M, 3]`` and the face ``[M]`` that each one comes from."""
        a, b, c, d = self.faces.T
        is_quad = np.flatnonzero(c != d)
        triangles = np.stack([a, b, c], axis=-1)
        halves = np.stack([a, c, d], axis=-1)[is_quad]
        return np.concatenate([triangles, halves]), np.r_[np.arange(len(a)), is_quad]


def build_mannequin(skeleton: Skeleton = SMPLX) -> Mannequin:
    """The mannequin around the rest pose of a skeleton with SMPL-X joint names.

    Raises LimberError where a joint is missing.
    """
    missing = [name for name in SMPLX.names[:22] if name not in skeleton.names]
    if missing:
        raise LimberError(f"The mannequin needs SMPL-X joints; {', '.join(missing)} missing.")
    builder = _Builder(skeleton)
    _torso(builder)
    _head(builder)
    for build in (_leg, _foot, _arm, _hand):
        build(builder)
    return builder.finished()


def skin(mannequin: Mannequin, motion: Motion, frames: np.ndarray | list[int]) -> np.ndarray:
    """World positions ``[n, V, 3]`` of the vertices at the given frames, linear-blend skinning."""
    frames = np.asarray(frames, dtype=int)
    chosen = Motion(
        motion.root_positions[frames],
        motion.local_rotations[frames],
        motion.contacts[frames],
        motion.fps,
        motion.skeleton,
    )
    positions, world_rotations = chosen.forward_kinematics()
    matrices = rotations.to_matrix(world_rotations)
    rest = mannequin.skeleton.rest_positions
    shifts = positions - np.einsum("fjab,jb->fja", matrices, rest)
    moved = np.concatenate([matrices, shifts[..., None]], axis=-1)
    blended = np.tensordot(mannequin.weights, moved.reshape(len(frames), -1, 12), axes=(1, 1))
    blended = np.moveaxis(blended, 1, 0).reshape(len(frames), -1, 3, 4)
    return np.einsum("fvab,vb->fva", blended[..., :3], mannequin.vertices) + blended[..., 3]


class _Builder:
    """Collects pieces; what is added for the left side is mirrored to the right."""

    def __init__(self, skeleton: Skeleton):
        self.skeleton = skeleton
        self.pieces: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []
        self.count = 0

    def at(self, name: str) -> np.ndarray:
        return self.skeleton.rest_positions[self.skeleton.index(name)]

    def add(self, surface: Surface, weights: dict[str, np.ndarray], material: int | np.ndarray):
        matrix = np.zeros((len(surface.vertices), self.skeleton.joints))
        for name, values in weights.items():
            matrix[:, self.skeleton.index(name)] += values
        materials = np.broadcast_to(material, len(surface.faces))
        self.pieces.append((surface.vertices, surface.faces + self.count, matrix, materials))
        self.count += len(surface.vertices)

    def add_pair(self, surface: Surface, weights: dict[str, np.ndarray], material: int = _LEFT):
        """The surface on the left and its mirror image on the right."""
        self.add(surface, weights, material)
        mirrored = Surface(
            surface.vertices * [-1.0, 1.0, 1.0], _turned_over(surface.faces), surface.along
        )
        swapped = {name.replace("left_", "right_"): values for name, values in weights.items()}
        self.add(mirrored, swapped, _RIGHT if material == _LEFT else material)

    def finished(self) -> Mannequin:
        vertices, faces, weights, materials = (np.concatenate(p) for p in zip(*self.pieces))
        return Mannequin(vertices, faces, _few_influences(weights), materials, self.skeleton)


def _turned_over(faces: np.ndarray) -> np.ndarray:
    """The same faces seen from the other side; triangles keep repeating their last vertex."""
    a, b, c, d = faces.T
    quad = np.stack([a, d, c, b], axis=-1)
    return np.where((c == d)[:, None], np.stack([a, c, b, b], axis=-1), quad)


def _few_influences(weights: np.ndarray) -> np.ndarray:
    smallest_kept = np.sort(weights, axis=-1)[:, -_MOST_INFLUENCES]
    kept = np.where(weights >= np.maximum(smallest_kept, 1e-6)[:, None], weights, 0.0)
    return kept / kept.sum(axis=-1, keepdims=True)


def _ramp(x: np.ndarray, start: float, stop: float) -> np.ndarray:
    """0 before ``start``, 1 after ``stop``, smooth in between."""
    t = np.clip((x - start) / (stop - start), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def _chain(x: np.ndarray, joints: list[str], ramps: list[tuple[float, float]]) -> dict:
    """Weights that pass from each joint to the next one over the given ranges of ``x``."""
    weights, rest = {}, np.ones(len(x))
    for name, (start, stop) in zip(reversed(joints[1:]), reversed(ramps)):
        share = _ramp(x, start, stop) * rest
        weights[name] = share
        rest = rest - share
    weights[joints[0]] = rest
    return weights


def _torso(builder: _Builder) -> None:
    pelvis = loft(
        [(0, -0.150, 0.0), (0, 0.088, -0.012)],
        _FORWARD,
        [
            (0.00, 0.060, 0.070, 0.085),
            (0.22, 0.108, 0.095, 0.112),
            (0.45, 0.158, 0.102, 0.120),
            (0.70, 0.156, 0.102, 0.106),
            (1.00, 0.136, 0.096, 0.090),
        ],
        rings=18,
        segments=36,
        caps=(0.35, 0.14),
        squareness=2.25,
    )
    y = pelvis.vertices[:, 1]
    builder.add(pelvis, _chain(y, ["pelvis", "spine1"], [(0.03, 0.16)]), _BODY)
    waist = loft(
        [(0, 0.03, -0.012), (0, 0.26, -0.008)],
        _FORWARD,
        [(0.0, 0.124, 0.090, 0.086), (0.5, 0.116, 0.088, 0.082), (1.0, 0.126, 0.094, 0.088)],
        rings=16,
        segments=36,
        caps=(0.1, 0.1),
        squareness=2.2,
    )
    y = waist.vertices[:, 1]
    bends = [(0.03, 0.15), (0.15, 0.25), (0.25, 0.33)]
    builder.add(waist, _chain(y, ["pelvis", "spine1", "spine2", "spine3"], bends), _JOINT)
    _rib_cage(builder)


def _rib_cage(builder: _Builder) -> None:
    chest = loft(
        [(0, 0.178, -0.006), (0, 0.476, -0.022)],
        _FORWARD,
        [
            (0.00, 0.124, 0.086, 0.086),
            (0.18, 0.138, 0.108, 0.096),
            (0.45, 0.156, 0.128, 0.108),
            (0.66, 0.168, 0.124, 0.108),
            (0.82, 0.158, 0.096, 0.096),
            (0.92, 0.112, 0.070, 0.078),
            (1.00, 0.066, 0.052, 0.062),
        ],
        rings=28,
        segments=44,
        caps=(0.16, 0.06),
        squareness=2.35,
    )
    x, y, _ = chest.vertices.T
    spine = _chain(y, ["spine2", "spine3"], [(0.20, 0.32)])
    for side, outward in (("left", x), ("right", -x)):
        share = 0.75 * _ramp(outward, 0.05, 0.16) * _ramp(y, 0.33, 0.42)
        spine[f"{side}_collar"] = share
        spine["spine3"] = spine["spine3"] - share
    builder.add(chest, spine, _BODY)


def _head(builder: _Builder) -> None:
    neck = loft(
        [(0, 0.43, -0.030), (0, 0.50, -0.020), (0, 0.60, 0.012)],
        _FORWARD,
        [(0.0, 0.066, 0.060, 0.062), (0.45, 0.054, 0.053, 0.056), (1.0, 0.052, 0.052, 0.054)],
        rings=14,
        segments=28,
        caps=(0.1, 0.2),
    )
    y = neck.vertices[:, 1]
    bends = [(0.44, 0.50), (0.52, 0.58)]
    builder.add(neck, _chain(y, ["spine3", "neck", "head"], bends), _JOINT)
    skull = _sculpted(_skull())
    centres = skull.vertices[skull.faces].mean(axis=1)
    x, y, z = centres.T
    face = (z > 0.052 + 0.9 * np.maximum(0.60 - y, 0.0)) & (np.abs(x) < 0.066) & (y < 0.705)
    face &= (np.abs(x) / 0.064) ** 2.6 + (np.abs(y - 0.622) / 0.088) ** 2.6 < 1.0
    ones = np.ones(len(skull.vertices))
    builder.add(skull, {"head": ones}, np.where(face, _FACE, _BODY))
    ear = loft(
        [(0.074, 0.592, 0.004), (0.080, 0.655, -0.004)],
        _FORWARD,
        [(0.0, 0.010, 0.011, 0.012), (0.6, 0.012, 0.018, 0.019), (1.0, 0.010, 0.016, 0.018)],
        rings=8,
        segments=12,
    )
    builder.add_pair(ear, {"head": np.ones(len(ear.vertices))})


def _skull() -> Surface:
    return loft(
        [(0, 0.522, 0.034), (0, 0.600, 0.020), (0, 0.790, 0.008)],
        _FORWARD,
        [
            (0.00, 0.040, 0.056, 0.030),
            (0.14, 0.053, 0.066, 0.062),
            (0.32, 0.068, 0.078, 0.088),
            (0.52, 0.076, 0.086, 0.102),
            (0.72, 0.077, 0.086, 0.108),
            (1.00, 0.070, 0.074, 0.096),
        ],
        rings=40,
        segments=48,
        caps=(0.18, 0.42),
        squareness=2.15,
    )


def _sculpted(skull: Surface) -> Surface:
    """The egg with a nose, a brow, eye sockets and a chin, as smooth displacements."""
    vertices = skull.vertices.copy()
    x, y, z = vertices.T
    front = _ramp(z, 0.03, 0.07)
    nose_height = _ramp(y, 0.588, 0.600) * (1.0 - _ramp(y, 0.604, 0.652))
    nose = 0.024 * nose_height * np.exp(-((x / (0.009 + 0.004 * nose_height)) ** 2))
    sockets = -0.010 * np.exp(-(((np.abs(x) - 0.031) / 0.017) ** 2 + ((y - 0.638) / 0.014) ** 2))
    brow = 0.004 * np.exp(-((x / 0.045) ** 2) - ((y - 0.662) / 0.012) ** 2)
    lips = 0.004 * np.exp(-((x / 0.024) ** 2) - ((y - 0.570) / 0.010) ** 2)
    chin = 0.007 * np.exp(-((x / 0.024) ** 2) - ((y - 0.540) / 0.016) ** 2)
    vertices[:, 2] += front * (nose + sockets + brow + lips + chin)
    return Surface(vertices, skull.faces, skull.along)


def _leg(builder: _Builder) -> None:
    hip, knee, ankle = (builder.at(f"left_{name}") for name in ("hip", "knee", "ankle"))
    thigh = loft(
        [hip + [0.020, 0.055, 0.0], knee + [0.0, 0.030, 0.0]],
        _FORWARD,
        [
            (0.00, 0.074, 0.086, 0.088),
            (0.25, 0.082, 0.092, 0.088),
            (0.55, 0.072, 0.082, 0.076),
            (0.85, 0.056, 0.062, 0.060),
            (1.00, 0.052, 0.057, 0.054),
        ],
        rings=22,
        segments=28,
        caps=(0.22, 0.06),
    )
    s = thigh.along
    builder.add_pair(thigh, _chain(s, ["pelvis", "left_hip", "left_knee"], [(-0.3, 0.12), (0.93, 1.3)]))
    ones = np.ones(len(_joint_ball(knee).vertices))
    builder.add_pair(
        _joint_ball(knee, (0.050, 0.052, 0.054)),
        {"left_hip": 0.5 * ones, "left_knee": 0.5 * ones},
        _JOINT,
    )
    shin = loft(
        [knee + [0.0, -0.026, 0.0], ankle + [0.0, 0.040, 0.0]],
        _FORWARD,
        [
            (0.00, 0.050, 0.054, 0.050),
            (0.12, 0.053, 0.052, 0.060),
            (0.30, 0.056, 0.048, 0.070),
            (0.55, 0.047, 0.043, 0.056),
            (0.85, 0.034, 0.036, 0.038),
            (1.00, 0.034, 0.036, 0.038),
        ],
        rings=24,
        segments=26,
        caps=(0.06, 0.05),
    )
    s = shin.along
    ends = [(-0.3, 0.07), (0.95, 1.2)]
    builder.add_pair(shin, _chain(s, ["left_hip", "left_knee", "left_ankle"], ends))


def _joint_ball(centre: np.ndarray, radii: tuple[float, float, float] = (0.05, 0.05, 0.05)) -> Surface:
    return ball(centre, radii, rings=12, segments=20)


def _foot(builder: _Builder) -> None:
    ankle, toes = builder.at("left_ankle"), builder.at("left_foot")
    floor = ankle[1] + HEEL_OFFSET_M[1]
    ones = np.ones(len(_joint_ball(ankle).vertices))
    weights = {"left_knee": 0.5 * ones, "left_ankle": 0.5 * ones}
    builder.add_pair(_joint_ball(ankle, (0.037, 0.042, 0.040)), weights, _JOINT)
    ahead = (toes - ankle) * [1.0, 0.0, 1.0]
    ahead = ahead / np.linalg.norm(ahead)
    base = np.array([ankle[0], floor + 0.022, ankle[2]])
    shoe = loft(
        [base - 0.064 * ahead, base + 0.205 * ahead],
        (0.0, 1.0, 0.0),
        [
            (0.00, 0.030, 0.034, 0.040),
            (0.14, 0.036, 0.052, 0.040),
            (0.30, 0.037, 0.060, 0.040),
            (0.48, 0.039, 0.042, 0.040),
            (0.70, 0.047, 0.022, 0.040),
            (0.86, 0.046, 0.012, 0.040),
            (1.00, 0.038, 0.006, 0.040),
        ],
        rings=30,
        segments=28,
        caps=(0.16, 0.16),
        squareness=2.3,
    )
    vertices = shoe.vertices.copy()
    vertices[:, 1] = np.maximum(vertices[:, 1], floor)
    forward = (vertices - toes) @ ahead
    shoe = Surface(vertices, shoe.faces, shoe.along)
    builder.add_pair(shoe, _chain(forward, ["left_ankle", "left_foot"], [(-0.022, 0.022)]))


def _arm(builder: _Builder) -> None:
    shoulder, elbow, wrist = (builder.at(f"left_{n}") for n in ("shoulder", "elbow", "wrist"))
    ones = np.ones(len(_joint_ball(elbow).vertices))
    builder.add_pair(
        _joint_ball(shoulder, (0.056, 0.056, 0.056)),
        {"left_collar": 0.6 * ones, "left_shoulder": 0.4 * ones},
        _JOINT,
    )
    upper = loft(
        [shoulder + [-0.030, 0.004, 0.0], elbow + [-0.020, 0.0, 0.0]],
        _FORWARD,
        [
            (0.00, 0.052, 0.054, 0.054),
            (0.20, 0.057, 0.058, 0.057),
            (0.45, 0.047, 0.051, 0.046),
            (0.70, 0.042, 0.045, 0.042),
            (1.00, 0.037, 0.038, 0.037),
        ],
        rings=20,
        segments=24,
        caps=(0.22, 0.06),
    )
    ends = [(-0.2, 0.16), (0.93, 1.3)]
    builder.add_pair(upper, _chain(upper.along, ["left_collar", "left_shoulder", "left_elbow"], ends))
    builder.add_pair(
        _joint_ball(elbow, (0.036, 0.037, 0.037)),
        {"left_shoulder": 0.5 * ones, "left_elbow": 0.5 * ones},
        _JOINT,
    )
    fore = loft(
        [elbow + [0.018, 0.0, 0.0], wrist + [-0.024, 0.0, 0.0]],
        _FORWARD,
        [
            (0.00, 0.036, 0.037, 0.036),
            (0.22, 0.041, 0.043, 0.041),
            (0.55, 0.034, 0.037, 0.036),
            (1.00, 0.023, 0.029, 0.028),
        ],
        rings=18,
        segments=22,
        caps=(0.08, 0.06),
    )
    ends = [(-0.3, 0.08), (0.94, 1.2)]
    builder.add_pair(fore, _chain(fore.along, ["left_shoulder", "left_elbow", "left_wrist"], ends))
    builder.add_pair(
        _joint_ball(wrist, (0.026, 0.022, 0.026)),
        {"left_elbow": 0.5 * ones, "left_wrist": 0.5 * ones},
        _JOINT,
    )


def _hand(builder: _Builder) -> None:
    wrist = builder.at("left_wrist")
    palm = loft(
        [wrist + [0.010, -0.001, 0.0], wrist + [0.106, 0.001, 0.0]],
        _FORWARD,
        [
            (0.00, 0.016, 0.026, 0.026),
            (0.35, 0.017, 0.036, 0.037),
            (0.75, 0.014, 0.036, 0.043),
            (1.00, 0.011, 0.034, 0.036),
        ],
        rings=14,
        segments=26,
        caps=(0.18, 0.14),
        squareness=2.5,
    )
    ramp = _chain(palm.along, ["left_elbow", "left_wrist"], [(-0.3, 0.12)])
    builder.add_pair(palm, ramp)
    for finger in ("index", "middle", "ring", "pinky", "thumb"):
        _finger(builder, finger)


_FINGER_RADIUS_M = {"index": 9.0, "middle": 9.2, "ring": 8.6, "pinky": 7.6, "thumb": 10.4}


def _finger(builder: _Builder, finger: str) -> None:
    names = [f"left_{finger}{number}" for number in (1, 2, 3)]
    joints = np.array([builder.at(name) for name in names])
    radius = _FINGER_RADIUS_M[finger] / 1000.0
    root_length = 0.030 if finger == "thumb" else 0.018
    first, last = (rotations.normalize(joints[i + 1] - joints[i]) for i in (0, 1))
    spine = np.vstack([joints[0] - root_length * first, joints, joints[2] + 2.6 * radius * last])
    lengths = np.linalg.norm(np.diff(spine, axis=0), axis=-1)
    places = np.cumsum(lengths)[:3] / lengths.sum()
    sections = [(0.0,) + (radius * 1.15,) * 3]
    for place, bulge in zip(places, (1.04, 0.97, 0.90)):
        sections.append((place,) + (radius * bulge,) * 3)
    sections.append((1.0,) + (radius * 0.78,) * 3)
    surface = loft(spine, _FORWARD, sections, rings=18, segments=14, caps=(0.12, 0.14))
    half = 0.35 * radius / lengths.sum() * 2.0
    ramps = [(place - half, place + half) for place in places]
    builder.add_pair(surface, _chain(surface.along, ["left_wrist"] + names, ramps))
