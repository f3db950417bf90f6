"""The pieces of the mannequin: what a sculptor would change.

Every piece is a loft in the model frame of SMPL-X (Y up, facing +Z, the pelvis at the origin).
Hard shells move with one joint and give way a little at their ends; the dark pieces in between
bend over several joints. Left pieces are mirrored to the right.
"""

from enum import IntEnum

import numpy as np

from ..rotations import normalize
from ..skeleton import HEEL_OFFSET_M, Skeleton
from .loft import Surface, ball, loft

_FORWARD = (0.0, 0.0, 1.0)


class Material(IntEnum):
    BODY = 0
    LEFT = 1
    RIGHT = 2
    JOINT = 3
    FACE = 4


class Pieces:
    """Surfaces with weights and materials; what is added for the left side is mirrored to the right."""

    def __init__(self, skeleton: Skeleton):
        self.skeleton = skeleton
        self._pieces: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []
        self._count = 0

    def at(self, name: str) -> np.ndarray:
        return self.skeleton.rest_positions[self.skeleton.index(name)]

    def add(self, surface: Surface, weights: dict[str, np.ndarray], material: Material):
        matrix = np.zeros((len(surface.vertices), self.skeleton.joints))
        for name, values in weights.items():
            matrix[:, self.skeleton.index(name)] += values
        materials = np.full(len(surface.faces), int(material))
        self._pieces.append((surface.vertices, surface.faces + self._count, matrix, materials))
        self._count += len(surface.vertices)

    def add_pair(
        self, surface: Surface, weights: dict[str, np.ndarray], material: Material = Material.LEFT
    ):
        """The surface on the left and its mirror image on the right."""
        self.add(surface, weights, material)
        mirrored = Surface(
            surface.vertices * [-1.0, 1.0, 1.0], _turned_over(surface.faces), surface.along
        )
        swapped = {name.replace("left_", "right_"): values for name, values in weights.items()}
        self.add(mirrored, swapped, Material.RIGHT if material == Material.LEFT else material)

    def joined(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Vertices, faces, weights and face materials of all pieces."""
        return tuple(np.concatenate(arrays) for arrays in zip(*self._pieces))


def _turned_over(faces: np.ndarray) -> np.ndarray:
    """The same faces seen from the other side; triangles keep repeating their last vertex."""
    a, b, c, d = faces.T
    quad = np.stack([a, d, c, b], axis=-1)
    return np.where((c == d)[:, None], np.stack([a, c, b, b], axis=-1), quad)


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


def add_torso(pieces: Pieces) -> None:
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
        rings=16,
        segments=32,
        caps=(0.35, 0.14),
        squareness=2.25,
    )
    y = pelvis.vertices[:, 1]
    pieces.add(pelvis, _chain(y, ["pelvis", "spine1"], [(0.03, 0.16)]), Material.BODY)
    waist = loft(
        [(0, 0.03, -0.012), (0, 0.26, -0.008)],
        _FORWARD,
        [(0.0, 0.124, 0.090, 0.086), (0.5, 0.116, 0.088, 0.082), (1.0, 0.126, 0.094, 0.088)],
        rings=12,
        segments=32,
        caps=(0.1, 0.1),
        squareness=2.2,
    )
    y = waist.vertices[:, 1]
    bends = [(0.03, 0.15), (0.15, 0.25), (0.25, 0.33)]
    pieces.add(waist, _chain(y, ["pelvis", "spine1", "spine2", "spine3"], bends), Material.JOINT)
    _rib_cage(pieces)


def _rib_cage(pieces: Pieces) -> None:
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
        rings=22,
        segments=36,
        caps=(0.16, 0.06),
        squareness=2.35,
    )
    x, y, _ = chest.vertices.T
    spine = _chain(y, ["spine2", "spine3"], [(0.20, 0.32)])
    for side, outward in (("left", x), ("right", -x)):
        share = 0.75 * _ramp(outward, 0.05, 0.16) * _ramp(y, 0.33, 0.42)
        spine[f"{side}_collar"] = share
        spine["spine3"] = spine["spine3"] - share
    pieces.add(chest, spine, Material.BODY)


def add_head(pieces: Pieces) -> None:
    neck = loft(
        [(0, 0.43, -0.030), (0, 0.50, -0.020), (0, 0.60, 0.012)],
        _FORWARD,
        [(0.0, 0.066, 0.060, 0.062), (0.45, 0.054, 0.053, 0.056), (1.0, 0.052, 0.052, 0.054)],
        rings=10,
        segments=24,
        caps=(0.1, 0.2),
    )
    y = neck.vertices[:, 1]
    bends = [(0.44, 0.50), (0.52, 0.58)]
    pieces.add(neck, _chain(y, ["spine3", "neck", "head"], bends), Material.JOINT)
    skull = loft(
        [(0, 0.528, 0.022), (0, 0.600, 0.012), (0, 0.790, 0.006)],
        _FORWARD,
        [
            (0.00, 0.044, 0.050, 0.030),
            (0.14, 0.056, 0.058, 0.060),
            (0.32, 0.069, 0.074, 0.084),
            (0.52, 0.077, 0.084, 0.100),
            (0.72, 0.080, 0.088, 0.108),
            (1.00, 0.078, 0.084, 0.104),
        ],
        rings=26,
        segments=36,
        caps=(0.20, 0.40),
        squareness=2.1,
    )
    face = _sculpted_face()
    ear = loft(
        [(0.073, 0.594, 0.000), (0.080, 0.656, -0.008)],
        _FORWARD,
        [(0.0, 0.010, 0.011, 0.012), (0.6, 0.012, 0.018, 0.019), (1.0, 0.010, 0.016, 0.018)],
        rings=8,
        segments=12,
    )
    pieces.add(skull, {"head": np.ones(len(skull.vertices))}, Material.BODY)
    pieces.add(face, {"head": np.ones(len(face.vertices))}, Material.FACE)
    pieces.add_pair(ear, {"head": np.ones(len(ear.vertices))}, Material.BODY)


def _sculpted_face() -> Surface:
    """A mask before the skull with nose, brow, eye sockets, lips and chin: smooth displacements."""
    face = loft(
        [(0, 0.520, 0.046), (0, 0.600, 0.040), (0, 0.722, 0.026)],
        _FORWARD,
        [
            (0.00, 0.036, 0.050, 0.030),
            (0.20, 0.046, 0.056, 0.030),
            (0.50, 0.060, 0.062, 0.030),
            (0.80, 0.062, 0.066, 0.030),
            (1.00, 0.054, 0.062, 0.030),
        ],
        rings=34,
        segments=52,
        caps=(0.24, 0.26),
        squareness=2.15,
    )
    vertices = face.vertices.copy()
    x, y, z = vertices.T
    nose_height = _ramp(y, 0.588, 0.600) * (1.0 - _ramp(y, 0.604, 0.652))
    relief = 0.022 * nose_height * np.exp(-((x / (0.009 + 0.004 * nose_height)) ** 2))
    relief -= 0.010 * np.exp(-(((np.abs(x) - 0.029) / 0.016) ** 2) - ((y - 0.638) / 0.014) ** 2)
    for depth, centre, half_width, half_height in (
        (0.004, 0.664, 0.045, 0.012),
        (0.004, 0.572, 0.022, 0.009),
        (-0.002, 0.558, 0.020, 0.005),
        (0.006, 0.540, 0.022, 0.014),
    ):
        relief += depth * np.exp(-((x / half_width) ** 2) - ((y - centre) / half_height) ** 2)
    vertices[:, 2] += _ramp(z, 0.05, 0.08) * relief
    return Surface(vertices, face.faces, face.along)


def add_leg(pieces: Pieces) -> None:
    hip, knee, ankle = (pieces.at(f"left_{name}") for name in ("hip", "knee", "ankle"))
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
        rings=18,
        segments=24,
        caps=(0.22, 0.06),
    )
    s = thigh.along
    pieces.add_pair(
        thigh, _chain(s, ["pelvis", "left_hip", "left_knee"], [(-0.3, 0.12), (0.93, 1.3)])
    )
    ones = np.ones(len(_joint_ball(knee).vertices))
    pieces.add_pair(
        _joint_ball(knee, (0.050, 0.052, 0.054)),
        {"left_hip": 0.5 * ones, "left_knee": 0.5 * ones},
        Material.JOINT,
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
        rings=18,
        segments=22,
        caps=(0.06, 0.05),
    )
    s = shin.along
    ends = [(-0.3, 0.07), (0.95, 1.2)]
    pieces.add_pair(shin, _chain(s, ["left_hip", "left_knee", "left_ankle"], ends))


def _joint_ball(
    centre: np.ndarray, radii: tuple[float, float, float] = (0.05, 0.05, 0.05)
) -> Surface:
    return ball(centre, radii, rings=9, segments=18)


def add_foot(pieces: Pieces) -> None:
    ankle, toes = pieces.at("left_ankle"), pieces.at("left_foot")
    floor = ankle[1] + HEEL_OFFSET_M[1]
    ones = np.ones(len(_joint_ball(ankle).vertices))
    weights = {"left_knee": 0.5 * ones, "left_ankle": 0.5 * ones}
    pieces.add_pair(_joint_ball(ankle, (0.037, 0.042, 0.040)), weights, Material.JOINT)
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
        rings=24,
        segments=24,
        caps=(0.16, 0.16),
        squareness=2.3,
    )
    vertices = shoe.vertices.copy()
    vertices[:, 1] = np.maximum(vertices[:, 1], floor)
    forward = (vertices - toes) @ ahead
    shoe = Surface(vertices, shoe.faces, shoe.along)
    pieces.add_pair(shoe, _chain(forward, ["left_ankle", "left_foot"], [(-0.022, 0.022)]))


def add_arm(pieces: Pieces) -> None:
    shoulder, elbow, wrist = (pieces.at(f"left_{n}") for n in ("shoulder", "elbow", "wrist"))
    ones = np.ones(len(_joint_ball(elbow).vertices))
    pieces.add_pair(
        _joint_ball(shoulder + [-0.012, 0.0, 0.0], (0.046, 0.046, 0.046)),
        {"left_collar": 0.6 * ones, "left_shoulder": 0.4 * ones},
        Material.JOINT,
    )
    upper = loft(
        [shoulder + [-0.046, 0.006, 0.0], elbow + [-0.020, 0.0, 0.0]],
        _FORWARD,
        [
            (0.00, 0.054, 0.056, 0.056),
            (0.22, 0.058, 0.059, 0.058),
            (0.48, 0.047, 0.051, 0.046),
            (0.70, 0.042, 0.045, 0.042),
            (1.00, 0.037, 0.038, 0.037),
        ],
        rings=16,
        segments=20,
        caps=(0.22, 0.06),
    )
    ends = [(-0.2, 0.16), (0.93, 1.3)]
    pieces.add_pair(
        upper, _chain(upper.along, ["left_collar", "left_shoulder", "left_elbow"], ends)
    )
    pieces.add_pair(
        _joint_ball(elbow, (0.036, 0.037, 0.037)),
        {"left_shoulder": 0.5 * ones, "left_elbow": 0.5 * ones},
        Material.JOINT,
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
        rings=14,
        segments=20,
        caps=(0.08, 0.06),
    )
    ends = [(-0.3, 0.08), (0.94, 1.2)]
    pieces.add_pair(fore, _chain(fore.along, ["left_shoulder", "left_elbow", "left_wrist"], ends))
    pieces.add_pair(
        _joint_ball(wrist, (0.026, 0.022, 0.026)),
        {"left_elbow": 0.5 * ones, "left_wrist": 0.5 * ones},
        Material.JOINT,
    )


def add_hand(pieces: Pieces) -> None:
    wrist = pieces.at("left_wrist")
    palm = loft(
        [wrist + [0.010, -0.001, 0.0], wrist + [0.106, 0.001, 0.0]],
        _FORWARD,
        [
            (0.00, 0.016, 0.026, 0.026),
            (0.35, 0.018, 0.042, 0.037),
            (0.75, 0.014, 0.038, 0.043),
            (1.00, 0.011, 0.034, 0.036),
        ],
        rings=14,
        segments=26,
        caps=(0.18, 0.14),
        squareness=2.5,
    )
    ramp = _chain(palm.along, ["left_elbow", "left_wrist"], [(-0.3, 0.12)])
    pieces.add_pair(palm, ramp)
    for finger in ("index", "middle", "ring", "pinky", "thumb"):
        _finger(pieces, finger)


_FINGER_RADIUS_MM = {"index": 9.0, "middle": 9.2, "ring": 8.6, "pinky": 7.6, "thumb": 10.4}


def _finger(pieces: Pieces, finger: str) -> None:
    names = [f"left_{finger}{number}" for number in (1, 2, 3)]
    joints = np.array([pieces.at(name) for name in names])
    radius = _FINGER_RADIUS_MM[finger] / 1000.0
    root_length = 0.030 if finger == "thumb" else 0.018
    first, last = (normalize(joints[i + 1] - joints[i]) for i in (0, 1))
    spine = np.vstack([joints[0] - root_length * first, joints, joints[2] + 2.6 * radius * last])
    lengths = np.linalg.norm(np.diff(spine, axis=0), axis=-1)
    places = np.cumsum(lengths)[:3] / lengths.sum()
    bulges = (1.45, 1.35, 1.05, 0.92) if finger == "thumb" else (1.15, 1.05, 0.98, 0.90)
    sections = [(0.0,) + (radius * bulges[0],) * 3]
    for place, bulge in zip(places, bulges[1:]):
        sections.append((place,) + (radius * bulge,) * 3)
    sections.append((1.0,) + (radius * 0.78,) * 3)
    surface = loft(spine, _FORWARD, sections, rings=16, segments=12, caps=(0.12, 0.14))
    half = 0.35 * radius / lengths.sum() * 2.0
    ramps = [(place - half, place + half) for place in places]
    pieces.add_pair(surface, _chain(surface.along, ["left_wrist"] + names, ramps))
