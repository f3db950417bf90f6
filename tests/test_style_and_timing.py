"""Pace, mood and energy: the engine's functions, and their doors on the command line."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from swaying import swaying, walking

from motion_engine import rotations
from motion_engine.cli import main
from motion_engine.command import Command
from motion_engine.contacts import sole_points
from motion_engine.edit.retiming import TimeWarp, ease_of, retimed, retimed_to, warped
from motion_engine.edit.style import MOODS, POSTURES, Style, energetic, in_mood
from motion_engine.errors import LimberError
from motion_engine.motion import Motion
from motion_engine.retarget.mirroring import Reflection, RestBone, channel_signs, other_side
from motion_engine.skeleton import SMPLX

WARPS = st.tuples(
    *(st.floats(-5.0, 5.0), st.floats(0.5, 20.0)), *(st.floats(0.15, 8.0), st.floats(0.0, 1.0))
)


def warp_of(given_values) -> TimeWarp:
    first, length, speed, share = given_values
    return TimeWarp.at_speed(first, first + length, speed, ease_of(length, share * length))


class TestTimeWarp:
    @settings(max_examples=60, deadline=None)
    @given(WARPS)
    def test_there_and_back(self, values):
        warp = warp_of(values)
        times = np.linspace(warp.first - 2.0, warp.last + 2.0, 200)
        new = warp.new(times)
        assert (np.diff(new) > 0.0).all()
        np.testing.assert_allclose(warp.old(new), times, atol=1e-6)
        assert new[0] == times[0]
        np.testing.assert_allclose(new[-1], times[-1] + warp.longer, atol=1e-9)

    @settings(max_examples=10, deadline=None)
    @given(WARPS)
    def test_time_is_the_integral_of_slowness(self, values):
        warp = warp_of(values)

        def slowness(time: float) -> float:
            nearest = min(time - warp.first, warp.last - time)
            t = 1.0 if not warp.ease else min(max(nearest / warp.ease, 0.0), 1.0)
            return 1.0 + (warp.slowness - 1.0) * t * t * (3.0 - 2.0 * t)

        stop = warp.first + 0.77 * (warp.last - warp.first)
        edges = sorted({warp.first + warp.ease, warp.last - warp.ease})
        oracle, _ = quad(slowness, warp.first, stop, points=[e for e in edges if e < stop])
        assert float(warp.new(stop)) == pytest.approx(warp.first + oracle, abs=1e-6)

    def test_a_length_is_met(self):
        warp = TimeWarp.to_length(2.0, 6.0, 7.5, 0.5)
        assert float(warp.new(6.0)) == pytest.approx(9.5) and warp.longer == pytest.approx(3.5)

    @pytest.mark.parametrize("length", [0.1, 100.0])
    def test_impossible_lengths_are_refused(self, length):
        with pytest.raises(LimberError, match="the speed is .*; choose 0.1 to 10"):
            TimeWarp.to_length(0.0, 4.0, length)


class TestRetiming:
    @pytest.mark.parametrize("seconds", [1.0, 2.5, 6.0])
    def test_a_clip_gets_the_length_asked(self, seconds):
        motion = retimed_to(walking(61), seconds)
        assert motion.frames == round(seconds * 30)
        for frame in (0, -1):
            np.testing.assert_allclose(
                motion.joint_positions()[frame], walking(61).joint_positions()[frame], atol=1e-6
            )

    @pytest.mark.parametrize("speed", [0.5, 0.75, 1.5, 2.0])
    def test_planted_soles_go_no_further_than_they_did(self, speed):
        """A made-up walk slides; what counts is that its soles take the same way as before."""
        motion = walking(91)
        soles = [sole_points(m) for m in (motion, retimed(motion, speed))]
        ways = [np.linalg.norm(np.diff(s, axis=0), axis=-1).sum(0) for s in soles]
        assert (ways[1] <= 1.002 * ways[0]).all()

    def test_a_stretch_changes_its_pace_without_a_jump(self):
        motion = walking(121)
        slowed = warped(motion, TimeWarp.at_speed(1.0, 3.0, 0.5, 0.3))
        np.testing.assert_allclose(
            slowed.root_positions[:31], motion.root_positions[:31], atol=1e-9
        )
        speed = np.linalg.norm(np.diff(slowed.root_positions, axis=0), axis=-1) * 30.0
        assert speed.min() == pytest.approx(0.6, abs=0.01)
        assert np.abs(np.diff(speed)).max() < 0.12


class TestMood:
    @pytest.mark.parametrize("mood", MOODS)
    def test_only_the_upper_body_changes(self, mood):
        motion = swaying(60)
        moody = in_mood(motion, mood)
        changed = (moody.local_rotations != motion.local_rotations).any((0, 2))
        names = {SMPLX.names[joint] for joint in np.flatnonzero(changed)}
        assert names and not any(
            part in name for name in names for part in ("hip", "knee", "ankle", "foot", "pelvis")
        )
        np.testing.assert_array_equal(moody.root_positions, motion.root_positions)
        np.testing.assert_array_equal(moody.contacts, motion.contacts)
        np.testing.assert_allclose(np.linalg.norm(moody.local_rotations, axis=-1), 1.0, atol=1e-9)

    def test_sadness_bows_and_pride_lifts_the_head(self):
        still = Motion.standing(30)
        head = SMPLX.index("head")

        def gaze(motion: Motion) -> float:
            return rotations.rotate(motion.world_rotations()[0, head], np.array([0.0, 0.0, 1.0]))[2]

        assert gaze(in_mood(still, "sad")) < -0.3 < gaze(still) < gaze(in_mood(still, "proud"))

    def test_anger_bends_the_elbows_but_not_bent_ones(self):
        still = Motion.standing(30)
        elbow = SMPLX.index("left_elbow")
        local = still.local_rotations.copy()
        local[:, elbow] = rotations.about("y", -np.radians(138.0))
        bent = replace(still, local_rotations=local)
        for motion, least, most in ((still, 24.0, 28.0), (bent, -1.0, 2.0)):
            angles = [rotations.angle(m.local_rotations[0, elbow])
                      for m in (motion, in_mood(motion, "angry"))]  # fmt: skip
            assert least < np.degrees(angles[1] - angles[0]) < most


class TestStyle:
    def test_plain_style_changes_nothing(self):
        motion, command = swaying(30), Command("walk", 2.0)
        assert Style().is_plain and Style().asked(command) is command
        assert Style().applied(motion) is motion

    @pytest.mark.parametrize("mood", ["", *MOODS])
    @pytest.mark.parametrize("speed", [0.5, 0.9, 1.0, 1.7, 2.0])
    def test_what_is_asked_for_fills_the_time(self, mood, speed):
        style = Style(mood, 1.2, speed)
        seconds = style.asked(Command("walk", 3.0)).seconds
        made = style.applied(swaying(round(seconds * 30.0)))
        assert 90 <= made.frames <= 97
        assert style.pace == speed * (POSTURES[mood].tempo if mood else 1.0)

    @pytest.mark.parametrize("style", [{"mood": "blue"}, {"energy": 3.0}, {"speed": 0.1}])
    def test_what_is_out_of_range_is_said(self, style):
        with pytest.raises(LimberError, match="choose"):
            Style(**style)

    def test_too_much_motion_is_refused(self):
        with pytest.raises(LimberError, match=r"40 seconds are too long .*ask for 30.0 at most"):
            Style(speed=2.0).asked(Command("walk", 40.0))


class TestReflection:
    @settings(max_examples=30, deadline=None)
    @given(st.integers(0, 10_000))
    def test_a_pose_becomes_its_mirror_image_whatever_the_rest_axes(self, seed):
        """Oracle: matrices. M (R Q R^-1) M is the same turn of the partner: R' Q' R'^-1."""
        rng = np.random.default_rng(seed)
        axes = rotations.to_matrix(rotations.normalize(rng.normal(size=(2, 4))))
        bones = [RestBone(str(i), a, np.zeros(3), np.ones(3)) for i, a in enumerate(axes)]
        reflection, mirror = Reflection.between(*bones), np.diag([-1.0, 1.0, 1.0])
        turn = rotations.normalize(rng.normal(size=(1, 4)))
        move = rng.normal(size=(1, 3))
        pose = axes[0] @ rotations.to_matrix(turn)[0] @ axes[0].T
        found = axes[1] @ rotations.to_matrix(reflection.turns(turn))[0] @ axes[1].T
        np.testing.assert_allclose(found, mirror @ pose @ mirror, atol=1e-9)
        np.testing.assert_allclose(
            axes[1] @ reflection.locations(move)[0], mirror @ axes[0] @ move[0], atol=1e-9
        )

    @pytest.mark.parametrize("channel, signs", [
        ("location", [-1, 1, 1]), ("rotation_euler", [1, -1, -1]), ("scale", [1, 1, 1]),
        ("rotation_quaternion", [1, 1, -1, -1]),
    ])  # fmt: skip
    def test_blender_s_own_symmetry_is_a_matter_of_signs(self, channel, signs):
        bone = RestBone("b", np.eye(3), np.zeros(3), np.ones(3))
        reflection = Reflection.between(bone, bone)
        np.testing.assert_array_equal(channel_signs(reflection.signs, channel), signs)

    @pytest.mark.parametrize("name, other", [
        ("LeftArm", "RightArm"), ("mixamorig:RIGHTHand", "mixamorig:LEFTHand"), ("arm_l", "arm_r"),
        ("hand.R.001", "hand.L.001"), ("ik_left", "ik_right"), ("spine", "spine"),
    ])  # fmt: skip
    def test_names_change_sides(self, name, other):
        assert other_side(name) == other and other_side(other) == name


