"""What the body does now and next, frame by frame, from a corpus row."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from training.action_labels import ActionReader, labels_in, labels_of, plan_of

pytestmark = pytest.mark.torch
WALK = {"verb": "walk", "direction": "forward", "channels": ["base"], "start": 0, "stop": 40}
WAVE = {
    "verb": "wave",
    "side": "left",
    "count": 3,
    "channels": ["left_arm"],
    "start": 20,
    "stop": 60,
}
TURN = {"verb": "turn", "angle_degrees": 100.0, "channels": ["base"], "start": 70, "stop": 90}
LABELS = labels_in([[WALK, WAVE], [TURN]])
MIDDLES = (np.arange(25) + 0.5) * 4 / 30


def said(row) -> set[str]:
    return {name for name, value in zip(LABELS.names, row) if value}


def test_labels_name_the_verb_and_what_is_said_of_it():
    assert labels_of(WAVE) == ["wave", "wave side left", "wave count 3"]
    assert labels_of(TURN) == ["turn", "turn angle 90"]


def test_the_verbs_of_the_lower_body_are_known():
    assert LABELS.lower == ("turn", "walk")


def test_every_frame_tells_what_is_done_and_what_comes():
    targets = LABELS.now_and_next(plan_of([WALK, WAVE, TURN]), MIDDLES)
    assert targets.shape == (25, 2, len(LABELS.names))
    walk, wave, turn = (set(labels_of(action)) for action in (WALK, WAVE, TURN))
    now, following = targets[:, 0], targets[:, 1]
    assert said(now[0]) == walk and said(following[0]) == wave
    assert said(now[7]) == walk | wave and said(following[7]) == turn
    assert said(now[12]) == wave and said(now[16]) == set()
    assert said(now[20]) == turn and said(following[20]) == set()


def test_the_reader_learns_labels_that_the_states_hold():
    torch.manual_seed(0)
    targets = torch.from_numpy(LABELS.now_and_next(plan_of([WALK, WAVE, TURN]), MIDDLES))
    states = torch.randn(25, 16)
    reader = ActionReader(16, len(LABELS.names))
    optimizer = torch.optim.Adam(reader.parameters(), lr=0.05)
    losses = []
    for _ in range(150):
        loss = reader.loss(states, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.1 * losses[0]
