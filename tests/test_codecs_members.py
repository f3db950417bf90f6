"""All codecs keep one contract: shapes, streaming, prefixes, parts apart, clear refusals."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from motion_engine import LimberError
from motion_engine.codecs.configuration import (
    CODECS,
    CodecConfig,
    codec_from_json,
    codec_to_json,
    named_codec,
)
from motion_engine.codecs.contract import Codec
from motion_engine.codecs.members import build_codec, stored_shapes, use_weights
from motion_engine.codecs.part_tables import PART_TABLES
from motion_engine.features import FeatureLayout, encode_features
from motion_engine.models.configuration import PRQConfig
from motion_engine.models.weight_shapes import codec_shapes
from motion_engine.motion import Motion, resample
from training.corpus import make_clip

pytestmark = pytest.mark.torch
SHAPES = {
    "vq512": (1, 512), "vq1024": (1, 1024), "rvq6": (6, 512), "rvq8": (8, 1024),
    "fsq": (1, 4375), "fsq65536": (1, 65536), "lfq1d": (1, 2**14), "lfq2d": (8, 2**14),
    "prq": (36, 1024), "prq6": (54, 1024), "prq_unshared": (36, 1024), "prq_five": (20, 1024),
    "prq_five6": (30, 1024), "part_aware": (2, 512), "part_aware_body_first": (2, 512),
    "part_aware_apart": (2, 512), "flowvq": (1, 4375), "flowvq256": (1, 4375),
    "convolution_vq1024": (1, 1024),
}  # fmt: skip


def small_codec(name, joints=None):
    """A codec of that name, narrow and with random weights that reach everything."""
    torch.manual_seed(0)
    config = replace(CODECS[name], width=16)
    codec = build_codec(config if joints is None else replace(config, joints=joints)).eval()
    codec.std.uniform_(0.5, 2.0)
    for parameter in codec.parameters():
        parameter.data.add_(0.1 * torch.randn_like(parameter))
    return codec


def clip_features(layout, frames=60, count=2):
    """Raw features ``[count, frames, D]`` of motion clips."""
    motions = [made_clip(index).cut(0, frames) for index in range(count)]
    return np.stack([encode_features(motion, layout) for motion in motions])


@cache
def made_clip(index):
    return make_clip(index, seed=5).motion


@pytest.fixture(scope="module", params=CODECS)
def codec(request):
    return small_codec(request.param)


@pytest.fixture(scope="module")
def codes(codec):
    shape = (2, len(codec.streams), 13)
    return np.random.default_rng(0).integers(0, codec.cardinality, shape)


@pytest.mark.parametrize("name", CODECS)
def test_every_member_has_the_streams_of_its_paper(name):
    with torch.device("meta"):
        codec = build_codec(CODECS[name])
    assert (len(codec.streams), codec.cardinality) == SHAPES[name]
    assert codec_from_json(codec_to_json(codec.config)) == codec.config


def test_the_stored_shapes_of_the_default_codec_are_those_that_numpy_reads():
    assert stored_shapes(CODECS["prq"]) == codec_shapes(PRQConfig())
    assert "quantizer.code_sums" not in stored_shapes(CODECS["rvq6"])


def test_the_contract_is_kept(codec):
    features = clip_features(codec.config.layout, frames=43)
    codes = codec.encode(features)
    assert isinstance(codec, Codec)
    assert codes.shape == (2, len(codec.streams), 10)
    assert (codes >= 0).all() and (codes < codec.cardinality).all()
    assert codec.decode(codes).shape == (2, 40, codec.config.layout.pose_size)
    assert codec.frame_rate == 7.5 and codec.downsampling == 4


def test_what_is_encoded_and_decoded_is_what_training_sees(codec):
    features = clip_features(codec.config.layout, frames=40)
    normalized = codec.normalized(torch.from_numpy(features).float())
    with torch.no_grad():
        decoded, _ = codec(normalized)
    again = codec.decode(codec.encode(features))
    np.testing.assert_allclose(codec.raw(decoded), again, atol=1e-4)


def test_streaming_equals_offline(codec, codes):
    stream = codec.stream(batch=2)
    chunks = [stream.step(codes[:, :, i]) for i in range(13)]
    streamed = np.concatenate([*chunks, stream.finish()], axis=1)
    np.testing.assert_allclose(streamed, codec.decode(codes), atol=1e-4)
    assert [chunk.shape[1] for chunk in chunks] == [0] * codec.lookahead + [4] * (
        13 - codec.lookahead
    )


def test_the_look_ahead_and_the_context_are_as_stated(codec, codes):
    codes = np.tile(codes, (1, 1, 3))
    before, frame = codec.decode(codes), 30
    changed = codes.copy()
    changed[:, :, frame] = (changed[:, :, frame] + 1) % codec.cardinality
    moved = np.flatnonzero(np.abs(codec.decode(changed) - before).max((0, 2)) > 1e-6)
    assert moved.min() >= 4 * (frame - codec.lookahead)
    assert moved.max() < 4 * (frame + codec.context + 1)
    assert {4 * frame, 4 * frame - 1} <= set(moved)


@pytest.mark.parametrize("name", ["rvq6", "rvq8", "prq_five"])
def test_any_prefix_of_layers_decodes_and_streams(name):
    codec = small_codec(name)
    parts, layers = len(codec.part_names), codec.config.layers
    rng = np.random.default_rng(1)
    for leading in range(1, layers + 1):
        codes = rng.integers(0, codec.cardinality, (1, parts * leading, 5))
        stream = codec.stream()
        chunks = [stream.step(codes[:, :, i]) for i in range(5)] + [stream.finish()]
        np.testing.assert_allclose(np.concatenate(chunks, axis=1), codec.decode(codes), atol=1e-4)


@pytest.mark.parametrize("name", ["prq", "prq_five", "prq_unshared"])
def test_changing_one_part_leaves_the_others_exactly_alone(name):
    codec = small_codec(name)
    layers, layout = codec.config.layers, codec.config.layout
    codes = codec.encode(clip_features(layout))
    before = codec.decode(codes)
    for index, part in enumerate(codec.config.parts):
        changed = codes.copy()
        own = slice(layers * index, layers * (index + 1))
        changed[:, own] = (changed[:, own] + 7) % codec.cardinality
        moved = np.flatnonzero((codec.decode(changed) != before).any((0, 1)))
        assert set(moved) <= set(part.own_columns(layout)) and len(moved)


def hand_codes_when_the_body_changes(name):
    """Codes of both parts for two bodies with the same hands: body first, then hands."""
    codec = small_codec(name)
    codec.quantizer[0].codebook.mul_(3.0)
    features = clip_features(codec.config.layout, count=1)
    other = features.copy()
    other[:, :, codec.body_columns] = features[:, ::-1][:, :, codec.body_columns]
    return codec.encode(features)[0], codec.encode(other)[0]


def test_hands_that_come_first_know_nothing_of_the_body():
    before, after = hand_codes_when_the_body_changes("part_aware")
    np.testing.assert_array_equal(before[1], after[1])
    before, after = hand_codes_when_the_body_changes("part_aware_apart")
    np.testing.assert_array_equal(before[1], after[1])
    before, after = hand_codes_when_the_body_changes("part_aware_body_first")
    assert (before[1] != after[1]).any()


@pytest.mark.parametrize("table", PART_TABLES)
@pytest.mark.parametrize("joints", [22, 52])
def test_every_pose_column_belongs_to_one_part(table, joints):
    layout = FeatureLayout(joints)
    owned = np.concatenate([part.own_columns(layout) for part in PART_TABLES[table]])
    assert sorted(owned) == list(range(layout.pose_size))


def test_bodies_without_hands_are_coded_too():
    codec = small_codec("prq_five", joints=22)
    codes = codec.encode(clip_features(codec.config.layout))
    assert codec.decode(codes).shape == (2, 60, codec.config.layout.pose_size)


@pytest.fixture(scope="module")
def five():
    return small_codec("prq_five")


def test_refused_clips_shorter_than_a_token_frame(five):
    with pytest.raises(LimberError, match="3 frames is shorter than one token frame"):
        five.encode(np.zeros((1, 3, five.config.layout.size)))


def test_refused_nan(five):
    features = np.full((1, 8, five.config.layout.size), np.nan)
    with pytest.raises(LimberError, match="NaN"):
        five.encode(features)


def test_refused_other_layouts(five):
    with pytest.raises(LimberError, match="do not fit this codec"):
        five.encode(np.zeros((1, 8, 263)))


def test_refused_other_frame_rates(five):
    with pytest.raises(LimberError, match="30 fps"):
        encode_features(resample(Motion.standing(30), 24.0), five.config.layout)


@pytest.mark.parametrize("code", [-1, 1024])
def test_refused_codes_out_of_range(five, code):
    codes = np.zeros((1, 20, 3), dtype=int)
    codes[0, 6, 2] = code
    with pytest.raises(LimberError, match=r"stream 6 \(left_arm\) at token frame 2"):
        five.decode(codes)


def test_refused_streams_that_are_no_prefix_of_the_layers(five):
    with pytest.raises(LimberError, match="7 streams"):
        five.decode(np.zeros((1, 7, 3), dtype=int))


def test_refused_codes_that_are_no_whole_numbers(five):
    with pytest.raises(LimberError, match="whole numbers"):
        five.decode(np.zeros((1, 20, 3)))


def test_refused_weights_of_another_codec(five):
    with pytest.raises(LimberError, match="another codec"):
        use_weights(small_codec("vq1024"), five.state_dict(), "runs/vq1024")


def test_refused_names_and_configurations_that_do_not_exist():
    with pytest.raises(LimberError, match="choose from"):
        named_codec("vqgan")
    with pytest.raises(LimberError, match="choose from"):
        CodecConfig(network="diffusion")
    with pytest.raises(LimberError, match="52 joints"):
        replace(CODECS["part_aware"], joints=22)
    with pytest.raises(LimberError, match="does not describe a codec"):
        codec_from_json({"network": "parts", "levels": [], "colour": "red"})
