"""What must hold exactly: key poses, pinned hands and feet, looks."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from swaying import accelerations, swaying, walking

from motion_engine import rotations
from motion_engine.errors import LimberError
from motion_engine.finish.keys import Key, jolt_near, through_keys
from motion_engine.finish.look_at import EYES_M, FORWARD
from motion_engine.finish.pins import Pin, pinned
from motion_engine.finish.region import part_joints
from motion_engine.hinges import LIMBS, reach
from motion_engine.motion import Motion
from motion_engine.skeleton import SMPLX

ALL = tuple(range(SMPLX.joints))


class TestKeys:
    @settings(max_examples=20)
    @given(
        frames=st.lists(st.integers(0, 95), min_size=1, max_size=4, unique=True),
        fps=st.sampled_from([23.976, 24.0, 30.0, 60.0]),
        seed=st.integers(0, 5),
    )
    def test_keys_are_met_to_the_bit_at_any_rate(self, frames, fps, seed):
        motion, poses = swaying(96, fps), swaying(96, fps, seed=seed + 1)
        keys = [Key(frame / fps, poses.cut(frame, frame + 1), ALL) for frame in frames]
        led = through_keys(motion, keys)
        for frame in frames:
            assert np.array_equal(led.local_rotations[frame], poses.local_rotations[frame])
            assert np.array_equal(led.root_positions[frame], poses.root_positions[frame])

    def test_a_key_adds_no_more_than_the_clips_own_acceleration(self):
        motion, pose = swaying(181, 60.0), swaying(181, 60.0, seed=7).cut(90, 91)
        led = through_keys(motion, [Key(1.5, pose, ALL)])
        assert accelerations(led).max() <= 2.0 * accelerations(motion).max()

    def test_a_jolt_near_a_key_is_what_exceeds_the_clips_own_acceleration(self):
        height = 0.5 * 7.0 * (np.arange(90) / 30.0) ** 2
        height[10] += 0.01
        motion = Motion.standing(90)
        rising = replace(
            motion, root_positions=motion.root_positions + np.outer(height, [0.0, 0.0, 1.0])
        )
        assert jolt_near(rising, [Key(0.5, motion, ALL)]) == pytest.approx(9.0)
        assert jolt_near(rising, [Key(2.0, motion, ALL)]) == pytest.approx(0.0, abs=1e-6)
        assert jolt_near(rising, []) == 0.0

    def test_a_key_of_parts_leaves_the_others_alone(self):
        motion, pose = swaying(60), swaying(60, seed=2).cut(30, 31)
        arm = part_joints(("left_arm",))
        led = through_keys(motion, [Key(1.0, pose, arm)])
        others = [j for j in ALL if j not in arm]
        np.testing.assert_allclose(
            led.local_rotations[:, others], motion.local_rotations[:, others], atol=1e-12
        )
        np.testing.assert_array_equal(led.root_positions, motion.root_positions)

    @pytest.mark.parametrize("at", [-0.1, 2.0, 9.0])
    def test_keys_outside_the_clip_are_refused(self, at):
        with pytest.raises(LimberError, match="outside the clip"):
            through_keys(swaying(60), [Key(at, swaying(1), ALL)])

    def test_two_keys_at_one_frame_are_named(self):
        keys = [Key(1.0, swaying(1), ALL), Key(1.01, swaying(1), ALL)]
        with pytest.raises(LimberError, match=r"1 s and 1\.01 s"):
            through_keys(swaying(60), keys)

    def test_a_key_of_other_joints_between_hides_no_contradiction(self):
        head, arm = part_joints(("head",)), part_joints(("left_arm",))
        keys = [
            Key(at, swaying(1), joints) for at, joints in ((1.0, head), (1.0, arm), (1.01, head))
        ]
        with pytest.raises(LimberError, match=r"1 s and 1\.01 s"):
            through_keys(swaying(60), keys)


class TestReach:
    @settings(max_examples=40)
    @given(
        limb=st.sampled_from(sorted(LIMBS)),
        offset=st.tuples(*[st.floats(-0.3, 0.3)] * 3),
        seed=st.integers(0, 20),
    )
    def test_ends_come_to_their_targets(self, limb, offset, seed):
        motion = swaying(10, seed=seed)
        start, _, end = (SMPLX.index(name) for name in LIMBS[limb])
        positions = motion.joint_positions()
        targets = positions[:, end] + offset
        lengths = np.linalg.norm(SMPLX.offsets[[SMPLX.index(n) for n in LIMBS[limb][1:]]], axis=-1)
        away = np.linalg.norm(targets - positions[:, start], axis=-1)
        within = (away < 0.99 * lengths.sum()) & (away > 0.35 * lengths.sum())
        reached = reach(motion, limb, targets).joint_positions()[:, end]
        assert np.linalg.norm(reached - targets, axis=-1)[within].max(initial=0.0) < 1e-6

    def test_knees_never_bend_forwards(self):
        """Straight legs, targets nearer: knees go ahead of the line from hip to ankle."""
        motion = Motion.standing(9)
        ankle = motion.joint_positions()[:, SMPLX.index("left_ankle")]
        for way in ([0, 0.1, 0], [0, -0.1, 0], [0.1, 0, 0], [0, 0, 0.2]):
            bent = reach(motion, "left_foot", ankle + np.array(way) * np.linspace(0, 1, 9)[:, None])
            knee = bent.local_rotations[:, SMPLX.index("left_knee")]
            # A leg at rest is not quite straight: stretching takes the knee back by that much.
            assert rotations.to_axis_angle(knee)[:, 0].min() > -0.1
            turns = rotations.multiply(
                rotations.conjugate(bent.local_rotations[:-1]), bent.local_rotations[1:]
            )
            assert rotations.angle(turns).max() < 0.7


class TestPins:
    @pytest.mark.parametrize("fps", [24.0, 30.0, 60.0])
    def test_a_hand_and_a_foot_are_held_within_a_centimetre(self, fps):
        motion = swaying(round(4 * fps), fps)
        pins = [
            Pin("left_hand", 1.0, 2.0, (0.35, -0.35, 1.3)),
            Pin("right_foot", 1.5, 3.0, (-0.2, -0.2, 0.25)),
        ]
        held = pinned(motion, pins)
        positions = held.joint_positions()
        for pin in pins:
            frames = np.flatnonzero(
                (np.arange(motion.frames) / fps >= pin.start)
                & (np.arange(motion.frames) / fps <= pin.stop)
            )
            end = positions[frames, SMPLX.index(LIMBS[pin.effector][2])]
            assert np.linalg.norm(end - pin.place, axis=-1).max() < 0.01
        early = slice(0, round(0.4 * fps))
        np.testing.assert_array_equal(held.local_rotations[early], motion.local_rotations[early])

    def test_a_place_just_out_of_reach_is_leant_to_on_planted_feet(self):
        motion = Motion.standing(120)
        held = pinned(motion, [Pin("left_hand", 1.5, 2.5, (0.3, -0.7, 1.1))])
        positions = held.joint_positions()
        hand = positions[45:76, SMPLX.index("left_wrist")]
        assert np.linalg.norm(hand - [0.3, -0.7, 1.1], axis=-1).max() < 0.01
        for foot in ("left_ankle", "right_ankle"):
            moved = positions[:, SMPLX.index(foot)] - positions[:1, SMPLX.index(foot)]
            assert np.linalg.norm(moved, axis=-1).max() < 0.01

    def test_a_place_far_out_of_reach_is_refused(self):
        with pytest.raises(LimberError, match="out of reach"):
            pinned(Motion.standing(60), [Pin("left_hand", 0.5, 1.0, (3.0, 0.0, 1.0))])

    def test_two_pins_that_contradict_are_named(self):
        pins = [Pin("left_hand", 0.5, 1.2, (0.4, -0.3, 1.2)),
                Pin("left_hand", 1.0, 1.5, (0.3, -0.3, 1.3))]  # fmt: skip
        with pytest.raises(LimberError, match=r"left_hand=0\.5:1\.2 and left_hand=1:1\.5"):
            pinned(Motion.standing(60), pins)

    @pytest.mark.parametrize(
        ("first_stop", "second_start"), [(1.0, 1.0), (1.01, 1.02), (1.0, 1.05), (1.2, 0.8)]
    )
    def test_pins_that_touch_never_pull_twice(self, first_stop, second_start):
        """Ends in touch, within a frame, within two; or overlapping, at one and the same place."""
        place = (0.35, -0.3, 1.3)
        other = place if second_start < first_stop else (0.3, -0.35, 1.2)
        pins = [
            Pin("left_hand", 0.5, first_stop, place),
            Pin("left_hand", second_start, 1.5, other),
        ]
        hand = pinned(Motion.standing(90), pins).joint_positions()[:, SMPLX.index("left_wrist")]
        seconds = np.arange(90) / 30.0
        for pin in pins:
            inside = (seconds >= pin.start) & (seconds < pin.stop)
            assert np.linalg.norm(hand - pin.place, axis=-1)[inside].max() < 0.01

    def test_leaning_for_one_hand_does_not_take_the_other_away(self):
        pins = [Pin("right_hand", 1.0, 2.0, (-0.3, -0.35, 1.2)),
                Pin("left_hand", 1.0, 2.0, (0.3, -0.7, 1.1))]  # fmt: skip
        positions = pinned(Motion.standing(90), pins).joint_positions()[30:61]
        for pin in pins:
            end = positions[:, SMPLX.index(LIMBS[pin.effector][2])]
            assert np.linalg.norm(end - pin.place, axis=-1).max() < 0.01

    def test_the_head_looks_there(self):
        motion, place = walking(90, speed=0.5), np.array([1.5, -3.0, 1.2])
        looking = pinned(motion, [Pin("head", 1.0, 2.0, tuple(place))])
        positions, world = looking.forward_kinematics()
        head = SMPLX.index("head")
        eyes = positions[:, head] + rotations.rotate(world[:, head], EYES_M)
        facing = rotations.rotate(world[:, head], FORWARD)
        apart = rotations.angle(rotations.between(facing, place - eyes))
        assert np.degrees(apart[30:61].max()) < 6.0
        others = [j for j in ALL if SMPLX.names[j] not in ("neck", "head")]
        assert np.array_equal(looking.local_rotations[:, others], motion.local_rotations[:, others])

    def test_the_head_looks_no_farther_than_people_do(self):
        """At what is behind and above: aside, and up, but not round."""
        place = (0.8, 2.0, 4.0)
        looking = pinned(Motion.standing(90), [Pin("head", 1.0, 2.0, place)])
        world = looking.world_rotations()
        facing = rotations.rotate(world[30:61, SMPLX.index("head")], FORWARD)
        aside = np.degrees(np.arctan2(facing[:, 0], -facing[:, 1]))
        assert 70.0 < aside.min() and aside.max() < 81.0
        assert np.degrees(np.arcsin(facing[:, 2])).max() < 61.0
        steps = rotations.multiply(
            rotations.conjugate(looking.local_rotations[:-1]), looking.local_rotations[1:]
        )
        assert np.degrees(rotations.angle(steps)).max() * 30.0 < 400.0

    def test_two_looks_one_after_the_other(self):
        places = [(1.5, -2.0, 1.4), (-1.5, -2.0, 1.4)]
        pins = [Pin("head", *span, place) for span, place in zip([(0.7, 1.2), (1.8, 2.4)], places)]
        looking = pinned(Motion.standing(90), pins)
        positions, world = looking.forward_kinematics()
        head = SMPLX.index("head")
        eyes = positions[:, head] + rotations.rotate(world[:, head], EYES_M)
        for pin in pins:
            frames = slice(round(pin.start * 30), round(pin.stop * 30) + 1)
            facing = rotations.rotate(world[frames, head], FORWARD)
            apart = rotations.angle(rotations.between(facing, np.array(pin.place) - eyes[frames]))
            assert np.degrees(apart.max()) < 6.0
