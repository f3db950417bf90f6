"""One limb made anew: everything else of the file stays to the bit, and the edges are smooth."""

import tarfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from swaying import swaying

import motion_engine
from motion_engine import cli, rotations
from motion_engine.edit.curves import resampled
from motion_engine.finish.clip import read_clip
from motion_engine.finish.region import edited_region, part_joints, spliced
from motion_engine.formats.bvh import read_bvh, write_bvh
from motion_engine.generation.action_plan import PlannedAction
from motion_engine.generation.control import LOCK_LOOKAHEAD
from motion_engine.generation.generate import generate_codes
from motion_engine.generation.part_edit import edit_parts, edit_prompt
from motion_engine.generation.prompt import FREE
from motion_engine.models.model import decoded_motions
from motion_engine.motion import Motion, resample
from motion_engine.parts import resolve_parts
from motion_engine.skeleton import SMPLX

BODY_PARTS = ("root", "torso", "head", "left_arm", "right_arm", "left_leg", "right_leg")


def limber(*arguments: object) -> int:
    try:
        return cli.main([str(argument) for argument in arguments])
    except SystemExit as stop:
        return int(stop.code or 0)


@pytest.fixture(scope="module")
def model():
    return motion_engine.load("debug")


@settings(max_examples=20)
@given(
    parts=st.lists(st.sampled_from(BODY_PARTS), min_size=1, max_size=3, unique=True),
    ends=st.tuples(st.integers(0, 80), st.integers(0, 80)).filter(lambda e: abs(e[0] - e[1]) > 5),
    fps=st.sampled_from([24.0, 30.0, 60.0]),
)
def test_outside_the_region_everything_is_the_same_to_the_bit(parts, ends, fps):
    original, edited = swaying(81, fps), swaying(81, fps, seed=1)
    start, stop = min(ends) / fps, max(ends) / fps
    region = edited_region(tuple(parts), start, stop, 81, fps)
    result = spliced(original, edited, region)
    joints = [j for j in range(SMPLX.joints) if j not in region.joints]
    outside = np.r_[0 : min(ends) + (min(ends) > 0), max(ends) : 81]
    if max(ends) == 80:
        outside = outside[outside < 80]
    if min(ends) == 0:
        outside = outside[outside > 0]
    same = np.array_equal
    assert same(result.local_rotations[:, joints], original.local_rotations[:, joints])
    assert same(result.local_rotations[outside], original.local_rotations[outside])
    assert same(result.root_positions[outside], original.root_positions[outside])
    if "root" not in parts:
        assert same(result.root_positions, original.root_positions)
    middle = (min(ends) + max(ends)) // 2
    inside = list(part_joints(tuple(parts)))
    taken = np.abs((result.local_rotations * edited.local_rotations).sum(-1))[middle, inside]
    assert region.weights[middle] == pytest.approx(1.0) and taken == pytest.approx(1.0)


def test_edges_are_feathered_without_a_jump_in_speed():
    """Sampled ever finer, the steps of the speed vanish, as they do within a smooth curve."""
    fps = 480.0
    original, edited = swaying(1440, fps), swaying(1440, fps, seed=1)
    result = spliced(original, edited, edited_region(("left_arm",), 1.0, 2.0, 1440, fps))
    local = result.local_rotations[:, SMPLX.index("left_shoulder")]
    speeds = rotations.to_axis_angle(rotations.multiply(rotations.conjugate(local[:-1]), local[1:]))
    jumps = np.linalg.norm(np.diff(speeds, axis=0), axis=-1)
    assert jumps.max() < 0.1 * np.linalg.norm(speeds, axis=-1).max()


@pytest.mark.parametrize("wrong", [(3.0, 4.0), (2.0, 1.0), (0.0, 9.0), (1.0, 1.01)])
def test_a_range_must_lie_in_the_clip(wrong):
    with pytest.raises(motion_engine.LimberError, match="range"):
        edited_region(("head",), *wrong, 90, 30.0)


