"""Adherence predicates against recorded clips whose descriptions tell what they show."""

import tarfile
from pathlib import Path

import pytest

from motion_engine.formats.importer import import_motion
from motion_engine.motion import Motion, mirror
from training.adherence.predicates import holds, mirrored

pytestmark = pytest.mark.data

FORWARD = {"travels": {"direction": "forward", "min_m": 2.0}}
ANY_LIMB = [
    {"kicks": {"side": "either"}},
    {"lifts_knee": {"side": "either"}},
    {"waves": {"side": "either"}},
    {"punches": {"side": "either"}},
    {"hand_above": {"side": "either", "of": "shoulder"}},
]
WALK = (
    [FORWARD, {"steps": {"at_least": 4}}, {"speed": {"min_m_s": 0.7, "max_m_s": 1.7}}],
    [{"jumps": {}}, {"squats": {}}, {"nods": {}}, {"shakes_head": {}}, {"claps": {}},
     {"travels": {"direction": "backward"}}, {"stands_still": {}}, *ANY_LIMB],
)  # fmt: skip
RUN = ([FORWARD, {"speed": {"min_m_s": 2.0}}], [{"jumps": {}}, *ANY_LIMB])
IDLE = (
    [{"stands_still": {}}, {"arm_stays_down": {"side": "both"}}],
    [{"steps": {}}, {"moves": {"min_m": 0.5}}, {"nods": {"at_least": 2}}, *ANY_LIMB[:4]],
)
CLIPS = {  # archive -> file -> (predicates that hold, predicates that do not)
    "cmu_motionbuilder": {
        "08_03": WALK,  # "walk"
        "16_15": WALK,  # "walk"
        "12_01": WALK,  # "walk"
        "35_01": WALK,  # "walk"
        "35_17": RUN,  # "run/jog"
        "35_22": RUN,  # "run/jog"
        "10_03": (  # "soccer - kick ball"
            [{"kicks": {"side": "right", "count": 1}}],
            [{"kicks": {"side": "left"}}, {"punches": {"side": "either"}}],
        ),
        "49_03": ([{"jumps": {"at_least": 5}}], [{"steps": {"at_least": 4}}]),  # "jump up and down"
    },
    "cmu_actions": {
        "train_jumping_5": ([{"jumps": {"count": 1}}], [{"kicks": {"side": "either"}}]),
        "train_soccer_4": ([{"kicks": {"side": "right"}}], [{"kicks": {"side": "left"}}]),
    },
    "mesh2motion_bvh": {
        "bow": ([{"torso_leans": {"direction": "forward", "min_degrees": 30}}], [{"nods": {}}]),
        "head-nod": ([{"nods": {}}], [{"shakes_head": {}}, *ANY_LIMB]),
        "reject": ([{"shakes_head": {}}], [{"nods": {}}]),
        "fighting-left-jab": ([{"punches": {"side": "left"}}], [{"punches": {"side": "right"}}]),
        "fighting-right-jab": ([{"punches": {"side": "right"}}], [{"punches": {"side": "left"}}]),
    },
    "animated_drawings_bvh": {
        "wave_hello": (
            [{"waves": {"side": "right"}}, {"hand_above": {"side": "right", "of": "chest"}}],
            [{"waves": {"side": "left"}}, {"claps": {}}, {"steps": {}}],
        ),
    },
    "reactidle_bvh": {"001_acted": IDLE},
}


@pytest.fixture(scope="module", params=CLIPS)
def clips(request, data_folder, tmp_path_factory) -> dict[str, Motion]:
    """The motions of one archive by name."""
    archive, folder = request.param, tmp_path_factory.mktemp(request.param)
    motions = {}
    with tarfile.open(data_folder / "mocap" / f"{archive}.tar.xz") as tar:
        for member in tar:
            name = Path(member.name)
            if name.stem in CLIPS[archive] and name.suffix == ".bvh":
                file = folder / name.name
                file.write_bytes(tar.extractfile(member).read())
                motion = import_motion(file)
                motions[name.stem] = motion.cut(0, min(motion.frames, 300))
    assert motions.keys() == CLIPS[archive].keys()
    return motions


def test_real_clips_do_what_their_descriptions_say(clips, request):
    expected = CLIPS[request.node.callspec.params["clips"]]
    wrong = []
    for name, motion in clips.items():
        does, does_not = expected[name]
        reflected = mirror(motion)
        for predicates, wanted in ((does, True), (does_not, False)):
            for predicate in predicates:
                if holds(predicate, motion) != wanted:
                    wrong.append((name, predicate, wanted))
                if holds(mirrored(predicate), reflected) != wanted:
                    wrong.append((name, "mirrored", predicate, wanted))
    assert wrong == []
