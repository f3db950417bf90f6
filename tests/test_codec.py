"""PRQ: parts stay apart, any prefix of layers decodes, streaming equals offline."""

import tarfile

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import motion_engine
from motion_engine import LimberError
from motion_engine.codecs.contract import Codec
from motion_engine.codecs.numpy_prq import NumpyPRQ
from motion_engine.codecs.prq import PRQ
from motion_engine.codecs.residual_quantizer import TRAINING_STATE, ResidualQuantizer
from motion_engine.features import encode_features
from motion_engine.formats.importer import import_motion
from motion_engine.models.configuration import PRQConfig
from motion_engine.models.weight_shapes import codec_shapes

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module", params=[22, 52])
def codec(request):
    torch.manual_seed(0)
    codec = PRQ(PRQConfig(request.param, width=32, latent_size=8, codebook_size=64)).eval()
    codec.std.uniform_(0.5, 2.0)
    codec.quantizer.gains.uniform_(0.5, 2.0)
    return codec


@pytest.fixture(scope="module")
def numpy_codec(codec):
    """The same weights on numpy."""
    arrays = {name: tensor.numpy() for name, tensor in codec.state_dict().items()}
    return NumpyPRQ(codec.config, arrays)


def random_codes(codec, frames=14, batch=2, seed=0):
    shape = (batch, len(codec.streams), frames)
    return np.random.default_rng(seed).integers(0, codec.config.codebook_size, shape)


def test_numpy_encodes_and_decodes_as_torch_does(codec, numpy_codec):
    features = np.random.default_rng(1).normal(size=(2, 43, codec.config.layout.size))
    normalized = ((features - codec.mean.numpy()) / codec.std.numpy()).astype(np.float32)
    with torch.no_grad():
        latents = codec.latents(torch.from_numpy(normalized)).numpy()
    np.testing.assert_allclose(numpy_codec.latents(normalized), latents, atol=2e-5)
    assert (numpy_codec.encode(features) == codec.encode(features)).mean() > 0.999
    codes = random_codes(codec)
    np.testing.assert_allclose(numpy_codec.decode(codes), codec.decode(codes), atol=2e-5)


def test_it_keeps_the_contract(codec, numpy_codec):
    assert isinstance(numpy_codec, Codec) and numpy_codec.streams == codec.streams
    assert isinstance(codec, Codec)
    assert codec.frame_rate == 7.5 and codec.downsampling == 4
    assert [stream.layer for stream in codec.streams[:4]] == [0, 1, 2, 3]
    features = np.random.default_rng(0).normal(size=(2, 43, codec.config.layout.size))
    codes = codec.encode(features)
    assert codes.shape == (2, len(codec.streams), 10)
    assert codec.decode(codes).shape == (2, 40, codec.config.layout.pose_size)


def test_changing_one_part_never_moves_another_parts_joints(codec):
    codes = random_codes(codec)
    before = codec.decode(codes)
    for index, part in enumerate(codec.config.parts):
        changed = codes.copy()
        changed[:, 4 * index : 4 * index + 4] = 1 - changed[:, 4 * index : 4 * index + 4] % 2
        moved = np.flatnonzero(np.abs(codec.decode(changed) - before).max((0, 1)) > 0)
        assert set(moved) == set(part.own_columns(codec.config.layout))


@pytest.mark.data
def test_the_shipped_codec_keeps_parts_apart_on_a_real_clip(data_folder, tmp_path):
    """Exactly, on numpy, at once and token frame by token frame."""
    with tarfile.open(data_folder / "mocap" / "mesh2motion_bvh.tar.xz") as tar:
        member = next(m for m in tar.getmembers() if m.name.endswith("victory.bvh"))
        tar.extract(member, tmp_path, filter="data")
    codec = motion_engine.load().codec
    layers, layout = codec.config.layers, codec.config.layout
    features = encode_features(import_motion(tmp_path / member.name), layout)
    codes = codec.encode(features[None])
    before, before_streamed = codec.decode(codes), streamed(codec, codes)
    np.testing.assert_allclose(before_streamed, before, atol=1e-4)
    for index, part in enumerate(codec.config.parts):
        changed = codes.copy()
        own = slice(layers * index, layers * (index + 1))
        changed[:, own] = (changed[:, own] + 7) % codec.config.codebook_size
        for decoded, was in (
            (codec.decode(changed), before),
            (streamed(codec, changed), before_streamed),
        ):
            moved = np.flatnonzero((decoded != was).any((0, 1)))
            assert set(moved) <= set(part.own_columns(layout)) and len(moved)