def test_an_edit_hears_nothing_of_the_clip(model):
    """What the model hears, it goes on with: beside a body that walks on, it does not wave."""
    for first, stop in ((0, 80), (21, 60)):
        command = motion_engine.Command("wave", seed=4)
        prompt, heard = edit_prompt(swaying(80), ("left_arm",), command, model, first, stop)
        plain = model.prompt(replace(command, seconds=(stop - first) / 30))
        assert heard == 0 and prompt.given is None and prompt.words_lead
        np.testing.assert_array_equal(prompt.control, plain.control)


class Planning:
    """The debug model with a plan of one action for every text, which it does not hear."""

    def __init__(self, model, verb):
        self.model, self.action = model, PlannedAction((verb,), 0.2, 1.0)

    def __getattr__(self, name):
        return getattr(self.model, name)

    def prompt(self, command):
        return replace(self.model.prompt(command), plan=(self.action,))

    def with_plan(self, prompt, actions):
        return replace(prompt, plan=tuple(actions))


def test_legs_that_are_to_walk_hear_their_stride(model):
    motion, planning = swaying(80), Planning(model, "walk")
    command = motion_engine.Command("walk on")
    prompt, heard = edit_prompt(motion, ("root", "left_leg"), command, planning, 30, 61)
    assert heard == 16 and prompt.words_lead
    assert prompt.plan[0].start == pytest.approx(0.2 + 16 / 30)
    known = model.encode(motion.cut(14, 61)).T[:4]
    np.testing.assert_array_equal(prompt.given[:4], known)
    assert (prompt.given[4:] == FREE).all() and len(prompt.given) == 12
    locks = prompt.control[:, model.control.slices["locks"]].reshape(12, model.control.parts, -1)
    is_told = locks[..., 0] == 1.0
    np.testing.assert_array_equal(is_told.all(1), np.arange(12) + LOCK_LOOKAHEAD < 4)
    np.testing.assert_array_equal(is_told.any(1), is_told.all(1))
    made = np.concatenate([codes for codes, _ in generated(model, prompt)])
    np.testing.assert_array_equal(made[:4], known)


@pytest.mark.parametrize(
    "parts, verb, first",
    [(("left_arm",), "walk", 30), (("root", "left_leg"), "kick", 30), (("root",), "walk", 2)],
)
def test_others_hear_no_stride(model, parts, verb, first):
    asked = motion_engine.Command("go"), Planning(model, verb), first, 61
    prompt, heard = edit_prompt(swaying(80), parts, *asked)
    assert heard == 0 and prompt.given is None


def test_an_arm_keeps_its_way_before_another_collar(model):
    """The collars are the torso's: an arm that is raised with them would hang lower without."""
    motion = swaying(60)
    command = motion_engine.Command("wave", seconds=2.0)
    (edited,) = edit_parts(motion, ("left_arm",), [command], model)
    prompt, _ = edit_prompt(motion, ("left_arm",), command, model, 0, 60)
    (made,) = decoded_motions([prompt], model)
    chest, shoulder = SMPLX.index("spine3"), SMPLX.index("left_shoulder")
    ways = []
    for clip in (edited, made):
        world = clip.world_rotations()
        ways.append(rotations.multiply(rotations.conjugate(world[:, chest]), world[:, shoulder]))
    assert (
        np.degrees(rotations.angle(rotations.multiply(rotations.conjugate(ways[0]), ways[1])).max())
        < 1e-4
    )
    others = [j for j in range(SMPLX.joints) if j not in part_joints(("left_arm",))]
    np.testing.assert_array_equal(
        edited.local_rotations[:, others], motion.local_rotations[:, others]
    )


def test_legs_end_where_the_clip_goes_on(model):
    motion = swaying(90)
    parts = resolve_parts(["legs"])
    (edited,) = edit_parts(motion, parts, [motion_engine.Command("step")], model, 30, 60)
    for frame in (30, 59):
        away = edited.root_positions[frame, :2] - motion.root_positions[frame, :2]
        assert np.abs(away).max() < 1e-9


