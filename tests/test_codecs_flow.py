"""The flow decoder: analytic flows, streaming, parts apart, noise by frame and seed."""

import tarfile
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from motion_engine import LimberError
from motion_engine.codecs import flow_codec
from motion_engine.codecs.configuration import CODECS, FLOWS, FlowConfig
from motion_engine.codecs.flow_codec import FlowCodec
from motion_engine.codecs.flow_decoder import FlowDecoder
from motion_engine.codecs.flow_sampler import (
    STEP_COUNTS,
    frame_noise,
    random_noise,
    random_sigmas,
    sigmas,
    solve,
)
from motion_engine.codecs.members import build_codec
from motion_engine.features import encode_features
from motion_engine.formats.importer import import_motion

pytestmark = pytest.mark.torch
SMALL = FlowConfig(width=16, coarse_blocks=2, blocks=2, heads=2, history=3, lookahead=1, steps=2)


def small_flow(name):
    """A flow decoder on a codec of that name, narrow and with random weights."""
    torch.manual_seed(0)
    whole = FlowCodec(build_codec(replace(CODECS[name], width=16)), SMALL).eval()
    for parameter in whole.parameters():
        parameter.data.add_(0.1 * torch.randn_like(parameter))
    return whole


def random_codes(codec, frames=13, batch=2):
    limits = np.array([stream.cardinality for stream in codec.streams])[:, None]
    uniform = np.random.default_rng(0).random((batch, len(limits), frames))
    return (uniform * limits).astype(int)


def test_the_schedule_runs_from_noise_to_data_with_the_shift():
    assert sigmas(4, 1.0) == pytest.approx([1.0, 0.75, 0.5, 0.25, 0.0])
    shifted = sigmas(2, 3.0)
    # 3 * 0.5 / (1 + 2 * 0.5)
    assert shifted == pytest.approx([1.0, 0.75, 0.0])
    drawn = random_sigmas(4000, 3.0, np.random.default_rng(0))
    assert 0.0 < drawn.min() and drawn.max() == 1.0
    assert float(drawn.median()) == pytest.approx(0.75, abs=0.02)


@pytest.mark.parametrize("steps", STEP_COUNTS)
def test_a_straight_flow_arrives_in_any_number_of_steps(steps):
    noise, data = torch.randn(5, 7, dtype=torch.float64), torch.randn(5, 7, dtype=torch.float64)
    reached = solve(lambda x, sigma, step: data, noise, sigmas(steps, 3.0))
    torch.testing.assert_close(reached, data)


def test_a_linear_flow_converges_to_its_exact_solution():
    """Data of mean m and spread s: the best estimate is linear in x, and noise z ends at m + s z."""
    mean, spread = 2.0, 0.5

    def estimate(x, sigma, step):
        variance = (1.0 - sigma) ** 2 * spread**2 + sigma**2
        return mean + (1.0 - sigma) * spread**2 / variance * (x - (1.0 - sigma) * mean)

    noise = torch.linspace(-2.0, 2.0, 9, dtype=torch.float64)
    errors = [
        float((solve(estimate, noise, sigmas(steps, 3.0)) - (mean + spread * noise)).abs().max())
        for steps in (28, 100, 1000)
    ]
    # Euler's method is of first order: ten times the steps, a tenth of the error.
    assert errors[1] / errors[2] == pytest.approx(10.0, rel=0.1)
    assert errors[0] > errors[1] and errors[2] < 0.005


@pytest.mark.parametrize("steps", [0, 1001])
def test_refused_numbers_of_steps(steps):
    with pytest.raises(LimberError, match="1 to 1000 steps"):
        sigmas(steps, 3.0)


def test_noise_belongs_to_frame_and_seed():
    whole = frame_noise(3, 0, 20, 6)
    np.testing.assert_array_equal(frame_noise(3, 12, 8, 6), whole[12:])
    assert np.abs(frame_noise(4, 0, 20, 6) - whole).min() > 0.0


def test_noise_has_unit_spread_and_changes_as_slowly_as_motion():
    many = frame_noise(0, 0, 4000, 50)
    assert abs(many.mean()) < 0.02 and many.std() == pytest.approx(1.0, abs=0.02)
    power = np.square(np.abs(np.fft.rfft(many, axis=0))).mean(1)
    above_6_hz = np.fft.rfftfreq(4000, 1.0 / 30.0) > 6.0
    assert power[above_6_hz].sum() < 0.001 * power.sum()
    trained_on = random_noise((2000, 24, 8), np.random.default_rng(0))
    for lag in (1, 4, 8, 12):
        here, there = (x[:-lag].ravel() for x in (many, np.roll(many, -lag, axis=0)))
        alike = np.mean(trained_on[:, :-lag] * trained_on[:, lag:])
        assert alike == pytest.approx(np.mean(here * there), abs=0.03)


