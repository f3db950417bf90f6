"""The control track against cases worked out by hand."""

import numpy as np
import pytest

from motion_engine.generation.control import (
    LOCK_LOOKAHEAD,
    ControlLayout,
    duration_control,
    key_control,
    lock_control,
    path_control,
)

LAYOUT = ControlLayout(parts=2, latent_size=3, pose_size=4, labels=5)
RATE = 7.5


def test_groups_cover_the_track_without_overlap():
    owners = np.zeros(LAYOUT.size)
    for columns in LAYOUT.slices.values():
        owners[columns] += 1
    assert (owners == 1).all()


def test_groups_add_up_without_touching_each_other():
    root = np.zeros((5, 3))
    tracks = {
        "duration": duration_control(LAYOUT, 5, RATE),
        "path": path_control(LAYOUT, root, RATE),
        "key_pose": key_control(LAYOUT, 5, {4: np.ones(4)}, RATE),
        "locks": lock_control(LAYOUT, np.ones((5, 2, 3)), np.ones((5, 2), bool)),
    }
    for name, track in tracks.items():
        used = np.flatnonzero(track.any(axis=0))
        columns = LAYOUT.slices[name]
        assert len(used) and used.min() >= columns.start and used.max() < columns.stop


def test_a_straight_way_reads_the_same_whichever_way_it_heads():
    distance = 0.2 * np.arange(40)
    for heading in (0.0, 1.0, -2.5):
        # Heading 0 faces -Y: forward is -Y turned by the heading.
        forward = np.array([np.sin(heading), -np.cos(heading)])
        root = np.column_stack([distance[:, None] * forward, np.full(40, heading)])
        path = path_control(LAYOUT, root, RATE)[:, LAYOUT.slices["path"]]
        wanted = [1.0, 0.0, -0.2, 0.0, 0.0, -1.6, 0.0, 1.5]
        np.testing.assert_allclose(path[:30], np.tile(wanted, (30, 1)), atol=1e-6)
        np.testing.assert_allclose(path[-1], [1, 0, 0, 0, 0, 0, 0, 0], atol=1e-6)


def test_a_turn_on_the_spot_is_told_ahead():
    root = np.zeros((30, 3))
    root[:, 2] = np.linspace(0.0, 2.9, 30)
    path = path_control(LAYOUT, root, RATE)[:, LAYOUT.slices["path"]]
    np.testing.assert_allclose(path[:20, 3], 0.1, atol=1e-6)
    np.testing.assert_allclose(path[:20, 6], 0.8, atol=1e-6)


def test_each_row_announces_the_next_key():
    keys = {2: np.full(4, 5.0), 6: np.full(4, -1.0)}
    track = key_control(LAYOUT, 10, keys, RATE)[:, LAYOUT.slices["key_pose"]]
    assert track[:3, 2:].tolist() == [[5.0] * 4] * 3
    assert track[3:7, 2:].tolist() == [[-1.0] * 4] * 4
    assert not track[7:].any()
    assert track[2, 1] == track[6, 1] == 1.0
    assert track[0, 1] == pytest.approx(np.exp(-2 / RATE))
    assert track[3, 1] == pytest.approx(np.exp(-3 / RATE))


def test_locked_parts_are_told_ahead_and_free_ones_never():
    vectors = np.random.default_rng(0).normal(size=(8, 2, 3)).astype(np.float32)
    locked = np.zeros((8, 2), bool)
    locked[3:, 1] = True
    track = lock_control(LAYOUT, vectors, locked)[:, LAYOUT.slices["locks"]].reshape(8, 2, 4)
    assert not track[:, 0].any()
    for row in range(8):
        ahead = min(row + LOCK_LOOKAHEAD, 7)
        expected = [1.0, *vectors[ahead, 1]] if locked[ahead, 1] else [0.0] * 4
        np.testing.assert_array_equal(track[row, 1], np.asarray(expected, np.float32))
