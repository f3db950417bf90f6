"""Placing, joining, looping, leading along paths, retiming: Motion to Motion."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicHermiteSpline
from swaying import accelerations, swaying, walking

from motion_engine import rotations
from motion_engine.contacts import sole_points
from motion_engine.edit.curves import resampled, sampled, smooth_step
from motion_engine.edit.joining import concatenated, eased_in, eased_out, stitched
from motion_engine.edit.looping import looped
from motion_engine.edit.placing import bent, place_at, placed, places
from motion_engine.edit.retiming import retimed
from motion_engine.edit.root_path import RootPath, along_path
from motion_engine.edit.style import energetic
from motion_engine.errors import LimberError
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX

PLACE = st.tuples(*[st.floats(-3.0, 3.0)] * 3)


def steps(motion: Motion) -> np.ndarray:
    """Angles ``[F - 1, J]`` from frame to frame."""
    local = motion.local_rotations
    return rotations.angle(rotations.multiply(rotations.conjugate(local[:-1]), local[1:]))


class TestCurves:
    def test_a_smooth_step_has_no_jump_in_speed_or_acceleration(self):
        t = np.linspace(-0.5, 1.5, 4001)
        value = smooth_step(t)
        speed = np.gradient(value, t)
        assert value[0] == 0.0 and value[-1] == 1.0
        assert np.abs(np.diff(speed)).max() < 0.01
        assert np.abs(np.diff(np.gradient(speed, t))).max() < 0.1

    def test_own_frames_are_kept(self):
        motion = swaying(40)
        same = sampled(motion, np.arange(40) / 30.0, 30.0)
        np.testing.assert_array_equal(same.root_positions, motion.root_positions)
        again = resampled(resampled(motion, 120.0, 157), 30.0, 40)
        assert rotations.angle(
            rotations.multiply(rotations.conjugate(again.local_rotations), motion.local_rotations)
        ).max() < 1e-6  # fmt: skip

    def test_between_frames_it_is_the_spline_of_scipy(self):
        motion = swaying(20)
        t = np.linspace(0.1, 0.5, 33)
        root, times = motion.root_positions, np.arange(20) / 30.0
        tangents = np.gradient(root, axis=0) * 30.0
        oracle = CubicHermiteSpline(times, root, tangents)(t)
        np.testing.assert_allclose(sampled(motion, t, 80.0).root_positions, oracle, atol=1e-12)


class TestPlacing:
    @settings(max_examples=25)
    @given(place=PLACE, frame=st.integers(0, 29))
    def test_moving_as_a_whole_keeps_every_distance(self, place, frame):
        motion = swaying(30)
        moved = placed(motion, frame, place)
        x, y, heading = place_at(moved, frame)
        assert (x, y) == pytest.approx(place[:2], abs=1e-9)
        assert np.cos(heading - place[2]) == pytest.approx(1.0, abs=1e-9)
        before, after = motion.joint_positions(), moved.joint_positions()
        gaps = [np.linalg.norm(p[:, 1:] - p[:1, :1], axis=-1) for p in (before, after)]
        np.testing.assert_allclose(*gaps, atol=1e-9)

    @settings(max_examples=25)
    @given(targets=st.lists(PLACE, min_size=3, max_size=3))
    def test_bending_leads_through_every_place_without_a_jump(self, targets):
        motion = walking(91)
        wanted = dict(zip((0, 40, 80), targets))
        led = bent(motion, wanted)
        for frame, place in wanted.items():
            x, y, heading = place_at(led, frame)
            assert (x, y) == pytest.approx(place[:2], abs=1e-6)
            assert np.cos(heading - place[2]) == pytest.approx(1.0, abs=1e-6)
        jumps = np.linalg.norm(np.diff(led.root_positions, n=2, axis=0), axis=-1)
        assert jumps.max() < 0.06
        np.testing.assert_array_equal(led.local_rotations[:, 1:], motion.local_rotations[:, 1:])


class TestJoining:
    def test_a_stitch_keeps_the_first_clip_and_has_no_jump(self):
        one, other = swaying(60), swaying(60, seed=3)
        whole = stitched(one, other)
        assert whole.frames == 119
        np.testing.assert_array_equal(whole.local_rotations[:60], one.local_rotations)
        np.testing.assert_array_equal(whole.root_positions[:60], one.root_positions)
        own = max(steps(one).max(), steps(other).max())
        assert steps(whole).max() < 2.0 * own
        calm = max(accelerations(one).max(), accelerations(other).max())
        assert accelerations(whole).max() < 3.0 * calm

    def test_easing_meets_pose_and_speed_and_leaves_the_rest(self):
        before, motion, after = swaying(30), swaying(90, seed=1), swaying(30, seed=2)
        joined = eased_out(eased_in(motion, before), after)
        for frame, pose in ((0, before.local_rotations[-1]), (-1, after.local_rotations[0])):
            same = np.abs((joined.local_rotations[frame] * pose).sum(-1))
            np.testing.assert_allclose(same, 1.0, atol=1e-9)
        middle = slice(25, 65)
        np.testing.assert_allclose(
            joined.root_positions[middle], motion.root_positions[middle], atol=1e-9
        )
        whole = concatenated(before, joined.cut(1, 89), after)
        assert steps(whole).max() < 2.0 * max(steps(m).max() for m in (before, motion, after))


class TestLoops:
    @pytest.mark.parametrize("in_place", [False, True])
    def test_a_loop_closes_in_pose_and_speed(self, in_place):
        cycle = looped(walking(150), 60, in_place)
        assert cycle.frames == 61
        np.testing.assert_array_equal(cycle.local_rotations[0, 1:], cycle.local_rotations[-1, 1:])
        x, y, heading = place_at(cycle, 60)
        assert cycle.root_positions[-1, 2] == cycle.root_positions[0, 2]
        if in_place:
            np.testing.assert_array_equal(cycle.root_positions[0], cycle.root_positions[-1])
            np.testing.assert_array_equal(cycle.local_rotations[0], cycle.local_rotations[-1])
        else:
            assert y == pytest.approx(-2.4, abs=0.1) and abs(x) < 0.05
        again = placed(cycle, 0, (x, y, heading))
        rounds = concatenated(cycle, again.cut(1, 61))
        seam = accelerations(rounds)[57:63]
        assert seam.max() < 1.5 * accelerations(cycle)[5:55].max()

    def test_clips_of_no_period_are_blended(self):
        cycle = looped(swaying(120), 45)
        arms = [j for j, name in enumerate(SMPLX.names) if "elbow" in name or "wrist" in name]
        assert steps(cycle)[:, arms].max() < 3.0 * steps(swaying(120))[:, arms].max()

    def test_too_short_a_clip_is_said(self):
        with pytest.raises(LimberError, match="needs a clip"):
            looped(walking(40), 60)


class TestPaths:
    def table(self, *rows):
        return RootPath(np.array(rows, dtype=float))

    @pytest.mark.parametrize("speed", [0.6, 1.2, 1.8])
    def test_a_walk_follows_a_bend_on_planted_feet(self, speed):
        angle = np.linspace(0.0, np.pi / 2.0, 9)
        length = 3.0 * np.pi / 2.0
        path = self.table(
            *np.column_stack(
                [angle / angle[-1] * length / speed, 3.0 * np.sin(angle), 3.0 * (np.cos(angle) - 1)]
            )
        )
        frames = round(path.seconds * 30) + 1
        led = along_path(walking(frames * 2), path, frames)
        away = np.linalg.norm(
            led.root_positions[:, :2] - path.at(np.arange(frames) / 30.0), axis=-1
        )
        assert led.frames == frames and away.max() < 0.05
        turned = places(led)[-1, 2] - places(led)[0, 2]
        assert abs(abs(turned) - np.pi / 2.0) < 0.35
        slid = np.linalg.norm(np.diff(sole_points(led)[..., :2], axis=0), axis=-1)
        planted = (led.contacts[1:] > 0.9) & (led.contacts[:-1] > 0.9)
        assert slid[:, 1::2][planted[:, 1::2]].mean() * 30.0 < 0.1

    def test_a_path_passes_its_points(self):
        path = self.table((0, 0, 0), (1, 1, 0), (2.5, 1, -1), (3, 2, -2))
        np.testing.assert_allclose(path.at(path.points[:, 0]), path.points[:, 1:])

    @pytest.mark.parametrize(
        ("rows", "words"),
        [
            ([(0, 0, 0)], "two or more rows"),
            ([(0, 0, 0), (1, 0.05, 0)], "shorter than a step"),
            ([(0, 0, 0), (1, 30, 0)], "needs 30.0 m/s"),
            ([(1, 0, 0), (2, 1, 0)], "begin at 0"),
            ([(0, 0, 0), (0, 1, 0)], "rise"),
            ([(0, 0, 0), (1, np.nan, 0)], "numbers"),
        ],
    )
    def test_what_nobody_can_walk_is_refused(self, rows, words):
        with pytest.raises(LimberError, match=words):
            self.table(*rows)


class TestRetiming:
    @pytest.mark.parametrize("speed", [0.5, 1.7])
    def test_places_are_passed_at_other_times(self, speed):
        motion = walking(91)
        other = retimed(motion, speed)
        assert other.frames == round(90 / speed) + 1
        np.testing.assert_allclose(other.root_positions[-1], motion.root_positions[-1])
        assert places(other)[:, 1].min() >= places(motion)[:, 1].min() - 1e-9

    def test_planted_feet_stay(self):
        motion = Motion.standing(60)
        np.testing.assert_allclose(
            retimed(motion, 0.7).joint_positions()[-1, SMPLX.index("left_foot")],
            motion.joint_positions()[0, SMPLX.index("left_foot")],
        )

    def test_impossible_speeds_are_refused(self):
        with pytest.raises(LimberError, match="speed"):
            retimed(walking(30), 0.0)


class TestStyle:
    def test_energy_makes_the_arms_larger_and_leaves_the_legs(self):
        motion = swaying(120)
        arm, leg = SMPLX.index("left_elbow"), SMPLX.index("left_knee")

        def reach(edited):
            return np.ptp(rotations.to_axis_angle(edited.local_rotations[:, arm]), axis=0).max()

        small, large = energetic(motion, 0.5), energetic(motion, 1.5)
        assert reach(small) < 0.8 * reach(motion) < 0.8 * reach(large)
        for edited in (small, large):
            np.testing.assert_array_equal(
                edited.local_rotations[:, leg], motion.local_rotations[:, leg]
            )
        with pytest.raises(LimberError, match="energy"):
            energetic(motion, 5.0)


def test_between_places_the_root_is_drawn_out_while_feet_swing():
    """Two seconds of standing, half a second in the air, two of standing: whoever has to get
    farther goes most of the way in the air, and arrives exactly."""
    contacts = np.ones((136, 4))
    contacts[60:76] = 0.0
    motion = replace(Motion.standing(136), contacts=contacts)
    led = bent(motion, {0: (0.0, 0.0, 0.0), 135: (1.0, 0.0, 0.0)})
    x = led.root_positions[:, 0] - led.root_positions[0, 0]
    assert x[135] == pytest.approx(1.0, abs=1e-9) and (np.diff(x) >= 0.0).all()
    evenly = bent(replace(motion, contacts=0.0 * contacts), {0: (0.0, 0.0, 0.0), 135: (1.0, 0, 0)})
    there = evenly.root_positions[:, 0]
    assert x[80] - x[56] > 1.5 * (there[80] - there[56])