def streamed(codec, codes):
    decoder = codec.stream(len(codes))
    chunks = [decoder.step(codes[:, :, i]) for i in range(codes.shape[2])]
    return np.concatenate([*chunks, decoder.finish()], axis=1)


def test_any_prefix_of_layers_decodes_and_more_layers_come_closer():
    torch.manual_seed(0)
    quantizer = ResidualQuantizer(parts=2, layers=4, codebook_size=64, latent_size=4)
    latents = torch.randn(8, 20, 2, 4)
    for _ in range(60):
        quantizer(latents)
    quantizer.eval()
    errors = []
    codes = quantizer(latents).codes
    for layers in range(1, 5):
        again = quantizer.dequantize(codes[..., :layers])
        errors.append(float((again - latents).square().mean()))
        torch.testing.assert_close(again, quantizer(latents, layers).latents)
    assert errors == sorted(errors, reverse=True) and errors[-1] < 0.2 * errors[0]


def test_prefixes_decode_to_motion(codec):
    codes = random_codes(codec).reshape(2, -1, 4, 14)
    for layers in range(1, 5):
        prefix = codes[:, :, :layers].reshape(2, -1, 14)
        assert np.isfinite(codec.decode(prefix)).all()


def test_dead_codes_are_revived():
    torch.manual_seed(0)
    quantizer = ResidualQuantizer(parts=1, layers=1, codebook_size=32, latent_size=2)
    quantizer.codebook[:16] = 1e4
    quantizer.code_sums.copy_(quantizer.codebook)
    for _ in range(600):
        quantizer(torch.randn(4, 64, 1, 2))
    used = quantizer.eval()(torch.randn(4, 512, 1, 2)).codes.unique()
    assert len(used) > 28


@pytest.mark.parametrize("frames", [1, 2, 9, 30])
def test_streaming_equals_offline(codec, numpy_codec, frames):
    codes = random_codes(codec, frames, batch=2)
    decoder = numpy_codec.stream(batch=2)
    chunks = [decoder.step(codes[:, :, i]) for i in range(frames)]
    streamed = np.concatenate([*chunks, decoder.finish()], axis=1)
    np.testing.assert_allclose(streamed, codec.decode(codes), atol=2e-5)
    assert chunks[0].shape[1] == 0 and all(chunk.shape[1] == 4 for chunk in chunks[1:])


def test_a_stream_that_ends_earlier_is_not_touched_by_what_follows(numpy_codec):
    codes = random_codes(numpy_codec, frames=6, batch=2)
    decoder = numpy_codec.stream(batch=2)
    over = np.array([[False, frame >= 3] for frame in range(6)])
    chunks = [decoder.step(codes[:, :, i], over[i]) for i in range(6)]
    streamed = np.concatenate([*chunks, decoder.finish()], axis=1)
    alone = numpy_codec.decode(codes[1:, :, :3])
    np.testing.assert_allclose(streamed[1:, :12], alone, atol=2e-5)


def test_numpy_refuses_what_torch_refuses(numpy_codec):
    codes, size = random_codes(numpy_codec), numpy_codec.config.layout.size
    codes[1, 5, 2] = 64
    for work, given, message in (
        (numpy_codec.decode, codes, r"stream 5 \(torso\) at token frame 2 is out of range"),
        (numpy_codec.decode, codes[:, :3], "3 streams of codes"),
        (numpy_codec.encode, np.zeros((1, 3, size)), "shorter than one token frame"),
        (numpy_codec.encode, np.full((1, 8, size), np.nan), "NaN"),
        (numpy_codec.encode, np.zeros((1, 8, size + 1)), "do not fit this codec"),
    ):
        with pytest.raises(LimberError, match=message):
            work(given)


def test_gradients_reach_the_encoder(codec):
    features = torch.randn(1, 16, codec.config.layout.size)
    decoded, quantized = codec(features)
    (decoded.square().mean() + quantized.commitment).backward()
    assert all(p.grad is not None for p in codec.project_in.parameters())


def test_the_stated_shapes_are_those_of_the_module(codec):
    shapes = {name: tuple(tensor.shape) for name, tensor in codec.state_dict().items()}
    stored = {n: s for n, s in shapes.items() if n.rsplit(".", 1)[-1] not in TRAINING_STATE}
    assert codec_shapes(codec.config) == stored