def test_an_edit_may_be_as_short_as_two_frames(model):
    (edited,) = edit_parts(swaying(60), ("head",), [motion_engine.Command("nod")], model, 20, 22)
    assert edited.frames == 60


def generated(model, prompt):
    yield from generate_codes(model.new_runtime(), [prompt], model.control, 7.5)


def stride(model, frames=44):
    asked = motion_engine.Command("walk"), Planning(model, "walk"), 8, frames
    return edit_prompt(swaying(frames), ("root", "left_leg"), *asked)[0]


def test_a_prompt_does_not_depend_on_its_batch(model):
    edit, plain = stride(model), motion_engine.Command("walk", seconds=2.0, seed=3)
    together = [codes for codes, _ in generate_codes(
        model.new_runtime(), [edit, plain], model.control, 7.5
    )]  # fmt: skip
    alone = np.concatenate([codes for codes, _ in generated(model, edit)])
    np.testing.assert_array_equal(np.stack(together)[: len(alone), 0], alone)


@pytest.mark.torch
def test_both_runtimes_make_the_same_of_given_codes(model):
    pytest.importorskip("torch")
    other = motion_engine.load("debug", runtime="torch")
    prompt = stride(model)
    one, two = (np.concatenate([c for c, _ in generated(m, prompt)]) for m in (model, other))
    assert (one == two).mean() > 0.99