@pytest.mark.parametrize("name", CODECS)
def test_streaming_equals_offline(name, monkeypatch):
    codec = small_flow(name)
    codes = random_codes(codec)
    offline = codec.decode(codes)
    stream = codec.stream(batch=2)
    chunks = [stream.step(codes[:, :, i]) for i in range(13)]
    streamed = np.concatenate([*chunks, stream.finish()], axis=1)
    np.testing.assert_allclose(streamed, offline, atol=1e-4)
    assert [chunk.shape[1] for chunk in chunks] == [0, 0] + [4] * 11 and codec.lookahead == 2
    monkeypatch.setattr(flow_codec, "CHUNK", 5)
    np.testing.assert_allclose(codec.decode(codes), offline, atol=1e-4)


@pytest.mark.parametrize("name", ["rvq6", "prq_five"])
def test_any_prefix_of_layers_decodes_and_streams(name):
    codec = small_flow(name)
    layers = codec.config.layers
    by_layer = random_codes(codec, frames=5, batch=1).reshape(1, -1, layers, 5)
    for leading in range(1, layers + 1):
        codes = by_layer[:, :, :leading].reshape(1, -1, 5)
        stream = codec.stream()
        chunks = [stream.step(codes[:, :, i]) for i in range(5)] + [stream.finish()]
        np.testing.assert_allclose(np.concatenate(chunks, axis=1), codec.decode(codes), atol=1e-4)


def test_a_clip_does_not_depend_on_the_batch_and_does_on_the_seed():
    codec = small_flow("fsq")
    codes = random_codes(codec)
    both = codec.decode(codes)
    np.testing.assert_allclose(codec.decode(codes[1:]), both[1:], atol=1e-5)
    codec.seed = 1
    assert np.abs(codec.decode(codes) - both).max() > 1e-2


@pytest.mark.parametrize("name", ["prq", "prq_five"])
def test_changing_one_part_leaves_the_others_exactly_alone(name):
    codec = small_flow(name)
    assert_parts_stay_apart(codec, random_codes(codec))


@pytest.mark.data
def test_parts_stay_apart_on_a_real_clip(data_folder, tmp_path):
    with tarfile.open(data_folder / "mocap" / "mesh2motion_bvh.tar.xz") as tar:
        member = next(m for m in tar.getmembers() if m.name.endswith("dance-charleston.bvh"))
        tar.extract(member, tmp_path, filter="data")
    codec = small_flow("prq")
    motion = import_motion(tmp_path / member.name)
    codes = codec.encode(encode_features(motion, codec.config.layout)[None])
    assert_parts_stay_apart(codec, codes)
    assert_parts_stay_apart(codec.codec, codes)


def assert_parts_stay_apart(codec, codes):
    layers, layout = codec.config.layers, codec.config.layout
    before = codec.decode(codes)
    for index, part in enumerate(codec.config.parts):
        changed = codes.copy()
        own = slice(layers * index, layers * (index + 1))
        changed[:, own] = (changed[:, own] + 7) % codec.streams[0].cardinality
        moved = np.flatnonzero((codec.decode(changed) != before).any((0, 1)))
        assert set(moved) <= set(part.own_columns(layout)) and len(moved)


@pytest.mark.parametrize("steps", STEP_COUNTS)
def test_an_untrained_flow_changes_nothing(steps):
    codec = FlowCodec(build_codec(replace(CODECS["fsq"], width=16)), SMALL).eval()
    codec.steps = steps
    coarse = torch.randn(1, 24, codec.config.layout.pose_size)
    torch.testing.assert_close(codec.refine(coarse), coarse, rtol=0.0, atol=0.0)


def test_a_frame_sees_no_further_than_history_context_and_look_ahead():
    torch.manual_seed(0)
    flow = FlowDecoder(replace(SMALL, blocks=1), [np.arange(6)], 4).eval()
    for parameter in flow.parameters():
        parameter.data.add_(0.2 * torch.randn_like(parameter))
    x, coarse, sigma = torch.randn(1, 80, 6), torch.randn(1, 80, 6), torch.tensor([0.5])

    def moved_token_frames(x_changed, coarse_changed):
        with torch.no_grad():
            before, _ = flow(x, sigma, flow.read(coarse))
            after, _ = flow(x_changed, sigma, flow.read(coarse_changed))
        moved = (after - before).unflatten(1, (-1, 4)).abs().amax((0, 2, 3)) > 1e-6
        return list(np.flatnonzero(moved))

    noisier = x.clone()
    noisier[:, 40] += 1.0
    # Token frame 10, and the history of three after it.
    assert moved_token_frames(noisier, coarse) == [10, 11, 12, 13]
    coarser = coarse.clone()
    coarser[:, 40] += 1.0
    # Read one ahead and by a context of 2 * 2 - 1 behind, and those looked back on by three.
    assert flow.context == 3
    assert moved_token_frames(x, coarser) == list(range(9, 17))


def test_a_flow_looks_ahead_by_its_coarse_blocks_at_most():
    with pytest.raises(LimberError, match="one token frame per coarse block"):
        FlowConfig(coarse_blocks=1, lookahead=2)


def test_the_small_flow_fits_the_weight_budget():
    with torch.device("meta"):
        codec = build_codec(CODECS["prq"])
        flow = FlowDecoder(FLOWS["small"], codec.independent_columns, 4)
    assert sum(parameter.numel() for parameter in flow.parameters()) <= 4_000_000
