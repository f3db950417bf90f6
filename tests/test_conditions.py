"""Random conditions and texts of the training batches."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from motion_engine.generation.control import ControlLayout
from motion_engine.language.vocabulary import Vocabulary
from motion_engine.locations import asset
from training.action_labels import labels_in
from training.batches import TokenBatch, batches
from training.conditions import actions_of_parts, random_control, random_locks
from training.mixes import Mix
from training.texts import Texts
from training.tokens import TokenStore

pytestmark = pytest.mark.torch
PARTS, LAYERS, POSE = 9, 2, 6
WAVE = {"verb": "wave", "side": "left", "channels": ["left_arm"], "start": 4, "stop": 30}
WALK = {"verb": "walk", "channels": ["base", "left_leg", "right_leg"], "start": 0, "stop": 40}
LABELS = labels_in([[WAVE, WALK]])
LAYOUT = ControlLayout(PARTS, 4, POSE, len(LABELS.names))


@pytest.fixture(scope="module")
def store():
    rng = np.random.default_rng(0)
    starts = np.array([0, 10, 25, 31])
    return TokenStore(
        rng.integers(0, 50, (31, PARTS * LAYERS)).astype(np.int16),
        rng.normal(size=(31, POSE)).astype(np.float16),
        rng.normal(size=(31, 3)).astype(np.float32),
        starts,
        [["a person waves", " and waves" * 33], ["a man walks", "walking"], ["somebody sits down"]],
        [["left arm: wave", "legs: stand still"], [], ["torso: lean forward"]],
        [[], [WAVE, WALK], []],
    )


@pytest.fixture(scope="module")
def texts(store):
    return Texts(store, Vocabulary.load(asset("vocabulary")))


def test_a_command_reads_like_the_text_a_user_would_give(store, texts):
    vocabulary = Vocabulary.load(asset("vocabulary"))
    rng = np.random.default_rng(0)
    drawn = {tuple(t.words): t.commanded for t in (texts.draw(0, 0.5, rng) for _ in range(200))}
    sentence = tuple(vocabulary.tokenize("a person waves"))
    one_way = tuple(vocabulary.tokenize("left arm: wave; legs: stand still"))
    other_way = tuple(vocabulary.tokenize("legs: stand still; left arm: wave"))
    # root, left arm, both legs: their places in the table of parts.
    arm, legs = (tuple(vocabulary.tokenize(t)) for t in ("left arm: wave", "legs: stand still"))
    both = {one_way: (0, 3, 5, 6), other_way: (0, 3, 5, 6)}
    assert drawn == {sentence: (), arm: (3,), legs: (0, 5, 6), **both}


def test_clips_without_commands_keep_their_sentences(texts):
    rng = np.random.default_rng(1)
    assert all(texts.draw(1, 0.5, rng).commanded == () for _ in range(100))


def test_batches_hold_the_clips_they_name(store, texts):
    batch = next(batches(store, texts, 2, 80, Mix(commands=0.5), np.random.default_rng(2)))
    for row, clip in enumerate(batch.clips):
        length = int(batch.lengths[row])
        np.testing.assert_array_equal(batch.codes[row, :length], store.codes[store.span(clip)])


def control_of(store, clip, shares, commanded=(), seed=0):
    codes = torch.from_numpy(store.codes[store.span(clip)].astype(np.int64))[None]
    length = torch.tensor([codes.shape[1]])
    batch = TokenBatch(np.array([clip]), codes, length, torch.zeros(1, 1), [commanded])
    vectors = torch.randn(1, codes.shape[1], PARTS, 4)
    rng = np.random.default_rng(seed)
    return random_control(batch, store, vectors, LAYOUT, LABELS, 7.5, shares, rng)[0].numpy()


def test_each_share_switches_its_own_group(store):
    groups = {
        "plan": "plan",
        "length": "duration",
        "path": "path",
        "keys": "key_pose",
        "locks": "locks",
    }
    none = dict.fromkeys((*groups, "locks_beside_commands"), 0.0)
    assert not control_of(store, 0, Mix(**none)).any()
    for share, group in groups.items():
        found = [
            np.flatnonzero(control_of(store, 1, Mix(**none | {share: 1.0}), (), s).any(0))
            for s in range(20)
        ]
        used = np.concatenate(found)
        columns = LAYOUT.slices[group]
        assert len(used) and used.min() >= columns.start and used.max() < columns.stop


def test_commanded_parts_are_free_and_all_others_locked():
    for seed in range(50):
        locked = random_locks(12, PARTS, [3, 7], np.random.default_rng(seed))
        others = [p for p in range(PARTS) if p not in (3, 7)]
        assert locked[:, others].all()
        freed = np.flatnonzero(~locked[:, 3])
        assert (locked[:, 3] == locked[:, 7]).all()
        if len(freed):
            assert (np.diff(freed) == 1).all()


def test_clips_whose_actions_are_not_known_have_no_plan(store):
    none = dict.fromkeys(("length", "path", "keys", "locks", "locks_beside_commands"), 0.0)
    assert not control_of(store, 0, Mix(plan=1.0, **none)).any()


def test_parts_keep_the_actions_that_fill_them():
    assert actions_of_parts([WAVE, WALK], [3]) == [WAVE]
    assert actions_of_parts([WAVE, WALK], [0]) == actions_of_parts([WAVE, WALK], [6]) == [WALK]
    assert actions_of_parts([WAVE, WALK], [1, 2]) == []