class TestFiles:
    """The doors: files in, files out, with the tiny debug model."""

    @pytest.fixture
    def amass(self, tmp_path):
        """An SMPL-H clip at 120 fps, single precision, with arrays of other programs."""
        motion = swaying(240, 120.0)
        body = np.r_[0:22, 25:55]
        path = tmp_path / "clip.npz"
        np.savez(
            path,
            poses=rotations.to_axis_angle(motion.local_rotations[:, body])
            .reshape(240, -1)
            .astype(np.float32),
            trans=(motion.root_positions - SMPLX.offsets[0]).astype(np.float32),
            mocap_framerate=np.float64(120.0),
            betas=np.linspace(-2.0, 2.0, 16),
            gender=np.array("female"),
            dmpls=np.random.default_rng(0).normal(size=(240, 8)),
        )
        return path

    def test_an_arm_of_an_npz(self, amass, tmp_path, capsys):
        out = tmp_path / "new.npz"
        assert limber("edit", amass, "--part", "right_arm=wave", "--range", "0.5:1.5",
                      "--model", "debug", "--out", out) == 0  # fmt: skip
        assert "240 frames, 2.0 s" in capsys.readouterr().out
        with np.load(amass) as old, np.load(out) as new:
            assert set(old.files) == set(new.files)
            for name in set(old.files) - {"poses"}:
                assert old[name].tobytes() == new[name].tobytes()
                assert old[name].dtype == new[name].dtype
            before, after = (file["poses"].reshape(240, -1, 3) for file in (old, new))
        arm = list(part_joints(("right_arm",)))
        others = [j for j in range(52) if j not in arm]
        assert after.dtype == np.float32 and np.array_equal(before[:, others], after[:, others])
        outside = np.r_[0:61, 180:240]
        assert np.array_equal(before[outside], after[outside])
        assert np.abs(after - before)[61:180][:, arm].max() > 0.1

    def test_a_picture_shows_the_clip_above_the_take(self, amass, tmp_path, capsys):
        image = pytest.importorskip("PIL.Image")
        out = tmp_path / "new.png"
        assert limber("edit", amass, "--part", "right_arm=wave", "--range", "0.5:1.5",
                      "--model", "debug", "--out", out) == 0  # fmt: skip
        with image.open(out) as picture:
            width, height = picture.size
            pixels = np.asarray(picture).astype(int)
        above, below = pixels[40 : height // 2 - 30], pixels[height // 2 + 30 : height - 40]
        assert above.std() > 5.0 and below.std() > 5.0
        arm = slice(width // 3, 2 * width // 3)
        assert np.abs(above[:200, arm] - below[:200, arm]).max() > 50

    @pytest.mark.parametrize("verb", ["--part", "--continue"])
    def test_smpl_rows_of_24_joints(self, verb, tmp_path, capsys):
        """The last two joints of SMPL, its hands, are none of ours: they stay, then hold."""
        motion, path, out = swaying(90), tmp_path / "clip.npz", tmp_path / "new.npz"
        poses = rotations.to_axis_angle(motion.local_rotations[:, :22]).reshape(90, -1)
        hands = np.random.default_rng(0).normal(size=(90, 6))
        np.savez(path, poses=np.column_stack([poses, hands]), trans=motion.root_positions,
                 mocap_framerate=30.0)  # fmt: skip
        what = {
            "--part": ["left_arm=wave", "--range", "1:2"],
            "--continue": ["sit", "--seconds", 1],
        }
        assert limber("edit", path, verb, *what[verb], "--model", "debug", "--out", out) == 0
        with np.load(path) as old, np.load(out) as new:
            before, after = old["poses"], new["poses"]
        kept = np.r_[0:31, 60:90] if verb == "--part" else np.arange(90)
        assert np.array_equal(before[kept], after[kept]) and np.array_equal(after[:90, 66:], hands)
        made = slice(31, 60) if verb == "--part" else slice(90, 120)
        assert np.abs(np.diff(after[made, :66], axis=0)).max() > 1e-3
        assert len(after) == (90 if verb == "--part" else 120)

    @pytest.mark.parametrize("verb", ["--part", "--continue"])
    def test_what_amass_says_twice_is_written_twice(self, verb, tmp_path, capsys):
        motion, path, out = swaying(90), tmp_path / "clip.npz", tmp_path / "new.npz"
        poses = rotations.to_axis_angle(motion.local_rotations).reshape(90, -1)
        edges = {"root_orient": (0, 3), "pose_body": (3, 66), "pose_jaw": (66, 69),
                 "pose_eye": (69, 75), "pose_hand": (75, 165)}  # fmt: skip
        parts = {name: poses[:, start:stop] for name, (start, stop) in edges.items()}
        np.savez(path, poses=poses, trans=motion.root_positions, mocap_frame_rate=30.0, **parts)
        what = {"--part": ["legs=step", "--range", "1:2"], "--continue": ["sit", "--seconds", 1]}
        assert limber("edit", path, verb, *what[verb], "--model", "debug", "--out", out) == 0
        with np.load(out) as new:
            for name, (start, stop) in edges.items():
                assert np.array_equal(new[name], new["poses"][:, start:stop]), name

    def test_legs_take_root_and_contacts_along(self, tmp_path, capsys):
        swaying(75).save(tmp_path / "clip.npz")
        out = tmp_path / "new.npz"
        assert limber("edit", tmp_path / "clip.npz", "--part", "legs=step aside", "--range", "1:2",
                      "--model", "debug", "--out", out) == 0  # fmt: skip
        with np.load(tmp_path / "clip.npz") as old, np.load(out) as new:
            outside = np.r_[0:31, 60:75]
            for name in ("poses", "trans", "contacts", "joint_positions"):
                assert np.array_equal(old[name][outside], new[name][outside]), name
            assert not np.array_equal(old["trans"], new["trans"])
        found = Motion.load(out)
        with np.load(out) as new:
            np.testing.assert_allclose(new["joint_positions"], found.joint_positions(), atol=1e-5)

    def test_an_arm_of_a_bvh_keeps_every_other_number(self, tmp_path, capsys):
        path, out = tmp_path / "clip.bvh", tmp_path / "new.bvh"
        write_bvh(swaying(60), path)
        assert limber("edit", path, "--part", "left_arm=wave", "--range", "0.5:1.5",
                      "--model", "debug", "--out", out) == 0  # fmt: skip
        old, new = (p.read_text().split("\n") for p in (path, out))
        header = next(i for i, line in enumerate(old) if line.startswith("Frame Time")) + 1
        assert old[:header] == new[:header] and len(old) == len(new)
        order = list(read_bvh(path).skeleton.names)
        joints = [order.index(SMPLX.names[j]) for j in part_joints(("left_arm",))]
        arm = np.concatenate([3 + 3 * j + np.arange(3) for j in joints])
        before, after = (np.array([line.split() for line in f[header:-1]]) for f in (old, new))
        changed = before != after
        assert not changed[:, np.setdiff1d(np.arange(changed.shape[1]), arm)].any()
        assert not changed[:16].any() and not changed[45:].any()
        assert changed[20:40].any()

    @pytest.mark.parametrize(
        "arguments",
        [
            ["--part", "left_arm=wave", "--range", "5:6"],
            ["--part", "left_arm=wave", "--range", "1.5:0.5"],
            ["--part", "left_arm=wave", "--range", "half"],
            ["--part", "left_arm"],
            ["--part", "left_arm="],
            ["--part", "tail=wag"],
            ["--part", "left_arm=wave", "--part", "left_arm=point"],
            [],
        ],
    )
    def test_bad_input_is_one_line_and_leaves_nothing(self, arguments, tmp_path, capsys):
        swaying(60).save(tmp_path / "clip.npz")
        out = tmp_path / "new.npz"
        assert limber("edit", tmp_path / "clip.npz", *arguments, "--model", "debug",
                      "--out", out) == 2  # fmt: skip
        said = capsys.readouterr()
        assert said.out == "" and said.err.startswith("limber: ") and said.err.count("\n") == 1
        assert not out.exists()

    def test_a_limb_without_animation_is_said(self, tmp_path, capsys):
        motion = swaying(30)
        poses = rotations.to_axis_angle(motion.local_rotations[:, :22]).reshape(30, -1)
        np.savez(tmp_path / "c.npz", poses=poses, trans=motion.root_positions, mocap_framerate=30.0)
        assert limber("edit", tmp_path / "c.npz", "--part", "left_hand=fist", "--model", "debug",
                      "--out", tmp_path / "x.npz") == 2  # fmt: skip
        assert "no animation of left_index1" in capsys.readouterr().err


@pytest.mark.data
@pytest.mark.parametrize("parts", [("left_arm",), ("legs",), ("torso", "head")])
def test_a_real_bvh_of_another_skeleton(data_folder, tmp_path, parts):
    """Unchanged edits of a CMU clip give it back; changed ones turn its bones as ours turn."""
    with tarfile.open(data_folder / "mocap" / "cmu_motionbuilder.tar.xz", "r|xz") as tar:
        for member in tar:
            if member.name.endswith("motionbuilder/08_01.bvh"):
                (tmp_path / "walk.bvh").write_bytes(tar.extractfile(member).read())
                break
    clip = read_clip(tmp_path / "walk.bvh")
    region = edited_region(resolve_parts(list(parts)), 0.4, 2.0, clip.motion.frames, 120.0)
    clip.check(region)
    engine = clip.at_engine_rate
    clip.write(clip.edited(engine, region), region, tmp_path / "same.bvh")
    before, after = read_bvh(tmp_path / "walk.bvh"), read_bvh(tmp_path / "same.bvh")
    turns = rotations.multiply(rotations.conjugate(before.local_rotations), after.local_rotations)
    assert np.degrees(rotations.angle(turns)).max() < 0.01
    turn = rotations.about("y", 0.3)
    local = engine.local_rotations.copy()
    local[:, list(region.joints)] = rotations.multiply(local[:, list(region.joints)], turn)
    edited = clip.edited(Motion(engine.root_positions, local, engine.contacts), region)
    clip.write(edited, region, tmp_path / "turned.bvh")
    found = resampled(read_clip(tmp_path / "turned.bvh").at_engine_rate, 30.0, engine.frames)
    wanted = resample(edited, 30.0)
    middle = slice(25, 45)
    apart = rotations.multiply(
        rotations.conjugate(found.world_rotations()), wanted.world_rotations()
    )[middle][:, [j for j in region.joints if j < 22 and "spine" not in SMPLX.names[j]]]
    assert np.degrees(rotations.angle(apart)).max() < 2.5
