"""Any codec from its training to `limber generate`: codes, token model, export, decoding."""

import json
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

import motion_engine
from motion_engine import LimberError, cli
from motion_engine.codecs.code_vectors import level_vectors
from motion_engine.codecs.configuration import CODECS, FlowConfig, runs_on_numpy
from motion_engine.codecs.members import build_codec, stored_shapes
from motion_engine.codecs.numpy_prq import NumpyPRQ
from motion_engine.codecs.torch_member import TorchMember
from motion_engine.features import encode_features
from motion_engine.generation.generate import generate_codes
from motion_engine.models.configuration import default_groups
from motion_engine.models.model_folder import ModelFolder
from motion_engine.models.model_store import check_whole
from motion_engine.models.runtimes import choose_runtime
from motion_engine.models.token_model import TokenModel, config_for
from motion_engine.models.weight_shapes import codec_shapes, token_model_shapes
from motion_engine.motion import Motion
from training import export, tokens, train_codec, train_flow, train_token_model
from training.corpus import make_clip, make_corpus

pytestmark = pytest.mark.torch
TINY_FLOW = FlowConfig(width=16, coarse_blocks=2, blocks=1, heads=2, history=2, steps=2)
FAMILIES = ("vq512", "rvq6", "fsq", "lfq2d", "part_aware", "flowvq256", "prq_five+flow")
ON_NUMPY = {"vq512", "vq1024", "rvq8", "prq", "prq6", "prq_unshared", "prq_five", "prq_five6"}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A prepared folder of two clips (one held out) and a corpus of four."""
    root = tmp_path_factory.mktemp("models")
    index = []
    for number in range(2):
        name = f"cmu_motionbuilder/0{number}_01"
        path = root / "mocap" / f"{name}.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
        make_clip(number, seed=9).motion.cut(0, 60).save(path)
        index.append({"clip": name, "family": "cmu_motionbuilder", "description": "walk",
                      "held_out": number == 1})  # fmt: skip
    (root / "mocap" / "index.json").write_text(json.dumps(index))
    make_corpus(root / "corpus", clips=4, workers=1)
    return root


def data_of(root):
    return ["--mocap", str(root / "mocap"), "--corpus", str(root / "corpus")]


def trained_codec(root, name):
    """The run of a codec, or of a flow decoder on one, after a step."""
    member, _, flow = name.partition("+")
    given = [*data_of(root), "--batch", "2", "--frames", "16", "--steps", "1"]
    run = root / "runs" / member
    if not run.is_dir():
        codec = ["--codec", member, "--width", "16", "--out", str(run)]
        assert train_codec.main([*given, *codec]) == 0
    if not flow:
        return run
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(train_flow.FLOWS, "small", TINY_FLOW)
        out = root / "runs" / name
        # An untrained flow stands still; one step at a high rate lets it move.
        codec = ["--codec", str(run), "--out", str(out), "--rate", "20"]
        assert train_flow.main([*given, *codec]) == 0
    return out


@pytest.fixture(scope="module", params=FAMILIES)
def made(request, root):
    """Name, codec's run and model's folder, all the way through the commands."""
    run = trained_codec(root, request.param)
    store, model, out = (root / kind / request.param for kind in ("tokens", "model", "out"))
    codec = ["--codec", str(run)]
    tokens.main([*codec, *data_of(root), "--out", str(store)])
    small = ["--width", "64", "--blocks", "1", "--batch", "2", "--depth-share", "1"]
    given = [*codec, "--tokens", str(store), "--out", str(model), *small, "--steps", "1"]
    assert train_token_model.main(given) == 0
    export.main([*codec, "--token-model", str(model), "--out", str(out)])
    return request.param, run, out


def test_a_model_of_any_codec_generates(made, tmp_path):
    name, _, folder = made
    out = tmp_path / "walk.npz"
    given = ["generate", "a person walks", "--seconds", "1", "--model", str(folder)]
    assert cli.main([*given, "--out", str(out)]) == 0
    motion = Motion.load(out)
    assert motion.frames == 30 and np.isfinite(motion.joint_positions()).all()
    check_whole(folder)
    model = motion_engine.load(str(folder))
    assert isinstance(model.codec, NumpyPRQ) == (name in ON_NUMPY)
    assert model.reconstruct(motion).frames == 30


def test_clips_of_several_lengths_are_decoded_together_as_each_alone(made):
    """Though those that go on reach into the windows of those that have ended."""
    model = motion_engine.load(str(made[2]))
    commands = [
        motion_engine.Command("a person walks", seconds=0.5),
        motion_engine.Command("a person jumps", seconds=1.1, seed=1),
    ]
    both = [np.concatenate(rows) for rows in zip(*model.features(commands))]
    assert [len(rows) for rows in both] == [15, 33]
    rate = model.codec.frame_rate
    made_codes = generate_codes(model.new_runtime(), commands, model.control, rate)
    codes = np.stack([frame for frame, _ in made_codes], axis=-1)
    for rows, own in zip(both, (codes[:1, :, :4], codes[1:])):
        alone = model.codec.decode(own)[0, : len(rows)]
        np.testing.assert_allclose(rows, alone, atol=1e-4)


def test_locked_parts_are_told_as_the_token_model_hears_codes(made):
    model = motion_engine.load(str(made[2]))
    token_model = export.trained_token_model(
        made[2].parents[1] / "model" / made[0], tokens.load_codec(made[1])
    )
    streams = token_model.config.streams
    codes = np.random.default_rng(0).integers(0, token_model.config.codebook_size, (5, streams))
    heard = token_model.code_vectors(torch.from_numpy(codes))
    by_part = heard.unflatten(1, (-1, token_model.config.layers)).sum(2)
    np.testing.assert_allclose(model.codec.part_vectors(codes), by_part, atol=1e-4)


def test_exported_codecs_find_the_codes_that_they_were_trained_to_find(made, root):
    model, trained = motion_engine.load(str(made[2])), tokens.load_codec(made[1])
    motion = Motion.load(root / "mocap" / "cmu_motionbuilder" / "00_01.npz")
    features = encode_features(motion, trained.config.layout)[None]
    # Weights are stored in 8 bits: a code on the edge of two may become the other.
    assert (model.codec.encode(features) == trained.encode(features)).mean() > 0.6


def test_more_steps_of_the_flow_are_another_motion(root, tmp_path, capsys):
    folder = root / "out" / "prq_five+flow"
    assert ModelFolder.open(str(folder)).codec.flow == TINY_FLOW
    given = ["generate", "a person walks", "--seconds", "1", "--model"]
    made = []
    for steps in ("1", "8"):
        out = tmp_path / f"{steps}.npz"
        assert cli.main([*given, str(folder), "--flow-steps", steps, "--out", str(out)]) == 0
        made.append(Motion.load(out).local_rotations)
    assert np.abs(made[0] - made[1]).max() > 1e-6
    for wrong in ([str(folder), "--flow-steps", "0"], ["debug", "--flow-steps", "4"]):
        assert cli.main([*given, *wrong, "--out", str(tmp_path / "x.npz")]) == 2
    assert "1 to 1000 steps, not 0" in capsys.readouterr().err


def test_numpy_says_what_it_cannot_run(root, tmp_path, capsys):
    given = ["generate", "a person walks", "--model", str(root / "out" / "fsq")]
    assert cli.main([*given, "--runtime", "numpy", "--out", str(tmp_path / "x.npz")]) == 2
    assert "this model's codec needs torch" in capsys.readouterr().err
    assert choose_runtime("auto", "auto", "fp32", has_torch_codec=True) == "torch"


def test_parts_that_a_codec_does_not_know_cannot_be_made_anew(root, tmp_path, capsys):
    clip = root / "mocap" / "cmu_motionbuilder" / "00_01.npz"
    given = ["edit", str(clip), "--part", "left_arm=wave", "--model"]
    assert cli.main([*given, str(root / "out" / "fsq"), "--out", str(tmp_path / "x.npz")]) == 2
    assert "does not tell left_arm from the rest" in capsys.readouterr().err


def test_a_token_model_is_never_exported_with_another_codec(root):
    given = ["--codec", str(root / "runs" / "vq512"), "--out", str(root / "never")]
    with pytest.raises(LimberError, match="codes of another codec"):
        export.main([*given, "--token-model", str(root / "model" / "fsq")])


def test_weights_of_another_codec_are_refused(root, tmp_path, capsys):
    folder = tmp_path / "mixed"
    folder.mkdir()
    config = json.loads((root / "out" / "fsq" / "config.json").read_text())
    other = json.loads((root / "out" / "flowvq256" / "config.json").read_text())
    for file in config["files"]:
        data = (root / "out" / "fsq" / file).read_bytes()
        (folder / file).write_bytes(data)
    (folder / "config.json").write_text(json.dumps(config | {"codec": other["codec"]}))
    given = ["generate", "a person walks", "--model", str(folder)]
    assert cli.main([*given, "--out", str(tmp_path / "x.npz")]) == 2
    assert "these weights do not fit config.json" in capsys.readouterr().err


@pytest.mark.parametrize("name", CODECS)
def test_a_token_model_fits_every_member(name):
    codec = build_codec(replace(CODECS[name], width=16))
    assert runs_on_numpy(codec.config) == (name in ON_NUMPY)
    if name in ON_NUMPY:
        assert codec_shapes(codec.config) == stored_shapes(codec.config)
    config = config_for(codec, word_size=6, width=16, blocks=1, heads=2, feed_forward=16,
                        depth_width=16, depth_blocks=1, depth_heads=2)  # fmt: skip
    flat = [stream for group in config.groups for stream in group]
    assert sorted(flat) == list(range(len(codec.streams)))
    model = TokenModel(config)
    shapes = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    assert token_model_shapes(config) == shapes
    model.use_codec(codec)
    codes = torch.from_numpy(
        np.random.default_rng(0).integers(0, codec.cardinality, (3, len(codec.streams)))
    )
    logits = model.depth(torch.randn(3, 16), model.code_vectors(codes))
    assert [group.shape for group in logits] == [
        (3, len(group), codec.cardinality) for group in config.groups
    ]


@pytest.mark.parametrize("name", ["rvq6", "part_aware"])
def test_streams_with_codebooks_of_their_own_have_their_own_vectors(name):
    codec = build_codec(replace(CODECS[name], width=16)).eval()
    vectors = codec.code_vectors()
    tables = vectors.table.unflatten(0, (len(codec.streams), -1))
    codes = torch.randint(codec.cardinality, (1, 6, len(codec.part_names), codec.config.layers))
    chosen = codes.flatten(2)
    streams = range(len(codec.streams))
    summed = torch.stack([tables[k][chosen[0, :, k]] * vectors.gains[k] for k in streams], dim=1)
    summed = summed.unflatten(1, (len(codec.part_names), -1)).sum(2)
    torch.testing.assert_close(summed, codec.dequantized(codes)[0])


def test_codes_of_levels_are_told_apart_by_their_levels_and_themselves():
    levels = (7, 5, 5, 5, 5)
    vectors = level_vectors(levels)
    assert vectors.shape == (4375, 64)
    # Code 8 = 1 + 1 * 7 shares three levels with code 0; code 7 shares four.
    spelled = vectors[:, :27]
    assert float(spelled[8] @ spelled[0]) == pytest.approx(3 * 27 / 5)
    assert float(spelled[7] @ spelled[0]) == pytest.approx(4 * 27 / 5)
    assert torch.linalg.matrix_rank(vectors - vectors.mean(0)) == 59
    assert float(vectors.square().mean()) == pytest.approx(1.0, abs=0.02)


def test_groups_go_from_the_root_outwards_and_all_else_one_by_one():
    assert default_groups(("whole",), 3) == ((0,), (1,), (2,))
    assert default_groups(("body", "hands"), 1) == ((0,), (1,))
    five = ("torso", "left_arm", "right_arm", "left_leg", "right_leg")
    assert default_groups(five, 2)[:2] == ((0, 6, 8), (2, 4))


@pytest.mark.parametrize("lookahead_name", ["vq512", "flow"])
def test_rows_of_a_batch_end_one_by_one(lookahead_name):
    torch.manual_seed(0)
    codec = build_codec(replace(CODECS["prq_five"], width=16)).eval()
    if lookahead_name == "flow":
        from motion_engine.codecs.flow_codec import FlowCodec

        codec = FlowCodec(codec, TINY_FLOW).eval()
    member = TorchMember(codec)
    codes = np.random.default_rng(0).integers(0, 1024, (2, len(codec.streams), 7))
    decoder = member.stream(batch=2)
    chunks = [decoder.step(codes[:, :, i], np.array([False, i >= 3])) for i in range(7)]
    assert [chunk.shape[1] for chunk in chunks] == [0] * codec.lookahead + [4] * (
        7 - codec.lookahead
    )
    streamed = np.concatenate([*chunks, decoder.finish()], axis=1)
    np.testing.assert_allclose(streamed[0], member.decode(codes[:1])[0], atol=1e-4)
    alone = member.decode(codes[1:, :, :3])[0]
    np.testing.assert_allclose(streamed[1, :12], alone, atol=1e-4)
