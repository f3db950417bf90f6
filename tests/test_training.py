"""The whole way to weights in small: corpus, codec, tokens, token model, export, generation."""

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

import motion_engine
from motion_engine.features import (
    FeatureLayout,
    decode_features,
    encode_features,
    heading_angles,
)
from motion_engine.models.model_folder import ModelFolder
from motion_engine.motion import Motion
from training import export, tokens, train_codec, train_token_model
from training.batches import batches
from training.corpus import make_clip, make_corpus
from training.data import FeatureCache
from training.losses import ForwardKinematics, codec_loss, matrix_from_6d, root_path
from training.run import Schedule, load_checkpoint

pytestmark = pytest.mark.torch
SMALL_CODEC = ["--width", "32", "--codes", "64", "--batch", "4", "--frames", "16"]
SMALL_MODEL = ["--width", "64", "--blocks", "1", "--batch", "2"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A prepared folder of two clips (one held out) and a corpus of six."""
    root = tmp_path_factory.mktemp("training")
    mocap, corpus = root / "mocap", root / "corpus"
    index = []
    for number in range(2):
        name = f"cmu_motionbuilder/0{number}_01"
        path = mocap / f"{name}.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
        # Short enough for one window.
        make_clip(number, seed=9).motion.cut(0, 150).save(path)
        index.append({"clip": name, "description": "walk", "held_out": number == 1})
    (mocap / "index.json").write_text(json.dumps(index))
    make_corpus(corpus, clips=6, workers=1)
    return root, mocap, corpus


@pytest.fixture(scope="module")
def codec_run(folders):
    root, mocap, corpus = folders
    given = ["--mocap", str(mocap), "--corpus", str(corpus), "--out", str(root / "codec")]
    train_codec.CodecTrainer(train_codec.arguments([*given, *SMALL_CODEC, "--steps", "3"])).run()
    return root / "codec", given


@pytest.fixture(scope="module")
def token_run(folders, codec_run):
    root, mocap, corpus = folders
    given = ["--codec", str(codec_run[0])]
    tokens.main([*given, "--mocap", str(mocap), "--corpus", str(corpus),
                 "--out", str(root / "tokens")])  # fmt: skip
    given += ["--tokens", str(root / "tokens"), "--out", str(root / "model"), *SMALL_MODEL]
    options = train_token_model.arguments([*given, "--steps", "3"])
    train_token_model.TokenModelTrainer(options).run()
    return root / "model", given


def test_the_made_weights_load_and_generate(folders, codec_run, token_run):
    folder = folders[0] / "exported"
    export.main(["--codec", str(codec_run[0]), "--token-model", str(token_run[0]),
                 "--out", str(folder)])  # fmt: skip
    model = motion_engine.load(str(folder))
    command = motion_engine.Command("a person waves", seconds=1.0)
    assert motion_engine.generate_motion(command, model).frames == 30
    stored = ModelFolder.open(str(folder)).token_model_weights()
    trained = load_checkpoint(token_run[0])["model"]
    for name in ("backbone.layers.0.mlp.up_proj.weight", "depth.to_query"):
        weights = trained[f"token_model.{name}"].numpy()
        assert np.abs(stored[name] - weights).max() < 0.006 * np.abs(weights).max()


def test_training_goes_on_from_exported_weights(folders, codec_run, token_run):
    folder, out = folders[0] / "shipped", folders[0] / "continued"
    export.main(["--codec", str(codec_run[0]), "--token-model", str(token_run[0]),
                 "--out", str(folder)])  # fmt: skip
    given = ["--codec", str(folder), "--tokens", str(folders[0] / "tokens"), "--out", str(out)]
    options = train_token_model.arguments([*given, *SMALL_MODEL, "--start-from", str(folder)])
    trainer = train_token_model.TokenModelTrainer(options)
    shipped = ModelFolder.open(str(folder)).token_model_weights()
    for name, weights in trainer.model.state_dict().items():
        np.testing.assert_array_equal(weights.numpy(), shipped[name])


def test_codec_training_goes_on_where_it_stopped(codec_run):
    folder, given = codec_run
    assert load_checkpoint(folder)["step"] == 3
    trainer = train_codec.CodecTrainer(
        train_codec.arguments([*given, *SMALL_CODEC, "--steps", "5"])
    )
    assert trainer.first_step == 3
    trainer.run()
    assert load_checkpoint(folder)["step"] == 5
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert lines[-1]["step"] == 5 and np.isfinite(lines[-1]["mpjpe_mm"])


def test_another_configuration_is_not_continued(codec_run):
    _, given = codec_run
    with pytest.raises(motion_engine.LimberError, match="another configuration"):
        train_codec.CodecTrainer(train_codec.arguments([*given, *SMALL_CODEC, "--width", "48"]))


def test_training_lowers_the_loss(token_run):
    _, given = token_run
    trainer = train_token_model.TokenModelTrainer(
        train_token_model.arguments([*given, "--steps", "100", "--rate", "0.001"])
    )
    trainer.schedule = Schedule(1e-3, 100, 10.0, warmup=5)
    stream = batches(trainer.store, trainer.texts, 2, 80, trainer.mix, np.random.default_rng(0))
    losses = [trainer.step(step, next(stream))["layer0"] for step in range(30)]
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])


def test_held_out_clips_are_not_trained_on(folders, token_run):
    store = tokens.TokenStore.load(folders[0] / "tokens")
    walks = [texts for texts in store.captions if "a person walks" in texts]
    # One window of the clip that is not held out, and its mirror image.
    assert len(walks) == 2 and len(store.captions) == 2 + 6


def test_kinematics_in_the_loss_are_those_of_motion():
    motion = make_clip(3, seed=1).motion
    layout = FeatureLayout(52)
    features = encode_features(motion, layout)
    wanted = features[:, layout.slices["positions"]].reshape(-1, 52, 3)
    pose = torch.from_numpy(features[:, : layout.pose_size]).float()
    np.testing.assert_allclose(ForwardKinematics(layout)(pose), wanted, atol=1e-5)
    matrix = matrix_from_6d(torch.randn(20, 6))
    eye = torch.eye(3).expand(20, 3, 3)
    torch.testing.assert_close(matrix @ matrix.mT, eye, atol=1e-5, rtol=0)


def test_the_path_in_the_loss_is_that_of_motion():
    motion = make_clip(5, seed=2).motion
    layout = FeatureLayout(52)
    features = encode_features(motion, layout)[:, : layout.pose_size]
    heading, place = root_path(torch.from_numpy(features)[None], layout)
    decoded = decode_features(features, layout)
    np.testing.assert_allclose(place[0], decoded.root_positions, atol=1e-6)
    np.testing.assert_allclose(heading[0], heading_angles(decoded.local_rotations[:, 0]), atol=1e-6)


def test_a_perfect_decoding_costs_nothing_and_a_drift_or_a_shake_does():
    layout = FeatureLayout(52)
    motions = [make_clip(index, seed=2).motion.cut(0, 48) for index in range(2)]
    target = np.stack(
        [encode_features(motion, layout)[:, : layout.pose_size] for motion in motions]
    )
    target = torch.from_numpy(target).float()
    kinematics, none = ForwardKinematics(layout), torch.zeros(())
    std, mean = torch.ones(layout.pose_size), torch.zeros(layout.pose_size)

    def loss(decoded):
        torch.manual_seed(0)
        return codec_loss(decoded, target, std, mean, none, kinematics)

    assert all(value == 0.0 for value in vars(loss(target)).values())
    drifting = target.clone()
    drifting[..., layout.slices["yaw_rate"]] += 0.3
    assert loss(drifting).path > 10 * loss(drifting).features
    shaking = target.clone()
    shaking[:, ::4, layout.slices["rotations"]] += 0.02
    assert loss(shaking).acceleration > 1.0 > loss(shaking).path


def test_the_decoder_alone_is_trained_when_codes_are_kept(codec_run):
    folder, given = codec_run
    given = [*given[:-1], str(folder.parent / "kept"), "--start-from", str(folder)]
    options = train_codec.arguments([*given, *SMALL_CODEC, "--keep-codes", "--steps", "2"])
    before = tokens.load_codec(folder).state_dict()
    train_codec.CodecTrainer(options).run()
    after = tokens.load_codec(folder.parent / "kept").state_dict()
    changed = {n.split(".")[0] for n in before if not torch.equal(before[n], after[n])}
    assert changed == {"from_latent", "part_bias", "decoder", "project_out"}


def test_windows_stay_inside_their_clips():
    layout = FeatureLayout(22)
    cache = FeatureCache.of([Motion.standing(20), make_clip(0).motion], layout)
    assert cache.clips == 2
    windows = cache.windows(200, 16, np.random.default_rng(0))
    starts = {window.tobytes() for window in windows}
    inside = {
        cache.clip(i)[first : first + 16].astype(np.float32).tobytes()
        for i in range(2)
        for first in range(len(cache.clip(i)) - 15)
    }
    assert starts <= inside


def test_the_schedule_anneals_by_steps_or_by_time():
    schedule = Schedule(1.0, steps=1000, minutes=60.0, warmup=10)
    assert schedule.rate(0) == pytest.approx(0.1, rel=0.01)
    assert schedule.rate(1000) == pytest.approx(0.05)
    assert Schedule(1.0, steps=10**9, minutes=1e-9).progress(0) == 1.0