class TestCommandLine:
    @pytest.fixture
    def clip(self, tmp_path):
        walking(91).save(tmp_path / "clip.npz")
        return tmp_path / "clip.npz"

    def edited(self, clip, *options) -> Motion:
        out = clip.with_name("out.npz")
        assert main(["edit", str(clip), *map(str, options), "--out", str(out)]) == 0
        return Motion.load(out)

    def test_a_length_and_a_range_are_retimed(self, clip):
        assert self.edited(clip, "--length", 2).frames == 60
        assert self.edited(clip, "--speed", 2, "--range", "1:2").frames == pytest.approx(80, abs=4)
        longer = self.edited(clip, "--length", 2, "--range", "1:2")
        assert longer.frames == 121

    def test_a_mood_keeps_what_it_does_not_move(self, clip):
        with np.load(clip) as old:
            before = old["poses"]
        self.edited(clip, "--mood", "sad", "--energy", 0.8)
        with np.load(clip.with_name("out.npz")) as new:
            after = new["poses"]
        legs = [3 * SMPLX.index(f"left_{j}") + i for j in ("hip", "knee") for i in range(3)]
        np.testing.assert_array_equal(after[:, legs], before[:, legs])
        assert not np.array_equal(after, before)

    def test_parts_are_taken_in_part(self, clip):
        other = clip.with_name("other.npz")
        replace(swaying(91), root_positions=walking(91).root_positions).save(other)
        wrist = SMPLX.index("left_elbow")
        angles = [
            rotations.angle(
                self.edited(clip, "--take", f"left_arm={other}", "--weight", w)
                .local_rotations[:, wrist]
            ).max()
            for w in (0.5, 1.0)
        ]  # fmt: skip
        assert angles[0] == pytest.approx(0.5 * angles[1], rel=0.02) and angles[1] > 0.05

    @pytest.mark.parametrize("options", [
        ["--speed", "2", "--length", "2"], ["--weight", "0.5", "--mirror"],
        ["--take", "head=clip.npz", "--weight", "0"], ["--mood", "blue"], ["--energy", "9"],
        ["--speed", "2", "--range", "2:9"], ["--length", "200"], ["--mood", "sad", "--speed", "2"],
    ])  # fmt: skip
    def test_bad_input_is_one_line(self, clip, options, capsys, monkeypatch):
        monkeypatch.chdir(clip.parent)
        assert main(["edit", "clip.npz", *options, "--out", "out.npz"]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
        assert not clip.with_name("out.npz").exists()

    def test_a_new_motion_in_a_style(self, tmp_path, capsys):
        given = ["generate", "a person walks", "--seconds", "1.5", "--model", "debug"]
        style = ["--mood", "sad", "--speed", "1.3", "--energy", "0.9"]
        plain, styled = tmp_path / "plain.npz", tmp_path / "styled.npz"
        assert main([*given, "--out", str(plain)]) == main([*given, *style, "--out", str(styled)])
        assert Motion.load(styled).frames == Motion.load(plain).frames == 45
        assert main([*given, *style, "--loop", "--out", str(plain)]) == 0
        assert Motion.load(plain).frames == 46

    def test_words_that_were_not_taught_are_noted(self, tmp_path, capsys):
        out = tmp_path / "x.npz"
        given = ["generate", "a person surfs", "--seconds", "0.5", "--model", "debug"]
        assert main([*given, "--out", str(out)]) == 0
        assert "limber: not taught: surfs; similar words must do" in capsys.readouterr().err


def test_energy_of_one_is_the_clip_itself():
    motion = swaying(40)
    again = energetic(motion, 1.0)
    same = np.abs((again.local_rotations * motion.local_rotations).sum(-1))
    np.testing.assert_allclose(same, 1.0, atol=1e-9)
